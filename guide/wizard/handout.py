"""The results on paper: the same findings as the page, as plain data for the PDF. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from guide.content.weighing import Finding, Results

_CITE = re.compile(r"<sup\b.*?</sup>", re.DOTALL)
_END = re.compile(r"</(?:p|li|h\d|tr|dd|dt)>|<br\s*/?>")
_TAG = re.compile(r"<[^>]+>")


@dataclass(frozen=True)
class Situation:
    """What the reader said, in words; what she is not sure of."""

    said: Sequence[str]
    unsure: Sequence[str]


def handout(results: Results, situation: Situation, address: Callable[[str], str]) -> dict[str, Any]:
    """The parts of the handout in the order of the page. `address` makes a full address of a path."""
    write = _Writer(results, address)
    asks = results.of("ask", "applies")
    gaps = results.gaps()
    questions = [*gaps, *(title for title in (finding.block.title for finding in asks if finding.facts) if title not in gaps)]
    return {
        "said": list(situation.said),
        "unsure": list(situation.unsure),
        "danger": [write.finding(finding) for finding in results.danger(now=True)],
        "parts": [
            write.part("applies", "Applies: what people in your situation often discuss", results.of("option", "applies"), cautions=True),
            write.part("tests", "Tests to ask about", results.of("test", "applies")),
            write.part("support", "Help with symptoms and side effects", results.of("support", "applies")),
            *(write.part(kind.name, kind.gathered, findings) for kind, findings in results.gathered()),
        ],
        "questions": questions,
        "questions_for_all": [finding.block.title for finding in asks if not finding.facts],
        "maybe": [
            {"page": document.title, "lines": [write.line(finding) for finding in findings]}
            for document, findings in results.by_page("option", "may-apply")
        ],
        "not_count": len(results.of("option", "does-not-apply")),
        "signs": [write.line(finding) for finding in results.danger(now=False)],
    }


def paragraphs(rendered: str) -> list[str]:
    """The paragraphs and list items of rendered Markdown as plain text, without marks of sources."""
    texts = (html.unescape(_TAG.sub("", piece)) for piece in _END.split(_CITE.sub("", rendered)))
    return [text for text in (" ".join(piece.split()) for piece in texts) if text]


class _Writer:
    def __init__(self, results: Results, address: Callable[[str], str]) -> None:
        self.results, self.address = results, address

    def part(self, id: str, heading: str, findings: Iterable[Finding], *, cautions: bool = False) -> dict[str, Any]:
        """Findings under a heading."""
        return {"id": id, "heading": heading, "findings": [self.finding(finding, cautions=cautions) for finding in findings]}

    def finding(self, finding: Finding, *, cautions: bool = False) -> dict[str, Any]:
        """A finding with its text, reason, sources, and what to take care of."""
        guide, block = self.results.guide, finding.block
        named = [guide.treatments[id] for id in block.treatments]
        return {
            **self.line(finding),
            "text": paragraphs(block.html),
            "given": [f"{treatment.title}: {treatment.given}" for treatment in named if treatment.given],
            "cautions": [self._caution(caution) for caution in self.results.cautions(finding)] if cautions else [],
            "sources": [f"{source.title} ({source.publisher}, {source.date})" for source in (guide.sources[id] for id in block.sources)],
        }

    def line(self, finding: Finding) -> dict[str, str]:
        """A finding in one line: what readers see above its title, title, address, and why."""
        return {
            "kind": finding.block.heading,
            "title": finding.block.title,
            "address": self.address(finding.url),
            "why": " ".join(finding.why),
        }

    def _caution(self, caution: Finding) -> dict[str, str]:
        return {**self.line(caution), "title": f"{caution.document.title}: {caution.block.title}"}
