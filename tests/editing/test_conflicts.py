"""Documents that both the files and an editor changed."""

from __future__ import annotations

import html as escaping
import re
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.http.response import HttpResponseBase
from django.test import Client

from guide.content.files import read_files, write_files
from guide.editing import workflow
from guide.editing.audit import AuditEntry
from guide.editing.conflicts import Conflict, take_file
from guide.editing.imports import CLASH_ENDS
from guide.editing.models import Document, Edition, Revision
from tests.visits import html

SOIL, WATER = "en/pages/10-soil.md", "en/pages/20-water.md"
HERE, THERE = "Said here.", "Said in the files."


@pytest.fixture
def folder(tmp_path: Path, garden: Edition, toy_texts: dict[str, str]) -> Path:
    """The files that the garden was made of, to be changed."""
    write_files(tmp_path / "content", toy_texts)
    return tmp_path / "content"


@pytest.fixture
def desk(client: Client, erin: User) -> Client:
    """Erin's desk: she edits."""
    client.force_login(erin)
    return client


def first_lines(text: str, words: str) -> str:
    """The text with a sentence at the top of its body."""
    front, body = text.split("\n---\n", 1)
    return f"{front}\n---\n{words}\n\n{body}"


def edit(path: str, text: str | None) -> None:
    Edition.objects.publish({path: text}, by=None, note="edited", origin=Edition.Origin.ADMIN)


def newest() -> dict[str, str]:
    return Edition.objects.texts(Edition.objects.newest())


def in_conflict(folder: Path, *, clash: bool = False) -> Conflict:
    """An editor added a sentence at the end, and the files say something else (at the end too for a clash)."""
    old = newest()[SOIL]
    edit(SOIL, f"{old}\n{HERE}\n")
    (folder / SOIL).write_text(f"{old}\n{THERE}\n" if clash else first_lines(old, THERE))
    with pytest.raises(CommandError):
        call_command("import_content", folder)
    return Conflict.objects.get()


def address(conflict: Conflict) -> str:
    return f"/admin/conflicts/{conflict.pk}/"


def form_of(page: str) -> dict[str, str]:
    """What a browser would send: which texts the page shows, and what stands in its field."""
    shown = dict(re.findall(r'name="(version|base|files)" value="(\w+)"', page))
    text = re.search(r"<textarea[^>]*>\n(.*?)</textarea>", page, re.DOTALL)
    assert len(shown) == 3
    return {**shown, "text": escaping.unescape(text[1])} if text else shown


def settle(desk: Client, conflict: Conflict, how: str) -> HttpResponseBase:
    """Open the page, and press a button."""
    return desk.post(address(conflict), {**form_of(html(desk.get(address(conflict)))), "how": how})


# What an import does


def test_a_conflict_keeps_all_three_texts_and_the_rest_is_imported(folder: Path, toy_texts: dict[str, str]) -> None:
    edited = toy_texts[SOIL] + "\nEdited.\n"
    edit(SOIL, edited)
    for path in (SOIL, WATER):
        (folder / path).write_text(toy_texts[path] + "\nFrom the files.\n")
    with pytest.raises(CommandError) as told:
        call_command("import_content", folder)
    conflict = Conflict.objects.get()
    assert f"  {SOIL}: {address(conflict)}\n" in str(told.value) and WATER not in str(told.value)
    assert (conflict.base, conflict.file, conflict.edit) == (toy_texts[SOIL], toy_texts[SOIL] + "\nFrom the files.\n", edited)
    assert newest()[SOIL] == edited and newest()[WATER].endswith("\nFrom the files.\n")


def test_a_conflict_that_waits_is_told_again_without_a_second_row(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    conflict = in_conflict(folder)
    with pytest.raises(CommandError, match=address(conflict)):
        call_command("import_content", folder)
    call_command("import_content", folder, "--keep-edits")
    assert address(conflict) in capsys.readouterr().out
    assert Conflict.objects.get() == conflict and Edition.objects.newest() == 2


def test_a_conflict_that_waits_learns_what_the_files_say_now(folder: Path) -> None:
    conflict = in_conflict(folder)
    newer = first_lines(conflict.base or "", "Said better.")
    (folder / SOIL).write_text(newer)
    call_command("import_content", folder, "--keep-edits")
    now = Conflict.objects.get()
    assert (now.pk, now.base, now.file) == (conflict.pk, conflict.base, newer)


@pytest.mark.parametrize("which", ["base", "edit"])
def test_a_conflict_ends_when_the_files_go_back_or_agree(folder: Path, which: str) -> None:
    conflict = in_conflict(folder)
    (folder / SOIL).write_text(getattr(conflict, which))
    call_command("import_content", folder)
    conflict.refresh_from_db()
    assert conflict.how == {"base": "gone", "edit": "same"}[which] and conflict.settled
    assert newest()[SOIL] == conflict.edit and Edition.objects.newest() == 2


def test_take_files_ends_a_conflict_that_waits(folder: Path) -> None:
    conflict = in_conflict(folder)
    call_command("import_content", folder, "--take-files")
    conflict.refresh_from_db()
    assert conflict.how == "import" and newest()[SOIL] == conflict.file
    call_command("import_content", folder)
    assert Edition.objects.newest() == 3


def test_a_rest_that_does_not_fit_is_not_imported_and_both_texts_are_kept(folder: Path, toy_texts: dict[str, str]) -> None:
    edit(SOIL, toy_texts[SOIL] + "\nEdited.\n")
    (folder / "en/pages/25-tools.md").write_text(toy_texts[WATER].replace("title: Water", "title: Tools"))
    (folder / SOIL).write_text(toy_texts[SOIL] + "\nSee [tools](page:tools).\n")
    (folder / WATER).write_text(toy_texts[WATER] + "\nSee [this](page:moon).\n")
    with pytest.raises(CommandError, match=r"no page 'moon'(.|\n)*nothing was imported(.|\n)*--take-files"):
        call_command("import_content", folder)
    assert Edition.objects.newest() == 2
    assert (Conflict.objects.get().file or "").endswith("See [tools](page:tools).\n")


def test_an_import_leaves_drafts_alone(folder: Path, erin: User, toy_texts: dict[str, str]) -> None:
    document = Document.objects.get(path=SOIL)
    draft = workflow.save_draft(document, toy_texts[SOIL] + "\nMine.\n", by=erin, version=0)
    (folder / SOIL).write_text(toy_texts[SOIL] + "\nTheirs.\n")
    call_command("import_content", folder)
    assert document.open_text() == draft and newest()[SOIL].endswith("Theirs.\n")
    draft.refresh_from_db()
    assert draft.text.endswith("Mine.\n") and draft.started_from != document.published()


# Settling


def test_the_page_shows_what_each_side_changed_and_brings_both_together(folder: Path, desk: Client) -> None:
    conflict = in_conflict(folder)
    page = html(desk.get(address(conflict)))
    files, here = page.split('id="in-files"')[1].split('id="here"')
    assert re.findall(r"<ins>(.*?)</ins>", files, re.DOTALL) != [] and THERE in files and HERE not in files
    assert HERE in here.split("</section>")[0] and THERE not in here.split("</section>")[0]
    text = form_of(page)["text"]
    assert THERE in text and HERE in text and "different lines" in page


def test_a_text_that_brings_both_together_goes_to_review_and_the_conflict_does_not_come_back(
    folder: Path, desk: Client, erin: User, rosa: User, paul: User, tmp_path: Path
) -> None:
    conflict = in_conflict(folder)
    form = form_of(html(desk.get(address(conflict))))
    response = desk.post(address(conflict), {**form, "text": form["text"].replace("\n", "\r\n"), "how": "merged"})
    document = Document.objects.get(path=SOIL)
    assert response.status_code == 302 and str(document.pk) in response.headers["Location"]
    draft = document.open_text()
    assert draft and draft.text == form["text"] and (draft.state, draft.author) == (Revision.State.DRAFT, erin)
    conflict.refresh_from_db()
    assert (conflict.how, conflict.settled_by) == ("merged", erin) and conflict.settled
    assert AuditEntry.objects.filter(action="settled a conflict", about=SOIL, by=erin).count() == 1
    call_command("import_content", folder)
    assert Edition.objects.newest() == 2 and Conflict.objects.count() == 1
    draft.for_readers = "Both are said."
    draft.save()
    workflow.send_to_review(draft, by=erin)
    workflow.approve(draft, by=rosa, role="Gardener")
    workflow.publish([draft], by=paul, note="Both")
    call_command("import_content", folder)
    assert Edition.objects.newest() == 3
    call_command("export_content", folder)
    call_command("import_content", folder)
    assert Edition.objects.newest() == 3 and newest() == read_files(folder)


def test_a_settled_conflict_compares_the_next_change_with_what_the_files_said(folder: Path, desk: Client) -> None:
    conflict = in_conflict(folder)
    settle(desk, conflict, "edit")
    conflict.refresh_from_db()
    assert conflict.how == "edit" and Document.objects.get(path=SOIL).open_text() is None
    call_command("import_content", folder)
    assert Edition.objects.newest() == 2
    (folder / SOIL).write_text(first_lines(conflict.file or "", "Newer."))
    call_command("import_content", folder, "--keep-edits")
    again = Conflict.objects.get(settled=None)
    assert again.base == conflict.file and again.pk != conflict.pk
    assert "Newer." in form_of(html(desk.get(address(again))))["text"]


def test_the_text_of_the_files_is_taken_as_a_draft(folder: Path, desk: Client) -> None:
    conflict = in_conflict(folder)
    settle(desk, conflict, "file")
    draft = Document.objects.get(path=SOIL).open_text()
    assert draft and draft.text == conflict.file and draft.state == Revision.State.DRAFT
    assert newest()[SOIL] == conflict.edit


def test_a_file_that_was_removed_becomes_a_proposal_to_remove(folder: Path, desk: Client, toy_texts: dict[str, str]) -> None:
    path = "en/pages/25-tools.md"
    text = toy_texts[WATER].replace("title: Water", "title: Tools")
    (folder / path).write_text(text)
    call_command("import_content", folder)
    edit(path, text + "\nEdited.\n")
    (folder / path).unlink()
    call_command("import_content", folder, "--keep-edits")
    conflict = Conflict.objects.get(settled=None)
    page = html(desk.get(address(conflict)))
    assert "The file was removed." in page and "<textarea" not in page
    settle(desk, conflict, "file")
    draft = Document.objects.get(path=path).open_text()
    assert draft and draft.removed


def test_where_both_wrote_in_one_place_a_person_has_to_choose(folder: Path, desk: Client) -> None:
    conflict = in_conflict(folder, clash=True)
    page = html(desk.get(address(conflict)))
    form = form_of(page)
    assert "1 place both sides changed" in page and CLASH_ENDS in form["text"]
    response = desk.post(address(conflict), {**form, "how": "merged"})
    assert response.status_code == 422 and "Choose, and remove these lines" in html(response)
    assert form_of(html(response))["text"] == form["text"]
    conflict.refresh_from_db()
    assert conflict.settled is None and Document.objects.get(path=SOIL).open_text() is None


def test_an_open_text_counts_as_the_editors_and_is_never_overwritten_unseen(folder: Path, desk: Client, garden: Edition) -> None:
    conflict = in_conflict(folder)
    form = form_of(html(desk.get(address(conflict))))
    eve = User.objects.create_superuser("eve")
    document = Document.objects.get(path=SOIL)
    workflow.save_draft(document, newest()[SOIL] + "\nEve's.\n", by=eve, version=0)
    response = desk.post(address(conflict), {**form, "how": "merged"})
    page = html(response)
    assert response.status_code == 422 and "Somebody saved this document" in page and "Eve&#x27;s." in page
    conflict.refresh_from_db()
    assert conflict.settled is None
    assert desk.post(address(conflict), {**form_of(page), "how": "merged"}).status_code == 302
    kept = document.revisions.get(state=Revision.State.SUPERSEDED)
    assert kept.author == eve and kept.text.endswith("Eve's.\n")


def test_a_conflict_is_settled_once(folder: Path, desk: Client) -> None:
    conflict = in_conflict(folder)
    form = form_of(html(desk.get(address(conflict))))
    settle(desk, conflict, "edit")
    response = desk.post(address(conflict), {**form, "how": "file"})
    assert response.status_code == 422 and "It is settled already: kept the editors’ text (erin)" in html(response)
    assert Document.objects.get(path=SOIL).open_text() is None
    page = html(desk.get("/admin/conflicts/"))
    assert "Nothing." in page and "Erin Green: kept the editors’ text" in page


@pytest.mark.parametrize("how", ["", "nonsense", "import"])
def test_other_ways_are_refused(folder: Path, desk: Client, how: str) -> None:
    conflict = in_conflict(folder)
    assert settle(desk, conflict, how).status_code == 422
    conflict.refresh_from_db()
    assert conflict.settled is None


def test_only_editors_come_here(folder: Path, client: Client, rosa: User, paul: User) -> None:
    conflict = in_conflict(folder)
    for user in (rosa, paul):
        client.force_login(user)
        for path in ("/admin/conflicts/", address(conflict)):
            assert client.get(path).status_code == 403
        assert client.post(address(conflict), {"version": "0", "how": "edit"}).status_code == 403
    assert Client().get(address(conflict)).status_code == 302


# What the page showed


@pytest.mark.parametrize("how", ["edit", "file", "merged"])
def test_what_the_files_say_by_now_is_looked_at_before_it_is_settled(folder: Path, desk: Client, how: str) -> None:
    conflict = in_conflict(folder)
    form = form_of(html(desk.get(address(conflict))))
    (folder / SOIL).write_text(first_lines(conflict.base or "", "Newer in the files."))
    call_command("import_content", folder, "--keep-edits")
    response = desk.post(address(conflict), {**form, "how": how})
    page = html(response)
    assert response.status_code == 422 and "The files say something else by now." in page and "Newer in the files." in page
    assert Conflict.objects.waiting().count() == 1 and Document.objects.get(path=SOIL).open_text() is None
    assert desk.post(address(conflict), {**form, **form_of(page), "how": how}).status_code == 302


@pytest.mark.parametrize("how", ["file", "merged"])
def test_what_was_published_meanwhile_is_looked_at_before_it_is_settled(folder: Path, desk: Client, how: str) -> None:
    conflict = in_conflict(folder)
    form = form_of(html(desk.get(address(conflict))))
    edit(SOIL, newest()[SOIL] + "\nPublished since.\n")
    response = desk.post(address(conflict), {**form, "how": how})
    page = html(response)
    assert response.status_code == 422 and "Somebody saved this document" in page and "Published since." in page
    assert Conflict.objects.waiting().count() == 1
    assert desk.post(address(conflict), {**form, **form_of(page), "how": how}).status_code == 302


def test_how_lines_end_makes_no_difference_and_no_clash(folder: Path, desk: Client, erin: User, rosa: User, paul: User) -> None:
    old = newest()[SOIL]
    edit(SOIL, f"{old}\n{HERE}\n")
    (folder / SOIL).write_bytes(first_lines(old, THERE).replace("\n", "\r\n").encode())
    call_command("import_content", folder, "--keep-edits")
    conflict = Conflict.objects.get()
    page = html(desk.get(address(conflict)))
    assert "different lines" in page and HERE in form_of(page)["text"] and THERE in form_of(page)["text"]
    settle(desk, conflict, "file")
    draft = Document.objects.get(path=SOIL).open_text()
    assert draft and draft.text == first_lines(old, THERE)
    # Whoever reviews it leaves a name in it, which needs its fields.
    draft = workflow.save_draft(draft.document, draft.text, by=erin, version=draft.version, for_readers="Said otherwise.")
    workflow.send_to_review(draft, by=erin)
    workflow.approve(draft, by=rosa, role="Gardener")
    assert "by: Rosa Green" in workflow.publish([draft], by=paul, note="n").revisions.get().text


def test_what_both_took_away_comes_in_again_when_the_files_bring_it_back(folder: Path, toy_texts: dict[str, str]) -> None:
    """Also with the very text that it had: nobody wants a file that is there and that readers never see."""
    path = "en/pages/25-tools.md"
    text = toy_texts[WATER].replace("title: Water", "title: Tools")
    (folder / path).write_text(text)
    call_command("import_content", folder)
    edit(path, None)
    (folder / path).unlink()
    for _ in range(2):
        call_command("import_content", folder)
        assert Edition.objects.newest() == 3 and not Conflict.objects.waiting().exists()
    (folder / path).write_text(text)
    call_command("import_content", folder)
    assert newest()[path] == text


def test_ones_own_draft_is_kept_when_one_takes_the_files_text(erin: User, garden: Edition, toy_texts: dict[str, str]) -> None:
    document, text = Document.objects.get(path=SOIL), toy_texts[SOIL]
    mine = workflow.save_draft(document, f"{text}\nWeeks of work.\n", by=erin, version=0, note="n")
    conflict = Conflict.objects.remember(SOIL, base=text, file=f"{text}\n{THERE}\n", edit=f"{text}\n{HERE}\n")
    take_file(conflict, by=erin, version=mine.version, base=mine.started_from_id or 0)
    assert [one.text for one in document.revisions.filter(state=Revision.State.SUPERSEDED)] == [f"{text}\nWeeks of work.\n"]
