"""A document as readers would see it, before it is saved."""

from __future__ import annotations

from django.contrib.admin.views.decorators import staff_member_required
from django.contrib.auth.decorators import permission_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from guide.content.errors import ContentError
from guide.content.whole import documents
from guide.http import page, personal
from guide.library import previewed
from guide.reading.views import show


@staff_member_required
@permission_required("guide.change_document", raise_exception=True)
@personal
@require_POST
def preview(request: HttpRequest) -> HttpResponse:
    """Every mistake in the text, or the page that it makes."""
    path = request.POST.get("path", "")
    try:
        guide = previewed(path, request.POST.get("text", "").replace("\r\n", "\n"))
    except ContentError as error:
        return page(request, "reading/preview.html", {"path": path, "mistakes": error.mistakes}, status=422)
    document = next((document for document in documents(guide) if document.path == path), None)
    if document is not None:
        return show(request, guide, document)
    question = next((question for question in guide.questions if question.path == path), None)
    return page(request, "reading/preview.html", {"path": path, "question": question})
