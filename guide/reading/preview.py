"""A document as readers would see it, before it is saved."""

from __future__ import annotations

import dataclasses

from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.views.decorators.http import require_POST

from guide.content.documents import Document, Guide, Source, documents
from guide.editing.drafts import read_with
from guide.editing.forms import text_of
from guide.http import page, personal
from guide.reading.views import show


@permission_required("guide.change_document", raise_exception=True)
@personal
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Every mistake in the text, or the page that it makes. `live`: as much of the page as can be shown, beside the editor."""
    path = request.POST.get("path", "")
    guide, mistakes = read_with(path, text_of(path, request.POST))
    if mistakes and "live" not in request.POST:
        return page(request, "reading/preview.html", {"path": path, "mistakes": mistakes}, status=422)
    document = next((document for document in documents(guide) if document.path == path), None)
    if document is not None:
        try:
            shown = show(request, _mended(guide, document), document)
            return shown.render() if isinstance(shown, TemplateResponse) else shown
        except KeyError:
            # What the page hangs on is missing; the editor lists it.
            return page(request, "reading/preview.html", {"path": path, "mistakes": mistakes}, status=422)
    question = next((question for question in guide.questions if question.path == path), None)
    return page(request, "reading/preview.html", {"path": path, "question": question})


def _mended(guide: Guide, document: Document) -> Guide:
    """The guide with a stand-in for every source that is not there, so that the rest of the page can be shown."""
    missing = {
        id: Source(id, f"There is no source {id}", "", "", document.checked) for id in document.body.sources if id not in guide.sources
    }
    return dataclasses.replace(guide, sources={**guide.sources, **missing}) if missing else guide
