"""What a text may be at most, so that reading, checking and comparing it ends within a moment. Pure.

Renderers of Markdown and comparisons of texts take the square of some lengths, and go down into lists by calling
themselves. Each limit is several times what the longest text needs today; whoever comes near one is told where.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guide.content.mistakes import Mistake, Place, mistake

LONGEST = {"md": 100_000, "yaml": 600_000}
"""Letters of a file, by the end of its name. Today's longest: the glossary with 31,000, sources.yaml with 213,000."""
LONGEST_FIELDS = 50_000
"""Letters of the fields above a body. Today's longest: a group of the plan with 6,000. YAML is read at some 100 letters a millisecond."""
LONGEST_LINE = 5_000
"""Letters of a line of Markdown. Today's longest has 800."""
LONGEST_PARAGRAPH = 20_000
"""Letters of a paragraph, list or table. Today's longest has 3,000."""
MOST_OPEN = 20
"""Brackets open at once in a paragraph: for each the renderer looks through the rest of it. Today: 2."""
DEEPEST = 10
"""Lists and quotations inside each other. Today: 2."""
MOST_PARTS = 1_000
"""Headings and blocks of a text. Today's most: the glossary with 167."""
MOST_EMPTY = 50
"""Empty lines one after another. Today: 1."""

_INDENT = 4  # spaces that lead into a list
_EMPTY = re.compile(r"\n[ \t]*\r?(?=\n)")
_TURN = re.compile(r"(?P<open>[\[(])|(?P<close>[\])])|(?P<end>\n[ \t]*\r?\n)")
_MARKS = re.compile(r"[ \t]*(?:(?:[-*+]|\d{1,9}[.)]|>)[ \t]+|>)")
_PART = re.compile(r"(?:^|[ \t>])#|^[ \t>]*(?:/{3,} *\w|[=-]+[ \t]*\r?$)", re.MULTILINE)

Found = tuple[int, str, dict[str, int]]
"""A line, from 1; the code of the mistake; and what fills the gaps in its words."""


def too_long(path: str, text: str) -> Mistake | None:
    """A file that is longer than any of ours has to be."""
    most = LONGEST.get(path.rpartition(".")[2], LONGEST["md"])
    if len(text) <= most:
        return None
    return mistake(path, "text-too-long", Place(line=_line(text, most)), letters=len(text), most=most)


def beyond(text: str) -> Found | None:
    """Where Markdown would take too long to read, and what to do about it; None where it is fine."""
    return next(_beyond(text.replace("\r\n", "\n")), None)


def _beyond(text: str) -> Iterator[Found]:
    yield from _lines(text)
    yield from _paragraphs(text)
    yield from _empty(text)
    parts = [found.start() for found in _PART.finditer(text)]
    if len(parts) > MOST_PARTS:
        yield _line(text, parts[MOST_PARTS]), "too-many-parts", {"parts": len(parts), "most": MOST_PARTS}


def _lines(text: str) -> Iterator[Found]:
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > LONGEST_LINE:
            yield number, "line-too-long", {"letters": len(line), "most": LONGEST_LINE}
        elif _depth(line) > DEEPEST:
            yield number, "lists-too-deep", {"most": DEEPEST}


def _depth(line: str) -> int:
    """How many lists and quotations a line stands in at most: by its marks, and by its spaces. A line of marks alone is a rule."""
    place = marks = 0
    while found := _MARKS.match(line, place):
        place, marks = found.end(), marks + 1
    if len(signs := {*line} - {" ", "\t"}) == 1 and signs <= {*"-*_"}:
        marks = 0
    spaces = line.expandtabs(_INDENT)
    return max(marks, (len(spaces) - len(spaces.lstrip(" "))) // _INDENT if line.strip() else 0)


def _paragraphs(text: str) -> Iterator[Found]:
    opened = start = 0
    for turn in _TURN.finditer(text):
        if turn["end"]:
            yield from _too_long(text, start, turn.start())
            opened, start = 0, turn.end()
        else:
            opened = opened + 1 if turn["open"] else max(0, opened - 1)
        if opened > MOST_OPEN:
            yield _line(text, turn.start()), "too-many-brackets", {"most": MOST_OPEN}
            return
    yield from _too_long(text, start, len(text))


def _too_long(text: str, start: int, end: int) -> Iterator[Found]:
    if end - start > LONGEST_PARAGRAPH:
        yield _line(text, start), "paragraph-too-long", {"letters": end - start, "most": LONGEST_PARAGRAPH}


def _empty(text: str) -> Iterator[Found]:
    in_a_row, after = 0, -1
    for found in _EMPTY.finditer(text):
        in_a_row = in_a_row + 1 if found.start() == after else 1
        after = found.end()
        if in_a_row > MOST_EMPTY:
            yield _line(text, found.start()), "too-many-empty-lines", {"most": MOST_EMPTY}
            return


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1
