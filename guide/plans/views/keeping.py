"""The code, and the end of a plan."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_safe

from guide.answers import forget
from guide.http import page
from guide.plans import door as doors
from guide.plans.door import about, with_plan
from guide.plans.models import OpenPlan


@with_plan
@require_safe
def code(request: HttpRequest, plan: OpenPlan) -> HttpResponse:
    """The plan's code, to write down."""
    return page(request, "plans/code.html", about(plan))


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
