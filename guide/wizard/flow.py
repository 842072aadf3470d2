"""Which questions are asked, page by page. Pure: replayed from the start on every request, so that back, change
and reload need no code of their own, and answers that no longer follow fall away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import groupby
from typing import TypeAlias

from guide.content.answers import Said, known
from guide.content.blocks import ASKED_FIRST, WARNS, WEIGHED
from guide.content.conditions import Answers, Condition, comparisons, facts_in, verdict
from guide.content.documents import Guide, Question
from guide.content.parse import NOT_SURE

Sheet: TypeAlias = tuple[Question, ...]
"""Questions that one page asks, or may ask, in the order of the guide."""
ByAnswer: TypeAlias = dict[str, list[str]]
"""Facts of a page -> the answers to each that bring something up there."""


@dataclass(frozen=True)
class Walk:
    """A reader's way through the questions, page by page.

    First come the questions on which a danger sign, a caution, or a usual or other option depends, in the order of the
    guide; then, for those who want to know it more exactly, the further ones. What stands on one page is asked together.

    `pages`: the questions so far, in order; all but `pending` and what is beside it are answered. `said`: the answers that
    still follow. `main`: how many of the pages belong to the first part.
    """

    guide: Guide
    pages: tuple[Sheet, ...]
    said: Said
    pending: Question | None
    main: int

    @property
    def asked(self) -> Sheet:
        """All questions so far."""
        return tuple(question for page in self.pages for question in page)

    @property
    def done(self) -> bool:
        """Whether nothing more is to be asked."""
        return self.pending is None

    @property
    def enough(self) -> bool:
        """Whether what matters most has been asked: what is still pending makes the results more exact."""
        return self.done or len(self.pages) > self.main

    @property
    def opened(self) -> bool:
        """Whether first results say something: whatever decides most has its answer, be it "not sure"."""
        return bool(self.said) and all(fact in self.said for fact in _opening(self.guide))

    @property
    def opened_at(self) -> int:
        """The number of the page that asks the last of those."""
        return max(map(self.page_of, _opening(self.guide)), default=0)

    @cached_property
    def left(self) -> int:
        """How many more pages there can be at the most after the pending one in this part, whatever the answers will be."""
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
        later = self.guide.questions[self.guide.questions.index(self.pages[-1][-1]) + 1 :]
        pages = set()
        # Backwards: a question that may be asked wants the facts that its own existence depends on.
        for question in reversed(later):
            exists = question.fact.only_when
            holds = verdict(exists, answers).holds if exists else True
            if question.id in wanted and holds is not False and question not in self.asked:
                pages |= {question.sheet} if holds or not certain else set()
                wanted |= facts_in(exists) if exists else frozenset()
        return len(pages - {self.pending.sheet})

    def waiting(self, said: Said) -> Said:
        """Of these answers, those to questions after the pending one: they may follow again, once it is answered."""
        if self.pending is None:
            return {}
        later = self.guide.questions[self.guide.questions.index(self.pending) + 1 :]
        return {question.id: said[question.id] for question in later if question.id in said and question.id not in self.said}

    def page_of(self, fact: str) -> int:
        """The number of the page that asks for a fact; 0 if none does."""
        return next((number for number, page in enumerate(self.pages, start=1) if any(question.id == fact for question in page)), 0)

    def before(self, number: int) -> Answers:
        """What was known before a page."""
        return known(self.said, tuple(question for page in self.pages[: number - 1] for question in page))

    def when_asked(self, number: int, question: Question) -> Answers:
        """What a question was asked for: what was known before its page, and the answers there that it follows from."""
        leaders = _leaders(self.guide)[question.id]
        return {**self.before(number), **known(self.said, [other for other in self.pages[number - 1] if other.id in leaders])}

    def may_follow(self, number: int) -> Sheet:
        """Questions that are not asked, and may come up on a page when other answers are given there."""
        page, asked = self.pages[number - 1], {question.id for question in self.asked}
        left = (question for question in _sheets(self.guide)[page[0].sheet] if question.id not in asked)
        return tuple(question for question in left if any(self.brought_by(number, question).values()))

    def brought_by(self, number: int, question: Question) -> ByAnswer:
        """By which answers on its page a question comes up, each of them alone. Empty where it follows from none of them."""
        conditions = conditions_by_fact(self.guide)[question.id]
        found: ByAnswer = {}
        for fact, id, answers in self._each_answer(number, question):
            found.setdefault(fact, []).extend([id] if worth_asking(question, conditions, answers) else [])
        return found

    def offered_by(self, number: int, question: Question) -> dict[str, ByAnswer]:
        """Of choices that hang on other answers of the page: by which of them each is offered."""
        leaders = _leaders(self.guide)[question.id]
        hanging = frozenset[str]().union(*(ids for condition, ids in question.offered if facts_in(condition) & leaders))
        found: dict[str, ByAnswer] = {id: {} for id in hanging}
        for fact, id, answers in self._each_answer(number, question) if hanging else ():
            for choice in hanging - question.left_out(answers):
                found[choice].setdefault(fact, []).append(id)
        return found

    def _each_answer(self, number: int, question: Question) -> Iterator[tuple[str, str, Answers]]:
        """Each answer on a page that a question follows from, with what would be known if it were the only one there."""
        before = self.before(number)
        for leader in self.pages[number - 1]:
            if leader.id in _leaders(self.guide)[question.id]:
                for choice in leader.choices:
                    yield leader.id, choice.id, {**before, leader.id: choice.means}
                yield leader.id, NOT_SURE, before


def walk(guide: Guide, said: Said) -> Walk:
    """Replay the answers: which questions were asked, and which comes next."""
    way = _Way(guide, said)
    pending = way.ask(main_conditions_by_fact(guide))
    main = len(way.pages)
    if pending is None:
        pending = way.ask(conditions_by_fact(guide))
    return Walk(guide, tuple(way.pages), way.kept, pending, main)


def whole_walk(guide: Guide, reader: Said) -> Walk:
    """The way of somebody who answers whatever is asked: with "not sure" what they do not say, or what is not offered."""
    way = walk(guide, reader)
    while way.pending is not None:
        reader = {**reader, way.pending.id: (NOT_SURE,)}
        way = walk(guide, reader)
    return way


class _Way:
    """A way while it is walked."""

    def __init__(self, guide: Guide, said: Said) -> None:
        self.guide, self.said = guide, said
        self.pages: list[Sheet] = []
        self.kept: Said = {}
        self.answers: Answers = {}

    def ask(self, wanted: ByFact) -> Question | None:
        """Ask what these conditions need and was not asked yet, up to the first question without an answer.

        A page that is asked for one of its questions asks all of them that matter to anything.
        """
        every = conditions_by_fact(self.guide)
        for sheet in _sheets(self.guide).values():
            left = [question for question in sheet if question.id not in self.kept]
            if not any(worth_asking(question, wanted[question.id], self.answers) for question in left):
                continue
            asked = self._on_page(left, every)
            if not asked:
                continue
            self.pages.append(asked)
            pending = next((question for question in asked if question.id not in self.kept), None)
            if pending:
                return pending
            self.answers = known(self.kept, self.guide.questions)
        return None

    def _on_page(self, left: list[Question], every: ByFact) -> Sheet:
        """The questions of one page: those that matter by what was known before it, and what follows from answers on it."""
        asked: list[Question] = []
        here = {question.id for question in left}
        for question in left:
            leaders = _leaders(self.guide)[question.id] & here
            if not leaders <= self.kept.keys():
                continue
            told = known(self.kept, [other for other in left if other.id in leaders]) if leaders else {}
            answers = {**self.answers, **told}
            if worth_asking(question, every[question.id], answers):
                asked.append(question)
                self._keep(question, answers)
        return tuple(asked)

    def _keep(self, question: Question, answers: Answers) -> None:
        """Keep the answer to a question, without what it no longer offers; but what has a name of its own can be told all the same."""
        ticked = self.said.get(question.id, ())
        gone = frozenset() if question.by_name else question.left_out(answers)
        if fitting := tuple(id for id in ticked if id not in gone):
            self.kept[question.id] = fitting


def _opening(guide: Guide) -> tuple[str, ...]:
    """The facts that decide most: first results come with them."""
    return guide.site.leads.opening


@lru_cache(maxsize=2)
def _sheets(guide: Guide) -> dict[str, Sheet]:
    """What each page may ask, in the order of the guide."""
    return {name: tuple(questions) for name, questions in groupby(guide.questions, key=lambda question: question.sheet)}


@lru_cache(maxsize=2)
def _leaders(guide: Guide) -> dict[str, frozenset[str]]:
    """Of each question, the facts on its own page that it, or what it offers, follows from."""
    sheets = _sheets(guide)
    return {
        question.id: frozenset().union(*map(facts_in, question.conditions)) & {other.id for other in sheets[question.sheet]}
        for question in guide.questions
    }


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
