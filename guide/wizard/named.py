"""Answers by name: from what somebody types to the choices of a question. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

from guide.content.documents import Choice, Guide, Question
from guide.content.names import Recognized, names, recognized

_LEAST = 3  # letters of a word of a choice's own label


@dataclass(frozen=True)
class Found:
    """What was typed, and the choices that it stands for. None: `why` says what to do instead."""

    typed: str
    choices: tuple[Choice, ...] = ()
    why: str = ""


def choices_named(guide: Guide, question: Question, text: str) -> list[Found]:
    """What was made of each thing that was typed, between commas and such."""
    if question.by_name is None:
        return []
    return [_found(question, question.by_name.choices, one) for one in recognized(text, names(guide, question.by_name.list))]


def _found(question: Question, by_treatment: Mapping[str, tuple[str, ...]], one: Recognized) -> Found:
    each = {by_treatment.get(slug, ()) for slug in one.treatments}
    ids = set(chain.from_iterable(each)) if one.sure or len(each) == 1 else set[str]()
    ids = ids or (set() if one.treatments else _labelled(question.choices, one.typed))
    if ids:
        return Found(one.typed, tuple(choice for choice in question.choices if choice.id in ids))
    if not one.treatments:
        return Found(one.typed, why="We don’t know this name. Check how it is spelled, or choose below.")
    if len(each) > 1:
        return Found(one.typed, why="Several names begin like this. Type a few more letters.")
    return Found(one.typed, why="This question doesn’t ask about it. You don’t have to add it here.")


def _labelled(choices: Iterable[Choice], typed: str) -> set[str]:
    """The one choice with a word in its label that begins so: names of kinds, such as "taxane"."""
    if len(typed) < _LEAST:
        return set()
    # What goes on with "to" or "for" is less than what was typed: it may be of another place.
    begins = re.compile(rf"\b{re.escape(typed)}[\w-]*+(?! (?:to|for)\b)", re.IGNORECASE)
    found = {choice.id for choice in choices if not choice.alone and begins.search(choice.label)}
    return found if len(found) == 1 else set()
