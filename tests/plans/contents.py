"""Plans to try things with: a full one of the real form, and any that a form can hold."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from guide.content.documents import Guide, PlanField
from guide.plans.values import Contents, Value, clean

Values = dict[str, dict[str, Any]]

FULL: Values = {
    "about_me": {
        "display_name": "María López",
        "call_me": "Mari",
        "birth": "1969-5",
        "record_number": "12-345",
        "language": "es",
        "interpreter": "yes",
        "access_needs": "large print",
        "activity": "a1",
    },
    "diagnosis": {
        "first_dx_date": "2017",
        "first_side": "left",
        "first_stage": "s2",
        "histology": "ductal",
        "grade": "g2",
        "met_dx_date": "2022-03",
        "met_at_first": "no",
        "sites": [
            {"site": "bone", "where": "left hip", "found": "2022-03"},
            {"site": "liver"},
            {"site": "other", "where": "eye"},
            {"site": "not_sure"},
        ],
        "biopsy_spread": "yes",
        "er": "positive",
        "pr": "negative",
        "hr": "positive",
        "her2": "low",
        "receptors_date": "2022-03",
        "receptors_on": "spread",
        "pdl1": "positive",
        "pdl1_score": "CPS 10",
        "germline_testing": "done",
        "germline": [
            {"gene": "PALB2", "result": "found"},
            {"gene": "other", "gene_other": "BARD1", "result": "unclear"},
            {"gene": "BRCA1", "result": "waiting"},
        ],
        "tumor_testing": "done",
        "tumor_genes": [
            {"gene": "ESR1", "result": "found", "date": "2025-11", "sample": "blood"},
            {"gene": "MSI", "result": "none_found"},
            {"gene": "TMB", "result": "found"},
            {"gene": "NTRK", "result": "none_found", "date": "2025-11-02"},
        ],
        "menopause": "after_treatment",
        "last_scan_date": "2026-10",
        "last_scan_result": "stable",
        "more": "Bladder trouble",
    },
    "now": {
        "current": [
            {
                "name": "Verzenio 150 mg",
                "kind": "targeted",
                "dose": "150 mg twice a day",
                "how_given": "pill",
                "schedule": "every day",
                "start": "2025-01",
                "aim": "control",
                "next_dose": "2026-12",
                "dose_changes": "none",
            },
            {"name": "Xgeva", "kind": "bone", "how_given": "under_skin", "aim": "protect"},
            {"name": "something new", "kind": "trial"},
        ],
        "line": "2",
        "goal": "Hold it back",
        "how_long": "while_works",
        "how_long_detail": "scan every 3 months",
        "expected": "good months",
        "if_stops": "chemo",
        "other_options": "none",
        "other_treatment": [{"what": "Radiation to hip", "when": "2027-01", "why": "pain"}],
    },
    "past": {
        "surgeries": [
            {"kind": "lumpectomy", "side": "left", "detail": "clean edges", "date": "2017-06"},
            {"kind": "ovaries", "side": "not_sure"},
            {"kind": "other", "detail": "port put in"},
            {"kind": "not_sure"},
        ],
        "radiation": [
            {
                "site": "hip",
                "side": "left",
                "detail": "Left hip",
                "dose": "20",
                "dose_unit": "Gy",
                "sessions": "5",
                "start": "2023-02",
                "end": "2023-02-20",
                "effect": "yes",
            },
            {"site": "neck_spine", "dose": "8,5"},
            {"site": "not_sure"},
            {"detail": "somewhere", "sessions": "3", "start": "2024", "end": "2023"},
        ],
        "drugs": [
            {
                "name": "palbociclib (Ibrance)",
                "kind": "targeted",
                "setting": "metastatic",
                "line": "1",
                "start": "2022-04",
                "end": "2024-01",
                "cycles": "20",
                "why_stopped": "grew",
                "effects": "tired",
                "in_trial": "no",
            },
            {"name": "tamoxifen", "setting": "early", "why_stopped": "finished"},
            {"name": "Taxol and Herceptin", "why_stopped": "other"},
            {"name": "letrozole", "why_stopped": "not_sure"},
            {"name": "Kisqali Femara Co-Pack"},
        ],
    },
    "team": {
        "team": [
            {"role": "oncologist", "name": "Dr. Ruiz", "place": "City hospital", "phone": "+1 555 0100", "does_what": "plan"},
            {"role": "family_doctor", "name": "Dr. Wu"},
            {"phone": "123"},
        ],
        "day_phone": "555 0101",
        "night_phone": "555 0102",
        "emergency_place": "City",
    },
    "contacts": {
        "contacts": [
            {"name": "Ana", "relation": "Sister", "phone": "555 3", "roles": ["emergency", "decides"]},
            {"relation": "friend"},
            {"relation": "neighbor", "phone": "5"},
        ]
    },
    "calling": {"call_reasons": [{"reason": "fever", "limit": "as the card says", "where": "nurse line"}]},
    "symptoms": {
        "symptoms": [
            {"what": "tired", "bother": "2", "do": "rest", "call_when": "cannot get up", "seen_by": "nurse"},
            {"what": "other", "what_other": "itch", "bother": "not_sure"},
        ]
    },
    "matters": {
        "goals": "Walk my dog every day",
        "worries": "pain",
        "tradeoffs": "no long hospital stays",
        "know": "main_points",
        "decide": "not_sure",
        "culture": "none",
    },
    "questions": {
        "questions": [{"q": "What next?", "a": "A scan"}, {"q": "Trial?"}],
        "next_visit": "2026-12-04",
        "notes": "line one\nline <two> & three",
    },
    "alerts": {
        "no_allergies": "no",
        "allergies": [
            {"kind": "medicine", "what": "Penicillin", "reaction": "rash"},
            {"kind": "latex", "what": "plaster"},
            {"kind": "other"},
        ],
        "arm": "right_only",
        "devices": ["port", "metal"],
        "devices_where": "right chest",
        "blood_thinner": "no",
        "steroid": "not_sure",
        "pregnant": "no",
        "alert_other": "afraid of needles",
    },
    "monitoring": {
        "tests": [
            {"kind": "ct", "detail": "chest", "how_often": "every 3 months", "next": "2027-01", "who": "Dr. Ruiz"},
            {"how_often": "monthly"},
        ],
        "results_how": "portal",
    },
    "other_health": {
        "conditions": [{"what": "High blood pressure", "since": "2010", "doctor": "Dr. Wu"}],
        "medicines": [{"name": "amlodipine 5 mg", "how": "one each morning", "what_for": "blood pressure"}],
        "heart_test": "2025 fine",
        "family_history": "mother",
    },
    "trials": {
        "trials": [
            {"name": "SERENA", "number": "NCT04711252", "state": "in_one"},
            {"name": "Old", "state": "was_in"},
            {"name": "Other", "state": "ask"},
        ],
        "trial_interest": "yes",
    },
    "support": {"needs": ["rides", "peers"], "needs_detail": "Tuesdays", "costs": "copay", "palliative": "yes"},
    "papers": {"papers": ["living_will", "orders", "not_sure"], "papers_where": "blue folder", "papers_date": "2024"},
    "about_plan": {"filled_by": "me_with_team", "reviewed_with": "Nurse Kay", "reviewed_date": "2026-11", "review_again": "2027"},
}

TEXT = st.one_of(
    st.text(max_size=60), st.sampled_from(["<b>&amp;</b>", "🌱 Größe ñandú", "שלום", "中文", "a\u00a0b", "-", "{$text: .}", "x" * 10_000])
)
DATES = st.sampled_from(["2024", "2024-3", "2024-03", "2024-03-15", "2024-02-30", "0000", "99999", "last spring", "٢٠٢٤"])
NUMBERS = st.sampled_from(["0", "5", "1.8", "8,5", "-3", "1e9", "NaN", "9" * 400, "about 20"])


def values_of(field: PlanField) -> st.SearchStrategy[Value]:
    """What may stand in a field, as a form leaves it."""
    if field.type == "group":
        columns = st.fixed_dictionaries({}, optional={column.key: values_of(column) for column in field.fields})
        rows = columns.map(lambda row: {key: value for key, value in row.items() if value}).filter(bool)
        return st.lists(rows, max_size=min(3, field.max_rows))  # type: ignore[return-value]  # rows hold no rows
    if field.type == "multichoice":
        return st.lists(st.sampled_from([choice.id for choice in field.choices]), unique=True)
    if field.choices:
        return st.sampled_from([choice.id for choice in field.choices])
    typed = {"date_partial": DATES, "integer": NUMBERS, "decimal": NUMBERS}.get(field.type, TEXT)
    return st.one_of(typed, TEXT).map(clean)


def any_contents(guide: Guide) -> st.SearchStrategy[Contents]:
    """Any plan that the form can hold, also with texts that two windows left to settle."""
    places = [(group.key, field) for group in guide.plan for field in group.fields]
    values = st.lists(
        st.sampled_from(places).flatmap(lambda place: st.tuples(st.just(place[0]), st.just(place[1].key), values_of(place[1])))
    )
    kept = st.lists(
        st.sampled_from(places).flatmap(lambda place: st.tuples(st.just(place[0]), st.just(place[1].key), values_of(place[1]))), max_size=2
    )
    return st.builds(_contents, values, kept)


def _contents(values: list[tuple[str, str, Value]], kept: list[tuple[str, str, Value]]) -> Contents:
    contents = Contents()
    for group, key, value in values:
        if value:
            contents = contents.with_value(group, key, value)
    for group, key, value in kept:
        if value:
            contents = contents.with_kept(f"{group}.{key}", [value])
    return contents


def every_choice(guide: Guide) -> Iterator[tuple[str, Values]]:
    """A plan for each choice of each field and column that holds this one thing."""
    for group in guide.plan:
        for field in group.fields:
            for choice in field.choices:
                yield f"{group.key}.{field.key}={choice.id}", {group.key: {field.key: _held(field, choice.id)}}
            for column in field.fields:
                for choice in column.choices:
                    row = {column.key: _held(column, choice.id)}
                    yield f"{group.key}.{field.key}.{column.key}={choice.id}", {group.key: {field.key: [row]}}


def _held(field: PlanField, id: str) -> str | list[str]:
    return [id] if field.type == "multichoice" else id


@dataclass
class Marked:
    """A plan in which every field and column holds a word of its own, and a second one that another window typed."""

    contents: Contents
    printed: set[str]
    hidden: set[str]


def marked(guide: Guide, *, kept: bool = False) -> Marked:
    """A marked plan; `kept`: with the second words."""
    numbers = itertools.count(1000)
    found = Marked(Contents(), set(), set())

    def word(field: PlanField, *, seen: bool) -> str | list[str]:
        text = f"word{next(numbers)}"
        (found.printed if seen and field.print != "none" else found.hidden).add(text)
        return [text] if field.type == "multichoice" else text

    def value(field: PlanField) -> Any:
        seen = field.print != "none"
        return [{column.key: word(column, seen=seen) for column in field.fields}] if field.fields else word(field, seen=seen)

    for group in guide.plan:
        for field in group.fields:
            found.contents = found.contents.with_value(group.key, field.key, value(field))
            if kept:
                found.contents = found.contents.with_kept(f"{group.key}.{field.key}", [value(field)])
    return found


def words_in(text: str) -> set[str]:
    """The words of a marked plan that a text holds."""
    return set(re.findall(r"word\d{4}", text))


# A plan that cannot stand on two sides: a third line of treatment, much beside it, and many dates as people write them.

_NEVER_CUT: dict[str, list[tuple[str, ...]]] = {
    "allergies": [
        ("medicine", "penicillin", "throat swelled, ICU 2009"),
        ("medicine", "sulfa drugs", "rash all over"),
        ("medicine", "paclitaxel", "could not breathe, first minutes"),
        ("latex", "latex gloves", "hives"),
        ("food", "shellfish", "lips swelled"),
        ("contrast", "iodine dye for CT", "hives and low blood pressure"),
        ("medicine", "ondansetron", "heart rhythm went wrong (QT)"),
        ("latex", "adhesive tape", "blisters"),
    ],
    "current": [
        ("fam-trastuzumab deruxtecan (Enhertu)", "adc", "5.4 mg/kg, lowered once", "vein", "every 3 weeks", "Feb 2026"),
        ("denosumab (Xgeva)", "bone", "120 mg", "under_skin", "every 12 weeks", "2024-03"),
        ("olanzapine", "other", "2.5 mg", "pill", "four nights from each infusion", "spring 2026"),
        ("gabapentin", "other", "300 mg", "pill", "three times a day", "2025"),
        ("loperamide", "other", "2 mg", "pill", "when I have diarrhea", "3/24"),
        ("dexamethasone", "other", "4 mg", "pill", "two mornings after each infusion", "2026-02"),
        ("leuprolide (Lupron)", "hormone", "11.25 mg", "muscle", "every 3 months", "summer 2022"),
    ],
    "call_reasons": [
        ("fever", "100.4 F or more, even once", "nurse line, day or night"),
        ("breath", "new cough or short of breath", "nurse line at once (ILD)"),
        ("chest_pain", "any", "911"),
        ("legs", "any", "911"),
        ("head", "any", "nurse line, then ER"),
        ("bleeding", "longer than 10 minutes", "nurse line"),
        ("vomiting", "more than 24 hours", "nurse line"),
        ("swollen_leg", "any, even on apixaban", "nurse line same day"),
        ("yellow", "any", "nurse line same day"),
    ],
    "medicines": [
        ("levothyroxine 88 mcg", "mornings, empty stomach", "thyroid"),
        ("lisinopril 10 mg", "mornings", "blood pressure"),
        ("amlodipine 5 mg", "mornings", "blood pressure"),
        ("metformin 500 mg", "with breakfast and supper", "blood sugar"),
        ("atorvastatin 20 mg", "evenings", "cholesterol"),
        ("omeprazole 20 mg", "before breakfast", "stomach"),
        ("sertraline 50 mg", "mornings", "mood"),
        ("trazodone 50 mg", "at bedtime", "sleep"),
        ("oxycodone 5 mg", "one when pain is bad", "bone pain"),
        ("senna", "two at bedtime", "bowels"),
        ("polyethylene glycol", "one cap a day", "bowels"),
        ("calcium 600 mg", "twice a day", "bones"),
        ("vitamin D 2000 units", "mornings", "bones"),
        ("magnesium 400 mg", "evenings", "cramps"),
        ("albuterol inhaler", "two puffs if I wheeze", "asthma"),
        ("fluticasone spray", "each nostril, mornings", "hay fever"),
        ("lorazepam 0.5 mg", "before scans", "fear in the scanner"),
        ("warfarin 5 mg", "evenings, INR every two weeks", "blood clot in the leg"),
    ],
}
_COLUMNS = {
    "allergies": ("kind", "what", "reaction"),
    "current": ("name", "kind", "dose", "how_given", "schedule", "start"),
    "call_reasons": ("reason", "limit", "where"),
    "medicines": ("name", "how", "what_for"),
}
_EARLIER = (
    "doxorubicin and cyclophosphamide",
    "paclitaxel (Taxol)",
    "tamoxifen",
    "letrozole and palbociclib",
    "fulvestrant (Faslodex)",
    "capecitabine (Xeloda)",
    "elacestrant (Orserdu)",
    "everolimus and exemestane",
    "gemcitabine",
    "eribulin (Halaven)",
    "vinorelbine",
    "zoledronic acid (Zometa)",
    "sacituzumab govitecan (Trodelvy)",
)
_WHEN = ("2011-04", "spring 2012", "2013", "3/2014", "2015-06", "early 2016", "2017", "Oct. 2018", "2019-11", "about 2020", "2021-02")


def _table(name: str) -> list[dict[str, str]]:
    return [dict(zip(_COLUMNS[name], row, strict=True)) for row in _NEVER_CUT[name]]


CROWDED: Values = {
    **FULL,
    "now": {**FULL["now"], "current": _table("current"), "line": "3"},
    "calling": {"call_reasons": _table("call_reasons")},
    "alerts": {
        **FULL["alerts"],
        "allergies": _table("allergies"),
        "blood_thinner": "yes",
        "alert_other": "Had ILD in 2025; ask the oncologist",
    },
    "other_health": {**FULL["other_health"], "medicines": _table("medicines")},
    "diagnosis": {
        **FULL["diagnosis"],
        "sites": [
            {"site": site, "where": where, "found": found}
            for site, where, found in (
                ("bone", "left hip", "2022-03"),
                ("bone", "spine, T4 to T9", "Mar 2022"),
                ("liver", "right side, three places", "2024"),
                ("lung", "both sides, small", "fall 2024"),
                ("lymph_nodes", "above the left collarbone", "2025-01"),
                ("brain", "one spot, back", "Oct 2026"),
                ("skin", "scar", "2026-05"),
            )
        ],
    },
    "past": {
        "surgeries": [
            {"kind": kind, "side": "left", "detail": "clean edges", "date": _WHEN[number]}
            for number, kind in enumerate(("lumpectomy", "nodes_many", "ovaries", "bone"))
        ],
        "radiation": [
            {
                "site": site,
                "side": "left",
                "dose": "20",
                "dose_unit": "Gy",
                "sessions": "5",
                "start": _WHEN[-1 - number],
                "effect": "less pain",
            }
            for number, site in enumerate(("breast", "hip", "chest_spine", "rib", "brain_part", "thigh", "low_spine", "arm_bone", "skin"))
        ],
        "drugs": [
            {
                "name": name,
                "setting": "early" if number < 3 else "metastatic",
                "start": _WHEN[number % len(_WHEN)],
                "end": "" if number % 2 else "2022",
                "cycles": str(number + 2),
                "why_stopped": "grew" if number % 3 else "side_effects",
                "effects": "tired, numb feet",
            }
            for number, name in enumerate(_EARLIER)
        ],
    },
    "monitoring": {
        "tests": [
            {"kind": kind, "detail": "chest and belly", "how_often": "every 3 months", "next": "2027-01", "who": "Dr. Ruiz"}
            for kind in ("ct", "mri", "heart", "blood_count", "liver_kidney", "tumor_markers", "eye")
        ],
        "results_how": "portal, then the nurse calls",
    },
    "symptoms": {
        "symptoms": [
            {
                "what": what,
                "bother": "2",
                "do": "what the nurse wrote on the yellow sheet",
                "call_when": "two days without change",
                "seen_by": "nurse",
            }
            for what in ("tired", "nausea", "diarrhea", "mouth", "numb", "appetite", "sleep", "mood")
        ]
    },
}
"""8 allergies, 7 medicines now, 9 reasons to call, 18 other medicines and 26 earlier treatments."""
