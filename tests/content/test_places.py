"""Where in a text a mistake stands."""

from __future__ import annotations

import re
import time

import pytest
from django.conf import settings

from guide.content.files import read_files
from guide.content.markdown import slugify
from guide.content.mistakes import BlockName, Place
from guide.content.places import line_of
from guide.content.text import read
from guide.content.whole import examine

PATH = "en/pages/10-soil.md"
REAL = {path: text for path, text in read_files(settings.CONTENT_DIR).items() if path.endswith(".md")}
TEXT = """---
title: Soil # the ground
brands: [One, Two]
values:
  low: {label: Low, said: low}
---
First [@notes]. See [this](page:moon) and <nurse@garden.example>.

![a picture](x.png)

## Rain (and snow)

/// option | Dig
    id: dig
    when: {soil: clay}
    sources: [notes-2021,
      diary]
Words [@diary]. Moon, moonlight.
///

| a | b |
|---|---|
| 1 | 2 |

[ref]: https://garden.example/page:moon
"""
DIG = BlockName(0, "option", "Dig")


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("place", "line"),
    [
        (Place(), None),
        (Place(line=3), 3),
        (Place(line=3_000), 26),
        (Place("title"), 2),
        (Place("values.low.said"), 5),
        (Place("values.high.said"), 4),
        (Place("brands", quote="Two"), 3),
        (Place("summary"), None),
        (Place(block=DIG), 13),
        (Place("when", DIG), 15),
        (Place("role", DIG), 13),
        (Place("sources", DIG), 16),
        (Place(block=BlockName(7, "ask", "Gone")), None),
        (Place(part="sources", quote="notes"), 7),
        (Place(part="sources", quote="notes-2021"), 16),
        (Place(part="sources", quote="diary"), 17),
        (Place(part="link", quote="page:moon"), 7),
        (Place(part="link", quote="nurse@garden.example"), 7),
        (Place(part="link", quote="https://garden.example/page:moon"), 25),
        (Place(part="image"), 9),
        (Place(part="table"), 22),
        (Place(part="heading"), 11),
        (Place(part="heading", quote="Rain (and snow)"), 11),
        (Place(part="text", quote="Moon"), 18),
        (Place(part="text", quote="moonlight"), 18),
        (Place(part="text", quote="nowhere"), None),
        (Place(part="What to do", quote="See this and nurse"), 7),
        (Place(part="text", quote="?!"), None),
        (Place(part="file name"), None),
    ],
)  # fmt: skip
def test_a_place_has_its_line(place: Place, line: int | None, ends: str) -> None:
    assert line_of(read(PATH, TEXT.replace("\n", ends)), place) == line


def test_of_a_file_of_fields_the_line_is_that_of_the_field() -> None:
    text = read("sources.yaml", "notes:\n  title: N\n  url: x\ndiary: {title: D}\n")
    assert [line_of(text, Place(name)) for name in ("notes", "notes.url", "notes.doi", "diary.title", "moon")] == [1, 3, 1, 4, None]


def test_the_line_of_a_field_of_the_plan_is_found_by_its_key() -> None:
    text = read(
        "en/plan/10-a.md", "---\nkey: a\nfields:\n  - key: name\n    label: N\n  - {key: rows, fields: [\n    {key: b, label: B}]}\n---\n"
    )
    assert [line_of(text, Place(name)) for name in ("name.label", "rows", "rows.b.label", "name.help")] == [5, 6, 7, 4]


def test_lines_are_right_in_every_file_of_ours() -> None:
    for path in sorted(REAL):
        text, lines = read(path, REAL[path]), REAL[path].split("\n")
        for source in dict.fromkeys(re.findall(r"@([a-z][\w-]+)[;\]]", text.body)):
            line = line_of(text, Place(part="sources", quote=source))
            assert line and source in lines[line - 1], (path, source)
            assert not any(f"@{source}]" in one for one in lines[text.body_line - 1 : line - 1]), (path, source)
        for link in dict.fromkeys(re.findall(r"\]\(([^)\s]+)\)", text.body)):
            line = line_of(text, Place(part="link", quote=link))
            assert line and link in lines[line - 1], (path, link)
        for number, one in enumerate(lines[text.body_line - 1 :], start=text.body_line):
            if title := re.fullmatch(r"#+ (.+)", one):
                assert line_of(text, Place(part="heading", quote=title[1])) == number, (path, title[1])
                assert slugify(title[1])


def test_a_line_is_found_within_a_moment_whatever_stands_there() -> None:
    nasty = [
        "[@" * 9 + "x\n",
        "    sources: [a,\n" + "     b\n" * 50,
        "[x](" * 9 + "\n",
        "# " * 50 + "\n",
        "/// ask | a\n    sources: [b]\n",
    ]
    before = time.process_time()
    for piece in nasty:
        text = read(PATH, f"---\ntitle: x\n---\n{piece * (90_000 // len(piece))}")
        for part in ("sources", "link", "heading", "text", ""):
            line_of(text, Place(part=part, quote="nowhere-to-be-found"))
    assert time.process_time() - before < 10


# Each breaks one place of the toy guide: what is written there, and where the mistake has to be told.
BROKEN = [
    (PATH, "[@allotment-notes]", "[@allotment-notes; @moon]", "@moon"),
    (PATH, "(page:water#rain)", "(page:water#snow)", "#snow"),
    (PATH, "(page:water#rain)", "(#moon)", "(#moon)"),
    (PATH, "{space: balcony}\n    role", "{space: moon}\n    role", "{space: moon}"),
    (PATH, "since: 2018", "since: lately", "since: lately"),
    (PATH, "    since: 2018\n", "", "/// changed | Digging"),
    (PATH, "    since: 2018\n", "    since: 2018\n    colour: red\n", "colour: red"),
    (PATH, "    id: mulch-for-sandy-beds", "    id: compost-in-the-pot", ("id: compost-in-the-pot", 2)),
    (PATH, "    id: mulch-for-sandy-beds\n", "", "/// option | Mulch for sandy beds"),
    (PATH, "/// option | Mulch for sandy beds", "/// opton | Mulch for sandy beds", "/// opton"),
    (PATH, "/// option | Mulch for sandy beds", "/// option", "/// option\n"),
    (PATH, "### Heavy soil", "### Heavy soil\n\n### Light soil", "### Heavy soil"),
    (PATH, "### Heavy soil", "#### Heavy soil", "#### Heavy soil"),
    (PATH, "### Heavy soil", "### It's *wet* & [cold](page:water)\n\n### Heavy soil", "### It's"),
    (PATH, "checked: 2026-03-01", "checked: soon", "checked: soon"),
    (PATH, "part: ground", "part: moon", "part: moon"),
    (PATH, "title: Good soil", "title: Good soil\nmoon: 1", "moon: 1"),
    (PATH, "Soil is sand", "Soil <b>is</b> sand", "<b>is"),
    (PATH, "Soil is sand", "Soil\0 is sand", "Soil\0"),
    ("en/treatments/mulch.md", "family: water", "family: moon", "family: moon"),
    ("en/treatments/mulch.md", "## What can go wrong", "## The end", "## The end"),
    ("en/treatments/mulch.md", "Slugs like it too.\n", "- **Slugs** like it too.\n", "- **Slugs**"),
    ("en/questions/20-soil.md", "label: Clay", "label: Sandy", "clay: {label"),
    ("en/questions/20-soil.md", "field: ground.soil", "field: ground.visitors", "field: ground.visitors"),
    ("en/questions/20-soil.md", "only_when: {space: bed}", "only_when: {rain: 'yes'}", "only_when:"),
    ("en/plan/10-my-garden.md", "type: integer}", "type: integer, checks: [{not_before: moon}]}", "not_before: moon"),
    ("en/plan/choices.yaml", "  rake: Rake", "  rake: ''", "  rake: ''"),
    ("en/plan/paper.yaml", "id: back", "id: ''", "id: ''"),
    ("en/site.yaml", "situations_under: What it is", "situations_under: Moon", "situations_under: Moon"),
    ("sources.yaml", "  doi: 10.1000/garden.1\n", "  url: moon\n", "  url: moon"),
    ("audiences.yaml", "soil: clay", "soil: moon", "soil: moon"),
    ("promised.yaml", "[compost, mulch]", "[compost, moon]", "moon"),
]  # fmt: skip


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize(("path", "old", "new", "there"), BROKEN)
def test_a_mistake_is_told_at_the_line_where_it_stands(
    toy_texts: dict[str, str], path: str, old: str, new: str, there: str | tuple[str, int], ends: str
) -> None:
    assert old in toy_texts[path]
    source = toy_texts[path].replace(old, new, 1)
    found = [one for one in examine({**toy_texts, path: source.replace("\n", ends)})[1] if one.path == path]
    piece, nth = there if isinstance(there, tuple) else (there, 1)
    line = "".join(source.split(piece)[:nth]).count("\n") + 1
    assert line in [line_of(read(path, source.replace("\n", ends)), one.place) for one in found], [str(one) for one in found]


def test_words_are_looked_for_within_a_moment_where_links_that_lead_nowhere_follow_each_other() -> None:
    text = read("en/pages/10-soil.md", f"---\ntitle: Soil\n---\n\nSoil{']()' * 200}x\n")
    start = time.process_time()
    assert line_of(text, Place(part="text", quote="Soil water")) is None
    assert time.process_time() - start < 1
