"""Changes what is read as running text in rendered Markdown: never a heading, a link, or what is written as it stands."""

from __future__ import annotations

import re
from collections.abc import Callable

_TOKEN = re.compile(r"(<[^>]+>)")
_NOT_INSIDE = ("a", "h2", "h3", "h4", "code", "pre", "th", "sup")


def changed(rendered: str, change: Callable[[str], str]) -> str:
    """The same HTML with its running text changed, piece by piece."""
    inside: list[str] = []
    pieces = []
    for token in _TOKEN.split(rendered):
        if token.startswith("<"):
            _follow(token, inside)
        elif not inside:
            token = change(token)
        pieces.append(token)
    return "".join(pieces)


def _follow(tag: str, inside: list[str]) -> None:
    name = tag.strip("</>").split()[0]
    if name in _NOT_INSIDE:
        if tag.startswith("</"):
            inside.pop()
        else:
            inside.append(name)
