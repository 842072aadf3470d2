"""What every view shares: whole page or part of it, public or personal."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.template.response import TemplateResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import never_cache
from django_htmx.middleware import HtmxDetails

from guide.library import published

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponse]

EDITION_HEADER = "X-Guide-Edition"


class Request(HttpRequest):
    """A request as HtmxMiddleware leaves it."""

    htmx: HtmxDetails


class CsrfMiddleware(CsrfViewMiddleware):
    """Django's check, for pages that send no referrer.

    Under `Referrer-Policy: no-referrer` browsers send `Origin: null` with a form, also to the site
    that the form came from (Fetch standard, "append a request Origin header"). Such a request has to
    prove itself by its token alone, which lives in a SameSite=Strict cookie.
    """

    def _origin_verified(self, request: HttpRequest) -> bool:
        if request.META.get("HTTP_ORIGIN") == "null":
            return request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
        return bool(super()._origin_verified(request))  # type: ignore[misc]  # not in the stubs


def page(request: HttpRequest, template: str, context: dict[str, Any], *, part: str = "", status: int = 200) -> TemplateResponse:
    """The whole page, or only the part that htmx asked for. One context for both, so they cannot drift."""
    htmx: HtmxDetails | None = getattr(request, "htmx", None)
    swap = part and htmx and not htmx.history_restore_request
    response = TemplateResponse(request, f"{template}#{part}" if swap else template, context, status=status)
    if part:
        patch_vary_headers(response, ["HX-Request"])
    return response


def file(content: bytes, content_type: str, name: str, *, attachment: bool = False) -> HttpResponse:
    """A file of its own, to look at or to keep. `name` tells nothing of who or what."""
    disposition = "attachment" if attachment else "inline"
    return HttpResponse(content, content_type=content_type, headers={"Content-Disposition": f'{disposition}; filename="{name}"'})


def public(view: View[P]) -> View[P]:
    """The same bytes for everyone: may be kept in memory, by a CDN and by browsers, and sets no cookie."""

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        edition = published().edition  # before the view, which may take a newer one: a page is never kept as newer than it is
        response = view(request, *args, **kwargs)
        response[EDITION_HEADER] = str(edition)
        # Kept, but asked for again each time, which costs a few bytes: a mistake that was mended is gone at once.
        response["Cache-Control"] = "public, no-cache"
        return response

    return wrapped


def personal(view: View[P]) -> View[P]:
    """Concerns one reader: kept nowhere, told to nobody."""

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = never_cache(view)(request, *args, **kwargs)
        response["Cache-Control"] = "no-store, private"
        response["Referrer-Policy"] = "no-referrer"
        return response

    return wrapped
