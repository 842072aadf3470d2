"""One at a time, one who waits, and whoever comes then is sent away at once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack

import pytest

from guide import pdf


class Holder:
    """Somebody in a thread of their own who takes the turn and keeps it until told."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self.has_it, self.enough = threading.Event(), threading.Event()
        self.done: Future[None] = pool.submit(self._hold)

    def _hold(self) -> None:
        with pdf.turn():
            self.has_it.set()
            assert self.enough.wait(30)

    def end(self) -> None:
        """Give it back."""
        self.enough.set()
        self.done.result(30)


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(4) as threads:
        yield threads


def wait_for_a_full_room() -> None:
    """Until one sets and one waits."""
    while pdf._room.acquire(blocking=False):
        pdf._room.release()
        threading.Event().wait(0.001)


def test_whoever_waits_gets_the_turn_after_the_first_and_a_third_is_sent_away(pool: ThreadPoolExecutor) -> None:
    with ExitStack() as stack:
        first = Holder(pool)
        stack.callback(first.enough.set)
        assert first.has_it.wait(30)
        second = Holder(pool)
        stack.callback(second.enough.set)
        wait_for_a_full_room()
        assert not second.has_it.is_set()
        with pytest.raises(pdf.BusyError), pdf.turn():
            pass
        first.end()
        assert second.has_it.wait(30)
        second.end()
    with pdf.turn():
        pass


def test_whoever_has_the_turn_may_take_it_again(pool: ThreadPoolExecutor) -> None:
    with pdf.turn():
        with pdf.turn():
            pass
        other = Holder(pool)
        wait_for_a_full_room()
        assert not other.has_it.is_set(), "the inner one gave it back"
    assert other.has_it.wait(30)
    other.end()


def test_whoever_waits_does_not_wait_for_long(pool: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "PATIENCE", 0.01)
    holder = Holder(pool)
    try:
        assert holder.has_it.wait(30)
        for _ in range(3):  # and leaves the room again
            with pytest.raises(pdf.BusyError), pdf.turn():
                pass
    finally:
        holder.end()


def test_a_mistake_gives_the_turn_back(pool: ThreadPoolExecutor) -> None:
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), pdf.turn():
            raise ZeroDivisionError
    after = Holder(pool)
    assert after.has_it.wait(30)
    after.end()
