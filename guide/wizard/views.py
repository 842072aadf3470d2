"""What applies to me: one question a page, answers to check, results with their reasons."""

from __future__ import annotations

from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRedirect
from django_htmx.middleware import HtmxDetails

from guide import pdf
from guide.answers import forget, held, held_before, hold
from guide.content.answers import Said, known
from guide.content.documents import Guide, Page, Question, Treatment
from guide.content.parse import NOT_SURE
from guide.content.weighing import Results, differing, weigh
from guide.failing import gives_back, why
from guide.http import file, page, personal
from guide.library import at_hand, current, published
from guide.typesetting import typesetting
from guide.wizard.chapters import menu, naming, passages
from guide.wizard.flow import Walk, walk
from guide.wizard.forms import NOT_SURE_LABEL, AnswerForm
from guide.wizard.handout import Situation, handout

TEMPLATE = Path(__file__).parent / "results.typ"


@personal
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """What this is, and what happens with the answers."""
    guide = current()
    now = _walk(request, guide)
    return page(request, "wizard/start.html", {"area": "wizard", "walk": now, "next": _next_url(now)})


def once_more(request: HttpRequest, status: int, number: int) -> HttpResponse:
    """A question whose answer could not be taken, with what was ticked."""
    now = _walk(request, at_hand().guide)
    question = _question_of(request, now, number)
    if question is None:
        raise Http404
    form = AnswerForm(question, request.POST)
    form.add_error("answer", why(status))
    return _asked(request, now, number, form, status)


@personal
@gives_back(once_more)
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, number: int) -> HttpResponse:
    """The question at this place of the reader's way."""
    guide = current()
    now = _walk(request, guide)
    if not 1 <= number <= len(now.asked):
        return redirect(_next_url(now))
    question = _question_of(request, now, number)
    if question is None:
        return redirect(_next_url(now))
    said = list(now.said.get(question.id, ()))
    form = AnswerForm(question, request.POST or None, initial={"answer": said})
    if request.method == "POST" and form.is_valid():
        new = walk(guide, {**now.said, question.id: form.cleaned_data["answer"]})
        changed = question.id in now.said and new.said != now.said
        response = _go(request, _after(now, new, changed=changed))
        hold(request, response, new.said, now.said if changed else held_before(request, guide.questions))
        return response
    return _asked(request, now, number, form, 422 if form.errors else 200)


def _asked(request: HttpRequest, now: Walk, number: int, form: AnswerForm, status: int) -> HttpResponse:
    context = {
        "area": "wizard",
        "question": form.question,
        "form": form,
        "number": number,
        "walk": now,
        "in_all": max(number, len(now.asked) + now.likely),
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
        "options": [(option, found.cautions(option)) for option in found.of("option", "applies")],
        "supports": found.of("support", "applies"),
        "tests": found.of("test", "applies"),
        "further": found.gathered(),
        "to_ask": [finding.block.title for finding in found.of("ask", "applies") if finding.facts],
        "to_ask_always": [finding.block.title for finding in found.of("ask", "applies") if not finding.facts],
        "maybe": found.by_page("option", "may-apply"),
        "maybe_count": len(found.of("option", "may-apply")),
        "gaps": found.gaps(),
        "not": found.by_page("option", "does-not-apply"),
        "not_count": len(found.of("option", "does-not-apply")),
    }
    return page(request, "wizard/results.html", context)


@personal
@require_safe
@typesetting
def results_pdf(request: HttpRequest) -> HttpResponse:
    """The results as a PDF to take along or to send on."""
    guide = current()
    now = _walk(request, guide)
    today = timezone.now().date()
    data = {
        **handout(_weighed(guide, now.said), Situation(**_in_use(now)), request.build_absolute_uri),
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


def _after(now: Walk, new: Walk, *, changed: bool) -> str:
    """After a change of mind: what came of it. After the last question that matters most: the answers, to check. Else: go on."""
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
    return reverse("wizard:answers") if now.done else reverse("wizard:step", args=[len(now.asked)])


def _question_of(request: HttpRequest, now: Walk, number: int) -> Question | None:
    """The question at this place; of a form, the one that it asked, if it is still asked.

    In another tab the reader's way may have changed since the form was drawn.
    """
    if request.method != "POST" or "question" not in request.POST:
        return now.asked[number - 1]
    return next((question for question in now.asked if question.id == request.POST["question"]), None)


def _in_use(now: Walk) -> dict[str, list[str]]:
    """The answers in the words of the guide, and what the reader is not sure of."""
    answered = [question for question in now.asked if question.id in now.said]
    return {
        "said": [question.choice(id).said for question in answered for id in now.said[question.id] if id != NOT_SURE],
        "unsure": [question.name for question in answered if NOT_SURE in now.said[question.id]],
    }


def _rows(now: Walk) -> list[tuple[int, Question, list[str]]]:
    """The answers, in words: place, question, labels."""
    rows = []
    for number, question in enumerate(now.asked, start=1):
        if question.id in now.said:
            labels = [NOT_SURE_LABEL if id == NOT_SURE else question.choice(id).label for id in now.said[question.id]]
            rows.append((number, question, labels))
    return rows
