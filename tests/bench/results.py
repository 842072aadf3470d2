"""How much processor time the results of one reader take: `python -m tests.bench.results`. Printed, not judged."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module
from random import Random
from time import process_time

import django

from guide.content.answers import known
from guide.content.files import read_files
from guide.content.leading import lead
from guide.content.weighing import weigh
from guide.content.whole import load
from tests.serving import CONTENT


def measure() -> None:
    """Weigh and order for every situation as it is, with three answers not sure, and with the three that decide most alone."""
    # The situations are read with the tests, which know Django.
    django.setup()
    situations = import_module("tests.test_leading")
    guide, random = load(read_files(CONTENT)), Random(situations.SEED)
    ways = {
        "all answers": [one.said for one in situations.KNOWN],
        "three not sure": [situations.with_fewer(one.said, 3, random) for one in situations.KNOWN],
        "three answers only": [{fact: one.said[fact] for fact in situations.DECIDE} for one in situations.KNOWN],
    }
    lead(weigh(guide, {}))
    gc.freeze()  # a pause of the collector over the whole guide is no time of one reader's
    for name, readers in ways.items():
        times = []
        for said in readers:
            began = process_time()
            lead(weigh(guide, known(said, guide.questions)))
            times.append((process_time() - began) * 1000)
        times.sort()
        line = f"{name:>20}: median {times[len(times) // 2]:.1f} ms, 99% {times[len(times) * 99 // 100]:.1f}, most {times[-1]:.1f}"
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mbc_site.settings")
    measure()
