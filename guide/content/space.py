"""The space of situations that a reader can be in, and which of them a condition holds in: exact, not sampled.

A situation gives every fact that exists in it its true value or values. Conditions over situations have two
answers; `conditions` has the third one, for a reader who knows only some of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from guide.content.conditions import All, Any, Condition, Fact, Not, Wants, comparisons
from guide.content.diagrams import Diagram, Diagrams
from guide.content.documents import Question


@dataclass(frozen=True)
class Share:
    """How many of the situations that some facts can make."""

    count: int
    of: int


class Space:
    """Every situation that the questions can tell apart.

    What a condition comes to is found within a moment, or TooWideError is raised, also where they are set up.
    """

    def __init__(self, questions: Iterable[Question], impossible: Iterable[Condition] = ()) -> None:
        self.questions = tuple(questions)
        self.facts = {question.id: question.fact for question in self.questions}
        self.diagrams = Diagrams(_name(fact, value) for fact in self.facts.values() for value in fact.values)
        with self.diagrams.bounded():
            self._possible = {question.id: self._rule(question) for question in self.questions}
            self._impossible = [(self.facts_of(condition), self.where(condition)) for condition in impossible]

    def where(self, condition: Condition) -> Diagram:
        """The situations in which a condition holds."""
        match condition:
            case Wants(fact=fact, wanted=wanted):
                there = self.diagrams.any(self._values(fact, wanted))
                return self.diagrams.both(there, self.where(fact.only_when)) if fact.only_when else there
            case Not(condition=inner):
                return self.diagrams.outside(self.where(inner))
            case All(conditions=parts):
                return self.diagrams.all(map(self.where, parts))
            case Any(conditions=parts):
                return self.diagrams.any(map(self.where, parts))

    def told(self, fact: Fact, values: frozenset[str]) -> Diagram:
        """The situations that an answer leaves: if the fact exists, it is as was said."""
        said = self.diagrams.any(self._values(fact, values))
        if fact.kind == "many":
            others = self.diagrams.any(self._values(fact, set(fact.values) - values))
            said = self.diagrams.all([*self._values(fact, values), self.diagrams.outside(others)])
        return self.diagrams.any([said, self.diagrams.outside(self.where(fact.only_when))]) if fact.only_when else said

    def world(self, facts: Iterable[str]) -> Diagram:
        """What is possible at all, of these facts."""
        ids = frozenset(facts)
        never = (self.diagrams.outside(where) for needed, where in self._impossible if needed <= ids)
        return self.diagrams.all([*(self._possible[id] for id in sorted(ids)), *never])

    def example(self, condition: Condition) -> Mapping[str, frozenset[str]] | None:
        """A situation in which a condition holds, told by the facts that matter; None if there is none."""
        ids = self.facts_of(condition)
        ids = ids.union(*(needed for needed, _ in self._impossible if needed & ids))
        with self.diagrams.bounded():
            way = self.diagrams.pick(self.diagrams.both(self.where(condition), self.world(ids)))
        if way is None:
            return None
        values = {id: frozenset(value for value in self.facts[id].values if way[_name(self.facts[id], value)]) for id in sorted(ids)}
        return {id: there for id, there in values.items() if there}

    def share(self, condition: Condition, facts: Iterable[str] = ()) -> Share:
        """In how many situations a condition holds, of all that its facts (and these) can make."""
        ids = self.facts_of(condition) | self._deep(facts)
        names = [_name(self.facts[id], value) for id in ids for value in self.facts[id].values]
        with self.diagrams.bounded():
            world = self.world(ids)
            there = self.diagrams.both(self.where(condition), world)
        return Share(self.diagrams.count(there, names), self.diagrams.count(world, names))

    def facts_of(self, condition: Condition) -> frozenset[str]:
        """Facts that a condition names, and those that their existence depends on."""
        return self._deep(wants.fact.id for wants in comparisons(condition))

    def _deep(self, facts: Iterable[str]) -> frozenset[str]:
        found: set[str] = set()
        left = list(facts)
        while left:
            fact = self.facts[left.pop()]
            if fact.id not in found:
                found.add(fact.id)
                left += [wants.fact.id for wants in comparisons(fact.only_when)] if fact.only_when else []
        return frozenset(found)

    def _rule(self, question: Question) -> Diagram:
        """A fact that exists has one value (kind one), or values that go together (kind many); else it has none."""
        diagrams, fact = self.diagrams, question.fact
        alone = {value for choice in question.choices if choice.alone for value in choice.means}
        values = dict(zip(fact.values, self._values(fact, fact.values), strict=True))
        some = diagrams.any(values.values())
        apart = diagrams.all(
            diagrams.outside(diagrams.both(values[one], values[other]))
            for place, one in enumerate(fact.values)
            for other in fact.values[place + 1 :]
            if fact.kind == "one" or {one, other} & alone
        )
        there = diagrams.both(some, apart)
        if fact.only_when is None:
            return there
        exists = self.where(fact.only_when)
        gone = diagrams.both(diagrams.outside(exists), diagrams.outside(some))
        return diagrams.any([diagrams.both(exists, there), gone])

    def _values(self, fact: Fact, values: Iterable[str]) -> list[Diagram]:
        return [self.diagrams.var(_name(fact, value)) for value in values]


def _name(fact: Fact, value: str) -> str:
    """A variable: this fact has this value."""
    return f"{fact.id}={value}"
