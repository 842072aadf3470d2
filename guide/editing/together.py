"""Several people at one document: who is there, and what they say to each other about a text."""

from __future__ import annotations

import datetime

from django.contrib.auth.models import User
from django.db import models
from django.utils import timezone

from guide.editing.models import Document, Revision

_STAYS = datetime.timedelta(minutes=2)


class PresenceManager(models.Manager["Presence"]):
    """Who has a document open."""

    def note(self, document: Document, user: User) -> list[User]:
        """This user has it open now; the others who have."""
        if not self.filter(document=document, user=user).update(seen=timezone.now()):
            self.get_or_create(document=document, user=user)
        others = self.filter(document=document, seen__gte=timezone.now() - _STAYS).exclude(user=user).select_related("user")
        return [presence.user for presence in others]


class Presence(models.Model):
    """Somebody has a document open in the editor."""

    document = models.ForeignKey(Document, models.CASCADE, related_name="+")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    seen = models.DateTimeField(default=timezone.now)

    objects = PresenceManager()

    class Meta:
        default_permissions = ()
        constraints = (models.UniqueConstraint(fields=("document", "user"), name="one_presence_each"),)

    def __str__(self) -> str:
        return f"{self.user} at {self.document}"


class Comment(models.Model):
    """What a reviewer says about a passage of a text. `quote` is empty where it is about all of it.

    `block`: the id of the block in which the passage stood when this was said; empty where it stood in none.
    """

    revision = models.ForeignKey(Revision, models.CASCADE, related_name="comments")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    quote = models.TextField(blank=True)
    block = models.CharField(max_length=120, blank=True)
    text = models.TextField()
    created = models.DateTimeField(auto_now_add=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    settled = models.DateTimeField(null=True)

    class Meta:
        ordering = ("pk",)
        default_permissions = ()

    def __str__(self) -> str:
        return f"{self.author} about {self.revision}"
