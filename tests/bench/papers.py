"""`make bench`: what readers of the guide notice while sixteen people ask for the PDF of their plan, again and again.

Rate and 99th percentile of a guide page meanwhile, as ratios to the same page without them, in interleaved rounds.
With `--beside FOLDER` another working copy, such as one of an older commit, is measured in the same rounds.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench.__main__ import measure, page_work
from tests.serving import ROOT, Client, Site, site

PEOPLE = 16
ROUNDS = 3
PAGE = "/guide/chemotherapy/"
PART, FIELD = "about-me", "display_name"


@dataclass
class Asking:
    """People who ask for their papers, and come back when the server says so, as browsers do."""

    where: Site
    clients: list[Client] = field(default_factory=list)
    papers: list[float] = field(default_factory=list)
    """Seconds that each took, from the first time of asking."""

    def __post_init__(self) -> None:
        """Each has a plan of their own."""
        for number in range(PEOPLE):
            client = Client(self.where.port)
            client.start_plan()
            assert client.window(PART).save(**{FIELD: f"Somebody {number}"})
            self.clients.append(client)

    def around(self) -> tuple[float, float, int]:
        """Measure the page while all of them ask."""
        stop = threading.Event()
        with ThreadPoolExecutor(PEOPLE) as pool:
            asked = [pool.submit(self._ask, client, stop) for client in self.clients]
            try:
                time.sleep(1)  # until all are at it
                return measure(page_work(self.where.port, PAGE))
            finally:
                stop.set()
                for one in asked:
                    one.result()

    def _ask(self, client: Client, stop: threading.Event) -> None:
        client.close()  # the server forgets a connection that was idle during the rounds of another
        began = time.monotonic()
        while not stop.is_set():
            status, headers, _ = client.ask("GET", "/plan/mine/paper.pdf")
            assert status in (200, 503), status
            if status == 200:
                self.papers.append(time.monotonic() - began)
                began = time.monotonic()
            else:
                stop.wait(int(headers["retry-after"]))


def main() -> None:
    """Start the server, or both, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--beside", type=Path, help="another working copy, with the same packages")
    trees = [ROOT, *filter(None, [parser.parse_args().beside])]
    with ExitStack() as stack:
        asking = [Asking(_started(stack.enter_context(site(content=tree / "content", root=tree)))) for tree in trees]
        rounds = [[(measure(page_work(one.where.port, PAGE)), one.around()) for one in asking] for _ in range(ROUNDS)]
    for tree, one, found in zip(trees, asking, zip(*rounds, strict=True), strict=True):
        (rate, p99, _), (rate_then, p99_then, failed) = (
            map(statistics.median, zip(*those, strict=True)) for those in zip(*found, strict=True)
        )
        sys.stdout.write(
            f"{tree}: guide page {rate:.0f} req/s, p99 {p99:.1f} ms; while {PEOPLE} ask for PDFs {rate_then:.0f} req/s ({rate_then / rate:.3f}), "
            f"p99 {p99_then:.1f} ms ({p99_then / p99:.1f}), failed {failed:.0f}; "
            f"{len(one.papers)} PDFs, median {statistics.median(one.papers):.1f} s, longest {max(one.papers):.1f} s\n"
        )


def _started(made: Site) -> Site:
    made.start()
    return made


if __name__ == "__main__":
    main()
