"""Reading grade: Flesch-Kincaid (Kincaid et al. 1975) by textstat.

Names of medicines cannot be chosen by the writer and are long, so each counts as one easy word; the
raw grade is given beside it. Both are US school grades.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

import textstat

from guide.content.documents import Guide, documents
from guide.content.mistakes import Mistake, Place, mistake

HARDEST = 8.0


@dataclass(frozen=True)
class Grade:
    """US school grades of a text: with medicine names as one easy word each, and raw."""

    plain: float
    raw: float


def names_pattern(guide: Guide) -> re.Pattern[str]:
    """Matches every name of a treatment that the guide knows, in any case."""
    names: set[str] = set()
    for treatment in guide.treatments.values():
        names |= {treatment.title, *treatment.brands, *treatment.old_brands, *treatment.also}
    listed = "|".join(re.escape(name) for name in sorted(filter(None, names), key=len, reverse=True))
    return re.compile(rf"(?<!\w)(?:{listed})(?!\w)", re.IGNORECASE) if listed else re.compile(r"(?!)")


@lru_cache(maxsize=1024)
def grade(text: str, names: re.Pattern[str]) -> Grade:
    """The reading grade of running text. Kept: an edit changes one text of many."""
    if not text.strip():
        return Grade(0.0, 0.0)
    return Grade(
        round(textstat.flesch_kincaid_grade(names.sub("drug", text)), 1),
        round(textstat.flesch_kincaid_grade(text), 1),
    )


def too_hard(guide: Guide) -> list[Mistake]:
    """Documents above the limit, grade 8.0."""
    names = names_pattern(guide)
    found = []
    for document in documents(guide):
        plain = grade(document.body.text, names).plain
        if plain > HARDEST:
            found.append(mistake(document.path, "too-hard", Place(part="reading grade"), grade=plain, most=HARDEST))
    return found
