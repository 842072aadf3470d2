"""In which block of a text a passage stands that somebody comments on. Pure."""

from __future__ import annotations

from typing import NamedTuple

from guide.content.text import LEADS, BlockText, Prose, Text
from guide.editing.diff import place_of, words_of


class Passage(NamedTuple):
    """Words that a comment is about, and the id of the block that they stood in; empty where they stood in none."""

    words: str
    block: str = ""


def block_of(text: Text, words: str, chosen: str = "") -> str:
    """The id of the block in which words stand: of the one that was chosen, else where they stand first. Empty where that is in no block."""
    if chosen and any(block.id == chosen and _stand_in(words, block, text) for block in text.blocks):
        return chosen
    first = next((part for part in text.parts if _stand_in(words, part, text)), None)
    return first.id if isinstance(first, BlockText) else ""


def stands_in(text: Text, passage: Passage) -> bool | None:
    """Whether the words still stand in their block; None where there is no such block."""
    block = next((block for block in text.blocks if block.id == passage.block), None) if passage.block else None
    return _stand_in(passage.words, block, text) if block else None


def _stand_in(words: str, part: Prose | BlockText, text: Text) -> bool:
    """As readers see them, or as they are written."""
    if isinstance(part, Prose):
        seen = written = part.markdown
    else:
        seen = f"{part.title}\n{part.body}"
        written = "\n".join(text.source.split("\n")[part.line - 1 : part.last])
    return any(place_of(words, words_of(said)) is not None for said in (LEADS.sub(" ", seen), written))
