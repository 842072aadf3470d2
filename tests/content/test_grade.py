"""The reading grade."""

from __future__ import annotations

from dataclasses import replace

import pytest

from guide.content.documents import Guide
from guide.content.grade import Grade, grade, names_pattern, too_hard
from guide.content.whole import assembled, load

EASY = "We dig the bed. The sun is up. A hen sits in the hay. We sow the seed and go home."
HARD = "Horticultural fertilization considerations necessitate comprehensive analytical determinations of interdependent environmental characteristics."


@pytest.mark.parametrize("text", ["", "  \n "])
def test_no_words_have_no_grade(toy: Guide, text: str) -> None:
    assert grade(text, names_pattern(toy)) == Grade(0.0, 0.0)


def test_long_words_and_sentences_have_a_higher_grade(toy: Guide) -> None:
    names = names_pattern(toy)
    assert grade(EASY, names).plain < 3
    assert grade(HARD, names).plain > 12


def test_without_names_both_grades_are_the_same(toy: Guide) -> None:
    found = grade(EASY, names_pattern(toy))
    assert found.plain == found.raw


@pytest.mark.parametrize("name", ["Compost", "garden compost", "Worm Joy", "Old Heap", "MULCH", "netting"])
def test_titles_brands_old_brands_and_other_names_are_names(toy: Guide, name: str) -> None:
    assert names_pattern(toy).sub("it", f"We use {name}, often.") == "We use it, often."


def test_a_name_inside_another_word_is_no_name(toy: Guide) -> None:
    assert names_pattern(toy).search("composting or mulched") is None


def test_the_longest_name_counts(toy: Guide) -> None:
    assert names_pattern(toy).findall("garden compost") == ["garden compost"]


def test_a_name_counts_as_one_easy_word(toy_texts: dict[str, str]) -> None:
    toy_texts["en/treatments/netting.md"] = toy_texts["en/treatments/netting.md"].replace(
        "family:", "also: [polyethylenterephthalatum]\nfamily:"
    )
    text = "We use polyethylenterephthalatum in the bed. It is good."
    found = grade(text, names_pattern(load(toy_texts)))
    assert found.plain < found.raw


def test_a_guide_without_treatments_has_no_names(toy: Guide) -> None:
    names = names_pattern(replace(toy, treatments={}))
    assert names.search("compost ") is None and names.search("") is None


def test_a_document_above_the_limit_is_told(toy_texts: dict[str, str]) -> None:
    assert too_hard(load(toy_texts)) == []
    path = "en/pages/20-water.md"
    (told,) = too_hard(assembled({**toy_texts, path: f"{toy_texts[path]}\n## Fertilizer\n\n{HARD} {HARD}\n"}))
    assert (told.path, told.field) == (path, "reading grade")
    assert "the limit is 8.0" in told.remedy
