"""The content as files, byte for byte."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.content.files import read_files, write_files
from guide.content.mistakes import ContentError

TEXTS = {
    "sources.yaml": "",
    "en/site.yaml": "name: Garden\n",
    "en/pages/10-soil.md": "---\r\ntitle: Soil\r\n---\r\nEarth, humus, “loam” — ÄÖÜ 🌱\r\n",
    "en/pages/20-water.md": "no line break at the end",
    "en/treatments/mulch.md": "\ufeffwith a mark\rand an old line break\n\n\n",
}


def test_texts_come_back_byte_for_byte(tmp_path: Path) -> None:
    write_files(tmp_path / "content", TEXTS)
    assert read_files(tmp_path / "content") == TEXTS
    assert (tmp_path / "content/en/pages/10-soil.md").read_bytes() == TEXTS["en/pages/10-soil.md"].encode()


@given(text=st.text(st.characters(codec="utf-8")))
def test_any_text_comes_back_as_it_was(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("content")
    write_files(folder, {"a.md": text})
    assert read_files(folder) == {"a.md": text}


def test_the_toy_guide_comes_back_as_it_was(tmp_path: Path, toy_texts: dict[str, str]) -> None:
    write_files(tmp_path, toy_texts)
    assert read_files(tmp_path) == toy_texts


def test_a_text_that_is_gone_is_removed(tmp_path: Path) -> None:
    write_files(tmp_path, TEXTS)
    fewer = {path: text for path, text in TEXTS.items() if path != "en/pages/20-water.md"}
    write_files(tmp_path, fewer)
    assert read_files(tmp_path) == fewer
    assert not (tmp_path / "en/pages/20-water.md").exists()


def test_a_changed_text_is_written_over(tmp_path: Path) -> None:
    write_files(tmp_path, TEXTS)
    write_files(tmp_path, {**TEXTS, "en/site.yaml": "short"})
    assert (tmp_path / "en/site.yaml").read_bytes() == b"short"


def test_the_readme_and_other_files_are_neither_read_nor_removed(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("How to write")
    (tmp_path / "picture.png").write_bytes(b"\x89PNG")
    write_files(tmp_path, TEXTS)
    assert read_files(tmp_path) == TEXTS
    assert (tmp_path / "README.md").read_text() == "How to write"
    assert (tmp_path / "picture.png").exists()


def test_a_readme_further_down_is_content(tmp_path: Path) -> None:
    write_files(tmp_path, {"en/README.md": "x"})
    assert read_files(tmp_path) == {"en/README.md": "x"}


def test_every_file_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_bytes(b"caf\xe9")
    (tmp_path / "b.yaml").write_bytes(b"\xff\xfe")
    (tmp_path / "c.md").write_bytes(b"fine")
    with pytest.raises(ContentError) as caught:
        read_files(tmp_path)
    assert [str(mistake) for mistake in caught.value.mistakes] == [
        "a.md: byte 3: save the file as UTF-8",
        "b.yaml: byte 0: save the file as UTF-8",
    ]


def test_an_empty_folder_holds_no_texts(tmp_path: Path) -> None:
    assert read_files(tmp_path) == {}
