"""The one reading of a text: its fields, its body, and the blocks in it, each with its place. Pure.

A document is a Markdown text below fields in YAML between two lines of `---`, or YAML alone. It is read once (what was read is kept
by its text) and everybody takes what was read: the loader, the renderer, the editor's form, the builder of conditions, the checks.
A change is a piece of the text put in place of another, so that all around it stays byte for byte: comments, order, ends of lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from itertools import accumulate
from typing import Any, TypeAlias

from guide.content.blocks import ID, KINDS, OPTIONS
from guide.content.forgiving import untold
from guide.content.forgiving.letters import with_spaces
from guide.content.limits import LONGEST_FIELDS, beyond, too_long
from guide.content.mistakes import BlockName, Mistake, Place, mistake
from guide.content.yamltext import UNREAD, Yaml, read_yaml

_FRONT = re.compile(r"\ufeff?---[ \t]*\r?\n")
_FRONT_END = re.compile(r"^---[ \t]*\r?(?:\n|\Z)", re.MULTILINE)
_FENCE = re.compile(r"(?P<before>[ \t>*+-]*|[ \t]*\d+[.)][ \t]+)(?P<fence>/{3,})[ \t]*(?P<header>[^/\s].*)?")
_ENDS = " \t\r"  # of a line, which say nothing
_UNSEEN = re.compile(r"[\x00\r]")
_HEADER = re.compile(r"(?P<kind>[\w-]+)[ \t]*(?:\|[ \t]*(?P<title>.*))?")
_OPTION = re.compile(r"(?: {4}|\t)[ \t]*\S")
LEADS = re.compile(r"\]\([^()\n]*\)|\[@[^\[\]]*\]")
"""Where links and citations lead: no words that readers see."""
_NAMED = re.compile(rf"(?: {{4}}|\t)(?:{'|'.join(OPTIONS)}):")


@dataclass(frozen=True)
class Prose:
    """Markdown between blocks. `line`: its first, from 1."""

    markdown: str
    line: int


@dataclass(frozen=True, eq=False)
class BlockText:
    """A block as it is written. Lines count from 1; `start`, `end`: where the lines of its options begin and end in the document.

    `options`: read as YAML, also where nothing stands there. `last`: its last line. `closed`: whether it ends with its own ///.
    """

    name: BlockName
    line: int
    options: Yaml
    start: int
    end: int
    body: str
    body_line: int
    last: int
    closed: bool = True

    @property
    def kind(self) -> str:
        """What kind it says it is, which may be none of ours."""
        return self.name.kind

    @property
    def title(self) -> str:
        """What stands after the | on its first line."""
        return self.name.title

    @property
    def id(self) -> str:
        """What it is called by for ever; empty where it does not say."""
        return str(self.data.get(ID) or "")

    @property
    def data(self) -> Mapping[str, Any]:
        """Its options; none where they cannot be read."""
        return self.options.data if isinstance(self.options.data, dict) else {}

    def line_of(self, option: str) -> int:
        """The line of an option; of one that is missing, and of none, that of the block."""
        found = self.options.place_of(option) if option else None
        return self.line + 1 + found[0] if found else self.line


Part: TypeAlias = Prose | BlockText


@dataclass(frozen=True, eq=False)
class Text:
    """A document that was read. `fields`: its YAML. `body`: the Markdown below, which begins at `body_start`.

    `parts`: the body, cut at its blocks. `unread`: mistakes that keep it from being read; `odd`: the others of the text as a text. What it
    says is checked by others.
    """

    path: str
    source: str
    fields: Yaml
    fields_start: int = 0
    body: str = ""
    body_start: int = 0
    parts: tuple[Part, ...] = ()
    unread: tuple[Mistake, ...] = field(default=(), repr=False)
    odd: tuple[Mistake, ...] = field(default=(), repr=False)

    @property
    def mistakes(self) -> tuple[Mistake, ...]:
        """What is wrong with the text as a text."""
        return self.unread + self.odd

    @property
    def data(self) -> Any:
        """What its fields say; UNREAD where they cannot be read."""
        return self.fields.data

    @property
    def mapping(self) -> Mapping[str, Any]:
        """What its fields say, as names with values; none where they cannot be read."""
        return self.data if isinstance(self.data, dict) else {}

    @property
    def front(self) -> str:
        """The YAML as it is written."""
        return self.fields.text

    @property
    def title(self) -> str:
        """The title that it gives itself; empty where it has none."""
        title = self.mapping.get("title")
        return "" if title is None or isinstance(title, (dict, list)) else str(title).strip()

    @cached_property
    def blocks(self) -> tuple[BlockText, ...]:
        """The blocks alone, in their order."""
        return tuple(part for part in self.parts if isinstance(part, BlockText))

    @property
    def fields_line(self) -> int:
        """The line (from 1) where its fields begin."""
        return 2 if self.fields_start else 1

    @property
    def body_line(self) -> int:
        """The line (from 1) where its body begins."""
        return self.source.count("\n", 0, self.body_start) + 1

    def block_at(self, line: int) -> BlockText | None:
        """The block that a line (from 1) stands in."""
        return next((block for block in self.blocks if block.line <= line <= block.last), None)

    def with_fields(self, changes: Mapping[str, Any]) -> str:
        """The same text with some fields changed; None takes one out. What is equal stays as it is written.

        Names as in `values.low.label`. Raises FieldsError where it has no fields, or has no place for one.
        """
        if not isinstance(self.data, dict):
            raise FieldsError(self)
        fields = self.fields
        for name, value in changes.items():
            try:
                old = value_of(fields.data, name)
                if old != value or type(old) is not type(value):
                    fields = fields.with_value(name, value)
            except (KeyError, TypeError, ValueError) as error:
                raise FieldsError(self) from error
        return self._replaced(self.fields_start, self.fields_start + len(self.fields.text), fields.text)

    def with_option(self, block: BlockText, name: str, value: Any) -> str:
        """The same text with an option of a block changed; None takes it out. Raises FieldsError where its options cannot be read."""
        if block.options.data is UNREAD:
            raise FieldsError(self)
        try:
            if block.options.text.strip():
                return self._replaced(block.start, block.end, block.options.with_value(name, value).text)
            written = Yaml("", None).with_value(name, value).text.rstrip("\n")
        except ValueError as error:
            raise FieldsError(self) from error
        if not written:
            return self.source
        ends = "\r\n" if "\r\n" in self.source else "\n"
        open_line = "" if self.source[: block.start].endswith("\n") else ends
        return self._replaced(block.start, block.end, f"{open_line}    {written}{ends}")

    def _replaced(self, start: int, end: int, new: str) -> str:
        return self.source[:start] + new + self.source[end:]


class FieldsError(ValueError):
    """A text whose fields cannot be changed one by one: there are none, they are not YAML, or one would not come out as it should."""

    def __init__(self, text: Text) -> None:
        told = next((f"{one.field}: {one.remedy}" for one in text.mistakes), "a field cannot be put among the others")
        super().__init__(f"The fields cannot be read: {told}")


def value_of(fields: Mapping[str, Any], name: str) -> Any:
    """The value of a field; of one inside others where the name has points (`values.low.label`). None where there is none.

    Raises KeyError where there is nothing around it.
    """
    *outer, last = name.split(".")
    for one in outer:
        fields = fields[one]
        if not isinstance(fields, Mapping):
            raise KeyError(name)
    return fields.get(last)


_TITLE = re.compile(r"^title:[^\r\n]*", re.MULTILINE)


def title_at_top(head: str) -> str:
    """The title that a text gives itself, of which only the first letters are at hand; empty where it has none on one line."""
    found = _TITLE.search(head) if _FRONT.match(head) else None
    data = read_yaml(found[0]).data if found else None
    title = data.get("title") if isinstance(data, dict) else None
    return "" if title is None or isinstance(title, (dict, list)) else str(title)


def read(path: str, source: str) -> Text:
    """Read a text. `path`: below content/; what ends with .md has fields above a body. Never raises: what is wrong is in `mistakes`."""
    return _read(path, source)


@lru_cache(maxsize=1024)
def _read(path: str, source: str) -> Text:
    if beyond_all := too_long(path, source):
        return Text(path, source, Yaml("", UNREAD), unread=(beyond_all,))
    return _read_markdown(path, source) if path.endswith(".md") else _read_file(path, source)


MAY_SHARE = "codes.yaml"
"""The file in which a value may be named and used again."""


def _read_file(path: str, source: str) -> Text:
    fields = read_yaml(source, may_share=path == MAY_SHARE)
    return Text(path, source, fields, unread=tuple(_wrong_with(path, fields, 1)))


def _read_markdown(path: str, source: str) -> Text:
    start, end = _FRONT.match(source), None
    if start:
        end = _FRONT_END.search(source, start.end())
    if not start or not end:
        told = mistake(path, "no-front-matter", Place(part="front matter", line=1))
        return _with_body(Text(path, source, Yaml("", UNREAD), body=source, unread=(told,)))
    front = source[start.end() : end.start()]
    mistakes: tuple[Mistake, ...]
    if len(front) > LONGEST_FIELDS:
        told = mistake(path, "fields-too-long", Place(line=1), letters=len(front), most=LONGEST_FIELDS)
        fields, mistakes = Yaml(front, UNREAD), (told,)
    else:
        fields = read_yaml(front)
        mistakes = tuple(_wrong_with(path, fields, 2))
    return _with_body(Text(path, source, fields, start.end(), source[end.end() :], end.end(), unread=mistakes))


def _wrong_with(path: str, fields: Yaml, first: int, block: BlockName | None = None) -> Iterator[Mistake]:
    if wrong := fields.wrong:
        line = first + wrong.line if wrong.line is not None else 0
        yield Mistake(path, wrong.code, Place(block=block, line=line), wrong.arguments)


def _with_body(text: Text) -> Text:
    above, body = text.body_line - 1, text.body.replace("\r\n", "\n")
    if found := beyond(body):
        line, code, arguments = found
        told = mistake(text.path, code, Place(line=above + line), **arguments)
        return Text(text.path, text.source, text.fields, text.fields_start, "", text.body_start, unread=(*text.unread, told))
    # Without fields above it, what stands there may be anything.
    found_odd = (*_unseen(text.body), *untold(text.body)) if text.fields_start else ()
    odd = [mistake(text.path, code, Place(line=above + line), **arguments) for line, code, arguments in found_odd]
    parts, of_blocks = _Blocks(text).read()
    return Text(text.path, text.source, text.fields, text.fields_start, text.body, text.body_start, parts, text.unread, (*odd, *of_blocks))


def _unseen(body: str) -> Iterator[tuple[int, str, dict[str, str | int]]]:
    """What nobody sees in a body: a letter that is none, and the end of a line that only some readers take for one."""
    for number, line in enumerate(body.split("\n"), start=1):
        if found := _UNSEEN.search(line.removesuffix("\r")):
            yield (number, "nul", {}) if found[0] == "\0" else (number, "unseen-sign", {"sign": f"U+{ord(found[0]):04X}"})


class _Blocks:
    """One run over the lines of a body, which cuts it at its blocks."""

    def __init__(self, text: Text) -> None:
        self.text, self.lines = text, text.body.split("\n")
        self.first = text.body_line
        # Where each line begins in the document, and where the last one ends.
        self.starts = list(accumulate((len(line) + 1 for line in self.lines), initial=text.body_start))
        self.starts[-1] -= 1
        self.parts: list[Part] = []
        self.mistakes: list[Mistake] = []
        self.number = 0

    def read(self) -> tuple[tuple[Part, ...], list[Mistake]]:
        fences = [_fence(line) for line in self.lines]
        position, prose = 0, 0
        while position < len(self.lines):
            fence = fences[position]
            if not fence:
                position += 1
                continue
            header = _HEADER.fullmatch(fence["header"] or "")
            if fence["before"] or not header:
                self._stray(position, fence, header)
                position += 1
                continue
            self._prose(prose, position)
            position = prose = self._block(position, header, fence["fence"], fences)
        self._prose(prose, len(self.lines))
        return tuple(self.parts), self.mistakes

    def _prose(self, start: int, end: int) -> None:
        lines = [line.removesuffix("\r") for line in self.lines[start:end] if not _fence(line)]
        if markdown := "\n".join(lines):
            self.parts.append(Prose(markdown, self.first + start))

    def _block(self, start: int, header: re.Match[str], fence: str, fences: list[re.Match[str] | None]) -> int:
        """Take one block; the line after it. One that is not closed ends before the next one, or with the text."""
        name = BlockName(self.number, header["kind"], header["title"] or "")
        self.number += 1
        first = self._first_option(start + 1)
        below = next((at for at in range(first, len(self.lines)) if not _OPTION.match(self.lines[at])), len(self.lines))
        end, closed = self._end(start, fence, fences)
        below = min(below, end)
        from_, to = self.starts[start + 1], self.starts[below]
        options = self.text.source[from_:to]
        inner = [line.removesuffix("\r") for line, one in zip(self.lines[below:end], fences[below:end], strict=True) if not one]
        block = BlockText(
            name=name,
            line=self.first + start,
            options=read_yaml(options.replace("\t", " " * 4) if "\t" in options else options),
            start=from_,
            end=to,
            body="\n".join(inner),
            body_line=self.first + below,
            last=self.first + end - (0 if closed else 1),
            closed=closed,
        )
        self.parts.append(block)
        self.mistakes += self._wrong_with(block)
        self._inside(below, end, fences, name)
        return end + 1 if closed else end

    def _first_option(self, at: int) -> int:
        """Where options begin: an empty line above them is no reason not to read them."""
        after = next((place for place in range(at, len(self.lines)) if self.lines[place].strip()), at)
        return after if _NAMED.match(self.lines[after] if after < len(self.lines) else "") else at

    def _end(self, start: int, fence: str, fences: list[re.Match[str] | None]) -> tuple[int, bool]:
        following = len(self.lines)
        for at in range(start + 1, len(self.lines)):
            one = fences[at]
            if not one or one["before"]:
                continue
            if not one["header"] and one["fence"] == fence:
                return at, True
            if one["header"] and one["fence"] == fence:
                following = at
                break
        return following, False

    def _inside(self, start: int, end: int, fences: list[re.Match[str] | None], outer: BlockName) -> None:
        for at in range(start, end):
            if (one := fences[at]) and one["header"]:
                self._stray(at, one, _HEADER.fullmatch(one["header"]))

    def _stray(self, at: int, fence: re.Match[str], header: re.Match[str] | None) -> None:
        """A line with /// that begins or ends no block."""
        line = Place(part="block", line=self.first + at)
        if not fence["header"]:
            if not fence["before"]:
                self.mistakes.append(mistake(self.text.path, "block-end-alone", line))
        elif header:
            self.mistakes.append(mistake(self.text.path, "block-inside", line, name=_name(header)))
        else:
            self.mistakes.append(mistake(self.text.path, "block-not-understood", line, name=fence["header"]))

    def _wrong_with(self, block: BlockText) -> Iterable[Mistake]:
        place = Place(block=block.name, line=block.line)
        if not block.closed:
            yield mistake(self.text.path, "block-open", Place(part="block", line=block.line), name=str(block.name))
        if block.kind not in KINDS:
            yield mistake(self.text.path, "block-unknown-kind", place, kind=block.kind, kinds=", ".join(KINDS))
        yield from _wrong_with(self.text.path, block.options, block.line + 1, block.name)
        if block.options.data is not None and block.options.data is not UNREAD and not isinstance(block.options.data, dict):
            yield mistake(self.text.path, "block-options-no-fields", place)
        for name in block.data:
            if name not in OPTIONS:
                yield mistake(
                    self.text.path, "block-unknown-option", Place(str(name), block.name), name=str(name), options=", ".join(OPTIONS)
                )


def _fence(line: str) -> re.Match[str] | None:
    """A line with ///, whatever spaces a word processor put into it: nobody sees which they are."""
    return _FENCE.fullmatch(with_spaces(line).rstrip(_ENDS)) if "///" in line else None


def _name(header: re.Match[str]) -> str:
    return f"{header['kind']} | {header['title']}" if header["title"] else header["kind"]
