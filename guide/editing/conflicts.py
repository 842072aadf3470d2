"""Documents that both the files and an editor changed, until somebody settles them in the admin."""

from __future__ import annotations

from django.contrib.auth.models import User
from django.db import models

from guide.editing.models import Document


class Conflict(models.Model):
    """What the files said at the last import (`base`), what they say now (`file`), and the editors' text then (`edit`).

    None: the document is not there.
    """

    document = models.ForeignKey(Document, models.CASCADE, related_name="conflicts")
    base = models.TextField(null=True)  # noqa: DJ001  # None is not the empty text: the file was not there
    file = models.TextField(null=True)  # noqa: DJ001
    edit = models.TextField(null=True)  # noqa: DJ001
    created = models.DateTimeField(auto_now_add=True)
    settled = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    how = models.CharField(max_length=20, blank=True)

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=("document",), condition=models.Q(settled__isnull=True), name="one_open_conflict_a_document"),
        )

    def __str__(self) -> str:
        return f"{self.document}: changed in the files and by an editor"
