"""Which questions are asked. Pure: replayed from the start on every request, so that back, change
and reload need no code of their own, and answers that no longer follow fall away."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from guide.content.answers import Said, known
from guide.content.conditions import Answers, Condition, facts_in, verdict
from guide.content.documents import BlockKind, Guide, Question

WEIGHED: tuple[BlockKind, ...] = ("option", "support", "test", "ask", "callnow")


@dataclass(frozen=True)
class Walk:
    """A reader's way through the questions.

    `asked`: the questions so far, in order; all but `pending` are answered. `said`: the answers that
    still follow. `left`: how many more questions there can be at the most after the pending one.
    """

    asked: tuple[Question, ...]
    said: Said
    pending: Question | None
    left: int

    @property
    def done(self) -> bool:
        """Whether nothing more is to be asked."""
        return self.pending is None


def walk(guide: Guide, said: Said) -> Walk:
    """Replay the answers: which questions were asked, and which comes next."""
    conditions = [block.when for _, block in guide.blocks(*WEIGHED)]
    asked: list[Question] = []
    kept: Said = {}
    for position, question in enumerate(guide.questions):
        answers = known(kept, asked)
        if not worth_asking(question, conditions, answers):
            continue
        asked.append(question)
        if question.id not in said:
            left = _how_many(guide.questions[position + 1 :], conditions, answers)
            return Walk(tuple(asked), kept, question, left)
        kept[question.id] = said[question.id]
    return Walk(tuple(asked), kept, None, 0)


def worth_asking(question: Question, conditions: Iterable[Condition], answers: Answers) -> bool:
    """Whether the fact certainly exists for this reader, and something still depends on it."""
    exists = question.fact.only_when
    if exists and verdict(exists, answers).holds is not True:
        return False
    return any(_depends(condition, question.id, answers) for condition in conditions)


def _how_many(later: Sequence[Question], conditions: Sequence[Condition], answers: Answers) -> int:
    """How many of the later questions can still be asked, whatever the answers will be."""
    wanted = frozenset().union(*(_open_facts(condition, answers) for condition in conditions))
    count = 0
    # Backwards: a question that may be asked wants the facts that its own existence depends on.
    for question in reversed(later):
        exists = question.fact.only_when
        if question.id in wanted and (exists is None or verdict(exists, answers).holds is not False):
            count += 1
            wanted |= facts_in(exists) if exists else frozenset()
    return count


def _depends(condition: Condition, fact: str, answers: Answers) -> bool:
    return fact in verdict(condition, answers).missing or fact in _open_facts(condition, answers)


def _open_facts(condition: Condition, answers: Answers) -> frozenset[str]:
    """Facts named in the open part of a condition, also those that wait for another answer first."""
    found = verdict(condition, answers)
    return frozenset(clause.fact for clause in found.clauses) | found.missing if found.holds is None else frozenset()
