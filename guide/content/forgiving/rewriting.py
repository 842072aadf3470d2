"""Markdown as people write it who never learned it, written out as the renderer has to get it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from guide.content.forgiving.letters import OPTION_QUOTES, QUOTED_TARGET, QUOTED_TITLE, TAB, Line, line_of, lines_of
from guide.content.forgiving.outline import QUOTED, Part, arranged, outline

_DEEPEST = 10  # quotations inside each other
_NUMBER = re.compile(r"\d+(?=[.)])")
_FLUSH = ("heading", "quote", "item")
_APART = re.compile(r"\][ \t]+(?=\((?:page|treatment|term|https?|tel):[^\s()]+\))")
_HASH_END = re.compile(r"(?<=[^\s#\\])#+\s*$")
_BREAK = re.compile(r"(?<=[^\s\\#])\s*((?:\\\\)*)\\$")
_ESCAPED = re.compile(r"\\(?P<sign>[!-/:-@\[-`{-~])")
# Signs that need no \ before them; the renderer would show it.
_UNESCAPED = {sign: sign for sign in "\"$%',:;=?@^~"} | {"&": "&amp;", "<": "&lt;"}


def forgiven(text: str) -> str:
    """The Markdown of a body as the renderer has to get it so that it means what its writer meant. What is right stays as it is."""
    return "\n".join(_written(arranged(lines_of(text)), 0))


def _written(lines: Sequence[Line], quoted: int) -> Iterator[str]:
    for is_quote, parts in groupby(outline(lines), key=lambda part: part.kind == "quote"):
        if is_quote:
            yield from _quotes(list(parts), quoted)
        else:
            for part in parts:
                yield from _lines(part)


def _quotes(parts: list[Part], quoted: int) -> Iterator[str]:
    """Quotations are texts of their own."""
    inner = [line_of(part.line.number, QUOTED.sub("", part.line.body, count=1)) for part in parts]
    written = list(_written(inner, quoted + 1)) if quoted < _DEEPEST else [line.text for line in inner]
    first = parts[0]
    if first.apart:
        yield ""
    if written == [line.text for line in inner]:
        yield from (_indented(part, part.line.body) for part in parts)
    else:
        yield from (_indented(first, f"> {line}".rstrip(" ") if not line.strip() else f"> {line}") for line in written)


def _lines(part: Part) -> Iterator[str]:
    if part.apart:
        yield ""
    yield _LINES.get(part.kind, _as_it_is)(part)


def _as_it_is(part: Part) -> str:
    return part.line.body if part.line.soft else part.line.text


def _indented(part: Part, body: str) -> str:
    """A line with the spaces that the renderer wants for its depth; with its own where these are right."""
    wanted, own = TAB * part.depth, part.line.indent
    return _space(part.line) + body if wanted <= own < wanted + _spare(part) else " " * wanted + body


def _spare(part: Part) -> int:
    """How many spaces a line may have beyond those of its depth: so few that it is not taken for the next depth."""
    if part.kind in _FLUSH:
        return 1
    return 2 if part.beside else TAB


def _space(line: Line) -> str:
    return line.text[: len(line.text) - len(line.body)]


def _text(part: Part) -> str:
    return _indented(part, _mended(part.line.body))


def _more(part: Part) -> str:
    mark, body = part.mark, part.line.body
    if mark is None:
        return _space(part.line) + _mended(body)
    begins = body[: len(body) - len(mark.text)]
    if mark.plain and part.depth:
        begins = _NUMBER.sub(r"\g<0>\\", begins, count=1) if mark.ordered else f"\\{begins}"
    return _space(part.line) + begins + _mended(mark.text)


def _item(part: Part) -> str:
    mark, body = part.mark, part.line.body
    assert mark is not None  # noqa: S101  # points have marks
    if not mark.text.strip("- \t"):
        # With dashes alone it would be a rule, or make a heading of the line above.
        return _indented(part, f"{mark.written.replace('-', '*', 1)} {mark.text}")
    if body.startswith(mark.written) and set(mark.gap) <= {" ", "\t"} and mark.gap:
        return _indented(part, body[: len(body) - len(mark.text)] + _mended(mark.text))
    return _indented(part, f"{mark.written} {_mended(mark.text)}")


def _heading(part: Part) -> str:
    body = part.line.body
    signs = len(body) - len(body.lstrip("#"))
    title = body[signs:]
    if title.strip("# ") and (end := _HASH_END.search(title)):
        title = title[: end.start()] + end[0].replace("#", "\\#")
    return _indented(part, body[:signs] + (title if not title or title[0].isspace() else f" {title}"))


def _row(part: Part) -> str:
    return _indented(part, part.line.body)


def _option(part: Part) -> str:
    return " " * part.shift + _space(part.line) + OPTION_QUOTES.sub(_straight, part.line.body)


def _straight(found: re.Match[str]) -> str:
    space = "" if found["before"] in "[{" else " "
    return f'{found["before"]}{space}"{found["value"]}"'


_LINES = {"text": _text, "more": _more, "item": _item, "heading": _heading, "row": _row, "rule": _row, "option": _option}


def _mended(body: str) -> str:
    """Running text with links and signs as the renderer knows them."""
    if "]" in body:
        body = _APART.sub("]", body)
        body = QUOTED_TARGET.sub(r"](\g<target>)", body)
        body = QUOTED_TITLE.sub(r'(\g<target> "\g<title>")', body)
    if "\\" in body and "`" not in body:
        body = _BREAK.sub(r"\1  ", _ESCAPED.sub(_unescaped, body))
    return body


def _unescaped(found: re.Match[str]) -> str:
    sign = found["sign"]
    return found[0] if not found.start() and sign in ":=~" else _UNESCAPED.get(sign, found[0])
