"""Wrong codes: answered slowly, and not too many from one address.

A code has 100 random bits, so guessing is hopeless anyway; this keeps guessers from wearing out the
server. Counted in each process's memory, by a keyed mark of the address, for ten minutes.
"""

from __future__ import annotations

import time

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

_MOST = 20  # wrong codes; a clinic behind one address gets by with that
_SECONDS = 600
_PAUSE = 0.3  # seconds


def too_many(request: HttpRequest) -> bool:
    """Whether this address had too many wrong codes."""
    return int(cache.get(_key(request), 0)) >= _MOST


def wrong(request: HttpRequest) -> None:
    """Count a wrong code, and take a little time over it."""
    key = _key(request)
    # A counter that was dropped in between starts anew.
    if cache.add(key, 1, _SECONDS) is False:
        cache.set(key, int(cache.get(key, 0)) + 1, _SECONDS)
    time.sleep(_PAUSE)


def _key(request: HttpRequest) -> str:
    address = request.META.get("REMOTE_ADDR", "")
    if settings.TRUST_PROXY:
        address = request.headers.get("X-Forwarded-For", address).rsplit(",", 1)[-1].strip()
    return "knock-" + salted_hmac("guide.plans.knocks", address).hexdigest()
