"""Signing in takes two steps: the password (Django's page), then a code. These are the pages around the code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import django_otp
from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django_otp.models import Device

from guide.editing import second_factor
from guide.editing.audit import record
from guide.editing.guarding import start_session
from guide.editing.second_factor import WaitError

_BEGUN = "second factor begun"  # in the session: which device it sets up
_WRONG = "This code is not right, or it was used before. Wait for the next code and type that."


def urls(desk: AdminSite) -> list[URLPattern]:
    """The first three are for those who gave their password only, the others for staff who are all the way in."""
    return [
        path("logout/", never_cache(desk.logout), name="logout"),
        path("code/", _halfway(code), name="code"),
        path("set-up/", _halfway(set_up), name="set_up"),
        path("account/", desk.admin_view(account), name="account"),
        path("account/backup-codes/", desk.admin_view(require_POST(backup_codes)), name="backup_codes"),
        path("account/sign-out-elsewhere/", desk.admin_view(require_POST(sign_out_elsewhere)), name="sign_out_elsewhere"),
    ]


def _halfway(view: Callable[[HttpRequest, User], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Only for staff between the password and the code."""

    @never_cache
    @sensitive_post_parameters()
    def guarded(request: HttpRequest) -> HttpResponse:
        if not isinstance(request.user, User) or not AdminSite.has_permission(admin.site, request):
            return HttpResponseRedirect(_with_next(request, "admin:login"))
        if request.user.is_verified():  # type: ignore[attr-defined]  # set by django-otp
            return HttpResponseRedirect(_next(request))
        return view(request, request.user)

    return guarded


def code(request: HttpRequest, user: User) -> HttpResponse:
    """Ask for a code."""
    if not second_factor.is_set_up(user):
        return HttpResponseRedirect(_with_next(request, "admin:set_up"))
    problem = ""
    if request.method == "POST":
        try:
            device = second_factor.check(user, request.POST.get("code", ""))
        except WaitError as error:
            problem = str(error)
        else:
            if device:
                _all_the_way_in(request, user, device)
                return HttpResponseRedirect(_next(request))
            record(None, "gave a wrong code", user.get_username(), name="somebody with the password")
            problem = _WRONG
    return _page(request, "second_factor_code", {"title": "A code from your phone", "problem": problem, "next": _next(request)})


def set_up(request: HttpRequest, user: User) -> HttpResponse:
    """Show the secret, take a code as a proof that the app has it, then show backup codes once."""
    if second_factor.is_set_up(user):
        return HttpResponseRedirect(_with_next(request, "admin:code"))
    device = second_factor.begin(user, request.session.get(_BEGUN))
    request.session[_BEGUN] = device.pk
    problem = ""
    if request.method == "POST":
        try:
            if second_factor.confirm(device, request.POST.get("code", "")):
                codes = second_factor.make_backup_codes(user)
                record(user, "set up the second factor", user.get_username())
                device.refresh_from_db()
                _all_the_way_in(request, user, device)
                return _codes(request, codes)
            problem = _WRONG
        except WaitError as error:
            problem = str(error)
    context = {
        "title": "Set up codes from your phone",
        "square": second_factor.square(device),
        "secret": second_factor.secret_of(device),
        "address": device.config_url,
        "problem": problem,
        "next": _next(request),
    }
    return _page(request, "second_factor_set_up", context)


def account(request: HttpRequest, problem: str = "") -> HttpResponse:
    """Their password, their backup codes, their sessions."""
    left = second_factor.backup_codes_left(_user(request))
    return _page(request, "second_factor_account", {"title": "How you sign in", "left": left, "problem": problem})


def backup_codes(request: HttpRequest) -> HttpResponse:
    """New backup codes, for who has a code now: an open window alone is not enough."""
    user = _user(request)
    try:
        if second_factor.check(user, request.POST.get("code", "")):
            codes = second_factor.make_backup_codes(user)
            record(user, "made new backup codes", user.get_username())
            return _codes(request, codes)
        record(user, "gave a wrong code", user.get_username(), "for new backup codes")
        return account(request, _WRONG)
    except WaitError as error:
        return account(request, str(error))


def sign_out_elsewhere(request: HttpRequest) -> HttpResponse:
    """End their other sessions."""
    user = _user(request)
    ended = second_factor.end_sessions(user, but=request.session.session_key)
    record(user, "signed out elsewhere", user.get_username(), f"sessions: {ended}")
    messages.success(request, f"Signed out everywhere else. Other sessions that ended: {ended}.")
    return HttpResponseRedirect(reverse("admin:account"))


def _all_the_way_in(request: HttpRequest, user: User, device: Device) -> None:
    django_otp.login(request, device)
    request.session.cycle_key()
    request.session.pop(_BEGUN, None)
    start_session(request)
    left = second_factor.backup_codes_left(user)
    backup = not hasattr(device, "last_t")
    record(user, "signed in", user.get_username(), f"with a backup code, {left} left" if backup else "")
    if backup:
        messages.warning(request, f"You used a backup code; {left} are left. You can make new ones under “How you sign in”.")


def _codes(request: HttpRequest, codes: list[str]) -> HttpResponse:
    return _page(request, "second_factor_codes", {"title": "Your backup codes", "codes": codes, "next": _next(request)})


def _page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    status = 422 if context.get("problem") else 200
    return TemplateResponse(request, f"admin/{template}.html", {**admin.site.each_context(request), **context}, status=status)


def _next(request: HttpRequest) -> str:
    """Where they wanted to go, if that is a page of the desk."""
    desk = reverse("admin:index")
    wanted = request.POST.get("next") or request.GET.get("next") or desk
    here = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if here and wanted.startswith(desk) else desk


def _with_next(request: HttpRequest, name: str) -> str:
    return f"{reverse(name)}?{urlencode({'next': _next(request)})}"


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise TypeError("a stranger past the desk's door")
    return request.user
