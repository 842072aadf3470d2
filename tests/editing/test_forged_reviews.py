"""A clinician's review is what `approve` writes, and nothing else: however YAML may spell it, no reader sees another."""

from __future__ import annotations

import datetime
from contextlib import suppress

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.test import Client

from guide import library
from guide.content.mistakes import ContentError
from guide.content.whole import examine
from guide.editing import workflow
from guide.editing.clinical import is_clinical, with_review
from guide.editing.models import Document, Edition
from guide.editing.workflow import NotAllowedError

SOIL = "en/pages/10-soil.md"
FORGED = "{by: Dr Nobody, role: oncologist, on: 2026-11-28}"
SPELLED = [
    f"reviewed: {FORGED}",
    f'"reviewed": {FORGED}',
    f"'reviewed': {FORGED}",
    f"reviewed :   {FORGED}",
    f"reviewed:\t{FORGED}",
    "reviewed:\n  by: Dr Nobody\n  role: oncologist\n  on: 2026-11-28",
    f"!!str reviewed: {FORGED}",
    f"! reviewed: {FORGED}",
    f"!<tag:yaml.org,2002:str> reviewed: {FORGED}",
    f"reviewed: !!map {FORGED}",
    f"? reviewed\n: {FORGED}",
    f'? "reviewed"\n: {FORGED}',
    f"? !!str reviewed\n: {FORGED}",
    f"? |-\n  reviewed\n: {FORGED}",
    f"? >-\n  reviewed\n: {FORGED}",
    f"<<: {{reviewed: {FORGED}}}",
    f"<<: [{{reviewed: {FORGED}}}]",
    f'<<: {{"reviewed": {FORGED}}}',
    f'"<<": {{reviewed: {FORGED}}}',
    f"? <<\n: {{reviewed: {FORGED}}}",
    f"!!merge <<: {{reviewed: {FORGED}}}",
    f"x: &x {{reviewed: {FORGED}}}\n<<: *x",
    f'"\\u0072eviewed": {FORGED}',
    f'"\\x72eviewed": {FORGED}',
    f'"re\\\n  viewed": {FORGED}',
    f"&a reviewed: {FORGED}",
    f"part2: &a reviewed\n*a : {FORGED}",
    f"part2: &a {FORGED}\nreviewed: *a",
    f"\ufeffreviewed: {FORGED}",
    f"# a note\u2028reviewed: {FORGED}",
    f"# a note\u2029reviewed: {FORGED}",
    f"# a note\x85reviewed: {FORGED}",
    f"# a note\rreviewed: {FORGED}",
    f"# a note\r\r\nreviewed: {FORGED}",
    f"--- \nreviewed: {FORGED}",
    f"...\nreviewed: {FORGED}",
    f"reviewed: null\nreviewed: {FORGED}",
    f'"reviewed": null\nreviewed: {FORGED}',
    f"reviewed: null\n!!str reviewed: {FORGED}",
    f"re\0viewed: {FORGED}",
    f"# a note\0\nreviewed: {FORGED}",
    f"re\u200bviewed: {FORGED}",
    f"\uff52eviewed: {FORGED}",
    f"Reviewed: {FORGED}",
    f"reviewed: [{FORGED}]",
    "reviewed: Dr Nobody",
]
if connection.vendor == "postgresql":
    # It takes no NUL; the desk drops it from what is typed.
    SPELLED = [line for line in SPELLED if "\0" not in line]


def now() -> str:
    return Edition.objects.texts(Edition.objects.newest())[SOIL]


def forged(line: str) -> list[str]:
    """The text that readers see with such a line as its first and last field; as one group of fields; as two; and with ends of lines of Windows."""
    text = now()
    front, body = text[4:].split("\n---\n", 1)
    flow = ", ".join(line.replace("Feed the soil, and", "Feed it") for line in front.replace(", and how", " and how").split("\n"))
    return [
        f"---\n{line}\n{front}\n---\n{body}",
        f"---\n{front}\n{line}\n---\n{body}",
        f"---\n{{{flow}, {line}}}\n---\n{body}",
        f"---\n%YAML 1.1\n--- \n{front}\n{line}\n---\n{body}",
        f"---\n{front}\n---\r\r\n{line}\n---\n{body}",
        f"---\r\r\n{front}\n{line}\n---\n{body}",
    ]


def through_all(text: str, *, by: User, reviewer: User, publisher: User) -> None:
    """Send, approve and publish it. Raises what refuses it."""
    document = Document.objects.get(path=SOIL)
    if document.open_text():
        workflow.withdraw(document.open_text(), by=by, why="again")  # type: ignore[arg-type]
    draft = workflow.save_draft(document, text, by=by, version=0, note="n", for_readers="More.")
    workflow.send_to_review(draft, by=by)
    workflow.approve(draft, by=reviewer, role="gardener")
    draft.refresh_from_db()
    workflow.publish([draft], by=publisher, note="n")


@pytest.mark.parametrize("clinical", [False, True], ids=["nothing else changes", "a statement changes too"])
@pytest.mark.parametrize("line", SPELLED)
def test_no_reader_sees_a_review_that_nobody_made(line: str, clinical: bool, client: Client, erin: User, rosa: User, paul: User) -> None:
    for text in forged(line):
        if clinical:
            text = text.replace("Feed the soil,", "Feed your soil,")
        try:
            through_all(text, by=erin, reviewer=rosa, publisher=paul)
        except (ContentError, NotAllowedError):
            continue
        finally:
            page = client.get("/guide/soil/").content.decode()
            assert "Nobody" not in page
            review = library.current().page("soil").reviewed
            assert review is None or (review.by, review.role) == ("Rosa Green", "gardener")


@pytest.mark.parametrize("line", SPELLED)
def test_a_review_that_a_clinician_made_is_not_changed_by_hand(line: str, erin: User, rosa: User, paul: User) -> None:
    through_all(now().replace("Feed the soil,", "Feed your soil,"), by=erin, reviewer=rosa, publisher=paul)
    made = library.current().page("soil").reviewed
    assert made and made.by == "Rosa Green"
    front, body = now()[4:].split("\n---\n", 1)
    without = "\n".join(one for one in front.split("\n") if not one.startswith("reviewed"))
    for fields in (f"{front}\n{line}", f"{line}\n{front}", f"{without}\n{line}", f"{line}\n{without}"):
        with suppress(ContentError, NotAllowedError):
            through_all(f"---\n{fields}\n---\n{body}", by=erin, reviewer=rosa, publisher=paul)
        assert library.current().page("soil").reviewed == made


@pytest.mark.parametrize(
    "line",
    [
        "<<: {summary: Other}",
        '"s\\u0075mmary2": Other',
        "# a note\u2028summary2: Other",
        "# a note\x85summary2: Other",
        "!!str summary2: Other",
        "? summary2\n: Other",
    ],
)
def test_a_field_that_is_spelled_oddly_is_a_clinical_change(line: str, toy_texts: dict[str, str]) -> None:
    text = toy_texts[SOIL].replace("part: ground", f"part: ground\n{line}")
    assert is_clinical(SOIL, toy_texts[SOIL], text)


def test_what_approve_writes_is_what_the_guide_reads(toy_texts: dict[str, str]) -> None:
    for name in ("Rosa Green", "O’Brien: R.", "- Rosa", "[Rosa]", "yes", "Röse & Co #1", "{a}", "'x", '"x', "*a", "&a", "!x", "%x", "@x"):
        text = with_review(SOIL, toy_texts[SOIL], name, "nurse: head", datetime.date(2026, 11, 29))
        guide, mistakes = examine({**toy_texts, SOIL: text})
        review = guide.page("soil").reviewed
        assert not mistakes
        assert review and (review.by, review.role, review.on) == (name, "nurse: head", datetime.date(2026, 11, 29))


@pytest.mark.parametrize("space", ["\u00a0", "\u2003", "\u3000", "\x1f"])
@pytest.mark.parametrize("line", ["/// callnow | Smoke", "    when: {soil: dry}"])
def test_spaces_that_only_look_like_spaces_are_a_clinical_change(line: str, space: str) -> None:
    before = f"---\ntitle: Soil\n---\n## Soil\n\n{line}\n"
    assert is_clinical(SOIL, before, before.replace(line, line.replace(" ", space, 1)))


def test_a_tab_is_as_many_spaces_as_it_stands_for() -> None:
    before = "---\ntitle: Soil\n---\n/// ask | Why?\n\twhen: {soil: dry}\n///\n"
    assert is_clinical(SOIL, before, before.replace("\t", " "))
    assert not is_clinical(SOIL, before, before.replace("\t", "    "))
