"""What a reader is told, in the order of the page: her situation in a sentence, what is talked about first, what to ask. Pure.

Screen, print and PDF read the same, so they cannot disagree.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from guide.content.answers import Said
from guide.content.blocks import WEIGHTS
from guide.content.branching import Branch, Entry, Line
from guide.content.conditions import Wants, comparisons, facts_in
from guide.content.documents import Guide, Question
from guide.content.leading import Leading
from guide.content.parse import NOT_SURE
from guide.content.spoken import listed, speech_of
from guide.content.weighing import Finding, Results

IN_SHORT = 3
"""Lines, answers that would tell most, and questions for the next visit: as many as fit one screen and one visit."""
_MOST_TITLES = 2
_MOST_NAMES = 3
_SHORT = 25
_LETTERS = 430
"""So many letters fit the box on a phone, beside its headings."""
_CITE = re.compile(r"<sup\b.*?</sup>", re.DOTALL)
_END = re.compile(r"</(?:p|li|h\d|tr|dd|dt)>|<br\s*/?>")
_TAG = re.compile(r"<[^>]+>")
_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-Z“\"])")
_GAP = re.compile(r"\{([a-z0-9-]+)\}")


# Her situation


def situation(guide: Guide, said: Said) -> str:
    """What she told, in a sentence or two; the parts of it that she did not tell are left out."""
    pieces = [piece for wordings in guide.site.leads.situation if (piece := _piece(guide, said, wordings))]
    sentences = ""
    for piece in pieces:
        sentences += f". {piece}" if sentences and piece[0].isupper() else f", {piece}" if sentences else piece
    return f"{sentences}." if sentences else ""


def _piece(guide: Guide, said: Said, wordings: Sequence[str]) -> str:
    """The first wording of which every fact is told."""
    for wording in wordings:
        told = {fact: _in_words(guide, said, fact) for fact in _GAP.findall(wording)}
        if all(told.values()):
            return _GAP.sub(partial(_filled, told), wording)
    return ""


def _filled(told: Mapping[str, str], gap: re.Match[str]) -> str:
    return told[gap[1]]


def _in_words(guide: Guide, said: Said, fact: str) -> str:
    ticked = [id for id in said.get(fact, ()) if id != NOT_SURE]
    return listed((guide.question(fact).choice(id).said for id in ticked), "and") if ticked else ""


# In short


@dataclass(frozen=True)
class ShortLine:
    """What people often talk about first, in one line: what it hangs on, what it is, and why none of it is given as it is."""

    after_if: str
    titles: str
    way: str = ""
    withheld: str = ""


def short_lines(leading: Leading) -> list[ShortLine]:
    """The first lines of what is often discussed, of each way that teams follow; of what is for a place that was named, one at most."""
    if leading.nothing_first:
        return [ShortLine("", entry.block.brief) for entry in leading.instead[:IN_SHORT]]
    ways: list[list[ShortLine]] = []
    places = 0
    for way in leading.ways:
        lines: list[ShortLine] = []
        for branch in way.branches:
            places += branch.kind == "place"
            if branch.kind != "later" and not branch.depends and (branch.kind != "place" or places == 1):
                lines += [replace(line, way=way.heading) for line in _of_branch(branch)]
        ways.append(lines)
    # Of several ways each is there.
    each = max(1, IN_SHORT // len(ways))
    return [line for lines in ways for line in lines[:each]][:IN_SHORT]


def _of_branch(branch: Branch) -> Iterator[ShortLine]:
    """What hangs on the same answers in one line; what is not given as it is in one of its own."""
    beside: dict[tuple[str, str], list[str]] = {}
    for line in branch.lines:
        beside.setdefault((line.after_if, withheld(line.first)), []).append(line.brief)
    for (after_if, why), titles in beside.items():
        yield ShortLine(" and ".join(filter(None, (branch.after_if, after_if))), _titles(titles), withheld=why)


def _titles(titles: Iterable[str]) -> str:
    """Short titles in a sentence: "a, b or 2 more"."""
    named = [_small(title) for title in dict.fromkeys(titles)]
    if len(named) > _MOST_TITLES + 1:
        named = [*named[:_MOST_TITLES], f"{len(named) - _MOST_TITLES} more"]
    between, last = ("; ", "; or ") if any("," in title for title in named) else (", ", " or ")
    text = f"{between.join(named[:-1])}{last}{named[-1]}" if len(named) > 1 else named[0]
    return text[0].upper() + text[1:]


def _small(title: str) -> str:
    """A title inside a sentence: names that have more capitals, or a sign in their first word, stay as they are."""
    word = title.split(" ")[0]
    return title[0].lower() + title[1:] if word[1:].islower() or word == "A" else title


def asks(leading: Leading) -> list[Question]:
    """The questions whose answers would tell most: as many as have room in the box beside its lines, and one at least."""
    found = [leading.results.guide.question(fact) for fact in leading.tells[:IN_SHORT]]
    letters = sum(len(line.way) + len(line.after_if) + len(line.titles) for line in short_lines(leading))
    while len(found) > 1 and letters + sum(len(question.ask) for question in found) > _LETTERS and not leading.untold:
        found.pop()
    return found


# Cautions


@dataclass(frozen=True)
class Told:
    """What to take care of, with the treatments that it concerns. `first`: one of them is often discussed, or it is not given as it is."""

    cautions: tuple[Finding, ...]
    first: bool

    @property
    def caution(self) -> Finding:
        """The caution itself; the others have the same text."""
        return self.cautions[0]

    @property
    def treatments(self) -> str:
        """The names of what it is about."""
        return ", ".join(dict.fromkeys(caution.document.title for caution in self.cautions))


@dataclass(frozen=True)
class Because:
    """The cautions that have one reason, each text once."""

    cause: str
    first: tuple[Told, ...]
    more: tuple[Told, ...]

    @property
    def all(self) -> tuple[Told, ...]:
        """Every one, those about what is often discussed first."""
        return (*self.first, *self.more)


def because(leading: Leading) -> list[Because]:
    """Every caution about what is shown, under its reason; for what is not given as it is first."""
    causes: dict[str, dict[tuple[str, str], list[Finding]]] = {}
    urgent: set[str] = set()
    often = leading.often
    for entry in leading.shown:
        for caution in entry.cautions:
            texts = causes.setdefault(cause_of(caution), {})
            there = texts.setdefault((caution.block.title, caution.block.html), [])
            if caution not in there:
                there.append(caution)
            if caution.block.weight == WEIGHTS[0] or entry in often:
                urgent.add(caution.url)
    found = []
    for why, texts in causes.items():
        told = [_told(cautions, urgent) for cautions in texts.values()]
        told.sort(key=lambda one: one.caution.block.weight != WEIGHTS[0])
        found.append(Because(why, tuple(one for one in told if one.first), tuple(one for one in told if not one.first)))
    return sorted(found, key=lambda one: one.all[0].caution.block.weight != WEIGHTS[0])


def _told(cautions: Sequence[Finding], urgent: set[str]) -> Told:
    return Told(tuple(cautions), any(caution.url in urgent for caution in cautions))


def cause_of(caution: Finding) -> str:
    """What it is that makes the caution hers, after "Because"."""
    speech = speech_of(caution.guide)
    said = []
    for wants in dict.fromkeys(comparisons(caution.block.when)):
        told = wants.wanted & caution.answers.get(wants.fact.id, frozenset())
        if told and wants.fact.id in caution.facts:
            said.append(speech.of(Wants(wants.fact, told)))
    return " and ".join(dict.fromkeys(said)) or "of what you told us"


def withheld(entry: Entry) -> str:
    """What of an option is not given as it is, and why; empty where all of it is."""
    return _weighty(entry, entry.avoid)


def take_care(entry: Entry) -> str:
    """What of it is given with care, and why; empty where there is nothing to take care of."""
    told = {cause_of(caution) for caution in entry.avoid}
    return _weighty(entry, [caution for caution in entry.careful if cause_of(caution) not in told])


def _weighty(entry: Entry, cautions: Sequence[Finding]) -> str:
    """Of an option that names several treatments, it may be true of one alone: the others can still suit."""
    if not cautions:
        return ""
    heading, causes = cautions[0].block.heading, listed(map(cause_of, cautions), "and")
    about = dict.fromkeys(caution.document for caution in cautions)
    if len(about) > _MOST_NAMES or {one.slug for one in about} == set(entry.block.treatments):
        return f"{heading}, because {causes}"
    names = listed((_small(one.title) for one in about), "and")
    return f"{names[0].upper()}{names[1:]}: {heading.lower()}, because {causes}"


def none_suits(leading: Leading) -> str:
    """Why nothing that is often discussed is given as it is; empty where something is."""
    if not leading.none_suits:
        return ""
    return listed((cause_of(caution) for entry in leading.often for caution in entry.avoid), "and")


# Tests, help, questions


def tests(leading: Leading) -> tuple[list[Finding], list[Finding]]:
    """Tests that could change the choice, what would tell most first; and the others. Not those whose results she told."""
    found = leading.results.of("test", "applies")
    found = [one for one in found if not one.block.tells or set(one.block.tells) - set(leading.results.answers)]
    telling = [one for one in found if set(one.block.tells) & set(leading.tells)]
    telling.sort(key=lambda one: min(leading.tells.index(fact) for fact in one.block.tells if fact in leading.tells))
    return telling, [one for one in found if one not in telling]


def help_now(results: Results) -> tuple[list[Finding], list[Finding]]:
    """Help for what she feels now; and the rest."""
    feels = {question.id for question in results.guide.questions if question.now}
    found = results.of("support", "applies")
    first = [one for one in found if one.facts & feels]
    return first, [one for one in found if one not in first]


@dataclass(frozen=True)
class ToAsk:
    """Questions for the next visit: a few first, then the others, then those that everybody can ask."""

    first: tuple[str, ...]
    more: tuple[str, ...]
    for_all: tuple[str, ...]


def to_ask(leading: Leading) -> ToAsk:
    """The questions that would settle most first; where there are few, those of her situation."""
    results = leading.results
    found = results.of("ask", "applies")
    telling = [results.guide.question(fact).ask for fact in leading.tells]
    own = [*telling, *(one.block.title for one in found if one.facts), *results.gaps()]
    for_all = [one.block.title for one in found if not one.facts]
    listed_once = list(dict.fromkeys([*own, *for_all]))
    first = listed_once[:IN_SHORT]
    more = [text for text in dict.fromkeys(own) if text not in first]
    return ToAsk(tuple(first), tuple(more), tuple(text for text in for_all if text not in (*first, *more)))


# Texts


def paragraphs(rendered: str) -> list[str]:
    """The paragraphs and list items of rendered Markdown as plain text, without marks of sources."""
    texts = (html.unescape(_TAG.sub("", piece)) for piece in _END.split(_CITE.sub("", rendered)))
    return [text for text in (" ".join(piece.split()) for piece in texts) if text]


@lru_cache(maxsize=2_000)
def first_sentence(rendered: str) -> str:
    """What it begins with: a sentence, or two short ones."""
    sentences = _SENTENCE.split(paragraphs(rendered)[0]) if paragraphs(rendered) else [""]
    return " ".join(sentences[:2]) if len(sentences[0]) < _SHORT else sentences[0]


def depends(line: Line) -> str:
    """The names of the answers that a line still depends on."""
    return listed(line.depends, "and") if line.depends else ""


def open_answers(entry: Entry) -> str:
    """The names of the answers that an option still depends on, in the order of the questions."""
    guide = entry.finding.guide
    facts = frozenset[str]().union(*map(facts_in, entry.parts.demands))
    names = [question.name for question in guide.questions if question.id in facts]
    return listed(names, "and") if names else ""
