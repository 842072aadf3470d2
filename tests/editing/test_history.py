"""Every text of a document, two of them compared, an old one brought back."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.test import Client

from guide.editing import workflow
from guide.editing.models import Document, Edition, Revision
from guide.editing.views import reviewing
from tests.editing.conftest import staff
from tests.visits import html

SOIL = "en/pages/10-soil.md"
State = Revision.State


def soil() -> Document:
    return Document.objects.get(path=SOIL)


def now() -> str:
    published = soil().published()
    assert published
    return published.text


def address() -> str:
    return f"/admin/documents/{soil().pk}/history/"


def look(client: Client, user: User, query: str = "") -> str:
    client.force_login(user)
    response = client.get(address() + query)
    assert response.status_code == 200
    return html(response)


def words(page: str) -> str:
    """What is said; the end of a paragraph or a term parts words."""
    return " ".join(unescape(re.sub(r"<[^>]*>", "", re.sub(r"</(?:p|d[td]|li|h\d)>|<br>", " ", page))).split())


@pytest.fixture
def second(erin: User, rosa: User, paul: User) -> Revision:
    """Published with edition 2."""
    text = now().replace("Feed the soil,", "Feed the soil every spring,")
    made = workflow.save_draft(soil(), text, by=erin, version=0, note="Spring was missing", for_readers="We say when to feed.")
    workflow.send_to_review(made, by=erin)
    workflow.approve(made, by=rosa, role="Head gardener")
    workflow.publish([made], by=paul, note="Spring")
    return Revision.objects.get(pk=made.pk)


@pytest.fixture
def first(garden: Edition) -> Revision:
    """Published with edition 1."""
    return soil().revisions.get(edition__number=1)


def test_every_text_is_listed_with_who_when_why_and_who_reviewed(client: Client, second: Revision, erin: User) -> None:
    given_up = workflow.save_draft(soil(), "Bad", by=erin, version=0, note="A try")
    workflow.withdraw(given_up, by=erin, why="No")
    workflow.save_draft(soil(), now() + "\nMore.\n", by=erin, version=0, note="More words")
    entries = [words(entry) for entry in re.findall(r"<li>\s*<p><strong>.*?</li>", look(client, erin), re.DOTALL)]
    assert len(entries) == 4
    assert entries[0].startswith("Draft, ") and "More words" in entries[0] and "Erin Green" in entries[0]
    assert entries[1].startswith("Withdrawn, ") and "A try" in entries[1]
    assert entries[2].startswith("Edition 2 what readers see now Spring was missing For readers: We say when to feed.")
    assert "Approved by Rosa Green, Head gardener" in entries[2]
    assert entries[3].startswith("Edition 1") and "what readers see now" not in entries[3] and "an import" in entries[3]


def test_two_texts_are_compared_in_words(client: Client, first: Revision, second: Revision, rosa: User) -> None:
    page = look(client, rosa, f"?from={first.pk}&to={second.pk}")
    assert "From Edition 1 to Edition 2" in words(page)
    assert "</span>every spring<span" in page and "<del>" not in page
    assert f'name="from" value="{first.pk}" checked' in page and f'name="to" value="{second.pk}" checked' in page
    back = look(client, rosa, f"?from={second.pk}&to={first.pk}")
    assert re.search(r"<del><span[^>]*>[^<]*</span> every spring", back)


def test_what_readers_see_and_what_is_on_its_way_are_chosen_beforehand(
    client: Client, first: Revision, second: Revision, erin: User
) -> None:
    page = look(client, erin)
    assert f'name="from" value="{first.pk}" checked' in page and f'name="to" value="{second.pk}" checked' in page
    draft = workflow.save_draft(soil(), now() + "\nMore.\n", by=erin, version=0, note="n")
    page = look(client, erin)
    assert f'name="from" value="{second.pk}" checked' in page and f'name="to" value="{draft.pk}" checked' in page


@pytest.mark.parametrize("query", ["?from=x&to=y", "?from=1", "?from=999999&to=1", "?to=²"])
def test_texts_that_are_not_there_are_asked_for_again(client: Client, erin: User, query: str) -> None:
    assert "Choose two texts of this document to compare." in look(client, erin, query)


def test_texts_of_another_document_are_not_compared(client: Client, first: Revision, erin: User) -> None:
    other = Revision.objects.exclude(document=soil()).first()
    assert other
    assert "Choose two texts" in look(client, erin, f"?from={first.pk}&to={other.pk}")


def test_an_old_text_comes_back_as_a_draft(client: Client, first: Revision, second: Revision, erin: User) -> None:
    client.force_login(erin)
    response = client.post(address(), {"restore": first.pk})
    assert response.status_code == 302 and response.headers["Location"] == f"/admin/documents/{soil().pk}/edit/"
    draft = soil().open_text()
    assert draft and draft.text == first.text and draft.note == "As it was in edition 1" and draft.state == State.DRAFT
    assert now() == second.text


def test_an_old_text_does_not_come_back_over_a_draft(client: Client, first: Revision, second: Revision, erin: User) -> None:
    draft = workflow.save_draft(soil(), now() + "\nMore.\n", by=erin, version=0, note="n")
    client.force_login(erin)
    response = client.post(address(), {"restore": first.pk})
    assert response.status_code == 422 and "There is a draft of this document already." in html(response)
    assert soil().open_text() == draft


@pytest.mark.parametrize("chosen", ["", "x", "999999"])
def test_nothing_comes_back_out_of_nothing(client: Client, erin: User, chosen: str) -> None:
    client.force_login(erin)
    response = client.post(address(), {"restore": chosen})
    assert response.status_code == 422 and soil().open_text() is None


def test_only_editors_bring_texts_back(client: Client, first: Revision, second: Revision, rosa: User) -> None:
    assert "Begin a draft" not in look(client, rosa)
    response = client.post(address(), {"restore": first.pk})
    assert response.status_code == 422 and "You may not edit documents." in html(response)
    assert soil().open_text() is None


def test_a_removal_is_listed_and_has_no_text_to_bring_back(client: Client, erin: User, garden: Edition) -> None:
    water = Document.objects.get(path="en/glossary.md")
    gone = water.revisions.create(text="", removed=True, state=State.WITHDRAWN, author=erin, note="Not needed")
    client.force_login(erin)
    where = f"/admin/documents/{water.pk}/history/"
    assert "takes the document away" in html(client.get(where))
    assert client.post(where, {"restore": gone.pk}).status_code == 422


def test_a_long_history_comes_in_parts_and_in_few_queries(
    client: Client, erin: User, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    monkeypatch.setattr(reviewing, "_A_PAGE", 5)
    document = soil()
    for number in range(12):
        document.revisions.create(text="x", state=State.SUPERSEDED, author=erin, note=f"Note {number}.")
    page = look(client, erin)
    found = re.findall(r"Note (\d+)\.", page)
    while older := re.search(r'href="(\?before=\d+)"', page):
        with django_assert_max_num_queries(30):  # type: ignore[operator]  # what pytest-django gives
            page = look(client, erin, older[1])
        found += re.findall(r"Note (\d+)\.", page)
    assert found == [str(number) for number in range(11, -1, -1)]


def test_strangers_see_no_history(client: Client, garden: Edition) -> None:
    assert client.get(address()).status_code == 302
    client.force_login(User.objects.create_user("temp", is_staff=True))
    assert client.get(address()).status_code == 403
    client.force_login(staff("pia", "Publishers"))
    assert client.get(address()).status_code == 200
