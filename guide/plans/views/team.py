"""The care team reads a plan: the owner gives a view code, the team opens it, and nothing can be changed with it."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guide.failing import gives_back, why
from guide.http import file, page, personal
from guide.library import current, published
from guide.plans import door as doors
from guide.plans import qr, sealing
from guide.plans.door import about, with_plan
from guide.plans.models import NoSuchPlanError, OpenPlan
from guide.plans.sharing import Shared, TooManyError, ViewCode
from guide.plans.sheet import Imprint, Wish, typeset
from guide.plans.summary import boxes
from guide.plans.views.exports import fhir_file
from guide.plans.views.handing_over import FILE
from guide.typesetting import typesetting

LASTS = {"day": 1, "week": 7, "month": 31}  # days
FULL = "This plan has as many view codes as it may have. Withdraw one that is not needed any more."


# The owner's side


@with_plan
@require_http_methods(["GET", "HEAD", "POST"])
def sharing(request: HttpRequest, plan: OpenPlan) -> HttpResponse:
    """Give a view code, see when each was opened."""
    error = ""
    if request.method == "POST":
        days = LASTS.get(request.POST.get("lasts", ""), LASTS["week"])
        try:
            ViewCode.objects.give(plan, datetime.timedelta(days=days))
            return redirect("plans:sharing")
        except TooManyError:
            error = FULL
    address = request.build_absolute_uri(reverse("plans:team"))
    given = [(one, sealing.spell(one.code), qr.svg(address, sealing.spell(one.code))) for one in ViewCode.objects.given(plan)]
    context = {**about(plan), "given": given, "error": error, "address": address}
    return page(request, "plans/sharing.html", context, status=422 if error else 200)


@with_plan
@require_POST
def withdraw(request: HttpRequest, plan: OpenPlan, id: int) -> HttpResponse:
    """From now on this view code opens nothing."""
    ViewCode.objects.withdraw(plan, id)
    return redirect("plans:sharing")


# The team's side


@personal
@require_safe
def team(request: HttpRequest) -> HttpResponse:
    """Where the team types or scans a view code."""
    return redirect("plans:team-plan") if _shared(request) else page(request, "plans/team_door.html", {"area": "plan"})


def code_back(request: HttpRequest, status: int) -> HttpResponse:
    """A view code that could not be tried stands in its field again."""
    context = {"area": "plan", "typed": request.POST.get("code", ""), "error": why(status)}
    return page(request, "plans/team_door.html", context, status=status)


@personal
@gives_back(code_back)
@require_POST
def team_open(request: HttpRequest) -> HttpResponse:
    """Open a plan to read, and let its owner see that it was."""
    typed = request.POST.get("code", "")
    try:
        shared = ViewCode.objects.open(sealing.read_code(typed), count=True)
    except (sealing.WrongCodeError, NoSuchPlanError):
        error = doors.refused(request) if typed.strip() else "Type the view code."
        status = 429 if error == doors.TOO_MANY else 422
        return page(request, "plans/team_door.html", {"area": "plan", "typed": typed, "error": error}, status=status)
    response = redirect("plans:team-plan")
    doors.view_cookie.write(request, response, shared.code)
    return response


def _reading(view: Callable[[HttpRequest, Shared], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Hand the plan that is open to read to a view; without one, ask for a view code."""

    @wraps(view)
    def wrapped(request: HttpRequest) -> HttpResponse:
        shared = _shared(request)
        return redirect("plans:team") if shared is None else view(request, shared)

    return personal(require_safe(wrapped))


@_reading
def team_plan(request: HttpRequest, shared: Shared) -> HttpResponse:
    """The whole plan, to read."""
    context = {"area": "plan", "shared": shared, "boxes": boxes(current(), shared.state.contents)}
    return page(request, "plans/team_plan.html", context)


@_reading
@typesetting
def team_pdf(request: HttpRequest, shared: Shared) -> HttpResponse:
    """The plan on paper, without any code."""
    wish, newest = replace(Wish.of(request.GET), code=False), published()
    saved = shared.state.saved
    imprint = Imprint(timezone.now().date(), saved.date() if saved else None, shared.kept_until, newest.edition, "", "")
    made = typeset(newest.guide, shared.state.contents, wish, imprint)
    return file(made, "application/pdf", FILE)


@_reading
def team_fhir(request: HttpRequest, shared: Shared) -> HttpResponse:
    """The plan for the hospital's computer."""
    return fhir_file(request, shared.state.contents) or redirect("plans:team-plan")


@personal
@require_POST
def team_close(request: HttpRequest) -> HttpResponse:
    """Close it in this browser."""
    response = redirect("plans:team")
    doors.view_cookie.clear(response)
    return response


def _shared(request: HttpRequest) -> Shared | None:
    """The plan that is open to read in this browser; asked for anew each time, so that withdrawing works at once."""
    code = doors.view_cookie.read(request)
    try:
        return ViewCode.objects.open(code, count=False) if isinstance(code, str) else None
    except NoSuchPlanError:
        return None
