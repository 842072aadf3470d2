"""Publishes planned editions whose time has come."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from guide.editing.releases import publish_due


class Command(BaseCommand):
    """Readers' requests do the same; run it from a timer where there may be none for long."""

    help = "Publish planned editions whose time has come."

    def handle(self, *args: Any, **options: Any) -> None:
        """Publish, and say what came of it."""
        for release in publish_due():
            self.stdout.write(f"{release}: {release.get_state_display()}. {release.problem}".strip())
