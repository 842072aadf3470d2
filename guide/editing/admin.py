"""The editors' desk: documents with their text, preview, publication and history."""

from __future__ import annotations

import contextlib
from typing import Any

from django.contrib import admin, messages
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from guide.content.errors import ContentError
from guide.editing.forms import DocumentForm
from guide.editing.models import Document, Edition, Revision, effects_of

_PUBLISH = "_publish"


@admin.register(Document)
class DocumentAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Documents. Saving makes a draft; publishing makes an edition."""

    form = DocumentForm
    list_display = ("path", "state", "last_change")
    search_fields = ("path", "revisions__text")
    list_per_page = 300
    fields = ("path", "text", "note", "based_on")
    change_form_template = "admin/guide/document_form.html"
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        """With their revisions, so that the list needs few queries."""
        newest_first = Revision.objects.select_related("edition", "author").defer("text")
        return super().get_queryset(request).prefetch_related(Prefetch("revisions", queryset=newest_first, to_attr="history"))

    @admin.display(description="state")
    def state(self, document: Document) -> str:
        """What readers see of it, and whether a draft waits."""
        published = next((revision for revision in document.history if revision.state == Revision.State.PUBLISHED), None)  # type: ignore[attr-defined]
        draft = document.history and document.history[0].state == Revision.State.DRAFT  # type: ignore[attr-defined]
        parts = (
            ["removed" if published.removed else f"published in edition {published.edition.number}" if published.edition else ""]
            if published
            else []
        )
        return "; ".join([*parts, *(["draft waiting"] if draft else [])])

    @admin.display(description="last change")
    def last_change(self, document: Document) -> str:
        """Who, when, why."""
        newest = document.history[0] if document.history else None  # type: ignore[attr-defined]
        return f"{newest.created:%Y-%m-%d %H:%M}, {newest.author or 'import'}: {newest.note}" if newest else ""

    def has_delete_permission(self, request: HttpRequest, obj: Document | None = None) -> bool:
        """A document goes by an import without its file; its history stays."""
        return False

    def changeform_view(self, request: HttpRequest, object_id: str | None = None, *args: Any, **kwargs: Any) -> Any:
        """Read the guide with the new text before the transaction that saves it: nobody has to wait for that."""
        if request.method == "POST" and request.user.has_perm("guide.change_document"):
            document = Document.objects.filter(pk=object_id).first() if object_id else None
            path = document.path if document else request.POST.get("path", "")
            with contextlib.suppress(ContentError):
                Edition.objects.with_changes(Edition.objects.newest(), {path: request.POST.get("text", "").replace("\r\n", "\n")})
        return super().changeform_view(request, object_id, *args, **kwargs)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> HttpResponse:
        """With the history, and the button to publish for those who may."""
        document = kwargs.get("obj")
        context["may_publish"] = request.user.has_perm("guide.publish_document")
        draft = document.draft() if document else None
        context["effects"] = effects_of(draft) if draft else None
        context["revisions"] = document.revisions.select_related("author", "edition")[:50] if document else ()
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Document, form: Any, change: bool) -> None:
        """Save a draft, or publish it as the next edition."""
        super().save_model(request, obj, form, change)
        text, note = form.cleaned_data["text"], form.cleaned_data["note"]
        user = request.user if request.user.is_authenticated else None
        if _PUBLISH in request.POST and request.user.has_perm("guide.publish_document"):
            edition = Edition.objects.publish({obj.path: text}, by=user, note=note, origin=Edition.Origin.ADMIN)
            messages.success(request, f"Published: {edition}. Readers see it within a second or two.")
        else:
            obj.revisions.filter(state=Revision.State.DRAFT).update(state=Revision.State.SUPERSEDED)
            obj.revisions.create(text=text, note=note, author=user)
            messages.success(request, "Draft saved. Readers do not see it until it is published.")

    def response_change(self, request: HttpRequest, obj: Document) -> HttpResponse:
        """Stay with the document."""
        return HttpResponseRedirect(request.path)


@admin.register(Revision)
class RevisionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """The history: to read only."""

    list_display = ("document", "state", "edition", "author", "created", "note")
    list_filter = ("state", "author")
    search_fields = ("document__path", "note", "text")
    list_select_related = ("document", "edition", "author")
    fields = ("document", "state", "edition", "author", "created", "note", "text")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Made by saving a document."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Revision | None = None) -> bool:
        """Append-only."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Revision | None = None) -> bool:
        """Append-only."""
        return False
