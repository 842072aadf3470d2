"""`make bench`: how fast pages and saves are, as ratios in one run, and what a worker's memory is.

Every figure is compared with an empty Django view, served by the same processes in the same rounds,
because absolute times say more about the machine than about us. Rounds are interleaved; medians count.
"""

from __future__ import annotations

import json
import re
import secrets
import statistics
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

from tests.bench import desk
from tests.serving import Client, Site, site, token_in

CLIENTS = 16
ROUNDS = 3
SECONDS = 3.0

Work = Callable[[], Callable[[], int]]
"""Makes one client's repeated request; that gives the status."""


def measure(work: Work) -> tuple[float, float, int]:
    """Requests a second, the 99th percentile in ms, and how many failed, with all clients at once."""
    times: list[float] = []
    failed = 0
    lock = threading.Lock()
    requests = [work() for _ in range(CLIENTS)]
    stop = time.monotonic() + SECONDS

    def run(request: Callable[[], int]) -> None:
        nonlocal failed
        mine, bad = [], 0
        while time.monotonic() < stop:
            started = time.perf_counter()
            bad += request() >= 400
            mine.append((time.perf_counter() - started) * 1000)
        with lock:
            times.extend(mine)
            failed += bad

    threads = [threading.Thread(target=run, args=(request,)) for request in requests]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return len(times) / SECONDS, statistics.quantiles(times, n=100)[98], failed


def page_work(port: int, path: str) -> Work:
    """GET a page again and again."""

    def make() -> Callable[[], int]:
        client = Client(port)
        return lambda: client.ask("GET", path)[0]

    return make


def step_work(port: int) -> Work:
    """Answer the first page again and again."""

    def make() -> Callable[[], int]:
        client = Client(port)
        page = client.page("/for-me/1/")
        answers = dict.fromkeys(re.findall(r'type="radio" name="([^"]+)"', page), "not-sure")
        form = {"csrfmiddlewaretoken": token_in(page), **answers}
        return lambda: client.ask("POST", "/for-me/1/", form)[0]

    return make


def save_work(port: int) -> Work:
    """Save one's own plan again and again, each time with another text."""

    def make() -> Callable[[], int]:
        client = Client(port)
        client.start_plan()
        window = client.window("questions")
        return lambda: 200 if window.save(notes=secrets.token_hex(20)) else 500

    return make


def memory(workers: list[int]) -> list[float]:
    """MB that each worker process holds (proportional set size)."""
    found = []
    for worker in workers:
        for line in Path(f"/proc/{worker}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                found.append(int(line.split()[1]) / 1024)
    return found


def main() -> None:
    """Start the server, measure, print."""
    with site() as made:
        made.start()
        report(made)
    desk.main()


def report(made: Site) -> None:
    """Measure everything in interleaved rounds and print ratios to the empty view."""
    port = made.port
    works = {
        "empty view (robots.txt)": page_work(port, "/robots.txt"),
        "guide page": page_work(port, "/guide/chemotherapy/"),
        "wizard step": step_work(port),
        "plan autosave": save_work(port),
    }
    found: dict[str, list[tuple[float, float, int]]] = {name: [] for name in works}
    for _ in range(ROUNDS):
        for name, work in works.items():
            found[name].append(measure(work))
    rows = {name: [statistics.median(values) for values in zip(*rounds, strict=True)] for name, rounds in found.items()}
    base_rate, base_p99, _ = rows["empty view (robots.txt)"]
    out = sys.stdout.write
    out(f"{CLIENTS} clients, 2 workers x 4 threads, medians of {ROUNDS} rounds of {SECONDS:.0f} s; the client shares the machine\n")
    for name, (rate, p99, failed) in rows.items():
        out(
            f"{name:26} {rate:7.0f} req/s ({rate / base_rate:5.2f} of empty)  p99 {p99:6.1f} ms ({p99 / base_p99:5.2f} of empty)  failed {failed:.0f}\n"
        )
    out(f"memory of each worker: {', '.join(f'{megabytes:.0f} MB' for megabytes in memory(made.workers()))}\n")
    weigh_first_view(port, out)


def weigh_first_view(port: int, out: Callable[[str], object]) -> None:
    """Bytes of a first view of a guide page, all files, compressed."""
    client = Client(port)
    _, _, html = client.ask("GET", "/guide/chemotherapy/", accept="identity")
    files = ["/guide/chemotherapy/", *re.findall(r'(?:href|src)="(/static/[^"]+)"', html.decode())]
    sizes = {path: len(client.ask("GET", path, accept="br, gzip")[2]) for path in files}
    out(f"first view of a guide page: {sum(sizes.values()) / 1024:.1f} KB in {len(sizes)} requests: {json.dumps(sizes)}\n")


if __name__ == "__main__":
    main()
