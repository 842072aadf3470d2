"""The plan as a PDF: two pages, or more where what is never cut needs them; tagged, and nothing typed is more than text."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as tries
from hypothesis import strategies as st
from pypdf import PdfReader

from guide import pdf
from guide.content import parse
from guide.content.documents import Guide, PlanField
from guide.content.files import read_files
from guide.content.mistakes import Mistake
from guide.content.text import read
from guide.plans.paper import Side
from guide.plans.sheet import PAPER_SIZES, TEMPLATE, TYPES, Imprint, Wish, _Sheet, sheet, typeset
from guide.plans.summary import Box, Rows, boxes, in_words
from guide.plans.values import Contents, Row, Value
from tests.plans.contents import CROWDED, any_contents

# A page is set for each example: fewer of them, and each may start from what a fixture loaded.
few = tries(
    max_examples=max(4, tries().max_examples // 10),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
DAY = datetime.date(2026, 11, 26)
IMPRINT = Imprint(DAY, datetime.date(2026, 11, 2), datetime.date(2028, 11, 25), 7)
SQUARE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'


@pytest.fixture(scope="module")
def real(toy: Guide) -> Guide:
    """The real plan form and paper, in the toy guide: they need nothing else."""
    texts = {path: read(path, text) for path, text in read_files(settings.CONTENT_DIR).items()}
    mistakes: list[Mistake] = []
    choices = parse.plan_choices(texts["en/plan/choices.yaml"], mistakes)
    names = parse.plan_names(texts["en/plan/names.yaml"], mistakes)
    paths = sorted(path for path in texts if path.startswith("en/plan/") and path.endswith(".md"))
    plan = tuple(parse.plan_group(texts[path], choices, mistakes, names) for path in paths)
    blocks = parse.paper(texts["en/plan/paper.yaml"], mistakes)
    assert mistakes == []
    return replace(toy, plan=plan, paper=blocks, questions=())


def first_choice(field: PlanField) -> str:
    return field.choices[0].id


def longest_choice(field: PlanField) -> str:
    return max(field.choices, key=lambda choice: len(choice.label)).id


def everything(
    guide: Guide, text: Callable[[PlanField], str], most: int = 99, choose: Callable[[PlanField], str] = longest_choice
) -> Contents:
    """A plan with every field and every row (or no more than `most`) filled in."""

    def simple(field: PlanField) -> str | list[str]:
        if field.type == "multichoice":
            return [choice.id for choice in field.choices][:most]
        return choose(field) if field.choices else text(field)

    def value(field: PlanField) -> Value:
        if field.type != "group":
            return simple(field)
        rows: list[Row] = [{column.key: simple(column) for column in field.fields} for _ in range(min(most, field.max_rows))]
        return rows

    return Contents({group.key: {field.key: value(field) for field in group.fields} for group in guide.plan})


def of_words(field: PlanField) -> str:
    return ("some words that were typed " * 100)[: field.max]


def of_short_lines(field: PlanField) -> str:
    return "a\n" * 200


def of_wide_letters(field: PlanField) -> str:
    return "庭" * field.max


def of_one_word(field: PlanField) -> str:
    return "W" * 300


def of_dates(field: PlanField) -> str:
    return "2020-03"


def few_words(field: PlanField) -> str:
    return "2024-05" if field.type == "date_partial" else "A few words"[: field.max]


FILLINGS = [of_words, of_short_lines, of_wide_letters, of_one_word, of_dates]


def made(guide: Guide, contents: Contents, wish: Wish = Wish(), imprint: Imprint = IMPRINT) -> PdfReader:  # noqa: B008  # frozen
    return PdfReader(io.BytesIO(typeset(guide, contents, wish, imprint)))


def text_of(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


def without_never_cut(guide: Guide) -> Guide:
    """The same, but for what is never cut: it gives way like everything else."""
    plain = [replace(group, fields=tuple(map(_may_be_cut, group.fields))) for group in guide.plan]
    return replace(guide, plan=tuple(plain))


def _may_be_cut(field: PlanField) -> PlanField:
    return replace(field, never_cut=False, also=replace(field.also, never_cut=False) if field.also else None)


@pytest.mark.parametrize(
    ("text", "paper"), [*((text, "letter") for text in FILLINGS), *((text, "a4") for text in (of_wide_letters, of_one_word))]
)
def test_the_fullest_plan_is_two_pages_where_all_of_it_may_be_cut(real: Guide, text: Callable[[PlanField], str], paper: str) -> None:
    guide = without_never_cut(real)
    reader = made(guide, everything(guide, text), Wish(paper, code=True), replace(IMPRINT, code="AAAA-BBBB", square=SQUARE))
    assert len(reader.pages) == 2
    assert "had no room on this side. All of it is in the plan." in text_of(reader)
    for page, side in zip(reader.pages, (1, 2), strict=True):
        shown = page.extract_text()
        assert f"Side {side} of 2" in shown
        assert all(block.title in shown for block in real.paper if block.side == side and block.kind != "head")


@pytest.mark.parametrize("text", [of_words, of_wide_letters, of_dates])
def test_the_fullest_plan_goes_on_to_more_pages_before_what_is_never_cut_loses_anything(
    real: Guide, text: Callable[[PlanField], str]
) -> None:
    contents = everything(real, text)
    data = sheet(real, contents, Wish(), IMPRINT)
    assert data["third_page"]
    assert_honest(boxes(real, contents), sides_of(real, contents))
    reader = PdfReader(io.BytesIO(pdf.typeset(TEMPLATE, data, DAY)))
    assert len(reader.pages) > 2
    shown = [" ".join(page.extract_text().split()) for page in reader.pages]
    assert "More on the next page" in shown[0] and f"Page 1 of {len(shown)}" in shown[0]
    assert shown[1].startswith("My treatment plan, side 1 of 2, continued") and f"Page 2 of {len(shown)}" in shown[1]


def sides_of(guide: Guide, contents: Contents, wish: Wish = Wish()) -> list[Side]:  # noqa: B008  # frozen
    """The sides of the paper."""
    return [_Sheet(guide, wish, IMPRINT, 0).side(boxes(guide, contents), number) for number in (1, 2)]


def assert_honest(typed: list[Box], sides: list[Side]) -> None:
    """What the content calls never cut stands there word for word, and every list that is not whole says so."""
    shown = {(box.id, entry.label): entry for side in sides for box in side.boxes for entry in box.entries}
    for box in typed:
        for entry in box.entries:
            if entry.never_cut:
                assert shown[box.id, entry.label] == entry
            elif isinstance(entry, Rows):
                found = shown[box.id, entry.label]
                assert isinstance(found, Rows)
                assert found.note == ("" if len(found.rows) == len(entry.rows) else f"{len(found.rows)} of {len(entry.rows)} shown")


def plain_text(reader: PdfReader) -> str:
    """Its words without spaces: where lines break matters not."""
    return "".join(text_of(reader).split())


CROWD = Contents(CROWDED)


def cells_of(guide: Guide) -> list[str]:
    """The words of every row of the crowded plan that is never cut."""
    found = [entry for box in boxes(guide, CROWD) for entry in box.entries if isinstance(entry, Rows) and entry.never_cut]
    assert [len(entry.rows) for entry in found] == [9, 8, 7, 18, 3]
    return ["".join(cell.split()) for entry in found for row in entry.rows for cell in row]


@pytest.mark.parametrize("paper", PAPER_SIZES)
@pytest.mark.parametrize("type", ["normal", "more", "large"])
def test_a_crowded_plan_keeps_allergies_medicines_of_now_and_reasons_to_call(real: Guide, type: str, paper: str) -> None:
    reader = made(real, CROWD, Wish(paper, type))
    shown = plain_text(reader)
    for text in (
        "warfarin5mg",
        "ondansetron",
        "adhesivetape",
        "Oneswollenorpainfulleg",
        "loperamide",
        "leuprolide(Lupron)",
        "Itakeabloodthinner:Yes",
    ):
        assert text in shown
    if type != "large":  # there a wide table is told in lines, with the labels of its columns
        assert [cell for cell in cells_of(real) if cell not in shown] == []


@pytest.mark.parametrize("type", ["more", "large"])
def test_a_crowded_plan_is_whole_in_large_print_and_on_more_pages(real: Guide, type: str) -> None:
    data, shown = sheet(real, CROWD, Wish(type=type), IMPRINT), text_of(made(real, CROWD, Wish(type=type)))
    assert data["missing"] == [] and " shown)" not in shown and "had no room" not in shown
    words = "".join(shown.split())
    for group in real.plan:
        for field in group.fields:
            for value in typed_in(field, CROWD.get(group.key, field.key)):
                assert "".join(value.split()) in words, (field.key, value)


def typed_in(field: PlanField, value: Value) -> list[str]:
    """Every text of a field that goes to paper, in words."""
    if field.print == "none":
        return []
    if field.type != "group":
        return [in_words(field, value)]
    rows = [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []
    return [in_words(column, row.get(column.key, "")) for row in rows for column in field.fields if column.print_in_row]


@pytest.mark.parametrize("paper", PAPER_SIZES)
def test_each_list_of_a_crowded_plan_that_is_cut_says_so(real: Guide, paper: str) -> None:
    sides = sides_of(real, CROWD, Wish(paper))
    assert_honest(boxes(real, CROWD), sides)
    notes = [entry.note for side in sides for box in side.boxes for entry in box.entries if isinstance(entry, Rows) and entry.note]
    shown = text_of(made(real, CROWD, Wish(paper)))
    assert len(notes) >= 4 and all(f"({note})" in shown for note in notes)
    missing = [name for _, names in sheet(real, CROWD, Wish(paper), IMPRINT)["missing"] for name in names]
    assert any(re.fullmatch(r"Cancer medicines I had before \(\d of 13 shown\)", name) for name in missing)
    assert "Cancer in my family" in missing


@few
@given(st.data(), st.sampled_from(list(PAPER_SIZES)), st.integers(1, 12))
def test_whatever_is_typed_the_paper_is_honest(real: Guide, data: st.DataObject, paper: str, most: int) -> None:
    """Any plan, and any plan on top of a full one, so that its sides are crowded."""
    some = data.draw(any_contents(real))
    full = everything(real, of_words, most)
    for contents in (some, Contents({key: {**fields, **some.values.get(key, {})} for key, fields in full.values.items()})):
        assert_honest(boxes(real, contents), sides_of(real, contents, Wish(paper)))


@pytest.mark.parametrize("paper", PAPER_SIZES)
@pytest.mark.parametrize("type", TYPES)
def test_an_empty_plan_is_two_pages_of_any_type(real: Guide, paper: str, type: str) -> None:
    reader = made(real, Contents(), Wish(paper, type))
    assert len(reader.pages) == 2
    assert ("Nothing is filled in for this side yet." in text_of(reader)) == (type != "blank")


def test_an_ordinary_plan_loses_nothing(real: Guide) -> None:
    """Everything filled in, but with a few words each and one row of each kind."""
    for paper in PAPER_SIZES:
        reader = made(real, everything(real, few_words, most=1, choose=first_choice), Wish(paper))
        assert len(reader.pages) == 2 and "had no room" not in text_of(reader)


def test_the_print_page_of_the_browser_never_shows_more_than_the_pdf(real: Guide) -> None:
    contents = everything(real, few_words, most=2)
    papers = [sheet(real, contents, Wish(), IMPRINT, for_browser=browser) for browser in (False, True)]
    assert papers[0]["missing"] and not any(paper["third_page"] for paper in papers)
    for side, theirs in zip(*(paper["sides"] for paper in papers), strict=True):
        assert len(str(theirs["boxes"])) <= len(str(side["boxes"]))


@pytest.mark.parametrize(("paper", "size"), [("letter", (612, 792)), ("a4", (595, 842))])
def test_paper_has_its_size(toy: Guide, paper: str, size: tuple[int, int]) -> None:
    box = made(toy, Contents(), Wish(paper)).pages[0].mediabox
    assert (round(box.width), round(box.height)) == size


def test_large_print_leaves_nothing_out(real: Guide) -> None:
    contents = everything(real, few_words, most=9)
    data = sheet(real, contents, Wish(type="large"), IMPRINT)
    assert [side["size"] for side in data["sides"]] == [14.0, 14.0]
    shown = text_of(reader := made(real, contents, Wish(type="large")))
    assert len(reader.pages) > 4 and "had no room" not in shown
    for group in real.plan:
        for field in group.fields:
            assert field.print == "none" or field.type == "group" or field.label.split()[0] in shown


def test_blank_paper_has_fields_and_nothing_that_was_typed(real: Guide) -> None:
    shown = text_of(made(real, everything(real, lambda field: "Secret"), Wish(type="blank", code=True), replace(IMPRINT, code="AAAA-BBBB")))
    assert "Secret" not in shown and "AAAA-BBBB" not in shown
    assert all(block.title in shown for block in real.paper if block.kind != "head")


@pytest.mark.parametrize("type", TYPES)
def test_it_is_tagged_and_passes_the_check_for_readers_of_screens(real: Guide, type: str) -> None:
    imprint = replace(IMPRINT, code="AAAA-BBBB", square=SQUARE)
    root: Any = made(real, everything(real, of_dates, most=2), Wish("a4", type, code=True), imprint).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] and root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == "en" and root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()


def test_head_and_foot_say_what_the_paper_is(toy: Guide) -> None:
    contents = Contents({"garden": {"name": "Wild corner"}})
    shown = " ".join(text_of(made(toy, contents)).split())
    for text in (
        "My treatment plan",
        "Side 1 of 2",
        "Printed 26 November 2026",
        "Last changed 2 November 2026",
        "Guide edition 7",
        "Filled in by the patient. Not a medical record. No gardener has read this yet.",
        "Checked with my care team by",
        "The plan is kept until 25 November 2028",
    ):
        assert text in shown
    assert "Last changed" not in text_of(made(toy, contents, imprint=replace(IMPRINT, saved=None)))


def test_the_code_is_printed_only_where_it_is_given(toy: Guide) -> None:
    with_code = replace(IMPRINT, code="AAAA-BBBB", square=SQUARE)
    assert "AAAA-BBBB" in text_of(made(toy, Contents(), Wish(code=True), with_code))
    assert "Code of this plan" not in text_of(made(toy, Contents()))


@pytest.mark.parametrize("typed", ["#panic()", "*x* _y_ $z^2$", "<script>alert(1)</script>", "= x", "@y <z>", "\\u{41}"])
def test_what_was_typed_is_printed_as_it_was_typed(toy: Guide, typed: str) -> None:
    """In a line, in a list, in a question and in a table."""
    visitors: list[Row] = [{"visitor": typed}]
    questions: list[Row] = [{"q": typed}]
    plan = Contents({"garden": {"name": typed}, "ground": {"visitors": visitors}, "fence": {"questions": questions}})
    assert text_of(made(toy, plan)).count(typed) == 3
    first, *others = toy.paper
    tables = replace(toy, paper=(replace(first, tables=True), *others))
    assert text_of(made(tables, plan)).count(typed) == 3


def test_letters_that_no_font_shows_are_told(toy: Guide) -> None:
    assert "2 letters could not be printed" in text_of(made(toy, Contents({"garden": {"name": "\ue000\ue001"}})))


def test_the_timeline_is_drawn_with_its_words_beside_it(toy: Guide) -> None:
    visitors: list[Row] = [{"visitor": "slugs", "seen": "2019"}, {"visitor": "mice", "seen": "2021-05"}]
    questions: list[Row] = [{"q": "Why?"}]
    contents = Contents({"ground": {"visitors": visitors}, "fence": {"questions": questions}})
    words = "Timeline, the oldest first. Slugs: since 2019; Mice: since 2021-05."
    assert [box["timeline_words"] for side in sheet(toy, contents, Wish(), IMPRINT)["sides"] for box in side["boxes"]] == ["", words]
    assert words in figures(made(toy, contents))


def figures(reader: PdfReader) -> list[str]:
    """The words that stand beside pictures."""
    root: Any = reader.trailer["/Root"]
    found, waiting = [], [root["/StructTreeRoot"]]
    while waiting:
        entry = waiting.pop().get_object()
        if isinstance(entry, list):
            waiting += entry
        elif isinstance(entry, dict):
            found += [entry["/Alt"]] if "/Alt" in entry else []
            waiting += [entry["/K"]] if "/K" in entry else []
    return found


def test_wishes_come_from_the_address_and_nonsense_is_the_usual() -> None:
    assert Wish.of({"paper": "a4", "type": "large", "code": "1"}) == Wish("a4", "large", code=True)
    assert Wish.of({"paper": "a0", "type": "tiny", "code": "yes"}) == Wish.of({}) == Wish("letter", "normal", code=False)


@few
@given(st.lists(st.text(max_size=400), min_size=1, max_size=6), st.sampled_from(list(PAPER_SIZES)), st.integers(1, 12))
def test_whatever_is_typed_is_two_pages_where_all_of_it_may_be_cut(real: Guide, typed: list[str], paper: str, most: int) -> None:
    texts, guide = iter(typed * 2000), without_never_cut(real)
    assert len(made(guide, everything(guide, lambda field: next(texts), most), Wish(paper)).pages) == 2
