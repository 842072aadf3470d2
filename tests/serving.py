"""A real server on a database of its own, and people who use it over HTTP as the form and its script do."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import html
import http.client
import os
import re
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import psycopg
from psycopg import sql

from tests.visits import PLAN_FORM, Posted, fields_of

ROOT = Path(__file__).resolve().parent.parent
CONTENT = ROOT / "content"

Answer = tuple[int, dict[str, str], bytes]

shelf: Path | None = None
"""Where a prepared database is kept for all processes of one run of the tests; None: each server prepares its own."""


# The server


@dataclass
class Site:
    """Our server, on a database and a folder of its own. `root`: the working copy whose code it runs."""

    folder: Path
    environment: dict[str, str]
    root: Path = ROOT
    port: int = field(default_factory=lambda: free_port())
    process: subprocess.Popen[bytes] | None = None

    @property
    def log(self) -> Path:
        """All that its processes wrote."""
        return self.folder / "server.log"

    @property
    def database(self) -> str:
        """The address of its database."""
        return self.environment["DATABASE_URL"]

    def manage(self, *arguments: str, ok: bool = True, said: str = "") -> str:
        """Run a management command that reads what is `said`; what it wrote. Raises AssertionError unless it ends as `ok` says."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=self.root, env=self.environment, input=said, capture_output=True, text=True
        )
        assert (done.returncode == 0) == ok, done.stdout + done.stderr
        return done.stdout + done.stderr

    def start(self, *command: str, **extra: str) -> None:
        """Start it, by default as `make run` does, in a session of its own; until it answers."""
        environment = {**self.environment, "PORT": str(self.port), **extra}
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command or [sys.executable, "manage.py", "serve"],
                cwd=self.root,
                env=environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        wait(self.port)

    def kill(self) -> None:
        """`kill -9` to every process of it, at once."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """As an operator stops it."""
        self._end(signal.SIGTERM)

    def workers(self) -> list[int]:
        """The processes that answer: those that have none below them."""
        return _leaves(self.process.pid) if self.process else []

    def _end(self, how: signal.Signals) -> None:
        if self.process:
            os.kill(self.process.pid, how)
            if how == signal.SIGKILL:
                _kill_session(self.process.pid)
            self.process.wait(timeout=30)
            self.process = None
            # A worker that outlives its parent for a moment would answer in the place of the next.
            while listens(self.port):
                time.sleep(0.002)


@contextmanager
def site(postgres: str = "", content: Path = CONTENT, root: Path = ROOT, **environment: str) -> Iterator[Site]:
    """A server, prepared and not started, with content of its own; nothing is left of it afterwards.

    `postgres`: the address of a database on a server on which one more is made for this; by default it is SQLite.
    """
    with tempfile.TemporaryDirectory() as name, _database(postgres, Path(name)) as address:
        folder = Path(name)
        made = Site(folder, {**os.environ, "DATABASE_URL": address, "SECRET_KEY": secrets.token_urlsafe(64), **environment}, root)
        prepare(made, content)
        try:
            yield made
        finally:
            if made.process:
                made.kill()


def prepare(made: Site, content: Path) -> None:
    """Static files, and tables with the content in them: made once in a run of the tests, then copied where it is SQLite."""
    if shelf is None or made.root != ROOT:
        _collect(made)
        _fill(made, content)
        return
    with _alone(shelf):
        collected = shelf / "collected"
        if not collected.exists():
            _collect(made)
            collected.touch()
    if not made.database.startswith("sqlite"):
        _fill(made, content)
        return
    file = Path(urlsplit(made.database).path)
    kept = shelf / f"{_digest(content)}.sqlite3"
    with _alone(shelf):
        if not kept.exists():
            _fill(made, content)
            copy_database(file, kept)
            return
    copy_database(kept, file)


def _collect(made: Site) -> None:
    made.manage("collectstatic", "--noinput", "--verbosity", "0")


def _fill(made: Site, content: Path) -> None:
    made.manage("migrate", "--verbosity", "0")
    made.manage("import_content", str(content))


def _digest(content: Path) -> str:
    files = sorted(path for path in content.rglob("*") if path.is_file())
    said = hashlib.sha256()
    for path in files:
        said.update(b"%s\0%s\0" % (str(path.relative_to(content)).encode(), path.read_bytes()))
    return said.hexdigest()[:16]


def copy_database(source: Path, target: Path) -> None:
    """An SQLite database, also one that others have open, page by page into a new file."""
    with contextlib.closing(sqlite3.connect(source)) as one, contextlib.closing(sqlite3.connect(target)) as other:
        one.backup(other)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process after the other."""
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def _database(postgres: str, folder: Path) -> Iterator[str]:
    if not postgres:
        yield f"sqlite:///{folder / 'guide.sqlite3'}"
        return
    with scratch_database(postgres) as address:
        yield address


@contextmanager
def scratch_database(postgres: str) -> Iterator[str]:
    """One more database on a PostgreSQL server: its address; it is dropped afterwards."""
    parts = urlsplit(postgres)
    name = f"test_scratch_{os.getpid()}_{secrets.token_hex(3)}"
    with psycopg.connect(parts._replace(path="/postgres").geturl(), autocommit=True) as server:
        server.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield parts._replace(path=f"/{name}").geturl()
        finally:
            server.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def _kill_session(leader: int) -> None:
    """Every process that began below it, also where a group of their own was made for some."""
    while left := [int(stat.parent.name) for stat in Path("/proc").glob("[0-9]*/stat") if session_of(stat) == leader]:
        for pid in left:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def session_of(stat: Path) -> int:
    """The session of a process that lives (Linux, proc_pid_stat(5)); 0 of one that does not."""
    try:
        state, _, _, session = stat.read_text().rpartition(")")[2].split()[:4]
    except OSError:
        return 0
    return 0 if state in "ZX" else int(session)


def _leaves(pid: int) -> list[int]:
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:  # it ended just now
        return []
    return [leaf for child in children for leaf in _leaves(int(child))] or [pid]


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


def wait(port: int, seconds: float = 180) -> None:
    """Until the server answers. Raises RuntimeError where it does not."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        client = Client(port)
        try:
            if client.ask("GET", "/healthz")[0] == 200:
                return
        except (OSError, http.client.HTTPException):
            time.sleep(0.02)
        finally:
            client.close()
    raise RuntimeError("the server did not start")


def listens(port: int) -> bool:
    """Whether somebody takes connections at a port."""
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


def listeners(port: int) -> int:
    """How many processes take connections at a port (state 0A in Linux's table)."""
    lines = Path("/proc/net/tcp").read_text().splitlines()[1:]
    return sum(local.endswith(f":{port:04X}") and state == "0A" for _, local, _, state, *_ in map(str.split, lines))


# The people


@dataclass
class Client:
    """A keep-alive connection that remembers its cookies."""

    port: int
    cookies: dict[str, str] = field(default_factory=dict)
    connection: http.client.HTTPConnection | None = None

    def ask(
        self,
        method: str,
        path: str,
        form: Posted | dict[str, str] | None = None,
        accept: str = "gzip",
        *,
        htmx: bool = False,
        body: bytes | str | None = None,
        kind: str = "application/x-www-form-urlencoded",
    ) -> Answer:
        """One request, with a form or any other `body` of a `kind`. Raises OSError or http.client.HTTPException where the server does not answer."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        headers = {"Accept-Encoding": accept, "Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}
        if htmx:
            headers["HX-Request"] = "true"
        if form is not None:
            body = urlencode(form, doseq=True)
        if body is not None:
            headers["Content-Type"] = kind
        self.connection.request(method, path, body, headers)
        response = self.connection.getresponse()
        data = response.read()
        if not response.headers:  # it died between the first line and the next
            raise http.client.IncompleteRead(data)
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                self.cookies[key] = rest.split(";")[0]
        return response.status, {name.lower(): value for name, value in response.getheaders()}, data

    def page(self, path: str) -> str:
        """A page, as text. Raises AssertionError where there is none."""
        status, _, data = self.ask("GET", path, accept="identity")
        assert status == 200, f"{path}: {status}"
        return data.decode()

    def token(self, path: str) -> str:
        """The CSRF token of a form."""
        return token_in(self.page(path))

    def start_plan(self) -> str:
        """Start a blank plan; its code."""
        self.ask("POST", "/plan/start/", {"csrfmiddlewaretoken": self.token("/plan/")})
        found = re.search(r'<code id="code">([0-9A-Z-]+)</code>', self.page("/plan/mine/code/"))
        assert found, "a new plan shows its code"
        return found[1]

    def open_plan(self, code: str) -> bool:
        """Type a code at the door; whether it opened a plan."""
        return self.ask("POST", "/plan/open/", {"csrfmiddlewaretoken": self.token("/plan/"), "code": code})[0] == 302

    def window(self, group: str) -> Window:
        """Open a part of the plan."""
        path = f"{PLAN_FORM}{group}/"
        text = self.page(path)
        return Window(self, path, token_in(text), fields_of(text, path))

    def close(self) -> None:
        """Close the connection."""
        if self.connection:
            self.connection.close()
            self.connection = None


@dataclass
class Window:
    """A part of the plan as it stands in a browser that saves by itself."""

    client: Client
    path: str
    token: str
    fields: Posted

    def save(self, **typed: str) -> bool:
        """Type, and save as the script does; whether the server said that it is saved.

        A hyphen in a name is written as __. Raises OSError or http.client.HTTPException where no answer came.
        """
        self.fields |= {name.replace("__", "-"): [text] for name, text in typed.items()}
        form = {"csrfmiddlewaretoken": [self.token], **self.fields}
        status, headers, data = self.client.ask("POST", self.path, form, accept="identity", htmx=True)
        assert status < 500, f"{self.path}: {status}"
        found = re.search(r'name="base" value="([^"]*)"', data.decode())
        if status != 200 or headers.get("plan-saved") != "yes" or not found:
            return False
        self.fields["base"] = [html.unescape(found[1])]
        return True


def token_in(page: str) -> str:
    """The CSRF token of the first form of a page."""
    found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert found, "no form here"
    return found[1]
