"""What the templates of `codes.yaml` are made of, as `codes` reads them and the export fills them. All frozen.

A shape without a value is left out. Content says what there is; nothing here knows a field or a code.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

ANYTHING = "*"  # in a condition: something stands there


@dataclass(frozen=True)
class Coding:
    """A code of a published code system. `display`: its wording there, if that was verified too.

    `verified`: where the code and its meaning were read.
    """

    system: str
    code: str
    display: str
    verified: tuple[str, ...]


@dataclass(frozen=True)
class Place:
    """A field of the plan; inside rows a column of the row, or the row itself (`column` is empty)."""

    group: str = ""
    field: str = ""
    column: str = ""
    in_row: bool = False


@dataclass(frozen=True)
class Plain:
    """Written as it stands."""

    value: str | int | float | bool


@dataclass(frozen=True)
class Entry:
    """A key of a mapping. Where an entry that is not optional has no value, the whole mapping has none."""

    key: str
    shape: Shape
    optional: bool


@dataclass(frozen=True)
class Mapped:
    """A mapping."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Listed:
    """A list: what has no value is left out (with `whole`, the list has then none itself), a list in it is opened."""

    items: tuple[Shape, ...]
    whole: bool = False


@dataclass(frozen=True)
class Text:
    """A value in words; with `label`, after the label of its field."""

    place: Place
    label: bool = False


@dataclass(frozen=True)
class Coded:
    """A concept: the codes of a value and the value in words. A value that the table does not have is no concept.

    `table` None: the value is a name, in whatever way it was typed.
    """

    place: Place
    table: Mapping[str, tuple[Coding, ...]] | None


@dataclass(frozen=True)
class Codings:
    """Codes that are always the same."""

    codings: tuple[Coding, ...]


@dataclass(frozen=True)
class Date:
    """A year, a month or a day. `span`: what is not to the day becomes a period."""

    place: Place
    span: bool = False


@dataclass(frozen=True)
class Between:
    """A period of two dates, each optional; none where the end is before the start."""

    start: Place
    end: Place


@dataclass(frozen=True)
class Number:
    """A number, times the one that `times` gives; `whole`: only if it is a whole one."""

    place: Place
    times: Shape | None = None
    whole: bool = False


@dataclass(frozen=True)
class Ref:
    """A reference to a resource; inside rows, to that of the same row."""

    template: str


@dataclass(frozen=True)
class Refs:
    """References to all resources of some templates (none named: of all), each in a mapping under `key` where there is one."""

    templates: tuple[str, ...]
    key: str = ""


@dataclass(frozen=True)
class Each:
    """A list with one item for each row, each ticked value, or each field that has a value."""

    places: tuple[Place, ...]
    shape: Shape


@dataclass(frozen=True)
class Pick:
    """What belongs to the value that stands there."""

    place: Place
    by_value: Mapping[str, Shape]
    other: Shape | None


@dataclass(frozen=True)
class First:
    """The first that has a value."""

    shapes: tuple[Shape, ...]


@dataclass(frozen=True)
class Joined:
    """Texts in one, those without a value left out."""

    shapes: tuple[Shape, ...]
    between: str


@dataclass(frozen=True)
class Opted:
    """Only where the reader chose the option."""

    option: str
    shape: Shape


@dataclass(frozen=True)
class Made:
    """What the export itself brings: the day or moment of the export, a new name, every answer, the plan as text."""

    what: Literal["day", "moment", "uuid", "answers", "narrative"]


Shape: TypeAlias = (
    Plain | Mapped | Listed | Text | Coded | Codings | Date | Between | Number | Ref | Refs | Each | Pick | First | Joined | Opted | Made
)

Wanted: TypeAlias = tuple[tuple[tuple[Place, frozenset[str]], ...], ...]
"""Alternatives; in each, every place has one of the values (`ANYTHING`: any)."""


@dataclass(frozen=True)
class Template:
    """A resource. `places`: one for each row or value there. `without`: only if there is none of that template.

    `if_named`: also made, whatever `when` says, where another resource refers to it.
    """

    id: str
    body: Mapped
    places: tuple[Place, ...] = ()
    when: Wanted = ()
    unless: Wanted = ()
    without: str = ""
    if_named: bool = False


@dataclass(frozen=True)
class Named:
    """Codes of what people call by its name.

    `names`: what a name stands for, in small letters; none where it is not certain which.
    `words`: what may stand beside a name, such as a unit.
    """

    codes: Mapping[str, Coding] = field(default_factory=dict)
    names: Mapping[str, frozenset[str]] = field(default_factory=dict)
    words: frozenset[str] = frozenset()
    pattern: re.Pattern[str] = re.compile(r"(?!)")

    def codings(self, text: str) -> tuple[Coding, ...]:
        """The code of the one thing that a text names, where it says nothing else; else none."""
        found: list[frozenset[str]] = []

        def take(match: re.Match[str]) -> str:
            found.append(self.names[match[0]])
            return " "

        rest = self.pattern.sub(take, text.casefold())
        if set(re.findall(r"[^\W\d_]+", rest)) - self.words or not all(found):
            return ()
        ids = frozenset().union(*found)
        return tuple(self.codes[id] for id in ids if id in self.codes) if len(ids) == 1 else ()


@dataclass(frozen=True)
class Codes:
    """How the plan becomes a bundle of FHIR resources. `options`: what the reader may choose, with its label."""

    bundle: Mapped
    templates: tuple[Template, ...]
    named: Named
    options: Mapping[str, str]
