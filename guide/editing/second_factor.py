"""The second step of signing in: a code that an app on a phone makes (TOTP, RFC 6238), or a backup code.

Packages do the counting: django-otp takes each code once (RFC 6238, section 5.2), and after wrong codes
lets nobody try for 1, 2, 4, ... seconds, up to about nine minutes.
"""

from __future__ import annotations

import math
import re
import secrets
from base64 import b32encode

import segno
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django_otp.models import Device
from django_otp.plugins.otp_static.models import StaticDevice, StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from guide.storage import writing

BACKUP_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # without those that look like others
_LENGTH = 10  # 49 bits; who guesses has to wait ever longer
_MOST_WAITS = 10  # doublings of a second: about nine minutes, so that whoever has the password cannot shut the person out for ever
_APP_CODE = re.compile(r"\d{6}", re.ASCII)


class WaitError(Exception):
    """There were wrong codes, and it is too early for another. `seconds`: until then."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"There were wrong codes. Wait {max(seconds, 2)} seconds, then type the newest code.")
        self.seconds = seconds


def is_set_up(user: User) -> bool:
    """Whether an app of theirs makes codes for us."""
    return bool(TOTPDevice.objects.filter(user=user, confirmed=True).exists())


def check(user: User, typed: str) -> Device | None:
    """The device that takes this code; None where it is wrong or was used. Raises WaitError."""
    code = re.sub(r"[\s-]", "", typed).lower()
    of_app = bool(_APP_CODE.fullmatch(code))
    with writing():
        theirs = (TOTPDevice if of_app else StaticDevice).objects.filter(user=user, confirmed=True)
        device = theirs.select_for_update().first()
        return device if device and _takes(device, code if of_app else _mark(user, code)) else None


def _takes(device: Device, code: str) -> bool:
    device.throttling_failure_count = min(device.throttling_failure_count, _MOST_WAITS)
    allowed, why = device.verify_is_allowed()
    if not allowed:
        raise WaitError(math.ceil((why["locked_until"] - timezone.now()).total_seconds()))
    return bool(device.verify_token(code))


# Setting it up


def begin(user: User, pk: int | None) -> TOTPDevice:
    """The device that one session sets up, `pk` being what this gave it before.

    Each session has its own: nobody who looked at another session's secret can ever use it.
    """
    with writing():
        begun = TOTPDevice.objects.filter(user=user, confirmed=False)
        mine = begun.filter(pk=pk).first()
        if mine is None:
            begun.delete()
            mine = TOTPDevice.objects.create(user=user, name="app", confirmed=False)
    return mine


def confirm(device: TOTPDevice, typed: str) -> bool:
    """Whether the code shows that the app has the secret; from then on it counts. Raises WaitError."""
    with writing():
        mine = TOTPDevice.objects.select_for_update().filter(pk=device.pk, confirmed=False).first()
        if mine is None or is_set_up(device.user) or not _takes(mine, re.sub(r"\s", "", typed)):
            return False
        mine.confirmed = True
        mine.save(update_fields=["confirmed"])
    return True


def secret_of(device: TOTPDevice) -> str:
    """The secret as people type it: letters and digits in fours."""
    text = b32encode(device.bin_key).decode().rstrip("=")
    return " ".join(text[start : start + 4] for start in range(0, len(text), 4))


def square(device: TOTPDevice) -> str:
    """The same for a camera: an SVG drawing as an address of its own, black on white on any screen."""
    drawn: str = segno.make_qr(device.config_url, error="m").svg_data_uri(scale=4, border=4, dark="#000", light="#fff")
    return drawn


# Backup codes


def make_backup_codes(user: User) -> list[str]:
    """New ones in the place of all others. What is kept are marks of them: they can be shown this once only.

    The marks need the server's SECRET_KEY; with a new one, backup codes have to be made anew.
    """
    codes = ["".join(secrets.choice(_LETTERS) for _ in range(_LENGTH)) for _ in range(BACKUP_CODES)]
    with writing():
        device, _ = StaticDevice.objects.get_or_create(user=user, name="backup codes")
        device.token_set.all().delete()
        StaticToken.objects.bulk_create(StaticToken(device=device, token=_mark(user, code)) for code in codes)
    return [f"{code[:5]}-{code[5:]}" for code in codes]


def backup_codes_left(user: User) -> int:
    """How many were not used yet."""
    return int(StaticToken.objects.filter(device__user=user).count())


def _mark(user: User, code: str) -> str:
    return salted_hmac("guide.editing.second_factor", f"{user.pk} {code}", algorithm="sha256").hexdigest()[:16]


# Taking it away


def reset(user: User) -> None:
    """Forget the app, the backup codes and the password, and end every session. With a new password they set it up anew.

    The password goes too: somebody else may have it, and would be the first to set up a phone.
    """
    user.set_unusable_password()
    with writing():
        user.save(update_fields=["password"])
        for model in (TOTPDevice, StaticDevice):
            model.objects.filter(user=user).delete()
    end_sessions(user)


def end_sessions(user: User, *, but: str | None = None) -> int:
    """Sign them out everywhere, except in the session with this key; how many sessions ended.

    Only staff have sessions, so there are few to look through.
    """
    current = Session.objects.filter(expire_date__gt=timezone.now()).exclude(session_key=but)
    ended = [session.pk for session in current if session.get_decoded().get(SESSION_KEY) == str(user.pk)]
    with writing():
        Session.objects.filter(pk__in=ended).delete()
    return len(ended)
