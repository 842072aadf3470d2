"""What applies to a reader: every block of the guide weighed, with its reasons. Pure."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Literal

from guide.content.blocks import KINDS, LISTED, ROLES, SPEEDS, WEIGHED, BlockKind, Kind
from guide.content.conditions import Answers, Condition, Truth, Verdict, truth, verdict
from guide.content.documents import Block, Guide, Page, Treatment
from guide.content.reasons import reasons

Applies = Literal["applies", "may-apply", "does-not-apply"]

_WORD: dict[Truth, Applies] = {True: "applies", None: "may-apply", False: "does-not-apply"}
BEST: tuple[Applies, ...] = ("applies", "may-apply", "does-not-apply")


@dataclass(frozen=True)
class Finding:
    """A block, whether it applies, and why. `facts` decided it, or (`missing`) would settle it; found when somebody wants to know."""

    document: Page | Treatment
    block: Block
    verdict: Applies
    guide: Guide = field(repr=False)
    answers: Answers = field(repr=False, hash=False)

    @cached_property
    def _found(self) -> Verdict:
        return verdict(self.block.when, self.answers)

    @cached_property
    def why(self) -> tuple[str, ...]:
        """The reasons, in plain words."""
        return tuple(reasons(self._found, self.guide))

    @cached_property
    def facts(self) -> frozenset[str]:
        """What decided it."""
        return frozenset(clause.fact for clause in self._found.clauses)

    @property
    def missing(self) -> frozenset[str]:
        """What would settle it."""
        return self._found.missing

    @property
    def url(self) -> str:
        """Where it stands in the guide."""
        return f"{self.document.url}#{self.block.id}"


@dataclass(frozen=True)
class Results:
    """Everything that was weighed for one reader."""

    guide: Guide
    findings: tuple[Finding, ...]
    answers: Answers

    def of(self, kind: BlockKind, applies: Applies) -> list[Finding]:
        """Findings of one kind and verdict; by their role where they have one, else in the guide's order."""
        found = [finding for finding in self.findings if finding.block.kind == kind and finding.verdict == applies]
        return sorted(found, key=lambda finding: ROLES.index(finding.block.role or ROLES[-1]))

    def treatments(self) -> dict[str, Applies]:
        """Each treatment's best verdict among the blocks that name it; without any, it does not apply."""
        best: dict[str, Applies] = dict.fromkeys(self.guide.treatments, "does-not-apply")
        for finding in self.findings:
            for id in finding.block.treatments:
                best[id] = min(best[id], finding.verdict, key=BEST.index)
        return best

    def cautions(self, option: Finding) -> list[Finding]:
        """What this reader should know before taking what the option names."""
        return [caution for slug in option.block.treatments for caution in self._cautions.get(slug, ())]

    @cached_property
    def _cautions(self) -> dict[str, list[Finding]]:
        found: dict[str, list[Finding]] = {}
        for caution in self.of("caution", "applies"):
            found.setdefault(caution.document.slug, []).append(caution)
        return found

    def danger(self, *, now: bool) -> list[Finding]:
        """Danger signs of what the reader feels now; or the others that concern this reader. What can wait least comes first."""
        feels = {question.id for question in self.guide.questions if question.now}
        found = [finding for finding in self.of("callnow", "applies") if finding.facts and bool(finding.facts & feels) == now]
        return sorted(found, key=lambda finding: SPEEDS.index(finding.block.speed or SPEEDS[0]))

    @property
    def danger_page(self) -> Page | Treatment | None:
        """Where most danger signs are told, for those who named none of the places that they hang on."""
        told = [document for document, _ in self.guide.blocks("callnow")]
        count = Counter(document.path for document in told)
        return max(told, key=lambda document: count[document.path], default=None)

    def gathered(self) -> list[tuple[Kind, list[Finding]]]:
        """What applies of the kinds that have a section of their own by their row alone; those of which nothing does are left out."""
        found = ((kind, self.of(kind.name, "applies")) for kind in KINDS.values() if kind.gathered)
        return [(kind, findings) for kind, findings in found if findings]

    def by_page(self, kind: BlockKind, applies: Applies) -> list[tuple[Page | Treatment, list[Finding]]]:
        """The same, under the documents that they stand in."""
        found: dict[str, list[Finding]] = {}
        for finding in self.of(kind, applies):
            found.setdefault(finding.document.path, []).append(finding)
        return [(findings[0].document, findings) for _, findings in sorted(found.items())]

    def gaps(self) -> list[str]:
        """Questions for the care team that would settle an option that may apply."""
        open_facts = frozenset().union(*(finding.missing for finding in self.of("option", "may-apply")))
        return [question.ask for question in self.guide.questions if question.id in open_facts]

    def to_ask(self) -> list[str]:
        """Every question for the care team: the gaps first, then the guide's own."""
        return list(dict.fromkeys([*self.gaps(), *(finding.block.title for finding in self.of("ask", "applies"))]))


def differing(before: Results, now: Results) -> tuple[list[Finding], list[Finding]]:
    """What applies now and did not before; and what did and does not any more. Of what the results list."""

    def applying(results: Results) -> dict[str, Finding]:
        return {finding.url: finding for kind in LISTED for finding in results.of(kind, "applies")}

    old, new = applying(before), applying(now)
    return [finding for url, finding in new.items() if url not in old], [finding for url, finding in old.items() if url not in new]


def weigh(guide: Guide, answers: Answers) -> Results:
    """Weigh every block against what is known of a reader."""
    conditions, blocks = _weighed(guide, tuple(WEIGHED))
    verdicts = [_WORD[truth(condition, answers)] for condition in conditions]
    findings = tuple(Finding(document, block, verdicts[number], guide, answers) for document, block, number in blocks)
    return Results(guide, findings, answers)


@lru_cache(maxsize=4)
def _weighed(guide: Guide, kinds: tuple[BlockKind, ...]) -> tuple[tuple[Condition, ...], tuple[tuple[Page | Treatment, Block, int], ...]]:
    """The different conditions, and the blocks with the number of theirs: many have the same one."""
    numbers: dict[Condition, int] = {}
    blocks = tuple((document, block, numbers.setdefault(block.when, len(numbers))) for document, block in guide.blocks(*kinds))
    return tuple(numbers), blocks
