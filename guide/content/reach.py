"""What nobody could ever reach: a block whose condition holds in no situation, a question that nobody is asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import TypeAlias

from guide.content.conditions import EVERYBODY, Condition, Fact
from guide.content.documents import WEIGHED, Choice, Guide
from guide.content.errors import Mistake
from guide.content.space import Space

Situation: TypeAlias = Mapping[str, frozenset[str]]
"""Facts with the values that are there."""

_Key = tuple[tuple[tuple[Fact, tuple[Choice, ...]], ...], tuple[Condition, ...]]

_MOST_KEPT = 20_000
_using = threading.Lock()
_kept: dict[_Key, tuple[Space, dict[Condition, Situation | None]]] = {}


@contextmanager
def space_of(guide: Guide) -> Iterator[Space]:
    """The situations of a guide, for one user at a time. Kept: an edit hardly ever changes a question."""
    with _using:
        yield _situations(guide)[0]


@contextmanager
def examples_of(guide: Guide) -> Iterator[Callable[[Condition], Situation | None]]:
    """What finds a situation in which a condition holds, or None where nobody can be in one; for one user at a time.

    What was found is kept: an edit changes few conditions of many, and most edits none.
    """
    with _using:
        space, known = _situations(guide)

        def example(condition: Condition) -> Situation | None:
            if condition not in known:
                known[condition] = space.example(condition)
            return known[condition]

        yield example


def unreachable(guide: Guide) -> list[Mistake]:
    """Blocks that concern nobody, and questions that are asked of nobody."""
    with examples_of(guide) as example:
        found = [
            Mistake(
                document.path, f"{block.kind} | {block.title}: when", "nobody can be in this situation: two parts of it exclude each other"
            )
            for document, block in guide.blocks(*WEIGHED)
            if block.when != EVERYBODY and example(block.when) is None
        ]
        return found + [
            Mistake(question.path, "only_when", "nobody can be in this situation, so the question is never asked")
            for question in guide.questions
            if question.fact.only_when and example(question.fact.only_when) is None
        ]


def _situations(guide: Guide) -> tuple[Space, dict[Condition, Situation | None]]:
    key: _Key = (tuple((question.fact, question.choices) for question in guide.questions), guide.impossible)
    if key not in _kept or len(_kept[key][1]) > _MOST_KEPT:
        _kept.clear()
        _kept[key] = (Space(guide.questions, guide.impossible), {})
    return _kept[key]
