"""Where in a text something stands that was found in what the text says. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator

from guide.content.mistakes import Place
from guide.content.text import Text

_MOST_WORDS = 8
# What to look for where a part is named and nothing is quoted.
_MARKS = {"image": "![", "table": "|--", "heading": "## "}


def line_of(text: Text, place: Place) -> int | None:
    """The line (from 1) of a place; None where it is nowhere in particular. Never below the last line."""
    found = _line_of(text, place)
    return min(found, text.source.count("\n") + 1) if found else None


def _line_of(text: Text, place: Place) -> int | None:
    if place.line:
        return place.line
    if place.block:
        number = place.block.number
        return text.blocks[number].line_of(place.field) if number < len(text.blocks) else None
    if place.field:
        found = text.fields.place_of(place.field)
        line = found[0] + text.fields_line if found else None
        return _quoted(text, place) or line if place.quote else line
    return _quoted(text, place)


def _quoted(text: Text, place: Place) -> int | None:
    for pattern in _patterns(place):
        if found := re.compile(pattern, re.MULTILINE).search(text.source, text.body_start):
            return text.source.count("\n", 0, found.end()) + 1
    return None


def _patterns(place: Place) -> Iterator[str]:
    """Where it may stand, the likeliest place first."""
    if not place.quote:
        if mark := _MARKS.get(place.part):
            yield re.escape(mark)
        return
    quote = _whole(place.quote)
    match place.part:
        case "sources":  # cited in the text, or in the list of a block, which may go on below
            yield rf"\[@[^\[\]]*?{quote}|^ +sources:(?:.*\n(?: {{5}}| {{4}}-)(?! *sources:))*?.*?{quote}"
        case "link":
            yield rf"\(\s*<?{quote}"
            yield rf"^ *\[[^\]]+\]:\s*<?{quote}"
        case "heading":
            yield rf"^#+[ \t]*{re.escape(place.quote)}(?:[ \t]+\{{#[^}}\n]*\}})?[ \t]*#*\r?$"
            yield rf"^#+.*{quote}"
            yield rf"^#+[ \t]*{_marked(place.quote)}"
    yield quote
    if place.part not in ("sources", "link"):
        yield _marked(place.quote)


def _marked(words: str) -> str:
    """A pattern for words that are quoted as readers see them: as it is written, marks and targets of links stand between them."""
    return r"(?:\]\([^()\n]*\)|(?!\]\([^()\n]*\))[\W_])+".join(map(re.escape, re.findall(r"[^\W_]+", words)[:_MOST_WORDS])) or r"(?!)"


def _whole(words: str) -> str:
    """A pattern for words that do not go on at either end, as `asco` does in `asco-2024`; what ends with a sign may."""
    before = r"(?<![\w-])" if re.match(r"[\w#]", words) else ""
    after = r"(?![\w-])" if re.search(r"\w$", words) else ""
    return f"{before}{re.escape(words)}{after}"
