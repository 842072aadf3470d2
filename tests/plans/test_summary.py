"""A plan in words: the one place from which screen and paper are made."""

from __future__ import annotations

from dataclasses import replace

from guide.content.documents import Guide, PlanField
from guide.plans.summary import Box, Line, Rows, boxes, filled, in_words, row_in_words
from guide.plans.values import Contents, Row, Value


def contents(**groups: dict[str, Value]) -> Contents:
    return Contents(groups)


def visitors(guide: Guide) -> PlanField:
    return guide.group("my-ground").field("visitors")


def test_an_empty_plan_has_no_boxes(toy: Guide) -> None:
    assert boxes(toy, Contents()) == []


def test_boxes_and_their_lines_stand_in_the_order_of_paper_and_form(toy: Guide) -> None:
    rows: list[Row] = [{"q": "Why?", "a": "Thus."}]
    found = boxes(
        toy,
        contents(
            fence={"questions": rows},
            ground={"more": "Steep.", "soil": "clay", "space": "bed"},
            garden={"barrel": "yes", "name": "Wild corner"},
        ),
    )
    front = (
        Line("Name of the garden", "Wild corner", 1),
        Line("Rain barrel", "Yes", 2),
        Line("Where", "Bed", 2),
        Line("Soil", "Clay", 1),
        Line("More about my ground", "Steep.", 2),
    )
    back = (Rows("Questions for my neighbor", ("Why?; Answer: Thus.",), 0, 2),)
    assert found == [Box("front", 1, "My garden", front), Box("back", 2, "Questions over the fence", back)]


def test_what_is_not_for_paper_is_left_out(toy: Guide) -> None:
    assert boxes(toy, contents(garden={"beds": "6", "tools": ["rake"]})) == []


def test_what_the_form_no_longer_asks_is_left_out(toy: Guide) -> None:
    assert boxes(toy, contents(garden={"moon": "full"}, moon={"name": "Luna"})) == []


def test_more_rows_than_paper_has_room_for_are_counted(toy: Guide) -> None:
    rows: list[Row] = [{"visitor": "slugs"}, {"visitor": "mice"}, {"visitor": "aphids"}]
    (box,) = boxes(toy, contents(ground={"visitors": rows}))
    assert box.entries == (Rows("Visitors", ("Slugs", "Mice"), 1, 2),)


def test_a_row_leads_with_its_first_column_and_names_the_others(toy: Guide) -> None:
    field = visitors(toy)
    assert (
        row_in_words(field, {"visitor": "slugs", "seen": "2020", "likes": ["rake", "can"]})
        == "Slugs; First seen: 2020; Likes: Rake, Watering can"
    )
    assert row_in_words(field, {"seen": "2020", "likes": ["rake"]}) == "First seen: 2020; Likes: Rake"
    assert row_in_words(field, {}) == ""


def test_a_column_that_is_not_for_paper_is_left_out_of_its_row(toy: Guide) -> None:
    field = visitors(toy)
    columns = tuple(replace(column, print="none") if column.key == "seen" else column for column in field.fields)
    assert row_in_words(replace(field, fields=columns), {"visitor": "slugs", "seen": "2020"}) == "Slugs"


def test_a_choice_that_is_no_longer_offered_is_still_told(toy: Guide) -> None:
    assert in_words(toy.group("my-garden").field("tools"), ["rake", "scythe"]) == "Rake, scythe"
    assert in_words(toy.group("my-ground").field("soil"), "peat") == "peat"


def test_filled_counts_fields_that_hold_something(toy: Guide) -> None:
    rows: list[Row] = [{"visitor": "mice"}]
    plan = contents(garden={"name": "Wild corner", "tools": ["rake"], "moon": "full"}, ground={"visitors": rows})
    assert [filled(group, plan) for group in toy.plan] == [2, 1, 0]
