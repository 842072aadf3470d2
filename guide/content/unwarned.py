"""What the text of a treatment names, and no caution tells: who has that illness would not be told among the results. Pure.

Which words name an illness stands beside its choice, as `named`.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from guide.content.conditions import verdict
from guide.content.documents import Block, Choice, Guide, Question, Treatment
from guide.content.mistakes import Mistake, Place, mistake

_TAG = re.compile(r"<[^>]*>")


def unwarned(guide: Guide) -> list[Mistake]:
    """Every illness that a treatment's text names without a caution for it. Tests are not taken or had for weeks: they need none."""
    named = {words.casefold(): (question, choice) for question in guide.questions for choice in question.choices for words in choice.named}
    if not named:
        return []
    # The longest first, so that words which hold others are found as a whole.
    pattern = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(named, key=len, reverse=True)))})", re.IGNORECASE)
    return [
        mistake(treatment.path, "illness-without-caution", Place(part="text", quote=words), words=repr(words), **_wanted(*who))
        for treatment in guide.treatments.values()
        if treatment.kind != "test"
        for words, who in _first_of_each(pattern, named, treatment)
        if not _warned(treatment, *who)
    ]


_Who = tuple[Question, Choice]


def _wanted(question: Question, choice: Choice) -> dict[str, str]:
    return {"answer": choice.label, "when": f"{{{question.id}: {choice.id}}}"}


def _first_of_each(pattern: re.Pattern[str], named: dict[str, _Who], treatment: Treatment) -> Iterator[tuple[str, _Who]]:
    """The first words that name each illness in the text outside its blocks, where cautions stand."""
    text = html.unescape(_TAG.sub(" ", " ".join(part for part in treatment.body.parts if not isinstance(part, Block))))
    found: dict[str, tuple[str, _Who]] = {}
    for words in pattern.findall(text):
        who = named[words.casefold()]
        found.setdefault(who[1].id, (words, who))
    yield from found.values()


def _warned(treatment: Treatment, question: Question, choice: Choice) -> bool:
    """Whether a caution is told to whoever gives this answer alone."""
    cautions = (block for block in treatment.body.blocks if block.kind == "caution")
    return any(verdict(block.when, {question.id: choice.means}).holds for block in cautions)
