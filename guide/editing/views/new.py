"""Begin a document, or add a source."""

from __future__ import annotations

from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html

from guide.content.documents import SOURCES
from guide.editing import drafts, workflow
from guide.editing.forms import NewDocumentForm
from guide.editing.models import Document
from guide.editing.sources import NewSourceForm, add_source
from guide.editing.typed import lines_of
from guide.editing.views.unsaved import unsaved
from guide.editing.views.window import editor_of
from guide.editing.workflow import NotAllowedError
from guide.failing import gives_back


def urls(desk: AdminSite) -> list[URLPattern]:
    """The addresses of these pages, for staff only."""
    return [
        path("documents/new/", desk.admin_view(new_document), name="new"),
        path("sources/new/", desk.admin_view(new_source), name="new_source"),
    ]


@gives_back(unsaved)
def new_document(request: HttpRequest) -> HttpResponse:
    """Begin a document: its kind and its name make the path; the headings that it needs are there already."""
    user = editor_of(request)
    guide = drafts.current()
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


@gives_back(unsaved)
def new_source(request: HttpRequest) -> HttpResponse:
    """Ask for a source, and add it to the draft of the list of sources."""
    user = editor_of(request)
    form = NewSourceForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        id = add_source(form.cleaned_data, by=user)
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
