"""What is wrong or hard in a text that is still being written, and where it stands. Reads the whole guide with it; saves nothing."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from guide.content.documents import Guide
from guide.content.errors import ContentError, Mistake
from guide.content.grade import Grade, grade, names_pattern, too_hard
from guide.content.reach import unreachable
from guide.content.whole import documents, read
from guide.editing.builder import BlockPlace, blocks_in
from guide.editing.models import Edition, guide_of

HARD_SENTENCE = 10.0
"""US school grade above which a sentence is shown to its writer."""
LONG_SENTENCE = 25
"""Words above which it is shown in any case."""
MOST_SHOWN = 8
_BUTTONS = {"treatments": "Treatment of the block…", "sources": "Source…", "when": "Who is it for?…"}  # of the editor


@dataclass(frozen=True)
class Placed:
    """A mistake for its writer. `line`: in this text, from 1; None where it stands in another file or nowhere in particular."""

    mistake: Mistake
    line: int | None
    field: str = ""
    here: bool = True

    def __str__(self) -> str:
        says = f"{self.mistake.field}: {self.mistake.remedy}" if self.mistake.field else self.mistake.remedy
        if button := next((button for name, button in _BUTTONS.items() if self.mistake.remedy.startswith(f"it needs {name}:")), ""):
            says += f". Or put the cursor into the block, and take the button “{button}”"
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

    What stands in the other documents has been read before and is kept, so this takes some hundredths of a second.
    """
    texts = {**Edition.objects.texts(Edition.objects.newest()), path: text}
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
    """Mistakes with their places: those in this text first, in the order of its lines."""
    found = [placed(path, text, mistake) for mistake in mistakes]
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

_IN_BLOCK = re.compile(r"(?P<kind>\w+) \| (?P<title>.*?)(?:: (?P<option>\w+)| line (?P<line>\d+))?")
# Where to look for what a mistake is about, if its remedy does not quote it.
_MARKS = {"image": "![", "table": "|--", "heading": "## ", "front matter": "---"}
_QUOTED = re.compile(r"'([^']+)'|\"([^\"]+)\"|#([a-z0-9-]+)")


def line_of(text: str, mistake: Mistake) -> int | None:
    """The line (from 1) of a mistake, as well as its field and its remedy tell it; None where they do not."""
    if found := re.fullmatch(r"line (\d+)", mistake.field):
        return min(int(found[1]), text.count("\n") + 1)
    if line := _in_block(text, mistake):
        return line
    if line := _in_fields(text, mistake.field):
        return line
    return _quoted(text, mistake)


def _in_block(text: str, mistake: Mistake) -> int | None:
    named = _IN_BLOCK.fullmatch(mistake.field) or (_IN_BLOCK.match(mistake.remedy) if mistake.field == "block" else None)
    if not named:
        return None
    for block in blocks_in(text):
        # The title of a block may itself hold a colon: the longest that fits is meant.
        if block.kind == named["kind"] and (mistake.field if mistake.field != "block" else mistake.remedy).startswith(
            f"{block.kind} | {block.title}"
        ):
            return _line_in(text, block, mistake, named)
    return None


def _line_in(text: str, block: BlockPlace, mistake: Mistake, named: re.Match[str]) -> int:
    if named["line"]:
        return block.start + 1 + int(named["line"])
    option = named["option"] or next((name for name in block.options if re.search(rf"\b{name}\b", mistake.remedy)), None)
    lines = block.options.get(option or "")
    return (lines[0] if lines else block.start) + 1


def _in_fields(text: str, field: str) -> int | None:
    """The line of a field such as title or values.low.label: each name stands below the one before it."""
    if not re.fullmatch(r"[\w.-]+", field):
        return None
    end = text.find("\n---\n", 3) if text.startswith("---\n") else len(text)
    place = 0
    for name in field.split("."):
        match = re.compile(rf"^[ \t{{-]*[\"']?{re.escape(name)}[\"']?:", re.MULTILINE).search(text, place, max(end, 0))
        if not match:
            # A field that is missing is to be written among the others.
            return _line(text, place) if place else None
        place = match.end()
    return _line(text, place) if place else None


def _quoted(text: str, mistake: Mistake) -> int | None:
    """What the remedy quotes stands in the text, most often."""
    quoted = [next(filter(None, found)) for found in _QUOTED.findall(mistake.remedy)]
    first = mistake.remedy.partition(": ")[0]
    body = text.find("\n---\n", 3) + 1 if text.startswith("---\n") else 0
    for words in [first, *quoted]:
        for start in (f"({words}", f":{words}", f"@{words}", f"# {words}", words):
            place = text.find(start, body)
            if place >= 0 and len(words) > 1:
                return _line(text, place)
    mark = _MARKS.get(mistake.field, "")
    place = text.find(mark, body) if mark else -1
    return _line(text, place) if place >= 0 else None


def _line(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1
