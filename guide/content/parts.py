"""What is left of a condition for somebody who knows some of it: what it still demands, and what would still exclude her.

`demands` and `exclusions` together say the same as the condition, for everybody with these answers: nothing is lost. They are told
apart because people read them differently. What is demanded makes a branch ("if a change is found"); what is excluded hides nothing,
and is said beside it ("unless you had it before").
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from guide.content.conditions import EVERYBODY, All, Answers, Any, Condition, Not, Wants, compare, comparisons, truth

Quiet = Mapping[str, str]
"""Facts that hold for nearly everybody unless somebody says otherwise, with the value that holds then."""

Plain = Mapping[str, object]
"""A condition as data for other programs: `{fact, values}`, or one of any, all and not with such conditions."""

NOBODY = Any(())


@dataclass(frozen=True)
class Parts:
    """The open parts of a condition. Each of `demands` must hold, and none of `exclusions` may."""

    demands: tuple[Condition, ...] = ()
    exclusions: tuple[Condition, ...] = ()

    @property
    def whole(self) -> Condition:
        """Both in one condition."""
        return All((*self.demands, *(Not(one) for one in self.exclusions)))

    @property
    def open(self) -> tuple[Condition, ...]:
        """Both, one after the other."""
        return (*self.demands, *self.exclusions)


def parts(condition: Condition, answers: Answers, quiet: Quiet) -> Parts | None:
    """Take a condition apart; None where it does not hold, whatever the open answers are."""
    left = rest(condition, answers)
    if left == NOBODY:
        return None
    demands: list[Condition] = []
    exclusions: list[Condition] = []
    for part in conjuncts(left):
        if isinstance(part, Not):
            exclusions.append(part.condition)
        elif isinstance(part, Wants) and quiet.get(part.fact.id) in part.wanted and part.fact.id not in answers:
            exclusions.append(replace(part, wanted=frozenset(part.fact.values) - part.wanted))
        else:
            demands.append(part)
    return Parts(tuple(_without_gates(dict.fromkeys(demands))), tuple(dict.fromkeys(exclusions)))


def rest(condition: Condition, answers: Answers) -> Condition:
    """The condition without its settled ones; EVERYBODY or NOBODY where all of it is settled."""
    match condition:
        case Wants():
            return _rest_of_comparison(condition, answers)
        case Not(condition=inner):
            return _turned(rest(inner, answers))
        case All(conditions=ones):
            return _all(rest(one, answers) for one in ones)
        case Any(conditions=ones):
            return _any(rest(one, answers) for one in ones)


def plain(condition: Condition, answers: Answers) -> Plain:
    """A condition as plain data, with the wanted values that are still possible."""
    match condition:
        case Any(conditions=ones):
            return {"any": [plain(one, answers) for one in ones]}
        case All(conditions=ones):
            return {"all": [plain(one, answers) for one in ones]}
        case Not(condition=inner):
            return {"not": plain(inner, answers)}
        case Wants(fact=fact, wanted=wanted):
            possible = wanted & answers.get(fact.id, wanted)
            return {"fact": fact.id, "values": [value for value in fact.values if value in possible]}


def conjuncts(condition: Condition) -> Iterator[Condition]:
    """The conditions that must all hold, one by one."""
    if isinstance(condition, All):
        for one in condition.conditions:
            yield from conjuncts(one)
    else:
        yield condition


def gates(condition: Condition) -> Iterator[Condition]:
    """The conditions on which the facts that it names exist, and those on which theirs exist."""
    for wants in comparisons(condition):
        if wants.fact.only_when:
            yield wants.fact.only_when
            yield from gates(wants.fact.only_when)


def _rest_of_comparison(condition: Wants, answers: Answers) -> Condition:
    fact, said = condition.fact, answers.get(condition.fact.id)
    holds, compared = truth(condition, answers), compare(fact, condition.wanted, said)
    if holds is not None:
        return EVERYBODY if holds else NOBODY
    if compared is True and fact.only_when:
        return rest(fact.only_when, answers)
    return replace(condition, wanted=condition.wanted & said) if said and fact.kind == "one" else condition


def _turned(inner: Condition) -> Condition:
    match inner:
        case Not(condition=twice):
            return twice
        case Any(conditions=ones):
            return _all(_turned(one) for one in ones)
        case All(conditions=()):
            return NOBODY
        case _:
            return Not(inner)


def _all(ones: Iterable[Condition]) -> Condition:
    flat = [part for one in ones for part in conjuncts(one)]
    if NOBODY in flat:
        return NOBODY
    return flat[0] if len(flat) == 1 else All(tuple(flat))


def _any(ones: Iterable[Condition]) -> Condition:
    """One of which an one is turned round is an exclusion: not this, or that, is the same as: unless this without that."""
    flat = [one for one in ones if one != NOBODY]
    if EVERYBODY in flat:
        return EVERYBODY
    if len(flat) == 1:
        return flat[0]
    if any(isinstance(one, Not) for one in flat):
        return Not(_all(_turned(one) for one in flat))
    return Any(tuple(flat))


def _without_gates(demands: Iterable[Condition]) -> list[Condition]:
    """Without those that another demand has in itself, because its fact only exists then."""
    wanted = list(demands)
    implied = {part for demand in wanted if isinstance(demand, Wants) for gate in gates(demand) for part in conjuncts(gate)}
    return [demand for demand in wanted if demand not in implied]
