"""The app."""

from django.apps import AppConfig


class GuideConfig(AppConfig):
    """One app: features are packages inside it."""

    name = "guide"
    verbose_name = "Guide"
