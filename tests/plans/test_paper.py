"""Two sides of paper, whatever is typed: in which steps a side gets shorter."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from guide.content.documents import PaperBlock
from guide.plans import paper
from guide.plans.paper import SIZES, Side, blank_steps, columns, filling_rows, fitting, large, missing, more, steps, width
from guide.plans.summary import UNREAD, Box, Line, Rows


def box(*entries: Line | Rows, id: str = "front", side: int = 1, **flags: Any) -> Box:
    return Box(PaperBlock(id, side, "My garden", **flags), entries)


def shown(side: Side) -> int:
    return sum(len(entry.rows) if isinstance(entry, Rows) else 1 for box in side.boxes for entry in box.entries)


def rows(count: int, priority: int = 1, most: int = 20) -> Rows:
    return Rows("Visitors", (), tuple((f"Visitor {number} from over the fence",) for number in range(count)), most, priority)


LINE = Line("Name", "Wild corner", 1)


def test_each_side_gets_its_own_boxes_in_their_order() -> None:
    all_boxes = [box(LINE, id="a"), box(LINE, id="b", side=2), box(LINE, id="c")]
    assert [found.id for found in steps(all_boxes, 1)[0].boxes] == ["a", "c"]
    assert [found.id for found in steps(all_boxes, 2)[0].boxes] == ["b"]
    assert steps([], 2)[0].boxes == ()


def test_type_gets_smaller_before_anything_is_left_out() -> None:
    found = steps([box(LINE, rows(3))], 1)
    whole = [side for side in found if shown(side) == 4]
    assert list(dict.fromkeys(side.size for side in whole)) == list(SIZES)
    assert [side.answer_lines for side in whole][:4] == [3, 2, 1, 1]
    assert all(side.left_out == 0 for side in whole) and all(side.size == SIZES[-1] for side in found if side.left_out)


def test_the_timeline_goes_before_type_gets_small_or_anything_is_left_out() -> None:
    found = steps([box(LINE, rows(3))], 1)
    first = next(number for number, side in enumerate(found) if not side.timeline)
    assert (found[first].size, shown(found[first])) == (SIZES[1], 4)
    assert all(not side.timeline for side in found[first:]) and {side.size for side in found[:first]} == set(SIZES[:2])


def test_rows_and_letters_beyond_what_the_content_says_go_first() -> None:
    found = steps([box(Line("More", "x" * 300, 3, 200), rows(9, most=5))], 1)
    shortened = next(side for side in found if side.shortened)
    (line, kept), left_out = shortened.boxes[0].entries, shortened.left_out
    assert isinstance(line, Line) and line.text == "x" * 199 + "…"
    assert left_out == 0 and isinstance(kept, Rows) and len(kept.rows) == 9
    counts = [
        len(one.entries[1].rows) for side in found for one in side.boxes if len(one.entries) == 2 and isinstance(one.entries[1], Rows)
    ]
    assert list(dict.fromkeys(counts)) == [9, 8, 7, 6, 5]


def test_what_matters_least_goes_one_by_one_from_the_end() -> None:
    entries = [Line(f"Line {number}", "x", number % 3 + 1) for number in range(6)]
    left = [[entry.label[-1] for entry in side.boxes[0].entries] for side in steps([box(*entries)], 1)]
    assert list(dict.fromkeys(map("".join, left))) == ["012345", "01234", "0134", "013", "03"]


def test_rows_go_before_texts_are_cut_and_those_for_emergencies_go_last() -> None:
    found = steps([box(rows(4), id="urgent", kind="urgent"), box(rows(4), id="other")], 1)
    counts = list(
        dict.fromkeys(tuple(len(one.entries[0].rows) for one in side.boxes if isinstance(one.entries[0], Rows)) for side in found)
    )
    assert counts == [(4, 4), (4, 3), (4, 2), (4, 1), (3, 1), (2, 1), (1, 1)]


def test_a_box_with_something_in_it_stays_on_paper() -> None:
    """Even where everything in it matters least: a box that is gone would look as if nothing had been filled in."""
    least = box(Line("Name", "Wild corner", 3), id="least")
    assert [found.id for found in steps([box(LINE, LINE, id="full"), least], 1)[-1].boxes] == ["full", "least"]


def test_a_text_that_is_cut_shows_it_and_lines_become_one() -> None:
    side = steps([box(Line("More", "a line\n" * 100, 1, 900))], 1)[-1]
    (entry,) = side.boxes[0].entries
    assert isinstance(entry, Line) and entry.text.endswith("…") and "\n" not in entry.text and entry.text.startswith("a line / a line")
    assert side.shortened


def test_a_text_that_the_reader_ended_with_dots_is_not_called_shortened() -> None:
    assert not any(side.shortened for side in steps([box(Line("More", "and so on…", 1))], 1))


def test_large_print_and_more_pages_leave_nothing_out() -> None:
    boxes = [box(Line("More", "x" * 3000, 3, 20), rows(50, 3, 2))]
    for side, size in ((large(boxes, 1), 14.0), (more(boxes, 1), 10.5)):
        assert (shown(side), side.left_out, side.shortened, side.size, side.goes_on) == (51, 0, False, size, True)
        assert missing(boxes, [side]) == []


def test_a_list_that_is_cut_says_so_and_one_that_goes_leaves_its_label() -> None:
    least = replace(rows(3, priority=3), label="Birds")
    found = steps([box(rows(6, most=4), least, LINE)], 1)
    notes = [tuple(entry.note for entry in side.boxes[0].entries if isinstance(entry, Rows)) for side in found]
    assert list(dict.fromkeys(notes)) == [
        ("", ""),
        ("5 of 6 shown", ""),
        ("4 of 6 shown", ""),
        ("4 of 6 shown", "0 of 3 shown"),
        ("3 of 6 shown", "0 of 3 shown"),
        ("2 of 6 shown", "0 of 3 shown"),
        ("1 of 6 shown", "0 of 3 shown"),
    ]


def test_a_row_that_nobody_can_date_is_not_cut_as_if_it_were_the_oldest() -> None:
    """Rows 1 and 4 have a date that cannot be read; the others go first, from the end, and what stays keeps its order."""
    found = steps([box(replace(rows(5), unread=frozenset({1, 4})))], 1)
    kept = [tuple(row[0][8] for row in entry.rows) for side in found if isinstance(entry := side.boxes[0].entries[0], Rows)]
    assert list(dict.fromkeys(map("".join, kept))) == ["01234", "0124", "014", "14", "1"]


def test_blank_lines_that_go_are_not_missed() -> None:
    empty = Rows("Visitors", ("Who",), (("",),) * 8, 8, 1)
    assert not any(entry.note for side in blank_steps([box(LINE, empty)], 1) for entry in side.boxes[0].entries if isinstance(entry, Rows))


def test_what_is_missing_is_told_by_name() -> None:
    boxes = [box(LINE, Line("Soil", "x" * 90, 3), rows(6), replace(rows(4, priority=3), label="Birds")), box(LINE, id="back", side=2)]
    one, other = steps(boxes, 1), steps(boxes, 2)
    assert missing(boxes, [one[0], other[-1]]) == []
    assert missing(boxes, [one[-1], other[-1]]) == [("My garden", ["Soil", "Visitors (1 of 6 shown, cut short)", "Birds (0 of 4 shown)"])]


def test_blank_paper_gives_up_rows_before_fields_and_stays_wide_enough_to_write_on() -> None:
    empty = Rows("Visitors", ("Who",), (("",),) * 8, 8, 1)
    found = blank_steps([box(Line("Name", "", 3), LINE, empty)], 1)
    assert all(not side.dense for side in found)
    assert [shown(side) for side in found] == [10, 10, 10, 10, 8, 6, 5, 4, 3, 2]


_texts = st.text(st.sampled_from("abc \n庭"), min_size=1, max_size=300)
_lines = st.builds(Line, st.just("A label"), _texts, st.integers(1, 3), st.integers(1, 400), st.booleans())
_rows = st.builds(
    Rows,
    st.just("Rows"),
    st.just(()),
    st.lists(st.tuples(_texts), min_size=1, max_size=6).map(tuple),
    st.integers(1, 9),
    st.integers(1, 3),
    never_cut=st.booleans(),
    unread=st.frozensets(st.integers(0, 5)),
)
_boxes = st.lists(st.lists(st.one_of(_lines, _rows), min_size=1, max_size=4), min_size=1, max_size=4).map(
    lambda found: [box(*entries, id=str(number)) for number, entries in enumerate(found)]
)


def _total(entry: Line | Rows) -> int:
    return len(entry.rows) if isinstance(entry, Rows) else 0


@given(_boxes)
def test_what_is_never_cut_is_whole_in_every_step_and_lists_say_what_they_lack(typed: list[Box]) -> None:
    wanted = [entry for one in typed for entry in one.entries if entry.never_cut]
    lists = [(one.id, entry.label, len(entry.rows)) for one in typed for entry in one.entries if isinstance(entry, Rows)]
    for side in steps(typed, 1):
        entries = [entry for one in side.boxes for entry in one.entries]
        assert [entry for entry in entries if entry.never_cut] == wanted
        left = [(one.id, entry) for one in side.boxes for entry in one.entries if isinstance(entry, Rows)]
        assert [(id, entry.label) for id, entry in left] == [(id, label) for id, label, _ in lists]
        for (_, entry), (_, _, total) in zip(left, lists, strict=True):
            assert entry.note == ("" if len(entry.rows) == total else f"{len(entry.rows)} of {total} shown")


@given(st.lists(st.lists(st.text("abc 庭", min_size=1, max_size=40), min_size=1, max_size=9), min_size=1, max_size=4))
def test_a_note_never_takes_more_room_than_the_rows_that_it_stands_for(typed: list[list[str]]) -> None:
    lists = [Rows("Rows", (), tuple((text,) for text in texts), 3, number % 3 + 1) for number, texts in enumerate(typed)]
    letters = [side.letters for side in steps([box(*lists)], 1)]
    assert letters == sorted(letters, reverse=True)


@given(_boxes)
def test_each_step_needs_less_room_and_counts_what_it_leaves_out(typed: list[Box]) -> None:
    found = steps(typed, 1)
    total = shown(found[0])
    assert all(shown(side) + side.left_out == total for side in found)
    assert [side.size for side in found] == sorted((side.size for side in found), reverse=True)
    assert [side.left_out for side in found] == sorted(side.left_out for side in found)
    assert all([one.id for one in side.boxes] == [one.id for one in typed] for side in found)
    given_way = [entry for one in found[-1].boxes for entry in one.entries if not entry.never_cut]
    # With its label; a list has its note, or so few letters that a note would take as many.
    room = paper._LETTERS[-1] + len("A label") + 2 * len("1 of 6 shown")
    assert all(Side(1, 9.0, (box(entry),)).letters <= room for entry in given_way)


@given(st.integers(1, 40), st.integers(0, 60), st.integers(0, 99), st.integers(2, 9), st.booleans())
def test_the_first_step_that_fits_is_taken_with_few_tries(whole: int, less: int, wanted: int, most: int, one_page: bool) -> None:
    """On one page if there is such a step; else on no more pages than the last one takes, unless those are many."""
    sides = [Side(1, float(number), (), left_out=max(0, number - whole + 1)) for number in range(whole + less)]
    wanted %= len(sides)
    tried = []

    def pages(side: Side) -> int:
        tried.append(side)
        if one_page:
            return 1 if side.size >= wanted else 2
        return most if side.size >= wanted else most + 1

    many = not one_page and most > 3
    assert fitting(sides, pages) == replace(sides[whole - 1 if many else wanted], goes_on=not one_page)
    assert len(tried) <= (9 if one_page else 3 if many else 10)


def test_short_lines_stand_side_by_side_and_wide_letters_take_twice_the_room() -> None:
    assert [width(Line("Soil", "x" * letters, 1), 10.5) for letters in (5, 35, 80)] == [2, 3, 6]
    assert [width(Line("Soil", letter * 20, 1), 10.5) for letter in "x庭"] == [2, 3]
    assert width(Line("Soil", "a\nb", 1), 10.5) == 6
    assert width(Line("Soil", "x" * 35, 1), 14) > width(Line("Soil", "x" * 35, 1), 9)


@given(st.lists(st.sampled_from([2, 3, 6]), max_size=12))
def test_lines_fill_their_rows(wanted: list[int]) -> None:
    filled = filling_rows(wanted)
    assert len(filled) == len(wanted) and all(mine >= theirs for mine, theirs in zip(filled, wanted, strict=True))
    used = 0
    for mine in filled:
        used += mine
        assert used <= 6
        used %= 6
    assert used == 0


@given(st.integers(1, 10).flatmap(lambda count: st.lists(st.tuples(*[_texts] * count), min_size=1, max_size=5)), st.sampled_from(SIZES))
def test_columns_fit_into_the_side_and_hold_their_words(cells: list[tuple[str, ...]], size: float) -> None:
    table = Rows("Rows", tuple(f"Column {number}" for number in range(len(cells[0]))), tuple(cells), 9, 1)
    found = columns(table, size)
    assert sum(found.widths) <= 1100 / size
    for number, wide in enumerate(found.widths):
        words = [word for row in (table.columns, *cells) for word in row[number].split()]
        assert wide >= min(found.word, max(map(len, words), default=1))


def test_a_cell_that_is_cut_keeps_what_says_that_its_date_was_not_read() -> None:
    told = (("Slugs", f"some time after the great rain of that year {UNREAD}"),)
    seen = Rows("Visitors", ("Who", "When"), told, 9, 1, unread=frozenset([0]))
    tightest = steps([box(seen, Line("Soil", "clay " * 2_000, 1))], 1)[-1]
    (shown,) = (entry for entry in tightest.boxes[0].entries if isinstance(entry, Rows))
    assert shown.rows == (("Slugs", f"some time after… {UNREAD}"),) and tightest.shortened
