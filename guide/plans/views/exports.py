"""Take a plan along as a file, and bring one back."""

from __future__ import annotations

import json
import logging
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from guide.answers import held
from guide.content.shapes import Codes
from guide.http import file, page, personal
from guide.library import current, published
from guide.plans import door as doors
from guide.plans import fhir, knocks, takeaway
from guide.plans.door import about, with_plan
from guide.plans.models import OpenPlan, Plan
from guide.plans.values import Contents
from guide.plans.views.opening import TOO_MANY_PLANS

logger = logging.getLogger(__name__)

NAME = "my-plan"  # of every file: it tells nothing of who or what
NO_FILE = "Choose the file first. It is named my-plan.json."


@with_plan
@require_safe
def take(request: HttpRequest, plan: OpenPlan) -> HttpResponse:
    """The files that a plan can be taken along as."""
    return page(request, "plans/exports.html", _take(plan))


@with_plan
@require_safe
def as_json(request: HttpRequest, plan: OpenPlan) -> HttpResponse:
    """Everything, to be loaded again."""
    now = published()
    data = takeaway.as_json(now.guide, plan.contents, now.edition, timezone.now().date())
    return _file(json.dumps(data, ensure_ascii=False, indent=1), "application/json", f"{NAME}.json")


@with_plan
@require_safe
def as_text(request: HttpRequest, plan: OpenPlan) -> HttpResponse:
    """Everything, to be read by people."""
    text = takeaway.as_text(current(), plan.contents, timezone.now().date())
    return _file(text, "text/plain; charset=utf-8", f"{NAME}.txt")


@with_plan
@require_safe
def as_fhir(request: HttpRequest, plan: OpenPlan) -> HttpResponse:
    """For the hospital's computer. `with` names the options that were chosen."""
    if current().codes is None:
        return redirect("plans:take")
    made = fhir_file(request, plan.contents)
    if made is None:
        return page(request, "plans/exports.html", {**_take(plan), "failed": True}, status=500)
    return made


@personal
@require_POST
def load(request: HttpRequest) -> HttpResponse:
    """A new plan from a file that was taken along. What this guide has no place for is named."""
    if knocks.STARTED.too_many(request):
        return _refused(request, TOO_MANY_PLANS, status=429)
    knocks.STARTED.count(request)
    sent = request.FILES.get("file")
    if sent is None:
        # The settings let no large file in; its length is all that there is of it.
        length = str(request.META.get("CONTENT_LENGTH", ""))
        return _refused(request, takeaway.TOO_LARGE if length.isdecimal() and int(length) > takeaway.LARGEST else NO_FILE)
    try:
        loaded = takeaway.load(sent.read(takeaway.LARGEST + 1), current())
    except takeaway.NotAPlanError as error:
        return _refused(request, str(error))
    plan = Plan.objects.start(loaded.contents)
    # What was left out concerns this moment only; kept nowhere, it is shown at once instead of after a redirect.
    response = page(request, "plans/loaded.html", {**about(plan), "loaded": loaded}) if loaded.left_out else redirect("plans:code")
    doors.keep_open(request, response, plan, code_is_new=True)
    return response


def fhir_file(request: HttpRequest, contents: Contents) -> HttpResponse | None:
    """A plan as a FHIR bundle; None where it could not be made: the log says why, for those who can mend it."""
    guide = current()
    if guide.codes is None:
        return None
    chosen = frozenset(request.GET.getlist("with")) & set(guide.codes.options)
    data = fhir.bundle(fhir.Export(guide, contents, timezone.now(), options=chosen), guide.codes)
    return _file(json.dumps(data, ensure_ascii=False, indent=1), "application/fhir+json", f"{NAME}-fhir.json") if _is_fhir(data) else None


def _take(plan: OpenPlan) -> dict[str, Any]:
    codes: Codes | None = current().codes
    return {**about(plan), "codes": codes, "options": list(codes.options.items()) if codes else []}


def _file(text: str, content_type: str, name: str) -> HttpResponse:
    return file(text.encode(), content_type, name, attachment=True)


def _is_fhir(data: dict[str, Any]) -> bool:
    """Whether FHIR's own model takes it. What was typed never gets into the log: only where it stands does."""
    # Read here only: it takes 34 MB and 0.4 s, and no other page needs it.
    from fhir.resources.R4B.bundle import Bundle
    from pydantic import ValidationError

    try:
        Bundle.model_validate(data)
    except ValidationError as error:
        found = error.errors(include_input=False, include_context=False, include_url=False)
        places = sorted({".".join(map(str, one["loc"])) for one in found})
        logger.error("A plan could not be written as FHIR. Mend codes.yaml at: %s", ", ".join(places))
        return False
    return True


def _refused(request: HttpRequest, message: str, status: int = 422) -> HttpResponse:
    context = {"area": "plan", "has_answers": bool(held(request, current().questions)), "file_error": message}
    return page(request, "plans/door.html", context, status=status)
