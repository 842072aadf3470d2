"""The builder of conditions: form, `when` and sentence say the same."""

from __future__ import annotations

from typing import Any as AnyValue

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guide.content.conditions import All, Any, Condition, ConditionError, Not, parse
from guide.content.documents import Guide
from guide.content.files import read_files
from guide.content.space import Space
from guide.content.text import read as read_text
from guide.content.whole import load
from guide.content.yamltext import read_yaml, written
from guide.editing.builder import (
    Form,
    Group,
    Line,
    Part,
    TooDeepError,
    as_data,
    form_of,
    read,
    sentence,
    simplest,
    tell,
    when_of,
)
from tests.conftest import TOY

GARDEN = load(read_files(TOY))
SPACE = Space(GARDEN.questions, GARDEN.impossible)

BALCONY, BED = Line("space", ("balcony",)), Line("space", ("bed",))
CLAY, NO_RAIN = Line("soil", ("clay",)), Line("rain", ("no",))


@st.composite
def lines(draw: st.DrawFn) -> Line:
    fact = draw(st.sampled_from([*GARDEN.facts.values(), None]))
    names = list(fact.values) if fact else list(GARDEN.audiences)
    values = draw(st.lists(st.sampled_from(names), unique=True, min_size=1))
    return Line(fact.id if fact else "is", tuple(values), draw(st.booleans()))


def groups() -> st.SearchStrategy[Group]:
    return st.builds(Group, st.sampled_from(["any", "all", "none", "not-all"]), st.lists(lines(), max_size=3).map(tuple))


def forms() -> st.SearchStrategy[Form]:
    return st.builds(Form, st.sampled_from(["all", "any"]), st.lists(lines() | groups(), max_size=4).map(tuple))


def condition_of(form: Form) -> Condition:
    """What a form means, without the detour over YAML."""
    parts = tuple(_meant(part) for part in form.parts if not isinstance(part, Group) or part.lines)
    return Any(parts) if form.join == "any" and parts else All(parts)


def _meant(part: Part) -> Condition:
    if isinstance(part, Line):
        found = parse({part.fact: list(part.values)}, GARDEN.facts, GARDEN.audiences)
        return Not(found) if part.negated else found
    inner = tuple(map(_meant, part.lines))
    match part.kind:
        case "any":
            return Any(inner)
        case "all":
            return All(inner)
        case "none":
            return Not(Any(inner))
        case _:
            return Not(All(inner))


def read_back(when: AnyValue) -> AnyValue:
    found = read_yaml(f"when: {written(when)}")
    assert found.wrong is None
    return found.data["when"]


def _in_any_order(part: Part) -> AnyValue:
    return (part.kind, frozenset(part.lines)) if isinstance(part, Group) else part


_NO_TO_EACH = Group("none", (Line("space", ("balcony",), negated=True), Line("space", ("bed",), negated=True)))


@given(forms())
@example(Form("any", (_NO_TO_EACH,)))
def test_a_form_comes_back_from_its_when(form: Form) -> None:
    when = when_of(form)
    again = simplest(read(read_back(when)))
    assert again.join == simplest(form).join
    assert set(map(_in_any_order, again.parts)) == set(map(_in_any_order, simplest(form).parts))


@given(forms())
def test_a_when_means_what_the_form_means(form: Form) -> None:
    condition = parse(when_of(form) or None, GARDEN.facts, GARDEN.audiences)
    assert SPACE.where(condition) == SPACE.where(condition_of(form))


@given(forms())
def test_a_form_survives_the_way_through_the_browser(form: Form) -> None:
    assert form_of(as_data(form)) == form


@given(forms())
def test_every_form_has_a_sentence(form: Form) -> None:
    said = sentence(parse(when_of(form) or None, GARDEN.facts, GARDEN.audiences), GARDEN)
    assert said.startswith("For ") and said.endswith(".")
    for part in simplest(form).parts:
        for line in [part] if isinstance(part, Line) else part.lines:
            if line.fact != "is" and len(line.values) == 1:
                assert f"“{GARDEN.question(line.fact).choice(line.values[0]).said}”" in said


def test_every_condition_of_the_toy_guide_can_be_shown(toy_texts: dict[str, str]) -> None:
    seen = 0
    for path, text in toy_texts.items():
        for block in read_text(path, text).blocks:
            when = block.data.get("when")
            found = parse(when, GARDEN.facts, GARDEN.audiences)
            assert SPACE.where(parse(when_of(read(when)) or None, GARDEN.facts, GARDEN.audiences)) == SPACE.where(found)
            seen += when is not None
    assert seen == 9


@pytest.mark.parametrize(
    ("form", "when"),
    [
        (Form(), "{}"),
        (Form("all", (BED, NO_RAIN)), "{space: bed, rain: 'no'}"),
        (
            Form("all", (Line("space", ("bed", "meadow")), Line("soil", ("clay",), negated=True))),
            "{space: [bed, meadow], not: {soil: clay}}",
        ),
        (Form("any", (BALCONY, CLAY)), "{any: [{space: balcony}, {soil: clay}]}"),
        (
            Form("all", (Line("is", ("heavy-ground",)), Group("any", (BALCONY, NO_RAIN)))),
            "{is: heavy-ground, any: [{space: balcony}, {rain: 'no'}]}",
        ),
        (Form("all", (Line("visitors", ("slugs",)), Line("visitors", ("mice",)))), "{visitors: slugs, any: [{visitors: mice}]}"),
        (Form("all", (Group("not-all", (BED, CLAY)),)), "{not: {space: bed, soil: clay}}"),
        (Form("all", (Line("soil", ("clay",), True), Line("rain", ("no",), True))), "{not: {any: [{soil: clay}, {rain: 'no'}]}}"),
    ],
)
def test_what_is_written(form: Form, when: str) -> None:
    assert written(when_of(form)) == when


@pytest.mark.parametrize(
    "when",
    [
        {"any": [{"space": "bed", "any": [{"soil": "clay"}, {"soil": "sand"}]}, {"rain": "no"}]},
        {"space": "bed", "any": [{"soil": "clay", "rain": "no"}, {"soil": "sand"}]},
        {"not": {"any": [{"soil": "clay", "rain": "no"}, {"soil": "sand"}]}},
        "bed",
        {"any": "bed"},
    ],
)
def test_what_is_too_deep_is_left_to_the_raw_text(when: AnyValue) -> None:
    with pytest.raises(TooDeepError):
        read(when)


@pytest.mark.parametrize(
    ("when", "says"),
    [
        (None, "For everybody."),
        ({"soil": "clay"}, "For people who said “clay soil”."),
        ({"soil": ["clay", "loam"]}, "For people who said “soil that sticks”."),
        ({"space": ["bed", "meadow"], "rain": "no"}, "For people who said “a garden bed” or “a meadow”, and “no rain barrel”."),
        ({"rain": "no", "not": {"soil": "clay"}}, "For people who said “no rain barrel”, but not “clay soil”."),
        ({"not": {"soil": "clay"}}, "For people who did not say “clay soil”."),
        ({"not": {"any": [{"soil": "clay"}, {"rain": "no"}]}}, "For people who did not say any of (“clay soil”; “no rain barrel”)."),
        ({"not": {"soil": "clay", "rain": "no"}}, "For people who did not say all at once of (“clay soil”; “no rain barrel”)."),
        ({"not": {"not": {"soil": "clay"}}}, "For people who said “clay soil”."),
        (
            {"any": [{"soil": "clay", "rain": "no"}, {"soil": "sand"}]},
            "For people who said at least one of ((“clay soil” and “no rain barrel”); “sandy soil”).",
        ),
        ({"is": "open-ground"}, "For people who said “a garden bed” or “a meadow”."),
    ],
)
def test_a_condition_reads_as_a_sentence(when: AnyValue, says: str) -> None:
    assert tell(when, GARDEN).sentence == says


def test_the_share_and_an_example_are_told(toy: Guide) -> None:
    found = tell({"space": ["bed", "meadow"]}, toy)
    assert (found.share.count, found.share.of) == (2, 3)
    assert found.example in ("a garden bed", "a meadow")
    nobody = tell({"space": "balcony", "soil": "clay"}, toy)
    assert nobody.share.count == 0 and nobody.example == ""


def test_an_unknown_value_is_told_with_its_remedy(toy: Guide) -> None:
    with pytest.raises(ConditionError, match="soil has no value 'gold'"):
        tell({"soil": "gold"}, toy)


@pytest.mark.parametrize(
    "data", [None, [], {}, {"join": "all"}, {"join": "xor", "parts": []}, {"join": "all", "parts": [{"fact": "soil"}]}]
)
def test_what_is_no_form_is_refused(data: AnyValue) -> None:
    with pytest.raises(ValueError, match="no form|joined by"):
        form_of(data)


TEXT = """---
title: Beds
---
## Beds

/// option | Compost
    when:
      space: bed
      soil: clay
    role: usual
Spread it.
///

/// ask | Why?
///
"""


def test_the_block_at_a_line_is_found() -> None:
    text, lines = read_text("a.md", TEXT), TEXT.split("\n")
    for number in range(lines.index("/// option | Compost"), lines.index("///") + 1):
        block = text.block_at(number + 1)
        assert block and (block.kind, block.title) == ("option", "Compost")
    assert text.block_at(1) is None
    assert text.block_at(lines.index("/// option | Compost")) is None
    assert [block.title for block in text.blocks] == ["Compost", "Why?"]


def test_only_the_condition_of_the_block_changes() -> None:
    text = read_text("a.md", TEXT)
    compost, ask = text.blocks
    assert compost.data["when"] == {"space": "bed", "soil": "clay"}
    changed = text.with_option(compost, "when", {"rain": "no"})
    assert changed == TEXT.replace("    when:\n      space: bed\n      soil: clay\n", "    when: {rain: 'no'}\n")
    assert text.with_option(compost, "when", None) == TEXT.replace("    when:\n      space: bed\n      soil: clay\n", "")
    assert "when" not in ask.data
    assert text.with_option(ask, "when", {"soil": "clay"}) == TEXT.replace("/// ask | Why?\n", "/// ask | Why?\n    when: {soil: clay}\n")


def test_a_block_that_is_not_closed_ends_before_the_next() -> None:
    text = "/// option | One\n    role: usual\nText.\n\n/// ask | Two\n///\n"
    assert [(block.line, block.last) for block in read_text("a.md", text).blocks] == [(1, 4), (5, 6)]
