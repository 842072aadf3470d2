"""Makes an edition from the content files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse

from guide.content.files import read_files
from guide.content.ids import hint as missing_ids
from guide.content.mistakes import ContentError
from guide.editing.audit import record
from guide.editing.conflicts import Conflict
from guide.editing.imports import merge
from guide.editing.models import Edition
from guide.storage import queue_for, writing


class Command(BaseCommand):
    """Imports the files; an edit made in the admin is never overwritten, and a file's text never lost."""

    help = (
        "Make a new edition from the content files, each document by itself. A document that an editor changed too is left as "
        "it is: both texts are kept and wait in the admin; the exit code is then 1."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Where from, and what to do about conflicts."""
        parser.add_argument("folder", nargs="?", type=Path, default=settings.CONTENT_DIR, help="content folder (default: content/)")
        conflict = parser.add_mutually_exclusive_group()
        conflict.add_argument("--take-files", action="store_true", help="where a file and an edit conflict, take the file")
        conflict.add_argument(
            "--keep-edits", action="store_true", help="conflicts wait in the admin as always, and the exit code is 0 all the same"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Merge each document by itself, then publish what changed."""
        try:
            files = read_files(options["folder"])
        except ContentError as error:
            raise _nothing_imported(error) from error
        # Files, edition and edits are compared and written as one step: no edit comes in between.
        with writing():
            queue_for(Edition)
            queue_for(Conflict)
            mistakes = self._import(files, take_files=options["take_files"])
        waiting = "\n".join(
            f"  {conflict.document.path}: {reverse('admin:conflict', args=[conflict.pk])}" for conflict in Conflict.objects.waiting()
        )
        if mistakes:
            hint = f"These wait to be settled in the admin, or import with --take-files:\n{waiting}" if waiting else ""
            raise _nothing_imported(mistakes, hint)
        if waiting:
            said = f"Changed both in the files and by an editor; both texts are kept. Settle them in the admin:\n{waiting}"
            if not options["keep_edits"]:
                raise CommandError(
                    f"{said}\nEverything else is imported. To settle them in the files instead: `manage.py export_content DIR` writes the "
                    "editors' texts; bring both together there, then import with --take-files. With --keep-edits this is no error."
                )
            self.stdout.write(said)

    def _import(self, files: dict[str, str], *, take_files: bool) -> ContentError | None:
        newest = Edition.objects.newest()
        published, base = Edition.objects.texts(newest), Conflict.objects.last_said()
        changes, both = merge(files, published, base)
        # Where both say the same by now, readers see nothing new: no edition, but a new common base.
        both += [path for path in changes if files.get(path) == published.get(path)]
        both += [conflict.document.path for conflict in Conflict.objects.waiting() if conflict.document.path not in both]
        if take_files:
            changes |= {path: files.get(path) for path in both}
        changes = {path: text for path, text in changes.items() if text != published.get(path)}
        for path in both:
            if path not in changes:
                Conflict.objects.remember(path, base=base.get(path), file=files.get(path), edit=published.get(path))
        if not changes:
            waits = Conflict.objects.waiting().exists()
            self.stdout.write("Nothing else to import." if waits else f"Nothing to import: edition {newest} has what the files say.")
            return None
        try:
            edition = Edition.objects.publish(changes, by=None, note="Imported from the files", origin=Edition.Origin.FILES)
        except ContentError as error:
            return error
        for conflict in Conflict.objects.waiting().filter(document__path__in=changes):
            conflict.file = changes[conflict.document.path]
            conflict.close(Conflict.How.IMPORT)
            conflict.save()
        record(None, "imported the files", edition, f"{len(changes)} documents")
        self.stdout.write(f"{edition}: {len(changes)} documents changed.")
        return None


def _nothing_imported(error: ContentError, hint: str = "") -> CommandError:
    return CommandError(
        "\n".join(filter(None, (f"{error}\n{len(error.mistakes)} mistakes; nothing was imported.", missing_ids(error.mistakes), hint)))
    )
