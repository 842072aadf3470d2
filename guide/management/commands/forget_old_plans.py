"""Deletes plans that nobody opened for two years, and view codes whose time is long over."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from guide.plans.models import Plan
from guide.plans.sharing import ViewCode


class Command(BaseCommand):
    """Run it daily."""

    help = "Delete plans that were not opened for two years."

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete, and say how many."""
        ViewCode.objects.forget_old()
        self.stdout.write(f"{Plan.objects.forget_old()} plans deleted.")
