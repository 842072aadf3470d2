"""The plan on paper, on the web: the print page and the PDF."""

from __future__ import annotations

import io
import re

import pytest
from django.test import Client
from pypdf import PdfReader

from guide.plans import sealing
from tests.visits import html, look, save, start_plan

pytestmark = pytest.mark.usefixtures("garden")

PRINT, PDF = "/plan/mine/print/", "/plan/mine/paper.pdf"
GARDEN, GROUND, FENCE = "my-garden", "my-ground", "over-the-fence"


def filled(client: Client) -> str:
    """A plan with a few things in it; its code."""
    code = start_plan(client)
    save(client, GARDEN, look(client, GARDEN), name="Wild corner", barrel="yes", beds="6")
    save(client, GROUND, look(client, GROUND), visitors__0__visitor="slugs", visitors__0__seen="2020", more="Steep.\nWet.")
    return code


def pdf(client: Client, query: str = "") -> PdfReader:
    return PdfReader(io.BytesIO(client.get(PDF + query).content))


def text_of(reader: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in reader.pages)


def test_the_paper_shows_what_is_filled_in_in_words(client: Client) -> None:
    filled(client)
    page = html(client.get(PRINT))
    assert '<span class="label">Name of the garden:</span> Wild corner' in page
    assert '<span class="label">Rain barrel:</span> Yes' in page
    assert re.search(r'<li class="w\d">Slugs; First seen: 2020</li>', page)
    assert "Steep.<br>Wet." in page
    assert "How many beds" not in page
    assert page.count("No gardener has read this yet.") >= 2
    assert len(re.findall(r'<article class="[^"<>{}]*"', page)) == 2


@pytest.mark.parametrize("query", ["", "?type=large", "?type=more", "?type=blank", "?paper=a4&code=1", "?paper=x&type=y&code=z"])
def test_the_paper_is_well_formed(client: Client, query: str) -> None:
    filled(client)
    page = html(client.get(PRINT + query))
    assert "{{" not in page and "}}" not in page and "None" not in page
    assert re.findall(r"<article [^>]*>", page) == re.findall(r'<article class="[\w -]+" aria-label="Side \d of 2">', page)


def test_an_empty_plan_makes_an_honest_paper(client: Client) -> None:
    start_plan(client)
    assert html(client.get(PRINT)).count("Nothing is filled in for this side yet.") == 2
    assert text_of(pdf(client)).count("Nothing is filled in for this side yet.") == 2


def test_the_code_is_on_paper_only_where_it_was_asked_for(client: Client) -> None:
    code = filled(client)
    assert code not in html(client.get(PRINT)) and code not in text_of(pdf(client))
    page = html(client.get(f"{PRINT}?code=1"))
    assert page.count(f"<code>{code}</code>") == 1 and 'class="square" src="data:image/svg+xml;base64,' in page
    assert code in text_of(pdf(client, "?code=1"))
    assert sealing.spell(sealing.read_code(code)) == code


def test_the_choice_is_kept_and_leads_to_both_papers(client: Client) -> None:
    filled(client)
    page = html(client.get(f"{PRINT}?paper=a4&type=large&code=1"))
    assert re.findall(r'value="(\w+)" checked', page) == ["a4", "large", "1"]
    assert f'formaction="{PDF}"' in page and f'action="{PRINT}"' in page


def test_the_pdf_says_what_the_page_says(client: Client) -> None:
    filled(client)
    shown = text_of(reader := pdf(client))
    assert len(reader.pages) == 2
    for text in ("Name of the garden: Wild corner", "Rain barrel: Yes", "Slugs; First seen: 2020", "Steep.", "Wet.", "Side 2 of 2"):
        assert text in shown


def test_the_pdf_comes_under_a_name_that_tells_nothing_and_is_kept_nowhere(client: Client) -> None:
    filled(client)
    response = client.get(f"{PDF}?code=1")
    assert response.headers["Content-Type"] == "application/pdf"
    assert response.headers["Content-Disposition"] == 'inline; filename="my-treatment-plan.pdf"'
    assert response.headers["Cache-Control"] == "no-store, private"


def test_large_and_blank_papers_are_to_be_had(client: Client) -> None:
    filled(client)
    assert html(client.get(f"{PRINT}?type=large")).count("pt-140") == 2
    blank = text_of(pdf(client, "?type=blank&paper=a4"))
    assert "Wild corner" not in blank and "Name of the garden:" in blank
    assert "Wild corner" not in html(client.get(f"{PRINT}?type=blank"))


def crowded(client: Client) -> None:
    """A plan with more than two sides have room for; the toy guide has no list that is never cut."""
    filled(client)
    save(client, FENCE, look(client, FENCE), questions__0__q="Why this? " * 600, questions__1__q="And that? " * 600)


def test_what_will_not_fit_is_named_above_the_paper_with_two_ways_to_have_it_all(client: Client) -> None:
    crowded(client)
    page = html(client.get(f"{PRINT}?paper=a4&code=1"))
    notice, paper = page.split("<article", 1)[0], page.split("<article", 1)[1]
    assert "Not all of it fits on two sides" in notice and "Not all of it fits" not in paper
    assert "<strong>Questions over the fence:</strong> Questions for my neighbor (cut short)" in notice
    assert f'href="{PDF}?paper=a4&amp;type=more&amp;code=1"' in notice and f'href="{PDF}?paper=a4&amp;type=large&amp;code=1"' in notice
    for type in ("more", "large"):
        shown = "".join(text_of(pdf(client, f"?type={type}")).split())
        assert shown.count("Whythis?") == shown.count("Andthat?") == 600


@pytest.mark.parametrize("query", ["", "?type=more", "?type=large", "?type=blank"])
def test_nothing_is_said_where_all_of_it_fits(client: Client, query: str) -> None:
    filled(client) if not query else crowded(client)
    assert "fits on two sides" not in html(client.get(PRINT + query))


def test_without_an_open_plan_there_is_no_paper(client: Client) -> None:
    for path in (PRINT, PDF):
        response = client.get(path)
        assert (response.status_code, response.headers["Location"]) == (302, "/plan/")
