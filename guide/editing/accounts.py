"""Accounts, groups and the audit log in Django's admin. Superusers give and take rights, and the log tells who did."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.models import LogEntry
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, User
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from guide.editing import second_factor
from guide.editing.audit import AuditEntry, record

# Their own pages would show the secrets of other people's phones.
admin.site.unregister([User, Group, TOTPDevice, StaticDevice])


class _Logged(admin.ModelAdmin):  # type: ignore[type-arg]  # not generic at run time
    """For superusers only, and every change stands in the audit log."""

    def rights(self, one: Any) -> str:
        """What it may do after the change."""
        raise NotImplementedError

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """In the log."""
        self._record(request, f"added {self.opts.verbose_name}", obj, self.rights(obj))
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """In the log, with what it may do now."""
        what = LogEntry(change_message=json.dumps(message)).get_change_message()
        self._record(request, f"changed {self.opts.verbose_name}", obj, f"{what} Now: {self.rights(obj)}")
        return super().log_change(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        """In the log."""
        for one in queryset:
            self._record(request, f"deleted {self.opts.verbose_name}", one, self.rights(one))
        return super().log_deletions(request, queryset)

    def _record(self, request: HttpRequest, action: str, about: object, detail: str) -> None:
        record(request.user if isinstance(request.user, User) else None, action, about, detail)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Superusers."""
        return _is_superuser(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers."""
        return _is_superuser(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Superusers."""
        return _is_superuser(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers."""
        return _is_superuser(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Superusers."""
        return _is_superuser(request)


@admin.register(User)
class AccountAdmin(_Logged, UserAdmin):  # type: ignore[type-arg]
    """Accounts. None is deleted: the history names it, and who wrote a text may not approve it. Switch it off instead."""

    list_display = ("username", "first_name", "last_name", "in_groups", "is_active", "is_superuser", "has_code", "last_login")
    actions = ("reset_second_factor",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        """With what the list shows."""
        code = Exists(TOTPDevice.objects.filter(user=OuterRef("pk"), confirmed=True))
        accounts: QuerySet[User] = super().get_queryset(request)
        return accounts.annotate(code=code).prefetch_related("groups")

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Nobody."""
        return False

    @admin.display(description="groups")
    def in_groups(self, user: User) -> str:
        """By name."""
        return ", ".join(group.name for group in user.groups.all())

    @admin.display(description="second factor", boolean=True, ordering="code")
    def has_code(self, user: Any) -> bool:
        """Whether an app makes codes for them."""
        return bool(user.code)

    @admin.action(description="Reset the second factor (lost phone)", permissions=["change"])
    def reset_second_factor(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """With a new password they set it up anew."""
        for user in queryset:
            if user == request.user:
                messages.error(
                    request, "Your own you cannot reset here: you would be shut out. Somebody else can, or the command on the server."
                )
                continue
            second_factor.reset(user)
            self._record(request, "reset the second factor", user, "")
            page = reverse("admin:auth_user_password_change", args=[user.pk])
            messages.success(
                request, format_html('Give {} a <a href="{}">new password now</a>. With it they set up codes anew.', user, page)
            )

    def rights(self, one: User) -> str:
        """Groups, and what is given to the person alone."""
        marks = [name for name in ("active", "staff", "superuser") if getattr(one, f"is_{name}")]
        groups = sorted(one.groups.values_list("name", flat=True))
        alone = sorted(one.user_permissions.values_list("codename", flat=True))
        return "; ".join(
            [", ".join(marks) or "no account", f"groups: {', '.join(groups) or 'none'}", *([", ".join(alone)] if alone else [])]
        )


@admin.register(Group)
class RoleAdmin(_Logged, GroupAdmin):
    """Groups."""

    def rights(self, one: Group) -> str:
        """Its permissions."""
        return ", ".join(sorted(one.permissions.values_list("codename", flat=True))) if one.pk else ""


class _Person(admin.RelatedOnlyFieldListFilter):
    """Those who stand in the log."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.title = "person"


@admin.register(AuditEntry)
class AuditAdmin(admin.ModelAdmin):  # type: ignore[type-arg]
    """Who did what, and when: to read only."""

    list_display = ("when", "name", "what")
    list_display_links = None
    list_filter = (("by", _Person),)
    date_hierarchy = "at"
    search_fields = ("name", "action", "about", "detail")
    actions = None

    @admin.display(ordering="at")
    def when(self, entry: AuditEntry) -> str:
        """To the second, in the server's time zone."""
        return f"{timezone.localtime(entry.at):%Y-%m-%d %H:%M:%S}"

    def what(self, entry: AuditEntry) -> str:
        """What they did, with its details."""
        return f"{entry.action}: {entry.about}" + (f" ({entry.detail})" if entry.detail else "")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Made by what people do."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        """Append-only."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: AuditEntry | None = None) -> bool:
        """Append-only."""
        return False


def _is_superuser(request: HttpRequest) -> bool:
    return bool(request.user.is_active and isinstance(request.user, User) and request.user.is_superuser)
