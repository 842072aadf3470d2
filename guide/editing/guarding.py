"""What stands before the desk: slow password hashes, a limit on wrong passwords, and an end to every session."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import cached_property
from typing import Any

from axes.attempts import get_cool_off_threshold
from axes.handlers.database import AxesDatabaseHandler
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.contrib.auth.models import User
from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.crypto import salted_hmac

from guide.addresses import network_of
from guide.editing.audit import record

_NOTED_EVERY = 60  # seconds; a session is not written more often to note that it is used
UNATTENDED = "Unattended"
"""A header of what an open window asks by itself: that is no use of the desk, and does not keep a session alive."""


class Argon2(Argon2PasswordHasher):
    """Argon2id with 19 MiB, twice, on one core (OWASP, Password Storage Cheat Sheet).

    Django's own choice takes 100 MiB a time: a few people who sign in at once would crowd out the readers.
    """

    time_cost = 2
    memory_cost = 19_456  # KiB
    parallelism = 1


# Wrong passwords


def mark_of_name(request: HttpRequest, credentials: dict[str, Any] | None) -> str:
    """What stands for the name that was typed: people type passwords there too, so the name itself is not kept."""
    typed = str((credentials or {}).get("username") or request.POST.get("username", ""))
    return salted_hmac("guide.editing.guarding", typed.casefold(), algorithm="sha256").hexdigest()


class Throttle(AxesDatabaseHandler):  # type: ignore[misc]  # not typed
    """Counts wrong passwords of a name from an address, and of all names from an address; enters them in the audit log."""

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """How many count. An address that tries many names has as many as are too many."""
        of_name = int(super().get_failures(request, credentials))
        recent = AccessAttempt.objects.filter(ip_address=network_of(request), attempt_time__gte=get_cool_off_threshold(request))
        of_address = recent.aggregate(sum=Sum("failures_since_start"))["sum"] or 0
        return max(of_name, settings.AXES_FAILURE_LIMIT) if of_address >= settings.AXES_FAILURES_FROM_AN_ADDRESS else of_name

    def user_login_failed(self, sender: Any, credentials: dict[str, Any], request: HttpRequest | None = None, **kwargs: Any) -> None:
        """Enter it, unless the door was shut already: nobody can fill the log. A name that nobody has is not written down."""
        if request is not None and not request.axes_locked_out:  # type: ignore[attr-defined]  # set by axes
            known = User.objects.filter(username=credentials.get("username")).first()
            record(None, "failed to sign in", known.get_username() if known else "a name that nobody has", name="somebody")
        super().user_login_failed(sender, credentials, request, **kwargs)


# Sessions


class EndOfSession:
    """Signs staff out when they did not use the desk for a while, and at the end of a day however much they did.

    That a session ends with the browser and with a new password is Django's doing. Looks at requests to
    the desk only: what readers do has no session. No answer of the desk is kept in a browser, refusals included:
    after signing out, "back" shows nothing.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Look at the session before the desk does."""
        if not request.path.startswith(self._desk):
            return self.get_response(request)
        if request.user.is_authenticated:
            _look(request)
        response = self.get_response(request)
        add_never_cache_headers(response)
        return response

    @cached_property
    def _desk(self) -> str:
        return reverse("admin:index")


def guessed_wrong(request: HttpRequest) -> bool:
    """Count a wrong password of somebody who is signed in; whether that was one too many, and they are signed out."""
    guesses = request.session["guesses"] = request.session.get("guesses", 0) + 1
    if guesses < settings.AXES_FAILURE_LIMIT:
        return False
    logout(request)
    messages.info(request, "You were signed out: the old password was wrong too often.")
    return True


def start_session(request: HttpRequest) -> None:
    """From now on the time counts."""
    request.session["began"] = request.session["used"] = int(time.time())


def _look(request: HttpRequest) -> None:
    now, session = int(time.time()), request.session
    if "began" not in session:
        start_session(request)
    elif now - session["began"] > settings.SESSION_COOKIE_AGE or now - session["used"] > settings.SESSION_UNUSED_AGE:
        logout(request)
        messages.info(request, "You were signed out: nothing happened here for some time. Sign in again to go on.")
    elif now - session["used"] >= _NOTED_EVERY and UNATTENDED not in request.headers:
        session["used"] = now
