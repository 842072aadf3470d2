"""What the editor asks for while somebody types: checks, saves, things to link to and to cite."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_POST

from guide.content.text import read
from guide.editing import checking, drafts
from guide.editing.forms import text_of
from guide.editing.models import Document, Revision
from guide.editing.together import Presence
from guide.editing.views.mistakes import shown
from guide.editing.views.window import Window, editor_of, save_window, typed_window, who_and_when
from guide.editing.workflow import NewerTextError, NotAllowedError, says_the_same

_MOST_FOUND = 12


def urls(desk: AdminSite) -> list[URLPattern]:
    """The addresses that the editor asks, for staff only."""
    return [
        path("documents/find/", desk.admin_view(require_POST(find)), name="find"),
        path("documents/<int:pk>/check/", desk.admin_view(require_POST(check)), name="check"),
        path("documents/<int:pk>/save/", desk.admin_view(require_POST(save)), name="save"),
    ]


def check(request: HttpRequest, pk: int) -> JsonResponse:
    """Mistakes, reading grade and hard sentences of a text, with their lines. Saves nothing."""
    user, document = editor_of(request), get_object_or_404(Document, pk=pk)
    text = text_of(document.path, request.POST)
    found = checking.check(document.path, text)
    return JsonResponse(
        {
            "before": _lines_before(request, document.path, text),
            "mistakes": shown(found.mistakes, user),
            "grade": found.grade.plain if found.grade else None,
            "hard": [{"says": hard.says, "grade": hard.grade, "line": hard.line} for hard in found.hard],
        }
    )


def _lines_before(request: HttpRequest, path: str, text: str) -> int:
    """How many lines of the text stand above those that the browser shows: the fields and the two lines around them, or none."""
    return read(path, text).body_line - 1 if "body" in request.POST else 0


def save(request: HttpRequest, pk: int) -> JsonResponse:
    """Save a draft while somebody types (`changed`), or only say that this window is still open; and tell of others.

    `newer`: another text stands there by now. A save is refused then (409). A window that saves nothing clashes with
    nothing: it is told that it shows an earlier text.
    """
    user, document = editor_of(request), get_object_or_404(Document, pk=pk)
    window = typed_window(request, document)
    others = [one.get_full_name() or one.get_username() for one in Presence.objects.note(document, user)]
    saves = "changed" in request.POST
    try:
        open_text = save_window(user, window) if saves else _still_newest(window)
    except NewerTextError as error:
        return JsonResponse({"others": others, "newer": who_and_when(error.newer, user)}, status=409 if saves else 200)
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
    same = open_text is None or says_the_same(open_text, window.text, window.note, window.for_readers)
    if open_text and open_text.version != window.version and not same:
        raise NewerTextError(open_text)
    if not open_text and published and published.pk != window.base:
        raise NewerTextError(published)
    return open_text


def find(request: HttpRequest) -> JsonResponse:
    """Sources, or pages and treatments to link to, by some of their words."""
    editor_of(request)
    wanted = request.POST.get("words", "").lower().split()
    guide = drafts.with_drafts()
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
