"""Deletes plans that nobody opened for two years, and view codes whose time is long over.

What is deleted is gone for good, and how old a plan is, only the clock says. So it deletes nothing where the clock
does not go with what the database knows, or where more would go than a day's worth.
"""

from __future__ import annotations

import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db.models import Max
from django.utils import timezone

from guide.editing.models import Edition
from guide.plans.models import Plan
from guide.plans.sharing import ViewCode

A_DAY = datetime.timedelta(days=1)
# So long after the last sign of life even view codes are gone: given that day for a month, and kept for one more.
# Whatever a quiet site still has to forget after that is plans.
QUIET = datetime.timedelta(days=62)
ONE_IN = 10  # of all plans, at most
HANDFUL = 2  # plans that may always go: on a small site they are more than one in ten


class Command(BaseCommand):
    """Run it daily."""

    help = "Delete plans that were not opened for two years."

    def add_arguments(self, parser: CommandParser) -> None:
        """Options."""
        parser.add_argument("--yes-delete", type=int, metavar="N", help="the clock is right: delete, if it is no more than N plans")

    def handle(self, *args: Any, **options: Any) -> None:
        """Delete, and say how many. Raises CommandError, and deletes nothing, where the clock or the number looks wrong."""
        today = timezone.now().date()
        plans, codes = Plan.objects.old(today).count(), ViewCode.objects.old().count()
        allowed = options["yes_delete"]
        doubt = _doubt(today, plans) if plans or codes else ""
        if doubt and (allowed is None or plans > allowed):
            raise CommandError(f"{doubt} Nothing was deleted. If all is right: manage.py forget_old_plans --yes-delete {plans}")
        ViewCode.objects.forget_old()
        self.stdout.write(f"{Plan.objects.forget_old(today)} plans deleted.")


def _doubt(today: datetime.date, plans: int) -> str:
    """What speaks against deleting so many plans today; empty where nothing does."""
    opened = Plan.objects.aggregate(newest=Max("opened"))["newest"] or datetime.date.min
    newest, of = max(opened, Edition.objects.day()), Plan.objects.count()
    if newest > today + A_DAY:
        return f"The clock says {today}, but a plan was opened, or an edition published, on {newest}."
    if newest < today - QUIET:
        return f"The clock says {today}, but no plan was opened, and no edition published, since {newest}."
    if plans > HANDFUL and plans * ONE_IN > of:
        return f"{plans} of {of} plans would be deleted, which is more than one in {ONE_IN}. The clock says {today}."
    return ""
