"""Filling in the plan in a browser: rows, two windows, a line that comes and goes, names of medicines."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Locator, Page, Route, expect

from tests.browser.visitor import Held, Visitor

NewVisitor = Callable[[bool], Visitor]
GROUP = "/plan/mine/group/"


@pytest.fixture
def writer(visitor: Visitor) -> Visitor:
    """Somebody with a blank plan, with JavaScript and without."""
    return begun(visitor)


@pytest.fixture
def scripted(new_visitor: NewVisitor) -> Visitor:
    """Somebody with a blank plan and JavaScript."""
    visitor = new_visitor(True)
    visitor.take_the_time()
    return begun(visitor)


def begun(visitor: Visitor) -> Visitor:
    visitor.go("/plan/")
    visitor.page.get_by_role("button", name="Start a blank plan").click()
    visitor.page.wait_for_url("**/plan/mine/code/")
    return visitor


def saved(page: Page) -> None:
    expect(page.locator("#saved [data-state=saved]")).to_contain_text("Saved")


def names(page: Page) -> list[str]:
    """The medicines in their rows."""
    return [one.input_value() for one in page.locator("input[name^=current-][name$=-name]").all()]


def row(page: Page, number: int) -> Locator:
    return page.locator(f"#current-{number}")


def three_medicines(visitor: Visitor) -> Page:
    page = visitor.page
    visitor.go(f"{GROUP}treatment-now/")
    for number, name in enumerate(("letrozole", "palbociclib", "denosumab")):
        page.locator(f"input[name=current-{number}-name]").fill(name)
        page.get_by_role("button", name=re.compile("^Add another.*Cancer treatment I have now")).click()
        expect(page.locator(f"input[name=current-{number + 1}-name]")).to_be_visible()
    return page


# Rows


def test_rows_are_added_moved_removed_and_put_back_and_nothing_typed_is_lost(writer: Visitor) -> None:
    page = three_medicines(writer)
    page.get_by_label("If it stops working, next we would").fill("talk about a trial")
    row(page, 2).get_by_role("button", name="Move up").click()
    expect(page.locator("input[name=current-1-name]")).to_have_value("denosumab")
    row(page, 0).get_by_role("button", name="Remove").click()
    expect(page.locator("#current-removed")).to_contain_text("Removed: letrozole")
    assert names(page)[:2] == ["denosumab", "palbociclib"]
    writer.check_page()
    page.get_by_role("button", name=re.compile("^Undo")).click()
    expect(page.locator("input[name=current-0-name]")).to_have_value("letrozole")
    expect(page.locator("#current-removed")).to_have_count(0)
    expect(row(page, 1).locator("legend").first).to_have_text("Medicine 2: denosumab")
    expect(page.get_by_label("If it stops working, next we would")).to_have_value("talk about a trial")
    writer.go(f"{GROUP}treatment-now/")
    assert names(page) == ["letrozole", "denosumab", "palbociclib"]
    expect(page.get_by_label("If it stops working, next we would")).to_have_value("talk about a trial")


def test_a_button_leads_the_focus_on_and_says_what_it_did(scripted: Visitor) -> None:
    page = three_medicines(scripted)
    expect(page.locator("input[name=current-3-name]")).to_be_focused()
    expect(page.locator("#told")).to_contain_text("A new row is ready.")
    row(page, 1).get_by_role("button", name="Move up").press("Enter")
    expect(page.locator("#current-0-down")).to_be_focused()
    expect(page.locator("#told")).to_contain_text("Moved up.")
    page.keyboard.press("Enter")
    expect(page.locator("#current-1-down")).to_be_focused()
    row(page, 1).get_by_role("button", name="Remove").press("Enter")
    expect(page.get_by_role("button", name=re.compile("^Undo"))).to_be_focused()
    expect(page.locator("#told")).to_contain_text("Removed. You can undo this.")
    page.keyboard.press("Enter")
    expect(page.locator("input[name=current-1-name]")).to_be_focused()
    assert names(page) == ["letrozole", "palbociclib", "denosumab"]


def test_what_is_typed_while_a_button_is_on_its_way_stays(scripted: Visitor) -> None:
    page = three_medicines(scripted)
    held = Held(page, "**/group/**")
    row(page, 0).get_by_role("button", name="Remove").click()
    goal = page.get_by_label("Aim of the treatment, in words we agreed")
    goal.press_sequentially("more time", delay=5)
    removal = held.next()
    scripted.later(5)
    assert held.none()
    removal.continue_()
    typed = held.next()
    assert "more+time" in (typed.request.post_data or "")
    typed.continue_()
    saved(page)
    expect(page.locator("#current-removed")).to_be_visible()
    expect(goal).to_have_value("more time")
    scripted.go(f"{GROUP}treatment-now/")
    assert names(page) == ["palbociclib", "denosumab"]
    expect(goal).to_have_value("more time")


# Two windows


def test_the_other_text_comes_beside_the_field_without_a_reload(scripted: Visitor) -> None:
    first = scripted.page
    scripted.go(f"{GROUP}what-matters/")
    second = scripted.context.new_page()
    second.goto(first.url)
    first.get_by_label("What worries me most").press_sequentially("the first text", delay=5)
    saved(first)
    second.get_by_label("What worries me most").press_sequentially("the second text", delay=5)
    kept = second.locator("#worries-kept .kept")
    expect(kept).to_contain_text("the first text")
    expect(second.get_by_label("What worries me most")).to_be_focused()
    expect(second.locator("#told")).to_contain_text("Another window changed this too")
    second.get_by_label("What I hope for and want to do").fill("walk")
    kept.get_by_role("button", name=re.compile("^Keep both")).click()
    expect(second.get_by_label("What worries me most")).to_have_value("the second text\nthe first text")
    expect(kept).to_have_count(0)
    saved(second)
    expect(second.get_by_label("What I hope for and want to do")).to_have_value("walk")


def test_a_window_that_goes_on_saving_does_not_undo_the_other(scripted: Visitor) -> None:
    first = scripted.page
    scripted.go(f"{GROUP}what-matters/")
    second = scripted.context.new_page()
    second.goto(first.url)
    second.get_by_label("Faith, culture or customs to respect").fill("no calls on Friday")
    second.keyboard.press("Tab")
    saved(second)
    for words in ("one ", "two ", "three"):
        first.get_by_label("What worries me most").press_sequentially(words, delay=5)
        with first.expect_response(lambda response: response.request.method == "POST"):
            pass
    expect(first.locator("#saved")).to_contain_text("Changed in another window: Faith, culture or customs to respect")
    first.get_by_role("link", name="Show it here").click()
    expect(first.get_by_label("Faith, culture or customs to respect")).to_have_value("no calls on Friday")
    expect(first.get_by_label("What worries me most")).to_have_value("one two three")


def test_a_window_of_a_deleted_plan_says_so_and_keeps_the_text(scripted: Visitor) -> None:
    page = scripted.page
    scripted.go(f"{GROUP}what-matters/")
    second = scripted.context.new_page()
    second.goto(f"{scripted.server.url}/plan/mine/delete/")
    second.get_by_role("button", name="Delete it now").click()
    page.get_by_label("What worries me most").press_sequentially("the way home", delay=5)
    expect(page.locator("#saved [data-state=locked]")).to_contain_text("your plan is no longer open in this browser")
    expect(page.get_by_label("What worries me most")).to_have_value("the way home")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.locator("main")).to_contain_text("What you typed")
    expect(page.locator("main dd")).to_have_text("the way home")


# The line


def test_offline_the_text_waits_and_is_saved_as_soon_as_the_line_is_back(scripted: Visitor) -> None:
    page = scripted.page
    scripted.go(f"{GROUP}what-matters/")
    scripted.context.set_offline(True)
    expect(page.locator("#saved")).to_contain_text("You’re offline. We’ll save your text when you’re back. Your text is still here")
    page.get_by_label("What worries me most").press_sequentially("the line", delay=5)
    scripted.later(5)
    expect(page.locator("#told")).to_contain_text("You’re offline")
    page.get_by_role("button", name="Save", exact=True).last.click()
    expect(page.get_by_label("What worries me most")).to_have_value("the line")
    scripted.context.set_offline(False)
    saved(page)
    scripted.go(f"{GROUP}what-matters/")
    expect(page.get_by_label("What worries me most")).to_have_value("the line")


def test_a_failed_save_is_tried_again_until_it_works(scripted: Visitor) -> None:
    page = scripted.page
    scripted.go(f"{GROUP}what-matters/")
    tries: list[str] = []

    def fail(route: Route) -> None:
        tries.append(route.request.method)
        if len(tries) == 1:
            route.fulfill(status=502, body="Bad gateway")
        elif len(tries) == 2:
            route.fulfill(status=200, content_type="text/html", body="<html><body>Please log in to the wireless network</body></html>")
        else:
            route.continue_()

    page.route("**/group/**", fail)
    page.get_by_label("What worries me most").press_sequentially("the line", delay=5)
    expect(page.locator("#saved")).to_contain_text(
        "Not saved yet: our server can’t save right now. We’ll try again in 2 seconds. Your text is still here"
    )
    scripted.later(2)
    expect(page.locator("#saved")).to_contain_text("another page answered in place of our server")
    expect(page.locator("#saved")).to_contain_text("try again in 5 seconds")
    assert "wireless" not in page.locator("main").inner_text()
    scripted.later(5)
    expect(page.locator("#saved [data-state=saved]")).to_contain_text("Saved at")
    assert len(tries) == 3
    page.unroute("**/group/**")
    scripted.go(f"{GROUP}what-matters/")
    expect(page.get_by_label("What worries me most")).to_have_value("the line")
    assert all("502" in complaint for complaint in scripted.complaints)
    scripted.complaints.clear()


def test_what_the_server_refuses_is_told_and_not_sent_again(scripted: Visitor) -> None:
    page = scripted.page
    scripted.go(f"{GROUP}what-matters/")
    page.route("**/group/**", lambda route: route.fulfill(status=403, body="no"))
    page.get_by_label("What worries me most").press_sequentially("the line", delay=5)
    expect(page.locator("#saved")).to_contain_text("Not saved: our server didn’t take it.")
    page.unroute("**/group/**")
    page.get_by_role("button", name="Save", exact=True).last.click()
    saved(page)
    scripted.go(f"{GROUP}what-matters/")
    expect(page.get_by_label("What worries me most")).to_have_value("the line")
    scripted.complaints.clear()


def test_a_link_saves_first_and_leaving_with_unsaved_text_is_asked_about(scripted: Visitor) -> None:
    page = scripted.page
    scripted.go(f"{GROUP}what-matters/")
    page.get_by_label("What worries me most").press_sequentially("in a hurry", delay=5)
    page.get_by_role("link", name=re.compile("^Next")).click()
    page.wait_for_url("**/group/questions/")
    scripted.go(f"{GROUP}what-matters/")
    expect(page.get_by_label("What worries me most")).to_have_value("in a hurry")
    asked: list[str] = []

    def leave(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", leave)
    page.route("**/group/**", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    page.get_by_label("What worries me most").press_sequentially(" and more", delay=5)
    expect(page.locator("#saved")).to_contain_text("Not saved yet")
    page.get_by_role("link", name="All parts").click()
    page.wait_for_url("**/plan/mine/")
    assert asked == ["beforeunload"]
    scripted.complaints.clear()


# Names


def test_a_typo_in_a_medicine_is_asked_about(writer: Visitor) -> None:
    page = writer.page
    writer.go(f"{GROUP}treatment-now/")
    expect(page.locator("datalist option[value='palbociclib']")).to_have_count(1)
    name = page.locator("input[name=current-0-name]")
    if writer.scripts:
        name.press_sequentially("palbocyclib and letrozole", delay=5)
    else:
        name.fill("palbocyclib and letrozole")
        page.get_by_role("button", name="Save", exact=True).last.click()
    expect(row(page, 0)).to_contain_text("Did you mean palbociclib?")
    expect(name).to_have_value("palbocyclib and letrozole")
    writer.check_page()
    page.get_by_role("button", name=re.compile("^Use it")).click()
    expect(name).to_have_value("palbociclib and letrozole")
    expect(row(page, 0)).not_to_contain_text("Did you mean")
    assert "palbo" not in page.url


def test_a_date_with_two_readings_is_asked_about(writer: Visitor) -> None:
    page = writer.page
    writer.go(f"{GROUP}treatment-now/")
    date = page.locator("input[name=current-0-start]")
    if writer.scripts:
        date.press_sequentially("3/4/2024", delay=5)
    else:
        date.fill("3/4/2024")
        page.get_by_role("button", name="Save", exact=True).last.click()
    expect(row(page, 0)).to_contain_text("This can be two dates. Which one do you mean?")
    expect(date).to_have_value("3/4/2024")
    writer.check_page()
    page.get_by_role("button", name="April 3, 2024").click()
    expect(date).to_have_value("April 3, 2024")
    expect(row(page, 0)).not_to_contain_text("Which one do you mean?")
    assert "2024" not in page.url


def test_advice_comes_and_goes_while_typing(scripted: Visitor) -> None:
    page = scripted.page
    scripted.go(f"{GROUP}treatment-so-far/")
    start, end = page.locator("input[name=drugs-0-start]"), page.locator("input[name=drugs-0-end]")
    start.press_sequentially("2024-05", delay=5)
    end.press_sequentially("2024-03", delay=5)
    expect(page.locator("#drugs-0-end-advice")).to_contain_text("This is before “From” (2024-05).")
    expect(end).to_be_focused()
    end.fill("2024-06")
    expect(page.locator("#drugs-0-end-advice")).to_be_empty()
