"""The block at the cursor: the server says where it is and puts something into it; its id is written when the text is saved."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from guide.content.text import read
from guide.editing import workflow
from guide.editing.home import find_mistakes
from guide.editing.models import Document, Edition
from tests.visits import Posted, form, html

SOIL, VISITORS = "en/pages/10-soil.md", "en/pages/30-visitors.md"
NEW = "\n/// option | Dig in autumn\n    role: usual\n    treatments: [compost]\n    sources: [allotment-notes]\nOnce a year.\n///\n"
NAMED = NEW.replace("    role:", "    id: dig-in-autumn\n    role:")


@pytest.fixture
def desk(client: Client, erin: User) -> Client:
    """Erin's desk: she may edit."""
    client.force_login(erin)
    return client


def url(step: str, path: str = SOIL) -> str:
    return f"/admin/documents/{Document.objects.get(path=path).pk}/{step}/"


def at(text: str, start: str) -> int:
    """The one line that begins like this, from 0."""
    (found,) = [number for number, line in enumerate(text.split("\n")) if line.startswith(start)]
    return found


def ask(desk: Client, text: str, line: int, **more: str) -> dict[str, Any]:
    answer: dict[str, Any] = desk.post(url("block"), {"text": text.replace("\n", "\r\n"), "line": str(line), **more}).json()
    return answer


# Where it is


def test_the_block_around_the_cursor_is_told_with_the_line_below_it(desk: Client, toy_texts: dict[str, str]) -> None:
    soil = toy_texts[SOIL]
    first = at(soil, "/// option | Compost in the pot")
    below = soil.split("\n").index("///", first) + 1
    for line, options in ((first, True), (first + 5, True), (first + 6, False), (below - 1, False)):
        assert ask(desk, soil, line) == {"block": "option | Compost in the pot", "after": below, "options": options}
    for line in (0, first - 1, below, 9999):
        assert ask(desk, soil, line) == {"block": "", "after": 0, "options": False}


def test_lines_count_as_the_browser_shows_them(desk: Client) -> None:
    """The body alone, where the fields are a form."""
    window = form(desk.get(url("edit")), url("edit"))
    body = window["body"][0].replace("\r\n", "\n")
    line = at(body, "/// ask | Would a raised bed")
    answer = desk.post(url("block"), {**window, "line": str(line), "option": "sources", "value": "slug-diary"})
    assert answer.status_code == 400  # a question has none
    answer = desk.post(url("block"), {**window, "line": str(line)})
    assert answer.json() == {"block": "ask | Would a raised bed help my clay?", "after": line + 4, "options": True}
    line = at(body, "/// test | Shake")
    found = desk.post(url("block"), {**window, "line": str(line), "option": "sources", "value": "slug-diary"}).json()
    assert found["text"] == body.replace(
        "treatments: []\n    sources: [allotment-notes]", "treatments: []\n    sources: [allotment-notes, slug-diary]"
    )
    assert found["text"].split("\n")[found["line"]] == "    sources: [allotment-notes, slug-diary]"


# What is put into it


@pytest.mark.parametrize(
    ("before", "option", "value", "after"),
    [
        ("    sources: [a]\n", "sources", "b", "    sources: [a, b]\n"),
        ("    sources: []\n", "sources", "b", "    sources: [b]\n"),
        ("    sources: [a,\n      c]\n", "sources", "b", "    sources: [a, c, b]\n"),
        ("    sources:\n    - a\n    role: usual\n", "sources", "b", "    sources: [a, b]\n    role: usual\n"),
        ("    sources: [a]\n", "sources", "a", "    sources: [a]\n"),
        ("    sources: [2018, b]\n", "sources", "2018", "    sources: [2018, b]\n"),
        ("    role: usual  # as always\n", "treatments", "x", "    role: usual  # as always\n    treatments: [x]\n"),
        ("", "treatments", "x", "    treatments: [x]\n"),
        ("    role: usual\n    sources: [a]\n", "role", "trial", "    role: trial\n    sources: [a]\n"),
        ("    sources: [a]\n", "role", "only-if", "    sources: [a]\n    role: only-if\n"),
        ("\tsources: [a]\n", "role", "trial", "    sources: [a]\n    role: trial\n"),
    ],
)
def test_a_list_gets_one_more_item_once_and_all_else_stays(desk: Client, before: str, option: str, value: str, after: str) -> None:
    text = "---\ntitle: Beds  # one\n---\n## Beds\n\n/// option | Dig\n{}Dig  *deep*.\n///\n\n/// ask | Why?\n///\n"
    found = ask(desk, text.format(before), 5, option=option, value=value)
    assert found["text"] == text.format(after)
    assert found["text"].split("\n")[found["line"]].strip().startswith(f"{option}:")


def test_the_weight_of_a_caution_is_put_in(desk: Client) -> None:
    text = "---\ntitle: Beds\n---\n## Beds\n\n/// caution | Dig\n    weight: care\n    sources: [a]\nDig deep.\n///\n"
    found = ask(desk, text, 5, option="weight", value="avoid")
    assert found["text"] == text.replace("weight: care", "weight: avoid")


@pytest.mark.parametrize(
    ("block", "option", "value", "says"),
    [
        ("/// option | Dig\n    sources: a\n///", "sources", "b", "sources is a list: [one, two]"),
        ("/// option | Dig\n    sources: [a\n///", "sources", "b", "The options of this block cannot be read. Mend them first"),
        ("/// option | Dig\n    - a\n///", "role", "trial", "The options of this block cannot be read. Mend them first"),
        ("/// ask | Why?\n///", "role", "trial", "A block of the kind “Question to ask” has no role."),
        ("/// option | Dig\n///", "weight", "care", "A block of the kind “Option” has no weight."),
        ("/// option | Dig\n///", "when", "x", "There is nothing to put into the block."),
        ("/// option | Dig\n///", "role", "", "There is nothing to put into the block."),
        ("Nothing", "role", "trial", "Put the cursor into a block first."),
    ],
)
def test_what_cannot_be_put_in_is_told_in_plain_words(desk: Client, block: str, option: str, value: str, says: str) -> None:
    found = ask(desk, f"---\ntitle: Beds\n---\n{block}\n", 3, option=option, value=value)
    assert found["wrong"].startswith(says) and "text" not in found


def test_a_condition_that_is_put_in_again_stays_as_it_is_written(desk: Client, toy_texts: dict[str, str]) -> None:
    soil = toy_texts[SOIL]
    line = str(at(soil, "/// option | Mulch for sandy beds"))
    there = desk.post(url("condition"), {"text": soil, "line": line}).json()["form"]
    assert desk.post(url("condition"), {"text": soil, "line": line, "form": json.dumps(there)}).json()["text"] == soil


def test_a_condition_is_not_put_among_options_that_cannot_be_read(desk: Client, toy_texts: dict[str, str]) -> None:
    broken = toy_texts[SOIL].replace("when: {space: balcony}", "when: {space: balcony")
    asked = {"text": broken, "line": str(at(broken, "/// option | Compost in the pot")), "form": '{"join": "all", "parts": []}'}
    answer = desk.post(url("condition"), asked)
    assert answer.status_code == 400 and answer.json()["wrong"].startswith("The options of this block cannot be read.")


def test_only_editors_ask(client: Client, rosa: User, toy_texts: dict[str, str]) -> None:
    client.force_login(rosa)
    assert client.post(url("block"), {"text": toy_texts[SOIL], "line": "1"}).status_code == 403


# Its id


def typed(text: str, **more: str) -> dict[str, str]:
    published = Document.objects.get(path=SOIL).published()
    base = str(published.pk if published else 0)
    return {"text": text, "version": "0", "base": base, "note": "More", "for_readers": "We say more.", **more}


def draft() -> str:
    found = Document.objects.get(path=SOIL).open_text()
    assert found
    return found.text


def test_a_writer_is_told_nothing_of_ids_and_saving_writes_them(desk: Client, toy_texts: dict[str, str]) -> None:
    text = toy_texts[SOIL] + NEW
    assert desk.post(url("check"), {"text": text}).json()["mistakes"] == []
    assert desk.post(url("edit"), typed(text, action="save")).status_code == 302
    assert draft() == toy_texts[SOIL] + NAMED
    window: Posted = form(desk.get(f"{url('edit')}?raw"), url("edit"))
    assert window["text"] == [toy_texts[SOIL] + NAMED]


def test_sending_writes_them_too_and_another_way_to_review_does(desk: Client, erin: User, toy_texts: dict[str, str]) -> None:
    assert desk.post(url("edit"), typed(toy_texts[SOIL] + NEW, action="send")).status_code == 302
    assert draft() == toy_texts[SOIL] + NAMED
    other = workflow.save_draft(
        Document.objects.get(path=VISITORS), toy_texts[VISITORS] + NEW, by=erin, version=0, note="More", for_readers="We say more."
    )
    workflow.send_to_review(other, by=erin)
    other.refresh_from_db()
    assert (other.text, other.version) == (toy_texts[VISITORS] + NAMED, 2)


def test_what_saves_itself_stays_as_it_was_typed(desk: Client, erin: User, toy_texts: dict[str, str]) -> None:
    """The text in the browser would differ silently from the one that is saved, and the next save would clash."""
    text = toy_texts[SOIL] + NEW
    assert desk.post(url("save"), typed(text, changed="1")).json()["version"] == 1
    assert draft() == text
    edition = Edition.objects.first()
    assert edition and find_mistakes(edition) == []


def test_a_window_whose_saved_text_got_ids_does_not_clash_with_it(desk: Client, toy_texts: dict[str, str]) -> None:
    """The answer to the first save was lost on its way."""
    text = toy_texts[SOIL] + NEW
    for _ in range(2):
        assert desk.post(url("edit"), typed(text, action="save")).status_code == 302
    for more in ({}, {"changed": "1"}):
        answer = desk.post(url("save"), typed(text, **more))
        assert (answer.status_code, answer.json().get("newer"), answer.json()["version"]) == (200, None, 1)
    assert desk.post(url("edit"), typed(text, action="send")).status_code == 302
    assert desk.post(url("edit"), typed(text, action="send")).status_code == 302
    assert Document.objects.get(path=SOIL).revisions.count() == 2


def test_a_block_gets_its_id_with_its_title_and_keeps_it_when_the_title_changes(desk: Client, toy_texts: dict[str, str]) -> None:
    untitled = NEW.replace("Dig in autumn", "")
    desk.post(url("edit"), typed(toy_texts[SOIL] + untitled, action="save"))
    assert draft() == toy_texts[SOIL] + untitled
    told = desk.post(url("check"), {"text": draft()}).json()["mistakes"]
    assert [one["says"] for one in told] == ["option: give it a title, after a | on its first line"]
    desk.post(url("edit"), typed(toy_texts[SOIL] + NEW, action="save", version="1"))
    desk.post(url("edit"), typed(draft().replace("| Dig in autumn", "| Dig in October"), action="save", version="2"))
    assert "/// option | Dig in October\n    id: dig-in-autumn\n" in draft()


def test_a_copied_block_is_told_how_to_get_an_id_of_its_own(desk: Client, toy_texts: dict[str, str]) -> None:
    text = toy_texts[SOIL] + NAMED + NAMED
    (told,) = desk.post(url("check"), {"text": text}).json()["mistakes"]
    assert told["line"] == text.count("\n", 0, text.rindex("    id: dig-in-autumn")) + 1
    assert told["says"].endswith("Or take the line of the id out: the block gets one of its own when you save")
    desk.post(url("edit"), typed(toy_texts[SOIL] + NAMED + NEW, action="save"))
    assert [block.data["id"] for block in read(SOIL, draft()).blocks[-2:]] == ["dig-in-autumn", "dig-in-autumn-2"]


def test_no_id_is_the_anchor_of_a_heading(desk: Client, toy_texts: dict[str, str]) -> None:
    desk.post(url("edit"), typed(f"{toy_texts[SOIL]}\n## Dig in autumn\n{NEW}", action="save"))
    assert read(SOIL, draft()).blocks[-1].data["id"] == "dig-in-autumn-2"
    assert desk.post(url("check"), {"text": draft()}).json()["mistakes"] == []


def test_without_javascript_the_page_shows_the_text_that_was_saved(desk: Client, toy_texts: dict[str, str]) -> None:
    refused = desk.post(url("edit"), typed(f"{toy_texts[SOIL]}{NEW}\nSee [this](page:moon).\n", action="send"))
    assert refused.status_code == 422 and "there is no page &#x27;moon&#x27;" in html(refused)
    assert form(refused, url("edit"))["text"] == [draft()] and "id: dig-in-autumn" in draft()
