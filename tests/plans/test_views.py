"""The treatment plan on the web: start, come back, fill in, two windows, a closed plan, delete."""

from __future__ import annotations

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone

from guide.editing.models import Edition
from guide.plans import sealing
from guide.plans.models import KEPT_FOR, Plan
from tests.plans.test_knocks import without_typed
from tests.visits import PLAN_FORM, answer, code_of, form, html, look, open_plan, path_of, save, start_plan, title

pytestmark = pytest.mark.usefixtures("garden")

GARDEN, GROUND, FENCE = "my-garden", "my-ground", "over-the-fence"
HTMX = {"HX-Request": "true"}


def other_window(code: str) -> Client:
    """The same plan on another computer."""
    client = Client()
    assert path_of(open_plan(client, code)) == "/plan/mine/"
    return client


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
    assert secure.post("/for-me/1/", {"question": "space", "answer": "bed"}, secure=True).cookies["answers"]["secure"] is True


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
    assert 'value="Would a raised bed help my clay?" id="ask-would-a-raised-bed-help-my-clay">' in page
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


# Filling in


def test_what_is_typed_is_there_again(client: Client) -> None:
    start_plan(client)
    response = save(
        client, GARDEN, look(client, GARDEN), name="  Wild <corner> ", begun="2019-04", barrel="yes", liters="lots", tools=["rake", "can"]
    )
    assert response.headers["Location"] == f"{PLAN_FORM}{GARDEN}/?saved=1"
    window = look(client, GARDEN)
    assert window["name"] == ["Wild <corner>"]
    assert window["begun"] == ["2019-04"]
    assert window["barrel"] == ["yes"]
    assert window["liters"] == ["lots"]
    assert window["tools"] == ["rake", "can"]


def test_texts_of_several_lines_keep_them(client: Client) -> None:
    start_plan(client)
    save(client, GROUND, look(client, GROUND), more="\r\n One\r\n\r\n Two ")
    window = look(client, GROUND)
    assert window["more"] == ["One\n\n Two"]
    version = Plan.objects.get().version
    save(client, GROUND, window)
    assert Plan.objects.get().version == version


def test_saving_a_window_as_it_is_changes_nothing(client: Client) -> None:
    start_plan(client)
    save(client, GARDEN, look(client, GARDEN), name="Wild corner", tools=["rake"], begun="2019")
    version = Plan.objects.get().version
    response = save(client, GARDEN, look(client, GARDEN))
    assert response.status_code == 302
    assert Plan.objects.get().version == version


def test_emptying_a_field_removes_its_text(client: Client) -> None:
    start_plan(client)
    save(client, GARDEN, look(client, GARDEN), name="Wild corner", tools=["rake"])
    window = look(client, GARDEN)
    del window["tools"]
    save(client, GARDEN, window, name="")
    after = look(client, GARDEN)
    assert after["name"] == [""] and "tools" not in after


def test_what_looks_odd_is_saved_and_gets_advice(client: Client) -> None:
    start_plan(client)
    save(client, GARDEN, look(client, GARDEN), begun="last spring", beds="a few", name="x" * 40)
    page = html(client.get(f"{PLAN_FORM}{GARDEN}/"))
    assert re.search(
        r'id="begun-advice">Write a year, a month or a day.*?value="last spring".*?aria-describedby="begun-hint begun-advice"',
        page,
        re.DOTALL,
    )
    assert 'id="beds-advice"' in page and 'value="a few"' in page
    assert "(40 letters, 20 fit)" in page


def test_a_choice_that_is_no_longer_offered_is_kept_until_it_is_unticked(client: Client) -> None:
    start_plan(client)
    save(client, GARDEN, look(client, GARDEN), tools=["rake", "tank"])
    assert look(client, GARDEN)["tools"] == ["rake", "tank"]
    save(client, GARDEN, look(client, GARDEN), tools=["rake"])
    assert look(client, GARDEN)["tools"] == ["rake"]


def test_the_overview_counts_what_is_filled_in(client: Client) -> None:
    start_plan(client)
    save(client, GARDEN, look(client, GARDEN), name="Wild corner", beds="6")
    page = html(client.get("/plan/mine/"))
    assert re.search(r'My garden</a> <span class="tag some">2 filled in<', page)
    assert re.search(r'My ground</a> <span class="tag">empty<', page)


def test_save_and_go_on_leads_through_all_parts(client: Client) -> None:
    start_plan(client)
    led = [path_of(save(client, group, look(client, group), next="1")) for group in (GARDEN, GROUND, FENCE)]
    assert led == [f"{PLAN_FORM}{GROUND}/", f"{PLAN_FORM}{FENCE}/", "/plan/mine/"]


def test_a_part_that_does_not_exist_leads_to_all_parts(client: Client) -> None:
    start_plan(client)
    answer = client.get(f"{PLAN_FORM}moon/")
    assert (answer.status_code, answer["Location"]) == (302, "/plan/mine/")
    assert "no-store" in answer["Cache-Control"]


def test_saving_by_itself_gets_the_new_base_and_says_saved(client: Client) -> None:
    start_plan(client)
    window = look(client, GARDEN)
    first = client.post(f"{PLAN_FORM}{GARDEN}/", {**window, "name": ["Wild"]}, headers=HTMX)
    assert first.status_code == 200
    page = html(first)
    assert "<html" not in page and page.strip().startswith('<input type="hidden" name="base"') and "<p>Saved <time" in page
    base = re.search(r'name="base" value="(.*?)"', page)
    assert base
    window["base"] = [base[1].replace("&quot;", '"')]
    second = client.post(f"{PLAN_FORM}{GARDEN}/", {**window, "name": ["Wild corner"]}, headers=HTMX)
    assert "Another window" not in html(second)
    assert look(client, GARDEN)["name"] == ["Wild corner"]


# Rows


def test_rows_are_added_one_by_one_and_saved(client: Client) -> None:
    start_plan(client)
    response = save(client, GROUND, look(client, GROUND), visitors__0__visitor="slugs", add="visitors")
    assert response.headers["Location"] == f"{PLAN_FORM}{GROUND}/?add=visitors#visitors"
    window = form(client.get(f"{PLAN_FORM}{GROUND}/?add=visitors"))
    assert window["visitors-0-visitor"] == ["slugs"] and window["visitors-1-visitor"] == [""]
    save(client, GROUND, window, visitors__1__visitor="mice", visitors__1__seen="2020")
    window = look(client, GROUND)
    assert (window["visitors-1-visitor"], window["visitors-1-seen"]) == (["mice"], ["2020"])
    assert "visitors-2-visitor" not in window


def test_no_more_rows_than_there_is_room_for_are_offered(client: Client) -> None:
    start_plan(client)
    window = look(client, FENCE)
    save(client, FENCE, {**window, "questions-1-q": ["Why?"]}, questions__0__q="How?")
    page = html(client.get(f"{PLAN_FORM}{FENCE}/?add=questions"))
    assert 'name="add"' not in page and "questions-2-q" not in page


def test_removing_a_row_leaves_the_others(client: Client) -> None:
    start_plan(client)
    window = look(client, GROUND)
    names = ["slugs", "aphids", "mice"]
    save(client, GROUND, {**window, **{f"visitors-{number}-visitor": [name] for number, name in enumerate(names)}})
    response = save(client, GROUND, look(client, GROUND), remove="visitors-1")
    assert response.headers["Location"] == f"{PLAN_FORM}{GROUND}/"
    window = look(client, GROUND)
    assert [window["visitors-0-visitor"], window["visitors-1-visitor"]] == [["slugs"], ["mice"]]
    assert "visitors-2-visitor" not in window


def test_removing_a_row_saves_what_was_typed_beside_it(client: Client) -> None:
    start_plan(client)
    window = {**look(client, GROUND), "visitors-1-visitor": ["mice"]}
    save(client, GROUND, window, visitors__0__visitor="slugs")
    save(client, GROUND, look(client, GROUND), remove="visitors-0", more="Steep.")
    window = look(client, GROUND)
    assert (window["visitors-0-visitor"], window["more"]) == (["mice"], ["Steep."])


# Two windows


def test_two_windows_that_change_different_fields_both_save(client: Client) -> None:
    other = other_window(start_plan(client))
    mine, theirs = look(client, GARDEN), look(other, GARDEN)
    save(client, GARDEN, mine, name="Wild corner")
    save(other, GARDEN, theirs, beds="6")
    window = look(client, GARDEN)
    assert (window["name"], window["beds"]) == (["Wild corner"], ["6"])
    assert "Another window" not in html(client.get(f"{PLAN_FORM}{GARDEN}/"))


def clash(client: Client) -> Client:
    """Two windows change the name; the other window is the later one."""
    other = other_window(start_plan(client))
    mine, theirs = look(client, GARDEN), look(other, GARDEN)
    save(client, GARDEN, mine, name="Wild corner")
    assert save(other, GARDEN, theirs, name="Tame corner").status_code == 302
    return other


def test_two_windows_that_change_one_field_lose_neither_text(client: Client) -> None:
    other = clash(client)
    for window in (client, other):
        page = html(window.get(f"{PLAN_FORM}{GARDEN}/"))
        assert 'value="Tame corner"' in page
        assert re.search(r"Another window saved this here:.*?<blockquote>Wild corner</blockquote>", page, re.DOTALL)


def test_the_later_window_hears_of_the_clash_at_once(client: Client) -> None:
    other = other_window(start_plan(client))
    theirs = look(other, GARDEN)
    save(client, GARDEN, look(client, GARDEN), name="Wild corner")
    page = html(other.post(f"{PLAN_FORM}{GARDEN}/", {**theirs, "name": ["Tame corner"]}, headers=HTMX))
    assert "Another window changed this too:</strong> Name of the garden." in page


def test_the_kept_text_can_be_used(client: Client) -> None:
    clash(client)
    response = save(client, GARDEN, look(client, GARDEN), settle="use-name-0")
    assert response.headers["Location"] == f"{PLAN_FORM}{GARDEN}/"
    page = html(client.get(f"{PLAN_FORM}{GARDEN}/"))
    assert 'value="Wild corner"' in page
    # Nothing is dropped without being asked to: the texts changed places.
    assert "<blockquote>Tame corner</blockquote>" in page


def test_the_kept_text_can_be_dropped(client: Client) -> None:
    clash(client)
    save(client, GARDEN, look(client, GARDEN), settle="drop-name-0")
    page = html(client.get(f"{PLAN_FORM}{GARDEN}/"))
    assert 'value="Tame corner"' in page and "Wild corner" not in page


@pytest.mark.parametrize("order", ["drop-name-7", "drop-moon-0", "burn-name-0", "drop-name", "", "--", "drop-name-²"])
def test_an_order_that_makes_no_sense_settles_nothing(client: Client, order: str) -> None:
    clash(client)
    assert save(client, GARDEN, look(client, GARDEN), settle=order).status_code == 302
    assert "<blockquote>Wild corner</blockquote>" in html(client.get(f"{PLAN_FORM}{GARDEN}/"))


def test_settling_also_saves_what_was_typed_beside_it(client: Client) -> None:
    clash(client)
    save(client, GARDEN, look(client, GARDEN), settle="drop-name-0", beds="6")
    assert look(client, GARDEN)["beds"] == ["6"]


def test_two_windows_that_add_rows_lose_none(client: Client) -> None:
    other = other_window(start_plan(client))
    mine, theirs = look(client, FENCE), look(other, FENCE)
    save(client, FENCE, mine, questions__0__q="Why?", questions__0__a="Who knows")
    save(other, FENCE, theirs, questions__0__q="How?")
    page = html(client.get(f"{PLAN_FORM}{FENCE}/"))
    assert 'value="How?"' in page and re.search(r"<blockquote>.*?Why\?.*?Who knows.*?</blockquote>", page)


@pytest.mark.parametrize("base", ["", "nonsense", "[1]", "null", '{"name": 3}'])
def test_a_form_whose_base_is_lost_is_saved_all_the_same(client: Client, base: str) -> None:
    start_plan(client)
    assert save(client, GARDEN, look(client, GARDEN), name="Wild corner", base=base).status_code == 302
    assert look(client, GARDEN)["name"] == ["Wild corner"]


# A plan that was closed


def test_what_is_typed_into_a_closed_plan_waits_for_the_code(client: Client) -> None:
    code = start_plan(client)
    save(client, GROUND, look(client, GROUND), visitors__0__visitor="slugs")
    window = look(client, GROUND)
    client.post("/plan/close/")
    window |= {"more": ['Steep.\nAnd "wet" <too>.'], "visitors-0-likes": ["spade", "can"], "visitors-0-seen": ["2020"], "next": ["1"]}
    locked = save(client, GROUND, window)
    assert locked.status_code == 422
    carried = form(locked)
    assert carried == {**window, "code": [""]}
    wrong = client.post(f"{PLAN_FORM}{GROUND}/", {**carried, "code": sealing.spell(sealing.new_code())})
    assert wrong.status_code == 422 and "No plan opens with this code." in html(wrong)
    assert form(wrong) == carried
    saved = client.post(f"{PLAN_FORM}{GROUND}/", {**form(wrong), "code": code})
    assert path_of(saved) == f"{PLAN_FORM}{FENCE}/"
    after = look(client, GROUND)
    assert after["more"] == ['Steep.\nAnd "wet" <too>.']
    assert (after["visitors-0-visitor"], after["visitors-0-likes"], after["visitors-0-seen"]) == (["slugs"], ["spade", "can"], ["2020"])


def test_the_locked_page_asks_before_it_complains(client: Client) -> None:
    start_plan(client)
    window = look(client, GARDEN)
    client.post("/plan/close/")
    assert "Error:" not in html(save(client, GARDEN, window, name="Wild corner"))


def test_saving_by_itself_into_a_closed_plan_says_that_it_is_not_saved(client: Client) -> None:
    start_plan(client)
    window = look(client, GARDEN)
    client.post("/plan/close/")
    page = html(client.post(f"{PLAN_FORM}{GARDEN}/", {**window, "name": ["Wild corner"]}, headers=HTMX))
    assert "Not saved yet" in page and "<html" not in page and "Saved <time" not in page


def test_after_not_saved_yet_the_window_still_knows_what_it_started_from(client: Client) -> None:
    """The part replaces the one with the base; without it a later save would overwrite another window's text."""
    code = start_plan(client)
    window = look(client, GARDEN)
    client.post("/plan/close/")
    other = other_window(code)
    save(other, GARDEN, look(other, GARDEN), name="Tame corner")
    part = client.post(f"{PLAN_FORM}{GARDEN}/", {**window, "name": ["Wild corner"]}, headers=HTMX)
    # What a browser sends after the swap: the form, with the inputs of the new part instead of the old.
    base = re.search(r'name="base" value="(.*?)"', html(part))
    window["base"] = [base[1].replace("&quot;", '"')] if base else []
    save(client, GARDEN, window, name="Wild corner", code=code)
    page = html(client.get(f"{PLAN_FORM}{GARDEN}/"))
    assert 'value="Wild corner"' in page and "<blockquote>Tame corner</blockquote>" in page


def test_what_is_typed_into_a_plan_that_was_deleted_meanwhile_is_not_lost(client: Client) -> None:
    code = start_plan(client)
    window = look(client, GARDEN)
    other_window(code).post("/plan/mine/delete/")
    locked = save(client, GARDEN, window, name="Wild corner")
    assert locked.status_code == 422
    assert form(locked)["name"] == ["Wild corner"]


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
    assert "Please send it again" in html(response)
    assert not Plan.objects.exists()


def test_the_token_cookie_is_kept_from_scripts_and_other_sites() -> None:
    client, _ = strict_client()
    assert client.cookies["csrftoken"]["httponly"] is True
    assert client.cookies["csrftoken"]["samesite"] == "Strict"


# Paper


def test_the_paper_shows_what_is_filled_in_in_words(client: Client) -> None:
    code = start_plan(client)
    save(client, GARDEN, look(client, GARDEN), name="Wild corner", barrel="yes", beds="6")
    save(client, GROUND, look(client, GROUND), visitors__0__visitor="slugs", visitors__0__seen="2020", more="Steep.\nWet.")
    page = html(client.get("/plan/mine/print/"))
    assert '<span class="label">Name of the garden:</span> Wild corner' in page
    assert '<span class="label">Rain barrel:</span> Yes' in page
    assert "<li>Slugs; First seen: 2020</li>" in page
    assert "Steep.<br>Wet." in page
    assert "How many beds" not in page
    assert page.count(f"<code>{code}</code>") == 2
    assert page.count("No gardener has read this yet.") >= 2
    assert len(re.findall(r'<article class="[^"<>{}]*"', page)) == 2


def test_the_paper_is_well_formed(client: Client) -> None:
    start_plan(client)
    page = html(client.get("/plan/mine/print/"))
    assert "{{" not in page and "}}" not in page
    assert re.findall(r"<article [^>]*>", page) == re.findall(r'<article class="[\w -]+" aria-label="Side \d of 2">', page)


def test_an_empty_plan_makes_an_honest_paper(client: Client) -> None:
    start_plan(client)
    assert html(client.get("/plan/mine/print/")).count("Nothing is filled in for this side yet.") == 2


def test_a_plan_survives_an_edition_without_some_of_its_fields(client: Client, toy_texts: dict[str, str]) -> None:
    start_plan(client)
    save(client, GARDEN, look(client, GARDEN), name="Wild corner", beds="6", tools=["rake"])
    garden_path, lists = "en/plan/10-my-garden.md", "en/plan/choices.yaml"
    fewer = toy_texts[garden_path].replace("  - {key: beds, label: How many beds, type: integer}\n", "")
    changes: dict[str, str | None] = {garden_path: fewer, lists: toy_texts[lists].replace("  rake: Rake\n", "")}
    Edition.objects.publish(changes, by=None, note="fewer", origin=Edition.Origin.FILES)
    save(client, GARDEN, look(client, GARDEN), name="Tame corner")
    changes = {garden_path: toy_texts[garden_path], lists: toy_texts[lists]}
    Edition.objects.publish(changes, by=None, note="as before", origin=Edition.Origin.FILES)
    window = look(client, GARDEN)
    assert (window["name"], window["beds"]) == (["Tame corner"], ["6"])
    assert client.get("/plan/mine/print/").status_code == 200


@pytest.mark.parametrize(
    "posted",
    [{"base": "[" * 100_000}, {"settle": "use-name-" + "9" * 5000}, {f"visitors-{'9' * 5000}-visitor": "slugs"}, {"remove": "9" * 5000}],
    ids=["base", "settle", "row", "remove"],
)
def test_nonsense_in_a_form_is_no_crash(client: Client, posted: dict[str, str]) -> None:
    start_plan(client)
    assert client.post(f"{PLAN_FORM}{GARDEN}/", posted).status_code in (302, 400)


def test_a_plan_cannot_grow_without_end(client: Client) -> None:
    start_plan(client)
    for number in range(12):
        client.post(f"{PLAN_FORM}{GARDEN}/", {"base": "{}", "name": f"Name {number}"})
    assert html(client.get(f"{PLAN_FORM}{GARDEN}/")).count("Another window saved this here") == 5
    too_much = client.post(f"{PLAN_FORM}{GARDEN}/", {"name": "x" * 1_100_000})
    assert too_much.status_code == 400
    assert "make it shorter" in html(too_much)


def test_closing_a_plan_also_forgets_the_answers(client: Client) -> None:
    start_plan(client)
    client.cookies["answers"] = "something"
    answer = client.post("/plan/close/")
    assert answer.cookies["answers"].value == "" and answer.cookies["plan"].value == ""
