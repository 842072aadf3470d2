"""What to look at again in a field, in words for the reader. Pure: content says what is usual.

Advice never refuses anything, never changes what was typed, and names no limit that content does not.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import TypeAlias

from guide.content.documents import PlanCheck, PlanField
from guide.plans.values import Value

Beside: TypeAlias = Callable[[str], tuple[str, Value]]
"""A field beside this one (its key), or any of the plan (`group.key`): its label and its value."""

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?", re.ASCII)
_SAVED = "It is saved as you typed it."


def advice(field: PlanField, text: str, today: datetime.date, beside: Beside) -> str:
    """What to look at again; empty where all is fine."""
    if not text:
        return ""
    found = [_of_type(field, text, today), *(_of_check(check, text, beside) for check in field.checks)]
    return next(filter(None, found), "")


def span(text: str) -> tuple[datetime.date, datetime.date] | None:
    """The first and the last day that a year, a month or a day may mean. None where it is no date."""
    match = _DATE.fullmatch(text)
    if not match:
        return None
    year, month, day = int(match[1]), int(match[2] or 1), int(match[3] or 1)
    try:
        first = datetime.date(year, month, day)
        if match[3]:
            return first, first
        after = datetime.date(year + 1, 1, 1) if not match[2] else datetime.date(year + month // 12, month % 12 + 1, 1)
    except ValueError:
        return None
    return first, after - datetime.timedelta(days=1)


def _of_type(field: PlanField, text: str, today: datetime.date) -> str:
    if len(text) > field.max and field.type in ("text", "longtext", "phone"):
        return f"This is longer than the paper has room for ({len(text)} letters, {field.max} fit). All of it is saved here."
    if field.type == "date_partial":
        return _date(text, today, future_ok=field.future_ok)
    if field.type == "integer" and not (text.isascii() and text.isdecimal()):
        return f"This is usually a whole number, such as 6. {_SAVED}"
    if field.type == "decimal" and not _NUMBER.fullmatch(text):
        return f"This is usually a number, such as 30 or 1.8. {_SAVED}"
    return ""


def _date(text: str, today: datetime.date, *, future_ok: bool) -> str:
    days = span(text)
    if days is None:
        return f"Write a year, a month or a day: 2024, 2024-03 or 2024-03-15. {_SAVED}"
    if days[0].year < 1900:
        return f"Is the year right? {_SAVED}"
    if days[0] > today and not future_ok:
        return f"This day is still to come. Is it right? {_SAVED}"
    return ""


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
    mine, theirs = span(text), span(first) if isinstance(first, str) else None
    # A year and a month in it may be the same day: only what cannot be right is told.
    if mine and theirs and mine[1] < theirs[0]:
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
