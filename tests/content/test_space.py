"""The space of situations, against plain enumeration of the toy guide's."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain, combinations, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.content.conditions import EVERYBODY, All, Any, Condition, Fact, Not, Wants, verdict
from guide.content.diagrams import NOWHERE
from guide.content.documents import Guide
from guide.content.files import read_files
from guide.content.space import Share, Space
from guide.content.whole import load
from tests.conftest import TOY

GUIDE = load(read_files(TOY))
SPACE = Space(GUIDE.questions)
FACTS = GUIDE.facts


def situations() -> Iterator[dict[str, frozenset[str]]]:
    """Every situation of the toy guide, the long way."""
    guests = FACTS["visitors"].values[:-1]
    visits = [{"nobody"}, *map(set, chain.from_iterable(combinations(guests, size) for size in range(1, len(guests) + 1)))]
    for space, rain, visitors in product(FACTS["space"].values, FACTS["rain"].values, visits):
        known = {"space": frozenset({space}), "rain": frozenset({rain}), "visitors": frozenset(visitors)}
        if space != "bed":
            yield known
            continue
        for soil in FACTS["soil"].values:
            with_soil = {**known, "soil": frozenset({soil})}
            if soil == "clay":
                yield from ({**with_soil, "puddles": frozenset({puddles})} for puddles in FACTS["puddles"].values)
            else:
                yield with_soil


ALL = list(situations())


def wants(fact: Fact) -> st.SearchStrategy[Condition]:
    return st.sets(st.sampled_from(fact.values), min_size=1).map(lambda values: Wants(fact, frozenset(values)))


CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    st.sampled_from(list(FACTS.values())).flatmap(wants),
    lambda inner: st.one_of(
        inner.map(Not), st.lists(inner, max_size=3).map(tuple).map(All), st.lists(inner, max_size=3).map(tuple).map(Any)
    ),
    max_leaves=6,
)


@given(CONDITIONS)
def test_a_condition_holds_in_as_many_situations_as_counting_finds(condition: Condition) -> None:
    holds = [situation for situation in ALL if verdict(condition, situation).holds]
    assert SPACE.share(condition, FACTS) == Share(len(holds), len(ALL))
    assert (SPACE.example(condition) is None) == (not holds)


@given(CONDITIONS)
def test_an_example_is_a_situation_in_which_the_condition_holds(condition: Condition) -> None:
    found = SPACE.example(condition)
    if found is not None:
        assert verdict(condition, found).holds is True
        assert any(all(situation.get(fact) == found.get(fact) for fact in SPACE.facts_of(condition)) for situation in ALL)


def test_only_facts_that_matter_are_counted() -> None:
    clay = Wants(FACTS["soil"], frozenset({"clay"}))
    assert SPACE.facts_of(clay) == {"soil", "space"}
    assert SPACE.share(clay) == Share(1, 5)  # balcony, meadow, and a bed with one of three soils
    assert SPACE.share(EVERYBODY) == Share(1, 1)


@pytest.mark.parametrize(("fact", "values", "left"), [("soil", {"clay", "loam"}, {"space", "soil"}), ("visitors", {"slugs"}, {"visitors"})])
def test_what_was_said_leaves_the_situations_in_which_it_is_so(fact: str, values: set[str], left: set[str]) -> None:
    told = SPACE.diagrams.both(SPACE.told(FACTS[fact], frozenset(values)), SPACE.world(left))
    for situation in ALL:
        here = SPACE.world(left)
        for id in left:
            gone = SPACE.diagrams.outside(SPACE.where(FACTS[id].only_when or EVERYBODY))
            here = SPACE.diagrams.both(here, SPACE.told(FACTS[id], situation[id]) if id in situation else gone)
        fits = fact not in situation or (situation[fact] == values if FACTS[fact].kind == "many" else situation[fact] <= values)
        assert (SPACE.diagrams.both(here, told) != NOWHERE) == fits


def test_it_is_the_space_of_the_guide(toy: Guide) -> None:
    assert Space(toy.questions).share(EVERYBODY, toy.facts) == Share(len(ALL), len(ALL))
