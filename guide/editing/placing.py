"""Where a mistake stands in a text, and what its writer can do about it there. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import yaml

from guide.content.errors import Cause, Mistake
from guide.content.fields import UNREAD, read_yaml
from guide.editing.builder import BlockPlace, blocks_in

MOST_TOLD = 100
"""Mistakes told at once: each is looked for in the text, and nobody reads more."""
_HINTS = {
    "cite at least one source": "Put the cursor after a sentence, and take the button “Source…”",
    "there is no source": "The button “Source…” finds those there are, and leads to a form for a new one",
}
_BUTTONS = {
    "role": "How it is offered…",
    "treatments": "Treatment of the block…",
    "sources": "Source…",
    "when": "Who is it for?…",
}  # of the editor
_LINE = re.compile(r"line (\d+)")  # the field of a mistake in YAML
_BEFORE_TITLE = re.compile(r"^(\w+) *\| *")
# What follows a block's name: in a field its option, in a remedy the words, or a line counted from its first option.
_AFTER_NAME = re.compile(r"(?:: (?P<says>.+)| ?line (?P<line>\d+))?", re.DOTALL)
_NEEDED = re.compile(r"it needs (\w+):")
# Where to look for what a mistake is about, if its remedy does not quote it.
_MARKS = {"image": "![", "table": "|--", "heading": "## ", "front matter": "---"}
_QUOTED = re.compile(r"'([^']+)'|\"([^\"]+)\"|#([a-z0-9-]+)")
_NOT_THERE = re.compile(r"there is no (?P<kind>\w+) '(?P<id>[^']+)'")
_COMPOSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where there is one


@dataclass(frozen=True)
class Placed:
    """A mistake for its writer. `line`: in this text, from 1; None where it stands in another file or nowhere in particular."""

    mistake: Mistake
    line: int | None
    field: str = ""
    here: bool = True
    others: tuple[Mistake, ...] = ()
    """Mistakes in other texts that come from this place."""

    def __str__(self) -> str:
        return self.words if self.here else f"{self.mistake.path}: {self.words}"

    @property
    def words(self) -> str:
        """What is wrong and what to do, without saying in which text."""
        # The line is shown before these words; only that of another text has to be said in them.
        field = "" if self.here and _LINE.fullmatch(self.mistake.field) else self.mistake.field
        says = f"{field}: {self.mistake.says}" if field else self.mistake.says
        if button := next((button for name, button in _BUTTONS.items() if self.mistake.remedy.startswith(f"it needs {name}:")), ""):
            says += f". Or put the cursor into the block, and take the button “{button}”"
        if hint := next((hint for start, hint in _HINTS.items() if self.mistake.remedy.startswith(start)), ""):
            says += f". {hint}"
        return says


def all_placed(path: str, text: str, mistakes: Iterable[Mistake]) -> tuple[Placed, ...]:
    """Mistakes with their places: those in this text first, in the order of its lines.

    Where its YAML cannot be read, only that is told: without its fields, much that is said of this and of other texts is untrue.
    """
    every = sorted(mistakes, key=lambda mistake: mistake.path != path)
    causes = [mistake for mistake in every if mistake.path == path and _LINE.fullmatch(mistake.field)]
    told = causes or every
    found = list(_gathered(path, text, told[:MOST_TOLD]))
    if len(told) > MOST_TOLD:
        found.append(
            Placed(Mistake(path, "", f"there are {len(told) - MOST_TOLD} more mistakes: they are told when some of these are mended"), None)
        )
    return tuple(sorted(found, key=lambda one: (not one.here, one.line or 0)))


def _gathered(path: str, text: str, mistakes: Iterable[Mistake]) -> Iterator[Placed]:
    """Each mistake, but those in other texts that come from a field of this one together, at that field."""
    caused: dict[Cause, list[Mistake]] = {}
    for mistake in mistakes:
        if mistake.cause and mistake.cause.path == path != mistake.path:
            caused.setdefault(mistake.cause, []).append(mistake)
        else:
            yield placed(path, text, mistake)
    for cause, others in caused.items():
        yield replace(placed(path, text, Mistake(path, cause.field, cause.says)), others=tuple(others))


def placed(path: str, text: str, mistake: Mistake) -> Placed:
    """A mistake with its place in a text."""
    if mistake.path != path:
        return Placed(mistake, None, here=False)
    field = mistake.field if re.fullmatch(r"[\w.-]+", mistake.field) else ""
    return Placed(mistake, line_of(text, mistake), field)


def line_of(text: str, mistake: Mistake) -> int | None:
    """The line (from 1) of a mistake, as well as its field and its remedy tell it; None where they do not."""
    if found := _LINE.fullmatch(mistake.field):
        return min(int(found[1]), text.count("\n") + 1)
    if line := _in_block(text, mistake):
        return line
    if line := _in_fields(text, mistake.field):
        return line
    return _quoted(text, mistake)


def _in_block(text: str, mistake: Mistake) -> int | None:
    about = _BEFORE_TITLE.sub(r"\1 | ", mistake.remedy if mistake.field == "block" else mistake.field)
    found = [(block, named) for block in blocks_in(text) if (named := _named(block, about))]
    if not found:
        return None
    needed = _NEEDED.match(mistake.remedy)
    # The title of a block may itself hold a colon: the longest that fits is meant. Of blocks named alike, one that lacks what is needed.
    block, named = max(found, key=lambda one: (len(one[0].title), not needed or needed[1] not in one[0].options))
    if named["line"]:
        return block.start + 1 + int(named["line"])
    option = "" if mistake.field == "block" else named["says"] or _option_in(block, mistake.remedy)
    return block.options.get(option, (block.start, 0))[0] + 1


def _named(block: BlockPlace, about: str) -> re.Match[str] | None:
    """Whether this begins with the whole name of a block; one without a title is called by its kind, with or without a mark after it."""
    names = [f"{block.kind} | {block.title}"] if block.title else [f"{block.kind} | None", f"{block.kind} | ", block.kind]
    found = (_AFTER_NAME.fullmatch(about, len(name)) for name in names if about.startswith(name))
    return next(filter(None, found), None)


def _option_in(block: BlockPlace, remedy: str) -> str:
    """The option of a block that a remedy is about: the one that is needed, or the first that it names."""
    if needed := _NEEDED.match(remedy):
        return needed[1]
    return next((word for word in re.findall(r"\w+", remedy) if word in block.options), "")


def _in_fields(text: str, field: str) -> int | None:
    """The line of a field such as title or values.low.label, each name inside the one before it; of one that is missing, where it belongs."""
    if not re.fullmatch(r"[\w.-]+", field):
        return None
    node, line = _composed(_front(text)), None
    for name in field.split("."):
        found = _inside(node, name)
        if not found:
            # A field that is missing is to be written among the others.
            return line
        line, node = found
    return line


def _front(text: str) -> str:
    """The YAML of a text, each line at its number: that between the lines of ---, or all of it."""
    end = text.find("\n---\n", 3) if text.startswith("---\n") else -1
    return text[3:end] if end >= 0 else text


@lru_cache(maxsize=2)
def _composed(front: str) -> yaml.Node | None:
    """The fields with their places. Kept, because most often several mistakes of one text are looked for."""
    if all(read_yaml("", front, [], may_share=shares) is UNREAD for shares in (False, True)):
        return None  # its composer would go down into what the other refused
    try:
        return yaml.compose(front, Loader=_COMPOSER)
    except yaml.YAMLError:
        return None


def _inside(node: yaml.Node | None, name: str) -> tuple[int, yaml.Node] | None:
    """The line (from 1) and the value of a field right inside another, or of an item of a list, which are counted from 1."""
    if isinstance(node, yaml.MappingNode):
        fields = ((key.start_mark.line + 1, value) for key, value in node.value if key.value == name)
        return next(fields, None)
    if isinstance(node, yaml.SequenceNode) and name.isdecimal() and 0 < int(name) <= len(node.value):
        item = node.value[int(name) - 1]
        return item.start_mark.line + 1, item
    return None


def _quoted(text: str, mistake: Mistake) -> int | None:
    """What the remedy quotes stands in the text, most often."""
    body = text.find("\n---\n", 3) + 1 if text.startswith("---\n") else 0
    for pattern in _patterns(mistake.remedy):
        if found := re.compile(pattern, re.MULTILINE).search(text, body):
            return line_at(text, found.end())
    mark = _MARKS.get(mistake.field, "")
    place = text.find(mark, body) if mark else -1
    return line_at(text, place) if place >= 0 else None


def _patterns(remedy: str) -> Iterator[str]:
    """Where what a remedy quotes may stand, the likeliest place first."""
    if found := _NOT_THERE.match(remedy):
        id = _whole(found["id"])
        if found["kind"] == "source":
            # Cited in the text, or in the list of a block, which may go on below.
            yield rf"\[@[^\[\]]*?{id}|^ +sources:(?:.*\n(?: {{5}}| {{4}}-)(?! *sources:))*?.*?{id}"
        yield rf"\b{found['kind']}:{id}"
    quoted = [next(filter(None, found)) for found in _QUOTED.findall(remedy)]
    first, colon, _ = remedy.partition(": ")
    for words in [first, *quoted] if colon else quoted:
        if len(words) > 1:
            yield from (f"{mark}{_whole(words)}" for mark in (r"\(", ":", "@", "# ", ""))


def _whole(words: str) -> str:
    """A pattern for words that do not go on at either end, as `asco` does in `asco-2024`; what ends with a sign may."""
    before = r"(?<![\w-])" if re.match(r"[\w#]", words) else ""
    after = r"(?![\w-])" if re.search(r"\w$", words) else ""
    return f"{before}{re.escape(words)}{after}"


def line_at(text: str, place: int) -> int:
    """The line (from 1) of a place."""
    return text.count("\n", 0, place) + 1
