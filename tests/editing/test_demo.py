"""The demo: three people, and a document in each state."""

from __future__ import annotations

import re
from base64 import b32decode

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.oath import TOTP

from guide.editing.models import Edition, Revision
from guide.editing.releases import Release
from guide.management.commands import demo
from tests.visits import html


@pytest.fixture(autouse=True)
def _room_for_seven(garden: Edition, toy_texts: dict[str, str]) -> None:
    """The toy guide has six documents to read; the demo needs one more."""
    text = toy_texts["en/pages/20-water.md"].replace("title: Water", "title: Tools")
    Edition.objects.publish({"en/pages/40-tools.md": text}, by=None, note="n", origin="files")


def test_a_document_in_each_state(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("demo")
    own = Revision.objects.filter(author__username="demo-editor").order_by("pk")
    assert [text.state for text in own] == ["published", "approved", "approved", "changes-asked", "in-review", "draft", "withdrawn"]
    assert {text.comments.count() for text in own if text.state in ("changes-asked", "in-review")} == {1}
    assert Release.objects.get().texts.get() == own[1]
    assert own[0].edition and own[0].edition.number == 3 and demo.SENTENCE in Edition.objects.texts(3)[own[0].document.path]
    out = capsys.readouterr().out
    assert all(re.search(rf"{step} +en/", out) for step in demo.STEPS)


def test_the_printed_passwords_open_the_accounts_each_in_one_group(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("demo")
    printed = dict(re.findall(r"^(demo-\w+) +(\S+)", capsys.readouterr().out, re.MULTILINE))
    assert set(printed) == set(demo.PEOPLE)
    for name, password in printed.items():
        user = User.objects.get(username=name)
        assert user.check_password(password) and user.is_staff and not user.is_superuser and len(password) >= 12
        assert [group.name for group in user.groups.all()] == [demo.PEOPLE[name]]


def test_the_printed_key_makes_codes_that_open_the_desk(capsys: pytest.CaptureFixture[str], client: Client) -> None:
    call_command("demo")
    out = capsys.readouterr().out
    name, password = re.findall(r"^(demo-editor) +(\S+)", out, re.MULTILINE)[0]
    key = re.findall(r"codes: ((?:\w{4} )+)", out)[0].replace(" ", "")
    assert f"secret={key}" in out
    client.post("/admin/login/", {"username": name, "password": password})
    code = TOTP(b32decode(key)).token()
    assert client.post("/admin/code/", {"code": f"{code:06}"}).status_code == 302
    assert "My texts" in html(client.get("/admin/"))


def test_again_it_gives_new_passwords_and_leaves_the_documents_alone(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("demo")
    first = capsys.readouterr().out
    before = Revision.objects.count()
    call_command("demo")
    second = capsys.readouterr().out
    assert Revision.objects.count() == before and Edition.objects.newest() == 3
    assert "there already" in second and first.splitlines()[0] != second.splitlines()[0]


def test_it_does_not_mix_with_other_staff_unless_told(erin: User, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(CommandError, match="--yes"):
        call_command("demo")
    assert User.objects.count() == 1 and Edition.objects.newest() == 2
    call_command("demo", "--yes")
    assert Edition.objects.newest() == 3


def test_it_needs_documents_that_nobody_works_on() -> None:
    Edition.objects.publish({"en/pages/40-tools.md": None}, by=None, note="n", origin="files")
    with pytest.raises(CommandError, match="needs 7 documents"):
        call_command("demo")
    assert not User.objects.exists()
