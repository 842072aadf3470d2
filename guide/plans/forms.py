"""A group of the plan as inputs: what a template needs to draw each. Pure."""

from __future__ import annotations

import datetime
import sys
from collections.abc import Mapping
from dataclasses import dataclass

from guide.content.documents import Guide, PlanChoice, PlanField, PlanGroup
from guide.content.names import Meant, meant, names
from guide.plans.advice import Beside, advice
from guide.plans.dates import choices
from guide.plans.differences import told
from guide.plans.summary import in_words, open_questions, row_in_words
from guide.plans.values import Contents, Removed, Row, Value, can_join, fingerprint, place_of

# Which keys a phone shows first. A date has letters in it (March 2024), a hyphen or a slash; a dose that is no plain number
# has its unit: the keys for digits alone have none of these on many phones, and no way back to letters.
_KEYS = {"integer": "numeric", "decimal": "decimal", "phone": "tel", "date_partial": "text"}


@dataclass(frozen=True)
class Input:
    """One input: its name in the form, its value, and what to say beside it. `readings`: dates that it may mean, in words."""

    field: PlanField
    name: str
    value: str | list[str]
    advice: str = ""
    meant: Meant | None = None
    readings: tuple[str, ...] = ()

    @property
    def choices(self) -> tuple[PlanChoice, ...]:
        """What is offered, and what was chosen before and is no longer offered: it is not lost."""
        held = self.value if isinstance(self.value, list) else [self.value]
        known = {choice.id for choice in self.field.choices}
        return (*self.field.choices, *(PlanChoice(id, id) for id in held if id and id not in known))

    @property
    def show_if(self) -> str:
        """`name=value` of the input beside it that makes this one wanted; empty: always."""
        if not self.field.show_if:
            return ""
        key, value = self.field.show_if
        return f"{self.name.removesuffix(self.field.key)}{key}={value}"

    @property
    def typed(self) -> bool:
        """Whether it is written, not chosen; then there is a place for advice under it."""
        return self.widget in ("area", "line")

    @property
    def hint(self) -> str:
        """What stands above it: its help, how a date may be written, and whether it stays with the owner."""
        date = "For example March 15, 2024, just March 2024, or just 2024." if self.field.type == "date_partial" else ""
        private = "This stays here: it isn’t printed, and your care team doesn’t get it." if self.field.print == "none" else ""
        return " ".join(filter(None, (self.field.help, date, private)))

    @property
    def described_by(self) -> str:
        """Ids of its hint and of the place for its advice."""
        hint = f"{self.name}-hint" if self.hint else ""
        return " ".join(filter(None, (hint, f"{self.name}-advice" if self.typed else "")))

    @property
    def keys(self) -> str:
        """The keys that a phone shows for it, as `inputmode` names them; empty where it is not typed."""
        return _KEYS.get(self.field.type, "text") if self.typed else ""

    @property
    def widget(self) -> str:
        """How it is drawn."""
        if self.field.type in ("choice", "yesno"):
            return "radio" if len(self.field.choices) <= 5 else "select"
        return {"multichoice": "tick", "longtext": "area"}.get(self.field.type, "line")


@dataclass(frozen=True)
class Notice:
    """A text that is not in the form but kept: what a button calls it by, and the text in words. `newest`: of its field."""

    mark: str
    words: str
    newest: bool = False


@dataclass(frozen=True)
class RowInputs:
    """A row of inputs. `removed`: rows that stood before it until they were removed."""

    number: int
    name: str
    inputs: tuple[Input, ...]
    removed: tuple[Notice, ...]
    can_go_up: bool
    can_go_down: bool
    filled: bool


@dataclass(frozen=True)
class Entry:
    """A field on the form: one input, or rows of inputs.

    `kept`: texts of other windows. `removed`: rows from its end. `follow`: questions that follow from what the reader
    is not sure of, and that are printed with these.
    """

    field: PlanField
    input: Input | None
    rows: tuple[RowInputs, ...]
    can_add: bool
    kept: tuple[Notice, ...]
    can_join: bool
    removed: tuple[Notice, ...] = ()
    follow: tuple[str, ...] = ()


@dataclass(frozen=True)
class Form:
    """What a group is drawn from."""

    guide: Guide
    group: PlanGroup
    contents: Contents
    today: datetime.date

    def entries(self, adding: str = "") -> list[Entry]:
        """The fields of the group, ready to be drawn. `adding`: the field that gets one more empty row."""
        return [self.entry(field, adding=adding == field.key) for field in self.group.fields]

    def entry(self, field: PlanField, *, adding: bool = False) -> Entry:
        """One field, ready to be drawn."""
        value = self.contents.get(self.group.key, field.key)
        place = place_of(self.group, field)
        kept = tuple(Notice(fingerprint(text), told(field, text)) for text in self.contents.kept.get(place, []))
        if field.type != "group":
            return Entry(field, self._input(field, field.key, value), (), can_add=False, kept=kept, can_join=can_join(field))
        rows = _rows(value)
        blank = not rows or (adding and len(rows) < field.max_rows)
        drawn = [*rows, {}] if blank else rows
        removed = [one for one in self.contents.removed if one.place == place]
        asks = any(column.takes == "questions" for column in field.fields)
        return Entry(
            field,
            None,
            tuple(self._row(field, number, row, len(rows), removed) for number, row in enumerate(drawn)),
            can_add=len(rows) < field.max_rows,
            kept=kept,
            can_join=True,
            removed=_notices(field, removed, range(len(drawn), sys.maxsize)),
            follow=tuple(open_questions(self.guide, self.contents)) if asks else (),
        )

    def advised(self, posted: Mapping[str, Value], numbers: Mapping[str, list[int]]) -> list[Input]:
        """Inputs that have advice, by the names that the posted form gives them; `numbers`: those of its rows."""
        found = []
        for field in self.group.fields:
            value = posted.get(field.key, "")
            if field.type == "group":
                rows = zip(numbers.get(field.key, []), _rows(value), strict=False)
                found += [one for number, row in rows for one in self._inputs(field, number, row)]
            elif isinstance(value, str):
                found.append(self._input(field, field.key, value))
        return [one for one in found if one.advice or one.meant or one.readings]

    def _row(self, field: PlanField, number: int, row: Row, filled: int, removed: list[Removed]) -> RowInputs:
        first = next((words for column in field.fields if (words := in_words(column, row.get(column.key, "")))), "")
        return RowInputs(
            number,
            first,
            tuple(self._inputs(field, number, row)),
            _notices(field, removed, range(number, number + 1)),
            can_go_up=0 < number < filled,
            can_go_down=number < filled - 1,
            filled=bool(row),
        )

    def _inputs(self, field: PlanField, number: int, row: Row) -> list[Input]:
        return [self._input(column, f"{field.key}-{number}-{column.key}", row.get(column.key, ""), field, row) for column in field.fields]

    def _input(self, field: PlanField, name: str, value: Value, within: PlanField | None = None, row: Row | None = None) -> Input:
        if isinstance(value, list):
            return Input(field, name, [item for item in value if isinstance(item, str)])
        probably = meant(value, names(self.guide, field.complete)) if field.complete and value else None
        readings = tuple(words for words, _ in choices(value)) if field.type == "date_partial" else ()
        may_be_cut = field.print != "none" and not (within or field).never_cut
        said = advice(field, value, self.today, self._beside(within, row), may_be_cut=may_be_cut)
        return Input(field, name, value, said, probably, readings)

    def _beside(self, within: PlanField | None, row: Row | None) -> Beside:
        def beside(key: str) -> tuple[str, Value]:
            if "." in key:
                group, _, key = key.partition(".")
                other = next(one for one in self.guide.plan if one.key == group)
                return other.field(key).label, self.contents.get(group, key)
            if within and row is not None:
                return within.column(key).label, row.get(key, "")
            return self.group.field(key).label, self.contents.get(self.group.key, key)

        return beside


def _rows(value: Value) -> list[Row]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _notices(field: PlanField, removed: list[Removed], places: range) -> tuple[Notice, ...]:
    return tuple(Notice(one.mark, row_in_words(field, one.row), one is removed[-1]) for one in removed if one.at in places)
