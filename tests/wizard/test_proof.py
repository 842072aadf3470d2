"""The proof of the wizard: silent where all is well, and loud about each thing that can be wrong."""

from __future__ import annotations

import pytest

from guide.content.conditions import Answers, Condition, Verdict, verdict
from guide.content.documents import Guide
from guide.content.whole import assembled, load
from guide.wizard import flow, proof
from guide.wizard.proof import prove

SOIL, WATER = "en/pages/10-soil.md", "en/pages/20-water.md"
ALWAYS = """
/// option | Look at the sky
    id: look-at-the-sky
    role: usual
    treatments: [mulch]
    sources: [rain-study]
Everybody can.
///

/// support | A hat
    id: a-hat
    treatments: [mulch]
    sources: [rain-study]
Against the sun.
///

/// ask | What comes next?
    id: what-comes-next
///
"""


@pytest.fixture
def texts(toy_texts: dict[str, str]) -> dict[str, str]:
    """The toy guide with something for everybody."""
    toy_texts[WATER] += ALWAYS
    return toy_texts


def wrong(texts: dict[str, str], readers: int = 20) -> list[str]:
    """What is found in a guide that nobody checked before."""
    return prove(assembled(texts), readers=readers, seed=1).wrong


def test_a_guide_without_a_mistake_is_proven_and_what_was_tried_is_told(texts: dict[str, str]) -> None:
    report = prove(load(texts), readers=50, seed=1)
    assert report.wrong == []
    assert report.tried["conditions"] == 10
    assert report.tried["partial answers"] > 100
    assert report.tried["readers"] == 50
    assert 2 <= report.tried["median pages"] <= report.tried["most pages"] <= 5


def test_a_reader_whom_nothing_is_shown_is_found(toy_texts: dict[str, str]) -> None:
    toy_texts[SOIL] = toy_texts[SOIL].replace("{space: balcony}\n    role", '{space: balcony, rain: "no"}\n    role', 1)
    told = wrong(toy_texts)
    assert any(sentence.startswith("No option is shown for ") and "space: balcony" in sentence for sentence in told)
    assert any(sentence.startswith("No support is shown for ") for sentence in told)
    assert any(sentence.startswith("No ask is shown for ") for sentence in told)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("{space: balcony}\n    role", "{space: balcony, soil: clay}\n    role", "option | Compost in the pot: its condition holds in no situation"),
        ("{is: heavy-ground}", "{any: [{space: bed}, {not: {space: bed}}]}", "ask | Would a raised bed help my clay?: its condition holds in every"),
    ],
)  # fmt: skip
def test_a_block_for_nobody_or_a_condition_for_nothing_is_found(texts: dict[str, str], old: str, new: str, expected: str) -> None:
    texts[SOIL] = texts[SOIL].replace(old, new, 1)
    assert any(expected in sentence for sentence in wrong(texts))


def test_a_broken_safety_rule_is_told(texts: dict[str, str]) -> None:
    texts["safety.yaml"] = (
        "guard: {says: Mind the heap., treatments: [compost], when: {space: balcony}, must: never, sources: [slug-diary]}\n"
    )
    (told,) = wrong(texts)
    assert told.startswith(f"{SOIL}: option | Compost in the pot: when: the safety rule “guard” is broken: Mind the heap.")


def test_a_verdict_that_is_surer_than_it_may_be_is_found(texts: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    def hasty(condition: Condition, answers: Answers) -> Verdict:
        found = verdict(condition, answers)
        return found if found.holds is not None else Verdict(True)

    monkeypatch.setattr(proof, "verdict", hasty)
    assert any("is True for somebody of whom nothing is known" in sentence for sentence in wrong(texts))


def test_a_question_that_changes_nothing_is_found(texts: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flow, "worth_asking", lambda question, conditions, answers: True)
    assert any("is asked, and no answer changes anything" in sentence for sentence in wrong(texts))


def test_a_way_that_is_too_long_is_found(texts: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(proof, "LONGEST_WAY", 3)
    assert any(sentence.startswith("A way has 4 pages: ") for sentence in wrong(texts, readers=200))


def test_the_same_seed_makes_the_same_readers(toy: Guide) -> None:
    one, two, other = (prove(toy, readers=40, seed=seed).tried for seed in (1, 1, 2))
    assert one == two and one["readers"] == other["readers"]
