"""A plan to take along: nothing lost on the way out, nothing harmful on the way in."""

from __future__ import annotations

import datetime
import json
from typing import Any

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from guide.content.documents import Guide
from guide.content.files import read_files
from guide.plans.takeaway import LARGEST, NEWER, NOT_A_PLAN, TOO_LARGE, NotAPlanError, as_json, as_text, load
from guide.plans.values import Contents
from tests.conftest import TOY
from tests.django_fixtures import loaded
from tests.plans.contents import FULL, any_contents

DAY = datetime.date(2026, 11, 26)
EDEN: dict[str, dict[str, Any]] = {
    "garden": {"name": "Eden", "begun": "2024-3", "tools": ["spade", "can"]},
    "ground": {"soil": "not_sure", "visitors": [{"visitor": "slugs", "seen": "2025"}, {"likes": ["can"]}], "more": "wet\ncorner"},
}


def real_guide() -> Guide:
    return loaded(read_files(settings.CONTENT_DIR))


@pytest.fixture(scope="module")
def real() -> Guide:
    return real_guide()


def file(values: object, **changes: object) -> bytes:
    """A file that was saved here, with some of it changed."""
    return json.dumps({"format": "treatment-plan", "version": 1, "values": values, "kept": {}, **changes}).encode()


def saved(guide: Guide, contents: Contents) -> bytes:
    return json.dumps(as_json(guide, contents, 3, DAY), ensure_ascii=False, indent=1).encode()


# Out


def test_the_copy_says_what_it_is_and_has_the_labels_beside(toy: Guide) -> None:
    data = as_json(toy, Contents(EDEN, {"ground.soil": ["clay"]}), 3, DAY)
    assert (data["format"], data["version"], data["edition"], data["saved"]) == ("treatment-plan", 1, 3, "2026-11-26")
    assert data["values"] == EDEN
    assert data["kept"] == {"ground.soil": ["clay"]}
    assert data["labels"]["ground"] == "My ground"
    assert data["labels"]["ground.visitors.seen"] == "First seen"
    assert "fence" not in data["labels"] and "garden.beds" not in data["labels"]


def test_the_text_holds_everything_by_group(toy: Guide) -> None:
    text = as_text(toy, Contents(EDEN, {"ground.soil": ["clay"]}), DAY)
    assert text.startswith("My treatment plan, 26 November 2026\n")
    assert "MY GARDEN\n---------\nName of the garden: Eden\nWhen it was begun: 2024-3\nTools: Spade, Watering can\n" in text
    assert "Visitors:\n  - Slugs; First seen: 2025\n  - Likes: Watering can\n" in text
    assert "More about my ground:\n  - wet\n    corner\n" in text
    assert text.endswith("Also typed, in another window: Soil: Clay\n")
    assert "OVER THE FENCE" not in text


def test_the_text_has_also_what_is_not_printed(real: Guide) -> None:
    text = as_text(real, Contents(FULL), DAY)
    for words in ("Costs we talked about: copay", "What the team expects: good months", "Answer: A scan", "Hospital record number: 12-345"):
        assert words in text


# Back


@given(data=st.data())
def test_what_was_saved_comes_back_as_it_was(data: st.DataObject) -> None:
    real = real_guide()  # no fixture: a guide is too much to be printed with an example
    contents = data.draw(any_contents(real))
    back = load(saved(real, contents), real)
    assert back.left_out == () and back.more == 0
    assert back.contents == Contents({group: fields for group, fields in contents.values.items() if fields}, contents.kept)


def test_a_full_plan_comes_back(real: Guide) -> None:
    assert load(saved(real, Contents(FULL)), real).contents == Contents(FULL)


def test_a_file_with_a_byte_order_mark_is_read(toy: Guide) -> None:
    assert load(b"\xef\xbb\xbf" + file(EDEN), toy).contents == Contents(EDEN)


@pytest.mark.parametrize(
    ("values", "kept", "left_out"),
    [
        ({"moon": {"a": "b"}}, {}, ["moon"]),
        ({"garden": {"moon": "x", "name": "Eden"}}, {"garden": {"name": "Eden"}}, ["My garden: moon"]),
        ({"ground": {"soil": "cheese"}}, {}, ["My ground: Soil: cheese"]),
        ({"garden": {"tools": ["spade", "spade", "axe"]}}, {"garden": {"tools": ["spade"]}}, ["My garden: Tools: axe"]),
        ({"garden": {"tools": "spade"}}, {"garden": {"tools": ["spade"]}}, []),
        ({"garden": {"name": ["Eden"]}}, {}, ["My garden: Name of the garden"]),
        (
            {"garden": {"name": None, "beds": 3, "liters": 1.5}},
            {"garden": {"beds": "3", "liters": "1.5"}},
            ["My garden: Name of the garden"],
        ),
        ({"garden": {"name": True}}, {}, ["My garden: Name of the garden"]),
        ({"garden": {"name": {"deep": 1}}}, {}, ["My garden: Name of the garden"]),
        ({"garden": []}, {}, ["My garden"]),
        ({"ground": {"visitors": {"0": {}}}}, {}, ["My ground: Visitors"]),
        (
            {"ground": {"visitors": ["x", {"moon": 1, "seen": "2024"}, {}]}},
            {"ground": {"visitors": [{"seen": "2024"}]}},
            ["My ground: Visitors", "My ground: Visitors: moon"],
        ),
        (
            {"ground": {"visitors": [{"seen": str(year)} for year in range(2020, 2025)]}},
            {"ground": {"visitors": [{"seen": "2020"}, {"seen": "2021"}, {"seen": "2022"}]}},
            ["My ground: Visitors: rows after the first 3"],
        ),
        ({"garden": {"name": "  a\x00b\r\n\u2028 "}}, {"garden": {"name": "ab"}}, []),
        ({"garden": {"name": "half \ud800 a letter"}}, {"garden": {"name": "half � a letter"}}, []),
        ({"\ud800\n" + "x" * 100: {}}, {}, ["� " + "x" * 58 + "…"]),
        ({"garden": {"name": ""}}, {}, []),
    ],
)
def test_what_has_no_place_is_left_out_and_named(toy: Guide, values: Any, kept: Any, left_out: list[str]) -> None:
    back = load(file(values), toy)
    assert {group: fields for group, fields in back.contents.values.items() if fields} == kept
    assert list(back.left_out) == left_out
    json.dumps(back.contents.to_json(), ensure_ascii=False).encode()  # it can be sealed


def test_many_names_are_counted(toy: Guide) -> None:
    back = load(file({f"moon-{number}": {} for number in range(5_000)}), toy)
    assert (len(back.left_out), back.more) == (20, 4_980)


def test_texts_to_settle_are_read_as_carefully(toy: Guide) -> None:
    kept = {
        "garden.name": ["a", 3, None, ""],
        "moon.name": ["x"],
        "ground.soil": "clay",
        "garden.beds": [str(number) for number in range(9)],
    }
    back = load(file({}, kept=kept), toy)
    assert back.contents.kept == {"garden.name": ["a", "3"], "garden.beds": ["4", "5", "6", "7", "8"]}
    assert list(back.left_out) == ["My garden: Name of the garden", "moon: name"]


@pytest.mark.parametrize("kept", [None, [], "x", 3, {"x": {}}])
def test_a_file_without_texts_to_settle_is_read_too(toy: Guide, kept: object) -> None:
    assert load(file(EDEN, kept=kept), toy).contents == Contents(EDEN)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", NOT_A_PLAN),
        (b"\xff\xfe\x00", NOT_A_PLAN),
        (b"PK\x03\x04", NOT_A_PLAN),
        (b"[1, 2]", NOT_A_PLAN),
        (b'"treatment-plan"', NOT_A_PLAN),
        (b"{}", NOT_A_PLAN),
        (b'{"resourceType": "Bundle"}', NOT_A_PLAN),
        (b"[" * 500_000, NOT_A_PLAN),
        (b'{"a":' * 100_000, NOT_A_PLAN),
        (b"9" * 10_000, NOT_A_PLAN),
        (file({}, format="recipe"), NOT_A_PLAN),
        (file({}, format=[]), NOT_A_PLAN),
        (file([]), NOT_A_PLAN),
        (file({}, version=2), NEWER),
        (file({}, version=None), NEWER),
        (b" " * (LARGEST + 1), TOO_LARGE),
    ],
)
def test_another_file_gets_one_plain_message(toy: Guide, data: bytes, message: str) -> None:
    with pytest.raises(NotAPlanError, match=message.split(".")[0]):
        load(data, toy)


ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5) | st.sampled_from(["clay", "spade", "2024"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["garden", "ground", "name", "soil", "tools", "visitors", "seen", "likes", "x"]), inner)
    ),
    max_leaves=20,
)


@given(values=st.dictionaries(st.sampled_from(["garden", "ground", "fence", "x"]), ANY_JSON), kept=ANY_JSON)
def test_whatever_shape_a_file_has_a_plan_that_the_form_can_hold_comes_out(values: Any, kept: Any) -> None:
    toy = loaded(read_files(TOY))
    back = load(file(values, kept=kept), toy)
    again = load(saved(toy, back.contents), toy)
    assert again.contents.values == {group: fields for group, fields in back.contents.values.items() if fields}
    assert again.contents.kept == back.contents.kept
    assert again.left_out == ()
