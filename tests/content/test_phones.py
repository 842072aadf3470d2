"""Phone numbers that the site names can be called wherever they are read."""

from __future__ import annotations

import pytest

from guide.content.documents import Block
from guide.content.mistakes import ContentError
from guide.content.phones import linked
from guide.content.whole import load
from guide.templatetags.guide_tags import calls

NUMBERS = ("911", "1-800-555")


@pytest.mark.parametrize(
    ("rendered", "expected"),
    [
        ("<p>Call 911.</p>", '<p>Call <a href="tel:911">911</a>.</p>'),
        ("<li>911, or 1-800-555</li>", '<li><a href="tel:911">911</a>, or <a href="tel:1-800-555">1-800-555</a></li>'),
        (
            "<p><strong>Call 911</strong> now (911)</p>",
            '<p><strong>Call <a href="tel:911">911</a></strong> now (<a href="tel:911">911</a>)</p>',
        ),
    ],
)
def test_a_number_becomes_a_link_that_calls(rendered: str, expected: str) -> None:
    assert linked(rendered, NUMBERS) == expected


@pytest.mark.parametrize(
    "rendered",
    [
        "<p>1911, 9110, 0.911, 1,911, 911.5, 911-2 and x911</p>",
        "<p>1-800-5554</p>",
        '<p><a href="tel:911">Call 911</a></p>',
        '<h2 id="call-911">Call 911</h2>',
        "<pre>911</pre>",
        '<p><sup class="cite"><a href="#source-911">[911]</a></sup></p>',
        "<p>Call your team.</p>",
    ],
)
def test_what_is_another_number_a_link_or_a_heading_stays(rendered: str) -> None:
    assert linked(rendered, NUMBERS) == rendered


def test_without_numbers_nothing_changes() -> None:
    assert linked("<p>Call 911.</p>", ()) == "<p>Call 911.</p>"


def test_plain_words_are_escaped_before_their_numbers_call() -> None:
    assert calls("Call <911> & wait", NUMBERS) == 'Call &lt;<a href="tel:911">911</a>&gt; &amp; wait'


def test_numbers_call_in_every_document_that_is_read(toy_texts: dict[str, str]) -> None:
    site, says = "en/site.yaml", "Call 911.\n"
    for path in ("en/pages/10-soil.md", "en/treatments/compost.md", "en/questions/10-space.md", "en/glossary.md"):
        toy_texts[path] += f"\n{says}"
    toy_texts["en/pages/20-water.md"] = toy_texts["en/pages/20-water.md"].replace("call the electrician.", "call 911.")
    guide = load({**toy_texts, site: toy_texts[site] + "phones: [911]\n"})
    link = 'all <a href="tel:911">911</a>.'
    assert guide.glossary
    bodies = [guide.page("soil").body, guide.treatments["compost"].body, guide.question("space").body, guide.glossary.body]
    assert [link in "".join(part for part in body.parts if isinstance(part, str)) for body in bodies] == [True] * 4
    assert [block.title for _, block in guide.blocks("callnow") if link in block.html] == ["Water reaches the power socket"]
    silent = load(toy_texts)
    assert not any("tel:" in (part.html if isinstance(part, Block) else part) for page in silent.pages for part in page.body.parts)


@pytest.mark.parametrize("odd", ["call me", "9", "tel:911", "911;x=1"])
def test_what_is_no_number_is_told(toy_texts: dict[str, str], odd: str) -> None:
    with pytest.raises(ContentError, match="phones: write a phone number in digits and hyphens"):
        load({**toy_texts, "en/site.yaml": toy_texts["en/site.yaml"] + f'phones: ["{odd}"]\n'})
