"""What editors told readers of each edition."""

from __future__ import annotations

import re
from html import unescape

from django.contrib.auth.models import User
from django.test import Client

from guide import library
from guide.editing import workflow
from guide.editing.models import Document, Edition, Revision
from tests.editing.conftest import staff
from tests.visits import html

SOIL, WATER = "en/pages/10-soil.md", "en/pages/20-water.md"


def publish(path: str, text: str | None, says: str) -> Edition:
    """A text goes the whole way, with a sentence for readers. None: the document goes."""
    erin, rosa, paul = (
        User.objects.filter(username=name).first() or staff(name, group)
        for name, group in (("erin", "Editors"), ("rosa", "Clinical reviewers"), ("paul", "Publishers"))
    )
    document, _ = Document.objects.get_or_create(path=path)
    if text is None:
        made = workflow.propose_removal(document, by=erin, note="n")
        made.for_readers = says
        made.save()
    else:
        made = workflow.save_draft(document, text, by=erin, version=0, note="n", for_readers=says)
    workflow.send_to_review(made, by=erin)
    workflow.approve(made, by=rosa, role="Gardener")
    return workflow.publish([Revision.objects.get(pk=made.pk)], by=paul, note="n")


def now(path: str) -> str:
    return Edition.objects.texts(Edition.objects.newest())[path]


def told(client: Client) -> list[str]:
    """The changes as a reader reads them."""
    library._newest = None
    page = html(client.get("/guide/changes/"))
    return [" ".join(unescape(re.sub(r"<.*?>", "", entry)).split()) for entry in re.findall(r"<li><time.*?</li>", page, re.DOTALL)]


def test_sentences_for_readers_stand_newest_first_with_day_and_page(client: Client, garden: Edition) -> None:
    assert told(client) == [] and "Changes to this guide" not in html(client.get("/guide/changes/"))
    first = publish(SOIL, f"{now(SOIL)}\nMore.\n", "We say more about <soil>.")
    publish(WATER, f"{now(WATER)}\nMore.\n", "We say more about water.")
    day = f"{first.created:%-d %B %Y}"
    assert told(client) == [f"{day}: We say more about water. Water", f"{day}: We say more about <soil>. Good soil"]
    page = html(client.get("/guide/changes/"))
    assert '<a href="/guide/soil/">Good soil</a>' in page and "&lt;soil&gt;" in page
    assert f'<time datetime="{first.created:%Y-%m-%d}">' in page


def test_what_readers_do_not_see_yet_is_not_told(client: Client, garden: Edition) -> None:
    erin = staff("erin", "Editors")
    workflow.save_draft(Document.objects.get(path=SOIL), f"{now(SOIL)}\nMore.\n", by=erin, version=0, note="n", for_readers="Soon.")
    assert told(client) == []


def test_what_was_rolled_back_is_told_no_more_and_later_changes_still_are(client: Client, garden: Edition) -> None:
    edition = publish(SOIL, f"{now(SOIL)}\nWrong.\n", "We were wrong.")
    publish(WATER, f"{now(WATER)}\nMore.\n", "We say more about water.")
    assert len(told(client)) == 2
    workflow.roll_back(edition, by=User.objects.get(username="paul"), note="Wrong")
    assert [entry.split(": ")[1] for entry in told(client)] == ["We say more about water. Water"]


def test_a_page_that_goes_takes_its_changes_with_it_but_that_it_went_is_told(client: Client, garden: Edition) -> None:
    path = "en/pages/40-frost.md"
    text = "---\ntitle: Frost\nsummary: Cold.\npart: ground\nchecked: 2026-03-01\nreview_due: 2026-09-01\n---\nCover the beds. [@allotment-notes]\n"
    publish(path, text, "There is a page about frost.")
    assert [entry.split(": ")[1] for entry in told(client)] == ["There is a page about frost. Frost"]
    publish(path, None, "The page about frost has gone.")
    assert [entry.split(": ")[1] for entry in told(client)] == ["The page about frost has gone."]
