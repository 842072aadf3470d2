"""Publishes planned editions whose time has come."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from guide.editing.releases import Release, publish_due


class Command(BaseCommand):
    """Readers' requests do the same; run it from a timer where there may be none for long."""

    help = "Publish planned editions whose time has come. The exit code is 1 where one could not be published."

    def handle(self, *args: Any, **options: Any) -> None:
        """Publish, and say what came of it."""
        done = publish_due()
        for release in done:
            self.stdout.write(f"{release}: {release.get_state_display()}. {release.problem}".strip())
        if any(release.state == Release.State.FAILED for release in done):
            raise CommandError("Not every planned edition could be published. Publishers find the reason at the desk, under Editions.")
