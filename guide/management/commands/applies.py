"""What applies, without the web: `manage.py applies --answer fact=value[,value] [--json]`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from guide.content.answers import Said, known, mistake_in
from guide.content.branching import Entry
from guide.content.conditions import Answers, Condition
from guide.content.documents import Guide
from guide.content.leading import lead
from guide.content.parse import NOT_SURE
from guide.content.parts import Plain, plain
from guide.content.weighing import Results, weigh
from guide.library import current
from guide.wizard.telling import paragraphs


class Command(BaseCommand):
    """Says what applies to a situation, what may, what does not, and why."""

    help = "Say what applies to a situation. Facts that are not given count as not sure."

    def add_arguments(self, parser: CommandParser) -> None:
        """Any number of answers."""
        parser.add_argument("--answer", action="append", default=[], metavar="FACT=VALUE[,VALUE]", help="an answer; may be repeated")
        parser.add_argument("--json", action="store_true", help="as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        """Weigh and print. Exit code 2 for an unknown fact or value."""
        guide = current()
        try:
            said = read_answers(options["answer"], guide)
        except ValueError as error:
            self.stderr.write(str(error))
            sys.exit(2)
        results = weigh(guide, known(said, guide.questions))
        if options["json"]:
            self.stdout.write(json.dumps(as_json(results), indent=1, ensure_ascii=False))
            return
        for applies in ("applies", "may-apply", "does-not-apply"):
            self.stdout.write(f"\n{applies}")
            for finding in results.of("option", applies):
                self.stdout.write(f"  {finding.block.title} [{finding.block.role}] ({finding.document.slug})")
                for why in finding.why:
                    self.stdout.write(f"      {why}")


def read_answers(given: list[str], guide: Guide) -> Said:
    """Read `fact=value,value` arguments. Raises ValueError, naming what is valid."""
    questions = {question.id: question for question in guide.questions}
    said: Said = {}
    for argument in given:
        fact, equals, values = argument.partition("=")
        if not equals or fact not in questions:
            raise ValueError(f"--answer {argument}: there is no fact {fact!r}; there are: {', '.join(questions)}")
        question = questions[fact]
        ticked = tuple(filter(None, values.split(",")))
        valid = [choice.id for choice in question.choices]
        if not ticked or set(ticked) - {*valid, NOT_SURE}:
            raise ValueError(f"--answer {argument}: the values of {fact} are: {', '.join([*valid, NOT_SURE])}")
        if mistake := mistake_in(question, ticked):
            raise ValueError(f"--answer {argument}: {mistake}")
        said[fact] = ticked
    return said


def as_json(results: Results) -> dict[str, Any]:
    """The verdicts as plain data.

    An option is the same one in every edition by its `page` and `id`, whatever its `title`; a page that was renamed has another `page`.
    """
    return {
        "treatments": results.treatments(),
        "options": [
            {
                "page": finding.document.slug,
                "id": finding.block.id,
                "title": finding.block.title,
                "role": finding.block.role,
                "treatments": list(finding.block.treatments),
                "verdict": finding.verdict,
                "why": list(finding.why),
            }
            for finding in results.findings
            if finding.block.kind == "option"
        ],
        "shown": [_shown(entry, results.answers) for entry in lead(results).shown],
        "ask": results.to_ask(),
        "tests": [finding.block.title for finding in results.of("test", "applies")],
    }


def _shown(entry: Entry, answers: Answers) -> dict[str, Any]:
    """An option in its place on the page, with what it still depends on.

    It applies if all of `depends_on` comes true, and nothing of `unless`.
    """
    return {
        "id": entry.block.id,
        "page": entry.finding.document.slug,
        "title": entry.block.title,
        "role": entry.block.role,
        "verdict": entry.finding.verdict,
        "group": entry.group,
        "treatments": list(entry.block.treatments),
        "depends_on": _plain(entry.parts.demands, answers),
        "unless": _plain(entry.parts.exclusions, answers),
        "cautions": [{"weight": one.block.weight, "words": " ".join(paragraphs(one.block.html))} for one in entry.cautions],
    }


def _plain(conditions: Iterable[Condition], answers: Answers) -> list[Plain]:
    return [plain(condition, answers) for condition in conditions]
