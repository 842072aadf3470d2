"""Workers that start in no time, to be killed: `python -m tests.bench.forked PORT`.

This process reads the guide and then does nothing but fork. At the line `start` it forks two workers of
four threads each, in a process group of their own, which answer on the port; at `kill` it sends SIGKILL
to that group. Each line is said back when it is done. At the end of its input the workers die too.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import sys
import threading
import time
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from tests.serving import listens

WORKERS, THREADS = 2, 4


class _Handler(WSGIRequestHandler):
    wbufsize = 1_000_000  # bytes: an answer goes out as a whole

    def log_message(self, *args: Any) -> None:
        """Nothing."""


def serve(listening: socket.socket, application: Any) -> None:
    """Answer in as many threads, for ever; each keeps its connection to the database."""

    def run() -> None:
        server = WSGIServer(("127.0.0.1", 0), _Handler, bind_and_activate=False)
        server.socket.close()
        server.socket = listening
        server.server_name, server.server_port = "127.0.0.1", listening.getsockname()[1]
        server.setup_environ()
        server.set_app(application)
        server.serve_forever()

    threads = [threading.Thread(target=run) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def group(port: int, application: Any) -> int:
    """Fork the workers; the id of their group. They answer from now on."""
    ready, said = os.pipe()
    leader = os.fork()
    if leader:
        os.close(said)
        answers = os.read(ready, 1)
        os.close(ready)
        assert answers, "the port is taken"
        return leader
    try:
        os.setsid()
        listening = socket.socket()
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        listening.listen(128)
        for _ in range(WORKERS - 1):
            if os.fork() == 0:
                break
        else:
            os.write(said, b"!")
        serve(listening, application)
    finally:
        os._exit(1)


def main(port: int) -> None:
    """Read the guide, then do as the lines say."""
    # It names the settings, so it comes first.
    from mbc_site.wsgi import application  # isort: skip
    from django.db import connections

    from guide.library import published

    published()
    connections.close_all()
    running = 0
    try:
        for line in sys.stdin:
            if running:
                kill(running, port)
            running = group(port, application) if line == "start\n" else 0
            sys.stdout.write(line)
            sys.stdout.flush()
    finally:
        if running:
            kill(running, port)


def kill(leader: int, port: int) -> None:
    """Kill a group; until nobody answers on its port."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(leader, signal.SIGKILL)
    os.waitpid(leader, 0)
    while listens(port):
        time.sleep(0.002)


if __name__ == "__main__":
    main(int(sys.argv[1]))
