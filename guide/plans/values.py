"""What stands in a plan, how rows of it are moved, and how two windows' changes come together. Pure.

Every value is text as it was typed; nothing is refused. What does not look right gets advice beside
its field (`guide.plans.advice`), never a refusal. Whatever a button points to in what is stored (a text
that lost a race, a row that was removed) goes by its fingerprint, so that a window that is behind
never hits something else.
"""

from __future__ import annotations

import dataclasses
import datetime
import hashlib
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from guide.content.documents import PlanField, PlanGroup

Row: TypeAlias = dict[str, "str | list[str]"]
Value: TypeAlias = "str | list[str] | list[Row]"
GetList: TypeAlias = Callable[[str], list[str]]
Verb: TypeAlias = Literal["use", "join", "drop"]

MOST_KEPT = 5  # other texts of one field
MOST_REMOVED = 5  # rows of the whole plan
REMOVED_FOR = datetime.timedelta(days=1)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ufeff]")


@dataclass(frozen=True)
class Removed:
    """A row that was removed: from which field (`place_of`), from before which row, and when (ISO 8601)."""

    place: str
    at: int
    row: Row
    when: str

    @property
    def mark(self) -> str:
        """What a button calls it by."""
        return hashlib.sha256(json.dumps(dataclasses.astuple(self), sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Contents:
    """A plan's values by group and field; the texts that lost a race, until settled; rows removed of late."""

    values: Mapping[str, Mapping[str, Value]] = field(default_factory=dict)
    kept: Mapping[str, list[Value]] = field(default_factory=dict)
    removed: tuple[Removed, ...] = ()

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
        return {"values": self.values, "kept": self.kept, "removed": [dataclasses.asdict(one) for one in self.removed]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Contents:
        """From plain data."""
        return cls(data["values"], data["kept"], tuple(Removed(**one) for one in data.get("removed", ())))


def printed(plan: Iterable[PlanGroup], contents: Contents) -> Contents:
    """What the owner means to hand to others: without the fields and columns that never print, and without removed rows.

    Texts that two windows left to settle lose the same. A row or text of which nothing remains is gone.
    """
    values: dict[str, dict[str, Value]] = {}
    kept: dict[str, list[Value]] = {}
    for group in plan:
        for one in group.fields:
            if one.print == "none":
                continue
            if value := _printed_part(one, contents.get(group.key, one.key)):
                values.setdefault(group.key, {})[one.key] = value
            place = place_of(group, one)
            if texts := [part for text in contents.kept.get(place, []) if (part := _printed_part(one, text))]:
                kept[place] = texts
    return Contents(values, kept)


def _printed_part(field: PlanField, value: Value) -> Value:
    if field.type != "group" or not isinstance(value, list):
        return value
    shown = {column.key for column in field.fields if column.print_in_row}
    rows = [{key: cell for key, cell in row.items() if key in shown} for row in value if isinstance(row, dict)]
    return [row for row in rows if row]


def clean(text: str) -> str:
    """Text as it is kept: NFC, without control characters, line breaks as \\n, trimmed."""
    plain = _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return unicodedata.normalize("NFC", plain).strip()


def from_form(group: PlanGroup, getlist: GetList, names: frozenset[str]) -> dict[str, Value]:
    """The values of a posted form. `names`: the names of all its inputs."""
    return read_form(group, getlist, names)[0]


def read_form(group: PlanGroup, getlist: GetList, names: frozenset[str]) -> tuple[dict[str, Value], dict[str, list[tuple[int, Row]]]]:
    """The values of a posted form, and the rows of each of its groups of rows as the form numbers them."""
    rows = {field.key: rows_from_form(field, getlist, names) for field in group.fields if field.type == "group"}
    values: dict[str, Value] = {}
    for one in group.fields:
        if one.type == "group":
            values[one.key] = filled_rows(rows[one.key])[: one.max_rows]
        else:
            values[one.key] = _simple_from_form(one, one.key, getlist)
    return values, rows


def filled_rows(rows: list[tuple[int, Row]]) -> list[Row]:
    """The rows that have something in them."""
    return [row for _, row in rows if row]


def rows_from_form(field: PlanField, getlist: GetList, names: frozenset[str]) -> list[tuple[int, Row]]:
    """The rows of a posted form with the numbers that the form gives them, empty rows too."""
    pattern = re.compile(rf"{re.escape(field.key)}-(\d{{1,4}})-", re.ASCII)
    rows: list[tuple[int, Row]] = []
    for number in sorted({int(match[1]) for name in names if (match := pattern.match(name))}):
        row = {column.key: _simple_from_form(column, f"{field.key}-{number}-{column.key}", getlist) for column in field.fields}
        rows.append((number, {key: value for key, value in row.items() if value}))
    return rows


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


def settle(contents: Contents, group: PlanGroup, field: PlanField, mark: str, verb: Verb) -> Contents:
    """Settle a kept text, called by its fingerprint; one that is no longer there changes nothing.

    use: it goes into the field, whose text is kept in its place. join: what it has and the field has not is added.
    drop: it goes.
    """
    place = place_of(group, field)
    texts = list(contents.kept.get(place, []))
    chosen = next((text for text in texts if fingerprint(text) == mark), None)
    if chosen is None:
        return contents
    texts.remove(chosen)
    present = contents.get(group.key, field.key)
    if verb == "use":
        if present:
            texts.append(present)
        contents = contents.with_value(group.key, field.key, chosen)
    elif verb == "join":
        contents = contents.with_value(group.key, field.key, _joined(field, present, chosen))
    return contents.with_kept(place, texts)


def can_join(field: PlanField) -> bool:
    """Whether two values of a field can stand together."""
    return field.type in ("group", "multichoice", "longtext")


def _joined(field: PlanField, present: Value, other: Value) -> Value:
    if isinstance(present, str) and isinstance(other, str):
        return "\n".join(filter(None, (present, other))) if can_join(field) else present
    items: list[Any] = list(present) if isinstance(present, list) else []
    items += [item for item in other if item not in items] if isinstance(other, list) else []
    return items[: field.max_rows] if field.type == "group" else items


def moved(rows: list[Row], at: int, by: int) -> list[Row]:
    """The rows with one of them moved up (-1) or down (1); at an end it stays."""
    to = at + by
    if not (0 <= at < len(rows) and 0 <= to < len(rows)):
        return rows
    others = rows[:at] + rows[at + 1 :]
    return [*others[:to], rows[at], *others[to:]]


def with_removed(contents: Contents, removed: Removed) -> Contents:
    """The same with a removed row kept for a while, so that it can be put back."""
    return dataclasses.replace(contents, removed=(*contents.removed, removed)[-MOST_REMOVED:])


def put_back(contents: Contents, group: PlanGroup, field: PlanField, mark: str) -> Contents:
    """Put a removed row back to where it was. Where it is gone, or the field has no room, nothing changes."""
    found = next((one for one in contents.removed if one.mark == mark and one.place == place_of(group, field)), None)
    present = contents.get(group.key, field.key)
    rows: list[Row] = [row for row in present if isinstance(row, dict)] if isinstance(present, list) else []
    if found is None or len(rows) >= field.max_rows:
        return contents
    contents = contents.with_value(group.key, field.key, [*rows[: found.at], found.row, *rows[found.at :]])
    return forget_removed(contents, mark)


def forget_removed(contents: Contents, mark: str) -> Contents:
    """Let go of a removed row for good."""
    return dataclasses.replace(contents, removed=tuple(one for one in contents.removed if one.mark != mark))


def without_old_removed(contents: Contents, now: datetime.datetime) -> Contents:
    """Let go of rows that were removed long ago."""
    young = tuple(one for one in contents.removed if now - datetime.datetime.fromisoformat(one.when) < REMOVED_FOR)
    return contents if young == contents.removed else dataclasses.replace(contents, removed=young)


def place_of(group: PlanGroup, field: PlanField) -> str:
    """The name of a field in the whole plan."""
    return f"{group.key}.{field.key}"
