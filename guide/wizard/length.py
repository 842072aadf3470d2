"""How long the way through the questions is for a reader, and after how much of it the results are the final ones. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from guide.content.answers import Said, known
from guide.content.blocks import ASKED_FIRST
from guide.content.conditions import Answers, verdict
from guide.content.documents import Guide
from guide.wizard.flow import Walk, whole_walk


@dataclass(frozen=True)
class Length:
    """In pages. `settled`: after so many the list of usual and other options that apply is the final one, though only the end tells so.

    `main`: until the reader has enough; `whole`: with the further questions. `questions`: how many questions those of `main` ask.
    """

    settled: int
    main: int
    whole: int
    questions: int


def length(guide: Guide, reader: Said) -> Length:
    """The way of somebody who answers whatever is asked."""
    way = whole_walk(guide, reader)
    lists = list(_lists(guide, way))
    settled = max((place for place, found in enumerate(lists) if found != lists[-1]), default=-1) + 1
    return Length(settled, way.main, len(way.pages), sum(map(len, way.pages[: way.main])))


def _lists(guide: Guide, way: Walk) -> Iterator[frozenset[tuple[str, str]]]:
    """The usual and other options that apply: before the first page, and after each."""
    yield _applying(guide, {})
    for number in range(1, len(way.pages) + 1):
        yield _applying(guide, known(way.said, [question for page in way.pages[:number] for question in page]))


def _applying(guide: Guide, answers: Answers) -> frozenset[tuple[str, str]]:
    options = ((document.path, block) for document, block in guide.blocks("option") if block.role in ASKED_FIRST)
    return frozenset((path, block.id) for path, block in options if verdict(block.when, answers).holds)
