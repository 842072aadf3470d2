"""Why something applies, may apply, or does not, in sentences."""

from __future__ import annotations

import pytest

from guide.content.conditions import parse, verdict
from guide.content.documents import Guide
from guide.content.reasons import reasons


def why(toy: Guide, when: object, **answers: str) -> list[str]:
    known = {fact: frozenset(values.split()) for fact, values in answers.items()}
    return reasons(verdict(parse(when, toy.facts, toy.audiences), known), toy)


def test_what_is_for_everybody_says_so(toy: Guide) -> None:
    assert why(toy, None) == ["It concerns everybody."]


@pytest.mark.parametrize(
    ("when", "answers", "sentence"),
    [
        ({"space": "bed"}, {"space": "bed"}, "You said: a garden bed."),
        ({"space": ["bed", "meadow"]}, {"space": "bed"}, "You said: a garden bed."),
        ({"space": ["bed", "meadow"]}, {"space": "bed meadow"}, "You said: a garden bed or a meadow."),
        ({"space": "bed", "rain": "no"}, {"space": "bed", "rain": "no"}, "You said: a garden bed; no rain barrel."),
        ({"soil": ["clay", "loam"]}, {"space": "bed", "soil": "clay loam"}, "You said: soil that sticks."),
        ({"any": [{"space": "bed"}, {"rain": "no"}]}, {"space": "balcony", "rain": "no"}, "You said: no rain barrel."),
        ({"not": {"space": "bed"}}, {"space": "balcony"}, "You said: a balcony."),
        ({"not": {"soil": "clay"}}, {"space": "balcony"}, "You said: a balcony."),
        ({"visitors": "mice"}, {"visitors": "mice slugs"}, "You said: mice."),
        ({"visitors": ["mice", "slugs"]}, {"visitors": "slugs"}, "You said: slugs."),
        ({"not": {"visitors": "mice"}}, {"visitors": "slugs"}, "You did not name: mice."),
        ({"not": {"visitors": ["mice", "aphids"]}}, {"visitors": "slugs"}, "You did not name: aphids or mice."),
        ({"any": [{"space": "bed"}, {"not": {"space": "balcony"}}]}, {"space": "bed"}, "You said: a garden bed."),
    ],
)
def test_what_applies_repeats_what_was_said(toy: Guide, when: object, answers: dict[str, str], sentence: str) -> None:
    assert why(toy, when, **answers) == [sentence]


def test_several_things_that_are_there_are_joined_by_and(toy: Guide) -> None:
    assert why(toy, {"visitors": ["mice", "slugs"]}, visitors="mice slugs") == ["You said: slugs and mice."]


@pytest.mark.parametrize(
    ("when", "answers", "sentences"),
    [
        ({"space": "bed"}, {"space": "balcony"}, ["This is for: a garden bed. You said: a balcony."]),
        ({"space": ["bed", "meadow"]}, {"space": "balcony"}, ["This is for: a garden bed or a meadow. You said: a balcony."]),
        ({"soil": "sand"}, {"soil": "clay loam"}, ["This is for: sandy soil. You said: soil that sticks."]),
        ({"soil": "sand"}, {"space": "balcony"}, ["This is for: a garden bed. You said: a balcony."]),
        ({"not": {"space": "bed"}}, {"space": "bed"}, ["This is not for: a garden bed. You said: a garden bed."]),
        ({"visitors": "mice"}, {"visitors": "slugs"}, ["This is for: mice. You did not name it."]),
        ({"visitors": ["mice", "slugs"]}, {"visitors": "nobody"}, ["This is for: slugs or mice. You did not name any of these."]),
        ({"not": {"visitors": ["mice", "slugs"]}}, {"visitors": "mice"}, ["This is not for: slugs or mice. You said: mice."]),
        (
            {"space": "bed", "rain": "no"},
            {"space": "balcony", "rain": "yes"},
            ["This is for: a garden bed. You said: a balcony.", "This is for: no rain barrel. You said: a rain barrel."],
        ),
        ({"space": "bed", "rain": "no"}, {"rain": "yes"}, ["This is for: no rain barrel. You said: a rain barrel."]),
        (
            {"any": [{"space": "bed"}, {"visitors": "mice"}]},
            {"space": "balcony", "visitors": "nobody"},
            ["This is for: a garden bed. You said: a balcony.", "This is for: mice. You did not name it."],
        ),
    ],
)
def test_what_does_not_apply_says_for_whom_it_is(toy: Guide, when: object, answers: dict[str, str], sentences: list[str]) -> None:
    assert why(toy, when, **answers) == sentences


@pytest.mark.parametrize(
    ("when", "answers", "sentence"),
    [
        ({"space": "bed"}, {}, "It depends on where you grow things."),
        ({"space": "bed"}, {"space": "bed meadow"}, "It depends on where you grow things."),
        ({"not": {"visitors": "mice"}}, {}, "It depends on who visits your garden."),
        ({"soil": "clay"}, {}, "It depends on where you grow things."),
        ({"soil": "clay"}, {"space": "bed"}, "It depends on your kind of soil."),
        ({"soil": "clay"}, {"space": "bed", "soil": "clay loam"}, "It depends on your kind of soil."),
        ({"rain": "no", "space": "bed"}, {}, "It depends on where you grow things and whether you collect rain."),
        ({"rain": "no", "space": "bed"}, {"rain": "no"}, "It depends on where you grow things."),
        (
            {"rain": "no", "visitors": "mice", "space": "bed"},
            {},
            "It depends on where you grow things, who visits your garden and whether you collect rain.",
        ),
    ],
)
def test_what_is_open_names_what_it_depends_on_in_the_order_of_the_questions(
    toy: Guide, when: object, answers: dict[str, str], sentence: str
) -> None:
    assert why(toy, when, **answers) == [sentence]
