"""The Markdown renderer: what is escaped, linked, numbered, cut out and refused."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guide.content.conditions import EVERYBODY, Condition, ConditionError, Fact, Wants
from guide.content.documents import Block, Body, Heading
from guide.content.ids import with_ids
from guide.content.markdown import render, slugify
from guide.content.mistakes import Mistake
from guide.content.text import read

SPACE = Fact("space", "one", ("bed", "balcony"))
IN_BED = Wants(SPACE, frozenset({"bed"}))
ADDRESSES = {"page:water": "/guide/water/", "treatment:mulch": "/guide/treatments/mulch/", "term:loam": "/guide/words/#loam"}


def when(value: object) -> Condition:
    if value is None:
        return EVERYBODY
    if value == {"space": "bed"}:
        return IN_BED
    raise ConditionError("unknown-fact", name="'moon'", known="space")


def rendered(text: str) -> tuple[Body, list[Mistake]]:
    """The body, its blocks with ids, and every mistake in it."""
    path = "en/pages/10-soil.md"
    whole = read(path, with_ids(read(path, f"---\n---\n{text}")))
    body, mistakes = render(whole, when, ADDRESSES.get)
    return body, [*whole.mistakes, *mistakes]


def body_of(text: str) -> Body:
    body, mistakes = rendered(text)
    assert mistakes == []
    return body


def html_of(text: str) -> str:
    return "".join(part if isinstance(part, str) else part.html for part in body_of(text).parts)


def only_block(text: str) -> Block:
    (block,) = body_of(text).blocks
    return block


def mistakes_in(text: str) -> list[tuple[str, str]]:
    return [(mistake.field, mistake.remedy) for mistake in rendered(text)[1]]


# Raw HTML


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "Soil <b>and</b> sand",
        '<img src="x" onerror="alert(1)">',
        "<div onclick='x'>\n\nSoil\n\n</div>",
        '<guide-block data-number="0">x</guide-block>',
        "<!-- hidden -->",
        "<style>p { color: red }</style>",
        "## <script>alert(1)</script>\n\nSoil",
        "- <iframe src=x>",
    ],
)
def test_raw_html_is_never_made_and_told_as_a_mistake(typed: str) -> None:
    body, mistakes = rendered(typed)
    assert mistakes and {mistake.field for mistake in mistakes} == {"text"}
    assert all("is HTML, which does nothing here" in mistake.remedy for mistake in mistakes)
    made = "".join(map(str, body.parts))
    for tag in ("<script", "<b>", "<img", "<div", "<guide-block", "<!--", "<style", "<iframe"):
        assert tag not in made
        if tag in typed:
            assert tag.replace("<", "&lt;").removesuffix(">") in made


def test_raw_html_in_a_block_is_told_too() -> None:
    body, mistakes = rendered("## Soil\n\n/// ask | Why <i>this</i>?\nBecause <script>alert(1)</script>.\n///")
    (block,) = body.blocks
    assert "<script" not in block.html and "&lt;script&gt;" in block.html
    assert [mistake.remedy.partition(" is HTML")[0] for mistake in mistakes[:2]] == ["'<script>'", "'</script>'"]
    title = "ask | Why <i>this</i>?"
    assert [(one.field, one.remedy) for one in mistakes[2:]] == [(title, "'<i>' would be shown as it stands: write plain words here")]
    assert block.title == "Why <i>this</i>?"


@pytest.mark.parametrize("text", ["1 < 2 and 3 > 2", "pH <7 or >8", "Write `<b>` for bold.", "<https://garden.example/>", "A > B < C"])
def test_signs_that_are_no_tags_are_no_mistake(text: str) -> None:
    assert rendered(text)[1] == []


class _Tags(HTMLParser):
    """Collects the tags and attributes of HTML."""

    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found |= {tag, *(f"{tag} {name}" for name, _ in attrs)}


ORDINARY = {
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "a", "strong", "em", "code", "pre", "blockquote", "sup", "span", "hr", "br",
    "table", "thead", "tbody", "tr", "th", "td", "div", "div class", "div tabindex", "div role", "div aria-label",
    "a href", "a class", "a rel", "a title", "sup class", "span class", "ol start", "th style", "td style",
    *(f"h{level} id" for level in range(1, 7)),
}  # fmt: skip
PIECES = ["<script>", "</script>", "<b onclick=x>", "<!--", "-->", "<", ">", "&lt;", "&#60;", "&", '"', "'", "`", "``", "*", "_", "[", "](", ")", "[@", "]", "\n", "\n\n", "    ", "> ", "- ", "1. ", "# ", "## ", "/// ask | ", "\n///\n", "////", "|", "---", "\\", "\x02", "\x03", "soil", "https://a.example/", "page:water", "<https://a.example/", "<guide-block data-number=\"0\">", "</guide-block>"]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
@example("|\n|")
def test_whatever_is_typed_only_ordinary_tags_come_out(typed: str) -> None:
    body, _ = rendered(typed)
    tags = _Tags()
    for part in body.parts:
        tags.feed(part if isinstance(part, str) else part.html)
    assert tags.found <= ORDINARY


# Links


@pytest.mark.parametrize(
    "target",
    ["javascript:alert(1)", "JavaScript:alert(1)", "java&#115;cript:alert(1)", "data:text/html,x", "vbscript:x", "mailto:rosa@garden.example", "soil.html", "ftp://garden.example/", "page"],
)  # fmt: skip
def test_a_link_of_an_unknown_kind_is_refused(target: str) -> None:
    ((field, remedy),) = mistakes_in(f"See [this]({target}).")
    assert field == "link" and remedy.endswith("is not a link we know; write page:slug, treatment:id, term:slug or https://...")


def test_a_javascript_link_by_reference_is_refused() -> None:
    assert [field for field, _ in mistakes_in("See [this][1].\n\n[1]: javascript:alert(1)")] == ["link"]


def test_a_link_to_another_site_without_its_scheme_is_refused_or_marked() -> None:
    body, mistakes = rendered("See [notes](//garden.example/).")
    assert mistakes or "external" in str(body.parts[0])


@pytest.mark.parametrize("image", ["![soil](https://garden.example/soil.png)", "![soil](javascript:alert(1))"])
def test_an_image_is_refused(image: str) -> None:
    assert mistakes_in(image)


@pytest.mark.parametrize(
    "typed", ["[notes](https://garden.example/)", "[notes](http://garden.example/)", "[notes][1]\n\n[1]: https://garden.example/"]
)
def test_a_link_to_another_site_is_marked(typed: str) -> None:
    made = html_of(typed)
    assert 'class="external"' in made
    assert 'rel="external noopener noreferrer"' in made
    assert '<span class="external-mark"> (another website)</span></a>' in made


def test_the_mark_of_another_site_is_no_part_of_the_words() -> None:
    assert body_of("See [notes](https://garden.example/).").text == "See notes ."


@pytest.mark.parametrize(
    ("target", "address"),
    [
        ("page:water", "/guide/water/"),
        ("page:water#rain", "/guide/water/#rain"),
        ("treatment:mulch", "/guide/treatments/mulch/"),
        ("treatment:mulch#what-it-is", "/guide/treatments/mulch/#what-it-is"),
        ("term:loam", "/guide/words/#loam"),
    ],
)
def test_an_inner_link_gets_its_address_and_is_remembered(target: str, address: str) -> None:
    body = body_of(f"See [this]({target}).")
    assert f'<a href="{address}">this</a>' in str(body.parts[0])
    assert body.links == (target,)


def test_a_link_on_the_same_page_is_remembered() -> None:
    assert body_of("See [below](#rain).").links == ("#rain",)


def test_a_telephone_number_may_be_linked() -> None:
    assert '<a href="tel:911">' in html_of("Call [911](tel:911).")


@pytest.mark.parametrize(
    ("target", "remedy"), [("page:moon", "there is no page 'moon'"), ("treatment:moon#x", "there is no treatment 'moon'")]
)
def test_an_inner_link_to_nothing_is_told(target: str, remedy: str) -> None:
    ((field, told),) = mistakes_in(f"See [this]({target}).")
    assert field == "link" and told.startswith(remedy)


# Citations


def test_citations_are_numbered_by_their_first_place() -> None:
    body = body_of("One [@notes]. Two [@diary]. Again [@notes].\n\nThree [@study].")
    assert body.sources == ("notes", "diary", "study")
    assert str(body.parts[0]).count('<sup class="cite"><a href="#source-notes">[1]</a></sup>') == 2
    assert '<a href="#source-diary">[2]</a>' in str(body.parts[0])
    assert '<a href="#source-study">[3]</a>' in str(body.parts[0])


def test_several_sources_stand_in_one_citation() -> None:
    assert '<sup class="cite"><a href="#source-a">[1]</a><a href="#source-b">[2]</a></sup>' in html_of("Soil [@a; @b].")


@pytest.mark.parametrize(
    "middle",
    ["- a list [@two]", "> a quote [@two]", "1. a list\n\n    with more [@two]", "| head |\n|---|\n| cell [@two] |", "/// ask | Why?\nSo [@two].\n///", "Some *stress [@two]*."],
)  # fmt: skip
def test_citations_are_numbered_by_their_place_also_inside_lists_tables_and_blocks(middle: str) -> None:
    assert body_of(f"## Soil\n\nFirst [@one].\n\n{middle}\n\nLast [@three].").sources == ("one", "two", "three")


def test_sources_of_blocks_share_the_numbers_of_the_text() -> None:
    body = body_of("First [@notes].\n\n## Soil\n\n/// test | Shake it\n    sources: [diary, notes]\nIn a jar [@study].\n///")
    assert body.sources[0] == "notes"
    assert sorted(body.sources) == ["diary", "notes", "study"]
    assert '<a href="#source-study">[2]</a>' in next(body.blocks).html


def test_a_citation_in_code_is_left_alone() -> None:
    body = body_of("Write `[@notes]`.")
    assert body.sources == ()
    assert "<code>[@notes]</code>" in str(body.parts[0])


def test_citations_are_no_part_of_the_words() -> None:
    assert "[1]" not in body_of("Soil lives [@notes].").text


# Blocks


def test_an_option_is_cut_out_with_all_its_fields() -> None:
    text = "## Soil\n\nBefore.\n\n/// option | Compost & more\n    when: {space: bed}\n    role: usual\n    treatments: [compost, mulch]\n    sources: [notes]\nSpread it.\n///\n\nAfter."
    before, block, after = body_of(text).parts
    assert isinstance(block, Block)
    assert (block.kind, block.title, block.id) == ("option", "Compost & more", "compost-more")
    assert (block.when, block.role, block.treatments, block.sources) == (IN_BED, "usual", ("compost", "mulch"), ("notes",))
    assert "Spread it." in block.html and "when" not in block.html
    assert str(before).endswith("<p>Before.</p>") and after == "<p>After.</p>"


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("option", "    role: trial\n    treatments: [mulch]\n    sources: [notes]\n"),
        ("support", "    treatments: [mulch]\n    sources: [notes]\n"),
        ("test", "    sources: [notes]\n"),
        ("ask", ""),
        ("callnow", "    speed: now\n    sources: [notes]\n"),
        ("changed", "    since: 2018\n    sources: [notes]\n"),
        ("term", ""),
    ],
)
def test_every_kind_of_block_is_read_and_is_for_everybody_without_a_when(kind: str, options: str) -> None:
    block = only_block(f"## Soil\n\n/// {kind} | A title\n{options}Some words.\n///")
    assert (block.kind, block.title, block.when) == (kind, "A title", EVERYBODY)


@pytest.mark.parametrize(("weight", "heading"), [("avoid", "Usually not given"), ("care", "Caution")])
def test_a_caution_says_how_much_it_changes(weight: str, heading: str) -> None:
    block = only_block(f"## Soil\n\n/// caution | Slugs\n    when: {{space: bed}}\n    weight: {weight}\n    sources: [notes]\nLess.\n///")
    assert (block.weight, block.heading, block.classes) == (weight, heading, f"block caution {weight}")


@pytest.mark.parametrize(
    ("speed", "heading", "classes"),
    [
        ("911", "Call 911", "block callnow speed-911"),
        ('"911"', "Call 911", "block callnow speed-911"),
        ("now", "Call now, day or night", "block callnow speed-now"),
        ("same-day", "Call the same day", "block callnow speed-same-day"),
    ],
)
def test_a_danger_sign_says_how_fast_to_call_in_words_and_look(speed: str, heading: str, classes: str) -> None:
    block = only_block(f"## Soil\n\n/// callnow | Smoke\n    speed: {speed}\n    sources: [notes]\nStep back.\n///")
    assert (block.speed, block.heading, block.classes) == (speed.strip('"'), heading, classes)


@pytest.mark.parametrize(("since", "expected"), [("2018", "2018"), ("2018-05", "2018-05"), ("2018-05-01", "2018-05-01")])
def test_since_is_kept_as_it_is_written(since: str, expected: str) -> None:
    assert only_block(f"## Soil\n\n/// changed | Digging\n    since: {since}\n    sources: [notes]\nLess.\n///").since == expected


def test_other_forms_of_a_term_are_read() -> None:
    assert only_block("## L\n\n/// term | Loam\n    also: [loams, loamy soil]\nGood soil.\n///").also == ("loams", "loamy soil")


def test_the_text_of_a_block_is_markdown_with_paragraphs_and_lists() -> None:
    block = only_block("## Soil\n\n/// ask | Why?\nOne *thing*.\n\n- first\n- second\n\nAnother [page](page:water).\n///")
    assert "<p>One <em>thing</em>.</p>" in block.html
    assert "<li>first</li>" in block.html
    assert '<p>Another <a href="/guide/water/">page</a>.</p>' in block.html


def test_two_blocks_may_stand_side_by_side() -> None:
    assert [block.title for block in body_of("## Soil\n\n/// ask | One?\n///\n/// ask | Two?\n///").blocks] == ["One?", "Two?"]


@pytest.mark.parametrize(
    ("text", "field", "piece"),
    [
        ("## A\n\n/// opton | One\nText.\n///", "opton | One", "there is no kind of block 'opton'; there are option, support, test,"),
        ("## A\n\n/// ask | One\n    colour: red\nText.\n///", "ask | One: colour", "a block has no 'colour'; it may have id, when, role, short, weight, speed, treatments, tells, sources, since, also"),
        ("## A\n\n/// ask | One\n    when: {space\nText.\n///", "ask | One", "a bracket or brace is opened here and not closed"),
        ("## A\n\n/// ask | One\n    when\nText.\n///", "ask | One", "its options are not understood: write each as `name: value`"),
        ("## A\n\n/// ask! | One\nText.\n///", "block", "'ask! | One' is not understood"),
        ("## A\n\n/// ask\nText.\n///", "ask", "give it a title"),
        ("## A\n\n/// term | Loam\n///", "term | Loam", "write its text"),
        ("## A\n\n/// option | One\n    treatments: [x]\n    sources: [s]\nText.\n///", "option | One", "it needs role"),
        ("## A\n\n/// option | One\n    role: usual\n    sources: [s]\nText.\n///", "option | One", "it needs treatments"),
        ("## A\n\n/// option | One\n    role: usual\n    treatments: []\n    sources: [s]\nText.\n///", "option | One", "it needs treatments"),
        ("## A\n\n/// support | One\n    treatments: [x]\nText.\n///", "support | One", "it needs sources"),
        ("## A\n\n/// test | One\nText.\n///", "test | One", "it needs sources"),
        ("## A\n\n/// callnow | One\n    speed: now\nText.\n///", "callnow | One", "it needs sources"),
        ("## A\n\n/// callnow | One\n    sources: [s]\nText.\n///", "callnow | One", "it needs speed: say how fast to call, one of 911, now, same-day"),
        ("## A\n\n/// callnow | One\n    speed: soon\n    sources: [s]\nText.\n///", "callnow | One: speed", "speed is one of 911, now, same-day, not 'soon'"),
        ("## A\n\n/// test | One\n    speed: now\n    sources: [s]\nText.\n///", "test | One: speed", "test has no speed; remove it"),
        ("## A\n\n/// changed | One\n    sources: [s]\nText.\n///", "changed | One", "it needs since"),
        ("## A\n\n/// option | One\n    role: best\n    treatments: [x]\n    sources: [s]\nText.\n///", "option | One: role", "role is one of usual, other, only-if, trial, not 'best'"),
        ("## A\n\n/// caution | One\n    when: {space: bed}\n    sources: [s]\nText.\n///", "caution | One", "it needs weight: write one of avoid, care, as in `    weight: care`"),
        ("## A\n\n/// caution | One\n    when: {space: bed}\n    weight: heavy\n    sources: [s]\nText.\n///", "caution | One: weight", "weight is one of avoid, care, not 'heavy'"),
        ("## A\n\n/// caution | One\n    when: {space: bed}\n    weight: [care]\n    sources: [s]\nText.\n///", "caution | One: weight", "weight is one of avoid, care, not ['care']"),
        ("## A\n\n/// ask | One\n    weight: care\nText.\n///", "ask | One: weight", "ask has no weight; remove it"),
        ("## A\n\n/// test | One\n    sources: notes\nText.\n///", "test | One: sources", "sources is a list: [one, two]"),
        ("## A\n\n/// ask | One\n    when: {moon: full}\nText.\n///", "ask | One: when", "there is no fact 'moon'; there are: space"),
        ("/// ask | One\nText.\n///", "ask | One", "put it under a ## heading"),
        ("## A\n\n- item\n\n    /// ask | One\n    Text.\n    ///", "block", "ask | One: a block stands by itself"),
        ("## A\n\n> /// ask | One\n> Text.\n> ///", "block", "ask | One: a block stands by itself"),
        ("## A\n\n//// ask | Outer\n/// ask | Inner\nText.\n///\n////", "block", "ask | Inner: a block stands by itself"),
    ],
)  # fmt: skip
def test_a_bad_block_is_named_with_its_remedy(text: str, field: str, piece: str) -> None:
    told = mistakes_in(text)
    assert [found for found, remedy in told if piece in remedy] == [field]


def test_a_block_that_is_never_closed_is_told() -> None:
    says = "it is not closed: write /// on a line of its own below its text"
    assert mistakes_in("## A\n\n/// ask | One\nText.\n\n## Next\n\nMore.") == [("block", f"ask | One: {says}")]
    assert mistakes_in("## A\n\n/// ask | One\nText.") == [("block", f"ask | One: {says}")]
    # What follows seems to stand inside it: only the cause is told.
    assert mistakes_in("## A\n\n/// ask | One\nText.\n\n/// ask | Two\nText.\n///\n\n## B\n") == [("block", f"ask | One: {says}")]


def test_every_bad_block_of_a_page_is_told() -> None:
    told = mistakes_in("## A\n\n/// test | One\nText.\n///\n\n/// ask\nText.\n///\n\n/// wrong | Three\n///")
    assert {field for field, _ in told} == {"test | One", "ask", "wrong | Three"}


# Headings and anchors


def test_headings_of_the_second_level_make_the_list_of_contents() -> None:
    body = body_of("## Rain & snow\n\n### Barrels\n\nFull.\n\n## Too much: why?\n\nClouds.")
    assert body.headings == (Heading("Rain & snow", "rain-snow"), Heading("Too much: why?", "too-much-why"))
    assert body.anchors == {"rain-snow", "barrels", "too-much-why"}


def test_blocks_have_anchors_too() -> None:
    assert body_of("## A\n\n/// ask | Why is it dry?\n///").anchors == {"a", "why-is-it-dry"}


@pytest.mark.parametrize(
    ("title", "anchor"),
    [("Good soil", "good-soil"), ("pH-neutral: first", "ph-neutral-first"), ("  Rain, and (some) snow! ", "rain-and-some-snow"), ("N 2 K", "n-2-k")],
)  # fmt: skip
def test_a_title_becomes_an_anchor(title: str, anchor: str) -> None:
    assert slugify(title) == anchor


@pytest.mark.parametrize("text", ["### Deep\n\nText.", "## A\n\n#### Deep", "# Deep\n\nText."])
def test_a_skipped_level_of_heading_is_named(text: str) -> None:
    assert ("heading", "'Deep' skips a level: start at ##, then ###") in mistakes_in(text)


@pytest.mark.parametrize("text", ["## Rain\n\nWet.\n\n## Rain\n\nWet.", "## Rain\n\n### Rain\n\nWet."])
def test_two_headings_with_the_same_anchor_are_told(text: str) -> None:
    assert mistakes_in(text) == [("heading", "two headings or blocks would have the anchor #rain: give them different titles")]


@pytest.mark.parametrize(
    "text",
    ["## Rain\n\n/// ask | Hail\n    id: rain\n///", "## A\n\n/// ask | Snow\n    id: rain\n///\n\n/// ask | Hail\n    id: rain\n///"],
)
def test_a_block_with_the_id_of_something_above_it_is_told(text: str) -> None:
    says = "two blocks or headings of this page have the id rain: give this one another"
    assert mistakes_in(text) == [("ask | Hail: id", says)]


@pytest.mark.parametrize("id", ["Rain", "rain water", "-rain", "rain--water", "[rain]", "{a: b}", "é", "x" * 121])
def test_an_id_that_is_not_plain_is_told(id: str) -> None:
    ((field, remedy),) = mistakes_in(f"## A\n\n/// ask | Why?\n    id: {id}\n///")
    assert field == "ask | Why?: id" and remedy.startswith("an id is made of lower-case words with hyphens, as in first-treatment, not ")


def test_a_block_without_an_id_is_told_which_one_to_write() -> None:
    text = read("en/pages/10-soil.md", "---\n---\n## A\n\n/// ask | Why is it dry?\n///\n\n/// ask | Why?\n    id:\n///\n")
    told = [(one.field, one.remedy) for one in render(text, when, ADDRESSES.get)[1]]
    assert told == [
        (f"{block}: id", f"it has no id, by which it stays the same whatever its title: write `    id: {id}` below its first line")
        for block, id in (("ask | Why is it dry?", "why-is-it-dry"), ("ask | Why?", "why"))
    ]


# Words


def test_the_words_are_running_text_with_ends_of_sentences() -> None:
    body = body_of("## Rain\n\nRain is *soft* and wet\n\n- free\n- clean!\n\n/// ask | Our turn\nAsk first.\n///")
    assert re.sub(r" (?=[.!])", "", body.text) == "Rain. Rain is soft and wet. free. clean! Our turn. Ask first."


@pytest.mark.parametrize("item", ["*soft*", "[soft](page:water)", "soft [@notes]", "[soft](https://garden.example/)", "`soft`"])
def test_a_sentence_also_ends_after_stress_or_a_link(item: str) -> None:
    assert re.sub(r" (?=[.!])", "", body_of(f"- {item}\n- {item}").text) == "soft. soft."


NO_TEXT = ("text", "there is no text yet: begin with the main point, in one or two short sentences")


def test_an_empty_text_makes_an_empty_body_and_is_told() -> None:
    body, mistakes = rendered("")
    assert body == Body()
    assert [(mistake.field, mistake.remedy) for mistake in mistakes] == [NO_TEXT]


# What is empty


def nothing_under(*titles: str) -> list[tuple[str, str]]:
    return [("heading", f"nothing stands under the heading {title!r}: write something, or remove the heading") for title in titles]


@pytest.mark.parametrize(
    ("text", "titles"),
    [
        ("Wet.\n\n## Rain\n\n## Snow\n\nWhite.", ["Rain"]),
        ("Wet.\n\n## Rain\n\n   \n", ["Rain"]),
        ("## Rain\n\nWet.\n\n### Barrels\n\n### Ditches\n\nDeep.", ["Barrels"]),
        ("## Rain\n\nWet.\n\n### Barrels\n\n## Snow\n\nWhite.", ["Barrels"]),
        ("Wet.\n\n## Rain\n\n### Barrels\n\n## Snow\n\nWhite.", ["Rain", "Barrels"]),
        ("Wet.\n\n## Rain\n\n---\n", ["Rain"]),
        ("Wet.\n\n## It's *wet* & cold [@notes]", ["It's wet & cold"]),
        ("## Rain\n\n### Barrels\n\nFull.", []),
        ("## Rain\n\n- wet", []),
        ("## Rain\n\n1. wet", []),
        ("## Rain\n\n> wet", []),
        ("## Rain\n\n| Kind |\n|---|\n| wet |", []),
        ("## Rain\n\n/// ask | Is it wet?\n///", []),
    ],
)
def test_a_heading_under_which_nothing_stands_is_told(text: str, titles: list[str]) -> None:
    assert mistakes_in(text) == nothing_under(*titles)


@pytest.mark.parametrize(("text", "titles"), [("\n  \n", []), ("## Rain\n", ["Rain"]), ("## Rain\n\n### Barrels\n", ["Rain", "Barrels"])])
def test_a_text_without_words_beside_its_headings_is_told(text: str, titles: list[str]) -> None:
    assert mistakes_in(text) == [NO_TEXT, *nothing_under(*titles)]


def test_a_table_can_be_reached_by_keyboard_and_says_what_it_is() -> None:
    html = html_of("## Soil\n\n| Kind | Holds water |\n|---|---|\n| sand | no |\n\nMore.")
    assert '<div aria-label="Kind; Holds water" class="scroll" role="region" tabindex="0"><table>' in html
    assert html.index("</table>") < html.index("</div>") < html.index("<p>More.</p>")


def test_a_column_without_a_title_is_told() -> None:
    assert mistakes_in("## Soil\n\n| | Water |\n|---|---|\n| sand | no |") == [
        ("table", "a column has no title: write one above each column")
    ]
