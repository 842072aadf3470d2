"""Dates as FHIR writes them."""

from __future__ import annotations

import datetime
import re

_DATE = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?", re.ASCII)
TO_THE_DAY = 10  # letters


def fhir_date(text: str) -> str | None:
    """A date as FHIR writes it, to the day, the month or the year; None for what is no date."""
    match = _DATE.fullmatch(text)
    if not match:
        return None
    year, month, day = int(match[1]), match[2], match[3]
    try:
        datetime.date(year, int(month or 1), int(day or 1))
    except ValueError:
        return None
    return "-".join([f"{year:04}", *(f"{int(part):02}" for part in (month, day) if part)])
