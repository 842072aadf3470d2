"""What a writer is told of a text: mistakes with their lines, the reading grade, hard sentences."""

from __future__ import annotations

import pytest

from guide.content.grade import names_pattern
from guide.content.mistakes import BlockName, Place, mistake
from guide.content.places import line_of
from guide.content.text import read
from guide.editing.checking import MOST_SHOWN, check, hard_sentences, line_of_words
from guide.editing.drafts import current, read_with
from guide.editing.models import Edition
from guide.editing.placing import all_placed, placed

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
        .replace("id: compost-in-spring", "id: compost-in-march")
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
    text = toy_texts["en/questions/20-soil.md"].replace(
        "clay: {label: Clay, said: clay soil, if: the soil is clay}", "clay:\n    said: clay soil"
    )
    (found,) = check("en/questions/20-soil.md", text).mistakes
    assert (str(found), found.line) == ("values.clay.label: fill it in", line(text, "  clay:"))


def test_where_a_source_is_missing_the_button_for_it_is_named(soil: str) -> None:
    (found,) = check(SOIL, f"{soil}\nMore [@nowhere].\n").mistakes
    assert str(found).endswith("The button “Source…” finds those there are, and leads to a form for a new one")


def test_what_a_block_lacks_is_put_in_by_a_button(soil: str) -> None:
    (found,) = check(SOIL, soil.replace("    sources: [compost-leaflet]\n", "")).mistakes
    assert str(found).endswith("Or put the cursor into the block, and take the button “Source…”")


@pytest.mark.parametrize("header", ["/// option | ", "/// option |", "/// option"])
def test_a_block_without_a_title_has_its_own_mistakes_and_no_other_ones(soil: str, header: str) -> None:
    text = f"{soil}\n{header}\n    role: trial\n\n///\n\n/// option | Exercise program\n    role: trial\n\n///\n"
    untitled, titled = text.split("\n").index(header) + 1, line(text, "/// option | Exercise program")
    told = {str(one)[:40]: one.line for one in check(SOIL, text).mistakes}
    assert told == {
        "option: give it a title, after a | on its first line"[:40]: untitled,
        "option: write its text": untitled,
        "option: it needs treatments: name what it is about"[:40]: untitled,
        "option: it needs sources: say where it comes from"[:40]: untitled,
        "option | Exercise program: write its text"[:40]: titled,
        "option | Exercise program: it needs treatments"[:40]: titled,
        "option | Exercise program: it needs sources"[:40]: titled,
    }


@pytest.mark.parametrize(
    ("number", "option", "at"),
    [
        (0, "", 0),
        (0, "role", 1),
        (0, "when", 2),
        (0, "treatments", 3),
        (0, "sources", 0),
        (1, "treatments", 7),
        (2, "treatments", 10),
        (2, "when", 9),
    ],
)
def test_a_mistake_of_a_block_stands_in_it(number: int, option: str, at: int) -> None:
    """Whatever it is called by: its kind alone, or a title that begins as another one does. At its first line, where an option is missing."""
    options = "\n    role: best\n    when: {place: x}\n    treatments: [x]\nWe dig.\n///"
    text = f"/// option |{options}\n/// option | Dig\n    treatments: [x]\n///\n/// option | Dig: when\n    treatments: [x]\n///\n"
    read_text = read(SOIL, text)
    assert line_of(read_text, Place(option, read_text.blocks[number].name)) == at + 1


def test_what_is_wrong_in_the_options_of_a_block_stands_at_its_line_and_hides_nothing_of_the_others(soil: str) -> None:
    text = soil.replace("    when: {space: balcony}\n", "    when: {space: balcony\n").replace(
        "treatments: [mulch]", "treatments: [moondust]"
    )
    text = text.replace("since: 2018", "since: long ago")
    assert [(one.line, one.mistake.code) for one in check(SOIL, text).mistakes if one.here] == [
        (line(text, "    when: {space: balcony"), "yaml-open-bracket"),
        (line(text, "    treatments: [moondust]"), "unknown-treatment"),
        (line(text, "    since: long ago"), "since-no-day"),
    ]


def test_of_two_blocks_named_alike_the_one_that_lacks_something_is_meant(soil: str) -> None:
    one = "/// test | Dig\n    id: dig\n    sources: [allotment-notes]\nDig.\n///\n"
    text = f"{soil}\n{one}\n{one.replace('id: dig', 'id: dig-2').replace('    sources: [allotment-notes]', '')}"
    (found,) = check(SOIL, text).mistakes
    assert (found.mistake.code, found.line) == ("block-needs", line(text, "    id: dig-2") - 1)


@pytest.mark.parametrize(
    ("part", "quote", "near", "meant"),
    [
        ("sources", "asco", "It [@asco-2024; @my-asco] grows.", "It [@mayo; @asco] grows."),
        ("sources", "asco", "    sources: [asco-2024, my-asco]", "    sources: [mayo, asco]"),
        ("sources", "asco", "An asco, a [word](treatment:asco).", "    sources: [mayo,\n      asco]"),
        ("sources", "asco", "An asco-like thing.", "    sources:\n    - mayo\n    - asco"),
        ("link", "page:soil", "[A](page:soil-2), [b](treatment:soil)", "[A](page:soil#x)"),
        ("link", "treatment:soil", "[A](treatment:soil-2), [b](page:soil)", "[A](treatment:soil)"),
        ("link", "page:soil#x", "[A](page:soil#x-2), [b](#x)", "[A](page:soil#x)"),
        ("link", "#x", "[A](page:soil#x), [b](#x-2)", "[A](#x)"),
    ],
)
def test_a_name_that_begins_another_one_is_not_taken_for_it(part: str, quote: str, near: str, meant: str) -> None:
    text = f"---\ntitle: A\n---\n{near}\n\n{meant}\n"
    assert line_of(read(SOIL, text), Place(part=part, quote=quote)) == 6 + meant.count("\n")


@pytest.mark.parametrize(
    ("field", "start"),
    [
        ("mine.title", "mine:"),
        ("mine.date", "mine:"),
        ("open.title", "open:"),
        ("open.date", "  date:"),
        ("block.title", "block:"),
        ("block.note", "  note:"),
        ("last.title", "  title: Last"),
        ("last.steps.2.title", "  - {title: Second"),
    ],
)
def test_a_field_is_looked_for_inside_its_parent_only(field: str, start: str) -> None:
    """Also where a source is written on one line. What is missing belongs to its parent, not to the next source."""
    text = (
        "mine: {publisher: X, date: 2020}\n"
        "open: {publisher: X,\n  date: 2020}\n"
        "block:\n  inner:\n    title: Not this\n  note: X\n"
        "last:\n  title: Last\n  steps:\n  - {title: First}\n  - {title: Second}\n"
    )
    assert line_of(read("sources.yaml", text), Place(field)) == line(text, start)


def test_what_a_source_on_one_line_lacks_is_told_at_this_line(toy_texts: dict[str, str]) -> None:
    text = "my-source: {publisher: X, date: 2020, url: https://x.example, checked: 2026-03-01}\n" + toy_texts["sources.yaml"]
    (found,) = [one for one in check("sources.yaml", text).mistakes if one.mistake.field == "my-source.title"]
    assert (found.line, str(found)) == (1, "my-source.title: fill it in")


def test_the_line_of_a_mistake_is_not_said_twice(soil: str) -> None:
    wrong = mistake(SOIL, "yaml-tab", Place(line=2))
    assert str(placed(read(SOIL, soil), wrong)) == "a tab stands here: write spaces instead"
    assert str(placed(read(WATER, soil), wrong)) == f"{SOIL}: line 2: a tab stands here: write spaces instead"


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("sources.yaml", "  title: A diary of slugs", "  title: A diary: of slugs"),
        ("en/questions/20-soil.md", "  clay: {label", "  clay: [{label"),
    ],
)
def test_of_a_text_that_is_not_yaml_only_that_is_told(toy_texts: dict[str, str], path: str, old: str, new: str) -> None:
    """Without its fields much follows that is not the writer's mistake, and some of it is untrue."""
    assert toy_texts[path].count(old) == 1
    text = toy_texts[path].replace(old, new)
    assert len(read_with(path, text)[1]) > 1
    (found,) = check(path, text).mistakes
    assert (found.here, found.line) == (True, line(text, new.partition("[")[0]))


def test_what_another_text_has_wrong_in_its_yaml_hides_nothing(soil: str) -> None:
    mistakes = [mistake(WATER, "yaml-colon", Place(line=2)), mistake(SOIL, "fill-in", Place("title"))]
    assert [one.mistake for one in all_placed(SOIL, soil, mistakes)] == [mistakes[1], mistakes[0]]


@pytest.mark.parametrize(
    ("place", "at"),
    [
        (Place(line=900), 66),
        (Place(), None),
        (Place("nothing"), None),
        (Place("role", BlockName(99, "option", "No such block")), None),
        (Place(part="reading grade"), None),
        (Place(part="link", quote="page:nowhere"), None),
    ],
)
def test_where_the_place_is_not_known_none_or_one_of_the_text_is_given(soil: str, place: Place, at: int | None) -> None:
    assert soil.count("\n") + 1 == 66
    assert line_of(read(SOIL, soil), place) == at


def test_a_mistake_of_another_document_has_no_line_here(soil: str) -> None:
    found = placed(read(SOIL, soil), mistake(WATER, "fill-in", Place("title")))
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
    gone = Place(part="link", quote="page:water#rain")
    assert mistake(SOIL, "link-to-nothing", gone, kind="page", name="'water'") in mistakes


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
