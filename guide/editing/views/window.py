"""What a window of the editor holds: it comes from a form, and is saved as the open text."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

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
