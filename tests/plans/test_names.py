"""Names of treatments: offered, and recognised with a typo in them."""

from __future__ import annotations

import pytest

from guide.content.documents import Guide, PlanNames
from guide.plans.names import Names, meant, names

SHED = PlanNames("shed", ("treatment", "supportive"))


@pytest.fixture
def shed(toy: Guide) -> Names:
    return names(toy, SHED)


def test_titles_and_brands_are_offered_each_with_the_other(shed: Names) -> None:
    assert shed.offered == (
        "Black Gold (compost)", "compost (Black Gold)", "mulch", "netting", "Old Heap (compost)", "Worm Joy (compost)",
    )  # fmt: skip


def test_some_kinds_and_some_treatments_are_left_out(toy: Guide) -> None:
    assert names(toy, PlanNames("none", ("test",))).offered == ()
    assert "netting" in names(toy, SHED).offered
    assert "netting" not in names(toy, PlanNames("shed", SHED.kinds, ("netting",))).offered


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mulch",
        "Mulch",
        "WORM JOY",
        "compost, Black Gold",
        "mulch 3 cm deep",
        "compost and mulch",
        "beans",
        "nets",
        "moist",
        "a very long text about nothing",
    ],
)
def test_what_is_known_or_far_from_known_is_left_alone(shed: Names, text: str) -> None:
    assert meant(text, shed) is None


@pytest.mark.parametrize(
    ("text", "name", "whole"),
    [
        ("Blak Gold", "Black Gold (compost)", "Black Gold (compost)"),
        ("wrom joy", "Worm Joy (compost)", "Worm Joy (compost)"),
        ("compst", "compost (Black Gold)", "compost (Black Gold)"),
        ("Copmost", "compost (Black Gold)", "compost (Black Gold)"),
        ("mulch + compst", "compost (Black Gold)", "mulch + compost (Black Gold)"),
        ("compst, 2 buckets", "compost (Black Gold)", "compost (Black Gold), 2 buckets"),
        ("fine neting from Ann", "netting", "fine netting from Ann"),
        ("netting and mulsh", "mulch", "netting and mulch"),
    ],
)
def test_a_typo_leads_to_the_name_and_the_rest_of_the_text_stays(shed: Names, text: str, name: str, whole: str) -> None:
    found = meant(text, shed)
    assert found
    assert (found.name, found.text) == (name, whole)
