"""Names of treatments: offered while something is typed, and recognised with a typo in them. Pure.

Names come from content. What was typed is never changed by itself, and no part of it is remembered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA
from rapidfuzz.process import extractOne

from guide.content.documents import Guide, PlanNames, Treatment

_PIECES = re.compile(r"\s*(?:[,;+&/()]|\band\b|\bwith\b)\s*", re.IGNORECASE)
_WORDS = re.compile(r"[^\W\d_][\w-]*")
_SHORTEST = 5  # letters: in fewer, one wrong letter makes another word


@dataclass(frozen=True)
class Names:
    """`offered`: as a list shows them. `known`: what counts as known, in small letters, and the name it stands for.

    `long`: those of the known names that are long enough to be recognised with a typo.
    """

    offered: tuple[str, ...]
    known: dict[str, str]
    long: tuple[str, ...]


@dataclass(frozen=True)
class Meant:
    """A name that was probably meant, and the whole text with it in the place of what was typed."""

    name: str
    text: str


@lru_cache(maxsize=4)
def names(guide: Guide, wanted: PlanNames) -> Names:
    """The names that a field offers, by title and by brand: "letrozole (Femara)", "Femara (letrozole)"."""
    offered: list[str] = []
    known: dict[str, str] = {}
    for treatment in guide.treatments.values():
        if treatment.kind not in wanted.kinds or treatment.slug in wanted.without:
            continue
        title, brands = _small(treatment.title), _brands(treatment)
        full = f"{title} ({treatment.brands[0]})" if treatment.brands else title
        offered += [full, *(f"{brand} ({title})" for brand in brands)]
        known |= dict.fromkeys((name.casefold() for name in treatment.also), full)
        known |= {brand.casefold(): f"{brand} ({title})" for brand in brands}
        known[title.casefold()] = full
    return Names(tuple(sorted(offered, key=str.casefold)), known, tuple(name for name in known if len(name) >= _SHORTEST))


def meant(text: str, names: Names) -> Meant | None:
    """A known name that differs from a piece of the text by a letter or two, where nothing in the piece is known."""
    place = 0
    for piece in filter(None, _PIECES.split(text)):
        place = text.index(piece, place)
        found = _closest(piece, names)
        if found:
            typed, name = found
            start = text.index(typed, place)
            return Meant(name, text[:start] + name + text[start + len(typed) :])
        place += len(piece)
    return None


def _closest(piece: str, names: Names) -> tuple[str, str] | None:
    """What was typed and what it probably means: the whole piece, or a word of it. None where anything in it is known."""
    tried = dict.fromkeys((piece, *_WORDS.findall(piece)))
    if any(typed.casefold() in names.known for typed in tried):
        return None
    near = [(distance, typed, name) for typed in tried for distance, name in _near(typed, names)]
    return min(near, key=lambda one: one[0])[1:] if near else None


def _near(typed: str, names: Names) -> list[tuple[float, str]]:
    """The known name that differs by a letter or two, with by how many; of a short name, by one."""
    letters = typed.casefold()
    if len(letters) < _SHORTEST:
        return []
    found = extractOne(letters, names.long, scorer=OSA.distance, processor=None, score_cutoff=2 if len(letters) >= 8 else 1)
    return [(found[1], names.known[found[0]])] if found else []


def _brands(treatment: Treatment) -> tuple[str, ...]:
    return (*treatment.brands, *treatment.old_brands)


def _small(title: str) -> str:
    """A title inside a sentence: its first letter is small unless it is an abbreviation."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title
