"""Editions that are planned: approved texts that go out together at a time.

Nothing needs to run for it: whoever asks for the newest edition publishes what is due
(`guide.library`), and `manage.py publish_due` does the same from a timer.
"""

from __future__ import annotations

import datetime
import logging
from collections.abc import Iterable

from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone

from guide.content.mistakes import ContentError
from guide.editing.audit import record
from guide.editing.models import Edition, Revision, held
from guide.storage import queue_for, writing

logger = logging.getLogger(__name__)


class ReleaseManager(models.Manager["Release"]):
    """Planned editions."""

    def due(self, now: datetime.datetime) -> models.QuerySet[Release]:
        """Those whose time has come."""
        return self.filter(state=Release.State.PLANNED, due__lte=now).order_by("due", "pk")


class Release(models.Model):
    """Texts to publish together at a time."""

    class State(models.TextChoices):
        PLANNED = "planned", "planned"
        PUBLISHED = "published", "published"
        CANCELLED = "cancelled", "cancelled"
        FAILED = "failed", "could not be published"

    due = models.DateTimeField()
    planned = models.DateTimeField(default=timezone.now)
    state = models.CharField(max_length=10, choices=State, default=State.PLANNED)
    texts = models.ManyToManyField(Revision, related_name="releases")
    by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    note = models.CharField(max_length=300)
    problem = models.TextField(blank=True)
    edition = models.OneToOneField(Edition, models.PROTECT, null=True)

    objects = ReleaseManager()

    class Meta:
        ordering = ("-due",)
        indexes = (models.Index(fields=("state", "due"), name="release_due"),)
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"Planned for {self.due:%Y-%m-%d %H:%M} UTC: {self.note}"


def publish_due() -> list[Release]:
    """Publish what is due, oldest first; those that came out of it, published or failed.

    Each is a step of its own: what was published stays so when the next one breaks, or the server.
    """
    due = list(Release.objects.due(timezone.now()).values_list("pk", flat=True))
    return [done for pk in due if (done := _publish(pk))]


def _publish(pk: int) -> Release | None:
    """None where another process was quicker, or somebody cancelled it."""
    with writing():
        queue_for(Release)
        queue_for(Edition)
        release = Release.objects.due(timezone.now()).filter(pk=pk).first()
        if release is None:
            return None
        texts = held(list(release.texts.all()))
        release.problem = obstacle(release, texts)
        if not release.problem:
            try:
                release.edition = Edition.objects.publish_texts(texts, by=release.by, note=release.note)
            except ContentError as error:
                release.problem = str(error)
        if release.edition:
            release.state = Release.State.PUBLISHED
            record(release.by, "published at its time", release.edition, _paths(texts))
        else:
            release.state = Release.State.FAILED
            record(None, "could not publish a planned edition", release, release.problem)
            logger.error("Planned edition %s could not be published; see the editors' desk.", release.pk)
        release.save()
    return release


def obstacle(release: Release, texts: Iterable[Revision]) -> str:
    """Why texts of a planned edition could not go out as they are now; empty where they could.

    Whoever planned it chose them as they were approved then; what was approved anew wants a new look.
    """
    texts = list(texts)
    missing = [text for text in texts if text.state != Revision.State.APPROVED]
    anew = [text for text in texts if text not in missing and text.reviewed and text.reviewed > release.planned]
    overtaken = [text for text in texts if text.document.published() != text.started_from]
    if missing:
        return f"No longer approved: {_paths(missing)}"
    if anew:
        return f"Changed and approved anew since it was planned; read it, and plan it again: {_paths(anew)}"
    if said := [text for text in texts if text.comments.filter(settled=None).exists()]:
        return f"Somebody commented after the approval; settle that first: {_paths(said)}"
    if overtaken:
        return f"Another text was published since these were begun; bring both together: {_paths(overtaken)}"
    return ""


def _paths(texts: Iterable[Revision]) -> str:
    return ", ".join(text.document.path for text in texts)
