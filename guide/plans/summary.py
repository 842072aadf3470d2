"""A plan as ordered boxes of lines: what screen and paper show. Pure: values + content -> text.

Everything that shows a plan reads it here, so that no two of them can disagree.
"""

from __future__ import annotations

from dataclasses import dataclass

from guide.content.documents import Guide, PlanField, PlanGroup
from guide.plans.values import Contents, Row, Value


@dataclass(frozen=True)
class Line:
    """A field with its value in words. `priority` 1 stays longest on paper."""

    label: str
    text: str
    priority: int


@dataclass(frozen=True)
class Rows:
    """A group of rows, each in one line of words. `more`: rows that the paper has no room for."""

    label: str
    rows: tuple[str, ...]
    more: int
    priority: int


@dataclass(frozen=True)
class Box:
    """A box of the paper with what stands in it."""

    id: str
    side: int
    title: str
    entries: tuple[Line | Rows, ...]


def boxes(guide: Guide, contents: Contents) -> list[Box]:
    """The boxes that have something in them, in the order of the paper."""
    found = []
    for block in guide.paper:
        entries = [
            entry for group in guide.plan for field in group.fields if field.print == block.id and (entry := _entry(group, field, contents))
        ]
        if entries:
            found.append(Box(block.id, block.side, block.title, tuple(entries)))
    return found


def filled(group: PlanGroup, contents: Contents) -> int:
    """How many fields of a group have something in them."""
    return sum(1 for field in group.fields if contents.get(group.key, field.key))


def in_words(field: PlanField, value: Value) -> str:
    """A value of a simple field as it is read: the labels of choices, else the text."""
    labels = {choice.id: choice.label for choice in field.choices}
    if isinstance(value, list):
        return ", ".join(labels.get(item, item) for item in value if isinstance(item, str))
    return labels.get(value, value)


def row_in_words(field: PlanField, row: Row) -> str:
    """A row in one line: the first column stands by itself, the others with their labels."""
    parts: list[str] = []
    for column in field.fields:
        text = in_words(column, row.get(column.key, ""))
        if text and column.print_in_row:
            parts.append(text if column is field.fields[0] else f"{column.label}: {text}")
    return "; ".join(parts)


def _entry(group: PlanGroup, field: PlanField, contents: Contents) -> Line | Rows | None:
    value = contents.get(group.key, field.key)
    if not value:
        return None
    if field.type != "group":
        return Line(field.label, in_words(field, value), field.priority)
    rows = [words for row in value if isinstance(row, dict) and (words := row_in_words(field, row))]
    return Rows(field.label, tuple(rows[: field.print_rows]), max(0, len(rows) - field.print_rows), field.priority) if rows else None
