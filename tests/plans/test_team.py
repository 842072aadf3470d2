"""The care team's view of a plan, on the web."""

from __future__ import annotations

import datetime
import io
import re

import pytest
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from guide.plans.sharing import MOST
from tests.visits import html, look, open_plan, path_of, save, start_plan

pytestmark = pytest.mark.usefixtures("garden")
GARDEN = "my-garden"


@pytest.fixture
def owner(client: Client) -> Client:
    start_plan(client)
    save(client, GARDEN, look(client, GARDEN), name="Wild <corner>")
    return client


def give(owner: Client, lasts: str = "week") -> str:
    """A new view code, as the owner sees it."""
    assert path_of(owner.post("/plan/mine/team/", {"lasts": lasts})) == "/plan/mine/team/"
    found = re.search(r'<code id="view-\d+">([0-9A-Z-]+)</code>', html(owner.get("/plan/mine/team/")))
    assert found
    return found[1]


def opened(code: str) -> Client:
    """A team that opened the plan."""
    team = Client()
    assert path_of(team.post("/plan/team/open/", {"code": code.lower().replace("-", " ")})) == "/plan/team/plan/"
    return team


def test_the_team_reads_the_plan_as_it_is_now(owner: Client) -> None:
    team = opened(give(owner))
    assert "Wild &lt;corner&gt;" in html(team.get("/plan/team/plan/"))
    save(owner, GARDEN, look(owner, GARDEN), name="Tame corner")
    assert "Tame corner" in html(team.get("/plan/team/plan/"))
    assert path_of(team.get("/plan/team/")) == "/plan/team/plan/"


def test_the_team_can_change_nothing_and_sees_no_code(owner: Client) -> None:
    code = give(owner)
    team = opened(code)
    page = html(team.get("/plan/team/plan/"))
    assert not re.findall(r"<(?:input|textarea|select)(?![^>]*csrfmiddlewaretoken)", page)
    assert code not in page
    for path in ("mine/", "mine/code/", f"mine/group/{GARDEN}/", "mine/team/", "mine/print/"):
        assert path_of(team.get(f"/plan/{path}")) == "/plan/", path
    assert team.post(f"/plan/mine/group/{GARDEN}/", {"name": "Spoilt"}).status_code == 422
    assert open_plan(Client(), code).status_code == 422
    assert look(owner, GARDEN)["name"] == ["Wild <corner>"]


def test_the_owner_sees_when_it_was_opened(owner: Client) -> None:
    code = give(owner)
    assert "Nobody has opened it yet." in html(owner.get("/plan/mine/team/"))
    opened(code).get("/plan/team/plan/")
    opened(code)
    assert "Opened 2 times" in html(owner.get("/plan/mine/team/"))


def test_withdrawing_works_at_once(owner: Client) -> None:
    team = opened(give(owner))
    action = re.search(r"/plan/mine/team/\d+/withdraw/", html(owner.get("/plan/mine/team/")))
    assert action
    assert path_of(owner.post(action[0])) == "/plan/mine/team/"
    assert path_of(team.get("/plan/team/plan/")) == "/plan/team/"


@pytest.mark.parametrize(("lasts", "days"), [("day", 1), ("week", 7), ("month", 31), ("nonsense", 7)])
def test_it_ends_by_itself(owner: Client, monkeypatch: pytest.MonkeyPatch, lasts: str, days: int) -> None:
    team = opened(give(owner, lasts))
    start = timezone.now()
    monkeypatch.setattr(timezone, "now", lambda: start + datetime.timedelta(days=days, minutes=-1))
    assert team.get("/plan/team/plan/").status_code == 200
    monkeypatch.setattr(timezone, "now", lambda: start + datetime.timedelta(days=days, minutes=1))
    assert path_of(team.get("/plan/team/plan/")) == "/plan/team/"
    assert "Ended on" in html(owner.get("/plan/mine/team/"))


def test_a_wrong_view_code_is_told_like_any_other(owner: Client) -> None:
    response = Client().post("/plan/team/open/", {"code": "0000-1111"})
    assert response.status_code == 422
    page = html(response)
    assert "No plan opens with this code" in page and 'value="0000-1111"' in page and 'aria-invalid="true"' in page
    assert "Type the view code." in html(Client().post("/plan/team/open/", {"code": " "}))


def test_too_many_view_codes_are_told(owner: Client) -> None:
    for _ in range(MOST):
        give(owner)
    response = owner.post("/plan/mine/team/", {"lasts": "day"})
    assert response.status_code == 422
    assert "Withdraw one" in html(response)


def test_the_team_closes_it(owner: Client) -> None:
    team = opened(give(owner))
    assert path_of(team.post("/plan/team/close/")) == "/plan/team/"
    assert path_of(team.get("/plan/team/plan/")) == "/plan/team/"


def test_a_deleted_plan_is_gone_for_the_team_too(owner: Client) -> None:
    team = opened(give(owner))
    owner.post("/plan/mine/delete/")
    assert path_of(team.get("/plan/team/plan/")) == "/plan/team/"


def test_the_team_takes_the_plan_along_without_any_code(owner: Client) -> None:
    code = give(owner)
    team = opened(code)
    made = team.get("/plan/team/paper.pdf?paper=a4&code=1")
    assert made["Content-Type"] == "application/pdf" and made["Cache-Control"] == "no-store, private"
    text = "".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(made.content)).pages)
    assert "Wild <corner>" in text and code not in text
    assert path_of(Client().get("/plan/team/paper.pdf")) == path_of(Client().get("/plan/team/fhir.json")) == "/plan/team/"


def test_a_guide_without_codes_has_no_fhir_file(owner: Client) -> None:
    assert path_of(opened(give(owner)).get("/plan/team/fhir.json")) == "/plan/team/plan/"
