"""The results to take along: all that the page shows, as plain text, and as a tagged PDF."""

from __future__ import annotations

import io
from typing import Any

import pytest
from django.test import Client
from pypdf import PdfReader

from guide.content.documents import Guide
from guide.content.leading import lead
from guide.content.weighing import weigh
from guide.wizard.handout import Situation, handout
from guide.wizard.telling import paragraphs
from tests.visits import answer, html

BED = {"space": frozenset({"bed"})}


def made(guide: Guide) -> dict[str, Any]:
    leading = lead(weigh(guide, BED))
    return handout(leading, {"space": ("bed",)}, Situation(["a bed"], []), lambda path: f"https://garden.example{path}")


def test_an_option_that_is_often_discussed_keeps_its_text_and_address(toy: Guide) -> None:
    compost = made(toy)["often"][0]["options"][0]
    assert compost["title"] == "Compost in spring"
    assert compost["text"] == ["Spread two fingers deep before you plant.", "Worms carry it down, and humus follows."]
    assert compost["why"] == "You said: a garden bed."
    assert compost["address"] == "https://garden.example/guide/soil/#compost-in-spring"
    parts = {part["id"]: part["lines"] for part in made(toy)["parts"]}
    assert [line["title"] for line in parts["tests"]] == ["Shake some soil in a jar"]


def test_what_depends_on_an_answer_and_what_to_ask_are_there(toy: Guide) -> None:
    found = made(toy)
    lines = [line for part in found["others"] for line in part["lines"]]
    (mulch,) = (line for line in lines if line["title"] == "Mulch for sandy beds")
    assert mulch["open"] == "your kind of soil and whether you collect rain"
    assert set(weigh(toy, BED).gaps()) <= {*found["questions"], *found["more_questions"]}
    assert found["not_count"] == len(weigh(toy, BED).of("option", "does-not-apply"))


def test_marks_of_sources_and_tags_are_left_out_of_the_text() -> None:
    rendered = '<p>One &lt;b&gt; &amp; <a href="/x/">two</a><sup class="cite"><a>[1]</a></sup>.</p><ul><li>Three</li>\n<li>Four</li></ul>'
    assert paragraphs(rendered) == ["One <b> & two.", "Three", "Four"]


@pytest.mark.usefixtures("garden")
def test_the_pdf_is_tagged_private_and_holds_the_findings(client: Client) -> None:
    answer(client, {"space": "bed", "soil": "clay"})
    assert '"/for-me/results.pdf"' in html(client.get("/for-me/results/"))
    response = client.get("/for-me/results.pdf")
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "no-store, private"
    assert response["Content-Disposition"] == 'inline; filename="results.pdf"'
    reader = PdfReader(io.BytesIO(response.content))
    root: Any = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root and root["/Lang"] == "en"
    assert reader.metadata is not None and reader.metadata.title == "What applies to me"
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert "Compost in spring" in text and "Spread two fingers deep" in text
    assert reader.pages[0].mediabox.width == 612


@pytest.mark.usefixtures("garden")
def test_the_pdf_comes_on_a4_too_and_before_any_answer(client: Client) -> None:
    response = client.get("/for-me/results.pdf?paper=a4")
    assert round(PdfReader(io.BytesIO(response.content)).pages[0].mediabox.width) == 595
