"""A real server with the real content, and a real Chromium."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Request, expect, sync_playwright

from tests.browser import desk
from tests.browser.desk import Account
from tests.browser.visitor import PATIENCE, PHONE, Server, Visitor, started
from tests.serving import site

CHROMIUM = next(
    filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"))),
    None,
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs a browser; in CI it has to be there."""
    for item in items:
        if "browser" in Path(item.path).parent.name:
            item.add_marker("browser")
            if CHROMIUM is None and os.environ.get("CI") != "true":
                item.add_marker(pytest.mark.skip(reason="no Chromium found: browser tests are left out"))


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """Two worker processes with an access log, and the real content. It serves all tests of a process."""
    with site() as made:
        yield started(made)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, or any other; the one without windows is quicker."""
    if CHROMIUM is None:
        pytest.fail("CI needs a Chromium: apt-get install chromium")
    quiet = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ]
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=quiet)
        yield running
        running.close()


@pytest.fixture(params=["with JavaScript", "without JavaScript"])
def visitor(request: pytest.FixtureRequest, new_visitor: Callable[[bool], Visitor]) -> Visitor:
    """The same person twice: with JavaScript and without."""
    return new_visitor(request.param == "with JavaScript")


@pytest.fixture
def new_visitor(server: Server, browser: Browser) -> Iterator[Callable[[bool], Visitor]]:
    """Makes visitors; at the end, none of them was sent elsewhere, and no browser complained."""
    made: list[Visitor] = []

    def make(scripts: bool) -> Visitor:
        context = browser.new_context(viewport=PHONE, java_script_enabled=scripts, color_scheme="light")  # type: ignore[arg-type]
        context.set_default_timeout(PATIENCE)
        visitor = Visitor(server, context, context.new_page(), scripts)

        def asked(request: Request) -> None:
            visitor.asked.append(request.url)

        def said(message: ConsoleMessage) -> None:
            # A form with a mistake answers 422, which Chromium calls an error.
            if message.type in ("error", "warning") and "status of 422" not in message.text:
                visitor.complaints.append(message.text)

        context.on("request", asked)
        context.on("console", said)
        visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
        made.append(visitor)
        return visitor

    yield make
    for visitor in made:
        visitor.leave()


@pytest.fixture(scope="module")
def staff(server: Server) -> dict[str, Account]:
    """Editor, reviewer, publisher."""
    return desk.accounts(server)


@pytest.fixture
def sign_in(new_visitor: Callable[[bool], Visitor], staff: dict[str, Account]) -> Callable[..., Visitor]:
    """Makes a visitor who is a member of staff, at a desk."""

    def make(role: str, *, scripts: bool = True) -> Visitor:
        visitor = new_visitor(scripts)
        visitor.page.set_viewport_size({"width": 1280, "height": 900})
        desk.sign_in(visitor, staff[role])
        return visitor

    return make
