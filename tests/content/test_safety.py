"""What must never be shown: each kind of rule, over every situation, and treatments that are not approved."""

from __future__ import annotations

import pytest

from guide.content.mistakes import Mistake
from guide.content.safety import not_approved, unsafe
from guide.content.whole import assembled, examine

SOIL, WATER, COMPOST, MULCH = "en/pages/10-soil.md", "en/pages/20-water.md", "en/treatments/compost.md", "en/treatments/mulch.md"


def broken(texts: dict[str, str], rule: str, of: str = "compost") -> list[Mistake]:
    """What is wrong with the guide with a rule about a treatment."""
    rules = f"guard:\n  says: Mind the heap.\n  treatments: [{of}]\n  sources: [slug-diary]\n  {rule}\n"
    return unsafe(assembled({**texts, "safety.yaml": rules}))


def test_an_option_that_must_never_be_shown_is_named_with_its_rule_and_somebody_who_would_see_it(toy_texts: dict[str, str]) -> None:
    (told,) = broken(toy_texts, "when: {space: balcony}\n  must: never")
    assert (told.path, told.field) == (SOIL, "option | Compost in the pot: when")
    assert str(told).endswith(
        "the safety rule “guard” is broken: Mind the heap. The option is shown to people who say, for example: a balcony. "
        "Source: A diary of slugs."
    )


def test_an_option_for_everybody_is_told_where_the_rule_is_for_everybody_too(toy_texts: dict[str, str]) -> None:
    toy_texts[SOIL] = toy_texts[SOIL].replace("    when: {space: balcony}\n", "")
    told = [mistake for mistake in broken(toy_texts, "must: never") if mistake.field.startswith("option | Compost in the pot")]
    assert [mistake.more.partition(" Source")[0] for mistake in told] == ["Mind the heap. The option is shown to everybody."]


def test_an_option_without_what_belongs_to_it_is_told_what_is_missing(toy_texts: dict[str, str]) -> None:
    told = broken(toy_texts, "when: {space: [bed, meadow]}\n  must: with\n  partners: [netting, mulch]")
    assert {(one.path, one.field) for one in told} == {
        (SOIL, "option | Compost in spring: treatments"),
        (WATER, "option | A ditch for standing water: treatments"),
    }
    assert all("It has to name one of these too: Netting, Mulch." in one.more for one in told)


def test_a_treatment_without_a_caution_for_those_who_must_be_warned_is_named(careful_texts: dict[str, str]) -> None:
    rule = "when: {visitors: [slugs, mice]}\n  must: warned"
    told = broken(careful_texts, rule, "mulch")
    assert [(one.path, one.code) for one in told] == [(MULCH, "rule-broken")]
    assert "Mind the heap. No caution of this treatment is told to people who say, for example: mice." in str(told[0])
    told = broken(careful_texts, "when: {visitors: slugs, space: bed}\n  must: warned", "mulch")
    assert told == [], "the caution is for all who have slugs"


def test_where_nothing_is_shown_that_must_be_the_files_of_the_options_are_named(toy_texts: dict[str, str]) -> None:
    (told,) = broken(toy_texts, "when: {space: meadow, rain: 'yes'}\n  roles: [other, trial]\n  must: shown")
    assert (told.path, told.field) == ("safety.yaml", "guard")
    assert "None of its options is shown to people who say, for example: a meadow; a rain barrel." in told.more
    assert f"They stand in {SOIL}, {WATER}." in told.more


def test_a_rule_that_guards_nothing_is_told_until_its_treatment_is_taken_back(toy_texts: dict[str, str]) -> None:
    rule = "roles: [only-if]\n  must: never"
    (told,) = broken(toy_texts, rule)
    assert str(told) == "safety.yaml: guard.treatments: no option names any of these, so the rule guards nothing: mend it or remove it"
    toy_texts[COMPOST] = toy_texts[COMPOST].replace("status: current", "status: withdrawn")
    assert broken(toy_texts, rule) == []
    assert [one.field for one in broken(toy_texts, "roles: [only-if]\n  must: shown")] == ["guard"]


@pytest.mark.parametrize(
    "rule",
    [
        "when: {space: meadow, visitors: mice}\n  must: with\n  partners: [compost]",
        "when: {space: balcony, soil: clay}\n  must: never",
        "when: {space: [bed, balcony]}\n  must: shown",
        "roles: [other]\n  when: {not: {puddles: stay}}\n  must: never",
    ],
)
def test_a_rule_that_is_kept_says_nothing(toy_texts: dict[str, str], rule: str) -> None:
    assert broken(toy_texts, rule) == []


def test_a_situation_that_nobody_is_in_is_not_looked_at(toy_texts: dict[str, str]) -> None:
    rule = "when: {space: balcony, visitors: mice}\n  must: never"
    nobody = "\nnobody:\n  says: No mouse climbs that high.\n  when: {space: balcony, visitors: mice}\n  must: not-be"
    assert broken(toy_texts, rule)
    assert broken(toy_texts, rule + nobody) == []


@pytest.mark.parametrize(("status", "how"), [("withdrawn", "no longer approved"), ("not-approved", "not approved")])
def test_a_block_that_offers_what_is_not_approved_is_told_whatever_its_role(toy_texts: dict[str, str], status: str, how: str) -> None:
    toy_texts[MULCH] = toy_texts[MULCH].replace("status: older", f"status: {status}")
    toy_texts[SOIL] = toy_texts[SOIL].replace("role: other\n    treatments: [mulch]", "role: trial\n    treatments: [mulch]")
    toy_texts[SOIL] = toy_texts[SOIL].replace("treatments: []", "treatments: [mulch]")
    guide = assembled(toy_texts)
    assert [(one.path, one.field) for one in not_approved(guide)] == [
        (SOIL, "option | Mulch for sandy beds: treatments"),
        (SOIL, "test | Shake some soil in a jar: treatments"),
        (WATER, "support | A cover on the ground: treatments"),
    ]
    assert {one.remedy for one in not_approved(guide)} == {f"Mulch is {how} (status: {status}): do not name it here"}
    assert set(not_approved(guide)) <= set(examine(toy_texts)[1])


def test_the_same_mistake_told_with_another_example_is_the_same() -> None:
    assert Mistake("a", "rule-broken", more="for example: x") == Mistake("a", "rule-broken", more="for example: y")
