"""What readers in some situations must be told of treatments: choices that fit, cautions, and words that once misled."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.conf import settings

from guide.content.answers import known
from guide.content.blocks import WEIGHTS
from guide.content.documents import Block, Guide, documents
from guide.content.files import read_files
from guide.content.weighing import Finding, Results, weigh
from tests.django_fixtures import loaded

EARLY_RETURN = (
    "relapse=came-back hr=positive her2=low line=first menopause=after pace=steady sites=bone health=good conditions=none-of-these "
    "brca=not-found esr1=not-found akt1-pten=not-found relapse-hormone=within-12-months had=aromatase-inhibitor had-early=none-of-these"
)
HER2_SECOND = (
    "relapse=at-diagnosis hr=negative her2=positive line=second menopause=after pace=steady sites=liver health=good "
    "conditions=none-of-these had-early=none-of-these had=pertuzumab,taxane"
)
TNBC_SECOND = (
    "relapse=at-diagnosis hr=negative her2=zero line=second menopause=after pace=steady sites=lung health=good conditions=none-of-these "
    "pdl1=negative had=taxane,chemotherapy-for-metastatic"
)
CDK46 = {"ribociclib", "palbociclib", "abemaciclib"}


@pytest.fixture(scope="module")
def real() -> Guide:
    return loaded(read_files(settings.CONTENT_DIR))


def results(guide: Guide, told: str, **more: str) -> Results:
    """What comes of answers, `fact=value` each; a value may be several, with commas. `more` comes in their place."""
    answers = dict(answer.split("=") for answer in told.split()) | {fact.replace("_", "-"): value for fact, value in more.items()}
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
    had = "aromatase-inhibitor,cdk46-inhibitor"
    fresh, again = (results(real, EARLY_RETURN, pik3ca="found", had=had, had_early=early) for early in ("none-of-these", "cdk46-inhibitor"))
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


@pytest.mark.parametrize("treatment", ["tucatinib", "trastuzumab-deruxtecan"])
def test_medicines_that_reach_the_lining_of_the_brain_stand_there(real: Guide, treatment: str) -> None:
    found = results(real, HER2_SECOND, sites="brain", brain_lining="yes")
    assert [finding for finding in options(found, treatment) if "reaches the lining" in finding.block.title]
    without = results(real, HER2_SECOND, sites="brain", brain_lining="no")
    assert not [finding for finding in options(without, treatment) if "reaches the lining" in finding.block.title]


@pytest.mark.parametrize("illness", ["autoimmune", "transplant"])
def test_where_immunotherapy_does_not_fit_the_conjugates_come_first(real: Guide, illness: str) -> None:
    found = results(real, TNBC_SECOND, line="first", had="none-of-these", pdl1="", conditions=illness)
    assert roles(found, "sacituzumab-govitecan") == ["usual"] and "usual" in roles(found, "datopotamab-deruxtecan")


# Cautions

CONJUGATES = "ado-trastuzumab-emtansine trastuzumab-deruxtecan sacituzumab-govitecan datopotamab-deruxtecan"
CHEMOTHERAPY = (
    "capecitabine carboplatin cisplatin cyclophosphamide docetaxel doxorubicin epirubicin eribulin fluorouracil gemcitabine irinotecan "
    "ixabepilone methotrexate nab-paclitaxel paclitaxel pegylated-liposomal-doxorubicin vinorelbine"
)
TOLD = {
    "liver": "doxorubicin epirubicin pegylated-liposomal-doxorubicin paclitaxel nab-paclitaxel docetaxel capecitabine fluorouracil "
    "cyclophosphamide gemcitabine vinorelbine irinotecan methotrexate eribulin everolimus olaparib memantine",
    "kidney": "olaparib talazoparib carboplatin cisplatin inavolisib gemcitabine levetiracetam capecitabine",
    "lung-scarring": "pembrolizumab dostarlimab gemcitabine methotrexate vinorelbine alpelisib palbociclib",
    "heart": "letrozole exemestane anastrozole ovarian-removal doxorubicin vepdegestrant surgery",
    "long-qt": "vepdegestrant ribociclib eribulin",
    "dpd-deficiency": "capecitabine fluorouracil ixabepilone lapatinib neratinib tucatinib",
    "neuropathy": "paclitaxel nab-paclitaxel docetaxel ixabepilone eribulin vinorelbine cisplatin ado-trastuzumab-emtansine",
    "transplant": "pembrolizumab dostarlimab everolimus",
    "blood-thinner": "tamoxifen capecitabine fluorouracil fulvestrant ado-trastuzumab-emtansine duloxetine surgery bone-surgery",
    "hepatitis-b": f"everolimus pembrolizumab palbociclib olaparib trastuzumab {CONJUGATES} {CHEMOTHERAPY}",
    "pregnant": f"tamoxifen letrozole fulvestrant ovarian-removal ovarian-suppression inavolisib trastuzumab pembrolizumab "
    f"zoledronic-acid pamidronate denosumab duloxetine dexamethasone growth-factor-shots {CHEMOTHERAPY}",
}


def cautions(guide: Guide, condition: str) -> dict[str, Block]:
    """The cautions for somebody with one health problem, by treatment."""
    found = weigh(guide, {"conditions": frozenset({condition})}).of("caution", "applies")
    return {finding.document.slug: finding.block for finding in found}


@pytest.mark.parametrize("condition", TOLD)
def test_who_has_an_illness_is_told_with_each_medicine_that_it_concerns(real: Guide, condition: str) -> None:
    assert {*TOLD[condition].split()} - {*cautions(real, condition)} == set()


WITHOUT_RISK_OR_SOURCE = {
    *("brain-surgery", "spine-surgery", "bone-surgery"),  # an operation away from the baby
    *("clinical-trial", "stay-on-treatment"),  # what it is of is told with it
    "atezolizumab",  # no longer given
}


def test_every_treatment_that_can_harm_an_unborn_baby_says_so_to_who_is_pregnant_and_to_who_could_be(real: Guide) -> None:
    treatments = {treatment.slug for treatment in real.treatments.values() if treatment.kind == "treatment"} - WITHOUT_RISK_OR_SOURCE
    assert treatments - {*cautions(real, "pregnant")} == set()
    assert treatments - {*cautions(real, "pregnancy-possible")} - {"surgery", "breast-surgery"} == set()


def test_who_is_pregnant_reads_what_is_not_given_and_who_could_be_reads_of_birth_control(real: Guide) -> None:
    avoided = {slug for slug, block in cautions(real, "pregnant").items() if block.weight == "avoid"}
    assert {"tamoxifen", "trastuzumab", "palbociclib", "bone-radiation", "ovarian-removal", "inavolisib", "methotrexate"} <= avoided
    assert not avoided & {"doxorubicin", "epirubicin", "paclitaxel", "breast-surgery"}
    assert {block.weight for block in cautions(real, "pregnancy-possible").values()} == {"care"}
    assert "unborn baby" in cautions(real, "pregnant")["anastrozole"].html
    assert "first 3 months" in cautions(real, "pregnant")["doxorubicin"].html
    assert "palbociclib and fulvestrant" in cautions(real, "pregnant")["inavolisib"].html


def test_a_medicine_that_can_be_deadly_without_dpd_says_so(real: Guide) -> None:
    told = cautions(real, "dpd-deficiency")
    beside = {slug for slug, block in told.items() if "Its partner is often" in block.html}
    assert {slug for slug, block in told.items() if block.weight == "care"} == beside, "of these another medicine is the dangerous one"
    assert {"capecitabine", "fluorouracil"} <= told.keys() - beside and len(beside) == 4
    assert all(re.search(r"deadly|death", block.html) for block in told.values())


def test_each_caution_says_what_to_do_and_stands_by_itself(real: Guide) -> None:
    """It is printed under "Because you are pregnant" and the like, with the names of the medicines, away from its page."""
    blocks = [block for _, block in real.blocks("caution")]
    assert len(blocks) > 300 and all(block.weight in WEIGHTS and block.sources for block in blocks)
    plain = [re.sub(r"<[^>]*>", "", block.html) for block in blocks]
    assert [text for text in plain if re.search(r"\b(this page|(listed|said|named) (above|below)|see also)\b", text, re.IGNORECASE)] == []
    assert [text for text in plain if len(text) > 420] == []


def test_the_part_for_who_is_pregnant_says_what_is_given_what_waits_and_whom_to_ask(real: Guide) -> None:
    (page,) = (page for page in real.pages if page.slug == "medicines")
    (section,) = (section for section in page.body.sections if section.title == "If you are or may be pregnant")
    text = " ".join(re.sub(r"<[^>]*>", " ", part) for part in section.parts if isinstance(part, str))
    for word in ("first 3 months", "Breast surgery", "Hormonal therapy", "HER2", "Immunotherapy", "Radiation", "pregnancy doctor"):
        assert word in text
    asked = weigh(real, {"conditions": frozenset({"pregnant"})}).of("ask", "applies")
    assert [finding for finding in asked if finding.block.title.startswith("I am pregnant")]


# Words


def sentences(guide: Guide) -> Iterator[tuple[str, str]]:
    """Every sentence of the guide's documents, with their paths."""
    for document in documents(guide):
        for sentence in re.split(r"(?<=[.!?:;]) ", document.body.text):
            yield document.path, sentence


def test_yellow_skin_has_one_speed(real: Guide) -> None:
    """It can be the liver: the call is now, on every page."""
    texts = [(document.path, document.body.text) for document in documents(real)]
    around = [
        (path, text[max(0, at.start() - 260) : at.end() + 130])
        for path, text in texts
        for at in re.finditer("[Yy]ellow skin|turn(?:s)? yellow", text)
    ]
    assert len(around) > 12
    assert [path for path, words in around if not re.search(r"at once|right away|\bnow\b|the same day", words)] == []
    assert [path for path, text in texts if re.search(r"[Yy]ellow skin[^.]*the same day", text)] == []
    signs = [block.html for _, block in real.blocks("callnow") if block.title.startswith("Yellow skin")]
    assert signs and all("right away" in sign and "same day" not in sign for sign in signs)


def test_the_figure_of_jaw_damage_is_of_cancer_in_the_bones(real: Guide) -> None:
    told = [(path, sentence) for path, sentence in sentences(real) if "in 100" in sentence and "jaw" in sentence]
    assert [path for path, sentence in told if "fewer than 2 in 100" not in sentence] == []
    assert not [path for path, sentence in sentences(real) if "2 in 100" in sentence and "first year" in sentence]


def test_what_is_known_of_two_new_medicines_is_said_to_be_from_the_trial(real: Guide) -> None:
    for slug in ("vepdegestrant", "gedatolisib"):
        (effects,) = (section for section in real.treatments[slug].body.sections if section.title == "Common side effects and what helps")
        text = " ".join(part for part in effects.parts if isinstance(part, str))
        assert "This is from the trial" in text and "in 100" in text


def test_a_brand_is_gone_only_as_far_as_we_know(real: Guide) -> None:
    gone = [sentence for _, sentence in sentences(real) if "Megace is no longer sold" in sentence]
    assert gone and all("As far as we know" in sentence for sentence in gone)
