"""Signing in: the password, then a code from the phone; wrong ones are slowed down; sessions end."""

from __future__ import annotations

import datetime
import logging
import re
import time
from importlib import import_module
from io import StringIO
from typing import Any

import pytest
from axes.handlers import proxy
from axes.models import AccessAttempt, AccessLog
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import User
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import connection
from django.http.response import HttpResponseBase
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import get_resolver
from django.utils import timezone
from django_otp import oath
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice
from pytest_django.fixtures import Settings

from guide.addresses import network_of
from guide.editing import guarding, second_factor
from guide.editing.audit import AuditEntry
from guide.editing.models import Edition
from tests.django_fixtures import sign_in
from tests.visits import addresses, html, start_plan

PASSWORD = "a long test password"
FAR = 40  # steps of 30 seconds: a code of another time


@pytest.fixture
def kim(garden: Edition) -> User:
    """On the staff; never signed in so far."""
    return User.objects.create_user("kim", password=PASSWORD, is_staff=True)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock to put forward, for codes, waiting times and sessions."""
    mine = Clock()
    for module in (time, oath):
        monkeypatch.setattr(module, "time", mine.seconds)
    for module in (timezone, proxy):
        monkeypatch.setattr(module, "now", mine.now)
    return mine


class Clock:
    """Time as the tests want it."""

    def __init__(self) -> None:
        self.at = 1_800_000_000.0

    def seconds(self) -> float:
        return self.at

    def now(self) -> datetime.datetime:
        return datetime.datetime.fromtimestamp(self.at, datetime.UTC)

    def forward(self, seconds: float) -> None:
        self.at += seconds


def password(client: Client, name: str = "kim", typed: str = PASSWORD, **more: Any) -> HttpResponseBase:
    """Type name and password."""
    return client.post("/admin/login/", {"username": name, "password": typed, "next": "/admin/"}, **more)


def app_code(user: User, steps: int = 0) -> str:
    """What the app of somebody shows, so many steps of 30 seconds from now."""
    device = TOTPDevice.objects.get(user=user)
    return f"{oath.totp(device.bin_key, t0=-30 * steps):06d}"


def set_up(client: Client, user: User) -> list[str]:
    """Sign in for the first time, up to the backup codes."""
    password(client, user.username)
    client.get("/admin/set-up/")
    page = html(client.post("/admin/set-up/", {"code": app_code(user)}))
    return re.findall(r"<code>([a-z2-9]{5}-[a-z2-9]{5})</code>", page)


def opens(client: Client, path: str = "/admin/account/") -> bool:
    """Whether a page of the desk opens."""
    return client.get(path).status_code == 200


# The way in


def test_who_signs_in_first_sets_up_codes_and_is_in(client: Client, kim: User) -> None:
    assert password(client).status_code == 302
    assert client.get("/admin/", follow=True).redirect_chain[-1][0] == "/admin/set-up/?next=%2Fadmin%2F"
    page = html(client.get("/admin/set-up/"))
    device = TOTPDevice.objects.get()
    assert not device.confirmed and second_factor.secret_of(device) in page
    assert 'src="data:image/svg+xml' in page and not opens(client)
    wrong = client.post("/admin/set-up/", {"code": "12 34"})
    assert wrong.status_code == 422 and "This code is not right" in html(wrong)
    TOTPDevice.objects.update(throttling_failure_count=0)
    done = client.post("/admin/set-up/", {"code": app_code(kim)})
    codes = re.findall(r"<code>([a-z2-9]{5}-[a-z2-9]{5})</code>", html(done))
    assert len(set(codes)) == 10 and "no-store" in done.headers["Cache-Control"]
    assert opens(client) and opens(client, "/admin/")
    # Shown once: neither the page nor the database has them again.
    assert client.post("/admin/set-up/", {"code": app_code(kim)}).status_code == 302
    kept = set(StaticToken.objects.values_list("token", flat=True))
    assert len(kept) == 10 and not kept & {code.replace("-", "") for code in codes}


def test_later_the_code_of_the_app_is_asked_for(client: Client, kim: User, clock: Clock) -> None:
    set_up(client, kim)
    clock.forward(60)
    other = Client()
    password(other)
    assert other.get("/admin/account/", follow=True).redirect_chain[-1][0] == "/admin/code/?next=%2Fadmin%2Faccount%2F"
    answer = other.post("/admin/code/", {"code": app_code(kim), "next": "/admin/account/"})
    assert answer.status_code == 302 and answer.headers["Location"] == "/admin/account/"
    assert opens(other)


def test_a_code_counts_once(client: Client, kim: User, clock: Clock) -> None:
    set_up(client, kim)
    other = Client()
    password(other)
    same = other.post("/admin/code/", {"code": app_code(kim)})
    assert same.status_code == 422 and "it was used before" in html(same) and not opens(other)
    clock.forward(60)
    used = app_code(kim)
    assert other.post("/admin/code/", {"code": used}).status_code == 302
    third = Client()
    password(third)
    assert third.post("/admin/code/", {"code": used}).status_code == 422 and not opens(third)


def test_a_backup_code_counts_once_however_it_is_typed(client: Client, kim: User, clock: Clock) -> None:
    first, second, *_ = set_up(client, kim)
    for typed, lets_in in ((first.upper().replace("-", " "), True), (first, False)):
        other = Client()
        password(other)
        assert (other.post("/admin/code/", {"code": typed}).status_code == 302) is lets_in
        assert opens(other) is lets_in
    clock.forward(60)
    other = Client()
    password(other)
    other.post("/admin/code/", {"code": second})
    assert "You used a backup code; 8 are left." in html(other.get("/admin/account/"))


def test_a_backup_code_of_another_person_does_not_count(client: Client, kim: User, alice: User) -> None:
    codes = set_up(client, kim)
    other = Client()
    set_up(other, alice)
    third = Client()
    password(third, "alice")
    assert third.post("/admin/code/", {"code": codes[0]}).status_code == 422


def test_wrong_codes_make_everybody_wait_ever_longer(client: Client, kim: User, clock: Clock) -> None:
    set_up(client, kim)
    clock.forward(60)
    other = Client()
    password(other)
    for wait in (1, 2, 4, 8):
        assert "This code is not right" in html(other.post("/admin/code/", {"code": app_code(kim, FAR)}))
        # Even the right one has to wait, so that guessing does not pay.
        assert f"Wait {max(wait, 2)} seconds" in html(other.post("/admin/code/", {"code": app_code(kim)}))
        clock.forward(wait)
    assert other.post("/admin/code/", {"code": app_code(kim)}).status_code == 302
    assert TOTPDevice.objects.get().throttling_failure_count == 0


@pytest.mark.parametrize("typed", ["", "０" * 6, "123456" * 50, "null", "\0", "🌱" * 6, "-00001"])
def test_nonsense_is_no_code(client: Client, kim: User, typed: str) -> None:
    set_up(client, kim)
    other = Client()
    password(other)
    assert other.post("/admin/code/", {"code": typed}).status_code == 422
    assert not opens(other)


def test_two_sessions_that_set_up_see_two_secrets_and_the_first_to_finish_wins(client: Client, kim: User) -> None:
    """Somebody with a stolen password looks at the page, then the owner sets up: the thief's secret is worth nothing."""
    thief = Client()
    password(thief)
    thief.get("/admin/set-up/")
    stolen = app_code(kim)
    set_up(client, kim)
    assert opens(client) and TOTPDevice.objects.count() == 1 and app_code(kim) != stolen
    assert thief.post("/admin/set-up/", {"code": stolen}).headers["Location"].startswith("/admin/code/")
    assert thief.post("/admin/code/", {"code": stolen}).status_code == 422 and not opens(thief)


def test_there_is_no_way_round_the_code_by_the_next_address(client: Client, kim: User, clock: Clock) -> None:
    set_up(client, kim)
    for number, evil in enumerate(("https://evil.example/", "//evil.example/admin/", "/plan/", "javascript:alert(1)", "/admin/\n")):
        clock.forward(60 * (number + 1))
        other = Client()
        password(other)
        assert other.post("/admin/code/", {"code": app_code(kim), "next": evil}).headers["Location"] in ("/admin/", "/admin/%0A")


def test_strangers_and_people_who_are_not_staff_see_no_page_of_codes(client: Client, garden: Edition) -> None:
    reader = User.objects.create_user("reader", password=PASSWORD)
    for who in (None, reader):
        if who:
            sign_in(client, who)
        for path in ("/admin/code/", "/admin/set-up/", "/admin/account/"):
            assert client.get(path).headers["Location"].startswith("/admin/login/")
    assert "for a staff account" in html(password(Client(), "reader"))


def test_who_gave_the_password_only_can_sign_out(client: Client, kim: User) -> None:
    password(client)
    assert client.post("/admin/logout/").status_code == 200
    assert client.get("/admin/set-up/").headers["Location"].startswith("/admin/login/")


def test_no_page_of_the_desk_opens_for_a_password_alone(client: Client, kim: User) -> None:
    kim.is_superuser = True
    kim.save()
    set_up(Client(), kim)
    password(client)
    paths = [path for path in addresses(get_resolver()) if path.startswith("/admin/")]
    assert len(paths) > 40
    free = {"/admin/login/", "/admin/logout/", "/admin/code/", "/admin/set-up/"}
    for path in paths:
        if path not in free:
            filled = re.sub(r"<[^>]*>|\(\?P.*", "1", path).replace("^", "").replace("$", "")
            for method in ("get", "post"):
                answer = getattr(client, method)(filled)
                assert answer.status_code == 302 and answer.headers["Location"].startswith("/admin/login/"), (method, path)


def test_tests_that_sign_in_quickly_are_all_the_way_in(client: Client, kim: User) -> None:
    sign_in(client, kim)
    assert opens(client)


# Passwords


def test_new_passwords_are_kept_by_argon2_and_old_ones_are_read_and_replaced(settings: Settings, kim: User) -> None:
    settings.PASSWORD_HASHERS = import_module("mbc_site.settings").PASSWORD_HASHERS
    for old in ("pbkdf2_sha256", "scrypt"):
        kim.password = make_password(PASSWORD, hasher=old)
        kim.save()
        assert kim.password.startswith(old) and kim.check_password(PASSWORD)
        kim.refresh_from_db()
        assert kim.password.startswith("argon2$argon2id$v=19$m=19456,t=2,p=1$")
        assert kim.check_password(PASSWORD) and not kim.check_password("another long password")


def test_a_new_password_of_eleven_letters_is_refused_and_one_of_twelve_signs_out_elsewhere(client: Client, kim: User) -> None:
    set_up(client, kim)
    other = Client()
    sign_in(other, kim)
    form = {"old_password": PASSWORD, "new_password1": "mulchy words", "new_password2": "mulchy words"}
    short = {**form, "new_password1": "mulchy word", "new_password2": "mulchy word"}
    assert "at least 12 characters" in html(client.post("/admin/password_change/", short))
    assert opens(other)
    assert client.post("/admin/password_change/", form).status_code == 302
    assert opens(client) and not opens(other)


# Wrong passwords


def test_after_five_wrong_passwords_even_the_right_one_has_to_wait(client: Client, kim: User, clock: Clock) -> None:
    answers = [password(client, typed=f"wrong {number}") for number in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 200, 429]
    locked = password(client)
    assert locked.status_code == 429 and "Wait 15 minutes" in html(locked)
    # Neither another person nor another address is shut out.
    assert password(Client(), REMOTE_ADDR="192.0.2.7").status_code == 302
    clock.forward(15 * 60 + 1)
    assert password(client).status_code == 302


def test_tries_while_the_door_is_shut_do_not_keep_it_shut(client: Client, kim: User, clock: Clock) -> None:
    for _ in range(5):
        password(client, typed="wrong")
    clock.forward(14 * 60)
    assert password(client).status_code == 429
    clock.forward(61)
    assert password(client).status_code == 302


def test_nothing_tells_whether_there_is_such_a_name(garden: Edition, kim: User) -> None:
    """The same pages, letter by letter, in the same order, for a name that is there and one that is not."""
    seen: list[tuple[list[int], list[str]]] = []
    for name in ("kim", "nobody"):
        client = Client(REMOTE_ADDR=f"192.0.2.{len(seen) + 1}")
        answers = [password(client, name, "wrong") for _ in range(6)]
        pages = [re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", html(answer)).replace(f'value="{name}"', "") for answer in answers]
        seen.append(([answer.status_code for answer in answers], pages))
    assert seen[0] == seen[1]


def test_an_address_that_tries_many_names_has_to_wait(garden: Edition, kim: User, settings: Settings) -> None:
    settings.AXES_FAILURES_FROM_AN_ADDRESS = 6
    client = Client()
    answers = [password(client, f"name {number}", "wrong").status_code for number in range(6)]
    assert answers == [200] * 5 + [429]
    assert password(client).status_code == 429
    assert password(Client(), REMOTE_ADDR="192.0.2.7").status_code == 302


def test_a_right_password_takes_the_wrong_ones_back(client: Client, kim: User) -> None:
    for _ in range(3):
        for _ in range(4):
            assert password(client, typed="wrong").status_code == 200
        assert password(client).status_code == 302
        client.post("/admin/logout/")


@pytest.mark.parametrize(
    ("trusted", "header", "expected"),
    [
        (False, "198.51.100.1", "127.0.0.1"),
        (True, "198.51.100.1", "198.51.100.1"),
        (True, "10.9.9.9, 198.51.100.1", "198.51.100.1"),
        (True, "2001:db8::1", "2001:db8::"),
        (True, "2001:db8:0:0:ffff::9", "2001:db8::"),
        (True, "2001:db8:0:1::9", "2001:db8:0:1::"),
        (True, "::ffff:198.51.100.1", "198.51.100.1"),
        (True, "<script>", None),
        (True, "", None),
    ],
)
def test_the_address_is_the_one_that_the_proxy_saw(settings: Settings, trusted: bool, header: str, expected: str | None) -> None:
    settings.TRUST_PROXY = trusted
    assert network_of(RequestFactory().get("/", headers={"X-Forwarded-For": header})) == expected


def test_an_address_that_is_none_is_no_way_round(client: Client, kim: User, settings: Settings) -> None:
    settings.TRUST_PROXY = True
    for _ in range(5):
        password(client, typed="wrong", headers={"X-Forwarded-For": "<script>"})
    assert password(client, headers={"X-Forwarded-For": "<other>"}).status_code == 429


def test_what_was_typed_is_kept_nowhere(client: Client, kim: User, caplog: pytest.LogCaptureFixture) -> None:
    """Not the password, not the name either: people type passwords there too."""
    with caplog.at_level(logging.DEBUG):
        for name in ("my secret in the wrong field", "kim"):
            client.post("/admin/login/?next=/admin/hush/", {"username": name, "password": "my other secret", "next": "/admin/hush/"})
    (attempt, other) = AccessAttempt.objects.all()
    kept = repr([*attempt.__dict__.values(), *other.__dict__.values()])
    said = caplog.text
    for word in ("my secret", "my other secret", "kim", "hush"):
        assert word not in kept
    assert "secret" not in said and "kim" not in said
    assert AccessLog.objects.count() == 0


# Sessions


def test_a_session_ends_with_the_browser_and_goes_to_the_desk_only(client: Client, kim: User) -> None:
    set_up(client, kim)
    cookie = client.cookies["sessionid"]
    assert (cookie["max-age"], cookie["expires"], cookie["path"]) == ("", "", "/admin/")
    assert cookie["httponly"] and cookie["samesite"] == "Strict"


def test_the_key_of_a_session_changes_with_each_step(client: Client, kim: User) -> None:
    keys = set()
    password(client)
    keys.add(client.cookies["sessionid"].value)
    client.get("/admin/set-up/")
    client.post("/admin/set-up/", {"code": app_code(kim)})
    keys.add(client.cookies["sessionid"].value)
    assert len(keys) == 2 and Session.objects.count() == 1


def test_an_hour_without_use_ends_a_session(client: Client, kim: User, clock: Clock) -> None:
    set_up(client, kim)
    for _ in range(3):
        clock.forward(59 * 60)
        assert opens(client)
    clock.forward(60 * 60 + 1)
    page = html(client.get("/admin/account/", follow=True))
    assert "You were signed out" in page and 'name="password"' in page
    assert not opens(client)


def test_an_open_window_that_only_looks_for_news_is_no_use(client: Client, kim: User, clock: Clock) -> None:
    set_up(client, kim)
    for _ in range(6):
        clock.forward(10 * 60)
        assert client.get("/admin/account/", headers={guarding.UNATTENDED: "yes"}).status_code == 200
    clock.forward(1)
    assert client.get("/admin/account/", headers={guarding.UNATTENDED: "yes"}).status_code == 302


def test_eight_hours_end_a_session_however_much_it_is_used(client: Client, kim: User, clock: Clock) -> None:
    set_up(client, kim)
    for _ in range(16):
        clock.forward(30 * 60)
        assert opens(client)
    clock.forward(2)
    assert not opens(client)


def test_half_a_session_ends_too(client: Client, kim: User, clock: Clock) -> None:
    password(client)
    assert client.get("/admin/set-up/").status_code == 200
    clock.forward(60 * 60 + 1)
    assert client.get("/admin/set-up/").headers["Location"].startswith("/admin/login/")


def queries(client: Client, path: str) -> list[str]:
    with CaptureQueriesContext(connection) as caught:
        assert client.get(path).status_code == 200
    return [query["sql"] for query in caught.captured_queries]


def test_using_a_session_writes_it_once_a_minute_at_most(client: Client, kim: User, clock: Clock) -> None:
    set_up(client, kim)
    writes = []
    for _ in range(6):
        clock.forward(25)
        writes.append(sum(not query.startswith(("SELECT", "SAVEPOINT", "RELEASE")) for query in queries(client, "/admin/account/")))
    assert writes == [0, 0, 1, 0, 0, 1]


def test_one_click_signs_out_everywhere_else(client: Client, kim: User, alice: User) -> None:
    set_up(client, kim)
    others = [Client(), Client()]
    for other in others:
        sign_in(other, kim)
    stranger = Client()
    sign_in(stranger, alice)
    page = html(client.post("/admin/account/sign-out-elsewhere/", follow=True))
    assert "Other sessions that ended: 2." in page
    assert opens(client) and opens(stranger) and not any(opens(other) for other in others)


def test_somebody_who_is_switched_off_is_out_at_once(client: Client, kim: User) -> None:
    set_up(client, kim)
    User.objects.filter(pk=kim.pk).update(is_active=False)
    assert not opens(client)
    assert "for a staff account" in html(password(Client()))


# Backup codes and lost phones


def test_new_backup_codes_need_a_code_and_replace_the_old_ones(client: Client, kim: User, clock: Clock) -> None:
    old = set_up(client, kim)
    clock.forward(60)
    assert client.post("/admin/account/backup-codes/", {"code": "000-000-000"}).status_code == 422
    assert client.get("/admin/account/backup-codes/").status_code == 405
    page = html(client.post("/admin/account/backup-codes/", {"code": app_code(kim)}))
    new = re.findall(r"<code>([a-z2-9]{5}-[a-z2-9]{5})</code>", page)
    assert len(new) == 10 and not set(new) & set(old) and StaticToken.objects.count() == 10
    clock.forward(60)
    other = Client()
    password(other)
    assert other.post("/admin/code/", {"code": old[0]}).status_code == 422
    clock.forward(60)
    assert other.post("/admin/code/", {"code": new[0]}).status_code == 302


def test_whoever_came_in_by_a_backup_code_stays_in_after_making_new_ones(client: Client, kim: User) -> None:
    first, second, *_ = set_up(client, kim)
    other = Client()
    password(other)
    other.post("/admin/code/", {"code": first})
    assert other.post("/admin/account/backup-codes/", {"code": second}).status_code == 200
    assert opens(other)


def test_wrong_codes_shut_nobody_out_for_long(client: Client, kim: User, clock: Clock) -> None:
    set_up(client, kim)
    visitor = Client()
    password(visitor)
    for _ in range(20):
        clock.forward(10 * 60)
        assert "This code is not right" in html(visitor.post("/admin/code/", {"code": "000000"}))
    clock.forward(10 * 60)
    assert visitor.post("/admin/code/", {"code": app_code(kim)}).status_code == 302


def test_a_lost_phone_is_reset_by_a_command(client: Client, kim: User) -> None:
    old = set_up(client, kim)
    out = StringIO()
    call_command("reset_second_factor", "kim", stdout=out)
    assert "give kim a new password" in out.getvalue()
    assert not opens(client) and not second_factor.is_set_up(kim)
    assert password(Client()).status_code == 200  # the old one, which somebody else may have, opens nothing
    kim.set_password(PASSWORD)
    kim.save()
    new = set_up(Client(), kim)
    assert len(new) == 10 and not set(new) & set(old)
    with pytest.raises(CommandError, match="no account with the name 'kin'"):
        call_command("reset_second_factor", "kin")


# What readers do is left alone


def test_readers_cost_no_query_and_get_no_cookie_for_it(client: Client, kim: User) -> None:
    """Not even in a browser where somebody is signed in (which would not send that cookie here)."""
    set_up(client, kim)
    for visitor in (client, Client()):
        for path in ("/guide/soil/", "/for-me/1/", "/"):
            # Which edition it is, and twice a second at most whether one is due.
            assert all("guide_edition" in query or "guide_release" in query for query in queries(visitor, path)), path
            assert "sessionid" not in visitor.get(path).cookies
            assert "Cookie" not in visitor.get("/guide/soil/").headers.get("Vary", "")


def test_wrong_codes_of_plans_do_not_count_as_wrong_passwords_and_the_other_way_round(client: Client, kim: User) -> None:
    for _ in range(8):
        assert client.post("/plan/team/open/", {"code": "WRONG-CODE"}).status_code == 422
    assert AccessAttempt.objects.count() == 0 and AuditEntry.objects.count() == 0
    for _ in range(6):
        password(client, typed="wrong")
    assert start_plan(client)
    assert client.get("/plan/mine/").status_code == 200 and client.get("/for-me/1/").status_code == 200


def test_the_session_of_staff_is_kept_below_the_desk() -> None:
    assert settings.SESSION_COOKIE_PATH == "/admin/" and settings.SESSION_EXPIRE_AT_BROWSER_CLOSE
