"""A document as its fields and its body; fields are changed without touching what stands around them. Pure."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Mapping
from functools import reduce
from itertools import groupby
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import YAMLError

from guide.content.errors import Mistake
from guide.content.fields import split_front_matter
from guide.editing.statements import changed

# Fields that say nothing of medicine: changing them leaves a review as it is.
_ADMINISTRATIVE = frozenset({"checked", "review_due", "part", "order", "reviewed"})
_REVIEWED = re.compile(r"[a-z]{2}/(?:pages/.+|treatments/.+|glossary)\.md")  # in every language


class NoFieldsError(ValueError):
    """The text has no fields between two lines of --- at its top, or they are not YAML."""


def split(text: str) -> tuple[CommentedMap, str]:
    """The fields and the body. Raises NoFieldsError."""
    if not text.startswith("---\n") or "\n---\n" not in text[3:]:
        raise NoFieldsError("There are no fields between two lines of --- at the top.")
    front, _, body = text[4:].partition("\n---\n")
    # The reader of the guide first: it refuses what would not end, and what stands somewhere else than it seems.
    mistakes: list[Mistake] = []
    split_front_matter("", text, mistakes)
    if mistakes:
        raise NoFieldsError(f"The fields cannot be read: {mistakes[0].field}: {mistakes[0].remedy}")
    try:
        fields = _yaml().load(front)
    except (YAMLError, ValueError, KeyError, AttributeError, TypeError) as error:  # such as a day that the calendar does not have
        raise NoFieldsError(f"The fields are not YAML: {getattr(error, 'problem', error)}") from error
    if not isinstance(fields, CommentedMap):
        raise NoFieldsError("The fields are not written as `name: value`.")
    return fields, body


def value_of(fields: Mapping[str, Any], name: str) -> Any:
    """The value of a field; of one inside others where the name has points (`values.low.label`). None where there is none."""
    *outer, last = name.split(".")
    for one in outer:
        fields = fields[one]
    return fields.get(last)


def with_fields(text: str, changes: Mapping[str, Any]) -> str:
    """The same text with some fields changed; None removes a field. What is equal stays byte for byte.

    Names as `value_of` takes them. Raises NoFieldsError.
    """
    fields, body = split(text)
    changes = {name: value for name, value in changes.items() if value_of(fields, name) != value}
    if not changes:
        return text
    for name, value in changes.items():
        *outer, last = name.split(".")
        inside = reduce(lambda mapping, one: mapping[one], outer, fields)
        if value is None:
            del inside[last]
        else:
            inside[last] = value
    written = io.StringIO()
    _yaml().dump(fields, written)
    return f"---\n{written.getvalue().rstrip()}\n---\n{body}"


def shows_review(path: str) -> bool:
    """Whether this kind of document shows its readers who reviewed it."""
    return _REVIEWED.fullmatch(path) is not None


def with_review(path: str, text: str, by: str, role: str, on: datetime.date) -> str:
    """The text with a clinician's review written into it, where this kind of document shows one.

    A text without fields stays as it is: the check of the whole guide tells that.
    """
    if not shows_review(path):
        return text
    review = CommentedMap({"by": by, "role": role, "on": on})
    review.fa.set_flow_style()
    try:
        return with_fields(text, {"reviewed": review})
    except NoFieldsError:
        return text


def with_review_of(before: str | None, text: str) -> str:
    """The text with the review that `before` has, or without one: nobody writes a review by hand.

    What counts is what the guide itself reads, as readers will. Raises NoFieldsError, also where it would read another review.
    """
    written = with_fields(text, {"reviewed": split(before)[0].get("reviewed") if before else None})
    if _read(written).get("reviewed") != (_read(before).get("reviewed") if before else None):
        raise NoFieldsError("A clinician’s review cannot be written by hand: remove the field `reviewed`")
    return written


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
    return before is None or after is None or _statements(before) != _statements(after)


def _statements(text: str) -> tuple[object, list[tuple[int, list[str]]]]:
    fields, (_, body) = _read(text), split_front_matter("", text, [])
    return {key: value for key, value in fields.items() if key not in _ADMINISTRATIVE}, _lines(body if fields else text)


def _read(text: str) -> Mapping[Any, Any]:
    """The fields as the guide reads them; none where it cannot."""
    fields, _ = split_front_matter("", text, [])
    return fields if isinstance(fields, dict) else {}


def _lines(text: str) -> list[tuple[int, list[str]]]:
    """Each line as its indentation and its words; several empty ones as one."""
    lines = [(len(line) - len(line.lstrip()) if line.strip() else 0, line.split()) for line in text.strip().split("\n")]
    return [line for line, _ in groupby(lines)]


def _yaml() -> YAML:
    yaml = YAML()
    yaml.preserve_quotes = True
    yaml.width = 10_000
    yaml.indent(mapping=2, sequence=4, offset=2)
    return yaml
