"""What applies to a reader."""

from __future__ import annotations

import dataclasses

import pytest

from guide.content.blocks import BlockKind
from guide.content.documents import Block, Body, Guide
from guide.content.weighing import Applies, Finding, differing, weigh
from guide.content.whole import load


def weighed(toy: Guide, title: str, **answers: str) -> Finding:
    known = {fact: frozenset(values.split()) for fact, values in answers.items()}
    (found,) = (finding for finding in weigh(toy, known).findings if finding.block.title == title)
    return found


@pytest.mark.parametrize(
    ("answers", "verdict", "why", "missing"),
    [
        ({"space": "bed"}, "applies", "You said: a garden bed.", set()),
        ({"space": "balcony"}, "does-not-apply", "This is for: a garden bed or a meadow. You said: a balcony.", set()),
        ({}, "may-apply", "It depends on where you grow things.", {"space"}),
    ],
)
def test_a_block_is_weighed_with_its_reasons(toy: Guide, answers: dict[str, str], verdict: Applies, why: str, missing: set[str]) -> None:
    found = weighed(toy, "Compost in spring", **answers)
    assert (found.verdict, found.why) == (verdict, (why,))
    assert found.missing == missing
    assert found.url == "/guide/soil/#compost-in-spring"


def with_danger_of_space(toy: Guide, *, asks_now: bool) -> Guide:
    """The toy guide in which one danger sign depends on the space, and its question asks what is so now or not."""
    first = toy.questions[0]
    option = next(block for _, block in toy.blocks("option") if block.title == "Compost in spring")
    sign = Block("callnow", "The bed slides away", "slides", "<p>Step back.</p>", when=option.when)
    page = toy.pages[0]
    with_sign = dataclasses.replace(page, body=dataclasses.replace(page.body, parts=(*page.body.parts, sign)))
    questions = (dataclasses.replace(first, now=asks_now), *toy.questions[1:])
    return dataclasses.replace(toy, pages=(with_sign, *toy.pages[1:]), questions=questions)


def test_a_danger_sign_that_is_felt_now_is_told_apart_from_one_to_know(toy: Guide) -> None:
    def titles(asks_now: bool, now: bool, space: str) -> list[str]:
        found = weigh(with_danger_of_space(toy, asks_now=asks_now), {"space": frozenset({space})})
        return [finding.block.title for finding in found.danger(now=now)]

    assert titles(asks_now=True, now=True, space="bed") == ["The bed slides away"]
    assert titles(asks_now=True, now=False, space="bed") == []
    assert titles(asks_now=False, now=True, space="bed") == []
    assert titles(asks_now=False, now=False, space="bed") == ["The bed slides away"]
    assert titles(asks_now=True, now=True, space="balcony") == [], "what does not apply is no danger"


def test_the_danger_sign_that_can_wait_least_comes_first(toy: Guide) -> None:
    guide = with_danger_of_space(toy, asks_now=True)
    page = guide.pages[0]
    *others, sign = page.body.parts
    assert isinstance(sign, Block)
    signs = [dataclasses.replace(sign, title=speed or "not told", speed=speed) for speed in ("same-day", "now", None, "911")]
    page = dataclasses.replace(page, body=dataclasses.replace(page.body, parts=(*others, *signs)))
    found = weigh(dataclasses.replace(guide, pages=(page, *guide.pages[1:])), {"space": frozenset({"bed"})})
    assert [finding.block.title for finding in found.danger(now=True)] == ["not told", "911", "now", "same-day"]


def test_a_danger_sign_for_everybody_is_left_to_its_page(toy: Guide) -> None:
    found = weigh(toy, {})
    assert weighed(toy, "Water reaches the power socket").verdict == "applies"
    assert found.danger(now=True) == found.danger(now=False) == []


def test_every_block_is_weighed_once_but_what_changed_is_no_advice(toy: Guide) -> None:
    findings = weigh(toy, {}).findings
    assert len(findings) == len(list(toy.blocks("option", "support", "test", "ask", "callnow")))
    assert not [finding for finding in findings if finding.block.kind == "changed"]


def test_blocks_of_treatments_are_weighed_too(toy: Guide) -> None:
    assert weighed(toy, "The heap is smoking").url == "/guide/treatments/compost/#the-heap-is-smoking"


def test_each_finding_is_under_exactly_one_verdict(toy: Guide) -> None:
    results = weigh(toy, {"space": frozenset({"bed"})})
    kinds: tuple[BlockKind, ...] = ("option", "support", "test", "ask", "callnow")
    verdicts: tuple[Applies, ...] = ("applies", "may-apply", "does-not-apply")
    listed = [finding for kind in kinds for applies in verdicts for finding in results.of(kind, applies)]
    assert sorted(map(id, listed)) == sorted(map(id, results.findings))


def test_options_stand_in_the_order_of_their_roles_and_then_of_the_guide(toy: Guide) -> None:
    options = weigh(toy, {}).of("option", "may-apply")
    assert [(finding.block.role, finding.block.title) for finding in options] == [
        ("usual", "Compost in spring"),
        ("usual", "Netting over the bed"),
        ("other", "Mulch for sandy beds"),
        ("other", "A ditch for standing water"),
        ("only-if", "Leave it to the birds"),
        ("trial", "Compost in the pot"),
    ]


def test_a_treatment_has_the_best_verdict_of_the_blocks_that_name_it(toy: Guide) -> None:
    assert weigh(toy, {}).treatments() == {"compost": "may-apply", "mulch": "may-apply", "netting": "may-apply"}
    balcony = weigh(toy, {"space": frozenset({"balcony"}), "visitors": frozenset({"mice"})})
    assert balcony.treatments() == {"compost": "applies", "mulch": "does-not-apply", "netting": "does-not-apply"}
    bed = weigh(toy, {"space": frozenset({"bed"}), "visitors": frozenset({"slugs"}), "soil": frozenset({"clay"})})
    assert bed.treatments() == {"compost": "applies", "mulch": "may-apply", "netting": "applies"}


def test_a_treatment_that_no_block_names_does_not_apply(toy: Guide) -> None:
    extra = dataclasses.replace(toy.treatments["mulch"], slug="moss", body=Body())
    assert weigh(dataclasses.replace(toy, treatments={**toy.treatments, "moss": extra}), {}).treatments()["moss"] == "does-not-apply"


def test_findings_stand_under_their_documents_in_the_order_of_the_menu(toy: Guide) -> None:
    found = weigh(toy, {}).by_page("option", "may-apply")
    assert [(document.slug, len(findings)) for document, findings in found] == [("soil", 3), ("water", 1), ("visitors", 2)]
    assert weigh(toy, {}).by_page("option", "applies") == []


def test_gaps_are_the_questions_that_would_settle_an_option(toy: Guide) -> None:
    assert weigh(toy, {}).gaps() == ["How big is the plot, and is it ours?", "Who eats our lettuce?", "May we put up a rain barrel?"]
    bed = {"space": frozenset({"bed"}), "visitors": frozenset({"nobody"}), "rain": frozenset({"no"})}
    assert weigh(toy, bed).gaps() == ["What kind of soil is in our bed?"]
    assert weigh(toy, {**bed, "soil": frozenset({"clay"})}).gaps() == ["Does water stand on our bed after rain?"]
    assert weigh(toy, {**bed, "soil": frozenset({"loam"})}).gaps() == []


def test_an_open_support_or_test_makes_no_gap(toy: Guide) -> None:
    settled = {"space": frozenset({"bed"}), "soil": frozenset({"loam"}), "visitors": frozenset({"nobody"})}
    results = weigh(toy, settled)
    assert [finding.block.title for finding in results.of("support", "may-apply")] == ["A cover on the ground"]
    assert results.gaps() == []


def test_what_to_ask_is_the_gaps_first_and_then_the_questions_of_the_guide(toy: Guide) -> None:
    heavy = {"space": frozenset({"bed"}), "soil": frozenset({"clay"}), "visitors": frozenset({"nobody"}), "rain": frozenset({"no"})}
    assert weigh(toy, heavy).to_ask() == ["Does water stand on our bed after rain?", "Would a raised bed help my clay?"]


def test_the_same_question_is_asked_once(toy: Guide) -> None:
    twin = Block("ask", "How big is the plot, and is it ours?", "plot", "")
    page = dataclasses.replace(toy.pages[0], body=Body(parts=(*toy.pages[0].body.parts, twin)))
    asked = weigh(dataclasses.replace(toy, pages=(page, *toy.pages[1:])), {}).to_ask()
    assert asked.count("How big is the plot, and is it ours?") == 1


def test_a_caution_is_told_with_the_option_to_the_reader_whom_it_concerns(careful_texts: dict[str, str]) -> None:
    guide = load(careful_texts)

    def cautions(*visitors: str) -> list[str]:
        found = weigh(
            guide, {"space": frozenset({"bed"}), "soil": frozenset({"sand"}), "rain": frozenset({"no"}), "visitors": frozenset(visitors)}
        )
        (option,) = (finding for finding in found.of("option", "applies") if finding.block.title == "Mulch for sandy beds")
        return [finding.block.title for finding in found.cautions(option)]

    assert cautions("slugs", "mice") == ["Slugs love it"]
    assert cautions("mice") == []


def test_what_a_change_of_mind_brings_and_takes_is_told(toy: Guide) -> None:
    balcony, bed = (weigh(toy, {"space": frozenset({space})}) for space in ("balcony", "bed"))
    new, gone = differing(balcony, bed)
    assert [finding.block.title for finding in new] == ["Compost in spring", "Shake some soil in a jar"]
    assert [finding.block.title for finding in gone] == ["Compost in the pot"]
    assert differing(bed, bed) == ([], [])
