"""The guide as it applies to one reader: the same pages, each block with its verdict. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from guide.content.documents import Block, Guide, Page, Treatment
from guide.content.weighing import BEST, Finding, Results


@dataclass(frozen=True)
class Passage:
    """A part of a page; `finding` where it is a block that was weighed and does not concern everybody."""

    part: str | Block
    finding: Finding | None = None

    @property
    def folded(self) -> bool:
        """Whether it is folded away, because it does not apply."""
        return self.finding is not None and self.finding.verdict == "does-not-apply"


def passages(page: Page | Treatment, results: Results) -> list[Passage]:
    """The parts of a page in their order; nothing is left out."""
    found = {finding.block.id: finding for finding in _concerning(page, results)}
    return [Passage(part, found.get(part.id) if isinstance(part, Block) else None) for part in page.body.parts]


def naming(treatment: Treatment, results: Results) -> list[Finding]:
    """The findings that name a treatment: those that apply first, then those that may."""
    found = [finding for finding in results.findings if treatment.slug in finding.block.treatments]
    return sorted(found, key=lambda finding: BEST.index(finding.verdict))


@dataclass(frozen=True)
class Entry:
    """A page of the menu, with how many of its options apply, and how many may."""

    page: Page
    applies: int
    maybe: int


def menu(guide: Guide, results: Results) -> list[tuple[str, list[Entry]]]:
    """The menu, part by part."""
    return [(title, [_entry(page, results) for page in pages]) for title, pages in guide.parts]


def _entry(page: Page, results: Results) -> Entry:
    verdicts = [finding.verdict for finding in _concerning(page, results) if finding.block.kind == "option"]
    return Entry(page, verdicts.count("applies"), verdicts.count("may-apply"))


def _concerning(page: Page | Treatment, results: Results) -> list[Finding]:
    """Findings on this page that depend on the reader."""
    return [finding for finding in results.findings if finding.document.path == page.path and (finding.facts or finding.missing)]
