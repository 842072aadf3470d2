"""How many plans there are, for those who run the server. Nobody sees a plan here: only its code opens it."""

from __future__ import annotations

import datetime
from collections import Counter
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count
from django.db.models.functions import TruncMonth
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path

from guide.plans.models import KEPT_FOR, Plan
from guide.plans.sharing import ViewCode


def plans_by_month() -> list[tuple[datetime.date, int]]:
    """The first day of each month, and how many plans are forgotten in it unless they are opened before."""
    found: Counter[datetime.date] = Counter()
    for opened, count in Plan.objects.order_by().values_list("opened").annotate(count=Count("pk")):
        found[(opened + KEPT_FOR).replace(day=1)] += count
    return sorted(found.items())


def view_codes_by_month() -> list[tuple[datetime.date, int]]:
    """The first day of each month, and how many view codes end in it."""
    months = ViewCode.objects.annotate(month=TruncMonth("expires")).order_by("month").values_list("month").annotate(count=Count("pk"))
    return [(month.date(), count) for month, count in months]


@admin.register(Plan)
class PlanCounts(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """One page of counts in the place of the list; there is no page for a plan."""

    def get_urls(self) -> list[URLPattern]:
        """The counts alone."""
        return [path("", self.admin_site.admin_view(self.changelist_view), name="guide_plan_changelist")]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Counts by month."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        plans, codes = plans_by_month(), view_codes_by_month()
        context = {
            **self.admin_site.each_context(request),
            "title": "Plans, counted",
            "tables": [
                ("Plans", "Forgotten in, unless opened before", plans, sum(count for _, count in plans)),
                ("View codes for care teams", "End in", codes, sum(count for _, count in codes)),
            ],
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/plan_counts.html", context)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Superusers."""
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Plan | None = None) -> bool:
        """Superusers, whatever else somebody may be given."""
        return bool(request.user.is_active and getattr(request.user, "is_superuser", False))

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nobody."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Plan | None = None) -> bool:
        """Nobody."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Plan | None = None) -> bool:
        """Nobody."""
        return False
