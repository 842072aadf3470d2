"""What of a change is clinical, and the clinician's review that a text carries. Pure."""

from __future__ import annotations

import datetime
import re
from itertools import groupby

from guide.content.forgiving.letters import width
from guide.content.text import FieldsError, read
from guide.editing.statements import changed

# Fields that say nothing of medicine: changing them leaves a review as it is.
_ADMINISTRATIVE = frozenset({"checked", "review_due", "part", "order", "reviewed", "was"})
# Other spaces count: before an option, or behind ///, they may keep it from being read.
_SPACES = " \t\r\n"
_PLAIN_SPACES = re.compile(r"[ \t\r]+")
_REVIEWED = re.compile(r"[a-z]{2}/(?:pages/.+|treatments/.+|glossary)\.md")  # in every language


def shows_review(path: str) -> bool:
    """Whether this kind of document shows its readers who reviewed it."""
    return _REVIEWED.fullmatch(path) is not None


def with_review(path: str, text: str, by: str, role: str, on: datetime.date) -> str:
    """The text with a clinician's review written into it, where this kind of document shows one.

    A text without fields stays as it is: the check of the whole guide tells that.
    """
    if not shows_review(path):
        return text
    try:
        return read(path, text).with_fields({"reviewed": {"by": by, "role": role, "on": on}})
    except FieldsError:
        return text


def with_review_of(path: str, before: str | None, text: str) -> str:
    """The text with the review that `before` has, or without one: nobody writes a review by hand. Raises FieldsError."""
    review = read(path, before).mapping.get("reviewed") if before else None
    return read(path, text).with_fields({"reviewed": review})


def is_clinical(path: str, before: str | None, after: str | None) -> bool:
    """Whether a change may touch a clinical statement, or what else readers rely on. None: the document is not there.

    Everything may, whatever the file, but for what is named here and in `statements`: so a new kind of file counts.
    In a Markdown document everything counts but spaces between words, empty lines more than one, and the fields
    that only keep order. Where a line begins and ends counts: four spaces fewer make a condition an ordinary sentence.
    """
    if before == after:
        return False
    if not path.endswith(".md"):
        return bool(changed(path, before, after))
    return before is None or after is None or _statements(path, before) != _statements(path, after)


def _statements(path: str, source: str) -> tuple[object, list[tuple[int, list[str]]]]:
    text = read(path, source)
    fields = {key: value for key, value in text.mapping.items() if key not in _ADMINISTRATIVE}
    return fields, _lines(text.body if text.mapping else source)


def _lines(text: str) -> list[tuple[int, list[str]]]:
    """Each line as its indentation and its words; several empty ones as one."""
    lines = [_line(line) for line in text.strip(_SPACES).split("\n")]
    return [line for line, _ in groupby(lines)]


def _line(line: str) -> tuple[int, list[str]]:
    words = _PLAIN_SPACES.split(line.strip(_SPACES))
    return width(line[: len(line) - len(line.lstrip(_SPACES))]) if words != [""] else 0, words
