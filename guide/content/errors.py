"""Mistakes in content, told to the person who can mend them: file, field, remedy."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable


@dataclasses.dataclass(frozen=True)
class Cause:
    """A field of another document that a mistake comes from, and what is told there, above all the mistakes that come from it."""

    path: str
    field: str
    says: str


@dataclasses.dataclass(frozen=True, order=True)
class Mistake:
    """One mistake: where it is, what is wrong, and what to do about it.

    `more`: why, or an example. It may be put otherwise while the mistake is still the same, so it is not compared.
    """

    path: str
    field: str
    remedy: str
    more: str = dataclasses.field(default="", compare=False)
    cause: Cause | None = dataclasses.field(default=None, compare=False)

    @property
    def says(self) -> str:
        """What is wrong and what to do about it, with all that is known."""
        return f"{self.remedy}: {self.more}" if self.more else self.remedy

    def __str__(self) -> str:
        return f"{self.path}: {self.field}: {self.says}" if self.field else f"{self.path}: {self.says}"


class ContentError(Exception):
    """The content cannot be published. `mistakes` lists every one that was found."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(set(mistakes)))
        super().__init__("\n".join(map(str, self.mistakes)))
