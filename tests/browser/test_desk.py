"""A new option on its way: written with drop-downs, reviewed, published, read on a phone, rolled back."""

from __future__ import annotations

import base64
import re
import time
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django_otp.oath import TOTP
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, Visitor

PAGE, SLUG = "en/pages/34-radiation.md", "radiation"
TITLE = "A walk in the morning light"
FITS = {"her2": "positive", "line": "second"}


@dataclass
class Account:
    """A member of staff as `manage.py demo` prints them."""

    name: str
    password: str
    key: bytes


@pytest.fixture(scope="module")
def staff(server: Server) -> dict[str, Account]:
    """Editor, reviewer, publisher; each signs in with a password and a code of an app."""
    printed = server.manage("demo", "--yes")
    found = re.findall(r"(demo-(\w+)) +(\S+) .*?secret=([A-Z2-7]+)", printed, re.DOTALL)
    return {role: Account(name, password, _of_base32(key)) for name, role, password, key in found}


def _of_base32(text: str) -> bytes:
    return base64.b32decode(text + "=" * (-len(text) % 8))


def test_an_option_goes_from_an_editor_to_a_reader_and_back(
    new_visitor: Callable[[bool], Visitor], staff: dict[str, Account], server: Server
) -> None:
    editor, reviewer, publisher, reader = (new_visitor(True) for _ in range(4))
    for visitor, role in ((editor, "editor"), (reviewer, "reviewer"), (publisher, "publisher")):
        visitor.page.set_viewport_size({"width": 1280, "height": 900})
        _sign_in(visitor, staff[role])

    _write_an_option(editor.page, server)
    _review(reviewer.page)
    assert not _shown_everywhere(server, reader), "it is not published yet"
    _publish(publisher.page)
    time.sleep(1)
    assert _shown_everywhere(server, reader)
    assert _applies(reader, FITS) and not _applies(reader, {**FITS, "line": "first"})

    publisher.page.get_by_role("link", name=re.compile("^Edition ")).first.click()
    publisher.page.get_by_role("link", name="Roll back this edition").click()
    publisher.page.get_by_label("Why, in one plain sentence").fill("It was only a test.")
    publisher.page.get_by_role("button", name=re.compile("^Roll back")).click()
    expect(publisher.page.locator(".messagelist")).to_be_visible()
    time.sleep(1)
    assert not _shown_everywhere(server, reader)
    assert not _applies(reader, FITS)


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


def _write_an_option(page: Page, server: Server) -> None:
    page.goto(f"{server.url}/admin/guide/document/?q=34-radiation")
    page.get_by_role("link", name=PAGE).click()
    text = page.locator("#document-text")
    text.evaluate("e => { e.focus(); e.setSelectionRange(e.value.length, e.value.length); }")
    page.get_by_role("button", name="Who is it for?").click()
    builder = page.locator("#builder")
    for fact, value in FITS.items():
        builder.get_by_role("button", name="Add a fact", exact=True).click()
        line = builder.locator("li.part").last
        line.get_by_label("Question").select_option(fact)
        label = page.evaluate(
            "([f, v]) => JSON.parse(document.getElementById('vocabulary').textContent).facts.find(x => x.id === f).values.find(x => x.id === v).label",
            [fact, value],
        )
        line.get_by_label(label, exact=True).check()
    expect(builder.locator("#builder-share")).to_contain_text("True in")
    builder.get_by_role("button", name="Make the block").click()
    expect(text).to_have_value(re.compile(r"when: {her2: positive, line: second}"))
    written = text.input_value()
    start = written.rindex("/// option")
    ours = (
        written[start:]
        .replace("| Title", f"| {TITLE}", 1)
        .replace("role: usual", "role: other")
        .replace("  # or: other, only-if, trial", "")
    )
    ours = ours.replace(
        "Plain words: what it is, how it is given, what to know before choosing.",
        "A slow walk can lift your mood. Ask what is safe for you.",
    )
    text.fill(written[:start] + ours)
    inside = len(written[:start]) + len("/// option | A")
    for button, words in (("Source", "cancernet-2018"), ("Treatment of the block", "palliative")):
        text.evaluate("(e, at) => { e.focus(); e.setSelectionRange(at, at); }", inside)
        page.get_by_role("toolbar").get_by_role("button", name=button).click(timeout=4000)
        page.locator("#finder-words").fill(words)
        page.wait_for_timeout(800)
        expect(page.locator("#finder-list button").first).to_contain_text(words, ignore_case=True)
        page.locator("#finder-list button").first.click()
    expect(page.locator("#mistakes")).to_contain_text("No mistake found")
    expect(page.frame_locator("#preview").locator("body")).to_contain_text(TITLE)
    page.get_by_label(re.compile("^Why")).fill("One more thing that helps.")
    page.get_by_label(re.compile("^What changed, for readers")).fill("Walking is named as something that helps.")
    page.get_by_role("button", name="Send to review").click()
    expect(page.locator("#state")).to_have_text("In review")


def _review(page: Page) -> None:
    page.goto(page.url)
    page.get_by_role("link", name=re.compile("Radiation")).first.click()
    expect(page.locator(".does")).to_contain_text(TITLE)
    expect(page.locator(".does")).to_contain_text("situations")
    expect(page.locator("article.readers ins").first).to_be_visible()
    page.get_by_label("The passage it is about").fill("A slow walk can lift your mood.")
    page.get_by_label("Your comment").fill("Good. Nothing to change.")
    page.get_by_role("button", name="Keep the comment").click()
    page.get_by_label("Your role").fill("Oncology nurse")
    page.get_by_label("I have read the whole text").check()
    page.get_by_role("button", name="Approve").click()
    expect(page.locator("body")).to_contain_text("not settled")
    page.get_by_role("button", name=re.compile("^Settle")).click()
    page.get_by_label("Your role").fill("Oncology nurse")
    page.get_by_label("I have read the whole text").check()
    page.get_by_role("button", name="Approve").click()
    expect(page.locator(".stage")).to_contain_text("Approved")


def _publish(page: Page) -> None:
    page.goto(re.sub(r"/admin/.*", "/admin/editions/", page.url))
    page.get_by_label("Radiation", exact=False).check()
    page.get_by_label("What changed, in one plain sentence").fill("Walking is named as something that helps.")
    page.get_by_role("button", name="Publish now").click()
    expect(page.locator(".messagelist")).to_be_visible()


def _shown_everywhere(server: Server, reader: Visitor) -> bool:
    """Whether the page holds the new option; both processes answer in turn, and they agree."""
    answers = {
        TITLE in reader.context.request.get(f"{server.url}/guide/{SLUG}/", headers={"Connection": "close"}).text() for _ in range(16)
    }
    assert len(answers) == 1, "the processes do not agree"
    return answers.pop()


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
