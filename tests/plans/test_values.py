"""What stands in a plan: cleaning, forms, merging, settling, advice."""

from __future__ import annotations

import datetime
import unicodedata
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guide.content.documents import Guide, PlanField, PlanGroup
from guide.plans.values import Contents, Row, Value, advice, clean, fingerprint, fingerprints, from_form, merge, settle

TODAY = datetime.date(2026, 3, 15)


# Clean text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  beans \n", "beans"),
        ("one\r\ntwo\rthree\nfour", "one\ntwo\nthree\nfour"),
        ("a\tb", "a\tb"),
        ("a\x00b\x07c\x7fd\x85e", "abcde"),
        ("a\u2028b\u2029c\ufeffd", "abcd"),
        ("Beete fu\u0308r Ro\u0308mer", "Beete für Römer"),
        ("\u200bbeans", "\u200bbeans"),
        ("“beans” – 🌱 <b>", "“beans” – 🌱 <b>"),
        ("", ""),
        (" \r\n\t ", ""),
    ],
)
def test_text_is_kept_without_control_characters_and_trimmed(typed: str, kept: str) -> None:
    assert clean(typed) == kept


LETTERS = st.sampled_from(list("ab \n\r\t\x00\x01\x0b\x85\u2028\ufeffeé\u0301\u0308u가각ﬁ🌱"))


@given(st.one_of(st.text(), st.lists(LETTERS).map("".join)))
@settings(max_examples=300, deadline=None)
def test_cleaning_twice_changes_nothing_more(typed: str) -> None:
    once = clean(typed)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert once == once.strip() and "\r" not in once


# Forms


class Form:
    """A posted form, as a view would hand it over."""

    def __init__(self, posted: Mapping[str, list[str]]) -> None:
        self.posted = posted

    def values(self, group: PlanGroup) -> dict[str, Value]:
        return from_form(group, lambda name: self.posted.get(name, []), frozenset(self.posted))


@pytest.fixture
def garden(toy: Guide) -> PlanGroup:
    return toy.group("my-garden")


@pytest.fixture
def ground(toy: Guide) -> PlanGroup:
    return toy.group("my-ground")


def test_an_empty_form_makes_empty_values(garden: PlanGroup, ground: PlanGroup) -> None:
    assert Form({}).values(garden) == {"name": "", "begun": "", "next_sowing": "", "barrel": "", "liters": "", "beds": "", "tools": []}
    assert Form({}).values(ground) == {"space": "", "soil": "", "visitors": [], "more": ""}


def test_values_are_cleaned_and_unknown_inputs_are_left_out(garden: PlanGroup) -> None:
    found = Form({"name": [" Eden\r\n"], "beds": ["a few"], "moon": ["full"]}).values(garden)
    assert (found["name"], found["beds"]) == ("Eden", "a few")
    assert "moon" not in found


def test_of_two_values_for_one_field_the_last_counts(garden: PlanGroup) -> None:
    assert Form({"barrel": ["", "yes"]}).values(garden)["barrel"] == "yes"


def test_several_choices_are_kept_once_each_also_those_of_an_older_form(garden: PlanGroup) -> None:
    assert Form({"tools": ["spade", "moon", "can", "can", ""]}).values(garden)["tools"] == ["spade", "moon", "can"]


def test_rows_are_read_in_the_order_of_their_numbers_without_empty_ones(ground: PlanGroup) -> None:
    posted = {
        "visitors-10-visitor": ["mice"],
        "visitors-2-visitor": ["slugs"],
        "visitors-2-seen": [" 2026-02 "],
        "visitors-2-likes": ["can"],
        "visitors-5-visitor": [""],
        "visitors-5-seen": ["  "],
        "visitors-x-visitor": ["aphids"],
        "others-1-visitor": ["aphids"],
    }
    assert Form(posted).values(ground)["visitors"] == [{"visitor": "slugs", "seen": "2026-02", "likes": ["can"]}, {"visitor": "mice"}]


def test_no_more_rows_are_kept_than_there_may_be(ground: PlanGroup) -> None:
    posted = {f"visitors-{number}-seen": [str(2020 + number)] for number in range(6)}
    assert Form(posted).values(ground)["visitors"] == [{"seen": "2020"}, {"seen": "2021"}, {"seen": "2022"}]


def test_empty_rows_do_not_push_out_a_filled_one(ground: PlanGroup) -> None:
    posted = {f"visitors-{number}-seen": [""] for number in range(4)} | {"visitors-4-seen": ["2024"]}
    assert Form(posted).values(ground)["visitors"] == [{"seen": "2024"}]


# Contents


def test_a_value_that_is_not_there_is_empty() -> None:
    assert Contents().get("garden", "name") == ""


def test_changing_a_value_leaves_the_rest_and_the_old_contents_alone() -> None:
    before = Contents().with_value("garden", "name", "Eden").with_value("ground", "soil", "clay")
    after = before.with_value("garden", "name", "Arcadia")
    assert (before.get("garden", "name"), after.get("garden", "name"), after.get("ground", "soil")) == ("Eden", "Arcadia", "clay")


@pytest.mark.parametrize("empty", ["", []])
def test_an_empty_value_is_removed(empty: Value) -> None:
    assert Contents().with_value("garden", "name", "Eden").with_value("garden", "name", empty).values == {"garden": {}}


def test_contents_come_back_from_plain_data() -> None:
    rows: list[Row] = [{"visitor": "mice", "likes": ["can"]}]
    before = Contents().with_value("ground", "visitors", rows).with_kept("ground.soil", ["clay"])
    assert Contents.from_json(before.to_json()) == before


def test_kept_texts_are_removed_with_the_last_of_them() -> None:
    contents = Contents().with_kept("ground.soil", ["clay"]).with_kept("ground.more", ["wet"])
    assert contents.with_kept("ground.soil", []).kept == {"ground.more": ["wet"]}


# Fingerprints


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("clay", "clay", True),
        ("clay", "Clay", False),
        ("", [], True),
        (["a", "b"], ["b", "a"], False),
        ([{"a": "1", "b": "2"}], [{"b": "2", "a": "1"}], True),
        ("a", ["a"], False),
    ],
)
def test_fingerprints_are_the_same_exactly_for_the_same_values(one: Value, other: Value, same: bool) -> None:
    assert (fingerprint(one) == fingerprint(other)) is same


def test_a_window_starts_from_a_mark_of_each_field(garden: PlanGroup) -> None:
    found = fingerprints(garden, Contents().with_value("garden", "name", "Eden"))
    assert set(found) == {field.key for field in garden.fields}
    assert found["name"] == fingerprint("Eden") and found["beds"] == fingerprint("")


# Merging


def posted(group: PlanGroup, **values: Value) -> dict[str, Value]:
    return {field.key: values.get(field.key, "") for field in group.fields}


@pytest.mark.parametrize(
    ("base", "stored", "mine", "expected", "kept"),
    [
        ("clay", "clay", "clay", "clay", []),
        ("clay", "clay", "sand", "sand", []),
        ("clay", "loam", "clay", "loam", []),
        ("clay", "sand", "sand", "sand", []),
        ("clay", "loam", "sand", "sand", ["loam"]),
        ("", "", "sand", "sand", []),
        ("", "loam", "", "loam", []),
        ("", "loam", "sand", "sand", ["loam"]),
        ("clay", "clay", "", "", []),
        ("clay", "", "clay", "", []),
        ("clay", "", "sand", "sand", []),
        ("clay", "loam", "", "", ["loam"]),
    ],
    ids=["nobody", "mine only", "theirs only", "both the same", "both", "mine new", "theirs new", "both new", "I emptied", "they emptied", "they emptied, I changed", "they changed, I emptied"],
)  # fmt: skip
def test_two_windows_come_together(ground: PlanGroup, base: str, stored: str, mine: str, expected: str, kept: list[str]) -> None:
    started_from = fingerprints(ground, Contents().with_value("ground", "soil", base))
    contents = Contents().with_value("ground", "soil", stored)
    merged, clashes = merge(contents, ground, posted(ground, soil=mine), started_from)
    assert merged.get("ground", "soil") == expected
    assert merged.kept == ({"ground.soil": kept} if kept else {})
    assert [field.key for field in clashes] == (["soil"] if kept else [])


def test_fields_are_merged_each_by_itself(ground: PlanGroup) -> None:
    start = Contents().with_value("ground", "soil", "clay").with_value("ground", "more", "wet")
    theirs = start.with_value("ground", "soil", "loam")
    merged, clashes = merge(theirs, ground, posted(ground, soil="clay", more="dry"), fingerprints(ground, start))
    assert (merged.get("ground", "soil"), merged.get("ground", "more"), clashes) == ("loam", "dry", [])


def test_rows_are_merged_as_a_whole(ground: PlanGroup) -> None:
    mine: list[Row] = [{"visitor": "mice"}]
    other: list[Row] = [{"visitor": "slugs"}]
    theirs = Contents().with_value("ground", "visitors", other)
    merged, clashes = merge(theirs, ground, posted(ground, visitors=mine), fingerprints(ground, Contents()))
    assert merged.get("ground", "visitors") == mine
    assert merged.kept == {"ground.visitors": [other]}
    assert [field.key for field in clashes] == ["visitors"]


def test_texts_that_were_kept_before_stay(ground: PlanGroup) -> None:
    contents = Contents().with_value("ground", "soil", "loam").with_kept("ground.soil", ["sticky"])
    merged, _ = merge(contents, ground, posted(ground, soil="sand"), fingerprints(ground, Contents()))
    assert merged.kept == {"ground.soil": ["sticky", "loam"]}


def test_other_groups_are_left_alone(ground: PlanGroup) -> None:
    contents = Contents().with_value("garden", "name", "Eden")
    merged, _ = merge(contents, ground, posted(ground, soil="sand"), fingerprints(ground, contents))
    assert merged.get("garden", "name") == "Eden"


WORDS = st.sampled_from(["", "clay", "loam", "sand"])


@given(base=WORDS, theirs=WORDS, mine=WORDS)
@settings(max_examples=100, deadline=None)
def test_nothing_that_anybody_changed_is_ever_lost(toy: Guide, base: str, theirs: str, mine: str) -> None:
    group = toy.group("my-ground")
    started_from = fingerprints(group, Contents().with_value("ground", "soil", base))
    merged, _ = merge(Contents().with_value("ground", "soil", theirs), group, posted(group, soil=mine), started_from)
    there = [merged.get("ground", "soil"), *merged.kept.get("ground.soil", [])]
    assert mine == base or mine in there
    assert theirs in (base, "") or theirs in there


# Settling


@pytest.fixture
def clash() -> Contents:
    return Contents().with_value("ground", "soil", "sand").with_kept("ground.soil", ["loam", "clay"])


def test_a_kept_text_that_is_used_changes_places_with_the_field(ground: PlanGroup, clash: Contents) -> None:
    found = settle(clash, ground, ground.field("soil"), 0, use=True)
    assert (found.get("ground", "soil"), found.kept) == ("loam", {"ground.soil": ["clay", "sand"]})


def test_a_kept_text_that_is_dropped_is_gone(ground: PlanGroup, clash: Contents) -> None:
    found = settle(clash, ground, ground.field("soil"), 1, use=False)
    assert (found.get("ground", "soil"), found.kept) == ("sand", {"ground.soil": ["loam"]})


def test_with_the_last_kept_text_the_field_is_settled(ground: PlanGroup, clash: Contents) -> None:
    once = settle(clash, ground, ground.field("soil"), 0, use=False)
    assert settle(once, ground, ground.field("soil"), 0, use=False).kept == {}


def test_an_empty_field_leaves_no_kept_text_behind(ground: PlanGroup) -> None:
    found = settle(Contents().with_kept("ground.soil", ["loam"]), ground, ground.field("soil"), 0, use=True)
    assert (found.get("ground", "soil"), found.kept) == ("loam", {})


@pytest.mark.parametrize("number", [-1, 2, 99])
@pytest.mark.parametrize("use", [True, False])
def test_a_kept_text_that_is_not_there_changes_nothing(ground: PlanGroup, clash: Contents, number: int, use: bool) -> None:
    assert settle(clash, ground, ground.field("soil"), number, use=use) == clash


# Advice


def field_of(toy: Guide, name: str) -> PlanField:
    group, key = name.split(".")
    return toy.group({"garden": "my-garden", "ground": "my-ground"}[group]).field(key)


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("garden.name", ""),
        ("garden.name", "x" * 20),
        ("garden.begun", "2024"),
        ("garden.begun", "2024-02"),
        ("garden.begun", "2024-2-9"),
        ("garden.begun", "2024-02-29"),
        ("garden.begun", "2026-03-15"),
        ("garden.begun", "2026"),
        ("garden.next_sowing", "2031-04"),
        ("garden.beds", "6"),
        ("garden.liters", "30"),
        ("garden.liters", "1.8"),
        ("garden.liters", "1,8"),
        ("ground.soil", "anything at all"),
        ("ground.more", "x" * 300),
    ],
)
def test_what_looks_right_gets_no_advice(toy: Guide, field: str, text: str) -> None:
    assert advice(field_of(toy, field), text, TODAY) == ""


@pytest.mark.parametrize(
    ("field", "text", "start"),
    [
        ("garden.name", "x" * 21, "This is longer than the paper has room for (21 letters, 20 fit)."),
        ("ground.more", "x" * 301, "This is longer than the paper has room for (301 letters, 300 fit)."),
        ("garden.begun", "spring", "Write a year, a month or a day"),
        ("garden.begun", "2023-02-29", "Write a year, a month or a day"),
        ("garden.begun", "2024-13", "Write a year, a month or a day"),
        ("garden.begun", "2024-00", "Write a year, a month or a day"),
        ("garden.begun", "0000", "Write a year, a month or a day"),
        ("garden.begun", "15.3.2024", "Write a year, a month or a day"),
        ("garden.begun", "1024", "Is the year right?"),
        ("garden.begun", "2026-03-16", "This day is still to come."),
        ("garden.begun", "2027", "This day is still to come."),
        ("garden.next_sowing", "1831-04", "Is the year right?"),
        ("garden.beds", "a few", "This is usually a whole number"),
        ("garden.beds", "-1", "This is usually a whole number"),
        ("garden.beds", "1.5", "This is usually a whole number"),
        ("garden.liters", "about 30", "This is usually a number"),
        ("garden.liters", "1.", "This is usually a number"),
    ],
)
def test_what_looks_odd_gets_advice_and_is_saved_all_the_same(toy: Guide, field: str, text: str, start: str) -> None:
    found = advice(field_of(toy, field), text, TODAY)
    assert found.startswith(start)
    assert "saved" in found
