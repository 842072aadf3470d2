"""What differs between two texts, in words."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.editing.diff import Piece, difference, folded, place_of, words_of

WORDS = st.lists(st.sampled_from(["soil", "water", "the", "well-fed", ",", ".", "\n", "\n\n", "  ", "a\n- b"]), max_size=40).map(" ".join)


def told(before: str, after: str) -> str:
    """The difference on one line: +added+, -removed-."""
    marks = {"same": "", "added": "+", "removed": "-", "folded": "~"}
    return "".join(f"{marks[piece.kind]}{piece.text}{marks[piece.kind]}" for piece in difference(before, after))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Feed the soil.", "Feed the soil.", "Feed the soil."),
        ("Feed the soil.", "Feed the soil well.", "Feed the soil +well+."),
        ("Feed the soil well.", "Feed the soil.", "Feed the soil- well-."),
        ("Feed the soil.", "Feed the ground.", "Feed the -soil-+ground+."),
        ("For HER-negative beds.", "For HER-positive beds.", "For -HER-negative-+HER-positive+ beds."),
        ("It takes 1.5 cups.", "It takes 15 cups.", "It takes -1.5-+15+ cups."),
        ("", "All new.", "+All new.+"),
        ("All gone.", "", "-All gone.-"),
    ],
)
def test_the_difference_is_told_in_words(before: str, after: str, expected: str) -> None:
    assert told(before, after) == expected


def test_lines_broken_elsewhere_are_no_difference_but_a_new_paragraph_is() -> None:
    assert told("Feed the soil well.\n", "Feed the\nsoil well.\n") == "Feed the\nsoil well.\n"
    assert told("One. Two.\n", "One.\n\nTwo.\n") == "One.+\n\n+Two.\n"


def test_a_sentence_in_the_middle_leaves_the_paragraphs_around_it_alone() -> None:
    before = "First one.\n\nThe second one is here.\n\nThird one.\n"
    pieces = difference(before, before.replace("here.", "here. It grew."))
    assert [piece.kind for piece in pieces] == ["same", "added", "same"]
    assert "It grew" in pieces[1].text


def test_words_that_two_sentences_share_by_chance_do_not_chop_them_up() -> None:
    pieces = difference("Rake the leaves in autumn.", "Water every bed the moment you see dry soil in June or July.")
    assert [piece.kind for piece in pieces] == ["removed", "added", "same"]


@given(WORDS, WORDS)
def test_nothing_of_either_text_is_lost(before: str, after: str) -> None:
    pieces = difference(before, after)
    lead = len(after) - len(after.lstrip())
    assert "".join(piece.text for piece in pieces if piece.kind != "removed")[lead:] == after[lead:]
    assert [word for piece in pieces if piece.kind != "added" for word in words_of(piece.text)] == words_of(before)


@given(WORDS)
def test_a_text_does_not_differ_from_itself(text: str) -> None:
    assert {piece.kind for piece in difference(text, text)} <= {"same"}


@given(WORDS, WORDS)
def test_folding_hides_only_what_is_the_same(before: str, after: str) -> None:
    pieces = difference(before, after)
    short = folded(pieces, kept=1)
    assert "".join(piece.text for piece in short) == "".join(piece.text for piece in pieces)
    assert [piece for piece in short if piece.kind in ("added", "removed")] == [p for p in pieces if p.kind in ("added", "removed")]


def test_what_is_far_from_a_change_is_folded_and_counted() -> None:
    text = " ".join(f"w{number}" for number in range(300))
    short = folded(difference(text, text.replace("w150", "new")), kept=10)
    assert [piece.kind for piece in short] == ["folded", "same", "removed", "added", "same", "folded"]
    assert [piece.words for piece in short] == [140, 10, 1, 1, 10, 139]
    assert folded([Piece("same", "Few words.")]) == [Piece("same", "Few words.")]


def test_a_passage_is_found_by_its_words_alone() -> None:
    words = words_of("Feed the soil, and it will *feed* the plants [@notes].")
    assert place_of("it will feed the plants", words) == range(4, 9)
    assert place_of("the  soil and", words) == range(1, 4)
    assert place_of("feed the soil", words) is None
    assert place_of(" ... ", words) is None


def test_long_texts_that_have_little_in_common_are_compared_in_time() -> None:
    """4,000 words against 4,000 others; a second of the processor, whoever else uses it, is ten times what it takes."""
    vocabulary = [f"word{number}" for number in range(400)] + ["the", "and", ".", ","] * 40
    one = "\n\n".join(" ".join(vocabulary[(7 * row + 3 * column) % len(vocabulary)] for column in range(80)) for row in range(50))
    other = "\n\n".join(" ".join(vocabulary[(11 * row + 5 * column) % len(vocabulary)] for column in range(80)) for row in range(50))
    start = time.thread_time()
    pieces = difference(one, other)
    assert time.thread_time() - start < 3
    assert len(pieces) > 1
