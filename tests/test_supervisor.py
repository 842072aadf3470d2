"""Workers that die are started anew; a site that never came up is given up, with a word."""

from __future__ import annotations

import errno
import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from mbc_site import supervisor
from tests.serving import session_of

# Notes that it started, tells its parent to stop once it has done so often enough, and dies.
SHORT_LIVED = """
import os, pathlib, signal, sys
notes = pathlib.Path(sys.argv[1])
with notes.open("a") as file:
    file.write("started\\n")
if len(notes.read_text().splitlines()) == int(sys.argv[3]):
    os.kill(int(sys.argv[2]), signal.SIGTERM)
sys.exit(3)
"""
# Notes that it started, tells its parent to stop once two have, and waits.
WAITS = """
import os, pathlib, signal, sys
notes = pathlib.Path(sys.argv[1])
with notes.open("a") as file:
    file.write("started\\n")
if len(notes.read_text().splitlines()) == 2:
    os.kill(int(sys.argv[2]), signal.SIGTERM)
signal.pause()
"""
MANY = supervisor.HOPELESS + 3


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No pauses; and the tests get their signals back."""
    monkeypatch.setattr(supervisor, "LOOK_EVERY", 0.0)
    monkeypatch.setattr(supervisor, "LONGEST_PAUSE", 0.0)
    kept = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    yield
    for number, handler in kept.items():
        signal.signal(number, handler)


def test_a_site_that_never_came_up_is_given_up(tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "STEADY", 3600.0)  # however slow the machine is
    notes = tmp_path / "notes"
    assert supervisor.keep(1, [sys.executable, "-c", SHORT_LIVED, str(notes), str(os.getpid()), str(MANY)]) == 1
    said = capfd.readouterr().err
    assert len(notes.read_text().splitlines()) == said.count("Worker 1 died (3).") == supervisor.HOPELESS
    assert "The site does not start" in said


def test_a_site_that_was_up_is_never_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "STEADY", 0.0)
    notes = tmp_path / "notes"
    assert supervisor.keep(1, [sys.executable, "-c", SHORT_LIVED, str(notes), str(os.getpid()), str(MANY)]) == 0
    assert len(notes.read_text().splitlines()) == MANY


def test_a_worker_that_dies_again_and_again_waits_longer_each_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "LONGEST_PAUSE", 30.0)
    now = 1000.0
    monkeypatch.setattr(time, "monotonic", lambda: now)
    worker = supervisor.Worker("Worker 1", [sys.executable, "-c", ""])
    starts: list[float] = []
    while len(starts) < 9:
        worker.look()
        if worker.process:
            starts.append(now)
            worker.process.wait()
        else:
            now = max(now, worker.due)
    assert [after - before for before, after in zip(starts, starts[1:], strict=False)] == [0, 0, 1, 2, 4, 8, 16, 30]


def test_a_worker_that_cannot_be_started_is_tried_again_and_leaves_the_others_alone(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    real, tries = supervisor._started, iter(["first", "no memory", "no memory"])

    def started(command: Sequence[str]) -> subprocess.Popen[bytes]:
        if next(tries, "") == "no memory":
            raise OSError(errno.ENOMEM, "Cannot allocate memory")
        return real(command)

    monkeypatch.setattr(supervisor, "_started", started)
    notes = tmp_path / "notes"
    assert supervisor.keep(2, [sys.executable, "-c", WAITS, str(notes), str(os.getpid())]) == 0
    assert capfd.readouterr().err.count("Worker 2 could not start (Cannot allocate memory). Another starts now.") == 2
    assert len(notes.read_text().splitlines()) == 2


def test_a_log_that_cannot_be_written_ends_no_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervisor, "STEADY", 0.0)
    notes = tmp_path / "notes"

    class Full(io.StringIO):
        def write(self, text: str) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as log:
        log.setattr(sys, "stderr", Full())
        assert supervisor.keep(1, [sys.executable, "-c", SHORT_LIVED, str(notes), str(os.getpid()), "3"]) == 0
    assert len(notes.read_text().splitlines()) == 3


def test_a_site_that_was_begun_with_nohup_outlives_its_terminal(tmp_path: Path) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    notes = tmp_path / "notes"
    assert supervisor.keep(1, [sys.executable, "-c", SHORT_LIVED, str(notes), str(os.getpid()), "1"]) == 0
    assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN


def test_two_workers_run_side_by_side_until_told_to_stop(tmp_path: Path) -> None:
    notes = tmp_path / "notes"
    assert supervisor.keep(2, [sys.executable, "-c", WAITS, str(notes), str(os.getpid())]) == 0
    assert len(notes.read_text().splitlines()) == 2


def test_nothing_of_a_worker_is_left_where_it_dies_alone_or_does_not_stop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has a child, and neither hears SIGTERM; the first time it dies and leaves its child behind."""
    monkeypatch.setattr(supervisor, "GRACE", 0.0)
    notes = tmp_path / "notes"
    deaf = """
import os, pathlib, signal, sys
signal.signal(signal.SIGTERM, signal.SIG_IGN)
notes, parent = pathlib.Path(sys.argv[1]), int(sys.argv[2])
first = not notes.exists()
child = os.fork()
if child:
    with notes.open("a") as file:
        file.write(f"{child}\\n")
    if first:
        os._exit(3)
    os.kill(parent, signal.SIGTERM)
while True:
    signal.pause()
"""
    assert supervisor.keep(1, [sys.executable, "-c", deaf, str(notes), str(os.getpid())]) == 0
    children = [int(pid) for pid in notes.read_text().split()]
    assert len(children) == 2
    for pid in children:
        wait_until_dead(pid)


def wait_until_dead(pid: int) -> None:
    deadline = time.monotonic() + 30
    while session_of(Path(f"/proc/{pid}/stat")):
        assert time.monotonic() < deadline
        time.sleep(0.01)
