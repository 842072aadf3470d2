"""What each line of Markdown is, and in which point of a list it stands, as its writer meant it. Pure.

As in CommonMark, with three differences. A list may be indented by two spaces at each level, whatever its mark. The marks of
word processors count. And a line in the middle of a paragraph that may well be its next words, which happen to begin with a
dash or a number, is not taken for a list.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

from guide.content.forgiving.letters import GAP, TAB, Line, line_of
from guide.content.forgiving.marks import Mark, mark_of, marked

Kind = Literal[
    "blank", "text", "more", "item", "heading", "rule", "underline", "quote", "row", "code", "fence", "option", "edge", "conflict"
]
"""`more`: the next words of a paragraph. `row`: of a table. `edge`: the first or last line of a block of ours."""

CONFLICT = re.compile(r"(?:<{7}|>{7}|\|{7})(?: .*)?|={7}")
HEADER = re.compile(r"/{3,} *[\w-]+ *(?:\|.*)?")
QUOTED = re.compile(rf">{GAP}?")
"""The sign of a quotation, and the space that belongs to it."""
FENCE = re.compile(r"(?P<fence>`{3,})[^`]*|(?P<tilde>~{3,}).*")
_EDGE = re.compile(r"/{3,}\s*(?:[\w-].*)?")
_HEADING = re.compile(r"#{1,6}(?:\s|$)|#{2,6}[^\s#]")
_RULE = re.compile(r"(?P<sign>[-_*])(?:[ \t]*(?P=sign)){2,}\s*")
_UNDERLINE = re.compile(r"(?:=+|-+)\s*")
_DIVIDER = re.compile(r"\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?\s*")
_ENDS = re.compile(r"[:.;!?…][*_\"'”’)]*\s*$")
_PIPE = re.compile(r"\\.|(?P<pipe>\|)|(?P<code>`+)")
_SIGNS = frozenset("`~=-_*#>")  # what a line begins with that is no paragraph, point or table
_YEAR = range(1_000, 3_000)
_OPTION = re.compile(r"[a-z_]+:(?:\s|$)")


class Part(NamedTuple):
    """A line and what it is. `depth`: in how many points it stands. `apart`: an empty line has to stand above it.

    `doubtful`: it begins like a list, but seems to be the next words of the paragraph. `shift`: the spaces that an option lacks.
    `beside`: a point is open beside it, which its spaces must not lead into.
    """

    line: Line
    kind: Kind
    depth: int = 0
    apart: bool = False
    mark: Mark | None = None
    doubtful: bool = False
    shift: int = 0
    beside: bool = False


@dataclass(frozen=True)
class _Point:
    """A point that is open: the column of its mark, the column of its text."""

    column: int
    content: int
    mark: Mark

    def begins(self, depth: int) -> int:
        """The columns from which on a line belongs to it: never more than the renderer wants."""
        return min(self.content, self.column + 2, TAB * (depth + 1))


@dataclass(frozen=True)
class _Shift:
    """A list at a depth begins at this column, which is too far in."""

    depth: int
    column: int


@dataclass
class _Block:
    """What the renderer takes for one block so far: lines without an empty one between them."""

    kind: Literal["none", "item", "text", "quote", "table"] = "none"
    depth: int = 0
    lists: dict[int, bool] = field(default_factory=dict)  # by depth: whether it is numbered


def outline(lines: Sequence[Line]) -> Iterator[Part]:
    """The parts of a text, one for each line."""
    return _Outline(lines).parts()


def arranged(lines: Iterable[Line]) -> list[Line]:
    """The lines, but for what was torn apart: a bullet above its words, as in texts from a PDF, and a block above its options."""
    return list(_with_options(_with_words(lines)))


def _with_words(lines: Iterable[Line]) -> Iterator[Line]:
    bullet: Line | None = None
    for line in lines:
        mark = mark_of(line.body) if line.body else None
        if bullet and line.body and not mark and line.body[0] not in "#>/|":
            line, bullet = line_of(bullet.number, f"{bullet.text.rstrip()} {line.body}"), None
        if bullet:
            yield bullet
        bullet = line if mark and mark.lone and not mark.plain and not mark.text and not mark.ordered else None
        if not bullet:
            yield line
    if bullet:
        yield bullet


def _with_options(lines: Iterable[Line]) -> Iterator[Line]:
    empty: list[Line] = []
    header = False
    for line in lines:
        if header and line.blank:
            empty.append(line)
            continue
        if not (header and line.indent and _OPTION.match(line.body)):
            yield from empty
        empty = []
        yield line
        header = (line.indent < TAB or line.soft) and bool(HEADER.fullmatch(line.body.rstrip()))
    yield from empty


class _Outline:
    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.marked = marked(lines)
        self.points: list[_Point] = []
        self.block = _Block()
        self.open: Literal["", "text", "quote", "table"] = ""  # what the line above leaves open
        self.fence = ""
        self.options = 0  # the spaces from which on a line is an option of a block, where options may stand
        self.columns = 0  # of the table that is open
        self.shifts: list[_Shift] = []
        self.counted: dict[int, int] = {}  # the last number of a list, by depth
        # A line of seven = alone may stand below a heading.
        self.torn = any(CONFLICT.fullmatch(line.body.rstrip()) and line.body[0] != "=" for line in lines)

    def parts(self) -> Iterator[Part]:
        for place, line in enumerate(self.lines):
            yield self._part(place, line)

    def _part(self, place: int, line: Line) -> Part:
        if self.fence:
            return self._in_fence(line)
        if line.blank:
            self.open, self.block, self.options = "", _Block(), 0
            return Part(line, "blank")
        if self._is_option(line):
            return Part(line, "option", shift=TAB - self.options)
        self.options = 0
        if line.body[0] in "/<=>|":
            return self._outside(place, line)
        return self._structure(place, line)

    def _outside(self, place: int, line: Line) -> Part:
        """What stands outside all structure, if it does."""
        if self.torn and not line.indent and CONFLICT.fullmatch(line.body.rstrip()):
            return self._conflict(line)
        if _EDGE.fullmatch(line.body):
            return self._edge(line)
        return self._structure(place, line)

    def _in_fence(self, line: Line) -> Part:
        bare = line.body.rstrip()
        if set(bare) == {self.fence[0]} and len(bare) >= len(self.fence):
            self.fence, self.open, self.block = "", "", _Block("text", len(self.points))
        return Part(line, "fence")

    def _is_option(self, line: Line) -> bool:
        """Options stand right below the first line of a block. With too few spaces they have to look like options."""
        if not self.options or line.indent < self.options:
            return False
        if self.options == 1:
            if line.indent < TAB and not _OPTION.match(line.body):
                return False
            self.options = min(line.indent, TAB)
        return True

    def _conflict(self, line: Line) -> Part:
        self.open, self.block = "text", _Block("text")
        self.points.clear()
        return Part(line, "conflict")

    def _edge(self, line: Line) -> Part:
        top = line.indent < TAB or line.soft
        if top:
            self.points.clear()
            self.counted.clear()
        self.open, self.block = "", _Block()
        self.options = int(top and bool(HEADER.fullmatch(line.body.rstrip())))
        return Part(line, "edge")

    # Lines inside the structure of lists

    def _inside(self, line: Line) -> list[_Point]:
        """The points that a line stands in, by its spaces."""
        if not self.points:
            return []
        outside = (depth for depth, point in enumerate(self.points) if line.indent < point.begins(depth))
        return self.points[: next(outside, len(self.points))]

    def _is_code(self, line: Line, inside: list[_Point], mark: Mark | None) -> bool:
        """Whether the renderer and everybody else would show it as program text."""
        if self.open or line.soft or (mark and mark.lone and (not mark.plain or mark.gap[:1] == "\t")):
            return False
        return line.indent >= TAB * (len(inside) + 1)

    def _shifted(self, line: Line) -> Line:
        """A line without the spaces by which all of its list is indented too far."""
        while self.shifts and self.shifts[-1].depth >= len(self.points):
            self.shifts.pop()
        if not self.shifts:
            return line
        shift = self.shifts[-1]
        if line.indent >= shift.column:
            return _dedented(line, line.indent - shift.column + TAB * shift.depth)
        self.shifts.pop()
        return _dedented(line, min(line.indent, TAB * shift.depth))

    def _structure(self, place: int, line: Line) -> Part:
        line = self._shifted(line)
        inside, mark = self._inside(line), self.marked.marks[place]
        if self._is_code(line, inside, mark):
            self.points, self.block = inside, _Block("none", len(inside))
            return Part(line, "code", len(inside))
        if (line.body[0] in _SIGNS or "|" in line.body or self.open == "table") and (
            line.indent < TAB * (len(inside) + 1) or not self.open
        ):
            part = self._own_block(place, line, inside)
            if part:
                return part
        if mark and (point := self._point(place, line, mark)):
            return point
        return self._text(line, inside, mark)

    def _own_block(self, place: int, line: Line, inside: list[_Point]) -> Part | None:
        """What ends a paragraph wherever it stands."""
        if found := FENCE.fullmatch(line.body):
            self.fence = found["fence"] or found["tilde"]
            return Part(line, "fence")
        if self._underlines(line, inside):
            self.open, self.block = "", _Block("none", self.block.depth)
            return Part(line, "underline", len(inside))
        if _RULE.fullmatch(line.body):
            return self._put(line, "rule", inside)
        if _HEADING.match(line.body):
            self.counted.clear()
            return self._put(line, "heading", inside)
        if line.body.startswith(">"):
            return self._quote(line, inside)
        return self._row(place, line, inside)

    def _underlines(self, line: Line, inside: list[_Point]) -> bool:
        if self.open != "text" or not _UNDERLINE.fullmatch(line.body):
            return False
        return self.block.kind == "text" and len(inside) == len(self.points)

    def _put(self, line: Line, kind: Kind, inside: list[_Point]) -> Part:
        depth, beside = len(inside), len(self.points) > len(inside)
        apart = self._needs_space(kind, depth)
        self.points, self.open = inside, ""
        self.block = _Block("none", self._depth(apart, depth))
        return Part(line, kind, depth, apart, beside=beside)

    def _needs_space(self, kind: Kind, depth: int) -> bool:
        above = self.block
        if depth < above.depth:
            return True
        if above.kind == "none":
            return False
        if kind == "heading":
            return depth > 0 or above.kind == "table"
        if kind == "quote":
            return depth > 0 or above.kind not in ("text", "quote")
        return True

    def _depth(self, apart: bool, depth: int) -> int:
        """The depth at which the renderer's block began."""
        return depth if apart or (self.block.kind == "none" and not self.block.depth) else self.block.depth

    def _quote(self, line: Line, inside: list[_Point]) -> Part:
        depth = len(inside)
        goes_on = self.open == "quote" and depth == len(self.points)
        apart = not goes_on and self._needs_space("quote", depth)
        if not goes_on:
            self.points = inside
            self.block = _Block("quote", self._depth(apart, depth))
        self.open = "quote"
        return Part(line, "quote", depth, apart)

    def _row(self, place: int, line: Line, inside: list[_Point]) -> Part | None:
        if self.open == "table":
            below = "|" not in line.body and self.columns > 1
            if not below and not (self.marked.marks[place] and "|" not in line.body):
                return Part(line, "row", len(self.points))
            self.open = ""
            return None
        if "|" not in line.body or not self._heads(place, line):
            return None
        depth, beside = len(inside), len(self.points) > len(inside)
        apart = self._needs_space("row", depth)
        self.points, self.open = inside, "table"
        self.block = _Block("table", self._depth(apart, depth))
        self.columns = len(cells(line.body))
        return Part(line, "row", depth, apart, beside=beside)

    def _heads(self, place: int, line: Line) -> bool:
        """Whether it is the head of a table: a line of dashes with as many columns stands below it."""
        below = self.lines[place + 1].body if place + 1 < len(self.lines) else ""
        return bool("|" in below and _DIVIDER.fullmatch(below)) and len(cells(below)) == len(cells(line.body))

    # Points of lists

    def _point(self, place: int, line: Line, mark: Mark) -> Part | None:
        """The point that a line begins, if it begins one. The points above it that it ends are closed."""
        if not (mark.lone or self.marked.grouped[place] or (mark.kind == "-" and self._is_announced(place))):
            return None
        points = self._parents(line, mark)
        peer = self.points[len(points)] if len(points) < len(self.points) else None
        if self.open == "text" and not self._begins(place, mark, points, peer):
            return None
        depth = len(points)
        self._count(depth, mark)
        apart = self._point_needs_space(depth, mark.ordered)
        if apart or self.block.kind == "none":
            self.block = _Block("item", self._depth(apart, depth))
        self.block.lists = {level: ordered for level, ordered in self.block.lists.items() if level < depth} | {depth: mark.ordered}
        if line.indent >= TAB * (depth + 1):
            self.shifts.append(_Shift(depth, line.indent))
            line = _dedented(line, TAB * depth)
        self.points = [*points, _Point(line.indent, mark.content(line.indent), mark)]
        self.open = "text" if mark.text else ""
        return Part(line, "item", depth, apart, mark)

    def _count(self, depth: int, mark: Mark) -> None:
        self.counted = {level: number for level, number in self.counted.items() if level < depth or (level == depth and not mark.ordered)}
        if mark.ordered:
            self.counted[depth] = mark.number

    def _parents(self, line: Line, mark: Mark) -> list[_Point]:
        """The points that a point stands in: by its spaces, and beside marks of other kinds by the order in which those came."""
        points = self._inside(line)
        if len(points) == len(self.points):
            return self._unless_next(points, line, mark)
        peer = self.points[len(points)].mark
        if peer.kind == mark.kind or (peer.plain and mark.plain):
            nested = peer.ordered and not mark.ordered and line.indent > self.points[len(points)].column
            return self.points[: len(points) + nested]
        level = [point.column for point in self.points[len(points) :]]
        same = [place for place, point in enumerate(self.points) if point.mark.kind == mark.kind and place >= len(points)]
        if same:
            return self.points[: same[-1]]
        if mark.number > 1 or max(level) > line.indent + 1:
            return points
        return self.points

    def _unless_next(self, points: list[_Point], line: Line, mark: Mark) -> list[_Point]:
        """A second number that is indented like the text of the first, or less, is not inside it."""
        above = points[-1] if points else None
        if not above or self.open != "text" or above.mark.kind != mark.kind or mark.number < 2:
            return points
        return points[:-1] if mark.number == above.mark.number + 1 or line.indent < above.content else points

    def _begins(self, place: int, mark: Mark, points: list[_Point], peer: _Point | None) -> bool:
        """Whether a line right below words of a paragraph begins a point."""
        if not mark.text:
            return bool(self.points) or not mark.plain
        if peer and peer.mark.ordered == mark.ordered:
            return not mark.ordered or mark.number not in _YEAR or mark.number in (peer.mark.number, peer.mark.number + 1)
        if points and peer is None:
            return mark.number < 2 or not mark.ordered
        if peer and mark.plain:
            return mark.number not in _YEAR and not self._is_range(place, mark)
        return self._interrupts(place, mark, self.counted.get(len(points), -1) + 1)

    def _interrupts(self, place: int, mark: Mark, upcoming: int) -> bool:
        """Whether a line ends the paragraph right above it. In doubt it does not."""
        above = self.lines[place - 1].body.rstrip().removesuffix("\\")  # which breaks the line, and says nothing
        ends, followed = _ends(above), self.marked.followed[place]
        if mark.ordered and mark.number != 1:
            return (ends and mark.number == upcoming) or (followed and self._is_announced(place))
        if mark.ordered:
            return ends or followed
        if not mark.lone:
            following = self.marked.marks[place + 1] if place + 1 < len(self.lines) else None
            return self._is_announced(place) or followed and (ends or (following is not None and following.kind == mark.kind))
        if not mark.plain or ends:
            return True
        if self._is_range(place, mark):
            return False
        return followed or not (mark.text[0].islower() or mark.text[0].isdigit())

    def _is_announced(self, place: int) -> bool:
        """Whether the words right above it say that a list follows."""
        return self.open == "text" and self.lines[place - 1].body.rstrip(" *_").endswith(":")

    def _is_range(self, place: int, mark: Mark) -> bool:
        """Whether it goes on like `2 - 5`."""
        return mark.text[0].isdigit() and self.lines[place - 1].body.rstrip()[-1:].isdigit()

    def _point_needs_space(self, depth: int, ordered: bool) -> bool:
        above = self.block
        if above.kind == "none" or depth < above.depth:
            return depth < above.depth
        return above.kind != "item" or above.lists.get(depth, ordered) != ordered

    # Paragraphs

    def _text(self, line: Line, inside: list[_Point], mark: Mark | None) -> Part:
        if self.open:
            return Part(line, "more", len(self.points), mark=mark, doubtful=mark is not None and self._is_doubtful(mark))
        depth = len(inside)
        apart = depth < self.block.depth or self.block.kind == "table"
        beside = len(self.points) > depth
        self.points, self.open = inside, "text"
        if apart or self.block.kind == "none":
            self.block = _Block("text", self._depth(apart, depth))
        return Part(line, "text", depth, apart, beside=beside)

    def _is_doubtful(self, mark: Mark) -> bool:
        """Whether somebody may have meant a point."""
        if not mark.plain or not mark.text:
            return False
        return not mark.ordered or mark.number == 1 or (bool(self.points) and mark.number not in _YEAR)


def _dedented(line: Line, indent: int) -> Line:
    return line_of(line.number, " " * indent + line.body)


def _ends(words: str) -> bool:
    """Whether a sentence ends at the end of these words, apart from its sources."""
    for _ in range(3):
        words = words.rstrip()
        cited = max(words.rfind("[["), words.rfind("[@")) if words.endswith((")", "]")) else -1
        if cited < 0:
            break
        words = words[:cited]
    return bool(_ENDS.search(words[-20:]))


def cells(row: str) -> list[str]:
    """The cells of a row of a table: what stands between its signs |, but for those in code."""
    row = row.strip()
    ends, code = [], ""
    for found in _PIPE.finditer(row):
        if found["code"]:
            code = "" if code == found["code"] else code or found["code"]
        elif found["pipe"] and not code:
            ends.append(found.start())
    edges = [-1, *ends, len(row)]
    parts = [row[start + 1 : end] for start, end in zip(edges, edges[1:], strict=False)]
    return parts[bool(ends) and not parts[0] : len(parts) - (len(parts) > 1 and bool(ends) and not parts[-1])]
