"""The editors' desk: Django's admin, with pages of our own for writing, reviewing and publishing."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast

from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, reverse
from django.utils.cache import add_never_cache_headers
from django.utils.http import urlencode

from guide.editing import guarding
from guide.editing.audit import record
from guide.editing.home import desk_of
from guide.editing.views import blocks, conflicts, editions, editor, home, live, new, reviewing, signing_in

View = TypeVar("View", bound=Callable[..., HttpResponseBase])


class Desk(AdminSite):
    """Only staff come in. The pages of each module stand beside Django's own."""

    site_header = site_title = "Editors’ desk"
    enable_nav_sidebar = False

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Ours first: Django's catch-all stands last."""
        ours = [
            *signing_in.urls(self),
            *editor.urls(self),
            *live.urls(self),
            *blocks.urls(self),
            *new.urls(self),
            *reviewing.urls(self),
            *editions.urls(self),
            *conflicts.urls(self),
            *home.urls(self),
        ]
        return [*ours, *super().get_urls()]

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff, after the password and the code."""
        return super().has_permission(request) and request.user.is_verified()  # type: ignore[union-attr]  # set by django-otp

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """Staff only. What somebody typed whose session ended meanwhile waits until they signed in again."""
        inner = super().admin_view(view, cacheable)
        answer = getattr(view, "gives_back", None)

        @wraps(inner)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if answer and request.POST and not self.has_permission(request):
                back: HttpResponse = answer(request, 403, signed_out=True)
                add_never_cache_headers(back)
                return back
            return inner(request, *args, **kwargs)

        return cast(View, guarded)

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Ask for the password; who gave it goes on to the code."""
        if request.method == "GET" and super().has_permission(request) and not self.has_permission(request):
            wanted = request.GET.get("next", reverse("admin:index"))
            return HttpResponseRedirect(f"{reverse('admin:code')}?{urlencode({'next': wanted})}")
        return super().login(request, extra_context)

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Sign out, also between password and code."""
        if request.method == "POST" and isinstance(request.user, User):
            record(request.user, "signed out", request.user.get_username())
        return super().logout(request, extra_context)

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """Change one's own password; every other session of the same person ends. Who guesses the old one is signed out."""
        response = super().password_change(request, extra_context)
        user = request.user
        if not isinstance(user, User) or request.method != "POST":
            return response
        if response.status_code == 302:
            record(user, "changed a password", user.get_username())
        elif "old_password" in (response.context_data or {})["form"].errors:
            record(user, "gave a wrong password", user.get_username(), "for a new one")
            if guarding.guessed_wrong(request):
                return HttpResponseRedirect(reverse("admin:login"))  # type: ignore[return-value]  # as Django's own view does
        return response

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        """What waits for this person stands above the lists of everything."""
        user = request.user
        waits = desk_of(user, request.GET.get("all", "")) if user.has_perm("guide.view_document") else None  # type: ignore[arg-type]  # never a stranger here
        own = self.each_context(request)
        context = {**own, "app_list": own["available_apps"], "title": "Editors’ desk", "desk": waits, **(extra_context or {})}
        request.current_app = self.name
        return TemplateResponse(request, self.index_template or "admin/index.html", context)
