"""What applies to me, for many readers: the page shows what the command says."""

from __future__ import annotations

from html.parser import HTMLParser
from random import Random

import pytest
from django.test import Client

from guide.content.answers import Said, known
from guide.content.documents import Guide
from guide.content.files import read_files
from guide.content.weighing import weigh
from guide.management.commands.applies import as_json
from guide.wizard.flow import walk, whole_walk
from guide.wizard.proof import random_reader
from tests.django_fixtures import loaded, published
from tests.serving import CONTENT
from tests.visits import html

READERS = 30


class Titles(HTMLParser):
    """The titles in each section: of what opens at a touch, or the first link of a line with reasons. And those inside what is closed."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.of: dict[str, list[str]] = {}
        self.closed: set[str] = set()
        self._section = ""
        self._above: list[tuple[str, str]] = []
        self._inside = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "section":
            self._section = given.get("aria-labelledby") or ""
        elif given.get("class") == "title" or (tag == "a" and self._above[-1][0] == "li" and self._section == "not"):
            self.of.setdefault(self._section, []).append("")
            self._inside = True
        if tag not in ("br", "input", "meta", "link", "img", "hr"):
            self._above.append((tag, given.get("class") or ""))

    def handle_endtag(self, tag: str) -> None:
        while self._above and self._above.pop()[0] != tag:
            pass
        self._inside &= tag not in ("a", "span")

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.of[self._section][-1] += data
            if any(name == "group" for _, names in self._above for name in names.split()):
                self.closed.add(self.of[self._section][-1].strip())


@pytest.mark.django_db
def test_the_results_on_the_page_are_those_of_the_command(client: Client) -> None:
    texts = read_files(CONTENT)
    published(texts)
    guide, random = loaded(texts), Random(2018)
    for _ in range(READERS):
        client.cookies.clear()
        said = _answer_everything(client, guide, random_reader(guide, random))
        found = Titles(html(client.get("/for-me/results/"))).of
        results = as_json(weigh(guide, known(said, guide.questions)))
        often = [option["title"] for option in results["shown"] if option["group"] == "often-discussed"]
        assert sorted(map(str.strip, found.get("applies", []))) == sorted(often), said
        others = [option["title"] for option in results["shown"] if option["group"] != "often-discussed"]
        assert list(map(str.strip, found.get("others", []))) == others, said
        wanted = sorted(option["title"] for option in results["options"] if option["verdict"] == "does-not-apply")
        assert sorted(title.strip() for title in found.get("not", [])) == wanted, said
        assert len(results["shown"]) == sum(option["verdict"] != "does-not-apply" for option in results["options"])


def _answer_everything(client: Client, guide: Guide, reader: Said) -> Said:
    """Send the form of each page; the answers that were asked for."""
    answers = whole_walk(guide, reader).said
    said: Said = {}
    while not (now := walk(guide, said)).done:
        page = {question.id: answers[question.id] for question in now.pages[-1]}
        said |= page
        form = {"question": list(page), **{f"answer-{id}": list(ticked) for id, ticked in page.items()}}
        answer = client.post(f"/for-me/{len(now.pages)}/", form)
        assert answer.status_code == 302 and answer.headers["Location"].startswith("/for-me/"), (answer.status_code, page)
    return said
