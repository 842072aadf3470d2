"""From what a reader ticked to what is known of each fact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from guide.content.conditions import Answers
from guide.content.documents import Question
from guide.content.parse import NOT_SURE

Said: TypeAlias = dict[str, tuple[str, ...]]
"""Fact -> ids of the choices that were ticked, or ("not-sure",)."""


def known(said: Mapping[str, Sequence[str]], questions: Sequence[Question]) -> Answers:
    """The values that each answer leaves possible. "Not sure" tells nothing and is left out."""
    answers: dict[str, frozenset[str]] = {}
    for question in questions:
        ticked = said.get(question.id, ())
        if ticked and NOT_SURE not in ticked:
            answers[question.id] = frozenset().union(*(question.choice(id).means for id in ticked))
    return answers


def mistake_in(question: Question, ticked: Sequence[str]) -> str:
    """What is wrong with an answer, in words for the reader; empty where it is fine."""
    valid = {choice.id for choice in question.choices} | {NOT_SURE}
    alone = {choice.id for choice in question.choices if choice.alone} | {NOT_SURE}
    if not ticked:
        return "Choose an answer. “I’m not sure” is a good answer too."
    if set(ticked) - valid:
        return "Choose one of the answers on this page."
    if question.fact.kind == "one" and len(ticked) > 1:
        return "Choose one answer only."
    if len(ticked) > 1 and alone & set(ticked):
        words = next((choice.label for choice in question.choices if choice.id in ticked and choice.alone), "I’m not sure")
        return f"You ticked “{words}” and something else. Choose one or the other."
    return ""


def read_said(value: Mapping[object, object], questions: Sequence[Question]) -> Said:
    """Answers from outside, without those that do not fit the questions (any more)."""
    said: Said = {}
    for question in questions:
        ticked = value.get(question.id)
        if isinstance(ticked, (list, tuple)) and not mistake_in(question, [str(id) for id in ticked]):
            said[question.id] = tuple(str(id) for id in ticked)
    return said
