"""A plan as ordered boxes of lines and rows: what screen, browser's print and PDF show. Pure: values + content -> text.

Everything that shows a plan reads it here, so that no two of them can disagree.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from guide.content.documents import Guide, PaperBlock, PlanField, PlanGroup
from guide.plans.timeline import Span, newest_first, spans
from guide.plans.values import Contents, Row, Value, printed

_TICKS = 60  # letters of choices that a blank paper offers to tick; more of them leave too little room
UNREAD = "[date not read, not sorted]"  # beside a date of a row that stays where it was typed
_SHORT = 30  # letters of a date, a number or a choice that is written by hand


@dataclass(frozen=True)
class Line:
    """A field with its value in words, or without one where it is to be filled in by hand.

    `priority` 1 stays longest on paper. `most`: how many letters the paper has room for when it is full. `never_cut`: it has to
    be whole on paper.
    """

    label: str
    text: str
    priority: int
    most: int = 200
    never_cut: bool = False


@dataclass(frozen=True)
class Rows:
    """Rows of one field, as cells under `columns`; without columns each row is one cell.

    `most`: how many rows the paper has room for when it is full. `answers`: room is left below each row, to write in.
    `never_cut`: every row has to be whole on paper. `unread`: the places of rows whose date could not be read, so that
    nobody can tell how old they are. `cut`: how many rows had no room.
    """

    label: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    most: int
    priority: int
    answers: bool = False
    never_cut: bool = False
    unread: frozenset[int] = frozenset()
    cut: int = 0

    @property
    def note(self) -> str:
        """What a list says that is not whole; nothing where it is."""
        return f"{len(self.rows)} of {len(self.rows) + self.cut} shown" if self.cut else ""


@dataclass(frozen=True)
class Box:
    """A box of the paper with what stands in it. `spans`: what its timeline shows."""

    block: PaperBlock
    entries: tuple[Line | Rows, ...]
    spans: tuple[Span, ...] = ()

    @property
    def id(self) -> str:
        """The id of its block."""
        return self.block.id

    @property
    def title(self) -> str:
        """What stands above it."""
        return self.block.title


def boxes(guide: Guide, contents: Contents) -> list[Box]:
    """The boxes that have something in them, in the order of the paper."""
    found = []
    for block in guide.paper:
        entries = [entry for group, field in _fields(guide, block) if (entry := _entry(guide, block, group, field, contents))]
        entries += _also(guide, block, contents)
        if entries:
            found.append(Box(block, tuple(entries), spans(guide, contents) if block.timeline else ()))
    return found


def blank(guide: Guide) -> list[Box]:
    """Every box with every field and empty rows, to be filled in by hand."""
    return [Box(block, tuple(_to_fill(block, field) for _, field in _fields(guide, block))) for block in guide.paper]


def open_questions(guide: Guide, contents: Contents) -> list[str]:
    """A question for each value that says "not sure", in the order of the form. Where a question of the wizard
    leads to the field, in that question's words for the care team. What never prints asks nothing on paper either."""
    contents = printed(guide.plan, contents)
    worded = {(question.plan.group, question.plan.field): question.ask for question in guide.questions if question.plan}
    found = []
    for group in guide.plan:
        for field in group.fields:
            if field.type == "group":
                found += [f"Ask about: {label}" for label in _open_in_rows(field, contents.get(group.key, field.key))]
            elif _is_open(field, contents.get(group.key, field.key)):
                found.append(worded.get((group.key, field.key), f"Ask about: {field.label}"))
    return list(dict.fromkeys(found))


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


def _fields(guide: Guide, block: PaperBlock) -> Iterator[tuple[PlanGroup, PlanField]]:
    return ((group, field) for group in guide.plan for field in group.fields if field.print == block.id)


def _also(guide: Guide, block: PaperBlock, contents: Contents) -> Iterator[Line]:
    """Rows of other blocks that this one shows too: who to call in an emergency stands at the top of the paper."""
    for group in guide.plan:
        for field in group.fields:
            also = field.also
            rows = contents.get(group.key, field.key)
            if also is None or also.print != block.id or not isinstance(rows, list):
                continue
            row = next((row for row in rows if isinstance(row, dict) and also.value in _held(row.get(also.column, ""))), None)
            if row:
                told = (in_words(column, row.get(column.key, "")) for column in field.fields if column.key != also.column)
                yield Line(also.label, ", ".join(filter(None, told)), 1, never_cut=also.never_cut)


def _entry(guide: Guide, block: PaperBlock, group: PlanGroup, field: PlanField, contents: Contents) -> Line | Rows | None:
    value = contents.get(group.key, field.key)
    if field.type != "group":
        return Line(field.label, in_words(field, value), field.priority, field.max, field.never_cut) if value else None
    found = _rows(guide, block, field, value, contents)
    return replace(found, never_cut=field.never_cut) if found else None


def _rows(guide: Guide, block: PaperBlock, field: PlanField, value: Value, contents: Contents) -> Rows | None:
    rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
    rows, unread = newest_first(field, rows) if block.newest_first else (rows, frozenset())
    if any(column.takes == "questions" for column in field.fields):
        return _questions(field, rows, open_questions(guide, contents))
    return _table(field, rows, unread) if block.tables else _list(field, rows, unread)


def _list(field: PlanField, rows: list[Row], unread: frozenset[int]) -> Rows | None:
    return _told(field, (), [(row_in_words(field, row),) for row in rows], unread, 0)


def _questions(field: PlanField, rows: list[Row], more: list[str]) -> Rows | None:
    """What the reader wants to ask, then what follows from "not sure", unless it is asked already."""
    asked = [words for row in rows if (words := row_in_words(field, row))]
    column = next(column for column in field.fields if column.takes == "questions")
    known = {_plainly(in_words(column, row.get(column.key, ""))) for row in rows}
    told = [*asked, *(question for question in more if _plainly(question) not in known)]
    if not told:
        return None
    return Rows(field.label, (), tuple((text,) for text in told), field.print_rows, field.priority, answers=True)


def _plainly(text: str) -> str:
    """A question without what two ways of typing it may differ in."""
    return " ".join(text.casefold().split()).rstrip(" .?!")


def _table(field: PlanField, rows: list[Row], unread: frozenset[int]) -> Rows | None:
    """The rows as cells. Columns that nobody filled in are left out; a beginning and an end stand together."""
    table = [(label, texts, tuple(texts(row) for row in rows)) for label, texts in _columns(field)]
    table = [(label, texts, cells) for label, texts, cells in table if any(cells)]
    dated = next((number for number, (_, texts, _) in enumerate(table) if texts.columns[0].period), 0)
    return _told(field, tuple(label for label, _, _ in table), list(zip(*(cells for _, _, cells in table), strict=True)), unread, dated)


def _told(field: PlanField, columns: tuple[str, ...], table: list[tuple[str, ...]], unread: frozenset[int], dated: int) -> Rows | None:
    """The rows that have something in them. `dated`: the column in which it says that a date could not be read."""
    kept = [number for number, cells in enumerate(table) if any(cells)]
    told = tuple(_remarked(table[number], dated) if number in unread else table[number] for number in kept)
    marked = frozenset(place for place, number in enumerate(kept) if number in unread)
    return Rows(field.label, columns, told, field.print_rows, field.priority, unread=marked) if told else None


def _remarked(cells: tuple[str, ...], dated: int) -> tuple[str, ...]:
    return (*cells[:dated], f"{cells[dated]} {UNREAD}".strip(), *cells[dated + 1 :])


class _Column:
    """How a column of the table reads a row."""

    def __init__(self, *columns: PlanField) -> None:
        self.columns = columns

    def __call__(self, row: Row) -> str:
        begun, *ended = (in_words(column, row.get(column.key, "")) for column in self.columns)
        return f"{begun} – {''.join(ended)}".strip() if any(ended) else begun


def _columns(field: PlanField) -> list[tuple[str, _Column]]:
    shown = [column for column in field.fields if column.print_in_row]
    end = next((column for column in shown if column.period == "end"), None)
    has_start = any(column.period == "start" for column in shown)
    found = []
    for column in shown:
        if column.period == "start" and end:
            found.append((f"{column.label} – {end.label}", _Column(column, end)))
        elif not (column is end and has_start):
            found.append((column.label, _Column(column)))
    return found


def _to_fill(block: PaperBlock, field: PlanField) -> Line | Rows:
    if field.type != "group":
        ticks = "   ".join(f"☐ {choice.label}" for choice in field.choices)
        return Line(
            field.label, ticks if len(ticks) <= _TICKS else "", field.priority, field.max if field.type in ("text", "longtext") else _SHORT
        )
    answers = any(column.takes == "questions" for column in field.fields)
    columns = () if answers else tuple(label for label, _ in _columns(field))
    empty = ("",) * max(1, len(columns))
    return Rows(field.label, columns, (empty,) * field.print_rows, field.print_rows, field.priority, answers)


def _is_open(field: PlanField, value: Value) -> bool:
    """Whether a value says that the reader cannot tell."""
    return any(choice.open and choice.id in _held(value) for choice in field.choices)


def _held(value: Value) -> Sequence[object]:
    return value if isinstance(value, list) else [value]


def _open_in_rows(field: PlanField, rows: Value) -> Iterator[str]:
    for row in rows if isinstance(rows, list) else ():
        if not isinstance(row, dict):
            continue
        first, *_ = field.fields
        name = "" if _is_open(first, row.get(first.key, "")) else in_words(first, row.get(first.key, ""))
        for column in field.fields:
            if _is_open(column, row.get(column.key, "")):
                yield ": ".join(filter(None, (field.label, name, column.label)))
