"""Saving fails, in a real browser: the disk is full, the server is away, the token is gone, the database is broken."""

from __future__ import annotations

import resource
import secrets
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Dialog, Page, expect

from tests.bench.crash import TOY
from tests.browser.visitor import Server, Visitor
from tests.serving import Site, session_of, site

NewVisitor = Callable[[bool], Visitor]
GROUND = "/plan/mine/group/my-ground/"
# Longer than what a database has left in pages that it may write over.
TEXT = "Steep, wet and full of slugs: " + " ".join(secrets.token_hex(10) for _ in range(1000))

# A form sends nine bytes for each of these letters, and so more than the server takes.
LONG = ("’" * 9 + " ") * 12_500


# The server, and what can happen to its disk


@dataclass
class Disk:
    """Where the database lies."""

    fill: Callable[[], None]
    free: Callable[[], None]


A_LIMIT, A_SMALL_DISK = "a limit on files", "a small disk"
# The disk itself matters only to tests that fill it. The others need a server that may fail.
on_each_disk = pytest.mark.parametrize("prepared", [A_LIMIT, A_SMALL_DISK], indirect=True)


@pytest.fixture(scope="module", params=[A_LIMIT])
def prepared(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, Disk]]:
    """A server with the toy guide on a disk that can be filled. A small disk can be made by root alone."""
    folder = tmp_path_factory.mktemp("disk")
    small = request.param == A_SMALL_DISK
    if small and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=16m", "tmpfs", folder], capture_output=True).returncode:
        pytest.skip("only root can mount a small disk")
    try:
        with site(content=TOY, DATABASE_URL=f"sqlite:///{folder / 'guide.sqlite3'}") as made:
            yield made, _small(folder) if small else _limited(made)
    finally:
        if small:
            subprocess.run(["umount", folder], check=True)


def _small(folder: Path) -> Disk:
    filler = folder / "filler"

    def fill() -> None:
        with filler.open("wb", buffering=0) as file:
            try:
                while file.write(bytes(4096)):
                    pass
            except OSError:
                assert shutil.disk_usage(folder).free == 0

    return Disk(fill, lambda: filler.unlink(missing_ok=True))


def _limited(made: Site) -> Disk:
    """No process of the server can write a byte past the start of a file (setrlimit(2)): a disk that is full for it alone."""

    def limit(size: int) -> None:
        assert made.process
        for stat in Path("/proc").glob("[0-9]*/stat"):
            if session_of(stat) == made.process.pid:
                resource.prlimit(int(stat.parent.name), resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    return Disk(lambda: limit(1), lambda: limit(resource.RLIM_INFINITY))


@pytest.fixture
def running(prepared: tuple[Site, Disk]) -> Iterator[Site]:
    """The server, with room on its disk. It goes on for the next test, unless this one killed it."""
    made, disk = prepared
    if not made.process:
        made.start()
    yield made
    if made.process:
        disk.free()


@pytest.fixture
def disk(prepared: tuple[Site, Disk]) -> Disk:
    return prepared[1]


@pytest.fixture
def server(running: Site) -> Server:
    """For visitors: in the place of the server that all other tests share, which never fails."""
    return Server(running)


# The person


@pytest.fixture
def scripted(new_visitor: NewVisitor) -> Iterator[Visitor]:
    visitor = new_visitor(True)
    visitor.take_the_time()
    yield from _writing(visitor)


@pytest.fixture
def plain(new_visitor: NewVisitor) -> Iterator[Visitor]:
    yield from _writing(new_visitor(False))


def _writing(visitor: Visitor) -> Iterator[Visitor]:
    """Somebody with a blank plan, who opened a part of it. That the server fails is what the browser complains of."""
    visitor.go("/plan/")
    visitor.page.get_by_role("button", name="Start a blank plan").click()
    visitor.page.wait_for_url("**/plan/mine/code/")
    visitor.go(GROUND)
    yield visitor
    assert all(one.startswith("Failed to load resource") or "Failed to fetch" in one for one in visitor.complaints), visitor.complaints
    visitor.complaints.clear()


def press(page: Page, name: str = "Save") -> None:
    page.get_by_role("button", name=name, exact=name == "Save").last.click()


def paste(page: Page, text: str) -> None:
    """A very long text at once: letter by letter it takes a minute."""
    put = "(area, text) => { area.value = text; area.dispatchEvent(new Event('input', { bubbles: true })); }"
    page.locator("textarea[name=more]").evaluate(put, text)


def still_here(page: Page, why: str, text: str = TEXT) -> None:
    """The page is the same, with the text, and says why it is not saved."""
    expect(page.locator("#saved .warn")).to_contain_text(why)
    expect(page.locator("#saved .warn")).to_contain_text("Your text is still here: keep this page open.")
    expect(page.locator("textarea[name=more]")).to_have_value(text)
    assert urlsplit(page.url).path == GROUND


def saved(page: Page) -> None:
    expect(page.locator("#saved [data-state=saved]")).to_contain_text("Saved at")


def saved_later(visitor: Visitor) -> None:
    """Saved by itself once the server can: it is tried again after seconds that grow to a minute."""
    visitor.later_until(visitor.page.locator("#saved [data-state=saved]"))
    saved(visitor.page)


def stored(visitor: Visitor, text: str = TEXT) -> None:
    visitor.go(GROUND)
    expect(visitor.page.locator("textarea[name=more]")).to_have_value(text)


CANNOT = "Not saved yet: our server can’t save right now."
AWAY = "Not saved yet: we can’t reach our server."


# With JavaScript


@on_each_disk
def test_a_full_disk_leaves_the_text_on_the_page_whatever_is_pressed(scripted: Visitor, disk: Disk) -> None:
    page = scripted.page
    disk.fill()
    page.locator("textarea[name=more]").fill(TEXT)
    still_here(page, CANNOT)
    for name in ("Save", "Save and go on", "Add another"):
        with page.expect_response(lambda response: response.request.method == "POST") as refused:
            press(page, name)
        assert refused.value.status == 503
        still_here(page, CANNOT)
    expect(page.locator("#told")).to_contain_text(CANNOT)
    scripted.check_page()
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    page.once("dialog", stay)
    page.get_by_role("link", name="All parts").click(no_wait_after=True)
    expect(page.locator("textarea[name=more]")).to_have_value(TEXT)
    assert asked == ["beforeunload"]
    disk.free()
    saved_later(scripted)
    expect(page.locator("#saved")).to_contain_text("A new row is ready.")
    stored(scripted)


def test_a_server_that_is_away_leaves_the_text_on_the_page(scripted: Visitor, running: Site) -> None:
    page = scripted.page
    running.kill()
    page.locator("textarea[name=more]").fill(TEXT)
    still_here(page, AWAY)
    press(page)
    still_here(page, AWAY)
    running.start()
    saved_later(scripted)
    stored(scripted)


def test_a_token_that_is_gone_is_fetched_anew_without_a_word(scripted: Visitor) -> None:
    page = scripted.page
    scripted.context.clear_cookies(name="csrftoken")
    page.locator("textarea[name=more]").fill(TEXT)
    saved(page)
    scripted.context.clear_cookies(name="csrftoken")
    page.locator("textarea[name=more]").fill("Dry by now.")
    press(page, "Save and go on")
    page.wait_for_url("**/group/over-the-fence/")
    stored(scripted, "Dry by now.")
    scripted.context.clear_cookies(name="csrftoken")
    page.locator("textarea[name=more]").fill("Wet again.")
    saved(page)
    press(page, "Close plan")
    page.wait_for_url("**/plan/")


def test_without_any_cookie_the_code_is_asked_for_and_the_text_is_saved(scripted: Visitor) -> None:
    page = scripted.page
    code = _code(scripted)
    scripted.go(GROUND)
    scripted.context.clear_cookies()
    page.locator("textarea[name=more]").fill(TEXT)
    expect(page.locator("#saved [data-state=locked]")).to_contain_text("your plan is no longer open in this browser")
    press(page)
    expect(page.locator("h1")).to_have_text("Your plan is closed")
    page.get_by_label("The code of your plan").fill(code)
    press(page, "Open my plan and save")
    page.wait_for_url("**/?saved=1")
    stored(scripted)


def test_a_text_that_is_too_long_stays_and_is_saved_once_it_is_shorter(scripted: Visitor) -> None:
    page = scripted.page
    paste(page, LONG)
    still_here(page, "Not saved: it’s too long. Make it shorter, then press Save.", LONG)
    press(page)
    still_here(page, "Not saved: it’s too long.", LONG)
    page.locator("textarea[name=more]").fill("In short.")
    saved(page)
    stored(scripted, "In short.")


def test_a_broken_database_leaves_the_text_on_the_page(scripted: Visitor) -> None:
    page = scripted.page
    with _broken(scripted.server):
        page.locator("textarea[name=more]").fill(TEXT)
        still_here(page, CANNOT)
        press(page)
        still_here(page, CANNOT)
    saved_later(scripted)
    stored(scripted)


def test_an_answer_stays_ticked_while_the_server_is_away(scripted: Visitor, running: Site) -> None:
    page = scripted.page
    scripted.go("/for-me/1/")
    page.get_by_label("Bed").check()
    running.kill()
    press(page, "Continue")
    expect(page.locator(".error-summary")).to_contain_text("We can’t reach our server. Your answer is still ticked.")
    expect(page.locator(".error-summary")).to_be_focused()
    expect(page.get_by_label("Bed")).to_be_checked()
    running.start()
    press(page, "Continue")
    expect(page.locator("#progress")).to_have_attribute("value", "2")
    expect(page.locator(".error-summary")).to_have_count(0)


# Without JavaScript


def refused(visitor: Visitor, why: str, text: str = TEXT) -> None:
    """The answer carries the text, can be read by everybody, and says why."""
    expect(visitor.page.locator("main")).to_contain_text(why)
    expect(visitor.page.locator("main dd")).to_have_text(text)
    visitor.check_page()


@on_each_disk
def test_without_scripts_a_full_disk_gives_the_text_back_until_it_is_saved(plain: Visitor, disk: Disk) -> None:
    page = plain.page
    page.locator("textarea[name=more]").fill(TEXT)
    disk.fill()
    press(page)
    refused(plain, "our server can’t save right now")
    press(page, "Save it now")
    refused(plain, "our server can’t save right now")
    disk.free()
    press(page, "Save it now")
    page.wait_for_url("**/?saved=1")
    stored(plain)


def test_without_scripts_a_token_that_is_gone_gives_the_text_back_with_a_new_one(plain: Visitor) -> None:
    page = plain.page
    page.locator("textarea[name=more]").fill(TEXT)
    plain.context.clear_cookies(name="csrftoken")
    press(page, "Save and go on")
    refused(plain, "your browser didn’t send the small cookie")
    press(page, "Save it now")
    page.wait_for_url("**/group/over-the-fence/")
    stored(plain)


def test_without_scripts_and_without_any_cookie_the_text_waits_for_the_code(plain: Visitor) -> None:
    page = plain.page
    code = _code(plain)
    plain.go(GROUND)
    page.locator("textarea[name=more]").fill(TEXT)
    plain.context.clear_cookies()
    press(page)
    press(page, "Save it now")
    expect(page.locator("h1")).to_have_text("Your plan is closed")
    page.get_by_label("The code of your plan").fill(code)
    press(page, "Open my plan and save")
    page.wait_for_url("**/?saved=1")
    stored(plain)


def test_without_scripts_a_broken_database_gives_the_text_back(plain: Visitor) -> None:
    page = plain.page
    page.locator("textarea[name=more]").fill(TEXT)
    with _broken(plain.server):
        press(page)
        refused(plain, "our server can’t save right now")
    press(page, "Save it now")
    page.wait_for_url("**/?saved=1")
    stored(plain)


def test_without_scripts_a_text_that_is_too_long_can_be_copied(plain: Visitor) -> None:
    page = plain.page
    paste(page, LONG)
    press(page)
    expect(page.locator("h1")).to_have_text("Not saved: it’s too long")
    assert page.locator("main dd").inner_text() == LONG.strip()


def _code(visitor: Visitor) -> str:
    visitor.go("/plan/mine/code/")
    press(visitor.page, "Show the code again")
    return visitor.page.locator("#code").inner_text()


@contextmanager
def _broken(server: Server) -> Iterator[None]:
    """The table of plans is not where it should be."""
    _rename(server, "guide_plan", "guide_gone")
    yield
    _rename(server, "guide_gone", "guide_plan")


def _rename(server: Server, old: str, new: str) -> None:
    connection = sqlite3.connect(server.database, isolation_level=None)
    connection.execute(f"ALTER TABLE {old} RENAME TO {new}")
    connection.close()
