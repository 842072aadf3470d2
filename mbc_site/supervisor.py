"""Keeps the site's workers running: `python -m mbc_site.supervisor COUNT COMMAND...`, as `manage.py serve` does.

Each worker is a server of its own behind the same port. One that dies is started anew and the others notice
nothing of it: granian itself stops all of them when one dies twice within seconds. Knows no Django, so that it
stays small, and so that hardly anything in it can break.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass

LOOK_EVERY = 0.1  # seconds
STEADY = 5.0  # seconds: whoever lived for so long had started well
LONGEST_PAUSE = 30.0  # seconds
GRACE = 8.0  # seconds to stop in; granian itself kills after five what does not (--workers-kill-timeout)
HOPELESS = 5  # starts in a row that failed, before any worker was steady


@dataclass
class Worker:
    """One worker, and how often in a row it died young."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    since: float = 0.0
    due: float = 0.0
    died_young: int = 0

    def look(self) -> None:
        """Start it where it is due; note it where it has died: the next starts come at once, from the third in a row after 1, 2, 4 … seconds."""
        now = time.monotonic()
        if self.process is None:
            if now >= self.due:
                self._start(now)
        elif self.process.poll() is not None:
            _sweep(self.process)
            self.died_young = 0 if self.steady() else self.died_young + 1
            self._ended(f"died ({self.process.returncode})", now)

    def _start(self, now: float) -> None:
        try:
            self.process, self.since = _started(self.command), now
        except OSError as error:  # such as no memory for it: the others must not be left alone
            self.died_young += 1
            self._ended(f"could not start ({error.strerror})", now)

    def _ended(self, how: str, now: float) -> None:
        pause = min(2.0 ** (self.died_young - 3), LONGEST_PAUSE) if self.died_young > 2 else 0.0
        say(f"{self.name} {how}. Another starts {f'in {pause:.0f} s' if pause else 'now'}.")
        self.process, self.due = None, now + pause

    def stop(self) -> None:
        """Until nothing of it is left, once it was told to end."""
        if self.process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(GRACE)
            _sweep(self.process)
            self.process.wait()

    def steady(self) -> bool:
        """Whether it lives, or lived, for longer than a start that fails."""
        return self.process is not None and time.monotonic() - self.since >= STEADY


def _started(command: Sequence[str]) -> subprocess.Popen[bytes]:
    """In a process group of its own: it hears from here when to stop, and once only. Told twice within a moment, by Ctrl-C too, granian may hang."""
    return subprocess.Popen(command, process_group=0)  # noqa: S603  # it is `serve` that says what


def _sweep(process: subprocess.Popen[bytes]) -> None:
    """Kill what is left of its group: a process below it that it did not take along would answer on the port for ever."""
    with contextlib.suppress(ProcessLookupError, PermissionError):  # the latter: of what has just ended, on macOS
        os.killpg(process.pid, signal.SIGKILL)


def say(what: str) -> None:
    """A line for the operator, where it can be written: a full disk must not end the site."""
    with contextlib.suppress(OSError):
        sys.stderr.write(f"{time.strftime('%Y-%m-%d %H:%M:%S')} serve: {what}\n")
        sys.stderr.flush()


def _listening() -> list[int]:
    """The signals to stop that come from now on. SIGHUP stays ignored where `nohup` says so."""
    told: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, lambda number, frame: told.append(number))
    return told


def keep(count: int, command: Sequence[str]) -> int:
    """Keep so many workers until somebody says stop (SIGTERM, SIGINT, SIGHUP); the exit code.

    A site that never came up is given up (1), so that the mistake is seen. One that did come up never is.
    """
    told = _listening()
    workers = [Worker(f"Worker {number}", command) for number in range(1, count + 1)]
    was_up = hopeless = False
    while not told and not hopeless:
        for worker in workers:
            worker.look()
        was_up = was_up or any(worker.steady() for worker in workers)
        hopeless = not was_up and any(worker.died_young >= HOPELESS for worker in workers)
        time.sleep(LOOK_EVERY)
    for worker in workers:
        if worker.process:
            worker.process.terminate()
    for worker in workers:
        worker.stop()
    if hopeless:
        say("The site does not start: the reason stands above. Giving up.")
    return 1 if hopeless else 0


if __name__ == "__main__":
    sys.exit(keep(int(sys.argv[1]), sys.argv[2:]))
