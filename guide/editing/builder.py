"""Conditions for people who do not write YAML: a form of drop-downs that becomes a `when`, and a sentence that says it. Pure.

A form is a list of parts of which all must hold, or at least one. A part is a line (a fact with values, or a
named audience, perhaps with "not") or a group of lines. Deeper conditions are read as a sentence and written by hand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any as AnyValue
from typing import Literal, TypeAlias, get_args

from guide.content.conditions import All, Any, Condition, ConditionError, Not, Wants, parse
from guide.content.diagrams import TooWideError
from guide.content.documents import Guide
from guide.content.effects import told
from guide.content.reach import TOO_WIDE, space_of
from guide.content.space import Share

Join: TypeAlias = Literal["all", "any"]
Kind: TypeAlias = Literal["any", "all", "none", "not-all"]
_OPPOSITE: dict[Kind, Kind] = {"any": "none", "none": "any", "all": "not-all", "not-all": "all"}


@dataclass(frozen=True)
class Line:
    """A fact with one of some values, or one of some audiences; or just not that."""

    fact: str
    values: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True)
class Group:
    """Lines of which at least one, all, none, or not all at once must hold."""

    kind: Kind
    lines: tuple[Line, ...]


Part: TypeAlias = Line | Group


@dataclass(frozen=True)
class Form:
    """What the builder shows. Without parts: everybody."""

    join: Join = "all"
    parts: tuple[Part, ...] = ()


class TooDeepError(ValueError):
    """A condition that the form cannot show."""


# Form and JSON


def form_of(data: AnyValue) -> Form:
    """The form that a browser sent. Raises ValueError for anything else."""
    try:
        join, parts = data["join"], tuple(_part_of(part) for part in data["parts"])
    except (TypeError, KeyError, AttributeError) as error:
        raise ValueError("This is no form of a condition.") from error
    if join not in get_args(Join):
        raise ValueError(f"Parts are joined by all or any, not {join!r}.")
    return Form(join, parts)


def _part_of(data: Mapping[str, AnyValue]) -> Part:
    if "lines" not in data:
        return _line_of(data)
    if data["kind"] not in get_args(Kind):
        raise ValueError(f"A group is one of {', '.join(get_args(Kind))}, not {data['kind']!r}.")
    return Group(data["kind"], tuple(map(_line_of, data["lines"])))


def _line_of(data: Mapping[str, AnyValue]) -> Line:
    return Line(str(data["fact"]), tuple(map(str, data["values"])), bool(data.get("negated")))


def as_data(form: Form) -> dict[str, AnyValue]:
    """The form as JSON holds it."""
    return {"join": form.join, "parts": [_as_data(part) for part in form.parts]}


def _as_data(part: Part) -> dict[str, AnyValue]:
    if isinstance(part, Group):
        return {"kind": part.kind, "lines": [_as_data(line) for line in part.lines]}
    return {"fact": part.fact, "values": list(part.values), "negated": part.negated}


# The simplest form that says the same


def simplest(form: Form) -> Form:
    """Without empty lines and groups, and with no group that is not needed. Two parts that say "not" become a group of kind none."""
    parts = list(dict.fromkeys(piece for part in form.parts for piece in _simplest(part, form.join)))
    if form.join == "all":
        denied = [part for part in parts if isinstance(part, Line) and part.negated]
        if len(denied) > 1:
            group = Group("none", tuple(Line(line.fact, line.values) for line in denied))
            parts = list(dict.fromkeys([*(part for part in parts if part not in denied), group]))
    if len(parts) != 1:
        return Form(form.join if parts else "all", tuple(parts))
    (only,) = parts
    if isinstance(only, Group) and only.kind in ("any", "all"):
        return simplest(Form(only.kind, only.lines))
    return simplest(Form("all", (only,))) if form.join == "any" else Form("all", (only,))


def _simplest(part: Part, join: Join) -> Iterator[Part]:
    if isinstance(part, Line):
        if part.fact and part.values:
            yield part
        return
    lines = tuple(dict.fromkeys(line for line in part.lines if line.fact and line.values))
    if part.kind == join:
        yield from lines
    elif len(lines) == 1:
        yield _turned(lines[0]) if part.kind in ("none", "not-all") else lines[0]
    elif part.kind == "none" and join == "all" and all(line.negated for line in lines):
        yield from map(_turned, lines)
    elif lines:
        yield Group(part.kind, lines)


def _turned(line: Line) -> Line:
    return Line(line.fact, line.values, not line.negated)


# Form to `when`


def when_of(form: Form) -> dict[str, AnyValue]:
    """The `when` that says what the form says; {} for everybody."""
    form = simplest(form)
    if form.join == "any":
        return {"any": [_mapping([part]) for part in form.parts]}
    return _mapping(form.parts)


def _mapping(parts: Sequence[Part]) -> dict[str, AnyValue]:
    """All of the parts in one mapping.

    What needs a key that is taken goes into a list of one under `any`, which means just itself; a second
    group of kind any is written as "not none of".
    """
    entries: list[tuple[str, AnyValue]] = []
    for key, value in (entry for part in parts for entry in _entries(part)):
        second = key == "any" and key in dict(entries)
        entries.append(("not", {"not": {"any": value}}) if second else (key, value))
    return _merged(entries)


def _merged(entries: Sequence[tuple[str, AnyValue]]) -> dict[str, AnyValue]:
    here: dict[str, AnyValue] = {}
    rest = []
    for key, value in entries:
        if key in here:
            rest.append((key, value))
        else:
            here[key] = value
    if rest:
        if "any" in here:
            rest.insert(0, ("any", here.pop("any")))
        here["any"] = [_merged(rest)]
    return here


def _entries(part: Part) -> list[tuple[str, AnyValue]]:
    if isinstance(part, Line):
        wanted = part.values[0] if len(part.values) == 1 else list(part.values)
        return [("not", {part.fact: wanted})] if part.negated else [(part.fact, wanted)]
    each = [_mapping([line]) for line in part.lines]
    match part.kind:
        case "any":
            return [("any", each)]
        case "none":
            return [("not", {"any": each})]
        case "not-all":
            return [("not", _mapping(part.lines))]
        case _:
            return [entry for line in part.lines for entry in _entries(line)]


# `when` to form


def read(when: AnyValue) -> Form:
    """The form that shows a `when` (as YAML gives it). Raises TooDeepError where it cannot, also for what is no `when`."""
    if not when:
        return Form()
    if isinstance(when, dict) and list(when) == ["any"] and isinstance(when["any"], list) and len(when["any"]) > 1:
        return Form("any", tuple(_one(_parts(member)) for member in when["any"]))
    return Form("all", tuple(_parts(when)))


def _parts(when: AnyValue) -> list[Part]:
    if not isinstance(when, dict):
        raise TooDeepError("It is not written as facts with values.")
    return [part for key, value in when.items() for part in _read_entry(str(key), value)]


def _read_entry(key: str, value: AnyValue) -> list[Part]:
    if key == "not":
        return [_denied(_one(_parts(value)))]
    if key != "any":
        values = value if isinstance(value, list) else [value]
        return [Line(key, tuple(map(str, values)))]
    if not isinstance(value, list):
        raise TooDeepError("`any` is not a list.")
    if len(value) == 1:
        return _parts(value[0])
    return [Group("any", _lines(_one(_parts(member)) for member in value))]


def _one(parts: Sequence[Part]) -> Part:
    """Several parts that must all hold, as one."""
    return parts[0] if len(parts) == 1 else Group("all", _lines(parts))


def _lines(parts: Iterable[Part]) -> tuple[Line, ...]:
    lines = tuple(parts)
    if not all(isinstance(part, Line) for part in lines):
        raise TooDeepError("Groups stand in groups.")
    return lines  # type: ignore[return-value]  # only lines are left


def _denied(part: Part) -> Part:
    return _turned(part) if isinstance(part, Line) else Group(_OPPOSITE[part.kind], part.lines)


# In words


def sentence(condition: Condition, guide: Guide) -> str:
    """A condition as one sentence, in the words of the questions' `said`."""
    parts = condition.conditions if isinstance(condition, All) else (condition,)
    if not parts:
        return "For everybody."
    plain = [_plain(part) for part in parts]
    wanted = [_words(part, guide) for part in plain if not isinstance(part, Not)]
    denied = [_denied_words(part.condition, guide) for part in plain if isinstance(part, Not)]
    said = f"who said {', and '.join(wanted)}" if wanted else ""
    but = ", and not ".join(denied)
    if denied:
        said = f"{said}, but not {but}" if said else f"who did not say {but}"
    return f"For people {said}."


def _plain(condition: Condition) -> Condition:
    """Without a "not not", and without a list of one."""
    match condition:
        case Not(condition=inner):
            inner = _plain(inner)
            return inner.condition if isinstance(inner, Not) else Not(inner)
        case All(conditions=(only,)) | Any(conditions=(only,)):
            return _plain(only)
        case _:
            return condition


def _words(condition: Condition, guide: Guide) -> str:
    match _plain(condition):
        case Wants(fact=fact, wanted=wanted):
            return _said(guide, fact.id, wanted)
        case Not(condition=inner):
            return f"not {_denied_words(inner, guide)}"
        case All(conditions=parts):
            return f"({' and '.join(_words(part, guide) for part in parts)})"
        case Any(conditions=parts):
            return f"at least one of ({'; '.join(_words(part, guide) for part in parts)})"


def _denied_words(condition: Condition, guide: Guide) -> str:
    match _plain(condition):
        case All(conditions=parts):
            return f"all at once of ({'; '.join(_words(part, guide) for part in parts)})"
        case Any(conditions=parts):
            return f"any of ({'; '.join(_words(part, guide) for part in parts)})"
        case other:
            return _words(other, guide)


def _said(guide: Guide, fact: str, wanted: frozenset[str]) -> str:
    """One choice that means just these values says it shortest."""
    question = guide.question(fact)
    for choice in question.choices:
        if choice.means == wanted:
            return f"“{choice.said}”"
    return " or ".join(f"“{question.choice(value).said}”" for value in question.fact.values if value in wanted)


@dataclass(frozen=True)
class Told:
    """What a condition says: in words, in how many of the situations that its facts can make it holds, and one of them."""

    sentence: str
    share: Share
    example: str


def tell(when: AnyValue, guide: Guide) -> Told:
    """What a `when` says (None: there is none). Raises ConditionError where it cannot be read; the message is the remedy."""
    condition = parse(when, guide.facts, guide.audiences)
    try:
        with space_of(guide) as space:
            found, share = space.example(condition), space.share(condition)
    except TooWideError as error:
        raise ConditionError(TOO_WIDE) from error
    return Told(sentence(condition, guide), share, "" if found is None else told(guide, found))
