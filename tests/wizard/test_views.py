"""What applies to me, on the web: answers in one sealed cookie and nowhere else."""

from __future__ import annotations

import re
import time

import pytest
from django.test import Client

from guide.editing.models import Edition
from tests.django_fixtures import published
from tests.visits import answer, html, path_of, title

pytestmark = pytest.mark.usefixtures("garden")

HTMX = {"HX-Request": "true"}
CLAY = {"space": "bed", "soil": "clay"}
# Ids and words of the toy's answers: none of them may leave the page itself.
TELLING = re.compile(r"space|soil|puddles|visitors|rain|balcony|meadow|sand|clay|loam|slugs|aphids|mice|nobody", re.IGNORECASE)


def test_the_start_leads_to_the_first_question(client: Client) -> None:
    assert 'href="/for-me/1/"' in html(client.get("/for-me/"))


def test_a_question_offers_its_choices_and_not_sure(client: Client) -> None:
    page = html(client.get("/for-me/1/"))
    assert re.findall(r'type="radio" name="answer-space" id="[\w-]+" value="([\w-]+)"', page) == ["balcony", "bed", "meadow", "not-sure"]
    assert "Look out of the window." in page
    assert "How big is the plot, and is it ours?" in page


def test_an_answer_leads_to_the_next_question_by_its_number_alone(client: Client) -> None:
    response = answer(client, {"space": "bed"})
    assert response.headers["Location"] == "/for-me/2/"
    assert "What is your soil like?" in html(client.get("/for-me/2/"))


def test_a_question_that_does_not_concern_the_reader_is_left_out(client: Client) -> None:
    answer(client, {"space": "balcony"})
    assert "Who visits your garden?" in html(client.get("/for-me/2/"))


def test_a_step_too_far_leads_back_to_the_question_that_is_next(client: Client) -> None:
    answer(client, {"space": "bed"})
    assert path_of(client.get("/for-me/9/")) == "/for-me/2/"
    assert path_of(client.get("/for-me/0/")) == "/for-me/2/"


def test_after_the_last_answer_come_the_answers_to_check(client: Client) -> None:
    response = answer(client, {**CLAY, "puddles": "drain", "visitors": ["slugs", "mice"], "rain": "yes"})
    assert path_of(response) == "/for-me/answers/"
    page = html(client.get("/for-me/answers/"))
    assert "Slugs; Mice" in page
    assert "It is gone by evening" in page


def test_the_answers_cookie_cannot_be_read_by_scripts_or_people(client: Client) -> None:
    cookie = answer(client, CLAY).cookies["answers"]
    assert cookie["httponly"] is True
    assert cookie["samesite"] == "Lax"
    assert cookie["max-age"] == "" and cookie["expires"] == ""
    assert not TELLING.search(cookie.value)
    assert "clay" in html(client.get("/for-me/results/"))


def test_the_same_answers_make_another_cookie_each_time(client: Client) -> None:
    first = answer(client, CLAY).cookies["answers"].value
    assert answer(client, CLAY).cookies["answers"].value != first


@pytest.mark.parametrize("place", [0, 20, -3])
def test_a_cookie_that_was_tampered_with_is_ignored(client: Client, place: int) -> None:
    sealed = answer(client, CLAY).cookies["answers"].value
    letters = list(sealed)
    letters[place] = "A" if letters[place] != "A" else "B"
    client.cookies["answers"] = "".join(letters)
    assert "You have not answered anything yet" in html(client.get("/for-me/answers/"))


@pytest.mark.parametrize("value", ["", "x", "äöü", "AAAA", "A" * 4000, "====", "%00"])
def test_a_cookie_of_nonsense_is_ignored(client: Client, value: str) -> None:
    client.cookies["answers"] = value
    assert client.get("/for-me/1/").status_code == 200


def test_answers_are_forgotten_after_twelve_hours(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    answer(client, CLAY)
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 12 * 60 * 60 + 1)
    assert "You have not answered anything yet" in html(client.get("/for-me/answers/"))


def test_an_answer_that_no_longer_fits_the_questions_is_left_out(client: Client, toy_texts: dict[str, str]) -> None:
    answer(client, CLAY)
    path = "en/questions/20-soil.md"
    changed = toy_texts[path].replace("sand: {label", "chalk: {label").replace("{sand: sand, ", "{")
    changes: dict[str, str | None] = {
        path: changed.replace("clay: {label", "mud: {label").replace("clay: clay, ", "").replace("means: [clay,", "means: [mud,")
    }
    changes["en/questions/30-puddles.md"] = toy_texts["en/questions/30-puddles.md"].replace("soil: clay", "soil: mud")
    changes["audiences.yaml"] = toy_texts["audiences.yaml"].replace("soil: clay", "soil: mud")
    changes["en/pages/10-soil.md"] = toy_texts["en/pages/10-soil.md"].replace("soil: sand", "soil: chalk")
    Edition.objects.publish(changes, by=None, note="other words", origin=Edition.Origin.FILES)
    page = html(client.get("/for-me/answers/"))
    assert "In a bed" in page
    assert "What is your soil like?" not in page


def test_clearing_forgets_every_answer(client: Client) -> None:
    answer(client, CLAY)
    response = client.post("/for-me/clear/")
    assert path_of(response) == "/for-me/"
    assert response.cookies["answers"].value == ""
    assert "You have not answered anything yet" in html(client.get("/for-me/answers/"))


def test_clearing_needs_a_form(client: Client) -> None:
    assert client.get("/for-me/clear/").status_code == 405


@pytest.mark.parametrize(
    ("fact", "before", "ticked", "message"),
    [
        ("space", {}, [], "Choose an answer. “I’m not sure” is a good answer too."),
        ("space", {}, ["moon"], "Choose one of the answers on this page."),
        ("space", {}, ["bed", "meadow"], "Choose one answer only."),
        ("visitors", {"space": "balcony"}, ["slugs", "nobody"], "You ticked “None of these” and something else. Choose one or the other."),
        ("visitors", {"space": "balcony"}, ["slugs", "not-sure"], "You ticked “I’m not sure” and something else. Choose one or the other."),
    ],
)
def test_a_wrong_answer_is_told_at_the_field_and_at_the_top(
    client: Client, fact: str, before: dict[str, str], ticked: list[str], message: str
) -> None:
    if before:
        answer(client, before)
    response = client.post(f"/for-me/{len(before) + 1}/", {"question": fact, f"answer-{fact}": ticked})
    page = html(response)
    assert response.status_code == 422
    assert re.search(rf'class="error-summary" role="alert".*?<a href="#answer-1-1">{message}</a>', page, re.DOTALL)
    assert re.search(rf'<p id="error-1" class="error">.*?{message}</p>', page)
    assert 'aria-describedby="why-1 error-1"' in page
    assert 'id="answer-1-1"' in page
    assert title(response).startswith("Error: ")
    assert "answers" not in response.cookies


def test_a_wrong_answer_keeps_what_was_ticked(client: Client) -> None:
    answer(client, {"space": "balcony"})
    page = html(client.post("/for-me/2/", {"question": "visitors", "answer-visitors": ["mice", "nobody"]}))
    assert re.findall(r'value="(\w+)" checked', page) == ["mice", "nobody"]


def test_an_answer_is_ticked_when_the_reader_comes_back(client: Client) -> None:
    answer(client, CLAY)
    assert re.findall(r'value="([\w-]+)" checked', html(client.get("/for-me/2/"))) == ["clay"]


def test_htmx_gets_the_part_and_others_get_the_page(client: Client) -> None:
    part, whole = html(client.get("/for-me/1/", headers=HTMX)), html(client.get("/for-me/1/"))
    assert "<html" in whole and "<html" not in part
    assert part.strip().startswith('<div id="step"')
    without_token = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
    assert without_token.sub("", part.strip()) in without_token.sub("", whole)


def test_part_and_page_are_told_apart_by_caches(client: Client) -> None:
    assert "HX-Request" in client.get("/for-me/1/").headers["Vary"]


def test_htmx_gets_an_error_as_a_part_too(client: Client) -> None:
    response = client.post("/for-me/1/", {"question": "space"}, headers=HTMX)
    assert response.status_code == 422
    assert "<html" not in html(response) and "There is a problem" in html(response)


def test_htmx_gets_the_answers_to_check_as_a_part(client: Client) -> None:
    answer(client, CLAY)
    assert html(client.get("/for-me/answers/", headers=HTMX)).strip().startswith('<div id="step"')


def test_the_history_of_the_browser_gets_the_whole_page(client: Client) -> None:
    page = html(client.get("/for-me/1/", headers={**HTMX, "HX-History-Restore-Request": "true"}))
    assert "<html" in page


def test_no_address_redirect_or_title_tells_an_answer(client: Client) -> None:
    said: dict[str, str | list[str]] = {**CLAY, "puddles": "stay", "visitors": ["slugs"], "rain": "not-sure"}
    told = []
    for number, (fact, choices) in enumerate(said.items(), start=1):
        page = client.get(f"/for-me/{number}/")
        wrong = client.post(f"/for-me/{number}/", {"question": fact, f"answer-{fact}": "moon"})
        right = client.post(f"/for-me/{number}/", {"question": fact, f"answer-{fact}": choices})
        told += [title(page), title(wrong), right.headers["Location"]]
        told += re.findall(r'data-title="(.*?)"', html(page))
        told += re.findall(r'(?:action|hx-\w+|href)="(/(?:for-me|plan)/.*?)"', html(page) + html(wrong))
    for path in ("/for-me/", "/for-me/answers/", "/for-me/results/"):
        page = client.get(path)
        told += [title(page), *re.findall(r'(?:action|href)="(/(?:for-me|plan)/.*?)"', html(page))]
    assert len(told) > 40
    # A page of the guide is named in its address; it is there for everybody.
    assert [text for text in told if TELLING.search(text) and not text.startswith("/for-me/guide/")] == []


def test_a_choice_in_the_address_is_no_answer(client: Client) -> None:
    client.get("/for-me/1/?question=space&answer=bed")
    assert "You have not answered anything yet" in html(client.get("/for-me/answers/"))


def test_changing_an_answer_drops_what_followed_from_it(client: Client) -> None:
    answer(client, {**CLAY, "puddles": "stay", "visitors": "mice"})
    client.post("/for-me/1/", {"question": "space", "answer-space": "balcony"})
    page = html(client.get("/for-me/answers/"))
    assert "On a balcony" in page and "Mice" in page
    assert "Clay" not in page and "It stays for days" not in page
    client.post("/for-me/1/", {"question": "space", "answer-space": "bed"})
    assert "Clay" not in html(client.get("/for-me/answers/"))


def test_a_form_of_another_tab_answers_its_own_question(client: Client) -> None:
    answer(client, {**CLAY, "puddles": "stay"})
    # In this tab question 2 was about visitors, because the reader had said "balcony" before.
    client.post("/for-me/2/", {"question": "visitors", "answer-visitors": "slugs"})
    page = html(client.get("/for-me/answers/"))
    assert "Clay" in page and "Slugs" in page


@pytest.mark.parametrize("fact", ["soil", "moon"])
def test_a_form_whose_question_is_no_longer_asked_answers_no_other(client: Client, fact: str) -> None:
    answer(client, {"space": "balcony"})
    # In this tab question 2 was about the soil; now it is about visitors.
    client.post("/for-me/2/", {"question": fact, f"answer-{fact}": "not-sure"})
    assert "Who visits your garden?" not in html(client.get("/for-me/answers/"))


def test_not_sure_is_an_answer_and_becomes_a_question_for_others(client: Client) -> None:
    answer(client, {"space": "bed", "soil": "not-sure"})
    page = html(client.get("/for-me/results/"))
    assert "I’m not sure" in html(client.get("/for-me/answers/"))
    assert "What kind of soil is in our bed?</label>" in page
    assert "<strong>You are not sure of:</strong> your kind of soil." in page


def test_results_tell_what_applies_what_may_and_what_does_not_with_reasons(client: Client) -> None:
    answer(client, {**CLAY, "puddles": "drain", "visitors": ["mice"], "rain": "yes"})
    page = html(client.get("/for-me/results/"))
    applies, no = page.split('<h2 id="not">')
    assert "Compost in spring" in applies and "You said: a garden bed." in applies
    assert "Netting over the bed" in applies and "You said: mice; a garden bed." in applies
    assert "A cover on the ground" in applies
    assert "Would a raised bed help my clay?" in applies
    assert "Leave it to the birds" in no and "This is not for: mice. You said: mice." in no
    assert "A ditch for standing water" in no and "This is for: puddles that stay. You said: puddles that drain." in no


def test_results_without_answers_leave_everything_open(client: Client) -> None:
    page = html(client.get("/for-me/results/"))
    assert "You have not answered anything yet" in page
    assert "It depends on where you grow things." in page
    assert "Show what does not apply, by your answers, and why (0)" in page


def test_results_link_to_the_place_in_the_guide(client: Client) -> None:
    answer(client, {"space": "balcony"})
    page = html(client.get("/for-me/results/"))
    assert re.search(
        '<a href="/for-me/guide/soil/#compost-in-the-pot">Read it in the guide<span[^>]*>: Compost in the pot</span></a>', page
    )


def test_answers_never_reach_the_log(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level("DEBUG"):
        answer(client, {**CLAY, "puddles": "stay"})
        client.post("/for-me/4/", {"question": "visitors", "answer-visitors": ["moon-creature"]})
        client.get("/for-me/results/")
        client.get("/for-me/clear/")
    assert not TELLING.search(caplog.text.replace("/for-me/", "")) and "moon-creature" not in caplog.text


# The guide as it applies to me


def test_my_page_marks_what_applies_folds_what_does_not_and_leads_to_the_whole(client: Client) -> None:
    answer(client, {"space": "bed", "soil": "not-sure"})
    page = html(client.get("/for-me/guide/soil/"))
    assert "Your answers in use: 1. Not sure: 1." in page
    assert "<p>A garden bed.</p>" in page and "<strong>Not sure:</strong> your kind of soil." in page
    assert "<strong>Applies to you.</strong> You said: a garden bed." in page
    assert "<strong>May apply to you.</strong> It depends on your kind of soil" in page
    folded = re.findall(r'<details class="group folded">.*?</details>', page, re.DOTALL)
    assert len(folded) == 1
    assert "Compost in the pot" in folded[0] and "This is for: a balcony. You said: a garden bed." in folded[0]
    assert '<a href="/guide/soil/">See the whole page' in page
    assert client.get("/for-me/guide/moon/").status_code == 404


def test_my_guide_lists_every_page_with_what_applies(client: Client) -> None:
    answer(client, {"space": "bed"})
    page = html(client.get("/for-me/guide/"))
    assert re.findall(r'href="/for-me/guide/(\w+)/"', page) == ["soil", "water", "visitors"]
    assert "Applies: 1. May apply: 1" in page


def test_an_answer_is_in_no_title_of_my_guide(client: Client) -> None:
    answer(client, {"space": "balcony"})
    for path in ("/for-me/guide/", "/for-me/guide/visitors/", "/for-me/results/"):
        assert "balcon" not in title(client.get(path))


# A change of mind


def test_a_changed_answer_leads_back_to_the_results_and_says_what_it_changed(client: Client) -> None:
    answer(client, {"space": "balcony", "visitors": "mice"})
    assert "After your last change" not in html(client.get("/for-me/results/"))
    changed = client.post("/for-me/2/", {"question": "visitors", "answer-visitors": "slugs"})
    assert path_of(changed) == "/for-me/results/"
    page = html(client.get("/for-me/results/"))
    assert "New: 1. Gone: 0." in page
    assert re.search(r"Now on this list:</p><ul><li><a href=[^>]+>Leave it to the birds</a></li></ul>", page)


def test_htmx_leaves_the_step_for_the_results(client: Client) -> None:
    answer(client, {"space": "balcony", "visitors": "mice"})
    changed = client.post("/for-me/2/", {"question": "visitors", "answer-visitors": "slugs"}, headers=HTMX)
    assert (changed.status_code, changed.headers["HX-Redirect"]) == (200, "/for-me/results/")


def test_a_changed_answer_that_opens_new_questions_asks_them_first(client: Client) -> None:
    answer(client, {"space": "balcony", "visitors": "mice"})
    assert path_of(client.post("/for-me/1/", {"question": "space", "answer-space": "bed"})) == "/for-me/2/"
    answer_from = {"soil": "loam"}
    assert path_of(client.post("/for-me/2/", {"question": "soil", "answer-soil": answer_from["soil"]})).startswith("/for-me/")
    client.post("/for-me/3/", {"question": "visitors", "answer-visitors": "mice"})
    client.post("/for-me/4/", {"question": "rain", "answer-rain": "no"})
    page = html(client.get("/for-me/results/"))
    assert 'No longer on it:</p><ul><li><a href="/for-me/guide/soil/#compost-in-the-pot">Compost in the pot</a>' in page


def test_the_same_answer_again_is_no_change(client: Client) -> None:
    answer(client, {"space": "balcony", "visitors": "mice"})
    client.post("/for-me/2/", {"question": "visitors", "answer-visitors": "mice"})
    assert "After your last change" not in html(client.get("/for-me/results/"))


def test_a_change_that_makes_no_difference_is_said_to(client: Client) -> None:
    answer(client, {"space": "balcony", "visitors": "aphids"})
    client.post("/for-me/2/", {"question": "visitors", "answer-visitors": "nobody"})
    assert "It changes nothing on this list." in html(client.get("/for-me/results/"))


# Cautions


def test_results_tell_what_to_take_care_of_beside_the_option(client: Client, careful_texts: dict[str, str]) -> None:
    published(careful_texts)
    answer(client, {"space": "bed", "soil": "sand", "visitors": "slugs", "rain": "no"})
    page = html(client.get("/for-me/results/"))
    (sandy,) = (part for part in page.split("<details") if '<span class="title">Mulch for sandy beds' in part)
    assert "because slugs come</span>" in sandy
    care = page.split('<h2 id="care">')[1].split("</section>")[0]
    assert "<h3>Because slugs come</h3>" in care and "Keep it away from lettuce." in care
    assert care.count('<a href="/for-me/guide/treatments/mulch/#slugs-love-it">Mulch</a>') == 1


def test_a_treatment_is_shown_as_it_applies_to_the_reader(client: Client) -> None:
    answer(client, CLAY)
    page = html(client.get("/for-me/guide/treatments/compost/"))
    assert re.search(r'<strong>Applies:</strong> <a href="/for-me/guide/soil/#compost-in-spring">Compost in spring</a>', page)
    assert '<a href="/guide/treatments/compost/">See the whole page without marks</a>' in page
    assert client.get("/for-me/guide/treatments/moon/").status_code == 404
