"""A form that cannot be saved: what was typed comes back with a button that saves it, and goes nowhere else."""

from __future__ import annotations

import logging
import re
from urllib.parse import urlencode

import pytest
from django.db import OperationalError
from django.test import Client

from guide.editing.models import Edition
from guide.plans.models import OpenPlan
from guide.plans.views import filling
from tests.visits import PLAN_FORM, Posted, fields_of, form, html, look, path_of, save, start_plan

pytestmark = pytest.mark.usefixtures("garden")

GARDEN, GROUND = "my-garden", "my-ground"
OURS = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
FORM = "application/x-www-form-urlencoded"
GUARDS = ("Content-Security-Policy", "X-Frame-Options", "X-Content-Type-Options", "Referrer-Policy")


@pytest.fixture
def writer(client: Client) -> Client:
    """Somebody with a blank plan, whose server may fail."""
    client.raise_request_exception = False
    start_plan(client)
    return client


@pytest.fixture
def strict(writer: Client) -> Client:
    """The same; tokens are looked at."""
    writer.handler.enforce_csrf_checks = True
    return writer


def typed(client: Client) -> Posted:
    """A window with a text in it, and the button that leads on."""
    return {**look(client, GROUND), "more": ['Steep.\nAnd "wet" <too>.'], "visitors-0-likes": ["spade", "can"], "next": ["1"]}


def token_in(page: str) -> str:
    found = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', page)
    assert found
    return found[1]


def sent_again(client: Client, page: str) -> None:
    """Press the button of the page that carries a text, as a browser without scripts: it is saved, and leads on."""
    fields = {**fields_of(page, PLAN_FORM), "csrfmiddlewaretoken": [token_in(page)]}
    saved = client.post(f"{PLAN_FORM}{GROUND}/", fields, headers=OURS)
    assert path_of(saved) == f"{PLAN_FORM}over-the-fence/"
    after = look(client, GROUND)
    assert (after["more"], after["visitors-0-likes"]) == (['Steep.\nAnd "wet" <too>.'], ["spade", "can"])


# The token


def test_without_a_token_the_text_comes_back_with_a_new_one(strict: Client) -> None:
    window = typed(strict)
    del strict.cookies["csrftoken"]
    refused = strict.post(f"{PLAN_FORM}{GROUND}/", window, headers=OURS)
    assert refused.status_code == 403
    assert "Not saved yet" in html(refused) and "&lt;too&gt;" in html(refused) and "<too>" not in html(refused)
    assert form(refused) == window
    assert refused.headers["Cache-Control"] == "no-store, private" and refused.headers["Referrer-Policy"] == "no-referrer"
    sent_again(strict, html(refused))


def test_without_any_cookie_the_text_still_waits_for_the_code(strict: Client) -> None:
    window = typed(strict)
    strict.cookies.clear()
    refused = strict.post(f"{PLAN_FORM}{GROUND}/", window, headers=OURS)
    again = {**form(refused), "csrfmiddlewaretoken": [token_in(html(refused))]}
    locked = strict.post(f"{PLAN_FORM}{GROUND}/", again, headers=OURS)
    assert locked.status_code == 422 and "Your plan is closed" in html(locked)
    assert form(locked) == {**window, "code": [""]}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://other.example"},
        {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://testserver", "Sec-Fetch-Site": "same-site"},
        {"Origin": "null", "Sec-Fetch-Site": "none"},
    ],
)
def test_a_form_of_another_site_gets_neither_its_text_nor_a_token_back(strict: Client, headers: dict[str, str]) -> None:
    refused = strict.post(f"{PLAN_FORM}{GROUND}/", {"more": "Words of a stranger"}, headers=headers)
    assert refused.status_code == 403
    assert "stranger" not in html(refused) and "csrfmiddlewaretoken" not in html(refused)
    assert "New-Token" not in refused.headers


def test_an_older_browser_proves_by_its_origin_that_the_form_is_ours(strict: Client) -> None:
    refused = strict.post(f"{PLAN_FORM}{GROUND}/", typed(strict), headers={"Origin": "http://testserver"})
    assert (refused.status_code, form(refused)["more"]) == (403, ['Steep.\nAnd "wet" <too>.'])


def test_only_what_this_part_of_the_plan_asks_for_comes_back(strict: Client) -> None:
    refused = strict.post(f"{PLAN_FORM}{GROUND}/", {**typed(strict), "elsewhere": ["x"], "code": ["SECRET"]}, headers=OURS)
    assert form(refused) == typed(strict)
    assert "SECRET" not in html(refused)


def test_our_script_gets_a_new_token_and_saves_with_it(strict: Client) -> None:
    window = typed(strict)
    del strict.cookies["csrftoken"]
    headers = {**OURS, "HX-Request": "true"}
    refused = strict.post(f"{PLAN_FORM}{GROUND}/", window, headers=headers)
    assert (refused.status_code, html(refused)) == (403, "")
    saved = strict.post(f"{PLAN_FORM}{GROUND}/", {**window, "csrfmiddlewaretoken": refused.headers["New-Token"]}, headers=headers)
    assert saved.headers["Plan-Saved"] == "yes"
    assert look(strict, GROUND)["more"] == ['Steep.\nAnd "wet" <too>.']


# The server


def test_a_full_disk_gives_the_text_back_until_it_can_be_saved(writer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    window = typed(writer)
    with monkeypatch.context() as broken:
        broken.setattr(OpenPlan, "save", fails(OperationalError("database or disk is full")))
        refused = save(writer, GROUND, window)
        assert refused.status_code == 503
        assert form(refused) == window
        twice = writer.post(f"{PLAN_FORM}{GROUND}/", form(refused))
        assert (twice.status_code, form(twice)) == (503, window)
    assert "Steep." in html(refused) and "our server can’t save right now" in html(refused)
    sent_again(writer, html(twice))


@pytest.mark.parametrize("failure", [OSError("no space"), ZeroDivisionError()])
def test_whatever_fails_the_text_comes_back(writer: Client, monkeypatch: pytest.MonkeyPatch, failure: Exception) -> None:
    """Also where the form itself cannot be read: then as it was sent."""
    window = typed(writer)
    with monkeypatch.context() as broken:
        broken.setattr(filling, "read_form", fails(failure))
        broken.setattr(filling, "from_form", fails(failure))
        refused = save(writer, GROUND, window)
    assert refused.status_code == (503 if isinstance(failure, OSError) else 500)
    assert form(refused) == window and "<dd>Steep." in html(refused)
    sent_again(writer, html(refused))


def test_where_the_database_does_not_answer_at_all_the_text_comes_back(writer: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    window = typed(writer)
    with monkeypatch.context() as broken:
        broken.setattr(type(Edition.objects), "newest", fails(OperationalError("no such table")))
        refused = save(writer, GROUND, window)
        assert (refused.status_code, form(refused)) == (503, window)
    sent_again(writer, html(refused))


def test_a_text_that_is_too_long_can_still_be_copied(strict: Client) -> None:
    form = urlencode({"name": "The whole story. " * 70_000})
    refused = strict.post(f"{PLAN_FORM}{GARDEN}/", form, FORM, headers=OURS)
    assert refused.status_code == 400
    assert "it’s too long" in html(refused) and html(refused).count("The whole story.") == 70_000
    assert PLAN_FORM not in re.findall(r'action="([^"]*)"', html(refused))
    other = strict.post(f"{PLAN_FORM}{GARDEN}/", form, FORM, headers={"Origin": "null"})
    assert (other.status_code, html(other).count("The whole story.")) == (400, 0)
    endless = strict.post(f"{PLAN_FORM}{GARDEN}/", urlencode({"name": "x" * 5_000_000}), FORM, headers=OURS)
    assert (endless.status_code, html(endless).count("xxx")) == (400, 0)


def test_the_log_tells_of_the_failure_and_not_of_the_text(
    writer: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(OpenPlan, "save", fails(OperationalError("disk I/O error")))
    with caplog.at_level(logging.DEBUG):
        save(writer, GROUND, typed(writer))
    assert "disk I/O error" in caplog.text and "Steep." not in caplog.text


# Other forms


@pytest.mark.parametrize("path", ["/plan/open/", "/plan/team/open/"])
def test_a_code_that_came_without_a_token_stands_in_its_field_again(strict: Client, path: str) -> None:
    strict.post("/plan/close/")
    refused = strict.post(path, {"code": "ABCD-1234"}, headers=OURS)
    assert refused.status_code == 403 and "Please press the button again." in html(refused)
    assert form(refused, path)["code"] == ["ABCD-1234"]
    tried = strict.post(path, {**form(refused, path), "csrfmiddlewaretoken": token_in(html(refused))}, headers=OURS)
    assert tried.status_code == 422
    assert "ABCD" not in html(strict.post(path, {"code": "ABCD-1234"}, headers={"Sec-Fetch-Site": "cross-site"}))


def test_an_answer_that_came_without_a_token_is_still_ticked(strict: Client) -> None:
    strict.get("/for-me/1/")
    refused = strict.post("/for-me/1/", {"question": "space", "answer-space": "bed"}, headers=OURS)
    assert refused.status_code == 403 and "Please press the button again." in html(refused)
    again = {**form(refused, "/for-me/1/"), "csrfmiddlewaretoken": token_in(html(refused))}
    assert again["answer-space"] == ["bed"]
    assert strict.post("/for-me/1/", again, headers=OURS).status_code == 302


# Bodies that nobody can read


@pytest.mark.parametrize("path", ["/", "/plan/open/", f"{PLAN_FORM}{GROUND}/", "/admin/login/"])
@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/x-www-form-urlencoded; charset=utf-7", b"x=1"),
        ("multipart/form-data; boundary=", b"x"),
        (
            "multipart/form-data; boundary=a",
            b'--a\r\nContent-Disposition: form-data; name="x"; filename="x"\r\nContent-Transfer-Encoding: base64\r\n\r\nx\r\n--a--',
        ),
        ("application/x-www-form-urlencoded", b"&".join(b"x=1" for _ in range(1100))),
    ],
)
def test_a_body_that_cannot_be_read_gets_a_page_that_says_so(strict: Client, path: str, kind: str, body: bytes) -> None:
    strict.get("/plan/")
    answer = strict.post(path, data=body, content_type=kind, headers={"Origin": "http://testserver"})
    assert answer.status_code == 400
    assert "We couldn’t read this" in html(answer)
    assert not [name for name in GUARDS if name not in answer.headers]


def test_an_address_that_does_not_exist_is_not_found_whatever_is_sent(strict: Client) -> None:
    kind = "application/x-www-form-urlencoded; charset=utf-7"
    answer = strict.post("/nowhere/", data=b"x=1", content_type=kind, headers={"Origin": "http://testserver"})
    assert answer.status_code == 404


def fails(failure: Exception) -> object:
    """Something in the place of a function, that fails."""

    def function(*_: object, **__: object) -> None:
        raise failure

    return function
