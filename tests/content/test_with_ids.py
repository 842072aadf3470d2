"""Names for blocks that have none: written once, and nothing else touched."""

from __future__ import annotations

import re

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from guide.content.files import read_files
from guide.content.ids import with_ids
from guide.content.text import read
from guide.content.whole import examine

PATH = "en/pages/10-soil.md"
REAL = {path: text for path, text in read_files(settings.CONTENT_DIR).items() if "\n/// " in text}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("/// ask | Why is it dry?\n///\n", "/// ask | Why is it dry?\n    id: why-is-it-dry\n///\n"),
        ("/// ask | Why?\n    when: {a: b}\nText.\n///\n", "/// ask | Why?\n    id: why\n    when: {a: b}\nText.\n///\n"),
        ("/// ask | Why?\n    id: mine\n///\n", "/// ask | Why?\n    id: mine\n///\n"),
        ("/// ask | Why?\n    id:\n    when: {a: b}\n///\n", "/// ask | Why?\n    id: why\n    when: {a: b}\n///\n"),
        ("/// ask | Why?\n///\n/// ask | Why!\n///\n", "/// ask | Why?\n    id: why\n///\n/// ask | Why!\n    id: why-2\n///\n"),
        ("/// ask | Why?\n///\n/// ask | So\n    id: why\n///\n", "/// ask | Why?\n    id: why-2\n///\n/// ask | So\n    id: why\n///\n"),
        ("## Why?\n\n/// ask | Why\n///\n", "## Why?\n\n/// ask | Why\n    id: why-2\n///\n"),
        ("/// ask | ???\n///\n/// ask\n///\n", "/// ask | ???\n    id: ask\n///\n/// ask\n///\n"),
        ("/// ask | Why?", "/// ask | Why?"),
        ("/// ask | Why?\n    when: [\n///\n", "/// ask | Why?\n    when: [\n///\n"),
        ("/// ask | Why?\n    - a\n///\n", "/// ask | Why?\n    - a\n///\n"),
        ("No block.\n", "No block.\n"),
    ],
)
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_block_without_an_id_gets_one_from_its_title(before: str, after: str, ends: str) -> None:
    front = "---\ntitle: x\n---\n"
    assert with_ids(read(PATH, (front + before).replace("\n", ends))) == (front + after).replace("\n", ends)


def test_our_files_stay_as_they_are_and_lose_and_find_their_ids() -> None:
    for path, text in REAL.items():
        assert with_ids(read(path, text)) == text, path
        bare = re.sub(r"^    id: .*\n", "", text, flags=re.MULTILINE)
        assert len(bare) < len(text), path
        again = read(path, with_ids(read(path, bare)))
        assert re.sub(r"^    id: .*\n", "", again.source, flags=re.MULTILINE) == bare, path
        assert len({block.data["id"] for block in again.blocks}) == len(again.blocks), path


@given(titles=st.lists(st.sampled_from(["Rain", "rain!", "Rain 2", "???", "Snow: now"]), max_size=8), kept=st.booleans())
def test_ids_are_unlike_each_other_and_stay_when_written_again(titles: list[str], kept: bool) -> None:
    body = "## Rain\n\n" + "".join(
        f"/// ask | {title}\n{'    id: rain' if kept and not at else ''}\nx\n///\n\n" for at, title in enumerate(titles)
    )
    once = with_ids(read(PATH, f"---\ntitle: x\n---\n{body}"))
    blocks = read(PATH, once).blocks
    assert len(blocks) == len(titles) and len({block.data["id"] for block in blocks}) == len(titles)
    assert with_ids(read(PATH, once)) == once


def test_a_guide_whose_blocks_lost_their_ids_is_whole_again(toy_texts: dict[str, str]) -> None:
    bare = {path: re.sub(r"^    id: .*\n", "", text, flags=re.MULTILINE) for path, text in toy_texts.items()}
    lost = [one for one in examine(bare)[1] if one.code == "id-missing"]
    assert len(lost) == sum(text.count("\n    id: ") for text in toy_texts.values())
    assert {path: with_ids(read(path, text)) if path.endswith(".md") else text for path, text in bare.items()} == toy_texts
