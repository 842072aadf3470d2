"""Two sides of paper, whatever is typed. Pure.

Type steps down from 10.5 to 9 points; then what matters least is left out, and the paper says how
much. Room is estimated from the number of letters, on the safe side: a side has two columns of text
on the smaller of Letter and A4.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from guide.plans.summary import Box, Line, Rows

SIZES = (10.5, 10.0, 9.5, 9.0)  # points
_COLUMN_WIDTH = 90.0  # mm
_SIDE_HEIGHT = 2 * 232.0  # mm of both columns, without the head and foot of the side
_LETTER = 0.5  # mean width of a letter with what is lost at line ends, in em
_LEADING = 1.25  # line height, in em
_BOX = 2.0  # lines that the title and the edges of a box take
_MM = 25.4 / 72  # a point in mm
# Steps by which a side that is too full gets shorter: rows of a table, letters of a line.
_ROWS = (8, 6, 5, 4, 3, 2, 1)
_LETTERS = (400, 240, 160, 80, 40)


@dataclass(frozen=True)
class Side:
    """One side of the paper. `left_out`: how many lines had no room."""

    number: int
    size: float
    boxes: tuple[Box, ...]
    left_out: int

    @property
    def size_class(self) -> str:
        """Its class in the stylesheet: 10.5 points is `pt-105`."""
        return f"pt-{self.size * 10:.0f}"


def lay_out(boxes: list[Box], number: int) -> Side:
    """Fit the boxes of a side onto it.

    First smaller type; then what is of less priority goes, then rows, then the ends of long texts.
    Every box that has something in it stays.
    """
    mine = [box for box in boxes if box.side == number]
    for size in SIZES:
        if _height(mine, size) <= _SIDE_HEIGHT:
            return Side(number, size, tuple(mine), _more(mine))
    total = _lines(mine) + _more(mine)
    for shorter in _ever_shorter(mine):
        mine = shorter
        if _height(mine, SIZES[-1]) <= _SIDE_HEIGHT:
            break
    return Side(number, SIZES[-1], tuple(mine), total - _lines(mine))


def _ever_shorter(boxes: list[Box]) -> Iterator[list[Box]]:
    for lowest in (2, 1):
        boxes = [_without_lower(box, lowest) for box in boxes]
        yield boxes
    for rows in _ROWS:
        boxes = _changed(boxes, partial(_fewer_rows, most=rows))
        yield boxes
    for letters in _LETTERS:
        boxes = _changed(boxes, partial(_shorter, letters=letters))
        yield boxes


def _without_lower(box: Box, lowest: int) -> Box:
    """Without what is of less priority, but never without all: an empty box would look as if nothing had been filled in."""
    kept = max(lowest, min(entry.priority for entry in box.entries))
    return replace(box, entries=tuple(entry for entry in box.entries if entry.priority <= kept))


def _changed(boxes: list[Box], change: Callable[[Line | Rows], Line | Rows]) -> list[Box]:
    return [replace(box, entries=tuple(change(entry) for entry in box.entries)) for box in boxes]


def _fewer_rows(entry: Line | Rows, most: int) -> Line | Rows:
    if isinstance(entry, Line):
        return entry
    return replace(entry, rows=entry.rows[:most], more=entry.more + max(0, len(entry.rows) - most))


def _shorter(entry: Line | Rows, letters: int) -> Line | Rows:
    if isinstance(entry, Line):
        return replace(entry, text=_cut(entry.text, letters))
    return replace(entry, rows=tuple(_cut(row, letters) for row in entry.rows))


def _cut(text: str, letters: int) -> str:
    return text if len(text) <= letters else text[: letters - 1] + "…"


def _height(boxes: list[Box], size: float) -> float:
    """Millimetres of column that the boxes need."""
    letters = _COLUMN_WIDTH / (size * _MM * _LETTER)
    lines = sum(_BOX + sum(_entry_lines(entry, letters) for entry in box.entries) for box in boxes)
    return lines * size * _MM * _LEADING


def _entry_lines(entry: Line | Rows, letters: float) -> float:
    if isinstance(entry, Line):
        return _text_lines(f"{entry.label}: {entry.text}", letters)
    return 1 + sum(_text_lines(row, letters - 3) for row in entry.rows) + (1 if entry.more else 0)


def _text_lines(text: str, letters: float) -> int:
    return sum(max(1, math.ceil(_wide(paragraph) / letters)) for paragraph in text.split("\n"))


def _wide(text: str) -> int:
    """Letters, counting those of full-width scripts twice."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


def _lines(boxes: list[Box]) -> int:
    return sum(len(entry.rows) if isinstance(entry, Rows) else 1 for box in boxes for entry in box.entries)


def _more(boxes: list[Box]) -> int:
    return sum(entry.more for box in boxes for entry in box.entries if isinstance(entry, Rows))
