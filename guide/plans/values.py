"""What stands in a plan, and how two windows' changes come together. Pure.

Every value is text as it was typed; nothing is refused. What does not look right gets advice beside
its field (`advice`), never a refusal.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from guide.content.documents import PlanField, PlanGroup

Row: TypeAlias = dict[str, "str | list[str]"]
Value: TypeAlias = "str | list[str] | list[Row]"
GetList: TypeAlias = Callable[[str], list[str]]

MOST_KEPT = 5  # other texts of one field
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


@dataclass(frozen=True)
class Contents:
    """A plan's values by group and field, and the texts that lost a race, kept until settled."""

    values: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    kept: Mapping[str, list[Value]] = field(default_factory=dict)

    def get(self, group: str, field: str) -> Value:
        """A value; empty text where there is none."""
        return self.values.get(group, {}).get(field, "")

    def with_value(self, group: str, field: str, value: Value) -> Contents:
        """The same with one value changed; an empty value is removed."""
        fields = {**self.values.get(group, {}), field: value}
        if not value:
            del fields[field]
        return dataclasses.replace(self, values={**self.values, group: fields})

    def with_kept(self, place: str, texts: list[Value]) -> Contents:
        """The same with other texts kept for a place."""
        kept = {key: value for key, value in self.kept.items() if key != place}
        if texts:
            kept[place] = texts
        return dataclasses.replace(self, kept=kept)

    def to_json(self) -> dict[str, Any]:
        """As plain data."""
        return {"values": self.values, "kept": self.kept}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Contents:
        """From plain data."""
        return cls(data["values"], data["kept"])


def clean(text: str) -> str:
    """Text as it is kept: NFC, without control characters, line breaks as \\n, trimmed."""
    plain = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return unicodedata.normalize("NFC", plain).strip()


def from_form(group: PlanGroup, getlist: GetList, names: frozenset[str]) -> dict[str, Value]:
    """The values of a posted form. `names`: the names of all its inputs."""
    return {field.key: _field_from_form(field, getlist, names) for field in group.fields}


def _field_from_form(field: PlanField, getlist: GetList, names: frozenset[str]) -> Value:
    if field.type != "group":
        return _simple_from_form(field, field.key, getlist)
    pattern = re.compile(rf"{re.escape(field.key)}-(\d{{1,4}})-", re.ASCII)
    numbers = sorted({int(match[1]) for name in names if (match := pattern.match(name))})
    rows = []
    for number in numbers:
        row = {column.key: _simple_from_form(column, f"{field.key}-{number}-{column.key}", getlist) for column in field.fields}
        filled = {key: value for key, value in row.items() if value}
        if filled:
            rows.append(filled)
    return rows[: field.max_rows]


def _simple_from_form(field: PlanField, name: str, getlist: GetList) -> str | list[str]:
    given = [clean(text) for text in getlist(name)]
    if field.type == "multichoice":
        return list(dict.fromkeys(filter(None, given)))
    return given[-1] if given else ""


def fingerprint(value: Value) -> str:
    """A short mark of a value, by which a window can tell what it started from."""
    return hashlib.sha256(json.dumps(value or "", sort_keys=True).encode()).hexdigest()[:16]


def fingerprints(group: PlanGroup, contents: Contents) -> dict[str, str]:
    """What a window starts from: a mark of each field."""
    return {field.key: fingerprint(contents.get(group.key, field.key)) for field in group.fields}


def merge(contents: Contents, group: PlanGroup, posted: Mapping[str, Value], base: Mapping[str, str]) -> tuple[Contents, list[PlanField]]:
    """Bring a window's values into the newest contents, field by field.

    What this window left alone stays as it is. What it changed is saved. Where both this window and
    another changed a field, this window's text is saved and the other text is kept beside it; those
    fields are returned.
    """
    clashes = []
    for one in group.fields:
        mine, stored = posted.get(one.key, ""), contents.get(group.key, one.key)
        started_from = base.get(one.key, fingerprint(""))
        if fingerprint(mine) in (started_from, fingerprint(stored)):
            continue
        if fingerprint(stored) != started_from and stored:
            place = place_of(group, one)
            others = [text for text in contents.kept.get(place, []) if text != stored]
            contents = contents.with_kept(place, [*others, stored][-MOST_KEPT:])
            clashes.append(one)
        contents = contents.with_value(group.key, one.key, mine)
    return contents, clashes


def settle(contents: Contents, group: PlanGroup, field: PlanField, number: int, *, use: bool) -> Contents:
    """Settle a kept text: put it in the field (the field's text is kept in its place), or drop it."""
    place = place_of(group, field)
    texts = list(contents.kept.get(place, []))
    if not 0 <= number < len(texts):
        return contents
    chosen = texts.pop(number)
    if use:
        replaced = contents.get(group.key, field.key)
        if replaced:
            texts.append(replaced)
        contents = contents.with_value(group.key, field.key, chosen)
    return contents.with_kept(place, texts)


def place_of(group: PlanGroup, field: PlanField) -> str:
    """The name of a field in the whole plan."""
    return f"{group.key}.{field.key}"


def advice(field: PlanField, text: str, today: datetime.date) -> str:
    """What to look at again in a field, in words for the reader; empty where it is fine."""
    if not text:
        return ""
    if len(text) > field.max and field.type in ("text", "longtext", "phone"):
        return f"This is longer than the paper has room for ({len(text)} letters, {field.max} fit). All of it is saved here."
    if field.type == "date_partial":
        return _date_advice(text, today, future_ok=field.future_ok)
    if field.type == "integer" and not text.isdecimal():
        return "This is usually a whole number, such as 6. It is saved as you typed it."
    if field.type == "decimal" and not re.fullmatch(r"\d+([.,]\d+)?", text):
        return "This is usually a number, such as 30 or 1.8. It is saved as you typed it."
    return ""


def _date_advice(text: str, today: datetime.date, *, future_ok: bool) -> str:
    match = _DATE.fullmatch(text)
    try:
        if not match:
            raise ValueError
        first_day = datetime.date(int(match[1]), int(match[2] or 1), int(match[3] or 1))
    except ValueError:
        return "Write a year, a month or a day: 2024, 2024-03 or 2024-03-15. It is saved as you typed it."
    if first_day.year < 1900:
        return "Is the year right? It is saved as you typed it."
    if first_day > today and not future_ok:
        return "This day is still to come. Is it right? It is saved as you typed it."
    return ""
