"""What visitors do, in one line each, as a browser without scripts would do it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from typing import TypeAlias
from urllib.parse import urlsplit

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, URLResolver

Posted: TypeAlias = dict[str, list[str]]

PLAN_FORM = "/plan/mine/group/"


class _Forms(HTMLParser):
    """Every form of a page with what a browser would send: its action, and names with values."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[tuple[str, Posted]] = []
        self._area: str | None = None
        self._area_text = ""
        self._select = ""
        self._options: list[tuple[str, bool]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name = given.get("name", "")
        if tag == "form":
            self.forms.append((given.get("action", ""), {}))
        elif tag == "input" and name and (given.get("type") not in ("radio", "checkbox") or "checked" in given):
            self._add(name, given.get("value", ""))
        elif tag == "textarea":
            self._area, self._area_text = name, ""
        elif tag == "select":
            self._select, self._options = name, []
        elif tag == "option":
            self._options.append((given.get("value", ""), "selected" in given))

    def handle_data(self, data: str) -> None:
        if self._area is not None:
            self._area_text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea" and self._area is not None:
            # The first line break belongs to the markup (HTML standard, "newlines in textarea").
            self._add(self._area, self._area_text.removeprefix("\n"))
            self._area = None
        elif tag == "select":
            self._add(self._select, next((value for value, chosen in self._options if chosen), self._options[0][0]))

    def _add(self, name: str, value: str) -> None:
        if self.forms and name != "csrfmiddlewaretoken":
            self.forms[-1][1].setdefault(name, []).append(value)


def html(response: HttpResponseBase) -> str:
    """The page as text."""
    assert isinstance(response, HttpResponse)
    return response.content.decode()


def form(response: HttpResponseBase, action: str = PLAN_FORM) -> Posted:
    """What the form that leads to `action` would send, untouched."""
    return fields_of(html(response), action)


def fields_of(page: str, action: str) -> Posted:
    """The same, of a page as text."""
    return next(fields for where, fields in _Forms(page).forms if where.startswith(action))


def title(response: HttpResponseBase) -> str:
    """What stands in the browser's tab."""
    found = re.search(r"<title>(.*?)</title>", html(response), re.DOTALL)
    assert found
    return found[1]


def answer(client: Client, said: Mapping[str, str | list[str]]) -> HttpResponseBase:
    """Answer questions of "What applies to me", from the first; the last answer to the form."""
    response: HttpResponseBase | None = None
    for number, (fact, choices) in enumerate(said.items(), start=1):
        response = client.post(f"/for-me/{number}/", {"question": fact, f"answer-{fact}": choices})
        assert response.status_code == 302, html(response)
    assert response
    return response


def start_plan(client: Client, **fields: str | list[str]) -> str:
    """Start a plan; its code."""
    response = client.post("/plan/start/", fields)
    assert response.status_code == 302
    return code_of(client)


def code_of(client: Client) -> str:
    """The code of the plan that is open, as its page shows it."""
    found = re.search(r'<code id="code">([0-9A-Z-]+)</code>', html(client.post("/plan/mine/code/")))
    assert found
    return found[1]


def look(client: Client, group: str) -> Posted:
    """Open a window on a part of the plan: what its form holds."""
    response = client.get(f"{PLAN_FORM}{group}/")
    assert response.status_code == 200
    return form(response)


def save(client: Client, group: str, window: Posted, **changes: str | list[str]) -> HttpResponseBase:
    """Type something into a window and press Save. A hyphen in a name is written as __."""
    typed = {name.replace("__", "-"): value if isinstance(value, list) else [value] for name, value in changes.items()}
    return client.post(f"{PLAN_FORM}{group}/", {**window, **typed})


def open_plan(client: Client, code: str) -> HttpResponseBase:
    """Type a code at the door."""
    return client.post("/plan/open/", {"code": code})


def other_window(code: str) -> Client:
    """The same plan on another computer."""
    client = Client()
    assert path_of(open_plan(client, code)) == "/plan/mine/"
    return client


def path_of(response: HttpResponseBase) -> str:
    """Where a redirect leads, without the site."""
    parts = urlsplit(response.headers["Location"])
    return parts.path


def addresses(resolver: URLResolver, before: str = "/") -> Iterator[str]:
    """Every address of the site, as its patterns write it."""
    for entry in resolver.url_patterns:
        where = before + str(entry.pattern)
        if isinstance(entry, URLPattern):
            yield where
        else:
            yield from addresses(entry, where)
