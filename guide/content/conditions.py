"""Conditions over what a reader knows, with three answers: true, false, or cannot be told yet.

What a reader knows of a fact is the set of values that are still possible. A fact of kind `one` has
exactly one true value; `her2: negative` may leave three of them possible. A fact of kind `many` has
values that are each there or not; an answer says which are there, and so that the others are not.
A fact without an answer, or answered "not sure", leaves everything possible and is not in `Answers`.

The logic is Kleene's strong three-valued logic (S. C. Kleene, Introduction to Metamathematics, 1952,
section 64): `None` stands for "cannot be told yet".
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import Literal, TypeAlias

from guide.content.mistakes import Argument, words

Answers: TypeAlias = Mapping[str, frozenset[str]]
"""Fact -> possible values (kind one) or values that are there (kind many)."""

Truth: TypeAlias = bool | None


@dataclass(frozen=True)
class Fact:
    """Something that can be true of a reader. `only_when`: the fact exists only in that situation."""

    id: str
    kind: Literal["one", "many"]
    values: tuple[str, ...]
    only_when: Condition | None = None

    def __hash__(self) -> int:
        # Equal facts have equal ids; all that a fact hangs on need not be gone through each time.
        return hash(self.id)


@dataclass(frozen=True)
class Wants:
    """The fact has one of the wanted values (kind many: at least one of them is there)."""

    fact: Fact
    wanted: frozenset[str]


@dataclass(frozen=True)
class Not:
    """The condition does not hold."""

    condition: Condition


@dataclass(frozen=True)
class All:
    """Every condition holds. Without conditions: true of everybody."""

    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Any:
    """At least one condition holds."""

    conditions: tuple[Condition, ...]


Condition: TypeAlias = Wants | Not | All | Any

EVERYBODY = All()


@dataclass(frozen=True)
class Clause:
    """One comparison that decided a verdict, or that leaves it open.

    `holds` is the truth of the clause as it counts in the whole: under a `not`, `negated` is true and
    `holds` is turned round. `missing` names the fact whose answer would settle it; that is the fact
    itself, or a fact on which its existence depends.
    """

    fact: str
    wanted: frozenset[str]
    said: frozenset[str] | None
    holds: Truth
    negated: bool = False
    missing: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Verdict:
    """Whether a condition holds, and the clauses that decide it."""

    holds: Truth
    clauses: tuple[Clause, ...] = field(default=())

    @property
    def missing(self) -> frozenset[str]:
        """Facts whose answers could still change the verdict. Empty when it is settled."""
        return frozenset().union(*(clause.missing for clause in self.clauses)) if self.holds is None else frozenset()


def verdict(condition: Condition, answers: Answers) -> Verdict:
    """Weigh a condition against what the reader knows.

    Telling more never turns true into false or false into true; it only settles what was open.
    """
    match condition:
        case Wants():
            return _wants(condition, answers)
        case Not(condition=inner):
            found = verdict(inner, answers)
            return Verdict(_not(found.holds), tuple(_turned(clause) for clause in found.clauses))
        case All(conditions=parts):
            return _joined([verdict(part, answers) for part in parts], decided_by=False)
        case Any(conditions=parts):
            return _joined([verdict(part, answers) for part in parts], decided_by=True)


def truth(condition: Condition, answers: Answers) -> Truth:
    """Whether a condition holds, as `verdict` has it, without the clauses that decide it: many times as quick."""
    match condition:
        case Wants(fact=fact, wanted=wanted):
            exists = truth(fact.only_when, answers) if fact.only_when else True
            compared = compare(fact, wanted, answers.get(fact.id))
            return exists if exists is False or compared is True else compared
        case Not(condition=inner):
            return _not(truth(inner, answers))
        case All(conditions=parts):
            return _decided(parts, answers, by=False)
        case Any(conditions=parts):
            return _decided(parts, answers, by=True)


def _decided(parts: Iterable[Condition], answers: Answers, *, by: bool) -> Truth:
    found: Truth = not by
    for part in parts:
        holds = truth(part, answers)
        if holds is by:
            return by
        if holds is None:
            found = None
    return found


def _wants(condition: Wants, answers: Answers) -> Verdict:
    fact, wanted = condition.fact, condition.wanted
    said = answers.get(fact.id)
    exists = verdict(fact.only_when, answers) if fact.only_when else Verdict(True)
    if exists.holds is False:
        return exists
    compared = compare(fact, wanted, said)
    if compared is True and exists.holds is None:
        # The answer fits, but whether the fact exists at all is still open: both are needed.
        return exists
    missing = frozenset() if compared is not None else (exists.missing or frozenset({fact.id}))
    return Verdict(compared, (Clause(fact.id, wanted, said, compared, missing=missing),))


def compare(fact: Fact, wanted: frozenset[str], said: frozenset[str] | None) -> Truth:
    """What an answer says of the wanted values, where the fact exists."""
    if said is None:
        return None
    if fact.kind == "many":
        return bool(said & wanted)
    if said <= wanted:
        return True
    return None if said & wanted else False


def _not(truth: Truth) -> Truth:
    return None if truth is None else not truth


def _turned(clause: Clause) -> Clause:
    return Clause(clause.fact, clause.wanted, clause.said, _not(clause.holds), not clause.negated, clause.missing)


def _joined(parts: list[Verdict], *, decided_by: bool) -> Verdict:
    """`all` is decided by one false part, `any` by one true part; else one open part leaves it open."""
    truths = {part.holds for part in parts}
    holds: Truth = decided_by if decided_by in truths else None if None in truths else not decided_by
    clauses = dict.fromkeys(clause for part in parts if part.holds is holds for clause in part.clauses)
    return Verdict(holds, tuple(clauses))


def facts_in(condition: Condition) -> frozenset[str]:
    """Ids of all facts that a condition names, without those that only their `only_when` names."""
    return frozenset(wants.fact.id for wants in comparisons(condition))


def comparisons(condition: Condition) -> Iterator[Wants]:
    """Every comparison in a condition, depth first."""
    match condition:
        case Wants():
            yield condition
        case Not(condition=inner):
            yield from comparisons(inner)
        case All(conditions=parts) | Any(conditions=parts):
            for part in parts:
                yield from comparisons(part)


class ConditionError(ValueError):
    """A `when` that cannot be read: the code of the mistake, and what fills the gaps in its words. The message is those words."""

    def __init__(self, code: str, **arguments: Argument) -> None:
        super().__init__(words(code, **arguments))
        self.code, self.arguments = code, arguments


DEEPEST = 8
"""Conditions inside each other, as written. Today's deepest has 4."""
MOST_COMPARISONS = 100
"""Facts and audiences that a condition names, as written. Today's longest has 14."""
MOST_WEIGHED = 1_000
"""Comparisons that it comes to, with those of its audiences, and of the facts that a fact depends on. Today: at most 18."""


def parse(when: object, facts: Mapping[str, Fact], audiences: Mapping[str, Condition]) -> Condition:
    """Read a `when` (as YAML gives it) into a condition.

    None: there is no `when`, so everybody is meant. One that is there and says nothing is a mistake (see `given`).
    Raises ConditionError for that, for an unknown fact, value or audience, and for another form than a mapping.
    """
    if when is None:
        return EVERYBODY
    if _named(when) > MOST_COMPARISONS:
        raise ConditionError("when-too-many-facts", most=MOST_COMPARISONS)
    found = _parse(when, facts, audiences)
    if next(islice(_weighed(found), MOST_WEIGHED, None), None):
        raise ConditionError("when-too-many-comparisons", most=MOST_WEIGHED)
    return found


def given(when: object) -> object:
    """A `when` that is written down, as `parse` takes it: with nothing after its colon it is empty, and not left out."""
    return {} if when is None else when


def _weighed(condition: Condition) -> Iterator[Wants]:
    for wants in comparisons(condition):
        yield wants
        if wants.fact.only_when:
            yield from _weighed(wants.fact.only_when)


def _named(when: object, depth: int = 0) -> int:
    """How many facts and audiences it names. Raises ConditionError where it is too deep."""
    if depth > 2 * DEEPEST:  # a list of conditions, and each of them
        raise ConditionError("when-too-deep", most=DEEPEST)
    if isinstance(when, list):
        return sum(_named(part, depth + 1) for part in when)
    if not isinstance(when, dict):
        return 1
    return sum(_named(wanted, depth + 1) if key in ("not", "any", "is") else 1 for key, wanted in when.items())


def _parse(when: object, facts: Mapping[str, Fact], audiences: Mapping[str, Condition]) -> Condition:
    if when in ("", [], {}):
        raise ConditionError("when-empty")
    if not isinstance(when, dict):
        raise ConditionError("when-no-facts")
    parts: list[Condition] = []
    for key, wanted in when.items():
        match key:
            case "not":
                parts.append(Not(_part("not", wanted, facts, audiences)))
            case "any":
                parts.append(_any(wanted, facts, audiences))
            case "is":
                parts.append(_is(wanted, audiences))
            case _:
                parts.append(_fact(key, wanted, facts))
    return parts[0] if len(parts) == 1 else All(tuple(parts))


def _part(key: str, wanted: object, facts: Mapping[str, Fact], audiences: Mapping[str, Condition]) -> Condition:
    """A condition inside another: an empty one would silently mean everybody or nobody."""
    if not wanted:
        raise ConditionError("when-part-empty", key=key)
    return _parse(wanted, facts, audiences)


def _any(wanted: object, facts: Mapping[str, Fact], audiences: Mapping[str, Condition]) -> Condition:
    if not isinstance(wanted, list) or not wanted:
        raise ConditionError("when-any-no-list")
    return Any(tuple(_part("any", part, facts, audiences) for part in wanted))


def _is(wanted: object, audiences: Mapping[str, Condition]) -> Condition:
    names = wanted if isinstance(wanted, list) else [wanted]
    if not names:
        raise ConditionError("when-is-empty")
    for name in names:
        if not isinstance(name, str) or name not in audiences:
            raise ConditionError("unknown-audience", name=repr(name), known=_listed(audiences))
    found = tuple(audiences[str(name)] for name in names)
    return found[0] if len(found) == 1 else Any(found)


def _fact(key: object, wanted: object, facts: Mapping[str, Fact]) -> Condition:
    fact = facts.get(key) if isinstance(key, str) else None
    if fact is None:
        raise ConditionError("unknown-fact", name=repr(key), known=_listed(facts))
    values = [wanted] if isinstance(wanted, str) else wanted
    if not isinstance(values, list) or not values:
        raise ConditionError("when-no-values", fact=fact.id, known=_listed(fact.values))
    for value in values:
        if not isinstance(value, str) or value not in fact.values:
            raise ConditionError("unknown-value", fact=fact.id, value=repr(value), known=_listed(fact.values))
    return Wants(fact, frozenset(values))


def _listed(names: Iterable[str]) -> str:
    return ", ".join(names)
