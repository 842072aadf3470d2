"""Wrong codes: all alike, and not too many from one address."""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterator

import pytest
from django.core.cache import caches
from django.core.cache.backends import db as cache_in_database
from django.db import connection
from django.test import Client, RequestFactory
from pytest_django.fixtures import Settings

from guide.editing.models import Edition
from guide.plans import door, sealing
from guide.plans.knocks import STARTED, WRONG
from tests.visits import html, open_plan, start_plan

SHARED = {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "guide_shared_cache"}


@pytest.fixture(autouse=True)
def _counted_in_the_database(db: None, settings: Settings) -> Iterator[None]:
    """As the site does, and not as other tests: a cache in memory keeps other times."""
    memory = settings.CACHES
    settings.CACHES = {**memory, "shared": SHARED}
    yield
    settings.CACHES = memory


def at(monkeypatch: pytest.MonkeyPatch, seconds: float) -> None:
    """So many seconds later, by every clock that the cache goes by."""
    now = time.time() + seconds
    monkeypatch.setattr(time, "time", lambda: now)
    monkeypatch.setattr(cache_in_database, "tz_now", lambda: datetime.datetime.fromtimestamp(now, datetime.UTC))


def wrong_code() -> str:
    return sealing.spell(sealing.new_code())


@pytest.fixture
def _tired(garden: Edition, client: Client) -> None:
    """Twenty wrong codes came from this address."""
    for _ in range(20):
        assert open_plan(client, wrong_code()).status_code == 422


@pytest.mark.usefixtures("_tired")
def test_after_twenty_wrong_codes_an_address_has_to_wait(client: Client) -> None:
    response = open_plan(client, wrong_code())
    assert response.status_code == 429
    assert "Please wait ten minutes" in html(response)


@pytest.mark.usefixtures("_tired")
def test_the_right_code_opens_all_the_same(client: Client) -> None:
    """A clinic shares an address: one restless hand must not lock everybody out."""
    assert open_plan(Client(), start_plan(client)).status_code == 302


@pytest.mark.usefixtures("_tired")
def test_codes_of_other_kinds_count_too(client: Client) -> None:
    response = client.post("/plan/team/open/", {"code": wrong_code()})
    assert response.status_code == 429
    assert "Please wait ten minutes" in html(response)


@pytest.mark.usefixtures("_tired")
def test_the_locked_page_counts_too(client: Client) -> None:
    response = client.post("/plan/mine/group/my-garden/", {"name": "Wild corner", "code": wrong_code()})
    assert "Please wait ten minutes" in html(response)
    assert 'value="Wild corner"' in html(response)


@pytest.mark.usefixtures("_tired")
def test_others_need_not_wait() -> None:
    assert open_plan(Client(REMOTE_ADDR="192.0.2.7"), wrong_code()).status_code == 422


@pytest.mark.usefixtures("_tired")
def test_a_plan_that_is_open_stays_open(client: Client) -> None:
    start_plan(client)
    assert client.get("/plan/mine/").status_code == 200


@pytest.mark.usefixtures("_tired")
def test_the_wait_ends_after_ten_minutes(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, 601)
    assert open_plan(client, wrong_code()).status_code == 422


@pytest.mark.usefixtures("_tired")
def test_the_wait_does_not_end_before(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    at(monkeypatch, 560)
    assert open_plan(client, wrong_code()).status_code == 429


@pytest.mark.usefixtures("garden")
def test_a_wrong_code_every_five_minutes_makes_nobody_wait(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    for _ in range(25):
        assert open_plan(client, wrong_code()).status_code == 422
        at(monkeypatch, 300)


@pytest.mark.usefixtures("garden")
def test_an_empty_code_does_not_count(client: Client) -> None:
    for _ in range(25):
        response = open_plan(client, " ")
    assert response.status_code == 422
    assert "Type the code of your plan." in html(response)


@pytest.mark.usefixtures("garden")
def test_a_wrong_code_takes_a_little_time(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    waited: list[float] = []
    monkeypatch.setattr(door, "PAUSE", 0.3)
    monkeypatch.setattr(time, "sleep", waited.append)
    open_plan(client, wrong_code())
    assert waited == [0.3]


def test_the_address_of_a_visitor_is_not_kept(rf: RequestFactory) -> None:
    request = rf.get("/", REMOTE_ADDR="192.0.2.7")
    WRONG.count(request)
    assert "192.0.2.7" not in WRONG._key(request)
    assert caches["shared"].get(WRONG._key(request))[0] == 1


@pytest.mark.parametrize(
    ("forwarded", "told_apart"),
    [("198.51.100.1", True), ("203.0.113.9, 198.51.100.1", True), ("198.51.100.1, 192.0.2.7", False)],
)
def test_behind_a_proxy_the_last_forwarded_address_counts(rf: RequestFactory, settings: Settings, forwarded: str, told_apart: bool) -> None:
    settings.TRUST_PROXY = True
    one = rf.get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR="127.0.0.1")
    two = rf.get("/", headers={"X-Forwarded-For": "192.0.2.7"}, REMOTE_ADDR="127.0.0.1")
    assert (WRONG._key(one) != WRONG._key(two)) is told_apart


def test_without_a_proxy_a_forwarded_address_counts_for_nothing(rf: RequestFactory) -> None:
    one = rf.get("/", headers={"X-Forwarded-For": "198.51.100.1"}, REMOTE_ADDR="192.0.2.7")
    assert WRONG._key(one) == WRONG._key(rf.get("/", REMOTE_ADDR="192.0.2.7"))


def test_counting_survives_a_counter_that_was_dropped_in_between(rf: RequestFactory) -> None:
    """The cache drops entries when it is full, or when their time is over; that is no reason to fail."""
    WRONG.count(rf.get("/"))
    caches["shared"].delete(WRONG._key(rf.get("/")))
    WRONG.count(rf.get("/"))
    assert caches["shared"].get(WRONG._key(rf.get("/")))[0] == 1


@pytest.mark.usefixtures("garden")
def test_an_address_cannot_fill_the_database_with_plans(client: Client, rf: RequestFactory) -> None:
    for _ in range(STARTED.most):
        STARTED.count(rf.get("/"))
    response = client.post("/plan/start/")
    assert response.status_code == 429
    assert "Too many new plans" in html(response)


def test_all_processes_count_together(rf: RequestFactory) -> None:
    """Counts stand in the database."""
    WRONG.count(rf.get("/"))
    WRONG.count(rf.get("/"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*) FROM guide_shared_cache")
        assert cursor.fetchone() == (1,)
    assert caches["shared"].get(WRONG._key(rf.get("/")))[0] == 2
