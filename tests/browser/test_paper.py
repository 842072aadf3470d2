"""What a browser prints: closed parts of a page, and the plan with what will not fit named above it."""

from __future__ import annotations

import datetime
import io
import json
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from guide.content.documents import Guide
from guide.content.files import read_files
from guide.plans.summary import Rows, boxes
from guide.plans.takeaway import as_json
from guide.plans.values import Contents
from tests.browser.visitor import Visitor
from tests.django_fixtures import loaded
from tests.plans.contents import CROWDED
from tests.serving import CONTENT

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
    for number in range(1, 7):
        visitor.go(f"/for-me/{number}/")
        for question in visitor.page.locator("fieldset:visible").all():
            question.locator(".choice:visible input").first.check()
        visitor.page.get_by_role("button", name="Continue").click()
    visitor.go("/for-me/results/")
    return visitor


def test_closed_parts_of_the_results_are_on_paper_where_they_matter(reader: Visitor) -> None:
    page = reader.page
    paper = printed(page)
    for section in ("#signs", "#applies", "#others", "#questions"):
        within = f"section:has({section}) details"
        assert page.locator(f"{within}[open]").count() == 0 < page.locator(within).count()
    assert _missing(page, "section:has(#signs) .reasons a", paper) == []
    # What is often discussed is there with its text; of the rest, the title, what it begins with, and what it depends on.
    assert _missing(page, "section:has(#applies) .branch > .opt:not(.not-on-paper) .in > p:first-child", paper) == []
    for selector in ("section:has(#applies) .title", "section:has(#others) .title", "section:has(#others) .tags"):
        assert _missing(page, selector, paper) == []
    assert _missing(page, "section:has(#questions) details:not(.not-on-paper) .ticks label", paper) == []
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
    assert visitor.page.locator(f"{is_open} .in").count() > 0
    assert visitor.page.locator(closed).count() == visitor.page.locator("details.not-on-paper").count() > 1
    visitor.page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert visitor.page.locator(is_open).count() == 0


@pytest.fixture(scope="module")
def guide() -> Guide:
    """The real guide."""
    return loaded(read_files(CONTENT))


@pytest.fixture
def crowded(new_visitor: NewVisitor, guide: Guide, tmp_path: Path) -> Visitor:
    """Somebody without JavaScript who opened a plan that is too much for two sides."""
    visitor = new_visitor(False)
    file = tmp_path / "my-plan.json"
    file.write_text(json.dumps(as_json(guide, Contents(CROWDED), 1, datetime.date(2026, 11, 29))))
    visitor.go("/plan/")
    visitor.page.locator("summary", has_text="file").click()
    visitor.page.locator("input[type=file]").set_input_files(file)
    visitor.page.locator("form:has(input[type=file]) button").click()
    visitor.page.wait_for_url("**/plan/mine/code/")
    return visitor


def test_what_will_not_fit_is_named_and_both_ways_to_have_it_all_are_one_touch_away(crowded: Visitor, guide: Guide) -> None:
    page = crowded.page
    crowded.go("/plan/mine/print/?paper=letter")
    crowded.check_page()
    notice = page.get_by_role("region", name="Not all of it fits on two sides")
    expect(notice).to_contain_text(re.compile(r"Cancer medicines I had before \(\d+ of 13 shown"))
    expect(notice).to_contain_text("Operations (0 of 4 shown)")
    for words in ("with more pages", "in large print"):
        address = notice.get_by_role("link", name=words).get_attribute("href")
        shown = PdfReader(io.BytesIO(page.request.get(crowded.server.url + str(address)).body()))
        text = _plain("".join(one.extract_text() for one in shown.pages))
        assert len(shown.pages) > 3 and "warfarin" in text and "vinorelbine" in text and "Lumpremoved(lumpectomy)" in text
    paper = printed(page)
    assert "Notallofitfits" not in paper
    assert re.search(r"CancermedicinesIhadbefore\(\d+of13shown\)", paper) and "Operations(0of4shown)" in paper
    never_cut = [entry for box in boxes(guide, Contents(CROWDED)) for entry in box.entries if isinstance(entry, Rows) and entry.never_cut]
    cells = [_plain(cell) for entry in never_cut for row in entry.rows for cell in row]
    assert len(never_cut) == 5 and [cell for cell in cells if cell not in paper] == []
