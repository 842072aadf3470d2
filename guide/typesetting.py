"""Pages and files that need the typesetter, which works for one reader at a time."""

from __future__ import annotations

import secrets
from functools import wraps
from typing import ParamSpec

from django.http import HttpRequest, HttpResponse

from guide import pdf
from guide.http import View, page

P = ParamSpec("P")

_SOONEST, _LATEST = 3, 7  # seconds; chance keeps those who were sent away together from coming back together


def typesetting(view: View[P]) -> View[P]:
    """Give a view the typesetter to itself. Where others have it, the reader gets a page that comes back by itself."""

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            with pdf.turn():
                return view(request, *args, **kwargs)
        except pdf.BusyError:
            return _busy(request)

    return wrapped


def _busy(request: HttpRequest) -> HttpResponse:
    """Come back in some seconds, which browsers do without any script."""
    area = "wizard" if request.resolver_match and request.resolver_match.namespace == "wizard" else "plan"
    response = page(request, "busy.html", {"area": area}, status=503)
    response["Retry-After"] = response["Refresh"] = str(_SOONEST + secrets.randbelow(_LATEST - _SOONEST + 1))
    return response
