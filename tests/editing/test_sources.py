"""A new source goes in by a form, and out together with what cites it."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.test import Client
from django.utils import timezone

from guide.content.mistakes import ContentError
from guide.content.yamltext import read_yaml
from guide.editing import workflow
from guide.editing.models import Document, Edition, Revision
from tests.visits import html

SOIL, SOURCES = "en/pages/10-soil.md", "sources.yaml"
NEW = "/admin/sources/new/"
FORM = {
    "title": "Worms: friends of the soil",
    "publisher": "Garden Weekly",
    "date": "May 2026",
    "url": "https://garden.example/worms",
    "doi": "",
    "checked": "2026-11-01",
}
State = Revision.State


@pytest.fixture
def desk(client: Client, erin: User) -> Client:
    """Erin's desk: she may edit."""
    client.force_login(erin)
    return client


def of(path: str) -> Document:
    return Document.objects.get(path=path)


def draft_of(path: str) -> Revision:
    found = of(path).open_text()
    assert found
    return found


def test_a_source_is_added_to_a_draft_of_the_list(desk: Client, toy_texts: dict[str, str]) -> None:
    assert desk.post(NEW, FORM).status_code == 302
    made = draft_of(SOURCES)
    assert made.text.startswith(toy_texts[SOURCES].rstrip()) and made.note == "New sources"
    added = read_yaml(made.text).data["garden-worms-friends-of-the"]
    assert added["title"] == FORM["title"] and added["date"] == "May 2026"
    assert added["checked"].isoformat() == "2026-11-01" and "doi" not in added


def test_two_sources_of_the_same_name_get_two_ids_in_one_draft(desk: Client) -> None:
    for _ in range(2):
        desk.post(NEW, FORM)
    assert re.findall(r"^garden.*:$", draft_of(SOURCES).text, re.MULTILINE) == [
        "garden-worms-friends-of-the:",
        "garden-worms-friends-of-the-2:",
    ]
    assert of(SOURCES).revisions.count() == 2


@pytest.mark.parametrize(
    ("change", "field", "says"),
    [
        ({"title": ""}, "title", "required"),
        ({"url": ""}, "url", "its address or its DOI"),
        ({"url": "not an address"}, "url", "valid URL"),
        ({"checked": "soon"}, "checked", "valid date"),
        ({"checked": "2999-01-01"}, "checked", "still to come"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_nothing_is_lost(desk: Client, change: dict[str, str], field: str, says: str) -> None:
    answer = desk.post(NEW, {**FORM, **change})
    page = html(answer)
    assert answer.status_code == 422 and of(SOURCES).open_text() is None
    told = re.search(rf'<ul class="errorlist" id="id_{field}_error">.*?</ul>', page)
    assert told and says in told[0]
    assert all(value in page for value in {**FORM, **change}.values())


def test_the_finder_knows_it_at_once(desk: Client) -> None:
    desk.post(NEW, FORM)
    found = desk.post("/admin/documents/find/", {"words": "worms friends", "for": "sources"}).json()
    assert [one["id"] for one in found["found"]] == ["garden-worms-friends-of-the"]


def test_reviewers_and_strangers_add_none(client: Client, rosa: User) -> None:
    assert client.get(NEW).status_code == 302
    client.force_login(rosa)
    assert client.post(NEW, FORM).status_code == 403 and of(SOURCES).open_text() is None


def test_a_new_source_and_what_cites_it_go_their_way_together(
    desk: Client, erin: User, rosa: User, paul: User, toy_texts: dict[str, str]
) -> None:
    desk.post(NEW, FORM)
    source = draft_of(SOURCES)
    with pytest.raises(ContentError, match="no document uses it"):
        workflow.send_to_review(source, by=erin)
    citing = toy_texts[SOIL] + "\nWorms help [@garden-worms-friends-of-the].\n"
    page = workflow.save_draft(of(SOIL), citing, by=erin, version=0, note="Worms", for_readers="We tell of worms.")
    check = desk.post(f"/admin/documents/{page.document_id}/check/", {"path": SOIL, "text": citing}).json()
    assert check["mistakes"] == []
    for text in (source, page):
        workflow.send_to_review(text, by=erin)
        workflow.approve(text, by=rosa, role="Gardener")
    for alone in (source, page):
        with pytest.raises(ContentError):
            workflow.publish([alone], by=paul, note="n")
    desk.force_login(paul)
    refused = html(desk.post("/admin/editions/", {"texts": [source.pk], "note": "Worms", "when": "now"}))
    assert "no document uses it" in refused and "choose both: they go out together" in refused
    assert workflow.publish([source, page], by=paul, note="Worms").number == 2
    assert "Worms: friends of the soil" in html(Client().get("/guide/soil/"))


def test_a_mistake_of_ones_own_is_not_hidden_by_other_drafts(desk: Client, erin: User, toy_texts: dict[str, str]) -> None:
    desk.post(NEW, FORM)
    wrong = toy_texts[SOIL] + "\nWorms help [@garden-worms].\n"
    page = workflow.save_draft(of(SOIL), wrong, by=erin, version=0, note="Worms", for_readers="We tell of worms.")
    with pytest.raises(ContentError) as told:
        workflow.send_to_review(page, by=erin)
    assert [mistake.remedy for mistake in told.value.mistakes] == [
        "there is no source 'garden-worms' in sources.yaml; add it there or mend the id"
    ]


def test_the_day_of_today_is_filled_in(desk: Client) -> None:
    assert f'value="{timezone.localdate():%Y-%m-%d}"' in html(desk.get(NEW))
    assert Edition.objects.newest() == 1
