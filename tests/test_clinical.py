"""What readers in some situations must be told of treatments: choices that fit, cautions, and words that once misled."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.conf import settings

from guide.content.answers import known
from guide.content.documents import Block, Guide, Treatment
from guide.content.files import read_files
from guide.content.weighing import Finding, Results, weigh
from tests.django_fixtures import loaded

EARLY_RETURN = {
    **{"relapse": "came-back", "hr": "positive", "her2": "low", "line": "first", "menopause": "after", "pace": "steady"},
    **{"sites": "bone", "health": "good", "conditions": "none-of-these", "brca": "not-found", "esr1": "not-found"},
    **{"akt1-pten": "not-found", "relapse-hormone": "within-12-months", "had": "aromatase-inhibitor", "had-early": "none-of-these"},
}
HER2_SECOND = {
    **{"relapse": "at-diagnosis", "hr": "negative", "her2": "positive", "line": "second", "menopause": "after", "pace": "steady"},
    **{"sites": "liver", "health": "good", "conditions": "none-of-these", "had-early": "none-of-these", "had": "pertuzumab,taxane"},
}
TNBC_SECOND = {
    **{"relapse": "at-diagnosis", "hr": "negative", "her2": "zero", "line": "second", "menopause": "after", "pace": "steady"},
    **{"sites": "lung", "health": "good", "conditions": "none-of-these", "pdl1": "negative", "had": "taxane,chemotherapy-for-metastatic"},
}
CDK46 = {"ribociclib", "palbociclib", "abemaciclib"}


@pytest.fixture(scope="module")
def real() -> Guide:
    return loaded(read_files(settings.CONTENT_DIR))


def results(guide: Guide, *told: dict[str, str], **more: str) -> Results:
    """What comes of answers; each value may be several, with commas."""
    answers = {fact.replace("_", "-"): value for one in (*told, more) for fact, value in one.items()}
    return weigh(guide, known({fact: value.split(",") for fact, value in answers.items() if value}, guide.questions))


def options(found: Results, treatment: str) -> list[Finding]:
    """The options that apply and name it."""
    return [finding for finding in found.of("option", "applies") if treatment in finding.block.treatments]


def roles(found: Results, treatment: str) -> list[str | None]:
    return [finding.block.role for finding in options(found, treatment)]


# Choices


@pytest.mark.parametrize("pik3ca", ["", "not-found", "found"])
def test_early_return_offers_a_pair_whatever_is_known_of_the_growth_gene(real: Guide, pik3ca: str) -> None:
    found = results(real, EARLY_RETURN, pik3ca=pik3ca)
    pairs = [finding for finding in options(found, "fulvestrant") if CDK46 & {*finding.block.treatments}]
    assert "usual" in {finding.block.role for finding in pairs}


@pytest.mark.parametrize("menopause", ["before", "after", "man"])
def test_return_on_tamoxifen_keeps_an_aromatase_inhibitor_with_a_partner(real: Guide, menopause: str) -> None:
    def pairs(had: str) -> list[Finding]:
        found = results(real, EARLY_RETURN, menopause=menopause, pik3ca="not-found", had=had)
        return [finding for finding in options(found, "letrozole") if CDK46 & {*finding.block.treatments}]

    assert "usual" in {finding.block.role for finding in pairs("tamoxifen")}
    assert pairs("aromatase-inhibitor") == [], "after an aromatase inhibitor another one is not the pair"


def test_return_during_the_same_kind_of_pill_makes_inavolisib_a_choice_only_if(real: Guide) -> None:
    fresh, again = (
        results(real, EARLY_RETURN, pik3ca="found", **more) for more in ({}, {"had": "cdk46-inhibitor", "had_early": "cdk46-inhibitor"})
    )
    assert roles(fresh, "inavolisib") == ["usual"] and roles(again, "inavolisib") == ["only-if"]
    (option,) = options(again, "inavolisib")
    assert "12 months" in option.block.html and "CDK4/6" in option.block.html


@pytest.mark.parametrize(
    ("had", "had_early", "applies"),
    [("pertuzumab,taxane", "", True), ("t-dxd,pertuzumab", "", False), ("t-dxd,pertuzumab", "t-dxd", True)],
)
def test_t_dxd_is_the_second_treatment_of_those_who_have_not_had_it_since_the_spread(
    real: Guide, had: str, had_early: str, applies: bool
) -> None:
    early = {"relapse": "came-back", "had_early": had_early} if had_early else {}
    assert bool(roles(results(real, HER2_SECOND, had=had, **early), "trastuzumab-deruxtecan")) is applies


@pytest.mark.parametrize(("symptoms", "applies"), [("none-of-these", False), ("bone-pain", True)])
def test_radiation_and_surgery_of_bones_are_for_bones_that_hurt(real: Guide, symptoms: str, applies: bool) -> None:
    found = results(real, EARLY_RETURN, symptoms=symptoms)
    for treatment in ("bone-radiation", "bone-surgery", "external-beam-radiation", "sbrt-outside-brain"):
        named = [finding for finding in options(found, treatment) if finding.document.slug == "bones"]
        assert bool(named) is applies, treatment


def test_protein_bound_paclitaxel_stands_beside_paclitaxel_in_a_crisis(real: Guide) -> None:
    found = results(real, EARLY_RETURN, pace="crisis")
    together = [finding for finding in options(found, "paclitaxel") if finding.block.role == "usual"]
    assert together and all("nab-paclitaxel" in finding.block.treatments for finding in together)


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, ["only-if"]),
        ({"relapse": "came-back", "relapse_chemo": "not-given"}, ["only-if"]),
        ({"relapse": "came-back", "relapse_chemo": "after-12-months"}, ["usual"]),
        ({"had": "sacituzumab-govitecan"}, []),
    ],
)
def test_sacituzumab_after_one_treatment_is_a_choice_only_if(real: Guide, more: dict[str, str], expected: list[str]) -> None:
    found = results(real, TNBC_SECOND, **more)
    assert roles(found, "sacituzumab-govitecan") == expected
    assert all("two or more earlier treatments" in finding.block.html for finding in options(found, "sacituzumab-govitecan"))
