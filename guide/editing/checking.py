"""What is wrong or hard in a text that is still being written. Reads the whole guide with it; saves nothing."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from guide.content.documents import Guide, documents
from guide.content.grade import Grade, grade, names_pattern
from guide.editing.diff import joined
from guide.editing.drafts import read_with
from guide.editing.placing import Placed, all_placed

HARD_SENTENCE = 10.0
"""US school grade above which a sentence is shown to its writer."""
LONG_SENTENCE = 25
"""Words above which it is shown in any case."""
MOST_SHOWN = 8


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


def check(path: str, text: str) -> Checked:
    """Everything that the writer of a text should know of it now."""
    guide, mistakes = read_with(path, text)
    found = all_placed(path, text, mistakes)
    words = running_text(guide, path)
    if not words:
        return Checked(found, None, ())
    names = names_pattern(guide)
    return Checked(found, grade(words, names), tuple(hard_sentences(words, text, names)[:MOST_SHOWN]))


def running_text(guide: Guide, path: str) -> str:
    """The words of a document; empty for a file that has none to read."""
    bodies = [(document.path, document.body) for document in documents(guide)]
    bodies += [(question.path, question.body) for question in guide.questions]
    return next((body.text for where, body in bodies if where == path), "")


# Hard sentences

_ENDS = re.compile(r"(?<=[.!?])\s+(?=[\"“(]?[A-Z0-9])")
_WORD = re.compile(r"[\w’'/-]+")
_LETTERS = re.compile(r"[^\W_]+")
_BEGINNING = 5  # words
_UNSAID = re.compile(r"\]\([^()\n]*\)|\[@[^\[\]]*\]")
_UNCITED = re.compile(r"\s+(?=[.,;:!?](?:\s|$))")  # what a citation leaves before the mark at its end


def hard_sentences(words: str, text: str, names: re.Pattern[str]) -> list[Sentence]:
    """Every hard sentence of running text, hardest first, with its line in the Markdown text."""
    found = [(grade(said, names).plain, said) for said in dict.fromkeys(_ENDS.split(words)) if len(_WORD.findall(said)) > 6]
    hard = [(level, said) for level, said in found if level > HARD_SENTENCE or len(_WORD.findall(said)) > LONG_SENTENCE]
    return [Sentence(_UNCITED.sub("", said), level, line_of_words(text, said)) for level, said in sorted(hard, reverse=True)]


def line_of_words(text: str, said: str) -> int | None:
    """The line where running text begins in Markdown: between its words may stand marks, links and citations."""
    lines, written = _words_with_lines(text)
    words = _LETTERS.findall(said)
    # Several sentences may begin alike; one with something unusual in it is at least found by its beginning.
    for part in (words, words[:_BEGINNING]):
        if (place := written.find(joined(part))) >= 0 and part:
            return lines[written.count("\n", 0, place)]
    return None


@lru_cache(maxsize=2)
def _words_with_lines(text: str) -> tuple[list[int], str]:
    """The line of each word, and all words as one text. Read once, for all sentences; where links and citations lead is left out."""
    said = _UNSAID.sub(lambda found: " " + "\n" * found[0].count("\n"), text)
    found = [(number, word) for number, line in enumerate(said.split("\n"), start=1) for word in _LETTERS.findall(line)]
    return [number for number, _ in found], joined([word for _, word in found])
