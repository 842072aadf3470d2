"""The real content: it loads, and says what it must say."""

from __future__ import annotations

import json
from itertools import combinations
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.test import Client

from guide.content.answers import known
from guide.content.documents import Guide, Question
from guide.content.files import read_files
from guide.content.parse import NOT_SURE
from guide.content.points import without_source
from guide.content.weighing import weigh
from guide.plans.prefill import prefill
from guide.wizard.flow import walk
from guide.wizard.proof import prove
from tests.django_fixtures import loaded, published


@pytest.fixture(scope="module")
def real() -> Guide:
    return loaded(read_files(settings.CONTENT_DIR))


@pytest.fixture
def _published(db: None) -> None:
    published(read_files(settings.CONTENT_DIR))


def test_the_check_finds_no_mistake(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check_content")
    told = capsys.readouterr()
    assert told.err == ""
    assert "treatments: " in told.out.splitlines()[-1]


def test_every_question_matters_to_somebody(real: Guide) -> None:
    """A reader whose answers leave everything open is asked every question that exists for everybody."""
    asked = {question.id for question in walk(real, {question.id: ("not-sure",) for question in real.questions}).asked}
    assert asked >= {question.id for question in real.questions if question.fact.only_when is None}


def test_not_sure_to_everything_excludes_nothing_that_an_answer_would_include(real: Guide) -> None:
    unsure = weigh(real, {}).treatments()
    excluded = {id for id, verdict in unsure.items() if verdict == "does-not-apply"}
    for question in real.questions:
        for choice in question.choices:
            told = weigh(real, known({question.id: (choice.id,)}, real.questions)).treatments()
            assert not {id for id in excluded if told[id] != "does-not-apply"}, (question.id, choice.id)
    named = {id for _, block in real.blocks("option", "support", "test") for id in block.treatments}
    assert excluded == set(real.treatments) - named


def test_no_answer_turns_what_was_settled(real: Guide) -> None:
    """One more answer never turns "applies" into "does not apply" or back. Every 250th pair of answers is tried."""
    one = {answer: weigh(real, known(dict([answer]), real.questions)).findings for answer in all_answers(real)}
    pairs = [(first, second) for first, second in combinations(one, 2) if first[0] != second[0]]
    for first, second in pairs[::250]:
        both = weigh(real, known(dict([first, second]), real.questions)).findings
        for before in (one[first], one[second]):
            turned = [
                (old.block.title, old.verdict, new.verdict)
                for old, new in zip(before, both, strict=True)
                if old.verdict != "may-apply" and new.verdict != old.verdict
            ]
            assert turned == [], (first, second)


def test_the_wizard_is_proven(real: Guide) -> None:
    """As `check_wizard` does it, with fewer readers."""
    report = prove(real, readers=500, seed=26)
    assert report.wrong == []
    assert report.tried["safety rules"] >= 25
    assert report.tried["most pages"] <= 20


def test_who_is_sure_of_nothing_is_refused_nothing_and_told_what_to_ask(real: Guide) -> None:
    way = walk(real, {question.id: (NOT_SURE,) for question in real.questions})
    found = weigh(real, known(way.said, real.questions))
    assert way.done and set(way.said.values()) == {(NOT_SURE,)}
    assert found.of("option", "does-not-apply") == []
    assert {"clinical-trial", "second-opinion", "supportive-care", "palliative-care"} <= {
        id for id, verdict in found.treatments().items() if verdict == "applies"
    }
    assert set(found.treatments().values()) == {"applies", "may-apply", "does-not-apply"}
    unnamed = {id for id, verdict in found.treatments().items() if verdict == "does-not-apply"}
    assert all(not real.treatments[id].approved for id in unnamed)
    assert len(found.gaps()) > 10


def all_answers(guide: Guide) -> list[tuple[str, tuple[str, ...]]]:
    return [(question.id, (choice.id,)) for question in guide.questions for choice in question.choices]


def test_every_choice_says_itself_in_words(real: Guide) -> None:
    def odd(question: Question) -> list[str]:
        return [choice.id for choice in question.choices if not choice.label or not choice.said or choice.said.endswith(".")]

    assert {question.id: odd(question) for question in real.questions if odd(question)} == {}


@pytest.mark.usefixtures("_published")
def test_a_known_situation_names_its_treatment_and_every_verdict_has_its_reason(capsys: pytest.CaptureFixture[str]) -> None:
    found = applies(capsys, "her2=positive", "line=second", "hr=negative", "had=trastuzumab,pertuzumab,taxane")
    assert found["treatments"]["trastuzumab-deruxtecan"] == "applies"
    named = [option for option in found["options"] if "trastuzumab-deruxtecan" in option["treatments"]]
    reasons = [option["why"] for option in named if option["verdict"] == "applies"]
    assert reasons
    assert all(why[0].startswith("You said: ") and "HER2-positive" in why[0] for why in reasons)
    excluded = [option["why"] for option in found["options"] if option["verdict"] == "does-not-apply"]
    assert excluded
    assert all(why and all(reason.startswith(("This is for: ", "This is not for: ")) for reason in why) for why in excluded)


def applies(capsys: pytest.CaptureFixture[str], *answers: str) -> dict[str, Any]:
    capsys.readouterr()
    call_command("applies", "--json", *(part for answer in answers for part in ("--answer", answer)))
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


@pytest.mark.usefixtures("_published")
def test_every_page_of_the_guide_and_the_plan_can_be_read(client: Client, real: Guide) -> None:
    paths = ["/", "/guide/", "/guide/treatments/", "/guide/words/", "/guide/sources/", "/guide/changes/"]
    paths += [page.url for page in real.pages] + [treatment.url for treatment in real.treatments.values()]
    client.post("/plan/start/")
    paths += [f"/plan/mine/group/{group.slug}/" for group in real.plan] + [
        "/plan/mine/",
        "/plan/mine/print/",
        "/for-me/1/",
        "/for-me/results/",
    ]
    assert [path for path in paths if client.get(path).status_code != 200] == []


@pytest.mark.usefixtures("_published")
def test_every_common_side_effect_names_its_source_as_the_home_page_promises(client: Client, real: Guide) -> None:
    assert "every common side effect lists its sources" in client.get("/").content.decode()
    told = {
        slug: [section for section in treatment.body.sections if section.title == "Common side effects and what helps"]
        for slug, treatment in real.treatments.items()
    }
    assert [slug for slug, sections in told.items() if len(sections) != 1] == []
    unsourced = {slug: points for slug, sections in told.items() if (points := without_source(sections[0]))}
    assert unsourced == {}


def test_who_is_in_the_middle_of_menopause_is_not_put_down_as_before_it(real: Guide) -> None:
    """One answer covers both, so the plan, and the hospital's file made from it, gets her words and no choice."""
    contents = prefill(real, {"menopause": ("before",)}, ())
    assert contents.get("diagnosis", "menopause") == ""
    assert "before or around menopause" in str(contents.values)
