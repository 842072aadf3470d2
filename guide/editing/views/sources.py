"""Add a source."""

from __future__ import annotations

from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from guide.content.whole import SOURCES
from guide.editing.models import Document
from guide.editing.sources import NewSourceForm, add_source


def urls(desk: AdminSite) -> list[URLPattern]:
    """The address of this page, for staff only."""
    return [path("sources/new/", desk.admin_view(new_source), name="new_source")]


def new_source(request: HttpRequest) -> HttpResponse:
    """Ask for a source, and add it to the draft of the list of sources."""
    if not isinstance(request.user, User) or not request.user.has_perm("guide.change_document"):
        raise PermissionDenied
    form = NewSourceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        id = add_source(form.cleaned_data, by=request.user)
        draft = reverse("admin:edit", args=[Document.objects.get(path=SOURCES).pk])
        messages.success(
            request,
            format_html(
                'Added. “Source…” finds it from now on, as {}. When it is cited, send <a href="{}">the list of sources</a> to review too.',
                id,
                draft,
            ),
        )
        return HttpResponseRedirect(reverse("admin:new_source"))
    context = {**admin.site.each_context(request), "title": "New source", "form": form}
    return TemplateResponse(request, "admin/guide/source_new.html", context, status=422 if form.errors else 200)
