"""What counts as clinical: everything readers rely on, in files of every kind, but for a few named exceptions."""

from __future__ import annotations

import datetime
import re
from html import unescape

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.test import Client

from guide.content.files import read_files
from guide.editing import workflow
from guide.editing.clinical import is_clinical, shows_review, with_review
from guide.editing.models import Document, Edition, Revision
from guide.editing.statements import Statement, changed
from guide.editing.workflow import NotAllowedError
from tests.visits import html

SITE, SOURCES = "en/site.yaml", "sources.yaml"
DAY = datetime.date(2026, 3, 1)


def now(path: str) -> str:
    return Edition.objects.texts(Edition.objects.newest())[path]


def draft(path: str, text: str, by: User, for_readers: str = "") -> Revision:
    return workflow.save_draft(Document.objects.get(path=path), text, by=by, version=0, note="Mended", for_readers=for_readers)


def words(page: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", page)).split())


def test_the_number_to_call_in_an_emergency_is_a_clinical_statement() -> None:
    before = read_files(settings.CONTENT_DIR)[SITE]
    after = before.replace("911", "119")
    assert after != before and is_clinical(SITE, before, after)
    called, told = sorted(changed(SITE, before, after), key=lambda one: one.name, reverse=True)
    assert told.name == "emergency" and "(911 in the US)" in told.before and "(119 in the US)" in told.after
    assert (called.name, called.before, called.after) == ("phones", "911; 988", "119; 988")


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (SITE, "call for help", "stay calm"),
        (SITE, "No gardener has read this yet.", "A gardener has read this."),
        (SITE, "knows better", "knows little"),
        (SITE, "What can go wrong", "What may go wrong"),
        (SITE, "No longer sold", "Sold"),
        (SOURCES, "A diary of slugs", "A diary of snails"),
        (SOURCES, "doi: 10.1000/garden.1", "doi: 10.1000/garden.2"),
        ("audiences.yaml", "soil: clay", "soil: loam"),
        ("en/plan/choices.yaml", "rake: Rake", "rake: Spade"),
        ("en/plan/paper.yaml", "side: 1", "side: 2"),
        ("en/plan/10-my-garden.md", "title:", "title: All of"),
        ("en/questions/10-space.md", "said: a balcony", "said: a bed"),
        ("en/glossary.md", "aphid", "slug"),
        ("a-new-kind-of-file.yaml", "5", "6"),
    ],
)
def test_what_readers_rely_on_counts_in_every_kind_of_file(toy_texts: dict[str, str], path: str, old: str, new: str) -> None:
    before = toy_texts.get(path, "dose: 5\n")
    assert old in before and is_clinical(path, before, before.replace(old, new))
    assert is_clinical(path, before, None) and is_clinical(path, None, before) or path == SOURCES


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        (SOURCES, "checked: 2026-03-02", "checked: 2026-11-02"),
        (SOURCES, "allotment-notes:", "new-one: {title: New, publisher: We, date: 2026, doi: 1, checked: 2026-01-01}\nallotment-notes:"),
        (SOURCES, "title: A diary of slugs", "title: 'A diary of slugs'  # quoted"),
        (SITE, "name:", "# What stands on every page\nname:"),
        ("promised.yaml", "compost, ", ""),
        ("en/pages/10-soil.md", "review_due: 2026", "review_due: 2027"),
    ],
)
def test_what_keeps_order_does_not(toy_texts: dict[str, str], path: str, old: str, new: str) -> None:
    assert old in toy_texts[path] and not is_clinical(path, toy_texts[path], toy_texts[path].replace(old, new))


def test_a_file_that_cannot_be_read_counts_as_a_whole() -> None:
    assert changed(SITE, "name: Guide\n", "name: Guide: x\n") == [Statement("the whole text", "name: Guide\n", "name: Guide: x\n")]


def test_codes_that_are_written_once_and_used_again_are_told_one_by_one() -> None:
    before = "a: &a {code: 1}\nb: *a\n"
    assert changed("codes.yaml", before, f"# Where they are from\n{before}") == []
    assert changed("codes.yaml", before, before.replace("1", "2")) == [Statement("a › code", "1", "2"), Statement("b › code", "1", "2")]


def test_statements_go_by_their_names_wherever_they_stand() -> None:
    before = "blocks:\n- {id: one, title: First, side: 1}\n- {id: two, title: Second}\nparts: [a, b]\n"
    after = "blocks:\n- {id: new, title: New}\n- {id: one, title: Changed, side: true}\n- {id: two, title: Second}\nparts: [b, a]\n"
    assert changed("en/plan/paper.yaml", before, after) == [
        Statement("blocks › new › id", "", "new"),
        Statement("blocks › new › title", "", "New"),
        Statement("blocks › one › title", "First", "Changed"),
        Statement("blocks › one › side", "1", "True"),
        Statement("parts", "a; b", "b; a"),
    ]


def test_a_review_is_shown_in_every_language() -> None:
    for path in ("en/pages/10-soil.md", "es/pages/10-suelo.md", "es/treatments/compost.md", "es/glossary.md"):
        assert shows_review(path)
    for path in ("en/site.yaml", "es/questions/10-soil.md", "sources.yaml"):
        assert not shows_review(path) and with_review(path, "---\na: 1\n---\n", "Rosa", "gardener", DAY) == "---\na: 1\n---\n"


def test_words_of_every_page_need_a_sentence_for_readers_and_the_reviewer_sees_them(client: Client, erin: User, rosa: User) -> None:
    after = now(SITE).replace("call for help", "wait")
    text = draft(SITE, after, erin)
    with pytest.raises(NotAllowedError, match="one plain sentence for readers"):
        workflow.send_to_review(text, by=erin)
    text = workflow.save_draft(text.document, after, by=erin, version=text.version, for_readers="We say what to do in a fire.")
    workflow.send_to_review(text, by=erin)
    client.force_login(rosa)
    page = html(client.get(f"/admin/texts/{text.pk}/review/"))
    assert "A clinical statement may change, or words that readers rely on." in words(page)
    assert "Your approval is kept in the history." in words(page) and "is shown to readers" not in words(page)
    shown = words(page.partition('<h2 id="as-read">')[2].partition('<h2 id="comments">')[0])
    assert "emergency If the greenhouse is on fire, leave it and" in shown
    assert "[taken out: call for help ] [new: wait ]" in shown
    assert "The Small Garden" not in shown
    workflow.approve(text, by=rosa, role="Head gardener")
    assert text.text == after


def test_a_new_source_needs_no_sentence_for_readers(erin: User) -> None:
    added = "new-one: {title: New, publisher: We, date: 2026, url: 'https://garden.example', checked: 2026-01-01}\n"
    cite = draft("en/pages/10-soil.md", now("en/pages/10-soil.md") + "\nMore [@new-one].\n", erin, "More.")
    text = draft(SOURCES, now(SOURCES) + added, erin)
    workflow.send_to_review(text, by=erin)
    workflow.send_to_review(cite, by=erin)
