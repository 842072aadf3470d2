"""What a window of the editor holds: it comes from a form, and is saved as the open text."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.utils import timezone

from guide.editing import workflow
from guide.editing.forms import text_of
from guide.editing.models import Document, Revision
from guide.editing.typed import number_of, one_line

_EDIT = "guide.change_document"


@dataclass(frozen=True)
class Window:
    """What somebody sees and types. `version`: of the open text, 0 for none; `base`: the published text, 0 for none."""

    document: Document
    text: str
    version: int
    base: int
    note: str = ""
    for_readers: str = ""
    raw: bool = False

    @property
    def path(self) -> str:
        """Of the document."""
        return self.document.path


def typed_window(request: HttpRequest, document: Document) -> Window:
    """The window that a form comes from."""
    posted = request.POST
    return Window(
        document,
        text_of(document.path, posted),
        number_of(posted.get("version", "")),
        number_of(posted.get("base", "")),
        one_line(posted.get("note", ""), 300),
        one_line(posted.get("for_readers", ""), 300),
        "body" not in posted,
    )


def editor_of(request: HttpRequest) -> User:
    """Whoever may write. Raises PermissionDenied for all others."""
    if not isinstance(request.user, User) or not request.user.has_perm(_EDIT):
        raise PermissionDenied
    return request.user


def save_window(user: User, window: Window, *, force: bool = False) -> Revision:
    """Save what it holds as the open text. Raises NewerTextError, and NotAllowedError."""
    return workflow.save_draft(
        window.document,
        window.text,
        by=user,
        version=window.version,
        base=window.base,
        note=window.note,
        for_readers=window.for_readers,
        force=force,
    )


def who_and_when(newer: Revision, reader: User) -> str:
    """What made a text newer than the one in the reader's window, in one sentence without its full stop."""
    if newer.state == Revision.State.APPROVED and newer.reviewer and newer.reviewed:
        return f"{_name(newer.reviewer)} approved this document at {_at(newer.reviewed)}"
    if newer.state == Revision.State.PUBLISHED and newer.author and newer.edition:
        return f"This document was published at {_at(newer.edition.created)}, in edition {newer.edition.number}"
    elsewhere = ", in another window" if newer.author == reader else ""
    who = "You" if newer.author == reader else _name(newer.author) if newer.author else "An import"
    return f"{who} saved this document at {_at(newer.saved)}{elsewhere}" + (f": “{newer.note}”" if newer.note else "")


def _name(user: User) -> str:
    return user.get_full_name() or user.get_username()


def _at(moment: datetime.datetime) -> str:
    return f"{timezone.localtime(moment):%H:%M}"
