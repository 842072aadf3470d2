"""The editors' desk."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.http.response import HttpResponseBase
from django.test import Client

from guide.editing.models import Document, Edition, Revision
from guide.plans.models import Plan
from tests.django_fixtures import published
from tests.visits import html

pytestmark = pytest.mark.usefixtures("garden")

SOIL = "en/pages/10-soil.md"


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    """Alice's desk: she may edit."""
    client.force_login(alice)
    return client


@pytest.fixture
def chief_desk(bob: User) -> Client:
    """Bob's desk: he may publish."""
    client = Client()
    client.force_login(bob)
    return client


def address(path: str = SOIL) -> str:
    return f"/admin/guide/document/{Document.objects.get(path=path).pk}/change/"


def opened(client: Client, path: str = SOIL) -> dict[str, str]:
    """Open a document: what its form holds."""
    page = html(client.get(address(path)))
    text = re.search(r'<textarea name="text".*?>\n(.*?)</textarea>', page, re.DOTALL)
    based_on = re.search(r'name="based_on" value="(\d+)"', page)
    assert text and based_on
    return {"text": unescape(text[1]), "based_on": based_on[1]}


def send(client: Client, form: dict[str, str], button: str = "_continue", document: str = SOIL, **typed: str) -> HttpResponseBase:
    return client.post(address(document), {"note": "Clearer words", **form, **typed, button: "1"})


def text_of(edition: int, path: str = SOIL) -> str:
    return Edition.objects.texts(edition)[path]


# Drafts and publishing


def test_the_form_holds_the_text_as_it_is(desk: Client, toy_texts: dict[str, str]) -> None:
    for path, text in toy_texts.items():
        assert opened(desk, path)["text"] == text


def test_a_draft_is_saved_and_readers_do_not_see_it(desk: Client, alice: User, toy_texts: dict[str, str]) -> None:
    form = opened(desk)
    response = send(desk, form, text=form["text"].replace("Good soil", "Fine soil"))
    assert response.status_code == 302 and response.headers["Location"] == address()
    draft = Document.objects.get(path=SOIL).draft()
    assert draft and (draft.author, draft.note) == (alice, "Clearer words")
    assert draft.text == toy_texts[SOIL].replace("Good soil", "Fine soil")
    assert Edition.objects.newest() == 1
    assert "<h1>Good soil</h1>" in html(desk.get("/guide/soil/"))
    assert opened(desk)["text"] == draft.text


def test_a_newer_draft_takes_the_place_of_the_older_one(desk: Client) -> None:
    for word in ("Fine", "Best"):
        form = opened(desk)
        send(desk, form, text=re.sub("title: .*", f"title: {word} soil", form["text"]))
    states = [(revision.state, revision.text.count("title: Best soil")) for revision in Document.objects.get(path=SOIL).revisions.all()]
    assert states == [("draft", 1), ("superseded", 0), ("published", 0)]


def test_publishing_makes_an_edition_that_readers_see(chief_desk: Client, bob: User) -> None:
    form = opened(chief_desk)
    response = send(chief_desk, form, "_publish", text=form["text"].replace("Good soil", "Fine soil"))
    assert response.status_code == 302
    edition = Edition.objects.get(number=2)
    assert (edition.by, edition.note, edition.origin) == (bob, "Clearer words", "admin")
    assert "<h1>Fine soil</h1>" in html(chief_desk.get("/guide/soil/"))
    assert "Published: Edition 2." in html(chief_desk.get(address()))


def test_a_draft_of_one_is_published_by_another(desk: Client, chief_desk: Client) -> None:
    form = opened(desk)
    send(desk, form, text=form["text"].replace("Good soil", "Fine soil"))
    send(chief_desk, opened(chief_desk), "_publish")
    assert "title: Fine soil" in text_of(2)
    assert Document.objects.get(path=SOIL).draft() is None


def test_who_may_not_publish_has_no_button_and_makes_a_draft(desk: Client, chief_desk: Client) -> None:
    assert 'name="_publish"' in html(chief_desk.get(address()))
    assert 'name="_publish"' not in html(desk.get(address()))
    form = opened(desk)
    send(desk, form, "_publish", text=form["text"] + "\nMore.\n")
    assert Edition.objects.newest() == 1
    assert Document.objects.get(path=SOIL).draft() is not None


def test_staff_without_permission_see_nothing(client: Client, charlie: User) -> None:
    client.force_login(charlie)
    for path in (address(), "/admin/guide/document/", "/admin/guide/revision/", "/admin/guide/document/add/"):
        assert client.get(path).status_code == 403
    assert client.post(address(), {"text": "x", "note": "n"}).status_code == 403
    assert Revision.objects.filter(state="draft").count() == 0


def test_strangers_are_asked_to_log_in(client: Client) -> None:
    response = client.get(address())
    assert response.status_code == 302 and response.headers["Location"].startswith("/admin/login/")


def test_line_ends_of_browsers_are_not_saved(chief_desk: Client, toy_texts: dict[str, str]) -> None:
    form = opened(chief_desk)
    text = form["text"] + "\nMore.\n"
    send(chief_desk, form, "_publish", text=text.replace("\n", "\r\n"))
    assert text_of(2) == toy_texts[SOIL] + "\nMore.\n"


def test_the_spaces_at_both_ends_of_a_text_are_kept(chief_desk: Client, toy_texts: dict[str, str]) -> None:
    form = opened(chief_desk)
    send(chief_desk, form, "_publish", text=form["text"] + "\n\n  \n")
    assert text_of(2) == toy_texts[SOIL] + "\n\n  \n"


# Mistakes


@pytest.mark.parametrize("button", ["_continue", "_publish"])
def test_every_mistake_is_listed_and_the_text_is_kept(chief_desk: Client, button: str) -> None:
    form = opened(chief_desk)
    wrong = form["text"].replace("[compost]", "[moondust]").replace("title: Good soil\n", "") + "\n<b>My own words & more</b>\n"
    response = send(chief_desk, form, button, text=wrong)
    page = unescape(html(response))
    assert response.status_code == 200
    assert "option | Compost in spring: treatments: there is no treatment 'moondust' in treatments/" in page
    assert f"{SOIL}: title: fill it in" in page
    assert "<b>My own words & more</b>" in page and "&lt;b&gt;My own words &amp; more" in html(response)
    assert 'value="Clearer words"' in page
    assert Edition.objects.newest() == 1
    assert Revision.objects.filter(state="draft").count() == 0


def test_a_mistake_that_a_change_makes_elsewhere_is_listed_with_its_file(chief_desk: Client) -> None:
    path = "en/treatments/compost.md"
    form = opened(chief_desk, path)
    response = send(chief_desk, form, "_publish", path, text=form["text"].replace("family: soil", "family: moon"))
    assert "family: there is no page 'moon'" in unescape(html(response))
    form = opened(chief_desk, "audiences.yaml")
    response = send(chief_desk, form, "_publish", "audiences.yaml", text=form["text"].replace("open-ground", "closed-ground"))
    assert f"{SOIL}: option | Compost in spring: when: there is no audience 'open-ground'" in unescape(html(response))


def test_a_change_needs_its_reason(chief_desk: Client) -> None:
    response = send(chief_desk, opened(chief_desk), "_publish", note="")
    assert "This field is required." in html(response)
    assert Edition.objects.newest() == 1


def test_the_path_of_a_document_stays(chief_desk: Client, toy_texts: dict[str, str]) -> None:
    form = opened(chief_desk)
    send(chief_desk, form, "_publish", text=form["text"] + "\nMore.\n", path="en/pages/99-moved.md")
    assert not Document.objects.filter(path="en/pages/99-moved.md").exists()
    assert text_of(2) == toy_texts[SOIL] + "\nMore.\n"


# New documents


def test_a_new_document_is_published(chief_desk: Client, toy_texts: dict[str, str]) -> None:
    text = toy_texts["en/pages/20-water.md"].replace("title: Water", "title: Tools")
    new = {"path": "en/pages/25-tools.md", "text": text, "note": "A page about tools", "_publish": "1"}
    assert chief_desk.post("/admin/guide/document/add/", new).status_code == 302
    assert "<h1>Tools</h1>" in html(chief_desk.get("/guide/tools/"))


def test_a_new_document_can_wait_as_a_draft(desk: Client, toy_texts: dict[str, str]) -> None:
    text = toy_texts["en/pages/20-water.md"].replace("title: Water", "title: Tools")
    new = {"path": "en/pages/25-tools.md", "text": text, "note": "A page about tools", "_continue": "1"}
    assert desk.post("/admin/guide/document/add/", new).status_code == 302
    assert desk.get("/guide/tools/").status_code == 404
    assert opened(desk, "en/pages/25-tools.md")["text"] == text


@pytest.mark.parametrize(
    "path", [SOIL, "en/pages/Tools.md", "en/pages/25-tools.txt", "../outside.md", "/en/pages/25-tools.md", "pages/25-tools.md"]
)
def test_a_new_document_needs_a_path_that_is_free_and_that_readers_would_see(desk: Client, toy_texts: dict[str, str], path: str) -> None:
    before = Document.objects.count()
    response = desk.post(
        "/admin/guide/document/add/", {"path": path, "text": toy_texts["en/pages/20-water.md"], "note": "n", "_continue": "1"}
    )
    assert response.status_code == 200
    assert Document.objects.count() == before


# Two editors


def test_whoever_saves_second_is_told_and_keeps_the_text(desk: Client, chief_desk: Client) -> None:
    mine, theirs = opened(desk), opened(chief_desk)
    send(chief_desk, theirs, "_publish", text=theirs["text"].replace("Good soil", "Fine soil"), note="Bob was quicker")
    response = send(desk, mine, text=mine["text"] + "\nMy own words.\n")
    page = html(response)
    assert response.status_code == 200
    assert "bob saved this document while you were editing (“Bob was quicker”)" in page
    assert "My own words." in page
    assert Document.objects.get(path=SOIL).draft() is None
    newest = Document.objects.get(path=SOIL).revisions.first()
    assert newest
    # The form now knows of the newer text: saving again is a decision.
    again = re.search(r'name="based_on" value="(\d+)"', page)
    assert again and again[1] == str(newest.pk)
    assert send(desk, mine, text=mine["text"] + "\nMy own words.\n", based_on=again[1]).status_code == 302
    draft = Document.objects.get(path=SOIL).draft()
    assert draft and draft.text.endswith("My own words.\n")


def test_a_third_editor_in_between_is_told_too(desk: Client, chief_desk: Client, toy_texts: dict[str, str]) -> None:
    mine = opened(desk)
    published({SOIL: toy_texts[SOIL] + "\nFrom the files.\n"})
    page = html(send(desk, mine, text=mine["text"] + "\nMine.\n"))
    assert "an import saved this document while you were editing" in page
    send(chief_desk, opened(chief_desk), "_publish", text=toy_texts[SOIL] + "\nBob's.\n")
    again = re.search(r'name="based_on" value="(\d+)"', page)
    assert again
    assert "bob saved this document" in html(send(desk, mine, based_on=again[1]))


def test_a_draft_of_another_is_told_too(desk: Client, chief_desk: Client) -> None:
    mine, theirs = opened(desk), opened(chief_desk)
    send(chief_desk, theirs, text=theirs["text"] + "\nBob's draft.\n")
    assert "bob saved this document" in html(send(desk, mine, text=mine["text"] + "\nMine.\n"))


def test_saving_another_document_is_no_conflict(desk: Client, chief_desk: Client) -> None:
    mine, theirs = opened(desk), opened(chief_desk, "en/pages/20-water.md")
    send(chief_desk, theirs, "_publish", "en/pages/20-water.md", text=theirs["text"] + "\nMore.\n")
    assert send(desk, mine, text=mine["text"] + "\nMine.\n").status_code == 302


# History


def test_the_history_says_who_when_and_why(desk: Client, chief_desk: Client) -> None:
    form = opened(desk)
    send(desk, form, text=form["text"] + "\nMore.\n", note="One more word")
    send(chief_desk, opened(chief_desk), "_publish", note="Looks good")
    table = html(desk.get(address())).split('<table class="history">')[1].split("</table>")[0]
    rows = [
        [re.sub(r"<.*?>|\s+", " ", cell).strip() for cell in re.findall(r"<td>(.*?)</td>", row, re.DOTALL)]
        for row in table.split("<tr>")[2:]
    ]
    assert [row[1:] for row in rows] == [
        ["bob", "Looks good", "published (edition 2)"],
        ["alice", "One more word", "superseded"],
        ["import", "Imported from the files", "published (edition 1)"],
    ]
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d", row[0]) for row in rows)


def test_every_text_of_the_history_can_be_read_and_none_can_be_changed(desk: Client) -> None:
    revision = Revision.objects.get(document__path=SOIL)
    path = f"/admin/guide/revision/{revision.pk}/change/"
    assert "Spread two fingers deep before you plant." in html(desk.get(path))
    assert desk.post(path, {"text": "changed"}).status_code == 403
    assert desk.post(f"/admin/guide/revision/{revision.pk}/delete/", {"post": "yes"}).status_code == 403
    assert desk.get("/admin/guide/revision/add/").status_code == 403


def test_documents_are_not_deleted_here(chief_desk: Client) -> None:
    path = address().replace("change", "delete")
    assert chief_desk.post(path, {"post": "yes"}).status_code == 403


def test_the_list_tells_the_state_of_every_document(desk: Client, chief_desk: Client, toy_texts: dict[str, str]) -> None:
    form = opened(desk)
    send(desk, form, text=form["text"] + "\nMore.\n", note="One more word")
    Edition.objects.publish({"en/pages/25-tools.md": toy_texts[SOIL].replace("Good soil", "Tools")}, by=None, note="n", origin="files")
    Edition.objects.publish({"en/pages/25-tools.md": None}, by=None, note="gone", origin="files")
    page = html(desk.get("/admin/guide/document/"))
    states = dict(re.findall(r">([\w./-]+)</a></th><td class=\"field-state\">(.*?)</td>", page))
    assert states[SOIL] == "published in edition 1; draft waiting"
    assert states["en/pages/20-water.md"] == "published in edition 1"
    assert states["en/pages/25-tools.md"] == "removed"
    assert "alice: One more word" in page


def test_the_list_needs_few_queries(desk: Client, django_assert_max_num_queries: object) -> None:
    assert callable(django_assert_max_num_queries)
    with django_assert_max_num_queries(12):
        desk.get("/admin/guide/document/")


def test_documents_are_found_by_their_words(desk: Client) -> None:
    page = html(desk.get("/admin/guide/document/", {"q": "Worms carry it down"}))
    assert SOIL in page and "en/pages/20-water.md" not in page


def test_nobody_sees_plans_here(client: Client, admin_user: User) -> None:
    client.force_login(admin_user)
    client.post("/plan/start/")
    assert Plan.objects.count() == 1
    assert "plan" not in html(client.get("/admin/")).lower().replace("explan", "")
    assert client.get("/admin/guide/plan/").status_code == 404


def test_a_draft_tells_who_would_gain_or_lose_what(desk: Client) -> None:
    form = opened(desk)
    send(desk, form, text=form["text"].replace("{space: balcony}\n    role", "{space: [balcony, meadow]}\n    role"))
    page = html(desk.get(address()))
    assert "<strong>Compost in the pot</strong> (option)" in page
    assert "Shown in 1 more of 3 situations, for example: a meadow." in page
    send(desk, opened(desk), text=form["text"].replace("Good soil", "Fine soil"))
    assert "shown to the same readers as before" in html(desk.get(address()))


def test_without_a_draft_there_is_nothing_to_tell(desk: Client) -> None:
    assert "What readers gain or lose" not in html(desk.get(address()))
