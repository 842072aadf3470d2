"""The old address of a renamed page leads to the new one, for everyone and for good."""

from __future__ import annotations

import re

import pytest
from django.test import Client

from guide import library
from guide.content.mistakes import ContentError
from guide.content.whole import load
from guide.editing.forms import NewDocumentForm
from guide.editing.models import Edition, Revision
from guide.library import current
from tests.content.test_moved import renamed
from tests.django_fixtures import published
from tests.visits import html

ADDRESSES = [
    ("/guide/soil/", "/guide/earth/"),
    ("/guide/treatments/netting/", "/guide/treatments/nets/"),
    ("/for-me/guide/soil/", "/for-me/guide/earth/"),
    ("/for-me/guide/treatments/netting/", "/for-me/guide/treatments/nets/"),
]


@pytest.fixture
def _renamed(garden: Edition, toy_texts: dict[str, str]) -> None:
    texts = renamed(toy_texts)
    Edition.objects.publish({path: texts.get(path) for path in {*toy_texts, *texts}}, by=None, note="Renamed", origin=Edition.Origin.FILES)


@pytest.mark.usefixtures("_renamed")
@pytest.mark.parametrize(("old", "new"), ADDRESSES)
def test_an_old_address_leads_to_the_new_one_for_good(client: Client, old: str, new: str) -> None:
    for answer in (client.get(old), client.head(old)):
        assert (answer.status_code, answer.headers["Location"], answer.content) == (301, new, b"")
        assert not answer.cookies
        assert answer.headers["Cache-Control"] == ("no-store, private" if old.startswith("/for-me/") else "public, no-cache")
    assert client.get(new).status_code == 200


@pytest.mark.usefixtures("_renamed")
def test_only_the_new_address_is_listed(client: Client) -> None:
    for page in ("/", "/guide/", "/guide/treatments/", "/guide/changes/", "/guide/treatments/compost/", "/for-me/guide/"):
        read = html(client.get(page))
        assert "/guide/soil/" not in read and "/netting/" not in read
    assert "/guide/earth/" in html(client.get("/guide/"))


@pytest.mark.usefixtures("_renamed")
@pytest.mark.parametrize(("folder", "slug"), [("pages", "soil"), ("treatments", "netting")])
def test_the_desk_gives_an_old_name_to_no_new_document(folder: str, slug: str) -> None:
    typed = {"folder": folder, "title": "Another", "slug": slug, "note": "New"}
    form = NewDocumentForm(current(), typed)  # type: ignore[arg-type]  # a form takes any mapping
    there = "en/pages/10-earth.md" if folder == "pages" else "en/treatments/nets.md"
    assert form.errors == {"slug": [f"This was the name of {there}, and its old address leads there. Choose another one."]}
    other = NewDocumentForm(current(), {**typed, "folder": "treatments" if folder == "pages" else "pages"})  # type: ignore[arg-type]
    assert other.is_valid()


@pytest.mark.django_db
def test_the_address_of_a_page_that_never_was_is_not_found(client: Client, toy_texts: dict[str, str]) -> None:
    published(renamed(toy_texts))
    for path in ("/guide/netting/", "/guide/treatments/soil/", "/for-me/guide/moon/"):
        assert client.get(path).status_code == 404


def test_an_edition_from_before_a_check_became_stricter_stays_readable(garden: Edition, client: Client) -> None:
    for text in Revision.objects.filter(text__contains="    id: "):
        text.text = re.sub(r"(?m)^    id: .*\n", "", text.text)
        text.save(update_fields=["text"])
    library._newest = None
    with pytest.raises(ContentError, match="it has no id"):
        load(Edition.objects.texts(garden.number))
    assert client.get("/guide/soil/").status_code == 200
