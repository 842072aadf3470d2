"""Conditions: every form of `when`, and what must hold for all of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.content.conditions import (
    EVERYBODY,
    All,
    Answers,
    Any,
    Clause,
    Condition,
    ConditionError,
    Fact,
    Not,
    Truth,
    Verdict,
    Wants,
    comparisons,
    facts_in,
    parse,
    verdict,
)

SPACE = Fact("space", "one", ("balcony", "bed", "meadow"))
IN_BED = Wants(SPACE, frozenset({"bed"}))
SOIL = Fact("soil", "one", ("sand", "clay", "loam"), only_when=IN_BED)
VISITORS = Fact("visitors", "many", ("slugs", "mice", "nobody"))
FACTS = {fact.id: fact for fact in (SPACE, SOIL, VISITORS)}
AUDIENCES: dict[str, Condition] = {"gardener": IN_BED, "host": Wants(VISITORS, frozenset({"slugs", "mice"}))}


def read(when: object) -> Condition:
    return parse(when, FACTS, AUDIENCES)


def known(**answers: str) -> dict[str, frozenset[str]]:
    """Answers, written as words: known(space="bed balcony")."""
    return {fact: frozenset(values.split()) for fact, values in answers.items()}


# Reading a `when`


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (None, EVERYBODY),
        ({"space": "bed"}, IN_BED),
        ({"space": ["bed", "meadow"]}, Wants(SPACE, frozenset({"bed", "meadow"}))),
        ({"space": "bed", "visitors": "mice"}, All((IN_BED, Wants(VISITORS, frozenset({"mice"}))))),
        ({"not": {"space": "bed"}}, Not(IN_BED)),
        ({"not": {"not": {"space": "bed"}}}, Not(Not(IN_BED))),
        ({"any": [{"space": "bed"}, {"visitors": "mice"}]}, Any((IN_BED, Wants(VISITORS, frozenset({"mice"}))))),
        ({"is": "gardener"}, IN_BED),
        ({"is": ["gardener", "host"]}, Any((IN_BED, AUDIENCES["host"]))),
        ({"is": "host", "not": {"is": "gardener"}}, All((AUDIENCES["host"], Not(IN_BED)))),
    ],
)
def test_every_form_of_when_is_read(when: object, expected: Condition) -> None:
    assert read(when) == expected


@pytest.mark.parametrize(
    ("when", "message"),
    [
        ("bed", "write it as facts with values: {fact: value}"),
        (["space"], "write it as facts with values: {fact: value}"),
        (False, "write it as facts with values: {fact: value}"),
        ({"moon": "full"}, "there is no fact 'moon'; there are: space, soil, visitors"),
        ({True: "bed"}, "there is no fact True; there are: space, soil, visitors"),
        ({"space": "cellar"}, "space has no value 'cellar'; it has: balcony, bed, meadow"),
        ({"space": ["bed", "cellar"]}, "space has no value 'cellar'; it has: balcony, bed, meadow"),
        ({"space": True}, "space: give a value or a list of values; there are: balcony, bed, meadow (quote yes and no)"),
        ({"space": []}, "space: give a value or a list of values; there are: balcony, bed, meadow (quote yes and no)"),
        ({"space": None}, "space: give a value or a list of values; there are: balcony, bed, meadow (quote yes and no)"),
        ({"is": "king"}, "there is no audience 'king'; there are: gardener, host"),
        ({"is": ["gardener", "king"]}, "there is no audience 'king'; there are: gardener, host"),
        ({"any": {"space": "bed"}}, "`any` needs a list of conditions"),
        ({"any": []}, "`any` needs a list of conditions"),
        ({"any": ["bed"]}, "write it as facts with values: {fact: value}"),
        ({"not": "bed"}, "write it as facts with values: {fact: value}"),
        ({"not": {"moon": "full"}}, "there is no fact 'moon'; there are: space, soil, visitors"),
    ],
)
def test_a_when_that_cannot_be_read_tells_the_remedy(when: object, message: str) -> None:
    with pytest.raises(ConditionError) as caught:
        read(when)
    assert str(caught.value) == message


@pytest.mark.parametrize("when", [{"is": {"gardener": "host"}}, {"is": [["gardener"]]}, {"space": [["bed"]]}, {"space": [{"bed": 1}]}])
def test_a_nested_value_is_refused_and_not_a_crash(when: object) -> None:
    with pytest.raises(ConditionError):
        read(when)


@pytest.mark.parametrize("when", [{"is": []}, {"not": None}, {"not": {}}, {"any": [{}]}, {"any": [None]}])
def test_an_empty_part_of_a_when_is_refused(when: object) -> None:
    with pytest.raises(ConditionError):
        read(when)


def test_a_condition_names_its_facts_without_those_of_their_existence() -> None:
    condition = read({"soil": "clay", "any": [{"visitors": "mice"}, {"not": {"visitors": "slugs"}}]})
    assert facts_in(condition) == {"soil", "visitors"}
    assert [wants.wanted for wants in comparisons(condition)] == [{"clay"}, {"mice"}, {"slugs"}]


# Single comparisons


@pytest.mark.parametrize(
    ("when", "answers", "holds"),
    [
        (None, {}, True),
        ({"space": "bed"}, {}, None),
        ({"space": "bed"}, known(space="bed"), True),
        ({"space": "bed"}, known(space="meadow"), False),
        ({"space": "bed"}, known(space="bed meadow"), None),
        ({"space": ["bed", "meadow"]}, known(space="bed meadow"), True),
        ({"visitors": "mice"}, {}, None),
        ({"visitors": "mice"}, known(visitors="mice slugs"), True),
        ({"visitors": "mice"}, known(visitors="slugs"), False),
        ({"visitors": ["mice", "slugs"]}, known(visitors="slugs"), True),
        ({"visitors": "mice"}, known(visitors=""), False),
        ({"not": {"visitors": "mice"}}, known(visitors="slugs"), True),
        ({"not": {"space": "bed"}}, {}, None),
        ({"any": [{"space": "bed"}, {"visitors": "mice"}]}, known(visitors="mice"), True),
        ({"any": [{"space": "bed"}, {"visitors": "mice"}]}, known(visitors="slugs"), None),
        ({"any": [{"space": "bed"}, {"visitors": "mice"}]}, known(visitors="slugs", space="meadow"), False),
        ({"space": "bed", "visitors": "mice"}, known(visitors="slugs"), False),
        ({"space": "bed", "visitors": "mice"}, known(visitors="mice"), None),
        ({"soil": "clay"}, known(space="meadow"), False),
        ({"soil": "clay"}, known(space="meadow", soil="clay"), False),
        ({"soil": "clay"}, known(soil="clay"), None),
        ({"soil": "clay"}, known(soil="sand"), False),
        ({"soil": "clay"}, known(space="bed", soil="clay"), True),
        ({"not": {"soil": "clay"}}, known(space="meadow"), True),
    ],
)
def test_a_verdict_is_true_false_or_open(when: object, answers: Answers, holds: Truth) -> None:
    assert verdict(read(when), answers).holds is holds


def test_a_settled_verdict_keeps_only_the_clauses_that_decide_it() -> None:
    found = verdict(read({"space": "bed", "visitors": "mice"}), known(space="bed", visitors="slugs"))
    assert found.clauses == (Clause("visitors", frozenset({"mice"}), frozenset({"slugs"}), False),)
    assert found.missing == frozenset()


def test_a_clause_under_not_is_turned_round() -> None:
    found = verdict(read({"not": {"visitors": "mice"}}), known(visitors="slugs"))
    assert found == Verdict(True, (Clause("visitors", frozenset({"mice"}), frozenset({"slugs"}), True, negated=True),))


def test_the_same_clause_twice_is_told_once() -> None:
    found = verdict(read({"any": [{"space": "bed"}, {"space": "bed"}]}), known(space="bed"))
    assert len(found.clauses) == 1


@pytest.mark.parametrize(
    ("when", "answers", "missing"),
    [
        ({"soil": "clay"}, {}, {"space"}),
        ({"soil": "clay"}, known(space="bed meadow"), {"space"}),
        ({"soil": "clay"}, known(space="bed"), {"soil"}),
        ({"soil": "clay"}, known(space="bed", soil="clay loam"), {"soil"}),
        ({"soil": "clay"}, known(soil="clay"), {"space"}),
        ({"space": "bed", "visitors": "mice"}, {}, {"space", "visitors"}),
        ({"space": "bed", "visitors": "mice"}, known(visitors="mice"), {"space"}),
        ({"not": {"any": [{"space": "bed"}, {"visitors": "mice"}]}}, {}, {"space", "visitors"}),
    ],
)
def test_an_open_verdict_names_the_facts_that_could_settle_it(when: object, answers: Answers, missing: set[str]) -> None:
    assert verdict(read(when), answers).missing == missing


# Properties


@dataclass(frozen=True)
class Case:
    """Random facts, a condition over them, and what is known."""

    facts: tuple[Fact, ...]
    condition: Condition
    answers: Answers


def conditions(facts: tuple[Fact, ...]) -> st.SearchStrategy[Condition]:
    def wants(fact: Fact) -> st.SearchStrategy[Condition]:
        return st.frozensets(st.sampled_from(fact.values), min_size=1).map(lambda wanted: Wants(fact, wanted))

    def joined(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
        parts = st.lists(inner, min_size=1, max_size=3).map(tuple)
        return st.one_of(inner.map(Not), parts.map(All), parts.map(Any))

    plain: st.SearchStrategy[Condition] = st.sampled_from(facts).flatmap(wants)
    return st.recursive(plain, joined, max_leaves=5)


@st.composite
def vocabularies(draw: st.DrawFn) -> tuple[Fact, ...]:
    facts: tuple[Fact, ...] = ()
    for id in "abc"[: draw(st.integers(1, 3))]:
        kind: Literal["one", "many"] = draw(st.sampled_from(["one", "many"]))
        values = ("x", "y", "z")[: draw(st.integers(2, 3 if kind == "one" else 2))]
        depends = draw(st.booleans())
        exists = draw(conditions(facts)) if facts and depends else None
        facts = (*facts, Fact(id, kind, values, exists))
    return facts


def answers_to(facts: tuple[Fact, ...]) -> st.SearchStrategy[dict[str, frozenset[str]]]:
    possible = {fact.id: st.frozensets(st.sampled_from(fact.values), min_size=1 if fact.kind == "one" else 0) for fact in facts}
    return st.fixed_dictionaries({}, optional=possible)


@st.composite
def cases(draw: st.DrawFn) -> Case:
    facts = draw(vocabularies())
    return Case(facts, draw(conditions(facts)), draw(answers_to(facts)))


@st.composite
def cases_with_more_told(draw: st.DrawFn) -> tuple[Case, Answers]:
    """A case, and answers that tell the same and perhaps more."""
    case = draw(cases())
    more = dict(draw(answers_to(case.facts)))
    for fact in case.facts:
        said = case.answers.get(fact.id)
        if said is not None:
            more[fact.id] = draw(st.frozensets(st.sampled_from(sorted(said)), min_size=1)) if fact.kind == "one" else said
    return case, more


def subsets(values: tuple[str, ...]) -> Iterator[frozenset[str]]:
    for size in range(len(values) + 1):
        yield from map(frozenset, itertools.combinations(values, size))


def worlds(facts: tuple[Fact, ...], answers: Answers) -> Iterator[dict[str, frozenset[str]]]:
    """Every way in which everything could be, given what is known: one value, or the values that are there."""
    each: list[list[frozenset[str]]] = []
    for fact in facts:
        said = answers.get(fact.id)
        if fact.kind == "one":
            each.append([frozenset({value}) for value in fact.values if said is None or value in said])
        else:
            each.append(list(subsets(fact.values)) if said is None else [said])
    for choice in itertools.product(*each):
        yield dict(zip((fact.id for fact in facts), choice, strict=True))


def true_in(condition: Condition, world: Mapping[str, frozenset[str]]) -> bool:
    """Ordinary two-valued logic. A comparison with a fact that does not exist is false."""
    match condition:
        case Wants(fact=fact, wanted=wanted):
            exists = fact.only_when is None or true_in(fact.only_when, world)
            return exists and bool(world[fact.id] & wanted)
        case Not(condition=inner):
            return not true_in(inner, world)
        case All(conditions=parts):
            return all(true_in(part, world) for part in parts)
        case Any(conditions=parts):
            return any(true_in(part, world) for part in parts)


@given(cases())
def test_a_settled_verdict_is_so_in_every_world_that_fits_the_answers(case: Case) -> None:
    holds = verdict(case.condition, case.answers).holds
    if holds is not None:
        assert {true_in(case.condition, world) for world in worlds(case.facts, case.answers)} == {holds}


@given(cases())
def test_when_everything_is_known_the_verdict_is_ordinary_logic(case: Case) -> None:
    for world in itertools.islice(worlds(case.facts, case.answers), 20):
        assert verdict(case.condition, world).holds is true_in(case.condition, world)


@given(st.data())
def test_a_single_comparison_is_open_only_if_both_ways_are_possible(data: st.DataObject) -> None:
    facts = data.draw(vocabularies())
    answers = data.draw(answers_to(facts))
    condition = Wants(facts[0], data.draw(st.frozensets(st.sampled_from(facts[0].values), min_size=1, max_size=len(facts[0].values) - 1)))
    truths = {true_in(condition, world) for world in worlds(facts, answers)}
    assert verdict(condition, answers).holds is (None if len(truths) == 2 else truths.pop())


@given(cases_with_more_told())
def test_telling_more_never_changes_a_settled_verdict(drawn: tuple[Case, Answers]) -> None:
    case, more = drawn
    before, after = verdict(case.condition, case.answers), verdict(case.condition, more)
    assert before.holds in (None, after.holds)


@given(cases())
def test_twice_not_is_the_same(case: Case) -> None:
    assert verdict(Not(Not(case.condition)), case.answers) == verdict(case.condition, case.answers)


@given(cases())
def test_not_turns_true_and_false_round_and_leaves_open_open(case: Case) -> None:
    turned: dict[Truth, Truth] = {True: False, False: True, None: None}
    assert verdict(Not(case.condition), case.answers).holds is turned[verdict(case.condition, case.answers).holds]


@given(
    vocabularies().flatmap(lambda facts: st.tuples(st.lists(conditions(facts), max_size=4), answers_to(facts))),
    st.randoms(use_true_random=False),
)
def test_the_order_of_conditions_does_not_matter(drawn: tuple[list[Condition], Answers], random: Random) -> None:
    parts, answers = drawn
    shuffled = random.sample(parts, len(parts))
    for joined in (All, Any):
        one, other = verdict(joined(tuple(parts)), answers), verdict(joined(tuple(shuffled)), answers)
        assert one.holds is other.holds
        assert one.missing == other.missing
        assert set(one.clauses) == set(other.clauses)


@given(vocabularies().flatmap(lambda facts: st.tuples(st.lists(conditions(facts), max_size=4), answers_to(facts))))
def test_not_of_any_is_all_of_not_and_the_other_way_round(drawn: tuple[list[Condition], Answers]) -> None:
    parts, answers = drawn
    negated = tuple(Not(part) for part in parts)
    assert verdict(Not(Any(tuple(parts))), answers) == verdict(All(negated), answers)
    assert verdict(Not(All(tuple(parts))), answers) == verdict(Any(negated), answers)


@given(cases())
def test_a_fact_that_does_not_exist_makes_its_comparison_false(case: Case) -> None:
    fact = replace(case.facts[-1], id="new", only_when=case.condition)
    found = verdict(Wants(fact, frozenset(fact.values)), {**case.answers, "new": frozenset(fact.values)})
    exists = verdict(case.condition, case.answers)
    assert found.holds is exists.holds
    if exists.holds is False:
        assert found.clauses == exists.clauses


@given(cases())
def test_something_is_missing_exactly_as_long_as_the_verdict_is_open(case: Case) -> None:
    found = verdict(case.condition, case.answers)
    assert bool(found.missing) is (found.holds is None)


@given(cases())
def test_no_fact_is_missing_whose_value_is_known(case: Case) -> None:
    settled = {fact.id for fact in case.facts if fact.id in case.answers and (fact.kind == "many" or len(case.answers[fact.id]) == 1)}
    assert not verdict(case.condition, case.answers).missing & settled


@given(cases(), st.data())
def test_answering_what_is_missing_settles_the_verdict_in_the_end(case: Case, data: st.DataObject) -> None:
    answers = dict(case.answers)
    asked: set[str] = set()
    while missing := verdict(case.condition, answers).missing:
        assert not missing & asked
        asked |= missing
        for fact in case.facts:
            if fact.id in missing:
                said = sorted(answers.get(fact.id, fact.values))
                one = st.sampled_from(said).map(lambda value: frozenset({value}))
                answers[fact.id] = data.draw(one if fact.kind == "one" else st.frozensets(st.sampled_from(said)))
    assert verdict(case.condition, answers).holds is not None
