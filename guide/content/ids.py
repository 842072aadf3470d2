"""Names for blocks that have none yet. Written once, into the file: from then on the title may change and the id stays. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from guide.content.blocks import ID, KINDS
from guide.content.markdown import slugify
from guide.content.mistakes import Mistake
from guide.content.text import LEADS, BlockText, Prose, Text
from guide.content.yamltext import read_yaml, written

_HEADING = re.compile(r"^ {0,3}#{1,6}[ \t]+(?P<title>.*)$", re.MULTILINE)
_MARK = re.compile(r"[ \t]\{#(?P<anchor>[^{}\n]*)\}$")
_SPACES = " \t\r"


def hint(mistakes: Iterable[Mistake]) -> str:
    """What writes the ids that are missing, for people who work with the files; empty where none is missing."""
    return "`manage.py write_ids` writes the ids that are missing." if any(one.code == "id-missing" for one in mistakes) else ""


def with_ids(text: Text) -> str:
    """The same text, in which each block with a title has an id: the anchor that its title gives, or that with a number where it is taken.

    What is not read as it seems to be is left alone, and told as a mistake: a block of no kind of ours, one that is not closed, or
    whose options cannot be read.
    """
    taken = {block.id for block in text.blocks if block.id} | set(_headings(text))
    named = []
    for block in text.blocks:
        if block.title and not block.id and _is_read(block):
            id = free_id(block, taken)
            taken.add(id)
            named.append((block, id))
    source = text.source
    for block, id in reversed(named):  # from the end, so that places above stay where they are
        source = source[: block.start] + _with_id(text, block, id) + source[block.end :]
    return source


def _is_read(block: BlockText) -> bool:
    return block.kind in KINDS and block.closed and (isinstance(block.options.data, dict) or block.options.data is None)


def _with_id(text: Text, block: BlockText, id: str) -> str:
    """The options of a block, with its id among them: first, where each stands on a line of its own. As they are where that cannot be."""
    options = text.source[block.start : block.end]
    ends = "\r\n" if "\r\n" in text.source else "\n"
    open_line = "" if text.source[: block.start].endswith("\n") else ends
    first = f"{open_line}    {ID}: {written(id)}{ends}{options}"
    if ID not in block.data and read_yaml(first.replace("\t", " " * 4)).data == {ID: id, **block.data}:
        return first
    try:  # between { and }, with more spaces before them than four, or with an id that says nothing
        return block.options.with_value(ID, id).text
    except ValueError:
        return options


def _headings(text: Text) -> Iterator[str]:
    """The anchors of the headings, which are no ids of blocks."""
    for part in text.parts:
        if isinstance(part, Prose):
            for heading in _HEADING.finditer(part.markdown):
                title = heading["title"].rstrip(_SPACES).rstrip("#").rstrip(_SPACES)
                mark = _MARK.search(title)
                yield mark["anchor"] if mark else slugify(LEADS.sub(" ", title))


def free_id(block: BlockText, taken: set[str]) -> str:
    """An id for a block, which no other has."""
    base = slugify(block.title) or block.kind
    return next(id for id in (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3))) if id not in taken)
