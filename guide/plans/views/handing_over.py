"""The plan on paper."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from guide.http import page
from guide.library import current
from guide.plans.door import about, with_plan
from guide.plans.models import OpenPlan
from guide.plans.paper import lay_out
from guide.plans.summary import boxes


@with_plan
@require_safe
def paper(request: HttpRequest, plan: OpenPlan) -> HttpResponse:
    """The plan on two sides of paper."""
    found = boxes(current(), plan.contents)
    context = {**about(plan), "sides": [lay_out(found, 1), lay_out(found, 2)], "today": timezone.now().date()}
    return page(request, "plans/print.html", context)
