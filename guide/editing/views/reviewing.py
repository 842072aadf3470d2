"""Review a text: what differs, what it does to readers, comments, approval. And what a document said before."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.safestring import mark_safe

from guide.content.grade import HARDEST
from guide.content.mistakes import ContentError
from guide.editing import workflow
from guide.editing.home import moment, title_in
from guide.editing.models import Document, Revision
from guide.editing.passages import Passage
from guide.editing.placing import all_placed
from guide.editing.review import Review, content_of, text_before
from guide.editing.together import Comment
from guide.editing.typed import lines_of, number_of, one_line
from guide.editing.views.mistakes import shown
from guide.editing.views.unsaved import unsaved
from guide.editing.workflow import NewerTextError, NotAllowedError
from guide.failing import gives_back

_VIEW = "guide.view_document"
_A_PAGE = 30  # texts listed at a time
State = Revision.State
_CHANGED = "Somebody changed this text while you were reading. Read it again: this page shows it as it is now."

_NEXT = {
    State.DRAFT: "It is still being written. Whoever writes it sends it to review.",
    State.IN_REVIEW: "A reviewer who did not write in it reads it, and approves it or asks for changes.",
    State.CHANGES_ASKED: "Whoever writes it answers the comments, and sends it to review again.",
    State.APPROVED: "A publisher publishes it. Readers do not see it yet.",
    State.WITHDRAWN: "It was given up. Readers never saw it.",
    State.SUPERSEDED: "It gave way to a later text. Readers never saw it.",
}


def urls(desk: AdminSite) -> list[URLPattern]:
    """The addresses of these pages, for staff only."""
    return [
        path("texts/<int:pk>/review/", desk.admin_view(review), name="review"),
        path("documents/<int:pk>/history/", desk.admin_view(history), name="history"),
    ]


def _user(request: HttpRequest) -> User:
    """Who asks. Raises PermissionDenied."""
    if not isinstance(request.user, User) or not request.user.has_perm(_VIEW):
        raise PermissionDenied
    return request.user


# Review


@gives_back(unsaved)
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """All that a reviewer has to know of a text, on one page; comment it, and decide."""
    user = _user(request)
    text = get_object_or_404(Revision.objects.select_related("document", "author", "reviewer", "edition"), pk=pk)
    problem: dict[str, str] = {}
    if request.method == "POST":
        step = request.POST.get("step", "")
        try:
            return _taken(request, user, text, step)
        except NotAllowedError as error:
            problem = {step: str(error)}
        except NewerTextError:
            problem = {step: _CHANGED}
        except ContentError as error:
            problem = {step: f"It has a mistake by now: {error}"}
        text.refresh_from_db()  # what is shown now is what can be decided next
    context = {**admin.site.each_context(request), **_shown(text, user), "problem": problem, "typed": request.POST}
    return TemplateResponse(request, "admin/guide/review.html", context, status=422 if problem else 200)


def _taken(request: HttpRequest, user: User, text: Revision, step: str) -> HttpResponse:
    """Take a step. Raises NotAllowedError, NewerTextError, and ContentError."""
    steps: dict[str, Callable[[HttpRequest, User, Revision], str]] = {
        "comment": _comment,
        "settle": _settle,
        "ask": _ask,
        "approve": _approve,
    }
    if step not in steps:
        raise NotAllowedError("This step is not known here.")
    place = steps[step](request, user, text)
    return HttpResponseRedirect(reverse("admin:review", args=[text.pk]) + place)


def _comment(request: HttpRequest, user: User, text: Revision) -> str:
    quote, says = (lines_of(request.POST.get(name, "")) for name in ("quote", "says"))
    said = workflow.comment(text, by=user, quote=quote, says=says, block=request.POST.get("block", ""))
    messages.success(request, "Your comment is kept. The writers find it on their desk.")
    return f"#comment-{said.pk}"


def _settle(request: HttpRequest, user: User, text: Revision) -> str:
    said = get_object_or_404(text.comments, pk=number_of(request.POST.get("comment", "")))
    workflow.settle(said, by=user)
    messages.success(request, "The comment is settled.")
    return f"#comment-{said.pk}"


def _ask(request: HttpRequest, user: User, text: Revision) -> str:
    workflow.ask_changes(_as_read(request, text), by=user)
    messages.success(request, "It goes back to its writers, with your comments.")
    return ""


def _approve(request: HttpRequest, user: User, text: Revision) -> str:
    if not request.POST.get("read"):
        raise NotAllowedError("Tick that you have read the whole text as readers will see it.")
    workflow.approve(_as_read(request, text), by=user, role=one_line(request.POST.get("role", ""), 200))
    messages.success(request, "It is approved, with your name, your role and today’s date.")
    return ""


def _as_read(request: HttpRequest, text: Revision) -> Revision:
    """The text, if it is still the one that was read on this page. Raises NewerTextError."""
    if request.POST.get("version") != str(text.version):
        raise NewerTextError(text)
    return text


def _shown(text: Revision, user: User) -> dict[str, Any]:
    earlier = text_before(text)
    seen = Review(text.document.path, content_of(earlier), content_of(text))
    comments = list(text.comments.select_related("author", "settled_by"))
    page = seen.page({one.pk: Passage(one.quote, one.block) for one in comments if one.quote and not one.settled})
    new_sources, gone_sources = seen.sources
    return {
        "title": f"Review: {title_in(text.text or (earlier.text if earlier else ''), text.document.path)}",
        "text": text,
        "earlier": earlier,
        "sent_before": _sent_before(text),
        "overtaken": text.is_open and earlier != text.started_from,
        "next": _next(text),
        "writers": list(text.writers.all()) or [one for one in (text.author,) if one],
        "readers": mark_safe(page.html),  # noqa: S308  # made by our templates and renderer, where raw HTML is off
        "places": page.places,
        "pieces": seen.folded,
        "added": seen.count("added"),
        "removed": seen.count("removed"),
        "seen": seen,
        "new_sources": new_sources,
        "gone_sources": gone_sources,
        "hardest": HARDEST,
        "mistakes": shown(all_placed(text.document.path, seen.after or "", seen.mistakes), user),
        "comments": [_said(one, seen, user) for one in comments],
        "unsettled": sum(1 for one in comments if not one.settled),
        "may_comment": text.is_open and (user.has_perm("guide.review_document") or user.has_perm("guide.change_document")),
        "why_not": _why_not(text, user),
        "role": _last_role(user),
    }


def _said(comment: Comment, seen: Review, user: User) -> dict[str, Any]:
    """A comment, where its passage stands, and whether this person can settle it."""
    return {
        "comment": comment,
        "where": seen.where(Passage(comment.quote, comment.block)) if comment.quote else "",
        "block": seen.title_of(comment.block),
        "may_settle": not comment.settled and workflow.may_settle(comment, user),
    }


def _sent_before(text: Revision) -> Revision | None:
    """What a reviewer may have read of it before its writers went on: kept as a text of its own."""
    if not text.is_open:
        return None
    since = text.document.revisions.filter(state=State.SUPERSEDED, pk__gt=text.pk)
    return since.order_by("-pk").first()


def _next(text: Revision) -> str:
    if text.edition is None:
        return _NEXT[State(text.state)]
    newest = text.document.published()
    return f"Readers see it since {text.edition}." if newest == text else f"Readers saw it from {text.edition} until it was replaced."


def _why_not(text: Revision, user: User) -> str:
    """Why this person cannot decide; empty where they can."""
    try:
        workflow.may_review(text, user)
    except NotAllowedError as error:
        return str(error)
    return ""


def _last_role(user: User) -> str:
    approved = Revision.objects.filter(reviewer=user).exclude(reviewer_role="").order_by("-reviewed")
    return approved.values_list("reviewer_role", flat=True).first() or ""


# History


def history(request: HttpRequest, pk: int) -> HttpResponse:
    """Every text of a document; two of them compared; an old one brought back as a draft."""
    user = _user(request)
    document = get_object_or_404(Document, pk=pk)
    problem = ""
    if request.method == "POST":
        try:
            return _restored(request, user, document)
        except NotAllowedError as error:
            problem = str(error)
    before = request.GET.get("before", "")
    texts = document.revisions.select_related("author", "reviewer", "edition").defer("text")
    listed = list((texts.filter(pk__lt=number_of(before)) if number_of(before) else texts)[: _A_PAGE + 1])
    newest = document.published()
    compared = _compared(request, document)
    context = {
        **admin.site.each_context(request),
        "title": f"History: {title_in(newest.text if newest else '', document.path)}",
        "document": document,
        "texts": [{"text": text, "when": moment(_when(text)), "now": text == newest} for text in listed[:_A_PAGE]],
        "older": listed[_A_PAGE - 1].pk if len(listed) > _A_PAGE else 0,
        "open_text": document.open_text(),
        "may_edit": user.has_perm("guide.change_document"),
        "problem": problem or compared.get("unclear", ""),
        **compared,
    }
    return TemplateResponse(request, "admin/guide/history.html", context, status=422 if problem else 200)


def _when(text: Revision) -> Any:
    return text.edition.created if text.edition else text.saved


def _compared(request: HttpRequest, document: Document) -> dict[str, Any]:
    """The two texts that were chosen, and what differs. Without a choice: what readers see now, and what is on its way."""
    chosen = (request.GET.get("from", ""), request.GET.get("to", ""))
    texts = document.revisions.select_related("edition", "author")
    if not any(chosen):
        published, open_text = document.published(), document.open_text()
        earlier = text_before(published) if published and not open_text else published
        return {"from": earlier.pk if earlier else 0, "to": open_text.pk if open_text else published.pk if published else 0}
    one, other = (_chosen(texts, number) for number in chosen)
    if one is None or other is None:
        return {"unclear": "Choose two texts of this document to compare."}
    seen = Review(document.path, content_of(one), content_of(other))
    return {
        "from": one.pk,
        "to": other.pk,
        "one": one,
        "other": other,
        "pieces": seen.folded,
        "added": seen.count("added"),
        "removed": seen.count("removed"),
    }


def _chosen(texts: QuerySet[Revision], number: str) -> Revision | None:
    return texts.filter(pk=number_of(number)).first()


def _restored(request: HttpRequest, user: User, document: Document) -> HttpResponse:
    """Begin a draft with an old text. Raises NotAllowedError."""
    old = _chosen(document.revisions.select_related("edition"), request.POST.get("restore", ""))
    if old is None:
        raise NotAllowedError("Choose a text of this document.")
    if old.removed:
        raise NotAllowedError("This took the document away, so there is no text to bring back. Propose its removal in the editor instead.")
    if document.open_text():
        raise NotAllowedError("There is a draft of this document already. Publish it or withdraw it first; nothing is lost.")
    note = f"As it was in edition {old.edition.number}" if old.edition else f"As it was on {moment(old.saved)}"
    try:
        workflow.restore(old, by=user, note=note)
    except NewerTextError as error:
        raise NotAllowedError("Somebody began a draft of this document just now. Look at it first.") from error
    messages.success(request, f"A draft was begun: {note.lower()}. Look at it, and send it to review.")
    return HttpResponseRedirect(reverse("admin:edit", args=[document.pk]))
