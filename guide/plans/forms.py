"""A group of the plan as inputs: what a template needs to draw each."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from guide.content.documents import PlanChoice, PlanField, PlanGroup
from guide.plans.summary import in_words, row_in_words
from guide.plans.values import Contents, Value, advice, place_of


@dataclass(frozen=True)
class Input:
    """One input: its name in the form, its value, and what to say beside it."""

    field: PlanField
    name: str
    value: str | list[str]
    advice: str = ""

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
    def described_by(self) -> str:
        """Ids of its hint and its advice."""
        hint = f"{self.name}-hint" if self.field.help or self.field.type == "date_partial" else ""
        return " ".join(filter(None, (hint, f"{self.name}-advice" if self.advice else "")))

    @property
    def widget(self) -> str:
        """How it is drawn."""
        if self.field.type in ("choice", "yesno"):
            return "radio" if len(self.field.choices) <= 5 else "select"
        return {"multichoice": "tick", "longtext": "area"}.get(self.field.type, "line")


@dataclass(frozen=True)
class Entry:
    """A field on the form: one input, or rows of inputs. `kept`: texts of other windows, in words."""

    field: PlanField
    input: Input | None
    rows: tuple[tuple[int, tuple[Input, ...]], ...]
    can_add: bool
    kept: tuple[str, ...]


def entries(group: PlanGroup, contents: Contents, today: datetime.date, adding: str = "") -> list[Entry]:
    """The fields of a group, ready to be drawn. `adding`: the field that gets one more empty row."""
    return [_entry(group, field, contents, today, adding) for field in group.fields]


def _entry(group: PlanGroup, field: PlanField, contents: Contents, today: datetime.date, adding: str) -> Entry:
    value = contents.get(group.key, field.key)
    kept = tuple(_words(field, text) for text in contents.kept.get(place_of(group, field), []))
    if field.type != "group":
        return Entry(field, _input(field, field.key, value, today), (), can_add=False, kept=kept)
    rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
    blank = not rows or (adding == field.key and len(rows) < field.max_rows)
    drawn = [*rows, {}] if blank else rows
    inputs = tuple(
        (number, tuple(_input(column, f"{field.key}-{number}-{column.key}", row.get(column.key, ""), today) for column in field.fields))
        for number, row in enumerate(drawn)
    )
    return Entry(field, None, inputs, can_add=len(rows) < field.max_rows, kept=kept)


def _input(field: PlanField, name: str, value: Value, today: datetime.date) -> Input:
    if isinstance(value, list):
        return Input(field, name, [item for item in value if isinstance(item, str)])
    return Input(field, name, value, advice(field, value, today))


def _words(field: PlanField, value: Value) -> str:
    if field.type == "group" and isinstance(value, list):
        return " / ".join(row_in_words(field, row) for row in value if isinstance(row, dict))
    return in_words(field, value)
