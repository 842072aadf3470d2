"""Where a request comes from."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The visitor's network address; empty where the server was not told.

    Behind a proxy that is the last entry of X-Forwarded-For, which the proxy wrote itself: the entries
    before it are what the visitor claims.
    """
    address: str = request.META.get("REMOTE_ADDR", "")
    if settings.TRUST_PROXY:
        return request.headers.get("X-Forwarded-For", address).rsplit(",", 1)[-1].strip()
    return address
