"""Documents, their revisions, and the editions that readers see."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from functools import lru_cache

from django.contrib.auth.models import User
from django.db import models
from django.db.models import OuterRef, Q, Subquery
from django.utils import timezone

from guide.content.documents import Guide
from guide.content.mistakes import ContentError
from guide.content.whole import load
from guide.storage import queue_for, writing


@lru_cache(maxsize=3)
def _read(texts: frozenset[tuple[str, str]]) -> Guide | ContentError:
    try:
        return load(dict(texts))
    except ContentError as error:
        return error


def guide_of(texts: frozenset[tuple[str, str]]) -> Guide:
    """The guide that these texts (path, text) make. Raises ContentError.

    Reading all of it takes a second or two, so the last few are kept: what a form has checked is
    published without reading it again.
    """
    guide = _read(texts)
    if isinstance(guide, ContentError):
        raise guide
    return guide


class Document(models.Model):
    """A file of the content, by its path below `content/`."""

    path = models.CharField(max_length=200, unique=True)

    class Meta:
        ordering = ["path"]
        permissions = [("publish_document", "Can publish a document"), ("review_document", "Can review a document")]

    def __str__(self) -> str:
        return self.path

    def published(self) -> Revision | None:
        """The revision that readers see, if there is one."""
        return self.revisions.filter(state=Revision.State.PUBLISHED).select_related("edition").order_by("-edition__number").first()

    def open_text(self) -> Revision | None:
        """The text that is being written or reviewed, if there is one."""
        return self.revisions.filter(state__in=Revision.OPEN).select_related("author").first()


class EditionManager(models.Manager["Edition"]):
    """Editions, by their number."""

    def newest(self) -> int:
        """The number of the edition that readers see; 0 where nothing was published yet."""
        return self.aggregate(number=models.Max("number"))["number"] or 0

    def day(self) -> datetime.date:
        """The latest day on which an edition was published; the first of all days where none was."""
        latest: datetime.datetime | None = self.aggregate(latest=models.Max("created"))["latest"]
        return latest.date() if latest else datetime.date.min

    def texts(self, number: int) -> dict[str, str]:
        """Every document of an edition: path -> text."""
        return {revision.document.path: revision.text for revision in _revisions_of(number) if not revision.removed}

    def publish(self, changes: Mapping[str, str | None], *, by: User | None, note: str, origin: str) -> Edition:
        """Publish new texts (None removes a document) as the next edition. Open texts stay open.

        Raises ContentError where the guide as a whole would have a mistake; nothing is changed then.
        """
        with writing():
            queue_for(Edition)
            now = self.newest()
            self.with_changes(now, changes)
            edition = self.create(number=now + 1, by=by, note=note, origin=origin)
            for path, text in changes.items():
                document, _ = Document.objects.get_or_create(path=path)
                document.revisions.create(
                    text=text or "", removed=text is None, state=Revision.State.PUBLISHED, author=by, note=note, edition=edition
                )
        return edition

    def texts_with(self, changes: Mapping[str, str | None], number: int | None = None) -> dict[str, str]:
        """What is published, or was in an edition, with these changes: path -> text. None takes a document away."""
        texts = self.texts(self.newest() if number is None else number)
        return {path: text for path, text in {**texts, **changes}.items() if text is not None}

    def with_changes(self, number: int, changes: Mapping[str, str | None]) -> Guide:
        """The guide of an edition with other texts in it. Raises ContentError: every way to publish leads through here."""
        return guide_of(frozenset(self.texts_with(changes, number).items()))

    def publish_texts(self, texts: Sequence[Revision], *, by: User | None, note: str) -> Edition:
        """Publish open texts as they stand, together, as the next edition.

        They are `held` by who calls. Raises ContentError where the guide as a whole would have a mistake; nothing is changed then.
        """
        with writing():
            queue_for(Edition)
            now = self.newest()
            self.with_changes(now, {one.document.path: None if one.removed else one.text for one in texts})
            edition = self.create(number=now + 1, by=by, note=note, origin=Edition.Origin.ADMIN)
            for one in texts:
                one.state, one.edition = Revision.State.PUBLISHED, edition
                one.save(update_fields=["state", "edition"])
        return edition

    def roll_back(self, edition: Edition, *, by: User | None, note: str) -> Edition:
        """Make an edition in which every document that this edition changed is as it was before it.

        Documents that were changed again since then are left alone. Raises ContentError, as `publish`,
        and NothingToRollBackError.
        """
        with writing():
            queue_for(Edition)  # of two who roll back the same, the second finds nothing
            before = self.texts(edition.number - 1)
            changed = [revision.document for revision in edition.revisions.select_related("document")]
            changes = {
                document.path: before.get(document.path)
                for document in changed
                if (newest := document.published()) and newest.edition_id == edition.pk
            }
            if not changes:
                raise NothingToRollBackError
            return self.publish(changes, by=by, note=note, origin=Edition.Origin.ADMIN)

    def last_imported(self) -> dict[str, str | None]:
        """What the files said when they were last imported: path -> text, None if the file was gone."""
        imported = Revision.objects.filter(edition__origin=Edition.Origin.FILES).select_related("document").order_by("edition__number")
        return {revision.document.path: None if revision.removed else revision.text for revision in imported}


class NothingToRollBackError(Exception):
    """Every document of the edition was changed again since."""


class Edition(models.Model):
    """A state of the whole content that readers saw or see. Its number replaces cache clearing."""

    class Origin(models.TextChoices):
        FILES = "files", "files"  # import_content
        ADMIN = "admin", "admin"  # an editor

    number = models.PositiveIntegerField(unique=True)
    created = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL)
    note = models.CharField(max_length=300)
    origin = models.CharField(max_length=10, choices=Origin)

    objects = EditionManager()

    class Meta:
        ordering = ["-number"]

    def __str__(self) -> str:
        return f"Edition {self.number}"


class Revision(models.Model):
    """One text of a document, on its way from a draft to an edition.

    A document has at most one text that is open, that is, neither published nor put aside. Only an open
    text changes; what was published stays as it was.
    """

    class State(models.TextChoices):
        DRAFT = "draft", "draft"  # being written; readers do not see it
        IN_REVIEW = "in-review", "in review"
        CHANGES_ASKED = "changes-asked", "changes asked"  # back with the author, with comments
        APPROVED = "approved", "approved"  # may be published
        PUBLISHED = "published", "published"  # part of an edition
        WITHDRAWN = "withdrawn", "withdrawn"  # given up before it was published
        SUPERSEDED = "superseded", "superseded"  # gave way to a later text

    OPEN = (State.DRAFT, State.IN_REVIEW, State.CHANGES_ASKED, State.APPROVED)

    document = models.ForeignKey(Document, related_name="revisions", on_delete=models.CASCADE)
    text = models.TextField()
    removed = models.BooleanField(default=False)
    state = models.CharField(max_length=15, choices=State, default=State.DRAFT)
    author = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    # Everybody who wrote in it: none of them may approve it.
    writers = models.ManyToManyField(User, related_name="+")
    note = models.CharField("why", max_length=300)
    for_readers = models.CharField("what changed, for readers", max_length=300, blank=True)
    created = models.DateTimeField(auto_now_add=True)
    saved = models.DateTimeField(default=timezone.now)
    # Counts the saves of an open text: a window that started from another number is told.
    version = models.PositiveIntegerField(default=1)
    # The published text that it changes.
    started_from = models.ForeignKey("self", null=True, on_delete=models.SET_NULL, related_name="+")
    reviewer = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    reviewer_role = models.CharField(max_length=100, blank=True)
    reviewed = models.DateTimeField(null=True)
    edition = models.ForeignKey(Edition, null=True, on_delete=models.PROTECT, related_name="revisions")

    class Meta:
        ordering = ["-pk"]
        # Of a long history, the desk and every page ask for the few texts that are open or published.
        indexes = [
            models.Index(name="revision_state", fields=["state", "document"]),
            models.Index(name="revision_of_document", fields=["document", "state", "edition"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="published_has_an_edition",
                condition=Q(state="published", edition__isnull=False) | (~Q(state="published") & Q(edition__isnull=True)),
            ),
            models.UniqueConstraint(name="one_text_of_a_document_in_an_edition", fields=["document", "edition"]),
            models.UniqueConstraint(
                name="one_open_text_of_a_document",
                fields=["document"],
                condition=Q(state__in=["draft", "in-review", "changes-asked", "approved"]),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.document} ({self.get_state_display()})"

    @property
    def is_open(self) -> bool:
        """Whether it is still on its way."""
        return self.state in self.OPEN


def _revisions_of(number: int) -> models.QuerySet[Revision]:
    newest = (
        Revision.objects.filter(document=OuterRef("document"), state=Revision.State.PUBLISHED, edition__number__lte=number)
        .order_by("-edition__number")
        .values("pk")[:1]
    )
    return Revision.objects.filter(pk=Subquery(newest)).select_related("document").order_by("document__path")


def held(texts: Sequence[Revision]) -> list[Revision]:
    """Inside `writing`: these texts as they are now, in the order of their paths; nobody writes in them until the end.

    Whoever writes in a text locks its document first. Several are locked in one order, so that nobody waits in a ring.
    """
    list(Document.objects.select_for_update().filter(pk__in=[text.document_id for text in texts]).order_by("pk"))
    now = Revision.objects.filter(pk__in=[text.pk for text in texts]).select_related("document", "started_from", "reviewer")
    return list(now.order_by("document__path"))
