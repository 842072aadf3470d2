"""`make bench`: kill the server at random moments, and look whether every save that was acknowledged is there.

People save by themselves, without a pause: some each in a plan of their own, some in one plan together.
Then every process of the server dies at once (SIGKILL), in the middle of whatever it does. It starts
again, each plan is opened by its code in a new browser, and every field must hold the last text whose
save was acknowledged, or one that was sent after it.

Before that, one worker of two dies, again and again, while everybody saves and readers read. Who was connected to
it connects again and goes on, and finds in the plan what was acknowledged.

A server takes seconds to start, so two kinds of it are killed. Few times: the whole server, as `make run`
starts it. Many times: workers that come out of a process which has read the guide already. They run the
same application on the same database with the same number of threads; only the HTTP around it is Python's own.

What dies here is the server, not the machine and not the database's server: that a text is on the disk
when a power cut comes is what `guide.storage.writing` (fdatasync on SQLite's log) and PostgreSQL (fsync) answer for.
"""

from __future__ import annotations

import argparse
import http.client
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Protocol

from tests.serving import ROOT, Client, Site, listeners, site

TOY = ROOT / "tests" / "toy" / "content"
# Of the guide about gardening: a part of the plan, and a field in it. The last three share a plan.
ALONE = (("my-garden", "name"), ("my-ground", "more"), ("my-ground", "visitors__0__seen"))
TOGETHER = (("my-garden", "name"), ("my-garden", "liters"), ("my-ground", "more"))


class Killable(Protocol):
    """A server that can be started, and killed with all its processes."""

    port: int

    def start(self) -> None:
        """Until it answers."""

    def kill(self) -> None:
        """All processes at once."""


@dataclass
class Writer:
    """Somebody who types numbers into a field. `said`: the last that was acknowledged; `sent`: the last that was sent."""

    code: str
    group: str
    name: str
    said: int = 0
    sent: int = 0
    done: int = 0
    """How many saves were acknowledged, in all."""

    def write(self, port: int, until: threading.Event | None = None) -> None:
        """Open the plan and save again and again, until the server is gone or it is time to stop."""
        client = Client(port)
        try:
            assert client.open_plan(self.code)
            window = client.window(self.group)
            while not (until and until.is_set()):
                self.sent += 1
                if window.save(**{self.name: str(self.sent)}):
                    self.said = self.sent
                    self.done += 1
        except (OSError, http.client.HTTPException):
            return
        finally:
            client.close()

    def stored(self, client: Client) -> int:
        """What the plan holds, in a browser that has it open."""
        return int(client.window(self.group).fields[self.name.replace("__", "-")][0] or 0)


@dataclass
class Count:
    """What came out."""

    kills: int = 0
    acknowledged: int = 0
    cut_off: int = 0
    stored_all_the_same: int = 0
    lost: list[str] = field(default_factory=list)
    wrong: list[BaseException] = field(default_factory=list)

    def __str__(self) -> str:
        return (
            f"{self.kills} kills: {self.acknowledged} saves acknowledged, {len(self.lost)} lost; {self.cut_off} cut off without an answer, "
            f"of which {self.stored_all_the_same} were stored all the same"
        )


def people(port: int) -> list[Writer]:
    """Start the plans, and say who writes what."""
    codes = []
    for _ in range(len(ALONE) + 1):
        client = Client(port)
        codes.append(client.start_plan())
        client.close()
    alone = [Writer(code, *place) for code, place in zip(codes[1:], ALONE, strict=True)]
    return [*alone, *(Writer(codes[0], *place) for place in TOGETHER)]


def crash(server: Killable, writers: Sequence[Writer], kills: int, chance: random.Random) -> Count:
    """Kill a running server so many times, each time while everybody saves; it runs again at the end."""
    count = Count()
    for _ in range(kills):
        before = sum(writer.said for writer in writers)
        threads = [threading.Thread(target=_noting_wrong, args=(count, partial(writer.write, server.port))) for writer in writers]
        for thread in threads:
            thread.start()
        while any(writer.sent == 0 for writer in writers) and any(thread.is_alive() for thread in threads):
            time.sleep(0.01)  # at first, everybody has to get to their plan
        time.sleep(chance.uniform(0.02, 0.3))
        server.kill()
        for thread in threads:
            thread.join()
        server.start()
        count.kills += 1
        count.acknowledged += sum(writer.said for writer in writers) - before
        for writer in writers:
            _look(count, writer, server.port)
        if count.wrong:
            raise count.wrong[0]
    return count


def _look(count: Count, writer: Writer, port: int) -> None:
    client = Client(port)
    try:
        found = writer.stored(client) if client.open_plan(writer.code) else -1
    finally:
        client.close()
    if not writer.said <= found <= writer.sent:
        count.lost.append(f"{writer.group} {writer.name}: {writer.said} was acknowledged, {writer.sent} was sent, {found} is there")
    count.cut_off += writer.sent - writer.said
    count.stored_all_the_same += max(0, found - writer.said)
    writer.said = writer.sent = found


READERS = 16
PATIENCE = 60.0  # seconds until somebody who cannot connect gives up


@dataclass
class Back:
    """Seconds from the death of a worker: until a newcomer got a page, and until there were as many workers as before."""

    answered: list[float] = field(default_factory=list)
    whole: list[float] = field(default_factory=list)

    def __str__(self) -> str:
        return f"a newcomer got a page after at most {max(self.answered, default=0):.1f} s, the new worker answered after at most {max(self.whole, default=0):.1f} s"


def lose_a_worker(server: Site, writers: Sequence[Writer], kills: int, chance: random.Random) -> tuple[Count, Back]:
    """Kill one worker so many times while everybody saves and reads; and how long it took each time to be back."""
    count, back, stop = Count(), Back(), threading.Event()
    people = [partial(_go_on_writing, count, writer, server.port, stop) for writer in writers]
    people += [partial(_go_on_reading, server.port, stop)] * READERS
    threads = [threading.Thread(target=_noting_wrong, args=(count, run)) for run in people]
    _until(lambda: listeners(server.port) == len(server.workers()), count)  # one may answer while another still starts
    in_all = listeners(server.port)
    for thread in threads:
        thread.start()
    try:
        for _ in range(kills):
            _until(partial(_saved_since, writers, [writer.done for writer in writers]), count)
            time.sleep(chance.uniform(0.02, 0.3))
            victim = chance.choice(server.workers())
            os.kill(victim, signal.SIGKILL)
            died = time.monotonic()
            newcomer = Client(server.port)
            _patiently(partial(newcomer.page, "/plan/"), newcomer.close)
            newcomer.close()
            back.answered.append(time.monotonic() - died)
            _until(partial(_is_whole, server, in_all, victim), count)
            back.whole.append(time.monotonic() - died)
            count.kills += 1
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    if count.wrong:
        raise count.wrong[0]
    count.acknowledged = sum(writer.done for writer in writers)
    return count, back


def _saved_since(writers: Sequence[Writer], before: Sequence[int]) -> bool:
    return all(writer.done > old for writer, old in zip(writers, before, strict=True))


def _is_whole(server: Site, workers: int, dead: int) -> bool:
    return dead not in server.workers() and listeners(server.port) == workers


def _until(true: Callable[[], bool], count: Count) -> None:
    deadline = time.monotonic() + PATIENCE
    while not true():
        assert time.monotonic() < deadline and not count.wrong, "the site did not come back"
        time.sleep(0.01)


def _go_on_writing(count: Count, writer: Writer, port: int, stop: threading.Event) -> None:
    """Write; look what the plan holds when the connection broke, and at the end."""
    while not stop.is_set():
        writer.write(port, stop)
        _patiently(partial(_look, count, writer, port))


def _go_on_reading(port: int, stop: threading.Event) -> None:
    """A page for everyone and one of Django's, in turn; whoever is cut off connects again."""
    client = Client(port)
    while not stop.is_set():
        for path in ("/", "/plan/"):
            _patiently(partial(client.page, path), client.close)
    client.close()


def _patiently(do: Callable[[], object], otherwise: Callable[[], object] = lambda: None) -> None:
    """Again, as long as nobody answers. Raises what it met last where that goes on for too long."""
    deadline = time.monotonic() + PATIENCE
    while True:
        try:
            do()
            return
        except (OSError, http.client.HTTPException):
            otherwise()
            if time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _noting_wrong(count: Count, run: Callable[[], None]) -> None:
    try:
        run()
    except BaseException as error:  # noqa: BLE001  # it is raised in the thread that waits for this one
        count.wrong.append(error)


class Forked:
    """Workers that come out of a process in which the guide is read already (`tests.bench.forked`), on a site's database."""

    def __init__(self, on: Site) -> None:
        self.port = on.port
        with on.log.open("ab") as log:
            self._cradle = subprocess.Popen(
                [sys.executable, "-m", "tests.bench.forked", str(on.port)],
                cwd=ROOT,
                env=on.environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
            )

    def start(self) -> None:
        """Until they answer."""
        self._tell(b"start\n")

    def kill(self) -> None:
        """All of them at once."""
        self._tell(b"kill\n")

    def close(self) -> None:
        """Nothing is left of them."""
        self._cradle.communicate(timeout=30)

    def _tell(self, order: bytes) -> None:
        assert self._cradle.stdin and self._cradle.stdout
        self._cradle.stdin.write(order)
        self._cradle.stdin.flush()
        assert self._cradle.stdout.readline() == order, "the workers are gone: see the log"


def main() -> None:
    """Kill on SQLite, and on PostgreSQL where TEST_POSTGRES_URL names a server; end with 1 where a save was lost."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=1000, help="of forked workers")
    parser.add_argument("--one-worker", type=int, default=10, help="of one worker of the server, which goes on")
    parser.add_argument("--whole", type=int, default=20, help="of the whole server")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000), help="to choose the same moments again")
    options = parser.parse_args()
    lost = []
    for name, postgres in (("SQLite", ""), ("PostgreSQL", os.environ.get("TEST_POSTGRES_URL", ""))):
        if name == "PostgreSQL" and not postgres:
            sys.stdout.write("PostgreSQL: left out, TEST_POSTGRES_URL names no server\n")
            continue
        with site(postgres, TOY) as made:
            lost += _report(name, made, options)
    sys.stdout.write("".join(f"LOST: {line}\n" for line in lost))
    sys.exit(1 if lost else 0)


def _report(name: str, made: Site, options: argparse.Namespace) -> list[str]:
    chance = random.Random(options.seed)
    made.start()
    writers = people(made.port)
    one, back = lose_a_worker(made, writers, options.one_worker, chance)
    sys.stdout.write(f"{name}, one worker: {one}; {back} (seed {options.seed})\n")
    sys.stdout.flush()
    began = time.monotonic()
    whole = crash(made, writers, options.whole, chance)
    sys.stdout.write(f"{name}, whole server: {whole} ({time.monotonic() - began:.0f} s, seed {options.seed})\n")
    made.stop()
    forked = Forked(made)
    try:
        forked.start()
        began = time.monotonic()
        many = crash(forked, writers, options.kills, chance)
        sys.stdout.write(f"{name}, workers: {many} ({time.monotonic() - began:.0f} s)\n")
        sys.stdout.flush()
    finally:
        forked.close()
    return [*one.lost, *whole.lost, *many.lost]


if __name__ == "__main__":
    main()
