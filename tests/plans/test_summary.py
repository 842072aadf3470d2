"""A plan in words: the one place from which screen and paper are made."""

from __future__ import annotations

from dataclasses import replace

import pytest

from guide.content.documents import Guide, PlanAlso, PlanField
from guide.plans.summary import UNREAD, Line, Rows, blank, boxes, filled, in_words, open_questions, row_in_words
from guide.plans.timeline import Span
from guide.plans.values import Contents, Row, Value


def contents(**groups: dict[str, Value]) -> Contents:
    return Contents(groups)


def visitors(guide: Guide) -> PlanField:
    return guide.group("my-ground").field("visitors")


def on_paper(guide: Guide, **flags: bool) -> Guide:
    """The same guide, where the first box of the paper is of another make."""
    first, *others = guide.paper
    return replace(guide, paper=(replace(first, **flags), *others))  # type: ignore[arg-type]


def with_visitors(guide: Guide, field: PlanField) -> Guide:
    """The same guide with another field of visitors."""
    groups = tuple(replace(group, fields=tuple(field if one.key == field.key else one for one in group.fields)) for group in guide.plan)
    return replace(guide, plan=groups)


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
        Line("Name of the garden", "Wild corner", 1, 20),
        Line("Rain barrel", "Yes", 2),
        Line("Where", "Bed", 2),
        Line("Soil", "Clay", 1),
        Line("More about my ground", "Steep.", 2, 300),
    )
    back = (Rows("Questions for my neighbor", (), (("Why?; Answer: Thus.",),), 1, 2, answers=True),)
    assert [(box.title, box.entries) for box in found] == [("My garden", front), ("Questions over the fence", back)]


def test_what_is_not_for_paper_is_left_out(toy: Guide) -> None:
    assert boxes(toy, contents(garden={"beds": "6", "tools": ["rake"]})) == []


def test_what_the_form_no_longer_asks_is_left_out(toy: Guide) -> None:
    assert boxes(toy, contents(garden={"moon": "full"}, moon={"name": "Luna"})) == []


def test_all_rows_are_told_and_how_many_a_full_paper_has_room_for(toy: Guide) -> None:
    rows: list[Row] = [{"visitor": "slugs"}, {"visitor": "mice"}, {"visitor": "aphids"}]
    (box,) = boxes(toy, contents(ground={"visitors": rows}))
    assert box.entries == (Rows("Visitors", (), (("Slugs",), ("Mice",), ("Aphids",)), 2, 2),)


def test_a_box_of_tables_has_columns_without_those_that_are_empty(toy: Guide) -> None:
    rows: list[Row] = [{"visitor": "slugs", "likes": ["rake", "can"]}, {"likes": ["can"]}]
    (box,) = boxes(on_paper(toy, tables=True), contents(ground={"visitors": rows}))
    assert box.entries == (Rows("Visitors", ("Who", "Likes"), (("Slugs", "Rake, Watering can"), ("", "Watering can")), 2, 2),)


def test_a_beginning_and_an_end_stand_in_one_column(toy: Guide) -> None:
    field = visitors(toy)
    likes = replace(field.column("likes"), type="date_partial", label="Gone", period="end", choices=())
    guide = with_visitors(on_paper(toy, tables=True), replace(field, fields=(*field.fields[:2], likes)))
    rows: list[Row] = [{"seen": "2020", "likes": "2021-05"}, {"likes": "2022"}, {"seen": "2023"}]
    (box,) = boxes(guide, contents(ground={"visitors": rows}))
    (entry,) = box.entries
    assert isinstance(entry, Rows)
    assert (entry.columns, entry.rows) == (("First seen – Gone",), (("2020 – 2021-05",), ("– 2022",), ("2023",)))


def test_rows_with_dates_begin_with_the_newest_where_the_paper_says_so(toy: Guide) -> None:
    rows: list[Row] = [{"visitor": "slugs", "seen": "2019"}, {"visitor": "mice"}, {"visitor": "aphids", "seen": "2021-03"}]
    plan = contents(ground={"visitors": rows})

    def order(guide: Guide) -> list[str]:
        (entry,) = boxes(guide, plan)[0].entries
        assert isinstance(entry, Rows)
        return [row[0].split(";")[0] for row in entry.rows]

    assert order(toy) == ["Slugs", "Mice", "Aphids"]
    assert order(on_paper(toy, newest_first=True)) == ["Aphids", "Mice", "Slugs"], "without a date a row stays where it was typed"


@pytest.mark.parametrize("tables", [True, False])
def test_a_row_with_a_date_that_cannot_be_read_stays_and_says_so(toy: Guide, tables: bool) -> None:
    rows: list[Row] = [
        {"seen": "last spring"},
        {"visitor": "slugs", "seen": "2019"},
        {"moon": "full"},
        {"visitor": "mice", "seen": "whenever"},
        {"visitor": "aphids", "seen": "March 2021"},
    ]
    (box,) = boxes(on_paper(toy, newest_first=True, tables=tables), contents(ground={"visitors": rows}))
    (entry,) = box.entries
    assert isinstance(entry, Rows)
    assert [" ".join(row) for row in entry.rows] == (
        [f" last spring {UNREAD}", "Aphids March 2021", f"Mice whenever {UNREAD}", "Slugs 2019"]
        if tables
        else [
            f"First seen: last spring {UNREAD}",
            "Aphids; First seen: March 2021",
            f"Mice; First seen: whenever {UNREAD}",
            "Slugs; First seen: 2019",
        ]
    )
    assert entry.unread == {0, 2}
    (box,) = boxes(on_paper(toy, tables=tables), contents(ground={"visitors": rows}))
    assert isinstance(box.entries[0], Rows) and not box.entries[0].unread and UNREAD not in str(box.entries[0].rows)


def test_the_timeline_stands_in_the_box_that_the_paper_names(toy: Guide) -> None:
    rows: list[Row] = [{"visitor": "slugs", "seen": "2019"}, {"visitor": "mice", "seen": "some day"}]
    questions: list[Row] = [{"q": "Why?"}]
    found = boxes(toy, contents(ground={"visitors": rows}, fence={"questions": questions}))
    assert [box.spans for box in found] == [(), (Span("Slugs", "2019", "", "goes-on"), Span("Mice", "some day", "", "goes-on"))]


def test_not_sure_becomes_a_question_in_the_words_of_the_wizard_where_it_has_some(toy: Guide) -> None:
    plan = contents(ground={"soil": "not_sure"}, garden={"barrel": "not_sure"})
    soil = toy.question("soil")
    assert soil.plan and (soil.plan.group, soil.plan.field) == ("ground", "soil")
    assert open_questions(toy, plan) == [toy.question("rain").ask, soil.ask]
    assert open_questions(replace(toy, questions=()), plan) == ["Ask about: Rain barrel", "Ask about: Soil"]


def test_not_sure_of_what_never_prints_is_told_to_nobody(toy: Guide) -> None:
    group = toy.group("my-garden")
    fields = tuple(replace(field, print="none") if field.key == "barrel" else field for field in group.fields)
    private = replace(toy, plan=tuple(replace(one, fields=fields) if one is group else one for one in toy.plan))
    plan = contents(ground={"soil": "not_sure"}, garden={"barrel": "not_sure"})
    assert open_questions(private, plan) == [toy.question("soil").ask]
    assert toy.question("rain").ask not in str(boxes(private, plan))


def test_not_sure_in_a_row_names_the_row(toy: Guide) -> None:
    field = visitors(toy)
    unsure = toy.group("my-ground").field("soil").choices
    guide = with_visitors(toy, replace(field, fields=(field.fields[0], replace(field.fields[2], type="choice", choices=unsure))))
    rows: list[Row] = [{"visitor": "slugs", "likes": "not_sure"}, {"visitor": "mice", "likes": "sand"}, {"likes": "not_sure"}]
    assert open_questions(guide, contents(ground={"visitors": rows})) == ["Ask about: Visitors: Slugs: Likes", "Ask about: Visitors: Likes"]


def test_open_questions_follow_those_that_were_typed_and_none_is_asked_twice(toy: Guide) -> None:
    rows: list[Row] = [{"q": "Why?"}, {"q": "may we put up  a rain BARREL"}]
    found = boxes(toy, contents(garden={"barrel": "not_sure"}, ground={"soil": "not_sure"}, fence={"questions": rows}))
    (entry,) = found[-1].entries
    assert isinstance(entry, Rows)
    assert [row[0] for row in entry.rows] == ["Why?", "may we put up  a rain BARREL", toy.question("soil").ask]


def test_without_a_typed_question_the_open_ones_still_print(toy: Guide) -> None:
    found = boxes(toy, contents(garden={"barrel": "not_sure"}))
    assert found[0].entries == (Line("Rain barrel", "Not sure", 2),)
    assert found[-1].entries == (Rows("Questions for my neighbor", (), ((toy.question("rain").ask,),), 1, 2, answers=True),)


def test_a_blank_paper_has_every_box_every_field_and_empty_rows(toy: Guide) -> None:
    front, back = blank(toy)
    assert [entry.label for entry in front.entries] == [
        "Name of the garden",
        "When it was begun",
        "Rain barrel",
        "Where",
        "Soil",
        "Visitors",
        "More about my ground",
    ]
    lines = {entry.label: entry.text for entry in front.entries if isinstance(entry, Line)}
    assert (lines["Rain barrel"], lines["Name of the garden"]) == ("☐ Yes   ☐ No   ☐ Not sure", "")
    rows = [entry for entry in front.entries if isinstance(entry, Rows)]
    assert (rows[0].columns, rows[0].rows) == (("Who", "First seen", "Likes"), (("", "", ""),) * 2)
    assert back.entries == (Rows("Questions for my neighbor", (), (("",),), 1, 2, answers=True),)


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


def test_a_row_of_another_box_stands_at_the_top_where_content_says_so(toy: Guide) -> None:
    guide = with_visitors(toy, replace(visitors(toy), print="back", also=PlanAlso("front", "Watch out for", "likes", "rake")))
    seen: list[Row] = [{"visitor": "slugs", "likes": ["spade"]}, {"visitor": "mice", "seen": "2026", "likes": ["can", "rake"]}]
    front, back = boxes(guide, contents(ground={"visitors": seen}))
    assert front.entries == (Line("Watch out for", "Mice, 2026", 1),)
    assert [entry.label for entry in back.entries] == ["Visitors"]
    assert [box.title for box in boxes(guide, contents(ground={"visitors": seen[:1]}))] == ["Questions over the fence"]
