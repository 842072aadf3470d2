"""Which questions are asked. Pure: replayed from the start on every request, so that back, change
and reload need no code of their own, and answers that no longer follow fall away."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from guide.content.answers import Said, known
from guide.content.conditions import Answers, Condition, comparisons, facts_in, verdict
from guide.content.documents import WEIGHED, Guide, Question


@dataclass(frozen=True)
class Walk:
    """A reader's way through the questions.

    `asked`: the questions so far, in order; all but `pending` are answered. `said`: the answers that
    still follow.
    """

    guide: Guide
    asked: tuple[Question, ...]
    said: Said
    pending: Question | None

    @property
    def done(self) -> bool:
        """Whether nothing more is to be asked."""
        return self.pending is None

    @cached_property
    def left(self) -> int:
        """How many more questions there can be at the most after the pending one, whatever the answers will be."""
        return self._how_many(certain=False)

    @cached_property
    def likely(self) -> int:
        """How many of those concern this reader for certain: what to expect, and to be shown."""
        return self._how_many(certain=True)

    def _how_many(self, *, certain: bool) -> int:
        if self.pending is None:
            return 0
        answers = known(self.said, self.asked)
        later = self.guide.questions[self.guide.questions.index(self.pending) + 1 :]
        wanted = frozenset[str]().union(*(_open_facts(condition, answers) for condition in _conditions(self.guide)))
        count = 0
        # Backwards: a question that may be asked wants the facts that its own existence depends on.
        for question in reversed(later):
            exists = question.fact.only_when
            holds = verdict(exists, answers).holds if exists else True
            if question.id in wanted and holds is not False:
                count += 1 if holds or not certain else 0
                wanted |= facts_in(exists) if exists else frozenset()
        return count


def walk(guide: Guide, said: Said) -> Walk:
    """Replay the answers: which questions were asked, and which comes next."""
    conditions = _conditions_by_fact(guide)
    asked: list[Question] = []
    kept: Said = {}
    for question in guide.questions:
        if not worth_asking(question, conditions[question.id], known(kept, asked)):
            continue
        asked.append(question)
        if question.id not in said:
            return Walk(guide, tuple(asked), kept, question)
        kept[question.id] = said[question.id]
    return Walk(guide, tuple(asked), kept, None)


@lru_cache(maxsize=2)
def _conditions(guide: Guide) -> frozenset[Condition]:
    """The different conditions of the guide's blocks."""
    return frozenset(block.when for _, block in guide.blocks(*WEIGHED))


@lru_cache(maxsize=2)
def _conditions_by_fact(guide: Guide) -> dict[str, tuple[Condition, ...]]:
    """The conditions that an answer about each fact can settle."""
    found: dict[str, list[Condition]] = {question.id: [] for question in guide.questions}
    for condition in _conditions(guide):
        for fact in _all_facts(condition):
            found[fact].append(condition)
    return {fact: tuple(conditions) for fact, conditions in found.items()}


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
