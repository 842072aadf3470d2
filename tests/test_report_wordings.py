"""Results as reports put them: the text of each question leads from its wording to an answer."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from guide.content.answers import Said, known
from guide.content.documents import Guide, Question
from guide.content.files import read_files
from guide.content.parse import NOT_SURE
from guide.content.weighing import weigh
from guide.plans.prefill import prefill
from tests.django_fixtures import loaded

TABLE: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("report_wordings.yaml").read_text(encoding="utf-8"))
WORDINGS: list[dict[str, str]] = TABLE["wordings"]
PLACES: dict[str, dict[str, str]] = TABLE["places"]
LONGEST_HELP = 740
"""Letters of the text beside a question: it fits on one screen of a phone together with its heading."""


@pytest.fixture(scope="module")
def real() -> Guide:
    return loaded(read_files(settings.CONTENT_DIR))


def beside(question: Question) -> str:
    """The text that stands beside a question, as running text."""
    html = "".join(part for part in question.body.parts if isinstance(part, str))
    return " ".join(re.sub(r"<[^>]+>", "", html).replace("&lt;", "<").replace("&quot;", '"').replace("&amp;", "&").split())


def leads(question: Question, answer: str) -> str:
    """The words of a question that may lead to an answer: those at its choice, and the text beside the question."""
    if answer == NOT_SURE:
        return beside(question)
    choice = question.choice(answer)
    return f"{choice.label} {choice.hint} {beside(question)}"


def test_the_table_is_long_and_each_wording_has_a_public_place() -> None:
    assert len(WORDINGS) >= 120
    assert [row for row in WORDINGS if set(row) != {"report", "place", "question", "answer", "by"}] == []
    assert {row["place"] for row in WORDINGS} == set(PLACES)
    assert [id for id, place in PLACES.items() if not place["what"] or not re.fullmatch(r"https?://\S+", place["at"])] == []
    twice = Counter((row["question"], row["report"]) for row in WORDINGS)
    assert [wording for wording, count in twice.items() if count > 1] == []


def test_every_wording_leads_to_its_answer_by_words_of_the_question(real: Guide) -> None:
    lost = []
    for row in WORDINGS:
        question = real.question(row["question"])
        if row["answer"] != NOT_SURE and row["answer"] not in {choice.id for choice in question.choices}:
            lost.append((row["report"], f"{question.id} has no answer {row['answer']}"))
        elif row["by"].casefold() not in leads(question, row["answer"]).casefold():
            lost.append((row["report"], f"{question.id} does not say {row['by']!r} for {row['answer']}"))
    assert lost == []


def test_no_words_lead_to_two_answers(real: Guide) -> None:
    """Words at a choice belong to it alone; words beside the question may say what to do with several."""
    for question in {row["question"] for row in WORDINGS}:
        hints = {choice.id: f"{choice.label} {choice.hint}" for choice in real.question(question).choices}
        for row in (row for row in WORDINGS if row["question"] == question and row["by"] in hints.get(row["answer"], "")):
            others = [id for id, words in hints.items() if id != row["answer"] and row["by"] in words]
            assert others == [], row


def test_every_answer_of_these_questions_and_not_sure_are_reached(real: Guide) -> None:
    reached: dict[str, set[str]] = {}
    for row in WORDINGS:
        reached.setdefault(row["question"], set()).add(row["answer"])
    assert set(reached) == {"hr", "her2", "pdl1", "brca", "palb2", "esr1", "pik3ca", "akt1-pten", "pace"}
    for id, answers in reached.items():
        assert answers >= {choice.id for choice in real.question(id).choices}
        assert NOT_SURE in answers or id == "pace", "what a team says of it is no report"


def test_the_help_of_these_questions_fits_on_one_screen(real: Guide) -> None:
    long = {id: len(text) for id in {row["question"] for row in WORDINGS} if len(text := beside(real.question(id))) > LONGEST_HELP}
    assert long == {}


# Low estrogen receptors


def verdicts(guide: Guide, **said: str) -> dict[str, str]:
    answers: Said = {fact.replace("_", "-"): (value,) for fact, value in said.items()}
    return dict(weigh(guide, known(answers, guide.questions)).treatments())


def test_low_receptors_leave_both_kinds_of_treatment_open(real: Guide) -> None:
    """What is for hormone receptor-positive cancer, and what is for triple-negative cancer."""
    told = {"her2": "ihc-0", "pdl1": "positive", "line": "first", "relapse": "at-diagnosis", "menopause": "after", "pace": "steady"}
    low, positive, negative = (verdicts(real, hr=hr, **told) for hr in ("low-positive", "positive", "negative"))
    assert (positive["ribociclib"], negative["ribociclib"]) == ("applies", "does-not-apply")
    assert (positive["pembrolizumab"] == "applies", negative["pembrolizumab"]) == (False, "applies")
    assert low["ribociclib"] == low["pembrolizumab"] == "may-apply"
    assert {id for id in low if low[id] == "does-not-apply"} <= {id for id in low if positive[id] == negative[id] == "does-not-apply"}


def test_low_receptors_stand_in_the_plan_as_the_report_has_them(real: Guide) -> None:
    contents = prefill(real, {"hr": ("low-positive",)}, ())
    assert (contents.get("diagnosis", "er"), contents.get("diagnosis", "hr"), contents.get("diagnosis", "more")) == ("low_positive", "", "")


# What counts as found


@pytest.mark.parametrize("gene", ["esr1", "pik3ca", "akt1-pten"])
def test_extra_copies_and_unclear_changes_are_asked_about_and_not_found(real: Guide, gene: str) -> None:
    question = real.question(gene)
    told, asked = leads(question, "found").replace(beside(question), ""), beside(question)
    assert not re.search(r"amplification|fusion|VUS|uncertain", told)
    assert re.search(r'Choose "I\'m not sure" and ask [^.]*amplification[^.]*VUS', asked)
    assert "does it count for treatment?" in question.ask


@pytest.mark.parametrize("gene", ["brca", "palb2"])
def test_an_unclear_inherited_change_counts_as_not_found_and_says_so(real: Guide, gene: str) -> None:
    hint = real.question(gene).choice("not-found").hint
    assert "VUS" in hint and "counts as not found" in hint
