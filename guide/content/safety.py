"""What must never be shown: the rules of `safety.yaml`, tried over every situation, and treatments that are not approved. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from guide.content.blocks import OFFERS
from guide.content.conditions import All, Any, Not
from guide.content.diagrams import TooWideError
from guide.content.documents import SAFETY, Block, Guide, Page, SafetyRule, Treatment
from guide.content.effects import told
from guide.content.mistakes import WHOLE, Cause, Mistake, Place, mistake, words
from guide.content.reach import TOO_WIDE, Example, Situation, examples_of

_Option = tuple[Page | Treatment, Block]

_NOT_APPROVED: Mapping[str, str] = {"not-approved": "not approved", "withdrawn": "no longer approved"}


def unsafe(guide: Guide) -> list[Mistake]:
    """Every safety rule that is broken, each with what it says, its sources, the option, and a situation in the words of the guide.

    The facts, and where they come from, stand in the rules; `SafetyRule` says what each kind of rule means. Tried over every situation
    that the questions can tell apart, not over a sample.
    """
    try:
        with examples_of(guide) as example:
            return [mistake for rule in guide.safety if rule.must != "not-be" for mistake in _broken(guide, rule, example)]
    except TooWideError:
        return []  # the questions themselves are too wide: `unreachable` tells it


def not_approved(guide: Guide) -> list[Mistake]:
    """Blocks that offer a treatment which is not approved, or no longer is: whatever their role, since it cannot be had as they say.

    An option about research names the trial, and tells of the treatment in its words.
    """
    found = []
    for document, block in guide.blocks(*OFFERS):
        for treatment in (guide.treatments[id] for id in block.treatments if id in guide.treatments):
            if how := _NOT_APPROVED.get(treatment.status):
                cause = Cause(treatment.path, Place("status"), "still-named", (("how", how),))
                state = (("title", treatment.title), ("how", how), ("status", treatment.status))
                found.append(Mistake(document.path, "not-approved", Place("treatments", block.name), state, cause=cause))
    return found


def _broken(guide: Guide, rule: SafetyRule, example: Example) -> Iterator[Mistake]:
    if rule.must == "warned":
        for id in rule.treatments:
            if id in guide.treatments:
                yield from _not_warned(guide, rule, guide.treatments[id], example)
        return
    options = [(document, block) for document, block in guide.blocks("option") if _concerns(rule, block)]
    if rule.must == "shown":
        yield from _not_shown(guide, rule, options, example)
    elif not options and any(guide.treatments[id].approved for id in rule.treatments if id in guide.treatments):
        # A treatment that was taken back may come again, and its rule waits for it.
        yield mistake(SAFETY, "rule-guards-nothing", Place(f"{rule.id}.treatments"))
    else:
        for document, block in options:
            yield from _shown_wrongly(guide, rule, document, block, example)


def _concerns(rule: SafetyRule, block: Block) -> bool:
    return block.role in rule.roles and bool(set(rule.treatments) & set(block.treatments))


def _not_shown(guide: Guide, rule: SafetyRule, options: list[_Option], example: Example) -> Iterator[Mistake]:
    try:
        found = example(All((rule.when, Not(Any(tuple(block.when for _, block in options))))))
    except TooWideError:
        yield mistake(SAFETY, TOO_WIDE, Place(rule.id))
        return
    if found is not None:
        where = ", ".join(dict.fromkeys(document.path for document, _ in options)) or "no file"
        says = words("rule-not-shown", says=rule.says, who=_who(guide, found), where=where)
        yield _is_broken(SAFETY, Place(rule.id), guide, rule, says)


def _not_warned(guide: Guide, rule: SafetyRule, treatment: Treatment, example: Example) -> Iterator[Mistake]:
    cautions = tuple(block.when for block in treatment.body.blocks if block.kind == "caution")
    try:
        found = example(All((rule.when, Not(Any(cautions)))))
    except TooWideError:
        yield mistake(treatment.path, TOO_WIDE, Place(rule.id))
        return
    if found is not None:
        yield _is_broken(treatment.path, WHOLE, guide, rule, words("rule-not-warned", says=rule.says, who=_who(guide, found)))


def _shown_wrongly(guide: Guide, rule: SafetyRule, document: Page | Treatment, block: Block, example: Example) -> Iterator[Mistake]:
    """An option that is shown where it must not be, or without what belongs to it."""
    if rule.must == "with" and set(rule.partners) & set(block.treatments):
        return
    try:
        example(block.when)  # one that is too wide is told by `unreachable`, and is not tried again with each rule
    except TooWideError:
        return
    try:
        found = example(All((block.when, rule.when)))
    except TooWideError:
        yield mistake(document.path, TOO_WIDE, Place("when", block.name))
        return
    if found is None:
        return
    says = words("rule-shown-wrongly", says=rule.says, who=_who(guide, found))
    if rule.must == "with":
        names = [guide.treatments[id].title for id in rule.partners if id in guide.treatments]
        says += f" {words('rule-needs-partner', partners=', '.join(names))}"
    yield _is_broken(document.path, Place("treatments" if rule.must == "with" else "when", block.name), guide, rule, says)


def _is_broken(path: str, place: Place, guide: Guide, rule: SafetyRule, says: str) -> Mistake:
    return Mistake(path, "rule-broken", place, (("rule", rule.id),), f"{says} {_sources(guide, rule)}".strip())


def _who(guide: Guide, situation: Situation) -> str:
    return words("rule-who", situation=told(guide, situation)) if situation else words("rule-everybody")


def _sources(guide: Guide, rule: SafetyRule) -> str:
    titles = [guide.sources[id].title for id in rule.sources if id in guide.sources]
    return words("rule-sources", titles="; ".join(titles)) if titles else ""
