"""Start a plan, open it by its code, close it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import resolve
from django.views.decorators.http import require_POST, require_safe

from guide.answers import forget, held
from guide.content.answers import known
from guide.content.weighing import weigh
from guide.failing import gives_back, why
from guide.http import page, personal
from guide.library import current
from guide.plans import door as doors
from guide.plans import knocks
from guide.plans.models import Plan
from guide.plans.prefill import prefill
from guide.plans.values import Contents

TOO_MANY_PLANS = "Too many new plans from your address. Please wait ten minutes and try again."


@personal
@require_safe
def door(request: HttpRequest) -> HttpResponse:
    """Start a plan, or open one by its code."""
    if doors.open_plan(request):
        return redirect("plans:overview")
    return page(request, "plans/door.html", _door(request))


@personal
@require_POST
def start(request: HttpRequest) -> HttpResponse:
    """A new plan: blank, or from the wizard's answers, with open questions or with those ticked in the results."""
    if knocks.STARTED.too_many(request):
        return page(request, "plans/door.html", {**_door(request), "error": TOO_MANY_PLANS}, status=429)
    knocks.STARTED.count(request)
    guide = current()
    contents = Contents()
    if request.POST.get("from") in ("answers", "results"):
        said = held(request, guide.questions)
        found = weigh(guide, known(said, guide.questions))
        ticked = set(request.POST.getlist("question"))
        to_ask = found.gaps() if request.POST["from"] == "answers" else [ask for ask in found.to_ask() if ask in ticked]
        contents = prefill(guide, said, to_ask)
    plan = Plan.objects.start(contents)
    response = redirect("plans:code")
    doors.keep_open(request, response, plan, code_is_new=True)
    return response


def code_back(request: HttpRequest, status: int) -> HttpResponse:
    """A code that could not be tried stands in its field again, as a wrong one does: it is long to type."""
    return page(request, "plans/door.html", {**_door(request), "typed": request.POST.get("code", ""), "error": why(status)}, status=status)


@personal
@gives_back(code_back)
@require_POST
def reopen(request: HttpRequest) -> HttpResponse:
    """Open a plan by its code. Wrong, expired and deleted get one and the same answer, slowly."""
    typed = request.POST.get("code", "")
    plan, error = doors.by_code(request, typed)
    if plan is None:
        status = 429 if error == doors.TOO_MANY else 422
        return page(request, "plans/door.html", {**_door(request), "typed": typed, "error": error}, status=status)
    response = redirect("plans:overview")
    doors.keep_open(request, response, plan)
    return response


@personal
def astray(request: HttpRequest, typed: str = "") -> HttpResponse:
    """An address that no page has. Maybe it is a code, which shall be in no log and no later address: to the door that asks for it."""
    if not request.path.endswith("/") and resolve(f"{request.path_info}/").func is not astray:
        return redirect(request.get_full_path(force_append_slash=True))  # only the stroke at the end was missing
    return redirect("plans:team" if typed.startswith("team/") else "plans:door")


@personal
@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """Close the plan in this browser. It stays where it is, under its code."""
    response = redirect("plans:door")
    doors.close(response)
    forget(response)  # whoever sits down next shall find nothing
    return response


@personal
@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Leave quickly: close everything, and go where nothing tells of illness."""
    response = page(request, "plans/leave.html", {})
    response["Clear-Site-Data"] = '"cache"'
    doors.close(response)
    doors.view_cookie.clear(response)
    forget(response)
    return response


def _door(request: HttpRequest) -> dict[str, Any]:
    return {"area": "plan", "has_answers": bool(held(request, current().questions))}
