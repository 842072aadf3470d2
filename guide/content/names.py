"""Names of treatments: offered while something is typed, and recognised when they are misspelt or short. Pure.

Names come from content. What was typed is never changed by itself, and no part of it is remembered.

Wrong help harms more than none: another medicine, or another form of it, would stand on paper in the reader's name. So
a suggestion replaces one name by one name, never by two, and none is made where what was typed is the right name of
something else or is as near to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from guide.content.documents import Guide, PlanNames, Treatment, same_letters

_PIECES = re.compile(r"\s*(?:[,;+&/()]|\band\b|\bwith\b)\s*", re.IGNORECASE)
_WORDS = re.compile(r"[^\W\d_][\w-]*")
_PARTS = re.compile(r"\w+")
_UNTIED = re.compile(r"[^\w-]")
_SHORTEST = 5  # letters: in fewer, one wrong letter makes another word
_LEAST = 3  # letters of the beginning of a name
_WORDS_OF_A_NAME = 8
_LONG = 8  # letters: from here on two of them may be wrong
_MOST = 300  # letters of a text that is looked through; each word may have to be compared with every name there is
_RUN = 3  # parts that a short name may be written in: T DM 1
# First letters that are heard alike: Zeloda, Cadcyla, Phemara. Any other first letter is seldom mistaken.
_ALIKE = ("aeiouy", "ckqsxz", "fpv", "gj")


@dataclass(frozen=True)
class Names:
    """`offered`: as a list shows them. `known`: what counts as known, in small letters, and how it is written.

    `words`: all words of these names. `titles`: those of one word. `long`: those of the known names that are long enough
    to be recognised with a typo. `short`: what is written for short (as `same_letters` has it), and what it means.
    `others`: right names of something else, in small letters. `treatments`: whose names the known ones are, by slug.
    """

    offered: tuple[str, ...]
    known: dict[str, str]
    words: frozenset[str]
    titles: tuple[str, ...]
    long: tuple[str, ...]
    short: dict[str, Short]
    others: frozenset[str]
    treatments: dict[str, str]


@dataclass(frozen=True)
class Short:
    """What a short name means, and whose it is. `said`: any other name of the same treatment."""

    name: str
    treatment: str
    said: re.Pattern[str]


@dataclass(frozen=True)
class Meant:
    """A name that was probably meant, and the whole text with it in the place of what was typed. `short`: it was no typo."""

    name: str
    text: str
    short: bool = False


@dataclass(frozen=True)
class Recognized:
    """What was typed, and the slugs of the treatments that it names; where it is not `sure`, those whose names begin so."""

    typed: str
    treatments: tuple[str, ...]
    sure: bool


@dataclass(frozen=True)
class _Found:
    """From where to where something stands in a piece, and the name that it means."""

    start: int
    end: int
    name: str
    short: bool = False


@lru_cache(maxsize=4)
def names(guide: Guide, wanted: PlanNames) -> Names:
    """The names that a field offers: each title alone, and each brand with its title, "Femara (letrozole)"."""
    offered: list[str] = []
    known: dict[str, str] = {}
    slugs: dict[str, str] = {}
    treatments = {slug: one for slug, one in guide.treatments.items() if one.kind in wanted.kinds and slug not in wanted.without}
    for treatment in treatments.values():
        title, brands = _small(treatment.title), (*treatment.brands, *treatment.old_brands)
        offered += [title, *(f"{brand} ({title})" for brand in brands)]
        own = {name.casefold(): name for name in (*treatment.also, *brands, title)}
        known |= own
        slugs |= dict.fromkeys(own, treatment.slug)
    shorts = frozenset(text for text, _ in wanted.short)
    short = {text: _short(treatments[slug], shorts) for text, slug in wanted.short if slug in treatments}
    long = tuple(name for name, written in known.items() if _can_be_misspelt(written))
    titles = tuple(known[one.title.casefold()] for one in treatments.values() if _WORDS.fullmatch(one.title))
    words = frozenset(word for name in known for word in _WORDS.findall(name))
    return Names(tuple(sorted(set(offered), key=str.casefold)), known, words, titles, long, short, wanted.others, slugs)


def meant(text: str, names: Names) -> Meant | None:
    """What the first piece of the text that needs it probably means: something that it is short for, or misspells. None for a long story."""
    if len(text) > _MOST:
        return None
    for place, piece in _pieces(text):
        found = _short_in(piece, names, text) or _unknown_in(piece, names)
        if found:
            return Meant(found.name, text[: place + found.start] + found.name + text[place + found.end :], found.short)
    return None


def recognized(text: str, names: Names) -> Iterator[Recognized]:
    """What stands between commas and such: for somebody who sees at once what was made of it, and can mend it."""
    for _, piece in _pieces(text[:_MOST]):
        typed = piece.strip()
        sure = _written_in(typed, names) or _misspelt(typed, names)
        yield Recognized(typed, tuple(dict.fromkeys(sure or _beginning(typed, names))), sure=bool(sure))


def _written_in(typed: str, names: Names) -> list[str]:
    """Names that stand there in full or for short; the longest at each place."""
    words, found, place = list(_PARTS.finditer(typed)), [], 0
    while place < len(words):
        runs = (
            (end, typed[words[place].start() : words[end - 1].end()]) for end in range(min(len(words), place + _WORDS_OF_A_NAME), place, -1)
        )
        end, slug = next(((end, slug) for end, run in runs if (slug := _whose(run, names))), (place + 1, ""))
        found += [slug] if slug else []
        place = end
    return found


def _whose(run: str, names: Names) -> str:
    """The treatment whose name this is, in full or for short; else empty."""
    short = names.short.get(same_letters(run))
    return names.treatments.get(run.casefold()) or (short.treatment if short else "")


def _misspelt(typed: str, names: Names) -> list[str]:
    found = meant(typed, names)
    return [names.treatments[found.name.casefold()]] if found else []


def _beginning(typed: str, names: Names) -> list[str]:
    """The treatments with a name that begins as the first word does."""
    first = _PARTS.match(typed)
    if not first or len(first[0]) < _LEAST:
        return []
    return [slug for name, slug in names.treatments.items() if name.startswith(first[0].casefold())]


def _pieces(text: str) -> Iterator[tuple[int, str]]:
    """What stands between commas and such, with its place in the text."""
    place = 0
    for between in (*_PIECES.finditer(text), None):
        piece = text[place : between.start() if between else len(text)]
        if piece.strip():
            yield place, piece
        place = between.end() if between else place


def _short_in(piece: str, names: Names, text: str) -> _Found | None:
    """Where a short name stands in a piece. None where the text says what it means."""
    parts = list(_PARTS.finditer(piece))
    for length in range(_RUN, 0, -1):
        for first, last in zip(parts, parts[length - 1 :], strict=False):
            start, end = first.start(), last.end()
            means = names.short.get(same_letters(piece[start:end]))
            if means and not means.said.search(text) and _apart(piece[:start], piece[end:], names):
                return _Found(start, end, means.name, short=True)
    return None


def _apart(before: str, after: str, names: Names) -> bool:
    """Whether what a hyphen ties to a short name is a name, too: "Carbo-Taxol". Else the short name is a part of a longer word."""
    tied = _PARTS.findall(f"{_UNTIED.split(before)[-1]} {_UNTIED.split(after)[0]}")
    return all(part.casefold() in names.known or part.casefold() in names.short for part in tied)


def _unknown_in(piece: str, names: Names) -> _Found | None:
    """Where something stands that misspells or begins a name: the whole piece, or a word of it.

    Where a word of it is a known name, only the whole may be a longer name that is misspelt: other words tell more of
    what is named. Where a word is the right name of something else, the whole is not one name.
    """
    words = [(match.start(), match[0]) for match in _WORDS.finditer(piece)]
    whole = (len(piece) - len(piece.lstrip()), piece.strip())
    if whole[1].casefold() in names.known:
        return None
    strange = [one for one in words if one[1].casefold() not in names.words]
    unknown = [one for one in strange if one[1].casefold() not in names.others]
    together = [whole] if unknown == strange else []
    alone = [] if any(typed.casefold() in names.known for _, typed in words) else unknown
    near = [
        (found[0], _Found(start, start + len(typed), found[1]))
        for start, typed in dict.fromkeys((*together, *alone))
        if (found := _near(typed.casefold(), names))
    ]
    if near:
        return min(near, key=lambda one: one[0])[1]
    begun = (_Found(start, start + len(typed), name, short=True) for start, typed in alone if (name := _begun(typed.casefold(), names)))
    return next(begun, None)


def _begun(typed: str, names: Names) -> str:
    """The one title that begins so, where no other name does; else empty."""
    if len(typed) < _SHORTEST:
        return ""
    titles = [title for title in names.titles if title.casefold().startswith(typed)]
    if len(titles) != 1 or any(name.startswith(typed) and name not in names.known for name in names.others):
        return ""
    return titles[0]


def _near(typed: str, names: Names) -> tuple[float, str] | None:
    """The one known name that differs by a letter or two, with by how many; of a short name, by one.

    None where another name, known or of something else, is as near.
    """
    if len(typed) < _SHORTEST:
        return None
    most = 2 if len(typed) >= _LONG else 1
    found = [(by, name) for name, by, _ in extract(typed, names.long, scorer=OSA.distance, score_cutoff=most, limit=None, processor=None)]
    least = min((by for by, _ in found), default=most)
    nearest = [name for by, name in found if by == least]
    if len(nearest) != 1 or not _may_be(typed, nearest[0]):
        return None
    others = extract(typed, names.others, scorer=OSA.distance, score_cutoff=least, limit=None, processor=None)
    return None if any(name not in names.known for name, _, _ in others) else (least, names.known[nearest[0]])


def _may_be(typed: str, name: str) -> bool:
    """Whether word for word the beginnings are alike: only then it is a typo, and not something else of a like name.

    A short word, such as XR, tells forms apart: it is never mended.
    """
    pairs = list(zip(_WORDS.findall(typed), _WORDS.findall(name), strict=False))
    same_words = len(_PARTS.findall(typed)) == len(_PARTS.findall(name))
    return same_words and all(a == b or min(len(a), len(b)) > _RUN and _begin_alike(a, b) for a, b in pairs)


def _begin_alike(typed: str, name: str) -> bool:
    heard = any(typed[0] in letters and name[0] in letters for letters in _ALIKE)
    return typed[0] == name[0] or heard or typed[:2] == name[1::-1] or typed == name[1:]


def _can_be_misspelt(name: str) -> bool:
    """Long enough, in one piece, and without a number or abbreviation: there, another letter means something else."""
    abbreviated = any(word.isupper() for word in _WORDS.findall(name))
    return len(name) >= _SHORTEST and not abbreviated and not re.search(r"\d", name) and not _PIECES.search(name)


def _short(treatment: Treatment, shorts: frozenset[str]) -> Short:
    all_names = (treatment.title, *treatment.brands, *treatment.old_brands, *treatment.also)
    other = [re.escape(name) for name in all_names if same_letters(name) not in shorts]
    return Short(_small(treatment.title), treatment.slug, re.compile(rf"(?<!\w)(?:{'|'.join(other)})(?!\w)", re.IGNORECASE))


def _small(title: str) -> str:
    """A title inside a sentence: its first letter is small unless it is an abbreviation."""
    return title[:1].lower() + title[1:] if title[1:2].islower() else title
