"""Which plan is open in this browser. The code lives in one sealed, HttpOnly, SameSite=Strict cookie."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from guide.cookies import SealedCookie
from guide.http import View, personal
from guide.plans import knocks, sealing
from guide.plans.models import NoSuchPlanError, OpenPlan, Plan

P = ParamSpec("P")
PlanView = Callable[Concatenate[HttpRequest, OpenPlan, P], HttpResponse]

WRONG_CODE = "No plan opens with this code. Check each letter, or ask whoever wrote it down. A plan that was deleted or has expired cannot be opened again."
TOO_MANY = "Too many codes that did not fit. Please wait ten minutes and try again."
PAUSE = 0.3  # seconds that a wrong code takes

# A view code that was opened here; on a shared computer a team may have forgotten it.
view_cookie = SealedCookie("view", path="/plan/team/", samesite="Strict")
_cookie = SealedCookie("plan", path="/plan/", samesite="Strict")


def open_plan(request: HttpRequest) -> OpenPlan | None:
    """The plan that is open in this browser, if there is one and it still exists."""
    code, _ = _held(request)
    try:
        return Plan.objects.open(code) if code else None
    except NoSuchPlanError:
        return None


def code_is_new(request: HttpRequest) -> bool:
    """Whether the plan got its code just now, and it has to be shown."""
    return _held(request)[1]


def _held(request: HttpRequest) -> tuple[str, bool]:
    value = _cookie.read(request)
    match value:
        case [str() as code, bool() as is_new]:
            return code, is_new
        case _:
            return "", False


def keep_open(request: HttpRequest, response: HttpResponse, plan: OpenPlan, *, code_is_new: bool = False) -> None:
    """Keep a plan open in this browser."""
    _cookie.write(request, response, [plan.code, code_is_new])


def close(response: HttpResponse) -> None:
    """Close the plan in this browser."""
    _cookie.clear(response)


def with_plan(view: PlanView[P]) -> View[P]:
    """Hand the open plan to a view. Without one: the door, the same for every kind of stranger."""

    @wraps(view)
    def wrapped(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        plan = open_plan(request)
        if plan is None:
            door = reverse("plans:door")
            return HttpResponseClientRedirect(door) if getattr(request, "htmx", None) else redirect(door)
        response = view(request, plan, *args, **kwargs)
        # Each use starts the twelve hours of the cookie anew, unless the view closed the plan.
        if _cookie.name not in response.cookies:
            keep_open(request, response, plan)
        return response

    return personal(wrapped)


def by_code(request: HttpRequest, typed: str) -> tuple[OpenPlan | None, str]:
    """The plan of a typed code, or what to say. Wrong, expired and deleted get one and the same answer, slowly.

    The right code always opens: one restless hand must not lock out a clinic that shares an address.
    """
    if not typed.strip():
        return None, "Type the code of your plan."
    try:
        return Plan.objects.open(sealing.read_code(typed)), ""
    except (sealing.WrongCodeError, NoSuchPlanError):
        return None, refused(request)


def refused(request: HttpRequest) -> str:
    """What to say to a code that opens nothing: slowly, and after too many only to wait."""
    if knocks.WRONG.too_many(request):
        return TOO_MANY
    knocks.WRONG.count(request)
    time.sleep(PAUSE)
    return WRONG_CODE


def about(plan: OpenPlan) -> dict[str, Any]:
    """What every page of an open plan shows."""
    return {"area": "plan", "plan": plan, "code": sealing.spell(plan.code), "expires": plan.expires}
