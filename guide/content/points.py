"""The points of a list, and whether each names its source."""

from __future__ import annotations

import html
import re
from itertools import chain

from guide.content.documents import Block, Section

# A point up to its end, or to the list inside it: that one's points are looked at by themselves.
_POINT = re.compile(r"<li>(.*?)(?=</?li>|<[uo]l>)", re.DOTALL)
_CITES = '<sup class="cite">'
_NOT_WORDS = re.compile(rf"{_CITES}.*?</sup>|<[^>]+>", re.DOTALL)


def without_source(section: Section) -> list[str]:
    """The points of a section, in plain words, that cite no source."""
    points = chain.from_iterable(_POINT.findall(part) for part in section.parts if not isinstance(part, Block))
    return [" ".join(html.unescape(_NOT_WORDS.sub("", point)).split()) for point in points if _CITES not in point]
