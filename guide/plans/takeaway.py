"""Everything of a plan, to take along: as JSON that can be loaded again, and as text for people. Pure.

Nothing is left out, also not what has no room on paper. The code is in neither: a file travels further
than a code should.
"""

from __future__ import annotations

import datetime
import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from guide.content.documents import Guide, PlanField
from guide.plans.summary import in_words
from guide.plans.values import MOST_KEPT, Contents, Row, Value, clean, place_of

FORMAT, VERSION = "treatment-plan", 1
LARGEST = 1_000_000  # bytes of a file
_MOST_TOLD = 20  # names of what was left out
_LONGEST_NAME = 60
_HALF_LETTER = re.compile("[\ud800-\udfff]")  # halves of surrogate pairs, which no file can hold

_WHAT_IT_IS = "Written by the person whom it is about, or by people of that person's choice. It is not a medical record."
NOT_A_PLAN = "This file is not a plan that was saved here. Choose the file named my-plan.json."
NEWER = "This file was saved by a newer version of this site. It cannot be read here."
TOO_LARGE = "This file is too large to be a plan. Choose the file named my-plan.json."


class NotAPlanError(Exception):
    """The file cannot be read as a plan. The text is for the reader."""


@dataclass(frozen=True)
class Loaded:
    """What a file held. `left_out`: what this guide has no place for, by its name in the file; `more`: how many beyond those."""

    contents: Contents
    left_out: tuple[str, ...] = ()
    more: int = 0


# Out


def as_json(guide: Guide, contents: Contents, edition: int, day: datetime.date) -> dict[str, Any]:
    """Every value as it was typed, with the labels of the form, and the texts that two windows left to settle."""
    values = {group: fields for group, fields in contents.values.items() if fields}
    return {
        "format": FORMAT,
        "version": VERSION,
        "site": guide.site.name,
        "edition": edition,
        "saved": day.isoformat(),
        "labels": _labels(guide, values),
        "values": values,
        "kept": dict(contents.kept),
    }


def _labels(guide: Guide, values: dict[str, Any]) -> dict[str, str]:
    """Labels of what has something in it, by `group`, `group.field` and `group.field.column`."""
    found: dict[str, str] = {}
    for group in guide.plan:
        for field in group.fields:
            if field.key in values.get(group.key, {}):
                place = place_of(group, field)
                found |= {group.key: group.title, place: field.label}
                found |= {f"{place}.{column.key}": column.label for column in field.fields}
    return found


def sections(guide: Guide, contents: Contents) -> Iterator[tuple[str, list[tuple[str, list[str]]]]]:
    """Each group that has something in it: its title, and each field's label with its lines in words."""
    for group in guide.plan:
        fields = [(field.label, lines) for field in group.fields if (lines := lines_of(field, contents.get(group.key, field.key)))]
        if fields:
            yield group.title, fields


def lines_of(field: PlanField, value: Value) -> list[str]:
    """A value in words: one line, or one for each row."""
    if field.type == "group":
        rows = value if isinstance(value, list) else []
        return [words for row in rows if isinstance(row, dict) and (words := row_in_full(field, row))]
    words = in_words(field, value)
    return [words] if words else []


def row_in_full(field: PlanField, row: Row) -> str:
    """A row in one line, with every column: the first by itself, the others with their labels."""
    parts = []
    for column in field.fields:
        words = in_words(column, row.get(column.key, ""))
        if words:
            parts.append(words if column is field.fields[0] else f"{column.label}: {words}")
    return "; ".join(parts)


def as_text(guide: Guide, contents: Contents, day: datetime.date) -> str:
    """The whole plan for people, to send in a mail or to keep."""
    lines = [f"My treatment plan, {day.day} {day:%B %Y}", _WHAT_IT_IS, f"Saved from {guide.site.name}.", ""]
    for title, fields in sections(guide, contents):
        lines += [title.upper(), "-" * len(title)]
        for label, texts in fields:
            lines += _entry(label, texts)
        lines.append("")
    for label, texts in _kept(guide, contents):
        lines += _entry(f"Also typed, in another window: {label}", texts)
    return "\n".join(lines).rstrip() + "\n"


def _entry(label: str, texts: list[str]) -> list[str]:
    if len(texts) == 1 and "\n" not in texts[0]:
        return [f"{label}: {texts[0]}"]
    return [f"{label}:", *("  - " + text.replace("\n", "\n    ") for text in texts)]


def _kept(guide: Guide, contents: Contents) -> Iterator[tuple[str, list[str]]]:
    """The texts that two windows left to settle, by the label of their field."""
    for group in guide.plan:
        for field in group.fields:
            for value in contents.kept.get(place_of(group, field), []):
                yield field.label, lines_of(field, value)


# Back


def load(data: bytes, guide: Guide) -> Loaded:
    """The plan in a file. Raises NotAPlanError.

    What this guide has no place for (a field that is gone, a choice that is no longer offered) is left out
    and named. Whatever else is in the file, this neither fails nor takes it in.
    """
    if len(data) > LARGEST:
        raise NotAPlanError(TOO_LARGE)
    try:
        found = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise NotAPlanError(NOT_A_PLAN) from error
    if not isinstance(found, dict) or found.get("format") != FORMAT or not isinstance(found.get("values"), dict):
        raise NotAPlanError(NOT_A_PLAN)
    if found.get("version") != VERSION:
        raise NotAPlanError(NEWER)
    return _Reader(guide).read(found["values"], found.get("kept"))


class _Reader:
    """Takes in what has a place, and remembers the names of what has none: labels where there are some, else as in the file."""

    def __init__(self, guide: Guide) -> None:
        self.groups = {group.key: group for group in guide.plan}
        self.left_out: dict[str, None] = {}

    def read(self, values: dict[str, Any], kept: object) -> Loaded:
        contents = Contents()
        for group, fields in values.items():
            if group not in self.groups or not isinstance(fields, dict):
                self._leave_out(self.groups[group].title if group in self.groups else group)
                continue
            for key, value in fields.items():
                contents = contents.with_value(group, key, self._value(group, key, value))
        for place, texts in kept.items() if isinstance(kept, dict) else ():
            group, _, key = place.partition(".")
            read = [self._value(group, key, text) for text in texts] if isinstance(texts, list) else []
            contents = contents.with_kept(place, [text for text in read if text][-MOST_KEPT:])
        names = list(self.left_out)
        return Loaded(contents, tuple(names[:_MOST_TOLD]), max(0, len(names) - _MOST_TOLD))

    def _value(self, group: str, key: str, value: object) -> Value:
        known = self.groups.get(group)
        field = next((one for one in known.fields if one.key == key), None) if known else None
        if known is None or field is None:
            self._leave_out(known.title if known else group, key)
            return ""
        name = (known.title, field.label)
        return self._rows(field, name, value) if field.type == "group" else self._simple(field, name, value)

    def _rows(self, field: PlanField, name: tuple[str, ...], value: object) -> list[Row]:
        if not isinstance(value, list):
            self._leave_out(*name)
            return []
        rows = [row for item in value if (row := self._row(field, name, item))]
        if len(rows) > field.max_rows:
            self._leave_out(*name, f"rows after the first {field.max_rows}")
        return rows[: field.max_rows]

    def _row(self, field: PlanField, name: tuple[str, ...], value: object) -> Row:
        if not isinstance(value, dict):
            self._leave_out(*name)
            return {}
        columns = {column.key: column for column in field.fields}
        row: Row = {}
        for key, cell in value.items():
            if key not in columns:
                self._leave_out(*name, key)
            elif read := self._simple(columns[key], (*name, columns[key].label), cell):
                row[key] = read
        return row

    def _simple(self, field: PlanField, name: tuple[str, ...], value: object) -> str | list[str]:
        if field.type != "multichoice":
            return self._text(field, name, value)
        values = value if isinstance(value, list) else [value]
        return list(dict.fromkeys(filter(None, (self._text(field, name, item) for item in values))))

    def _text(self, field: PlanField, name: tuple[str, ...], value: object) -> str:
        """A text as a form would have brought it; a number counts as it is written."""
        if isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value):
            value = str(value)
        if not isinstance(value, str):
            self._leave_out(*name)
            return ""
        text = _plain(value)
        if text and field.choices and text not in {choice.id for choice in field.choices}:
            self._leave_out(*name, text)
            return ""
        return text

    def _leave_out(self, *name: str) -> None:
        parts = (_plain(part).replace("\n", " ") for part in name)
        self.left_out[": ".join(part if len(part) <= _LONGEST_NAME else f"{part[:_LONGEST_NAME]}…" for part in parts)] = None


def _plain(text: str) -> str:
    return clean(_HALF_LETTER.sub("\ufffd", text))
