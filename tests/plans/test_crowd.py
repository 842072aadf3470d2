"""A hundred windows save one plan at once, over HTTP: nobody's text is lost, and nobody is sent away."""

from __future__ import annotations

import re
import threading
from concurrent.futures import ThreadPoolExecutor

from guide.plans.values import MOST_KEPT
from tests.plans.conftest import CROWD
from tests.serving import Client, Site

SAME = MOST_KEPT + 1  # windows that write into one field: its text, and all that a plan keeps beside it


def test_a_hundred_windows_that_save_the_same_plan_at_once_lose_nothing(toy_site: Site) -> None:
    toy_site.start()
    owner = Client(toy_site.port)
    code = owner.start_plan()
    together = threading.Barrier(CROWD)

    def save(number: int) -> bool:
        client = Client(toy_site.port)
        try:
            assert client.open_plan(code)
            window = client.window("crowd")
            together.wait(timeout=60)
            return window.save(**{name_of(number): f"text of {number}."})
        finally:
            client.close()

    with ThreadPoolExecutor(CROWD) as pool:
        assert all(pool.map(save, range(CROWD)))
    fields, page = owner.window("crowd").fields, owner.page("/plan/mine/group/crowd/")
    owner.close()
    own = range(SAME, CROWD)
    assert [fields[name_of(number)] for number in own] == [[f"text of {number}."] for number in own]
    assert {number for number in range(SAME) if re.search(rf"text of {number}\.", page)} == set(range(SAME))


def name_of(number: int) -> str:
    """The field that a window writes into: its own, but for some who write into the same."""
    return f"window_{number}" if number >= SAME else "window_0"
