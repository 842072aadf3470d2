"""The admin site of this project is the editors' desk."""

from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    """Puts our site in the place of Django's."""

    default_site = "guide.editing.site.Desk"
