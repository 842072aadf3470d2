"""What stands at each anchor of a page, as a reader sees it."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_LEVEL = {"h1": 1, "h2": 2, "h3": 3, "h4": 4}
_VOID = {"br", "hr", "img", "input", "link", "meta"}


class _Passages(HTMLParser):
    """A heading's passage ends at the next heading of its level or above; another element's at its end tag."""

    def __init__(self) -> None:
        super().__init__()
        self.text: dict[str, list[str]] = {}
        self.headings: list[tuple[int, str]] = []
        self.elements: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _VOID:
            return
        anchor = dict(attrs).get("id") or ""
        if level := _LEVEL.get(tag):
            self.headings = [(other, name) for other, name in self.headings if other < level]
            if anchor:
                self.headings.append((level, anchor))
        self.elements.append((tag, "" if tag in _LEVEL else anchor))
        if anchor:
            self.text.setdefault(anchor, [])

    def handle_endtag(self, tag: str) -> None:
        while self.elements and self.elements.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        for anchor in {name for _, name in self.headings} | {name for _, name in self.elements if name}:
            self.text[anchor].append(data)


def passages(html: str) -> dict[str, str]:
    """Anchor -> the text that stands there. The main part alone: a menu is no passage."""
    parser = _Passages()
    parser.feed(html.partition("<main")[2].partition("</main>")[0])
    return {anchor: re.sub(r"\s+", " ", " ".join(parts)).strip() for anchor, parts in parser.text.items()}
