"""Backup and restore: what was saved before the backup opens from it, with its code alone."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import stat
import subprocess
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.plans.conftest import postgres
from tests.serving import Client, Site, scratch_database

pytestmark = pytest.mark.skipif(
    bool(postgres()) and not shutil.which("pg_dump") and os.environ.get("CI") != "true",
    reason="no pg_dump found: backups of PostgreSQL are left out",
)


@pytest.fixture
def elsewhere(toy_site: Site, tmp_path: Path) -> Iterator[Site]:
    """The same server with another, empty database and another secret key: all that survives a fire."""

    def at(address: str) -> Site:
        return Site(tmp_path, {**toy_site.environment, "DATABASE_URL": address, "SECRET_KEY": "another key " * 5})

    if postgres():
        with scratch_database(postgres()) as address:
            made = at(address)
            yield made
            made.stop()
    else:
        made = at(f"sqlite:///{tmp_path / 'elsewhere.sqlite3'}")
        yield made
        made.stop()


# A plan with an earlier text (the web keeps one only every ten minutes) and a view code; says both codes.
PLAN = """
import datetime
from guide.plans.models import Plan
from guide.plans.sharing import ViewCode
from guide.plans.values import Contents
plan = Plan.objects.start(Contents().with_value("garden", "name", "Monday corner"))
plan.save(lambda contents: contents.with_value("garden", "name", "Wild corner"), keep=True)
print(plan.code, ViewCode.objects.give(plan, datetime.timedelta(days=7)).code)
"""


# What commands say, each on a line. To start a process takes longer than all of them: only what is tried for itself gets one of its own.
COMMANDS = """
import io
from django.core.management import CommandError, call_command
for command in {commands!r}:
    said = io.StringIO()
    try:
        call_command(*command, stdout=said)
    except CommandError as error:
        print("refused:", " ".join(str(error).split()))
    else:
        print("done:", " ".join(said.getvalue().split()))
"""


def told_by(site: Site, *commands: tuple[str, ...], first: str = "") -> list[str]:
    """What commands said, one after the other in one process; `first` something is done, and what it printed comes first."""
    return site.manage("shell", "--verbosity", "0", "--command", first + COMMANDS.format(commands=commands)).splitlines()


def codes_of_a_new_plan(site: Site) -> tuple[str, str]:
    code, view_code = site.manage("shell", "--command", PLAN).split()[-2:]
    return code, view_code


def test_a_plan_comes_back_from_a_backup_that_was_made_while_others_saved(toy_site: Site, elsewhere: Site, tmp_path: Path) -> None:
    code, view_code = codes_of_a_new_plan(toy_site)
    toy_site.start()
    saving, enough = threading.Event(), threading.Event()
    other = threading.Thread(target=keep_saving, args=(toy_site, saving, enough))
    other.start()
    try:
        assert saving.wait(60), "saves go on"
        saving.clear()
        said = toy_site.manage("backup", str(tmp_path / "kept"))
        assert saving.wait(60), "saves went on"
    finally:
        enough.set()
        other.join()
    assert re.fullmatch(rf"{tmp_path}/kept: [\d,]+ bytes\.\n", said)
    assert stat.S_IMODE((tmp_path / "kept").stat().st_mode) == 0o600
    owner = Client(toy_site.port)
    assert owner.open_plan(code) and owner.window("my-garden").save(name="Tame corner")
    owner.close()

    assert re.search(r"^\d+ plans\.$", elsewhere.manage("restore", str(tmp_path / "kept")), re.MULTILINE)
    elsewhere.start()
    owner, team = Client(elsewhere.port), Client(elsewhere.port)
    assert owner.open_plan(code)
    assert owner.window("my-garden").fields["name"] == ["Wild corner"]
    assert "Monday corner" in owner.page("/plan/mine/earlier/")
    team.ask("POST", "/plan/team/open/", {"csrfmiddlewaretoken": team.token("/plan/team/"), "code": view_code})
    assert "Wild corner" in team.page("/plan/team/plan/")
    assert owner.window("my-garden").save(name="Life goes on")
    for client in (owner, team):
        client.close()


def keep_saving(site: Site, saving: threading.Event, enough: threading.Event) -> None:
    client = Client(site.port)
    client.start_plan()
    window = client.window("my-garden")
    number = 0
    while not enough.is_set():
        number += 1
        if window.save(name=str(number)):
            saving.set()
        enough.wait(0.02)  # as often as the command can notice, and not all that the machine has
    client.close()


def test_plans_are_not_replaced_by_mistake(toy_site: Site, tmp_path: Path) -> None:
    backup = str(tmp_path / "kept")
    saved, exists, no_folder = told_by(toy_site, ("backup", backup), ("backup", backup), ("backup", str(tmp_path / "nowhere" / "kept")))
    assert saved.startswith(f"done: {backup}: ")
    assert re.match("refused: .* exists already", exists) and no_folder.startswith("refused: There is no folder")
    code, _ = codes_of_a_new_plan(toy_site)
    assert "say --replace-plans" in toy_site.manage("restore", backup, ok=False)
    toy_site.start()
    assert opens(toy_site, code)
    toy_site.stop()
    toy_site.manage("restore", backup, "--replace-plans")
    toy_site.start()
    assert not opens(toy_site, code)


def opens(site: Site, code: str) -> bool:
    client = Client(site.port)
    try:
        return client.open_plan(code)
    finally:
        client.close()


def test_what_is_no_sound_backup_changes_nothing(toy_site: Site, tmp_path: Path) -> None:
    good = tmp_path / "good"
    code, _, saved = " ".join(told_by(toy_site, ("backup", str(good)), first=PLAN)).split(maxsplit=2)
    assert saved.startswith("done: ")
    whole = good.read_bytes()
    with closing(sqlite3.connect(tmp_path / "other")) as other:
        other.execute("CREATE TABLE other (id)")
    foreign = (b"SQLite format 3\0" if postgres() else b"PGDMP") + whole[16:]
    empty = "damaged, or has no plans" if not postgres() else "is a backup of sqlite"
    unsound = (
        (b"", "is no backup"),
        (b"Dear diary", "is no backup"),
        (foreign, "and this database is"),
        ((tmp_path / "other").read_bytes(), empty),
        (whole[: len(whole) // 2], "damaged|pg_restore"),
    )
    bad = [tmp_path / f"bad-{number}" for number, _ in enumerate(unsound)]
    for file, (content, _) in zip(bad, unsound, strict=True):
        file.write_bytes(content)
    files = [*bad, tmp_path / "nowhere"]
    said = told_by(toy_site, *(("restore", str(file), "--replace-plans") for file in files))
    for (_, message), told in zip([*unsound, (b"", "cannot be read")], said, strict=True):
        assert re.search(f"^refused: .*({message})", told), message
    toy_site.start()
    assert opens(toy_site, code)


def test_a_deleted_plan_comes_back_with_an_older_backup_and_its_owner_is_told_so(toy_site: Site, tmp_path: Path) -> None:
    """Nothing on the page promises more than a server with backups can hold."""
    backup = str(tmp_path / "kept")
    code, _, saved = " ".join(told_by(toy_site, ("backup", backup), first=PLAN)).split(maxsplit=2)
    assert saved.startswith("done: ")
    toy_site.start()
    owner = Client(toy_site.port)
    assert owner.open_plan(code)
    asked = owner.page("/plan/mine/delete/")
    assert "Our backups can hold a locked copy for a while" in asked and "the plan could come back" in asked
    owner.ask("POST", "/plan/mine/delete/", {"csrfmiddlewaretoken": owner.token("/plan/mine/delete/")})
    owner.close()
    assert not opens(toy_site, code)
    toy_site.stop()
    toy_site.manage("restore", backup, "--replace-plans")
    toy_site.start()
    assert opens(toy_site, code)


def test_what_a_backup_holds_of_staff_in_clear_is_what_the_operator_is_told(toy_site: Site, tmp_path: Path) -> None:
    session, saved = told_by(toy_site, ("backup", str(tmp_path / "kept")), first=STAFF)
    assert saved.startswith("done: ")
    held = (tmp_path / "kept").read_bytes() if not postgres() else subprocess.check_output(["pg_restore", "--file=-", tmp_path / "kept"])
    told = Path("OPERATING.md").read_text()
    for secret, words in (
        (b"flora@example.org", "email addresses"),
        (b"5ec2e7" * 6, "secrets of their sign-in apps, in clear"),
        (session.encode(), "keys of open sessions, in clear"),
    ):
        assert secret in held and words in told, words
    assert b"a long password of Flora" not in held and "hashed passwords" in told


STAFF = """
from django.contrib.auth.models import User
from django.contrib.sessions.backends.db import SessionStore
from django_otp.plugins.otp_totp.models import TOTPDevice
flora = User.objects.create_user("flora", "flora@example.org", "a long password of Flora", is_staff=True)
TOTPDevice.objects.create(user=flora, key="5ec2e7" * 6)
session = SessionStore()
session["_auth_user_id"] = str(flora.pk)
session.create()
print(session.session_key)
"""
