"""The form: all parts, and each of them, saved by its button and by itself."""

from __future__ import annotations

import json
import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from guide.content.documents import Guide, PlanField, PlanGroup
from guide.http import page, personal
from guide.library import current
from guide.plans import door as doors
from guide.plans.door import about, with_plan
from guide.plans.forms import entries
from guide.plans.models import NoSuchPlanError, OpenPlan
from guide.plans.summary import filled
from guide.plans.values import Contents, fingerprints, from_form, merge, settle


@with_plan
@require_safe
def overview(request: HttpRequest, plan: OpenPlan) -> HttpResponse:
    """All groups, and what has something in it."""
    groups = [(group, filled(group, plan.contents), len(group.fields)) for group in current().plan]
    return page(request, "plans/overview.html", {**about(plan), "groups": groups})


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
        plan, problem = doors.by_code(request, request.POST.get("code", ""))
        if plan is None:
            return _locked(request, this, problem)
    try:
        clashes = _save(request, this, plan)
    except NoSuchPlanError:
        return _locked(request, this, doors.WRONG_CODE)
    if getattr(request, "htmx", None):
        return _kept_open(request, plan, page(request, "plans/group.html", _saved(this, plan, clashes), part="saved"))
    return _kept_open(request, plan, redirect(_after(request, guide, this)))


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
        **about(plan),
        **_saved(this, plan, []),
        "saved": "saved" in request.GET,
        "entries": entries(this, plan.contents, timezone.now().date(), request.GET.get("add", "")),
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
