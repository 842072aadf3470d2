"""From draft to edition: the steps, who may take them, and what is never lost."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from importlib import import_module

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, User
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from guide.content.mistakes import ContentError
from guide.editing import workflow
from guide.editing.audit import AuditEntry, record
from guide.editing.models import Document, Edition, NothingToRollBackError, Revision
from guide.editing.releases import Release, publish_due
from guide.editing.together import Presence
from guide.editing.workflow import NewerTextError, NotAllowedError
from tests.editing.conftest import staff

SOIL = "en/pages/10-soil.md"
State = Revision.State


def soil() -> Document:
    return Document.objects.get(path=SOIL)


def changed(word: str = "Feed the soil well") -> str:
    published = soil().published()
    assert published
    return published.text.replace("Feed the soil", word)


def draft(by: User, text: str | None = None) -> Revision:
    return workflow.save_draft(soil(), text or changed(), by=by, version=0, note="Clearer", for_readers="We say more about feeding.")


def approved(erin: User, rosa: User, text: str | None = None) -> Revision:
    made = draft(erin, text)
    workflow.send_to_review(made, by=erin)
    workflow.approve(made, by=rosa, role="Head gardener")
    return made


def test_the_whole_way(erin: User, rosa: User, paul: User) -> None:
    text = approved(erin, rosa)
    edition = workflow.publish([text], by=paul, note="Feeding")
    assert edition.number == 2
    published = soil().published()
    assert published == text and "Feed the soil well" in published.text
    assert "reviewed: {by: Rosa Green, role: Head gardener, 'on': " in published.text
    assert [entry.action for entry in AuditEntry.objects.order_by("pk")] == ["began a draft", "sent to review", "approved", "published"]
    guide = Edition.objects.with_changes(2, {})
    assert guide.page("soil").reviewed


def test_a_change_of_order_alone_keeps_the_review_that_is_there(erin: User, rosa: User, paul: User) -> None:
    workflow.publish([approved(erin, rosa)], by=paul, note="Feeding")
    published = soil().published()
    assert published
    text = approved(erin, rosa, published.text.replace("review_due: 2026-09-01", "review_due: 2027-09-01"))
    assert text.text.count("reviewed:") == 1 and not workflow.clinical(text)


def test_nobody_writes_a_review_by_hand(erin: User, rosa: User, paul: User) -> None:
    forged = 'reviewed: {by: Erin Green, role: surgeon, "on": 2026-03-09}\n---\n'
    text = draft(erin, changed().replace("---\n", "", 1).replace("---\n", forged, 1).join(["---\n", ""]))
    assert "surgeon" in text.text
    workflow.send_to_review(text, by=erin)
    assert "reviewed" not in Revision.objects.get(pk=text.pk).text
    workflow.approve(text, by=rosa, role="Head gardener")
    assert text.text.count("reviewed:") == 1 and "by: Rosa Green" in text.text
    workflow.publish([text], by=paul, note="Feeding")
    again = approved(erin, rosa, text.text.replace("Rosa Green", "Erin Green").replace("review_due: 2026-09-01", "review_due: 2027-09-01"))
    assert "by: Rosa Green" in again.text and "Erin Green" not in again.text


def test_nobody_approves_what_they_wrote(erin: User, rosa: User, garden: Edition) -> None:
    erin.groups.add(Group.objects.get(name="Clinical reviewers"))
    erin = User.objects.get(pk=erin.pk)
    text = draft(erin)
    workflow.send_to_review(text, by=erin)
    with pytest.raises(NotAllowedError, match="You wrote in this text"):
        workflow.approve(text, by=erin, role="Gardener")
    both = User.objects.create_superuser("boss")
    workflow.save_draft(soil(), text.text + "\nMore.\n", by=both, version=text.version)
    text.refresh_from_db()
    workflow.send_to_review(text, by=both)
    for writer in (erin, both):
        with pytest.raises(NotAllowedError, match="You wrote in this text"):
            workflow.approve(text, by=writer, role="Gardener")


def test_each_step_needs_its_permission(erin: User, rosa: User, paul: User) -> None:
    with pytest.raises(NotAllowedError, match="You may not edit documents"):
        draft(rosa)
    text = draft(erin)
    with pytest.raises(NotAllowedError, match="You may not edit documents"):
        workflow.send_to_review(text, by=paul)
    workflow.send_to_review(text, by=erin)
    with pytest.raises(NotAllowedError, match="You may not review documents"):
        workflow.approve(text, by=paul, role="Gardener")
    workflow.approve(text, by=rosa, role="Gardener")
    for user in (erin, rosa):
        with pytest.raises(NotAllowedError, match="You may not publish documents"):
            workflow.publish([text], by=user, note="x")
        with pytest.raises(NotAllowedError, match="You may not publish documents"):
            workflow.roll_back(Edition.objects.get(), by=user, note="x")


def test_a_text_with_a_mistake_is_kept_but_not_sent_to_review(erin: User) -> None:
    text = draft(erin, changed("Feed [@nobody] the soil"))
    with pytest.raises(ContentError, match="nobody"):
        workflow.send_to_review(text, by=erin)
    text.refresh_from_db()
    assert text.state == State.DRAFT


def test_how_the_lines_of_a_file_end_is_no_clinical_change(erin: User) -> None:
    published = soil().published()
    assert published
    Edition.objects.publish({SOIL: published.text.replace("\n", "\r\n")}, by=None, note="Imported", origin="files")
    later = published.text.replace("review_due: 2026-09-01", "review_due: 2027-09-01")
    assert later != published.text
    assert not workflow.clinical(draft(erin, later))


def test_a_clinical_change_needs_a_sentence_for_readers(erin: User) -> None:
    text = workflow.save_draft(soil(), changed(), by=erin, version=0, note="Clearer")
    with pytest.raises(NotAllowedError, match="one plain sentence for readers"):
        workflow.send_to_review(text, by=erin)


def test_changes_are_asked_for_with_a_comment_and_settled(erin: User, rosa: User) -> None:
    text = draft(erin)
    workflow.send_to_review(text, by=erin)
    with pytest.raises(NotAllowedError, match="Say in a comment"):
        workflow.ask_changes(text, by=rosa)
    said = workflow.comment(text, by=rosa, quote="Feed the soil well", says="How?")
    with pytest.raises(NotAllowedError, match="not settled"):
        workflow.approve(text, by=rosa, role="Gardener")
    workflow.ask_changes(text, by=rosa)
    assert text.state == State.CHANGES_ASKED
    workflow.settle(said, by=erin)
    workflow.save_draft(soil(), changed("Feed the soil with compost"), by=erin, version=text.version)
    text.refresh_from_db()
    workflow.send_to_review(text, by=erin)
    workflow.approve(text, by=rosa, role="Gardener")
    assert text.state == State.APPROVED and text.reviewer == rosa


def test_writing_in_an_approved_text_makes_it_a_draft_again(erin: User, rosa: User, paul: User) -> None:
    text = approved(erin, rosa)
    workflow.save_draft(soil(), changed("Feed it"), by=erin, version=text.version)
    text.refresh_from_db()
    assert (text.state, text.reviewer) == (State.DRAFT, None)
    with pytest.raises(NotAllowedError, match="cannot be published"):
        workflow.publish([text], by=paul, note="x")


# Nothing is lost


def test_a_window_that_is_behind_is_told_and_may_go_on_without_loss(erin: User) -> None:
    other = staff("eve", "Editors")
    text = draft(erin, changed("Erin's words"))
    with pytest.raises(NewerTextError) as told:
        workflow.save_draft(soil(), changed("Eve's words"), by=other, version=0)
    assert told.value.newer == text
    workflow.save_draft(soil(), changed("Eve's words"), by=other, version=0, force=True)
    open_text = soil().open_text()
    assert open_text and "Eve's words" in open_text.text
    kept = soil().revisions.get(state=State.SUPERSEDED)
    assert "Erin's words" in kept.text and kept.author == erin
    assert set(open_text.writers.all()) == {erin, other}


def test_saves_of_one_person_leave_no_copies(erin: User) -> None:
    text = draft(erin)
    for number in range(5):
        text = workflow.save_draft(soil(), changed(f"Words {number}"), by=erin, version=text.version)
    assert soil().revisions.filter(state=State.SUPERSEDED).count() == 0
    assert text.version == 6


def test_what_was_published_in_between_has_to_be_brought_together(erin: User, rosa: User, paul: User) -> None:
    text = approved(erin, rosa)
    Edition.objects.publish({SOIL: changed("Imported words")}, by=None, note="Imported", origin="files")
    with pytest.raises(NotAllowedError, match="another text was published since"):
        workflow.publish([text], by=paul, note="x")
    published = soil().published()
    assert published
    workflow.brought_together(text, by=erin, base=published.pk)
    workflow.send_to_review(text, by=erin)
    workflow.approve(text, by=rosa, role="Gardener")
    assert workflow.publish([text], by=paul, note="x").number == 3


def test_a_withdrawn_text_stays_in_the_history(erin: User) -> None:
    text = draft(erin)
    workflow.withdraw(text, by=erin, why="Not needed")
    assert soil().open_text() is None
    assert soil().revisions.get(state=State.WITHDRAWN).text == changed()
    assert draft(erin).pk != text.pk


# Editions


def test_several_texts_go_out_as_one_edition_or_not_at_all(erin: User, rosa: User, paul: User) -> None:
    water = Document.objects.get(path="en/pages/20-water.md")
    published = water.published()
    assert published
    other = workflow.save_draft(water, published.text + "\nMore water.\n", by=erin, version=0, note="More", for_readers="More water.")
    workflow.send_to_review(other, by=erin)
    workflow.approve(other, by=rosa, role="Gardener")
    edition = workflow.publish([approved(erin, rosa), other], by=paul, note="Both")
    assert {revision.document.path for revision in edition.revisions.all()} == {SOIL, water.path}


def test_an_edition_goes_out_at_its_time(erin: User, rosa: User, paul: User, monkeypatch: pytest.MonkeyPatch) -> None:
    text = approved(erin, rosa)
    with pytest.raises(NotAllowedError, match="This time is over"):
        workflow.plan([text], by=paul, note="Monday", due=timezone.now())
    release = workflow.plan([text], by=paul, note="Monday", due=timezone.now() + datetime.timedelta(hours=1))
    assert publish_due() == [] and Edition.objects.newest() == 1
    later = timezone.now() + datetime.timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert publish_due() == [release]
    assert Edition.objects.newest() == 2 and publish_due() == []
    release.refresh_from_db()
    assert (release.state, release.edition) == (Release.State.PUBLISHED, Edition.objects.get(number=2))


def test_a_planned_text_that_is_no_longer_approved_does_not_go_out(
    erin: User, rosa: User, paul: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = approved(erin, rosa)
    workflow.plan([text], by=paul, note="Monday", due=timezone.now() + datetime.timedelta(hours=1))
    workflow.save_draft(soil(), changed("Other"), by=erin, version=text.version)
    later = timezone.now() + datetime.timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    (release,) = publish_due()
    assert release.state == Release.State.FAILED and SOIL in release.problem
    assert Edition.objects.newest() == 1


def test_a_cancelled_edition_does_not_go_out(erin: User, rosa: User, paul: User, monkeypatch: pytest.MonkeyPatch) -> None:
    release = workflow.plan([approved(erin, rosa)], by=paul, note="Monday", due=timezone.now() + datetime.timedelta(hours=1))
    workflow.cancel(release, by=paul)
    with pytest.raises(NotAllowedError):
        workflow.cancel(release, by=paul)
    later = timezone.now() + datetime.timedelta(hours=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert publish_due() == []


def test_rolling_back_puts_back_what_an_edition_changed_and_nothing_else(erin: User, rosa: User, paul: User) -> None:
    before = changed("Feed the soil")
    edition = workflow.publish([approved(erin, rosa)], by=paul, note="Feeding")
    Edition.objects.publish({"en/site.yaml": Edition.objects.texts(2)["en/site.yaml"] + "\n"}, by=None, note="Other", origin="files")
    made = workflow.roll_back(edition, by=paul, note="Wrong")
    published = soil().published()
    assert made.number == 4 and published and published.text == before
    assert Edition.objects.texts(4)["en/site.yaml"].endswith("\n\n")
    with pytest.raises(NothingToRollBackError):
        workflow.roll_back(edition, by=paul, note="Again")


# People


def test_people_at_one_document_are_told_of_each_other(erin: User, rosa: User) -> None:
    assert Presence.objects.note(soil(), erin) == []
    assert Presence.objects.note(soil(), rosa) == [erin]
    Presence.objects.update(seen=timezone.now() - datetime.timedelta(minutes=3))
    assert Presence.objects.note(soil(), rosa) == []


def test_the_log_cannot_be_changed(erin: User) -> None:
    draft(erin)
    entry = AuditEntry.objects.get()
    assert (entry.name, entry.about) == ("Erin Green (erin)", SOIL)
    forbidden: list[Callable[[], object]] = [
        lambda: AuditEntry.objects.update(name="Nobody"),
        lambda: AuditEntry.objects.all().delete(),
        entry.save,
        lambda: otherwise_rewritten(entry),
    ]
    for one in forbidden:
        with pytest.raises(DatabaseError), transaction.atomic():
            one()
    assert AuditEntry.objects.get().name == "Erin Green (erin)"


def otherwise_rewritten(entry: AuditEntry) -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute(
                "INSERT OR REPLACE INTO guide_auditentry (id, at, name, action, about, detail) VALUES (%s, %s, '', '', '', '')",
                [entry.pk, entry.at],
            )
        else:
            with connection.schema_editor() as editor:  # tests do without this guard, since they empty tables in this way
                import_module("guide.migrations.0008_audit_log_whole").guard_log(apps, editor)
            cursor.execute("TRUNCATE guide_auditentry")


def test_the_log_keeps_long_details_whole(erin: User) -> None:
    record(erin, "changed group", "Guests", "x" * 5000)
    assert AuditEntry.objects.get().detail == "x" * 5000


def test_the_sentence_for_readers_is_part_of_what_is_approved(erin: User, rosa: User, paul: User) -> None:
    made = draft(erin)
    workflow.send_to_review(made, by=erin)
    workflow.approve(made, by=rosa, role="Gardener")
    workflow.plan([made], by=paul, note="n", due=timezone.now() + datetime.timedelta(hours=1))
    rosa.groups.add(Group.objects.get(name="Editors"))
    rosa = User.objects.get(pk=rosa.pk)
    changed = workflow.save_draft(soil(), made.text, by=rosa, version=made.version, for_readers="Something else.")
    assert changed.state == State.DRAFT and changed.reviewer is None
    workflow.send_to_review(changed, by=erin)
    with pytest.raises(NotAllowedError, match="You wrote in this text"):
        workflow.approve(changed, by=rosa, role="Gardener")


def test_a_comment_after_the_approval_holds_a_text_back(erin: User, rosa: User, paul: User) -> None:
    text = approved(erin, rosa)
    release = workflow.plan([text], by=paul, note="n", due=timezone.now() + datetime.timedelta(hours=1))
    said = workflow.comment(text, by=rosa, quote="", says="Stop, one word is wrong.")
    Release.objects.filter(pk=release.pk).update(due=timezone.now() - datetime.timedelta(seconds=1))
    (release,) = publish_due()
    assert release.state == Release.State.FAILED and "commented after the approval" in release.problem
    with pytest.raises(NotAllowedError, match="commented on it after it was approved"):
        workflow.publish([text], by=paul, note="n")
    workflow.settle(said, by=rosa)
    assert workflow.publish([text], by=paul, note="n").number == 2


def test_what_is_told_to_readers_can_be_taken_back(erin: User) -> None:
    text = draft(erin)
    assert workflow.save_draft(soil(), text.text, by=erin, version=text.version, note="").note == ""
    now = workflow.save_draft(soil(), text.text, by=erin, version=text.version + 1, for_readers="")
    assert now.for_readers == ""
    assert workflow.save_draft(soil(), text.text + "x", by=erin, version=now.version).for_readers == ""


def test_what_a_reviewer_read_is_kept_when_its_writer_goes_on(erin: User, rosa: User) -> None:
    text = draft(erin)
    workflow.send_to_review(text, by=erin)
    workflow.comment(text, by=rosa, quote="", says="Shorter.")
    workflow.ask_changes(text, by=rosa)
    read = text.text
    workflow.save_draft(soil(), read + "\nShorter.\n", by=erin, version=text.version)
    assert [one.text for one in soil().revisions.filter(state=State.SUPERSEDED)] == [read]


@pytest.mark.parametrize(
    ("old", "new", "clinical"),
    [
        ("    id: would-a-raised-bed-help-my-clay\n    when", "    id: would-a-raised-bed-help-my-clay\nwhen", True),
        ("    id: would-a-raised-bed-help-my-clay\n    when", "    id: would-a-raised-bed-help-my-clay\n\n    when", True),
        ("\n### Heavy soil", "\n  ### Heavy soil", True),
        ("Feed the soil", "Feed  the soil", False),
        ("\n### Heavy soil", "\n\n\n### Heavy soil", False),
    ],
)
def test_four_spaces_can_be_a_clinical_statement(erin: User, old: str, new: str, clinical: bool) -> None:
    text = changed("Feed the soil")
    assert old in text
    assert workflow.clinical(workflow.save_draft(soil(), text.replace(old, new, 1), by=erin, version=0, note="n")) is clinical


def test_whoever_wrote_an_earlier_text_does_not_approve_it_when_it_is_brought_back(erin: User, rosa: User) -> None:
    rosa.groups.add(Group.objects.get(name="Editors"))
    rosa = User.objects.get(pk=rosa.pk)
    hers = draft(rosa)
    workflow.withdraw(hers, by=rosa, why="not now")
    workflow.set_aside(soil(), hers.text + "And more.\n", by=rosa, note="put aside")
    for old in soil().revisions.filter(author=rosa):
        made = workflow.restore(old, by=erin, note="As it was")
        made.for_readers = "More."
        made.save()
        workflow.send_to_review(made, by=erin)
        with pytest.raises(NotAllowedError, match="You wrote in this text"):
            workflow.approve(made, by=rosa, role="Gardener")
        workflow.withdraw(made, by=erin, why="tried")
