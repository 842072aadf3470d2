"""Danger signs: how fast to call because of each, and that only what somebody really feels is told first."""

from __future__ import annotations

import re
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.test import Client

from guide.content.answers import Said, known
from guide.content.blocks import SPEED_LABELS, SPEEDS, Speed
from guide.content.documents import Guide
from guide.content.files import read_files
from guide.content.leading import lead
from guide.content.parse import NOT_SURE
from guide.content.weighing import Finding, weigh
from guide.wizard.flow import walk
from guide.wizard.handout import Situation, handout
from tests.django_fixtures import loaded, published
from tests.visits import answer, html

SIGNS: list[dict[str, Any]] = yaml.safe_load(Path(__file__).with_name("danger_signs.yaml").read_text(encoding="utf-8"))
SLOWEST_FIRST = ["within days", *reversed(SPEEDS)]
"""How fast to call, as the table says it."""


@pytest.fixture(scope="module")
def real() -> Guide:
    return loaded(read_files(settings.CONTENT_DIR))


def felt(guide: Guide, *symptoms: str, **others: str) -> list[Finding]:
    """The danger signs that are told first to who feels this."""
    said = {"symptoms": symptoms, **{fact: (value,) for fact, value in others.items()}}
    return weigh(guide, known(said, guide.questions)).danger(now=True)


# The table


def test_every_sign_has_the_speed_that_the_table_has_with_sources(real: Guide) -> None:
    told = {f"{page.slug}#{sign.id}": (sign.speed, sign.sources) for page, sign in real.blocks("callnow")}
    assert {row["sign"]: (row["speed"], tuple(row["sources"])) for row in SIGNS} == told
    assert len(told) == len(SIGNS) >= 29
    assert {source for row in SIGNS for source in row["sources"]} <= set(real.sources)


def test_no_sign_is_slower_than_it_was_and_each_that_changed_says_why() -> None:
    assert [row["sign"] for row in SIGNS if SLOWEST_FIRST.index(row["speed"]) < SLOWEST_FIRST.index(row["before"])] == []
    assert [row["sign"] for row in SIGNS if row["speed"] != row["before"] and not row.get("why")] == []
    assert sum(row["before"] == "911" for row in SIGNS) == sum(row["speed"] == "911" for row in SIGNS) == 5


# What readers see


def test_the_fastest_signs_of_a_page_come_first_under_each_heading(real: Guide) -> None:
    for page in real.pages:
        for section in page.body.sections:
            speeds = [SPEEDS.index(part.speed) for part in section.parts if not isinstance(part, str) and part.speed]
            assert speeds == sorted(speeds), (page.slug, section.title)


def test_the_page_of_signs_has_each_under_the_heading_of_its_speed(real: Guide) -> None:
    headed = {"Call 911": "911", "Call now, day or night": "now", "Call the same day": "same-day", "Your jaw and teeth": "same-day"}
    sections = real.page("when-to-call").body.sections
    found = {section.title: {part.speed for part in section.parts if not isinstance(part, str) and part.speed} for section in sections}
    assert {title: speeds for title, speeds in found.items() if speeds} == {title: {speed} for title, speed in headed.items()}


SAYS: dict[Speed, str] = {"911": r"\b911\b", "now": r"\b(?:at once|right away|call now)\b", "same-day": r"\bsame day\b"}
"""How a text says it."""


def test_yellow_skin_has_one_speed_on_every_page_and_in_every_sign(real: Guide) -> None:
    texts = {document.path: document.body.text for document in (*real.pages, *real.treatments.values())}
    sentences = {path: re.split(r"(?<=[.!?])\s+", text) for path, text in texts.items()}
    told = [
        (path, one) for path, every in sentences.items() for one in every if re.search(r"\byellow\b.*\b[Cc]all|\b[Cc]all.*\byellow\b", one)
    ]
    assert len(told) > 10
    assert [one for one in told if re.search(SAYS["same-day"], one[1]) or not re.search(SAYS["now"], one[1], re.IGNORECASE)] == []
    assert {sign.speed for _, sign in real.blocks("callnow") if "yellow" in sign.title.casefold()} == {"now"}


# No false alarms


@pytest.mark.parametrize(
    ("mild", "bad"),
    [("low-mood", "self-harm"), ("breathlessness", "breathless-at-rest"), ("diarrhea", "diarrhea-severe"), ("nausea", "vomiting-severe")],
)
def test_a_mild_symptom_and_the_dangerous_one_are_two_answers(real: Guide, mild: str, bad: str) -> None:
    mildly, badly = felt(real, mild), felt(real, bad)
    assert badly and badly[0].block.speed in SPEEDS
    assert [finding.block.title for finding in mildly if finding.block.speed != "same-day"] == []
    assert not {finding.url for finding in mildly} & {finding.url for finding in badly}


@pytest.mark.parametrize(
    "mild", ["low-mood", "diarrhea", "nausea", "pain", "fatigue", "poor-sleep", "numbness", "hot-flashes", "mouth-sores"]
)
def test_what_is_no_danger_is_told_first_by_no_sign(real: Guide, mild: str) -> None:
    assert felt(real, mild, sites="bone") == []


def test_a_cough_is_no_911_but_is_told_the_same_day(real: Guide) -> None:
    (sign,) = felt(real, "breathlessness", sites="lung")
    assert (sign.block.speed, "cough" in sign.block.title) == ("same-day", True)


def test_what_means_911_leads_to_911(real: Guide) -> None:
    assert {answer: felt(real, answer)[0].block.speed for answer in ("self-harm", "breathless-at-rest", "confusion-or-seizure")} == {
        "self-harm": "911",
        "breathless-at-rest": "911",
        "confusion-or-seizure": "911",
    }


def test_signs_are_told_by_their_speed_and_not_by_their_page(real: Guide) -> None:
    every = [choice.id for choice in real.question("symptoms").choices if not choice.alone]
    speeds = [finding.block.speed for finding in felt(real, *every, sites="bone", had="pembrolizumab")]
    assert [speed for speed, _ in groupby(speeds)] == list(SPEEDS)


def test_help_for_a_mild_symptom_is_there_for_the_bad_one_too(real: Guide) -> None:
    def helps(symptom: str) -> set[str]:
        return {
            finding.url
            for finding in weigh(real, known({"symptoms": (symptom,)}, real.questions)).of("support", "applies")
            if finding.facts
        }

    for mild, bad in (("low-mood", "self-harm"), ("breathlessness", "breathless-at-rest"), ("diarrhea", "diarrhea-severe")):
        assert helps(mild) and helps(mild) == helps(bad)
    assert helps("nausea") == helps("vomiting-severe") != set()


# Calling


def place_of(guide: Guide, answer: str) -> int:
    """The place of an answer on its form, from 1."""
    return 1 + [choice.id for choice in guide.question("symptoms").choices].index(answer)


@pytest.mark.django_db
def test_911_and_988_can_be_called_from_the_signs_the_results_and_the_foot_of_every_page(client: Client, real: Guide) -> None:
    published(read_files(settings.CONTENT_DIR))
    foot = 'local emergency number (<a href="tel:911">911</a> in the US)'
    signs = html(client.get("/guide/when-to-call/"))
    assert re.search(r'<section class="block callnow speed-911"[^>]*>\s*<p class="kind">Call <a href="tel:911">911</a>\s*</p>', signs)
    assert 'call or text <a href="tel:988">988</a>' in signs and foot in html(client.get("/"))
    said: Said = {}
    while (asked := walk(real, said).pending) and not asked.now:
        said[asked.id] = (NOT_SURE,)
    number = len(walk(real, said).pages)
    answer(client, {id: list(told) for id, told in said.items()})
    assert f'<p class="hint" id="hint-1-{place_of(real, "self-harm")}">Call or text <a href="tel:988">988</a>' in html(
        client.get(f"/for-me/{number}/")
    )
    answer(client, {**{id: list(told) for id, told in said.items()}, "symptoms": ["self-harm"]})
    results = html(client.get("/for-me/results/"))
    assert results.count("tel:911") >= 3 and results.count("tel:988") >= 1
    assert not re.search(r">[^<]*\bnow\b[^<]*</h2>", results), "no speed stands above signs of another"


def test_on_paper_each_sign_says_how_fast_and_the_fastest_come_first(real: Guide) -> None:
    symptoms = ("diarrhea-severe", "self-harm")
    said: Said = {"symptoms": symptoms, "sites": ("bone", "brain")}
    paper = handout(lead(weigh(real, known(said, real.questions))), said, Situation([], []), lambda path: path)
    assert [sign["kind"] for sign in paper["danger"]] == [SPEED_LABELS[speed] for speed in SPEEDS]
    order = [list(SPEED_LABELS.values()).index(sign["kind"]) for sign in paper["signs"]]
    assert len(order) > 5 and order == sorted(order)


# Colors


def tokens(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{3,6});", css))


def contrast(one: str, other: str) -> float:
    """As WCAG reckons it."""

    def light(color: str) -> float:
        digits = color[1:] if len(color) == 7 else "".join(digit * 2 for digit in color[1:])
        parts = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    bright, dark = sorted((light(one), light(other)), reverse=True)
    return (bright + 0.05) / (dark + 0.05)


def test_the_words_of_every_speed_can_be_read_in_light_and_dark() -> None:
    css = (Path(settings.BASE_DIR) / "static/guide.css").read_text()
    light, dark = css.split("@media (prefers-color-scheme: dark)", 1)
    for colors in (tokens(light), {**tokens(light), **tokens(dark.split("\n}\n")[0])}):
        pairs = [("danger-ink", "danger"), ("danger", "danger-soft"), ("only", "only-soft")]
        pairs += [(words, ground) for words in ("ink", "accent", "ink-soft") for ground in ("danger-soft", "only-soft")]
        assert {pair: round(ratio, 1) for pair in pairs if (ratio := contrast(colors[pair[0]], colors[pair[1]])) < 4.5} == {}


def test_who_named_no_place_is_led_to_all_the_signs(real: Guide) -> None:
    page = weigh(real, {}).danger_page
    assert page and page.slug == "when-to-call"
