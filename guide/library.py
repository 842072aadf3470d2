"""The guide that readers see now: read once for each edition and process.

It was checked when it was published. To check it again would take most of the start of a server, and most of its memory; and an edition
from before a check became stricter stays readable.
"""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, connection
from django.db import Error as DatabaseFailure
from django.http import HttpRequest

from guide.content.documents import Guide
from guide.content.whole import assembled
from guide.editing.models import Edition
from guide.editing.releases import publish_due

logger = logging.getLogger(__name__)


class NothingPublishedError(Exception):
    """There is no edition yet."""


@dataclass(frozen=True)
class Published:
    """An edition and its guide."""

    edition: int
    guide: Guide


_LOOK_EVERY = 0.5  # seconds
_looked = -_LOOK_EVERY
_looking = threading.Lock()
_loading = threading.Lock()
_newest: Published | None = None


def newest_edition() -> int:
    """The number of the newest edition; 0 before the first import. Publishes what was planned for now.

    One thread looks and publishes; the others go on meanwhile. Readers get their pages also where that fails.
    """
    global _looked
    if time.monotonic() - _looked >= _LOOK_EVERY and _looking.acquire(blocking=False):
        try:
            _looked = time.monotonic()
            publish_due()
        except DatabaseError:
            logger.exception("Planned editions could not be looked up or published.")
        finally:
            _looking.release()
    return Edition.objects.newest()


def published() -> Published:
    """The newest edition. While a process reads a new one, its readers still see the one before.

    Raises NothingPublishedError before the first import.
    """
    global _newest
    edition, before = newest_edition(), _newest
    if not edition:
        raise NothingPublishedError("No content yet: run `manage.py import_content`.")
    if before and before.edition == edition:
        return before
    if not _loading.acquire(blocking=before is None):
        return before  # type: ignore[return-value]  # not None, else it would have waited
    try:
        edition = Edition.objects.newest()  # whoever waited here may find a newer one read already
        if _newest is None or _newest.edition != edition:
            _newest = Published(edition, assembled(Edition.objects.texts(edition)))
        return _newest
    finally:
        _loading.release()


def at_hand() -> Published:
    """The newest edition; where the database does not answer, the one that this process read last.

    For pages that say that something failed. Raises what `published` does, where nothing was read yet.
    """
    try:
        return published()
    except DatabaseFailure:
        if _newest is None:
            raise
        return _newest


def read_ahead() -> None:
    """Read the guide before the first reader asks for it. What fails here is told to whoever asks."""
    try:
        published()
    except NothingPublishedError:
        pass
    except Exception:
        logger.exception("The guide could not be read when the server started.")
    finally:
        connection.close()


def current() -> Guide:
    """The guide of the newest edition. Raises NothingPublishedError before the first import."""
    return published().guide


def context(request: HttpRequest) -> dict[str, Any]:
    """What every template may use: `site` and `edition`."""
    try:
        now = at_hand()
    except (NothingPublishedError, DatabaseFailure):
        return {}
    return {"site": now.guide.site, "edition": now.edition}
