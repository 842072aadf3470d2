"""A real server with the real content, and a real Chromium."""

from __future__ import annotations

import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.error import URLError
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Error, Page, Request, sync_playwright

ROOT = Path(__file__).resolve().parents[2]
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable"))), None)
PHONE = {"width": 360, "height": 740}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs a browser; in CI it has to be there."""
    for item in items:
        if "browser" in Path(item.path).parent.name:
            item.add_marker("browser")
            if CHROMIUM is None and os.environ.get("CI") != "true":
                item.add_marker(pytest.mark.skip(reason="no Chromium found: browser tests are left out"))


@dataclass
class Server:
    """Our server as `make run` starts it, on a database of its own."""

    url: str
    database: Path
    log: Path
    environment: dict[str, str]

    def manage(self, *arguments: str, **extra: str) -> str:
        """Run a management command on its database."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env={**self.environment, **extra},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Two worker processes, the real content, one member of staff (ruth)."""
    folder = tmp_path_factory.mktemp("server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{folder / 'guide.sqlite3'}",
        "SECRET_KEY": secrets.token_urlsafe(64),
        "DJANGO_SETTINGS_MODULE": "mbc_site.settings",
    }
    served = Server(f"http://127.0.0.1:{port}", folder / "guide.sqlite3", folder / "server.log", environment)
    served.manage("migrate", "--verbosity", "0")
    served.manage("import_content")
    served.manage("collectstatic", "--noinput", "--verbosity", "0")
    served.manage("createsuperuser", "--noinput", "--username", "ruth", "--email", "", DJANGO_SUPERUSER_PASSWORD="a long test password")
    command = [str(Path(sys.executable).with_name("granian")), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", "2", "--blocking-threads", "4", "--no-ws", "--access-log", "mbc_site.wsgi:application"]
    with served.log.open("w") as log, subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log) as process:
        try:
            _wait_for(served.url + "/healthz")
            yield served
        finally:
            process.terminate()


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError("the server did not start")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, or any other."""
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
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=CHROMIUM, args=quiet)
        yield running
        running.close()


@dataclass
class Visitor:
    """A person with a phone. Notes every address that was asked for, and every complaint of the browser."""

    server: Server
    context: BrowserContext
    page: Page
    scripts: bool
    checker: Page | None = None
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    checked: set[str] = field(default_factory=set)

    def go(self, path: str) -> None:
        """Open an address of the site."""
        self.page.goto(self.server.url + path)

    def check_page(self) -> None:
        """This page has no accessibility violation and no sideways scrolling."""
        self.page.wait_for_load_state()
        page = self.page if self.checker is None else self._copy(self.checker)
        try:
            found = Axe().run(page)
        except Error:  # a page was just being left: the one that comes is meant
            page.wait_for_load_state()
            found = Axe().run(page)
        assert found.violations_count == 0, f"{self.page.url}\n{found.generate_report()}"
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], f"{self.page.url} is {width} pixels wide"
        self.checked.add(urlsplit(self.page.url).path)

    def _copy(self, checker: Page) -> Page:
        """What this browser shows, in one that runs scripts: axe is a script."""
        shown = self.page.content()
        address = f"{self.server.url}/a-copy"
        checker.route(address, lambda route: route.fulfill(body=shown, content_type="text/html; charset=utf-8"))
        checker.goto(address)
        return checker


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
        context.set_default_timeout(15_000)
        checker = None if scripts else browser.new_context(viewport=PHONE).new_page()  # type: ignore[arg-type]
        visitor = Visitor(server, context, context.new_page(), scripts, checker)

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
        visitor.context.close()
        if visitor.checker:
            visitor.checker.context.close()
        elsewhere = {url for url in visitor.asked if not url.startswith((server.url, "data:"))}
        assert not elsewhere, f"asked other hosts: {elsewhere}"
        assert not visitor.complaints, visitor.complaints
