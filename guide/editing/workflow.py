"""The way of a text from draft to edition, and who may do which step.

draft -> in review -> (changes asked -> draft ->) approved -> published. Whoever wrote in a text never
approves it. Writing in a text that is in review or approved makes it a draft again.

Each step is taken as a whole or not at all, with its line in the audit log, and of several at once one
comes first. A text that is handed to a step is the one that somebody read: where another was saved
meanwhile, the step is refused.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.contrib.auth.models import User
from django.utils import timezone

from guide.content.ids import with_ids
from guide.content.markdown import LONGEST_ID
from guide.content.text import FieldsError, read
from guide.editing.audit import record
from guide.editing.clinical import is_clinical, with_review, with_review_of
from guide.editing.drafts import refuse_mistakes
from guide.editing.models import Document, Edition, Revision, held
from guide.editing.passages import block_of
from guide.editing.releases import Release
from guide.editing.together import Comment
from guide.editing.typed import with_lf
from guide.storage import queue_for, writing

State = Revision.State
_LONGEST_ROLE = 100  # letters
_READ_BY_OTHERS = (State.IN_REVIEW, State.CHANGES_ASKED, State.APPROVED)


class NotAllowedError(Exception):
    """A step that cannot be taken; the text says why, and what would help. `field`: the one that has to be filled in, if it is that."""

    def __init__(self, says: str, field: str = "") -> None:
        super().__init__(says)
        self.field = field


class NewerTextError(Exception):
    """Somebody saved the document since this window read it."""

    def __init__(self, newer: Revision) -> None:
        super().__init__("Somebody saved this document meanwhile.")
        self.newer = newer


# Writing


def begin(path: str, text: str, *, by: User, note: str) -> Document:
    """Begin a new document, with its first draft. Raises NotAllowedError."""
    _need(by, "guide.add_document", "begin documents")
    with writing():
        document, new = Document.objects.get_or_create(path=path)
        if not new:
            raise NotAllowedError(f"Somebody else began {path} a moment ago. Choose another name, or open it from the list of documents.")
        _begin(document, text, by=by, note=note, for_readers="")
    return document


def save_draft(
    document: Document,
    text: str,
    *,
    by: User,
    version: int,
    base: int | None = None,
    note: str | None = None,
    for_readers: str | None = None,
    force: bool = False,
    keep: bool = False,
) -> Revision:
    """Save an open text, or begin one.

    `version`: of the open text that the window shows, 0 for none. `base`: the primary key of the published text
    that the window was opened with, 0 for none; without an open text, a newer published one is not to be undone silently.

    `note`, `for_readers`: None leaves them as they are. `force`: whatever was saved meanwhile.
    What says the same as the open text is saved already, whatever its version: the answer to the first try was lost on its way.
    What another person wrote, what a reviewer may have read, and what is overwritten by `force` or `keep`, is kept as a text of its own.
    Lines end with LF, as all that is written in a browser. Raises NewerTextError, and NotAllowedError.
    """
    _need(by, "guide.change_document", "edit documents")
    text = with_lf(text)
    with writing():
        Document.objects.select_for_update().get(pk=document.pk)
        open_text = document.open_text()
        if open_text is None:
            published = document.published()
            if published and base not in (None, published.pk) and not force:
                raise NewerTextError(published)
            return _begin(document, text, by=by, note=note or "", for_readers=for_readers or "")
        told = open_text.note if note is None else note, open_text.for_readers if for_readers is None else for_readers
        if open_text.version != version and not force:
            if says_the_same(open_text, text, *told):
                return open_text
            raise NewerTextError(open_text)
        return _write(open_text, text, *told, by=by, keep=keep or open_text.version != version)


def says_the_same(open_text: Revision, text: str, note: str, for_readers: str) -> bool:
    """Whether an open text holds what a window holds, but for ids that were written when it was saved: neither can overwrite the other."""
    if open_text.removed or (open_text.note, open_text.for_readers) != (note, for_readers):
        return False
    return open_text.text == text or open_text.text == named(open_text.document.path, text)


def named(path: str, text: str) -> str:
    """The text with an id in each block that has a title and no id: writers need not know of ids."""
    return with_ids(read(path, text)) if path.endswith(".md") else text


def _begin(document: Document, text: str, *, by: User, note: str, for_readers: str, removed: bool = False) -> Revision:
    made = document.revisions.create(
        text=text, removed=removed, author=by, note=note, for_readers=for_readers, started_from=document.published()
    )
    made.writers.add(by)
    record(by, "began a draft", document, note)
    return made


def _write(open_text: Revision, text: str, note: str, for_readers: str, *, by: User, keep: bool) -> Revision:
    rewritten = open_text.text != text
    changed = rewritten or for_readers != open_text.for_readers  # readers see both
    if rewritten and (keep or open_text.author != by or open_text.state in _READ_BY_OTHERS):
        _keep_copy(open_text)
    if changed and open_text.state != State.DRAFT:
        record(by, "edited, so it is a draft again", open_text.document, f"was {open_text.get_state_display()}")
        open_text.state, open_text.reviewer, open_text.reviewer_role, open_text.reviewed = State.DRAFT, None, "", None
    if rewritten:
        open_text.text, open_text.author, open_text.removed = text, by, False
    if changed:
        open_text.writers.add(by)
    open_text.note, open_text.for_readers = note, for_readers
    open_text.version += 1
    open_text.saved = timezone.now()
    open_text.save()
    return open_text


def _keep_copy(text: Revision) -> None:
    copy = Revision.objects.create(
        document=text.document,
        text=text.text,
        removed=text.removed,
        state=State.SUPERSEDED,
        author=text.author,
        note=text.note,
        for_readers=text.for_readers,
        started_from=text.started_from,
        saved=text.saved,
    )
    copy.writers.set(text.writers.all())


def restore(old: Revision, *, by: User, note: str) -> Revision:
    """Begin a draft with an earlier text. Whoever wrote that text wrote in the draft too. Raises NotAllowedError, and NewerTextError."""
    with writing():
        made = save_draft(old.document, old.text, by=by, version=0, note=note)
        made.writers.add(*old.writers.all(), *filter(None, [old.author]))
    return made


def set_aside(document: Document, text: str, *, by: User, note: str) -> None:
    """Keep what somebody typed in the history, and go on with what another wrote. Raises NotAllowedError."""
    _need(by, "guide.change_document", "edit documents")
    with writing():
        document.revisions.create(text=text, state=State.SUPERSEDED, author=by, note=note).writers.add(by)
        record(by, "put an own text aside", document, note)


def brought_together(text: Revision, *, by: User, base: int) -> None:
    """Say that a text takes into account what was published since it was begun.

    `base`: the primary key of the published text that was seen, 0 for none. Raises NotAllowedError, and NewerTextError.
    """
    _need(by, "guide.change_document", "edit documents")
    with writing():
        queue_for(Edition)  # no other is published between the look and the step
        with _step(text, Revision.OPEN, "changed"):
            published = text.document.published()
            if published and published.pk != base:
                raise NewerTextError(published)
            text.started_from, text.state, text.version = published, State.DRAFT, text.version + 1
            text.save(update_fields=["started_from", "state", "version"])
            record(by, "brought together with the published text", text.document)


def propose_removal(document: Document, *, by: User, note: str) -> Revision:
    """Begin a draft that takes the document away. Raises NotAllowedError."""
    _need(by, "guide.change_document", "edit documents")
    with writing():
        Document.objects.select_for_update().get(pk=document.pk)
        if document.open_text():
            raise NotAllowedError("There is a draft of this document. Withdraw it first.")
        return _begin(document, "", by=by, note=note, for_readers="", removed=True)


def withdraw(text: Revision, *, by: User, why: str) -> None:
    """Give a text up. It stays in the history. Raises NotAllowedError, and NewerTextError."""
    _need(by, "guide.change_document", "edit documents")
    with _step(text, Revision.OPEN, "withdrawn"):
        text.state = State.WITHDRAWN
        text.save(update_fields=["state"])
        record(by, "withdrew", text.document, why)


@contextmanager
def _step(text: Revision, states: Sequence[str], what: str) -> Iterator[None]:
    """A step of a text, during which nobody else writes in it. Raises NewerTextError, and NotAllowedError."""
    with writing():
        (now,) = held([text])
        if now.version != text.version:
            raise NewerTextError(now)
        text.state = now.state
        _must_be(text, states, what)
        yield


# Review


def send_to_review(text: Revision, *, by: User) -> None:
    """Hand a draft to a reviewer. A clinical change makes the review that the text has old, and takes it out. New blocks get their ids.

    Raises ContentError where it has a mistake, NotAllowedError, and NewerTextError."""
    _need(by, "guide.change_document", "edit documents")
    with _step(text, (State.DRAFT, State.CHANGES_ASKED), "sent to review"):
        if not text.note:
            raise NotAllowedError("Say in one sentence what changes and why: the field “Why” is empty.", "note")
        if clinical(text) and not text.for_readers:
            raise NotAllowedError(
                "A clinical statement changes. Write one plain sentence for readers: the field “What changed, for readers” is empty.",
                "for_readers",
            )
        old = text.text
        if not text.removed:
            text.text = named(text.document.path, old)
        refuse_mistakes(text.document.path, None if text.removed else text.text)
        text.text, text.state = _without_own_review(text), State.IN_REVIEW
        text.version += text.text != old  # as with each other text: a window that shows the old one is told
        text.save(update_fields=["text", "state", "version"])
        record(by, "sent to review", text.document, text.note)


def is_sent(open_text: Revision, text: str, note: str, for_readers: str) -> bool:
    """Whether exactly this is in review already: a button that is pressed twice on a slow line sends it once."""
    if open_text.state != State.IN_REVIEW or (open_text.note, open_text.for_readers) != (note, for_readers):
        return False
    sent = Revision(document=open_text.document, text=named(open_text.document.path, text), removed=open_text.removed)
    try:
        return open_text.text in (text, sent.text, _without_own_review(sent))
    except NotAllowedError:
        return False


def _without_own_review(text: Revision) -> str:
    if text.removed or not text.document.path.endswith(".md"):
        return text.text
    try:
        return with_review_of(text.document.path, None if clinical(text) else _before(text), text.text)
    except FieldsError as error:
        raise NotAllowedError(f"{error}. Put the value between quotes, or mend it.") from error


def comment(text: Revision, *, by: User, quote: str, says: str, block: str = "") -> Comment:
    """Say something about a passage. `block`: the id of the one that it was chosen in, where that is known. Raises NotAllowedError."""
    if not (by.has_perm("guide.review_document") or by.has_perm("guide.change_document")):
        raise NotAllowedError("Only editors and reviewers comment.")
    if not says.strip():
        raise NotAllowedError("The comment is empty.")
    with writing():
        (now,) = held([text])  # nobody approves it between the look and the comment
        if not now.is_open:
            raise NotAllowedError("This text is not on its way any more, so comments would reach nobody.")
        stood_in = block_of(read(now.document.path, now.text), quote, block)
        return Comment.objects.create(revision=text, author=by, quote=quote.strip(), block=stood_in[:LONGEST_ID], text=says.strip())


def may_settle(said: Comment, by: User) -> bool:
    """Whoever said it, whoever wrote in the text, and reviewers."""
    return said.author == by or by.has_perm("guide.review_document") or said.revision.writers.filter(pk=by.pk).exists()


def settle(said: Comment, *, by: User) -> None:
    """Mark a comment as done. Raises NotAllowedError."""
    if not may_settle(said, by):
        raise NotAllowedError("Whoever wrote the comment, the writers of the text, and reviewers can settle it.")
    said.settled_by, said.settled = by, timezone.now()
    if not Comment.objects.filter(pk=said.pk, settled=None).update(settled_by=by, settled=said.settled):
        raise NotAllowedError("This comment is settled already.")


def ask_changes(text: Revision, *, by: User) -> None:
    """Give a text back to its writers. Raises NotAllowedError, and NewerTextError."""
    with _step(text, (State.IN_REVIEW,), "reviewed"):
        may_review(text, by)
        if not text.comments.filter(settled=None).exists():
            raise NotAllowedError("Say in a comment what should change.")
        text.state = State.CHANGES_ASKED
        text.save(update_fields=["state"])
        record(by, "asked for changes", text.document)


def approve(text: Revision, *, by: User, role: str) -> None:
    """Approve a text. Where a clinical statement changes, the review is written into it, and readers see it.

    Raises NotAllowedError, NewerTextError, and ContentError where the guide has changed so that the text has a mistake by now.
    """
    with _step(text, (State.IN_REVIEW,), "reviewed"):
        may_review(text, by)
        if not role.strip():
            raise NotAllowedError("Write your role, such as oncology nurse: readers see it with your name.")
        if len(role) > _LONGEST_ROLE:
            raise NotAllowedError(f"Your role has {len(role)} letters; {_LONGEST_ROLE} fit.")
        if text.comments.filter(settled=None).exists():
            raise NotAllowedError("Some comments are not settled yet.")
        now = timezone.now()
        if clinical(text) and not text.removed:
            name = by.get_full_name() or by.get_username()
            text.text = with_review(text.document.path, text.text, name, role.strip(), now.date())
        refuse_mistakes(text.document.path, None if text.removed else text.text)
        text.state, text.reviewer, text.reviewer_role, text.reviewed = State.APPROVED, by, role.strip(), now
        text.version += 1
        text.save()
        record(by, "approved", text.document, f"as {role.strip()}")


def may_review(text: Revision, by: User) -> None:
    """Raises NotAllowedError, with the reason."""
    _need(by, "guide.review_document", "review documents")
    _must_be(text, (State.IN_REVIEW,), "reviewed")
    if text.writers.filter(pk=by.pk).exists():
        raise NotAllowedError("You wrote in this text. Somebody else has to review it.")


def clinical(text: Revision) -> bool:
    """Whether a text changes a clinical statement of the published one."""
    return is_clinical(text.document.path, _before(text), None if text.removed else text.text)


def _before(text: Revision) -> str | None:
    published = text.document.published()
    # With the line ends of a draft: how a file ends its lines is no change.
    return published.text.replace("\r\n", "\n") if published and not published.removed else None


# Publication


def publish(texts: Sequence[Revision], *, by: User, note: str) -> Edition:
    """Publish approved texts together, now. Raises NotAllowedError, and ContentError."""
    with writing():
        queue_for(Release)
        now = _may_publish(texts, by)
        edition = Edition.objects.publish_texts(now, by=by, note=note)
        record(by, "published", edition, _paths(now))
    return edition


def plan(texts: Sequence[Revision], *, by: User, note: str, due: datetime.datetime) -> Release:
    """Publish approved texts together at a time. Raises NotAllowedError, and ContentError."""
    with writing():
        queue_for(Release)
        now = _may_publish(texts, by)
        if due <= timezone.now():
            raise NotAllowedError("This time is over. Choose one that is still to come, or publish now.")
        Edition.objects.with_changes(Edition.objects.newest(), {path: text for one in now for path, text in _change(one).items()})
        release = Release.objects.create(due=due, by=by, note=note)
        release.texts.set(now)
        record(by, "planned an edition", release, _paths(now))
    return release


def cancel(release: Release, *, by: User) -> None:
    """Do not publish a planned edition, or put away one that could not be published. Raises NotAllowedError."""
    _need(by, "guide.publish_document", "publish documents")
    waiting = (Release.State.PLANNED, Release.State.FAILED)
    with writing():
        if not Release.objects.filter(pk=release.pk, state__in=waiting).update(state=Release.State.CANCELLED):
            raise NotAllowedError("It is not waiting any more.")
        record(by, "cancelled a planned edition", release)


def roll_back(edition: Edition, *, by: User, note: str) -> Edition:
    """Put back what an edition changed. Raises NotAllowedError, NothingToRollBackError, and ContentError."""
    _need(by, "guide.publish_document", "publish documents")
    with writing():
        made = Edition.objects.roll_back(edition, by=by, note=note)
        record(by, "rolled back", edition, f"by {made}: {note}")
    return made


def _may_publish(texts: Sequence[Revision], by: User) -> list[Revision]:
    """The texts as they are now, which stay so until the step is taken. Raises NotAllowedError."""
    _need(by, "guide.publish_document", "publish documents")
    if not texts:
        raise NotAllowedError("Choose at least one approved text.")
    queue_for(Edition)  # no other is published between the look and the step
    now = held(texts)
    for text in now:
        _must_be(text, (State.APPROVED,), "published")
        if text.comments.filter(settled=None).exists():
            raise NotAllowedError(f"{text.document}: somebody commented on it after it was approved. Settle that first.")
        if text.releases.filter(state=Release.State.PLANNED).exists():
            raise NotAllowedError(f"{text.document} is set for later. Cancel that first.")
        if text.document.published() != text.started_from:
            raise NotAllowedError(
                f"{text.document}: another text was published since this one was begun. "
                "Open it, bring both together, and send it to review again."
            )
    return now


def _paths(texts: Sequence[Revision]) -> str:
    return ", ".join(text.document.path for text in texts)


def _change(text: Revision) -> dict[str, str | None]:
    return {text.document.path: None if text.removed else text.text}


def _must_be(text: Revision, states: Sequence[str], what: str) -> None:
    if text.state not in states:
        raise NotAllowedError(f"{text.document} is {text.get_state_display()} and cannot be {what}.")


def _need(by: User, permission: str, what: str) -> None:
    if not by.has_perm(permission):
        raise NotAllowedError(f"You may not {what}.")
