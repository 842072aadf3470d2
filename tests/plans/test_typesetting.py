"""Whoever asks for a PDF while others do gets a page that comes back by itself; everybody else notices nothing."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
import typst
from django.db import connections
from django.test import Client as Browser

from guide import pdf
from guide.editing.models import Edition
from guide.plans.models import Plan
from guide.plans.sharing import ViewCode
from tests.serving import Client, Site
from tests.visits import html, start_plan

MANY = 16
PLAN_PAPERS = ("/plan/mine/print/", "/plan/mine/paper.pdf?type=large&code=1")


@contextmanager
def somebody_elses_papers() -> Iterator[None]:
    """Two others, one at work with the typesetter and one who waits for it."""
    pdf._room.acquire()
    pdf._room.acquire()
    try:
        yield
    finally:
        pdf._room.release(2)


def with_both_plans(browser: Browser) -> list[str]:
    """A browser with a plan to write and one to read; every address that asks the typesetter."""
    code = start_plan(browser)
    given = ViewCode.objects.give(Plan.objects.open(code.replace("-", "")), datetime.timedelta(days=1))
    browser.post("/plan/team/open/", {"code": given.code})
    return [*PLAN_PAPERS, "/plan/team/paper.pdf?paper=a4", "/for-me/results.pdf?paper=a4"]


def test_a_reader_alone_gets_every_paper(client: Browser, garden: Edition) -> None:
    for path in with_both_plans(client) * 2:
        assert client.get(path).status_code == 200, path


def test_while_others_have_the_typesetter_a_page_says_so_and_comes_back_by_itself(client: Browser, garden: Edition) -> None:
    addresses = with_both_plans(client)
    with somebody_elses_papers():
        for path in addresses:
            response = client.get(path)
            assert response.status_code == 503, path
            assert 1 <= int(response["Retry-After"]) <= 10 and response["Refresh"] == response["Retry-After"]
            assert response["Cache-Control"] == "no-store, private"
            assert f'href="{path.replace("&", "&amp;")}"' in html(response) and "One moment" in html(response)
        for path in ("/healthz", "/", "/plan/mine/", "/plan/team/plan/", "/for-me/results/"):
            assert client.get(path).status_code == 200, path
    for path in addresses:
        assert client.get(path).status_code == 200, path


def test_two_documents_are_never_set_at_once(busy_garden: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    at_work, lock, together = [0, 0], threading.Lock(), threading.Barrier(MANY)

    def watched(real: Any) -> Any:
        def call(*args: Any, **kwargs: Any) -> Any:
            with lock:
                at_work[0] += 1
                at_work[1] = max(at_work)
            try:
                return real(*args, **kwargs)
            finally:
                with lock:
                    at_work[0] -= 1

        return call

    monkeypatch.setattr(typst, "compile", watched(typst.compile))
    monkeypatch.setattr(typst, "query", watched(typst.query))

    def ask(number: int) -> int:
        browser = Browser()
        try:
            start_plan(browser)
            together.wait(60)
            return browser.get(PLAN_PAPERS[number % 2]).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(MANY) as pool:
        answers = set(pool.map(ask, range(MANY)))
    assert 200 in answers and answers <= {200, 503}
    assert at_work == [0, 1]


def test_sixteen_who_ask_at_once_all_get_theirs_and_readers_go_on(toy_site: Site) -> None:
    toy_site.start()
    together, sent_away = threading.Barrier(MANY + 1), threading.Event()

    def ask(number: int) -> bytes:
        client = Client(toy_site.port)
        client.start_plan()
        assert client.window("my-garden").save(name=f"Garden {number}")
        together.wait(120)
        try:
            while True:
                status, headers, data = client.ask("GET", "/plan/mine/paper.pdf", accept="identity")
                if status == 200:
                    return data
                assert status == 503 and headers["retry-after"] == headers["refresh"], status
                sent_away.set()
        finally:
            client.close()

    with ThreadPoolExecutor(MANY) as pool:
        asked = [pool.submit(ask, number) for number in range(MANY)]
        together.wait(120)
        reader, read = Client(toy_site.port), 0
        while not all(one.done() for one in asked):
            assert reader.ask("GET", "/healthz")[0] == reader.ask("GET", "/guide/soil/")[0] == 200
            read += 1
        papers = [one.result() for one in asked]
    reader.close()
    assert all(data.startswith(b"%PDF-") for data in papers)
    assert read and sent_away.is_set()
