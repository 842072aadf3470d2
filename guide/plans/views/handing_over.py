"""The plan on paper: from the browser, or as a PDF."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from guide.http import file, page
from guide.library import published
from guide.plans import qr, sealing
from guide.plans.door import about, with_plan
from guide.plans.models import OpenPlan
from guide.plans.sheet import Imprint, Wish, sheet, typeset
from guide.typesetting import typesetting

FILE = "my-treatment-plan.pdf"


@with_plan
@require_safe
@typesetting
def paper(request: HttpRequest, plan: OpenPlan) -> HttpResponse:
    """The plan as the browser prints it, and the choice of paper."""
    wish, newest = Wish.of(request.GET), published()
    shown = sheet(newest.guide, plan.contents, wish, _imprint(request, plan, wish, newest.edition), for_browser=True)
    return page(request, "plans/print.html", {**about(plan), "wish": wish, "sheet": shown})


@with_plan
@require_safe
@typesetting
def as_pdf(request: HttpRequest, plan: OpenPlan) -> HttpResponse:
    """The same as a tagged PDF."""
    wish, newest = Wish.of(request.GET), published()
    made = typeset(newest.guide, plan.contents, wish, _imprint(request, plan, wish, newest.edition))
    return file(made, "application/pdf", FILE)


def _imprint(request: HttpRequest, plan: OpenPlan, wish: Wish, edition: int) -> Imprint:
    """Head and foot. The code goes to paper only where the reader asked for it."""
    code = sealing.spell(plan.code) if wish.code else ""
    square = qr.svg(request.build_absolute_uri(reverse("plans:door")), code) if code else ""
    # Inside a page the name of the language goes without saying; in a file of its own it does not.
    square = square.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)
    return Imprint(timezone.now().date(), plan.saved.date() if plan.saved else None, plan.expires, edition, code, square)
