"""What the first page of the desk leaves for a moment later: mistakes in open texts."""

from __future__ import annotations

from django.contrib import admin
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from guide.editing import home
from guide.editing.models import Edition


def urls(desk: AdminSite) -> list[URLPattern]:
    """The addresses of these pages, for staff only."""
    return [path("mistakes/", desk.admin_view(mistakes), name="mistakes")]


def mistakes(request: HttpRequest) -> HttpResponse:
    """Check all open texts, and show what is wrong: a part of the first page, or a page by itself."""
    if not isinstance(request.user, User) or not request.user.has_perm("guide.view_document"):
        raise PermissionDenied
    edition = Edition.objects.first()
    if edition:
        home.find_mistakes(edition)
    found = home.desk_of(request.user, "mistakes")
    context = {
        **admin.site.each_context(request),
        "title": home.MISTAKES,
        "section": next((section for section in (*found.act, *found.look) if section.key == "mistakes"), None),
    }
    part = "#mistakes" if request.headers.get("HX-Request") else ""
    return TemplateResponse(request, f"admin/guide/editions_mistakes.html{part}", context)
