"""A server as `make run` starts it, and a person with a phone who visits it in a real Chromium."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Error, Locator, Page, Route, TimeoutError

from tests.serving import Site

PHONE = {"width": 360, "height": 740}
PATIENCE = 60_000  # ms; until then, that a machine is busy is no mistake


@dataclass
class Server:
    """A server that visitors open in their browsers."""

    site: Site

    @property
    def url(self) -> str:
        """Its address, without a stroke at the end."""
        return f"http://127.0.0.1:{self.site.port}"

    @property
    def database(self) -> Path:
        """The file of its database."""
        return Path(urlsplit(self.site.database).path.removeprefix("/"))


def started(made: Site) -> Server:
    """Start a site as `make run` does, but with a log of who asked for what."""
    command = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(made.port)]
    made.start(*command, "--workers", "2", "--blocking-threads", "4", "--no-ws", "--access-log", "mbc_site.wsgi:application")
    return Server(made)


@dataclass
class Visitor:
    """A person with a phone. Notes every address that was asked for, and every complaint of the browser."""

    server: Server
    context: BrowserContext
    page: Page
    scripts: bool
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    checked: set[str] = field(default_factory=set)

    def go(self, path: str) -> None:
        """Open an address of the site."""
        self.page.goto(self.server.url + path)

    def take_the_time(self) -> None:
        """From now on this browser's clock goes on as ever, and on when a test says that time is over.

        Not at the desk: its preview runs no scripts, not even the one that this needs.
        """
        self.context.clock.install()

    def later(self, seconds: float) -> None:
        """For this browser, so much time is over."""
        self.page.clock.fast_forward(round(seconds * 1000))

    def later_until(self, shown: Locator) -> None:
        """Time passes a minute at a time until something is shown: whatever waits to be tried again is, however often it failed.

        What is under way just now needs its own time: a minute is also as long as the script waits for an answer.
        """
        for _ in range(30):
            self.later(60)
            try:
                return shown.wait_for(timeout=10_000)
            except TimeoutError:
                continue
        raise AssertionError(f"it is not shown: {shown}")

    def check_page(self) -> None:
        """This page has no sideways scrolling, and, of a browser that runs axe, no accessibility violation."""
        self.page.wait_for_load_state()
        if self.scripts:
            try:
                check_accessibility(self.page)
            except Error:  # a page was just being left: the one that comes is meant
                self.page.wait_for_load_state()
                check_accessibility(self.page)
        width = self.page.evaluate("document.documentElement.scrollWidth")
        seen = self.page.viewport_size
        assert seen and width <= seen["width"], f"{self.page.url} is {width} pixels wide"
        self.checked.add(urlsplit(self.page.url).path)

    def leave(self) -> None:
        """Close the browser; nobody was sent elsewhere, and no browser complained."""
        self.context.close()
        elsewhere = {url for url in self.asked if not url.startswith((self.server.url, "data:"))}
        assert not elsewhere, f"asked other hosts: {elsewhere}"
        assert not self.complaints, self.complaints


def check_accessibility(page: Page) -> None:
    """Axe finds no violation, in the colors that a page comes to rest in."""
    page.evaluate("Promise.all(document.getAnimations().map(one => one.finished.catch(() => null)))")
    found = Axe().run(page, options={"preload": False, "resultTypes": ["violations"]})
    assert found.violations_count == 0, f"{page.url}\n{found.generate_report()}"


def until(page: Page, done: Callable[[], object]) -> None:
    """Let things happen in the browser until something is so."""
    deadline = time.monotonic() + PATIENCE / 1000
    while not done():
        assert time.monotonic() < deadline, "it did not happen"
        page.wait_for_timeout(10)


class Held:
    """A slow line: what is posted to some addresses goes on when a test says so."""

    def __init__(self, page: Page, addresses: str) -> None:
        self.page = page
        self.routes: list[Route] = []
        page.route(addresses, self._take)

    def _take(self, route: Route) -> None:
        if route.request.method == "POST":
            self.routes.append(route)
        else:
            route.fallback()

    def next(self) -> Route:
        """The next that is on its way."""
        until(self.page, lambda: self.routes)
        return self.routes.pop(0)

    def none(self) -> bool:
        """Whether nothing is on its way: another answer comes, and what was sent before it would have been seen."""
        self.page.evaluate("fetch('/healthz')")
        return not self.routes
