"""What applies to me: its questions page by page, answers to check, results with their reasons."""

from __future__ import annotations

from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from guide import pdf
from guide.answers import forget, held, held_before, held_waiting, hold
from guide.content.answers import Said, known
from guide.content.blocks import ROLE_LABELS, ROLES
from guide.content.documents import Guide, Page, Question, Treatment
from guide.content.leading import lead
from guide.content.parse import NOT_SURE
from guide.content.weighing import Results, differing, weigh
from guide.failing import gives_back, why
from guide.http import file, page, personal
from guide.library import at_hand, current, published
from guide.typesetting import typesetting
from guide.wizard import telling
from guide.wizard.chapters import menu, naming, passages
from guide.wizard.flow import Walk, walk
from guide.wizard.forms import ASKED, NOT_SURE_LABEL, AnswersForm, error_list, form_sent, form_shown, look_up, rows
from guide.wizard.handout import Situation, handout
from guide.wizard.named import Found

TEMPLATE = Path(__file__).parent / "results.typ"


@personal
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What this is, and what happens with the answers."""
    guide = current()
    now = _walk(request, guide)
    return page(request, "wizard/start.html", {"area": "wizard", "walk": now, "next": _next_url(now)})


def once_more(request: HttpRequest, status: int, number: int) -> HttpResponse:
    """A page whose answers could not be taken, with what was ticked."""
    now = _walk(request, at_hand().guide)
    place = _page_meant(request, now, number)
    if not place:
        raise Http404
    form = form_sent(now, place, request.POST)
    form.add_error(None, why(status))
    return _asked(request, now, place, form, status)


@personal
@gives_back(once_more)
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, number: int) -> HttpResponse:
    """The questions at this place of the reader's way."""
    guide = current()
    now = _walk(request, guide)
    place = _page_meant(request, now, number)
    if not place:
        return redirect(_next_url(now))
    if request.method != "POST":
        return _asked(request, now, place, form_shown(now, place))
    if looked := look_up(now, place, request.POST):
        return _looked_up(request, now, place, *looked)
    form = form_sent(now, place, request.POST)
    given = form.given()
    every = {**held_waiting(request, guide.questions), **now.said, **given}
    new = walk(guide, every)
    if not form.forgive(question.id for question in new.asked):
        return _asked(request, now, place, form, 422)
    changed = any(now.said.get(id, ticked) != ticked for id, ticked in given.items())
    response = _go(request, _after(now, new, place, changed=changed))
    hold(request, response, new.said, now.said if changed else held_before(request, guide.questions), new.waiting(every))
    return response


def _looked_up(request: HttpRequest, now: Walk, place: int, ticked: QueryDict, found: dict[str, list[Found]]) -> HttpResponse:
    """The same page with what was typed by name; nothing is kept before the reader goes on."""
    response = _asked(request, now, place, form_sent(now, place, ticked), found=found, looked=True)
    response["HX-Push-Url"] = "false"
    return response


def _asked(
    request: HttpRequest,
    now: Walk,
    number: int,
    form: AnswersForm,
    status: int = 200,
    *,
    found: dict[str, list[Found]] | None = None,
    looked: bool = False,
) -> HttpResponse:
    shown = rows(now, number, form, found or {})
    # What was ticked before a name was looked up is not right or wrong yet.
    errors = [] if looked else [*((0, error) for error in form.non_field_errors()), *error_list(shown)]
    context = {
        "area": "wizard",
        "rows": shown,
        "title": now.guide.site.asked_together.get(shown[0].question.page, "") if len(shown) > 1 else "",
        "errors": errors,
        "looked": looked,
        "number": number,
        "walk": now,
        "first_results": now.opened and number == now.opened_at + 1,
        "in_all": max(number, len(now.pages) + now.likely),
        "not_sure": NOT_SURE,
        "not_sure_label": NOT_SURE_LABEL,
    }
    return page(request, "wizard/step.html", context, part="step", status=status)


@personal
@require_safe
def answers(request: HttpRequest) -> HttpResponse:
    """Check your answers."""
    guide = current()
    now = _walk(request, guide)
    return page(
        request,
        "wizard/answers.html",
        {"area": "wizard", "rows": _rows(now), "walk": now, "next": _next_url(now), "more": now.likely + 1},
        part="step",
    )


@personal
@require_safe
def results(request: HttpRequest) -> HttpResponse:
    """What applies, what may, what does not, and why."""
    guide = current()
    now = _walk(request, guide)
    found = _weighed(guide, now.said)
    before = held_before(request, guide.questions)
    new, gone = differing(_weighed(guide, before), found) if before else ([], [])
    leading = lead(found)
    help_now, help_more = telling.help_now(found)
    tests_first, tests_more = telling.tests(leading)
    context = {
        "area": "wizard",
        "guide": guide,
        "walk": now,
        "rows": _rows(now),
        "next": _next_url(now),
        "more": now.likely + 1,
        "changed": bool(before),
        "new": new,
        "gone": gone,
        **_in_use(now),
        "danger": found.danger(now=True),
        "signs": found.danger(now=False),
        "leading": leading,
        "situation": telling.situation(guide, now.said),
        "short": telling.short_lines(leading),
        "asks": [(question, _place_of(question, now)) for question in telling.asks(leading)],
        "for_all": [entry for entry in leading.shown if entry.finding.verdict == "applies"],
        "none_suits": telling.none_suits(leading),
        "because": telling.because(leading),
        "roles": [(role, ROLE_LABELS[role], leading.others[role]) for role in ROLES[1:] if leading.others[role]],
        "tests_first": tests_first,
        "tests_more": tests_more,
        "help_now": help_now,
        "help_more": help_more,
        "further": found.gathered(),
        "danger_page": found.danger_page,
        "to_ask": telling.to_ask(leading),
        "not": found.by_page("option", "does-not-apply"),
        "not_count": len(found.of("option", "does-not-apply")),
    }
    return page(request, "wizard/results.html", context)


def _place_of(question: Question, now: Walk) -> str:
    """Where the reader can answer a question; empty where it is not her turn yet."""
    number = now.page_of(question.id)
    return reverse("wizard:step", args=[number]) if number else ""


@personal
@require_safe
@typesetting
def results_pdf(request: HttpRequest) -> HttpResponse:
    """The results as a PDF to take along or to send on."""
    guide = current()
    now = _walk(request, guide)
    today = timezone.now().date()
    data = {
        **handout(lead(_weighed(guide, now.said)), now.said, Situation(**_in_use(now)), request.build_absolute_uri),
        "size": 11,
        "title": "What applies to me",
        "language": guide.site.language,
        "paper": "a4" if request.GET.get("paper") == "a4" else "us-letter",
        "not_reviewed": guide.site.not_reviewed,
        "emergency": guide.site.emergency,
        "phones": list(guide.site.phones),
        "foot": f"{guide.site.name}, edition {published().edition}. Made on {date_format(today, 'j F Y')}.",
    }
    return file(pdf.typeset(TEMPLATE, data, today), "application/pdf", "results.pdf")


@personal
@require_safe
def my_guide(request: HttpRequest) -> HttpResponse:
    """The pages of the guide, with how much on each applies."""
    guide = current()
    now = _walk(request, guide)
    found = _weighed(guide, now.said)
    return page(request, "wizard/guide.html", {"area": "wizard", "parts": menu(guide, found), **_in_use(now)})


@personal
@require_safe
def chapter(request: HttpRequest, slug: str) -> HttpResponse:
    """A page of the guide with each passage marked: applies, may apply, does not."""
    guide = current()
    try:
        return _marked(request, guide.page(slug))
    except KeyError as error:
        if moved := guide.page_that_was(slug):
            return redirect("wizard:chapter", moved.slug, permanent=True)
        raise Http404 from error


@personal
@require_safe
def treatment(request: HttpRequest, slug: str) -> HttpResponse:
    """A treatment, marked likewise, with where it comes up and how that fits the answers."""
    guide = current()
    try:
        return _marked(request, guide.treatments[slug])
    except KeyError as error:
        if moved := guide.treatment_that_was(slug):
            return redirect("wizard:treatment", moved.slug, permanent=True)
        raise Http404 from error


@personal
@require_POST
def clear(request: HttpRequest) -> HttpResponse:
    """Forget all answers."""
    response = redirect("wizard:start")
    forget(response)
    return response


def _marked(request: HttpRequest, document: Page | Treatment) -> HttpResponse:
    guide = current()
    now = _walk(request, guide)
    found = _weighed(guide, now.said)
    context = {
        "area": "wizard",
        "guide": guide,
        "document": document,
        "passages": passages(document, found),
        "uses": naming(document, found) if isinstance(document, Treatment) else (),
        "sources": [guide.sources[id] for id in document.body.sources],
        "overdue": document.overdue(timezone.now().date()),
        **_in_use(now),
    }
    return page(request, "wizard/chapter.html", context)


def _weighed(guide: Guide, said: Said) -> Results:
    return weigh(guide, known(said, guide.questions))


def _walk(request: HttpRequest, guide: Guide) -> Walk:
    return walk(guide, held(request, guide.questions))


def _after(now: Walk, new: Walk, place: int, *, changed: bool) -> str:
    """Where an answer leads.

    Where a question follows on the same page: back there. After a change of mind: what came of it. After the last page that matters most:
    the answers, to check. Else: go on.
    """
    if new.pending and new.page_of(new.pending.id) <= place:
        return _next_url(new)
    if changed and new.enough:
        return reverse("wizard:results")
    if new.enough and not now.enough:
        return reverse("wizard:answers")
    return _next_url(new)


def _go(request: HttpRequest, url: str) -> HttpResponse:
    """To another page. htmx swaps only the step: for the results, which are a whole page, it has to leave."""
    htmx: HtmxDetails | None = getattr(request, "htmx", None)
    return HttpResponseClientRedirect(url) if htmx and url == reverse("wizard:results") else redirect(url)


def _next_url(now: Walk) -> str:
    return reverse("wizard:answers") if now.done else reverse("wizard:step", args=[len(now.pages)])


def _page_meant(request: HttpRequest, now: Walk, number: int) -> int:
    """The number of the page; of a form, that of the page with the first of its questions that is still asked. 0 where there is none.

    In another tab the reader's way may have changed since the form was drawn.
    """
    if request.method == "POST" and ASKED in request.POST:
        return next(filter(None, map(now.page_of, request.POST.getlist(ASKED))), 0)
    return number if 1 <= number <= len(now.pages) else 0


def _in_use(now: Walk) -> dict[str, list[str]]:
    """The answers in the words of the guide, and what the reader is not sure of."""
    answered = [question for question in now.asked if question.id in now.said]
    return {
        "said": [question.choice(id).said for question in answered for id in now.said[question.id] if id != NOT_SURE],
        "unsure": [question.name for question in answered if NOT_SURE in now.said[question.id]],
    }


def _rows(now: Walk) -> list[tuple[int, Question, list[str]]]:
    """The answers, in words: number of the page, question, labels."""
    found = []
    for number, sheet in enumerate(now.pages, start=1):
        for question in sheet:
            if question.id in now.said:
                labels = [NOT_SURE_LABEL if id == NOT_SURE else question.choice(id).label for id in now.said[question.id]]
                found.append((number, question, labels))
    return found
