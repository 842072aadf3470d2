"""Serves the site with granian, as `make run` does."""

from __future__ import annotations

import errno
import os
import socket
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

HOST = "127.0.0.1"
# One worker each: `mbc_site.supervisor` keeps as many of them as are wanted. Four threads, so that a page need not wait behind a save.
GRANIAN = ["--interface", "wsgi", "--workers", "1", "--blocking-threads", "4", "--no-ws"]
# No access log, whatever the environment says: somebody may have typed the code of a plan into the address bar.
GRANIAN += ["--no-access-log", "--log-level", "warning", "--workers-kill-timeout", "5"]


class Command(BaseCommand):
    """Becomes the server: PORT and WORKERS come from the settings, which have checked them."""

    help = "Serve http://127.0.0.1:PORT with WORKERS processes."

    def add_arguments(self, parser: CommandParser) -> None:
        """Options."""
        parser.add_argument("--look", action="store_true", help="only look whether the port is free")

    def handle(self, *args: Any, **options: Any) -> None:
        """Replace this process by one that starts the workers, and any that dies anew. Raises CommandError where the port is taken."""
        look(settings.PORT)
        if options["look"]:
            return
        self.stdout.write(f"Serving http://{HOST}:{settings.PORT}  (staff: /admin/, after: manage.py createsuperuser)")
        self.stdout.flush()
        granian = Path(sys.executable).with_name("granian")
        worker = [str(granian), *GRANIAN, "--host", HOST, "--port", str(settings.PORT), "mbc_site.wsgi:application"]
        os.execv(sys.executable, [sys.executable, "-m", "mbc_site.supervisor", str(settings.WORKERS), *worker])  # noqa: S606  # no shell is wanted


def look(port: int) -> None:
    """Whether the port is free. Raises CommandError where it is not.

    granian does not tell: its workers share a port (SO_REUSEPORT), and two sites would share it too, each
    answering every other request.
    """
    with socket.socket() as ours:
        ours.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # connections that ended just now do not count
        try:
            ours.bind((HOST, port))
        except OSError as error:
            taken = error.errno == errno.EADDRINUSE
            why = "another program answers there, maybe this site already. Stop it" if taken else f"{error.strerror}. Allow it"
            raise CommandError(f"Port {port} cannot be used: {why}, or choose another port, for example PORT=8001.") from error
