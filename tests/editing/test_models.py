"""Documents, revisions and editions in the database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.contrib.auth.models import User
from django.db import IntegrityError, connection, transaction

from guide import library
from guide.content.mistakes import ContentError
from guide.editing.models import Document, Edition, Revision
from tests.django_fixtures import published

SOIL, WATER, MULCH = "en/pages/10-soil.md", "en/pages/20-water.md", "en/treatments/mulch.md"


def change(changes: dict[str, str | None], by: User | None = None) -> Edition:
    return Edition.objects.publish(changes, by=by, note="why", origin=Edition.Origin.ADMIN)


@pytest.mark.django_db
def test_before_the_first_import_there_is_no_edition() -> None:
    assert Edition.objects.newest() == 0
    assert Edition.objects.texts(0) == {}
    with pytest.raises(library.NothingPublishedError):
        library.published()


def test_an_edition_holds_every_text_as_it_was_given(garden: Edition, toy_texts: dict[str, str]) -> None:
    assert (garden.number, Edition.objects.newest()) == (1, 1)
    assert Edition.objects.texts(1) == toy_texts


def test_older_editions_stay_as_they_were(garden: Edition, toy_texts: dict[str, str]) -> None:
    changed = toy_texts[SOIL].replace("Good soil", "Fine soil")
    change({SOIL: changed})
    change({WATER: toy_texts[WATER] + "\nMore.\n"})
    assert Edition.objects.texts(1) == toy_texts
    assert Edition.objects.texts(2) == {**toy_texts, SOIL: changed}
    assert Edition.objects.texts(3)[SOIL] == changed
    assert library.published().guide.page("soil").title == "Fine soil"


def test_a_document_can_be_removed_and_come_back(garden: Edition, toy_texts: dict[str, str]) -> None:
    path = "en/pages/25-tools.md"
    text = toy_texts[WATER].replace("title: Water", "title: Tools")
    change({path: text})
    change({path: None})
    assert path not in Edition.objects.texts(3) and path in Edition.objects.texts(2)
    change({path: text})
    assert Edition.objects.texts(4)[path] == text
    assert Document.objects.get(path=path).revisions.count() == 3


def test_a_guide_with_a_mistake_is_not_published_and_nothing_changes(garden: Edition, toy_texts: dict[str, str]) -> None:
    with pytest.raises(ContentError) as caught:
        change({SOIL: toy_texts[SOIL].replace("[compost]", "[moondust]"), WATER: toy_texts[WATER] + "\nMore.\n"})
    assert "moondust" in str(caught.value)
    assert Edition.objects.newest() == 1
    assert Edition.objects.texts(1) == toy_texts
    assert Revision.objects.count() == len(toy_texts)


def test_removing_what_others_need_is_refused(garden: Edition) -> None:
    with pytest.raises(ContentError):
        change({MULCH: None})


def test_an_edition_knows_who_why_and_where_from(garden: Edition, toy_texts: dict[str, str], bob: User) -> None:
    edition = change({SOIL: toy_texts[SOIL] + "\nMore.\n"}, by=bob)
    revision = edition.revisions.get()
    assert (edition.by, edition.note, edition.origin) == (bob, "why", "admin")
    assert (revision.author, revision.note, revision.state, revision.edition) == (bob, "why", "published", edition)
    assert str(edition) == "Edition 2" and str(revision) == f"{SOIL} (published)"


def test_who_leaves_the_team_stays_without_a_name_in_the_history(garden: Edition, toy_texts: dict[str, str], bob: User) -> None:
    change({SOIL: toy_texts[SOIL] + "\nMore.\n"}, by=bob)
    bob.delete()
    assert Edition.objects.get(number=2).by is None
    assert Revision.objects.get(edition__number=2).author is None


def test_a_waiting_draft_stays_open_when_another_text_is_published(garden: Edition, toy_texts: dict[str, str], alice: User) -> None:
    document = Document.objects.get(path=SOIL)
    draft = document.revisions.create(text="draft", note="n", author=alice)
    edition = change({SOIL: toy_texts[SOIL] + "\nMore.\n"})
    assert document.open_text() == draft
    published_revision = document.published()
    assert published_revision and published_revision.edition == edition


def test_readers_do_not_see_drafts(garden: Edition, toy_texts: dict[str, str]) -> None:
    Document.objects.get(path=SOIL).revisions.create(text="draft", note="n")
    Document.objects.create(path="en/pages/99-new.md").revisions.create(text="draft", note="n")
    assert Edition.objects.texts(1) == toy_texts


def test_what_the_files_said_last_is_remembered_apart_from_edits(garden: Edition, toy_texts: dict[str, str]) -> None:
    change({SOIL: toy_texts[SOIL] + "\nMore.\n"})
    assert Edition.objects.last_imported() == toy_texts
    published({WATER: toy_texts[WATER] + "\nMore.\n"})
    assert Edition.objects.last_imported() == {**toy_texts, WATER: toy_texts[WATER] + "\nMore.\n"}


@pytest.mark.parametrize(("state", "with_edition"), [("draft", True), ("superseded", True), ("published", False)])
def test_the_database_itself_refuses_a_state_that_does_not_fit(garden: Edition, state: str, with_edition: bool) -> None:
    document = Document.objects.create(path="en/pages/99-new.md")
    with pytest.raises(IntegrityError), transaction.atomic():
        document.revisions.create(text="t", note="n", state=state, edition=garden if with_edition else None)


def test_the_database_itself_refuses_two_texts_of_a_document_in_an_edition(garden: Edition) -> None:
    document = Document.objects.get(path=SOIL)
    with pytest.raises(IntegrityError), transaction.atomic():
        document.revisions.create(text="t", note="n", state="published", edition=garden)


def publish_at_once(changes: list[dict[str, str | None]], times: int = 1) -> list[int]:
    """Publish all of them at the same time, so many times each; the numbers of the editions."""

    def work(one: dict[str, str | None]) -> list[int]:
        try:
            return [change(one).number for _ in range(times)]
        finally:
            connection.close()

    with ThreadPoolExecutor(len(changes)) as pool:
        return sorted(number for numbers in pool.map(work, changes, timeout=60) for number in numbers)


def test_two_who_publish_at_once_get_two_editions_and_nothing_is_lost(busy_garden: Edition, toy_texts: dict[str, str]) -> None:
    soil, water = toy_texts[SOIL] + "\nMore soil.\n", toy_texts[WATER] + "\nMore water.\n"
    assert publish_at_once([{SOIL: soil}, {WATER: water}]) == [2, 3]
    assert Edition.objects.texts(3) == {**toy_texts, SOIL: soil, WATER: water}


def test_many_who_publish_at_once_get_numbers_without_holes(busy_garden: Edition, toy_texts: dict[str, str]) -> None:
    changes: list[dict[str, str | None]] = [{SOIL: toy_texts[SOIL] + f"\nMore {number}.\n"} for number in range(6)]
    assert publish_at_once(changes, times=3) == list(range(2, 20))


@pytest.mark.django_db(transaction=True)
def test_two_first_imports_at_once_are_two_editions(toy_texts: dict[str, str]) -> None:
    """Two servers that start for the first time, each with its import."""
    assert publish_at_once([dict(toy_texts), dict(toy_texts)]) == [1, 2]
