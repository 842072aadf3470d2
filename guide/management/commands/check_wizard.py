"""Proves that the wizard is right for every reader."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from guide.content.files import read_files
from guide.content.mistakes import ContentError
from guide.content.whole import load
from guide.wizard.proof import prove


class Command(BaseCommand):
    """Tries conditions, safety rules and ways through the questions, and names a situation for each mistake."""

    help = "Prove the wizard: every condition, every safety rule, many random readers. Exit code 1 if something is wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        """What to check, and how many readers walk."""
        parser.add_argument("folder", nargs="?", type=Path, default=settings.CONTENT_DIR, help="content folder (default: content/)")
        parser.add_argument("--readers", type=int, default=20_000, help="how many random readers walk (default: 20,000)")
        parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same readers")
        parser.add_argument("--json", action="store_true", help="as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prove, then report."""
        try:
            guide = load(read_files(options["folder"]))
        except ContentError as error:
            raise CommandError(f"{error}\n{len(error.mistakes)} mistakes; run check_content first.") from error
        began = time.monotonic()
        report = prove(guide, readers=options["readers"], seed=options["seed"])
        seconds = round(time.monotonic() - began, 1)
        if options["json"]:
            self.stdout.write(json.dumps({"tried": report.tried, "wrong": report.wrong, "seconds": seconds}, indent=1))
        else:
            for name, number in report.tried.items():
                self.stdout.write(f"{number:>9,}  {name}")
            self.stdout.write(f"{seconds:>9}  seconds")
            for sentence in report.wrong:
                self.stderr.write(sentence)
            self.stdout.write("Nothing is wrong." if not report.wrong else f"{len(report.wrong)} mistakes")
        if report.wrong:
            sys.exit(1)
