"""Writes the newest edition back as files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from guide.content.files import write_files
from guide.editing.models import Edition


class Command(BaseCommand):
    """Exports what readers see, byte for byte."""

    help = "Write the newest edition as files, byte for byte. Content files in DIR that are not part of it are removed."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to."""
        parser.add_argument("folder", type=Path, metavar="DIR")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write every document."""
        texts = Edition.objects.texts(Edition.objects.newest())
        write_files(options["folder"], texts)
        self.stdout.write(f"{len(texts)} files written to {options['folder']}")
