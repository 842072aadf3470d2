"""The treatment plan on the web: start, come back, fill in, two windows, a closed plan, delete."""

from __future__ import annotations

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone

from guide.plans import sealing
from guide.plans.models import KEPT_FOR, Plan
from tests.visits import answer, code_of, html, look, open_plan, path_of, save, start_plan, title

pytestmark = pytest.mark.usefixtures("garden")

GARDEN, GROUND, FENCE = "my-garden", "my-ground", "over-the-fence"
HTMX = {"HX-Request": "true"}


def without_typed(page: str) -> str:
    """A page without the form's token and the code that was typed, which differ each time."""
    return re.sub(r'(name="csrfmiddlewaretoken" value=|id="code" name="code" value=)"[^"]*"', "", page)


# Starting and coming back


def test_a_blank_plan_starts_with_its_code(client: Client) -> None:
    response = client.post("/plan/start/")
    assert path_of(response) == "/plan/mine/code/"
    code = code_of(client)
    assert sealing.spell(sealing.read_code(code)) == code
    assert html(client.get("/plan/mine/")).count('<span class="tag">empty</span>') == 3


def test_the_plan_cookie_cannot_be_read_and_stays_with_the_plan(client: Client) -> None:
    cookie = client.post("/plan/start/").cookies["plan"]
    code = code_of(client)
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Strict"
    assert cookie["path"] == "/plan/"
    assert cookie["max-age"] == "" and cookie["expires"] == ""
    assert code not in cookie.value and code.replace("-", "") not in cookie.value


def test_behind_https_the_cookies_are_for_https_only() -> None:
    secure = Client()
    assert secure.post("/plan/start/", secure=True).cookies["plan"]["secure"] is True
    assert secure.post("/for-me/1/", {"question": "space", "answer-space": "bed"}, secure=True).cookies["answers"]["secure"] is True


def test_a_plan_from_the_answers_needs_nothing_typed_twice(client: Client) -> None:
    answer(client, {"space": "bed", "soil": "clay", "puddles": "drain", "visitors": ["slugs", "mice"], "rain": "no"})
    start_plan(client, **{"from": "answers"})
    ground = look(client, GROUND)
    assert ground["space"] == ["bed"]
    assert ground["soil"] == ["clay"]
    assert [ground["visitors-0-visitor"], ground["visitors-1-visitor"]] == [["slugs"], ["mice"]]
    assert ground["more"] == ["puddles that drain"]
    assert look(client, GARDEN)["barrel"] == ["no"]


def test_the_open_questions_of_the_wizard_go_into_the_plan(client: Client) -> None:
    answer(client, {"space": "bed", "soil": "not-sure", "visitors": "slugs", "rain": "no"})
    start_plan(client, **{"from": "answers"})
    assert look(client, GROUND)["soil"] == ["not_sure"]
    assert look(client, FENCE)["questions-0-q"] == ["What kind of soil is in our bed?"]


def test_of_the_results_only_the_ticked_questions_go_into_the_plan(client: Client) -> None:
    answer(client, {"space": "bed", "soil": "clay", "puddles": "not-sure"})
    page = html(client.get("/for-me/results/"))
    assert 'value="Does water stand on our bed after rain?" id="ask-does-water-stand-on-our-bed-after-rain" checked>' in page
    assert 'value="Would a raised bed help my clay?" id="ask-would-a-raised-bed-help-my-clay" checked>' in page
    posted: dict[str, str | list[str]] = {"from": "results", "question": ["Would a raised bed help my clay?", "Is the moon full?"]}
    start_plan(client, **posted)
    assert look(client, FENCE)["questions-0-q"] == ["Would a raised bed help my clay?"]
    assert "questions-1-q" not in look(client, FENCE) or look(client, FENCE)["questions-1-q"] == [""]


def test_a_plan_from_a_button_without_answers_is_blank(client: Client) -> None:
    start_plan(client, **{"from": "answers"})
    assert [name for name, values in look(client, GROUND).items() if values != [""] and name != "base"] == []


def test_the_door_offers_the_answers_only_where_there_are_some(client: Client) -> None:
    assert "Start with my answers" not in html(client.get("/plan/"))
    answer(client, {"space": "bed"})
    assert "Start with my answers" in html(client.get("/plan/"))


def test_the_door_leads_on_where_a_plan_is_open(client: Client) -> None:
    start_plan(client)
    assert path_of(client.get("/plan/")) == "/plan/mine/"


@pytest.mark.parametrize(
    "sloppily",
    [
        lambda code: code.lower(),
        lambda code: code.replace("-", ""),
        lambda code: f"  {code.replace('-', ' ')} \t",
        lambda code: code.replace("-", "–"),
        lambda code: code.lower().replace("0", "o").replace("1", "l"),
        lambda code: code.replace("0", "O").replace("1", "I").replace("V", "U"),
    ],
)
def test_a_plan_opens_by_its_code_however_it_is_typed(client: Client, sloppily: object) -> None:
    assert callable(sloppily)
    code = start_plan(client)
    save(client, GARDEN, look(client, GARDEN), name="Wild corner")
    window = Client()
    assert path_of(open_plan(window, sloppily(code))) == "/plan/mine/"
    assert look(window, GARDEN)["name"] == ["Wild corner"]


def test_wrong_expired_and_deleted_codes_get_one_and_the_same_answer() -> None:
    expired, deleted = Client(), Client()
    expired_code, deleted_code = start_plan(expired), start_plan(deleted)
    deleted.post("/plan/mine/delete/")
    Plan.objects.update(opened=timezone.now().date() - KEPT_FOR - datetime.timedelta(1))
    never = sealing.spell(sealing.new_code())
    answers = [open_plan(Client(), code) for code in (never, expired_code, deleted_code, "not a code at all", "éé", never[:-1])]
    assert [response.status_code for response in answers] == [422] * 6
    assert len({without_typed(html(response)) for response in answers}) == 1
    assert "No plan opens with this code." in html(answers[0])
    assert all("plan" not in response.cookies for response in answers)


def test_a_wrong_code_is_told_at_the_field_and_at_the_top(client: Client) -> None:
    response = open_plan(client, "not a code")
    page = html(response)
    assert title(response).startswith("Error: ")
    assert re.search(r'role="alert".*?<a href="#code">No plan opens with this code', page, re.DOTALL)
    assert 'aria-describedby="code-hint code-error" aria-invalid="true"' in page
    assert 'value="not a code"' in page


def test_closing_leaves_the_plan_where_it_is(client: Client) -> None:
    code = start_plan(client)
    assert path_of(client.post("/plan/close/")) == "/plan/"
    assert path_of(client.get("/plan/mine/")) == "/plan/"
    assert path_of(open_plan(client, code)) == "/plan/mine/"


@pytest.mark.parametrize("path", ["mine/", "mine/code/", "mine/print/", "mine/delete/", f"mine/group/{GARDEN}/"])
def test_without_a_plan_every_page_of_it_leads_to_the_door(client: Client, path: str) -> None:
    assert path_of(client.get(f"/plan/{path}")) == "/plan/"


def test_without_a_plan_htmx_is_led_to_the_door(client: Client) -> None:
    assert client.get("/plan/mine/", headers=HTMX).headers["HX-Redirect"] == "/plan/"


@pytest.mark.parametrize("value", ["", "x", "äöü", "A" * 4000])
def test_a_plan_cookie_of_nonsense_opens_nothing(client: Client, value: str) -> None:
    start_plan(client)
    client.cookies["plan"] = value
    assert client.get("/plan/").status_code == 200


def test_an_answers_cookie_opens_no_plan(client: Client) -> None:
    answer(client, {"space": "bed"})
    client.cookies["plan"] = client.cookies["answers"].value
    assert client.get("/plan/").status_code == 200


def test_each_use_keeps_the_plan_open_longer(client: Client) -> None:
    start_plan(client)
    before = client.cookies["plan"].value
    for path in ("mine/", f"mine/group/{GARDEN}/", "mine/print/"):
        client.get(f"/plan/{path}")
        assert client.cookies["plan"].value != before
        before = client.cookies["plan"].value


def test_the_code_stands_in_no_address_and_no_title(client: Client) -> None:
    code = start_plan(client)
    letters = code.replace("-", "")
    for path in ("mine/", "mine/code/", "mine/print/", "mine/delete/", f"mine/group/{GARDEN}/"):
        page = client.get(f"/plan/{path}")
        addresses = re.findall(r'(?:action|href|hx-post|src)="(.*?)"', html(page))
        assert not [text for text in [title(page), *addresses] if code in text or letters in text]
    for response in (open_plan(client, code), save(client, GARDEN, look(client, GARDEN), name="x"), client.post("/plan/close/")):
        assert letters not in response.headers["Location"].replace("-", "")


# Deleting


def test_deleting_asks_once_and_then_removes_the_row(client: Client) -> None:
    code = start_plan(client)
    assert "Delete this plan?" in html(client.get("/plan/mine/delete/"))
    assert Plan.objects.count() == 1
    response = client.post("/plan/mine/delete/")
    assert path_of(response) == "/plan/"
    assert response.cookies["plan"].value == ""
    assert Plan.objects.count() == 0
    assert open_plan(client, code).status_code == 422


@pytest.mark.parametrize("path", ["start/", "open/", "close/"])
def test_nothing_is_started_opened_or_closed_by_a_link(client: Client, path: str) -> None:
    assert client.get(f"/plan/{path}").status_code == 405
    assert not Plan.objects.exists()


# Forms of strangers


def strict_client() -> tuple[Client, str]:
    client = Client(enforce_csrf_checks=True)
    token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', html(client.get("/plan/")))
    assert token
    return client, token[1]


def test_a_form_needs_the_token_of_this_site() -> None:
    client, token = strict_client()
    assert client.post("/plan/start/").status_code == 403
    assert client.post("/plan/start/", {"csrfmiddlewaretoken": token}).status_code == 302


def test_a_form_of_a_page_without_referrer_is_taken_with_its_token() -> None:
    client, token = strict_client()
    own = {"Origin": "null", "Sec-Fetch-Site": "same-origin"}
    assert client.post("/plan/start/", {"csrfmiddlewaretoken": token}, headers=own).status_code == 302
    assert client.post("/plan/start/", headers=own).status_code == 403


@pytest.mark.parametrize("headers", [{"Origin": "https://other.example"}, {"Origin": "null", "Sec-Fetch-Site": "cross-site"}])
def test_a_form_of_another_site_is_refused(headers: dict[str, str]) -> None:
    client, token = strict_client()
    response = client.post("/plan/start/", {"csrfmiddlewaretoken": token}, headers=headers)
    assert response.status_code == 403
    assert "Please do that once more" in html(response)
    assert not Plan.objects.exists()


def test_the_token_cookie_is_kept_from_scripts_and_other_sites() -> None:
    client, _ = strict_client()
    assert client.cookies["csrftoken"]["httponly"] is True
    assert client.cookies["csrftoken"]["samesite"] == "Strict"


def test_closing_a_plan_also_forgets_the_answers(client: Client) -> None:
    start_plan(client)
    client.cookies["answers"] = "something"
    answer = client.post("/plan/close/")
    assert answer.cookies["answers"].value == "" and answer.cookies["plan"].value == ""
