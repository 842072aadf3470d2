"""What an edit changes for readers: which blocks are shown in more situations, or in fewer. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from guide.content.blocks import WEIGHED
from guide.content.conditions import All, Any, Condition, Not
from guide.content.diagrams import TooWideError
from guide.content.documents import Block, Guide
from guide.content.space import Share, Space

NOBODY: Condition = Any(())


@dataclass(frozen=True)
class Side:
    """The situations that gain a block, or lose it; one of them in the words of the guide."""

    share: Share
    example: str


@dataclass(frozen=True)
class Effect:
    """A block that is shown in other situations than before: the same one, by its id, whatever its title.

    `path`: its file; None: no situation gains (or loses) it; both: too many to count. Kind and title are those it has now, or had.
    """

    path: str
    id: str
    kind: str
    title: str
    gained: Side | None
    lost: Side | None


def effects(before: Guide, after: Guide) -> list[Effect]:
    """Every block whose situations differ. Nothing where a question itself changed: the situations cannot be compared then."""
    if before.facts != after.facts:
        return []
    try:
        space = Space(after.questions, after.impossible)
    except TooWideError:
        return []  # `unreachable` tells it
    old, new = _blocks(before), _blocks(after)
    found = []
    for path, id in dict.fromkeys((*new, *old)):
        had, has = old.get((path, id)), new.get((path, id))
        was, now = had.when if had else NOBODY, has.when if has else NOBODY
        block = has or had
        if block and was != now:
            try:
                gained, lost = _side(space, after, now, was), _side(space, after, was, now)
            except TooWideError:
                found.append(Effect(path, id, block.kind, block.title, None, None))
                continue
            if gained or lost:
                found.append(Effect(path, id, block.kind, block.title, gained, lost))
    return found


def _blocks(guide: Guide) -> dict[tuple[str, str], Block]:
    return {(document.path, block.id): block for document, block in guide.blocks(*WEIGHED)}


def _side(space: Space, guide: Guide, holds: Condition, not_yet: Condition) -> Side | None:
    """The situations in which one condition holds and the other does not."""
    only = All((holds, Not(not_yet)))
    found = space.example(only)
    return None if found is None else Side(space.share(only), told(guide, found))


def told(guide: Guide, situation: Mapping[str, frozenset[str]]) -> str:
    """A situation in the words of the guide."""
    said = [
        question.choice(value).said
        for question in guide.questions
        for value in question.fact.values
        if value in situation.get(question.id, frozenset())
    ]
    return "; ".join(said) or "everybody"
