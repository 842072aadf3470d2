"""Ids of blocks: what the file says is all there is, and a command writes those that are missing."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from guide.content.effects import effects
from guide.content.files import read_files, write_files
from guide.content.ids import with_ids
from guide.content.text import read
from guide.content.whole import assembled, load
from guide.editing.models import Edition

SOIL = "en/pages/10-soil.md"
HEAD = "---\ntitle: Soil\n---\n"


def named(body: str) -> str:
    return with_ids(read(SOIL, HEAD + body)).removeprefix(HEAD)


def without_ids(texts: dict[str, str]) -> dict[str, str]:
    return {
        path: "".join(line for line in text.splitlines(keepends=True) if not line.startswith("    id: ")) for path, text in texts.items()
    }


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("/// ask | Why so dry?\n///\n", "/// ask | Why so dry?\n    id: why-so-dry\n///\n"),
        ("/// ask | Why?\n    id: old\n///\n", "/// ask | Why?\n    id: old\n///\n"),
        ("/// ask | Why?\n    when: {a: b}\nWords.\n///", "/// ask | Why?\n    id: why\n    when: {a: b}\nWords.\n///"),
        ("/// ask | Why?\r\n    when: {a: b}\r\n///\r\n", "/// ask | Why?\r\n    id: why\r\n    when: {a: b}\r\n///\r\n"),
        (
            "/// ask | Why?\n///\n\n/// ask | Why?\n///\n\n/// ask | Then?\n    id: why-2\n///\n",
            "/// ask | Why?\n    id: why\n///\n\n/// ask | Why?\n    id: why-3\n///\n\n/// ask | Then?\n    id: why-2\n///\n",
        ),
        (
            "## Why [now](page:x)? ##\n\n/// ask | Why now?\n///\n",
            "## Why [now](page:x)? ##\n\n/// ask | Why now?\n    id: why-now-2\n///\n",
        ),
        ("## Then {#why}\n\n/// ask | Why?\n///\n", "## Then {#why}\n\n/// ask | Why?\n    id: why-2\n///\n"),
        ("/// ask | 庭?\n///\n", "/// ask | 庭?\n    id: ask\n///\n"),
        ("/// ask | Why?", "/// ask | Why?"),
        ("/// ask | Why?\n    when: {a\n///\n", "/// ask | Why?\n    when: {a\n///\n"),
    ],
)
def test_an_id_is_written_only_where_one_is_missing_and_a_second_time_changes_nothing(before: str, after: str) -> None:
    assert named(before) == after
    assert named(after) == after


def test_ids_that_were_taken_out_come_back_to_the_letter(toy_texts: dict[str, str]) -> None:
    bare = without_ids(toy_texts)
    assert bare != toy_texts
    for path, text in bare.items():
        assert not path.endswith(".md") or with_ids(read(path, text)) == toy_texts[path], path


def test_the_command_writes_them_into_the_files_and_nothing_else(
    tmp_path: Path, toy_texts: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    bare = without_ids(toy_texts)
    bare[SOIL] = bare[SOIL].replace("\n", "\r\n")
    write_files(tmp_path, bare)
    call_command("write_ids", tmp_path)
    changed = [path for path in bare if without_ids(toy_texts)[path] != toy_texts[path]]
    assert capsys.readouterr().out.splitlines()[-1] == f"{len(changed)} files changed." and SOIL in changed
    assert read_files(tmp_path) == {**toy_texts, SOIL: toy_texts[SOIL].replace("\n", "\r\n")}
    before = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*.*")}
    call_command("write_ids", tmp_path)
    assert capsys.readouterr().out == "0 files changed.\n"
    assert {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*.*")} == before


@pytest.mark.django_db
def test_an_import_makes_up_no_id_but_names_it_and_the_command_that_writes_it(tmp_path: Path, toy_texts: dict[str, str]) -> None:
    write_files(tmp_path, {**toy_texts, SOIL: toy_texts[SOIL].replace("    id: compost-in-the-pot\n", "")})
    with pytest.raises(CommandError) as refused:
        call_command("import_content", tmp_path)
    assert str(refused.value).splitlines() == [
        f"{SOIL}: option | Compost in the pot: id: it has no id, by which it stays the same whatever its title: "
        "write `    id: compost-in-the-pot` below its first line",
        "1 mistakes; nothing was imported.",
        "`manage.py write_ids` writes the ids that are missing.",
    ]
    assert Edition.objects.newest() == 0
    call_command("write_ids", tmp_path)
    call_command("import_content", tmp_path)
    assert Edition.objects.texts(1) == read_files(tmp_path)


def test_files_with_the_line_ends_of_windows_say_the_same(toy_texts: dict[str, str]) -> None:
    # Some pages, and what every guide has: a mistake made by the line ends of one would be made in all.
    real = read_files(settings.CONTENT_DIR)
    pages = [path for path in sorted(real) if path.startswith("en/pages/")][::5]
    some = {path: text for path, text in real.items() if path in pages or path.endswith((".yaml", "glossary.md"))}
    for texts in (toy_texts, some):
        guide, other = assembled(texts), assembled({path: text.replace("\n", "\r\n") for path, text in texts.items()})
        assert [page.body.anchors for page in guide.pages] == [page.body.anchors for page in other.pages]


def test_a_check_of_the_files_names_the_command_too(tmp_path: Path, toy_texts: dict[str, str], capsys: pytest.CaptureFixture[str]) -> None:
    write_files(tmp_path, without_ids(toy_texts))
    with pytest.raises(SystemExit):
        call_command("check_content", tmp_path)
    assert capsys.readouterr().err.splitlines()[-1] == "`manage.py write_ids` writes the ids that are missing."


def test_a_guide_from_before_blocks_had_ids_keeps_the_anchors_of_their_titles(toy_texts: dict[str, str]) -> None:
    now, before = load(toy_texts), assembled(without_ids(toy_texts))
    assert [page.body.anchors for page in before.pages] == [page.body.anchors for page in now.pages]
    assert effects(before, now) == []


@pytest.mark.parametrize("spaces", ["      ", "        ", "\t\t"])
def test_options_with_more_spaces_than_they_need_get_an_id_and_can_still_be_read(spaces: str) -> None:
    (block,) = read(SOIL, HEAD + named(f"/// ask | Why?\n{spaces}when: {{a: b}}\n///\n")).blocks
    assert block.data == {"id": "why", "when": {"a": "b"}}


@pytest.mark.parametrize("options", ["    ? id\n", "    null\n"])
def test_options_that_no_id_fits_into_are_left_alone(options: str) -> None:
    body = f"/// ask | Why?\n{options}///\n"
    assert named(body) == body


@pytest.mark.parametrize("title", ["2024", "Null", "True"])
def test_an_id_is_a_text_whatever_its_title_looks_like(title: str) -> None:
    (block,) = read(SOIL, HEAD + named(f"/// ask | {title}\n///\n")).blocks
    assert block.data == {"id": title.lower()}


def test_a_heading_with_thousands_of_spaces_is_read_in_a_moment() -> None:
    start = time.process_time()
    named(f"## A{' ' * 4000}b\n\n/// ask | Why?\n///\n")
    assert time.process_time() - start < 2


def test_an_id_is_none_that_a_heading_has_with_marks_at_its_end() -> None:
    assert "id: why-2" in named("## Why ##\n\n/// ask | Why?\n///\n")
    assert "id: why-2" in named("## Because {#why} ##\n\n/// ask | Why?\n///\n")
