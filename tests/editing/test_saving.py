"""A text that the desk could not take: it comes back with a button that sends it once more."""

from __future__ import annotations

import re

import pytest
from django.contrib.auth.models import User
from django.db import OperationalError
from django.test import Client

from guide.editing import workflow
from guide.editing.models import Document
from tests.visits import Posted, fields_of, form, html

SOIL = "en/pages/10-soil.md"
OURS = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
def desk(client: Client, erin: User) -> Client:
    """Erin's desk: she may edit. Tokens are looked at, and the server may fail."""
    client.handler.enforce_csrf_checks = True
    client.raise_request_exception = False
    client.force_login(erin)
    return client


def address() -> str:
    return f"/admin/documents/{Document.objects.get(path=SOIL).pk}/edit/"


def token_in(page: str) -> list[str]:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found
    return [found[1]]


@pytest.mark.parametrize("window", ["", "?raw"])
def test_without_a_token_the_text_comes_back_and_is_saved(desk: Client, window: str) -> None:
    typed = _typed(desk, window)
    del typed["csrfmiddlewaretoken"]
    refused = desk.post(address(), typed, headers=OURS)
    assert refused.status_code == 403 and "didn’t send the small cookie" in html(refused)
    assert refused.headers["Cache-Control"].startswith("no-store")
    _sent_again(desk, html(refused), typed)


def test_a_form_of_another_site_does_not_come_back(desk: Client) -> None:
    refused = desk.post(address(), {"text": "Words of a stranger"}, headers={"Origin": "null", "Sec-Fetch-Site": "cross-site"})
    assert refused.status_code == 403 and "stranger" not in html(refused) and "New-Token" not in refused.headers


def test_while_nothing_can_be_stored_the_text_comes_back(desk: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    typed = _typed(desk)

    def full(*_: object, **__: object) -> None:
        raise OperationalError("database or disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(workflow, "save_draft", full)
        refused = desk.post(address(), typed, headers=OURS)
    assert refused.status_code == 503 and "can’t save right now" in html(refused)
    del typed["csrfmiddlewaretoken"]
    _sent_again(desk, html(refused), typed)


def test_whoever_was_signed_out_signs_in_again_and_loses_nothing(desk: Client, erin: User) -> None:
    typed = _typed(desk)
    del desk.cookies["sessionid"]
    refused = desk.post(address(), typed, headers=OURS)
    assert refused.status_code == 403 and "You are signed out." in html(refused)
    assert "no-store" in refused.headers["Cache-Control"]
    desk.force_login(erin)
    del typed["csrfmiddlewaretoken"]
    _sent_again(desk, html(refused), typed)


def test_signed_out_nothing_is_saved_or_shown_but_what_was_sent(desk: Client) -> None:
    typed = _typed(desk)
    del desk.cookies["sessionid"]
    desk.post(address(), typed, headers=OURS)
    assert Document.objects.get(path=SOIL).open_text() is None
    assert desk.get(address()).status_code == 302


def test_our_script_gets_a_new_token_with_the_refusal(desk: Client) -> None:
    typed = _typed(desk)
    typed["csrfmiddlewaretoken"] = ["x" * 64]
    save = address().replace("/edit/", "/save/")
    refused = desk.post(save, {**typed, "changed": "1"}, headers=OURS)
    assert refused.status_code == 403
    saved = desk.post(save, {**typed, "changed": "1", "csrfmiddlewaretoken": refused.headers["New-Token"]}, headers=OURS)
    assert saved.status_code == 200 and saved.json()["version"] == 1


def _typed(desk: Client, window: str = "") -> Posted:
    """The editor's form with a sentence more, and the button that saves."""
    page = desk.get(f"{address()}{window}")
    fields = {name: values for name, values in form(page, address()).items() if name}  # what has no name is not sent
    text = "text" if window else "body"
    return {
        **fields,
        text: [f"{fields[text][0]}\n\nWater it <i>slowly</i>.\n"],
        "action": ["save"],
        "csrfmiddlewaretoken": token_in(html(page)),
    }


def _sent_again(desk: Client, page: str, typed: Posted) -> None:
    """The page holds all that was typed; its button saves it."""
    back = fields_of(page, address())
    assert {name: _lines(values) for name, values in back.items()} == {name: _lines(values) for name, values in typed.items()}
    assert desk.post(address(), {**back, "csrfmiddlewaretoken": token_in(page)}, headers=OURS).status_code == 302
    draft = Document.objects.get(path=SOIL).open_text()
    assert draft and "Water it <i>slowly</i>." in draft.text


def _lines(values: list[str]) -> list[str]:
    return [value.replace("\r\n", "\n") for value in values]
