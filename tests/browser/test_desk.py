"""A new option on its way: written with drop-downs, reviewed, published, read on a phone, rolled back."""

from __future__ import annotations

import http.client
import os
import re
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Page, expect

from tests.browser.desk import edit, history, in_state, review
from tests.browser.visitor import Server, Visitor, check_accessibility

PAGE, SLUG = "en/pages/34-radiation.md", "radiation"
SPARE_PAGE = "en/pages/40-hr-positive.md"
TITLE = "A walk in the morning light"
FIRST_WORDS, BETTER_WORDS = "A slow walk can lift your mood.", "A slow walk may lift your mood."
FITS = {"her2": "positive", "line": "second"}
SOON = 1.0  # seconds in which every process has to show what was published


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
    for button, words in (("Source", "cancernet-2018"), ("Treatment of the block", "palliative care")):
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
    for number in range(1, 5):
        for question in page.locator("fieldset:visible").all():
            fact = question.locator("input[name=question]").get_attribute("value") or ""
            question.locator(f"input[value={said.get(fact, 'not-sure')}]").check()
        page.get_by_role("button", name="Continue").click()
        page.wait_for_url(f"**/for-me/{number + 1}/")
    reader.go("/for-me/results/")
    return page.locator(":is(section[aria-labelledby=applies], section[aria-labelledby=others]) .title", has_text=TITLE).count() > 0


def test_pages_of_the_desk_can_be_used_by_everybody(sign_in: Callable[..., Visitor], server: Server) -> None:
    """On a phone, each without accessibility violation and without sideways scrolling, by light and by dark colors."""
    ways = {
        "editor": [
            "/admin/",
            "/admin/guide/document/",
            "/admin/documents/new/",
            "/admin/sources/new/",
            edit(server, PAGE),
            edit(server, in_state(server, "draft")),
            "/admin/conflicts/",
            "/admin/account/",
        ],
        "reviewer": ["/admin/", review(server, "in-review"), history(server, in_state(server, "in-review"))],
        "publisher": ["/admin/", "/admin/editions/", "/admin/editions/2/", "/admin/editions/2/roll-back/", "/admin/guide/auditentry/"],
    }
    for role, paths in ways.items():
        member = sign_in(role)
        member.page.set_viewport_size({"width": 360, "height": 740})
        for path in paths:
            member.go(path)
            member.page.wait_for_load_state("networkidle")
            member.check_page()
            member.page.emulate_media(color_scheme="dark")
            member.check_page()
            member.page.emulate_media(color_scheme="light")
            member.complaints.clear()  # of axe, whose styles our policy refuses


def test_the_editor_and_its_dialogs_need_no_mouse(sign_in: Callable[..., Visitor], server: Server) -> None:
    editor = sign_in("editor")
    page = editor.page
    editor.go(edit(server, SPARE_PAGE))
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
        check_accessibility(page)
        page.keyboard.press("Escape")
        expect(page.locator(dialog)).to_be_hidden()
    editor.complaints.clear()  # of axe, whose styles our policy refuses
    page.get_by_text("About this document").click()
    page.get_by_label("Title:").press("Enter")
    expect(page.locator(".messagelist")).to_contain_text("Draft saved")


# Of the browser's own focus, a control shows an outline; the page behind a dialog has none.
_FOCUS_IS_SEEN = """() => document.activeElement === document.body || getComputedStyle(document.activeElement).outlineStyle !== "none" """


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
