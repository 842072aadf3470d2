"""What a browser prints: closed parts of a page, and the plan with what will not fit named above it."""

from __future__ import annotations

import io
import re
import unicodedata
from collections.abc import Callable

import pytest
from playwright.sync_api import Page
from pypdf import PdfReader

from tests.browser.conftest import Visitor

NewVisitor = Callable[[bool], Visitor]


def printed(page: Page) -> str:
    """What stands on paper, without spaces, since lines break where they have to."""
    return _plain("".join(one.extract_text() for one in PdfReader(io.BytesIO(page.pdf())).pages))


def _plain(text: str) -> str:
    # Some fonts draw two letters as one.
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def _missing(page: Page, selector: str, paper: str) -> list[str]:
    """The texts of the page that are not on paper."""
    texts = [_plain(text) for text in page.locator(selector).all_text_contents()]
    assert texts, selector
    return [text for text in texts if text not in paper]


@pytest.fixture
def reader(new_visitor: NewVisitor) -> Visitor:
    """Somebody without JavaScript who answered the first questions with what was offered first, or who was not sure."""
    visitor = new_visitor(False)
    for number in range(1, 5):
        visitor.go(f"/for-me/{number}/")
        visitor.page.locator("[name=answer]").first.check()
        visitor.page.get_by_role("button", name="Continue").click()
    visitor.go("/for-me/results/")
    return visitor


def test_closed_parts_of_the_results_are_on_paper_where_they_matter(reader: Visitor) -> None:
    page = reader.page
    paper = printed(page)
    for section in ("#signs", "#maybe", "#questions"):
        within = f"section:has({section}) details"
        assert page.locator(f"{within}[open]").count() == 0 < page.locator(within).count()
    for selector in ("#signs", "#maybe"):
        assert _missing(page, f"section:has({selector}) .reasons a", paper) == []
        assert _missing(page, f"section:has({selector}) .reasons .why", paper) == []
    assert _missing(page, "section:has(#questions) .ticks label", paper) == []
    # What does not fit the answers is for the screen: its number alone is on paper.
    assert len(_missing(page, "section:has(#not) .reasons li", paper)) == page.locator("section:has(#not) .reasons li").count()


def test_closed_parts_of_the_guide_are_on_paper(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(False)
    visitor.go("/guide/treatments/tamoxifen/")
    assert _missing(visitor.page, "details .uses a", printed(visitor.page)) == []


def test_a_browser_that_cannot_do_it_by_style_opens_them_while_it_prints(new_visitor: NewVisitor) -> None:
    visitor = new_visitor(True)
    visitor.context.add_init_script("CSS.supports = () => false")
    visitor.go("/for-me/results/")
    is_open, closed = "details[open]", "details:not([open])"
    assert visitor.page.locator(is_open).count() == 0
    visitor.page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert visitor.page.locator(f"{is_open} .reasons").count() > 0
    assert visitor.page.locator(closed).count() == visitor.page.locator("details.not-on-paper").count() == 1
    visitor.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert visitor.page.locator(is_open).count() == 0
