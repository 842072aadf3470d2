"""Write a text: fields, body, conditions, preview."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from guide.content.documents import Guide
from guide.content.grade import HARDEST
from guide.content.mistakes import ContentError
from guide.content.text import read
from guide.editing import builder, checking, drafts, workflow
from guide.editing.diff import Piece, difference, folded
from guide.editing.forms import fields_form
from guide.editing.home import title_in
from guide.editing.models import Document, Revision
from guide.editing.placing import Placed, all_placed
from guide.editing.together import Presence
from guide.editing.typed import lines_of, one_line
from guide.editing.views.mistakes import shown
from guide.editing.views.unsaved import unsaved
from guide.editing.views.window import Window, editor_of, save_window, typed_window, who_and_when
from guide.editing.workflow import NewerTextError, NotAllowedError
from guide.failing import gives_back

State = Revision.State


def urls(desk: AdminSite) -> list[URLPattern]:
    """The address of this page, for staff only."""
    return [
        path("documents/<int:pk>/edit/", desk.admin_view(edit), name="edit"),
    ]


# The texts that it shows

_Texts = tuple[Revision | None, Revision | None]


def _texts(document: Document) -> _Texts:
    """The open text, and what readers see."""
    return document.open_text(), document.published()


def _fresh(document: Document, texts: _Texts, *, raw: bool = False) -> Window:
    """A window on the open text, or on what readers see."""
    open_text, published = texts
    shown = open_text or published
    return Window(
        document,
        lines_of(shown.text) if shown else "",
        open_text.version if open_text else 0,
        published.pk if published else 0,
        open_text.note if open_text else "",
        open_text.for_readers if open_text else "",
        raw,
    )


# The page


@gives_back(unsaved)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a document. Every button of the form comes here; what was typed comes back whatever happens."""
    user, document = editor_of(request), get_object_or_404(Document, pk=pk)
    if request.method != "POST":
        texts = _texts(document)
        return _page(request, _fresh(document, texts, raw="raw" in request.GET), texts=texts)
    window = typed_window(request, document)
    act = _ACTIONS.get(request.POST.get("action", "save"), _keep)
    if act in _SAVING:
        window = replace(window, text=workflow.named(window.path, window.text))
    try:
        return act(request, user, window)
    except NewerTextError as error:
        return _page(request, window, status=409, newer=error.newer)
    except NotAllowedError as error:
        messages.error(request, str(error))
        return _page(request, window, status=422, refused=error)
    except ContentError as error:
        found = all_placed(window.path, window.text, error.mistakes)
        many = "one thing has" if len(found) == 1 else f"{len(found)} things have"
        messages.error(
            request, format_html('Not sent: {} to be mended first. <a href="#found-title">See what</a>. The draft is saved.', many)
        )
        return _page(request, _on_top(window), status=422, mistakes=found)


def _on_top(window: Window) -> Window:
    """The same window, after its text was saved."""
    open_text = window.document.open_text()
    return replace(window, version=open_text.version if open_text else 0)


def _back(window: Window) -> HttpResponse:
    where = reverse("admin:edit", args=[window.document.pk])
    return HttpResponseRedirect(f"{where}?raw" if window.raw else where)


def _keep(request: HttpRequest, user: User, window: Window) -> HttpResponse:
    save_window(user, window)
    messages.success(request, "Draft saved. Readers do not see it until it is published.")
    return _back(window)


def _send(request: HttpRequest, user: User, window: Window) -> HttpResponse:
    published = window.document.published()
    open_text = window.document.open_text()
    if open_text is None and published and lines_of(published.text) == window.text:
        raise NotAllowedError("Nothing has changed yet.")
    told = window.text, window.note, window.for_readers
    # Each step by itself: a text with a mistake stays saved as a draft.
    sent = open_text is not None and workflow.is_sent(open_text, *told)
    if open_text is None or not (sent or (open_text.text, open_text.note, open_text.for_readers) == told):
        open_text = save_window(user, window)
    try:
        if not sent:
            workflow.send_to_review(open_text, by=user)
    except NotAllowedError as error:
        messages.error(request, f"{error} The draft is saved.")
        return _page(request, _on_top(window), status=422, refused=error)
    messages.success(request, "Sent to review. Somebody else reads it now.")
    return _back(window)


def _withdraw(request: HttpRequest, user: User, window: Window) -> HttpResponse:
    open_text, why = window.document.open_text(), one_line(request.POST.get("why", ""), 300)
    if open_text is None:
        raise NotAllowedError("There is no draft to withdraw.")
    if not why:
        raise NotAllowedError("Say in a few words why you withdraw it.", "withdraw")
    if open_text.version != window.version:
        raise NewerTextError(open_text)
    if open_text.text != window.text:
        open_text = save_window(user, window)
    workflow.withdraw(open_text, by=user, why=why)
    messages.success(request, "Withdrawn. The text stays in the history.")
    return _back(window)


def _remove(request: HttpRequest, user: User, window: Window) -> HttpResponse:
    why = one_line(request.POST.get("why", ""), 300)
    if not why:
        raise NotAllowedError("Say in a few words why this document should go.")
    workflow.propose_removal(window.document, by=user, note=why)
    messages.success(request, "The removal is a draft now. Send it to review when you are sure.")
    return _back(window)


def _together(request: HttpRequest, user: User, window: Window) -> HttpResponse:
    workflow.brought_together(save_window(user, window), by=user, base=window.base)
    messages.success(request, "Noted. The draft now stands on the text that readers see.")
    return _back(window)


def _raw(request: HttpRequest, user: User, window: Window) -> HttpResponse:
    return _page(request, replace(window, raw=True))


def _fields(request: HttpRequest, user: User, window: Window) -> HttpResponse:
    return _page(request, replace(window, raw=False))


def _check(request: HttpRequest, user: User, window: Window) -> HttpResponse:
    """For browsers without JavaScript, which cannot ask while somebody types."""
    found = checking.check(window.path, window.text)
    return _page(request, window, checked=found, mistakes=found.mistakes)


def _compare(request: HttpRequest, user: User, window: Window) -> HttpResponse:
    newest = window.document.open_text() or window.document.published()
    return _page(request, window, newer=newest, compare=True)


def _mine(request: HttpRequest, user: User, window: Window) -> HttpResponse:
    save_window(user, window, force=True)
    messages.success(request, "Your text is the draft now. The other one is kept in the history.")
    return _back(window)


def _theirs(request: HttpRequest, user: User, window: Window) -> HttpResponse:
    workflow.set_aside(window.document, window.text, by=user, note=window.note or "Put aside for a newer text")
    messages.success(request, "This is the newer text. Yours is kept in the history.")
    return _back(window)


_ACTIONS: dict[str, Callable[[HttpRequest, User, Window], HttpResponse]] = {
    "save": _keep,
    "send": _send,
    "withdraw": _withdraw,
    "remove": _remove,
    "together": _together,
    "raw": _raw,
    "fields": _fields,
    "check": _check,
    "compare": _compare,
    "mine": _mine,
    "theirs": _theirs,
}
_SAVING = (_keep, _send, _together, _mine)
"""After these the window is shown anew, so that new blocks can get their ids. What saves itself while somebody types stays as typed."""


def _page(request: HttpRequest, window: Window, status: int = 200, texts: _Texts | None = None, **more: Any) -> HttpResponse:
    document, user = window.document, editor_of(request)
    open_text, published = texts or _texts(document)
    guide = drafts.current()
    form = None if window.raw else fields_form(document.path, window.text, guide)
    if form:
        text = read(document.path, window.text)
        more["front"], more["body"] = text.front.removesuffix("\n"), text.body
    if "mistakes" not in more:
        more["mistakes"] = _mistakes(request, window, open_text)
    more["mistakes"] = shown(more["mistakes"], user)
    newer = more.get("newer")
    if newer:
        more["newer_says"] = who_and_when(newer, user)
    behind = open_text and not newer and open_text.started_from_id != (published.pk if published else None)
    context = {
        **admin.site.each_context(request),
        "title": f"Edit {document.path}",
        "window": window,
        "document": document,
        "form": form,
        "can_have_fields": window.raw and fields_form(document.path, window.text, guide) is not None,
        "open_text": open_text,
        "published": published,
        "reviewing": open_text and open_text.state in (State.IN_REVIEW, State.APPROVED),
        "behind": behind,
        "difference": _difference(newer if more.get("compare") else None, window.text)
        or _difference(open_text.started_from if open_text and behind else None, published.text if published else ""),
        "others": Presence.objects.note(document, user),
        "vocabulary": _vocabulary(guide),
        "name": title_in(window.text, document.path),
        "marked": document.path.endswith(".md"),
        "limit": HARDEST,
        "comments": open_text.comments.filter(settled=None).select_related("author") if open_text else (),
        **more,
    }
    return TemplateResponse(request, "admin/guide/editor.html", context, status=status)


def _mistakes(request: HttpRequest, window: Window, open_text: Revision | None) -> Sequence[Placed]:
    """None of a page that is only opened: weighing the whole guide takes much longer, so the browser asks for it afterwards.

    A page that takes the document away has nothing to type and nothing that asks.
    """
    removed = open_text is not None and open_text.removed
    if request.method != "POST" and not removed:
        return []
    _, mistakes = drafts.read_with(window.path, None if removed else window.text)
    return all_placed(window.path, window.text, mistakes)


def _difference(before: Revision | None, after: str) -> list[Piece]:
    return folded(difference(before.text, after)) if before else []


@lru_cache(maxsize=2)
def _vocabulary(guide: Guide) -> dict[str, Any]:
    """What conditions are built from, in words, for the drop-downs; and what a new block can have."""
    return {
        "facts": [
            {
                "id": question.id,
                "label": question.title,
                "values": [{"id": value, "label": _answer(guide, question.id, value)} for value in question.fact.values],
            }
            for question in guide.questions
        ],
        "audiences": [
            {"id": name, "label": f"{name.replace('-', ' ')}: {builder.sentence(when, guide)}"} for name, when in guide.audiences.items()
        ],
    }


def _answer(guide: Guide, fact: str, value: str) -> str:
    try:
        return guide.question(fact).choice(value).label
    except KeyError:
        return value
