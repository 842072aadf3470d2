"""What was when, as a drawing: a bar for each row that has dates. Pure; content says which columns are dates of what.

Black lines on white, told apart by their ends and not by colour, so that a fax or a copier loses nothing.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from html import escape
from typing import Literal

from guide.content.documents import Guide, PlanField
from guide.plans.dates import Date, goes_on, understood
from guide.plans.values import Contents, Row

Days = tuple[datetime.date, datetime.date]

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
    """A row with its dates, as they were typed, whether they can be read or not.

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

    @cached_property
    def dates(self) -> tuple[Date | None, Date | None]:
        """Beginning and end as they are understood."""
        return understood(self.begun), understood(self.ended)

    @property
    def unread(self) -> bool:
        """Whether one of its dates was typed and cannot be read."""
        return any(text and date is None for text, date in zip((self.begun, self.ended), self.dates, strict=True))

    @property
    def place(self) -> Days | None:
        """Its place in time: the middle of what its last day may be, and of its first day where it goes on; none where that is not known."""
        begun, ended = self.dates
        if self.kind == "goes-on":
            return (datetime.date.max, begun.middle) if begun else None
        last = ended if self.ended else begun
        return (last.middle, datetime.date.min) if last else None


def spans(guide: Guide, contents: Contents) -> tuple[Span, ...]:
    """Every row of the plan in which a date was typed, in the order of the form."""
    found = []
    for group in guide.plan:
        for field in group.fields:
            rows = contents.get(group.key, field.key) if field.type == "group" else ()
            found += [span for row in rows if isinstance(row, dict) and (span := _span(field, row))]
    return tuple(found)


def newest_first(field: PlanField, rows: Sequence[Row]) -> tuple[list[Row], frozenset[int]]:
    """Rows by their dates, the newest first, and which of them (by their new places) have a date that cannot be read.

    What goes on is newer than what ended. What has no end, where there is room for one, goes by its beginning. A row whose
    date is missing or cannot be read is not taken for old: it stays where it was typed, and the others are sorted around
    it. Rows without columns of dates all stay.
    """
    found = [_span(field, row) for row in rows]
    places = {number: place for number, span in enumerate(found) if span and (place := span.place)}
    sorted_ones = iter(sorted(places, key=places.__getitem__, reverse=True))
    unread = frozenset(number for number, span in enumerate(found) if number not in places and span and span.unread)
    return [rows[next(sorted_ones)] if number in places else row for number, row in enumerate(rows)], unread


def drawing(all_spans: Sequence[Span], today: datetime.date) -> str:
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


def in_words(all_spans: Sequence[Span], today: datetime.date) -> str:
    """What the drawing shows, in words, and what it does not show."""
    told = "; ".join(span.words for span, _, _ in _bars(all_spans, today))
    return " ".join(filter(None, (f"Timeline, the oldest first. {told}.", missing(all_spans, today))))


def missing(all_spans: Sequence[Span], today: datetime.date) -> str:
    """What the drawing leaves out, and why, in words; empty where all is drawn."""
    drawable = {span for span in all_spans if _days(span, today)}
    drawn = {span for span, _, _ in _bars(all_spans, today)}
    left_out = [span for span in all_spans if span not in drawable]
    told = (
        ("Not drawn, because the date could not be read", [span for span in left_out if span.unread]),
        ("Not drawn, because the year may be wrong", [span for span in left_out if not span.unread and any(span.dates)]),
        ("Drawn without a date that could not be read", [span for span in all_spans if span in drawn and span.unread]),
    )
    sentences = [f"{why}: {', '.join(dict.fromkeys(_short(span.name) for span in found))}." for why, found in told if found]
    if len(drawn) < len(drawable):
        sentences.insert(0, f"Only the newest {len(drawn)} of {len(drawable)} are drawn.")
    return " ".join(sentences)


def _span(field: PlanField, row: Row) -> Span | None:
    """The dates of a row as its columns say; none where no date was typed."""
    dates = {column.period: str(row.get(column.key, "")) for column in field.fields if column.period}
    if not any(dates.values()):
        return None
    name = next((words for column in field.fields if (words := _words(column, row))), field.label)
    if dates.get("day"):
        return Span(name, dates["day"], "", "day")
    if "end" not in dates or goes_on(dates["end"]):
        return Span(name, dates.get("start", ""), "", "goes-on")
    return Span(name, dates.get("start", ""), dates["end"], "ended")


def _words(column: PlanField, row: Row) -> str:
    value = row.get(column.key, "")
    labels = {choice.id: choice.label for choice in column.choices}
    return ", ".join(labels.get(item, item) for item in ([value] if isinstance(value, str) else value))


def _bars(all_spans: Sequence[Span], today: datetime.date) -> list[tuple[Span, datetime.date, datetime.date]]:
    """What can be drawn, with its first and last day: the newest of them, the oldest first."""
    found = [(span, *days) for span in all_spans if (days := _days(span, today))]
    return sorted(found, key=lambda bar: (bar[1], bar[2]))[-MOST:]


def _days(span: Span, today: datetime.date) -> Days | None:
    """From which day to which day it is drawn; none where it cannot be."""
    begun, ended = span.dates
    known = begun or ended
    if known is None:
        return None
    first, last = _ends(known)[0], _ends(ended or known)[1]
    if span.kind == "goes-on":
        last = max(first, today)
    # A date that cannot be right would squeeze all others into nothing.
    return (first, last) if _EARLIEST <= first.year <= last.year <= today.year + 5 else None


def _ends(date: Date) -> Days:
    """Its first and its last day; of what is open, twice the one that is known."""
    return (date.middle, date.middle) if date.precision == "open" else (date.first, date.last)


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
    """A line from beginning to end. A stroke across stands for a known end, an arrow for what goes on, dashes for what is not known.

    What was on a day is black; white where that is only about the day.
    """
    from_known, to_known = map(_is_known, span.dates)
    if span.kind == "day":
        x = (begun + ended) / 2
        look = 'fill="#000"' if from_known else 'fill="#fff" stroke="#000" stroke-width="2"'
        return [f'<path d="M{x - 7:.1f} {middle}l7 -7 7 7 -7 7z" {look}/>']
    ended = max(ended, begun + 4)
    unsure = not (from_known and (to_known or span.kind == "goes-on"))
    dashes = ' stroke-dasharray="7 5"' if unsure else ""
    parts = [f'<line x1="{begun:.1f}" y1="{middle}" x2="{ended:.1f}" y2="{middle}" stroke="#000" stroke-width="5"{dashes}/>']
    if from_known:
        parts.append(_across(begun, middle))
    if span.kind == "goes-on":
        parts.append(f'<path d="M{ended:.1f} {middle - 9}l14 9 -14 9z" fill="#000"/>')
    elif to_known:
        parts.append(_across(ended, middle))
    return parts


def _is_known(date: Date | None) -> bool:
    return date is not None and date.precision not in ("about", "open")


def _across(x: float, middle: float) -> str:
    return f'<line x1="{x:.1f}" y1="{middle - 8}" x2="{x:.1f}" y2="{middle + 8}" stroke="#000" stroke-width="2"/>'


def _short(name: str) -> str:
    plain = " ".join(name.split())
    return plain if len(plain) <= _LETTERS else f"{plain[: _LETTERS - 1]}…"


def _escaped(text: str) -> str:
    return escape(_NOT_XML.sub("□", text))
