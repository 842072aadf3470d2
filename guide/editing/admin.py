"""Documents and revisions in Django's admin: the list of all documents, and every text that there ever was, to read."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Case, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Substr
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html

from guide.editing.home import HEAD, title_in
from guide.editing.models import Document, Revision


@admin.register(Document)
class DocumentAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """Every document with its state. A document opens in the editor."""

    list_display = ("title", "state", "last_change")
    search_fields = ("path", "revisions__text")
    list_per_page = 30
    show_full_result_count = False
    actions = None

    def get_queryset(self, request: HttpRequest) -> QuerySet[Document]:
        """With what the list shows of their texts, so that it needs one query."""
        texts = Revision.objects.filter(document=OuterRef("pk"))
        published = texts.filter(state=Revision.State.PUBLISHED).order_by("-edition__number")
        newest = texts.order_by("-pk")
        listed: QuerySet[Document] = super().get_queryset(request)
        return listed.annotate(
            edition=Subquery(published.values("edition__number")[:1]),
            removed=Subquery(published.values("removed")[:1]),
            # There is one at most. In the order of an index, so that the database does not look through the whole history.
            head=Subquery(newest.filter(removed=False).values(first=Substr("text", 1, HEAD))[:1]),
            open_state=Subquery(texts.filter(state__in=Revision.OPEN).order_by("state").values("state")[:1]),
            saved=Subquery(newest.values("saved")[:1]),
            author=Subquery(newest.values("author__username")[:1]),
            note=Subquery(newest.values("note")[:1]),
        )

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Document], search_term: str) -> tuple[QuerySet[Document], bool]:
        """Titles with the words first, files that are no page last."""
        found, twice = super().get_search_results(request, queryset, search_term)
        if not search_term.strip():
            return found, twice
        in_title = Q(head__iregex=rf"(^|\n)title: [^\n]*{re.escape(search_term.strip())}")
        rank = Case(When(in_title, then=0), When(path__endswith=".md", then=1), default=2)
        return found.order_by(rank, "path"), twice

    @admin.display(description="document", ordering="path")
    def title(self, document: Any) -> str:
        """Its title in the newest text, and its file."""
        title = title_in(document.head or "", "")
        return format_html('{} <span class="file">{}</span>', title, document.path) if title else document.path

    @admin.display(description="state")
    def state(self, document: Any) -> str:
        """What readers see of it, and whether a text is on its way."""
        parts = []
        if document.edition:
            parts.append("removed" if document.removed else f"published in edition {document.edition}")
        if document.open_state:
            parts.append(f"{Revision.State(document.open_state).label} on its way")
        return "; ".join(parts)

    @admin.display(description="last change")
    def last_change(self, document: Any) -> str:
        """Who, when, why."""
        return f"{document.saved:%Y-%m-%d %H:%M}, {document.author or 'import'}: {document.note}" if document.saved else ""

    def has_delete_permission(self, request: HttpRequest, obj: Document | None = None) -> bool:
        """A document goes by a removal that is reviewed; its history stays."""
        return False

    def change_view(self, request: HttpRequest, object_id: str, *args: Any, **kwargs: Any) -> HttpResponse:
        """The editor for those who may write, the history for those who may read."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        document = self.get_object(request, object_id)
        if document is None:
            return HttpResponseRedirect(reverse("admin:guide_document_changelist"))
        page = "admin:edit" if self.has_change_permission(request) else "admin:history"
        return HttpResponseRedirect(reverse(page, args=[document.pk]))

    def add_view(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """A page of our own."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        return HttpResponseRedirect(reverse("admin:new"))


@admin.register(Revision)
class RevisionAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Every text: to read only."""

    list_display = ("document", "state", "edition", "author", "created", "note")
    list_filter = ("state", "author")
    search_fields = ("document__path", "note", "text")
    list_select_related = ("document", "edition", "author")
    fields = ("document", "state", "edition", "author", "created", "note", "for_readers", "text")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Made by the steps of a text."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Revision | None = None) -> bool:
        """Append-only."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Revision | None = None) -> bool:
        """Append-only."""
        return False
