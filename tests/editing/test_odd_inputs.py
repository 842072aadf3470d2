"""What browsers and people can send and hardly ever do: nothing of it ends in a page that says "server error"."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import User
from django.test import Client

from guide import library
from guide.content.mistakes import ContentError, Place, mistake
from guide.editing import drafts, models, workflow
from guide.editing.models import Document, Edition, Revision
from guide.editing.typed import lines_of, number_of, one_line
from guide.editing.workflow import NotAllowedError

SOIL = "en/pages/10-soil.md"
NUL, HUGE = "a\0b", "9" * 30


def soil() -> Document:
    return Document.objects.get(path=SOIL)


def now() -> str:
    return Edition.objects.texts(Edition.objects.newest())[SOIL]


def draft(erin: User) -> Revision:
    return workflow.save_draft(soil(), now() + "\nMore.\n", by=erin, version=0, note="n", for_readers="More.")


@pytest.mark.parametrize(
    ("typed", "number"),
    [("7", 7), ("", 0), ("x", 0), ("-1", 0), ("²", 0), (HUGE, 0), ("9" * 5000, 0), (str(2**63 - 1), 2**63 - 1), (str(2**63), 0)],
)
def test_a_number_is_one_that_a_database_takes(typed: str, number: int) -> None:
    assert number_of(typed) == number


def test_lines_and_a_line_are_what_a_database_takes() -> None:
    assert lines_of("a\r\nb\0c\n\r\n") == "a\nbc\n\n"
    assert lines_of("a\r\r\nb\rc") == "a\r\r\nb\rc"
    assert one_line("  a\0 b\r\n c ", 4) == "a b "[:4]


def test_nothing_that_is_typed_at_the_editor_is_too_odd(client: Client, erin: User) -> None:
    client.force_login(erin)
    text = draft(erin)
    editor = f"/admin/documents/{text.document_id}/edit/"
    window = {"text": text.text, "version": "1", "base": str(text.started_from_id), "note": "n", "for_readers": "f"}
    odd = [
        {"action": "save", "text": text.text + NUL},
        {"action": "save", "note": NUL, "for_readers": NUL},
        {"action": "save", "version": "9" * 5000, "base": HUGE},
        {"action": "theirs", "text": NUL},
        {"action": "check", "text": NUL},
        {"action": "withdraw", "why": NUL},
        {"action": "remove", "why": "x" * 400 + NUL},
    ]
    for one in odd:
        open_text = soil().open_text()
        answer = client.post(editor, window | {"version": str(open_text.version if open_text else 0)} | one)
        assert answer.status_code in (200, 302, 409, 422), one
    assert "\0" not in "".join(soil().revisions.values_list("text", flat=True))
    for path, data in (
        ("condition/", {"text": now(), "line": "1", "form": "[" * 100_000}),
        ("condition/", {"text": now(), "line": HUGE}),
        ("check/", {"text": NUL}),
        ("save/", {"text": NUL, "changed": "1"}),
    ):
        assert client.post(f"/admin/documents/{text.document_id}/{path}", data).status_code < 500, data


@pytest.mark.parametrize("number", ["%201", "1_0", "+1", "abc", "%00", HUGE])
def test_a_document_that_is_none_leads_to_the_list(client: Client, erin: User, number: str) -> None:
    client.force_login(erin)
    assert client.get(f"/admin/guide/document/{number}/change/").status_code == 302


def test_nothing_that_is_typed_at_a_review_is_too_odd(client: Client, erin: User, rosa: User) -> None:
    text = draft(erin)
    workflow.send_to_review(text, by=erin)
    client.force_login(rosa)
    for step in (
        {"step": "comment", "says": NUL, "quote": NUL},
        {"step": "settle", "comment": HUGE},
        {"step": "settle", "comment": "9" * 5000},
    ):
        assert client.post(f"/admin/texts/{text.pk}/review/", step).status_code in (302, 404), step
    too_long = client.post(
        f"/admin/texts/{text.pk}/review/", {"step": "approve", "version": text.version, "read": "yes", "role": "x" * 101}
    )
    assert too_long.status_code == 422
    text.comments.all().delete()
    with pytest.raises(NotAllowedError, match="has 101 letters; 100 fit"):
        workflow.approve(text, by=rosa, role="x" * 101)


def test_nothing_that_is_asked_of_editions_and_history_is_too_odd(client: Client, paul: User) -> None:
    client.force_login(paul)
    for texts in (HUGE, NUL, "²"):
        assert client.post("/admin/editions/", {"texts": texts, "note": "x", "when": "now"}).status_code == 422
    for due in ("9999-12-31T23:59", "0001-01-01T00:00"):
        assert client.post("/admin/editions/", {"texts": "1", "note": "x", "when": "later", "due": due}).status_code == 422
    for query in (f"before={HUGE}", f"from={HUGE}&to=1", "from=²&to=³"):
        assert client.get(f"/admin/documents/{soil().pk}/history/?{query}").status_code == 200
        assert client.get(f"/admin/editions/?{query}").status_code == 200


@pytest.mark.parametrize(
    "title",
    [
        "!!int abc",
        "!!float x",
        "!!timestamp foo",
        "!!map x",
        "!!bool maybe",
        "!!binary é",
        "!foo bar",
        "&a [*a]",
        "*nobody",
        "{a: b}",
    ],
)
def test_a_draft_with_odd_yaml_can_be_opened_checked_and_mended(client: Client, erin: User, rosa: User, title: str) -> None:
    client.force_login(erin)
    odd = now().replace("title: Good soil", f"title: {title}", 1)
    text = workflow.save_draft(soil(), odd, by=erin, version=0, note="n", for_readers="More.")
    editor = f"/admin/documents/{text.document_id}/edit/"
    for answer in (
        client.get(editor),
        client.post(f"/admin/documents/{text.document_id}/check/", {"text": odd}),
        client.post(editor, {"action": "fields", "text": odd}),
        client.get(f"/admin/texts/{text.pk}/review/"),
        client.get("/admin/mistakes/"),
    ):
        assert answer.status_code == 200
    with pytest.raises((ContentError, NotAllowedError)):
        workflow.send_to_review(text, by=erin)


def test_a_title_that_is_a_day_which_there_is_not_is_taken_as_it_is_written(client: Client, erin: User) -> None:
    client.force_login(erin)
    text = workflow.save_draft(
        soil(), now().replace("title: Good soil", "title: 2026-02-30"), by=erin, version=0, note="n", for_readers="f"
    )
    editor = f"/admin/documents/{text.document_id}/edit/"
    assert 'value="2026-02-30"' in client.get(editor).content.decode()
    workflow.send_to_review(text, by=erin)
    assert "<h1>2026-02-30</h1>" in client.post("/admin/preview/", {"path": SOIL, "text": text.text}).content.decode()


def test_the_desk_opens_also_where_what_readers_see_cannot_be_read(client: Client, erin: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def load(texts: object) -> None:
        raise ContentError([mistake(SOIL, "fill-in", Place("title"))])

    monkeypatch.setattr(models, "load", load)
    models._read.cache_clear()
    drafts.guide_at.cache_clear()
    library._newest = None
    client.force_login(erin)
    for path in ("/admin/", f"/admin/documents/{soil().pk}/edit/", f"/admin/documents/{soil().pk}/history/", "/admin/editions/"):
        assert client.get(path).status_code == 200, path
