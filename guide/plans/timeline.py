"""What was when, as a drawing: a bar for each row that has dates. Pure; content says which columns are dates of what.

Black lines on white, told apart by their ends and not by colour, so that a fax or a copier loses nothing.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from guide.content.documents import Guide, PlanField
from guide.plans.advice import span as days_of
from guide.plans.values import Contents, Row

Days = tuple[datetime.date, datetime.date]
"""The first and the last day that a partial date may mean."""

MOST = 12  # bars; more would be too small to read
_FEWEST = 2  # bars; one alone tells nothing that its row does not
_EARLIEST = 1900
# In units of the drawing, of which 1000 are as wide as the paper.
_WIDTH, _NAMES, _RIGHT, _ROW, _AXIS, _LETTER, _LETTERS = 1000, 290, 20, 22, 28, 17, 34
_YEAR_APART = 62


# What XML cannot hold at all (XML 1.0, section 2.2), not even escaped.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True)
class Span:
    """A row with its dates, as they were typed.

    `kind`: it has a beginning and an end (the end may be missing: then it is not known), it goes on, or it was on one day.
    """

    name: str
    begun: str
    ended: str
    kind: Literal["ended", "goes-on", "day"]

    @property
    def words(self) -> str:
        """The same in words, for whoever cannot see the drawing."""
        if self.kind == "day":
            return f"{self.name}: {self.begun}"
        if self.kind == "goes-on":
            return f"{self.name}: since {self.begun}"
        return f"{self.name}: {self.begun or 'beginning not known'} to {self.ended or 'end not known'}"


def spans(guide: Guide, contents: Contents) -> tuple[Span, ...]:
    """Every row of the plan that has a date, in the order of the form."""
    found = []
    for group in guide.plan:
        for field in group.fields:
            rows = contents.get(group.key, field.key) if field.type == "group" else ()
            found += [span for row in rows if isinstance(row, dict) and (span := _span(field, row))]
    return tuple(found)


def newest_first(field: PlanField, rows: Sequence[Row]) -> list[Row]:
    """Rows by their dates, the newest first; those without a date come last. Rows without columns of dates stay as they are."""

    def last_day(row: Row) -> datetime.date:
        span = _span(field, row)
        days = (days_of(span.ended) or days_of(span.begun)) if span else None
        return days[1] if days else datetime.date.min

    return sorted(rows, key=last_day, reverse=True)


def drawing(all_spans: Iterable[Span], today: datetime.date) -> str:
    """The timeline as SVG, the oldest first; empty where there is too little to draw."""
    bars = _bars(all_spans, today)
    if len(bars) < _FEWEST:
        return ""
    first, last = min(begun for _, begun, _ in bars), max(today, *(ended for _, _, ended in bars))
    place = _Scale(datetime.date(first.year, 1, 1), datetime.date(last.year + 1, 1, 1))
    height = _AXIS + _ROW * len(bars) + 6
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'font-family="Arimo, Arial, Liberation Sans, sans-serif" font-size="{_LETTER}">',
        f"<title>Timeline</title><desc>{_escaped(in_words(all_spans, today))}</desc>",
        f'<rect width="{_WIDTH}" height="{height}" fill="#fff"/>',
        *_years(place, height),
    ]
    for number, (span, begun, ended) in enumerate(bars):
        middle = _AXIS + _ROW * number + _ROW / 2
        parts.append(f'<text x="0" y="{middle + _LETTER / 3:.1f}">{_escaped(_short(span.name))}</text>')
        parts += _bar(span, place(begun), place(ended), middle)
    return "".join([*parts, "</svg>"])


def in_words(all_spans: Iterable[Span], today: datetime.date) -> str:
    """What the drawing shows, in words."""
    return f"Timeline, the oldest first. {'; '.join(span.words for span, _, _ in _bars(all_spans, today))}."


def _span(field: PlanField, row: Row) -> Span | None:
    """The dates of a row as its columns say; none where there is no date that can be read."""
    dates = {column.period: str(row.get(column.key, "")) for column in field.fields if column.period}
    readable = {period: text for period, text in dates.items() if days_of(text)}
    if not readable:
        return None
    name = next((words for column in field.fields if (words := _words(column, row))), field.label)
    if "day" in readable:
        return Span(name, readable["day"], "", "day")
    kind: Literal["ended", "goes-on"] = "ended" if "end" in dates else "goes-on"
    return Span(name, readable.get("start", ""), readable.get("end", ""), kind)


def _words(column: PlanField, row: Row) -> str:
    value = row.get(column.key, "")
    labels = {choice.id: choice.label for choice in column.choices}
    return ", ".join(labels.get(item, item) for item in ([value] if isinstance(value, str) else value))


def _bars(all_spans: Iterable[Span], today: datetime.date) -> list[tuple[Span, datetime.date, datetime.date]]:
    """What can be drawn, with its first and last day: the newest of them, the oldest first."""
    found = []
    for span in all_spans:
        begun, ended = days_of(span.begun), days_of(span.ended)
        first = (begun or ended or (datetime.date.min,) * 2)[0]
        last = (ended or begun or (datetime.date.min,) * 2)[1]
        if span.kind == "goes-on":
            last = max(first, today)
        # A date that cannot be right would squeeze all others into nothing.
        if _EARLIEST <= first.year <= last.year <= today.year + 5:
            found.append((span, first, last))
    return sorted(found, key=lambda bar: (bar[1], bar[2]))[-MOST:]


class _Scale:
    """Days to places from left to right."""

    def __init__(self, first: datetime.date, last: datetime.date) -> None:
        self.first, self.days = first, (last - first).days

    def __call__(self, day: datetime.date) -> float:
        return _NAMES + (_WIDTH - _NAMES - _RIGHT) * (day - self.first).days / self.days

    @property
    def years(self) -> range:
        """The years that have room for their number."""
        count = round(self.days / 365.25)
        most = (_WIDTH - _NAMES - _RIGHT) // _YEAR_APART
        return range(self.first.year, self.first.year + count + 1, -(-count // most) or 1)


def _years(place: _Scale, height: int) -> list[str]:
    parts = []
    for year in place.years:
        x = place(datetime.date(year, 1, 1))
        parts.append(
            f'<line x1="{x:.1f}" y1="{_AXIS - 6}" x2="{x:.1f}" y2="{height}" stroke="#000" stroke-width="0.6" stroke-dasharray="2 5"/>'
        )
        if x < _WIDTH - 2 * _RIGHT:
            parts.append(f'<text x="{x:.1f}" y="{_LETTER}">{year}</text>')
    return parts


def _bar(span: Span, begun: float, ended: float, middle: float) -> list[str]:
    """A line from beginning to end. A stroke across stands for a known end, an arrow for what goes on, dashes for what is not known."""
    if span.kind == "day":
        x = (begun + ended) / 2
        return [f'<path d="M{x - 7:.1f} {middle}l7 -7 7 7 -7 7z" fill="#000"/>']
    ended = max(ended, begun + 4)
    unsure = span.kind == "ended" and not (span.begun and span.ended)
    dashes = ' stroke-dasharray="7 5"' if unsure else ""
    parts = [f'<line x1="{begun:.1f}" y1="{middle}" x2="{ended:.1f}" y2="{middle}" stroke="#000" stroke-width="5"{dashes}/>']
    if span.begun:
        parts.append(_across(begun, middle))
    if span.kind == "goes-on":
        parts.append(f'<path d="M{ended:.1f} {middle - 9}l14 9 -14 9z" fill="#000"/>')
    elif span.ended:
        parts.append(_across(ended, middle))
    return parts


def _across(x: float, middle: float) -> str:
    return f'<line x1="{x:.1f}" y1="{middle - 8}" x2="{x:.1f}" y2="{middle + 8}" stroke="#000" stroke-width="2"/>'


def _short(name: str) -> str:
    plain = " ".join(name.split())
    return plain if len(plain) <= _LETTERS else f"{plain[: _LETTERS - 1]}…"


def _escaped(text: str) -> str:
    return escape(_NOT_XML.sub("□", text))
