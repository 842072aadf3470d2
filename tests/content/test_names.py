"""Names of treatments: offered, recognised with a typo in them or for short, and never taken for one another."""

from __future__ import annotations

import dataclasses
import re
from functools import cache

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from guide.content.documents import Guide, PlanNames, same_letters
from guide.content.files import read_files
from guide.content.names import Meant, Names, meant, names
from tests.django_fixtures import loaded

SHED = PlanNames("shed", ("treatment", "supportive"), (), (("cmp", "compost"), ("wj2", "compost")), frozenset({"comfort", "malch"}))


@cache
def medicines() -> Names:
    """What the medicine fields of the real plan know."""
    guide = loaded(read_files(settings.CONTENT_DIR))
    return names(guide, next(one.complete for group in guide.plan for field in group.fields for one in field.fields if one.complete))


def told(text: str, known: Names) -> tuple[str, str, bool] | None:
    found = meant(text, known)
    return (found.name, found.text, found.short) if found else None


@pytest.fixture
def shed(toy: Guide) -> Names:
    return names(toy, SHED)


# What is offered


def test_a_title_is_offered_alone_and_a_brand_with_its_title(shed: Names) -> None:
    assert shed.offered == ("Black Gold (compost)", "compost", "mulch", "netting", "Old Heap (compost)", "Worm Joy (compost)")


def test_some_kinds_and_some_treatments_are_left_out(toy: Guide) -> None:
    assert names(toy, PlanNames("none", ("test",))).offered == ()
    assert "netting" in names(toy, SHED).offered
    assert "netting" not in names(toy, PlanNames("shed", SHED.kinds, ("netting",))).offered


def test_real_medicines_are_offered_alone_and_by_brand() -> None:
    offered = medicines().offered
    assert {"letrozole", "Femara (letrozole)", "tamoxifen", "Soltamox (tamoxifen)", "Nolvadex (tamoxifen)"} <= {*offered}
    assert not {"letrozole (Femara)", "tamoxifen (Soltamox)"} & {*offered}
    assert len(set(offered)) == len(offered)


# Typos


@pytest.mark.parametrize(
    "text",
    [
        "",
        "mulch",
        "Mulch",
        "WORM JOY",
        "compost, Black Gold",
        "mulch 3 cm deep",
        "compost and mulch",
        "beans",
        "nets",
        "moist",
        "a very long text about nothing",
        "comfort",
        "Malch",
        "some malch",
        "dulch",
    ],
)
def test_what_is_known_or_far_from_known_is_left_alone(shed: Names, text: str) -> None:
    assert meant(text, shed) is None


@pytest.mark.parametrize(
    ("text", "name", "whole"),
    [
        ("Blak Gold", "Black Gold", "Black Gold"),
        ("wrom joy", "Worm Joy", "Worm Joy"),
        ("compst", "compost", "compost"),
        ("Copmost", "compost", "compost"),
        ("mulch + compst", "compost", "mulch + compost"),
        ("compst, 2 buckets", "compost", "compost, 2 buckets"),
        ("fine neting from Ann", "netting", "fine netting from Ann"),
        ("netting and mulsh", "mulch", "netting and mulch"),
        ("malch compst", "compost", "malch compost"),
        ("compost (garden compst)", "garden compost", "compost (garden compost)"),
        ("ulch", "", ""),
        ("omulch", "", ""),
    ],
)
def test_a_typo_leads_to_the_name_and_the_rest_of_the_text_stays(shed: Names, text: str, name: str, whole: str) -> None:
    assert told(text, shed) == ((name, whole, False) if name else None)


def test_what_is_as_near_to_another_name_is_left_alone(toy: Guide, shed: Names) -> None:
    assert told("comport", shed) is None  # as near to "comfort"
    assert told("comport", names(toy, dataclasses.replace(SHED, others=frozenset()))) == ("compost", "compost", False)


@pytest.mark.parametrize(
    ("typed", "right"),
    [
        ("Doxetaxel", "docetaxel"),
        ("tamoxafen", "tamoxifen"),
        ("Gemcitibine", "gemcitabine"),
        ("letrozol", "letrozole"),
        ("taxoter", "Taxotere"),
        ("femera", "Femara"),
        ("anastrazole", "anastrozole"),
        ("exemestaine", "exemestane"),
        ("fulvestrent", "fulvestrant"),
        ("palbocyclib", "palbociclib"),
        ("Abemacyclib", "abemaciclib"),
        ("capecitibine", "capecitabine"),
        ("Zeloda", "Xeloda"),
        ("Cadcyla", "Kadcyla"),
        ("Adriamicin", "Adriamycin"),
        ("Enhurtu", "Enhertu"),
        ("verzinio", "Verzenio"),
        ("pacitaxel", "paclitaxel"),
        ("Trastuzumab deruxtecn", "trastuzumab deruxtecan"),
        ("sacituzimab govitecan", "sacituzumab govitecan"),
        ("zolendronic acid", "zoledronic acid"),
        ("doxorubicn liposomal", "doxorubicin liposomal"),
        ("Femarra (letrozole) 2.5 mg", "Femara (letrozole) 2.5 mg"),
        ("Kepra XR", "Keppra XR"),
        ("Kepra ER", "Keppra ER"),
    ],
)
def test_a_misspelt_medicine_leads_to_the_name_that_was_written(typed: str, right: str) -> None:
    found = meant(typed, medicines())
    assert found and (found.text, found.short) == (right, False)


LOOK_ALIKE = """
fluoxetine duloxetine paroxetine dapoxetine buserelin goserelin decitabine gemcitabine azacitidine cytarabine afatinib lapatinib
gefitinib ceritinib neratinib vinblastine vincristine vinorelbine docetaxel paclitaxel cabazitaxel cisplatin carboplatin
oxaliplatin doxorubicin daunorubicin epirubicin idarubicin everolimus sirolimus tamoxifen raloxifene toremifene tamsulosin
letrozole anastrozole aripiprazole omeprazole exemestane megestrol memantine amantadine methotrexate pemetrexed pertuzumab
palivizumab denosumab dexamethasone betamethasone prednisone prednisolone levetiracetam levofloxacin olanzapine olaparib
loperamide lorazepam alprazolam clonazepam clonidine hydroxyzine hydralazine metformin metronidazole Celebrex Celexa Cerebyx
Zyprexa Zyrtec Zometa Zofran Taxol Paxil Taxotere Xeloda Xenical Femara Femhrt Arimidex Aromasin Herceptin Faslodex Casodex
Prozac Cymbalta Lupron Lyrica Neurontin Coumadin Eliquis Xarelto warfarin apixaban atorvastatin lisinopril ondansetron
turmeric melatonin calcium magnesium biotin ginkgo
"""


@pytest.mark.parametrize("typed", LOOK_ALIKE.split())
def test_right_names_that_look_alike_are_left_alone(typed: str) -> None:
    assert meant(typed, medicines()) is None
    assert meant(f"{typed.upper()} 20 mg", medicines()) is None


@pytest.mark.parametrize(
    "typed",
    [
        "oral SERM",
        "BYL718",
        "patritumab deruxtecan",
        "sacituzumab tirumotecan",
        "trastuzumab rezetecan",
        "paclitaxel poliglumex",
        "doxorubicin HCl",
    ],
)
def test_a_name_of_two_words_or_with_a_number_is_not_changed_into_another(typed: str) -> None:
    assert meant(typed, medicines()) is None


def test_no_right_name_is_ever_taken_for_another() -> None:
    known = medicines()
    other = {name for name in known.others if same_letters(name) not in known.short}
    wrong = {name: found for name in other if (found := meant(name, known))}
    assert len(other) > 2000
    assert wrong == {}
    typos = {name: found for name in known.known.values() if (found := meant(name, known)) and not found.short}
    assert typos == {}


def test_nearly_every_name_is_found_with_one_slip_in_it_and_none_is_mixed_up() -> None:
    """A letter left out, doubled, or another vowel: as people hear a name, and slip."""
    known = medicines()
    told, found, mixed = 0, 0, {}
    for name in known.titles:
        for slip in sorted(_slips(name) - known.known.keys())[::3]:
            told += 1
            means = meant(slip, known)
            found += bool(means)
            if means and means.name != name:
                mixed[slip] = means
    assert mixed == {}
    assert found > 0.97 * told > 500


def _slips(name: str) -> set[str]:
    left_out = {name[:at] + name[at + 1 :] for at in range(1, len(name))}
    doubled = {name[:at] + name[at] + name[at:] for at in range(1, len(name))}
    heard = {name[:at] + vowel + name[at + 1 :] for at in range(1, len(name)) if name[at] in "aeiou" for vowel in "aeiou"}
    return (left_out | doubled | heard) - {name}


# Short names


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("cmp", "compost"),
        ("CMP", "compost"),
        ("c-m p", "compost"),
        ("cmp, 2 buckets", "compost, 2 buckets"),
        ("2 buckets of cmp", "2 buckets of compost"),
        ("mulch/cmp", "mulch/compost"),
        ("wj-2", "compost"),
        ("mulch-cmp", "mulch-compost"),
        ("cmp-like", None),
        ("cmpx", None),
        ("cmp (Black Gold)", None),
        ("compost, cmp", None),
        ("netti", "netting"),
        ("nett", None),
        ("compo", "compost"),
        ("malch", None),
    ],
)
def test_a_short_name_leads_to_what_it_means_unless_that_is_said(shed: Names, text: str, whole: str | None) -> None:
    found = meant(text, shed)
    assert (found and (found.text, found.short)) == (whole and (whole, True))


def test_a_long_story_is_not_looked_through(shed: Names) -> None:
    """Every word of it would be compared with every name."""
    assert told("composd", shed)
    assert told("composd " * 100, shed) is None


def test_the_first_letters_of_two_names_are_short_for_none(toy: Guide) -> None:
    nettles = dataclasses.replace(SHED, others=frozenset({"nettiform"}))
    assert meant("netti", names(toy, nettles)) is None


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("TDM1", "ado-trastuzumab emtansine"),
        ("T-DM1", "ado-trastuzumab emtansine"),
        ("tdm 1", "ado-trastuzumab emtansine"),
        ("t dm1 every 3 weeks", "ado-trastuzumab emtansine every 3 weeks"),
        ("T-DXd", "trastuzumab deruxtecan"),
        ("tdxd", "trastuzumab deruxtecan"),
        ("Dato-DXd", "datopotamab deruxtecan"),
        ("palbo", "palbociclib"),
        ("Palbo 125 mg", "palbociclib 125 mg"),
        ("ribo", "ribociclib"),
        ("abema", "abemaciclib"),
        ("Carbo", "carboplatin"),
        ("Carbo/Taxol", "carboplatin/Taxol"),
        ("Taxol & carbo", "Taxol & carboplatin"),
        ("Carbo-Taxol", "carboplatin-Taxol"),
        ("cape", "capecitabine"),
        ("gem", "gemcitabine"),
        ("pembro", "pembrolizumab"),
        ("atezo", "atezolizumab"),
        ("5FU", "fluorouracil"),
        ("nab-pac", "protein-bound paclitaxel"),
        ("Hylecta", "trastuzumab and hyaluronidase"),
        ("Herceptin Hylecta", None),
        ("everol", "everolimus"),
        ("exemest", "exemestane"),
        ("T-DM1 (Kadcyla)", None),
        ("carboplatin (carbo)", None),
        ("AC", None),
        ("dox", None),
        ("doxo", None),
        ("tax", None),
        ("capi", None),
        ("cyclo", None),
        ("epi", None),
        ("ola", None),
        ("MTX", None),
    ],
)
def test_a_short_name_of_a_medicine_leads_to_it_where_it_is_certain(typed: str, whole: str | None) -> None:
    found = meant(typed, medicines())
    assert (found and (found.text, found.short)) == (whole and (whole, True))


# Whatever is typed


WORDS = st.sampled_from(
    ["letrozol", "femera", "Carbo", "T-DM1", "doxorubicin", "doxorubicn", "liposomal", "XR", "zinc", "20", "mg", "kepra"]
)
BETWEEN = st.sampled_from([" ", ", ", " (", ") ", "/", " + ", "-", " and ", "  "])


@given(st.one_of(st.text(max_size=40), st.lists(st.one_of(WORDS, BETWEEN), max_size=9).map("".join)))
def test_a_suggestion_replaces_one_piece_by_one_name_and_adds_nothing(text: str) -> None:
    found = meant(text, medicines())
    if found is None:
        return
    assert _is_one_replaced(text, found)
    assert "(" not in found.name
    assert found.text.count("(") == text.count("(")
    again = meant(found.text, medicines())
    assert again is None or again.text != found.text


def _is_one_replaced(text: str, found: Meant) -> bool:
    """Whether the suggested text is the typed one with the name in the place of one stretch of it."""
    return any(
        text.startswith(found.text[: at.start()]) and text.endswith(found.text[at.end() :])
        for at in re.finditer(re.escape(found.name), found.text)
    )
