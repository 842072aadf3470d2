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
