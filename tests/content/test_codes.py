"""codes.yaml: every mistake is named with its field and its remedy."""

from __future__ import annotations

import copy
import datetime
import re
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from guide.content import codes as reading
from guide.content.documents import CODES
from guide.content.files import read_files
from guide.content.mistakes import ContentError, Mistake
from guide.content.text import read
from guide.content.whole import load
from guide.plans.fhir import Export, bundle
from guide.plans.values import Contents, Row
from tests.conftest import TOY
from tests.django_fixtures import loaded

GOOD = """
verified_in: {almanac: An almanac}
systems: {plants: "urn:plants"}
options: {pests: Say which pests}
tables:
  soil:
    sand: [{system: plants, code: "1", display: Sand, verified: ["almanac: page 1"]}]
names:
  system: plants
  words: [kg]
  codes:
    compost: {code: "9", display: Compost, verified: ["almanac: page 3"]}
    seaweed: {code: "8", display: Seaweed, verified: ["almanac: page 4"], names: [kelp]}
answers_only: [garden.begun, garden.beds, garden.next_sowing, garden.barrel, garden.liters, ground.space, ground.more, fence.questions]
bundle: {resourceType: Bundle}
resources:
  gardener:
    make:
      resourceType: Patient
      name: {$text: garden.name}
      soil: {$coded: ground.soil, by: soil}
      tools: {$each: garden.tools, of: {$text: .}}
  visitor:
    for: ground.visitors
    when: {.visitor: slugs}
    make: {resourceType: Basic, of: {$ref: gardener}, who: {$option: pests, then: {$text: .visitor}}}
"""


def mistakes(texts: dict[str, str], codes: str) -> list[str]:
    try:
        load({**texts, "codes.yaml": codes})
    except ContentError as error:
        return [str(one) for one in error.mistakes]
    return []


def test_a_good_file_is_read(toy_texts: dict[str, str]) -> None:
    codes = load({**toy_texts, "codes.yaml": GOOD}).codes
    assert codes is not None
    assert [template.id for template in codes.templates] == ["gardener", "visitor"]
    assert codes.options == {"pests": "Say which pests"}
    (coding,) = codes.named.codings("Kelp, 3 kg")
    assert (coding.system, coding.code, coding.verified) == ("urn:plants", "8", ("almanac: page 4",))


def test_a_guide_does_without_it(toy_texts: dict[str, str]) -> None:
    assert load(toy_texts).codes is None


@pytest.mark.parametrize(
    ("right", "wrong", "complaint"),
    [
        ("options:", "opinions:", "opinions: unknown field"),
        ("{$text: garden.name}", "{$text: garden.nam}", "resources.gardener.make.name: the plan has no garden.nam; write group.field"),
        ("{$text: garden.name}", "{$text: .name}", "name: .name stands for a row, but nothing is repeated here"),
        ("{$text: garden.name}", "{$txt: garden.name}", "name: there is no $txt; there are $text, "),
        ("{$text: garden.name}", "{$text: garden.name, with: x}", "name: with does not go with $text"),
        ("{$text: garden.name}", "{$text: ground.visitors}", "name: a group of rows has no text of its own"),
        ("{$text: garden.name}", "{$text: garden.name, $said: x}", "name: $said does not go with $text"),
        ("{$text: garden.name}", "{$date: garden.name}", "name: garden.name is not a date"),
        ("{$text: garden.name}", "{$period: garden.begun}", "name: write two places"),
        ("{$text: garden.name}", "{$join: {$text: garden.name}}", "name: write a list"),
        ("{$text: garden.name}", "{$pick: ground.soil, from: {moon: x}}", "name: the field does not offer 'moon'; it offers clay"),
        ("{$text: garden.name}", "{$pick: ground.soil}", "name: from: write value: what belongs to it"),
        ("{$text: garden.name}", "{$codes: soil.moon}", "name: there is no code soil.moon in tables"),
        ("{$text: garden.name}", "{$export: moon}", "name: write one of day, moment"),
        ("{$text: garden.name}", "2024-01-01", "name: write a text in quotes"),
        ("{$text: garden.name}", "{$each: [garden.name, garden.tools], of: x}", "name: name one group of rows, or several simple fields"),
        ("by: soil", "by: sole", "soil: by: there is no table 'sole'; there are soil, name"),
        ("ground.soil, by", "garden.barrel, by", "soil: by: no value of garden.barrel stands in the table soil"),
        ("{$text: .visitor}", "{$text: .moon}", "the rows have no 'moon'; they have visitor, seen, likes"),
        ("{.visitor: slugs}", "{.visitor: wolves}", "visitor.when: the field does not offer 'wolves'"),
        ("{.visitor: slugs}", "slugs", "visitor.when: write place: value"),
        ("{$ref: gardener}", "{$ref: visitor}", "there is no resource 'visitor' above this one; there are gardener"),
        ("$option: pests", "$option: pest", "there is no option 'pest'; there are pests"),
        ("{$option: pests, then: {$text: .visitor}}", "{$text: .visitor}", "options.pests: no template uses it"),
        ("resourceType: Basic", "kind: Basic", "resources.visitor.make: write its resourceType"),
        ("for: ground", "four: ground", "resources.visitor.four: unknown field"),
        ("    make:\n", "    made:\n", "resources.gardener.make: write a mapping"),
        ("garden.begun, ", "", "resources: no template uses garden.begun: use it in one, or list it under answers_only"),
        ("garden.begun, ", "garden.begun, garden.moon, ", "answers_only: the plan has no garden.moon"),
        ("garden.begun, ", "garden.begun, garden.name, ", "answers_only: a template uses garden.name"),
        (
            "    sand:",
            "    moon: []\n    sand:",
            "tables.soil.moon: no template uses it, or no field that it is used for offers this value",
        ),
        ('["almanac: page 1"]', "[]", "tables.soil.sand.verified: say where the code was read"),
        ("almanac: page 1", "hearsay: page 1", "tables.soil.sand.verified: start 'hearsay: page 1' with one of verified_in: almanac"),
        ("{system: plants,", "{system: stones,", "tables.soil.sand.system: there is no system 'stones'; there are plants"),
        ('code: "1", ', "", "tables.soil.sand.code: fill it in"),
        (", names: [kelp]", "", "names.codes.seaweed.names: there is no treatment 'seaweed'"),
        ("bundle: {", "bundle: [", "codes.yaml: line "),
        ("bundle: {resourceType: Bundle}", "bundle: x", "bundle: write a mapping of keys to values"),
    ],
)
def test_a_mistake_is_named_with_its_field_and_remedy(toy_texts: dict[str, str], right: str, wrong: str, complaint: str) -> None:
    assert right in GOOD
    found = mistakes(toy_texts, GOOD.replace(right, wrong, 1))
    assert any(complaint in one and one.startswith("codes.yaml: ") for one in found), found


def test_a_file_that_is_not_yaml_is_told_once(toy_texts: dict[str, str]) -> None:
    (only,) = mistakes(toy_texts, "bundle: [")
    assert re.match(r"codes\.yaml: line \d+: ", only)


PIECES: st.SearchStrategy[Any] = st.sampled_from(
    [None, "", "x", 3, True, [], {}, ["x"], {"x": "y"}, ".", "*", ".visitor", "ground.visitors", "garden.name", ["garden.name", "garden.begun"],
     {"$text": "garden.name"}, {"$text": "."}, {"$text": []}, {"$each": "ground.visitors", "of": {"$said": "."}}, {"$ref": "gardener"},
     {"$refs": "*"}, {"$coded": "ground.soil", "by": "soil"}, {"$coded": ".visitor", "by": "name"}, {"$pick": "ground.soil", "from": {"sand": 1}},
     {"$number": "garden.beds", "times": {"$text": "garden.name"}}, {"$period": ["garden.begun", "garden.next_sowing"]}, {"$first": [None]},
     {"$all": []}, {"$join": [["a", {"b": "c"}]]}, {"$option": "pests"}, {"$export": "answers"}, {"$export": {}}, {"$nothing": 1}]
)  # fmt: skip


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to everything that stands in a file."""
    items = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(place for key, item in items for place in places(item, (*path, key)))]


@given(changes=st.lists(st.tuples(st.integers(0, 999), PIECES), min_size=1, max_size=2))
def test_whatever_stands_in_it_the_file_is_refused_in_words_or_can_be_filled(changes: list[tuple[int, Any]]) -> None:
    toy = loaded(read_files(TOY))  # no fixture: a guide is too much to be printed with an example
    whole = yaml.safe_load(GOOD)
    for number, piece in changes:
        there = places(whole)[1:]
        *above, last = there[number % len(there)]
        inner = whole
        for key in above:
            inner = inner[key]
        inner[last] = copy.deepcopy(piece)
    found: list[Mistake] = []
    codes = reading.read(read(CODES, yaml.safe_dump(whole)), toy.plan, toy.treatments, found)
    if not found:
        rows: list[Row] = [{"visitor": "slugs"}]
        contents = Contents({"garden": {"name": "Eden", "tools": ["can"]}, "ground": {"soil": "sand", "visitors": rows}})
        now = datetime.datetime(2026, 11, 26, tzinfo=datetime.UTC)
        for values in (Contents(), contents):
            assert "entry" in bundle(Export(toy, values, now, options=frozenset({"pests"})), codes)
