"""What is wrong or hard in a text that is still being written, and where it stands. Reads the whole guide with it; saves nothing."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

import yaml

from guide.content.documents import Guide
from guide.content.errors import ContentError, Mistake
from guide.content.grade import Grade, grade, names_pattern, too_hard
from guide.content.reach import unreachable
from guide.content.whole import documents, read
from guide.editing.builder import BlockPlace, blocks_in
from guide.editing.models import Edition, Revision, guide_of

HARD_SENTENCE = 10.0
"""US school grade above which a sentence is shown to its writer."""
LONG_SENTENCE = 25
"""Words above which it is shown in any case."""
MOST_SHOWN = 8
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


@dataclass(frozen=True)
class Placed:
    """A mistake for its writer. `line`: in this text, from 1; None where it stands in another file or nowhere in particular."""

    mistake: Mistake
    line: int | None
    field: str = ""
    here: bool = True

    def __str__(self) -> str:
        # The line is shown before these words; only that of another text has to be said in them.
        field = "" if self.here and _LINE.fullmatch(self.mistake.field) else self.mistake.field
        says = f"{field}: {self.mistake.remedy}" if field else self.mistake.remedy
        if button := next((button for name, button in _BUTTONS.items() if self.mistake.remedy.startswith(f"it needs {name}:")), ""):
            says += f". Or put the cursor into the block, and take the button “{button}”"
        if hint := next((hint for start, hint in _HINTS.items() if self.mistake.remedy.startswith(start)), ""):
            says += f". {hint}"
        return says if self.here else f"{self.mistake.path}: {says}"


@dataclass(frozen=True)
class Sentence:
    """A sentence that is hard to read, with its grade and the line where it begins, from 1."""

    says: str
    grade: float
    line: int | None


@dataclass(frozen=True)
class Checked:
    """What was found. `grade` is None for a file without running text."""

    mistakes: tuple[Placed, ...]
    grade: Grade | None
    hard: tuple[Sentence, ...]


def read_with(path: str, text: str | None) -> tuple[Guide, list[Mistake]]:
    """The guide that readers see with another text in it (None: without it), and every mistake that would keep it from them.

    What another text on its way mends is none: a draft cites a source, or leads to a page, that is a draft itself.
    They go out together, or the publisher is told.
    What stands in the other documents has been read before and is kept, so this takes some hundredths of a second.
    """
    guide, mistakes, _ = _read_among(path, text)
    return guide, mistakes


def read_both(path: str, before: str | None, after: str | None) -> tuple[Guide, Guide, list[Mistake]]:
    """The guide before and after a change, with the same other texts around it, and what `read_with` finds after it."""
    now, mistakes, around = _read_among(path, after)
    return _read({**around, path: before})[0], now, mistakes


def _read_among(path: str, text: str | None) -> tuple[Guide, list[Mistake], dict[str, str | None]]:
    """The same, and the texts around it."""
    around: dict[str, str | None] = {**Edition.objects.texts(Edition.objects.newest())}
    guide, mistakes = _read({**around, path: text})
    others = open_texts() if mistakes else {}
    if others.keys() - {path}:
        around |= others
        guide, together = _read({**around, path: text})
        mistakes = [mistake for mistake in mistakes if mistake in together]
    return guide, mistakes, around


def refuse_mistakes(path: str, text: str | None) -> None:
    """Raises ContentError with what `read_with` finds."""
    if mistakes := read_with(path, text)[1]:
        raise ContentError(mistakes)


def open_texts() -> dict[str, str | None]:
    """Every text on its way: path -> text, None for one that takes its document away."""
    texts = Revision.objects.filter(state__in=Revision.OPEN).values_list("document__path", "removed", "text")
    return {path: None if removed else text for path, removed, text in texts}


def with_drafts() -> Guide:
    """The guide with every text on its way in it, as far as it can be read."""
    return _read({**Edition.objects.texts(Edition.objects.newest()), **open_texts()})[0]


def _read(texts: Mapping[str, str | None]) -> tuple[Guide, list[Mistake]]:
    guide, mistakes = read({path: text for path, text in texts.items() if text is not None})
    return guide, sorted({*mistakes, *too_hard(guide), *unreachable(guide)})


def current() -> Guide:
    """The guide that readers see; where nothing is published yet, an empty one. Read once for each edition and process."""
    edition = Edition.objects.first()
    return guide_at(edition.pk, edition.number, edition.created) if edition else read({})[0]


@lru_cache(maxsize=1)
def guide_at(pk: int, number: int, created: datetime.datetime) -> Guide:
    """The guide of an edition, which these three tell from every other, also after a restored backup."""
    texts = Edition.objects.texts(number)
    try:
        return guide_of(frozenset(texts.items()))
    except ContentError:
        # Published before a check became stricter: as much as can be read.
        return read(texts)[0]


def check(path: str, text: str) -> Checked:
    """Everything that the writer of a text should know of it now."""
    guide, mistakes = read_with(path, text)
    found = all_placed(path, text, mistakes)
    words = running_text(guide, path)
    if not words:
        return Checked(found, None, ())
    names = names_pattern(guide)
    return Checked(found, grade(words, names), tuple(hard_sentences(words, text, names)[:MOST_SHOWN]))


def all_placed(path: str, text: str, mistakes: Iterable[Mistake]) -> tuple[Placed, ...]:
    """Mistakes with their places: those in this text first, in the order of its lines.

    Where its YAML cannot be read, only that is told: without its fields, much that is said of this and of other texts is untrue.
    """
    every = tuple(mistakes)
    causes = [mistake for mistake in every if mistake.path == path and _LINE.fullmatch(mistake.field)]
    found = [placed(path, text, mistake) for mistake in causes or every]
    return tuple(sorted(found, key=lambda one: (not one.here, one.line or 0)))


def placed(path: str, text: str, mistake: Mistake) -> Placed:
    """A mistake with its place in a text."""
    if mistake.path != path:
        return Placed(mistake, None, here=False)
    field = mistake.field.partition(".")[0] if re.fullmatch(r"[\w.-]+", mistake.field) else ""
    return Placed(mistake, line_of(text, mistake), field)


def running_text(guide: Guide, path: str) -> str:
    """The words of a document; empty for a file that has none to read."""
    bodies = [(document.path, document.body) for document in documents(guide)]
    bodies += [(question.path, question.body) for question in guide.questions]
    return next((body.text for where, body in bodies if where == path), "")


# Hard sentences

_ENDS = re.compile(r"(?<=[.!?])\s+(?=[\"“(]?[A-Z0-9])")
_WORD = re.compile(r"[\w’'/-]+")
_UNCITED = re.compile(r"\s+(?=[.,;:!?](?:\s|$))")  # what a citation leaves before the mark at its end


def hard_sentences(words: str, text: str, names: re.Pattern[str]) -> list[Sentence]:
    """Every hard sentence of running text, hardest first, with its line in the Markdown text."""
    found = [(grade(said, names).plain, said) for said in dict.fromkeys(_ENDS.split(words)) if len(_WORD.findall(said)) > 6]
    hard = [(level, said) for level, said in found if level > HARD_SENTENCE or len(_WORD.findall(said)) > LONG_SENTENCE]
    return [Sentence(_UNCITED.sub("", said), level, line_of_words(text, said)) for level, said in sorted(hard, reverse=True)]


def line_of_words(text: str, said: str) -> int | None:
    """The line where running text begins in Markdown: between its words may stand marks, links and citations."""
    gap = r"(?:[\W_]|\]\([^)]*\)|\[@[^\]]*\])+"
    names = [re.escape(word) for word in _WORD.findall(said)]
    # Several sentences may begin alike; one with something unusual in it is at least found by its beginning.
    found = (re.search(rf"(?<!\w){gap.join(part)}", text) for part in (names, names[:5]))
    match = next(filter(None, found), None)
    return _line(text, match.start()) if match else None


# Where a mistake stands

_LINE = re.compile(r"line (\d+)")  # the field of a mistake in YAML
_BEFORE_TITLE = re.compile(r"^(\w+) *\| *")
# What follows a block's name: in a field its option, in a remedy the words, or a line counted from its first option.
_AFTER_NAME = r"(?:: (?P<says>.+)| ?line (?P<line>\d+))?"
_NEEDED = re.compile(r"it needs (\w+):")
# Where to look for what a mistake is about, if its remedy does not quote it.
_MARKS = {"image": "![", "table": "|--", "heading": "## ", "front matter": "---"}
_QUOTED = re.compile(r"'([^']+)'|\"([^\"]+)\"|#([a-z0-9-]+)")
_NOT_THERE = re.compile(r"there is no (?P<kind>\w+) '(?P<id>[^']+)'")
_COMPOSER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where there is one


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
    name = re.escape(f"{block.kind} | {block.title}") if block.title else rf"{block.kind}(?: \| (?:None)?)?"
    return re.fullmatch(name + _AFTER_NAME, about, re.DOTALL)


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
            return _line(text, found.end())
    mark = _MARKS.get(mistake.field, "")
    place = text.find(mark, body) if mark else -1
    return _line(text, place) if place >= 0 else None


def _patterns(remedy: str) -> Iterator[str]:
    """Where what a remedy quotes may stand, the likeliest place first."""
    if found := _NOT_THERE.match(remedy):
        id = _whole(found["id"])
        if found["kind"] == "source":
            # Cited in the text, or in the list of a block, which may go on below.
            yield rf"\[@[^\]]*?{id}|^ +sources:(?:.*\n(?: {{5}}| {{4}}-))*?.*?{id}"
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


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1
