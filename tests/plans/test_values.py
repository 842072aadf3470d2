"""What stands in a plan: cleaning, forms, merging, settling, advice."""

from __future__ import annotations

import datetime
import json
import unicodedata
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.content.documents import Guide, PlanGroup
from guide.plans.values import (
    MOST_REMOVED,
    Contents,
    Removed,
    Row,
    Value,
    Verb,
    clean,
    fingerprint,
    fingerprints,
    forget_removed,
    from_form,
    merge,
    moved,
    put_back,
    rows_from_form,
    settle,
    with_removed,
    without_old_removed,
)

NOW = datetime.datetime(2026, 3, 15, 10, 42, tzinfo=datetime.UTC)


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
    before = with_removed(before, removed("slugs"))
    assert Contents.from_json(json.loads(json.dumps(before.to_json()))) == before


def test_plans_of_before_removed_rows_were_kept_are_read() -> None:
    assert Contents.from_json({"values": {"garden": {"name": "Eden"}}, "kept": {}}) == Contents().with_value("garden", "name", "Eden")


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
    found = settle(clash, ground, ground.field("soil"), fingerprint("loam"), "use")
    assert (found.get("ground", "soil"), found.kept) == ("loam", {"ground.soil": ["clay", "sand"]})


def test_a_kept_text_that_is_dropped_is_gone(ground: PlanGroup, clash: Contents) -> None:
    found = settle(clash, ground, ground.field("soil"), fingerprint("clay"), "drop")
    assert (found.get("ground", "soil"), found.kept) == ("sand", {"ground.soil": ["loam"]})


def test_with_the_last_kept_text_the_field_is_settled(ground: PlanGroup, clash: Contents) -> None:
    once = settle(clash, ground, ground.field("soil"), fingerprint("loam"), "drop")
    assert settle(once, ground, ground.field("soil"), fingerprint("clay"), "drop").kept == {}


def test_an_empty_field_leaves_no_kept_text_behind(ground: PlanGroup) -> None:
    found = settle(Contents().with_kept("ground.soil", ["loam"]), ground, ground.field("soil"), fingerprint("loam"), "use")
    assert (found.get("ground", "soil"), found.kept) == ("loam", {})


@pytest.mark.parametrize("mark", ["", "0", "moon", fingerprint("sand")])
@pytest.mark.parametrize("verb", ["use", "join", "drop"])
def test_a_kept_text_that_is_not_there_changes_nothing(ground: PlanGroup, clash: Contents, mark: str, verb: Verb) -> None:
    assert settle(clash, ground, ground.field("soil"), mark, verb) == clash


@pytest.mark.parametrize(
    ("field", "present", "other", "both"),
    [
        ("more", "Steep.", "Wet.", "Steep.\nWet."),
        ("more", "", "Wet.", "Wet."),
        ("visitors", [{"visitor": "mice"}], [{"visitor": "slugs"}, {"visitor": "mice"}], [{"visitor": "mice"}, {"visitor": "slugs"}]),
        ("visitors", [], [{"visitor": "slugs"}], [{"visitor": "slugs"}]),
        ("soil", "clay", "sand", "clay"),
    ],
)
def test_both_texts_can_stand_together(ground: PlanGroup, field: str, present: Value, other: Value, both: Value) -> None:
    contents = Contents().with_value("ground", field, present) if present else Contents()
    found = settle(contents.with_kept(f"ground.{field}", [other]), ground, ground.field(field), fingerprint(other), "join")
    assert (found.get("ground", field), found.kept) == (both, {})


# Rows


ROWS: list[Row] = [{"visitor": "slugs"}, {"visitor": "mice"}, {"visitor": "aphids"}]


def test_rows_keep_the_numbers_of_the_form_also_where_one_is_empty(ground: PlanGroup) -> None:
    posted = {"visitors-0-visitor": ["slugs"], "visitors-3-visitor": [""], "visitors-7-visitor": ["mice"]}
    found = rows_from_form(ground.field("visitors"), lambda name: posted.get(name, []), frozenset(posted))
    assert found == [(0, {"visitor": "slugs"}), (3, {}), (7, {"visitor": "mice"})]


@pytest.mark.parametrize(
    ("at", "by", "order"),
    [(0, 1, "mice slugs aphids"), (2, -1, "slugs aphids mice"), (1, -1, "mice slugs aphids"), (0, -1, "slugs mice aphids"), (2, 1, "slugs mice aphids"), (9, 1, "slugs mice aphids"), (-1, 1, "slugs mice aphids")],
)  # fmt: skip
def test_a_row_moves_by_one_and_stays_at_an_end(at: int, by: int, order: str) -> None:
    assert [row["visitor"] for row in moved(ROWS, at, by)] == order.split()


def removed(name: str, at: int = 0, when: datetime.datetime = NOW) -> Removed:
    return Removed("ground.visitors", at, {"visitor": name}, when.isoformat())


@pytest.mark.parametrize(("at", "order"), [(0, "mice slugs"), (1, "slugs mice"), (9, "slugs mice")])
def test_a_removed_row_comes_back_to_where_it_was(ground: PlanGroup, at: int, order: str) -> None:
    before = with_removed(Contents().with_value("ground", "visitors", ROWS[:1]), removed("mice", at))
    found = put_back(before, ground, ground.field("visitors"), before.removed[0].mark)
    assert found.get("ground", "visitors") == [{"visitor": name} for name in order.split()]
    assert found.removed == ()


def test_a_removed_row_waits_where_there_is_no_room(ground: PlanGroup) -> None:
    full = with_removed(Contents().with_value("ground", "visitors", ROWS), removed("mice"))
    assert put_back(full, ground, ground.field("visitors"), full.removed[0].mark) == full


def test_only_a_removed_row_of_the_field_itself_comes_back(ground: PlanGroup, garden: PlanGroup) -> None:
    contents = with_removed(Contents(), removed("mice"))
    assert put_back(contents, ground, ground.field("visitors"), "moon") == contents
    assert put_back(contents, garden, garden.field("name"), contents.removed[0].mark) == contents


def test_a_few_removed_rows_are_kept_for_a_day() -> None:
    contents = Contents()
    for number in range(MOST_REMOVED + 2):
        contents = with_removed(contents, removed(f"mouse {number}", when=NOW - datetime.timedelta(hours=30 - 5 * number)))
    assert [one.row["visitor"] for one in contents.removed] == [f"mouse {number}" for number in range(2, MOST_REMOVED + 2)]
    young = without_old_removed(contents, NOW)
    assert young == contents
    later = without_old_removed(contents, NOW + datetime.timedelta(hours=10))
    assert [one.row["visitor"] for one in later.removed] == ["mouse 4", "mouse 5", "mouse 6"]


def test_a_removed_row_can_be_let_go_for_good() -> None:
    contents = with_removed(with_removed(Contents(), removed("mice")), removed("slugs"))
    assert [one.row["visitor"] for one in forget_removed(contents, contents.removed[0].mark).removed] == ["slugs"]


def test_rows_removed_alike_at_different_times_are_told_apart() -> None:
    assert removed("mice").mark != removed("mice", when=NOW + datetime.timedelta(seconds=1)).mark
