"""The results of every situation, and of readers who know one, two or three answers less: what leads is in sight."""

from __future__ import annotations

import io
import json
from random import Random

import pytest
from django.conf import settings
from django.core.management import call_command
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pypdf import PdfReader

from guide.answers import hold
from guide.content.answers import Said, known
from guide.content.conditions import facts_in
from guide.content.documents import Guide
from guide.content.files import read_files
from guide.content.leading import Leading, lead
from guide.content.parse import NOT_SURE
from guide.content.weighing import weigh
from guide.wizard import telling
from guide.wizard.flow import walk
from guide.wizard.named import choices_named
from tests.django_fixtures import loaded, published
from tests.test_situations import SITUATIONS, Situation
from tests.visits import html
from tests.wizard.test_results import Titles

SEED = 20261129
DECIDE = ("hr", "her2", "line")
"""The three answers that decide most; the guide says so itself in `leads`."""
NOTHING_FIRST = 13
"""Situations in which nothing is usual, rightly: nobody can say what comes first."""
LONGEST_SHORT = 44


def tells(said: Said, fact: str) -> bool:
    return bool(said.get(fact)) and NOT_SURE not in said[fact]


KNOWN = [one for one in SITUATIONS if all(tells(one.said, fact) for fact in DECIDE)]


@pytest.fixture(scope="module")
def real() -> Guide:
    return loaded(read_files(settings.CONTENT_DIR))


def results_of(guide: Guide, said: Said) -> Leading:
    return lead(weigh(guide, known(said, guide.questions)))


def with_fewer(said: Said, fewer: int, random: Random) -> Said:
    """The same reader, who is not sure of so many other answers."""
    others = sorted(fact for fact in said if fact not in DECIDE and tells(said, fact))
    return {**said, **dict.fromkeys(random.sample(others, min(fewer, len(others))), (NOT_SURE,))}


def of_the_main_line(leading: Leading) -> set[str]:
    """The usual options that name the receptors and no place, and that apply or may apply."""
    found = (one for one in leading.results.findings if one.block.kind == "option" and one.verdict != "does-not-apply")
    usual = (one for one in found if one.block.role == "usual")
    return {one.block.id for one in usual if facts_in(one.block.when) & set(DECIDE[:2]) and "sites" not in facts_in(one.block.when)}


def test_the_guide_names_the_answers_that_decide_most(real: Guide) -> None:
    assert real.site.leads.opening == DECIDE
    assert len(KNOWN) >= 195


@pytest.mark.parametrize("fewer", range(4))
def test_every_usual_option_that_applies_or_may_is_in_sight(real: Guide, fewer: int) -> None:
    """Not inside what is closed; and the sentence that nothing comes first stands where there is none, and only there."""
    random, without = Random(SEED + fewer), []
    for situation in KNOWN:
        leading = results_of(real, with_fewer(situation.said, fewer, random))
        wanted = of_the_main_line(leading)
        open_lines = {entry.block.id for branch in leading.branches if not branch.depends for entry in branch.entries}
        assert wanted <= open_lines, situation.name
        assert leading.nothing_first == (not wanted), situation.name
        assert not leading.untold
        assert leading.often, f"{situation.name}: nothing stands there"
        if leading.nothing_first:
            without.append(situation.name)
            assert leading.instead or not leading.others["other"], situation.name
    assert fewer or len(without) <= NOTHING_FIRST, without


@pytest.mark.parametrize("answers", [{}, {"menopause": "after"}])
def test_three_answers_are_enough_for_lines_that_lead(real: Guide, answers: dict[str, str]) -> None:
    for three in sorted({tuple(one.said[fact] for fact in DECIDE) for one in KNOWN}):
        said = {**dict(zip(DECIDE, three, strict=True)), **{fact: (value,) for fact, value in answers.items()}}
        leading = results_of(real, said)
        assert not leading.nothing_first, said
        assert 1 <= len(telling.short_lines(leading)) <= telling.IN_SHORT
        assert 0 <= len(telling.asks(leading)) <= telling.IN_SHORT


def test_one_not_sure_hides_nothing(real: Guide) -> None:
    """All known but whether an organ is in danger: the usual pair leads, and the question stands in the box."""
    said: Said = {
        "relapse": ("at-diagnosis",), "sites": ("bone",), "line": ("first",), "menopause": ("after",), "hr": ("positive",),
        "her2": ("low",), "pace": (NOT_SURE,), "extent": ("limited",), "had": ("none-of-these",), "health": ("good",),
        "conditions": ("none-of-these",), "symptoms": ("none-of-these",), "brca": ("not-found",),
    }  # fmt: skip
    leading = results_of(real, said)
    assert [entry.block.brief for entry in leading.often][:2] == [
        "Ribociclib with an aromatase inhibitor",
        "Abemaciclib with an aromatase inhibitor",
    ]
    assert leading.tells == ("pace",)
    assert leading.branches[-1].kind == "loud"
    first = telling.short_lines(leading)[0]
    assert first.titles == "Ribociclib with an aromatase inhibitor or abemaciclib with an aromatase inhibitor"


def test_later_treatment_without_gene_results_is_told_by_them_in_the_order_of_the_guide(real: Guide) -> None:
    said: Said = {
        "hr": ("positive",), "her2": ("low",), "line": ("second",), "had": ("aromatase-inhibitor", "cdk46-inhibitor"),
        "menopause": ("after",), "pace": ("steady",),
    }  # fmt: skip
    branches = results_of(real, said).branches
    assert [branch.after_if for branch in branches][:2] == [
        "an ESR1 change is found",
        "a PIK3CA change is found or an AKT1 or PTEN change is found",
    ]
    assert [line.brief for line in branches[0].lines] == ["Elacestrant", "Imlunestrant", "Vepdegestrant"]


@pytest.mark.parametrize(
    ("told", "title"),
    [
        ("hr=positive her2=zero line=third-or-later had=aromatase-inhibitor,cdk46-inhibitor", "One chemotherapy medicine at a time, after hormonal treatment"),
        ("hr=positive her2=low line=third-or-later had=fulvestrant,t-dxd", "One chemotherapy medicine at a time, after hormonal treatment"),
        ("hr=negative her2=zero line=second had=chemotherapy-for-metastatic relapse=at-diagnosis", "One chemotherapy medicine at a time"),
        ("hr=negative her2=zero line=third-or-later had=sacituzumab-govitecan", "One chemotherapy medicine at a time"),
        ("hr=negative her2=zero line=second pace=crisis had=taxane relapse=at-diagnosis", "One chemotherapy medicine at a time"),
        ("hr=positive her2=low line=maintenance menopause=after", "Hormonal therapy after the chemotherapy part, after menopause"),
    ],
)  # fmt: skip
def test_what_was_missing_leads_now(real: Guide, told: str, title: str) -> None:
    said: Said = {fact: tuple(values.split(",")) for fact, values in (one.split("=") for one in told.split())}
    leading = results_of(real, said)
    assert [entry.finding.verdict for entry in leading.often if entry.block.title == title] == ["applies"]


def test_maintenance_in_triple_negative_cancer_has_something(real: Guide) -> None:
    said: Said = {"hr": ("negative",), "her2": ("zero",), "line": ("maintenance",), "pdl1": ("negative",), "brca": ("not-found",)}
    leading = results_of(real, said)
    assert leading.nothing_first
    assert [entry.block.title for entry in leading.instead] == ["Staying on part of the chemotherapy"]


def test_a_part_of_plans_is_no_line_of_its_own(real: Guide) -> None:
    shots = next(block for _, block in real.blocks("option") if block.id == "shots-that-switch-off-the-ovaries")
    assert shots.role == "other"


def test_what_was_for_early_cancer_only_is_asked_only_where_it_came_back(real: Guide) -> None:
    def asked(relapse: str) -> bool:
        way = walk(
            real, {**dict.fromkeys((question.id for question in real.questions), (NOT_SURE,)), "relapse": (relapse,), "had": ("taxane",)}
        )
        return "had-early" in {question.id for question in way.asked}

    assert asked("came-back") and not asked("at-diagnosis")


def test_a_usual_title_has_room_in_a_line(real: Guide) -> None:
    assert [block.brief for _, block in real.blocks("option") if block.role == "usual" and len(block.brief) > LONGEST_SHORT] == []


# On the page, in print and in the PDF


@pytest.fixture
def site(db: None, client: Client) -> Client:
    published(read_files(settings.CONTENT_DIR))
    return client


def as_reader(client: Client, guide: Guide, said: Said) -> Client:
    """A browser that holds these answers."""
    every = {question.id: said.get(question.id, (NOT_SURE,)) for question in guide.questions}
    response = HttpResponse()
    hold(RequestFactory().get("/"), response, walk(guide, every).said, {}, {})
    client.cookies.update(response.cookies)
    return client


def found(name: str) -> Situation:
    return next(one for one in SITUATIONS if one.name == name)


CAUTIOUS = [
    (found("HER2-positive, first treatment, weak heart, scarred lungs and pregnant").said, "unborn"),
    ({"hr": ("negative",), "her2": ("zero",), "line": ("third-or-later",), "had": ("taxane", "anthracycline", "chemotherapy-for-metastatic"), "conditions": ("dpd-deficiency",)}, "deadly"),
]  # fmt: skip


@pytest.mark.parametrize(("said", "word"), CAUTIOUS)
def test_a_caution_is_printed_in_its_words_on_the_page_and_in_the_pdf(site: Client, real: Guide, said: Said, word: str) -> None:
    reader = as_reader(site, real, said)
    care = html(reader.get("/for-me/results/")).split('<h2 id="care">')[1].split("</section>")[0]
    data = reader.get("/for-me/results.pdf").content
    paper = " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).split())
    assert word in care and word in paper
    because = telling.because(results_of(real, said))
    assert because
    for one in because:
        assert f"<h3>Because {one.cause}</h3>" in care and f"Because {one.cause}" in paper
        for told in one.all:
            assert care.count(told.caution.block.html.strip()) == 1, "each once"
            for text in telling.paragraphs(told.caution.block.html):
                assert "".join(text.split()) in "".join(paper.split())


def test_titles_that_lead_are_not_inside_what_is_closed(site: Client, real: Guide) -> None:
    for situation in Random(SEED).sample(KNOWN, 15):
        reader = as_reader(site, real, situation.said)
        page = Titles(html(reader.get("/for-me/results/")))
        leading = results_of(real, situation.said)
        wanted = {entry.block.title for entry in leading.often if entry.block.id in of_the_main_line(leading)}
        assert not wanted & page.closed, situation.name
        assert wanted <= {title.strip() for title in page.of["applies"]}


def test_without_the_answers_that_decide_most_the_page_does_not_pretend(site: Client, real: Guide) -> None:
    page = html(as_reader(site, real, {}).get("/for-me/results/"))
    short = page.split('<h2 id="short">')[1].split("</section>")[0]
    assert "3 answers open everything else" in short and "Often talked about" not in short
    for fact in DECIDE:
        assert real.question(fact).ask in short.replace("&#x27;", "'")
    assert '<h2 id="for-all">What is true for everybody</h2>' in page
    assert "enough for good results" not in page


@pytest.mark.parametrize(
    "said",
    [
        {},
        *(one.said for one in Random(SEED).sample(KNOWN, 3)),
        dict.fromkeys(DECIDE) | {"hr": ("positive",), "her2": ("low",), "line": ("third-or-later",)},
    ],
)
def test_the_pdf_begins_with_a_page_that_stands_alone_and_is_short(site: Client, real: Guide, said: Said) -> None:
    data = as_reader(site, real, said).get("/for-me/results.pdf").content
    pages = [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(data)).pages]
    assert len(pages) <= 8
    for wanted in ("In short", "For the next visit", "Call your team", "What I said"):
        assert wanted in pages[0]
    assert "Often discussed" in pages[1]


def test_the_command_tells_what_is_shown_as_data(site: Client, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("applies", "--answer", "hr=positive", "--answer", "her2=low", "--answer", "line=second", "--json")
    shown = json.loads(capsys.readouterr().out)["shown"]
    by_id = {option["id"]: option for option in shown}
    pill = by_id["imlunestrant-for-an-esr1-change"]
    assert {"title", "role", "verdict", "group", "treatments", "id", "depends_on", "unless", "cautions"} <= set(pill)
    assert (pill["group"], pill["role"], pill["verdict"]) == ("often-discussed", "usual", "may-apply")
    assert {"fact": "esr1", "values": ["found"]} in pill["depends_on"]
    assert pill["unless"] == [{"fact": "pace", "values": ["crisis"]}]
    assert [option["group"] for option in shown] == sorted(
        (option["group"] for option in shown), key=["often-discussed", "other", "only-if", "trial"].index
    )
    call_command(
        "applies",
        "--answer",
        "hr=negative",
        "--answer",
        "her2=positive",
        "--answer",
        "conditions=heart",
        "--answer",
        "line=first",
        "--json",
    )
    cautions = json.loads(capsys.readouterr().out)["shown"][0]["cautions"]
    assert cautions and all(caution["weight"] in ("avoid", "care") and caution["words"].endswith(".") for caution in cautions)


def test_of_several_treatments_the_one_that_is_not_given_is_named(real: Guide) -> None:
    """With liver disease one chemotherapy is left out, and others of the same option still suit."""
    said: Said = {
        "hr": ("positive",),
        "her2": ("zero",),
        "line": ("third-or-later",),
        "pace": ("crisis",),
        "sites": ("liver",),
        "conditions": ("liver",),
    }
    led = lead(weigh(real, known(said, real.questions)))
    (fast,) = [entry for entry in led.often if entry.block.id == "chemotherapy-to-act-fast-when-an-organ-is-in-danger"]
    assert telling.withheld(fast) == "Docetaxel, doxorubicin and epirubicin: usually not given, because you have liver disease"
    pregnant = lead(weigh(real, known({**said, "pace": ("steady",), "conditions": ("pregnant",)}, real.questions)))
    whole = [entry for entry in pregnant.shown if {one.document.slug for one in entry.avoid} == set(entry.block.treatments)]
    assert whole and {telling.withheld(entry) for entry in whole} == {"Usually not given, because you are pregnant"}


def short_of(real: Guide, **more: tuple[str, ...]) -> list[telling.ShortLine]:
    said: Said = {"hr": ("positive",), "her2": ("negative",), "line": ("first",), **more}
    return telling.short_lines(lead(weigh(real, known(said, real.questions))))


def test_in_an_emergency_what_acts_fast_comes_first(real: Guide) -> None:
    for conditions in ("none-of-these", "liver"):
        first, *_ = short_of(real, menopause=("after",), relapse=("at-diagnosis",), pace=("crisis",), conditions=(conditions,))
        assert (first.titles, first.after_if) == ("Chemotherapy that acts fast", "")


def test_the_box_does_not_name_what_is_not_given_without_saying_so(real: Guide) -> None:
    lines = short_of(real, menopause=("before",), conditions=("pregnant",))
    assert lines and {line.withheld for line in lines} == {"Usually not given, because you are pregnant"}
    assert {line.withheld for line in short_of(real, menopause=("before",), conditions=("none-of-these",))} == {""}


def test_radiation_of_another_place_is_not_taken_for_that_of_the_brain(real: Guide) -> None:
    had = real.question("had")
    assert [choice.id for one in choices_named(real, had, "radiation, taxane, aromatase") for choice in one.choices] == [
        "taxane",
        "aromatase-inhibitor",
    ]


def test_where_teams_follow_one_of_two_ways_the_box_has_both(real: Guide) -> None:
    low: Said = {"hr": ("low-positive",), "her2": ("zero",), "line": ("first",), "menopause": ("after",), "pdl1": ("positive",)}
    lines = telling.short_lines(lead(weigh(real, known(low, real.questions))))
    assert [line.way for line in lines] == ["hormone receptor-positive", "hormone receptor-negative"]
