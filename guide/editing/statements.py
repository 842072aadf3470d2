"""What a file without a page of its own says to readers, name by name, and what a change alters of it. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from guide.content.documents import PROMISED, SOURCES
from guide.content.text import read

# Everything counts but this. Ids that must stay: a list for programs.
_NOT_FOR_READERS = frozenset({PROMISED})
# The day when somebody looked.
_KEEPS_ORDER = {SOURCES: frozenset({"checked"})}


@dataclass(frozen=True)
class Statement:
    """Something that a file says before and after a change. `name`: of its field, within those around it. Empty: it is not there."""

    name: str
    before: str
    after: str


def changed(path: str, before: str | None, after: str | None) -> list[Statement]:
    """What readers will be told otherwise; None: the file is not there. What cannot be read counts as a whole.

    A source that comes or goes says nothing by itself: what cites it, or no longer does, is a change of that page.
    """
    if path in _NOT_FOR_READERS:
        return []
    was, now = _statements(path, before), _statements(path, after)
    if was is None or now is None:
        return [Statement("the whole text", before or "", after or "")] if before != after else []
    names = [name for name in dict.fromkeys((*now, *was)) if was.get(name) != now.get(name)]
    if path == SOURCES:
        there = {name[0] for name in was} & {name[0] for name in now}
        names = [name for name in names if name[0] in there]
    return [Statement(" › ".join(name), _words(was.get(name)), _words(now.get(name))) for name in names]


_Name = tuple[str, ...]


def _statements(path: str, text: str | None) -> dict[_Name, list[Any]] | None:
    """Each value with its name; None where the text cannot be read. A list of plain values is one: its order is a part of what it says."""
    if text is None:
        return {}
    said = read(path, text)
    if said.unread:
        return None
    data = said.data
    order = _KEEPS_ORDER.get(path, frozenset())
    return {name: value for name, value in _inside(data, ()) if not name or name[-1] not in order}


def _inside(value: Any, name: _Name) -> Iterator[tuple[_Name, list[Any]]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _inside(inner, (*name, str(key)))
    elif isinstance(value, list) and any(isinstance(item, (dict, list)) for item in value):
        for number, item in enumerate(value, start=1):
            yield from _inside(item, (*name, _named(item) or str(number)))
    else:
        # With its type: true is not 1.
        yield name, [(type(item).__name__, item) for item in (value if isinstance(value, list) else [value])]


def _named(item: Any) -> str:
    """What an item of a list is called, so that another before it does not change its name."""
    return str(item.get("id") or item.get("key") or "") if isinstance(item, dict) else ""


def _words(value: list[Any] | None) -> str:
    return "; ".join("" if item is None else str(item) for _, item in value or ())
