"""Write a text: fields, body, conditions, preview."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.views.decorators.http import require_POST

from guide.content.conditions import ConditionError
from guide.content.documents import Guide
from guide.content.errors import ContentError
from guide.content.grade import HARDEST
from guide.editing import builder, checking, workflow
from guide.editing.checking import Placed
from guide.editing.diff import Piece, difference, folded
from guide.editing.forms import NewDocumentForm, fields_form, front_and_body, text_of
from guide.editing.home import title_in
from guide.editing.models import Document, Revision
from guide.editing.together import Presence
from guide.editing.typed import line_of, lines_of, number_of
from guide.editing.workflow import NewerTextError, NotAllowedError

_EDIT = "guide.change_document"
_MOST_FOUND = 12
State = Revision.State


def urls(desk: AdminSite) -> list[URLPattern]:
    """The addresses of these pages, for staff only."""
    return [
        path("documents/new/", desk.admin_view(new), name="new"),
        path("documents/find/", desk.admin_view(require_POST(find)), name="find"),
        path("documents/<int:pk>/edit/", desk.admin_view(edit), name="edit"),
        path("documents/<int:pk>/check/", desk.admin_view(require_POST(check)), name="check"),
        path("documents/<int:pk>/save/", desk.admin_view(require_POST(save)), name="save"),
        path("documents/<int:pk>/condition/", desk.admin_view(require_POST(condition)), name="condition"),
    ]


# What a window holds


@dataclass(frozen=True)
class Window:
    """What somebody sees and types. `version`: of the open text, 0 for none; `base`: the published text, 0 for none."""

    document: Document
    text: str
    version: int
    base: int
    note: str = ""
    for_readers: str = ""
    raw: bool = False

    @property
    def path(self) -> str:
        """Of the document."""
        return self.document.path


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


def _typed(request: HttpRequest, document: Document) -> Window:
    """The window that a form comes from."""
    posted = request.POST
    return Window(
        document,
        text_of(document.path, posted),
        number_of(posted.get("version", "")),
        number_of(posted.get("base", "")),
        line_of(posted.get("note", ""), 300),
        line_of(posted.get("for_readers", ""), 300),
        "body" not in posted,
    )


def _editor(request: HttpRequest) -> User:
    """Whoever may write. Raises PermissionDenied for all others."""
    if not isinstance(request.user, User) or not request.user.has_perm(_EDIT):
        raise PermissionDenied
    return request.user


def _save(user: User, window: Window, *, force: bool = False) -> Revision:
    return workflow.save_draft(
        window.document,
        window.text,
        by=user,
        version=window.version,
        base=window.base,
        note=window.note,
        for_readers=window.for_readers,
        force=force,
    )


# The page


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Write a document. Every button of the form comes here; what was typed comes back whatever happens."""
    user, document = _editor(request), get_object_or_404(Document, pk=pk)
    if request.method != "POST":
        texts = _texts(document)
        return _page(request, _fresh(document, texts, raw="raw" in request.GET), texts=texts)
    window = _typed(request, document)
    act = _ACTIONS.get(request.POST.get("action", "save"), _keep)
    try:
        return act(request, user, window)
    except NewerTextError as error:
        return _page(request, window, status=409, newer=error.newer)
    except NotAllowedError as error:
        messages.error(request, str(error))
        return _page(request, window, status=422, refused=error)
    except ContentError as error:
        found = checking.all_placed(window.path, window.text, error.mistakes)
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
    _save(user, window)
    messages.success(request, "Draft saved. Readers do not see it until it is published.")
    return _back(window)


def _send(request: HttpRequest, user: User, window: Window) -> HttpResponse:
    published = window.document.published()
    open_text = window.document.open_text()
    if open_text is None and published and lines_of(published.text) == window.text:
        raise NotAllowedError("Nothing has changed yet.")
    # Each step by itself: a text with a mistake stays saved as a draft.
    if open_text is None or (open_text.text, open_text.note, open_text.for_readers) != (window.text, window.note, window.for_readers):
        open_text = _save(user, window)
    elif open_text.version != window.version:
        raise NewerTextError(open_text)
    try:
        workflow.send_to_review(open_text, by=user)
    except NotAllowedError as error:
        messages.error(request, f"{error} The draft is saved.")
        return _page(request, _on_top(window), status=422, refused=error)
    messages.success(request, "Sent to review. Somebody else reads it now.")
    return _back(window)


def _withdraw(request: HttpRequest, user: User, window: Window) -> HttpResponse:
    open_text, why = window.document.open_text(), line_of(request.POST.get("why", ""), 300)
    if open_text is None:
        raise NotAllowedError("There is no draft to withdraw.")
    if not why:
        raise NotAllowedError("Say in a few words why you withdraw it.", "withdraw")
    if open_text.version != window.version:
        raise NewerTextError(open_text)
    if open_text.text != window.text:
        open_text = _save(user, window)
    workflow.withdraw(open_text, by=user, why=why)
    messages.success(request, "Withdrawn. The text stays in the history.")
    return _back(window)


def _remove(request: HttpRequest, user: User, window: Window) -> HttpResponse:
    why = line_of(request.POST.get("why", ""), 300)
    if not why:
        raise NotAllowedError("Say in a few words why this document should go.")
    workflow.propose_removal(window.document, by=user, note=why)
    messages.success(request, "The removal is a draft now. Send it to review when you are sure.")
    return _back(window)


def _together(request: HttpRequest, user: User, window: Window) -> HttpResponse:
    workflow.brought_together(_save(user, window), by=user, base=window.base)
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
    _save(user, window, force=True)
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


def _page(request: HttpRequest, window: Window, status: int = 200, texts: _Texts | None = None, **more: Any) -> HttpResponse:
    document, user = window.document, _editor(request)
    open_text, published = texts or _texts(document)
    guide = checking.current()
    form = None if window.raw else fields_form(document.path, window.text, guide)
    if form:
        more["front"], more["body"] = front_and_body(window.text)
    if "mistakes" not in more:
        more["mistakes"] = _mistakes(request, window, open_text)
    newer = more.get("newer")
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
    _, mistakes = checking.read_with(window.path, None if removed else window.text)
    return checking.all_placed(window.path, window.text, mistakes)


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


# What the page asks for while somebody types


def check(request: HttpRequest, pk: int) -> JsonResponse:
    """Mistakes, reading grade and hard sentences of a text, with their lines. Saves nothing."""
    _editor(request)
    document = get_object_or_404(Document, pk=pk)
    text = text_of(document.path, request.POST)
    found = checking.check(document.path, text)
    return JsonResponse(
        {
            "before": _lines_before(request, text),
            "mistakes": [
                {"says": str(mistake), "line": mistake.line, "field": mistake.field, "here": mistake.here} for mistake in found.mistakes
            ],
            "grade": found.grade.plain if found.grade else None,
            "hard": [{"says": hard.says, "grade": hard.grade, "line": hard.line} for hard in found.hard],
        }
    )


def _lines_before(request: HttpRequest, text: str) -> int:
    """How many lines of the text stand above those that the browser shows: the fields and the two lines around them, or none."""
    return front_and_body(text)[0].count("\n") + 3 if "body" in request.POST else 0


def save(request: HttpRequest, pk: int) -> JsonResponse:
    """Save a draft while somebody types (`changed`), or only say that this window is still open; and tell of others."""
    user, document = _editor(request), get_object_or_404(Document, pk=pk)
    window = _typed(request, document)
    others = [one.get_full_name() or one.get_username() for one in Presence.objects.note(document, user)]
    try:
        if "changed" in request.POST:
            open_text: Revision | None = _save(user, window)
        else:
            open_text = _still_newest(window)
    except NewerTextError as error:
        return JsonResponse({"others": others, "newer": _who_and_when(error.newer)}, status=409)
    except NotAllowedError as error:
        return JsonResponse({"others": others, "refused": str(error)}, status=403)
    return JsonResponse(
        {
            "others": others,
            "version": open_text.version if open_text else 0,
            "state": open_text.get_state_display() if open_text else "",
            "at": f"{timezone.localtime():%H:%M}",
        }
    )


def _still_newest(window: Window) -> Revision | None:
    """The open text that the window shows. Raises NewerTextError."""
    open_text, published = window.document.open_text(), window.document.published()
    if open_text and open_text.version != window.version:
        raise NewerTextError(open_text)
    if not open_text and published and published.pk != window.base:
        raise NewerTextError(published)
    return open_text


def _who_and_when(newer: Revision) -> str:
    who = (newer.author.get_full_name() or newer.author.get_username()) if newer.author else "An import"
    return f"{who} saved this document at {timezone.localtime(newer.saved):%H:%M}" + (f": “{newer.note}”" if newer.note else "")


def condition(request: HttpRequest, pk: int) -> JsonResponse:
    """Read or write the condition of the block at a line (from 0) of what the browser shows: the body, or the whole text.

    With `form`: what it says, and the text with it in the block. Without: what stands there.
    """
    _editor(request)
    document = get_object_or_404(Document, pk=pk)
    text = text_of(document.path, request.POST)
    guide, _ = checking.read_with(document.path, text)
    block = builder.block_at(text, number_of(request.POST.get("line", "")) + _lines_before(request, text))
    answer: dict[str, Any] = {"block": f"{block.kind} | {block.title}" if block else "", "form": None}
    if "form" in request.POST:
        try:
            when: Any = builder.when_of(builder.form_of(json.loads(request.POST["form"])))
        except (ValueError, RecursionError) as error:
            return JsonResponse({"wrong": str(error)}, status=400)
        if block:
            changed = builder.with_when(text, block, when)
            answer["text"] = front_and_body(changed)[1] if "body" in request.POST else changed
        answer["when"] = builder.written(when)
    else:
        when = builder.when_in(text, block) if block else None
        try:
            answer["form"] = builder.as_data(builder.simplest(builder.read(when)))
        except builder.TooDeepError:
            answer["deep"] = True
    try:
        told = builder.tell(when, guide)
        answer |= {"sentence": told.sentence, "count": told.share.count, "of": told.share.of, "example": told.example}
    except ConditionError as error:
        answer["wrong"] = str(error)
    return JsonResponse(answer)


def find(request: HttpRequest) -> JsonResponse:
    """Sources, or pages and treatments to link to, by some of their words."""
    _editor(request)
    wanted = request.POST.get("words", "").lower().split()
    guide = checking.with_drafts()
    if request.POST.get("for") == "sources":
        entries = [(id, source.title, f"{source.publisher}, {source.date}") for id, source in guide.sources.items()]
    else:
        entries = [] if request.POST.get("for") == "treatments" else [(f"page:{page.slug}", page.title, "page") for page in guide.pages]
        entries += [
            (f"treatment:{slug}", treatment.title, ", ".join((*treatment.brands, *treatment.also)) or "treatment")
            for slug, treatment in guide.treatments.items()
        ]
    found = [entry for entry in entries if all(word in " ".join(entry).lower() for word in wanted)]
    return JsonResponse({"found": [{"id": id, "title": title, "more": more} for id, title, more in found[:_MOST_FOUND]], "all": len(found)})


# New documents


def new(request: HttpRequest) -> HttpResponse:
    """Begin a document: its kind and its name make the path; the headings that it needs are there already."""
    user = _editor(request)
    guide = checking.current()
    form = NewDocumentForm(guide, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            document = workflow.begin(form.cleaned_data["path"], lines_of(form.skeleton()), by=user, note=form.cleaned_data["note"])
        except NotAllowedError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, "A draft is begun. Readers do not see it until it is published.")
            return HttpResponseRedirect(reverse("admin:edit", args=[document.pk]))
    context = {**admin.site.each_context(request), "title": "New document", "form": form}
    return TemplateResponse(request, "admin/guide/document_new.html", context, status=422 if form.errors else 200)
