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


class NothingPublished(Exception):
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


def published() -> Published:
    """The newest edition. Raises NothingPublished before the first import."""
    edition = Edition.objects.newest()
    if not edition:
        raise NothingPublished("No content yet: run `manage.py import_content`.")
    with _loading:  # the threads of a process wait for one reading instead of all doing it
        return _read(edition)


def current() -> Guide:
    """The guide of the newest edition. Raises NothingPublished before the first import."""
    return published().guide


def context(request: HttpRequest) -> dict[str, Any]:
    """What every template may use: `site` and `edition`."""
    if request.path.startswith("/admin/"):
        return {}
    now = published()
    return {"site": now.guide.site, "edition": now.edition}
