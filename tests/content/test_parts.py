"""What is left of a condition: what it demands, and what excludes."""

from __future__ import annotations

import pytest

from guide.content.conditions import EVERYBODY, Answers, Fact, parse, truth, verdict
from guide.content.documents import Guide
from guide.content.parts import NOBODY, Parts, parts, plain, rest
from guide.content.spoken import speech_of

CAME = Fact("came", "one", ("new", "back"))
SOON = Fact("soon", "one", ("early", "late"), only_when=parse({"came": "back"}, {"came": CAME}, {}))
LEVEL = Fact("level", "one", ("low", "some", "high"))
HAD = Fact("had", "many", ("a", "b", "none"))
RUSH = Fact("rush", "one", ("calm", "hurry"))
FACTS = {fact.id: fact for fact in (CAME, SOON, LEVEL, HAD, RUSH)}
QUIET = {"rush": "calm"}


def taken(when: object, **answers: str) -> dict[str, object] | None:
    known = {fact: frozenset(values.split()) for fact, values in answers.items()}
    found = parts(parse(when, FACTS, {}), known, QUIET)
    if found is None:
        return None
    return {"demands": [plain(one, known) for one in found.demands], "unless": [plain(one, known) for one in found.exclusions]}


def fact(id: str, *values: str) -> dict[str, object]:
    return {"fact": id, "values": list(values)}


@pytest.mark.parametrize(
    ("when", "answers", "demands", "unless"),
    [
        ({"level": ["low", "some"]}, {}, [fact("level", "low", "some")], []),
        ({"level": ["low", "some"]}, {"level": "some high"}, [fact("level", "some")], []),
        ({"level": ["low", "some"]}, {"level": "low"}, [], []),
        ({"not": {"had": "a"}}, {}, [], [fact("had", "a")]),
        ({"not": {"any": [{"had": "a"}, {"level": "low"}]}}, {}, [], [fact("had", "a"), fact("level", "low")]),
        ({"not": {"had": "a", "level": "low"}}, {}, [], [{"all": [fact("had", "a"), fact("level", "low")]}]),
        ({"not": {"had": "a", "level": "low"}}, {"had": "a"}, [], [fact("level", "low")]),
        ({"not": {"had": "a", "not": {"level": "low"}}}, {"had": "a b"}, [fact("level", "low")], []),
        ({"any": [{"not": {"had": "a"}}, {"level": "low"}]}, {}, [], [{"all": [fact("had", "a"), {"not": fact("level", "low")}]}]),
        ({"any": [{"level": "low"}, {"had": "a"}]}, {"level": "high"}, [fact("had", "a")], []),
        ({"any": [{"level": "low"}, {"had": "a"}]}, {"level": "low"}, [], []),
        ({"rush": "calm", "had": "b"}, {}, [fact("had", "b")], [fact("rush", "hurry")]),
        ({"rush": "calm", "had": "b"}, {"rush": "calm"}, [fact("had", "b")], []),
        ({"rush": "hurry"}, {}, [fact("rush", "hurry")], []),
        ({"soon": "early"}, {}, [fact("soon", "early")], []),
        ({"came": "back", "soon": "early"}, {}, [fact("soon", "early")], []),
        ({"soon": "early"}, {"soon": "early"}, [fact("came", "back")], []),
        ({"not": {"soon": "early"}}, {"came": "new"}, [], []),
    ],
)
def test_a_demand_is_told_from_an_exclusion(when: object, answers: dict[str, str], demands: object, unless: object) -> None:
    assert taken(when, **answers) == {"demands": demands, "unless": unless}


def test_of_what_cannot_be_nothing_is_left() -> None:
    assert taken({"level": "low"}, level="high") is None
    assert taken({"soon": "early"}, came="new") is None
    assert taken({"not": {"had": "a"}}, had="a") is None


def test_what_is_settled_is_everybody_or_nobody() -> None:
    condition = parse({"level": "low", "had": "a"}, FACTS, {})
    assert rest(condition, {"level": frozenset({"low"}), "had": frozenset({"a"})}) == EVERYBODY
    assert rest(condition, {"level": frozenset({"high"})}) == NOBODY


def test_both_together_are_the_condition_and_quick_truth_is_the_verdict(toy: Guide) -> None:
    """For every block and every way to answer the toy guide's first questions."""
    for space in ("balcony", "bed", "meadow", ""):
        for soil in ("sand", "clay", "clay loam", ""):
            for visitors in ("slugs", "slugs mice", "nobody", ""):
                told = {"space": space, "soil": soil, "visitors": visitors}
                answers: Answers = {fact: frozenset(values.split()) for fact, values in told.items() if values}
                for _, block in toy.blocks("option", "support", "test", "ask", "callnow"):
                    assert truth(block.when, answers) is verdict(block.when, answers).holds
                    left = parts(block.when, answers, {})
                    assert truth(left.whole if left else NOBODY, answers) is truth(block.when, answers)


def test_a_branch_is_said_in_the_words_of_the_content(toy: Guide) -> None:
    speech = speech_of(toy)

    def said(when: object) -> str:
        return speech.of(rest(parse(when, toy.facts, toy.audiences), {}))

    assert said({"space": "bed"}) == "you grow things in a bed"
    assert said({"space": ["bed", "meadow"]}) == "you grow things in a bed or meadow"
    assert said({"soil": ["clay", "loam"]}) == "the soil sticks", "one answer that means both says it shortest"
    assert said({"visitors": ["slugs", "mice"]}) == "slugs come or mice come"
    assert said({"space": "bed", "rain": "no"}) == "you grow things in a bed and you collect no rain"
    assert list(speech.unsaid(parse({"visitors": "nobody"}, toy.facts, {}))) == [parse({"visitors": "nobody"}, toy.facts, {})]
    assert list(speech.unsaid(parse({"space": "bed"}, toy.facts, {}))) == []


def test_the_parts_of_nothing_open_are_empty() -> None:
    assert parts(EVERYBODY, {}, {}) == Parts()
