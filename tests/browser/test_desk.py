"""A new option on its way: written with drop-downs, reviewed, published, read on a phone, rolled back."""

from __future__ import annotations

import base64
import http.client
import os
import re
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django_otp.oath import TOTP
from playwright.sync_api import APIResponse, Page, Route, expect

from tests.browser.conftest import Server, Visitor

PAGE, SLUG = "en/pages/34-radiation.md", "radiation"
SPARE_PAGES = ("en/pages/40-hr-positive.md", "en/pages/36-surgery.md", "en/pages/10-start-here.md", "en/pages/12-care-team.md")
TITLE = "A walk in the morning light"
FIRST_WORDS, BETTER_WORDS = "A slow walk can lift your mood.", "A slow walk may lift your mood."
FITS = {"her2": "positive", "line": "second"}
SOON = 1.0  # seconds in which every process has to show what was published


@dataclass
class Account:
    """A member of staff as `manage.py demo` prints them."""

    name: str
    password: str
    key: bytes


@pytest.fixture(scope="module")
def staff(server: Server) -> dict[str, Account]:
    """Editor, reviewer, publisher; each signs in with a password and a code of an app."""
    expect.set_options(timeout=20_000)  # a check of a text reads the whole guide
    printed = server.manage("demo", "--yes")
    found = re.findall(r"(demo-(\w+)) +(\S+) .*?secret=([A-Z2-7]+)", printed, re.DOTALL)
    return {role: Account(name, password, _of_base32(key)) for name, role, password, key in found}


def _of_base32(text: str) -> bytes:
    return base64.b32decode(text + "=" * (-len(text) % 8))


@pytest.fixture
def sign_in(new_visitor: Callable[[bool], Visitor], staff: dict[str, Account], server: Server) -> Callable[..., Visitor]:
    """Makes a visitor who is a member of staff, at a desk."""

    def make(role: str, *, scripts: bool = True) -> Visitor:
        visitor = new_visitor(scripts)
        visitor.context.set_default_timeout(30_000)
        visitor.page.set_viewport_size({"width": 1280, "height": 900})
        _forget_used_codes(server)
        _sign_in(visitor, staff[role])
        return visitor

    return make


def _forget_used_codes(server: Server) -> None:
    """A code counts once in half a minute, and tests do not wait that long."""
    with sqlite3.connect(server.database, timeout=20) as database:
        database.execute("update otp_totp_totpdevice set last_t = -1")


def _sign_in(visitor: Visitor, account: Account) -> None:
    visitor.go("/admin/")
    page = visitor.page
    page.get_by_label("Username").fill(account.name)
    page.get_by_label("Password").fill(account.password)
    page.get_by_role("button", name="Log in").click()
    totp = TOTP(account.key)
    totp.time = time.time()
    page.get_by_label("Code:").fill(f"{totp.token():06d}")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("button", name="Log out")).to_be_visible()


def test_an_option_goes_from_an_editor_to_a_reader_and_back(
    new_visitor: Callable[[bool], Visitor], sign_in: Callable[..., Visitor], server: Server
) -> None:
    editor, reviewer, publisher, reader = sign_in("editor"), sign_in("reviewer"), sign_in("publisher"), new_visitor(True)
    reader.go(f"/guide/{SLUG}/")

    _write_an_option(editor.page, server)
    _ask_for_changes(reviewer.page, server)
    _answer(editor.page, server)
    _approve(reviewer.page)
    reader.page.reload()
    expect(reader.page.locator("main")).not_to_contain_text(TITLE)
    with _every_process_soon(server, shows=True):
        _publish(publisher.page)
    reader.page.reload()
    expect(reader.page.get_by_text(TITLE).first).to_be_visible()
    reader.check_page()
    assert _applies(reader, FITS)
    assert not _applies(reader, {**FITS, "line": "first"})

    with _every_process_soon(server, shows=False):
        _roll_back(publisher.page)
    reader.go(f"/guide/{SLUG}/")
    expect(reader.page.locator("main")).not_to_contain_text(TITLE)
    assert not _applies(reader, FITS)


def _write_an_option(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/admin/guide/document/?q=34-radiation")
    page.get_by_role("link", name=PAGE).click()
    text = page.locator("#document-text")
    text.evaluate("e => { e.focus(); e.setSelectionRange(e.value.length, e.value.length); }")
    page.get_by_role("button", name="Who is it for?").click()
    _choose_who(page)
    expect(text).to_have_value(re.compile(r"when: {her2: positive, line: second}"))
    written = text.input_value()
    start = written.rindex("/// option")
    ours = written[start:].replace("/// option | ", f"/// option | {TITLE}", 1)
    ours = ours.replace("sources: []\n\n", f"sources: []\n{FIRST_WORDS} Ask what is safe for you.\n", 1)
    text.fill(written[:start] + ours)
    for button, words in (("Source", "cancernet-2018"), ("Treatment of the block", "palliative")):
        text.evaluate("(e, at) => { e.focus(); e.setSelectionRange(at, at); }", start + len("/// option | A"))
        page.get_by_role("toolbar").get_by_role("button", name=button).click()
        page.locator("#finder-words").fill(words)
        page.locator("#finder-list button").filter(has_text=re.compile(words, re.IGNORECASE)).first.click()
    page.get_by_role("toolbar").get_by_label("How the option is offered").select_option(label="Another choice")
    expect(text).to_have_value(re.compile(rf"{TITLE}\n    when: .*\n    role: other\n"))
    expect(page.locator("#mistakes")).to_contain_text("No mistake found")
    expect(page.frame_locator("#preview").locator("body")).to_contain_text(TITLE)
    page.locator("#note").fill("One more thing that helps.")
    page.locator("#for_readers").fill("Walking is named as something that helps.")
    page.get_by_role("button", name="Send to review").click()
    expect(page.locator("#state")).to_have_text("In review")
    expect(text).to_have_value(re.compile(rf"{TITLE}\n    id: a-walk-in-the-morning-light\n"))


def _choose_who(page: Page) -> None:
    """The condition of FITS, by the drop-downs and without a mouse."""
    builder = page.locator("#builder")
    for fact, value in FITS.items():
        builder.get_by_role("button", name="Add a fact", exact=True).press("Enter")
        line = builder.locator("li.part").last
        line.get_by_label("Question").select_option(fact)
        label = page.evaluate(
            "([f, v]) => JSON.parse(document.getElementById('vocabulary').textContent).facts"
            ".find(x => x.id === f).values.find(x => x.id === v).label",
            [fact, value],
        )
        line.get_by_label(label, exact=True).press("Space")
    expect(builder.locator("#builder-share")).to_contain_text("True in")
    builder.get_by_role("button", name="Make the block").press("Enter")


def _ask_for_changes(page: Page, server: Server) -> None:
    """See what the text does, say something about a passage, give it back."""
    page.goto(f"{server.url}/admin/")
    page.locator("#waits-review").get_by_role("link", name="Radiation").click()
    expect(page.locator(".does")).to_contain_text(re.compile(rf"Option “{TITLE}” is new: shown in \d+ of \d+ situations"))
    expect(page.locator("article.readers ins").first).to_be_visible()
    page.locator("article.readers").get_by_text(FIRST_WORDS).first.evaluate("e => getSelection().selectAllChildren(e)")
    page.get_by_role("button", name=re.compile("^Comment on")).click()
    expect(page.get_by_label("The passage it is about")).to_have_value(re.compile(re.escape(FIRST_WORDS)))
    page.get_by_label("Your comment").fill("Not for everybody: write “may”.")
    page.get_by_role("button", name="Keep the comment").click()
    page.get_by_role("button", name="Ask for changes").click()
    expect(page.locator(".stage")).to_contain_text("Changes asked")


def _answer(page: Page, server: Server) -> None:
    """Find it on the desk, do what was asked, say so, send it again."""
    page.goto(f"{server.url}/admin/")
    page.locator("#waits-mine").get_by_role("link", name="Radiation").click()
    expect(page.locator("#content")).to_contain_text("Not for everybody: write “may”.")
    text = page.locator("#document-text")
    text.fill(text.input_value().replace(FIRST_WORDS, BETTER_WORDS))
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messagelist")).to_contain_text("Draft saved")
    expect(page.locator("#document-text")).to_have_value(re.compile(re.escape(BETTER_WORDS)))
    page.get_by_role("link", name="Answer and settle comments").click()
    page.get_by_label("Your comment").fill("It says “may” now.")
    page.get_by_role("button", name="Keep the comment").click()
    expect(page.locator(".comments")).to_contain_text("It says “may” now.")
    page.locator(".what").get_by_role("link", name=PAGE).click()
    page.get_by_role("button", name="Send to review").click()
    expect(page.locator("#state")).to_have_text("In review")


def _approve(page: Page) -> None:
    page.reload()
    expect(page.locator("article.readers")).to_contain_text(BETTER_WORDS)
    _sign(page)
    expect(page.locator("#content")).to_contain_text("not settled")
    for left in (1, 0):
        page.get_by_role("button", name=re.compile("^Settle")).first.click()
        expect(page.locator("#comments .count")).to_have_text(str(left))
    _sign(page)
    expect(page.locator(".stage")).to_contain_text("Approved")
    expect(page.locator(".what")).to_contain_text("Oncology nurse")


def _sign(page: Page) -> None:
    page.get_by_label("Your role").fill("Oncology nurse")
    page.get_by_label("I have read the whole text").check()
    page.get_by_role("button", name="Approve").click()


def _publish(page: Page) -> None:
    page.goto(re.sub(r"/admin/.*", "/admin/editions/", page.url))
    page.get_by_label("Radiation", exact=False).check()
    page.get_by_label("What changed, in one plain sentence").fill("Walking is named as something that helps.")
    page.get_by_role("button", name="Publish now").click()
    expect(page.locator(".messagelist")).to_contain_text("is published")


def _roll_back(page: Page) -> None:
    page.get_by_role("link", name="Roll back this edition").click()
    page.get_by_label("Why, in one plain sentence").fill("It was only a test.")
    page.get_by_role("button", name=re.compile("^Roll back")).click()
    expect(page.locator(".messagelist")).to_contain_text("is rolled back")


def _applies(reader: Visitor, said: dict[str, str]) -> bool:
    """Whether the results of somebody who gives these answers, and is not sure of anything else, show the option."""
    page = reader.page
    reader.context.clear_cookies()
    reader.go("/for-me/1/")
    for number in range(1, 9):
        fact = page.locator("input[name=question]").get_attribute("value") or ""
        page.locator(f"input[name=answer][value={said.get(fact, 'not-sure')}]").check()
        page.get_by_role("button", name="Continue").click()
        page.wait_for_url(f"**/for-me/{number + 1}/")
    reader.go("/for-me/results/")
    return page.locator("section[aria-labelledby=applies]").get_by_text(TITLE).count() > 0


@pytest.mark.parametrize("colors", ["light", "dark"])
def test_pages_of_the_desk_can_be_used_by_everybody(
    sign_in: Callable[..., Visitor], server: Server, colors: Literal["light", "dark"]
) -> None:
    """On a phone, each without accessibility violation and without sideways scrolling."""
    ways = {
        "editor": [
            "/admin/",
            "/admin/guide/document/",
            "/admin/documents/new/",
            "/admin/sources/new/",
            _edit(server, PAGE),
            _edit(server, _in_state(server, "draft")),
            "/admin/conflicts/",
            "/admin/account/",
        ],
        "reviewer": ["/admin/", _review(server, "in-review"), _history(server, _in_state(server, "in-review"))],
        "publisher": ["/admin/", "/admin/editions/", "/admin/editions/2/", "/admin/editions/2/roll-back/", "/admin/guide/auditentry/"],
    }
    for role, paths in ways.items():
        member = sign_in(role)
        member.page.set_viewport_size({"width": 360, "height": 740})
        member.page.emulate_media(color_scheme=colors)
        for path in paths:
            member.go(path)
            member.page.wait_for_load_state("networkidle")
            member.check_page()
            member.complaints.clear()  # of axe, whose styles our policy refuses


def test_the_editor_and_its_dialogs_need_no_mouse(sign_in: Callable[..., Visitor], server: Server) -> None:
    editor = sign_in("editor")
    page = editor.page
    editor.go(_edit(server, SPARE_PAGES[0]))
    expect(page.locator("#mistakes")).to_contain_text("No mistake found")
    text = page.locator("#document-text")
    text.focus()
    page.keyboard.press("Control+End")
    for opener, dialog in (("Source", "#finder"), ("Who is it for?", "#builder")):
        button = page.get_by_role("toolbar").get_by_role("button", name=opener)
        button.focus()
        page.keyboard.press("Enter")
        expect(page.locator(dialog)).to_be_visible()
        for _ in range(12):
            page.keyboard.press("Tab")
            assert page.evaluate(
                "s => !document.hasFocus() || document.activeElement === document.body || document.querySelector(s).contains(document.activeElement)",
                dialog,
            )
            assert page.evaluate(_FOCUS_IS_SEEN), page.evaluate("document.activeElement.outerHTML")
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        page.keyboard.press("Escape")
        expect(page.locator(dialog)).to_be_hidden()
    editor.complaints.clear()  # of axe, whose styles our policy refuses
    page.get_by_text("About this document").click()
    page.get_by_label("Title:").press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("Draft saved")


# Of the browser's own focus, a control shows an outline; the page behind a dialog has none.
_FOCUS_IS_SEEN = """() => document.activeElement === document.body || getComputedStyle(document.activeElement).outlineStyle !== "none" """


@pytest.mark.parametrize(
    ("path", "fate", "then"),
    [
        ("en/pages/64-brain.md", "late", "type"),
        ("en/pages/66-bones.md", "late", "Save draft"),
        ("en/pages/70-symptoms.md", "late", "Send to review"),
        ("en/pages/71-side-effects.md", "lost", "type"),
        ("en/pages/72-when-to-call.md", "lost", "Save draft"),
        ("en/pages/74-palliative-care.md", "lost", "Send to review"),
    ],
)
def test_a_window_does_not_clash_with_its_own_save(
    sign_in: Callable[..., Visitor], server: Server, path: str, fate: str, then: str
) -> None:
    """The server has saved what was typed, but the answer comes only after somebody went on, or never."""
    editor = sign_in("editor")
    editor.go(_edit(server, path))
    page, text, version = editor.page, editor.page.locator("#document-text"), editor.page.locator("[name=version]")
    before = text.input_value()
    held: list[tuple[Route, APIResponse]] = []
    page.route("**/save/", lambda route: held.append((route, route.fetch())), times=1)
    page.locator("#note").fill("One more thing.")
    page.locator("#for_readers").fill("One more thing is said.")
    text.fill(f"{before}\n\nOne more sentence.\n")
    while not held:
        page.wait_for_timeout(50)
    ((route, response),) = held
    assert response.status == 200 and "One more sentence." in _draft(server, path)
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
    assert "Two more sentences." in _draft(server, path)


@pytest.mark.parametrize(
    ("path", "then"), [("en/pages/76-stopping-treatment.md", "type"), ("en/pages/80-clinical-trials.md", "Save draft")]
)
def test_a_page_that_was_stopped_after_its_button_arrived_goes_on(
    sign_in: Callable[..., Visitor], server: Server, path: str, then: str
) -> None:
    """On a slow line somebody presses the button, stops waiting for the page, and goes on in the one that is still there."""
    editor = sign_in("editor")
    editor.go(_edit(server, path))
    page, text = editor.page, editor.page.locator("#document-text")
    before = text.input_value()

    def stop(route: Route) -> None:
        assert route.fetch(max_redirects=0).status == 302
        route.fulfill(status=204)  # a browser stays where it is

    page.route("**/edit/", stop, times=1)
    text.fill(f"{before}\n\nOne more sentence.\n")
    with page.expect_response("**/edit/"):
        page.get_by_role("button", name="Save draft").click()
    assert "One more sentence." in _draft(server, path)
    saves = _asked(server, f"select version {_ON_ITS_WAY}", path)
    text.fill(f"{before}\n\nTwo more sentences.\n")
    if then == "type":
        _later(page, 61)
        expect(page.locator("[name=version]")).to_have_value(str(saves + 1))
    else:
        page.get_by_role("button", name=then).click()
        expect(page.locator(".messagelist")).to_contain_text("Draft saved")
    assert "Two more sentences." in _draft(server, path)


def test_an_own_second_window_that_holds_something_else_is_told_and_loses_nothing(sign_in: Callable[..., Visitor], server: Server) -> None:
    path = "en/pages/84-help.md"
    editor = sign_in("editor")
    second = editor.context.new_page()
    for page in (editor.page, second):
        page.goto(server.url + _edit(server, path))
    for page, words, told in ((editor.page, "First words.", "Draft saved"), (second, "Second words.", "Not saved")):
        text = page.locator("#document-text")
        text.fill(f"{text.input_value()}\n\n{words}\n")
        expect(page.locator("#saved")).to_contain_text(told)
    expect(second.locator("#newer-says")).to_contain_text(re.compile(r"You saved this document at \d\d:\d\d, in another window"))
    editor.complaints.remove("Failed to load resource: the server responded with a status of 409 (Conflict)")
    assert "First words." in _draft(server, path) and "Second words." in second.locator("#document-text").input_value()
    second.get_by_role("button", name="Save this one").click()
    expect(second.locator(".messagelist")).to_contain_text("Your text is the draft now")
    assert "Second words." in _draft(server, path)


def test_a_window_that_stays_open_is_told_that_its_text_was_approved(sign_in: Callable[..., Visitor], server: Server) -> None:
    """Nothing is refused, since it saves nothing; where somebody types in it then, the save is."""
    path = "en/pages/41-hr-positive-later.md"
    editor = sign_in("editor")
    editor.go(_edit(server, path))
    page, text = editor.page, editor.page.locator("#document-text")
    text.fill(f"{text.input_value()}\n\nOne more sentence.\n")
    page.locator("#note").fill("One more thing.")
    page.locator("#for_readers").fill("One more thing is said.")
    page.get_by_role("button", name="Send to review").click()
    expect(page.locator("#state")).to_have_text("In review")
    server.manage("shell", "-c", _APPROVE.format(path=path))
    _later(page, 31)
    expect(page.locator("#older")).to_contain_text(re.compile(r"Demo Reviewer approved this document at \d\d:\d\d"))
    expect(page.locator("#newer")).to_be_hidden()
    page.get_by_role("link", name="Show the new one").click()
    expect(page.locator("#state")).to_have_text("Approved")
    expect(page.locator("#older")).to_be_hidden()


def test_who_signs_in_again_in_another_tab_goes_on_in_this_one(
    sign_in: Callable[..., Visitor], staff: dict[str, Account], server: Server
) -> None:
    path = "en/pages/82-finding-medicines.md"
    editor = sign_in("editor")
    editor.go(_edit(server, path))
    page, text = editor.page, editor.page.locator("#document-text")
    editor.context.clear_cookies(name="sessionid")
    text.fill(f"{text.input_value()}\n\nOne more sentence.\n")
    expect(page.locator("#saved")).to_contain_text("you are signed out")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("#saved")).to_contain_text("you are signed out")
    tab = editor.context.new_page()
    _forget_used_codes(server)
    _sign_in(replace(editor, page=tab), staff["editor"])
    tab.close()
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messagelist")).to_contain_text("Draft saved")
    # The old token is refused once; the answer brings the new one.
    editor.complaints.remove("Failed to load resource: the server responded with a status of 403 (Forbidden)")
    assert "One more sentence." in _draft(server, path)


_APPROVE = """
from django.contrib.auth.models import User
from guide.editing import workflow
from guide.editing.models import Document
workflow.approve(Document.objects.get(path="{path}").open_text(), by=User.objects.get(username="demo-reviewer"), role="Nurse")
"""


def _later(page: Page, seconds: int) -> None:
    """For this page, so much time is over."""
    page.evaluate("seconds => { const now = Date.now; Date.now = () => now() + seconds * 1000; }", seconds)


def _draft(server: Server, path: str) -> str:
    return str(_asked(server, f"select text {_ON_ITS_WAY}", path))


_ON_ITS_WAY = """from guide_document join guide_revision on guide_revision.document_id = guide_document.id
    where path = ? and state in ('draft', 'in-review')"""


def test_without_javascript_a_text_is_saved_checked_and_sent(sign_in: Callable[..., Visitor], server: Server) -> None:
    editor = sign_in("editor", scripts=False)
    page = editor.page
    editor.go(_edit(server, SPARE_PAGES[1]))
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


def _edit(server: Server, path: str) -> str:
    return f"/admin/documents/{_asked(server, 'select id from guide_document where path = ?', path)}/edit/"


def _history(server: Server, path: str) -> str:
    return _edit(server, path).replace("edit", "history")


def _in_state(server: Server, state: str) -> str:
    return str(_asked(server, f"select path from guide_document {_TEXTS}", state))


def _review(server: Server, state: str) -> str:
    return f"/admin/texts/{_asked(server, f'select guide_revision.id from guide_document {_TEXTS}', state)}/review/"


_TEXTS = "join guide_revision on guide_revision.document_id = guide_document.id where state = ? order by guide_revision.id"


def _asked(server: Server, question: str, *known: str) -> Any:
    with sqlite3.connect(server.database, timeout=20) as database:
        (answer,) = database.execute(question, known).fetchone()
    return answer


# How soon


@contextmanager
def _every_process_soon(server: Server, *, shows: bool) -> Iterator[None]:
    """Within a second after the edition that is made meanwhile, each of the two processes shows the option, or no longer does.

    Both are asked all the time, each on a connection of its own. Where others use this machine too, a second is as
    long as the processor takes for a second's work.
    """
    lines = _one_line_to_each_process(server)
    assert len(lines) == 2, "the server has two processes"
    seen: dict[int, float] = {}
    slowest = _slowness()
    asking = [threading.Thread(target=_ask_until, args=(line, shows, seen, process)) for process, line in lines.items()]
    for one in asking:
        one.start()
    yield
    for one in asking:
        one.join()
    for line in lines.values():
        line.close()
    slowest = max(slowest, _slowness())
    made = _newest_edition_made(server)
    waited = {process: seen[process] - made for process in lines if process in seen}
    assert len(waited) == 2, f"only these processes show it ever: {waited}"
    assert min(waited.values()) > 0, f"something else changed the page: {waited}"
    assert max(waited.values()) <= SOON * slowest, (
        f"seconds until each process showed it: {waited}, on a machine {slowest:.1f} times slower"
    )


def _one_line_to_each_process(server: Server) -> dict[int, http.client.HTTPConnection]:
    lines: dict[int, http.client.HTTPConnection] = {}
    for _ in range(64):
        line = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=60)
        _shown(line)
        if lines.setdefault(_process_behind(line), line) is not line:
            line.close()
    return lines


def _shown(line: http.client.HTTPConnection) -> bool:
    line.request("GET", f"/guide/{SLUG}/")
    return TITLE in line.getresponse().read().decode()


def _ask_until(line: http.client.HTTPConnection, shows: bool, seen: dict[int, float], process: int) -> None:
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        if _shown(line) == shows:
            seen[process] = time.time()
            return
        time.sleep(0.02)


def _process_behind(line: http.client.HTTPConnection) -> int:
    """The process that holds the other end of a connection, as Linux tells it."""
    here, there = line.sock.getsockname()[1], line.port
    entries = [entry.split() for entry in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    (inode,) = (entry[9] for entry in entries if entry[1].endswith(f":{there:04X}") and entry[2].endswith(f":{here:04X}"))
    for held in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if os.readlink(held) == f"socket:[{inode}]":
                return int(held.parts[2])
        except OSError:  # it is closed by now, or somebody else's
            continue
    raise AssertionError("no process holds the connection")


def _newest_edition_made(server: Server) -> float:
    with sqlite3.connect(server.database, timeout=20) as database:
        (made,) = database.execute("select created from guide_edition order by number desc limit 1").fetchone()
    return datetime.fromisoformat(made).replace(tzinfo=UTC).timestamp()


def _slowness() -> float:
    """How many times longer work takes here now than it would alone on the machine."""
    begun, used = time.perf_counter(), time.thread_time()
    while time.thread_time() - used < 0.2:
        pass
    return (time.perf_counter() - begun) / (time.thread_time() - used)


# The server fails


def test_the_editor_stays_with_its_text_while_nothing_can_be_saved_and_says_why(sign_in: Callable[..., Visitor], server: Server) -> None:
    editor = sign_in("editor")
    page = editor.page
    editor.go(_edit(server, SPARE_PAGES[2]))
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
    sign_in: Callable[..., Visitor], staff: dict[str, Account], server: Server
) -> None:
    editor = sign_in("editor", scripts=False)
    page = editor.page
    editor.go(_edit(server, SPARE_PAGES[3]))
    text = page.locator("#document-text")
    text.fill(f"{text.input_value()}\n\nA sentence for a long day.\n")
    editor.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator("main")).to_contain_text("You are signed out.")
    editor.check_page()
    _forget_used_codes(server)
    elsewhere = Visitor(server, editor.context, editor.context.new_page(), scripts=False)
    _sign_in(elsewhere, staff["editor"])
    page.get_by_role("button", name="Send it again").click()
    expect(page.locator("main")).to_contain_text("when you signed in again in another tab")
    page.get_by_role("button", name="Send it again").click()
    expect(page.locator(".messagelist")).to_contain_text("Draft saved")
    expect(text).to_have_value(re.compile("A sentence for a long day"))
    editor.complaints.clear()
