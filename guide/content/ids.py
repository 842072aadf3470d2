"""Names for blocks that have none yet. Written once, into the file: from then on the title may change and the id stays. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from guide.content.blocks import ID
from guide.content.markdown import slugify
from guide.content.mistakes import Mistake
from guide.content.text import BlockText, Prose, Text

_HEADING = re.compile(r"^#{1,6}[ \t]+(?P<title>.*?)(?:[ \t]+\{#(?P<mark>[^}\n]*)\})?[ \t]*#*[ \t]*\r?$", re.MULTILINE)
_LEADS = re.compile(r"\]\([^()\n]*\)|\[@[^\[\]]*\]")  # where links and citations lead: no words of a title


def hint(mistakes: Iterable[Mistake]) -> str:
    """What writes the ids that are missing, for people who work with the files; empty where none is missing."""
    return "`manage.py write_ids` writes the ids that are missing." if any(one.code == "id-missing" for one in mistakes) else ""


def with_ids(text: Text) -> str:
    """The same text, in which each block has an id: the anchor that its title gives, or that with a number where it is taken.

    What is not read as it seems to be is left alone: a block that is not closed, or whose options cannot be read.
    """
    taken = {block.id for block in text.blocks if block.id} | set(_headings(text))
    named = []
    for block in text.blocks:
        if not block.id and block.closed and block.options.wrong is None:
            id = free_id(block, taken)
            taken.add(id)
            named.append((block, id))
    source = text.source
    ends = "\r\n" if "\r\n" in source else "\n"
    for block, id in reversed(named):  # from the end, so that places above stay where they are
        source = f"{source[: block.start]}    {ID}: {id}{ends}{source[block.start :]}"
    return source


def _headings(text: Text) -> Iterator[str]:
    """The anchors of the headings, which are no ids of blocks."""
    for part in text.parts:
        if isinstance(part, Prose):
            for heading in _HEADING.finditer(part.markdown):
                yield heading["mark"] or slugify(_LEADS.sub(" ", heading["title"]))


def free_id(block: BlockText, taken: set[str]) -> str:
    """An id for a block, which no other has."""
    base = slugify(block.title) or block.kind
    return next(id for id in (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3))) if id not in taken)
