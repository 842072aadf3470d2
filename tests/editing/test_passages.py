"""In which block a passage stands that somebody comments on."""

from __future__ import annotations

import pytest

from guide.content.text import read
from guide.editing.passages import Passage, block_of, stands_in

TEXT = read(
    "en/pages/10-soil.md",
    "---\ntitle: Soil\n---\nRain is free.\n\n## Beds\n\n/// ask | How much?\n    id: first\n    when: {space: bed}\nSee [the rain](page:water) "
    "and wait [@rain-study].\n///\n\n/// ask | How often?\n    id: second\nSee the rain and wait. Rain is free.\n///\n",
)


@pytest.mark.parametrize(
    ("words", "chosen", "block"),
    [
        ("Rain is free", "", ""),  # it stands above all blocks, too
        ("Rain is free", "second", "second"),
        ("Rain is free", "first", ""),
        ("see the rain and wait", "", ""),
        ("See the rain and wait", "", "first"),
        ("See the rain and wait", "second", "second"),
        ("wait. Rain", "", "second"),
        ("How much", "", "first"),
        ("when: {space: bed}", "", "first"),
        ("How often? See the rain", "", "second"),
        ("Beds How much", "", ""),
        ("", "", ""),
    ],
)
def test_the_block_is_the_one_that_was_chosen_or_the_first_with_these_words(words: str, chosen: str, block: str) -> None:
    assert block_of(TEXT, words, chosen) == block


def test_words_stand_in_their_block_or_not_or_there_is_no_such_block() -> None:
    assert stands_in(TEXT, Passage("Rain is free", "second")) is True
    assert stands_in(TEXT, Passage("Rain is free", "first")) is False
    assert stands_in(TEXT, Passage("Rain is free", "third")) is None
    assert stands_in(TEXT, Passage("Rain is free")) is None
