"""Mistakes in content, told to the person who can mend them: file, field, remedy."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, order=True)
class Mistake:
    """One mistake: where it is, what is wrong, and what to do about it."""

    path: str
    field: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.path}: {self.field}: {self.remedy}" if self.field else f"{self.path}: {self.remedy}"


class ContentError(Exception):
    """The content cannot be published. `mistakes` lists every one that was found."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(sorted(set(mistakes)))
        super().__init__("\n".join(map(str, self.mistakes)))
