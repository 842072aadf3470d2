"""What to look at again in a field, in words for the reader. Pure: content says what is usual.

Advice never refuses anything, never changes what was typed, and names no limit that content does not.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import TypeAlias

from guide.content.documents import PlanCheck, PlanField
from guide.plans.dates import goes_on, read, understood
from guide.plans.values import Value

Beside: TypeAlias = Callable[[str], tuple[str, Value]]
"""A field beside this one (its key), or any of the plan (`group.key`): its label and its value."""

_NUMBER = re.compile(r"\d+(?:[.,]\d+)?", re.ASCII)
_SAVED = "It is saved as you typed it."


def advice(field: PlanField, text: str, today: datetime.date, beside: Beside, *, may_be_cut: bool = True) -> str:
    """What to look at again; empty where all is fine. `may_be_cut`: whether a full side of paper may show less than all of it."""
    if not text:
        return ""
    found = [
        _too_long(field, text) if may_be_cut else "",
        _of_type(field, text, today),
        *(_of_check(check, text, beside) for check in field.checks),
        _read_back(field, text),
    ]
    return next(filter(None, found), "")


def _too_long(field: PlanField, text: str) -> str:
    if len(text) <= field.max or field.type not in ("text", "longtext", "phone"):
        return ""
    return f"This is longer than the paper has room for ({len(text)} letters, {field.max} fit). All of it is saved here."


def _of_type(field: PlanField, text: str, today: datetime.date) -> str:
    if field.type == "date_partial":
        return _date(field, text, today)
    if field.type == "integer" and not (text.isascii() and text.isdecimal()):
        return f"This is usually a whole number, such as 6. {_SAVED}"
    if field.type == "decimal" and not _NUMBER.fullmatch(text):
        return f"This is usually a number, such as 30 or 1.8. {_SAVED}"
    return ""


def _date(field: PlanField, text: str, today: datetime.date) -> str:
    if field.period == "end" and goes_on(text):
        return ""
    reading = read(text)
    if reading.problem == "day":
        return f"This day isn’t in the calendar. Is the date right? {_SAVED}"
    if reading.problem == "year":
        return f"Which year is this? Add it, as in March 15, 2024 or 3/15/2024. {_SAVED}"
    if not reading.dates:
        return f"We can’t read this as a date. You can write March 2024, 3/15/2024 or just 2024. {_SAVED}"
    if any(date.middle.year < 1900 for date in reading.dates):
        return f"Is the year right? {_SAVED}"
    if not field.future_ok and all(date.surely_after(today) for date in reading.dates):
        return f"This day is still to come. Is it right? {_SAVED}"
    return ""


def _read_back(field: PlanField, text: str) -> str:
    """How a date is understood that might have been meant in another way."""
    reading = read(text) if field.type == "date_partial" else None
    if reading is None or reading.sure or len(reading.dates) != 1:
        return ""
    return f"{_first_capital(reading.dates[0].words)}? If you mean something else, write the month as a word, and all of the year. {_SAVED}"


def _first_capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _of_check(check: PlanCheck, text: str, beside: Beside) -> str:
    if check.when and beside(check.when[0])[1] != check.when[1]:
        return ""
    if check.pattern and not re.fullmatch(check.pattern, text):
        return f"{check.says} {_SAVED}"
    if check.not_before:
        return _order(check.not_before, text, beside)
    return _range(check, text)


def _order(other: str, text: str, beside: Beside) -> str:
    label, first = beside(other)
    mine, theirs = understood(text), understood(first) if isinstance(first, str) else None
    # A year and a month in it may be the same day: only what cannot be right is told.
    if mine and theirs and mine.surely_before(theirs):
        return f"This is before “{label}” ({first}). Are both right? {_SAVED}"
    return ""


def _range(check: PlanCheck, text: str) -> str:
    if not _NUMBER.fullmatch(text):
        return ""
    number = float(text.replace(",", "."))
    if check.least is not None and number < check.least:
        return f"This is usually {check.least} or more. {_SAVED}"
    if check.most is not None and number > check.most:
        return f"This is usually {check.most} or less. {_SAVED}"
    return ""
