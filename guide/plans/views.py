"""The treatment plan: start it, fill it over weeks, come back with its code, print it, delete it."""

from __future__ import annotations

import datetime
import json
import re
import time
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guide.answers import forget, held
from guide.content.answers import known
from guide.content.documents import Guide, PlanField, PlanGroup
from guide.content.weighing import weigh
from guide.http import page, personal
from guide.library import current
from guide.plans import door as doors
from guide.plans import knocks, sealing
from guide.plans.door import with_plan
from guide.plans.forms import entries
from guide.plans.models import NoSuchPlanError, OpenPlan, Plan
from guide.plans.paper import lay_out
from guide.plans.prefill import prefill
from guide.plans.summary import boxes, filled
from guide.plans.values import Contents, fingerprints, from_form, merge, settle

WRONG_CODE = "No plan opens with this code. Check each letter, or ask whoever wrote it down. A plan that was deleted or has expired cannot be opened again."
TOO_MANY_PLANS = "Too many new plans from your address. Please wait ten minutes and try again."
PAUSE = 0.3  # seconds that a wrong code takes
TOO_MANY = "Too many codes that did not fit. Please wait ten minutes and try again."


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
    doors.keep_open(request, response, plan)
    return response


@personal
@require_POST
def reopen(request: HttpRequest) -> HttpResponse:
    """Open a plan by its code. Wrong, expired and deleted get one and the same answer, slowly."""
    typed = request.POST.get("code", "")
    plan, error = _by_code(request, typed)
    if plan is None:
        status = 429 if error == TOO_MANY else 422
        return page(request, "plans/door.html", {**_door(request), "typed": typed, "error": error}, status=status)
    response = redirect("plans:overview")
    doors.keep_open(request, response, plan)
    return response


@personal
@require_POST
def close(request: HttpRequest) -> HttpResponse:
    """Close the plan in this browser. It stays where it is, under its code."""
    response = redirect("plans:door")
    doors.close(response)
    forget(response)  # whoever sits down next shall find nothing
    return response


@with_plan
@require_safe
def overview(request: HttpRequest, plan: OpenPlan) -> HttpResponse:
    """All groups, and what has something in it."""
    groups = [(group, filled(group, plan.contents), len(group.fields)) for group in current().plan]
    return page(request, "plans/overview.html", {**_about(plan), "groups": groups})


@with_plan
@require_safe
def code(request: HttpRequest, plan: OpenPlan) -> HttpResponse:
    """The plan's code, to write down."""
    return page(request, "plans/code.html", _about(plan))


@personal
@require_http_methods(["GET", "HEAD", "POST"])
def group(request: HttpRequest, slug: str) -> HttpResponse:
    """One group of the form: drawn, saved by its button, and saved by itself while typing."""
    guide = current()
    try:
        this = guide.group(slug)
    except KeyError:
        return redirect("plans:overview")
    plan = doors.open_plan(request)
    if request.method != "POST":
        return redirect("plans:door") if plan is None else _kept_open(request, plan, _form(request, guide, this, plan))
    if plan is None:
        plan, problem = _by_code(request, request.POST.get("code", ""))
        if plan is None:
            return _locked(request, this, problem)
    try:
        clashes = _save(request, this, plan)
    except NoSuchPlanError:
        return _locked(request, this, WRONG_CODE)
    if getattr(request, "htmx", None):
        return _kept_open(request, plan, page(request, "plans/group.html", _saved(this, plan, clashes), part="saved"))
    return _kept_open(request, plan, redirect(_after(request, guide, this)))


@with_plan
@require_safe
def paper(request: HttpRequest, plan: OpenPlan) -> HttpResponse:
    """The plan on two sides of paper."""
    found = boxes(current(), plan.contents)
    context = {**_about(plan), "sides": [lay_out(found, 1), lay_out(found, 2)], "today": _today()}
    return page(request, "plans/print.html", context)


@with_plan
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, plan: OpenPlan) -> HttpResponse:
    """Ask once, then delete for good."""
    if request.method != "POST":
        return page(request, "plans/delete.html", _about(plan))
    plan.delete()
    response = redirect("plans:door")
    doors.close(response)
    forget(response)  # whoever sits down next shall find nothing
    return response


def _by_code(request: HttpRequest, typed: str) -> tuple[OpenPlan | None, str]:
    """The plan of a typed code, or what to say."""
    if not typed.strip():
        return None, "Type the code of your plan."
    if knocks.WRONG.too_many(request):
        return None, TOO_MANY
    try:
        return Plan.objects.open(sealing.read_code(typed)), ""
    except (sealing.WrongCodeError, NoSuchPlanError):
        knocks.WRONG.count(request)
        time.sleep(PAUSE)
        return None, WRONG_CODE


def _save(request: HttpRequest, this: PlanGroup, plan: OpenPlan) -> list[PlanField]:
    """Bring the posted form into the plan. The fields that another window changed too."""
    # The button beside a row sends `remove=field-number`: the row is left out, as if it were empty.
    removed = f"{request.POST.get('remove', '')}-"
    names = frozenset(name for name in request.POST if not name.startswith(removed))
    posted = from_form(this, request.POST.getlist, names)
    base = _base(request)
    clashes: list[PlanField] = []

    def change(contents: Contents) -> Contents:
        merged, found = merge(contents, this, posted, base)
        clashes[:] = found
        return _settled(merged, this, request.POST.get("settle", ""))

    plan.save(change)
    return clashes


def _base(request: HttpRequest) -> dict[str, str]:
    try:
        base = json.loads(request.POST.get("base", "{}"))
    except (ValueError, RecursionError):
        return {}
    return {str(key): str(value) for key, value in base.items()} if isinstance(base, dict) else {}


def _settled(contents: Contents, this: PlanGroup, order: str) -> Contents:
    """`order` is `use-field-number` or `drop-field-number`, from the buttons beside a kept text."""
    verb, _, rest = order.partition("-")
    key, _, number = rest.rpartition("-")
    field = next((field for field in this.fields if field.key == key), None)
    if field is None or not re.fullmatch(r"[0-9]{1,4}", number) or verb not in ("use", "drop"):
        return contents
    return settle(contents, this, field, int(number), use=verb == "use")


def _after(request: HttpRequest, guide: Guide, this: PlanGroup) -> str:
    """Where a saved form leads."""
    here = reverse("plans:group", args=[this.slug])
    adding = request.POST.get("add", "")
    if any(field.key == adding for field in this.fields):
        return f"{here}?add={adding}#{adding}"
    if request.POST.get("remove") or request.POST.get("settle"):
        return here
    if "next" in request.POST:
        place = guide.plan.index(this)
        return reverse("plans:group", args=[guide.plan[place + 1].slug]) if place + 1 < len(guide.plan) else reverse("plans:overview")
    return f"{here}?saved=1"


def _form(request: HttpRequest, guide: Guide, this: PlanGroup, plan: OpenPlan) -> HttpResponse:
    place = guide.plan.index(this)
    context = {
        **_about(plan),
        **_saved(this, plan, []),
        "saved": "saved" in request.GET,
        "entries": entries(this, plan.contents, _today(), request.GET.get("add", "")),
        "before": guide.plan[place - 1] if place else None,
        "after": guide.plan[place + 1] if place + 1 < len(guide.plan) else None,
    }
    return page(request, "plans/group.html", context)


def _saved(this: PlanGroup, plan: OpenPlan, clashes: list[PlanField]) -> dict[str, Any]:
    """What the line about saving shows, and what the window starts from next."""
    base = json.dumps(fingerprints(this, plan.contents))
    return {"group": this, "base": base, "clashes": clashes, "saved": True, "now": timezone.now()}


def _locked(request: HttpRequest, this: PlanGroup, problem: str) -> HttpResponse:
    """The plan is closed, but something was typed: it travels along until the code is given."""
    if getattr(request, "htmx", None):
        return page(request, "plans/locked.html", {"group": this, "base": request.POST.get("base", "{}")}, part="saved")
    carried = [(name, text) for name in request.POST for text in request.POST.getlist(name) if name not in ("csrfmiddlewaretoken", "code")]
    asked = "code" in request.POST
    return page(
        request, "plans/locked.html", {"area": "plan", "group": this, "carried": carried, "error": problem if asked else ""}, status=422
    )


def _kept_open(request: HttpRequest, plan: OpenPlan, response: HttpResponse) -> HttpResponse:
    doors.keep_open(request, response, plan)
    return response


def _door(request: HttpRequest) -> dict[str, Any]:
    return {"area": "plan", "has_answers": bool(held(request, current().questions))}


def _about(plan: OpenPlan) -> dict[str, Any]:
    return {"area": "plan", "plan": plan, "code": sealing.spell(plan.code), "expires": plan.expires}


def _today() -> datetime.date:
    return timezone.now().date()
