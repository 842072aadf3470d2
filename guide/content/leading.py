"""What a reader's results begin with: the options in the order of the page, and what each still depends on. Pure.

Certainty never decides what leads. A usual option that hangs on an open answer stands where the guide has it, under the answer that
it depends on. What it excludes is said beside it and hides nothing, and what nearly nobody has to think of, unless somebody told her,
comes last.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from guide.content.blocks import ROLES
from guide.content.branching import OFTEN, Branch, Branching, Entry, Group, Line, line_of, suiting_first
from guide.content.conditions import Answers, Condition, Wants, comparisons, facts_in, truth
from guide.content.documents import Choice
from guide.content.parts import gates
from guide.content.spoken import Speech, listed, speech_of
from guide.content.weighing import Finding, Results

INSTEAD = 5
"""So many other options stand where no usual one does."""
_MOST_DEMANDS = 2
"""Of more, a line would be no sentence any more: it says only which answers it depends on."""
_WEIGHTS: Mapping[Group, int] = {OFTEN: 3, ROLES[1]: 1}
"""What an option counts where it is asked which answer would tell most; the rest count nothing."""


@dataclass(frozen=True)
class Way:
    """The branches of one way that teams follow. Mostly there is one, without a heading."""

    heading: str
    branches: tuple[Branch, ...]


@dataclass(frozen=True)
class Leading:
    """The options of one reader in the order of the page.

    `told`: what stands above all ways, where an answer leaves more than one. `aside`: what would change some of it, and is said once,
    because nearly nobody has to think of it. `elsewhere`: usual options for places and symptoms that
    were not told. `instead`: what stands there where nothing is usual. `tells`: the facts whose answers would tell most, best first.
    """

    results: Results
    ways: tuple[Way, ...]
    elsewhere: tuple[Entry, ...]
    instead: tuple[Entry, ...]
    others: Mapping[Group, tuple[Entry, ...]]
    tells: tuple[str, ...]
    untold: tuple[str, ...]
    told: str = ""
    aside: str = ""

    @property
    def branches(self) -> list[Branch]:
        """The branches of all ways."""
        return [branch for way in self.ways for branch in way.branches]

    @property
    def nothing_first(self) -> bool:
        """Whether no usual option against the illness itself applies or may apply."""
        return not any(branch.kind != "place" for branch in self.branches)

    @property
    def often(self) -> list[Entry]:
        """What is often discussed."""
        usual = [entry for branch in self.branches for entry in branch.entries]
        return [*self.instead, *usual, *self.elsewhere]

    @property
    def shown(self) -> list[Entry]:
        """Everything that applies or may apply, in the order of the page."""
        return [*self.often, *(entry for entries in self.others.values() for entry in entries)]

    @property
    def none_suits(self) -> bool:
        """Whether each option that is often discussed has a caution for which it is not given as it is."""
        leading = [entry for branch in self.branches if branch.kind != "place" for entry in branch.entries]
        return bool(leading) and all(entry.avoid for entry in leading)


def lead(results: Results) -> Leading:
    """Put a reader's options into the order in which she should see them."""
    return _Leader(results).leading()


class _Leader:
    def __init__(self, results: Results) -> None:
        self.results, self.guide, self.answers = results, results.guide, results.answers
        self.speech: Speech = speech_of(results.guide)
        self.places = frozenset(self.guide.site.leads.places)
        self.quiet = {question.id: question.unless_told for question in self.guide.questions if question.unless_told}
        self.aside = frozenset(self.quiet) - set(self.answers)
        # What nearly nobody is told, and she was: what it leads to comes first.
        self.alarming = {fact for fact, value in self.quiet.items() if value not in self.answers.get(fact, frozenset((value,)))}
        self.order = {question.id: number for number, question in enumerate(self.guide.questions)}
        self.ranges = self._ranges()
        self.told_ways = self._told_ways()

    def leading(self) -> Leading:
        open_options = [one for one in self.results.findings if one.block.kind == "option" and one.verdict != "does-not-apply"]
        usual = [one for one in open_options if one.block.role == ROLES[0]]
        ways, elsewhere = self._ways(usual)
        placed = {entry.finding.url for way in ways for branch in way.branches for entry in branch.entries}
        nothing = not any(branch.kind != "place" for way in ways for branch in way.branches)
        instead = self._instead(open_options) if nothing else ()
        placed |= {entry.finding.url for entry in (*instead, *elsewhere)}
        others: dict[Group, tuple[Entry, ...]] = {group: self._of_role(open_options, group, placed) for group in ROLES[1:]}
        untold = tuple(fact for fact in self.guide.site.leads.opening if fact not in self.answers)
        candidates = [entry for way in ways for branch in way.branches for entry in branch.entries]
        return Leading(
            self.results,
            ways,
            elsewhere,
            instead,
            others,
            untold or self._telling(candidates or list(instead), [*candidates, *instead, *others[ROLES[1]]]),
            untold,
            " ".join(choice.heading or f"You said: {choice.said}. Ask which of these ways your team follows." for _, choice in self.ranges),
            self._aside(candidates),
        )

    def _aside(self, entries: Iterable[Entry]) -> str:
        found = dict.fromkeys(one for entry in entries for one in entry.parts.exclusions if facts_in(one) <= self.aside)
        return listed(map(self.speech.of, found), "or") if found else ""

    # Ways

    def _ranges(self) -> list[tuple[str, Choice]]:
        """Answers that leave every value possible, and say so: they count as told, and the results go several ways."""
        found = []
        for question in self.guide.questions:
            said = self.answers.get(question.id, frozenset())
            if question.fact.kind == "one" and said == frozenset(question.fact.values):
                found += [(question.id, choice) for choice in question.choices if choice.means == said]
        return found

    def _ways(self, usual: Sequence[Finding]) -> tuple[tuple[Way, ...], tuple[Entry, ...]]:
        """What does not hang on such an answer comes first; then, one way after the other, what does."""
        ranges = [fact for fact, _ in self.ranges]
        apart = [one for one in usual if facts_in(one.block.when) & set(ranges)]
        found, elsewhere = self._way("", [one for one in usual if one not in apart], self.answers)
        ways = [found]
        for answers in self.told_ways if apart else ():
            said = ", ".join(self.guide.question(fact).choice(*answers[fact]).said for fact in ranges)
            way, more = self._way(said, apart, answers)
            ways.append(way)
            elsewhere += more
        return tuple(way for way in ways if way.branches), elsewhere

    def _told_ways(self) -> tuple[Answers, ...]:
        """The answers, with one value for each that leaves all of them possible."""
        ranges = [fact for fact, _ in self.ranges]
        each = product(*(self.guide.question(fact).fact.values for fact in ranges))
        return tuple({**self.answers, **{fact: frozenset({value}) for fact, value in zip(ranges, values, strict=True)}} for values in each)

    def _way(self, heading: str, usual: Sequence[Finding], answers: Answers) -> tuple[Way, tuple[Entry, ...]]:
        kinds: dict[str, list[Entry]] = {kind: [] for kind in ("leading", "later", "place", "loud", "elsewhere")}
        for one in usual:
            if truth(one.block.when, answers) is not False:
                entry = self._entry(one, OFTEN, (answers,))
                kinds[self._kind(entry)].append(entry)
        urgent = [entry for entry in kinds["leading"] if facts_in(entry.block.when) & self.alarming]
        branches = [
            *Branching(urgent, self.speech, self.guide, self.aside).branches(),
            *Branching([entry for entry in kinds["leading"] if entry not in urgent], self.speech, self.guide, self.aside).branches(),
            *self._later(kinds["later"]),
            *self._by_place(kinds["place"]),
            *self._loud(kinds["loud"]),
        ]
        return Way(heading, tuple(branches)), tuple(kinds["elsewhere"])

    def _kind(self, entry: Entry) -> str:
        left = entry.parts
        needed = [*left.demands, *(gate for demand in left.demands for gate in gates(demand))]
        named = frozenset[str]().union(*map(facts_in, needed)) & self.places
        if named - set(self.answers):
            return "elsewhere"
        if facts_in(entry.block.when) & self.places:
            return "place"
        if any(self._is_loud(demand) for demand in left.demands):
            return "loud"
        return "later" if len(left.demands) > _MOST_DEMANDS else "leading"

    def _is_loud(self, demand: Condition) -> bool:
        return isinstance(demand, Wants) and demand.fact.id in self.quiet and demand.fact.id not in self.answers

    def _later(self, entries: Sequence[Entry]) -> Iterator[Branch]:
        if entries:
            yield Branch("later", tuple(Line((entry,), depends=self._names(entry.parts.demands)) for entry in suiting_first(entries)))

    def _by_place(self, entries: Sequence[Entry]) -> Iterator[Branch]:
        """What is for a place or symptom that she named: certain ones as lines, the others with the answers that would tell most."""
        places: dict[str, list[Entry]] = {}
        for entry in entries:
            places.setdefault(self._place(entry), []).append(entry)
        for place, there in places.items():
            certain = tuple(Line((entry,)) for entry in suiting_first(there) if not entry.parts.demands)
            open_ones = [entry for entry in there if entry.parts.demands]
            if certain:
                yield Branch("place", certain, place=place)
            if open_ones:
                facts = self._telling(open_ones, open_ones)[:2]
                names = tuple(self.guide.question(fact).name for fact in facts)
                yield Branch("place", tuple(Line((entry,)) for entry in suiting_first(open_ones)), place=place, depends=names)

    def _place(self, entry: Entry) -> str:
        """The labels of the answers that she gave about places, and that the option wants."""
        labels = []
        for fact in sorted(facts_in(entry.block.when) & self.places, key=self.order.__getitem__):
            wanted = frozenset[str]().union(*(one.wanted for one in comparisons(entry.block.when) if one.fact.id == fact))
            labels += [
                choice.label for choice in self.guide.question(fact).choices if choice.means <= self.answers.get(fact, frozenset()) & wanted
            ]
        return ", ".join(labels[:1])

    def _loud(self, entries: Sequence[Entry]) -> Iterator[Branch]:
        by_lead: dict[Condition, list[Entry]] = {}
        for entry in entries:
            by_lead.setdefault(next(demand for demand in entry.parts.demands if self._is_loud(demand)), []).append(entry)
        for loud, there in by_lead.items():
            lines = tuple(line_of(entry, loud, self.speech, self.aside) for entry in suiting_first(there))
            yield Branch("loud", lines, self.speech.of(loud))

    # The others

    def _entry(self, option: Finding, group: Group, ways: tuple[Answers, ...]) -> Entry:
        return Entry(option, group, ways, self.quiet, tuple(self.results.cautions(option)))

    def _of_role(self, options: Iterable[Finding], group: Group, placed: set[str]) -> tuple[Entry, ...]:
        there = [self._entry(one, group, self.told_ways) for one in options if one.block.role == group and one.url not in placed]
        return tuple(suiting_first(there))

    def _instead(self, options: Sequence[Finding]) -> tuple[Entry, ...]:
        """Where nothing is usual: the first of the others, those that apply before those that only may."""
        others = [one for one in options if one.block.role == ROLES[1] and not facts_in(one.block.when) & self.places]
        certain = [one for one in others if one.verdict == "applies"]
        return tuple(suiting_first(self._entry(one, OFTEN, self.told_ways) for one in (certain or others)[:INSTEAD]))

    def _names(self, conditions: Iterable[Condition]) -> tuple[str, ...]:
        facts = frozenset[str]().union(*map(facts_in, conditions))
        return tuple(self.guide.question(fact).name for fact in sorted(facts, key=self.order.__getitem__))

    # What would tell most

    def _telling(self, on_page: Sequence[Entry], weighed: Sequence[Entry]) -> tuple[str, ...]:
        """Facts that stand on the page, by how much of it their answers would settle."""
        facts = {self._first_asked(fact) for entry in on_page for condition in entry.parts.open for fact in facts_in(condition)}
        scores = {fact: self._settles(fact, weighed) for fact in facts if fact not in self.answers}
        return tuple(sorted((fact for fact in scores if scores[fact]), key=lambda fact: (-scores[fact], self.order[fact])))

    def _first_asked(self, fact: str) -> str:
        """The fact itself, or the first one that decides whether it exists."""
        gate = self.guide.question(fact).fact.only_when
        if gate is None or truth(gate, self.answers) is True:
            return fact
        needed = [one for one in facts_in(gate) if one not in self.answers]
        return self._first_asked(min(needed, key=self.order.__getitem__)) if needed else fact

    def _settles(self, fact: str, entries: Sequence[Entry]) -> float:
        concerned = [(entry, entry.parts.whole) for entry in entries if fact in entry.open_facts]
        outcomes = self._outcomes(fact, [entry for entry, _ in concerned])
        settled = 0
        for outcome in outcomes:
            told = {**self.answers, fact: outcome}
            settled += sum(_WEIGHTS.get(entry.group, 0) for entry, condition in concerned if truth(condition, told) is not None)
        return settled / len(outcomes)

    def _outcomes(self, fact: str, entries: Sequence[Entry]) -> list[frozenset[str]]:
        """The answers that may come: each value; of a fact with many, each that an option wants, and none of them."""
        the_fact = self.guide.question(fact).fact
        if the_fact.kind == "one":
            return [frozenset({value}) for value in the_fact.values]
        wanted = [one.wanted for entry in entries for part in entry.parts.open for one in _deep(part) if one.fact.id == fact]
        return [frozenset[str](), *(frozenset({value}) for value in sorted(frozenset[str]().union(*wanted)))]


def _deep(condition: Condition) -> Iterator[Wants]:
    for wants in comparisons(condition):
        yield wants
        if wants.fact.only_when:
            yield from _deep(wants.fact.only_when)
