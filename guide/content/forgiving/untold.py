"""What readers would see as raw signs, or in another way than its writer meant, and what must not be guessed. Pure.

Other tools know marks that the renderer does not, such as boxes to tick. Nobody who pastes them is told by anything else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html.entities import html5
from itertools import groupby

from guide.content.forgiving.letters import OPTION_QUOTES, QUOTED_TARGET, QUOTED_TITLE, Line, line_of, lines_of
from guide.content.forgiving.outline import CONFLICT, QUOTED, Part, arranged, cells, outline

Found = tuple[int, str, dict[str, str | int]]
"""A line from 1, the code of a mistake, and what fills the gaps in its words."""

_ANCHOR = re.compile(r"\s\{#[^{}]*\}\s*$")
_LONGEST = 40
_LONGEST_SAMPLE = 100
_DEEPEST = 10
_CODE = re.compile(r"`+")
_STARS = re.compile(r"(?<!\\)\*{2,}")
_INNER_TAB = re.compile(r"\S[ ]?\t[ \t]*\S")
_TIGHT = re.compile(r"(?P<mark>[-+–—]|\d{1,2}[.)])(?P<first>[^\W\d_])")
_SIGNS = re.compile(r"[=+~^#]{3,}\s*|\*{2}\s*|_{2}\s*|={1,2}\s*")
_HASH = re.compile(r"#[^\s#]")
_MORE = re.compile(r"> ?\d")
_BOX = re.compile(r"\[[ xX]?\](?:\s|$)")
_REFERENCE = re.compile(r"(?<!\\)\[(?P<words>[^\[\]\n@]{1,200})\]\[(?P<name>[^\[\]\n@]{0,200})\]")
_DEFINED = re.compile(r"\[(?P<name>[^\[\]\n]{1,200})\]:\s*\S")
_ENTITY = re.compile(r"&(?P<amp>amp;)?(?P<name>[A-Za-z][A-Za-z0-9]{1,30}|(?<=amp;)#\d{1,7})(?P<end>;?)")
_WITHOUT_END = frozenset(
    [
        "nbsp",
        "mdash",
        "ndash",
        "hellip",
        "rsquo",
        "lsquo",
        "rdquo",
        "ldquo",
        "bull",
        "times",
        "deg",
        "shy",
        "ensp",
        "emsp",
        "thinsp",
        "middot",
        "frac12",
    ]
)

_ANY_SIGN = re.compile(r"[]~=^\[(<:{$&]")  # what all of the following need
# What other tools know, by what we say of it: inside a line.
_INSIDE: dict[str, re.Pattern[str]] = {
    "struck": re.compile(r"(?<!\\)~~"),
    "marked": re.compile(r"(?<![=\w\\])==(?=[^\s=])[^=\n]{1,300}=="),
    "raised": re.compile(r"(?<=\w)(?:~[\w+-]{1,10}~|\^[\w+-]{1,10}\^)(?!~)"),
    "footnote": re.compile(r"(?<!\\)\[\^[^\]\s]{1,60}\]|\^\[[^\]\n]{1,300}\]"),
    "wiki-link": re.compile(r"\[\[[^\[\]\n@]{1,200}\]\](?!\()"),
    "reversed-link": re.compile(r"\([^()\n]{1,200}\)\[(?:https?://|page:|treatment:|term:)[^\[\]\s]{1,300}\]"),
    "unclosed-link": re.compile(r"\]\((?P<words>(?:https?://|page:|treatment:|term:|tel:)[^()\s]*+)(?![()]|\s+[\"'“(]|\s*\))"),
    "link-quotes": re.compile(r"\][ \t]?\([ \t]?(?:[“”„‘’\"'][^()\n]{0,300}|[^\s()]{1,300}[“”„])\)"),
    "emoji": re.compile(r"(?<![\w:/]):[a-z][a-z0-9_+-]{1,30}:(?![\w:/])"),
    "attribute": re.compile(r"\{:?[ ]?[#.][\w-]{1,60}[^{}\n]{0,100}\}"),
    "template": re.compile(r"\{\{[^{}\n]{0,100}\}\}|\{%[^{}\n]{0,100}%\}"),
    "formula": re.compile(r"(?<!\\)\$\$"),
}
# And as a line of its own, or at its beginning.
_AT_START: dict[str, re.Pattern[str]] = {
    "note-box": re.compile(r"\[!\w{1,20}\]|!!! ?\w|\?\?\?\+? ?\w|:::+ ?\w?"),
    "definition": re.compile(r":\s+\S"),
    "abbreviation": re.compile(r"\*\[[^\[\]\n]{1,60}\]:"),
    "contents": re.compile(r"\[\[?_?(?:TOC|toc)_?\]?\]\s*$"),
}


@dataclass(frozen=True)
class _Texts:
    """What all parts of a text need to know of it."""

    defined: frozenset[str]


def untold(text: str) -> Iterator[Found]:
    """What cannot be understood or must not be guessed, in the order of its lines: each once a line."""
    lines = lines_of(text)
    defined = frozenset(found["name"].strip().lower() for line in lines if (found := _DEFINED.match(line.body)))
    seen = set()
    for number, code, words in sorted(_untold(lines, _Texts(defined), 0), key=lambda found: found[:2]):
        if (number, code) not in seen:
            seen.add((number, code))
            yield number, code, words


def _untold(lines: Sequence[Line], texts: _Texts, quoted: int) -> Iterator[Found]:
    parts = list(outline(arranged(lines)))
    yield from _conflicts(parts)
    above = ""
    for group in _groups(parts):
        kind = group[0].kind
        if kind == "code" and _is_sample(group, above):
            continue
        above = above if kind == "blank" else group[-1].line.body
        if kind == "quote":
            yield from _in_quote(group, texts, quoted)
        elif kind == "row":
            yield from _in_table(group)
        elif kind in _LINES:
            yield from _LINES[kind](group)
        if kind in ("text", "more", "item", "heading", "row"):
            yield from _in_words(group, texts)


def _groups(parts: Sequence[Part]) -> Iterator[list[Part]]:
    """Paragraphs and points, quotations, tables, and runs of other lines of one kind."""
    number = 0

    def run(part: Part) -> tuple[int, str]:
        nonlocal number
        if part.kind in ("text", "item", "heading", "edge", "underline") or part.apart:
            number += 1
        return number, "text" if part.kind in ("text", "item", "more") else part.kind

    for _, group in groupby(parts, key=run):
        yield list(group)


def _short(words: str) -> str:
    words = " ".join(words.split())
    return repr(words if len(words) <= _LONGEST else f"{words[:_LONGEST].rstrip()}...")


def _conflicts(parts: Sequence[Part]) -> Iterator[Found]:
    """Each place with two versions once, at its first mark; and marks that are left over."""
    is_open = False
    for part in parts:
        mark = part.line.body.rstrip()
        if part.kind not in ("conflict", "fence") or not CONFLICT.fullmatch(mark):
            continue
        begins, ends = mark.startswith("<"), mark.startswith(">")
        if begins or not is_open:
            yield part.line.number, "conflict-marker", {"mark": _short(mark)}
        is_open = begins or (is_open and not ends)


def _in_quote(group: Sequence[Part], texts: _Texts, quoted: int) -> Iterator[Found]:
    if quoted >= _DEEPEST:
        return
    if len(group) == 1 and _MORE.match(group[0].line.body):
        yield group[0].line.number, "more-than", {}
    yield from _untold([line_of(part.line.number, QUOTED.sub("", part.line.body, count=1)) for part in group], texts, quoted + 1)


def _in_table(group: Sequence[Part]) -> Iterator[Found]:
    wants = len(cells(group[0].line.body))
    for part in group[2:]:
        has = len(cells(part.line.body))
        if has != wants:
            yield part.line.number, "columns", {"has": has, "wants": wants}


def _is_sample(group: Sequence[Part], above: str) -> bool:
    """Whether it shows what stands on a report: below a sentence that announces it, and no sentence itself."""
    lines = [part.line.body.rstrip() for part in group]
    return above.rstrip().endswith(":") and all(len(line) <= _LONGEST_SAMPLE and line[-1] not in ".!?" for line in lines)


def _code(group: Sequence[Part]) -> Iterator[Found]:
    yield group[0].line.number, "program-text", {"words": _short(group[0].line.body)}


def _fence(group: Sequence[Part]) -> Iterator[Found]:
    yield group[0].line.number, "fence", {"mark": _short(group[0].line.body)}


def _underline(group: Sequence[Part]) -> Iterator[Found]:
    yield group[0].line.number, "setext", {"mark": _short(group[0].line.body), "words": "the words above"}


def _options(group: Sequence[Part]) -> Iterator[Found]:
    for part in group:
        if re.search("[“”„]", OPTION_QUOTES.sub("", part.line.body)):
            yield part.line.number, "option-quotes", {"words": _short(part.line.body)}


def _paragraph(group: Sequence[Part]) -> Iterator[Found]:
    for part in group:
        line, mark = part.line, part.mark
        if part.doubtful:
            yield line.number, "doubtful-list", {"words": _short(line.body)}
        if part.kind == "item" and mark:
            yield from _point(line, mark.text, mark.written)
        elif _SIGNS.fullmatch(line.body):
            yield line.number, "signs", {"mark": _short(line.body)}
        elif _HASH.match(line.body):
            yield line.number, "hash", {"words": _short(line.body)}
        yield from _starts(line, mark.text if part.kind == "item" and mark else line.body)
    yield from _columns(group)
    yield from _tight(group)


def _point(line: Line, text: str, written: str) -> Iterator[Found]:
    if not text:
        yield line.number, "empty-point", {"mark": _short(written)}
    elif box := _BOX.match(text):
        yield line.number, "task", {"mark": _short(box[0])}


def _starts(line: Line, text: str) -> Iterator[Found]:
    for code, pattern in _AT_START.items():
        if found := pattern.match(text):
            yield line.number, code, {"words": _short(found[0])}


def _columns(group: Sequence[Part]) -> Iterator[Found]:
    """Rows that no line of dashes makes a table, and what comes from a spreadsheet."""
    lines = [part.line for part in group]
    rows = [line for line in lines if line.body.startswith("|")] or [line for line in lines if line.body.count("|") > 1]
    if rows and (len(rows) > 1 or rows[0].body.rstrip().endswith("|")):
        line = "| " + " | ".join(["---"] * max(1, min(10, len(cells(rows[0].body))))) + " |"
        yield rows[0].number, "table-line", {"line": line}
    tabs = [part.line for part in group if part.kind != "item" and _INNER_TAB.search(part.line.body)]
    if len(tabs) > 1:
        yield tabs[0].number, "tabs", {}


def _tight(group: Sequence[Part]) -> Iterator[Found]:
    """Several lines with a mark and no space behind it."""
    found = [(part.line, tight) for part in group if part.kind != "item" and (tight := _TIGHT.match(part.line.body))]
    if len(found) > 1 and len({tight["mark"].strip("0123456789") for _, tight in found}) == 1:
        for line, tight in found:
            yield line.number, "mark-space", {"words": _short(line.body), "mark": tight["mark"]}


_LINES = {
    "text": _paragraph,
    "more": _paragraph,
    "item": _paragraph,
    "code": _code,
    "fence": _fence,
    "underline": _underline,
    "option": _options,
}


def _said(part: Part) -> str:
    """The words of a line; the anchor that a heading may end with is told by the renderer, where it is wrong."""
    return _ANCHOR.sub("", part.line.body) if part.kind == "heading" else part.line.body


def _in_words(group: Sequence[Part], texts: _Texts) -> Iterator[Found]:
    """What readers would see inside a paragraph; program text is as it is."""
    words, unclosed = _without_code("\n".join(_said(part) for part in group))
    numbers = [part.line.number for part in group]

    def at(place: int) -> int:
        return numbers[words.count("\n", 0, place)]

    if unclosed >= 0:
        yield at(unclosed), "unclosed-code", {}
    for row, part in zip(words.split("\n"), group, strict=True):
        yield from ((part.line.number, code, about) for code, about in _in_line(row, texts))
    stars = list(_STARS.finditer(words))
    if sum(1 for found in stars if len(found[0]) < 4) % 2:
        yield at(stars[-1].start()), "unclosed-bold", {}


def _in_line(row: str, texts: _Texts) -> Iterator[tuple[str, dict[str, str | int]]]:
    if not _ANY_SIGN.search(row):
        return
    row = QUOTED_TITLE.sub(r"(\g<target>)", QUOTED_TARGET.sub(r"](\g<target>)", row))
    for code, pattern in _INSIDE.items():
        if found := pattern.search(row):
            yield code, {"words": _short(found.groupdict().get("words") or found[0])}
    for found in _REFERENCE.finditer(row):
        if (found["name"] or found["words"]).strip().lower() not in texts.defined:
            yield "reference", {"words": _short(found[0])}
    for found in _ENTITY.finditer(row):
        if _seen_as_it_is(found):
            yield "entity", {"words": _short(found[0])}


def _seen_as_it_is(entity: re.Match[str]) -> bool:
    name = entity["name"]
    if entity["amp"]:
        return bool(entity["end"]) and (name[0] == "#" or f"{name};" in html5)
    return f"{name};" not in html5 if entity["end"] else name in _WITHOUT_END


def _without_code(text: str) -> tuple[str, int]:
    """The text with spaces for what stands in code, and where a ` has no other (-1: nowhere)."""
    runs = [(found.start(), found.end()) for found in _CODE.finditer(text)]
    later: dict[int, list[int]] = {}
    for place in range(len(runs) - 1, -1, -1):
        start, end = runs[place]
        later.setdefault(end - start, []).append(place)
    kept, position, unclosed, place = [], 0, -1, 0
    while place < len(runs):
        start, end = runs[place]
        if text[start - 1 : start] == "\\":
            place += 1  # it only ends code
            continue
        same = later[end - start]
        while same and same[-1] <= place:
            same.pop()
        if not same:
            unclosed, place = start if unclosed < 0 else unclosed, place + 1
            continue
        closing = same[-1]
        kept += [text[position:start], re.sub(r"[^\n]", " ", text[start : runs[closing][1]])]
        position, place = runs[closing][1], closing + 1
    return "".join([*kept, text[position:]]), unclosed
