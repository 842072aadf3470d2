"""The marks with which people begin the points of a list, in Markdown and in word processors. Pure.

Some are sure by themselves, such as a round bullet. Others begin sentences as well (a dash, `a)`), and count only where
several lines begin so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from guide.content.forgiving.letters import GAP, SPACES, Line, width

# Signs of Word's own fonts for bullets come as letters for private use.
_BULLETS = "•·∙◦▪▫‣⁃●○■□◾◽◆◇♦❖➢➤►▶⦁⚫\uf020-\uf0ff"
_DASHES = "‐‑‒–—―−"
_TABBED = "o§Øüqvw¨"
_TELLING = "✓✔✗✘✅❌☐☑☒→➔➜⇒"
_MARK = re.compile(
    rf"(?:(?P<plain>[-*+])|(?P<number>[(]?\d{{1,9}}[.)])|(?P<dash>[{_DASHES}])|(?P<letter>[(]?(?:[A-Za-z]|[ivxIVX]{{2,5}})[.)])"
    rf"|(?P<bullet>[{_BULLETS}])|(?P<telling>[{_TELLING}]\ufe0f?))(?:(?P<gap>{GAP}+)|$)"
    rf"|(?P<tabbed>[{_TABBED}])(?P<wide>{GAP}*[\t{SPACES}]{GAP}*|  +)(?=\S)"
    rf"|(?P<close>[•\uf0b7])(?=[^\s•\uf0b7])"
)
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8, "ix": 9, "x": 10}


@dataclass(frozen=True)
class Mark:
    """The mark of a point: its kind, how Markdown writes it, and the text behind it from its column.

    `lone`: it makes a point where no other line begins so. `plain`: it is one of Markdown's own.
    """

    kind: str
    written: str
    gap: str
    text: str
    number: int
    ordered: bool
    lone: bool
    plain: bool
    wide: int

    def content(self, column: int) -> int:
        """The column where its text begins; as in CommonMark, very wide gaps count as one space."""
        end = width(self.gap, column + self.wide)
        return end if self.text and end - column - self.wide <= 4 else column + self.wide + 1


@dataclass(frozen=True)
class Marked:
    """The marks of some lines. `grouped`: others near it go with it; `followed`: one below it does, before the paragraph ends."""

    marks: list[Mark | None]
    grouped: list[bool]
    followed: list[bool]


def mark_of(body: str) -> Mark | None:
    """The mark that a line begins with, if it does."""
    found = _MARK.match(body)
    if found is None:
        return None
    name = "tabbed" if found["tabbed"] else found.lastgroup if found.lastgroup == "close" else _name(found)
    typed = found[name]
    gap = found["wide"] or found["gap"] or ""
    text = body[found.end() :]
    return _MAKERS[name](typed, gap, text)


def _name(found: re.Match[str]) -> str:
    return next(name for name in ("plain", "number", "dash", "letter", "bullet", "telling") if found[name])


def _plain(typed: str, gap: str, text: str) -> Mark:
    return Mark("-" if typed == "-" else "*", typed, gap, text, 0, False, True, True, 1)


def _number(typed: str, gap: str, text: str) -> Mark:
    digits = typed.strip("().")
    kind = typed.replace(digits, "1")
    return Mark(kind, f"{digits}.", gap, text, int(digits), True, kind != "(1)" and kind != "(1.", typed[-1] == ".", len(typed))


def _dash(typed: str, gap: str, text: str) -> Mark:
    return Mark("-", "-", gap, text, 0, False, False, False, 1)


def _letter(typed: str, gap: str, text: str) -> Mark:
    letter = typed.strip("().")
    kind = typed.replace(letter, "A" if letter.isupper() else "a")
    return Mark(kind, f"- {typed}", gap, text, ord(letter[0].lower()) - 96 if len(letter) == 1 else 0, False, False, False, len(typed))


def _bullet(typed: str, gap: str, text: str) -> Mark:
    return Mark(typed, "-", gap, text, 0, False, True, False, 1)


def _telling(typed: str, gap: str, text: str) -> Mark:
    return Mark("✓", f"- {typed}", gap, text, 0, False, False, False, len(typed))


_MAKERS = {
    "plain": _plain,
    "number": _number,
    "dash": _dash,
    "letter": _letter,
    "bullet": _bullet,
    "close": _bullet,
    "tabbed": _bullet,
    "telling": _telling,
}


def marked(lines: Sequence[Line]) -> Marked:
    """The marks of all lines, and which go together."""
    marks = [mark_of(line.body) if line.body else None for line in lines]
    found = Marked(marks, [False] * len(lines), [False] * len(lines))
    places = _Places(lines)
    _find_orders(found, places)
    _find_dashes(found, places)
    return found


class _Places:
    """Which lines are near each other: in one paragraph, or where the second begins the next one."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.firsts = [not place or lines[place - 1].blank for place in range(len(lines))]
        self.paragraphs: list[int] = []
        for line, first in zip(lines, self.firsts, strict=True):
            self.paragraphs.append((self.paragraphs[-1] if self.paragraphs else 0) + (first and not line.blank))

    def together(self, first: int, second: int) -> bool:
        return self.paragraphs[first] == self.paragraphs[second]

    def near(self, first: int, second: int) -> bool:
        return self.together(first, second) or (self.paragraphs[first] == self.paragraphs[second] - 1 and self.firsts[second])


def _find_orders(found: Marked, places: _Places) -> None:
    """Letters and ticks count where a paragraph has two of them: each in a paragraph of its own, they are as they should be."""
    last: dict[tuple[str, bool, int], int] = {}
    for place, mark in enumerate(found.marks):
        if mark is None or not mark.text:
            continue
        for before, own in _orders(mark):
            other = last.get((mark.kind, mark.lone, before))
            if other is not None and (places.together(other, place) or (places.near(other, place) and (mark.lone or found.grouped[other]))):
                found.grouped[place] = found.grouped[other] = True
                found.followed[other] = found.followed[other] or mark.ordered or places.together(other, place)
            last[mark.kind, mark.lone, own] = place


def _find_dashes(found: Marked, places: _Places) -> None:
    """Word processors make long dashes of some, and leave others: all that will be points with a dash go together."""
    other = None
    for place, mark in enumerate(found.marks):
        if mark is None or not mark.text or mark.written[0] != "-":
            continue
        dash = mark.kind == "-" and not mark.lone
        if not (dash or mark.lone or found.grouped[place]):
            continue
        if other is not None and places.near(other, place):
            found.grouped[place], found.grouped[other] = True, True
            found.followed[other] = found.followed[other] or places.together(other, place)
        other = place


def _orders(mark: Mark) -> Iterable[tuple[int, int]]:
    """What number stands before this one, and its own. Marks without numbers all have 0; Roman ones count from 1,000 on."""
    if mark.ordered:
        yield mark.number - 1, mark.number
    elif not mark.kind.strip("(.)").isalpha() or mark.lone:
        yield 0, 0
    else:
        yield from _letter_orders(mark)


def _letter_orders(mark: Mark) -> Iterator[tuple[int, int]]:
    if mark.number:
        yield mark.number - 1, mark.number
    roman = _ROMAN.get(mark.written.strip("- ().").lower())
    if roman:
        yield 999 + roman, 1_000 + roman
