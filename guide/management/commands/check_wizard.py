"""Proves that the wizard is right for every reader."""

from __future__ import annotations

import json
import sys
import time
from math import ceil
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from guide.content.answers import Said
from guide.content.documents import Guide
from guide.content.files import read_files
from guide.content.mistakes import ContentError
from guide.content.whole import load
from guide.content.yamltext import read_yaml
from guide.wizard.length import length
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
        parser.add_argument("--situations", type=Path, help="only a table: how long the way is in the situations of this file")

    def handle(self, *args: Any, **options: Any) -> None:
        """Prove, then report."""
        try:
            guide = load(read_files(options["folder"]))
        except ContentError as error:
            raise CommandError(f"{error}\n{len(error.mistakes)} mistakes; run check_content first.") from error
        if options["situations"]:
            self._table(guide, options["situations"])
            return
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

    def _table(self, guide: Guide, file: Path) -> None:
        """Of each situation, in pages: when the list of options is the final one, when the reader has enough, and all; then the questions."""
        found = [(one["name"], length(guide, _said(one["answers"]))) for one in read_yaml(file.read_text(encoding="utf-8")).data]
        self.stdout.write("final list  enough  all  questions")
        for name, one in found:
            self.stdout.write(f"{one.settled:>10}  {one.main:>6}  {one.whole:>3}  {one.questions:>9}  {name}")
        rows = [(one.settled, one.main, one.whole, one.questions) for _, one in found]
        for name, place in (("median", 0.5), ("80%", 0.8), ("most", 1.0)):
            settled, main, whole, asked = (sorted(column)[ceil(place * len(column)) - 1] for column in zip(*rows, strict=True))
            self.stdout.write(f"{settled:>10}  {main:>6}  {whole:>3}  {asked:>9}  {name}")


def _said(answers: dict[str, str | list[str]]) -> Said:
    return {fact: (told,) if isinstance(told, str) else tuple(told) for fact, told in answers.items()}
