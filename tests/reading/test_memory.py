"""Public pages from memory."""

from __future__ import annotations

import datetime
import gzip
import io
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import brotli
import pytest
from django.core.handlers.wsgi import WSGIHandler
from django.core.signals import request_finished, request_started
from django.db import DatabaseError, close_old_connections, connection
from django.utils import timezone

from guide import library
from guide.content.documents import Guide
from guide.editing.models import Document, Edition
from guide.editing.releases import Release
from guide.reading import memory, views
from guide.reading.memory import PublicPages
from tests.content.test_moved import renamed

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

SOIL = "/guide/soil/"


@pytest.fixture
def _one_connection(garden: Edition, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The toy guide in a transaction that requests do not end, as Django's test client does it."""
    monkeypatch.setattr(memory, "close_old_connections", lambda: None)
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


in_one_transaction = pytest.mark.usefixtures("_one_connection")


@dataclass
class Answer:
    """What a browser gets."""

    status: str
    headers: dict[str, str]
    body: bytes


class Counted:
    """An application that notes what it was asked."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app
        self.asked: list[WSGIEnvironment] = []

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        self.asked.append(environ)
        return self.app(environ, start_response)


@pytest.fixture
def inner() -> Counted:
    return Counted(WSGIHandler())


@pytest.fixture
def pages(inner: Counted, monkeypatch: pytest.MonkeyPatch) -> PublicPages:
    """Public pages that look for a new edition each time."""
    monkeypatch.setattr(memory, "_LOOK_AGAIN_AFTER", 0)
    return PublicPages(inner)


def ask(app: WSGIApplication, path: str, method: str = "GET", query: str = "", **headers: str) -> Answer:
    """One request. Headers are written as `Accept_Encoding`."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "SERVER_NAME": "testserver",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "testserver",
        "wsgi.input": io.BytesIO(),
        "wsgi.errors": sys.stderr,
        "wsgi.url_scheme": "http",
        **{f"HTTP_{name.upper()}": value for name, value in headers.items()},
    }
    seen: list[tuple[str, dict[str, str]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Callable[[bytes], object]:
        seen.append((status, dict(headers)))
        return lambda data: None

    parts = app(environ, start_response)
    body = b"".join(parts)
    close = getattr(parts, "close", None)
    if close:
        close()
    return Answer(*seen[-1], body)


def publish(toy_texts: dict[str, str], title: str) -> None:
    path = "en/pages/10-soil.md"
    text = toy_texts[path].replace("title: Good soil", f"title: {title}")
    Edition.objects.publish({path: text}, by=None, note="another title", origin=Edition.Origin.ADMIN)


@in_one_transaction
@pytest.mark.parametrize("path", ["/", "/guide/", SOIL, "/guide/treatments/compost/", "/guide/words/"])
def test_a_page_is_rendered_once_and_then_served_from_memory(pages: PublicPages, inner: Counted, path: str) -> None:
    first, second = ask(pages, path), ask(pages, path)
    assert first.status == "200 OK"
    assert second == first
    assert len(inner.asked) == 1


@in_one_transaction
def test_memory_serves_what_django_serves(pages: PublicPages, inner: Counted) -> None:
    ask(pages, SOIL)
    kept, straight = ask(pages, SOIL), ask(inner, SOIL)
    assert kept.body == straight.body
    for name in ("Content-Type", "Cache-Control", "Content-Security-Policy", "X-Guide-Edition", "Referrer-Policy", "X-Frame-Options"):
        assert kept.headers[name] == straight.headers[name]


@in_one_transaction
def test_a_page_is_rendered_for_a_stranger_whoever_asks_first(pages: PublicPages, inner: Counted) -> None:
    ask(pages, SOIL, Cookie="answers=secret; sessionid=x", If_None_Match='"x"', Accept_Language="de", HX_Request="true", Range="bytes=0-1")
    (asked,) = inner.asked
    assert {name for name in asked if name.startswith("HTTP_")} == {"HTTP_HOST"}


@in_one_transaction
@pytest.mark.parametrize(
    ("accepted", "encoding", "decode"),
    [
        ("gzip, deflate, br, zstd", "br", brotli.decompress),
        ("gzip", "gzip", gzip.decompress),
        ("", None, bytes),
        ("identity", None, bytes),
        ("deflate", None, bytes),
        ("gzip, br;q=0", "gzip", gzip.decompress),
        ("gzip;q=0, br;q=0.0", None, bytes),
    ],
)
def test_a_page_is_packed_as_the_browser_accepts_it(
    pages: PublicPages, accepted: str, encoding: str | None, decode: Callable[[bytes], bytes]
) -> None:
    plain = ask(pages, SOIL)
    packed = ask(pages, SOIL, Accept_Encoding=accepted)
    assert packed.headers.get("Content-Encoding") == encoding
    assert decode(packed.body) == plain.body
    assert packed.headers["Content-Length"] == str(len(packed.body))
    assert packed.headers["Vary"] == "Accept-Encoding"


@in_one_transaction
@pytest.mark.parametrize("accepted", ["", "gzip", "br"])
def test_a_browser_that_has_the_page_gets_nothing_again(pages: PublicPages, accepted: str) -> None:
    first = ask(pages, SOIL, Accept_Encoding=accepted)
    again = ask(pages, SOIL, Accept_Encoding=accepted, If_None_Match=first.headers["ETag"])
    assert (again.status, again.body) == ("304 Not Modified", b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert "Content-Length" not in again.headers and "Content-Encoding" not in again.headers
    listed = ask(pages, SOIL, Accept_Encoding=accepted, If_None_Match=f'"other", W/{first.headers["ETag"]}')
    assert listed.status == "304 Not Modified"


@in_one_transaction
def test_a_browser_that_has_another_page_gets_this_one(pages: PublicPages) -> None:
    other = ask(pages, "/guide/water/")
    assert ask(pages, SOIL, If_None_Match=other.headers["ETag"]).status == "200 OK"
    packed, plain = ask(pages, SOIL, Accept_Encoding="br"), ask(pages, SOIL)
    assert packed.headers["ETag"] != plain.headers["ETag"]


@in_one_transaction
def test_head_gets_the_same_headers_and_no_body(pages: PublicPages, inner: Counted) -> None:
    head, get = ask(pages, SOIL, method="HEAD"), ask(pages, SOIL)
    assert (head.status, head.headers, head.body) == (get.status, get.headers, b"")
    assert get.body
    assert len(inner.asked) == 1


@in_one_transaction
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_the_old_address_of_a_page_leads_to_the_new_one_for_everyone(
    pages: PublicPages, inner: Counted, toy_texts: dict[str, str], method: str
) -> None:
    texts = renamed(toy_texts)
    Edition.objects.publish({path: texts.get(path) for path in {*toy_texts, *texts}}, by=None, note="Renamed", origin=Edition.Origin.FILES)
    answer = ask(pages, SOIL, method, Cookie="answers=secret; sessionid=x")
    assert (answer.status, answer.headers["Location"], answer.body) == ("301 Moved Permanently", "/guide/earth/", b"")
    assert "Set-Cookie" not in answer.headers and answer.headers["Cache-Control"] == "public, no-cache"
    (asked,) = inner.asked
    assert "HTTP_COOKIE" not in asked
    assert ask(pages, SOIL, query="from=mail").headers["Location"] == "/guide/earth/"


@in_one_transaction
@pytest.mark.parametrize(
    ("path", "method", "query"),
    [
        (SOIL, "GET", "a=b"),
        (SOIL, "POST", ""),
        ("/for-me/", "GET", ""),
        ("/plan/", "GET", ""),
        ("/healthz", "GET", ""),
        ("/guidebook/", "GET", ""),
    ],
)
def test_everything_else_goes_to_the_application_as_it_is(pages: PublicPages, inner: Counted, path: str, method: str, query: str) -> None:
    for _ in range(2):
        ask(pages, path, method=method, query=query, Cookie="answers=mine")
    assert [asked["HTTP_COOKIE"] for asked in inner.asked] == ["answers=mine"] * 2


@in_one_transaction
def test_a_page_that_is_not_found_is_not_kept(pages: PublicPages, inner: Counted) -> None:
    for number in range(20):
        assert ask(pages, f"/guide/moon-{number}/").status.startswith("404")
    assert ask(pages, "/guide/moon-1/").status.startswith("404")
    assert pages._pages == {}
    assert len(inner.asked) >= 21


@in_one_transaction
def test_a_page_that_sets_a_cookie_or_has_no_edition_is_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    for headers in ([("X-Guide-Edition", "1"), ("Set-Cookie", "a=b")], [("Content-Type", "text/html")]):

        def app(environ: WSGIEnvironment, start_response: StartResponse, headers: list[tuple[str, str]] = headers) -> Iterable[bytes]:
            start_response("200 OK", headers)
            return [b"hello"]

        pages = PublicPages(app)
        assert ask(pages, SOIL).body == b"hello"
        assert pages._pages == {}


@in_one_transaction
def test_a_new_edition_is_seen_after_the_interval(inner: Counted, monkeypatch: pytest.MonkeyPatch, toy_texts: dict[str, str]) -> None:
    clock = SimpleNamespace(now=1000.0)
    monkeypatch.setattr(memory, "time", SimpleNamespace(monotonic=lambda: clock.now))
    pages = PublicPages(inner)
    before = ask(pages, SOIL)
    publish(toy_texts, "Fine soil")
    clock.now += memory._LOOK_AGAIN_AFTER / 2
    assert ask(pages, SOIL) == before
    clock.now += memory._LOOK_AGAIN_AFTER
    after = ask(pages, SOIL, If_None_Match=before.headers["ETag"])
    assert after.status == "200 OK" and b"<h1>Fine soil</h1>" in after.body
    assert after.headers["X-Guide-Edition"] == "2"


@in_one_transaction
def test_an_edition_that_was_set_for_now_is_published_and_seen(
    inner: Counted, monkeypatch: pytest.MonkeyPatch, toy_texts: dict[str, str]
) -> None:
    clock = SimpleNamespace(now=1000.0)
    for module in (memory, library):
        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: clock.now))
    monkeypatch.setattr(library, "_looked", 0.0)
    pages = PublicPages(inner)
    ask(pages, SOIL)
    document = Document.objects.get(path="en/pages/10-soil.md")
    text = toy_texts[document.path].replace("Good soil", "Fine soil")
    approved = document.revisions.create(text=text, state="approved", note="n", started_from=document.published())
    release = Release.objects.create(due=timezone.now() + datetime.timedelta(hours=1), note="Finer")
    release.texts.add(approved)
    clock.now += 2
    assert b"<h1>Good soil</h1>" in ask(pages, SOIL).body
    Release.objects.update(due=timezone.now())
    clock.now += 2
    assert b"<h1>Fine soil</h1>" in ask(pages, SOIL).body


@in_one_transaction
def test_a_page_of_an_edition_that_was_not_noticed_yet_is_served_and_not_kept(
    inner: Counted, monkeypatch: pytest.MonkeyPatch, toy_texts: dict[str, str]
) -> None:
    monkeypatch.setattr(memory, "_LOOK_AGAIN_AFTER", 3600)
    pages = PublicPages(inner)
    ask(pages, "/guide/water/")
    publish(toy_texts, "Fine soil")
    assert b"<h1>Fine soil</h1>" in ask(pages, SOIL).body
    assert set(pages._pages) == {"/guide/water/"}


@in_one_transaction
def test_a_new_day_has_new_pages(pages: PublicPages, inner: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether a page should have been checked again depends on the day."""
    ask(pages, SOIL)
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    monkeypatch.setattr(memory, "timezone", SimpleNamespace(now=lambda: tomorrow))
    ask(pages, SOIL)
    ask(pages, SOIL)
    assert len(inner.asked) == 2


@in_one_transaction
def test_readers_keep_their_pages_while_the_database_is_away(pages: PublicPages, inner: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    before = ask(pages, SOIL)

    def away() -> int:
        raise DatabaseError("no connection")

    monkeypatch.setattr(memory, "newest_edition", away)
    assert ask(pages, SOIL) == before
    assert len(inner.asked) == 1


@in_one_transaction
def test_an_error_of_the_application_is_not_kept(pages: PublicPages, inner: Counted, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = inner.app

    def broken(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("500 Internal Server Error", [("X-Guide-Edition", "1")])
        return [b"broken"]

    inner.app = broken
    assert ask(pages, SOIL).status.startswith("500")
    inner.app = whole
    assert ask(pages, SOIL).status == "200 OK"


@in_one_transaction
def test_a_page_is_closed_after_it_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Django ends a request, and with it the use of its connection, when the server closes the answer."""
    closed: list[bool] = []

    class Body(list[bytes]):
        def close(self) -> None:
            closed.append(True)

    def app(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        start_response("200 OK", [("X-Guide-Edition", "1")])
        return Body([b"hello"])

    assert ask(PublicPages(app), SOIL).body == b"hello"
    assert closed == [True]


def test_many_first_readers_get_the_same_page(busy_garden: Edition, pages: PublicPages) -> None:
    def read(number: int) -> Answer:
        try:
            return ask(pages, SOIL)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(read, range(16)))
    assert answers == [answers[0]] * 16
    assert answers[0].status == "200 OK"


@in_one_transaction
def test_a_page_that_was_made_while_a_new_edition_came_is_not_kept_as_a_page_of_it(
    pages: PublicPages, toy_texts: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert b"Good soil" in ask(pages, SOIL).body
    before, current = library.current(), library.current
    publish(toy_texts, "Better soil")
    library._loading.acquire()  # another thread reads the new edition ...

    def late() -> Guide:
        library._loading.release()  # ... and is ready just after this one took the guide before
        monkeypatch.setattr(views, "current", current)
        return before

    monkeypatch.setattr(views, "current", late)
    ask(pages, SOIL)
    assert views.__dict__["current"] is current and b"Better soil" in ask(pages, SOIL).body


@in_one_transaction
def test_the_guide_can_be_read_before_anybody_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "close", lambda: None)
    library.read_ahead()
    assert library._newest is not None and library._newest.edition == 1


@pytest.mark.django_db
def test_reading_ahead_waits_for_a_first_import(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "close", lambda: None)
    library.read_ahead()
    assert library._newest is None and not caplog.records
