"""Typed reading of the fields of YAML. Every mistake is collected, with file, field and remedy."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from typing import Any

from guide.content.mistakes import Argument, Mistake, Place, mistake
from guide.content.yamltext import UNREAD

# What Markdown or HTML would make something of, where words are shown as they are written.
_MARKS = re.compile(
    r"\*\*[^*\n]+\*\*|__[^_\s][^\n]*?__|`[^`\n]*`?|!?\[[^\[\]]*\]\([^()]*\)|\[@[^\[\]]+\]|</?[a-zA-Z!][^<>]*>|&#?\w{2,8};|\A#{1,6}(?=\s)"
)


def marks_in(words: str) -> str:
    """The first mark of Markdown or HTML in words that are shown as they are written; empty where there is none."""
    found = _MARKS.search(words)
    return found[0] if found else ""


class Fields:
    """The fields of one YAML mapping. What is wrong goes to `mistakes`; a harmless value is returned."""

    def __init__(self, path: str, data: object, mistakes: list[Mistake], within: str = "") -> None:
        self.path, self.mistakes, self.within = path, mistakes, within
        self.data: Mapping[str, Any] = {}
        if isinstance(data, dict):
            self.data = data
        elif data is UNREAD:
            self.mistakes = []  # told already; that every field is missing is not the writer's mistake
        else:
            self.wrong("", "write-fields")

    def wrong(self, field: str, code: str, /, **arguments: Argument) -> None:
        """Note a mistake in a field."""
        name = ".".join(filter(None, (self.within, field)))
        self.mistakes.append(mistake(self.path, code, Place(field=name), **arguments))

    def only(self, known: Iterable[str]) -> None:
        """Refuse fields that nobody reads: they are most often misspelt."""
        names = sorted(known)
        for key in self.data:
            if key not in names:
                self.wrong(str(key), "unknown-field", known=", ".join(names))

    def text(self, key: str, *, needed: bool = True) -> str:
        """A text; a number or date counts as it is written."""
        value = self.data.get(key)
        if value is None or value == "":
            if needed:
                self.wrong(key, "fill-in")
            return ""
        if isinstance(value, (dict, list, bool)):
            self.wrong(key, "write-text")
            return ""
        return str(value).strip()

    def plain(self, key: str, words: str) -> str:
        """Words as they are, after a look for marks in them that readers would see."""
        if marks := marks_in(words):
            self.wrong(key, "marks-in-words", marks=repr(marks))
        return words

    def words(self, key: str, *, needed: bool = True) -> str:
        """A text that readers see as it is written."""
        return self.plain(key, self.text(key, needed=needed))

    def names(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty if left out."""
        return tuple(str(item) for item in self.items(key))

    def word_list(self, key: str) -> tuple[str, ...]:
        """A list of texts that readers see as they are written; empty if left out."""
        return tuple(self.plain(key, name) for name in self.names(key))

    def said(self, key: str) -> dict[str, str]:
        """Texts by their names, which readers see as they are written; empty if left out."""
        return {name: self.plain(f"{key}.{name}", str(value)) for name, value in self.mapping(key).items()}

    def items(self, key: str) -> list[Any]:
        """A list of whatever; empty if left out."""
        value = self.data.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.wrong(key, "write-list")
            return []
        return value

    def date(self, key: str) -> datetime.date:
        """A day, as 2026-11-23."""
        value = self.data.get(key)
        if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            return value
        self.wrong(key, "write-day")
        return datetime.date.min

    def flag(self, key: str) -> bool:
        """true or false; false if left out."""
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            self.wrong(key, "write-true-or-false")
        return value is True

    def number(self, key: str, default: int) -> int:
        """A whole number."""
        value = self.data.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool):
            self.wrong(key, "write-number")
            return default
        return value

    def one_of(self, key: str, known: Iterable[str], default: str | None = None) -> str:
        """One of the known words."""
        names = tuple(known)
        value = self.data.get(key, default)
        if value not in names:
            self.wrong(key, "write-one-of", known=", ".join(names))
            return default or names[0]
        return str(value)

    def mapping(self, key: str) -> dict[str, Any]:
        """A mapping with text keys; empty if left out."""
        value = self.data.get(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.wrong(key, "write-fields")
            return {}
        return {str(name): item for name, item in value.items()}
