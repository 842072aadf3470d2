"""Typed reading of YAML fields. Every mistake is collected, with file, field and remedy."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

import yaml

from guide.content.errors import Mistake
from guide.content.limits import LONGEST_FIELDS

UNREAD: Final = object()
"""Stands for fields that are not YAML, which was told as a mistake."""

DEEPEST = 30
"""Mappings and lists inside each other. The deepest file there is, codes.yaml, has 16; readers of YAML go down by calling themselves."""
MOST_NODES = 60_000
"""Names and values of a file, what is written once and used again counted each time. sources.yaml, the longest file, has some 12,000."""
_LONGEST_NUMBER = 18
"""Letters. Python may refuse to write a longer one out again."""


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
            self.wrong("", "write fields, each as `name: value`")

    def wrong(self, field: str, remedy: str) -> None:
        """Note a mistake in a field."""
        self.mistakes.append(Mistake(self.path, ".".join(filter(None, (self.within, field))), remedy))

    def only(self, known: Iterable[str]) -> None:
        """Refuse fields that nobody reads: they are most often misspelt."""
        names = sorted(known)
        for key in self.data:
            if key not in names:
                self.wrong(str(key), f"unknown field; the fields are {', '.join(names)}")

    def text(self, key: str, *, needed: bool = True) -> str:
        """A text; a number or date counts as it is written."""
        value = self.data.get(key)
        if value is None or value == "":
            if needed:
                self.wrong(key, "fill it in")
            return ""
        if isinstance(value, (dict, list, bool)):
            self.wrong(key, "write a text (in quotes if it holds a colon, or is true or false)")
            return ""
        return str(value).strip()

    def names(self, key: str) -> tuple[str, ...]:
        """A list of texts; empty if left out."""
        return tuple(str(item) for item in self.items(key))

    def items(self, key: str) -> list[Any]:
        """A list of whatever; empty if left out."""
        value = self.data.get(key)
        if value is None:
            return []
        if not isinstance(value, list):
            self.wrong(key, "write a list: [one, two]")
            return []
        return value

    def date(self, key: str) -> datetime.date:
        """A day, as 2026-11-23."""
        value = self.data.get(key)
        if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
            return value
        self.wrong(key, "write a day, as 2026-11-23")
        return datetime.date.min

    def flag(self, key: str) -> bool:
        """true or false; false if left out."""
        value = self.data.get(key, False)
        if not isinstance(value, bool):
            self.wrong(key, "write true or false")
        return value is True

    def number(self, key: str, default: int) -> int:
        """A whole number."""
        value = self.data.get(key, default)
        if not isinstance(value, int) or isinstance(value, bool):
            self.wrong(key, "write a whole number")
            return default
        return value

    def one_of(self, key: str, known: Iterable[str], default: str | None = None) -> str:
        """One of the known words."""
        names = tuple(known)
        value = self.data.get(key, default)
        if value not in names:
            self.wrong(key, f"write one of {', '.join(names)}")
            return default or names[0]
        return str(value)

    def mapping(self, key: str) -> dict[str, Any]:
        """A mapping with text keys; empty if left out."""
        value = self.data.get(key)
        if value is None:
            return {}
        if not isinstance(value, dict):
            self.wrong(key, "write fields, each as `name: value`")
            return {}
        return {str(name): item for name, item in value.items()}


class _RefusedError(yaml.MarkedYAMLError):
    """YAML, but not for our files. The problem is the remedy."""


class _Yaml(yaml.SafeLoader):
    """YAML in which only true and false are truth values (as in YAML 1.2), and a key stands once.

    Everything stands where it counts, in plain sight of who reviews it: no tags, no anchors, no merged mappings.
    """

    may_share = False
    """Whether a value may be named (&) and used again (*), also merged into a mapping (<<)."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self._depth = self._nodes = 0
        self._open: set[str] = set()  # anchors whose values are being read
        self._size: dict[str, int] = {}  # nodes of the value of an anchor

    def compose_node(self, parent: yaml.Node | None, index: Any) -> yaml.Node | None:
        """Refuse what would not end, and what stands somewhere else than it seems."""
        event = self.peek_event()  # type: ignore[no-untyped-call]
        anchor = getattr(event, "anchor", None)
        if remedy := self._wrong_with(event, anchor):
            raise _RefusedError(problem=remedy, problem_mark=event.start_mark)
        if isinstance(event, yaml.AliasEvent):
            self._nodes += self._size.get(anchor or "", 0)
            return super().compose_node(parent, index)
        before = self._nodes
        self._nodes, self._depth = self._nodes + 1, self._depth + 1
        self._open |= {anchor} if anchor else set()
        node = super().compose_node(parent, index)
        self._depth -= 1
        if anchor:
            self._size[anchor] = self._nodes - before
            self._open.discard(anchor)
        return node

    def _wrong_with(self, event: yaml.Event, anchor: str | None) -> str:
        """The remedy for what the next value begins with; empty where it is fine."""
        if anchor and not self.may_share:
            return f"{'*' if isinstance(event, yaml.AliasEvent) else '&'}{anchor} stands for something written elsewhere: write it out"
        if anchor in self._open:
            return f"&{anchor} holds itself: write it out"
        if tag := getattr(event, "tag", None):
            tag = tag.replace("tag:yaml.org,2002:", "!!")
            return f"a type is given with ! ({tag}): remove it, and write the value alone, in quotes if it is a text"
        if self._depth >= DEEPEST:
            return f"more than {DEEPEST} lists or groups of fields stand inside each other here: write it flatter"
        if self._nodes > MOST_NODES:
            return f"the file has more than {MOST_NODES} names and values: take some out"
        return ""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Refuse a second value for a key: the first would be lost silently."""
        seen = set()
        for key, _ in node.value:
            if key.tag == "tag:yaml.org,2002:merge" and not self.may_share:
                raise _RefusedError(problem="<< takes fields from somewhere else: write them out", problem_mark=key.start_mark)
            name = key.value if isinstance(key, yaml.ScalarNode) else id(key)
            if name in seen:
                raise yaml.constructor.ConstructorError(None, None, f"{name!r} is written twice; keep one", key.start_mark)
            seen.add(name)
        return super().construct_mapping(node, deep)

    def construct_day(self, node: yaml.ScalarNode) -> datetime.date | str:
        """A day that the calendar does not have stays a text, so that its field is told, not the whole file."""
        try:
            return self.construct_yaml_timestamp(node)
        except (ValueError, OverflowError):
            return str(node.value)

    def construct_int(self, node: yaml.ScalarNode) -> int:
        """Refuse one that is longer than any of ours."""
        _refuse_long(node)
        return self.construct_yaml_int(node)

    def construct_float(self, node: yaml.ScalarNode) -> float:
        """The same."""
        _refuse_long(node)
        return self.construct_yaml_float(node)


def _refuse_long(node: yaml.ScalarNode) -> None:
    if len(node.value) > _LONGEST_NUMBER:
        raise _RefusedError(problem="this number is longer than any of ours: put it in quotes, or mend it", problem_mark=node.start_mark)


class _SharingYaml(_Yaml):
    may_share = True


_Yaml.add_constructor("tag:yaml.org,2002:timestamp", _Yaml.construct_day)
_Yaml.add_constructor("tag:yaml.org,2002:int", _Yaml.construct_int)
_Yaml.add_constructor("tag:yaml.org,2002:float", _Yaml.construct_float)
_Yaml.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Yaml.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


def read_yaml(path: str, text: str, mistakes: list[Mistake], within: str = "", *, may_share: bool = False) -> Any:
    """Read YAML; a mistake in it is told with its line (and with the block that it stands in). What comes out is not to be changed.

    `may_share`: whether a value may be named (&) and used again (*).
    """
    data, wrong = _read(text, may_share)
    if wrong:
        mistakes.append(Mistake(path, " ".join(filter(None, (within, wrong[0]))), wrong[1]))
        return UNREAD
    return data


# Ends of lines that only some readers of YAML take for such, and what nobody sees: a review could hide behind them.
_UNSEEN = re.compile(rf"\r(?!\n)|[\x85\u2028\u2029]|(?<!\A)\ufeff|{yaml.reader.Reader.NON_PRINTABLE.pattern}")


@lru_cache(maxsize=4096)
def _read(text: str, may_share: bool) -> tuple[Any, tuple[str, str] | None]:
    """The data, or the place and the remedy of a mistake. Kept: an edit changes one text of many."""
    if found := _UNSEEN.search(text):
        remedy = f"a sign that nobody sees (U+{ord(found[0]):04X}) stands here: remove it, or begin a new line"
        return None, (f"line {text.count(chr(10), 0, found.start()) + 1}", remedy)
    try:
        return yaml.load(text, Loader=_SharingYaml if may_share else _Yaml), None  # noqa: S506  # SafeLoaders
    except yaml.YAMLError as error:
        return None, _in_plain_words(error)
    except (ValueError, KeyError, AttributeError, TypeError):
        return None, ("", "a value is not what it seems to be: put it in quotes")
    except RecursionError:
        return None, ("line 1", "too much stands inside each other: write it flatter")


# What YAML says -> what to do, and whether it is about where something was opened.
_PLAIN = (
    (
        "mapping values are not allowed",
        "a colon stands where none can: put a text that holds one in quotes ('Rain: why?'), or give the line above its colon",
        False,
    ),
    ("could not find expected ':'", "a line between the fields has no colon: write name: value", False),
    ("expected ',' or", "a bracket or brace is opened here and not closed: check [ ] and { }", True),
    ("found unexpected end of stream", "a quote is opened here and not closed", True),
    (r"found character '\t'", "a tab stands here: write spaces instead", False),
)


def _in_plain_words(error: yaml.YAMLError) -> tuple[str, str]:
    if isinstance(error, _RefusedError) and error.problem_mark:
        return f"line {error.problem_mark.line + 1}", str(error.problem)
    problem = getattr(error, "problem", None) or "it cannot be read"
    known = next((entry for entry in _PLAIN if entry[0] in problem), None)
    remedy, opened = known[1:] if known else (f"{problem}; check colons, quotes and indentation", False)
    mark = (getattr(error, "context_mark", None) if opened else None) or getattr(error, "problem_mark", None)
    return f"line {mark.line + 1}" if mark else "", remedy


def split_front_matter(path: str, text: str, mistakes: list[Mistake]) -> tuple[Any, str]:
    """The YAML between two lines of `---` at the top, and the Markdown below."""
    normal = text.replace("\r\n", "\n")
    if not normal.startswith("---\n") or "\n---\n" not in normal[3:]:
        mistakes.append(Mistake(path, "front matter", "start the file with ---, the fields, and --- on a line of its own"))
        return UNREAD, normal
    front, _, body = normal[4:].partition("\n---\n")
    if len(front) > LONGEST_FIELDS:
        mistakes.append(Mistake(path, "line 1", f"its fields have {len(front):,} letters; {LONGEST_FIELDS:,} fit: take something out"))
        return UNREAD, body
    # The line numbers that YAML tells count from the top of the file.
    return read_yaml(path, "\n" + front, mistakes), body
