"""The answers land where they belong in a new plan."""

from __future__ import annotations

import pytest

from guide.content.documents import Guide
from guide.content.parse import NOT_SURE
from guide.content.whole import load
from guide.plans.prefill import prefill
from guide.plans.values import Contents, Value


def filled(guide: Guide, *to_ask: str, **answers: str) -> Contents:
    return prefill(guide, {fact: values.split() for fact, values in answers.items()}, to_ask)


def test_without_answers_the_plan_is_empty(toy: Guide) -> None:
    assert not any(filled(toy).values.values())
    assert filled(toy).kept == {}


@pytest.mark.parametrize(
    ("answers", "group", "field", "value"),
    [
        ({"space": "bed"}, "ground", "space", "bed"),
        ({"soil": "clay"}, "ground", "soil", "clay"),
        ({"soil": "sticks"}, "ground", "soil", "sticky"),
        ({"soil": NOT_SURE}, "ground", "soil", "not_sure"),
        ({"rain": "yes"}, "garden", "barrel", "yes"),
        ({"visitors": "mice"}, "ground", "visitors", [{"visitor": "mice"}]),
        ({"visitors": "slugs mice"}, "ground", "visitors", [{"visitor": "slugs"}, {"visitor": "mice"}]),
    ],
)
def test_an_answer_lands_in_its_place(toy: Guide, answers: dict[str, str], group: str, field: str, value: Value) -> None:
    found = filled(toy, **answers)
    assert found.get(group, field) == value
    assert found.get("ground", "more") == ""


@pytest.mark.parametrize(
    ("answers", "more"),
    [
        ({"space": "meadow"}, "a meadow"),
        ({"puddles": "stay"}, "puddles that stay"),
        ({"visitors": "nobody"}, "no visitors"),
        ({"space": "meadow", "puddles": "drain", "visitors": "nobody"}, "a meadow; puddles that drain; no visitors"),
    ],
)
def test_an_answer_without_a_place_is_written_out(toy: Guide, answers: dict[str, str], more: str) -> None:
    found = filled(toy, **answers)
    assert found.get("ground", "more") == more
    assert (found.get("ground", "space"), found.get("ground", "visitors")) == ("", "")


@pytest.mark.parametrize("fact", ["space", "puddles", "visitors", "rain"])
def test_not_sure_without_a_place_says_nothing(toy: Guide, fact: str) -> None:
    assert not any(filled(toy, **{fact: NOT_SURE}).values.values())


def test_every_answer_is_in_the_plan(toy: Guide) -> None:
    found = filled(toy, space="bed", soil="clay", puddles="stay", visitors="slugs", rain="no")
    assert found.values["ground"] == {"space": "bed", "soil": "clay", "visitors": [{"visitor": "slugs"}], "more": "puddles that stay"}
    assert found.values["garden"] == {"barrel": "no"}


def test_questions_for_the_team_land_in_their_rows_as_many_as_fit(toy: Guide) -> None:
    found = filled(toy, "How deep?", "How often?", "How late?")
    assert found.get("fence", "questions") == [{"q": "How deep?"}, {"q": "How often?"}]


def test_two_questions_may_fill_the_same_rows(toy_texts: dict[str, str]) -> None:
    path = "en/questions/30-puddles.md"
    toy_texts[path] = toy_texts[path].replace(
        "kind: one", "kind: many\nplan: {rows: ground.visitors, column: visitor, values: {stay: slugs}}"
    )
    found = filled(load(toy_texts), puddles="stay", visitors="mice")
    assert found.get("ground", "visitors") == [{"visitor": "slugs"}, {"visitor": "mice"}]


def test_a_part_of_many_without_a_place_is_written_out_beside_the_rows(toy_texts: dict[str, str]) -> None:
    path = "en/questions/40-visitors.md"
    toy_texts[path] = toy_texts[path].replace("values: {slugs: slugs, aphids: aphids, mice: mice}", "values: {slugs: slugs}")
    found = filled(load(toy_texts), visitors="slugs mice aphids")
    assert found.get("ground", "visitors") == [{"visitor": "slugs"}]
    assert found.get("ground", "more") == "mice; aphids"


def test_two_answers_that_mean_the_same_in_the_plan_are_one_row(toy_texts: dict[str, str]) -> None:
    path = "en/questions/40-visitors.md"
    assert "mice: mice" in toy_texts[path]
    toy_texts[path] = toy_texts[path].replace("mice: mice", "mice: slugs")
    assert filled(load(toy_texts), visitors="slugs mice").get("ground", "visitors") == [{"visitor": "slugs"}]


def test_an_answer_may_land_in_another_field_than_the_others(toy_texts: dict[str, str]) -> None:
    path = "en/questions/20-soil.md"
    toy_texts[path] = toy_texts[path].replace("sticks: sticky", "sticks: garden.barrel=no")
    found = filled(load(toy_texts), soil="sticks")
    assert (found.get("garden", "barrel"), found.get("ground", "soil"), found.get("ground", "more")) == ("no", "", "")
    assert filled(load(toy_texts), soil="clay").get("ground", "soil") == "clay"
