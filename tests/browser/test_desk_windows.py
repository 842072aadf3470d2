"""Windows at the desk: a save that is late or lost, a second window, a text that was approved meanwhile, signing in again."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import APIResponse, Page, Route, expect

from tests.bench.crash import TOY
from tests.browser import desk
from tests.browser.desk import Account, draft, edit, saves
from tests.browser.visitor import Server, Visitor, started, until
from tests.serving import site

Make = Callable[..., Visitor]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The guide about gardening, which is checked at once, with a page for each test."""
    content = tmp_path_factory.mktemp("beds") / "content"
    shutil.copytree(TOY, content)
    water = (content / "en" / "pages" / "20-water.md").read_text()
    for number in range(40, 80):
        text = water.replace("title: Water\nsummary: How much,", f"title: Bed {number}\nsummary: In bed {number}, how much,")
        (content / "en" / "pages" / f"{number}-bed-{number}.md").write_text(text)
    with site(content=content) as made:
        yield started(made)


@pytest.fixture(scope="module")
def beds() -> Iterator[str]:
    """The pages that nobody works on; the demo takes some of the first."""
    return (f"en/pages/{number}-bed-{number}.md" for number in range(50, 80))


@pytest.fixture
def path(beds: Iterator[str]) -> str:
    """A page that no other test has touched."""
    return next(beds)


@pytest.mark.parametrize("then", ["type", "Save draft", "Send to review"])
@pytest.mark.parametrize("fate", ["late", "lost"])
def test_a_window_does_not_clash_with_its_own_save(sign_in: Make, server: Server, path: str, fate: str, then: str) -> None:
    """The server has saved what was typed, but the answer comes only after somebody went on, or never."""
    editor = sign_in("editor")
    editor.go(edit(server, path))
    page, text, version = editor.page, editor.page.locator("#document-text"), editor.page.locator("[name=version]")
    before = text.input_value()
    held: list[tuple[Route, APIResponse]] = []
    page.route("**/save/", lambda route: held.append((route, route.fetch())), times=1)
    page.locator("#note").fill("One more thing.")
    page.locator("#for_readers").fill("One more thing is said.")
    text.fill(f"{before}\n\nOne more sentence.\n")
    until(page, lambda: held)
    ((route, response),) = held
    assert response.status == 200 and "One more sentence." in draft(server, path)
    if fate == "lost":
        route.abort()
        expect(page.locator("#saved")).to_contain_text("Not saved")
        editor.complaints.remove("Failed to load resource: net::ERR_FAILED")
    text.fill(f"{before}\n\nTwo more sentences.\n")
    if then != "type":
        page.get_by_role("button", name=then).click(no_wait_after=True)
    if fate == "late":
        route.fulfill(response=response)
    if then == "type":
        expect(version).to_have_value("2")
    else:
        expect(page.locator(".messagelist")).to_contain_text({"Save draft": "Draft saved", "Send to review": "Sent to review"}[then])
    expect(page.locator("#newer")).to_be_hidden()
    expect(text).to_have_value(re.compile("Two more sentences"))
    assert "Two more sentences." in draft(server, path)


@pytest.mark.parametrize("then", ["type", "Save draft"])
def test_a_page_that_was_stopped_after_its_button_arrived_goes_on(sign_in: Make, server: Server, path: str, then: str) -> None:
    """On a slow line somebody presses the button, stops waiting for the page, and goes on in the one that is still there."""
    editor = sign_in("editor")
    editor.go(edit(server, path))
    page, text = editor.page, editor.page.locator("#document-text")
    before = text.input_value()

    def stop(route: Route) -> None:
        assert route.fetch(max_redirects=0).status == 302
        route.fulfill(status=204)  # a browser stays where it is

    page.route("**/edit/", stop, times=1)
    text.fill(f"{before}\n\nOne more sentence.\n")
    with page.expect_response("**/edit/"):
        page.get_by_role("button", name="Save draft").click()
    assert "One more sentence." in draft(server, path)
    before_that = saves(server, path)
    text.fill(f"{before}\n\nTwo more sentences.\n")
    if then == "type":
        _later(page, 61)
        expect(page.locator("[name=version]")).to_have_value(str(before_that + 1))
    else:
        page.get_by_role("button", name=then).click()
        expect(page.locator(".messagelist")).to_contain_text("Draft saved")
    assert "Two more sentences." in draft(server, path)


def test_an_own_second_window_that_holds_something_else_is_told_and_loses_nothing(sign_in: Make, server: Server, path: str) -> None:
    editor = sign_in("editor")
    second = editor.context.new_page()
    for page in (editor.page, second):
        page.goto(server.url + edit(server, path))
    for page, words, told in ((editor.page, "First words.", "Draft saved"), (second, "Second words.", "Not saved")):
        text = page.locator("#document-text")
        text.fill(f"{text.input_value()}\n\n{words}\n")
        expect(page.locator("#saved")).to_contain_text(told)
    expect(second.locator("#newer-says")).to_contain_text(re.compile(r"You saved this document at \d\d:\d\d, in another window"))
    editor.complaints.remove("Failed to load resource: the server responded with a status of 409 (Conflict)")
    assert "First words." in draft(server, path) and "Second words." in second.locator("#document-text").input_value()
    second.get_by_role("button", name="Save this one").click()
    expect(second.locator(".messagelist")).to_contain_text("Your text is the draft now")
    assert "Second words." in draft(server, path)


def test_a_window_that_stays_open_is_told_that_its_text_was_approved(sign_in: Make, server: Server, path: str) -> None:
    """Nothing is refused, since it saves nothing; where somebody types in it then, the save is."""
    editor = sign_in("editor")
    editor.go(edit(server, path))
    page, text = editor.page, editor.page.locator("#document-text")
    text.fill(f"{text.input_value()}\n\nOne more sentence.\n")
    page.locator("#note").fill("One more thing.")
    page.locator("#for_readers").fill("One more thing is said.")
    page.get_by_role("button", name="Send to review").click()
    expect(page.locator("#state")).to_have_text("In review")
    server.site.manage("shell", "-c", _APPROVE.format(path=path))
    _later(page, 31)
    expect(page.locator("#older")).to_contain_text(re.compile(r"Demo Reviewer approved this document at \d\d:\d\d"))
    expect(page.locator("#newer")).to_be_hidden()
    page.get_by_role("link", name="Show the new one").click()
    expect(page.locator("#state")).to_have_text("Approved")
    expect(page.locator("#older")).to_be_hidden()


def test_who_signs_in_again_in_another_tab_goes_on_in_this_one(sign_in: Make, staff: dict[str, Account], server: Server, path: str) -> None:
    editor = sign_in("editor")
    editor.go(edit(server, path))
    page, text = editor.page, editor.page.locator("#document-text")
    editor.context.clear_cookies(name="sessionid")
    text.fill(f"{text.input_value()}\n\nOne more sentence.\n")
    expect(page.locator("#saved")).to_contain_text("you are signed out")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#saved")).to_contain_text("you are signed out")
    tab = editor.context.new_page()
    desk.sign_in(replace(editor, page=tab), staff["editor"])
    tab.close()
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messagelist")).to_contain_text("Draft saved")
    # The old token is refused once; the answer brings the new one.
    editor.complaints.remove("Failed to load resource: the server responded with a status of 403 (Forbidden)")
    assert "One more sentence." in draft(server, path)


def _later(page: Page, seconds: int) -> None:
    """For this page, so much time is over."""
    page.evaluate("seconds => { const now = Date.now; Date.now = () => now() + seconds * 1000; }", seconds)


_APPROVE = """
from django.contrib.auth.models import User
from guide.editing import workflow
from guide.editing.models import Document
workflow.approve(Document.objects.get(path="{path}").open_text(), by=User.objects.get(username="demo-reviewer"), role="Nurse")
"""


def test_without_javascript_a_text_is_saved_checked_and_sent(sign_in: Make, server: Server, path: str) -> None:
    editor = sign_in("editor", scripts=False)
    page = editor.page
    editor.go(edit(server, path))
    text = page.locator("#document-text")
    before = text.input_value()
    text.fill(f"{before}\n\nA [link](page:to-nowhere).\n")
    page.locator("#note").fill("One more sentence.")
    page.locator("#for_readers").fill("One more sentence.")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messagelist")).to_contain_text("Draft saved")
    page.get_by_role("button", name="Check").click()
    expect(page.locator("#mistakes")).to_contain_text("to-nowhere")
    page.get_by_role("button", name="Send to review").click()
    expect(page.locator("#state")).to_have_text("Draft")
    expect(page.locator("#mistakes")).to_contain_text("to-nowhere")
    text.fill(f"{before}\n\nOne more sentence.\n")
    page.get_by_role("button", name="Send to review").click()
    expect(page.locator("#state")).to_have_text("In review")
    with page.expect_popup() as popup:
        page.get_by_role("button", name="Preview").click()
    expect(popup.value.locator("main")).to_contain_text("One more sentence.")


# The server fails


def test_the_editor_stays_with_its_text_while_nothing_can_be_saved_and_says_why(sign_in: Make, server: Server, path: str) -> None:
    editor = sign_in("editor")
    page = editor.page
    editor.go(edit(server, path))
    text = page.locator("#document-text")
    typed = f"{text.input_value()}\n\nA sentence for a bad day.\n"
    page.route("**/save/", lambda route: route.fulfill(status=503, body="<html>full</html>", content_type="text/html"))
    text.fill(typed)
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#saved")).to_contain_text("Not saved: the server can’t save right now.")
    expect(text).to_have_value(typed)
    page.unroute("**/save/")
    page.route("**/save/", lambda route: route.abort())
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#saved")).to_contain_text("Not saved: the server does not answer.")
    page.unroute("**/save/")
    editor.context.clear_cookies(name="csrftoken")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messagelist")).to_contain_text("Draft saved")
    expect(text).to_have_value(typed)
    editor.complaints.clear()


def test_without_javascript_whoever_was_signed_out_signs_in_elsewhere_and_loses_nothing(
    sign_in: Make, staff: dict[str, Account], server: Server, path: str
) -> None:
    editor = sign_in("editor", scripts=False)
    page = editor.page
    editor.go(edit(server, path))
    text = page.locator("#document-text")
    text.fill(f"{text.input_value()}\n\nA sentence for a long day.\n")
    editor.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("main")).to_contain_text("You are signed out.")
    editor.check_page()
    elsewhere = Visitor(server, editor.context, editor.context.new_page(), scripts=False)
    desk.sign_in(elsewhere, staff["editor"])
    page.get_by_role("button", name="Send it again").click()
    expect(page.locator("main")).to_contain_text("when you signed in again in another tab")
    page.get_by_role("button", name="Send it again").click()
    expect(page.locator(".messagelist")).to_contain_text("Draft saved")
    expect(text).to_have_value(re.compile("A sentence for a long day"))
    editor.complaints.clear()
