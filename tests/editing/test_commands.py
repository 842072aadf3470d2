"""The commands: files in, files out, checks, and what applies without the web."""

from __future__ import annotations

import json
import re
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from guide.content.files import read_files, write_files
from guide.editing import workflow
from guide.editing.models import Document, Edition, Revision
from guide.editing.releases import Release
from tests.conftest import TOY
from tests.editing.conftest import staff
from tests.visits import html

SOIL, WATER = "en/pages/10-soil.md", "en/pages/20-water.md"


@pytest.fixture
def folder(tmp_path: Path, toy_texts: dict[str, str]) -> Path:
    """The toy guide as files that may be changed."""
    write_files(tmp_path / "content", toy_texts)
    return tmp_path / "content"


def add(folder: Path, path: str, words: str) -> None:
    file = folder / path
    file.write_bytes(file.read_bytes() + words.encode())


def edit(path: str, words: str) -> None:
    """An editor adds words and publishes."""
    text = Edition.objects.texts(Edition.objects.newest())[path] + words
    Edition.objects.publish({path: text}, by=None, note="edited", origin=Edition.Origin.ADMIN)


def newest() -> dict[str, str]:
    return Edition.objects.texts(Edition.objects.newest())


# import_content and export_content


@pytest.mark.django_db
def test_files_come_back_byte_for_byte(folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / WATER).write_bytes((folder / WATER).read_bytes().replace(b"\n", b"\r\n") + "\r\nÄpfel – 庭 \u00a0\t\n\n".encode())
    (folder / "README.md").write_text("Not a part of the guide.")
    call_command("import_content", folder)
    call_command("export_content", tmp_path / "out")
    inside = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*.*") if path.name != "README.md"}
    outside = {path.relative_to(tmp_path / "out"): path.read_bytes() for path in (tmp_path / "out").rglob("*.*")}
    assert outside == inside
    assert f"{len(inside)} files written" in capsys.readouterr().out


@pytest.mark.django_db
def test_an_export_over_the_files_removes_what_is_gone_and_leaves_what_is_not_content(folder: Path) -> None:
    call_command("import_content", folder)
    add(folder, WATER, "\nNot imported.\n")
    (folder / "en/pages/25-tools.md").write_text("Not imported.")
    (folder / "README.md").write_text("How it is written.")
    (folder / "notes.txt").write_text("Mine.")
    call_command("export_content", folder)
    assert read_files(folder) == newest()
    assert (folder / "README.md").read_text() == "How it is written." and (folder / "notes.txt").read_text() == "Mine."


@pytest.mark.django_db
def test_importing_the_same_files_again_makes_no_edition(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_content", folder)
    call_command("import_content", folder)
    assert Edition.objects.newest() == 1
    assert "Nothing to import: edition 1 has what the files say." in capsys.readouterr().out


@pytest.mark.django_db
def test_an_import_changes_what_changed_in_the_files(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_content", folder)
    add(folder, WATER, "\nMore.\n")
    call_command("import_content", folder)
    assert "Edition 2: 1 documents changed." in capsys.readouterr().out
    assert newest() == read_files(folder)


@pytest.mark.django_db
def test_an_import_removes_what_was_removed_from_the_files(folder: Path) -> None:
    (folder / "en/pages/25-tools.md").write_text((folder / WATER).read_text().replace("title: Water", "title: Tools"))
    call_command("import_content", folder)
    (folder / "en/pages/25-tools.md").unlink()
    call_command("import_content", folder)
    assert "en/pages/25-tools.md" not in newest()


@pytest.mark.django_db
def test_an_edit_is_kept_when_other_files_are_imported(folder: Path) -> None:
    call_command("import_content", folder)
    edit(SOIL, "\nEdited.\n")
    add(folder, WATER, "\nMore.\n")
    call_command("import_content", folder)
    assert newest()[SOIL].endswith("\nEdited.\n") and newest()[WATER].endswith("\nMore.\n")
    call_command("import_content", folder)
    assert Edition.objects.newest() == 3


@pytest.mark.django_db
def test_an_import_never_overwrites_an_edit(folder: Path) -> None:
    call_command("import_content", folder)
    edit(SOIL, "\nEdited.\n")
    for path in (SOIL, WATER):
        add(folder, path, "\nMore.\n")
    with pytest.raises(CommandError) as caught:
        call_command("import_content", folder)
    assert f"\n  {SOIL}: /admin/conflicts/" in str(caught.value) and WATER not in str(caught.value)
    assert "--keep-edits" in str(caught.value) and "export_content" in str(caught.value)
    assert newest()[SOIL].endswith("\nEdited.\n") and newest()[WATER].endswith("\nMore.\n")


@pytest.mark.django_db
def test_keep_edits_says_the_same_and_is_no_error(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_content", folder)
    edit(SOIL, "\nEdited.\n")
    for path in (SOIL, WATER):
        add(folder, path, "\nMore.\n")
    call_command("import_content", folder, "--keep-edits")
    assert newest()[SOIL].endswith("\nEdited.\n") and newest()[WATER].endswith("\nMore.\n")
    assert f"  {SOIL}: /admin/conflicts/" in capsys.readouterr().out
    # Without it an import is an error until somebody has settled it.
    with pytest.raises(CommandError):
        call_command("import_content", folder)


@pytest.mark.django_db
def test_from_files_to_database_to_edit_to_files_to_database(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_content", folder)
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*.*")}
    capsys.readouterr()
    call_command("export_content", folder)
    assert "changed:" not in capsys.readouterr().out
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*.*")} == before  # not even touched
    edit(SOIL, "\nEdited.\n")
    call_command("export_content", folder)
    out = capsys.readouterr().out
    assert f"changed: {SOIL}\n" in out and WATER not in out and "Edition 2, command: edited" in out
    assert (folder / SOIL).read_text().endswith("\nEdited.\n")
    for _ in range(2):
        call_command("import_content", folder)
        assert "Nothing to import" in capsys.readouterr().out
    assert Edition.objects.newest() == 2 and newest() == read_files(folder)
    add(folder, SOIL, "\nAnd more.\n")
    call_command("import_content", folder)
    assert newest()[SOIL].endswith("\nEdited.\n\nAnd more.\n")


@pytest.mark.django_db
def test_an_export_says_where_the_files_said_something_else(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_content", folder)
    edit(SOIL, "\nEdited.\n")
    add(folder, SOIL, "\nMore.\n")
    call_command("import_content", folder, "--keep-edits")
    call_command("export_content", folder)
    assert f"{SOIL}: the files said something else" in capsys.readouterr().err


@pytest.mark.django_db
def test_a_conflict_ends_when_the_files_take_the_edit(folder: Path) -> None:
    call_command("import_content", folder)
    edit(SOIL, "\nEdited.\n")
    add(folder, SOIL, "\nMore.\n")
    with pytest.raises(CommandError):
        call_command("import_content", folder)
    call_command("export_content", folder)
    call_command("import_content", folder)
    assert newest() == read_files(folder)
    add(folder, SOIL, "\nAnd more.\n")
    call_command("import_content", folder)
    assert newest()[SOIL].endswith("\nEdited.\n\nAnd more.\n")


def in_the_desk(client: Client, path: str, change: tuple[str, str]) -> None:
    """An editor changes words in the browser, a reviewer approves, a publisher publishes."""
    document = Document.objects.get(path=path)
    client.force_login(staff("erin", "Editors"))
    page = html(client.get(f"/admin/documents/{document.pk}/edit/?raw"))
    shown = dict(re.findall(r'name="(version|base)" value="(\d+)"', page))
    text = newest()[path].replace("\r\n", "\n").replace(*change)
    # As a browser sends it.
    form = {**shown, "text": text.replace("\n", "\r\n"), "note": "n", "for_readers": "r", "action": "send"}
    assert client.post(f"/admin/documents/{document.pk}/edit/", form).status_code == 302
    draft = document.open_text()
    # The review of the old text does not stand under the new one.
    assert draft and draft.state == "in-review" and draft.text == re.sub(r"^reviewed: .*\n", "", text, flags=re.MULTILINE)
    workflow.approve(draft, by=staff("rosa", "Clinical reviewers"), role="Gardener")
    workflow.publish([draft], by=staff("paul", "Publishers"), note="n")


@pytest.mark.django_db
@pytest.mark.parametrize("path", [SOIL, WATER])
def test_what_is_edited_at_the_desk_comes_to_a_fresh_database_by_the_files(folder: Path, tmp_path: Path, client: Client, path: str) -> None:
    """Also where lines end otherwise, the last line does not end, and letters are not English; only what was edited differs."""
    (folder / WATER).write_bytes(f"{(folder / WATER).read_text().rstrip()}\n\nÄpfel – 庭 🌱".encode().replace(b"\n", b"\r\n"))
    (folder / "en/pages/25-tools.md").write_text((folder / SOIL).read_text().replace("title: Good soil", "title: Tools"))
    call_command("import_content", folder)
    before = read_files(folder)
    edit("en/site.yaml", "\n# said at the desk\n")
    Edition.objects.publish({"en/pages/25-tools.md": None}, by=None, note="n", origin=Edition.Origin.ADMIN)
    new = before[SOIL].replace("title: Good soil", "title: Frost")
    Edition.objects.publish({"en/pages/40-frost.md": new}, by=None, note="n", origin=Edition.Origin.ADMIN)
    in_the_desk(client, path, ("summary: ", "summary: Newly, "))
    call_command("export_content", folder)
    after = read_files(folder)
    differing = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    assert differing == {path, "en/site.yaml", "en/pages/25-tools.md", "en/pages/40-frost.md"}
    assert "summary: Newly, " in after[path] and after == newest()
    if path == WATER:
        assert after[WATER].endswith("Äpfel – 庭 🌱")
    # A fresh database, with other numbers: all that the first one knew is gone.
    Release.objects.all().delete()
    Revision.objects.all().delete()
    Edition.objects.all().delete()
    Document.objects.all().delete()
    call_command("import_content", folder)
    assert newest() == after
    call_command("export_content", tmp_path / "again")
    assert {file.relative_to(folder): file.read_bytes() for file in folder.rglob("*.*")} == {
        file.relative_to(tmp_path / "again"): file.read_bytes() for file in (tmp_path / "again").rglob("*.*")
    }


@pytest.mark.django_db
def test_the_real_files_come_back_byte_for_byte(tmp_path: Path, settings: Settings) -> None:
    call_command("import_content", stdout=StringIO())
    call_command("export_content", tmp_path, stdout=StringIO())
    real = settings.CONTENT_DIR
    files = [file for file in real.rglob("*") if file.suffix in (".md", ".yaml") and file != real / "README.md"]
    assert len(files) > 50
    assert {file.relative_to(real): file.read_bytes() for file in files} == {
        file.relative_to(tmp_path): file.read_bytes() for file in tmp_path.rglob("*.*")
    }


@pytest.mark.django_db
def test_a_file_that_is_no_kind_of_document_is_named_and_nothing_is_imported(folder: Path) -> None:
    call_command("import_content", folder)
    (folder / "en/elsewhere").mkdir()
    (folder / "en/elsewhere/note.md").write_text("Words.\n")
    with pytest.raises(CommandError, match=r"en/elsewhere/note\.md(.|\n)*nothing was imported"):
        call_command("import_content", folder)
    assert Edition.objects.newest() == 1


@pytest.mark.django_db
def test_an_export_into_a_folder_of_other_files_removes_none(folder: Path, tmp_path: Path) -> None:
    """The folder above, for one: every text in it would go."""
    call_command("import_content", folder)
    (tmp_path / "EDITING.md").write_text("How it is done.")
    with pytest.raises(CommandError, match="holds other files, EDITING.md for one"):
        call_command("export_content", tmp_path)
    assert (tmp_path / "EDITING.md").exists() and read_files(folder) == newest()


@pytest.mark.django_db
def test_an_export_before_the_first_import_removes_nothing(folder: Path) -> None:
    with pytest.raises(CommandError, match="Nothing is published yet"):
        call_command("export_content", folder)
    assert (folder / SOIL).exists()


# publish_due


@pytest.mark.django_db
def test_what_is_due_is_told_and_what_failed_is_an_error(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_content", folder)
    capsys.readouterr()
    call_command("publish_due")
    assert capsys.readouterr().out == ""
    soil, now = Document.objects.get(path=SOIL), timezone.now()
    text = soil.revisions.create(text=newest()[SOIL] + "\nMore.\n", state="approved", note="n", started_from=soil.published())
    Release.objects.create(due=now, note="Monday").texts.set([text])
    call_command("publish_due")
    assert "Monday: published." in capsys.readouterr().out and newest()[SOIL].endswith("More.\n")
    Release.objects.create(due=now, note="Tuesday").texts.set([text])
    with pytest.raises(CommandError, match="Not every planned edition"):
        call_command("publish_due")
    assert f"Tuesday: could not be published. No longer approved: {SOIL}" in capsys.readouterr().out


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["..", "absolute"])
def test_an_export_writes_nothing_outside_its_folder(folder: Path, tmp_path: Path, where: str) -> None:
    outside = tmp_path / "outside.md"
    document = Document.objects.create(path="../outside.md" if where == ".." else str(outside))
    call_command("import_content", folder)
    document.revisions.create(text="text", note="n", state="published", edition=Edition.objects.get())
    with pytest.raises((CommandError, ValueError)):
        call_command("export_content", tmp_path / "out")
    assert not outside.exists()


@pytest.mark.django_db
def test_files_with_a_mistake_are_not_imported(folder: Path) -> None:
    call_command("import_content", folder)
    add(folder, SOIL, "\nSee [this](page:moon).\n")
    with pytest.raises(CommandError, match=r"there is no page 'moon'(.|\n)*1 mistakes; nothing was imported"):
        call_command("import_content", folder)
    assert Edition.objects.newest() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("where", ["nowhere", "content/en/site.yaml"])
def test_a_folder_that_is_not_there_is_told_and_nothing_is_removed(folder: Path, tmp_path: Path, where: str) -> None:
    call_command("import_content", folder)
    with pytest.raises(CommandError):
        call_command("import_content", tmp_path / where)
    assert Edition.objects.newest() == 1


@pytest.mark.django_db
def test_a_file_that_is_not_text_is_named(folder: Path) -> None:
    (folder / SOIL).write_bytes(b"\xff\xfe")
    with pytest.raises(CommandError, match=f"{SOIL}: byte 0: save the file as UTF-8"):
        call_command("import_content", folder)


# check_content


def test_checking_content_without_a_mistake_reports_every_document(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check_content", TOY)
    *rows, totals = capsys.readouterr().out.splitlines()
    assert [row.split()[-1] for row in rows] == [
        "en/pages/10-soil.md",
        "en/pages/20-water.md",
        "en/pages/30-visitors.md",
        "en/treatments/compost.md",
        "en/treatments/mulch.md",
        "en/treatments/netting.md",
        "en/glossary.md",
    ]
    assert " reviewed  " in rows[1] and " not reviewed  " in rows[0]
    assert "pages: 3  treatments: 3  options: 6  questions: 5  sources: 4" in totals


def test_checking_content_as_json_says_the_same(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check_content", TOY, "--json")
    report = json.loads(capsys.readouterr().out)
    assert report["totals"]["options"] == 6
    row = report["documents"][0]
    assert (row["path"], row["sources"], row["review"]) == (SOIL, 2, "not reviewed")
    assert 0 < row["grade"] < 12
    assert report["totals"]["highest grade"] == max(row["grade"] for row in report["documents"])


def test_a_mistake_ends_the_check_with_exit_code_1_and_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add(folder, SOIL, "\nSee [this](page:moon).\n")
    with pytest.raises(SystemExit) as ended:
        call_command("check_content", folder)
    told = capsys.readouterr()
    assert ended.value.code == 1
    line = (folder / SOIL).read_text().split("page:moon")[0].count("\n") + 1
    assert told.err.splitlines() == [f"{SOIL}: link: there is no page 'moon'; mend or remove the link (line {line})", "1 mistakes"]
    assert told.out == ""


def test_mistakes_as_json_have_file_field_and_remedy(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    add(folder, SOIL, "\nSee [this](page:moon).\n")
    with pytest.raises(SystemExit) as ended:
        call_command("check_content", folder, "--json")
    assert ended.value.code == 1
    line = (folder / SOIL).read_text().split("page:moon")[0].count("\n") + 1
    remedy = "there is no page 'moon'; mend or remove the link"
    assert json.loads(capsys.readouterr().out) == {
        "mistakes": [{"path": SOIL, "line": line, "field": "link", "code": "link-to-nothing", "remedy": remedy}]
    }


def test_a_line_that_is_told_already_is_not_told_twice(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / SOIL).write_text((folder / SOIL).read_text().replace("title: Good soil", "title: [Good soil"))
    with pytest.raises(SystemExit):
        call_command("check_content", folder)
    says = "a bracket or brace is opened here and not closed: check [ ] and { }"
    assert capsys.readouterr().err.splitlines()[0] == f"{SOIL}: line 2: {says}"


def test_a_mistake_of_a_file_that_is_no_text_has_no_line(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / SOIL).write_bytes(b"\xff\xfe")
    with pytest.raises(SystemExit):
        call_command("check_content", folder, "--json")
    (told,) = json.loads(capsys.readouterr().out)["mistakes"]
    assert (told["path"], told["line"], told["code"]) == (SOIL, None, "not-utf8")


def test_checking_a_folder_that_is_not_there_is_a_mistake(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("check_content", tmp_path / "nowhere")
    assert ended.value.code == 1


# applies


def applies(capsys: pytest.CaptureFixture[str], *answers: str) -> dict[str, Any]:
    capsys.readouterr()
    call_command("applies", "--json", *(part for answer in answers for part in ("--answer", answer)))
    found = json.loads(capsys.readouterr().out)
    assert isinstance(found, dict)
    return found


@pytest.mark.usefixtures("garden")
def test_what_applies_is_told_with_its_reasons(capsys: pytest.CaptureFixture[str]) -> None:
    found = applies(capsys, "space=bed", "soil=clay", "puddles=drain", "visitors=slugs,mice", "rain=no")
    assert found["treatments"] == {"compost": "applies", "mulch": "does-not-apply", "netting": "applies"}
    option = next(option for option in found["options"] if option["title"] == "Netting over the bed")
    assert option == {
        "page": "visitors",
        "id": "netting-over-the-bed",
        "title": "Netting over the bed",
        "role": "usual",
        "treatments": ["netting"],
        "verdict": "applies",
        "why": ["You said: slugs and mice; a garden bed."],
    }
    assert found["ask"] == ["Would a raised bed help my clay?"]
    assert found["tests"] == ["Shake some soil in a jar"]


@pytest.mark.usefixtures("garden")
def test_what_is_not_given_counts_as_not_sure(capsys: pytest.CaptureFixture[str]) -> None:
    assert applies(capsys, "space=bed") == applies(capsys, "space=bed", "soil=not-sure", "visitors=not-sure", "rain=not-sure")
    nothing = applies(capsys)
    assert set(nothing["treatments"].values()) == {"may-apply"}
    assert {option["verdict"] for option in nothing["options"]} == {"may-apply"}


@pytest.mark.usefixtures("garden")
def test_what_applies_is_listed_in_words_by_verdict(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("applies", "--answer", "space=balcony")
    text = capsys.readouterr().out
    yes, rest = text.split("\nmay-apply\n")
    maybe, no = rest.split("\ndoes-not-apply\n")
    assert "  Compost in the pot [trial] (soil)\n      You said: a balcony.\n" in yes
    assert "  Leave it to the birds [only-if] (visitors)\n      It depends on who visits your garden.\n" in maybe
    assert "  Compost in spring [usual] (soil)\n      This is for: a garden bed or a meadow. You said: a balcony.\n" in no


@pytest.mark.usefixtures("garden")
@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ("moon=full", "--answer moon=full: there is no fact 'moon'; there are: space, soil, puddles, visitors, rain"),
        ("space", "--answer space: there is no fact 'space'; there are: space, soil, puddles, visitors, rain"),
        ("space=moon", "--answer space=moon: the values of space are: balcony, bed, meadow, not-sure"),
        ("space=", "--answer space=: the values of space are: balcony, bed, meadow, not-sure"),
        ("soil=sand,moon", "--answer soil=sand,moon: the values of soil are: sand, clay, loam, sticks, not-sure"),
        ("space=bed,meadow", "--answer space=bed,meadow: Choose one answer only."),
        (
            "visitors=slugs,nobody",
            "--answer visitors=slugs,nobody: You ticked “None of these” and something else. Choose one or the other.",
        ),
    ],
)
def test_an_unknown_answer_ends_with_exit_code_2_and_what_is_valid(answer: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("applies", "--answer", answer)
    assert ended.value.code == 2
    told = capsys.readouterr()
    assert (told.err.strip(), told.out) == (message, "")


@pytest.mark.django_db
def test_what_applies_before_the_first_import_tells_what_to_do(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(Exception, match="import_content"):
        call_command("applies")
