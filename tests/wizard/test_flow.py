"""Which questions are asked, in the toy guide."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.content.answers import Said, known, mistake_in, read_said
from guide.content.blocks import WEIGHED
from guide.content.conditions import Answers, Verdict, verdict
from guide.content.documents import Guide, Question
from guide.content.parse import NOT_SURE
from guide.content.whole import load
from guide.wizard.flow import Walk, walk

SIMPLE = {
    "space": ["balcony", "bed", "meadow"],
    "soil": ["sand", "clay", "loam", "sticks"],
    "puddles": ["stay", "drain"],
    "rain": ["yes", "no"],
}
VISITORS = st.one_of(
    st.lists(st.sampled_from(["slugs", "aphids", "mice"]), min_size=1, unique=True).map(tuple), st.sampled_from([("nobody",), (NOT_SURE,)])
)
READERS: st.SearchStrategy[Said] = st.fixed_dictionaries(
    {**{fact: st.sampled_from([*values, NOT_SURE]).map(lambda value: (value,)) for fact, values in SIMPLE.items()}, "visitors": VISITORS}
)


def said(**answers: str) -> Said:
    """Answers, written as words: said(space="bed", visitors="slugs mice")."""
    return {fact: tuple(values.split()) for fact, values in answers.items()}


def asked(toy: Guide, **answers: str) -> list[str]:
    return [question.id for question in walk(toy, said(**answers)).asked]


def steps(guide: Guide, reader: Said) -> list[Walk]:
    """The whole way of a reader who answers every question that is asked."""
    answers: Said = {}
    way = [walk(guide, answers)]
    while (pending := way[-1].pending) is not None:
        assert len(way) <= len(guide.questions)
        answers = {**answers, pending.id: reader[pending.id]}
        way.append(walk(guide, answers))
    return way


# The way


def test_the_first_question_comes_first(toy: Guide) -> None:
    first = walk(toy, {})
    assert first.pending is not None and first.pending.id == "space"
    assert [question.id for question in first.asked] == ["space"]
    assert (first.said, first.left, first.done) == ({}, 4, False)


def test_the_whole_way_of_a_reader_with_clay(toy: Guide) -> None:
    way = steps(toy, said(space="bed", soil="clay", puddles="stay", visitors="slugs", rain="yes"))
    assert [step.pending.id if step.pending else "" for step in way] == ["space", "soil", "puddles", "visitors", "rain", ""]
    assert [step.left for step in way] == [4, 3, 1, 0, 0, 0]
    assert way[-1].done and set(way[-1].said) == {"space", "soil", "puddles", "visitors", "rain"}


def test_a_question_whose_fact_does_not_exist_is_left_out(toy: Guide) -> None:
    assert asked(toy, space="balcony") == ["space", "visitors"]
    assert asked(toy, space="bed") == ["space", "soil"]
    assert asked(toy, space="bed", soil="loam") == ["space", "soil", "visitors"]


def test_a_question_on_which_nothing_depends_any_more_is_left_out(toy: Guide) -> None:
    assert walk(toy, said(space="balcony", visitors="mice")).done
    assert asked(toy, space="bed", soil="clay", puddles="stay", visitors="mice") == ["space", "soil", "puddles", "visitors", "rain"]


def test_a_question_is_not_asked_if_its_fact_may_not_exist(toy: Guide) -> None:
    assert asked(toy, space=NOT_SURE) == ["space", "visitors"]
    assert asked(toy, space="bed", soil=NOT_SURE) == ["space", "soil", "visitors"]
    assert asked(toy, space="bed", soil="sticks") == ["space", "soil", "visitors"]


def test_not_sure_is_an_answer_and_is_not_asked_again(toy: Guide) -> None:
    found = walk(toy, said(space="bed", soil=NOT_SURE, visitors=NOT_SURE, rain=NOT_SURE))
    assert found.done and found.said["soil"] == (NOT_SURE,)


def test_what_matters_most_is_asked_first_and_then_enough_is_known(toy_texts: dict[str, str]) -> None:
    # The soil decides nothing that is usual: it is asked last, of those who want to know it exactly.
    path = "en/pages/10-soil.md"
    toy_texts[path] = toy_texts[path].replace("role: other", "role: only-if", 1)
    toy_texts["en/pages/20-water.md"] = toy_texts["en/pages/20-water.md"].replace("role: other", "role: only-if", 1)
    way = steps(load(toy_texts), said(space="bed", soil="sand", visitors="slugs", rain="no"))
    assert [step.pending.id if step.pending else "" for step in way] == ["space", "visitors", "soil", "rain", ""]
    assert [step.enough for step in way] == [False, False, True, True, True]
    assert [step.main for step in way] == [1, 2, 2, 2, 2]
    assert [step.left for step in way] == [1, 0, 2, 0, 0]


def test_changing_an_answer_drops_what_followed_from_it(toy: Guide) -> None:
    before = said(space="bed", soil="clay", puddles="stay", visitors="slugs", rain="yes")
    assert set(walk(toy, before).said) == set(before)
    after = walk(toy, {**before, "space": ("balcony",)})
    assert after.done and after.said == said(space="balcony", visitors="slugs")


def test_changing_an_answer_keeps_what_still_follows(toy: Guide) -> None:
    after = walk(toy, said(space="bed", soil="loam", puddles="stay", visitors="slugs", rain="yes"))
    assert after.done and after.said == said(space="bed", soil="loam", visitors="slugs", rain="yes")


def test_an_answer_that_is_taken_back_is_asked_again_and_later_ones_wait(toy: Guide) -> None:
    found = walk(toy, said(space="bed", puddles="stay", visitors="slugs"))
    assert found.pending is not None and found.pending.id == "soil"
    assert found.said == said(space="bed")


def test_what_is_left_also_counts_questions_that_wait_for_others(toy_texts: dict[str, str]) -> None:
    # Only the puddles need the soil, and the soil needs the space: all three may come.
    path = "en/pages/10-soil.md"
    toy_texts[path] = toy_texts[path].replace('{soil: sand, rain: "no"}', '{rain: "no"}')
    toy_texts["audiences.yaml"] = toy_texts["audiences.yaml"].replace("{space: bed, soil: clay}", "{space: bed}")
    way = steps(load(toy_texts), said(space="bed", soil="clay", puddles="stay", visitors="slugs", rain="yes"))
    assert [step.pending.id if step.pending else "" for step in way] == ["space", "soil", "puddles", "visitors", "rain", ""]
    assert [step.left for step in way] == [4, 3, 2, 1, 0, 0]


# For every reader


@given(READERS)
def test_the_way_ends_and_what_is_left_counts_down_to_nothing(toy: Guide, reader: Said) -> None:
    way = steps(toy, reader)
    parts = [[step for step in way[:-1] if step.enough is enough] for enough in (False, True)]
    for part in parts:
        left = [step.left for step in part]
        assert all(at_most >= len(part) - 1 - place for place, at_most in enumerate(left))
        assert all(later < earlier for earlier, later in zip(left, left[1:], strict=False))
    assert way[:-1] == parts[0] + parts[1]
    assert way[-1].left == 0


@given(READERS)
def test_nothing_is_open_at_the_end_but_what_the_reader_was_not_sure_of(toy: Guide, reader: Said) -> None:
    last = steps(toy, reader)[-1]
    answers = known(last.said, toy.questions)
    unsure = {question.id for question in toy.questions if is_unsure(question, last.said)}
    for _, block in toy.blocks(*WEIGHED):
        assert verdict(block.when, answers).missing <= unsure


def is_unsure(question: Question, given: Said) -> bool:
    ticked = given.get(question.id, ())
    return NOT_SURE in ticked or any(len(question.choice(id).means) > 1 for id in ticked)


@given(READERS)
def test_every_question_that_is_asked_can_change_something(toy: Guide, reader: Said) -> None:
    for step in steps(toy, reader)[:-1]:
        pending = step.pending
        assert pending is not None
        before = verdicts(toy, known(step.said, toy.questions))
        after = [verdicts(toy, known({**step.said, pending.id: (choice.id,)}, toy.questions)) for choice in pending.choices]
        assert any(
            now.holds is not then.holds or now.missing != then.missing for each in after for now, then in zip(each, before, strict=True)
        )


def verdicts(guide: Guide, answers: Answers) -> list[Verdict]:
    return [verdict(block.when, answers) for _, block in guide.blocks(*WEIGHED)]


@given(READERS)
def test_all_answers_at_once_lead_the_same_way_as_one_by_one(toy: Guide, reader: Said) -> None:
    assert walk(toy, reader) == steps(toy, reader)[-1]


@given(READERS)
def test_walking_again_with_what_was_kept_changes_nothing(toy: Guide, reader: Said) -> None:
    once = walk(toy, reader)
    assert walk(toy, once.said) == once


# Answers


def test_an_answer_leaves_the_values_that_it_means(toy: Guide) -> None:
    answers = known(said(space="bed", soil="sticks", visitors="slugs mice", rain=NOT_SURE), toy.questions)
    assert answers == {"space": {"bed"}, "soil": {"clay", "loam"}, "visitors": {"slugs", "mice"}}


@pytest.mark.parametrize(
    ("fact", "ticked", "told"),
    [
        ("soil", "clay", ""),
        ("soil", "sticks", ""),
        ("soil", NOT_SURE, ""),
        ("visitors", "slugs mice", ""),
        ("visitors", "nobody", ""),
        ("soil", "", "Choose an answer. “I’m not sure” is a good answer too."),
        ("soil", "peat", "Choose one of the answers on this page."),
        ("soil", "clay sand", "Choose one answer only."),
        ("soil", f"clay {NOT_SURE}", "Choose one answer only."),
        ("visitors", "slugs nobody", "You ticked “None of these” and something else. Choose one or the other."),
        ("visitors", f"slugs {NOT_SURE}", "You ticked “I’m not sure” and something else. Choose one or the other."),
    ],
)
def test_a_mistake_in_an_answer_is_told_in_plain_words(toy: Guide, fact: str, ticked: str, told: str) -> None:
    assert mistake_in(toy.question(fact), ticked.split()) == told


def test_answers_from_outside_are_read_without_those_that_do_not_fit(toy: Guide) -> None:
    value = {"space": ["bed"], "soil": ["peat"], "visitors": ["slugs", "nobody"], "rain": "yes", "moon": ["full"], 3: ["x"]}
    assert read_said(value, toy.questions) == said(space="bed")
