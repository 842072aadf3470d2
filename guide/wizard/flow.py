"""Which questions are asked. Pure: replayed from the start on every request, so that back, change
and reload need no code of their own, and answers that no longer follow fall away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeAlias

from guide.content.answers import Said, known
from guide.content.blocks import ASKED_FIRST, WARNS, WEIGHED
from guide.content.conditions import Answers, Condition, comparisons, facts_in, verdict
from guide.content.documents import Guide, Question


@dataclass(frozen=True)
class Walk:
    """A reader's way through the questions.

    First come the questions on which a danger sign, a caution, or a usual or other option depends, in the order of the
    guide; then, for those who want to know it more exactly, the further ones.

    `asked`: the questions so far, in order; all but `pending` are answered. `said`: the answers that
    still follow. `main`: how many of `asked` belong to the first part.
    """

    guide: Guide
    asked: tuple[Question, ...]
    said: Said
    pending: Question | None
    main: int

    @property
    def done(self) -> bool:
        """Whether nothing more is to be asked."""
        return self.pending is None

    @property
    def enough(self) -> bool:
        """Whether what matters most has been asked: what is still pending makes the results more exact."""
        return self.done or len(self.asked) > self.main

    @cached_property
    def left(self) -> int:
        """How many more questions there can be at the most after the pending one in this part, whatever the answers will be."""
        return self._how_many(certain=False)

    @cached_property
    def likely(self) -> int:
        """How many of those concern this reader for certain: what to expect, and to be shown."""
        return self._how_many(certain=True)

    def _how_many(self, *, certain: bool) -> int:
        if self.pending is None:
            return 0
        answers = known(self.said, self.asked)
        conditions = _conditions(self.guide) if self.enough else _main_conditions(self.guide)
        wanted = frozenset[str]().union(*(_open_facts(condition, answers) for condition in conditions))
        later = self.guide.questions[self.guide.questions.index(self.pending) + 1 :]
        count = 0
        # Backwards: a question that may be asked wants the facts that its own existence depends on.
        for question in reversed(later):
            exists = question.fact.only_when
            holds = verdict(exists, answers).holds if exists else True
            if question.id in wanted and holds is not False and question not in self.asked:
                count += 1 if holds or not certain else 0
                wanted |= facts_in(exists) if exists else frozenset()
        return count


def walk(guide: Guide, said: Said) -> Walk:
    """Replay the answers: which questions were asked, and which comes next."""
    asked: list[Question] = []
    kept: Said = {}
    pending = _ask(guide, said, main_conditions_by_fact(guide), asked, kept)
    main = len(asked)
    if pending is None:
        pending = _ask(guide, said, conditions_by_fact(guide), asked, kept)
    return Walk(guide, tuple(asked), kept, pending, main)


def _ask(guide: Guide, said: Said, conditions: ByFact, asked: list[Question], kept: Said) -> Question | None:
    """Ask what these conditions need and was not asked yet, up to the first question without an answer."""
    for question in guide.questions:
        if question.id in kept or not worth_asking(question, conditions[question.id], known(kept, asked)):
            continue
        asked.append(question)
        if question.id not in said:
            return question
        kept[question.id] = said[question.id]
    return None


@lru_cache(maxsize=2)
def _conditions(guide: Guide) -> frozenset[Condition]:
    """The different conditions of the guide's blocks."""
    return frozenset(block.when for _, block in guide.blocks(*WEIGHED))


@lru_cache(maxsize=2)
def _main_conditions(guide: Guide) -> frozenset[Condition]:
    """Those of danger signs and cautions, and of options that are usual, or another choice."""
    options = (block.when for _, block in guide.blocks("option") if block.role in ASKED_FIRST)
    return frozenset(options) | {block.when for _, block in guide.blocks(*WARNS)}


ByFact: TypeAlias = dict[str, tuple[Condition, ...]]


@lru_cache(maxsize=2)
def conditions_by_fact(guide: Guide) -> ByFact:
    """The conditions that an answer about each fact can settle."""
    return _by_fact(guide, _conditions(guide))


@lru_cache(maxsize=2)
def main_conditions_by_fact(guide: Guide) -> ByFact:
    """The same, of the conditions that are asked for first."""
    return _by_fact(guide, _main_conditions(guide))


def _by_fact(guide: Guide, conditions: Iterable[Condition]) -> ByFact:
    found: dict[str, list[Condition]] = {question.id: [] for question in guide.questions}
    for condition in conditions:
        for fact in _all_facts(condition):
            found[fact].append(condition)
    return {fact: tuple(listed) for fact, listed in found.items()}


def _all_facts(condition: Condition) -> frozenset[str]:
    """Facts that a condition names, and those that their existence depends on."""
    deeper = (_all_facts(wants.fact.only_when) for wants in comparisons(condition) if wants.fact.only_when)
    return facts_in(condition).union(*deeper)


def worth_asking(question: Question, conditions: Iterable[Condition], answers: Answers) -> bool:
    """Whether the fact certainly exists for this reader, and something still depends on it."""
    exists = question.fact.only_when
    if exists and verdict(exists, answers).holds is not True:
        return False
    return any(question.id in _open_facts(condition, answers) for condition in conditions)


def _open_facts(condition: Condition, answers: Answers) -> frozenset[str]:
    """Facts named in the open part of a condition, also those that wait for another answer first."""
    found = verdict(condition, answers)
    return frozenset(clause.fact for clause in found.clauses) | found.missing if found.holds is None else frozenset()
