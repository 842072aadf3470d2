"""What a text may be at most, so that reading, checking and comparing it ends within a moment. Pure.

Renderers of Markdown and comparisons of texts take the square of some lengths, and go down into lists by calling
themselves. Each limit is several times what the longest text needs today; whoever comes near one is told where.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from guide.content.errors import Mistake

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
_EMPTY = re.compile(r"\n[ \t]*(?=\n)")
_TURN = re.compile(r"(?P<open>[\[(])|(?P<close>[\])])|(?P<end>\n[ \t]*\n)")
_MARKS = re.compile(r"[ \t]*(?:(?:[-*+]|\d{1,9}[.)]|>)[ \t]+|>)")
_PART = re.compile(r"(?:^|[ \t>])#|^[ \t>]*(?:/{3,} *\w|[=-]+[ \t]*$)", re.MULTILINE)

Place = tuple[int, str]
"""A line, from 1, and what to do about it."""


def too_long(path: str, text: str) -> Mistake | None:
    """A file that is longer than any of ours has to be."""
    most = LONGEST.get(path.rpartition(".")[2], LONGEST["md"])
    if len(text) <= most:
        return None
    return Mistake(path, f"line {_line(text, most)}", f"the text has {len(text):,} letters; {most:,} fit: divide it, or take something out")


def beyond(text: str) -> Place | None:
    """Where Markdown would take too long to read, and what to do about it; None where it is fine."""
    return next(_beyond(text), None)


def _beyond(text: str) -> Iterator[Place]:
    yield from _lines(text)
    yield from _paragraphs(text)
    yield from _empty(text)
    parts = [found.start() for found in _PART.finditer(text)]
    if len(parts) > MOST_PARTS:
        yield _line(text, parts[MOST_PARTS]), f"the text has {len(parts):,} headings and blocks; {MOST_PARTS:,} fit: make two of it"


def _lines(text: str) -> Iterator[Place]:
    for number, line in enumerate(text.split("\n"), start=1):
        if len(line) > LONGEST_LINE:
            yield number, f"this line has {len(line):,} letters; {LONGEST_LINE:,} fit: make paragraphs of it"
        elif _depth(line) > DEEPEST:
            yield (
                number,
                f"more than {DEEPEST} lists or quotations stand inside each other here: write it flatter, with fewer marks or spaces",
            )


def _depth(line: str) -> int:
    """How many lists and quotations a line stands in at most: by its marks, and by its spaces. A line of marks alone is a rule."""
    place = marks = 0
    while found := _MARKS.match(line, place):
        place, marks = found.end(), marks + 1
    if len({*line} - {" ", "\t"}) == 1 and line.strip()[0] in "-*_":
        marks = 0
    spaces = line.expandtabs(_INDENT)
    return max(marks, (len(spaces) - len(spaces.lstrip(" "))) // _INDENT if line.strip() else 0)


def _paragraphs(text: str) -> Iterator[Place]:
    opened = start = 0
    for turn in _TURN.finditer(text):
        if turn["end"]:
            yield from _too_long(text, start, turn.start())
            opened, start = 0, turn.end()
        else:
            opened = opened + 1 if turn["open"] else max(0, opened - 1)
        if opened > MOST_OPEN:
            yield _line(text, turn.start()), f"more than {MOST_OPEN} brackets [ and ( are open here: close them, or remove them"
            return
    yield from _too_long(text, start, len(text))


def _too_long(text: str, start: int, end: int) -> Iterator[Place]:
    if end - start > LONGEST_PARAGRAPH:
        remedy = f"this paragraph, list or table has {end - start:,} letters; {LONGEST_PARAGRAPH:,} fit: divide it by an empty line"
        yield _line(text, start), remedy


def _empty(text: str) -> Iterator[Place]:
    in_a_row, after = 0, -1
    for found in _EMPTY.finditer(text):
        in_a_row = in_a_row + 1 if found.start() == after else 1
        after = found.end()
        if in_a_row > MOST_EMPTY:
            yield _line(text, found.start()), f"more than {MOST_EMPTY} empty lines stand one after another: remove some"
            return


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1
