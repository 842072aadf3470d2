"""A page as readers will see it, with marks in it."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from guide.editing.marking import marked, text_words
from guide.editing.passages import Passage

PAGE = (
    '<h2 id="soil">Soil &amp; beds</h2>\n<p>Feed the <a href="/x">soil</a>, and it will <strong>feed</strong> the plants'
    '<sup class="cite"><a href="#source-a">[1]</a></sup>.</p>\n<ul><li>One</li><li>Two</li></ul>'
)


def without_marks(html: str) -> str:
    html = re.sub(r'<span class="visually-hidden">.*?</span>| <span class="gap">.*?</span> |<a class="at-comment".*?</a>', "", html)
    return re.sub(r"</?(ins|mark)>", "", html)


def test_a_page_without_a_change_stays_as_it_is() -> None:
    assert marked(PAGE, PAGE, {}).html == PAGE


def test_new_words_are_marked_and_said_once_for_each_change() -> None:
    after = PAGE.replace("the plants", "all <em>the big</em> plants")
    html = marked(PAGE, after, {}).html
    assert '<ins><span class="visually-hidden">new: </span>all</ins> <em>' in html
    assert "<em>the <ins>" in html and html.count("<ins>") == 2
    assert without_marks(html) == after


def test_marks_never_cross_a_tag() -> None:
    after = PAGE.replace('<a href="/x">soil</a>, and', 'dry <a href="/y">sandy soil</a> well, so')
    html = marked(PAGE, after, {1: Passage("dry sandy soil well"), 2: Passage("Two")}).html
    assert without_marks(html) == after
    opened: list[str] = []
    for close, name in re.findall(r"<(/?)([a-z0-9]+)[^>]*>", html):
        if close:
            assert opened.pop() == name
        else:
            opened.append(name)
    assert opened == []


def test_a_note_stands_where_words_were_taken_out() -> None:
    after = PAGE.replace(", and it will <strong>feed</strong> the plants", "")
    assert re.search(r'soil</a> ?<span class="gap">6 words taken out</span>', marked(PAGE, after, {}).html.replace("  ", " "))


def test_the_numbers_of_sources_are_no_words() -> None:
    assert marked(PAGE, PAGE.replace("[1]", "[2]"), {}).places == 0
    assert "1" not in text_words(PAGE)


def test_passages_of_comments_are_marked_and_lead_to_them_also_from_within_a_link() -> None:
    html = marked(PAGE, PAGE, {7: Passage("the soil"), 8: Passage("feed the plants"), 9: Passage("nowhere to be found")}).html
    assert '<mark>the</mark> <a href="/x"><mark>soil</mark></a><a class="at-comment" href="#comment-7">' in html
    assert html.count('href="#comment-8"') == 1 and "#comment-9" not in html
    assert without_marks(html) == PAGE


BLOCKS = "".join(
    f'<section class="block ask" aria-labelledby="{id}">\n<p class="kind">Ask</p>\n<h3 id="{id}">{title}</h3>\n<p>Rain is {word}.</p>\n</section>\n'
    for id, title, word in (("first", "How much?", "free"), ("second", "How often?", "free"))
)


def test_a_passage_is_marked_in_its_own_block_also_where_the_same_words_stand_above() -> None:
    html = marked(BLOCKS, BLOCKS, {1: Passage("Rain is free", "second")}).html
    above, _, below = html.partition('<h3 id="second">')
    assert "comment-1" not in above and "<mark>Rain is free</mark>" in below
    assert without_marks(html) == BLOCKS


def test_a_passage_that_its_block_no_longer_has_is_marked_at_the_title_of_the_block() -> None:
    after = BLOCKS.replace("free.</p>\n</section>\n<section", "cheap.</p>\n</section>\n<section")
    html = marked(BLOCKS, after, {1: Passage("Rain is free", "first")}).html
    assert '<h3 id="first"><mark>How much</mark><a class="at-comment" href="#comment-1">comment</a>?</h3>' in html
    assert without_marks(html) == after


def test_what_looks_like_a_tag_in_the_text_stays_text() -> None:
    after = "<p>Is 1 &lt; 2 &amp; <em>3 &gt; 2</em>?</p>"
    html = marked("<p>Old.</p>", after, {}).html
    assert without_marks(html) == after


PARAGRAPHS = st.lists(st.lists(st.sampled_from(["soil", "the", "a &amp; b", "<em>wet</em>", ".", "1 &lt; 2"]), min_size=1).map(" ".join))


@given(PARAGRAPHS, PARAGRAPHS, st.sampled_from(["soil the", "wet", "b"]))
def test_nothing_of_the_page_is_lost(before: list[str], after: list[str], passage: str) -> None:
    one, other = ("".join(f"<p>{paragraph}</p>\n" for paragraph in page) for page in (before, after))
    assert without_marks(marked(one, other, {1: Passage(passage)}).html) == other
