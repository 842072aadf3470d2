"""Words of the glossary are marked where they first occur."""

from __future__ import annotations

import datetime
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.content.documents import Block, Body, Glossary
from guide.content.glossary import mark_terms

DAY = datetime.date(2026, 3, 1)


def term(title: str, *also: str) -> Block:
    return Block("term", title, title.lower().replace(" ", "-"), "", also=also)


def glossary(*terms: Block) -> Glossary:
    return Glossary("en/glossary.md", "glossary", "Words", DAY, DAY, Body(parts=terms))


WORDS = glossary(term("Loam"), term("Loam soil"), term("Aphid", "aphids", "greenfly"), term("NPK", "plant food"), term("Sand & grit"))
MARK = re.compile(r'<a class="term" href="/guide/words/#([^"]+)">([^<]*)</a>')


def marked(*parts: str | Block) -> list[str]:
    return [part if isinstance(part, str) else part.html for part in mark_terms(Body(parts=parts), WORDS.body).parts]


def marks(*parts: str | Block) -> list[tuple[str, str]]:
    return MARK.findall("".join(marked(*parts)))


def test_a_term_links_to_its_explanation() -> None:
    assert marked("<p>Good loam.</p>") == ['<p>Good <a class="term" href="/guide/words/#loam">loam</a>.</p>']


def test_only_the_first_occurrence_is_marked() -> None:
    assert marks("<p>Loam and loam.</p>", "<p>More loam.</p>") == [("loam", "Loam")]


def test_other_forms_count_as_the_same_term() -> None:
    assert marks("<p>Greenfly are aphids; an aphid is small.</p>") == [("aphid", "Greenfly")]


def test_blocks_are_marked_in_turn_with_the_text() -> None:
    block = Block("ask", "Aphids?", "aphids", "<p>An aphid in loam.</p>")
    assert marks("<p>Loam.</p>", block, "<p>Aphids.</p>") == [("loam", "Loam"), ("aphid", "aphid")]


@pytest.mark.parametrize(
    "inside",
    ['<a href="/x/">old loam</a>', '<h2 id="loam">Loam</h2>', "<h3>Loam</h3>", "<code>loam</code>", "<pre><code>loam</code></pre>", "<th>Loam</th>", '<a href="/x/"><em>loam</em></a>', "<h2><em>loam</em></h2>"],
)  # fmt: skip
def test_a_term_is_not_marked_inside(inside: str) -> None:
    assert marked(f"{inside}<p>Here loam is marked.</p>") == [
        f'{inside}<p>Here <a class="term" href="/guide/words/#loam">loam</a> is marked.</p>'
    ]


def test_a_term_inside_stress_or_a_list_is_marked() -> None:
    assert marks("<ul><li><strong>loam</strong></li></ul>") == [("loam", "loam")]


def test_an_attribute_is_left_alone() -> None:
    assert marked('<p id="loam" title="loam">sand</p>') == ['<p id="loam" title="loam">sand</p>']


@pytest.mark.parametrize("text", ["loamy", "half-loam", "loam-like", "myloam", "loam_bed"])
def test_a_part_of_a_word_is_not_marked(text: str) -> None:
    assert marks(f"<p>{text}</p>") == []


@pytest.mark.parametrize("text", ["(loam)", "“loam”", "loam, sand", "loam.", "LOAM", "Loam"])
def test_case_and_punctuation_do_not_matter(text: str) -> None:
    assert [anchor for anchor, _ in marks(f"<p>{text}</p>")] == ["loam"]


def test_the_longest_term_counts() -> None:
    assert marks("<p>Loam soil and loam.</p>") == [("loam-soil", "Loam soil"), ("loam", "loam")]


def test_an_abbreviation_counts_only_as_it_is_written() -> None:
    assert marks("<p>Npk and npk, then NPK.</p>") == [("npk", "NPK")]
    assert marks("<p>Plant Food.</p>") == [("npk", "Plant Food")]


def test_a_term_with_a_special_letter_is_found_in_html() -> None:
    assert marks("<p>Sand &amp; grit.</p>") == [("sand-&-grit", "Sand &amp; grit")]


def test_a_glossary_without_terms_marks_nothing() -> None:
    body = Body(parts=("<p>Loam.</p>",))
    assert mark_terms(body, glossary().body) == body


def test_everything_but_the_parts_stays_as_it_was() -> None:
    body = Body(parts=("<p>Loam.</p>",), sources=("notes",), links=("page:x",), anchors=frozenset({"a"}), text="Loam.")
    found = mark_terms(body, WORDS.body)
    assert (found.sources, found.links, found.anchors, found.text) == (body.sources, body.links, body.anchors, body.text)


PIECES = ["loam", "Loam soil", "aphids", "NPK", "npk", "sand", " ", ", ", "&amp;", "<p>", "</p>", "<em>", "</em>", '<a href="/loam/">loam</a>', "<h2>aphid</h2>", "<br>"]  # fmt: skip


@given(st.lists(st.lists(st.sampled_from(PIECES), max_size=12).map("".join), max_size=3))
def test_marking_adds_nothing_but_marks_and_each_term_once(parts: list[str]) -> None:
    found = marked(*parts)
    assert [MARK.sub(r"\2", part) for part in found] == parts
    anchors = [anchor for anchor, _ in MARK.findall("".join(found))]
    assert len(anchors) == len(set(anchors))
