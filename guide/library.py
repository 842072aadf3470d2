"""The guide that readers see now: read once for each edition and process."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import HttpRequest

from guide.content.documents import Guide
from guide.content.whole import load
from guide.editing.models import Edition


class NothingPublishedError(Exception):
    """There is no edition yet."""


@dataclass(frozen=True)
class Published:
    """An edition and its guide."""

    edition: int
    guide: Guide


_loading = threading.Lock()


@lru_cache(maxsize=2)
def _read(edition: int) -> Published:
    return Published(edition, load(Edition.objects.texts(edition)))


def newest_edition() -> int:
    """The number of the newest edition; 0 before the first import."""
    return Edition.objects.newest()


def published() -> Published:
    """The newest edition. Raises NothingPublishedError before the first import."""
    edition = newest_edition()
    if not edition:
        raise NothingPublishedError("No content yet: run `manage.py import_content`.")
    with _loading:  # the threads of a process wait for one reading instead of all doing it
        return _read(edition)


def current() -> Guide:
    """The guide of the newest edition. Raises NothingPublishedError before the first import."""
    return published().guide


def previewed(path: str, text: str) -> Guide:
    """The guide as it would be with another text of one document. Raises ContentError."""
    return Edition.objects.with_changes(newest_edition(), {path: text})


def context(request: HttpRequest) -> dict[str, Any]:
    """What every template may use: `site` and `edition`."""
    if request.path.startswith("/admin/"):
        return {}
    now = published()
    return {"site": now.guide.site, "edition": now.edition}
