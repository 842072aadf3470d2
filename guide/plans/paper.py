"""Two sides of paper, whatever is typed. Pure.

A side that is too full gets shorter in steps, from the roomiest to the tightest: first its type gets
smaller, then what matters least is left out, and the paper says how much. What the content calls never
cut stays whole: where it has no room on a side, the side goes on on another page. Which step fits is
found by whoever lays it out (`fitting`), since only that knows how high the text really is.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial

from guide.plans.summary import UNREAD, Box, Line, Rows

SIZES = (10.5, 10.0, 9.5, 9.0)  # points; never below
LARGE = 14.0
MOST_LETTERS = 12_000  # more than a side can hold in any size
_MOST_PAGES = 3  # of a side that is made to fit; with more, nothing is left out
TITLES = ("My treatment plan", "For the visit")
_ANSWER_LINES = (3, 2, 1)  # ruled lines below a question, as long as there is room
_CELL_LETTERS = 300  # what a cell of a full side has room for
_LETTERS = (400, 240, 160, 80, 40, 24)  # to which texts are cut where nothing else helps
_WHOLE = 6  # a side is cut into sixths; what is short takes two or three of them
_ACROSS = 1100  # letters across a side in type of one point
_SPARE = 3  # letters that are lost at the end of a line
_TO_WRITE = 100  # a field with more letters gets a whole line to be filled in by hand
_WORD = 20  # letters of a word that a column of a table makes room for


@dataclass(frozen=True)
class Side:
    """One side of the paper.

    `left_out`: how many lines had no room. `shortened`: whether a text was cut. `answer_lines`: ruled lines below a
    question. `dense`: lines follow each other like words, instead of standing in columns. `timeline`: whether it is drawn.
    `goes_on`: it takes as many pages as it needs, instead of one.
    """

    number: int
    size: float
    boxes: tuple[Box, ...]
    left_out: int = 0
    shortened: bool = False
    answer_lines: int = 1
    dense: bool = True
    timeline: bool = True
    goes_on: bool = False

    @property
    def letters(self) -> int:
        """How many letters stand in its boxes, but for the heads of tables."""
        return sum(_letters(entry) for box in self.boxes for entry in box.entries)

    @property
    def title(self) -> str:
        """What stands above it."""
        return TITLES[self.number - 1]

    @property
    def size_class(self) -> str:
        """Its class in the stylesheet: 10.5 points is `pt-105`."""
        return f"pt-{self.size * 10:.0f}"


def steps(boxes: Sequence[Box], number: int) -> list[Side]:
    """A side as it gets shorter and shorter; each step needs less room than the one before.

    Type, with the timeline gone before it gets small; then letters and rows beyond what the content says that a full
    side has room for, then what is of less priority, then rows, then the ends of long texts. Every box that has
    something in it stays, and so does all that is never cut.
    """
    mine = tuple(box for box in boxes if box.block.side == number)
    total, typed = _lines(mine), set(_texts(mine))
    tight = []
    for shorter in _ever_shorter(mine):
        cut = any(_is_cut(entry, typed) for box in shorter for entry in box.entries)
        tight.append(Side(number, SIZES[-1], shorter, total - _lines(shorter), cut, timeline=False))
    first, second, *_ = SIZES
    roomy = [Side(number, first, mine, answer_lines=lines, dense=False) for lines in _ANSWER_LINES]
    drawn = [Side(number, size, mine) for size in (first, second)]
    plain = [Side(number, size, mine, timeline=False) for size in SIZES[1:-1]]
    return [*roomy, *drawn, *plain, *tight]


def blank_steps(boxes: Sequence[Box], number: int) -> list[Side]:
    """The same for a side to be filled in by hand: fewer rows before fewer fields, and never lines too short to write on."""
    mine = tuple(box for box in boxes if box.block.side == number)
    found = [Side(number, size, mine, dense=False, timeline=False) for size in SIZES]
    for fewest in (6, 4, 3):
        mine = _changed(mine, partial(_first_rows, most=fewest))
        found.append(Side(number, SIZES[-1], mine, dense=False, timeline=False))
    for shorter in (
        partial(_without_one, priority=3),
        partial(_without_one, priority=2),
        partial(_with_a_row_less, down_to=lambda rows: 1),
    ):
        while (less := shorter(mine)) is not None:
            mine = less
            found.append(Side(number, SIZES[-1], mine, dense=False, timeline=False))
    return found


def large(boxes: Sequence[Box], number: int) -> Side:
    """A side in large type, with nothing left out, on as many pages as it needs."""
    return _all_of(boxes, number, LARGE, answer_lines=_ANSWER_LINES[0])


def more(boxes: Sequence[Box], number: int) -> Side:
    """The same in type of the usual size."""
    return _all_of(boxes, number, SIZES[0], answer_lines=_ANSWER_LINES[-1])


def _all_of(boxes: Sequence[Box], number: int, size: float, answer_lines: int) -> Side:
    mine = tuple(box for box in boxes if box.block.side == number)
    return Side(number, size, mine, answer_lines=answer_lines, dense=False, goes_on=True)


def fitting(sides: Sequence[Side], pages: Callable[[Side], int]) -> Side:
    """The first step that fits on one page; where none does, the first that takes no more pages than the last.

    Where what is never cut takes many pages by itself, the last that leaves nothing out.

    `pages`: how many a side takes, which costs much to find out. So it is found by halving: first among the steps that
    leave nothing out, since most plans fit there, and only then among the others.
    """
    whole = sum(1 for side in sides if not side.left_out and not side.shortened)
    if _fits(sides[whole - 1], pages, 1):
        return _first(sides[:whole], pages, 1)
    if _fits(sides[-1], pages, 1):
        return _first(sides[whole:], pages, 1)
    going_on = [replace(side, goes_on=True) for side in sides]
    most = pages(going_on[-1])
    # On so many pages, what else there is takes little room: nothing of it is cut, and no more tries are made.
    return _first(going_on, pages, most) if most <= _MOST_PAGES else going_on[whole - 1]


def _first(sides: Sequence[Side], pages: Callable[[Side], int], most: int) -> Side:
    """The first that fits, where the last is known to."""
    earliest, latest = 0, len(sides) - 1
    while earliest < latest:
        middle = (earliest + latest) // 2
        earliest, latest = (earliest, middle) if _fits(sides[middle], pages, most) else (middle + 1, latest)
    return sides[latest]


def _fits(side: Side, pages: Callable[[Side], int], most: int) -> bool:
    return side.letters <= MOST_LETTERS * most and pages(side) <= most


def missing(boxes: Sequence[Box], sides: Sequence[Side]) -> list[tuple[str, list[str]]]:
    """What these sides leave out or cut, by name: the title of each box with its fields, in the order of the paper."""
    shown = {box.id: box.entries for side in sides for box in side.boxes}
    found = [(box.title, list(_missing(box.entries, shown.get(box.id, ())))) for box in boxes]
    return [(title, names) for title, names in found if names]


def _missing(entries: Iterable[Line | Rows], shown: Sequence[Line | Rows]) -> Iterator[str]:
    """Entries go, but never change their order."""
    left = list(shown)
    for entry in entries:
        if not left or left[0].label != entry.label:
            yield entry.label
        elif told := _told(entry, left.pop(0)):
            yield f"{entry.label} ({told})"


def _told(entry: Line | Rows, shown: Line | Rows) -> str:
    note = shown.note if isinstance(shown, Rows) else ""
    return ", ".join(filter(None, (note, "cut short" if _is_cut(shown, set(_cells(entry))) else "")))


def _is_cut(entry: Line | Rows, typed: Container[str]) -> bool:
    return any(text.removesuffix(UNREAD).rstrip().endswith("…") and text not in typed for text in _cells(entry))


def width(line: Line, size: float) -> int:
    """How many sixths of the side a line takes in type of this size: 2, 3 or 6."""
    if not line.text:
        return _WHOLE if line.most > _TO_WRITE else _sixths(_wide(line.label) + _TO_WRITE // 4, size)
    return _WHOLE if "\n" in line.text else _sixths(_wide(line.label) + _wide(line.text), size)


def cell_width(text: str, size: float) -> int:
    """The same for a row that stands by itself."""
    return _WHOLE if "\n" in text else max(_WHOLE // 2, _sixths(_wide(text), size))


def _sixths(letters: int, size: float) -> int:
    return next((part for part in (2, 3) if letters + _SPARE <= _ACROSS / size * part / _WHOLE), _WHOLE)


def filling_rows(widths: Sequence[int]) -> list[int]:
    """The same widths, where the last in each row takes what is left of it."""
    filled: list[int] = []
    used = 0
    for wanted in widths:
        if used + wanted > _WHOLE:
            filled[-1] += _WHOLE - used
            used = 0
        filled.append(wanted)
        used = (used + wanted) % _WHOLE
    return [*filled[:-1], filled[-1] + (_WHOLE - used if used else 0)] if filled else []


@dataclass(frozen=True)
class Columns:
    """How many letters wide the columns of a table are. Words of more than `word` letters have to break."""

    widths: tuple[int, ...]
    word: int


def columns(rows: Rows, size: float) -> Columns:
    """The columns of a table in type of this size.

    Each has room for its longest word; what is left goes, letter by letter, to the cells that make their rows high.
    """
    if not any(map(any, rows.rows)):
        first, *others = (max(_wide(label), _TO_WRITE // 8) for label in rows.columns)
        return Columns((first * 3 // 2, *others), _WORD)
    texts = (rows.columns, *rows.rows)
    longest = [max((_wide(word) for row in texts for word in row[number].split()), default=1) for number in range(len(rows.columns))]
    room = int(_ACROSS / size) - 2 * len(longest)
    word = next((most for most in range(_WORD, 5, -1) if sum(min(most, letters) for letters in longest) <= room), 5)
    widths = [min(word, letters) for letters in longest]
    table = [tuple(map(_wide, row)) for row in texts]
    for _ in range(room - sum(widths)):
        wanted = _highest(table, widths)
        if wanted is None:
            break
        widths[wanted] += 1
    return Columns(tuple(widths), word)


def _highest(table: Sequence[tuple[int, ...]], widths: Sequence[int]) -> int | None:
    """The column that most makes rows higher than one line; none where each row fits into one."""
    extra = [0] * len(widths)
    for row in table:
        lines = [letters // width for letters, width in zip(row, widths, strict=True)]
        most = max(lines)
        for number, high in enumerate(lines):
            extra[number] += high if high == most else 0
    return extra.index(max(extra)) if any(extra) else None


def _ever_shorter(boxes: tuple[Box, ...]) -> Iterator[tuple[Box, ...]]:
    yield boxes
    boxes = _changed(boxes, _capped)
    yield boxes
    few_rows = partial(_with_a_row_less, down_to=lambda rows: rows.most), partial(_with_a_row_less, down_to=lambda rows: 1)
    for shorter in (few_rows[0], partial(_without_one, priority=3), partial(_without_one, priority=2), few_rows[1]):
        while (less := shorter(boxes)) is not None:
            boxes = less
            yield boxes
    for letters in _LETTERS:
        boxes = _changed(boxes, partial(_shorter, letters=letters))
        yield boxes


def _without_one(boxes: tuple[Box, ...], priority: int) -> tuple[Box, ...] | None:
    """Without the last entry of a priority, but never without all of a box: it would look as if nothing had been filled in.

    Of a list, its label stays and says that none of it is shown.
    """
    for place in reversed(range(len(boxes))):
        entries = boxes[place].entries
        for number in reversed(range(len(entries))):
            entry = entries[number]
            if entry.priority == priority and not entry.never_cut and len(entries) > 1 and (rest := _rest(entry)) is not None:
                return _with_entries(boxes, place, (*entries[:number], *rest, *entries[number + 1 :]))
    return None


def _rest(entry: Line | Rows) -> tuple[Rows, ...] | None:
    """What stays of an entry that goes; none where that would take no less room."""
    if isinstance(entry, Line) or not any(map(any, entry.rows)):
        return None if isinstance(entry, Rows) and entry.cut else ()
    label = replace(entry, rows=(), unread=frozenset(), cut=len(entry.rows) + entry.cut)
    return (label,) if _letters(label) <= _letters(entry) else None


def _with_a_row_less(boxes: tuple[Box, ...], down_to: Callable[[Rows], int]) -> tuple[Box, ...] | None:
    """Without the last row of the longest list that may give one; the box for emergencies gives its rows last."""
    found = [
        (len(entry.rows) / (2 if box.block.kind == "urgent" else 1), place, number, less)
        for place, box in enumerate(boxes)
        for number, entry in enumerate(box.entries)
        if isinstance(entry, Rows) and not entry.never_cut and (less := _with_less(entry, max(1, down_to(entry))))
    ]
    if not found:
        return None
    _, place, number, shorter = max(found, key=lambda one: one[:3])
    entries = boxes[place].entries
    return _with_entries(boxes, place, (*entries[:number], shorter, *entries[number + 1 :]))


def _with_less(rows: Rows, fewest: int) -> Rows | None:
    """With a row less, or with as many less as make up for the note that says so; none where that cannot be."""
    less = rows
    while len(less.rows) > fewest:
        less = _without_last(less)
        if _letters(less) <= _letters(rows):
            return less
    return None


def _without_last(rows: Rows) -> Rows:
    """Without the last row; but rows that nobody can date go after all others. Empty rows to write in are not missed."""
    last = max((number for number in range(len(rows.rows)) if number not in rows.unread), default=len(rows.rows) - 1)
    return replace(
        rows,
        rows=(*rows.rows[:last], *rows.rows[last + 1 :]),
        unread=frozenset(number - (number > last) for number in rows.unread if number != last),
        cut=rows.cut + any(rows.rows[last]),
    )


def _with_entries(boxes: tuple[Box, ...], place: int, entries: tuple[Line | Rows, ...]) -> tuple[Box, ...]:
    return (*boxes[:place], replace(boxes[place], entries=entries), *boxes[place + 1 :])


def _changed(boxes: tuple[Box, ...], change: Callable[[Line | Rows], Line | Rows]) -> tuple[Box, ...]:
    return tuple(replace(box, entries=tuple(entry if entry.never_cut else change(entry) for entry in box.entries)) for box in boxes)


def _capped(entry: Line | Rows) -> Line | Rows:
    """No more letters than the content says that a full side has room for."""
    if isinstance(entry, Line):
        return replace(entry, text=_cut(entry.text, entry.most))
    return replace(entry, rows=tuple(tuple(_cut(cell, _CELL_LETTERS) for cell in row) for row in entry.rows))


def _first_rows(entry: Line | Rows, most: int) -> Line | Rows:
    return entry if isinstance(entry, Line) else replace(entry, rows=entry.rows[:most])


def _shorter(entry: Line | Rows, letters: int) -> Line | Rows:
    if isinstance(entry, Line):
        return replace(entry, text=_cut(_in_one_line(entry.text), letters))
    room = letters if len(entry.columns) < 2 else max(16, letters // 2)
    return replace(entry, rows=tuple(tuple(_cut(_in_one_line(cell), room) for cell in row) for row in entry.rows))


def _cut(text: str, letters: int) -> str:
    """The beginning of a text; letters of full-width scripts count twice. What says that a date was not read stays whole."""
    if text.endswith(UNREAD):
        return f"{_cut(text.removesuffix(UNREAD).rstrip(), letters)} {UNREAD}".strip()
    if _wide(text) <= letters:
        return text
    room, kept = letters - 1, 0
    while kept < len(text) and (room := room - _wide(text[kept])) >= 0:
        kept += 1
    return f"{text[:kept].rstrip()}…"


def _in_one_line(text: str) -> str:
    return " / ".join(filter(None, text.split("\n")))


def _wide(text: str) -> int:
    """Letters, counting those of full-width scripts twice."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


def _lines(boxes: Sequence[Box]) -> int:
    return sum(len(entry.rows) if isinstance(entry, Rows) else 1 for box in boxes for entry in box.entries)


def _texts(boxes: Sequence[Box]) -> Iterator[str]:
    return (text for box in boxes for entry in box.entries for text in _cells(entry))


def _cells(entry: Line | Rows) -> Iterator[str]:
    if isinstance(entry, Line):
        yield entry.text
    else:
        yield from (cell for row in entry.rows for cell in row)


def _letters(entry: Line | Rows) -> int:
    """How many letters it takes, with its label and with the note of a list that was cut."""
    note = entry.note if isinstance(entry, Rows) else ""
    return _wide(entry.label) + _wide(note) + sum(map(_wide, _cells(entry)))
