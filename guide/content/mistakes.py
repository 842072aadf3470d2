"""Mistakes in content as data: which one, in which document, where in it, and what about. Their words stand in `remedies`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, TypeAlias

from guide.content.remedies import REMEDIES

Argument: TypeAlias = str | int | float
"""What fills a gap in the words of a mistake."""


class BlockName(NamedTuple):
    """A block of a document: its number there, from 0, and what people call it."""

    number: int
    kind: str
    title: str

    def __str__(self) -> str:
        return f"{self.kind} | {self.title}" if self.title else self.kind


@dataclass(frozen=True)
class Place:
    """Where in a document something stands. Empty: in the document as a whole.

    `field`: of its YAML, the names joined by points (`values.low.label`); in a block, of its options. `block`: the one that it
    stands in. `part`: what kind of thing it is (heading, link, table); `quote`: how it is written there. `line`: from 1,
    where whoever found it knew; `places.line_of` finds it for the others.
    """

    field: str = ""
    block: BlockName | None = None
    part: str = ""
    quote: str = ""
    line: int = 0

    def __str__(self) -> str:
        said = (str(self.block or ""), self.field or self.part, "" if self.block or self.field or self.part else self._line)
        return ": ".join(filter(None, said))

    @property
    def _line(self) -> str:
        return f"line {self.line}" if self.line else ""


WHOLE = Place()


@dataclass(frozen=True)
class Cause:
    """A field of another document that a mistake comes from, and what is told there, above all the mistakes that come from it."""

    path: str
    place: Place
    code: str
    arguments: tuple[tuple[str, Argument], ...] = ()


@dataclass(frozen=True)
class Mistake:
    """One mistake: `code` is what is wrong, `path` and `place` where, `arguments` what about.

    `more`: why, or an example. It may be put otherwise while the mistake is still the same, so it is not compared.
    """

    path: str
    code: str
    place: Place = WHOLE
    arguments: tuple[tuple[str, Argument], ...] = ()
    more: str = field(default="", compare=False)
    cause: Cause | None = field(default=None, compare=False)

    @property
    def field(self) -> str:
        """Where it stands, as people say it: `values.low.label`, `option | Compost: when`, `line 3`."""
        return str(self.place)

    @property
    def remedy(self) -> str:
        """What is wrong and what to do about it."""
        return words(self.code, **dict(self.arguments))

    @property
    def says(self) -> str:
        """The same, with all that is known."""
        return f"{self.remedy}: {self.more}" if self.more else self.remedy

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.path, self.field, self.says)))


def mistake(path: str, code: str, place: Place = WHOLE, /, **arguments: Argument) -> Mistake:
    """A mistake with its arguments by name. Raises KeyError for a code that has no words."""
    REMEDIES[code]
    return Mistake(path, code, place, tuple(arguments.items()))


def words(code: str, /, **arguments: Argument) -> str:
    """What is wrong and what to do about it. Raises KeyError where the code is unknown, or an argument is missing."""
    return REMEDIES[code].format(**arguments)


def in_order(mistakes: Iterable[Mistake]) -> list[Mistake]:
    """Each once: by document, then by place."""
    return sorted(set(mistakes), key=lambda one: (one.path, one.place.line, one.field, one.remedy))


class ContentError(Exception):
    """The content cannot be published. `mistakes` lists every one that was found."""

    def __init__(self, mistakes: Iterable[Mistake]) -> None:
        self.mistakes = tuple(in_order(mistakes))
        super().__init__("\n".join(map(str, self.mistakes)))
