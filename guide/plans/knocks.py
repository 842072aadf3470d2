"""Not too much from one address: wrong codes, and new plans.

A code has 100 random bits, so guessing is hopeless anyway; this keeps guessers and fillers from
wearing out the server. Counted for all processes together, by a keyed mark of the address.
"""

from __future__ import annotations

import time
from dataclasses import dataclass

from django.core.cache import caches
from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from guide.addresses import network_of

_SECONDS = 600


@dataclass(frozen=True)
class Quota:
    """At most so many in ten minutes from one connection; a clinic behind one address gets by with that.

    With the number stands when its ten minutes end: a database cache does not keep that when it counts one more.
    """

    name: str
    most: int

    def too_many(self, request: HttpRequest) -> bool:
        """Whether this address has used it up."""
        number, _ = caches["shared"].get(self._key(request), (0, 0.0))
        return int(number) >= self.most

    def count(self, request: HttpRequest) -> None:
        """Count one more."""
        key, cache, now = self._key(request), caches["shared"], time.time()
        number, ends = cache.get(key, (0, now + _SECONDS))
        cache.set(key, (number + 1, ends), ends - now)

    def _key(self, request: HttpRequest) -> str:
        return f"{self.name}-{salted_hmac('guide.plans.knocks', network_of(request) or '').hexdigest()}"


WRONG = Quota("wrong-codes", 20)
STARTED = Quota("new-plans", 60)
