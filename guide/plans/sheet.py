"""The sheet of paper: which sides in which type, with head and foot, as plain data for the PDF and the browser's print page.

How high a text is, the typesetter alone knows; both papers take the sides that it finds to fit.
"""

from __future__ import annotations

import base64
import datetime
from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from guide import pdf
from guide.content.documents import Guide
from guide.plans import paper, timeline
from guide.plans.paper import Side
from guide.plans.summary import Box, Line, Rows, blank, boxes
from guide.plans.values import Contents

TEMPLATE = Path(__file__).parent / "plan.typ"
PAPER_SIZES = {"letter": "us-letter", "a4": "a4"}
_COLUMNS_IN_LARGE = 4  # more would leave too little room for their words
TYPES = ("normal", "more", "large", "blank")
_WHOLE = {"more": paper.more, "large": paper.large}
_BROWSER_RESERVE = 42  # mm that the print page leaves free, since no browser breaks lines just as the typesetter does


@dataclass(frozen=True)
class Wish:
    """What the reader chose: size of the paper, kind of print, and whether the code of the plan stands on it."""

    paper: str = "letter"
    type: str = "normal"
    code: bool = False

    @classmethod
    def of(cls, asked: Mapping[str, str]) -> Wish:
        """From an address; what it does not know, it takes for the usual."""
        size, kind = asked.get("paper", ""), asked.get("type", "")
        return cls(size if size in PAPER_SIZES else "letter", kind if kind in TYPES else "normal", asked.get("code") == "1")


@dataclass(frozen=True)
class Imprint:
    """What head and foot of each side tell.

    `saved`: when the plan was last changed; none where that is not known. `code` and its square (SVG) are empty
    unless the reader wants them on paper.
    """

    today: datetime.date
    saved: datetime.date | None
    expires: datetime.date
    edition: int
    code: str = ""
    square: str = ""


def sheet(guide: Guide, contents: Contents, wish: Wish, imprint: Imprint, *, for_browser: bool = False) -> dict[str, Any]:
    """Everything that the paper shows; by name what it leaves out (`missing`); whether two sides were not enough (`third_page`)."""
    whole = _Sheet(guide, wish, imprint, _BROWSER_RESERVE if for_browser else 0)
    found = blank(guide) if wish.type == "blank" else boxes(guide, contents)
    sides = [whole.side(found, number) for number in (1, 2)]
    return {
        **whole.data(sides),
        "missing": [] if wish.type == "blank" else paper.missing(found, sides),
        "third_page": wish.type not in _WHOLE and any(side.goes_on for side in sides),
    }


def typeset(guide: Guide, contents: Contents, wish: Wish, imprint: Imprint) -> bytes:
    """The paper as a tagged PDF: two pages, or as many as it needs."""
    return pdf.typeset(TEMPLATE, sheet(guide, contents, wish, imprint), imprint.today)


class _Sheet:
    def __init__(self, guide: Guide, wish: Wish, imprint: Imprint, reserve: int) -> None:
        self.guide, self.wish, self.imprint, self.reserve = guide, wish, imprint, reserve

    def side(self, found: list[Box], number: int) -> Side:
        """A side in the largest type, and with as much on it, as it has room for."""
        if self.wish.type in _WHOLE:
            return _WHOLE[self.wish.type](found, number)
        steps = paper.blank_steps if self.wish.type == "blank" else paper.steps
        return paper.fitting(steps(found, number), self._pages)

    def data(self, sides: list[Side]) -> dict[str, Any]:
        """Sides with what is the same for both."""
        return {
            "title": f"{paper.TITLES[0]}, blank" if self.wish.type == "blank" else paper.TITLES[0],
            "language": self.guide.site.language,
            "paper": PAPER_SIZES[self.wish.paper],
            "type": self.wish.type,
            "reserve": self.reserve,
            "sides": [self._side(side) for side in sides],
            "code": "" if self.wish.type == "blank" else self.imprint.code,
            "square": self.imprint.square,
            "square_address": _address(self.imprint.square) if self.imprint.square else "",
        }

    def _pages(self, side: Side) -> int:
        return int(pdf.ask(TEMPLATE, self.data([side]), "pages"))

    def _side(self, side: Side) -> dict[str, Any]:
        return {
            "number": side.number,
            "title": side.title,
            "place": f"Side {side.number} of 2",
            "goes_on": side.goes_on,
            "size": side.size,
            "size_class": side.size_class,
            "answer_lines": side.answer_lines,
            "ruled": list(range(side.answer_lines)),
            "dense": side.dense,
            "head": self._head(),
            "foot": self._foot(side),
            "boxes": [self._box(box, side) for box in side.boxes],
        }

    def _head(self) -> list[str]:
        imprint = self.imprint
        dates = [] if self.wish.type == "blank" else [f"Printed {_day(imprint.today)}"]
        if imprint.saved and dates:
            dates.append(f"Last changed {_day(imprint.saved)}")
        return [
            " · ".join([*dates, f"Guide edition {imprint.edition}"]),
            f"Filled in by the patient. Not a medical record. {self.guide.site.not_reviewed}",
        ]

    def _foot(self, side: Side) -> list[str]:
        if self.wish.type == "blank":
            return []
        lines = []
        if side.left_out:
            lines.append(f"{side.left_out} {'line' if side.left_out == 1 else 'lines'} had no room on this side. All of it is in the plan.")
        if side.shortened:
            lines.append("Texts that end in … are longer in the plan.")
        lines.append(f"The plan is kept until {_day(self.imprint.expires)} unless it is opened before.")
        return [" ".join(lines)]

    def _box(self, box: Box, side: Side) -> dict[str, Any]:
        drawing = timeline.drawing(box.spans, self.imprint.today) if side.timeline else ""
        title, entries = _titled(box.title, _entries(box, side.size))
        return {
            "id": box.block.id,
            "kind": box.block.kind,
            "title": title,
            "entries": entries,
            "timeline": drawing,
            "timeline_address": _address(drawing) if drawing else "",
            "timeline_note": timeline.missing(box.spans, self.imprint.today) if drawing else "",
            "timeline_words": timeline.in_words(box.spans, self.imprint.today) if drawing else "",
        }


def _entries(box: Box, size: float) -> list[dict[str, Any]]:
    """Entries in their order; lines that follow each other stand side by side where they are short."""
    found: list[dict[str, Any]] = []
    for together, entries in groupby(box.entries, lambda entry: isinstance(entry, Line)):
        if together:
            lines = [entry for entry in entries if isinstance(entry, Line)]
            widths = paper.filling_rows([paper.width(line, size) for line in lines])
            cells = [{"label": line.label, "text": line.text, "width": width} for line, width in zip(lines, widths, strict=True)]
            found.append({"kind": "lines", "lines": cells})
        else:
            found += [_rows(entry, size) for entry in entries if isinstance(entry, Rows)]
    return found


def _titled(title: str, entries: list[dict[str, Any]]) -> tuple[str, list[dict[str, Any]]]:
    """The title of a box with its entries: it says what the label of its only list would say, and of what is cut how much."""
    lists = [entry for entry in entries if entry["kind"] != "lines"]
    if len(lists) == 1 and lists[0]["kind"] not in ("list", "label"):
        title = " ".join(filter(None, (title, lists[0]["note"])))
        entries = [{**entry, "label": "", "note": ""} if entry is lists[0] else entry for entry in entries]
    return title, entries


def _rows(rows: Rows, size: float) -> dict[str, Any]:
    if rows.columns and size == paper.LARGE and len(rows.columns) > _COLUMNS_IN_LARGE:
        rows = _untabled(rows)
    note = f"({rows.note})" if rows.note else ""
    if not rows.rows:
        return {"kind": "label", "label": rows.label, "note": note, "rows": ()}
    if rows.columns:
        columns = paper.columns(rows, size)
        return {
            "kind": "table",
            "label": rows.label,
            "note": note,
            "columns": rows.columns,
            "rows": rows.rows,
            "widths": columns.widths,
            "word": columns.word,
            "breaks": any(len(word) > columns.word for row in (rows.columns, *rows.rows) for cell in row for word in cell.split()),
        }
    widths = paper.filling_rows([paper.cell_width(row[0], size) for row in rows.rows])
    cells = [{"text": row[0], "width": width} for row, width in zip(rows.rows, widths, strict=True)]
    return {"kind": "answers" if rows.answers else "list", "label": rows.label, "note": note, "rows": cells}


def _untabled(rows: Rows) -> Rows:
    """A table that is too wide for large type, as a list."""
    told = (
        "; ".join(
            f"{label}: {cell}" if number else cell for number, (label, cell) in enumerate(zip(rows.columns, row, strict=True)) if cell
        )
        for row in rows.rows
    )
    return replace(rows, columns=(), rows=tuple((text,) for text in told))


def _address(drawing: str) -> str:
    """A drawing as the address of an image: nothing in it runs, wherever it is shown."""
    return f"data:image/svg+xml;base64,{base64.b64encode(drawing.encode()).decode()}"


def _day(day: datetime.date) -> str:
    return f"{day.day} {day:%B %Y}"
