"""Why something applies, may apply, or does not: sentences made from the verdict itself."""

from __future__ import annotations

from collections.abc import Iterable

from guide.content.conditions import Clause, Verdict
from guide.content.documents import Guide, Question


def reasons(verdict: Verdict, guide: Guide) -> list[str]:
    """The reasons of a verdict, in plain words; never empty."""
    if verdict.holds is None:
        names = dict.fromkeys(guide.question(fact).name for fact in _in_order(verdict.missing, guide))
        return [f"It depends on {_joined(names, 'and')}."]
    if not verdict.clauses:
        return ["It concerns everybody."]
    if verdict.holds:
        named = dict.fromkeys(_said(clause, guide) for clause in verdict.clauses if not _unnamed(clause, guide))
        unnamed = dict.fromkeys(
            _phrase(guide.question(clause.fact), clause.wanted) for clause in verdict.clauses if _unnamed(clause, guide)
        )
        sentences = [f"You said: {'; '.join(named)}."] if named else []
        return [*sentences, f"You did not name: {'; '.join(unnamed)}."] if unnamed else sentences
    return list(dict.fromkeys(_why_not(clause, guide) for clause in verdict.clauses))


def _unnamed(clause: Clause, guide: Guide) -> bool:
    """Whether the clause holds because none of its values was ticked."""
    return guide.question(clause.fact).fact.kind == "many" and not (clause.said or frozenset()) & clause.wanted


def _said(clause: Clause, guide: Guide) -> str:
    question = guide.question(clause.fact)
    said = clause.said or frozenset()
    if question.fact.kind == "one":
        return _phrase(question, said)
    return _phrase(question, said & clause.wanted, "and")


def _why_not(clause: Clause, guide: Guide) -> str:
    question = guide.question(clause.fact)
    wanted = _phrase(question, clause.wanted)
    aim = f"This is not for: {wanted}." if clause.negated else f"This is for: {wanted}."
    if question.fact.kind == "many" and not clause.negated:
        return f"{aim} You did not name it." if len(clause.wanted) == 1 else f"{aim} You did not name any of these."
    return f"{aim} You said: {_said(clause, guide)}."


def _phrase(question: Question, values: frozenset[str], last: str = "or") -> str:
    """Values in the words of the choices; one choice that means just these values says it shortest."""
    for choice in question.choices:
        if choice.means == values:
            return choice.said
    return _joined((question.choice(value).said for value in question.fact.values if value in values), last)


def _in_order(facts: Iterable[str], guide: Guide) -> list[str]:
    wanted = set(facts)
    return [question.id for question in guide.questions if question.id in wanted]


def _joined(words: Iterable[str], last: str) -> str:
    listed = list(words)
    return listed[0] if len(listed) == 1 else f"{', '.join(listed[:-1])} {last} {listed[-1]}"
