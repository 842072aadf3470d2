"""Who did what, and when. Entries are only ever added; the database itself refuses to change or delete one."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.db import models


class AuditEntry(models.Model):
    """Something that a member of staff did. The name is kept as it was then."""

    at = models.DateTimeField(auto_now_add=True, db_index=True)
    by = models.ForeignKey(User, null=True, on_delete=models.DO_NOTHING, db_constraint=False, related_name="+")
    name = models.CharField(max_length=150)
    action = models.CharField(max_length=50)
    about = models.CharField(max_length=200)
    detail = models.TextField(blank=True)

    class Meta:
        ordering = ("-pk",)
        verbose_name_plural = "audit log"
        default_permissions = ("view",)

    def __str__(self) -> str:
        return f"{self.name}: {self.action} {self.about}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Add it; there is no second save."""
        super().save(force_insert=True)


def record(by: User | None, action: str, about: object, detail: str = "", *, name: str = "command") -> None:
    """Add an entry. `by` None: nobody who is signed in; `name` says who then, a command or a stranger."""
    if by:
        # Both: whoever may change accounts can give themselves another's name.
        name = f"{by.get_full_name()} ({by.get_username()})" if by.get_full_name() else by.get_username()
    AuditEntry.objects.create(by=by, name=name[:150], action=action, about=str(about)[:200], detail=detail)
