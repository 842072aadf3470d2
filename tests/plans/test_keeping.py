"""The code of a plan: shown when it is new, changed when somebody saw it; earlier texts; leaving quickly."""

from __future__ import annotations

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone

from guide.plans import sealing
from tests.visits import answer, code_of, form, html, look, open_plan, path_of, save, start_plan

pytestmark = pytest.mark.usefixtures("garden")
GARDEN = "my-garden"


def started(client: Client) -> str:
    """Start a plan; its code, as it is shown then."""
    client.post("/plan/start/")
    return shown(html(client.get("/plan/mine/code/")))


def shown(page: str) -> str:
    found = re.search(r'<code id="code">([0-9A-Z-]+)</code>', page)
    return found[1] if found else ""


def changed(client: Client) -> str:
    """Change the code; the new one, as it is shown before it counts."""
    before = client.get("/plan/mine/code/change/")
    new = re.search(r'<code id="new-code">([0-9A-Z-]+)</code>', html(before))
    assert new
    assert path_of(client.post("/plan/mine/code/change/", form(before, "/plan/mine/code/change/"))) == "/plan/mine/code/"
    return new[1]


def test_a_new_code_is_shown_until_the_reader_goes_on(client: Client) -> None:
    code = started(client)
    page = html(client.get("/plan/mine/code/"))
    assert code and shown(page) == code
    assert 'class="qr"' in page
    client.get("/plan/mine/")
    later = html(client.get("/plan/mine/code/"))
    assert code not in later and "<svg" not in later
    assert shown(html(client.post("/plan/mine/code/"))) == code
    assert code not in html(client.get("/plan/mine/code/"))


def test_the_square_holds_the_code_after_the_hash(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[tuple[str, str]] = []

    def draw(address: str, code: str) -> str:
        drawn.append((address, code))
        return ""

    monkeypatch.setattr("guide.plans.qr.svg", draw)
    code = started(client)
    assert drawn == [("http://testserver/plan/", code)]


def test_a_changed_code_opens_the_plan_and_the_old_one_does_not(client: Client) -> None:
    old = started(client)
    save(client, GARDEN, look(client, GARDEN), name="Wild corner")
    new = changed(client)
    assert shown(html(client.get("/plan/mine/code/"))) == new != old
    assert open_plan(Client(), old).status_code == 422
    window = Client()
    open_plan(window, new)
    assert look(window, GARDEN)["name"] == ["Wild corner"]


def test_the_plan_is_not_lost_where_the_answer_to_a_changed_code_is(client: Client) -> None:
    old = started(client)
    save(client, GARDEN, look(client, GARDEN), name="Wild corner")
    before = client.get("/plan/mine/code/change/")
    new = re.search(r'<code id="new-code">([0-9A-Z-]+)</code>', html(before))
    assert new and not open_plan(Client(), new[1]).has_header("Location"), "it does not count yet"
    assert open_plan(Client(), old).status_code == 302
    lost = Client()
    lost.cookies.load({name: cookie.value for name, cookie in client.cookies.items()})
    lost.post("/plan/mine/code/change/", form(before, "/plan/mine/code/change/"))
    assert path_of(client.get("/plan/mine/")) == "/plan/"
    open_plan(client, new[1])
    assert look(client, GARDEN)["name"] == ["Wild corner"]


@pytest.mark.parametrize(
    "new", ["", "0000-0000", sealing.new_code(), f"{sealing.new_code()}:signed"], ids=["none", "short", "unsigned", "wrongly signed"]
)
def test_a_code_that_is_not_from_here_is_not_taken(client: Client, new: str) -> None:
    old = started(client)
    page = client.post("/plan/mine/code/change/", {"new": new})
    assert page.status_code == 200 and "new-code" in html(page)
    assert open_plan(Client(), old).status_code == 302


def test_a_window_with_the_old_code_keeps_what_is_typed_and_asks_for_the_new_one(client: Client) -> None:
    code = started(client)
    window = Client()
    open_plan(window, code)
    typed = look(window, GARDEN)
    changed(client)
    locked = save(window, GARDEN, typed, name="Tame corner")
    assert locked.status_code == 422 and 'value="Tame corner"' in html(locked)
    saved = window.post(f"/plan/mine/group/{GARDEN}/", {**form(locked), "code": code_of(client)})
    assert saved.status_code == 302
    assert look(client, GARDEN)["name"] == ["Tame corner"]


def test_an_earlier_text_is_listed_with_what_differs_and_can_be_gone_back_to(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    start_plan(client)
    save(client, GARDEN, look(client, GARDEN), name="Wild corner")
    now = timezone.now() + datetime.timedelta(minutes=11)
    monkeypatch.setattr(timezone, "now", lambda: now)
    save(client, GARDEN, look(client, GARDEN), name="Tame <corner>")
    page = html(client.get("/plan/mine/earlier/"))
    assert "Wild corner" in page and "Tame &lt;corner&gt;" in page and "1 field differs from now" in page
    version = re.search(r"/plan/mine/earlier/(\d+)/", page)
    assert version
    assert path_of(client.post(version[0])) == "/plan/mine/earlier/"
    assert look(client, GARDEN)["name"] == ["Wild corner"]
    assert html(client.get("/plan/mine/earlier/")).count("Go back to this") == 1


def test_a_text_that_is_not_there_cannot_be_gone_back_to(client: Client) -> None:
    start_plan(client)
    assert path_of(client.post("/plan/mine/earlier/99/")) == "/plan/mine/earlier/"
    assert client.get("/plan/mine/earlier/99/").status_code == 405


def test_leaving_quickly_closes_everything_and_shows_nothing_of_it(client: Client) -> None:
    answer(client, {"space": "bed"})
    start_plan(client)
    assert 'action="/plan/leave/"' in html(client.get("/plan/mine/"))
    assert 'action="/plan/leave/"' in html(client.get("/for-me/2/"))
    response = client.post("/plan/leave/")
    page = html(response)
    assert "<title>New page</title>" in page
    assert not re.search("plan|garden|guide", page, re.IGNORECASE)
    assert {name: cookie.value for name, cookie in response.cookies.items() if name in ("plan", "answers", "view")} == dict.fromkeys(
        ("plan", "answers", "view"), ""
    )
    assert path_of(client.get("/plan/mine/")) == "/plan/"
