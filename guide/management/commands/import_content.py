"""Makes an edition from the content files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from guide.content.errors import ContentError
from guide.content.files import read_files
from guide.editing.imports import merge
from guide.editing.models import Edition
from guide.storage import queue_for, writing


class Command(BaseCommand):
    """Imports the files; an edit made in the admin is never overwritten."""

    help = "Make a new edition from the content files. Refuses to overwrite newer edits."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where from, and what to do about conflicts."""
        parser.add_argument("folder", nargs="?", type=Path, default=settings.CONTENT_DIR, help="content folder (default: content/)")
        conflict = parser.add_mutually_exclusive_group()
        conflict.add_argument("--take-files", action="store_true", help="where a file and an edit conflict, take the file")
        conflict.add_argument(
            "--keep-edits", action="store_true", help="where a file and an edit conflict, keep the edit and import the rest"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Merge each document by itself, then publish what changed."""
        # Files, edition and edits are compared and written as one step: no edit comes in between.
        with writing():
            queue_for(Edition)
            self._import(options)

    def _import(self, options: dict[str, Any]) -> None:
        try:
            files = read_files(options["folder"])
            published = Edition.objects.texts(Edition.objects.newest())
            changes, conflicts = merge(files, published, Edition.objects.last_imported())
            if options["take_files"]:
                changes |= {path: files.get(path) for path in conflicts}
                conflicts = []
            if conflicts and not options["keep_edits"]:
                listed = "\n".join(f"  {path}" for path in conflicts)
                raise CommandError(
                    f"Changed both in the files and by an editor since the last import:\n{listed}\n"
                    "Nothing was imported. `manage.py export_content DIR` writes the editors' texts: bring both together in the files, "
                    "then import with --take-files. Or import with --keep-edits to leave these as the editors wrote them."
                )
            for path in conflicts:
                self.stdout.write(f"kept as an editor wrote it: {path}")
            if not changes:
                self.stdout.write(f"Nothing to import: edition {Edition.objects.newest()} has what the files say.")
                return
            edition = Edition.objects.publish(changes, by=None, note="Imported from the files", origin=Edition.Origin.FILES)
        except ContentError as error:
            raise CommandError(f"{error}\n{len(error.mistakes)} mistakes; nothing was imported.") from error
        self.stdout.write(f"{edition}: {len(changes)} documents changed.")
