"""Writes an id into each block of the content files that has none."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from guide.content.files import read_files, write_files
from guide.content.ids import with_ids
from guide.content.mistakes import ContentError
from guide.content.text import read


class Command(BaseCommand):
    """Changes files only where a block has no id, and nothing else in them."""

    help = "Write an id, made from its title, into each block that has none. Ids that are there stay as they are."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where."""
        parser.add_argument("folder", nargs="?", type=Path, default=settings.CONTENT_DIR, help="content folder (default: content/)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Name what has no name, and say where."""
        try:
            before = read_files(options["folder"])
        except ContentError as error:
            raise CommandError(str(error)) from error
        after = {path: with_ids(read(path, text)) if path.endswith(".md") else text for path, text in before.items()}
        write_files(options["folder"], after)
        for path in before:
            if added := after[path].count("\n") - before[path].count("\n"):
                self.stdout.write(f"{path}: {added}")
        self.stdout.write(f"{sum(after[path] != before[path] for path in before)} files changed.")
