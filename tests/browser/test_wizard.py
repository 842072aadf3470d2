"""What applies to me, for many readers: a browser shows what the command says."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from urllib.parse import urlsplit

from playwright.sync_api import Locator

from guide.content.answers import Said, known
from guide.content.documents import Guide
from guide.content.files import read_files
from guide.content.weighing import weigh
from guide.content.whole import load
from guide.management.commands.applies import as_json
from guide.wizard.flow import walk
from guide.wizard.proof import random_reader
from tests.browser.conftest import ROOT, Visitor

READERS = 30


def test_the_results_in_a_browser_are_those_of_the_command(new_visitor: Callable[[bool], Visitor]) -> None:
    guide = load(read_files(ROOT / "content"))
    random = Random(2018)
    visitor = new_visitor(False)
    for _ in range(READERS):
        visitor.context.clear_cookies()
        said = _answer_everything(visitor, guide, random_reader(guide, random))
        visitor.go("/for-me/results/")
        options = as_json(weigh(guide, known(said, guide.questions)))["options"]
        for verdict, section in (("applies", "applies"), ("may-apply", "maybe"), ("does-not-apply", "not")):
            wanted = sorted(option["title"] for option in options if option["verdict"] == verdict)
            assert sorted(_titles(visitor, section)) == wanted, (verdict, said)


def _answer_everything(visitor: Visitor, guide: Guide, reader: Said) -> Said:
    """Send the form of each question, as the browser would; the answers that were asked for."""
    visitor.go("/for-me/1/")
    token = visitor.page.locator("input[name=csrfmiddlewaretoken]").first.get_attribute("value") or ""
    said: Said = {}
    while (now := walk(guide, said)).pending is not None:
        question = now.pending
        said[question.id] = reader[question.id]
        fields = "&".join(f"answer={id}" for id in reader[question.id])
        answer = visitor.context.request.post(
            f"{visitor.server.url}/for-me/{len(now.asked)}/",
            data=f"csrfmiddlewaretoken={token}&question={question.id}&{fields}",
            headers={"Content-Type": "application/x-www-form-urlencoded", "Origin": visitor.server.url},
        )
        assert answer.ok and urlsplit(answer.url).path.startswith("/for-me/"), (answer.status, question.id)
    return said


def _titles(visitor: Visitor, section: str) -> list[str]:
    """The titles of the options in a section of the results."""
    place: Locator = visitor.page.locator("section", has=visitor.page.locator(f"h2#{section}"))
    links = place.locator("article h3 a") if section == "applies" else place.locator(".reasons > li > a")
    return [text.strip() for text in links.all_text_contents()]
