"""How fast the editors' desk opens beside a long history: 500 documents, 20,000 texts.

Pages are compared with an empty page of the admin, by the same person in the same rounds of one process.
"""

from __future__ import annotations

import itertools
import os
import re
import statistics
import subprocess
import sys
import tempfile
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.models import User
    from django.test import Client

DOCUMENTS = 500
REVISIONS = 20_000
ON_THEIR_WAY = 60
ROUNDS = 30
EMPTY = "/admin/password_change/done/"


def main() -> None:
    """Fill a database of its own, then open pages in turn in a new process, as after a start, and print ratios."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "DATABASE_URL": f"sqlite:///{folder}/guide.sqlite3"}
        for name in ("fill", "report"):
            subprocess.run([sys.executable, "-m", "tests.bench.desk", name], env=environment, check=True)


def part(name: str) -> None:
    """One of both steps, in a process of its own."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mbc_site.settings")
    import django  # the settings read the environment when Django starts

    django.setup()
    {"fill": fill, "report": report}[name]()


def fill() -> None:
    """The content and copies of its shortest page, each with a history."""
    from django.core.management import call_command

    from guide.editing.models import Document, Edition, Revision

    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    call_command("import_content", verbosity=0)
    texts = Edition.objects.texts(1)
    page = min((text for path, text in texts.items() if "/pages/" in path), key=len)
    copies = {
        f"en/pages/{number}-copy-{number}.md": re.sub("title: .*", f"title: Copy {number}", page, count=1)
        for number in range(1000, 1000 + DOCUMENTS - len(texts))
    }
    Edition.objects.publish(copies, by=None, note="Copies", origin=Edition.Origin.ADMIN)
    writer = _staff()
    documents = list(Document.objects.filter(path__contains="/pages/"))
    ways = itertools.cycle(Revision.OPEN)
    now = Edition.objects.texts(2)
    made = [
        Revision(document=one, text=f"{now[one.path]}\n\nA few more words.\n", state=next(ways), author=writer, note="On its way")
        for one in documents[:ON_THEIR_WAY]
    ]
    for one in itertools.islice(itertools.cycle(documents), REVISIONS - Revision.objects.count() - len(made)):
        made.append(Revision(document=one, text=page, state=Revision.State.SUPERSEDED, author=writer, note="Earlier"))
    Revision.objects.bulk_create(made, batch_size=500)
    print(f"{Document.objects.count()} documents, {Revision.objects.count()} texts, {ON_THEIR_WAY} of them on their way")  # noqa: T201


def _addresses() -> dict[str, str]:
    from django.urls import reverse

    from guide.editing.models import Document

    def editor(part: str) -> str:
        return reverse("admin:edit", args=[Document.objects.filter(path__contains=part).values_list("pk", flat=True)[0]])

    return {
        "empty page of the admin": EMPTY,
        "desk": reverse("admin:index"),
        "list of documents": reverse("admin:guide_document_changelist"),
        "editor": editor("/pages/"),
        "editor of a treatment": editor("/treatments/"),
        "editor of the sources": editor("sources.yaml"),
        "editions": reverse("admin:editions"),
    }


def _staff() -> User:
    from django.contrib.auth.models import Group, User

    user = User.objects.create_user("bench", is_staff=True)
    user.groups.set(Group.objects.all())
    return user


def _signed_in() -> Client:
    """A browser of somebody in every group, after password and code."""
    from django.contrib.auth.models import User
    from django.test import Client
    from django_otp import DEVICE_ID_SESSION_KEY
    from django_otp.plugins.otp_totp.models import TOTPDevice

    user = User.objects.get(username="bench")
    device = TOTPDevice.objects.create(user=user, name="app", confirmed=True)
    client = Client(SERVER_NAME="localhost")
    client.force_login(user, "django.contrib.auth.backends.ModelBackend")
    session = client.session
    session[DEVICE_ID_SESSION_KEY] = device.persistent_id
    session.save()
    return client


def report() -> None:
    """How long each page takes the first time; then medians of rounds in which each is opened once."""
    client, addresses = _signed_in(), _addresses()
    times: dict[str, list[float]] = {name: [] for name in addresses}
    for name, address in addresses.items():
        started = time.perf_counter()
        status = client.get(address).status_code
        if status != 200:
            raise RuntimeError(f"{address} answers {status}")
        sys.stdout.write(f"first opening of the {name}: {(time.perf_counter() - started) * 1000:.0f} ms\n")
    for _ in range(ROUNDS):
        for name, address in addresses.items():
            started = time.perf_counter()
            client.get(address)
            times[name].append((time.perf_counter() - started) * 1000)
    medians = {name: statistics.median(values) for name, values in times.items()}
    base = medians["empty page of the admin"]
    for name, median in medians.items():
        sys.stdout.write(f"{name:26} {median:7.1f} ms ({median / base:5.2f} of empty)\n")


if __name__ == "__main__":
    part(sys.argv[1]) if sys.argv[1:] else main()
