"""Names for blocks that have none yet. Written once, into the file: from then on the title may change and the id stays. Pure."""

from __future__ import annotations

from guide.content.blocks import ID
from guide.content.markdown import slugify
from guide.content.text import BlockText, Text


def with_ids(text: Text) -> str:
    """The same text, in which each block has an id: the anchor that its title gives, or that with a number where it is taken."""
    taken = {str(block.data[ID]) for block in text.blocks if block.data.get(ID)}
    named = []
    for block in text.blocks:
        if not block.data.get(ID) and block.options.wrong is None:
            id = free_id(block, taken)
            taken.add(id)
            named.append((block, id))
    source = text.source
    ends = "\r\n" if "\r\n" in source else "\n"
    for block, id in reversed(named):  # from the end, so that places above stay where they are
        source = f"{source[: block.start]}    {ID}: {id}{ends}{source[block.start :]}"
    return source


def free_id(block: BlockText, taken: set[str]) -> str:
    """An id for a block, which no other has."""
    base = slugify(block.title) or block.kind
    return next(id for id in (base, *(f"{base}-{number}" for number in range(2, len(taken) + 3))) if id not in taken)
