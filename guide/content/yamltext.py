"""YAML with places: what it says, where each value stands, and a value changed without touching what stands around it.

The one module that knows the YAML library. What it reads is the YAML of our files: only true and false are truth values (as in
YAML 1.2), a key stands once, and everything stands where it counts, in plain sight of whoever reviews it: no tags, no anchors,
no merged mappings.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import yaml

UNREAD: Final = object()
"""Stands for fields that are not YAML, which was told as a mistake."""

DEEPEST = 30
"""Mappings and lists inside each other. The deepest file there is, codes.yaml, has 16; readers of YAML go down by calling themselves."""
MOST_NODES = 60_000
"""Names and values of a file, what is written once and used again counted each time. sources.yaml, the longest file, has some 12,000."""
_LONGEST_NUMBER = 18
"""Letters. Python may refuse to write a longer one out again."""


@dataclass(frozen=True)
class Wrong:
    """Why YAML cannot be read: the code of the mistake, its line from 0 (None: not known), and what fills the gaps in its words."""

    code: str
    line: int | None
    arguments: tuple[tuple[str, str | int], ...] = ()


@dataclass(frozen=True, eq=False)
class Yaml:
    """YAML that was read. `data`: what it says (not to be changed), UNREAD where it cannot be read; `wrong` says why."""

    text: str
    data: Any
    wrong: Wrong | None = None
    may_share: bool = False

    @property
    def root(self) -> yaml.Node | None:
        """What its places are found in."""
        return None if self.data is UNREAD else _nodes(self.text, self.may_share)

    def place_of(self, name: str) -> tuple[int, int] | None:
        """Line and column (from 0) of a field such as `values.low.label`, or of an item of a list, counted from 1.

        Of one that is missing, where it belongs: at the mapping around it. None where that is the whole text.
        """
        return _place(self.root, name)

    def span_of(self, name: str) -> tuple[int, int] | None:
        """The first line of a field and the line after its last (from 0); None where there is no such field."""
        found = _entry(self.root, name)
        if found is None:
            return None
        key, value = found[1]
        return key.start_mark.line, self.text.count("\n", 0, _end(value, self.text)) + 1

    def with_value(self, name: str, value: Any) -> Yaml:
        """The same YAML with another value in a field (None takes the field out); everything else stays byte for byte.

        Names as `place_of` takes them; the mapping around the field has to be there. Raises ValueError where it is not, and where
        anything else would come to say something else.
        """
        after = read_yaml(self._changed(name, value))
        if (after.data or {}) != _with(self.data or {}, name, value):
            raise ValueError(f"{name} cannot be put among the others.")
        return after

    def _changed(self, name: str, value: Any) -> str:
        outer, _, last = name.rpartition(".")
        parent = _entry(self.root, outer) if outer else None
        around = parent[1][1] if parent else None if outer else self.root
        found = _entry(self.root, name)
        if found:
            mapping, (key, old) = found
            if value is None and parent and len(mapping.value) == 1:
                return _replaced(self.text, parent[0], *parent[1], {})
            return _without(self.text, mapping, key, old) if value is None else _replaced(self.text, mapping, key, old, value)
        if value is None:
            return self.text
        if around is None and not outer and self.data is None:
            ends = "\r\n" if "\r\n" in self.text else "\n"
            return f"{self.text}{'' if not self.text or self.text.endswith(chr(10)) else ends}{written(last)}: {written(value)}{ends}"
        if not isinstance(around, yaml.MappingNode):
            raise ValueError(f"There are no fields to put {name} among.")
        return _added(self.text, around, last, value)


class _RefusedError(yaml.MarkedYAMLError):
    """YAML, but not for our files."""

    def __init__(self, code: str, where: yaml.Event | yaml.Node, **arguments: str | int) -> None:
        super().__init__(problem=code)
        self.wrong = Wrong(code, where.start_mark.line if where.start_mark else None, tuple(arguments.items()))


class _Loader(yaml.SafeLoader):
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
        self._refuse(event, anchor)
        if isinstance(event, yaml.AliasEvent):
            self._nodes += self._size.get(anchor or "", 0)
            return super().compose_node(parent, index)
        before = self._nodes
        self._nodes, self._depth = self._nodes + 1, self._depth + 1
        self._open |= {anchor} if anchor else set()
        node = super().compose_node(parent, index)
        if isinstance(node, yaml.ScalarNode) and (found := _NO_LETTER.search(node.value)):
            raise _RefusedError("unseen-sign", node, sign=f"U+{ord(found[0]):04X}")
        self._depth -= 1
        if anchor:
            self._size[anchor] = self._nodes - before
            self._open.discard(anchor)
        return node

    def _refuse(self, event: yaml.Event, anchor: str | None) -> None:
        """Raises _RefusedError for what the next value begins with, where it is not for our files."""
        if anchor and not self.may_share:
            sign = "*" if isinstance(event, yaml.AliasEvent) else "&"
            raise _RefusedError("yaml-shared", event, name=f"{sign}{anchor}")
        if anchor in self._open:
            raise _RefusedError("yaml-holds-itself", event, name=f"&{anchor}")
        if tag := getattr(event, "tag", None):
            raise _RefusedError("yaml-tag", event, tag=tag.replace("tag:yaml.org,2002:", "!!"))
        if self._depth >= DEEPEST:
            raise _RefusedError("yaml-too-deep", event, most=DEEPEST)
        if self._nodes > MOST_NODES:
            raise _RefusedError("yaml-too-many", event, most=MOST_NODES)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Refuse a second value for a key: the first would be lost silently."""
        seen = set()
        for key, _ in node.value:
            if key.tag == "tag:yaml.org,2002:merge" and not self.may_share:
                raise _RefusedError("yaml-merged", key)
            name = key.value if isinstance(key, yaml.ScalarNode) else id(key)
            if name in seen:
                raise _RefusedError("yaml-twice", key, name=str(name))
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
        raise _RefusedError("yaml-long-number", node)


class _SharingLoader(_Loader):
    may_share = True


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.construct_day)
_Loader.add_constructor("tag:yaml.org,2002:int", _Loader.construct_int)
_Loader.add_constructor("tag:yaml.org,2002:float", _Loader.construct_float)
_Loader.yaml_implicit_resolvers = {
    letter: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for letter, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))

# Ends of lines that only some readers of YAML take for such, and what nobody sees: a review could hide behind them.
_UNSEEN = re.compile(rf"\r(?!\n)|[\x85\u2028\u2029]|(?<!\A)\ufeff|{yaml.reader.Reader.NON_PRINTABLE.pattern}")


# What can be written in quotes with a backslash, but nowhere kept.
_NO_LETTER = re.compile(r"[\0\ud800-\udfff]")


_CONFLICT = re.compile(r"^(?:<{7}|>{7}|\|{7})(?: .*)?$", re.MULTILINE)
"""What Git writes where two versions of a text meet."""


@lru_cache(maxsize=2048)
def read_yaml(text: str, *, may_share: bool = False) -> Yaml:
    """Read YAML. Kept: an edit changes one text of many.

    `may_share`: whether a value may be named (&) and used again (*).
    """
    if found := _UNSEEN.search(text):
        line, sign = text.count("\n", 0, found.start()), f"U+{ord(found[0]):04X}"
        return Yaml(text, UNREAD, Wrong("unseen-sign", line, (("sign", sign),)))
    if found := _CONFLICT.search(text):
        line = text.count("\n", 0, found.start())
        return Yaml(text, UNREAD, Wrong("conflict-marker", line, (("mark", repr(found[0].rstrip())),)))
    loader = _loader(text, may_share)
    try:
        return Yaml(text, loader.get_single_data(), may_share=may_share)
    except yaml.YAMLError as error:
        return Yaml(text, UNREAD, _wrong(error, text))
    except (ValueError, KeyError, AttributeError, TypeError):
        return Yaml(text, UNREAD, Wrong("yaml-odd-value", None))
    except RecursionError:
        return Yaml(text, UNREAD, Wrong("too-deep", 0))
    finally:
        loader.dispose()


def _loader(text: str, may_share: bool) -> _Loader:
    return (_SharingLoader if may_share else _Loader)(text)


@lru_cache(maxsize=4)
def _nodes(text: str, may_share: bool) -> yaml.Node | None:
    """The nodes of YAML that can be read. Few are kept, and only those that are asked for: they are many times what the YAML says."""
    loader = _loader(text, may_share)
    try:
        return loader.get_single_node()
    finally:
        loader.dispose()


# What YAML says -> the code of the mistake, and whether it is about where something was opened.
_KNOWN = (
    ("mapping values are not allowed", "yaml-colon", False),
    ("could not find expected ':'", "yaml-no-colon", True),
    ("expected ',' or", "yaml-open-bracket", True),
    ("found unexpected end of stream", "yaml-open-quote", True),
    (r"found character '\t'", "yaml-tab", False),
)


def _wrong(error: yaml.YAMLError, text: str) -> Wrong:
    if isinstance(error, _RefusedError):
        return error.wrong
    problem = str(getattr(error, "problem", None) or "it cannot be read")
    if "found '<stream end>'" in problem and (opened := _still_open(text)) is not None:
        return Wrong("yaml-open-bracket", opened)
    _, code, opened = next((entry for entry in _KNOWN if entry[0] in problem), ("", "yaml-other", False))
    mark = (getattr(error, "context_mark", None) if opened else None) or getattr(error, "problem_mark", None)
    return Wrong(code, mark.line if mark else None, (("problem", problem),) if code == "yaml-other" else ())


def _still_open(text: str) -> int | None:
    """The line of the last bracket that is not closed."""
    open_lines: list[int] = []
    for token in yaml.scan(text, Loader=_Loader):
        if isinstance(token, (yaml.FlowSequenceStartToken, yaml.FlowMappingStartToken)):
            open_lines.append(token.start_mark.line)
        elif isinstance(token, (yaml.FlowSequenceEndToken, yaml.FlowMappingEndToken)) and open_lines:
            open_lines.pop()
    return open_lines[-1] if open_lines else None


# Places

_Entry = tuple[yaml.MappingNode, tuple[yaml.Node, yaml.Node]]


def _inside(node: yaml.Node | None, name: str) -> Iterator[tuple[yaml.Node, yaml.Node, str]]:
    """What a name may begin with right inside a node: the key (or item), its value, and the rest of the name."""
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if isinstance(key, yaml.ScalarNode) and (name == key.value or name.startswith(f"{key.value}.")):
                yield key, value, name[len(key.value) + 1 :]
    elif isinstance(node, yaml.SequenceNode):
        number, _, rest = name.partition(".")
        for place, item in enumerate(node.value, start=1):
            if number in (str(place), _named(item)):
                yield item, item, rest


def _named(item: yaml.Node) -> str:
    """What an item of a list is called by, if it has a key."""
    entries = item.value if isinstance(item, yaml.MappingNode) else ()
    return next((str(value.value) for key, value in entries if key.value == "key"), "")


def _place(node: yaml.Node | None, name: str) -> tuple[int, int] | None:
    for found, value, rest in _inside(node, name):
        return (_place(value, rest) if rest else None) or (found.start_mark.line, found.start_mark.column)
    if node is not None and isinstance(node, yaml.MappingNode) and not name.isdigit():
        for _, value in node.value:  # fields of the plan are called by their keys, wherever their list stands
            if isinstance(value, yaml.SequenceNode) and next(_inside(value, name), None):
                return _place(value, name)
    return None


def _entry(node: yaml.Node | None, name: str) -> _Entry | None:
    for key, value, rest in _inside(node, name):
        if rest:
            return _entry(value, rest)
        return (node, (key, value)) if isinstance(node, yaml.MappingNode) else None
    return None


def _end(node: yaml.Node, text: str) -> int:
    """Where a value ends, without the lines and comments below it."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last, text)
    return len(text[: node.end_mark.index].rstrip()) if node.end_mark.index > node.start_mark.index else node.end_mark.index


# Changes

_REMARK = re.compile(r"[ \t]+#[^\r\n]*")


def _with(data: Any, name: str, value: Any) -> Any:
    """What fields say when one of them has another value; None takes it out."""
    if isinstance(data, dict):
        for key, old in data.items():
            if name == str(key):
                return {one: value if one == key else kept for one, kept in data.items() if one != key or value is not None}
            if name.startswith(f"{key}."):
                return {**data, key: _with(old, name[len(str(key)) + 1 :], value)}
        return data if value is None else {**data, name: value}
    if isinstance(data, list):
        number, _, rest = name.partition(".")
        called = [str(item.get("key", "")) if isinstance(item, dict) else "" for item in data]
        place = next((place for place, one in enumerate(called) if number in (str(place + 1), one)), len(data))
        return [_with(item, rest, value) if at == place else item for at, item in enumerate(data)]
    return data


def _replaced(text: str, mapping: yaml.MappingNode, key: yaml.Node, old: yaml.Node, value: Any) -> str:
    said, start, end = written(value, flow=bool(mapping.flow_style)), old.start_mark.index, _end(old, text)
    if old.start_mark.line > key.start_mark.line or end <= start:  # on lines of its own, or nothing yet: right behind the colon
        start = text.index(":", key.end_mark.index) + 1
        remark = _REMARK.match(text, start)
        kept = remark[0] if remark and remark.end() < end else ""
        return f"{text[:start]} {said}{kept}{text[max(start, end) :]}"
    return text[:start] + said + text[end:]


def _without(text: str, mapping: yaml.MappingNode, key: yaml.Node, old: yaml.Node) -> str:
    start, end = key.start_mark.index, max(key.end_mark.index + 1, _end(old, text))
    if mapping.flow_style:
        after = re.compile(r"\s*,\s*").match(text, end)
        before = re.compile(r",\s*\Z").search(text[:start])
        return text[:start] + text[after.end() :] if after else text[: before.start() if before else start] + text[end:]
    line = text.rfind("\n", 0, start) + 1
    if text[line:start].strip():  # the first field of an item of a list, behind its hyphen: the next one moves up
        following = next((one for one, _ in mapping.value if one.start_mark.index > start), None)
        return text[:start] + (text[following.start_mark.index :] if following else f"{{}}{text[end:]}")
    return text[:line] + text[_line_end(text, end) :]


def _line_end(text: str, place: int) -> int:
    """Where the next line begins."""
    found = text.find("\n", place)
    return found + 1 if found >= 0 else len(text)


def _added(text: str, mapping: yaml.MappingNode, name: str, value: Any) -> str:
    if mapping.flow_style:
        end = mapping.end_mark.index - 1
        at = len(text[:end].rstrip())
        between = "" if not mapping.value else " " if text[:at].endswith(",") else ", "
        return f"{text[:at]}{between}{written(name)}: {written(value, flow=True)}{text[at:]}"
    first, (_, last) = mapping.value[0][0], mapping.value[-1]
    at, ends = _line_end(text, _end(last, text)), "\r\n" if "\r\n" in text else "\n"
    open_line = ends if at and text[at - 1] != "\n" else ""
    said = f"{' ' * first.start_mark.column}{written(name)}: {written(value, flow=False)}"
    return f"{text[:at]}{open_line}{said}{'' if open_line else ends}{text[at:]}"


_LONG = 1_000_000  # letters of a line: nothing is wrapped


def written(value: Any, *, flow: bool = True) -> str:
    """A value as YAML on one line; what some reader of YAML takes for something else stands in quotes.

    `flow`: it stands between brackets, where a comma has a meaning.
    """
    style = '"' if isinstance(value, str) and re.search(r"[\n\r\x85\u2028\u2029]", value) else None
    flow = flow or isinstance(value, (dict, list, tuple))
    around = [value] if flow else {"x": value}
    dumped = str(
        yaml.dump(around, Dumper=_Dumper, default_flow_style=flow, default_style=style, allow_unicode=True, width=_LONG, sort_keys=False)
    ).strip()
    return dumped[1:-1] if flow else dumped.partition(": ")[2]


def lines(fields: Mapping[str, Any]) -> str:
    """Fields as YAML, each on a line; those inside others below them."""
    return str(yaml.dump(dict(fields), Dumper=_Dumper, default_flow_style=False, allow_unicode=True, width=_LONG, sort_keys=False))


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        """Everything is written out."""
        return True
