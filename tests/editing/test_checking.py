"""What a writer is told of a text: mistakes with their lines, the reading grade, hard sentences."""

from __future__ import annotations

import pytest

from guide.content.errors import Mistake
from guide.content.grade import names_pattern
from guide.editing.checking import MOST_SHOWN, check, current, hard_sentences, line_of, line_of_words, placed, read_with
from guide.editing.models import Edition

SOIL, WATER, COMPOST = "en/pages/10-soil.md", "en/pages/20-water.md", "en/treatments/compost.md"
HARD = "Considerable agricultural deterioration necessitates comprehensive, interdisciplinary rehabilitation strategies immediately."
LONG = "We dig and we dig and we dig and we sow and we sow and we sow and then we sit and sit and sit and eat a pie in the sun."

pytestmark = pytest.mark.usefixtures("garden")


@pytest.fixture
def soil(toy_texts: dict[str, str]) -> str:
    return toy_texts[SOIL]


def line(text: str, start: str) -> int:
    """The one line that begins like this, from 1."""
    (found,) = [number for number, one in enumerate(text.split("\n"), start=1) if one.startswith(start)]
    return found


# Mistakes


def test_nothing_is_said_of_texts_without_a_mistake(toy_texts: dict[str, str]) -> None:
    assert {path: check(path, text).mistakes for path, text in toy_texts.items()} == dict.fromkeys(toy_texts, ())


def test_every_mistake_is_told_those_of_this_text_first_in_the_order_of_its_lines(soil: str) -> None:
    text = (
        soil.replace("## Heavy soil", "# Heavy soil")
        .replace("| Compost in spring", "| Compost in March")
        .replace("title: Good soil", "title:")
    )
    text = text.replace("treatments: [mulch]", "treatments: [moondust]")
    found = check(SOIL, text).mistakes
    here = [one for one in found if one.here]
    assert found[: len(here)] == tuple(here)
    assert [one.line for one in here] == sorted(one.line or 0 for one in here)
    assert here[0].line == line(text, "title:") and here[0].field == "title"
    (there,) = [one for one in found if not one.here]
    assert (there.line, there.mistake.path) == (None, COMPOST)
    assert str(there) == f"{COMPOST}: link: page:soil#compost-in-spring: {SOIL} has no heading or block #compost-in-spring"


@pytest.mark.parametrize(
    ("old", "new", "start"),
    [
        ("    role: trial", "    role: best", "    role: best"),
        ("    role: trial\n", "", "/// option | Compost in the pot"),
        ("{soil: sand, rain", "{soil: gold, rain", "    when: {soil: gold"),
        ("    since: 2018", "    since: last year", "    since:"),
        ("treatment:compost", "treatment:gold", "Soil is sand"),
        ("### Heavy soil", "##### Heavy soil", "##### Heavy soil"),
        ("summary: What", "summary: {What: 1}\n# What", "summary:"),
        ("sources: [allotment-notes]\nMix", "sources: allotment-notes\nMix", "    sources: allotment-notes"),
    ],
)
def test_a_mistake_stands_at_its_line(soil: str, old: str, new: str, start: str) -> None:
    assert soil.count(old) == 1
    text = soil.replace(old, new)
    assert line(text, start) in [one.line for one in check(SOIL, text).mistakes]


def test_of_two_blocks_with_the_same_option_the_right_one_is_meant(soil: str) -> None:
    before, after = soil.split("/// option | Compost in the pot")
    text = f"{before}/// option | Compost in the pot{after.replace('treatments: [compost]', 'treatments: [gold]', 1)}"
    (found,) = check(SOIL, text).mistakes
    assert found.line == line(text, "    treatments: [gold]")


def test_a_colon_in_the_title_of_a_block_does_not_confuse(soil: str) -> None:
    text = soil.replace("| Compost in the pot", "| Pots: when and how").replace("    role: trial\n", "    role: best\n")
    (found,) = check(SOIL, text).mistakes
    assert found.line == line(text, "    role: best")


def test_a_field_below_another_is_found_there(toy_texts: dict[str, str]) -> None:
    text = toy_texts["en/questions/20-soil.md"].replace("clay: {label: Clay, said: clay soil}", "clay:\n    said: clay soil")
    (found,) = check("en/questions/20-soil.md", text).mistakes
    assert (str(found), found.line) == ("values.clay.label: fill it in", line(text, "  clay:"))


def test_what_a_block_lacks_is_put_in_by_a_button(soil: str) -> None:
    (found,) = check(SOIL, soil.replace("    sources: [compost-leaflet]\n", "")).mistakes
    assert str(found).endswith("Or put the cursor into the block, and take the button “Source…”")


@pytest.mark.parametrize(
    ("field", "remedy"),
    [
        ("line 900", "x"),
        ("", ""),
        ("nothing", "nothing at all"),
        ("option | No such block", "it needs role"),
        ("reading grade", "it is 9.0"),
    ],
)
def test_where_the_place_is_not_known_none_or_one_of_the_text_is_given(soil: str, field: str, remedy: str) -> None:
    found = line_of(soil, Mistake(SOIL, field, remedy))
    assert found is None or 1 <= found <= soil.count("\n") + 1


def test_a_mistake_of_another_document_has_no_line_here(soil: str) -> None:
    found = placed(SOIL, soil, Mistake(WATER, "title", "fill it in"))
    assert (found.line, found.field, found.here, str(found)) == (None, "", False, f"{WATER}: title: fill it in")


def test_texts_that_are_broken_anyhow_are_told_and_nothing_fails(toy_texts: dict[str, str]) -> None:
    """Every document cut off after each line, which is what an unfinished text is like."""
    for path, text in toy_texts.items():
        lines = text.split("\n")
        for end in range(0, len(lines), 5):
            cut = "\n".join(lines[:end])
            for one in check(path, cut).mistakes:
                assert one.line is None or 1 <= one.line <= end + 1


def test_a_document_that_goes_is_read_without_it() -> None:
    _, mistakes = read_with(WATER, None)
    assert Mistake(SOIL, "link", "there is no page 'water'; mend or remove the link") in mistakes


def test_nothing_is_saved(soil: str) -> None:
    check(SOIL, soil.replace("Good soil", "Fine soil"))
    assert Edition.objects.texts(Edition.objects.newest())[SOIL] == soil
    assert current().page("soil").title == "Good soil"


# Reading grade


def test_the_grade_is_that_of_the_text_and_none_of_a_file_without_words(toy_texts: dict[str, str], soil: str) -> None:
    easy, hard = check(SOIL, soil).grade, check(SOIL, f"{soil}\n{HARD}\n").grade
    assert easy and hard and hard.plain > easy.plain
    for path in ("sources.yaml", "audiences.yaml", "en/site.yaml"):
        assert check(path, toy_texts[path]).grade is None


def test_a_question_has_a_grade_too(toy_texts: dict[str, str]) -> None:
    path = "en/questions/20-soil.md"
    assert check(path, toy_texts[path]).grade is not None
    assert [one.says for one in check(path, f"{toy_texts[path]}\n{HARD}\n").hard] == [HARD]


def test_hard_sentences_are_shown_hardest_first_with_their_lines(soil: str) -> None:
    harder = HARD.replace("immediately", "internationally, interdepartmentally")
    text = f"{soil}\n{LONG}\n\nShort words. **{HARD[:12]}**{HARD[12:]}\n\n{harder}\n"
    found = check(SOIL, text).hard
    assert [one.says for one in found] == [harder, HARD, LONG]
    assert [one.line for one in found] == [line(text, harder), line(text, "Short words."), line(text, LONG)]
    assert found[0].grade > found[1].grade > 10 > found[2].grade


def test_an_easy_text_has_no_hard_sentence_and_a_hard_one_not_too_many(soil: str) -> None:
    assert check(SOIL, soil).hard == ()
    many = " ".join(HARD.replace("agricultural", f"agricultural {name}") for name in "ABCDEFGHIJKL")
    assert len(check(SOIL, f"{soil}\n{many}\n").hard) == MOST_SHOWN


def test_the_name_of_a_treatment_is_no_hard_word(toy_texts: dict[str, str]) -> None:
    named = "Put the Superphosphorylatedbiocarbonate on the bed and wait for it."
    text = toy_texts[COMPOST]
    assert [one.says for one in check(COMPOST, f"{text}\n{named}\n").hard] == [named]
    known = text.replace("brands: [Black Gold, Worm Joy]", "brands: [Black Gold, Superphosphorylatedbiocarbonate]")
    assert check(COMPOST, f"{known}\n{named}\n").hard == ()


def test_a_sentence_is_found_through_marks_links_and_citations() -> None:
    text = "One.\n\nTwo **big** [red](page:soil#x) worms [@a; @b] eat it.\n"
    assert line_of_words(text, "Two big red worms eat it.") == 3
    assert line_of_words(text, "Nobody wrote this at all.") is None


def test_sentences_end_where_a_new_one_begins() -> None:
    names = names_pattern(current())
    assert hard_sentences("Dig 2.5 feet deep. " + HARD + " Then rest.", HARD, names)[0].says == HARD
