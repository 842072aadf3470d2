"""Documents that both the files and an editor changed: both texts, and three ways to settle it."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse

from guide.editing.conflicts import Conflict, keep_edit, take_file, take_merged
from guide.editing.diff import difference, folded
from guide.editing.imports import bring_together
from guide.editing.models import Revision
from guide.editing.typed import lines_of, number_of
from guide.editing.views.unsaved import unsaved
from guide.editing.workflow import NewerTextError, NotAllowedError
from guide.failing import gives_back

_SETTLED_SHOWN = 30


def urls(desk: AdminSite) -> list[URLPattern]:
    """The addresses of these pages, for staff only."""
    return [
        path("conflicts/", desk.admin_view(conflicts), name="conflicts"),
        path("conflicts/<int:pk>/", desk.admin_view(conflict), name="conflict"),
    ]


def conflicts(request: HttpRequest) -> HttpResponse:
    """Those that wait, and the last ones that were settled."""
    _user(request)
    settled = Conflict.objects.exclude(settled=None).exclude(how=Conflict.How.SAME).select_related("document", "settled_by")
    context = {
        **admin.site.each_context(request),
        "title": "Changed both in the files and here",
        "waiting": Conflict.objects.waiting().defer("base", "file", "edit"),
        "settled": settled.defer("base", "file", "edit").order_by("-settled")[:_SETTLED_SHOWN],
    }
    return TemplateResponse(request, "admin/guide/conflicts.html", context)


@gives_back(unsaved)
def conflict(request: HttpRequest, pk: int) -> HttpResponse:
    """Both texts beside each other; settle it."""
    user = _user(request)
    shown = get_object_or_404(Conflict.objects.select_related("document", "settled_by"), pk=pk)
    problem, typed = "", None
    if request.method == "POST":
        typed = lines_of(request.POST.get("text", ""))
        try:
            return _settled(request, user, shown, typed)
        except NotAllowedError as error:
            problem = str(error)
            shown.refresh_from_db()
        except NewerTextError as error:
            problem = f"{error} Your text is still below; look at what is new in it, and save again."
    context = {**admin.site.each_context(request), **_texts(shown), "problem": problem}
    if typed is not None:
        context["merged"] = typed
    return TemplateResponse(request, "admin/guide/conflict.html", context, status=422 if problem else 200)


def _user(request: HttpRequest) -> User:
    """Who asks. Raises PermissionDenied."""
    if not isinstance(request.user, User) or not request.user.has_perm("guide.change_document"):
        raise PermissionDenied
    return request.user


def _settled(request: HttpRequest, user: User, conflict: Conflict, text: str) -> HttpResponse:
    if request.POST.get("files") != conflict.mark:
        raise NotAllowedError("The files say something else by now. Look at their new text: this page shows it as it is now.")
    version, base = (number_of(request.POST.get(name, "")) for name in ("version", "base"))
    match request.POST.get("how"):
        case Conflict.How.FILE:
            take_file(conflict, by=user, version=version, base=base)
        case Conflict.How.MERGED:
            take_merged(conflict, text, by=user, version=version, base=base)
        case Conflict.How.EDIT:
            keep_edit(conflict, by=user)
            messages.success(request, f"{conflict.document}: the editors’ text stays. The files’ text is kept here.")
            return HttpResponseRedirect(reverse("admin:conflicts"))
        case _:
            raise NotAllowedError("Choose one of the three.")
    messages.success(request, "It is a draft now. Say what changes, and send it to review.")
    return HttpResponseRedirect(reverse("admin:edit", args=[conflict.document.pk]))


def _texts(conflict: Conflict) -> dict[str, Any]:
    """What the page shows. The editors' side is what they have now: an open text, or else what readers see."""
    open_text = conflict.document.open_text()
    published = conflict.document.published()
    newest = open_text or published
    now = None if newest is None or newest.removed else newest.text
    editors = conflict.edit if conflict.settled else now
    # How lines end is no difference to a person, and a browser does not keep it.
    base, ours, theirs = (lines_of(text or "") for text in (conflict.base, editors, conflict.file))
    merged = bring_together(base, ours, theirs)
    return {
        "title": f"{conflict.document}: changed both in the files and here",
        "conflict": conflict,
        "open_text": open_text,
        "version": open_text.version if open_text else 0,
        "published": published.pk if published else 0,
        "state": open_text.get_state_display() if open_text else Revision.State.PUBLISHED.label,
        "file_gone": conflict.file is None,
        "editors_gone": editors is None,
        "file_changes": folded(difference(base, theirs)),
        "editors_changes": folded(difference(base, ours)),
        "base": conflict.base,
        "file": conflict.file,
        "editors": editors,
        "merged": merged.text,
        "clashes": merged.clashes,
    }
