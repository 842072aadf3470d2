"""The application that the server runs: public pages from memory, static files, then Django."""

import os
import threading

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mbc_site.settings")
django_application = get_wsgi_application()

from django.conf import settings  # noqa: E402  # needs the settings named above
from whitenoise import WhiteNoise  # noqa: E402

from guide.library import read_ahead  # noqa: E402
from guide.reading.memory import PublicPages  # noqa: E402

static_files = WhiteNoise(
    django_application,
    root=settings.STATIC_ROOT,
    prefix=settings.STATIC_URL,
    max_age=60,
    immutable_file_test=r"^.+\.[0-9a-f]{12}\.[^/]+$",  # names with a hash of the manifest
)
application = PublicPages(static_files)
# Beside the start, not before it: a server that is told to stop while it imports this does not hear it.
threading.Thread(target=read_ahead, daemon=True).start()
