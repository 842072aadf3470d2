"""Proof that the wizard is right for every reader, not only for those whom somebody thought of. Pure.

What can be settled by looking at every situation is settled so (`guide.content.space`); ways through the
questions are too many for that, and are walked by random readers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import chain, combinations
from random import Random

from guide.content.answers import Said
from guide.content.blocks import FOR_ALL, ROLES, WEIGHED
from guide.content.conditions import EVERYBODY, All, Answers, Any, Condition, Not, Wants, comparisons, verdict
from guide.content.diagrams import EVERYWHERE, NOWHERE, Diagram
from guide.content.documents import Guide, Question
from guide.content.parse import NOT_SURE
from guide.content.parts import parts
from guide.content.safety import unsafe
from guide.content.space import Space
from guide.wizard.flow import conditions_by_fact, whole_walk

LONGEST_WAY = 20
"""Pages that the longest way may have before the reader has enough."""
_ORDER_EVERY = 10
"""Of so many readers one answers in another order too."""


@dataclass
class Report:
    """What was tried, and what was found wrong, each in one sentence."""

    tried: dict[str, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)


def prove(guide: Guide, *, readers: int, seed: int) -> Report:
    """Everything that must be so. `readers`: how many random ones walk; `seed` makes them the same again."""
    report, space = Report(), Space(guide.questions, guide.impossible)
    conditions = sorted({block.when for _, block in guide.blocks(*WEIGHED)}, key=repr)
    _three_answers(report, space, conditions)
    _nothing_lost(report, space, guide)
    report.wrong += map(str, unsafe(guide))
    report.tried["safety rules"] = len(guide.safety)
    _reach(report, space, guide)
    _nobody_left_alone(report, space, guide)
    _walks(report, guide, readers, Random(seed))  # noqa: S311  # nothing secret
    return report


# Conditions


def _three_answers(report: Report, space: Space, conditions: list[Condition]) -> None:
    """True only where every situation that is still possible says so, false only where none does: knowing more never contradicts."""
    tried = 0
    both, outside = space.diagrams.both, space.diagrams.outside
    for condition in conditions:
        holds = space.where(condition)
        for answers, possible in _partial_answers(space, condition):
            tried += 1
            said = verdict(condition, answers).holds
            if (said is True and both(possible, outside(holds)) != NOWHERE) or (said is False and both(possible, holds) != NOWHERE):
                report.wrong.append(f"The condition {told(condition)} is {said} for {_listed(answers)}, but not in every such situation.")
    report.tried["conditions"] = len(conditions)
    report.tried["partial answers"] = tried


def _nothing_lost(report: Report, space: Space, guide: Guide) -> None:
    """What a usual option demands and what excludes it say, together with the answers, just what its condition says."""
    tried = 0
    both = space.diagrams.both
    quiet = {question.id: question.unless_told for question in guide.questions if question.unless_told}
    conditions = {block.when for _, block in guide.blocks("option") if block.role == ROLES[0]}
    for condition in sorted(conditions, key=repr):
        holds = space.where(condition)
        for answers, possible in _partial_answers(space, condition):
            tried += 1
            left = parts(condition, answers, quiet)
            shown = space.where(left.whole) if left else NOWHERE
            if both(possible, shown) != both(possible, holds):
                report.wrong.append(f"The condition {told(condition)} is not what is left of it for {_listed(answers)}.")
    report.tried["usual options taken apart"] = tried


def _partial_answers(space: Space, condition: Condition) -> Iterator[tuple[dict[str, frozenset[str]], Diagram]]:
    """Every combination of answers to the facts that matter, "not sure" among them, with the situations that it leaves."""
    ids = space.facts_of(condition)
    questions = [question for question in space.questions if question.id in ids]
    options = [_tellable(space, question, condition) for question in questions]

    def further(place: int, answers: dict[str, frozenset[str]], possible: Diagram) -> Iterator[tuple[dict[str, frozenset[str]], Diagram]]:
        if possible == NOWHERE:
            return
        if place == len(questions):
            yield answers, possible
            return
        for values, where in options[place]:
            more = answers if values is None else {**answers, questions[place].id: values}
            yield from further(place + 1, more, space.diagrams.both(possible, where))

    yield from further(0, {}, space.world(ids))


def _tellable(space: Space, question: Question, condition: Condition) -> list[tuple[frozenset[str] | None, Diagram]]:
    """The answers to a question that the condition can tell apart, and not sure."""
    wanted = list({wants.wanted for wants in _deep_comparisons(condition) if wants.fact.id == question.id})
    fact = question.fact
    if fact.kind == "one":
        sets = [choice.means for choice in question.choices]
        alike = {frozenset(tuple(value in want for want in wanted) for value in values): values for values in sets}
    else:
        firsts = {tuple(value in want for want in wanted): value for value in reversed(fact.values)}.values()
        sets = [frozenset(some) for some in chain.from_iterable(combinations(firsts, size) for size in range(1, len(firsts) + 1))]
        alone = {value for choice in question.choices if choice.alone for value in choice.means}
        sets = [values for values in sets if len(values) == 1 or not values & alone]
        alike = {frozenset({tuple(bool(values & want) for want in wanted)}): values for values in sets}
    return [(None, EVERYWHERE), *((values, space.told(fact, values)) for values in alike.values())]


def _deep_comparisons(condition: Condition) -> Iterator[Wants]:
    for wants in comparisons(condition):
        yield wants
        if wants.fact.only_when:
            yield from _deep_comparisons(wants.fact.only_when)


# Reach


def _reach(report: Report, space: Space, guide: Guide) -> None:
    """Every block concerns somebody, and with a condition not everybody."""
    blocks = [(document, block) for document, block in guide.blocks(*WEIGHED) if block.when != EVERYBODY]
    for document, block in blocks:
        where = f"{document.path}: {block.kind} | {block.title}"
        if space.example(block.when) is None:
            report.wrong.append(f"{where}: its condition holds in no situation; mend or remove it.")
        if space.example(Not(block.when)) is None:
            report.wrong.append(f"{where}: its condition holds in every situation; leave it out.")
    report.tried["blocks with a condition"] = len(blocks)


def _nobody_left_alone(report: Report, space: Space, guide: Guide) -> None:
    """Whatever is true of a reader, a treatment, support and a question to ask are shown."""
    for kind in FOR_ALL:
        found = space.example(Not(Any(tuple(block.when for _, block in guide.blocks(kind)))))
        if found is not None:
            report.wrong.append(f"No {kind} is shown for {_listed(found)}.")
    report.tried["kinds that everybody is shown"] = len(list(FOR_ALL))


# Ways


def _walks(report: Report, guide: Guide, readers: int, random: Random) -> None:
    main, asked = [], []
    useful = _Useful(guide)
    for number in range(readers):
        reader = random_reader(guide, random)
        way = whole_walk(guide, reader)
        main.append(way.main)
        asked.append(len(way.pages))
        if way.main > LONGEST_WAY:
            report.wrong.append(f"A way has {way.main} pages: {way.said}")
        if number % _ORDER_EVERY == 0 and whole_walk(guide, _mixed(reader, random)).said != way.said:
            report.wrong.append(f"The order of answers changes the way: {reader}")
        for place, page in enumerate(way.pages, start=1):
            for question in page:
                if not useful(question, way.when_asked(place, question)):
                    report.wrong.append(f"{question.id} is asked, and no answer changes anything: {way.said}")
    report.tried |= {
        "readers": readers,
        "median pages": sorted(main)[len(main) // 2],
        "most pages": max(main),
        "most pages with the further ones": max(asked),
    }


def _mixed(reader: Said, random: Random) -> Said:
    """The same answers, given in another order."""
    return dict(random.sample(sorted(reader.items()), len(reader)))


def random_reader(guide: Guide, random: Random) -> Said:
    """Somebody who knows some of it, or all, or nothing."""
    unsure = random.choice((0.0, 0.1, 0.3, 0.6, 1.0))
    return {question.id: (NOT_SURE,) if random.random() < unsure else _answer(question, random) for question in guide.questions}


def _answer(question: Question, random: Random) -> tuple[str, ...]:
    ids = [choice.id for choice in question.choices]
    together = [choice.id for choice in question.choices if not choice.alone]
    if question.fact.kind == "one" or random.random() < 0.3:
        return (random.choice(ids),)
    return tuple(random.sample(together, random.randint(1, min(5, len(together)))))


class _Useful:
    """Whether some answer to a question changes a verdict, or whether another question is asked. Answers found are kept."""

    def __init__(self, guide: Guide) -> None:
        self.conditions = conditions_by_fact(guide)
        self.kept: dict[tuple[str, Condition, frozenset[tuple[str, frozenset[str]]]], bool] = {}

    def __call__(self, question: Question, answers: Answers) -> bool:
        return any(self._settles(question, condition, answers) for condition in self.conditions[question.id])

    def _settles(self, question: Question, condition: Condition, answers: Answers) -> bool:
        facts = {wants.fact.id for wants in _deep_comparisons(condition)}
        key = (question.id, condition, frozenset((id, values) for id, values in answers.items() if id in facts))
        if key not in self.kept:
            before = verdict(condition, answers)
            self.kept[key] = before.holds is None and any(
                verdict(condition, {**answers, question.id: choice.means}) != before for choice in question.choices
            )
        return self.kept[key]


# Words


def told(condition: Condition) -> str:
    """A condition, shortly: for the person who mends it."""
    match condition:
        case Not(condition=inner):
            return f"not ({told(inner)})"
        case All(conditions=parts):
            return " and ".join(map(told, parts)) or "everybody"
        case Any(conditions=parts):
            return f"({' or '.join(map(told, parts))})"
        case _:
            return f"{condition.fact.id}: {', '.join(sorted(condition.wanted))}"


def _listed(answers: Answers) -> str:
    return "; ".join(f"{id}: {', '.join(sorted(values))}" for id, values in sorted(answers.items())) or "somebody of whom nothing is known"
