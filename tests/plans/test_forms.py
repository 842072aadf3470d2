"""A group of the plan as inputs; and the real form: what it offers, checks and completes."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest
from django.conf import settings
from django.template.loader import render_to_string

from guide.content.documents import Guide, PlanField, PlanNames
from guide.content.files import read_files
from guide.content.names import names
from guide.plans.forms import Form, Input
from guide.plans.values import Contents, Removed, Row, with_removed
from tests.django_fixtures import loaded

TODAY = datetime.date(2026, 3, 15)


@pytest.fixture(scope="module")
def real() -> Guide:
    return loaded(read_files(settings.CONTENT_DIR))


def ground(toy: Guide, contents: Contents) -> Form:
    return Form(toy, toy.group("my-ground"), contents, TODAY)


def rows_of(*names: str) -> Contents:
    rows: list[Row] = [{"visitor": name} for name in names]
    return Contents().with_value("ground", "visitors", rows)


def visitors(toy: Guide, contents: Contents, *, adding: bool = False) -> list[tuple[int, str, bool, bool, bool]]:
    entry = ground(toy, contents).entry(toy.group("my-ground").field("visitors"), adding=adding)
    return [(row.number, row.name, row.filled, row.can_go_up, row.can_go_down) for row in entry.rows]


def test_an_empty_group_of_rows_has_one_empty_row(toy: Guide) -> None:
    assert visitors(toy, Contents()) == [(0, "", False, False, False)]


def test_rows_go_by_their_first_words_and_can_move_among_the_filled(toy: Guide) -> None:
    assert visitors(toy, rows_of("slugs", "mice"), adding=True) == [
        (0, "Slugs", True, False, True),
        (1, "Mice", True, True, False),
        (2, "", False, False, False),
    ]


def test_no_more_rows_are_added_than_there_may_be(toy: Guide) -> None:
    assert len(visitors(toy, rows_of("slugs", "mice", "aphids"), adding=True)) == 3
    assert not ground(toy, rows_of("slugs", "mice", "aphids")).entry(toy.group("my-ground").field("visitors")).can_add


@pytest.mark.parametrize(("at", "before", "after"), [(0, [1, 0], 0), (1, [0, 1], 0), (2, [0, 0], 1), (9, [0, 0], 1)])
def test_a_removed_row_is_told_where_it_stood(toy: Guide, at: int, before: list[int], after: int) -> None:
    contents = with_removed(rows_of("slugs", "mice"), Removed("ground.visitors", at, {"visitor": "aphids"}, "2026-03-15T10:00:00+00:00"))
    entry = ground(toy, contents).entry(toy.group("my-ground").field("visitors"))
    assert [len(row.removed) for row in entry.rows] == before
    assert len(entry.removed) == after
    told = [*entry.removed, *(one for row in entry.rows for one in row.removed)]
    assert [(one.words, one.newest) for one in told] == [("Aphids", True)]


def test_what_the_reader_is_not_sure_of_stands_beside_the_questions(toy: Guide) -> None:
    contents = Contents().with_value("ground", "soil", "not_sure")
    entries = {entry.field.key: entry for entry in Form(toy, toy.group("over-the-fence"), contents, TODAY).entries()}
    assert len(entries["questions"].follow) == 1 and "soil" in entries["questions"].follow[0].lower()
    assert Form(toy, toy.group("over-the-fence"), Contents(), TODAY).entries()[0].follow == ()


@pytest.mark.parametrize(
    ("type", "name", "help", "described_by"),
    [
        ("text", "visitors-0-a", "", "visitors-0-a-advice"),
        ("text", "a", "Any.", "a-hint a-advice"),
        ("date_partial", "a", "", "a-hint a-advice"),
        ("yesno", "a", "Any.", "a-hint"),
        ("multichoice", "a", "", ""),
    ],
)
def test_an_input_is_described_by_its_hint_and_its_advice(type: str, name: str, help: str, described_by: str) -> None:
    field = PlanField("a", "A", type, help=help, print="row")  # type: ignore[arg-type]
    assert Input(field, name, "").described_by == described_by


@pytest.mark.parametrize(
    ("type", "keys"),
    [
        ("integer", "numeric"),
        ("decimal", "decimal"),
        ("phone", "tel"),
        ("date_partial", "text"),
        ("text", "text"),
        ("longtext", "text"),
        ("yesno", ""),
        ("multichoice", ""),
    ],
)
def test_a_phone_shows_the_keys_that_a_kind_of_field_needs(type: str, keys: str) -> None:
    input = Input(PlanField("a", "A", type), "a", "")  # type: ignore[arg-type]
    assert input.keys == keys
    drawn = render_to_string("plans/_input.html", {"input": input})
    assert (f'inputmode="{keys}"' in drawn) == (input.widget == "line")


def test_a_browser_mends_no_name_by_itself() -> None:
    drawn = render_to_string("plans/_input.html", {"input": Input(PlanField("a", "A", "text", complete=PlanNames("heaps", ())), "a", "")})
    assert 'list="names-heaps" autocapitalize="none" autocorrect="off" spellcheck="false"' in drawn


# The real form


def test_counts_and_doses_that_are_numbers_bring_up_the_keys_for_numbers(real: Guide) -> None:
    fields = [column for group in real.plan for field in group.fields for column in (field, *field.fields)]
    keys = {kind: {field.key for field in fields if Input(field, "a", "").keys == kind} for kind in ("numeric", "decimal")}
    assert keys == {"numeric": {"sessions", "cycles"}, "decimal": {"dose"}}


def test_not_sure_is_an_answer_wherever_somebody_may_not_know(real: Guide) -> None:
    without = {
        (group.key, column.key)
        for group in real.plan
        for field in group.fields
        for column in (field, *field.fields)
        if column.choices and "not_sure" not in {choice.id for choice in column.choices}
    }
    # What the reader decides, or knows better than anyone.
    assert without == {("about_me", "language"), ("contacts", "roles"), ("calling", "reason"), ("about_plan", "filled_by")}


def test_every_group_of_rows_says_what_a_row_is(real: Guide) -> None:
    assert [field.key for group in real.plan for field in group.fields if field.type == "group" and not field.row] == []


def test_a_few_parts_are_named_to_start_with_each_at_a_place_of_its_own(real: Guide) -> None:
    places = sorted(group.first for group in real.plan if group.first)
    assert places == list(range(1, len(places) + 1)) and len(places) >= 3


def real_advice(real: Guide, slug: str, key: str, contents: Contents) -> list[str]:
    form = Form(real, real.group(slug), contents, TODAY)
    entry = form.entry(real.group(slug).field(key))
    inputs = [entry.input] if entry.input else [one for row in entry.rows for one in row.inputs]
    return [f"{one.field.key}: {one.advice.partition('.')[0]}" for one in inputs if one.advice]


@pytest.mark.parametrize(
    ("slug", "group", "key", "row", "told"),
    [
        ("treatment-so-far", "past", "drugs", {"start": "2024", "end": "2023"}, ["end: This is before “From” (2024)"]),
        ("treatment-so-far", "past", "drugs", {"cycles": "400"}, ["cycles: This is usually 200 or less"]),
        ("treatment-so-far", "past", "radiation", {"dose": "3000", "dose_unit": "Gy"}, ["dose: This is usually 100 or less"]),
        ("treatment-so-far", "past", "radiation", {"dose": "3000", "dose_unit": "cGy"}, []),
        ("treatment-so-far", "past", "radiation", {"dose": "3000"}, []),
        ("treatment-so-far", "past", "radiation", {"sessions": "0"}, ["sessions: This is usually 1 or more"]),
        ("trials", "trials", "trials", {"number": "NCT1234"}, ["number: A number that starts with NCT usually has eight digits after it"]),
        ("trials", "trials", "trials", {"number": "nct04191499"}, []),
        ("trials", "trials", "trials", {"number": "EU 2023-5"}, []),
    ],
)
def test_the_real_checks_tell_what_is_odd(real: Guide, slug: str, group: str, key: str, row: Row, told: list[str]) -> None:
    assert real_advice(real, slug, key, Contents().with_value(group, key, [row])) == told


def test_a_day_is_compared_with_the_birth_in_another_part(real: Guide) -> None:
    contents = Contents().with_value("about_me", "birth", "1970").with_value("diagnosis", "first_dx_date", "1969")
    assert real_advice(real, "my-cancer", "first_dx_date", contents) == ["first_dx_date: This is before “Date or year of birth” (1970)"]


def test_medicines_are_offered_and_nothing_else(real: Guide) -> None:
    field = real.group("treatment-now").field("current").column("name")
    assert field.complete
    offered = names(real, field.complete).offered
    assert {"letrozole", "Femara (letrozole)", "Ibrance (palbociclib)", "paclitaxel", "denosumab", "Xgeva (denosumab)"} <= set(offered)
    assert not [name for name in offered if any(word in name.lower() for word in ("surgery", "radiation", "test", "care", "opinion"))]
    assert len(offered) == len(set(offered)) > 100


def test_what_never_prints_says_so_at_its_field_and_is_never_too_long_for_paper(toy: Guide) -> None:
    """The owner decides what to write where: what a field says of paper has to be true."""
    group = toy.group("my-garden")
    for field in group.fields:
        if field.type == "text":
            for print, never_cut in (("none", False), ("front", True), ("front", False)):
                changed = replace(field, print=print, never_cut=never_cut)
                form = Form(
                    toy, replace(group, fields=(changed,)), Contents().with_value("garden", field.key, "x" * (field.max + 1)), TODAY
                )
                shown = form.entries()[0].input
                assert shown is not None
                assert ("This stays here" in shown.hint) == (print == "none")
                assert ("longer than the paper" in shown.advice) == (print != "none" and not never_cut)
