"""The plan as FHIR: what the language of templates does, and that the real plan makes valid mCODE."""

from __future__ import annotations

import calendar
import copy
import datetime
import itertools
import json
import re
import uuid
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.conf import settings
from fhir.resources.R4B.bundle import Bundle
from hypothesis import given
from hypothesis import strategies as st

from guide.content.documents import Guide, PlanField
from guide.content.files import read_files
from guide.plans.fhir import Export, bundle
from guide.plans.values import Contents
from tests.django_fixtures import loaded
from tests.plans.contents import FULL, Values, any_contents, every_choice, marked, words_in
from tests.plans.mcode_check import PROFILES, NothingCheckedError, claims, package, problems

NOW = datetime.datetime(2026, 11, 26, 10, 30, 15, tzinfo=datetime.UTC)

Json = Any


def counted() -> Callable[[], uuid.UUID]:
    """Names that are new each time, and the same in each test."""
    numbers = itertools.count(1)
    return lambda: uuid.UUID(int=next(numbers))


def export(guide: Guide, values: Values | Contents, *options: str) -> dict[str, Any]:
    contents = values if isinstance(values, Contents) else Contents(values)
    assert guide.codes
    return bundle(Export(guide, contents, NOW, counted(), frozenset(options)), guide.codes)


def resources(made: Json, kind: str = "") -> list[Json]:
    found = [entry["resource"] for entry in made.get("entry", [])]
    return [one for one in found if not kind or one["resourceType"] == kind]


# The language, with a garden


HEAD = """
verified_in: {almanac: An almanac}
systems: {plants: "urn:plants"}
options: {pests: Say which pests}
tables:
  soil:
    sand: [{system: plants, code: "1", display: Sand, verified: ["almanac: page 1"]}]
    clay: []
  visitor:
    slugs: [{system: plants, code: "7", verified: ["almanac: page 2"]}]
names:
  system: plants
  words: [kg]
  codes:
    compost: {code: "9", display: Compost, verified: ["almanac: page 3"], names: [Black gold]}
answers_only: [@ANSWERS@]
bundle: {resourceType: Bundle, timestamp: {$export: moment}}
resources:
  gardener: {make: {resourceType: Patient, id: {$export: uuid}, day: {$export: day}, unused: [{$codes: visitor.slugs}, {$coded: ground.soil, by: soil}, {$option: pests, then: 1}]}}
"""
FIELDS = [f"garden.{key}" for key in ("name", "begun", "next_sowing", "barrel", "liters", "beds", "tools")]
FIELDS += ["ground.space", "ground.visitors", "ground.more", "fence.questions"]


def all_on_paper(guide: Guide) -> Guide:
    """The same guide, with every field printed."""
    fields = {group.key: tuple(replace(one, print="front") for one in group.fields) for group in guide.plan}
    return replace(guide, plan=tuple(replace(group, fields=fields[group.key]) for group in guide.plan))


@pytest.fixture
def shaped(toy_texts: dict[str, str]) -> Callable[..., list[Json]]:
    """The resources that a template makes of a garden plan, after the gardener."""

    def make(resource: str, values: Values, *options: str) -> list[Json]:
        used = [name for name in FIELDS if name in resource]
        text = HEAD.replace("@ANSWERS@", ", ".join(name for name in FIELDS if name not in used))
        guide = all_on_paper(loaded({**toy_texts, "codes.yaml": f"{text}  it: {resource}\n"}))
        return resources(export(guide, {"ground": {"soil": "sand"}, **values}, *options))[1:]

    return make


def made(shape: str) -> str:
    return "{make: {resourceType: Basic, it: " + shape + "}}"


@pytest.mark.parametrize(
    ("shape", "values", "expected"),
    [
        ("written", {}, "written"),
        ("{$text: garden.name}", {"garden": {"name": "Eden"}}, "Eden"),
        ("{$text: garden.tools}", {"garden": {"tools": ["spade", "can"]}}, "Spade, Watering can"),
        ("{$said: garden.name}", {"garden": {"name": "Eden"}}, "Name of the garden: Eden"),
        ("{$date: garden.begun}", {"garden": {"begun": "2024-3"}}, "2024-03"),
        ("{$date: garden.begun}", {"garden": {"begun": "2024-2-30"}}, None),
        ("{$date: garden.begun}", {"garden": {"begun": "٢٠٢٤"}}, "2024"),
        ("{$date: garden.begun}", {"garden": {"begun": "March 15, 2024"}}, "2024-03-15"),
        ("{$date: garden.begun}", {"garden": {"begun": "3/15/2024"}}, "2024-03-15"),
        ("{$date: garden.begun}", {"garden": {"begun": "3/4/2024"}}, "2024"),
        ("{$date: garden.begun}", {"garden": {"begun": "spring 2024"}}, "2024"),
        ("{$date: garden.begun}", {"garden": {"begun": "about March 2024"}}, "2024"),
        ("{$date: garden.begun}", {"garden": {"begun": "before 2015"}}, None),
        ("{$date: garden.begun}", {"garden": {"begun": "2019 to 2021"}}, None),
        ("{$date: garden.begun}", {"garden": {"begun": "long ago"}}, None),
        ("{$date: garden.begun}", {"garden": {"begun": "0000"}}, None),
        ("{$span: garden.begun}", {"garden": {"begun": "2024-03"}}, {"start": "2024-03", "end": "2024-03"}),
        ("{$span: garden.begun}", {"garden": {"begun": "2024-03-05"}}, "2024-03-05"),
        ("{$period: [garden.begun, garden.next_sowing]}", {"garden": {"begun": "2024"}}, {"start": "2024"}),
        (
            "{$period: [garden.begun, garden.next_sowing]}",
            {"garden": {"begun": "2024-05", "next_sowing": "2024"}},
            {"start": "2024-05", "end": "2024"},
        ),
        ("{$period: [garden.begun, garden.next_sowing]}", {"garden": {"begun": "2024-05", "next_sowing": "2023-12-31"}}, None),
        (
            "{$period: [garden.begun, garden.next_sowing]}",
            {"garden": {"begun": "May 2024", "next_sowing": "9/13/2024"}},
            {"start": "2024-05", "end": "2024-09-13"},
        ),
        ("{$period: [garden.begun, garden.next_sowing]}", {"garden": {"begun": "May 2024", "next_sowing": "Dec 2023"}}, None),
        ("{$period: [garden.begun, garden.next_sowing]}", {"garden": {"begun": "2024", "next_sowing": "2023 to now"}}, {"start": "2024"}),
        ("{$period: [garden.begun, garden.next_sowing]}", {"garden": {"begun": "before 2015", "next_sowing": "2018"}}, {"end": "2018"}),
        ("{$number: garden.liters}", {"garden": {"liters": "1,5"}}, 1.5),
        ("{$number: garden.liters, times: 100}", {"garden": {"liters": "1.8"}}, 180),
        ("{$number: garden.liters}", {"garden": {"liters": "9" * 400}}, None),
        ("{$number: garden.liters, times: {$pick: garden.barrel, from: {'yes': 2}}}", {"garden": {"liters": "4"}}, None),
        ("{$whole: garden.liters}", {"garden": {"liters": "1.5"}}, None),
        ("{$whole: garden.liters}", {"garden": {"liters": "12"}}, 12),
        ("{$coded: ground.soil, by: soil}", {}, {"coding": [{"system": "urn:plants", "code": "1", "display": "Sand"}], "text": "Sandy"}),
        ("{$coded: ground.soil, by: soil}", {"ground": {"soil": "clay"}}, {"text": "Clay"}),
        ("{$coded: ground.soil, by: soil}", {"ground": {"soil": "not_sure"}}, None),
        ("{$coded: ground.soil, by: soil}", {"ground": {"soil": "a value of an older form"}}, None),
        ("{$codes: visitor.slugs}", {}, [{"system": "urn:plants", "code": "7"}]),
        ("{$pick: garden.barrel, from: {'yes': true, 'no': false}}", {"garden": {"barrel": "no"}}, False),
        ("{$pick: garden.barrel, from: {'yes': true}, else: other}", {}, "other"),
        ("{$pick: garden.barrel, from: {'yes': ''}, else: other}", {"garden": {"barrel": "yes"}}, None),
        ("{$first: [{$text: garden.name}, {$text: garden.begun}]}", {"garden": {"begun": "2024"}}, "2024"),
        ("{$join: [{$text: garden.name}, {$text: garden.beds}, '!'], with: ' '}", {"garden": {"beds": "3"}}, "3 !"),
        ("{$option: pests, then: here}", {}, None),
        ("[{$text: garden.name}, b]", {}, ["b"]),
        ("[a, [b, c]]", {}, ["a", "b", "c"]),
        ("{$all: [{$text: garden.name}, b]}", {}, None),
        ("{$all: [{$text: garden.name}, b]}", {"garden": {"name": "Eden"}}, ["Eden", "b"]),
        ("[{$text: garden.name}]", {}, None),
        ("{a: {$text: garden.name}, b: c}", {}, None),
        ("{$each: garden.tools, of: {tool: {$text: .}}}", {"garden": {"tools": ["rake"]}}, [{"tool": "Rake"}]),
        (
            "{$each: [garden.name, garden.beds], of: {$said: .}}",
            {"garden": {"name": "Eden", "beds": "2"}},
            ["Name of the garden: Eden", "How many beds: 2"],
        ),
        (
            "{$each: ground.visitors, of: {$said: .}}",
            {"ground": {"visitors": [{"visitor": "slugs", "likes": ["can"]}, {"seen": "2024"}]}},
            ["Visitors: Slugs; Likes: Watering can", "Visitors: First seen: 2024"],
        ),
        (
            "{$each: ground.visitors, of: {$each: .likes, of: {$text: .}}}",
            {"ground": {"visitors": [{"likes": ["can", "rake"]}]}},
            [["Watering can", "Rake"]],
        ),
    ],
)
def test_what_a_shape_becomes(shaped: Callable[..., list[Json]], shape: str, values: Values, expected: Json) -> None:
    assert [one["it"] for one in shaped(made(shape), values)] == ([] if expected is None else [expected])


def test_an_optional_entry_is_left_out_and_a_needed_one_takes_all_with_it(shaped: Callable[..., list[Json]]) -> None:
    resource = '{make: {resourceType: Basic, "a?": {b: c, d: {$text: garden.name}}, e: f}}'
    assert shaped(resource, {}) == [{"resourceType": "Basic", "e": "f"}]
    assert shaped(resource.replace("?", ""), {}) == []


def test_an_element_of_two_types_is_named_after_what_it_is(shaped: Callable[..., list[Json]]) -> None:
    resource = '{make: {resourceType: Basic, "at[x]": {$span: garden.begun}}}'
    assert shaped(resource, {"garden": {"begun": "2024-05-06"}})[0]["atDateTime"] == "2024-05-06"
    assert shaped(resource, {"garden": {"begun": "2024"}})[0]["atPeriod"] == {"start": "2024", "end": "2024"}


def test_an_option_counts_where_it_was_chosen(shaped: Callable[..., list[Json]]) -> None:
    assert shaped(made("{$option: pests, then: here}"), {}, "pests")[0]["it"] == "here"


@pytest.mark.parametrize(
    ("condition", "values", "there"),
    [
        ("when: {garden.barrel: 'yes'}", {"garden": {"barrel": "yes"}}, True),
        ("when: {garden.barrel: 'yes'}", {"garden": {"barrel": "not_sure"}}, False),
        ("when: {garden.barrel: 'yes'}", {}, False),
        ("when: {garden.barrel: ['yes', 'no'], garden.name: '*'}", {"garden": {"barrel": "no"}}, False),
        ("when: [{garden.barrel: 'yes'}, {garden.name: '*'}]", {"garden": {"name": "Eden"}}, True),
        ("when: {garden.tools: rake}", {"garden": {"tools": ["spade", "rake"]}}, True),
        ("unless: {garden.barrel: 'yes'}", {"garden": {"barrel": "yes"}}, False),
        ("unless: {garden.barrel: 'yes'}", {}, True),
        ("without: gardener", {}, False),
    ],
)
def test_when_a_resource_is_made(shaped: Callable[..., list[Json]], condition: str, values: Values, there: bool) -> None:
    assert bool(shaped("{" + condition + ", make: {resourceType: Basic}}", values)) is there


def test_a_resource_for_each_row_refers_to_that_of_the_same_row(shaped: Callable[..., list[Json]]) -> None:
    rows = {"ground": {"visitors": [{"visitor": "mice"}, {"visitor": "slugs", "seen": "2024"}, {"visitor": "slugs", "seen": "2025"}]}}
    second = "\n  other: {for: ground.visitors, make: {resourceType: Second, seen: {$text: .seen}, of: {$ref: it}}}"
    third = "\n  all: {make: {resourceType: Third, of: {$refs: it, as: one}, from: {$ref: gardener}}}"
    resource = "{for: ground.visitors, make: {resourceType: First, who: {$coded: .visitor, by: visitor}}}" + second + third
    found = shaped(resource, rows)
    assert [one["resourceType"] for one in found] == ["First", "First", "Second", "Second", "Third"]
    address = "urn:uuid:00000000-0000-0000-0000-00000000000{}".format
    assert [(one["seen"], one["of"]["reference"]) for one in found[2:4]] == [("2024", address(3)), ("2025", address(4))]
    assert found[4]["of"] == [{"one": {"reference": address(number), "type": "First"}} for number in (3, 4)]
    assert found[4]["from"] == {"reference": address(2), "type": "Patient"}


def test_a_resource_may_be_made_because_another_refers_to_it(shaped: Callable[..., list[Json]]) -> None:
    named = "{if_named: true, when: {garden.name: '*'}, make: {resourceType: Plot}}\n  user: {make: {resourceType: Bed, beds: {$text: garden.beds}, of: {$ref: it}}}"
    names = "\n  all: {make: {resourceType: List, of: {$refs: '*'}}}"
    assert [one["resourceType"] for one in shaped(named, {})] == []
    assert [one["resourceType"] for one in shaped(named, {"garden": {"name": "Eden"}})] == ["Plot"]
    assert [one["resourceType"] for one in shaped(named, {"garden": {"beds": "1"}})] == ["Plot", "Bed"]
    assert [len(one["of"]) for one in shaped(named + names, {}) if "of" in one] == [1]  # the gardener alone


@pytest.mark.parametrize(
    ("typed", "coded"),
    [
        ("Compost", True),
        ("compost, 2 kg", True),
        ("BLACK GOLD (compost)", True),
        ("compost and sand", False),
        ("no compost", False),
        ("compost, mulch", False),
        ("rotted plants", False),
        ("composted", False),
        ("", False),
    ],
)
def test_a_name_is_coded_where_it_says_one_thing_and_nothing_else(shaped: Callable[..., list[Json]], typed: str, coded: bool) -> None:
    found = shaped(made("{$coded: garden.name, by: name}"), {"garden": {"name": typed}})
    assert [one["it"].get("coding") is not None for one in found] == ([coded] if typed else [])
    assert all(one["it"]["text"] == typed for one in found)


# The real plan


def real_guide() -> Guide:
    return loaded(read_files(settings.CONTENT_DIR))


@pytest.fixture(scope="module")
def real() -> Guide:
    return real_guide()


def check(made: Json) -> None:
    """FHIR's model takes it, no profile is broken, and every reference leads somewhere."""
    Bundle.model_validate(json.loads(json.dumps(made)))
    _, errors, warnings = problems(made)  # fails where there was nothing to check
    assert errors == []
    assert warnings == []
    there = {entry["fullUrl"]: entry["resource"]["resourceType"] for entry in made["entry"]}
    assert len(there) == len(made["entry"])
    assert [one for one in references(made["entry"]) if there.get(one["reference"]) != one["type"]] == []


def references(data: Json) -> Iterator[Json]:
    if isinstance(data, list):
        for item in data:
            yield from references(item)
    elif isinstance(data, dict):
        if isinstance(data.get("reference"), str):
            yield data
        for item in data.values():
            yield from references(item)


def answered(made: Json) -> Values:
    """The plan again, from its answers alone."""
    (whole,) = resources(made, "QuestionnaireResponse")
    values: Values = {}
    for group in whole.get("item", []):
        if group["linkId"].startswith("kept."):
            continue
        for item in group["item"]:
            key = item["linkId"].split(".")[1]
            if "item" in item:
                row = {cell["linkId"].split(".")[2]: given_in(cell) for cell in item["item"]}
                values.setdefault(group["linkId"], {}).setdefault(key, []).append(row)
            else:
                values.setdefault(group["linkId"], {})[key] = given_in(item)
    return values


def given_in(item: Json) -> list[str]:
    return [one["valueCoding"]["code"] if "valueCoding" in one else next(iter(one.values())) for one in item["answer"]]


def on_paper(guide: Guide, values: Json) -> Json:
    """Of the values those that print, with every text in a list: what answers look like."""
    found: Values = {}
    for group in guide.plan:
        for field in group.fields:
            value = values.get(group.key, {}).get(field.key)
            if value and field.print != "none":
                found.setdefault(group.key, {})[field.key] = in_list(field, value)
    return {group: fields for group, fields in found.items() if any(fields.values())}


def in_list(field: PlanField, value: Json) -> Json:
    if isinstance(value, str):
        return [value]
    if field.type != "group":
        return value
    shown = {column.key: column for column in field.fields if column.print != "none"}
    rows = [{key: in_list(shown[key], cell) for key, cell in row.items() if key in shown} for row in value]
    return [row for row in rows if row]


def test_the_checker_fails_where_it_checked_nothing(real: Guide) -> None:
    whole = export(real, FULL)
    bare = {**whole, "meta": {}, "entry": [{**one, "resource": {**one["resource"], "meta": {}}} for one in whole["entry"]]}
    for nothing in ({}, {"resourceType": "Bundle", "entry": []}, bare):
        with pytest.raises(NothingCheckedError):
            problems(nothing)


def test_the_checker_agrees_with_the_makers_of_mcode() -> None:
    found = [problems(example) for example in package().examples if any(map(claims, [example, *resources(example)]))]
    assert sum(count for count, _, _ in found) == 159
    assert [errors for _, errors, _ in found if errors] == []


@pytest.mark.parametrize(
    ("profile", "spoil", "complaint"),
    [
        ("ecog", lambda one: one["interpretation"][0]["coding"][0].update(code="LA1"), "LL529-9"),
        ("tumor-marker", lambda one: one.pop("valueCodeableConcept"), "value[x]: needs 1"),
        ("tumor-marker", lambda one: one.update(effectiveDateTime="2022-03"), "us-core-1"),
        ("medication-request", lambda one: one.update(intent="order"), "us-core-21"),
        ("cancer-patient", lambda one: one.update(name=[{"text": "x"}]), "us-core-6"),
        ("cancer-patient", lambda one: one.pop("gender"), "gender: needs 1"),
        ("radiotherapy-course", lambda one: one["extension"][0]["extension"].pop(0), "volume: needs 1"),
        ("surgical", lambda one: one.pop("performedDateTime"), "us-core-7"),
        ("patient-bundle", lambda one: one.update(type="transaction"), "collection"),
        ("genomic-variant", lambda one: one.update(valueCodeableConcept={"text": "Unclear"}), "text alone"),
        ("cancer-patient", lambda one: one["meta"]["profile"].append(f"{PROFILES}mcode-pacient"), "no profile"),
    ],
)
def test_the_checker_sees_what_is_wrong(real: Guide, profile: str, spoil: Callable[[Json], Any], complaint: str) -> None:
    whole = copy.deepcopy(export(real, FULL))
    one = next(one for one in [whole, *resources(whole)] if any(profile in name for name in one.get("meta", {}).get("profile", [])))
    spoil(one)
    assert any(complaint in error for error in problems(whole)[1])


@pytest.mark.parametrize("options", [(), ("aims",)])
def test_a_full_plan_is_valid(real: Guide, options: tuple[str, ...]) -> None:
    whole = export(real, FULL, *options)
    check(whole)
    assert len(resources(whole)) > 50
    assert {one["resourceType"] for one in resources(whole)} >= {
        "AllergyIntolerance", "BodyStructure", "CarePlan", "CareTeam", "Condition", "DocumentReference", "Goal", "MedicationRequest",
        "Observation", "Patient", "Practitioner", "Procedure", "Provenance", "QuestionnaireResponse", "RelatedPerson", "ResearchStudy",
        "ResearchSubject",
    }  # fmt: skip
    assert answered(whole) == on_paper(real, FULL)


def test_the_aims_go_as_codes_only_where_the_reader_says_so(real: Guide) -> None:
    assert "procedure-intent" not in json.dumps(export(real, FULL))
    assert "procedure-intent" in json.dumps(export(real, FULL, "aims"))


def test_an_empty_plan_says_nothing(real: Guide) -> None:
    whole = export(real, {})
    check(whole)
    assert [one["resourceType"] for one in resources(whole)] == ["Patient", "CarePlan", "QuestionnaireResponse", "Provenance"]
    (patient,) = resources(whole, "Patient")
    assert patient["name"][0]["extension"][0]["valueCode"] == "masked"
    assert patient["gender"] == "unknown"
    assert patient["identifier"] == [{"system": "urn:ietf:rfc:3986", "value": "urn:uuid:00000000-0000-0000-0000-000000000001"}]
    assert whole["timestamp"] == "2026-11-26T10:30:15+00:00"


def test_every_choice_by_itself_is_valid_and_what_is_not_known_is_no_finding(real: Guide) -> None:
    unknown = {"not_sure", "not_tested", "waiting", "not_done", "none", "want_talk", "prefer_not"}
    seen = set()
    for name, values in every_choice(real):
        whole = export(real, values, "aims")
        check(whole)
        assert answered(whole) == on_paper(real, values), name
        choice = name.partition("=")[2]
        if choice in unknown:
            seen.add(choice)
            made = {one["resourceType"] for one in resources(whole)} - {"CareTeam"}  # with nobody in it but the patient
            assert made == {"Patient", "CarePlan", "QuestionnaireResponse", "Provenance"}, name
    assert seen == unknown


def test_every_choice_beside_all_others_is_valid(real: Guide) -> None:
    for turn in range(25):
        values: Values = copy.deepcopy(FULL)
        for group in real.plan:
            for field in group.fields:
                if field.choices and field.type != "multichoice":
                    values[group.key][field.key] = field.choices[turn % len(field.choices)].id
                for row in values[group.key].get(field.key, []) if field.type == "group" else []:
                    for column in field.fields:
                        if column.choices and column.type != "multichoice":
                            row[column.key] = column.choices[turn % len(column.choices)].id
        check(export(real, values, "aims"))


def test_what_is_not_known_stands_in_answers_and_notes_alone(real: Guide) -> None:
    values: Values = copy.deepcopy(FULL)
    labels = {"Not sure", "Not tested", "Waiting for the result", "Waiting for results"}
    for group in real.plan:
        for field in group.fields:
            for one, row in [(field, values[group.key])] + [
                (column, row) for column in field.fields for row in values[group.key].get(field.key, [])
            ]:
                for choice in one.choices:
                    if choice.label in labels:
                        row[one.key] = [choice.id] if one.type == "multichoice" else choice.id
    whole = export(real, values, "aims")
    check(whole)
    told = [one for one in resources(whole) if one["resourceType"] != "QuestionnaireResponse"]
    assert [text for text in texts(told) if any(label in text for label in labels)] == []


def texts(data: Json) -> Iterator[str]:
    """Every text, without notes and the plan as text."""
    if isinstance(data, str):
        yield data
    elif isinstance(data, list):
        for item in data:
            yield from texts(item)
    elif isinstance(data, dict):
        for key, item in data.items():
            if key not in ("note", "div"):
                yield from texts(item)


def with_dates(real: Guide, spelled: Callable[[str], str]) -> Values:
    """The full plan, each date of it written in another way."""
    values: Values = copy.deepcopy(FULL)
    for group in real.plan:
        for field in group.fields:
            rows = values[group.key].get(field.key, []) if field.type == "group" else []
            for one, row in [(field, values[group.key])] + [(column, row) for column in field.fields for row in rows]:
                if one.type == "date_partial" and row.get(one.key):
                    row[one.key] = spelled(row[one.key])
    return values


def spelled_out(date: str) -> str:
    year, *rest = date.split("-")
    return " ".join([*(calendar.month_name[int(part)] if not number else f"{int(part)}," for number, part in enumerate(rest)), year])


def dates_in(whole: Json) -> list[str]:
    told = [one for one in resources(whole) if one["resourceType"] != "QuestionnaireResponse"]
    return [text for text in texts(told) if re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", text)]


def test_dates_go_as_understood_and_answers_as_typed(real: Guide) -> None:
    people, machines = export(real, with_dates(real, spelled_out)), export(real, FULL)
    check(people)
    planned = str(FULL["now"]["other_treatment"][0]["when"])  # goes as text
    assert len(dates_in(machines)) > 20 and dates_in(people) == [date for date in dates_in(machines) if date != planned]
    typed = set(texts(resources(people, "QuestionnaireResponse")))
    assert spelled_out("2024-03-15") == "March 15, 2024" and spelled_out(FULL["diagnosis"]["met_dx_date"]) in typed


@pytest.mark.parametrize("written", ["about 2019", "3/4/2024", "spring 2020", "winter 2020", "before 2015", "2019 to 2021", "whenever"])
def test_a_vague_date_makes_no_wrong_resource(real: Guide, written: str) -> None:
    whole = export(real, with_dates(real, lambda date: written))
    check(whole)
    year = re.search("[0-9]{4}", written)
    assert set(dates_in(whole)) <= {year[0] if year else "", str(NOW.date())}
    assert written in set(texts(resources(whole, "QuestionnaireResponse")))


@pytest.mark.parametrize("field", ["er", "pr", "her2", "pdl1", "grade", "last_scan_result", "menopause"])
def test_a_result_is_sent_with_who_says_so(real: Guide, field: str) -> None:
    observations = resources(export(real, {"diagnosis": {field: FULL["diagnosis"][field]}}), "Observation")
    assert [one["performer"][0]["type"] for one in observations] == ["Patient"]


@pytest.mark.parametrize(
    ("field", "value", "text"),
    [
        ("her2", "low", "Low (1+, or 2+ with a negative gene test)"),
        ("her2", "ultralow", "Ultralow (very faint staining, below 1+)"),
        ("er", "low_positive", "Low positive (1 to 10 %)"),
    ],
)
def test_a_low_level_is_neither_coded_positive_nor_negative(real: Guide, field: str, value: str, text: str) -> None:
    whole = export(real, {"diagnosis": {field: value}})
    check(whole)
    (low,) = resources(whole, "Observation")
    assert low["valueCodeableConcept"] == {"text": text}
    assert "interpretation" not in low
    assert profile_of(low) == "mcode-tumor-marker-test"


@pytest.mark.parametrize("field", ["germline", "tumor_genes"])
def test_an_unclear_change_is_not_coded_as_there(real: Guide, field: str) -> None:
    whole = export(real, {"diagnosis": {field: [{"gene": "BRCA2", "result": result} for result in ("found", "unclear", "none_found")]}})
    check(whole)
    found, unclear, absent = resources(whole, "Observation")
    assert unclear["valueCodeableConcept"] == {"text": "Unclear change (VUS)"}
    assert "interpretation" not in unclear
    assert profile_of(unclear) == ""  # it takes a code alone
    assert [code_of(one["valueCodeableConcept"]) for one in (found, absent)] == ["LA9633-4", "LA9634-2"]
    assert profile_of(found) == profile_of(absent) == "mcode-genomic-variant"


YES_OR_NO = {"LA6576-8", "LA6577-6", "LA9633-4", "LA9634-2"}


def test_a_plain_yes_or_no_is_coded_only_where_that_was_chosen(real: Guide) -> None:
    """Whatever choice of whatever field: one that says more, or less, than yes or no has no code of the two."""
    plain = {"positive", "negative", "negative_unspecified", "zero", "found", "none_found"}
    coded = {name.rpartition("=")[2] for name, values in every_choice(real) if YES_OR_NO & set(texts(export(real, with_gene(values))))}
    assert coded == plain


def with_gene(values: Values) -> Values:
    """The same, and rows that say a result have a gene that it is of."""
    rows = {key: [{"gene": "BRCA2", **row} for row in rows] for key, rows in values.get("diagnosis", {}).items() if key in GENES}
    return {**values, "diagnosis": {**values.get("diagnosis", {}), **rows}}


GENES = ("germline", "tumor_genes")


def test_a_cancer_that_grew_is_not_coded_as_never_answering(real: Guide) -> None:
    (medicine,) = resources(export(real, {"past": {"drugs": [{"name": "tamoxifen", "why_stopped": "grew"}]}}), "MedicationRequest")
    assert medicine["statusReason"] == {"text": "The cancer grew"}


def profile_of(resource: Json) -> str:
    (profile,) = resource.get("meta", {}).get("profile", [""])
    return str(profile.rpartition("/")[2])


def code_of(concept: Json) -> str:
    (coding,) = concept["coding"]
    return str(coding["code"])


def test_spread_without_a_known_place_is_one_condition(real: Guide) -> None:
    whole = export(real, {"diagnosis": {"met_dx_date": "2022", "sites": [{"site": "not_sure"}]}})
    conditions = resources(whole, "Condition")
    assert [one["code"]["coding"][-1]["code"] for one in conditions] == ["254837009", "C79.9"]
    assert conditions[1]["onsetDateTime"] == "2022"


def test_both_breasts_are_two_conditions(real: Guide) -> None:
    conditions = resources(export(real, {"diagnosis": {"first_side": "both", "histology": "ductal"}}), "Condition")
    sides = [one["bodySite"][0]["extension"][0]["valueCodeableConcept"]["coding"][0]["code"] for one in conditions]
    assert sides == ["7771000", "24028007"]


def test_activity_is_a_score_only_where_the_team_helped(real: Guide) -> None:
    for who, scored in (("me", False), ("me_with_team", True), ("team", True), ("carer", False)):
        (one,) = resources(export(real, {"about_me": {"activity": "a2"}, "about_plan": {"filled_by": who}}), "Observation")
        assert ("valueInteger" in one, "meta" in one) == (scored, scored)


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("Ibrance 125 mg", "1601374"),
        ("palbociclib (Ibrance)", "1601374"),
        ("T-DM1", "1371041"),
        ("TDM1", "1371041"),
        ("tdm-1", "1371041"),
        ("TDXd", "2267574"),
        ("5FU", "4492"),
        ("letrozole", "72965"),
        ("Femara (letrozole)", "72965"),
        ("docetaxel (Taxotere)", "72962"),
        ("Taxotere", "72962"),
        ("docetaxel", "72962"),
        ("palbo", None),
        ("fluoxetine", None),
        ("Doxil", "214525"),
        ("Herceptin", "224905"),
        ("trastuzumab deruxtecan", "2267574"),
        ("Phesgo", None),
        ("letrozole and Ibrance", None),
        ("Kisqali Femara Co-Pack", None),
        ("aromatase inhibitor", None),
        ("elacestrant", None),
        ("palbociclib or placebo", None),
    ],
)
def test_medicines_are_coded_by_name_only_where_it_is_certain(real: Guide, typed: str, code: str | None) -> None:
    (medicine,) = resources(export(real, {"now": {"current": [{"name": typed}]}}), "MedicationRequest")
    concept = medicine["medicationCodeableConcept"]
    assert concept["text"] == typed
    assert [coding["code"] for coding in concept.get("coding", [])] == ([code] if code else [])
    assert medicine["reportedBoolean"] is True


@given(data=st.data())
def test_whatever_is_typed_the_export_is_valid_and_loses_nothing_that_prints(data: st.DataObject) -> None:
    real = real_guide()  # no fixture: a guide is too much to be printed with an example
    contents = data.draw(any_contents(real))
    whole = export(real, contents, "aims")
    check(whole)
    assert answered(whole) == on_paper(real, contents.values)


def test_ten_thousand_letters_go_along(real: Guide) -> None:
    text = "Ä🌱" * 5_000
    whole = export(real, {"questions": {"notes": text}, "now": {"current": [{"name": text}]}})
    check(whole)
    assert answered(whole)["questions"]["notes"] == [text]


def test_texts_left_to_settle_go_along_named_as_such(real: Guide) -> None:
    contents = Contents({"diagnosis": {"er": "positive"}}, {"diagnosis.er": ["negative"]})
    (answers,) = resources(export(real, contents), "QuestionnaireResponse")
    assert answers["item"][-1]["linkId"] == "kept.diagnosis.er"
    assert answers["item"][-1]["answer"] == [{"valueString": "Negative"}]


# What others get to read


def test_what_two_windows_left_to_settle_is_no_way_out_for_what_never_prints(real: Guide) -> None:
    plan = marked(real, kept=True)
    assert words_in(json.dumps(export(real, plan.contents, "aims"))) == plan.printed


def test_nothing_says_that_something_was_left_out(real: Guide) -> None:
    """A plan that holds only what never prints is, for others, an empty one: no label, no group, no resource tells of it."""
    hidden: Values = {}
    for group in real.plan:
        for field in group.fields:
            unseen = {column.key: "something" for column in field.fields if column.print == "none"}
            if field.print == "none" or unseen:
                hidden.setdefault(group.key, {})[field.key] = [unseen] if unseen else "something"
    assert len(hidden) > 1
    assert export(real, hidden, "aims") == export(real, {}, "aims")
