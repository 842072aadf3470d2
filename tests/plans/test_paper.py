"""Two sides of paper, whatever is typed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from guide.content import parse
from guide.content.documents import Guide, PlanField
from guide.content.errors import Mistake
from guide.content.files import read_files
from guide.plans import paper
from guide.plans.paper import SIZES, Side, lay_out
from guide.plans.summary import Box, Line, Rows, boxes
from guide.plans.values import Contents, Row, Value


def fits(side: Side) -> bool:
    return paper._height(list(side.boxes), side.size) <= paper._SIDE_HEIGHT


def shown(side: Side) -> int:
    return sum(len(entry.rows) if isinstance(entry, Rows) else 1 for box in side.boxes for entry in box.entries)


def box(*entries: Line | Rows, id: str = "front", side: int = 1) -> Box:
    return Box(id, side, "My garden", entries)


def test_a_little_text_is_printed_large_and_whole() -> None:
    mine = box(Line("Name", "Wild corner", 3), Rows("Visitors", ("Slugs",), 0, 3))
    assert lay_out([mine], 1) == Side(1, SIZES[0], (mine,), 0)


def test_each_side_gets_its_own_boxes_in_their_order() -> None:
    line = Line("Name", "Wild corner", 1)
    all_boxes = [box(line, id="a"), box(line, id="b", side=2), box(line, id="c")]
    assert [found.id for found in lay_out(all_boxes, 1).boxes] == ["a", "c"]
    assert [found.id for found in lay_out(all_boxes, 2).boxes] == ["b"]


def test_an_empty_side_is_empty() -> None:
    assert lay_out([], 2) == Side(2, SIZES[0], (), 0)


def test_type_gets_smaller_before_anything_is_left_out() -> None:
    sizes = []
    for letters in range(1000, 9000, 100):
        side = lay_out([box(Line("More", "x" * letters, 3))], 1)
        if side.boxes and side.boxes[0].entries == (Line("More", "x" * letters, 3),):
            sizes.append(side.size)
            assert side.left_out == 0 and fits(side)
    assert list(dict.fromkeys(sizes)) == list(SIZES)


def test_rows_that_the_summary_left_out_are_told() -> None:
    assert lay_out([box(Rows("Visitors", ("Slugs",), 4, 2))], 1).left_out == 4


def test_what_matters_least_goes_first() -> None:
    entries = [Line(f"Line {number}", "x" * 900, number % 3 + 1) for number in range(12)]
    side = lay_out([box(*entries)], 1)
    assert {entry.priority for entry in side.boxes[0].entries} <= {1, 2}
    assert [entry for entry in side.boxes[0].entries if entry.priority == 1] == [entry for entry in entries if entry.priority == 1]
    assert fits(side)


def test_a_box_with_something_in_it_stays_on_paper() -> None:
    """Even where everything in it matters least: a box that is gone would look as if nothing had been filled in."""
    full = box(*(Line(f"Line {number}", "x" * 900, 1) for number in range(8)), id="full")
    least = box(Line("Name", "Wild corner", 3), id="least")
    assert [found.id for found in lay_out([full, least], 1).boxes] == ["full", "least"]


def test_full_width_letters_take_twice_the_room() -> None:
    narrow, wide = (lay_out([box(Line("More", letter * 3200, 1))], 1) for letter in "x庭")
    assert narrow.size > wide.size


def test_a_text_that_is_cut_shows_it() -> None:
    side = lay_out([box(*(Line(f"Line {number}", "x" * 2000, 1) for number in range(9)))], 1)
    assert fits(side)
    assert all(isinstance(entry, Line) and entry.text.endswith("…") for entry in side.boxes[0].entries)


_texts = st.text(st.sampled_from("abc \n庭"), min_size=1, max_size=1500)
_lines = st.builds(Line, st.just("A label"), _texts, st.integers(1, 3))
_rows = st.builds(Rows, st.just("Rows"), st.lists(_texts, min_size=1, max_size=12).map(tuple), st.integers(0, 9), st.integers(1, 3))
_boxes = st.lists(st.lists(st.one_of(_lines, _rows), min_size=1, max_size=4), min_size=1, max_size=5).map(
    lambda found: [box(*entries, id=str(number)) for number, entries in enumerate(found)]
)


@given(_boxes)
def test_whatever_is_typed_fits_and_what_is_left_out_is_counted(typed: list[Box]) -> None:
    side = lay_out(typed, 1)
    assert fits(side)
    total = sum(len(entry.rows) + entry.more if isinstance(entry, Rows) else 1 for one in typed for entry in one.entries)
    assert shown(side) + side.left_out == total
    assert side.size in SIZES
    order = [one.id for one in typed]
    assert [one.id for one in side.boxes] == [id for id in order if id in {one.id for one in side.boxes}]


# The plan as people get it


@pytest.fixture(scope="module")
def real(toy: Guide) -> Guide:
    """The real plan form and paper, in the toy guide: they need nothing else."""
    texts, mistakes = read_files(settings.CONTENT_DIR), list[Mistake]()
    choices = parse.plan_choices("en/plan/choices.yaml", texts["en/plan/choices.yaml"], mistakes)
    paths = sorted(path for path in texts if path.startswith("en/plan/") and path.endswith(".md"))
    plan = tuple(parse.plan_group(path, texts[path], choices, mistakes) for path in paths)
    blocks = parse.paper("en/plan/paper.yaml", texts["en/plan/paper.yaml"], mistakes)
    assert mistakes == []
    return replace(toy, plan=plan, paper=blocks)


def everything(guide: Guide, text: Callable[[PlanField], str]) -> Contents:
    """A plan with every field and every row filled in."""

    def simple(field: PlanField) -> str | list[str]:
        if field.type == "multichoice":
            return [choice.id for choice in field.choices]
        return max(field.choices, key=lambda choice: len(choice.label)).id if field.choices else text(field)

    def value(field: PlanField) -> Value:
        if field.type != "group":
            return simple(field)
        rows: list[Row] = [{column.key: simple(column) for column in field.fields} for _ in range(field.max_rows)]
        return rows

    return Contents({group.key: {field.key: value(field) for field in group.fields} for group in guide.plan})


def of_words(field: PlanField) -> str:
    return ("some words that were typed " * 100)[: field.max]


def of_short_lines(field: PlanField) -> str:
    return "\n".join(["a word"] * (field.max // 7 + 1)) if field.type == "longtext" else of_words(field)


def of_wide_letters(field: PlanField) -> str:
    return "庭" * field.max


def far_too_long(field: PlanField) -> str:
    return "words " * 500


@pytest.mark.parametrize("text", [of_words, of_short_lines, of_wide_letters, far_too_long])
def test_the_fullest_plan_fits_on_two_sides(real: Guide, text: Callable[[PlanField], str]) -> None:
    found = boxes(real, everything(real, text))
    sides = [lay_out(found, 1), lay_out(found, 2)]
    assert [fits(side) for side in sides] == [True, True]
    assert [box.id for side in sides for box in side.boxes] == [
        block.id for number in (1, 2) for block in real.paper if block.side == number
    ]


def test_an_ordinary_plan_loses_nothing(real: Guide) -> None:
    """Everything filled in, but with a few words each and one row of each kind."""
    full = everything(real, lambda field: "A few words"[: field.max])
    few = Contents(
        {
            group: {key: value[:1] if isinstance(value, list) else value for key, value in fields.items()}
            for group, fields in full.values.items()
        }
    )
    found = boxes(real, few)
    assert [lay_out(found, number).left_out for number in (1, 2)] == [0, 0]


def test_every_box_of_the_paper_is_on_one_of_two_sides(real: Guide) -> None:
    assert {block.side for block in real.paper} == {1, 2}
    ids = {block.id for block in real.paper}
    printed = {field.print for group in real.plan for field in group.fields} - {"none"}
    assert printed == ids
