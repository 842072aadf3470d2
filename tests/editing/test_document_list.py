"""The list of all documents, and every text that there ever was, to read only."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.test import Client

from guide.editing import workflow
from guide.editing.models import Document, Edition, Revision
from guide.plans.models import Plan
from tests.django_fixtures import published
from tests.visits import html

SOIL, WATER = "en/pages/10-soil.md", "en/pages/20-water.md"
LIST = "/admin/guide/document/"


@pytest.fixture
def desk(client: Client, erin: User) -> Client:
    """Erin's desk: she may edit."""
    client.force_login(erin)
    return client


def soil() -> Document:
    return Document.objects.get(path=SOIL)


def draft(erin: User) -> Revision:
    text = Edition.objects.texts(1)[SOIL] + "\nMore.\n"
    return workflow.save_draft(soil(), text, by=erin, version=0, note="One more word", for_readers="One more word.")


def rows(page: str) -> dict[str, str]:
    """What each row of the list says, by its path."""
    found = [unescape(" ".join(re.sub(r"<[^>]*>", " ", row).split())) for row in re.findall(r"<tr>.*?</tr>", page, re.DOTALL)]
    return {path[0]: row for row in found if (path := re.search(r"\S+\.(md|yaml)", row))}


def test_the_list_tells_the_state_of_every_document(desk: Client, erin: User, toy_texts: dict[str, str]) -> None:
    tools = "en/pages/25-tools.md"
    text = draft(erin)
    published({tools: toy_texts[SOIL].replace("Good soil", "Tools")})
    Edition.objects.publish({tools: None}, by=None, note="gone", origin="files")
    told = rows(html(desk.get(LIST)))
    assert set(toy_texts) | {tools} <= set(told)
    assert "published in edition 1; draft on its way" in told[SOIL] and "erin: One more word" in told[SOIL]
    assert "published in edition 1" in told[WATER] and "on its way" not in told[WATER]
    assert "import: Imported from the files" in told[WATER]
    assert told[SOIL].startswith("Good soil en/pages/10-soil.md ") and told[tools].startswith("Tools ")
    assert " removed " in told[tools] and "import: gone" in told[tools]
    workflow.send_to_review(text, by=erin)
    assert "in review on its way" in rows(html(desk.get(LIST)))[SOIL]


def test_the_list_needs_few_queries_however_long_the_history(
    desk: Client, erin: User, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    for number in range(20):
        soil().revisions.create(text="x", state=Revision.State.SUPERSEDED, author=erin, note=f"Note {number}")
    with django_assert_max_num_queries(14):  # type: ignore[operator]  # what pytest-django gives
        desk.get(LIST)


def test_documents_are_found_by_their_words(desk: Client) -> None:
    told = rows(html(desk.get(LIST, {"q": "Worms carry it down"})))
    assert SOIL in told and WATER not in told


@pytest.mark.parametrize("words", ["water", "Water", "compost", "(", "tomato["])
def test_titles_with_the_words_come_first_and_lists_of_values_last(desk: Client, words: str) -> None:
    told = rows(html(desk.get(LIST, {"q": words})))
    in_title = [words.lower() in row.split(" en/")[0].lower() for row in told.values()]
    assert in_title == sorted(in_title, reverse=True)
    pages = [path.endswith(".md") for path in told]
    assert pages == sorted(pages, reverse=True)
    assert words in "([tomato[" or in_title[0] and not pages[-1]


def test_a_document_opens_in_the_editor_or_in_its_history(client: Client, erin: User, rosa: User) -> None:
    one = f"{LIST}{soil().pk}/change/"
    for user, page in ((erin, "edit"), (rosa, "history")):
        client.force_login(user)
        response = client.get(one)
        assert response.status_code == 302 and response.headers["Location"] == f"/admin/documents/{soil().pk}/{page}/"
        assert client.get(f"{LIST}999999/change/").headers["Location"] == LIST


def test_new_documents_begin_on_a_page_of_their_own(client: Client, erin: User, rosa: User) -> None:
    client.force_login(erin)
    assert client.get(f"{LIST}add/").headers["Location"] == "/admin/documents/new/"
    client.force_login(rosa)
    assert client.get(f"{LIST}add/").status_code == 403


def test_documents_are_not_deleted_here(client: Client, erin: User, paul: User, admin_user: User) -> None:
    for user in (erin, paul, admin_user):
        client.force_login(user)
        assert client.post(f"{LIST}{soil().pk}/delete/", {"post": "yes"}).status_code == 403
        client.post(LIST, {"action": "delete_selected", "_selected_action": soil().pk, "post": "yes"})
    assert Document.objects.filter(path=SOIL).exists()


def test_every_text_of_the_history_can_be_read_and_none_can_be_changed(client: Client, erin: User, admin_user: User) -> None:
    text = Revision.objects.get(document__path=SOIL)
    one = f"/admin/guide/revision/{text.pk}/"
    for user in (erin, admin_user):
        client.force_login(user)
        assert "Spread two fingers deep before you plant." in html(client.get(f"{one}change/"))
        assert client.post(f"{one}change/", {"text": "changed"}).status_code == 403
        assert client.post(f"{one}delete/", {"post": "yes"}).status_code == 403
        assert client.get("/admin/guide/revision/add/").status_code == 403
    text.refresh_from_db()
    assert text.text == Edition.objects.texts(1)[SOIL]


@pytest.mark.usefixtures("garden")
def test_who_has_no_right_sees_nothing(client: Client, charlie: User) -> None:
    for path in (LIST, "/admin/guide/revision/"):
        response = client.get(path)
        assert response.status_code == 302 and response.headers["Location"].startswith("/admin/login/")
    client.force_login(charlie)
    for path in (LIST, f"{LIST}{soil().pk}/change/", "/admin/guide/revision/", f"{LIST}add/"):
        assert client.get(path).status_code == 403


def test_an_editor_sees_nothing_of_plans_and_nobody_sees_one(desk: Client, admin_user: User) -> None:
    desk.post("/plan/start/")
    plan = Plan.objects.get()
    assert "/admin/guide/plan/" not in html(desk.get("/admin/"))
    assert desk.get("/admin/guide/plan/").status_code == 403
    desk.force_login(admin_user)
    assert "/change/" not in html(desk.get("/admin/guide/plan/")).split('id="content"')[1]
    assert desk.get(f"/admin/guide/plan/{plan.pk}/change/").status_code == 404
