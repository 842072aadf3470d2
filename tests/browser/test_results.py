"""The results on a phone: how long the page is, how high its box, and how soon the first option comes. Measured, and printed."""

from __future__ import annotations

import sys
from collections.abc import Callable
from random import Random
from statistics import median
from typing import TypedDict

from guide.content.files import read_files
from guide.content.parse import NOT_SURE
from tests.browser.test_wizard import answer_everything
from tests.browser.visitor import Visitor
from tests.django_fixtures import loaded
from tests.serving import CONTENT
from tests.test_leading import KNOWN, SEED

WIDTH, HEIGHT = 360, 740
READERS = 20
MEASURE = """() => {
  const height = (selector) => document.querySelector(selector)?.getBoundingClientRect().height ?? 0;
  const open = [...document.querySelectorAll("section[aria-labelledby=applies] .opt")].find((line) => line.checkVisibility());
  return {
    page: document.documentElement.scrollHeight,
    wide: document.documentElement.scrollWidth,
    box: height(".short"),
    first: open.getBoundingClientRect().top + scrollY,
    danger: height("section[aria-labelledby=danger]"),
    care: height("section[aria-labelledby=care]"),
  };
}"""


class Measured(TypedDict):
    page: float
    wide: float
    box: float
    first: float
    danger: float
    care: float


def test_the_results_are_short_on_a_phone(new_visitor: Callable[[bool], Visitor]) -> None:
    """Everything closed. What must be called about at once comes before all else, and cautions are printed in full: both are told apart."""
    guide, found = loaded(read_files(CONTENT)), dict[str, Measured]()
    visitor = new_visitor(False)
    visitor.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    for situation in Random(SEED).sample(KNOWN, READERS):
        visitor.context.clear_cookies()
        answer_everything(visitor, guide, {question.id: situation.said.get(question.id, (NOT_SURE,)) for question in guide.questions})
        visitor.go("/for-me/results/")
        found[situation.name] = visitor.page.evaluate(MEASURE)
    screens = sorted((one["page"] - one["care"]) / HEIGHT for one in found.values())
    whole = sorted(one["page"] / HEIGHT for one in found.values())
    boxes, firsts = [one["box"] for one in found.values()], [one["first"] - one["danger"] for one in found.values()]
    sys.stdout.write(
        f"\nscreens without cautions: median {median(screens):.1f}, most {screens[-1]:.1f}; with them {median(whole):.1f} and {whole[-1]:.1f}; "
        f"box at most {max(boxes):.0f} px; first option at most {max(firsts) / HEIGHT:.2f} screens down\n"
    )
    assert median(screens) <= 6 and screens[-1] <= 9, found
    assert max(boxes) <= HEIGHT, found
    assert max(firsts) <= 2 * HEIGHT, found
    assert max(one["wide"] for one in found.values()) <= WIDTH, "nothing is wider than the screen"


def test_the_box_of_those_who_gave_three_answers_is_one_screen_too(new_visitor: Callable[[bool], Visitor]) -> None:
    guide = loaded(read_files(CONTENT))
    visitor = new_visitor(False)
    visitor.page.set_viewport_size({"width": WIDTH, "height": HEIGHT})
    opening = guide.site.leads.opening
    for three in Random(SEED).sample(sorted({tuple(one.said[fact] for fact in opening) for one in KNOWN}), 4):
        visitor.context.clear_cookies()
        said = dict(zip(opening, three, strict=True))
        answer_everything(visitor, guide, {question.id: said.get(question.id, (NOT_SURE,)) for question in guide.questions})
        visitor.go("/for-me/results/")
        measured: Measured = visitor.page.evaluate(MEASURE)
        assert measured["box"] <= HEIGHT and measured["page"] <= 9 * HEIGHT and measured["first"] <= 2 * HEIGHT, (said, measured)
