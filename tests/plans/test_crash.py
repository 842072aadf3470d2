"""Every save that was acknowledged is there after the whole server was killed. A thousand times: `make bench`."""

from __future__ import annotations

import random

from tests.bench.crash import crash, lose_a_worker, people
from tests.serving import Site


def test_no_acknowledged_save_is_lost_when_the_server_is_killed(toy_site: Site) -> None:
    toy_site.start()
    writers = people(toy_site.port)
    count = crash(toy_site, writers, 3, random.Random())
    assert count.lost == []
    assert count.kills == 3 and count.acknowledged > 0 and count.cut_off > 0, str(count)


def test_the_site_goes_on_when_a_worker_dies_and_starts_another(toy_site: Site) -> None:
    toy_site.start()
    writers = people(toy_site.port)
    count, _ = lose_a_worker(toy_site, writers, 2, random.Random())
    assert count.lost == []
    assert count.kills == 2 and count.acknowledged >= 2 * len(writers) and len(toy_site.workers()) == 2, str(count)
