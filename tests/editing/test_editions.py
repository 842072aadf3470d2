"""Editions: published now or at a time, looked back at, rolled back."""

from __future__ import annotations

import datetime
import re
from html import unescape

import pytest
from django.contrib.auth.models import User
from django.db import DatabaseError
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from guide import library
from guide.editing import workflow
from guide.editing.audit import AuditEntry
from guide.editing.models import Document, Edition, Revision
from guide.editing.releases import Release
from tests.visits import html

SOIL, WATER = "en/pages/10-soil.md", "en/pages/20-water.md"
EDITIONS = "/admin/editions/"


@pytest.fixture
def desk(client: Client, paul: User) -> Client:
    """Paul's desk: he publishes."""
    client.force_login(paul)
    return client


@pytest.fixture
def soil(erin: User, rosa: User) -> Revision:
    return approved(erin, rosa, SOIL)


@pytest.fixture
def water(erin: User, rosa: User) -> Revision:
    return approved(erin, rosa, WATER)


def approved(erin: User, rosa: User, path: str) -> Revision:
    document = Document.objects.get(path=path)
    text = f"{Edition.objects.texts(Edition.objects.newest())[path]}\nMore.\n"
    made = workflow.save_draft(document, text, by=erin, version=0, note="A word more", for_readers=f"More about {path[12:-3]}.")
    workflow.send_to_review(made, by=erin)
    workflow.approve(made, by=rosa, role="Head gardener")
    return made


def publish(client: Client, *texts: Revision, **form: str) -> HttpResponseBase:
    return client.post(EDITIONS, {"texts": [text.pk for text in texts], "note": "We say more.", "when": "now", **form})


def note_of(response: HttpResponseBase) -> str:
    """What stands in the box of errors."""
    found = re.search(r'class="errornote".*?</div>', html(response), re.DOTALL)
    assert response.status_code == 422 and found
    return unescape(re.sub(r"<.*?>|\s+", " ", found[0]))


# Publish


def test_the_page_lists_what_is_approved_with_its_sentence_and_reviewer(desk: Client, soil: Revision, water: Revision, erin: User) -> None:
    page = html(desk.get(EDITIONS))
    for text in (soil, water):
        assert f'name="texts" value="{text.pk}"' in page
    assert "More about soil." in page and "Approved by Rosa Green, Head gardener" in page
    assert "in UTC" in page and "what readers see now" in page


def test_several_texts_go_out_as_one_edition(desk: Client, soil: Revision, water: Revision, paul: User) -> None:
    response = publish(desk, soil, water)
    assert response.status_code == 302 and response.headers["Location"] == f"{EDITIONS}2/"
    edition = Edition.objects.get(number=2)
    assert (edition.by, edition.note, edition.revisions.count()) == (paul, "We say more.", 2)
    page = html(desk.get(f"{EDITIONS}2/"))
    assert (
        "Edition 2 is published." in page
        and "For readers: More about soil." in page
        and "Written by Erin Green. Approved by Rosa Green" in page
    )
    assert "<p>More.</p>" in html(desk.get("/guide/soil/"))
    assert AuditEntry.objects.filter(action="published", by=paul, about="Edition 2").count() == 1


def test_a_text_that_is_not_chosen_waits(desk: Client, soil: Revision, water: Revision) -> None:
    publish(desk, soil)
    water.refresh_from_db()
    assert water.state == Revision.State.APPROVED


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"note": " "}, "Write one plain sentence"),
        ({"when": "later"}, "Choose the day and the time."),
        ({"when": "later", "due": "tomorrow"}, "Write the time as"),
        ({"when": "later", "due": "2020-01-01T10:00"}, "This time is over"),
    ],
)
def test_what_is_missing_is_said_and_the_choice_is_kept(desk: Client, soil: Revision, form: dict[str, str], told: str) -> None:
    response = publish(desk, soil, **form)
    assert told in note_of(response)
    assert re.search(rf'value="{soil.pk}"[^>]* checked', html(response))
    assert Edition.objects.newest() == 1 and not Release.objects.exists()


def test_nothing_chosen_and_what_is_approved_no_longer(desk: Client, soil: Revision, erin: User) -> None:
    assert "Choose at least one approved text." in note_of(publish(desk))
    workflow.save_draft(soil.document, soil.text + "\nAnd more.\n", by=erin, version=soil.version)
    assert "not approved any more" in note_of(publish(desk, soil))
    assert Edition.objects.newest() == 1


def test_a_text_that_was_overtaken_is_marked_and_not_published(desk: Client, soil: Revision, toy_texts: dict[str, str]) -> None:
    Edition.objects.publish({SOIL: toy_texts[SOIL] + "\nImported.\n"}, by=None, note="n", origin="files")
    assert "Another text was published since" in html(desk.get(EDITIONS))
    assert "bring both together" in note_of(publish(desk, soil))
    assert Edition.objects.newest() == 2


def test_mistakes_of_the_whole_guide_are_listed_with_file_field_and_remedy(desk: Client, soil: Revision) -> None:
    Revision.objects.filter(pk=soil.pk).update(text=soil.text + "\nSee [this](page:moon).\n")
    note = note_of(publish(desk, soil))
    assert f"{SOIL} , link: there is no page 'moon'; mend or remove the link" in note and "nothing was changed" in note
    assert Edition.objects.newest() == 1


# At a time


def test_an_edition_set_for_later_goes_out_when_a_reader_comes(
    desk: Client, soil: Revision, paul: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = timezone.now() + datetime.timedelta(hours=3)
    assert publish(desk, soil, when="later", due=f"{due:%Y-%m-%dT%H:%M}").status_code == 302
    release = Release.objects.get()
    assert (release.state, release.due) == (Release.State.PLANNED, due.replace(second=0, microsecond=0))
    page = html(desk.get(EDITIONS))
    assert f"{due:%H:%M} UTC" in page and f'name="texts" value="{soil.pk}"' not in page
    assert "<p>More.</p>" not in html(Client().get("/guide/soil/"))
    monkeypatch.setattr(timezone, "now", lambda: due)
    monkeypatch.setattr(library, "_looked", -1.0)
    assert "<p>More.</p>" in html(Client().get("/guide/soil/"))
    assert AuditEntry.objects.filter(action="published at its time", by=paul).count() == 1
    assert "set for this time before" in html(desk.get(f"{EDITIONS}2/"))


def test_a_reader_of_a_page_gets_it_also_where_publishing_fails(garden: Edition, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise DatabaseError("locked")

    monkeypatch.setattr(library, "publish_due", fail)
    monkeypatch.setattr(library, "_looked", -1.0)
    assert client.get("/guide/soil/").status_code == 200
    assert not library._looking.locked()


def test_readers_look_for_what_is_due_twice_a_second_at_most(garden: Edition, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []
    monkeypatch.setattr(library, "publish_due", lambda: looked.append(1))
    monkeypatch.setattr(library, "_LOOK_EVERY", 3600.0)
    monkeypatch.setattr(library, "_looked", -3600.0 - 1e9)
    for _ in range(3):
        client.get("/for-me/")
    assert looked == [1]


def test_what_was_overtaken_meanwhile_does_not_go_out_and_is_put_away(
    desk: Client, soil: Revision, toy_texts: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    due = timezone.now() + datetime.timedelta(hours=3)
    publish(desk, soil, when="later", due=f"{due:%Y-%m-%dT%H:%M}")
    Edition.objects.publish({SOIL: toy_texts[SOIL] + "\nImported.\n"}, by=None, note="n", origin="files")
    monkeypatch.setattr(timezone, "now", lambda: due)
    monkeypatch.setattr(library, "_looked", -1.0)
    library.newest_edition()
    page = html(desk.get(EDITIONS))
    assert "It did not go out" in page and "bring both together" in page and "Put away" in page
    assert Edition.objects.texts(Edition.objects.newest())[SOIL].endswith("Imported.\n")
    assert desk.post(f"{EDITIONS}later/{Release.objects.get().pk}/cancel/").status_code == 302
    assert "It did not go out" not in html(desk.get(EDITIONS))


def test_what_was_changed_and_approved_anew_since_it_was_planned_wants_a_new_look(
    desk: Client, soil: Revision, erin: User, rosa: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = timezone.now() + datetime.timedelta(hours=3)
    publish(desk, soil, when="later", due=f"{due:%Y-%m-%dT%H:%M}")
    soil.refresh_from_db()
    edited = workflow.save_draft(soil.document, soil.text + "\nAnd more.\n", by=erin, version=soil.version)
    page = html(desk.get(EDITIONS))
    assert "As things are, it will not go out" in page and "No longer approved" in page
    workflow.send_to_review(edited, by=erin)
    workflow.approve(edited, by=rosa, role="Head gardener")
    assert "approved anew since it was planned" in html(desk.get(EDITIONS))
    monkeypatch.setattr(timezone, "now", lambda: due)
    monkeypatch.setattr(library, "_looked", -1.0)
    assert "And more." not in html(Client().get("/guide/soil/"))
    assert "It did not go out" in html(desk.get(EDITIONS))


def test_an_edition_set_for_later_is_cancelled(desk: Client, soil: Revision) -> None:
    publish(desk, soil, when="later", due=f"{timezone.now() + datetime.timedelta(hours=3):%Y-%m-%dT%H:%M}")
    release = Release.objects.get()
    assert desk.get(f"{EDITIONS}later/{release.pk}/cancel/").status_code == 302
    release.refresh_from_db()
    assert release.state == Release.State.PLANNED
    for said in ("does not go out", "It is not waiting any more."):
        desk.post(f"{EDITIONS}later/{release.pk}/cancel/")
        assert said in html(desk.get(EDITIONS))
    assert f'name="texts" value="{soil.pk}"' in html(desk.get(EDITIONS))


# History


def test_editions_are_listed_newest_first_and_older_ones_are_one_click_away(
    desk: Client, toy_texts: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guide.editing.views.editions._A_PAGE", 2)
    for number in range(3):
        Edition.objects.publish({SOIL: toy_texts[SOIL] + "\n" * number}, by=None, note=f"Note {number}", origin="admin")
    page = html(desk.get(EDITIONS))
    assert re.findall(r">(Edition \d)</a>", page) == ["Edition 4", "Edition 3"] and '"?before=3"' in page
    page = html(desk.get(EDITIONS, {"before": "3"}))
    assert re.findall(r">(Edition \d)</a>", page) == ["Edition 2", "Edition 1"] and "?before=" not in page and "now</strong>" not in page


def test_an_edition_leads_to_what_it_changed(desk: Client, soil: Revision) -> None:
    publish(desk, soil)
    before = Revision.objects.get(document=soil.document, edition__number=1)
    assert f"{reverse('admin:history', args=[soil.document.pk])}?from={before.pk}&amp;to={soil.pk}" in html(desk.get(f"{EDITIONS}2/"))
    assert "<strong>new</strong>" in html(desk.get(f"{EDITIONS}1/"))
    assert desk.get(f"{EDITIONS}9/").status_code == 404


# Roll back


def test_an_edition_is_rolled_back_after_a_question_and_with_a_reason(desk: Client, soil: Revision, toy_texts: dict[str, str]) -> None:
    publish(desk, soil)
    address = f"{EDITIONS}2/roll-back/"
    assert address in html(desk.get(f"{EDITIONS}2/"))
    page = html(desk.get(address))
    assert "Good soil" in page and "Edition 2</button>" in page and Edition.objects.newest() == 2
    assert "why?" in note_of(desk.post(address, {"note": ""}))
    response = desk.post(address, {"note": "It was wrong."})
    assert response.headers["Location"] == f"{EDITIONS}3/"
    assert Edition.objects.texts(3)[SOIL] == toy_texts[SOIL]
    assert "<p>More.</p>" not in html(desk.get("/guide/soil/"))
    assert "nothing to roll back" in html(desk.get(address))
    assert "changed again since" in note_of(desk.post(address, {"note": "Again"}))


def test_what_was_changed_since_stays(desk: Client, soil: Revision, water: Revision) -> None:
    publish(desk, soil, water)
    texts = Edition.objects.texts(2)
    Edition.objects.publish({WATER: texts[WATER] + "\nNewer.\n"}, by=None, note="n", origin="admin")
    goes, stays = html(desk.get(f"{EDITIONS}2/roll-back/")).split("These stay as they are")
    assert "Good soil" in goes and "Water" not in goes and "Water" in stays
    desk.post(f"{EDITIONS}2/roll-back/", {"note": "It was wrong."})
    assert Edition.objects.texts(4)[WATER].endswith("Newer.\n")


def test_a_roll_back_that_would_break_the_guide_lists_the_mistakes(desk: Client, toy_texts: dict[str, str]) -> None:
    Edition.objects.publish(
        {"en/pages/25-tools.md": toy_texts[WATER].replace("title: Water", "title: Tools")}, by=None, note="n", origin="admin"
    )
    Edition.objects.publish({SOIL: toy_texts[SOIL] + "\nSee [tools](page:tools).\n"}, by=None, note="n", origin="admin")
    assert "there is no page 'tools'" in note_of(desk.post(f"{EDITIONS}2/roll-back/", {"note": "It was wrong."}))
    assert Edition.objects.newest() == 3


# Who


def test_others_look_and_do_not_publish(client: Client, soil: Revision, erin: User, rosa: User) -> None:
    for user in (erin, rosa):
        client.force_login(user)
        page = html(client.get(EDITIONS))
        assert "More about soil." in page and 'name="texts"' not in page and "Publish now" not in page
        assert "Roll back" not in html(client.get(f"{EDITIONS}1/"))
        assert publish(client, soil).status_code == 403
        assert client.post(f"{EDITIONS}1/roll-back/", {"note": "x"}).status_code == 403
        assert client.get(f"{EDITIONS}1/roll-back/").status_code == 403
        assert client.post(f"{EDITIONS}later/1/cancel/").status_code == 403
    assert Edition.objects.newest() == 1


def test_strangers_and_staff_without_rights_see_nothing(client: Client, garden: Edition, charlie: User) -> None:
    assert client.get(EDITIONS).status_code == 302
    client.force_login(charlie)
    assert client.get(EDITIONS).status_code == client.get(f"{EDITIONS}1/").status_code == 403
