"""Who did what: signing in and out, accounts and groups; the page that shows it."""

from __future__ import annotations

import datetime
from io import StringIO

import pytest
from django.contrib.auth.models import Group, Permission, User
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guide.editing.audit import AuditEntry, record
from guide.editing.models import Edition
from tests.django_fixtures import sign_in
from tests.editing.conftest import staff
from tests.editing.test_signing_in import PASSWORD, app_code, password, set_up
from tests.visits import html

LOG = "/admin/guide/auditentry/"


@pytest.fixture
def boss(garden: Edition) -> User:
    """Looks after the accounts."""
    return User.objects.create_superuser("boss", password=PASSWORD)


@pytest.fixture
def office(boss: User) -> Client:
    """The boss's browser."""
    client = Client()
    sign_in(client, boss)
    return client


def entries() -> list[tuple[str, str, str]]:
    """Name, action, about; oldest first."""
    return [(entry.name, entry.action, entry.about) for entry in AuditEntry.objects.order_by("pk")]


# Signing in


def test_signing_in_and_out_is_entered(client: Client, boss: User) -> None:
    set_up(client, boss)
    client.post("/admin/logout/")
    again = Client()
    password(again, "boss")
    again.post("/admin/code/", {"code": "999999" if app_code(boss) != "999999" else "999998"})
    assert entries() == [
        ("boss", "set up the second factor", "boss"),
        ("boss", "signed in", "boss"),
        ("boss", "signed out", "boss"),
        ("somebody with the password", "gave a wrong code", "boss"),
    ]


def test_a_backup_code_is_entered_with_how_many_are_left(client: Client, boss: User) -> None:
    codes = set_up(client, boss)
    again = Client()
    password(again, "boss")
    again.post("/admin/code/", {"code": codes[0]})
    assert AuditEntry.objects.order_by("-pk")[0].detail == "with a backup code, 9 left"
    again.post("/admin/account/backup-codes/", {"code": codes[1]})
    assert entries()[-1] == ("boss", "made new backup codes", "boss")
    again.post("/admin/account/sign-out-elsewhere/")
    assert entries()[-1] == ("boss", "signed out elsewhere", "boss")


def test_a_wrong_password_is_entered_without_a_name_that_nobody_has(client: Client, boss: User) -> None:
    password(client, "boss", "wrong")
    password(client, "my password by mistake", "wrong")
    assert entries() == [("somebody", "failed to sign in", "boss"), ("somebody", "failed to sign in", "a name that nobody has")]
    assert not any("mistake" in repr(entry.__dict__) for entry in AuditEntry.objects.all())


def test_nobody_fills_the_log_from_outside(client: Client, boss: User) -> None:
    for _ in range(20):
        password(client, "boss", "wrong")
    assert len(entries()) == 5
    for number in range(60):
        password(client, f"name {number}", "wrong")
    assert len(entries()) == 50


def test_a_changed_password_and_a_reset_second_factor_are_entered(office: Client, boss: User) -> None:
    new = "a fine long sentence"
    form = {"old_password": PASSWORD, "new_password1": new, "new_password2": new}
    assert office.post("/admin/password_change/", {**form, "old_password": "wrong"}).status_code == 200
    assert entries() == [("boss", "gave a wrong password", "boss")]
    assert office.post("/admin/password_change/", form).status_code == 302
    call_command("reset_second_factor", "boss", stdout=StringIO())
    assert entries()[1:] == [("boss", "changed a password", "boss"), ("command", "reset the second factor", "boss")]
    assert not any(new in repr(entry.__dict__) for entry in AuditEntry.objects.all())


# Accounts and groups


def test_accounts_are_entered_with_what_they_may_do(office: Client, boss: User) -> None:
    new = "a fine long sentence"
    added = {"username": "ida", "usable_password": "true", "password1": new, "password2": new}
    assert office.post("/admin/auth/user/add/", added).status_code == 302
    ida = User.objects.get(username="ida")
    form = {
        "username": "ida",
        "is_active": "on",
        "is_staff": "on",
        "groups": [Group.objects.get(name="Editors").pk],
        "user_permissions": [Permission.objects.get(codename="publish_document").pk],
        "date_joined_0": "2026-01-01",
        "date_joined_1": "00:00:00",
    }
    assert office.post(f"/admin/auth/user/{ida.pk}/change/", form).status_code == 302
    again = {"usable_password": "true", "password1": f"{new}s", "password2": f"{new}s", "set-password": "1"}
    assert office.post(f"/admin/auth/user/{ida.pk}/password/", again).status_code == 302
    assert entries() == [("boss", "added user", "ida"), ("boss", "changed user", "ida"), ("boss", "changed user", "ida")]
    first, second, third = (entry.detail for entry in AuditEntry.objects.order_by("pk"))
    assert first == "active; groups: none"
    assert second.startswith("Changed ") and "Groups" in second and "Staff status" in second
    assert second.endswith("Now: active, staff; groups: Editors; publish_document")
    assert third.startswith("Changed password.")
    assert not any(new in repr(entry.__dict__) for entry in AuditEntry.objects.all())


def test_groups_are_entered_with_their_permissions(office: Client) -> None:
    view = Permission.objects.get(codename="view_edition")
    office.post("/admin/auth/group/add/", {"name": "Guests", "permissions": [view.pk]})
    guests = Group.objects.get(name="Guests")
    office.post(f"/admin/auth/group/{guests.pk}/change/", {"name": "Guests", "permissions": []})
    office.post(f"/admin/auth/group/{guests.pk}/delete/", {"post": "yes"})
    assert not Group.objects.filter(name="Guests").exists()
    assert [(action, about) for _, action, about in entries()] == [
        ("added group", "Guests"),
        ("changed group", "Guests"),
        ("deleted group", "Guests"),
    ]
    assert AuditEntry.objects.order_by("pk")[0].detail == "view_edition"
    assert AuditEntry.objects.order_by("pk")[1].detail == "Changed Permissions. Now: "


def test_a_superuser_resets_a_second_factor_in_the_list(office: Client, erin: User) -> None:
    other = Client()
    sign_in(other, erin)
    page = html(office.post("/admin/auth/user/", {"action": "reset_second_factor", "_selected_action": [erin.pk]}, follow=True))
    assert "Give erin a " in page and "new password now" in page and f"/admin/auth/user/{erin.pk}/password/" in page
    assert entries() == [("boss", "reset the second factor", "erin")]
    assert other.get("/admin/").status_code == 302
    erin.refresh_from_db()
    assert not erin.has_usable_password()


def test_nobody_shuts_themselves_out(office: Client, boss: User) -> None:
    page = html(office.post("/admin/auth/user/", {"action": "reset_second_factor", "_selected_action": [boss.pk]}, follow=True))
    assert "Your own you cannot reset here" in page and entries() == []


def test_who_guesses_the_old_password_in_an_open_window_is_signed_out(office: Client) -> None:
    form = {"old_password": "wrong", "new_password1": "a fine long sentence", "new_password2": "a fine long sentence"}
    for _ in range(4):
        assert office.post("/admin/password_change/", form).status_code == 200
    assert office.post("/admin/password_change/", form).status_code == 302
    assert office.get("/admin/password_change/").status_code == 302
    assert entries().count(("boss", "gave a wrong password", "boss")) == 5


# The page


def test_publishers_read_the_log_and_find_a_person_and_a_day(client: Client, paul: User, erin: User) -> None:
    record(erin, "began a draft", "en/pages/10-soil.md", "to try")
    record(paul, "published", "Edition 2")
    record(None, "imported", "some files")
    sign_in(client, paul)
    page = html(client.get(LOG))
    for word in ("Erin Green", "began a draft: en/pages/10-soil.md (to try)", "published: Edition 2", "command", "imported"):
        assert word in page
    assert "/admin/guide/auditentry/1/change/" not in page
    of_erin = html(client.get(LOG, {"by__id__exact": erin.pk}))
    assert "began a draft" in of_erin and "Edition 2" not in of_erin
    found = html(client.get(LOG, {"q": "soil"}))
    assert "began a draft" in found and "Edition 2" not in found
    today = timezone.now().date()
    assert "began a draft" in html(client.get(LOG, {"at__year": today.year, "at__month": today.month, "at__day": today.day}))
    day_before = today - datetime.timedelta(days=1)
    past = {"at__year": day_before.year, "at__month": day_before.month, "at__day": day_before.day}
    assert "began a draft" not in html(client.get(LOG, past))


def test_the_log_is_to_read_only(office: Client, erin: User) -> None:
    record(erin, "began a draft", "en/pages/10-soil.md")
    entry = AuditEntry.objects.get()
    assert office.get(f"{LOG}add/").status_code == 403
    assert office.get(f"{LOG}{entry.pk}/delete/").status_code == 403
    assert office.post(f"{LOG}{entry.pk}/change/", {"name": "nobody"}).status_code == 403
    office.post(LOG, {"action": "delete_selected", "_selected_action": [entry.pk], "post": "yes"})
    assert entries() == [("Erin Green (erin)", "began a draft", "en/pages/10-soil.md")]


def test_the_log_of_somebody_who_is_gone_still_opens(office: Client, erin: User) -> None:
    record(erin, "began a draft", "en/pages/10-soil.md")
    erin.delete()
    assert "Erin Green" in html(office.get(LOG))


@pytest.mark.parametrize("group", ["Editors", "Clinical reviewers"])
def test_others_do_not_see_the_log(client: Client, garden: Edition, group: str) -> None:
    sign_in(client, staff("ivy", group))
    assert client.get(LOG).status_code == 403 and LOG not in html(client.get("/admin/"))


def test_the_log_needs_few_queries_however_long_it_is(office: Client, erin: User) -> None:
    counts = []
    for number in (1, 90):
        for _ in range(number):
            record(erin, "began a draft", number)
        with CaptureQueriesContext(connection) as caught:
            assert office.get(LOG).status_code == 200
        counts.append(len(caught.captured_queries))
    assert counts[1] <= counts[0]
