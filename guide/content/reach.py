"""What nobody could ever reach: a block whose condition holds in no situation, a question that nobody is asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeAlias

from guide.content.blocks import WEIGHED
from guide.content.conditions import EVERYBODY, Condition, Fact, comparisons
from guide.content.diagrams import TooWideError
from guide.content.documents import Choice, Guide
from guide.content.mistakes import Mistake, Place, mistake
from guide.content.space import Space

Situation: TypeAlias = Mapping[str, frozenset[str]]
"""Facts with the values that are there."""
Example: TypeAlias = Callable[[Condition], Situation | None]
"""A situation in which a condition holds; None where nobody can be in one. Raises TooWideError."""

_Key = tuple[tuple[tuple[Fact, tuple[Choice, ...]], ...], tuple[Condition, ...]]

TOO_WIDE = "when-too-wide"
_MOST_KEPT = 20_000
_MOST_COMPARED = 200_000
"""Pairs of nodes that are kept in memory. All conditions of today come to some 90,000."""
_using = threading.Lock()
_kept: dict[_Key, tuple[Space, dict[Condition, Situation | TooWideError | None]]] = {}


@contextmanager
def space_of(guide: Guide) -> Iterator[Space]:
    """The situations of a guide, for one user at a time. Kept: an edit hardly ever changes a question."""
    with _using:
        yield _situations(guide)[0]


@contextmanager
def examples_of(guide: Guide) -> Iterator[Example]:
    """What finds a situation in which a condition holds, or None where nobody can be in one; for one user at a time.

    What was found is kept: an edit changes few conditions of many, and most edits none. Raises TooWideError, as what is asked does.
    """
    with _using:
        _, known = _situations(guide)

        def example(condition: Condition) -> Situation | None:
            if condition not in known:
                try:
                    known[condition] = _situations(guide)[0].example(condition)
                except TooWideError:
                    known[condition] = TooWideError()  # the one that was raised holds all that was compared
            found = known[condition]
            if isinstance(found, TooWideError):
                raise TooWideError
            return found

        yield example


def unreachable(guide: Guide) -> list[Mistake]:
    """Blocks that concern nobody, and questions that are asked of nobody; and conditions that are too wide to tell."""
    try:
        with examples_of(guide) as example:
            return [*_blocks_of_nobody(guide, example), *_questions_of_nobody(guide, example)]
    except TooWideError:
        widest = max(guide.questions, key=lambda question: len(list(comparisons(question.fact.only_when or EVERYBODY))))
        return [mistake(widest.path, "questions-too-wide", Place("only_when"))]


def _blocks_of_nobody(guide: Guide, example: Example) -> Iterator[Mistake]:
    for document, block in guide.blocks(*WEIGHED):
        if block.when != EVERYBODY and (code := _wrong(block.when, example, "when-of-nobody")):
            yield mistake(document.path, code, Place("when", block.name))


def _questions_of_nobody(guide: Guide, example: Example) -> Iterator[Mistake]:
    for question in guide.questions:
        if question.fact.only_when and (code := _wrong(question.fact.only_when, example, "question-of-nobody")):
            yield mistake(question.path, code, Place("only_when"))


def _wrong(condition: Condition, example: Example, never: str) -> str:
    """The code of what is wrong with a condition; empty where it is fine."""
    try:
        return never if example(condition) is None else ""
    except TooWideError:
        return TOO_WIDE


def _situations(guide: Guide) -> tuple[Space, dict[Condition, Situation | TooWideError | None]]:
    key: _Key = (tuple((question.fact, question.choices) for question in guide.questions), guide.impossible)
    if key not in _kept or len(_kept[key][1]) > _MOST_KEPT:
        _kept.clear()
        _kept[key] = (Space(guide.questions, guide.impossible), {})
    space, known = _kept[key]
    if space.diagrams.compared > _MOST_COMPARED:  # most of it for conditions that are too wide
        _kept[key] = (Space(guide.questions, guide.impossible), known)
    return _kept[key]
