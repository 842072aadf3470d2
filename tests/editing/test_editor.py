"""The editor: open, write, save, see; several people at one document; new documents. Broken edits have tests of their own."""

from __future__ import annotations

import re
from html import unescape

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.http import QueryDict
from django.http.response import HttpResponseBase
from django.test import Client

from guide.content.files import read_files
from guide.content.text import read
from guide.content.whole import assembled
from guide.editing import workflow
from guide.editing.audit import AuditEntry
from guide.editing.forms import fields_form, text_of
from guide.editing.models import Document, Edition, Revision
from guide.editing.typed import lines_of
from tests.django_fixtures import published
from tests.editing.conftest import staff
from tests.visits import Posted, form, html

SOIL, WATER = "en/pages/10-soil.md", "en/pages/20-water.md"
NEW = "/admin/documents/new/"
State = Revision.State


@pytest.fixture
def desk(client: Client, erin: User) -> Client:
    """Erin's desk: she may edit."""
    client.force_login(erin)
    return client


@pytest.fixture
def eve(garden: Edition) -> User:
    """Another editor."""
    return staff("eve", "Editors")


@pytest.fixture
def other_desk(eve: User) -> Client:
    """Eve's desk."""
    client = Client()
    client.force_login(eve)
    return client


def document(path: str = SOIL) -> Document:
    return Document.objects.get(path=path)


def address(path: str = SOIL, what: str = "edit") -> str:
    return f"/admin/documents/{document(path).pk}/{what}/"


def opened(client: Client, path: str = SOIL, *, raw: bool = True) -> Posted:
    """Open a document: what its form holds, the whole text in one box or with its fields."""
    return form(client.get(address(path) + ("?raw" if raw else "")), address(path))


def send(client: Client, window: Posted, action: str = "save", path: str = SOIL, **typed: str) -> HttpResponseBase:
    """Press a button. A hyphen in a name is written as __."""
    named = {name.replace("__", "-"): value for name, value in typed.items()}
    return client.post(address(path), {**window, "note": "Clearer words", **named, "action": action})


def open_text(path: str = SOIL) -> Revision:
    found = document(path).open_text()
    assert found
    return found


def words(response: HttpResponseBase) -> str:
    """What a page says."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html(response))).split())


# Opening


def test_the_form_holds_the_text_as_it_is(desk: Client, toy_texts: dict[str, str]) -> None:
    for path, text in toy_texts.items():
        assert opened(desk, path)["text"] == [text]


def test_saving_what_was_opened_changes_no_letter(desk: Client, toy_texts: dict[str, str]) -> None:
    """Neither by the fields nor by the whole text, as a browser sends it."""
    for path, text in toy_texts.items():
        for raw in (False, True):
            window = {name: [value.replace("\n", "\r\n") for value in values] for name, values in opened(desk, path, raw=raw).items()}
            assert send(desk, window, path=path).status_code == 302
            assert open_text(path).text == text


def test_pages_and_treatments_open_as_fields_and_body_and_lists_as_a_whole(desk: Client, toy_texts: dict[str, str]) -> None:
    for path in (SOIL, "en/treatments/compost.md", "en/glossary.md", "en/questions/20-soil.md"):
        window = opened(desk, path, raw=False)
        assert toy_texts[path].endswith(f"\n---\n{window['body'][0]}") and "field-title" in window
    for path in ("sources.yaml", "en/plan/20-my-ground.md", "audiences.yaml"):
        window = opened(desk, path, raw=False)
        assert window["text"] == [toy_texts[path]] and "body" not in window


def test_the_drop_downs_know_questions_and_audiences_in_words(desk: Client) -> None:
    page = html(desk.get(address()))
    assert "What is your soil like?" in page and "heavy ground" in page


@pytest.mark.parametrize("what", ["edit", "check", "save", "condition"])
def test_who_may_not_edit_is_kept_out(client: Client, rosa: User, paul: User, charlie: User, what: str) -> None:
    typed = {"text": "x", "note": "n", "action": "save", "changed": "1", "version": "0"}
    stranger = client.post(address(what=what), typed)
    if what == "edit":  # what was typed waits for whoever signs in again; nothing else is shown
        assert stranger.status_code == 403 and "You are signed out." in html(stranger) and "Soil" not in html(stranger)
    else:
        assert stranger.headers["Location"].startswith("/admin/login/")
    for user in (rosa, paul, charlie):
        client.force_login(user)
        assert client.get(address()).status_code == 403
        assert client.post(address(what=what), typed).status_code == 403
        assert client.get(NEW).status_code == client.post(NEW, {"folder": "pages", "title": "Tools", "note": "n"}).status_code == 403
    assert document().open_text() is None and not Document.objects.filter(path__contains="tools").exists()


@pytest.mark.parametrize("what", ["edit", "check", "save", "condition"])
def test_a_document_that_is_not_there_is_not_found(desk: Client, what: str) -> None:
    assert desk.post(f"/admin/documents/999999/{what}/", {"text": "x"}).status_code == 404


@pytest.mark.parametrize("what", ["check", "save", "condition"])
def test_what_the_page_asks_for_is_not_given_to_a_link(desk: Client, what: str) -> None:
    assert desk.get(address(what=what)).status_code == 405


# Saving


def test_a_draft_is_saved_and_readers_do_not_see_it(desk: Client, erin: User, toy_texts: dict[str, str]) -> None:
    text = toy_texts[SOIL].replace("Good soil", "Fine soil")
    response = send(desk, opened(desk), text=text)
    assert response.status_code == 302 and response.headers["Location"].startswith(address())
    draft = open_text()
    assert (draft.author, draft.note, draft.text, draft.state) == (erin, "Clearer words", text, State.DRAFT)
    assert Edition.objects.newest() == 1
    assert "<h1>Good soil</h1>" in html(Client().get("/guide/soil/"))
    assert opened(desk)["text"] == [text] and opened(desk)["note"] == ["Clearer words"]


def test_a_draft_without_a_reason_is_saved_but_not_sent(desk: Client) -> None:
    window = opened(desk)
    text = window["text"][0] + "\nMore.\n"
    assert send(desk, window, text=text, note="").status_code == 302
    refused = send(desk, opened(desk), "send", note="", for_readers="More.")
    assert refused.status_code == 422 and "the field “Why” is empty" in words(refused)
    assert re.search(r'<input id="note" [^>]*aria-invalid="true" autofocus aria-describedby="note-wrong', html(refused))
    assert form(refused, address())["text"] == [text] and open_text().state == State.DRAFT


def test_a_clinical_change_is_not_sent_without_a_sentence_for_readers(desk: Client) -> None:
    window = opened(desk)
    refused = send(desk, window, "send", text=window["text"][0] + "\nMore.\n")
    assert refused.status_code == 422 and "“What changed, for readers” is empty" in words(refused)
    assert re.search(r'<input id="for_readers" [^>]*aria-invalid="true"', html(refused)) and 'id="note-wrong"' not in html(refused)
    assert open_text().text.endswith("\nMore.\n")
    assert send(desk, form(refused, address()), "send", for_readers="We say more.").status_code == 302
    assert (open_text().state, open_text().for_readers) == (State.IN_REVIEW, "We say more.")


def test_what_has_not_changed_is_not_sent(desk: Client) -> None:
    refused = send(desk, opened(desk), "send", for_readers="Nothing.")
    assert refused.status_code == 422 and "Nothing has changed yet." in words(refused)
    assert document().open_text() is None


def test_line_ends_of_browsers_are_not_saved(desk: Client, toy_texts: dict[str, str]) -> None:
    text = toy_texts[SOIL] + "\nMore.\n"
    send(desk, opened(desk), text=text.replace("\n", "\r\n"))
    assert open_text().text == text


@pytest.mark.parametrize("ends", ["\n\n  \n", "", " ", "\t\n"])
def test_the_spaces_at_both_ends_are_kept(desk: Client, toy_texts: dict[str, str], ends: str) -> None:
    text = toy_texts[SOIL].rstrip() + ends
    send(desk, opened(desk), text=text)
    assert open_text().text == text
    window = opened(desk, raw=False)
    body = f"\n\n{window['body'][0]}"
    send(desk, window, body=body)
    assert open_text().text.endswith(f"\n---\n{body}")


@pytest.mark.parametrize("typed", ["<b>My own words & more</b> </textarea><script>", "“Ünï” — 你好 😀", "{{ site }} {% now %}"])
def test_whatever_is_typed_comes_back_as_it_was(desk: Client, typed: str) -> None:
    window = opened(desk)
    text = f"{window['text'][0]}\n{typed}\n"
    assert send(desk, window, text=text, note=typed, for_readers=typed).status_code == 302
    assert "</textarea><script>" not in html(desk.get(address()))
    again = opened(desk)
    assert (again["text"], again["note"], again["for_readers"]) == ([text], [typed], [typed])


def test_the_path_of_a_document_stays(desk: Client, toy_texts: dict[str, str]) -> None:
    window = opened(desk) | {"path": ["en/pages/99-moved.md"]}
    send(desk, window, text=toy_texts[SOIL] + "\nMore.\n")
    assert not Document.objects.filter(path="en/pages/99-moved.md").exists()
    assert open_text().text == toy_texts[SOIL] + "\nMore.\n"


def test_writing_in_a_text_in_review_makes_it_a_draft_again_and_says_so_before(desk: Client) -> None:
    window = opened(desk)
    send(desk, window, "send", text=window["text"][0] + "\nMore.\n", for_readers="More.")
    assert open_text().state == State.IN_REVIEW
    assert "it becomes a draft again" in words(desk.get(address()))
    window = opened(desk)
    send(desk, window, text=window["text"][0] + "\nEven more.\n")
    assert open_text().state == State.DRAFT


def test_a_draft_is_withdrawn_with_a_reason_and_stays_in_the_history(desk: Client) -> None:
    window = opened(desk)
    send(desk, window, text=window["text"][0] + "\nMore.\n")
    refused = send(desk, opened(desk), "withdraw")
    assert refused.status_code == 422 and "Say in a few words why you withdraw it." in words(refused)
    assert send(desk, opened(desk), "withdraw", why="Not needed").status_code == 302
    assert document().open_text() is None
    assert document().revisions.get(state=State.WITHDRAWN).text.endswith("\nMore.\n")


def test_comments_of_a_reviewer_stand_beside_the_text(desk: Client, rosa: User) -> None:
    window = opened(desk)
    send(desk, window, "send", text=window["text"][0] + "\nMore.\n", for_readers="More.")
    workflow.comment(open_text(), by=rosa, quote="More.", says="More of what?")
    workflow.ask_changes(open_text(), by=rosa)
    said = words(desk.get(address()))
    assert "More of what?" in said and "Rosa Green" in said


# Fields and the whole text


def test_a_field_changes_its_line_alone(desk: Client, toy_texts: dict[str, str]) -> None:
    send(desk, opened(desk, raw=False), field__title="Fine soil")
    assert open_text().text == toy_texts[SOIL].replace("title: Good soil", "title: Fine soil")


def test_names_and_ticks_become_lists_and_flags(desk: Client, toy_texts: dict[str, str]) -> None:
    path = "en/treatments/compost.md"
    window = opened(desk, path, raw=False)
    assert window["field-brands"] == ["Black Gold\nWorm Joy"] and window["field-in_2018"]
    del window["field-in_2018"]
    send(desk, window, path=path, field__brands="Black Gold\r\n\r\n Heap, new ; \r\n")
    expected = toy_texts[path].replace("[Black Gold, Worm Joy]", "[Black Gold, 'Heap, new']").replace("in_2018: true", "in_2018: false")
    assert open_text(path).text.replace('"', "'") == expected


def test_a_page_gets_another_place_in_the_menu(desk: Client, toy_texts: dict[str, str]) -> None:
    send(desk, opened(desk, raw=False), field__order="25")
    assert open_text().text == toy_texts[SOIL].replace("\n---\n", "\norder: 25\n---\n", 1)
    send(desk, opened(desk, raw=False), field__order="")
    assert open_text().text == toy_texts[SOIL]


def test_what_is_no_day_and_no_number_is_shown_again_as_it_was_typed(desk: Client) -> None:
    send(desk, opened(desk, raw=False), field__review_due="next spring", field__order="first")
    window = opened(desk, raw=False)
    assert (window["field-review_due"], window["field-order"]) == (["next spring"], ["first"])
    assert send(desk, window, "send", for_readers="More.").status_code == 422


@pytest.mark.parametrize("action", ["raw", "fields"])
def test_changing_the_view_loses_nothing_and_saves_nothing(desk: Client, toy_texts: dict[str, str], action: str) -> None:
    window = opened(desk, raw=action == "fields")
    text = toy_texts[SOIL] + "\nMy own words.\n"
    typed = {"text": text} if action == "fields" else {"body": window["body"][0] + "\nMy own words.\n"}
    page = send(desk, window, action, **typed)
    assert page.status_code == 200 and document().open_text() is None
    shown = form(page, address())
    assert ("body" in shown) is (action == "fields")
    assert send(desk, shown).status_code == 302
    assert open_text().text == text


def test_fields_that_the_form_cannot_show_open_as_the_whole_text(desk: Client, toy_texts: dict[str, str]) -> None:
    text = toy_texts[SOIL].replace("title: Good soil", "title: {one: Good soil}")
    send(desk, opened(desk), text=text)
    window = opened(desk, raw=False)
    assert window["text"] == [text] and "body" not in window


# While somebody types


def test_the_text_is_saved_while_somebody_types(desk: Client) -> None:
    window = opened(desk)
    for number in (1, 2, 3):
        text = f"{window['text'][0]}\nWords {number}.\n"
        answer = desk.post(address(what="save"), {**window, "text": text, "changed": "1"})
        told = answer.json()
        assert answer.status_code == 200 and open_text().text == text
        assert (told["version"], told["state"]) == (open_text().version, "draft")
        window |= {"version": [str(told["version"])]}
    assert document().revisions.exclude(state=State.PUBLISHED).count() == 1
    assert send(desk, window, text="Done").status_code == 302


def test_an_open_window_that_changes_nothing_saves_nothing(desk: Client) -> None:
    answer = desk.post(address(what="save"), {**opened(desk), "text": "half-typed"})
    assert answer.status_code == 200 and answer.json()["version"] == 0
    assert document().open_text() is None


def test_people_at_one_document_see_each_other(desk: Client, other_desk: Client) -> None:
    window = opened(desk)
    assert desk.post(address(what="save"), window).json()["others"] == []
    assert "Erin Green has it open too." in words(other_desk.get(address()))
    assert desk.post(address(what="save"), window).json()["others"] == ["Eve Green"]


def test_saving_while_typing_never_overwrites_another(desk: Client, other_desk: Client) -> None:
    mine, theirs = opened(desk), opened(other_desk)
    send(other_desk, theirs, text=theirs["text"][0] + "\nEve's.\n", note="Eve was quicker")
    # Whoever only has it open is told too; only a save is refused.
    for typed, status in (({}, 200), ({"changed": "1"}, 409)):
        answer = desk.post(address(what="save"), {**mine, "text": "Mine.", **typed})
        assert answer.status_code == status and "version" not in answer.json()
        assert "Eve Green saved this document at " in answer.json()["newer"] and "“Eve was quicker”" in answer.json()["newer"]
    assert open_text().text.endswith("\nEve's.\n")


def test_a_save_whose_answer_was_lost_is_known_again(desk: Client) -> None:
    """The window sends the same once more, with the version that it had, and goes on with the one that it is answered."""
    window = opened(desk)
    for number in (1, 2):
        sent = {**window, "text": f"{window['text'][0]}\nWords {number}.\n", "changed": "1"}
        desk.post(address(what="save"), sent)
        saved = open_text()
        answer = desk.post(address(what="save"), sent)
        assert (answer.status_code, answer.json()["version"]) == (200, saved.version)
        assert desk.post(address(what="save"), {**sent, "changed": ""}).status_code == 200
        assert (open_text().version, open_text().saved) == (saved.version, saved.saved)
        window |= {"version": [str(saved.version)]}
    assert document().revisions.exclude(state=State.PUBLISHED).count() == 1


@pytest.mark.parametrize("changed", ["text", "note", "for_readers"])
def test_an_own_second_window_that_holds_something_else_is_told_and_overwrites_nothing(desk: Client, changed: str) -> None:
    first = opened(desk) | {"text": ["First."], "note": ["n"], "for_readers": ["r"]}
    desk.post(address(what="save"), {**first, "changed": "1"})
    answer = desk.post(address(what="save"), {**first, changed: "Second.", "changed": "1"})
    assert answer.status_code == 409 and re.match(r"You saved this document at \d\d:\d\d, in another window", answer.json()["newer"])
    assert send(desk, first, **{"note": "n", changed: "Second."}).status_code == 409
    assert (open_text().text, open_text().note, open_text().for_readers) == ("First.", "n", "r")


def test_a_button_that_is_pressed_twice_acts_once(desk: Client, toy_texts: dict[str, str]) -> None:
    """Also where the review that the text has goes out of it on its way, so that what stands there is not what was sent."""
    text = toy_texts[SOIL].replace("review_due:", "reviewed: {by: Someone, role: Gardener, on: 2026-03-01}\nreview_due:", 1)
    text = text.replace("Feed the soil,", "Feed the soil every spring,")
    window = opened(desk) | {"text": [text], "for_readers": ["We say when to feed."]}
    for action, state in (("save", State.DRAFT), ("send", State.IN_REVIEW)):
        window |= {"version": [str(open_text().version) if action == "send" else "0"]}
        for _ in range(2):
            assert send(desk, window, action).status_code == 302
            assert open_text().state == state
    assert "Someone" in text and "Someone" not in open_text().text
    assert document().revisions.exclude(state=State.PUBLISHED).count() == 1
    assert AuditEntry.objects.filter(action="sent to review").count() == 1


def test_a_window_that_stays_open_is_told_what_became_of_its_text(desk: Client, rosa: User, paul: User, toy_texts: dict[str, str]) -> None:
    text = toy_texts[SOIL].replace("Feed the soil,", "Feed the soil every spring,")
    send(desk, opened(desk), "send", text=text, for_readers="We say when to feed.")
    window = opened(desk)

    def told() -> str:
        answer = desk.post(address(what="save"), window)
        assert answer.status_code == 200
        return str(answer.json().get("newer", ""))

    assert told() == ""
    workflow.approve(open_text(), by=rosa, role="Gardener")
    assert re.fullmatch(r"Rosa \w+ approved this document at \d\d:\d\d", told())
    edition = workflow.publish([open_text()], by=paul, note="n")
    assert re.fullmatch(rf"This document was published at \d\d:\d\d, in {str(edition).lower()}", told())
    assert desk.post(address(what="save"), {**window, "text": "More.", "changed": "1"}).status_code == 409


def test_an_approval_that_changes_no_word_leaves_the_window_as_it_is(desk: Client, rosa: User, toy_texts: dict[str, str]) -> None:
    send(desk, opened(desk), "send", text=toy_texts[SOIL].replace("review_due: 2026", "review_due: 2027"))
    window = opened(desk)
    workflow.approve(open_text(), by=rosa, role="Gardener")
    answer = desk.post(address(what="save"), window).json()
    assert (answer["version"], answer["state"]) == (open_text().version, "approved") and "newer" not in answer


def test_the_check_tells_grade_hard_sentences_and_where_the_body_begins(desk: Client) -> None:
    hard = "Considerable agricultural deterioration necessitates comprehensive, interdisciplinary rehabilitation strategies immediately."
    window = opened(desk, raw=False)
    told = desk.post(address(what="check"), {**window, "body": f"{hard}\n{window['body'][0]}"}).json()
    assert told["mistakes"] == [] and told["grade"] > 0
    (found,) = told["hard"]
    assert found["says"] == hard and found["line"] - told["before"] == 1
    assert document().open_text() is None


def test_a_condition_is_read_told_and_written_in_its_block(desk: Client) -> None:
    window = opened(desk, raw=False)
    line = window["body"][0].split("\n").index("/// option | Compost in the pot")
    told = desk.post(address(what="condition"), {**window, "line": str(line)}).json()
    assert told["block"] == "option | Compost in the pot" and told["sentence"] == "For people who said “a balcony”."
    assert told["form"] == {"join": "all", "parts": [{"fact": "space", "values": ["balcony"], "negated": False}]}
    chosen = '{"join": "all", "parts": [{"fact": "rain", "values": ["no"]}]}'
    told = desk.post(address(what="condition"), {**window, "line": str(line), "form": chosen}).json()
    assert told["sentence"] == "For people who said “no rain barrel”." and told["when"] == "{rain: 'no'}"
    assert told["text"] == window["body"][0].replace("when: {space: balcony}\n    role", "when: {rain: 'no'}\n    role")
    assert desk.post(address(what="condition"), {**window, "line": "0", "form": "{}"}).status_code == 400


def test_sources_and_places_to_link_to_are_found_by_their_words(desk: Client) -> None:
    def found(**wanted: str) -> list[str]:
        return [one["id"] for one in desk.post("/admin/documents/find/", wanted).json()["found"]]

    assert found(words="compost home", **{"for": "sources"}) == ["compost-leaflet"]
    assert found(words="good soil") == ["page:soil"]
    assert found(words="worm joy", **{"for": "treatments"}) == ["treatment:compost"]
    assert found(words="moondust") == []


def test_the_preview_shows_what_was_typed_in_the_fields_too(desk: Client) -> None:
    window = opened(desk, raw=False) | {"field-title": ["Fine soil"]}
    assert "<h1>Fine soil</h1>" in html(desk.post("/admin/preview/", {**window, "path": SOIL}))
    assert document().open_text() is None


# Two editors


def test_whoever_saves_second_is_told_and_keeps_the_text(desk: Client, other_desk: Client, erin: User, eve: User) -> None:
    mine, theirs = opened(desk), opened(other_desk)
    send(other_desk, theirs, text=theirs["text"][0] + "\nEve's words.\n", note="Eve was quicker")
    text = mine["text"][0] + "\nMy own words.\n"
    told = send(desk, mine, text=text)
    assert told.status_code == 409
    assert "Eve Green saved this document" in words(told) and "“Eve was quicker”" in words(told)
    again = form(told, address())
    assert again["text"] == [text] and open_text().text.endswith("\nEve's words.\n")
    # Saving once more is refused again, until one of the ways is chosen.
    assert send(desk, again).status_code == 409
    compared = words(send(desk, again, "compare"))
    assert "Eve's" in compared and "My own" in compared

    assert send(desk, again, "mine").status_code == 302
    assert (open_text().text, open_text().author) == (text, erin)
    kept = document().revisions.get(state=State.SUPERSEDED)
    assert kept.text.endswith("\nEve's words.\n") and kept.author == eve


def test_taking_the_other_text_keeps_the_own_one_in_the_history(desk: Client, other_desk: Client, erin: User) -> None:
    mine, theirs = opened(desk), opened(other_desk)
    send(other_desk, theirs, text=theirs["text"][0] + "\nEve's words.\n")
    told = send(desk, mine, text="Mine.")
    assert send(desk, form(told, address()), "theirs").status_code == 302
    assert open_text().text.endswith("\nEve's words.\n")
    kept = document().revisions.get(state=State.SUPERSEDED)
    assert (kept.text, kept.author) == ("Mine.", erin)


def test_what_was_published_meanwhile_is_told_too(desk: Client, toy_texts: dict[str, str]) -> None:
    mine = opened(desk)
    published({SOIL: toy_texts[SOIL] + "\nFrom the files.\n"})
    told = send(desk, mine, text=toy_texts[SOIL] + "\nMine.\n")
    assert told.status_code == 409 and "An import saved this document" in words(told)
    assert document().open_text() is None


def test_a_text_that_was_published_after_the_window_opened_is_not_taken_as_seen(desk: Client, toy_texts: dict[str, str]) -> None:
    send(desk, opened(desk), text=toy_texts[SOIL] + "\nMine.\n")
    published({SOIL: toy_texts[SOIL].replace("Feed the soil,", "Feed the soil every spring,")})
    window = opened(desk)
    published({SOIL: toy_texts[SOIL] + "\nA warning.\n"})
    desk.post(address(what="save"), {**window, "changed": "1"})
    refused = send(desk, opened(desk) | {"base": window["base"]}, "together")
    assert refused.status_code == 409 and "Readers have got another text since" in words(desk.get(address()))


def test_a_draft_that_is_behind_says_so_until_both_are_brought_together(desk: Client, toy_texts: dict[str, str]) -> None:
    send(desk, opened(desk), text=toy_texts[SOIL] + "\nMine.\n")
    published({SOIL: toy_texts[SOIL].replace("Feed the soil,", "Feed the soil every spring,")})
    page = desk.get(address())
    assert "Readers have got another text since" in words(page) and "every spring" in words(page)
    assert send(desk, opened(desk), "together").status_code == 302
    assert "Readers have got another text since" not in words(desk.get(address()))
    assert open_text().started_from == document().published()


def test_saving_another_document_is_no_conflict(desk: Client, other_desk: Client) -> None:
    mine, theirs = opened(desk), opened(other_desk, WATER)
    send(other_desk, theirs, path=WATER, text=theirs["text"][0] + "\nMore.\n")
    assert send(desk, mine, text=mine["text"][0] + "\nMine.\n").status_code == 302


# New documents


@pytest.mark.parametrize(
    ("typed", "path"),
    [
        ({"folder": "pages", "title": "Good Tools"}, "en/pages/31-good-tools.md"),
        ({"folder": "pages", "title": "Tools", "slug": "spades", "place": "25"}, "en/pages/25-spades.md"),
        ({"folder": "treatments", "title": "Wood ash"}, "en/treatments/wood-ash.md"),
        ({"folder": "questions", "title": "How tall are you?", "slug": "height"}, "en/questions/51-height.md"),
    ],
)
def test_a_new_document_begins_as_a_draft_that_nobody_reads(desk: Client, typed: dict[str, str], path: str) -> None:
    response = desk.post(NEW, {"note": "It was missing", **typed})
    assert response.status_code == 302 and response.headers["Location"] == address(path)
    draft = open_text(path)
    assert (draft.note, draft.state) == ("It was missing", State.DRAFT)
    assert typed["title"] in opened(desk, path)["text"][0]
    assert Edition.objects.newest() == 1 and path not in Edition.objects.texts(1)
    assert Client().get("/guide/good-tools/").status_code == 404


def test_a_new_page_lacks_only_what_its_writer_has_to_say(desk: Client) -> None:
    desk.post(NEW, {"folder": "pages", "title": "Tools", "note": "n"})
    path = "en/pages/31-tools.md"
    found = desk.post(address(path, "check"), opened(desk, path)).json()["mistakes"]
    assert [one["says"].partition(":")[0] for one in found] == ["sources", "text", "summary"]


def test_a_new_treatment_has_every_heading_that_it_needs(desk: Client) -> None:
    desk.post(NEW, {"folder": "treatments", "title": "Wood ash", "note": "n"})
    path = "en/treatments/wood-ash.md"
    found = desk.post(address(path, "check"), opened(desk, path)).json()["mistakes"]
    assert found and not [one for one in found if "heading" in one["says"] and "nothing stands under the heading" not in one["says"]]


@pytest.mark.parametrize(
    "typed",
    [
        {"folder": "pages", "title": "Soil"},
        {"folder": "pages", "title": "Tools", "slug": "Tools"},
        {"folder": "pages", "title": "Tools", "slug": "../outside"},
        {"folder": "pages", "title": "Tools", "slug": "a/b"},
        {"folder": "pages", "title": "Tools", "place": "-1"},
        {"folder": "pages", "title": "..."},
        {"folder": "pages", "title": ""},
        {"folder": "plan", "title": "Tools"},
        {"folder": "../", "title": "Tools"},
        {"folder": "treatments", "title": "Compost"},
        {"folder": "pages", "title": "Tools", "note": ""},
    ],
)
def test_a_new_document_needs_a_path_that_is_free_and_proper(desk: Client, typed: dict[str, str]) -> None:
    before = Document.objects.count()
    response = desk.post(NEW, {"note": "n", **typed})
    assert response.status_code == 422
    assert Document.objects.count() == before
    if typed["title"]:
        assert typed["title"] in html(response)


@pytest.mark.parametrize(
    ("folder", "path", "lacks"),
    [
        ("pages", "en/pages/31-wood-ash.md", ["summary: fill it in", "text: there is no text yet"]),
        (
            "treatments", "en/treatments/wood-ash.md",
            [
                "given: fill it in",
                "text: there is no text yet",
                *(f"heading: nothing stands under the heading '{title}'" for title in ("What it is", "Who it is for", "What can go wrong")),
            ],
        ),
        (
            "questions", "en/questions/51-wood-ash.md",
            [
                *(f"{field}: fill it in" for field in ("name", "ask", "why")),
                *(f"values.{id}.{field}: fill it in" for id in ("one", "two") for field in ("label", "said")),
                "text: there is no text yet",
            ],
        ),
    ],
)  # fmt: skip
def test_a_new_document_is_not_sent_untouched_and_what_it_lacks_is_told(desk: Client, folder: str, path: str, lacks: list[str]) -> None:
    desk.post(NEW, {"folder": folder, "title": "Wood ash", "note": "It was missing"})
    begun = open_text(path).text
    window = opened(desk, path, raw=False)
    assert "body" in window  # empty fields too open in the form
    refused = send(desk, window, "send", path=path, for_readers="Ash is new.")
    said = words(refused)
    assert refused.status_code == 422 and [lack for lack in lacks if lack not in said] == []
    assert (open_text(path).text, open_text(path).state) == (begun, State.DRAFT)
    told = desk.post(address(path, "check"), opened(desk, path)).json()["mistakes"]
    lines = [begun.split("\n")[one["line"] - 1] for one in told if "nothing stands under" in one["says"]]
    assert lines == [line for line in begun.split("\n") if line.startswith("## ")]


QUESTION = "en/questions/20-soil.md"


def test_a_question_and_its_answers_are_fields(desk: Client, toy_texts: dict[str, str]) -> None:
    window = opened(desk, QUESTION, raw=False)
    assert window["field-values.clay.label"] == ["Clay"] and "field-title" in window
    assert send(desk, window, path=QUESTION).status_code == 302
    send(desk, opened(desk, QUESTION, raw=False), path=QUESTION, **{"field__values.clay.label": "Heavy clay"})
    assert open_text(QUESTION).text == toy_texts[QUESTION].replace("label: Clay,", "label: Heavy clay,")
    hint = "It sticks to the spade."
    send(desk, opened(desk, QUESTION, raw=False), path=QUESTION, **{"field__values.clay.hint": hint})
    assert f"hint: {hint}" in open_text(QUESTION).text
    send(desk, opened(desk, QUESTION, raw=False), path=QUESTION, **{"field__values.clay.label": "Clay", "field__values.clay.hint": ""})
    assert open_text(QUESTION).text == toy_texts[QUESTION]


@pytest.mark.parametrize("odd", ["values: [clay, sand]", "values: {clay: [x], sand: y}", "values: clay", "values: {clay: {label: {a: b}}}"])
def test_a_question_whose_answers_are_no_fields_opens_as_the_whole_text(desk: Client, toy_texts: dict[str, str], odd: str) -> None:
    front, body = toy_texts[QUESTION].split("\n---\n", 1)
    text = f"{front.split('values:')[0]}{odd}\n---\n{body}"
    send(desk, opened(desk, QUESTION), path=QUESTION, text=text)
    window = opened(desk, QUESTION, raw=False)
    assert window["text"] == [text]
    assert desk.post(address(QUESTION), {**window, "action": "fields"}).status_code == 200


@pytest.mark.parametrize("path", sorted(path for path in read_files(settings.CONTENT_DIR) if path.endswith(".md") and "/plan/" not in path))
def test_every_document_of_the_guide_comes_back_from_its_form_byte_for_byte(path: str) -> None:
    text = lines_of(read_files(settings.CONTENT_DIR)[path])
    fields = fields_form(path, text, assembled({}))
    assert fields
    cut = read(path, text)
    posted = QueryDict(mutable=True)
    posted.update({"front": cut.front.removesuffix("\n"), "body": cut.body})
    for field in fields:
        value = field.value()
        if not isinstance(value, bool):
            posted[field.html_name] = value if value is not None else ""
        elif value:
            posted[field.html_name] = "on"
    assert text_of(path, posted) == text
