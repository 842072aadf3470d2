"""A whole guide: it loads, and every mistake that spans files is told."""

from __future__ import annotations

import datetime
import re

import pytest

from guide.content.checks import ADDRESSES
from guide.content.conditions import Wants
from guide.content.documents import Guide, documents
from guide.content.mistakes import ContentError, Mistake, Place, mistake
from guide.content.places import line_of
from guide.content.text import read
from guide.content.whole import examine, load

SOIL, WATER, VISITORS = "en/pages/10-soil.md", "en/pages/20-water.md", "en/pages/30-visitors.md"
COMPOST, MULCH = "en/treatments/compost.md", "en/treatments/mulch.md"
GROUND, GARDEN = "en/plan/20-my-ground.md", "en/plan/10-my-garden.md"
ASK_SPACE, ASK_SOIL, ASK_PUDDLES = "en/questions/10-space.md", "en/questions/20-soil.md", "en/questions/30-puddles.md"
ASK_VISITORS, ASK_RAIN = "en/questions/40-visitors.md", "en/questions/50-rain.md"


def changed(texts: dict[str, str], path: str, old: str, new: str) -> dict[str, str]:
    """The texts with one place changed; the place must be there."""
    assert old in texts[path], f"{path} does not hold {old!r}"
    return {**texts, path: texts[path].replace(old, new, 1)}


def mistakes_in(texts: dict[str, str]) -> tuple[Mistake, ...]:
    with pytest.raises(ContentError) as caught:
        load(texts)
    return caught.value.mistakes


# What loads


def test_the_toy_guide_loads_with_everything_in_its_order(toy: Guide) -> None:
    assert [page.slug for page in toy.pages] == ["soil", "water", "visitors"]
    assert list(toy.treatments) == ["compost", "mulch", "netting"]
    assert [question.id for question in toy.questions] == ["space", "soil", "puddles", "visitors", "rain"]
    assert [group.key for group in toy.plan] == ["garden", "ground", "fence"]
    assert [block.id for block in toy.paper] == ["front", "back"]
    assert toy.site.name == "The Small Garden" and toy.site.texts["welcome"] == "Every garden starts small."
    assert toy.glossary is not None and len(list(toy.glossary.body.blocks)) == 5
    assert set(toy.audiences) == {"open-ground", "heavy-ground"}


def test_every_kind_of_block_stands_in_the_toy_guide(toy: Guide) -> None:
    assert {block.kind for _, block in toy.blocks("option", "support", "test", "ask", "callnow", "changed")} == {
        "option", "support", "test", "ask", "callnow", "changed",
    }  # fmt: skip
    assert {block.role for _, block in toy.blocks("option")} == {"usual", "other", "only-if", "trial"}


def test_things_are_found_by_their_names(toy: Guide) -> None:
    assert toy.page("water").title == "Water"
    assert toy.question("soil").title == "What is your soil like?"
    assert toy.group("my-ground").key == "ground"
    assert toy.group("my-ground").field("visitors").column("seen").type == "date_partial"
    for find in (toy.page, toy.question, toy.group, toy.group("my-ground").field):
        with pytest.raises(KeyError):
            find("moon")


def test_blocks_come_with_their_documents_pages_first(toy: Guide) -> None:
    assert [(document.slug, block.title) for document, block in toy.blocks("callnow")] == [
        ("water", "Water reaches the power socket"),
        ("compost", "The heap is smoking"),
    ]


def test_a_body_is_cut_into_sections_at_its_headings(toy: Guide) -> None:
    sections = toy.treatments["compost"].body.sections
    assert [section.title for section in sections] == ["", "What it is", "How it is done", "What can go wrong"]
    assert [type(part).__name__ for part in sections[-1].parts] == ["str", "Block"]
    for document in documents(toy):
        cut = [part for section in document.body.sections for part in section.parts]
        assert "".join(map(str, cut)) == "".join(map(str, document.body.parts))


def test_documents_are_pages_treatments_and_the_glossary(toy: Guide) -> None:
    assert [document.slug for document in documents(toy)] == ["soil", "water", "visitors", "compost", "mulch", "netting", "glossary"]


def test_an_only_when_is_part_of_its_fact(toy: Guide) -> None:
    assert toy.facts["soil"].only_when == Wants(toy.facts["space"], frozenset({"bed"}))
    assert toy.facts["puddles"].only_when == Wants(toy.facts["soil"], frozenset({"clay"}))
    assert toy.facts["rain"].only_when is None


def test_terms_are_marked_on_pages_but_not_in_the_glossary(toy: Guide) -> None:
    assert '<a class="term" href="/guide/words/#humus">humus</a>' in str(toy.page("soil").body.parts[0])
    assert toy.glossary is not None
    assert not any('class="term"' in (part if isinstance(part, str) else part.html) for part in toy.glossary.body.parts)


def test_a_guide_may_do_without_a_glossary(toy_texts: dict[str, str]) -> None:
    del toy_texts["en/glossary.md"]
    texts = changed(toy_texts, VISITORS, "[aphid colony](term:aphid)", "aphid colony")
    guide = load(changed(texts, MULCH, " and the [word](term:mulching)", ""))
    assert guide.glossary is None
    assert 'class="term"' not in str(guide.page("soil").body.parts[0])


def test_another_language_is_another_folder(toy_texts: dict[str, str]) -> None:
    spanish = {path.replace("en/", "es/", 1): text for path, text in toy_texts.items()}
    assert load(spanish, "es").page("water").path == "es/pages/20-water.md"
    assert load({**spanish, **toy_texts}).page("water").path == WATER


def test_files_from_windows_make_the_same_guide(toy_texts: dict[str, str], toy: Guide) -> None:
    assert load({path: text.replace("\n", "\r\n") for path, text in toy_texts.items()}) == toy


def test_pages_stand_in_the_order_of_their_numbers(toy_texts: dict[str, str]) -> None:
    toy_texts["en/pages/9-water.md"] = toy_texts.pop(WATER)
    assert [page.slug for page in load(toy_texts).pages] == ["water", "soil", "visitors"]


def test_a_page_may_stand_at_another_number_than_its_file_has(toy_texts: dict[str, str]) -> None:
    texts = {**toy_texts, "en/pages/20-water.md": toy_texts["en/pages/20-water.md"].replace("title:", "order: 5\ntitle:", 1)}
    assert [page.slug for page in load(texts).pages] == ["water", "soil", "visitors"]
    texts["en/pages/20-water.md"] = texts["en/pages/20-water.md"].replace("order: 5", "order: first")
    with pytest.raises(ContentError, match="order: write a whole number"):
        load(texts)


def test_pages_stand_part_by_part(toy_texts: dict[str, str]) -> None:
    guide = load(changed(toy_texts, SOIL, "part: ground", "part: guests"))
    assert [page.slug for page in guide.pages] == ["water", "soil", "visitors"]
    assert [(title, [page.slug for page in pages]) for title, pages in guide.parts] == [
        ("The ground", ["water"]),
        ("Who comes by", ["soil", "visitors"]),
    ]


# One change, one mistake


@pytest.mark.parametrize(
    ("path", "old", "new", "expected"),
    [
        # sources
        (SOIL, "[@allotment-notes]", "[@allotment-notes; @moon]", (SOIL, "sources", "there is no source 'moon' in sources.yaml")),
        (WATER, "sources: [rain-study]\nNobody", "sources: [moon]\nNobody", (WATER, "sources", "there is no source 'moon' in sources.yaml")),
        ("en/glossary.md", " [@allotment-notes]", "", ("en/glossary.md", "sources", "cite at least one source: [@id]")),
        ("sources.yaml", "rain-study:\n", "moon:\n  {title: M, publisher: M, date: M, doi: 10.1/m, checked: 2026-03-01}\nrain-study:\n", ("sources.yaml", "moon", "no document uses it")),
        ("sources.yaml", "  doi: 10.1000/garden.1\n", "", ("sources.yaml", "rain-study.url", "give its address or its DOI")),
        # links
        (SOIL, "(page:water#rain)", "(page:water#snow)", (SOIL, "link", "page:water#snow: en/pages/20-water.md has no heading or block #snow")),
        (SOIL, "(page:water#rain)", "(page:moon)", (SOIL, "link", "there is no page 'moon'")),
        (SOIL, "(page:water#rain)", "(#moon)", (SOIL, "link", "#moon: en/pages/10-soil.md has no heading or block #moon")),
        (SOIL, "(treatment:compost)", "(treatment:moon)", (SOIL, "link", "there is no treatment 'moon'")),
        (SOIL, "(treatment:compost)", "(treatment:compost#moon)", (SOIL, "link", "en/treatments/compost.md has no heading or block #moon")),
        (VISITORS, "(term:aphid)", "(term:moon)", (VISITORS, "link", "there is no term 'moon' in the glossary")),
        (COMPOST, "(page:soil#compost-in-spring)", "(page:soil#moon)", (COMPOST, "link", "en/pages/10-soil.md has no heading or block #moon")),
        ("en/glossary.md", "(treatment:mulch)", "(treatment:moon)", ("en/glossary.md", "link", "there is no treatment 'moon'")),
        (ASK_SOIL, "(page:soil)", "(page:moon)", (ASK_SOIL, "link", "there is no page 'moon'")),
        (ASK_SOIL, "(page:soil)", "(page:soil#moon)", (ASK_SOIL, "", "moon")),
        (ASK_SOIL, "(page:soil)", "(term:moon)", (ASK_SOIL, "", "moon")),
        (ASK_SOIL, "Rub some", "[@moon] Rub some", (ASK_SOIL, "", "moon")),
        # treatments
        (WATER, "treatments: [compost]", "treatments: [moon]", (WATER, "option | A ditch for standing water: treatments", "there is no treatment 'moon'")),
        (WATER, "treatments: [mulch]", "treatments: [mulch, moon]", (WATER, "support | A cover on the ground: treatments", "there is no treatment 'moon'")),
        (SOIL, "    treatments: []", "    treatments: [moon]", (SOIL, "test | Shake some soil in a jar: treatments", "there is no treatment 'moon'")),
        (SOIL, "{is: heavy-ground}", "{is: heavy-ground}\n    treatments: [moon]", (SOIL, "ask | Would a raised bed help my clay?", "")),
        (WATER, "socket\n", "socket\n    treatments: [moon]\n", (WATER, "callnow | Water reaches the power socket", "")),
        (MULCH, "family: water", "family: moon", (MULCH, "family", "there is no page 'moon'; there are soil, visitors, water")),
        (MULCH, "## What can go wrong", "## What can go wrong\n\n### Slugs\n\nMany.\n\n## The end", (MULCH, "heading", "'The end' is not one of: What it is; Who it is for or How it is done; What can go wrong")),
        (MULCH, "## Who it is for\n", "", (MULCH, "heading", "'## Who it is for or How it is done' is missing")),
        (MULCH, "## Who it is for\n", "## Who it is for\n\nMany.\n\n## How it is done\n", (MULCH, "heading", "put each once, in this order: What it is; Who it is for or How it is done")),
        (COMPOST, "## What it is\n\nPeels and leaves, eaten by worms [@compost-leaflet].\n", "\n", (COMPOST, "heading", "'## What it is' is missing")),
        (COMPOST, "in_2018: true", "in_2018: true\nkind: tool", (COMPOST, "kind", "write one of treatment, supportive, test")),
        (MULCH, "kind: supportive", "kind: treatment", (WATER, "support | A cover on the ground: treatments", "'mulch' is not of kind supportive")),
        ("promised.yaml", "[compost, mulch]", "[compost, moon]", ("promised.yaml", "treatments", "there is no treatments/moon.md")),
        ("en/site.yaml", "situations_under: What it is", "situations_under: Moon", ("en/site.yaml", "situations_under", "name one of the treatment_headings: What it is;")),
        ("en/site.yaml", "sourced_under: What can go wrong", "sourced_under: Moon", ("en/site.yaml", "sourced_under", "name one of the treatment_headings: What it is;")),
        (MULCH, "Slugs like it too.\n", "- **Slugs** like it too.\n", (MULCH, "What can go wrong", "no source stands behind the point 'Slugs like it too.': cite one in it, [@id]")),
        # what is empty, or says nothing
        (SOIL, "We used to say: dig deep. Now we leave the worms alone.\n///\n", "Dig less.\n///\n\n## Stones\n", (SOIL, "heading", "nothing stands under the heading 'Stones': write something, or remove the heading")),
        (SOIL, "### Heavy soil\n", "### Heavy soil\n\n### Light soil\n", (SOIL, "heading", "nothing stands under the heading 'Heavy soil'")),
        (MULCH, "Slugs like it too.\n", "", (MULCH, "heading", "nothing stands under the heading 'What can go wrong'")),
        (ASK_SPACE, "Look out of the window.\n", "", (ASK_SPACE, "text", "there is no text yet")),
        (SOIL, "summary: What soil needs, and how to give it that.", "summary: good  soil.", (SOIL, "summary", "it only repeats the title: say in one plain sentence")),
        ("en/glossary.md", "summary: Short explanations of the words that gardeners use.", "summary: Garden words", ("en/glossary.md", "summary", "it only repeats the title")),
        # the menu
        (WATER, "part: ground", "part: moon", (WATER, "part", "there is no part 'moon' in site.yaml; there are ground, guests")),
        (WATER, "part: ground\n", "", (WATER, "part", "")),
        # dates
        (SOIL, "since: 2018", "since: lately", (SOIL, "changed | Digging twice a year", "since is a year, month or day")),
        (SOIL, "    since: 2018\n", "", (SOIL, "changed | Digging twice a year", "it needs since")),
        # names
        (SOIL, "id: mulch-for-sandy-beds", "id: compost-in-the-pot", (SOIL, "option | Mulch for sandy beds: id", "two blocks or headings of this page have the id compost-in-the-pot")),
        # conditions
        (SOIL, "{space: balcony}\n    role", "{space: moon}\n    role", (SOIL, "option | Compost in the pot: when", "space has no value 'moon'; it has: balcony, bed, meadow")),
        (SOIL, "{is: heavy-ground}", "{is: moon}", (SOIL, "ask | Would a raised bed help my clay?: when", "there is no audience 'moon'")),
        (SOIL, 'rain: "no"', "rain: false", (SOIL, "option | Mulch for sandy beds: when", "rain: give a value or a list of values; there are: yes, no (quote yes and no)")),
        (ASK_SOIL, "only_when: {space: bed}", "only_when: {rain: 'yes'}", (ASK_SOIL, "only_when", "there is no fact 'rain'; there are: space (only questions with a lower number count)")),
        (ASK_SOIL, "only_when: {space: bed}", "only_when: {soil: clay}", (ASK_SOIL, "only_when", "there is no fact 'soil'")),
        (WATER, "{puddles: stay}", "{rain: 'yes'}", (ASK_PUDDLES, "", "no condition needs this fact, so it is never asked")),
        # plan
        (GARDEN, "print: front, priority: 1", "print: moon, priority: 1", (GARDEN, "name.print", "there is no block 'moon' in paper.yaml")),
        ("en/plan/paper.yaml", "id: back", "id: moon", ("en/plan/30-over-the-fence.md", "questions.print", "there is no block 'back' in paper.yaml")),
        (GROUND, "    print_rows: 2", "    also: {print: moon, when: likes=rake, label: x}", (GROUND, "visitors.also.print", "there is no block 'moon'")),
        (GROUND, "    print_rows: 2", "    also: {print: back, when: likes=moon, label: x}", (GROUND, "visitors.also.when", "column=value")),
        (GROUND, "label: Who, type: choice", "label: Who, never_cut: true, type: choice", (GROUND, "visitors.visitor.never_cut", "write never_cut at visitors")),
        (GARDEN, "label: How many beds, type: integer", "label: How many beds, never_cut: true, type: integer", (GARDEN, "beds.never_cut", "does not go to paper")),
        (GARDEN, "label: Rain barrel, type: yesno", "label: Rain barrel, never_cut: yes, type: yesno", (GARDEN, "barrel.never_cut", "write true or false")),
        (GROUND, "values: soil", "values: moon", (GROUND, "soil.values", "there is no list 'moon' in choices.yaml")),
        (GARDEN, "show_if: barrel=yes", "show_if: moon=yes", (GARDEN, "liters", "")),
        (GARDEN, "show_if: barrel=yes", "show_if: barrel=moon", (GARDEN, "liters", "")),
        (ASK_SOIL, "field: ground.soil", "field: ground.moon", (ASK_SOIL, "plan", "the plan has no ground.moon")),
        (ASK_SOIL, "field: ground.soil", "field: moon.soil", (ASK_SOIL, "plan", "the plan has no moon.soil")),
        (ASK_SOIL, "field: ground.soil", "field: ground.visitors", (ASK_SOIL, "plan", "")),
        (ASK_SOIL, "values: {sand: sand, ", "values: {sand: sand, moon: sand, ", (ASK_SOIL, "plan.values.moon", "there is no answer 'moon'")),
        (ASK_SOIL, "clay: clay, ", "clay: moon, ", (ASK_SOIL, "plan.values", "ground.soil does not offer 'moon'")),
        (ASK_SOIL, "not_sure: not_sure", "not_sure: moon", (ASK_SOIL, "plan.values", "ground.soil does not offer 'moon'")),
        (ASK_VISITORS, "rows: ground.visitors", "rows: ground.soil", (ASK_VISITORS, "plan", "the plan has no ground.soil visitor")),
        (ASK_VISITORS, "column: visitor", "column: moon", (ASK_VISITORS, "plan", "the plan has no ground.visitors moon")),
        (ASK_SOIL, "sticks: sticky", "sticks: garden.barrel=maybe", (ASK_SOIL, "plan.values", "garden.barrel does not offer 'maybe'")),
        (ASK_SOIL, "sticks: sticky", "sticks: garden.moon=full", (ASK_SOIL, "plan.values.sticks", "the plan has no garden.moon")),
        (ASK_SOIL, "sticks: sticky", "sticks: sticky, moon: garden.barrel=yes", (ASK_SOIL, "plan.values.moon", "'moon'")),
        (ASK_VISITORS, "mice: mice}\n", "mice: moon}\n", (ASK_VISITORS, "plan.values", "ground.visitors does not offer 'moon'")),
        (ASK_VISITORS, "mice: mice}\n", "mice: mice}\n  not_sure: slugs\n", (ASK_VISITORS, "plan", "")),
        # single files
        (SOIL, "checked: 2026-03-01", "checked: soon", (SOIL, "checked", "write a day, as 2026-11-23")),
        ("en/site.yaml", "name: The Small Garden\n", "", ("en/site.yaml", "name", "fill it in")),
        ("en/site.yaml", "texts:", "moon: x\ntexts:", ("en/site.yaml", "moon", "unknown field")),
        (GARDEN, "type: integer}", "type: integer, checks: [{not_before: moon}]}", (GARDEN, "beds.checks.1.not_before", "write a field beside it, or group.field")),
        (GARDEN, "type: integer}", "type: integer, checks: [{most: 9, when: barrel=full}]}", (GARDEN, "beds.checks.1.when", "write field=value")),
        ("en/plan/choices.yaml", "  rake: Rake", "  rake: ''", ("en/plan/choices.yaml", "tools.rake", "fill it in")),
        ("en/glossary.md", "///\n\n/// term | Humus", "///\n\n/// trem | Humus", ("en/glossary.md", "trem | Humus", "there is no kind of block 'trem'")),
    ],
)  # fmt: skip
def test_one_broken_place_is_told_with_file_field_and_remedy(
    toy_texts: dict[str, str], path: str, old: str, new: str, expected: tuple[str, str, str]
) -> None:
    where, field, remedy = expected
    (told,) = mistakes_in(changed(toy_texts, path, old, new))
    assert told.path == where
    assert told.field.startswith(field)
    assert remedy in told.remedy


@pytest.mark.parametrize("path", [SOIL, MULCH, "en/glossary.md"])
def test_a_document_without_a_text_is_told(toy_texts: dict[str, str], path: str) -> None:
    front = toy_texts[path].partition("\n---\n")[0]
    told = mistakes_in({**toy_texts, path: f"{front}\n---\n"})
    assert mistake(path, "no-text", Place(part="text")) in told


# Words that readers see as they are written


@pytest.mark.parametrize(
    "marks", ["**big**", "__big__", "`big`", "[big](page:soil)", "![big](x.png)", "<b>", "</i>", "<!-- big -->", "&nbsp;", "[@slug-diary]"]
)
def test_marks_are_told_where_words_are_shown_as_they_are_written(toy_texts: dict[str, str], marks: str) -> None:
    said = f"'Some {marks} words'"
    places = [
        (SOIL, "title: Good soil", f"title: {said}", "title"),
        (SOIL, "summary: What soil needs, and how to give it that.", f"summary: {said}", "summary"),
        (WATER, "/// option | A ditch for standing water", f"/// option | Some {marks} words", f"option | Some {marks} words"),
        (MULCH, "title: Mulch", f"title: {said}", "title"),
        (MULCH, "title: Mulch", f"title: Mulch\nold_brands: [x, {said}]", "old_brands"),
        (ASK_SOIL, "label: Sandy", f"label: {said}", "values.sand.label"),
        (ASK_SOIL, "said: sandy soil", f"said: {said}", "values.sand.said"),
        (GARDEN, "label: How many beds", f"label: {said}", "beds.label"),
        (GARDEN, "type: integer}", f"type: integer, help: {said}}}", "beds.help"),
        ("en/plan/choices.yaml", "rake: Rake", f"rake: {said}", "tools.rake"),
        ("en/site.yaml", "name: The Small Garden", f"name: {said}", "name"),
        ("en/site.yaml", "welcome: Every garden starts small.", f"welcome: {said}", "texts.welcome"),
    ]
    for path, old, new, field in places:
        text = changed(toy_texts, path, old, new)[path]
        told = [one for one in examine({**toy_texts, path: text})[1] if one.code == "marks-in-words"]
        assert [(one.path, one.field) for one in told][:1] == [(path, field)]
        assert all(marks in one.remedy and "would be shown as it stands: write plain words here" in one.remedy for one in told)
        lines = [number for number, line in enumerate(text.split("\n"), start=1) if marks in line]
        assert {line_of(read(path, text), one.place) for one in told} == set(lines)


@pytest.mark.parametrize("words", ["# Soil", "###### Soil"])
def test_the_mark_of_a_heading_is_told_in_a_title(toy_texts: dict[str, str], words: str) -> None:
    (told,) = mistakes_in(changed(toy_texts, SOIL, "title: Good soil", f"title: '{words}'"))
    assert (told.field, told.code) == ("title", "marks-in-words")


@pytest.mark.parametrize(
    "words", ["#1 choice", "a * b * c", "1 < 2 > 0", "R&D", "snake_case_word", "[sic]", "x (y)", "___", "C# and *", "Q&A; more"]
)
def test_ordinary_signs_are_no_marks(toy_texts: dict[str, str], words: str) -> None:
    load(changed(toy_texts, SOIL, "title: Good soil", f"title: '{words}'"))


def test_addresses_and_patterns_may_hold_such_signs(toy_texts: dict[str, str]) -> None:
    texts = changed(
        toy_texts,
        "sources.yaml",
        "  doi: 10.1000/garden.1\n",
        "  doi: 10.1000/__x__<b>\n  note: See `x`.\n  url: 'https://garden.example/**a**?a&b;'\n",
    )
    load(changed(texts, GARDEN, "type: integer}", "type: integer, checks: [{pattern: '`__x__', says: x}]}"))


def test_marks_are_told_in_what_introduces_a_part_of_the_plan(toy_texts: dict[str, str]) -> None:
    toy_texts[GARDEN] += "Not **so**.\n"
    (told,) = mistakes_in(toy_texts)
    assert (told.path, told.field, told.code) == (GARDEN, "text", "marks-in-words")
    assert line_of(read(GARDEN, toy_texts[GARDEN]), told.place) == toy_texts[GARDEN].count("\n")


@pytest.mark.parametrize(
    ("twin", "told"), [("Sandy", True), ("SANDY", True), ("' sandy  '", True), ("sand y", False), ("Sandy soil", False)]
)
def test_two_answers_that_read_the_same_are_told(toy_texts: dict[str, str], twin: str, told: bool) -> None:
    texts = changed(toy_texts, ASK_SOIL, "label: Clay", f"label: {twin}")
    found = examine(texts)[1]
    assert [(one.path, one.field, one.code) for one in found] == ([(ASK_SOIL, "values.clay.label", "answers-alike")] if told else [])
    says = f"two answers read “{twin.strip(' ' + chr(39))}”: a reader cannot tell them apart, so put one otherwise"
    assert all(one.remedy == says for one in found)


def test_two_answers_that_differ_in_spaces_alone_are_told(toy_texts: dict[str, str]) -> None:
    texts = changed(changed(toy_texts, ASK_SOIL, "label: Sandy", "label: Like  a beach"), ASK_SOIL, "label: Clay", "label: like a Beach")
    assert [one.code for one in mistakes_in(texts)] == ["answers-alike"]


# Days


DAY = datetime.date(2026, 3, 10)


def day_told(texts: dict[str, str], path: str) -> list[tuple[str, str, int | None]]:
    told = [one for one in examine(texts, today=DAY)[1] if one.code == "day-to-come"]
    assert {one.path for one in told} <= {path}
    return [(one.field, one.remedy, line_of(read(path, texts[path]), one.place)) for one in told]


@pytest.mark.parametrize(("day", "told"), [("2026-03-10", False), ("2026-03-11", False), ("2026-03-12", True), ("2027-01-01", True)])
def test_nothing_was_checked_on_a_day_to_come(toy_texts: dict[str, str], day: str, told: bool) -> None:
    """Somewhere it is tomorrow already."""
    says = f"{day} is still to come: write the day when somebody looked"
    texts = changed(toy_texts, SOIL, "checked: 2026-03-01", f"checked: {day}")
    texts = changed(texts, SOIL, "review_due: 2026-09-01", "review_due: 2028-09-01")
    assert day_told(texts, SOIL) == ([("checked", says, 5)] if told else [])
    reviewed = changed(toy_texts, SOIL, "title: Good soil", f"title: Good soil\nreviewed: {{by: Rosa, role: gardener, on: {day}}}")
    assert day_told(reviewed, SOIL) == ([("reviewed.on", says, 3)] if told else [])
    source = re.sub(r"(rain-study:(?:\n  .*)*?\n  checked: )[\d-]+", rf"\g<1>{day}", toy_texts["sources.yaml"])
    assert source != toy_texts["sources.yaml"]
    line = next(number for number, line in enumerate(source.split("\n"), start=1) if line == f"  checked: {day}")
    assert day_told({**toy_texts, "sources.yaml": source}, "sources.yaml") == ([("rain-study.checked", says, line)] if told else [])


# Addresses of this site


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ("/guide/water/", "/guide/water/ is a page of this site: write page:water, so that it is checked"),
        ("/guide/water", "/guide/water is a page of this site: write page:water, so that it is checked"),
        ("/guide/water/#rain", "/guide/water/#rain is a page of this site: write page:water, so that it is checked"),
        ("/guide/treatments/compost/", "/guide/treatments/compost/ is a page of this site: write treatment:compost, so that"),
        ("https://garden.example/guide/water/", "https://garden.example/guide/water/ is a page of this site: write page:water"),
        ("http://garden.example/guide/treatments/mulch/#x", "#x is a page of this site: write treatment:mulch"),
        ("/guide/moon/", "/guide/moon/ leads nowhere on this site: write page:slug or treatment:id, or mend the address"),
        ("/moon", "/moon leads nowhere on this site"),
        ("/guide/treatments/moon/", "/guide/treatments/moon/ leads nowhere on this site"),
        ("/guide/moon/#rain", "/guide/moon/#rain leads nowhere on this site"),
        *((address, "") for address in sorted(ADDRESSES)),
        ("/guide/changes/#x", ""),
        ("https://garden.example/notes", ""),
    ],
)  # fmt: skip
def test_an_address_of_this_site_leads_somewhere_and_a_page_is_named(toy_texts: dict[str, str], link: str, told: str) -> None:
    toy_texts[SOIL] += f"\nSee [this]({link}).\n"
    found = examine(toy_texts)[1]
    assert [(one.path, one.field) for one in found] == ([(SOIL, "link")] if told else [])
    assert all(told in one.remedy for one in found)
    assert all(line_of(read(SOIL, toy_texts[SOIL]), one.place) == toy_texts[SOIL].count("\n") for one in found)


def test_an_address_of_e_mail_is_told_as_it_is_written(toy_texts: dict[str, str]) -> None:
    toy_texts[SOIL] += "\nAsk <nurse@example.org>.\n"
    (told,) = mistakes_in(toy_texts)
    assert told.remedy == "'mailto:nurse@example.org' is not a link we know; write page:slug, treatment:id, term:slug or https://..."
    assert line_of(read(SOIL, toy_texts[SOIL]), told.place) == toy_texts[SOIL].count("\n")


def test_a_treatment_that_no_block_names_is_told(toy_texts: dict[str, str]) -> None:
    without = {path: text.replace("treatments: [compost]", "treatments: [netting]") for path, text in toy_texts.items()}
    assert mistakes_in(without) == (mistake(COMPOST, "no-option-names-it", Place("kind")),)
    alone = {path: text.replace("treatments: [mulch]", "treatments: []") for path, text in toy_texts.items()}
    assert any(mistake.path == MULCH and "no option, support or test block names it" in mistake.remedy for mistake in mistakes_in(alone))


def test_a_mistake_in_yaml_is_told_with_its_line(toy_texts: dict[str, str]) -> None:
    told = mistakes_in(changed(toy_texts, SOIL, "title: Good soil", "title: Good: soil"))
    assert {mistake.path for mistake in told} == {SOIL} and len(told) == 1
    assert any(mistake.field == "line 2" and "a colon stands where none can" in mistake.remedy for mistake in told)


def test_a_mistake_in_an_audience_is_told_there(toy_texts: dict[str, str]) -> None:
    told = mistakes_in(changed(toy_texts, "audiences.yaml", "soil: clay", "soil: moon"))
    says = "audiences.yaml: heavy-ground: soil has no value 'moon'; it has: sand, clay, loam"
    assert says in map(str, told)


@pytest.mark.parametrize(
    ("path", "twin", "field"),
    [
        (ASK_SOIL, "en/questions/60-soil.md", "file name"),
        (WATER, "en/pages/40-water.md", ""),
        (GROUND, "en/plan/40-my-ground.md", ""),
        (MULCH, "en/treatments/10-mulch.md", ""),
    ],
)
def test_two_files_of_the_same_name_are_told(toy_texts: dict[str, str], path: str, twin: str, field: str) -> None:
    told = mistakes_in({**toy_texts, twin: toy_texts[path]})
    assert any(mistake.path == twin and mistake.field.startswith(field) for mistake in told)


def test_two_fields_with_the_same_key_are_told(toy_texts: dict[str, str]) -> None:
    told = mistakes_in(changed(toy_texts, GARDEN, "key: beds", "key: name"))
    assert {mistake.path for mistake in told} == {GARDEN}


@pytest.mark.parametrize(
    ("gone", "expected"),
    [
        ("en/site.yaml", ("en/site.yaml", "name", "fill it in")),
        ("sources.yaml", (SOIL, "sources", "there is no source 'allotment-notes' in sources.yaml")),
        ("audiences.yaml", (SOIL, "option | Compost in spring: when", "there is no audience 'open-ground'")),
        ("en/plan/paper.yaml", (GARDEN, "name.print", "there is no block 'front' in paper.yaml")),
        ("en/plan/choices.yaml", (GARDEN, "barrel.values", "there is no list 'yesno' in choices.yaml")),
        ("en/glossary.md", (VISITORS, "link", "there is no term 'aphid' in the glossary")),
        (COMPOST, (WATER, "option | A ditch for standing water: treatments", "there is no treatment 'compost'")),
        (WATER, (MULCH, "family", "there is no page 'water'")),
        (ASK_RAIN, (SOIL, "option | Mulch for sandy beds: when", "there is no fact 'rain'")),
        (GROUND, (ASK_SOIL, "plan", "the plan has no ground.soil")),
    ],
)
def test_a_file_that_is_gone_is_told_where_it_is_needed(toy_texts: dict[str, str], gone: str, expected: tuple[str, str, str]) -> None:
    del toy_texts[gone]
    path, field, remedy = expected
    assert any((one.path, one.field) == (path, field) and remedy in one.remedy for one in mistakes_in(toy_texts))


def test_mistakes_of_many_files_are_told_together(toy_texts: dict[str, str]) -> None:
    texts = changed(toy_texts, SOIL, "checked: 2026-03-01", "checked: soon")
    texts = changed(texts, MULCH, "family: water", "family: moon")
    texts = changed(texts, ASK_SOIL, "field: ground.soil", "field: ground.moon")
    texts = changed(texts, GARDEN, "type: integer", "type: colour")
    assert [(mistake.path, mistake.field) for mistake in mistakes_in(texts)] == [
        (SOIL, "checked"),
        (GARDEN, "beds.type"),
        (ASK_SOIL, "plan"),
        (MULCH, "family"),
    ]


def test_no_texts_at_all_are_mistakes_and_not_a_crash() -> None:
    assert {mistake.path for mistake in mistakes_in({})} == {"en/site.yaml"}


def test_a_list_of_names_leaves_out_only_treatments_that_there_are(toy_texts: dict[str, str]) -> None:
    toy_texts["en/plan/names.yaml"] = "heaps: {kinds: [treatment], without: [compost, moon]}\n"
    toy_texts[GARDEN] = toy_texts[GARDEN].replace("type: text, max: 20", "type: text, max: 20, complete: heaps")
    with pytest.raises(ContentError) as raised:
        load(toy_texts)
    assert [(one.path, one.field) for one in raised.value.mistakes] == [(GARDEN, "name.complete")]
    assert "'moon'" in str(raised.value)


@pytest.mark.parametrize(
    ("short", "told"),
    [
        ("{compost: [cmp], mulch: [ml]}", []),
        ("{moon: [m]}", ["'m' is short for 'moon', which it does not offer"]),
        ("{netting: [n]}", ["'n' is short for 'netting', which it does not offer"]),
        ("{compost: [cm], mulch: [c-m]}", ["'cm' is short for compost, mulch, but it means something else, too"]),
        ("{mulch: [garden-compost]}", ["'gardencompost' is short for mulch, but it means something else, too"]),
        ("{compost: [garden-compost]}", []),
    ],
)
def test_a_short_name_means_one_treatment_that_the_list_offers(toy_texts: dict[str, str], short: str, told: list[str]) -> None:
    toy_texts["en/plan/names.yaml"] = f"heaps: {{kinds: [treatment, supportive], without: [netting], short: {short}}}\n"
    toy_texts[GARDEN] = toy_texts[GARDEN].replace("type: text, max: 20", "type: text, max: 20, complete: heaps")
    _, mistakes = examine(toy_texts)
    assert [(one.path, one.field) for one in mistakes] == [(GARDEN, "name.complete")] * len(told)
    assert all(words in str(one) for words, one in zip(told, mistakes, strict=True))


def test_other_names_stand_beside_a_list_that_there_is(toy_texts: dict[str, str]) -> None:
    toy_texts["en/plan/names.yaml"] = "heaps: {kinds: [treatment]}\n"
    toy_texts["en/plan/other_names.yaml"] = "heaps: |\n  sand\nstones: |\n  granite\n"
    toy_texts[GARDEN] = toy_texts[GARDEN].replace("type: text, max: 20", "type: text, max: 20, complete: heaps")
    assert [(one.path, one.field) for one in mistakes_in(toy_texts)] == [("en/plan/other_names.yaml", "stones")]
    toy_texts["en/plan/other_names.yaml"] = "heaps: |\n  sand\n"
    complete = load(toy_texts).plan[0].field("name").complete
    assert complete and complete.others == {"sand"}
