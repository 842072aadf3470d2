"""Two sides of paper, whatever is typed. Pure.

Type steps down from 10.5 to 9 points; then what matters least is left out, and the paper says how
much. Room is estimated from the number of letters, on the safe side: a side has two columns of text
on the smaller of Letter and A4.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from guide.plans.summary import Box, Line, Rows

SIZES = (10.5, 10.0, 9.5, 9.0)  # points
_COLUMN_WIDTH = 88.0  # mm
_SIDE_HEIGHT = 2 * 226.0  # mm of both columns, without the head and foot of the side
_LETTER = 0.53  # mean width of a letter, in em
_LEADING = 1.27  # line height, in em
_BOX = 2.6  # lines that the title and the edges of a box take
_MM = 25.4 / 72  # a point in mm
_LONGEST = 800  # letters of one line on paper


@dataclass(frozen=True)
class Side:
    """One side of the paper. `left_out`: how many lines had no room."""

    number: int
    size: float
    boxes: tuple[Box, ...]
    left_out: int


def lay_out(boxes: list[Box], number: int) -> Side:
    """Fit the boxes of a side onto it."""
    mine = [replace(box, entries=tuple(_cut(entry) for entry in box.entries)) for box in boxes if box.side == number]
    for size in SIZES:
        if _height(mine, size) <= _SIDE_HEIGHT:
            return Side(number, size, tuple(mine), _more(mine))
    total = _lines(mine)
    for lowest in (2, 1):
        mine = _without_lower(mine, lowest)
        if _height(mine, SIZES[-1]) <= _SIDE_HEIGHT:
            break
    while mine and _height(mine, SIZES[-1]) > _SIDE_HEIGHT:
        mine = _without_longest(mine)
    return Side(number, SIZES[-1], tuple(mine), total - _lines(mine) + _more(mine))


def _cut(entry: Line | Rows) -> Line | Rows:
    if isinstance(entry, Line):
        return replace(entry, text=_shortened(entry.text))
    return replace(entry, rows=tuple(map(_shortened, entry.rows)))


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"


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


def _without_lower(boxes: list[Box], lowest: int) -> list[Box]:
    kept = [replace(box, entries=tuple(entry for entry in box.entries if entry.priority <= lowest)) for box in boxes]
    return [box for box in kept if box.entries]


def _without_longest(boxes: list[Box]) -> list[Box]:
    """Drop the last entry of the box with the most: what is typed first is kept."""
    longest = max(boxes, key=lambda box: sum(_entry_lines(entry, 50) for entry in box.entries))
    shorter = replace(longest, entries=longest.entries[:-1])
    return [box for box in (shorter if box is longest else box for box in boxes) if box.entries]
