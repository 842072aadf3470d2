"""Reads the content files and says everything that is wrong with them."""

from __future__ import annotations

import json
import statistics
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from guide.content.documents import Guide, documents
from guide.content.files import read_files
from guide.content.grade import grade, names_pattern
from guide.content.ids import hint
from guide.content.mistakes import ContentError, Mistake
from guide.content.places import line_of
from guide.content.text import read
from guide.content.whole import load


class Command(BaseCommand):
    """Checks content, and prints for each document: reading grade, sources, review."""

    help = "Check the content files: exit code 1 if there is a mistake."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where, and how to print."""
        parser.add_argument("folder", nargs="?", type=Path, default=settings.CONTENT_DIR, help="content folder (default: content/)")
        parser.add_argument("--json", action="store_true", help="as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, then report."""
        texts: dict[str, str] = {}
        try:
            texts = read_files(options["folder"])
            guide = load(texts)
        except ContentError as error:
            self._mistakes(error, texts, as_json=options["json"])
            sys.exit(1)
        report = report_on(guide)
        if options["json"]:
            self.stdout.write(json.dumps(report, indent=1))
            return
        for row in report["documents"]:
            self.stdout.write(
                f"{row['grade']:5.1f} (raw {row['raw_grade']:4.1f})  {row['sources']:3d} sources  {row['review']:<12}  {row['path']}"
            )
        self.stdout.write("  ".join(f"{name}: {value}" for name, value in report["totals"].items()))

    def _mistakes(self, error: ContentError, texts: Mapping[str, str], *, as_json: bool) -> None:
        placed = [(mistake, _line(mistake, texts)) for mistake in error.mistakes]
        if as_json:
            self.stdout.write(json.dumps({"mistakes": [_plain(mistake, line) for mistake, line in placed]}, indent=1))
            return
        for mistake, line in placed:
            told = line is None or mistake.field == f"line {line}"
            self.stderr.write(str(mistake) if told else f"{mistake} (line {line})")
        self.stderr.write(f"{len(error.mistakes)} mistakes")
        if command := hint(error.mistakes):
            self.stderr.write(command)


def _line(mistake: Mistake, texts: Mapping[str, str]) -> int | None:
    return line_of(read(mistake.path, texts[mistake.path]), mistake.place) if mistake.path in texts else None


def _plain(mistake: Mistake, line: int | None) -> dict[str, str | int | None]:
    return {"path": mistake.path, "line": line, "field": mistake.field, "code": mistake.code, "remedy": mistake.says}


def report_on(guide: Guide) -> dict[str, Any]:
    """Grades, sources and review state of every document, and totals."""
    names = names_pattern(guide)
    rows = []
    grades = []
    for document in documents(guide):
        found = grade(document.body.text, names)
        grades.append(found.plain)
        rows.append(
            {
                "path": document.path,
                "grade": found.plain,
                "raw_grade": found.raw,
                "sources": len(document.body.sources),
                "review": "reviewed" if document.reviewed else "not reviewed",
            }
        )
    return {
        "documents": rows,
        "totals": {
            "pages": len(guide.pages),
            "treatments": len(guide.treatments),
            "options": sum(1 for _ in guide.blocks("option")),
            "questions": len(guide.questions),
            "sources": len(guide.sources),
            "median grade": statistics.median(grades),
            "highest grade": max(grades),
        },
    }
