"""Mistakes as pages of the desk show them, each with the way to the text that it stands in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.contrib.auth.models import User
from django.urls import reverse

from guide.content.documents import documents
from guide.content.mistakes import Mistake
from guide.editing import drafts
from guide.editing.models import Document
from guide.editing.placing import Placed


def shown(found: Iterable[Placed], user: User) -> list[dict[str, Any]]:
    """Mistakes of one text: what to say, where (`line`, `field`), and for other texts their `path` and `url`."""
    found = tuple(found)
    ways = _ways({one.mistake.path for one in found if not one.here} | {other.path for one in found for other in one.others}, user)
    titles = {document.path: document.title for document in documents(drafts.current())} if any(one.others for one in found) else {}
    return [
        {
            "says": one.words,
            "line": one.line,
            "field": one.field,
            "here": one.here,
            "path": "" if one.here else one.mistake.path,
            "url": "" if one.here else ways.get(one.mistake.path, ""),
            "others": [
                {"title": titles.get(other.path, other.path), "url": ways.get(other.path, ""), "says": other.field.rpartition(": ")[0]}
                for other in one.others
            ],
        }
        for one in found
    ]


def linked(mistakes: Iterable[Mistake], user: User) -> list[dict[str, str]]:
    """Mistakes of the whole guide, each with file, field, remedy, and the address of its text."""
    found = tuple(mistakes)
    ways = _ways({mistake.path for mistake in found}, user)
    return [{"path": one.path, "field": one.field, "remedy": one.says, "url": ways.get(one.path, "")} for one in found]


def _ways(paths: Iterable[str], user: User) -> Mapping[str, str]:
    """To the editor for those who edit, to the history for others."""
    wanted = list(paths)
    known = Document.objects.filter(path__in=wanted).values_list("path", "pk") if wanted else ()
    name = "admin:edit" if user.has_perm("guide.change_document") else "admin:history"
    return {path: reverse(name, args=[pk]) for path, pk in known}
