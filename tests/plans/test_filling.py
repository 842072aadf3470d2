"""The form: what is typed is there again, rows, two windows, a plan that was closed."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.http.response import HttpResponseBase
from django.test import Client
from django.utils import timezone

from guide.editing.models import Edition
from guide.plans import sealing
from guide.plans.models import Plan
from tests.visits import PLAN_FORM, Posted, form, html, look, other_window, path_of, save, start_plan

pytestmark = pytest.mark.usefixtures("garden")

GARDEN, GROUND, FENCE = "my-garden", "my-ground", "over-the-fence"
HTMX = {"HX-Request": "true"}


def button(page: str, words: str, nth: int = 0) -> dict[str, str]:
    """What the button with these words sends."""
    found = re.findall(rf'<button [^>]*name="(\w+)" value="([^"]*)">{re.escape(words)}', page)
    name, value = found[nth]
    return {name: value.replace("&quot;", '"')}


def press(client: Client, group: str, words: str, nth: int = 0, **typed: str) -> HttpResponseBase:
    """Open a window, type something, and press a button beside a field."""
    page = client.get(f"{PLAN_FORM}{group}/")
    return save(client, group, form(page), **typed, **button(html(page), words, nth))


def by_itself(client: Client, group: str, window: Posted, **typed: str) -> str:
    """What a window gets that saves by itself, or for a button beside a field. It goes on from there."""
    changes = {name.replace("__", "-"): [value] for name, value in typed.items()}
    response = client.post(f"{PLAN_FORM}{group}/", {**window, **changes}, headers=HTMX)
    assert response.status_code == 200
    found = re.search(r'name="base" value="(.*?)"', html(response))
    assert found
    window |= {**changes, "base": [found[1].replace("&quot;", '"')]}
    return html(response)


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
    save(client, GARDEN, look(client, GARDEN), begun="last <b>spring", beds="a few", name="x" * 40)
    page = html(client.get(f"{PLAN_FORM}{GARDEN}/"))
    assert re.search(
        r'value="last &lt;b&gt;spring"[^>]*aria-describedby="begun-hint begun-advice">\s*<div [^>]*id="begun-advice"[^>]*><p>We can’t read this as a date.',
        page,
        re.DOTALL,
    )
    assert "This is usually a whole number" in page and 'value="a few"' in page
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


def test_the_overview_begins_with_what_matters_most(client: Client, toy_texts: dict[str, str]) -> None:
    start_plan(client)
    page = html(client.get("/plan/mine/"))
    assert "Nothing is filled in yet. Any part is a good start." in page and "Start with these" not in page
    texts: dict[str, str | None] = {
        path: toy_texts[path].replace("\ntitle:", f"\nfirst: {place}\ntitle:", 1)
        for path, place in (("en/plan/30-over-the-fence.md", 1), ("en/plan/10-my-garden.md", 2))
    }
    Edition.objects.publish(texts, by=None, note="first", origin=Edition.Origin.FILES)
    save(client, GARDEN, look(client, GARDEN), name="Wild corner")
    page = html(client.get("/plan/mine/"))
    first = page.index("Start with these")
    assert first < page.index("Over the fence") < page.index("My garden") < page.index("All parts</h2>")
    assert "1 of 3 parts has something in it." in page and "Last saved on <time" in page


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
    assert (
        "<html" not in page
        and page.strip().startswith('<input type="hidden" name="base"')
        and "Saved <time" in page
        and first.headers["Plan-Saved"] == "yes"
    )
    base = re.search(r'name="base" value="(.*?)"', page)
    assert base
    window["base"] = [base[1].replace("&quot;", '"')]
    second = client.post(f"{PLAN_FORM}{GARDEN}/", {**window, "name": ["Wild corner"]}, headers=HTMX)
    assert "Another window" not in html(second)
    assert look(client, GARDEN)["name"] == ["Wild corner"]


# Rows


def test_rows_are_added_one_by_one_and_saved(client: Client) -> None:
    start_plan(client)
    response = save(client, GROUND, look(client, GROUND), visitors__0__visitor="slugs", order="add visitors")
    assert response.headers["Location"] == f"{PLAN_FORM}{GROUND}/?add=visitors#visitors-1"
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
    assert "Add another" not in page and "questions-2-q" not in page


def test_removing_a_row_leaves_the_others(client: Client) -> None:
    start_plan(client)
    window = look(client, GROUND)
    names = ["slugs", "aphids", "mice"]
    save(client, GROUND, {**window, **{f"visitors-{number}-visitor": [name] for number, name in enumerate(names)}})
    response = save(client, GROUND, look(client, GROUND), order="remove visitors-1")
    assert response.headers["Location"] == f"{PLAN_FORM}{GROUND}/#visitors-removed"
    window = look(client, GROUND)
    assert [window["visitors-0-visitor"], window["visitors-1-visitor"]] == [["slugs"], ["mice"]]
    assert "visitors-2-visitor" not in window


def test_removing_a_row_saves_what_was_typed_beside_it(client: Client) -> None:
    start_plan(client)
    window = {**look(client, GROUND), "visitors-1-visitor": ["mice"]}
    save(client, GROUND, window, visitors__0__visitor="slugs")
    save(client, GROUND, look(client, GROUND), order="remove visitors-0", more="Steep.")
    window = look(client, GROUND)
    assert (window["visitors-0-visitor"], window["more"]) == (["mice"], ["Steep."])


def visitors(client: Client, *names: str) -> None:
    """A plan with these visitors."""
    start_plan(client)
    save(client, GROUND, {**look(client, GROUND), **{f"visitors-{number}-visitor": [name] for number, name in enumerate(names)}})


def listed(client: Client) -> list[str]:
    return [values[0] for name, values in look(client, GROUND).items() if re.fullmatch(r"visitors-\d-visitor", name) and values[0]]


def test_a_row_goes_by_what_stands_in_it(client: Client) -> None:
    visitors(client, "slugs", "mice")
    page = html(client.get(f"{PLAN_FORM}{GROUND}/"))
    assert re.findall(r"<legend>(Visitors \d)<span data-name>(.*?)</span>", page) == [("Visitors 1", ": Slugs"), ("Visitors 2", ": Mice")]


def test_a_removed_row_can_be_put_back_to_where_it_was(client: Client) -> None:
    visitors(client, "slugs", "aphids", "mice")
    press(client, GROUND, "Remove", 1, more="Steep.")
    page = html(client.get(f"{PLAN_FORM}{GROUND}/"))
    assert re.search(r'id="visitors-0".*<strong>Removed:</strong> Aphids.*id="visitors-1"', page, re.DOTALL)
    response = press(client, GROUND, "Undo", more="Steep and wet.")
    assert response.headers["Location"] == f"{PLAN_FORM}{GROUND}/#visitors-1"
    assert listed(client) == ["slugs", "aphids", "mice"]
    assert look(client, GROUND)["more"] == ["Steep and wet."]
    assert "Removed:" not in html(client.get(f"{PLAN_FORM}{GROUND}/"))


def test_the_only_row_can_be_removed_and_put_back(client: Client) -> None:
    visitors(client, "slugs")
    press(client, GROUND, "Remove")
    assert listed(client) == []
    press(client, GROUND, "Undo")
    assert listed(client) == ["slugs"]


def test_a_removed_row_can_be_removed_for_good(client: Client) -> None:
    visitors(client, "slugs", "mice")
    press(client, GROUND, "Remove")
    press(client, GROUND, "Remove for good")
    page = html(client.get(f"{PLAN_FORM}{GROUND}/"))
    assert "Removed:" not in page and listed(client) == ["mice"]


def test_a_removed_row_is_forgotten_after_a_day(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    visitors(client, "slugs", "mice")
    press(client, GROUND, "Remove")
    later = timezone.now() + timedelta(hours=25)
    monkeypatch.setattr("guide.plans.views.filling.timezone.now", lambda: later)
    save(client, GROUND, look(client, GROUND), more="Steep.")
    assert "Removed:" not in html(client.get(f"{PLAN_FORM}{GROUND}/"))


@pytest.mark.parametrize(
    ("words", "nth", "order", "anchor"),
    [
        ("Move down", 0, ["aphids", "slugs", "mice"], "visitors-1-down"),
        ("Move down", 1, ["slugs", "mice", "aphids"], "visitors-2-up"),
        ("Move up", 0, ["aphids", "slugs", "mice"], "visitors-0-down"),
        ("Move up", 1, ["slugs", "mice", "aphids"], "visitors-1-up"),
    ],
)
def test_rows_are_moved_and_the_page_comes_back_at_the_row(client: Client, words: str, nth: int, order: list[str], anchor: str) -> None:
    visitors(client, "slugs", "aphids", "mice")
    response = press(client, GROUND, words, nth, more="Steep.")
    assert response.headers["Location"] == f"{PLAN_FORM}{GROUND}/#{anchor}"
    assert listed(client) == order
    assert look(client, GROUND)["more"] == ["Steep."]


def test_the_first_row_cannot_go_up_and_the_last_not_down(client: Client) -> None:
    visitors(client, "slugs", "aphids", "mice")
    page = html(client.get(f"{PLAN_FORM}{GROUND}/"))
    assert re.findall(r'value="up (.*?)"', page) == ["visitors-1", "visitors-2"]
    assert re.findall(r'value="down (.*?)"', page) == ["visitors-0", "visitors-1"]


def test_a_window_that_is_behind_removes_the_row_that_it_shows(client: Client) -> None:
    visitors(client, "slugs", "aphids", "mice")
    behind = look(client, GROUND)
    press(client, GROUND, "Remove", 0)
    save(client, GROUND, behind, order="remove visitors-0")
    assert listed(client) == ["aphids", "mice"], "both meant the slugs"
    behind_again = look(client, GROUND)
    press(client, GROUND, "Move down", 0)
    save(client, GROUND, behind_again, order="remove visitors-0")
    assert listed(client) == ["mice"], "this window showed the aphids there"
    assert "<blockquote>Mice<br>Aphids</blockquote>" in html(client.get(f"{PLAN_FORM}{GROUND}/"))


def test_undo_of_a_window_that_is_behind_puts_back_nothing_else(client: Client) -> None:
    visitors(client, "slugs", "aphids", "mice")
    press(client, GROUND, "Remove", 0)
    behind = client.get(f"{PLAN_FORM}{GROUND}/")
    press(client, GROUND, "Undo")
    press(client, GROUND, "Remove", 2)
    save(client, GROUND, form(behind), **button(html(behind), "Undo"))
    assert listed(client) == ["slugs", "aphids"]
    assert "<strong>Removed:</strong> Mice" in html(client.get(f"{PLAN_FORM}{GROUND}/"))


def test_a_button_beside_a_field_gets_that_field_alone_back(client: Client) -> None:
    visitors(client, "slugs", "mice")
    window = look(client, GROUND)
    part = by_itself(client, GROUND, dict(window), more="Steep.", order="remove visitors-0")
    assert part.strip().startswith('<div class="entry" id="visitors">') and 'id="soil"' not in part
    assert "Removed. You can undo this. Saved" in part and 'data-focus="visitors-removed"' in part
    response = client.post(f"{PLAN_FORM}{GROUND}/", {**look(client, GROUND), "order": "add visitors"}, headers=HTMX)
    assert (response.headers["HX-Retarget"], response.headers["HX-Reswap"]) == ("#visitors", "outerHTML")
    assert 'data-focus="visitors-1"' in html(response) and 'name="visitors-1-visitor"' in html(response)
    assert look(client, GROUND)["more"] == ["Steep."]


def test_a_window_goes_on_from_a_field_that_it_got_back(client: Client) -> None:
    visitors(client, "slugs", "mice")
    window = look(client, GROUND)
    by_itself(client, GROUND, window, order="remove visitors-0")
    del window["order"]
    window = {**window, **{name: values for name, values in look(client, GROUND).items() if name.startswith("visitors")}}
    window = {name: values for name, values in window.items() if not name.startswith("visitors-1")}
    by_itself(client, GROUND, window, visitors__0__seen="2020")
    page = html(client.get(f"{PLAN_FORM}{GROUND}/"))
    assert listed(client) == ["mice"] and "Another window" not in page


# Names


@pytest.fixture
def _heaps(garden: Edition, toy_texts: dict[str, str]) -> None:
    """The garden's name and the questions know the names of treatments."""
    texts: dict[str, str | None] = {"en/plan/names.yaml": "heaps: {kinds: [treatment, supportive], short: {compost: [cmp]}}\n"}
    for path, field in (("10-my-garden", "label: Name of the garden"), ("30-over-the-fence", "label: Question,")):
        text = toy_texts[f"en/plan/{path}.md"]
        assert field in text
        texts[f"en/plan/{path}.md"] = text.replace(field, f"complete: heaps, {field}")
    Edition.objects.publish(texts, by=None, note="names", origin=Edition.Origin.FILES)


@pytest.mark.usefixtures("_heaps")
def test_names_are_offered_while_typing(client: Client) -> None:
    start_plan(client)
    page = html(client.get(f"{PLAN_FORM}{GARDEN}/"))
    assert 'list="names-heaps"' in page
    assert '<datalist id="names-heaps"><option value="Black Gold (compost)"><option value="compost">' in page


@pytest.mark.usefixtures("_heaps")
def test_a_typo_is_asked_about_and_changed_only_by_its_button(client: Client) -> None:
    start_plan(client)
    save(client, GARDEN, look(client, GARDEN), name="two compst")
    page = html(client.get(f"{PLAN_FORM}{GARDEN}/"))
    assert "Did you mean compost?" in page and 'value="two compst"' in page
    response = press(client, GARDEN, "Use it", beds="6")
    assert response.headers["Location"] == f"{PLAN_FORM}{GARDEN}/#name-id"
    window = look(client, GARDEN)
    assert (window["name"], window["beds"]) == (["two compost"], ["6"])
    assert "Did you mean" not in html(client.get(f"{PLAN_FORM}{GARDEN}/"))


@pytest.mark.usefixtures("_heaps")
def test_a_short_name_is_asked_about_and_changed_only_by_its_button(client: Client) -> None:
    start_plan(client)
    save(client, GARDEN, look(client, GARDEN), name="two C-M-P")
    page = html(client.get(f"{PLAN_FORM}{GARDEN}/"))
    assert "Short for compost?" in page and "Did you mean" not in page and 'value="two C-M-P"' in page
    press(client, GARDEN, "Use it")
    assert look(client, GARDEN)["name"] == ["two compost"]


@pytest.mark.usefixtures("_heaps")
def test_a_name_is_put_into_what_stands_there_by_now(client: Client) -> None:
    start_plan(client)
    order = {"order": "name questions-0-q=compost"}
    save(client, FENCE, look(client, FENCE), questions__0__q="compst, much of it", **order)
    assert look(client, FENCE)["questions-0-q"] == ["compost, much of it"]
    save(client, FENCE, look(client, FENCE), questions__0__q="something else", **order)
    assert look(client, FENCE)["questions-0-q"] == ["something else"]


def test_a_date_with_two_readings_is_asked_about_and_changed_only_by_its_button(client: Client) -> None:
    start_plan(client)
    save(client, GARDEN, look(client, GARDEN), begun="3/4/2024")
    page = html(client.get(f"{PLAN_FORM}{GARDEN}/"))
    assert "This can be two dates. Which one do you mean?" in page and 'value="3/4/2024"' in page
    assert re.findall(r'value="date begun=[^"]*">(.*?)</button>', page) == ["March 4, 2024", "April 3, 2024"]
    response = press(client, GARDEN, "April 3, 2024", beds="6")
    assert response.headers["Location"] == f"{PLAN_FORM}{GARDEN}/#begun-id"
    window = look(client, GARDEN)
    assert (window["begun"], window["beds"]) == (["April 3, 2024"], ["6"])
    assert "Which one do you mean?" not in html(client.get(f"{PLAN_FORM}{GARDEN}/"))


def test_a_date_is_put_into_what_stands_there_by_now(client: Client) -> None:
    start_plan(client)
    order = {"order": "date visitors-0-seen=April 3, 2024"}
    save(client, GROUND, look(client, GROUND), visitors__0__seen="4.3.2024, 10:30 am", **order)
    assert look(client, GROUND)["visitors-0-seen"] == ["April 3, 2024, 10:30 am"]
    save(client, GROUND, look(client, GROUND), visitors__0__seen="3/5/2024", **order)
    assert look(client, GROUND)["visitors-0-seen"] == ["3/5/2024"]


def test_a_date_is_put_only_where_dates_are_typed(client: Client) -> None:
    start_plan(client)
    save(client, GARDEN, look(client, GARDEN), name="3/4/2024", order="date name=April 3, 2024")
    assert look(client, GARDEN)["name"] == ["3/4/2024"]


def test_saving_by_itself_brings_both_readings_to_their_input(client: Client) -> None:
    start_plan(client)
    part = by_itself(client, GROUND, {**look(client, GROUND), "visitors-3-seen": ["3/4/2024"]})
    assert re.findall(r'<li data-for="(.*?)">.*?<button [^>]*value="date visitors-3-seen=(.*?)"', part, re.DOTALL) == [
        ("visitors-3-seen", "March 4, 2024")
    ]


@pytest.mark.usefixtures("_heaps")
def test_saving_by_itself_brings_the_advice_to_its_input(client: Client) -> None:
    start_plan(client)
    window = {**look(client, FENCE), "questions-1-q": ["netting"], "questions-5-q": ["mulhc"]}
    part = by_itself(client, FENCE, window)
    assert re.findall(r'<li data-for="(.*?)">.*?Did you mean (\w+)\?', part, re.DOTALL) == [("questions-5-q", "mulch")]
    assert look(client, FENCE)["questions-1-q"] == ["mulhc"], "stored without the empty row"


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
    response = press(client, GARDEN, "Use this text")
    assert response.headers["Location"] == f"{PLAN_FORM}{GARDEN}/#name"
    page = html(client.get(f"{PLAN_FORM}{GARDEN}/"))
    assert 'value="Wild corner"' in page
    # Nothing is dropped without being asked to: the texts changed places.
    assert "<blockquote>Tame corner</blockquote>" in page


def test_the_kept_text_comes_beside_its_field_at_once(client: Client) -> None:
    other = other_window(start_plan(client))
    theirs = look(other, GARDEN)
    save(client, GARDEN, look(client, GARDEN), name="Wild corner")
    part = by_itself(other, GARDEN, theirs, name="Tame corner")
    assert re.search(r'<div id="name-kept" hx-swap-oob="outerHTML">.*<blockquote>Wild corner</blockquote>', part, re.DOTALL)
    assert 'value="Tame corner"' not in part, "what is being typed is left alone"


def test_a_window_that_saves_by_itself_does_not_undo_what_it_has_not_seen(client: Client) -> None:
    """What another window wrote into a field that this one shows empty must stand, however often this one saves."""
    other = other_window(start_plan(client))
    mine = look(client, GARDEN)
    save(other, GARDEN, look(other, GARDEN), beds="6")
    for name in ("Wild", "Wild cor", "Wild corner"):
        part = by_itself(client, GARDEN, mine, name=name)
        assert "Changed in another window:</strong> How many beds." in part
    window = look(client, GARDEN)
    assert (window["name"], window["beds"]) == (["Wild corner"], ["6"])
    by_itself(client, GARDEN, mine, beds="7")
    page = html(client.get(f"{PLAN_FORM}{GARDEN}/"))
    assert 'value="7"' in page and "<blockquote>6</blockquote>" in page


def test_two_windows_that_add_rows_can_keep_both(client: Client) -> None:
    other = other_window(start_plan(client))
    mine, theirs = look(client, GROUND), look(other, GROUND)
    save(client, GROUND, mine, visitors__0__visitor="slugs")
    save(other, GROUND, theirs, visitors__0__visitor="mice")
    press(client, GROUND, "Keep both")
    assert listed(client) == ["mice", "slugs"]
    assert "Another window" not in html(client.get(f"{PLAN_FORM}{GROUND}/"))


def test_the_kept_text_can_be_dropped(client: Client) -> None:
    clash(client)
    press(client, GARDEN, "Keep mine, remove this")
    page = html(client.get(f"{PLAN_FORM}{GARDEN}/"))
    assert 'value="Tame corner"' in page and "Wild corner" not in page


@pytest.mark.parametrize("order", ["drop-name-7", "use-name-0", "drop-moon-0", "burn-name-0", "drop-name", "", "--", "drop-name-²"])
def test_an_order_that_makes_no_sense_settles_nothing(client: Client, order: str) -> None:
    clash(client)
    assert save(client, GARDEN, look(client, GARDEN), order=f"settle {order}").status_code == 302
    assert "<blockquote>Wild corner</blockquote>" in html(client.get(f"{PLAN_FORM}{GARDEN}/"))


def test_settling_also_saves_what_was_typed_beside_it(client: Client) -> None:
    clash(client)
    press(client, GARDEN, "Keep mine, remove this", beds="6")
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
    assert "<dt>Name of the garden</dt><dd>Wild corner</dd>" in html(locked), "it can be read and copied"
    part = client.post(f"{PLAN_FORM}{GARDEN}/", {**window, "name": ["Wild corner"]}, headers=HTMX)
    assert part.headers["Plan-Saved"] == "no" and 'data-state="locked"' in html(part)


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
    [
        {"base": "[" * 100_000},
        {"order": "settle use-name-" + "9" * 5000},
        {f"visitors-{'9' * 5000}-visitor": "slugs"},
        {"order": "remove " + "9" * 5000},
        {"order": "name " + "=" * 5000},
        {"order": "date " + "=" * 5000},
        {"order": "date begun=April 3, 2024"},
        {"order": "undo name"},
        {"order": "up name-0"},
        {"order": "burn name"},
    ],
    ids=["base", "settle", "row", "remove", "name", "date", "no date", "undo", "up", "burn"],
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
