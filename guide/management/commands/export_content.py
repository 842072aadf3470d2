"""Writes the newest edition back as files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from guide.content.files import read_files, write_files
from guide.content.mistakes import ContentError
from guide.editing.conflicts import Conflict
from guide.editing.models import Edition


class Command(BaseCommand):
    """Exports what readers see, byte for byte."""

    help = (
        "Write the newest edition as files, byte for byte, and say which files differ from what was there. "
        "Content files in DIR that are not part of it are removed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to."""
        parser.add_argument("folder", type=Path, metavar="DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write every document, and list what is new, as a commit would."""
        folder, number = options["folder"], Edition.objects.newest()
        texts = Edition.objects.texts(number)
        before = _before(folder)
        if not texts:
            raise CommandError("Nothing is published yet, so there is nothing to write.")
        # Files that are not part of the edition are removed: a wrong folder would lose all of its texts.
        if before and not set(before) & set(texts):
            raise CommandError(f"{folder} holds other files, {min(before)} for one. Name a folder of content, or one that is empty or new.")
        write_files(folder, texts)
        for path in sorted({*before, *texts}):
            if before.get(path) != texts.get(path):
                what = "new" if path not in before else "removed" if path not in texts else "changed"
                self.stdout.write(f"{what}: {path}")
        self.stdout.write(f"{len(texts)} files written to {folder}: what readers see in edition {number}.")
        for edition in self._since_the_files():
            self.stdout.write(f"  {edition.created:%Y-%m-%d} {edition}, {edition.by or 'command'}: {edition.note}")
        for conflict in Conflict.objects.waiting():
            self.stderr.write(
                f"{conflict.document.path}: the files said something else and nobody has settled it yet; the editors' text was written."
            )

    def _since_the_files(self) -> list[Edition]:
        """The editions that editors made since the files were last imported, oldest first: what a commit is about."""
        last = Edition.objects.filter(origin=Edition.Origin.FILES).first()
        return list(Edition.objects.filter(number__gt=last.number if last else 0).select_related("by").order_by("number"))


def _before(folder: Path) -> dict[str, str]:
    if folder.exists() and not folder.is_dir():
        raise CommandError(f"{folder} is a file. Name a folder.")
    try:
        return read_files(folder) if folder.is_dir() else {}
    except ContentError as error:
        raise CommandError(f"{error}\nNothing was written.") from error
