"""Public pages from memory, before Django runs.

Handling a request costs Django about 2 ms; handing out compressed bytes costs a few hundredths. A
page is rendered by its ordinary view the first time it is asked for, compressed, and kept until the
edition or the day changes.
"""

from __future__ import annotations

import gzip
import hashlib
import math
import re
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import brotli
from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from guide.http import EDITION_HEADER
from guide.library import newest_edition

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_LOOK_AGAIN_AFTER = 0.5  # seconds; with the time to read a new edition, readers see it within a second
_PUBLIC = ("/guide/",)
# Per-connection headers, and those that are set here.
_NOT_KEPT = {"content-length", "etag", "vary", "connection"}


@dataclass(frozen=True)
class _Kept:
    headers: list[tuple[str, str]]
    etag: str
    bodies: dict[str, bytes]


class PublicPages:
    """Answers GET and HEAD of public pages; hands everything else on."""

    def __init__(self, app: WSGIApplication) -> None:
        self.app = app
        self._pages: dict[str, _Kept] = {}
        self._state: tuple[int, date] = (0, date.min)
        self._looked = -math.inf
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Serve from memory where that is possible."""
        path = environ.get("PATH_INFO", "")
        method = environ["REQUEST_METHOD"]
        if method not in ("GET", "HEAD") or environ.get("QUERY_STRING") or not (path == "/" or path.startswith(_PUBLIC)):
            return self.app(environ, start_response)
        state = self._look()
        kept = self._pages.get(path)
        if kept is None:
            status, headers, body = _call(self.app, environ)
            if status.startswith(("301 ", "404 ")):  # the same for everyone, but not worth keeping
                start_response(status, headers)
                return [body] if method == "GET" else []
            kept = self._keep(path, state, status, headers, body)
        if kept is None:
            return self.app(environ, start_response)
        return _answer(kept, environ, start_response, with_body=method == "GET")

    def _look(self) -> tuple[int, date]:
        """The newest edition and today; pages of another edition or day are dropped."""
        now = time.monotonic()
        if now - self._looked > _LOOK_AGAIN_AFTER:
            with self._lock:
                if now - self._looked > _LOOK_AGAIN_AFTER:
                    self._looked = now
                    self._drop_old()
        return self._state

    def _drop_old(self) -> None:
        close_old_connections()
        try:
            state = (newest_edition(), timezone.now().date())
        except DatabaseError:
            return  # readers keep the pages that they have
        if state != self._state:
            self._state, self._pages = state, {}

    def _keep(self, path: str, state: tuple[int, date], status: str, headers: list[tuple[str, str]], body: bytes) -> _Kept | None:
        """Keep what the application gave a stranger. None if it is not a page for everyone."""
        names = {name.lower(): value for name, value in headers}
        if status != "200 OK" or names.get(EDITION_HEADER.lower()) != str(state[0]) or "set-cookie" in names:
            return None
        kept = _Kept(
            headers=[(name, value) for name, value in headers if name.lower() not in _NOT_KEPT],
            etag=hashlib.sha256(body).hexdigest()[:20],
            bodies={"br": brotli.compress(body, quality=9), "gzip": gzip.compress(body, 9, mtime=0), "": body},
        )
        with self._lock:
            if self._state == state:
                self._pages[path] = kept
        return kept


def _call(app: WSGIApplication, environ: WSGIEnvironment) -> tuple[str, list[tuple[str, str]], bytes]:
    """One request without anything personal in it: no cookie, no conditions, no client preferences."""
    plain = {key: value for key, value in environ.items() if not key.startswith("HTTP_") or key in ("HTTP_HOST", "HTTP_X_FORWARDED_PROTO")}
    plain["REQUEST_METHOD"] = "GET"
    seen: list[tuple[str, list[tuple[str, str]]]] = []

    def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> Callable[[bytes], object]:
        seen.append((status, headers))
        return lambda data: None

    parts = app(plain, start_response)
    try:
        body = b"".join(parts)
    finally:
        close = getattr(parts, "close", None)
        if close:
            close()
    status, headers = seen[-1]
    return status, headers, body


def _accepted(environ: WSGIEnvironment) -> set[str]:
    """The encodings that the browser takes (RFC 9110, section 12.5.3): those with q=0 it does not."""
    entries = [entry.replace(" ", "").lower().split(";") for entry in environ.get("HTTP_ACCEPT_ENCODING", "").split(",")]
    return {name for name, *parameters in entries if not any(re.fullmatch(r"q=0(\.0*)?", parameter) for parameter in parameters)}


def _answer(kept: _Kept, environ: WSGIEnvironment, start_response: StartResponse, *, with_body: bool) -> Iterable[bytes]:
    encoding = next((name for name in ("br", "gzip") if name in _accepted(environ)), "")
    etag = f'"{kept.etag}{"-" if encoding else ""}{encoding}"'
    headers = [*kept.headers, ("ETag", etag), ("Vary", "Accept-Encoding")]
    if etag in environ.get("HTTP_IF_NONE_MATCH", ""):
        start_response("304 Not Modified", headers)
        return []
    body = kept.bodies[encoding]
    if encoding:
        headers.append(("Content-Encoding", encoding))
    headers.append(("Content-Length", str(len(body))))
    start_response("200 OK", headers)
    return [body] if with_body else []
