"""Marks the words of the glossary where they first occur in a body."""

from __future__ import annotations

import dataclasses
import html
import re

from guide.content.documents import Block, Body
from guide.content.running import changed


def mark_terms(body: Body, glossary: Body) -> Body:
    """Link the first occurrence of each term to its explanation in the body of the glossary; never inside a link or heading."""
    marker = _Marker(glossary)
    parts = tuple(
        dataclasses.replace(part, html=marker.mark(part.html)) if isinstance(part, Block) else marker.mark(part) for part in body.parts
    )
    return dataclasses.replace(body, parts=parts)


class _Marker:
    def __init__(self, glossary: Body) -> None:
        self.anchors: dict[str, str] = {}
        for block in glossary.blocks:
            for name in (block.title, *block.also):
                self.anchors.setdefault(name.lower(), block.id)
        self.abbreviations = {name for block in glossary.blocks for name in (block.title, *block.also) if name.isupper()}
        names = sorted(self.anchors, key=len, reverse=True)
        alternatives = "|".join(re.escape(html.escape(name, quote=False)) for name in names)
        self.pattern = re.compile(rf"(?<![\w&-])({alternatives})(?![\w-])", re.IGNORECASE) if names else None
        self.done: set[str] = set()

    def mark(self, rendered: str) -> str:
        pattern = self.pattern
        return changed(rendered, lambda text: pattern.sub(self._link, text)) if pattern else rendered

    def _link(self, match: re.Match[str]) -> str:
        word = html.unescape(match.group(1))
        anchor = self.anchors[word.lower()]
        # An abbreviation counts only as it is written: "ER" is not "er", "AI" is not "Ai".
        if anchor in self.done or (word not in self.abbreviations and word.upper() in self.abbreviations):
            return match.group(0)
        self.done.add(anchor)
        return f'<a class="term" href="/guide/words/#{anchor}">{match.group(1)}</a>'
