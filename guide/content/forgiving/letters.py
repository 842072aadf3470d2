"""Lines as the reader of Markdown has to get them: what a word processor puts between the letters is taken out. Pure.

Texts that are pasted carry signs that nobody sees: spaces that do not break, marks of width zero, ends of lines of other
kinds. Markdown takes none of them for a space or the end of a line, so that a list loses its points and a block its end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

TAB = 4
"""Columns from one tab stop to the next, as in the renderer."""
SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
"""Spaces other than the plain one, as they stand in a class of a pattern."""
GAP = rf"[ \t{SPACES}]"

# Quotation marks where the syntax has straight ones or none: around a value of an option, an address, the title of a link.
OPTION_QUOTES = re.compile(r"(?P<before>[:\[,{]|^-) *[“”„](?P<value>[^“”„\"\n]*)[“”„](?=\s*(?:[,\]}]|$))")
QUOTED_TARGET = re.compile(r"\][ \t]*\([ \t]*[“”„‘’\"'](?P<target>[^\s“”„‘’\"'()]+)[“”„‘’\"'][ \t]*\)")
QUOTED_TITLE = re.compile(r"(?<=\])\((?P<target>[^\s()]+)[ \t]+[“”„](?P<title>[^“”„\"()\n]*)[“”„]\)")

_ANY_ODD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x85\u00ad\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
_LINE_ENDS = re.compile("[\x0b\x85\u2028]")
_PAGE_ENDS = re.compile("[\x0c\u2029]")
# Joiners of letters stay between letters that need them, such as the parts of an emoji.
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f\u00ad\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]+"
    "|(?<![^\x00-\x7f])[\u200c\u200d]+|[\u200c\u200d]+(?![^\x00-\x7f])"
)
_LEAD = re.compile(rf"{GAP}*")
_ODD = re.compile(f"[{SPACES}]")
_NEEDS_PLAIN = re.compile(rf"#{{1,6}}{GAP}+|/{{3,}}{GAP}*(?:[\w-]+{GAP}*(?:\|{GAP}*)?)?")
_LONG_DASHES = frozenset("–—―⸺⸻")
_LONG_RULE = re.compile(r"⸻+|[–—―⸺]{3,}")
_RULED = re.compile(r"[|:\-–—\s]*\|[|:\-–—\s]*")
_DASHES = re.compile(r"[-–—]+")


class Line(NamedTuple):
    """A line: its number in the text as it was typed, its text, and the columns before its first letter.

    `soft`: these are not plain spaces, so nobody meant to write program text with them.
    """

    number: int
    text: str
    indent: int
    body: str
    soft: bool = False

    @property
    def blank(self) -> bool:
        """Whether it divides paragraphs."""
        return not self.body


def lines_of(text: str) -> list[Line]:
    """The lines of a text. One line of it can be several, where a word processor wrote the end of a line in its own way."""
    typed = re.sub("\r\n?", "\n", text).split("\n")
    if not _ANY_ODD.search(text):
        return [_line(number, line) for number, line in enumerate(typed, start=1)]
    return [_line(number, part) for number, line in enumerate(typed, start=1) for part in _parts(line)]


def line_of(number: int, text: str) -> Line:
    """One line of text that was cleaned before."""
    return _line(number, text)


def with_spaces(text: str) -> str:
    """A line in which the spaces that its structure needs are plain ones, and without signs that nobody sees."""
    return _line(0, _UNSEEN.sub("", text)).text


def width(space: str, column: int = 0) -> int:
    """The column after some spaces and tabs that begin at a column."""
    for sign in space:
        column += TAB - column % TAB if sign == "\t" else 1
    return column


def _parts(typed: str) -> Iterator[str]:
    plain = _UNSEEN.sub("", _PAGE_ENDS.sub("\n\n", _LINE_ENDS.sub("\n", typed)))
    yield from plain.split("\n")


def _line(number: int, text: str) -> Line:
    lead = _LEAD.match(text)[0]  # type: ignore[index]  # it matches nothing, too
    body = _body(text[len(lead) :])
    if not body:
        return Line(number, "" if _ODD.search(text) else text, 0, "")
    soft = bool(_ODD.search(lead))
    spaces = _ODD.sub(" ", lead)
    return Line(number, spaces + body, width(spaces), body, soft)


def _body(text: str) -> str:
    bare = text.rstrip()
    if _ODD.search(text, len(bare)):
        text = bare
    if text[0:1] in _LONG_DASHES and _LONG_RULE.fullmatch(bare):
        return "***"
    if found := _NEEDS_PLAIN.match(text):
        text = _ODD.sub(" ", found[0]) + text[found.end() :]
    if "|" in text and ("–" in text or "—" in text) and _RULED.fullmatch(text):
        text = _DASHES.sub(lambda dashes: dashes[0] if dashes[0].isascii() else "---", text)
    return text if bare else ""
