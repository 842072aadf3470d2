"""The results on paper: the same model as the page, as plain data for the PDF. The first page stands alone. Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from guide.content.answers import Said
from guide.content.blocks import ROLE_LABELS, ROLES
from guide.content.branching import Branch, Entry, Line
from guide.content.leading import Leading
from guide.content.spoken import listed
from guide.content.weighing import Finding
from guide.wizard import telling
from guide.wizard.telling import paragraphs


@dataclass(frozen=True)
class Situation:
    """What the reader said, in words; what she is not sure of."""

    said: Sequence[str]
    unsure: Sequence[str]


def handout(leading: Leading, answers: Said, situation: Situation, address: Callable[[str], str]) -> dict[str, Any]:
    """The parts of the handout in the order of the page. `address` makes a full address of a path."""
    write = _Writer(leading, address)
    results = leading.results
    tests, more_tests = telling.tests(leading)
    help_now, more_help = telling.help_now(results)
    questions = telling.to_ask(leading)
    return {
        "situation": telling.situation(results.guide, answers),
        "said": list(situation.said),
        "unsure": list(situation.unsure),
        "danger": [write.in_full(finding) for finding in results.danger(now=True)],
        "nothing_first": leading.nothing_first,
        "untold": len(leading.untold),
        "short": [write.short(line) for line in telling.short_lines(leading)],
        "asks": [question.ask for question in telling.asks(leading)],
        "none_suits": telling.none_suits(leading),
        "told": leading.told,
        "aside": leading.aside,
        "often": write.often(),
        "elsewhere": {"words": results.guide.site.leads.elsewhere, "lines": [write.line(entry.finding) for entry in leading.elsewhere]},
        "because": [write.because(one) for one in telling.because(leading)],
        "others": [
            {"heading": ROLE_LABELS[role], "lines": [write.option(entry) for entry in leading.others[role]]}
            for role in ROLES[1:]
            if leading.others[role]
        ],
        "parts": [
            write.part("tests", "Tests to ask about", [*tests, *more_tests]),
            write.part("support", "Help for what bothers me", help_now),
            write.part("more-support", "More help", more_help),
            *(write.part(kind.name, kind.gathered, findings) for kind, findings in results.gathered()),
        ],
        "questions": [*questions.first],
        "more_questions": [*questions.more],
        "not_count": len(results.of("option", "does-not-apply")),
        "signs": [write.line(finding) for finding in results.danger(now=False)],
    }


class _Writer:
    def __init__(self, leading: Leading, address: Callable[[str], str]) -> None:
        self.leading, self.guide, self.address = leading, leading.results.guide, address

    def short(self, line: telling.ShortLine) -> dict[str, str]:
        """A line of what is talked about first."""
        return {"way": line.way, "after_if": line.after_if, "titles": line.titles, "withheld": line.withheld}

    def often(self) -> list[dict[str, Any]]:
        """The branches of what is often discussed; what stands there where nothing is."""
        instead = [self._option(entry) for entry in self.leading.instead]
        found = [self._headed("", "", instead)] if instead else []
        for way in self.leading.ways:
            for number, branch in enumerate(way.branches):
                found.append({**self._branch(branch, first=number == 0), "way": way.heading if number == 0 else ""})
        return found

    def _branch(self, branch: Branch, *, first: bool) -> dict[str, Any]:
        headings = {
            "if": f"If {branch.after_if}",
            "loud": f"If {branch.after_if}",
            "place": f"Because I named: {branch.place}",
            "later": "With more answers",
            "whatever": "" if first else "Whatever these answers are",
        }
        if branch.depends:
            lines = [self.option(line.first) for line in branch.lines]
            return {**self._headed(headings[branch.kind], "", []), "brief": lines, "depends": listed(branch.depends, "and")}
        return self._headed(headings[branch.kind], branch.unless, [one for line in branch.lines for one in self._line(line)])

    def _headed(self, heading: str, unless: str, options: list[dict[str, Any]]) -> dict[str, Any]:
        return {"way": "", "heading": heading, "unless": unless, "options": options, "brief": [], "depends": ""}

    def _line(self, line: Line) -> list[dict[str, Any]]:
        said = {"after_if": line.after_if, "unless": line.unless, "depends": telling.depends(line)}
        return [{**self._option(entry), **said} for entry in line.entries]

    def _option(self, entry: Entry) -> dict[str, Any]:
        """An option with all of its text."""
        named = [self.guide.treatments[id] for id in entry.block.treatments]
        return {
            **self.option(entry),
            "text": paragraphs(entry.block.html),
            "given": [f"{treatment.title}: {treatment.given}" for treatment in named if treatment.given],
            "why": " ".join(entry.finding.why),
            "after_if": "",
            "unless": "",
            "depends": "",
        }

    def option(self, entry: Entry) -> dict[str, str]:
        """An option in one line, with why it is not given as it is, or with care."""
        return {
            **self.line(entry.finding),
            "open": telling.open_answers(entry),
            "withheld": telling.withheld(entry),
            "care": telling.take_care(entry),
        }

    def because(self, one: telling.Because) -> dict[str, Any]:
        """The cautions of one reason, each in full."""
        return {
            "cause": one.cause,
            "told": [
                {"about": told.treatments, "kind": told.caution.block.heading, "text": paragraphs(told.caution.block.html)}
                for told in one.all
            ],
        }

    def part(self, id: str, heading: str, findings: Iterable[Finding]) -> dict[str, Any]:
        """Findings under a heading, in a line each."""
        return {"id": id, "heading": heading, "lines": [self.line(finding) for finding in findings]}

    def in_full(self, finding: Finding) -> dict[str, Any]:
        """A finding with its text."""
        return {**self.line(finding), "text": paragraphs(finding.block.html)}

    def line(self, finding: Finding) -> dict[str, str]:
        """A finding in one line: what readers see above it, title, address, and what its text begins with."""
        return {
            "kind": finding.block.heading,
            "title": finding.block.title,
            "address": self.address(finding.url),
            "one": telling.first_sentence(finding.block.html),
        }
