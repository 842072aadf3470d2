"""The editors' desk: Django's admin, with pages of our own for writing, reviewing and publishing."""

from __future__ import annotations

from django.contrib.admin import AdminSite
from django.urls import URLPattern, URLResolver

from guide.editing.views import conflicts, editions, editor, reviewing


class Desk(AdminSite):
    """Only staff come in. The pages of each module stand beside Django's own."""

    site_header = site_title = "Editors’ desk"
    enable_nav_sidebar = False

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Ours first: Django's catch-all stands last."""
        ours = [*editor.urls(self), *reviewing.urls(self), *editions.urls(self), *conflicts.urls(self)]
        return [*ours, *super().get_urls()]
