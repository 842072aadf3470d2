"""Several people at once: each step is whole, of two that exclude each other one is refused in plain words, no text is lost.

`meanwhile` lets somebody else begin in the middle of a step. Where the step holds what it works on, the other
waits for its end; where it does not, the other comes in between, and the test fails.
"""

from __future__ import annotations

import datetime
import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaitingError
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone
from django_otp import oath
from django_otp.plugins.otp_totp.models import TOTPDevice

from guide.content.files import write_files
from guide.content.mistakes import ContentError
from guide.editing import conflicts, second_factor, workflow
from guide.editing.audit import AuditEntry, record
from guide.editing.conflicts import Conflict
from guide.editing.models import Document, Edition, EditionManager, NothingToRollBackError, Revision
from guide.editing.releases import Release, publish_due
from guide.editing.together import Comment
from guide.editing.workflow import NewerTextError, NotAllowedError
from tests.editing.conftest import staff

SOIL, WATER = "en/pages/10-soil.md", "en/pages/20-water.md"
State = Revision.State
Step = Callable[[], Any]
REFUSALS = (NotAllowedError, NewerTextError, NothingToRollBackError, ContentError, second_factor.WaitError)


class People:
    """One of each group, and a second editor and reviewer."""

    def __init__(self) -> None:
        self.erin, self.eve = staff("erin", "Editors"), staff("eve", "Editors")
        self.rosa, self.rob = staff("rosa", "Clinical reviewers"), staff("rob", "Clinical reviewers")
        self.paul = staff("paul", "Publishers")


@pytest.fixture
def people(busy_garden: Edition) -> People:
    """Committed to the database, as the threads have to see them."""
    return People()


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    """For the others; a test ends when all of them have ended."""
    with ThreadPoolExecutor(8) as threads:
        yield threads


def alone(step: Step) -> Any:
    """What a step gives in a thread with a connection of its own, or why it was refused."""
    try:
        return step()
    except REFUSALS as refused:
        return refused
    finally:
        connection.close()


def at_once(pool: ThreadPoolExecutor, *steps: Step) -> list[Any]:
    """What each gives, begun at the same moment."""
    begin = threading.Barrier(len(steps))

    def one(step: Step) -> Any:
        begin.wait(10)
        return alone(step)

    return [started.result(60) for started in [pool.submit(one, step) for step in steps]]


def meanwhile(monkeypatch: pytest.MonkeyPatch, pool: ThreadPoolExecutor, owner: Any, name: str, other: Step) -> list[Future[Any]]:
    """Let somebody else begin when the step of this thread comes to a function, and give them time to finish if they can."""
    begun: list[Future[Any]] = []
    function, here = getattr(owner, name), threading.current_thread()

    def with_other(*args: Any, **kwargs: Any) -> Any:
        if not begun and threading.current_thread() is here:
            begun.append(pool.submit(alone, other))
            with suppress(StillWaitingError):
                begun[0].result(0.7)
        return function(*args, **kwargs)

    monkeypatch.setattr(owner, name, with_other)
    return begun


def of(path: str) -> Document:
    return Document.objects.get(path=path)


def words(path: str, added: str) -> str:
    return f"{Edition.objects.texts(Edition.objects.newest())[path]}\n{added}\n"


def draft(people: People, path: str = SOIL, added: str = "More.") -> Revision:
    return workflow.save_draft(of(path), words(path, added), by=people.erin, version=0, note="n", for_readers="r")


def in_review(people: People, path: str = SOIL) -> Revision:
    made = draft(people, path)
    workflow.send_to_review(made, by=people.erin)
    return made


def approved(people: People, path: str = SOIL) -> Revision:
    made = in_review(people, path)
    workflow.approve(made, by=people.rosa, role="Gardener")
    return made


def saves(people: People, version: int, added: str = "Eve's words.") -> Step:
    """Eve saves, having seen this version."""
    return lambda: workflow.save_draft(of(SOIL), words(SOIL, added), by=people.eve, version=version)


def actions(action: str) -> int:
    return AuditEntry.objects.filter(action=action).count()


# The text that was read


def test_who_saves_during_an_approval_loses_nothing_and_is_not_approved_unread(
    people: People, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = in_review(people)
    others = meanwhile(monkeypatch, pool, workflow, "refuse_mistakes", saves(people, text.version))
    workflow.approve(text, by=people.rosa, role="Gardener")
    # She had seen the text before the approval, so she is told of it, as of every other save.
    assert isinstance(others[0].result(60), NewerTextError)
    now = of(SOIL).open_text()
    assert now and (now.state, now.version) == (State.APPROVED, text.version) and "More." in now.text
    saves(people, now.version)()
    now.refresh_from_db()
    assert now.state == State.DRAFT and "Eve's words." in now.text


@pytest.mark.parametrize("step", ["approve", "ask", "send", "withdraw", "together"])
def test_a_step_is_refused_where_another_text_was_saved_since_it_was_read(people: People, step: str) -> None:
    read = draft(people) if step == "send" else in_review(people)
    workflow.comment(read, by=people.rosa, quote="", says="Hm.")
    newer = saves(people, read.version)()
    if step in ("approve", "ask"):
        workflow.send_to_review(newer, by=people.eve)
    steps: dict[str, Step] = {
        "approve": lambda: workflow.approve(read, by=people.rosa, role="Gardener"),
        "ask": lambda: workflow.ask_changes(read, by=people.rosa),
        "send": lambda: workflow.send_to_review(read, by=people.erin),
        "withdraw": lambda: workflow.withdraw(read, by=people.erin, why="n"),
        "together": lambda: workflow.brought_together(read, by=people.erin, base=read.started_from_id or 0),
    }
    with pytest.raises(NewerTextError) as told:
        steps[step]()
    assert told.value.newer == newer
    now = of(SOIL).open_text()
    assert now and now.state == (State.IN_REVIEW if step in ("approve", "ask") else State.DRAFT) and "Eve's words." in now.text


def test_who_saves_while_a_text_is_sent_makes_it_a_draft_again(
    people: People, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = draft(people)
    others = meanwhile(monkeypatch, pool, workflow, "refuse_mistakes", saves(people, text.version, "Eve's [@nobody]."))
    workflow.send_to_review(text, by=people.erin)
    assert isinstance(others[0].result(60), Revision)
    now = of(SOIL).open_text()
    assert now and now.state == State.DRAFT and "nobody" in now.text


def test_who_saves_while_two_texts_are_brought_together_keeps_their_words(
    people: People, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = draft(people)
    others = meanwhile(monkeypatch, pool, Document, "published", saves(people, text.version))
    workflow.brought_together(text, by=people.erin, base=text.started_from_id or 0)
    assert isinstance(others[0].result(60), NewerTextError)
    now = of(SOIL).open_text()
    assert now and now.version == text.version and "More." in now.text


def test_what_is_published_is_what_was_approved_though_somebody_saves(
    people: People, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = approved(people)
    others = meanwhile(monkeypatch, pool, EditionManager, "with_changes", saves(people, text.version))
    workflow.publish([text], by=people.paul, note="n")
    assert Edition.objects.texts(2)[SOIL] == text.text
    hers = others[0].result(60)
    assert isinstance(hers, Revision)
    hers.refresh_from_db()
    assert hers.state == State.DRAFT and "Eve's words." in hers.text


def test_a_text_that_changed_since_the_list_was_shown_is_not_published(people: People) -> None:
    seen = approved(people)
    saves(people, seen.version)()
    with pytest.raises(NotAllowedError, match="is draft and cannot be published"):
        workflow.publish([seen], by=people.paul, note="n")
    now = of(SOIL).open_text()
    assert Edition.objects.newest() == 1 and now and "Eve's words." in now.text


def test_a_planned_edition_publishes_what_was_approved_though_somebody_saves(
    people: People, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = approved(people)
    release = due(people, text)
    others = meanwhile(monkeypatch, pool, EditionManager, "with_changes", saves(people, text.version))
    assert publish_due() == [release]
    assert Edition.objects.texts(2)[SOIL] == text.text
    hers = others[0].result(60)
    assert isinstance(hers, Revision)
    hers.refresh_from_db()
    assert hers.state == State.DRAFT and "Eve's words." in hers.text


# Two steps at once


def test_of_two_reviewers_one_decides(people: People, pool: ThreadPoolExecutor) -> None:
    text = in_review(people)
    first, second = Revision.objects.get(pk=text.pk), Revision.objects.get(pk=text.pk)
    found = at_once(
        pool,
        lambda: workflow.approve(first, by=people.rosa, role="Gardener"),
        lambda: workflow.approve(second, by=people.rob, role="Gardener"),
    )
    assert found.count(None) == 1 and any(isinstance(one, (NewerTextError, NotAllowedError)) for one in found)
    assert actions("approved") == 1


def test_a_text_is_either_withdrawn_or_published(people: People, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch) -> None:
    text = approved(people)
    mine = Revision.objects.get(pk=text.pk)
    others = meanwhile(monkeypatch, pool, EditionManager, "with_changes", lambda: workflow.withdraw(mine, by=people.erin, why="n"))
    workflow.publish([text], by=people.paul, note="n")
    assert isinstance(others[0].result(60), NotAllowedError)
    assert of(SOIL).published() == text and actions("withdrew") == 0


def test_a_text_goes_out_now_or_later_or_in_one_of_two_plans(people: People, pool: ThreadPoolExecutor) -> None:
    text = approved(people)
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    found = at_once(
        pool,
        lambda: workflow.plan([text], by=people.paul, note="one", due=tomorrow),
        lambda: workflow.plan([text], by=people.paul, note="other", due=tomorrow),
        lambda: workflow.publish([text], by=people.paul, note="now"),
    )
    assert sum(isinstance(one, NotAllowedError) for one in found) == 2
    assert Release.objects.count() + Edition.objects.newest() - 1 == 1


def test_who_rolls_back_twice_makes_one_edition(people: People, pool: ThreadPoolExecutor) -> None:
    edition = workflow.publish([approved(people)], by=people.paul, note="n")
    found = at_once(pool, *[lambda: workflow.roll_back(edition, by=people.paul, note="Wrong")] * 3)
    assert sum(isinstance(one, NothingToRollBackError) for one in found) == 2
    assert Edition.objects.newest() == 3 and actions("rolled back") == 1


def test_of_two_removals_one_is_a_draft(people: People, pool: ThreadPoolExecutor) -> None:
    found = at_once(
        pool,
        lambda: workflow.propose_removal(of(SOIL), by=people.erin, note="n"),
        lambda: workflow.propose_removal(of(SOIL), by=people.eve, note="n"),
    )
    assert sum(isinstance(one, NotAllowedError) for one in found) == 1
    assert of(SOIL).revisions.filter(state=State.DRAFT).count() == 1


def test_of_two_who_begin_the_same_document_one_is_told(people: People, pool: ThreadPoolExecutor) -> None:
    path = "en/pages/30-shade.md"
    found = at_once(
        pool,
        lambda: workflow.begin(path, "Erin's.", by=people.erin, note="n"),
        lambda: workflow.begin(path, "Eve's.", by=people.eve, note="n"),
    )
    assert sorted(type(one).__name__ for one in found) == ["Document", "NotAllowedError"]
    assert of(path).revisions.get().state == State.DRAFT


def test_a_comment_is_settled_by_one(people: People, pool: ThreadPoolExecutor) -> None:
    said = workflow.comment(in_review(people), by=people.rosa, quote="", says="Hm.")
    ours = [Comment.objects.get(pk=said.pk) for _ in range(2)]
    found = at_once(pool, lambda: workflow.settle(ours[0], by=people.erin), lambda: workflow.settle(ours[1], by=people.rosa))
    assert found.count(None) == 1 and "settled already" in str(next(one for one in found if one))
    said.refresh_from_db()
    assert said.settled_by == (people.erin if found[0] is None else people.rosa)


def test_a_comment_during_an_approval_waits_for_it(people: People, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch) -> None:
    """A comment that is not settled stops an approval: none slips in between the look and the approval."""
    text = in_review(people)
    others = meanwhile(monkeypatch, pool, workflow, "refuse_mistakes", lambda: workflow.comment(text, by=people.rob, quote="", says="No!"))
    workflow.approve(Revision.objects.get(pk=text.pk), by=people.rosa, role="Gardener")
    said = others[0].result(60)
    text.refresh_from_db()
    assert isinstance(said, Comment) and text.reviewed and said.created > text.reviewed + datetime.timedelta(seconds=0.5)


# At its time


def due(people: People, *texts: Revision) -> Release:
    """Planned, and its time has come."""
    release = workflow.plan(texts, by=people.paul, note="n", due=timezone.now() + datetime.timedelta(hours=1))
    Release.objects.filter(pk=release.pk).update(due=timezone.now() - datetime.timedelta(seconds=1))
    return release


def test_what_is_due_is_published_once_by_many_servers(people: People, pool: ThreadPoolExecutor) -> None:
    release = due(people, approved(people))
    found = at_once(pool, *[publish_due] * 4)
    assert sorted(map(len, found)) == [0, 0, 0, 1] and Edition.objects.newest() == 2
    release.refresh_from_db()
    assert release.state == Release.State.PUBLISHED and release.edition == Edition.objects.get(number=2)
    assert actions("published at its time") == 1


def test_a_crash_in_the_middle_leaves_what_was_published_and_the_rest_planned(people: People, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = due(people, approved(people)), due(people, approved(people, WATER))

    def crash(by: Any, action: str, about: Any, *more: str) -> None:
        record(by, action, about, *more)
        if str(about) == "Edition 3":
            raise MemoryError

    monkeypatch.setattr("guide.editing.releases.record", crash)
    with pytest.raises(MemoryError):
        publish_due()
    assert Edition.objects.newest() == 2 and actions("published at its time") == 1
    assert list(Release.objects.order_by("pk").values_list("state", flat=True)) == ["published", "planned"]
    monkeypatch.setattr("guide.editing.releases.record", record)
    assert publish_due() == [second] and Edition.objects.newest() == 3
    first.refresh_from_db()
    assert first.edition == Edition.objects.get(number=2)


def test_a_release_is_cancelled_or_published(people: People, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch) -> None:
    release = due(people, approved(people))
    others = meanwhile(monkeypatch, pool, EditionManager, "with_changes", lambda: workflow.cancel(release, by=people.paul))
    assert publish_due() == [release]
    assert isinstance(others[0].result(60), NotAllowedError)
    release.refresh_from_db()
    assert release.state == Release.State.PUBLISHED and actions("cancelled a planned edition") == 0


# Files


def test_a_conflict_is_settled_as_it_was_seen_or_not_at_all(
    people: People, pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, toy_texts: dict[str, str]
) -> None:
    Edition.objects.publish({SOIL: words(SOIL, "Edited.")}, by=None, note="n", origin=Edition.Origin.ADMIN)
    write_files(tmp_path, {**toy_texts, SOIL: f"{toy_texts[SOIL]}\nIn the files.\n"})
    call_command("import_content", tmp_path, "--keep-edits")
    conflict = Conflict.objects.get()
    write_files(tmp_path, {**toy_texts, SOIL: f"{toy_texts[SOIL]}\nNewer in the files.\n"})
    others = meanwhile(monkeypatch, pool, conflicts.ConflictManager, "remember", lambda: conflicts.keep_edit(conflict, by=people.erin))
    with suppress(CommandError):
        call_command("import_content", tmp_path)
    assert isinstance(others[0].result(60), NotAllowedError)
    conflict.refresh_from_db()
    assert conflict.settled is None and (conflict.file or "").endswith("Newer in the files.\n")
    assert actions("settled a conflict") == 0


# Signing in


def test_a_code_counts_once_in_two_browsers_at_the_same_moment(people: People, pool: ThreadPoolExecutor) -> None:
    device = TOTPDevice.objects.create(user=people.erin, name="app", confirmed=True)
    code = f"{oath.totp(device.bin_key):06d}"
    found = at_once(pool, *[lambda: second_factor.check(people.erin, code)] * 4)
    assert sum(isinstance(one, TOTPDevice) for one in found) == 1


def test_a_backup_code_counts_once_in_two_browsers_at_the_same_moment(people: People, pool: ThreadPoolExecutor) -> None:
    code = second_factor.make_backup_codes(people.erin)[0]
    found = at_once(pool, *[lambda: second_factor.check(people.erin, code)] * 4)
    assert sum(one is not None and not isinstance(one, Exception) for one in found) == 1
    assert second_factor.backup_codes_left(people.erin) == 9


# Everything at once


def test_whatever_happens_at_once_nobody_waits_in_a_ring_and_every_refusal_has_words(people: People, pool: ThreadPoolExecutor) -> None:
    paths = (SOIL, WATER)

    def work(seed: int) -> list[Any]:
        chance = random.Random(seed)
        return [alone(lambda: _anything(people, chance, chance.choice(paths))) for _ in range(12)]

    found = [one for some in pool.map(work, range(4), timeout=120) for one in some]
    assert len(found) == 48
    numbers = list(Edition.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, len(numbers) + 1))
    for release in Release.objects.all():
        assert (release.state == Release.State.PUBLISHED) == bool(release.edition)
    for text in Revision.objects.filter(state=State.PUBLISHED).exclude(author=None):
        assert text.reviewer or "Imported" in text.note or "back" in text.note


def _anything(people: People, chance: random.Random, path: str) -> Any:
    document = of(path)
    text = document.open_text()
    if text is None:
        return draft(people, path, f"Words {chance.random()}.")
    next_steps: dict[str, list[Step]] = {
        State.DRAFT: [lambda: workflow.send_to_review(text, by=people.erin)],
        State.IN_REVIEW: [lambda: workflow.approve(text, by=people.rosa, role="Gardener")],
        State.APPROVED: [
            lambda: workflow.publish([text], by=people.paul, note="n"),
            lambda: due(people, text),
            lambda: workflow.save_draft(document, words(path, "Again."), by=people.eve, version=text.version),
        ],
    }
    steps: list[Step] = [
        *next_steps.get(text.state, []),
        publish_due,
        lambda: workflow.publish(list(Revision.objects.filter(state=State.APPROVED).order_by("?")), by=people.paul, note="n"),
    ]
    if Edition.objects.newest() > 1:
        steps.append(lambda: workflow.roll_back(Edition.objects.exclude(number=1).order_by("?")[0], by=people.paul, note="back"))
    return chance.choice(steps)()
