"""The first page of the desk: what waits, for whom."""

from __future__ import annotations

import datetime
import re

import pytest
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from guide import library
from guide.editing import home, workflow
from guide.editing.conflicts import Conflict
from guide.editing.home import Desk, Section, desk_of
from guide.editing.models import Document, Edition, Revision
from guide.editing.releases import Release
from tests.visits import html

SOIL, WATER, VISITORS = "en/pages/10-soil.md", "en/pages/20-water.md", "en/pages/30-visitors.md"
# The toy guide was looked up in March 2026, and its reviews are due in September.
SUMMER, LATER = datetime.datetime(2026, 6, 1, 12, tzinfo=datetime.UTC), datetime.datetime(2027, 6, 1, 12, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _summer(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is due yet."""
    it_is(SUMMER, monkeypatch)


def it_is(now: datetime.datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(timezone, "now", lambda: now)


def drafted(by: User, path: str = SOIL, words: str = "More.") -> Revision:
    document = Document.objects.get(path=path)
    text = Edition.objects.texts(Edition.objects.newest())[path]
    return workflow.save_draft(document, f"{text}\n{words}\n", by=by, version=0, note="A word more", for_readers="More is said.")


def sent(by: User, path: str = SOIL) -> Revision:
    text = drafted(by, path)
    workflow.send_to_review(text, by=by)
    return text


def approved(by: User, reviewer: User, path: str = SOIL) -> Revision:
    text = sent(by, path)
    workflow.approve(text, by=reviewer, role="Gardener")
    return text


def find(desk: Desk, key: str) -> Section | None:
    return next((section for section in (*desk.act, *desk.look) if section.key == key), None)


def titles(desk: Desk, key: str) -> list[str]:
    section = find(desk, key)
    return [entry.title for entry in section.entries] if section else []


def keys(sections: tuple[Section, ...]) -> list[str]:
    return [section.key for section in sections]


def test_a_quiet_desk_says_that_there_is_nothing(erin: User) -> None:
    desk = desk_of(erin)
    assert (desk.act, desk.look, desk.check) == ((), (), False)
    assert "My texts" in desk.nothing and home.MISTAKES in desk.nothing


def test_each_sees_first_what_they_can_do(erin: User, rosa: User, paul: User) -> None:
    approved(erin, rosa, WATER)
    sent(erin, VISITORS)
    drafted(erin)
    assert keys(desk_of(erin).act) == ["mine"] and keys(desk_of(erin).look) == ["approved"]
    assert keys(desk_of(rosa).act) == ["review"] and keys(desk_of(rosa).look) == ["approved"]
    assert keys(desk_of(paul).act) == ["approved"] and keys(desk_of(paul).look) == ["review"]
    assert titles(desk_of(erin), "mine") == ["Water", "Visitors", "Good soil"]
    assert titles(desk_of(rosa), "review") == ["Visitors"]


def test_my_own_text_does_not_wait_for_me(erin: User, rosa: User) -> None:
    text = sent(erin)
    erin.user_permissions.add(Permission.objects.get(codename="review_document"))
    both = User.objects.get(pk=erin.pk)
    assert find(desk_of(both), "review") is None and find(desk_of(rosa), "review")
    text.writers.add(rosa)
    assert find(desk_of(rosa), "review") is None


def test_comments_wait_for_the_writer_until_they_are_settled(erin: User, rosa: User) -> None:
    text = sent(erin)
    said = workflow.comment(text, by=rosa, quote="More.", says="How much more?")
    workflow.comment(text, by=erin, quote="", says="My own.")
    section = find(desk_of(erin), "comments")
    assert section and [entry.says for entry in section.entries] == ["Rosa Green: How much more?"]
    assert section.entries[0].url == reverse("admin:review", args=[text.pk]) and find(desk_of(rosa), "comments") is None
    workflow.settle(said, by=erin)
    assert find(desk_of(erin), "comments") is None


def test_what_is_set_for_later_and_what_failed(erin: User, rosa: User, paul: User, monkeypatch: pytest.MonkeyPatch) -> None:
    text = approved(erin, rosa)
    release = workflow.plan([text], by=paul, note="In July", due=SUMMER + datetime.timedelta(days=30))
    desk = desk_of(paul)
    assert titles(desk, "scheduled") == ["In July"] and find(desk, "approved") is None
    Release.objects.update(state=Release.State.FAILED, problem="No longer approved: it")
    section = find(desk_of(paul), "scheduled")
    assert section and section.entries[0].pressing and "No longer approved: it" in section.entries[0].says
    assert titles(desk_of(paul), "approved") == ["Good soil"]
    workflow.cancel(release, by=paul)
    assert find(desk_of(paul), "scheduled") is None


def test_conflicts_wait_for_editors(erin: User, paul: User) -> None:
    conflict = Conflict.objects.remember(SOIL, base="old", file="new", edit="edited")
    section = find(desk_of(erin), "conflicts")
    assert section and section.act and section.entries[0].url == f"/admin/conflicts/{conflict.pk}/"
    assert keys(desk_of(paul).look) == ["conflicts"]


def test_reviews_that_are_due_and_sources_to_look_up_again(erin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    it_is(datetime.datetime(2026, 8, 10, tzinfo=datetime.UTC), monkeypatch)
    section = find(desk_of(erin), "due")
    assert section and section.entries and not any(entry.pressing for entry in section.entries)
    assert section.entries[0].says == "due Sept. 1, 2026"
    assert find(desk_of(erin), "sources") is None
    it_is(LATER, monkeypatch)
    desk = desk_of(erin)
    due, sources = find(desk, "due"), find(desk, "sources")
    assert due and all(entry.pressing for entry in due.entries) and due.entries[0].says == "overdue since Sept. 1, 2026"
    assert sources and len(sources.entries) == 4 and sources.entries[0].says == "last looked up March 1, 2026"
    pk = Document.objects.get(path="sources.yaml").pk
    assert {entry.url for entry in sources.entries} == {reverse("admin:edit", args=[pk])}


def test_texts_near_the_reading_limit(erin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    facts = home.facts_of(Edition.objects.get())
    hardest = max(facts.documents, key=lambda fact: fact.grade)
    monkeypatch.setattr(home, "HARDEST", hardest.grade - 0.1)
    section = find(desk_of(erin), "hard")
    assert section and section.entries[0].title == hardest.title and section.entries[0].pressing
    monkeypatch.setattr(home, "HARDEST", hardest.grade + 0.4)
    section = find(desk_of(erin), "hard")
    assert section and not section.entries[0].pressing and "near the limit" in section.entries[0].says


def test_an_edition_is_graded_once(erin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    desk_of(erin)
    monkeypatch.setattr(home, "grade", None)
    desk_of(erin)


# Mistakes in texts on their way


def test_mistakes_are_found_when_asked_and_remembered_until_a_text_changes(client: Client, erin: User) -> None:
    text = drafted(erin, words="See [this](page:moon).")
    assert desk_of(erin).check and find(desk_of(erin), "mistakes") is None
    client.force_login(erin)
    first = html(client.get("/admin/"))
    assert 'hx-get="/admin/mistakes/"' in first and '<a href="/admin/mistakes/">' in first
    page = html(client.get("/admin/mistakes/"))
    assert "<html" in page and "there is no page &#x27;moon&#x27;; mend or remove the link" in page
    part = html(client.get("/admin/mistakes/", headers={"HX-Request": "true"}))
    assert "<html" not in part and "moon" in part
    assert "moon" in html(client.get("/admin/")) and not desk_of(erin).check
    workflow.save_draft(text.document, text.text + "\nMore.\n", by=erin, version=text.version)
    assert desk_of(erin).check


def test_texts_that_lead_to_each_other_are_checked_together(erin: User, toy_texts: dict[str, str]) -> None:
    drafted(erin, words="See [tools](page:tools).")
    tools = Document.objects.create(path="en/pages/25-tools.md")
    workflow.save_draft(tools, toy_texts[WATER].replace("title: Water", "title: Tools"), by=erin, version=0)
    assert home.find_mistakes(Edition.objects.get()) == []
    assert home.known_mistakes(Edition.objects.get(), list(home.open_texts())) == []


def test_what_a_removal_breaks_elsewhere_is_told(erin: User) -> None:
    workflow.propose_removal(Document.objects.get(path=WATER), by=erin, note="Not needed")
    assert {mistake.path for mistake in home.find_mistakes(Edition.objects.get())} - {WATER}


# The page


def test_the_page_has_one_click_to_each(client: Client, erin: User, rosa: User, monkeypatch: pytest.MonkeyPatch) -> None:
    text = sent(erin)
    client.force_login(rosa)
    page = html(client.get("/admin/"))
    review = reverse("admin:review", args=[text.pk])
    assert re.search(rf'<section[^>]*id="waits-review".*?<a href="{review}">Good soil</a>', page, re.DOTALL)
    assert "Nothing under: " in page


def test_a_long_list_is_cut_and_one_click_from_whole(client: Client, erin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    it_is(LATER, monkeypatch)
    monkeypatch.setattr(home, "SHOWN", 2)
    client.force_login(erin)
    page = html(client.get("/admin/"))
    assert 'href="/admin/?all=sources#waits-sources">2 more</a>' in page and "A diary of slugs" not in page
    assert "A diary of slugs" in html(client.get("/admin/", {"all": "sources"}))


def test_who_may_see_nothing_sees_no_lists(client: Client, charlie: User, erin: User) -> None:
    sent(erin)
    client.force_login(charlie)
    page = html(client.get("/admin/"))
    assert "Good soil" not in page and 'class="waits' not in page
    assert client.get("/admin/mistakes/").status_code == 403
    assert Client().get("/admin/mistakes/").status_code == 302


def test_before_the_first_import_the_desk_opens(client: Client, admin_user: User) -> None:
    client.force_login(admin_user)
    assert client.get("/admin/").status_code == client.get("/admin/mistakes/").status_code == 200


@pytest.mark.parametrize("address", ["/admin/", "/admin/editions/", "/admin/guide/document/", "/admin/documents/{}/edit/"])
def test_the_number_of_queries_does_not_grow_with_the_history(
    client: Client, address: str, erin: User, rosa: User, paul: User, toy_texts: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "publish_due", list)  # which each process asks for twice a second
    paul.groups.set([*erin.groups.all(), *rosa.groups.all(), *paul.groups.all()])
    client.force_login(User.objects.get(pk=paul.pk))

    document = Document.objects.get(path=SOIL)
    address = address.format(document.pk)

    def queries() -> int:
        client.get(address)  # what is found out once for each edition
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    approved(erin, rosa, WATER)
    sent(erin, VISITORS)
    drafted(paul)
    before = queries()
    for number in range(40):
        Edition.objects.publish({"en/site.yaml": toy_texts["en/site.yaml"] + "\n" * number}, by=erin, note="n", origin="admin")
    Revision.objects.bulk_create(
        Revision(document=document, text=toy_texts[SOIL], state=Revision.State.SUPERSEDED, author=erin, note="n") for _ in range(500)
    )
    for slug in ("compost", "mulch", "netting"):
        approved(erin, rosa, f"en/treatments/{slug}.md")
    assert queries() == before < 40
