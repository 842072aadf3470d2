"""Keep a plan: its code, its earlier texts, its end."""

from __future__ import annotations

from django.core.signing import BadSignature, Signer
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guide.answers import forget
from guide.http import page
from guide.library import current
from guide.plans import door as doors
from guide.plans import qr, sealing
from guide.plans.differences import differing
from guide.plans.door import about, with_plan
from guide.plans.models import NoSuchPlanError, OpenPlan

# A new code comes from here, and from nobody's imagination.
_ours = Signer(salt="a new code of a plan")


@with_plan
@require_http_methods(["GET", "HEAD", "POST"])
def code(request: HttpRequest, plan: OpenPlan) -> HttpResponse:
    """The plan's code: shown when it is new, and later only when it is asked for."""
    is_new = doors.code_is_new(request)
    shown = is_new or request.method == "POST"
    address = request.build_absolute_uri(reverse("plans:door"))
    context = {**about(plan), "shown": shown, "qr": qr.svg(address, sealing.spell(plan.code)) if shown else ""}
    response = page(request, "plans/code.html", context)
    doors.keep_open(request, response, plan, code_is_new=is_new)
    return response


@with_plan
@require_http_methods(["GET", "HEAD", "POST"])
def change_code(request: HttpRequest, plan: OpenPlan) -> HttpResponse:
    """A new code, because somebody may have seen the old one. Nothing else opens the plan from then on.

    It is shown before it counts: were the answer to "change it" lost on the way, nobody would have it, and nobody the plan.
    """
    try:
        new = _ours.unsign(request.POST.get("new", ""))
    except BadSignature:
        new = sealing.new_code()
        return page(request, "plans/change_code.html", {**about(plan), "new": sealing.spell(new), "signed": _ours.sign(new)})
    plan.change_code(new)
    response = redirect("plans:code")
    doors.keep_open(request, response, plan, code_is_new=True)
    return response


@with_plan
@require_safe
def earlier(request: HttpRequest, plan: OpenPlan) -> HttpResponse:
    """Earlier texts of the plan, each with what was different then."""
    guide = current()
    texts = [(version, state, differing(guide, state.contents, plan.contents)) for version, state in plan.earlier()]
    return page(request, "plans/earlier.html", {**about(plan), "texts": texts, "restored": "restored" in request.GET})


@with_plan
@require_POST
def restore(request: HttpRequest, plan: OpenPlan, version: int) -> HttpResponse:
    """Go back to an earlier text. The present one is kept among the earlier ones."""
    try:
        plan.restore(version)
    except NoSuchPlanError:
        return redirect("plans:earlier")
    return redirect(f"{reverse('plans:earlier')}?restored=1")


@with_plan
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, plan: OpenPlan) -> HttpResponse:
    """Ask once, then delete for good."""
    if request.method != "POST":
        return page(request, "plans/delete.html", about(plan))
    plan.delete()
    response = redirect("plans:door")
    doors.close(response)
    forget(response)  # whoever sits down next shall find nothing
    return response
