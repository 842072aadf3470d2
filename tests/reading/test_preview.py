"""A document as readers would see it, before it is saved."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.http.response import HttpResponseBase
from django.test import Client

from guide.editing.models import Edition, Revision
from tests.visits import html, path_of

pytestmark = pytest.mark.usefixtures("garden")

SOIL = "en/pages/10-soil.md"


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    """Alice at her desk."""
    client.force_login(alice)
    return client


def preview(client: Client, path: str, text: str) -> HttpResponseBase:
    return client.post("/admin/preview/", {"path": path, "text": text})


def test_the_preview_shows_the_text_and_saves_nothing(desk: Client, toy_texts: dict[str, str]) -> None:
    response = preview(desk, SOIL, toy_texts[SOIL].replace("title: Good soil", "title: Fine soil"))
    assert response.status_code == 200
    assert "<h1>Fine soil</h1>" in html(response)
    assert "<h1>Good soil</h1>" in html(Client().get("/guide/soil/"))
    assert Edition.objects.count() == 1
    assert not Revision.objects.filter(state=Revision.State.DRAFT).exists()


def test_the_preview_lists_every_mistake(desk: Client, toy_texts: dict[str, str]) -> None:
    response = preview(
        desk, SOIL, toy_texts[SOIL].replace("treatments: [compost]", "treatments: [moondust]").replace("title: Good soil\n", "")
    )
    page = html(response)
    assert response.status_code == 422
    assert "It cannot be published like this" in page
    assert "there is no treatment &#x27;moondust&#x27;" in page
    assert f"<li>{SOIL}: title: fill it in</li>" in page


def test_a_line_end_of_a_browser_is_no_mistake(desk: Client, toy_texts: dict[str, str]) -> None:
    assert preview(desk, SOIL, toy_texts[SOIL].replace("\n", "\r\n")).status_code == 200


@pytest.mark.parametrize("path", ["en/treatments/compost.md", "en/glossary.md", "en/pages/20-water.md"])
def test_every_document_with_a_page_can_be_previewed(desk: Client, toy_texts: dict[str, str], path: str) -> None:
    assert preview(desk, path, toy_texts[path]).status_code == 200


def test_a_question_is_previewed_with_its_answers(desk: Client, toy_texts: dict[str, str]) -> None:
    page = html(preview(desk, "en/questions/20-soil.md", toy_texts["en/questions/20-soil.md"]))
    assert "What is your soil like?" in page and "You said: soil that sticks." in page and "Rub some between your fingers." in page


@pytest.mark.parametrize("path", ["sources.yaml", "en/site.yaml", "en/plan/10-my-garden.md", "audiences.yaml"])
def test_a_file_without_a_page_says_so(desk: Client, toy_texts: dict[str, str], path: str) -> None:
    assert "This file has no page of its own." in html(preview(desk, path, toy_texts[path]))


def test_a_new_document_can_be_previewed(desk: Client, toy_texts: dict[str, str]) -> None:
    text = toy_texts["en/pages/30-visitors.md"].replace("title: Visitors", "title: Guests")
    assert "<h1>Guests</h1>" in html(preview(desk, "en/pages/35-guests.md", text))


def test_markup_in_a_text_is_shown_and_not_run(desk: Client, toy_texts: dict[str, str]) -> None:
    page = html(preview(desk, SOIL, toy_texts[SOIL] + "\n<script>alert(1)</script>\n"))
    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_a_path_in_a_message_is_escaped(desk: Client) -> None:
    assert "<script>" not in html(preview(desk, "<script>.md", "text")).replace("<script src=", "")


def test_the_preview_is_kept_nowhere(desk: Client, toy_texts: dict[str, str]) -> None:
    assert {"no-store", "private"} <= set(preview(desk, SOIL, toy_texts[SOIL]).headers["Cache-Control"].split(", "))


def test_the_preview_is_for_editors_only(client: Client, charlie: User, toy_texts: dict[str, str]) -> None:
    assert path_of(preview(client, SOIL, toy_texts[SOIL])) == "/admin/login/"
    client.force_login(charlie)
    assert preview(client, SOIL, toy_texts[SOIL]).status_code == 403


def test_the_preview_needs_a_form(desk: Client) -> None:
    assert desk.get("/admin/preview/").status_code == 405
