"""Options under the answers that they hang on: "If a change is found: ...". Pure.

An option's lead is the demand that most options share. Options with one lead stand under one heading, in the guide's order, and what
would exclude all of them is said once, there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from guide.content.blocks import WEIGHTS
from guide.content.conditions import Answers, Condition, Fact, Wants, facts_in
from guide.content.documents import Block, Guide
from guide.content.parts import Parts, Quiet, gates, parts
from guide.content.spoken import Speech
from guide.content.weighing import Finding

Group = str
"""Where an option stands on the page: OFTEN, or its role."""
OFTEN: Group = "often-discussed"


@dataclass(frozen=True, eq=False)
class Entry:
    """An option that applies or may apply. `cautions`: what this reader should know first.

    `ways`: her answers, with one value for each that leaves all of them possible and counts as told; mostly there is one way.
    """

    finding: Finding
    group: Group
    ways: tuple[Answers, ...]
    quiet: Quiet
    cautions: tuple[Finding, ...] = ()

    @cached_property
    def parts(self) -> Parts:
        """What is open of its condition, in the first way in which it can hold."""
        return next(filter(None, (parts(self.block.when, answers, self.quiet) for answers in self.ways)), Parts())

    @cached_property
    def open_facts(self) -> frozenset[str]:
        """The facts that its open parts name, and those on which their existence hangs."""
        conditions = [*self.parts.open, *(gate for part in self.parts.open for gate in gates(part))]
        return frozenset[str]().union(*map(facts_in, conditions))

    @property
    def block(self) -> Block:
        """The option itself."""
        return self.finding.block

    @property
    def avoid(self) -> tuple[Finding, ...]:
        """The cautions for which it is not given as it is."""
        return tuple(caution for caution in self.cautions if caution.block.weight == WEIGHTS[0])

    @property
    def careful(self) -> tuple[Finding, ...]:
        """The cautions with which it is given."""
        return tuple(caution for caution in self.cautions if caution.block.weight != WEIGHTS[0])


@dataclass(frozen=True)
class Line:
    """One title on the page: an option, or variants of one. `after_if`, `unless`: what it hangs on, in words; `depends`: in names."""

    entries: tuple[Entry, ...]
    after_if: str = ""
    unless: str = ""
    depends: tuple[str, ...] = ()

    @property
    def brief(self) -> str:
        """What it is called where there is little room."""
        return self.entries[0].block.brief

    @property
    def first(self) -> Entry:
        """The option, or the first of its variants."""
        return self.entries[0]


@dataclass(frozen=True)
class Branch:
    """Lines that hang on the same answer (`after_if`, `unless`, in words), or that all people hear of.

    `kind`: under an answer; whatever the answers are; on too many answers for a sentence; at a place that was named; and what is so
    only for those whom somebody told.
    """

    kind: Literal["if", "whatever", "later", "place", "loud"]
    lines: tuple[Line, ...]
    after_if: str = ""
    unless: str = ""
    place: str = ""
    depends: tuple[str, ...] = ()

    @property
    def entries(self) -> Iterator[Entry]:
        """Its options, in their order."""
        for line in self.lines:
            yield from line.entries


def suiting_first(entries: Iterable[Entry]) -> list[Entry]:
    """Those that are not given as they are stand after those that suit; else in the guide's order."""
    return sorted(entries, key=lambda entry: bool(entry.avoid))


def line_of(entry: Entry, lead: Condition, speech: Speech, aside: frozenset[str]) -> Line:
    """The line of one option below what it hangs on. `aside`: facts whose exclusions are said once for the whole list."""
    beside = " and ".join(speech.of(demand) for demand in entry.parts.demands if demand != lead)
    return Line((entry,), beside, _unless(_beside(entry.parts.exclusions, aside), speech))


def _beside(exclusions: Iterable[Condition], aside: frozenset[str]) -> list[Condition]:
    return [one for one in exclusions if not facts_in(one) <= aside]


def _unless(exclusions: Iterable[Condition], speech: Speech) -> str:
    return ", or if ".join(dict.fromkeys(map(speech.of, exclusions)))


@dataclass(frozen=True)
class _Item:
    """What becomes one line: an option, or variants that share out the values of `shared` between them."""

    entries: tuple[Entry, ...]
    demands: tuple[Condition, ...]
    exclusions: tuple[Condition, ...]
    shared: str = ""


class Branching:
    """Puts options that hang on at most a few answers under them."""

    def __init__(self, entries: Sequence[Entry], speech: Speech, guide: Guide, aside: frozenset[str]) -> None:
        self.speech, self.guide, self.aside = speech, guide, aside
        self.order = {question.id: number for number, question in enumerate(guide.questions)}
        self.items = _joined(suiting_first(entries))
        self.count = Counter(speech.of(demand) for item in self.items for demand in item.demands)

    def branches(self) -> list[Branch]:
        """The branches, in the guide's order of what stands first in each."""
        by_lead: dict[str, list[_Item]] = {}
        leads: dict[str, Condition | None] = {}
        for item in self.items:
            lead = self._lead(item)
            words = self.speech.of(lead) if lead else ""
            leads.setdefault(words, lead)
            by_lead.setdefault(words, []).append(item)
        return [self._branch(words, by_lead[words]) for words in _in_order(leads, by_lead)]

    def _lead(self, item: _Item) -> Condition | None:
        """The demand that most options share; a single fact before a choice of more_than_one, then the order of the questions."""

        def rank(demand: Condition) -> tuple[int, bool, int]:
            first = min(self.order[fact] for fact in facts_in(demand))
            return -self.count[self.speech.of(demand)], not isinstance(demand, Wants), first

        return min(item.demands, key=rank, default=None)

    def _branch(self, words: str, items: Sequence[_Item]) -> Branch:
        more_than_one = len(items) > 1
        own = _beside(items[0].exclusions, self.aside)
        shared = [one for one in own if more_than_one and all(one in item.exclusions for item in items)]
        lines = [self._line(item, words, shared) for item in items]
        # What hangs on the same second answer stands together.
        places = {line.after_if: place for place, line in reversed(list(enumerate(lines)))}
        lines.sort(key=lambda line: (bool(line.first.avoid), places[line.after_if]))
        return Branch("if" if words else "whatever", tuple(lines), words, _unless(shared, self.speech))

    def _line(self, item: _Item, words: str, shared: Sequence[Condition]) -> Line:
        beside = [said for said in map(self.speech.of, item.demands) if said != words]
        unless = _unless((one for one in _beside(item.exclusions, self.aside) if one not in shared), self.speech)
        depends = (self.guide.question(item.shared).name,) if item.shared else ()
        return Line(item.entries, " and ".join(beside), unless, depends)


def _in_order(leads: Mapping[str, Condition | None], by_lead: Mapping[str, Sequence[_Item]]) -> list[str]:
    """The guide's order; what people had is one question for all of them, so there the bigger branch comes first."""
    facts = {words: lead.fact for words, lead in leads.items() if isinstance(lead, Wants)}
    many = [words for words in leads if words in facts and facts[words].kind == "many"]
    bigger = iter(sorted(many, key=lambda words: -len(by_lead[words])))
    found = [next(bigger) if words in many else words for words in leads]
    # Branches of one answer stand together: if it is so, if it is not.
    first: dict[str, int] = {}
    for place, words in enumerate(found):
        first.setdefault(facts[words].id if words in facts else words, place)
    return sorted(found, key=lambda words: first[facts[words].id if words in facts else words])


def _joined(entries: Sequence[Entry]) -> list[_Item]:
    """Each option by itself, but variants in one."""
    found: list[_Item] = []
    done: set[str] = set()
    for entry in entries:
        if entry.finding.url in done:
            continue
        alike = [other for other in entries if other.block.brief == entry.block.brief and bool(other.avoid) == bool(entry.avoid)]
        item = next(filter(None, (_variants(fact, alike) for fact in _facts(entry) if len(alike) > 1)), None)
        found.append(item or _Item((entry,), entry.parts.demands, entry.parts.exclusions))
        done |= {one.finding.url for one in found[-1].entries}
    return found


def _facts(entry: Entry) -> Iterator[Fact]:
    return (demand.fact for demand in entry.parts.demands if isinstance(demand, Wants))


def _variants(fact: Fact, entries: Sequence[Entry]) -> _Item | None:
    """Options that want different values of a fact, all values among them, and else the same."""
    wanted: set[str] = set()
    others = set()
    for entry in entries:
        own = [demand for demand in entry.parts.demands if isinstance(demand, Wants) and demand.fact == fact]
        wanted |= own[0].wanted if len(own) == 1 else set()
        others.add((tuple(demand for demand in entry.parts.demands if demand not in own), entry.parts.exclusions))
    if wanted != set(fact.values) or len(others) != 1:
        return None
    demands, exclusions = others.pop()
    return _Item(tuple(entries), demands, exclusions, fact.id)
