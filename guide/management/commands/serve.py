"""Serves the site with granian, as `make run` does."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """Becomes the server: PORT and WORKERS come from the settings, which have checked them."""

    help = "Serve http://127.0.0.1:PORT with WORKERS processes."

    def handle(self, *args: Any, **options: Any) -> None:
        """Replace this process by granian: four threads each, so that a page need not wait behind a save."""
        self.stdout.write(f"Serving http://127.0.0.1:{settings.PORT}  (staff: /admin/, after: manage.py createsuperuser)")
        self.stdout.flush()
        granian = Path(sys.executable).with_name("granian")
        command = [str(granian), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(settings.PORT)]
        command += [
            "--workers",
            str(settings.WORKERS),
            "--blocking-threads",
            "4",
            "--no-ws",
            "--log-level",
            "warning",
            "--workers-kill-timeout",
            "5",
        ]
        os.execv(granian, [*command, "mbc_site.wsgi:application"])  # noqa: S606  # no shell is wanted
