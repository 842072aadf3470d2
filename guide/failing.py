"""What is answered when something fails, and how what was typed comes back.

Django's own handlers read the posted form once more (`requires_csrf_token`): where the form itself is what
cannot be read, they fail too, and nothing but a blank answer is left. These read nothing, unless a view says how.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import BadRequest, RequestDataTooBig, SuspiciousOperation
from django.db import Error as DatabaseFailure
from django.http import HttpRequest, HttpResponse, QueryDict
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import Resolver404, resolve

logger = logging.getLogger(__name__)

View = TypeVar("View", bound=Callable[..., HttpResponse])
Answer = Callable[..., HttpResponse]

MOST_SHOWN = 4_000_000  # bytes of a form that is too long to be taken
TOKEN_HEADER = "New-Token"  # noqa: S105  # the name of a header, for our scripts
TOO_LONG = "This is far longer than what goes here. Make it shorter, then press the button again."
NO_TOKEN = "A small cookie that this page needs was missing. It’s back now. Please press the button again."  # noqa: S105
NO_LUCK = "Our server couldn’t do this just now. Please wait a minute, then press the button again."


def gives_back(answer: Answer) -> Callable[[View], View]:
    """Mark a view whose form people type into.

    Where a form that a page of ours sent fails there, `answer(request, status, **parts of the address)` is shown: it
    carries what was typed, with a new token. `status`: 400 (too long, will never be taken), 403 (no token), 503
    (nothing can be stored or read now) or 500.
    """

    def mark(view: View) -> View:
        view.gives_back = answer  # type: ignore[attr-defined]  # decorators around it copy this too (`functools.wraps`)
        return view

    return mark


def why(status: int) -> str:
    """What to say to somebody whose form failed, and what to do."""
    return {400: TOO_LONG, 403: NO_TOKEN}.get(status, NO_LUCK)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """What was sent cannot be read, or is longer than anything that is stored here: then it is shown again, to be copied."""
    too_long = isinstance(exception, RequestDataTooBig) and _read_anyway(request)
    return (_given_back(request, 400) if too_long else None) or HttpResponse(render_to_string("400.html"), status=400)


def no_page(request: HttpRequest, exception: Exception) -> HttpResponse:
    """There is no such page."""
    return TemplateResponse(request, "404.html", status=404)


def server_error(request: HttpRequest) -> HttpResponse:
    """We failed. Called while the exception is handled; Django has the log tell of it."""
    status = 503 if isinstance(sys.exc_info()[1], DatabaseFailure | OSError) else 500
    return _given_back(request, status) or HttpResponse(render_to_string("500.html"), status=status)


def no_token(request: HttpRequest, **told: str) -> HttpResponse:
    """A form came without the right token. Our scripts get a new one and try again by themselves."""
    response = _given_back(request, 403) or TemplateResponse(request, "403_csrf.html", status=403)
    if came_from_here(request):
        response[TOKEN_HEADER] = get_token(request)
    return _private(response)


def came_from_here(request: HttpRequest) -> bool:
    """Whether a page of this very site sent it, as the browser says, whatever its token.

    Else another site could have us show its text beside a button that saves it. Browsers tell of it (W3C Fetch
    Metadata; older ones by Origin, RFC 6454), and let no other site send htmx's header without asking us (Fetch
    standard, CORS-preflight), which we never allow.
    """
    if "HX-Request" in request.headers:
        return True
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site == "same-origin"
    return request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"


def _read_anyway(request: HttpRequest) -> bool:
    """Read a form that is too long to be taken; whether it is one, and short enough to be shown."""
    length = request.META.get("CONTENT_LENGTH", "")
    if request.content_type != "application/x-www-form-urlencoded" or not length.isdecimal() or int(length) > MOST_SHOWN:
        return False
    try:
        request.POST = QueryDict(request.read(), encoding="utf-8")  # as Django would have
    except (BadRequest, SuspiciousOperation, OSError):
        return False
    return True


def _given_back(request: HttpRequest, status: int) -> HttpResponse | None:
    """The answer of the view that failed, or None: then only a page that is true for all is left."""
    if request.method != "POST":
        return None
    try:
        match = resolve(request.path_info)
        answer: Answer | None = getattr(match.func, "gives_back", None)
        # The first is set once the token was right.
        if answer is None or not (getattr(request, "csrf_processing_done", False) or came_from_here(request)):
            return None
        response: Any = answer(request, status, **match.kwargs)
        return _private(response.render() if isinstance(response, TemplateResponse) else response)
    except Resolver404:
        return None
    except Exception as error:  # noqa: BLE001  # the page that is true for all is left
        # Its words could hold what was typed.
        logger.error("What was typed could not be given back: %s", type(error).__name__)
        return None


def _private(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "no-store, private"
    response["Referrer-Policy"] = "no-referrer"
    return response
