"""A heading that keeps its anchor when it gets another title."""

from __future__ import annotations

import pytest

from guide.content.conditions import EVERYBODY
from guide.content.documents import Body, Heading
from guide.content.markdown import render
from guide.content.mistakes import Mistake
from guide.content.places import line_of
from guide.content.text import read
from guide.content.whole import load


def rendered(body: str) -> tuple[Body, list[Mistake]]:
    return render(read("en/pages/10-soil.md", f"---\ntitle: Soil\n---\n{body}"), lambda _: EVERYBODY, lambda _: None)


@pytest.mark.parametrize(
    ("heading", "html", "anchor"),
    [
        ("## A new *title* {#old-anchor}", '<h2 id="old-anchor">A new <em>title</em></h2>', "old-anchor"),
        ("### Another {#soil2} ##", '<h3 id="soil2">Another</h3>', "soil2"),
        ("A line below {#under}\n---", '<h2 id="under">A line below</h2>', "under"),
        ("## The set {a, b}", '<h2 id="the-set-a-b">The set {a, b}</h2>', "the-set-a-b"),
    ],
)
def test_the_anchor_is_the_one_in_the_mark_which_readers_do_not_see(heading: str, html: str, anchor: str) -> None:
    above = "" if heading.startswith(("## ", "A ")) else "## Above\n\n"
    body, mistakes = rendered(f"{above}{heading}\n\nWords.\n")
    assert mistakes == []
    assert html in str(body.parts[0])
    assert anchor in body.anchors and "#" not in body.text and anchor not in body.text.replace("a, b", "").split()
    assert above or body.headings == (Heading("A new title" if "*" in heading else heading.split("{#")[0].strip("# "), anchor),)


@pytest.mark.parametrize(
    ("heading", "mark"),
    [
        ("## Soil {#Old Anchor}", "{#Old Anchor}"),
        ("## Soil {#old_anchor}", "{#old_anchor}"),
        ("## Soil {#}", "{#}"),
        ("## Soil {.big}", "{.big}"),
        ("## Soil {: #old}", "{: #old}"),
        ("## Soil{#old}", "{#old}"),
        ("## Soil {#old} and more", "{#old}"),
        ("## Soil {#one} {#two}", "{#one}"),
        ("## {#old}", "{#old}"),
    ],
)
def test_a_mark_that_is_not_exactly_this_is_told_with_its_line(heading: str, mark: str) -> None:
    text = read("en/pages/10-soil.md", f"---\ntitle: Soil\n---\nAbove {{#old}}.\n\n{heading}\n\nWords.\n")
    (mistake,) = render(text, lambda _: EVERYBODY, lambda _: None)[1]
    assert mistake.remedy.startswith(f"'{mark}' would be shown as it stands: write {{#old-anchor}} at the end of the heading")
    assert line_of(text, mistake.place) == 6


@pytest.mark.parametrize(
    "body",
    [
        "## Soil {#water}\n\nOne.\n\n## Water\n\nTwo.\n",
        "## Soil {#ground}\n\nOne.\n\n## Water {#ground}\n\nTwo.\n",
        "## Soil\n\nOne.\n\n/// ask | Why?\n    id: why\n///\n\n## Water {#soil}\n\nTwo.\n",
    ],
)
def test_two_headings_with_one_anchor_are_told(body: str) -> None:
    (mistake,) = rendered(body)[1]
    assert "would have the anchor #" in mistake.remedy


def test_a_block_with_the_anchor_of_a_heading_is_told() -> None:
    (mistake,) = rendered("## Soil {#ground}\n\nOne.\n\n/// ask | Why?\n    id: ground\n///\n")[1]
    assert mistake.remedy == "two blocks or headings of this page have the id ground: give this one another"


def test_a_link_leads_to_the_anchor_in_the_mark(toy_texts: dict[str, str]) -> None:
    water = "en/pages/20-water.md"
    load({**toy_texts, water: toy_texts[water].replace("## Rain", "## What falls from the sky {#rain}")})
