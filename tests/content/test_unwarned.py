"""A treatment whose text names an illness that readers can have, without a caution for it."""

from __future__ import annotations

import re

import pytest
from django.conf import settings

from guide.content.documents import Guide
from guide.content.files import read_files
from guide.content.mistakes import ContentError
from guide.content.unwarned import unwarned
from guide.content.whole import load

MULCH, NETTING, VISITORS = "en/treatments/mulch.md", "en/treatments/netting.md", "en/questions/40-visitors.md"


def told(texts: dict[str, str]) -> list[str]:
    """The mistakes of the documents about mulch and netting."""
    try:
        load(texts)
    except ContentError as error:
        return [str(mistake) for mistake in error.mistakes]
    return []


@pytest.fixture
def named_texts(toy_texts: dict[str, str]) -> dict[str, str]:
    """The toy guide, with words by which texts name aphids."""
    (path,) = (path for path, text in toy_texts.items() if path.startswith("en/questions/") and "aphids:" in text)
    named = re.sub(r"(  aphids: \{[^}]*)\}", r"\1, named: [aphids, sticky visitors]}", toy_texts[path])
    assert named != toy_texts[path]
    return {**toy_texts, path: named}


def with_words(texts: dict[str, str], words: str) -> dict[str, str]:
    """The guide with words in the text about mulch, outside of blocks."""
    return {**texts, MULCH: f"{texts[MULCH].rstrip()}\n\n{words}\n"}


CAUTION = (
    "/// caution | Slugs\n    id: slugs-here\n    when: {%s}\n    weight: care\n    sources: [slug-diary]\nKeep it away from lettuce.\n///"
)


def test_what_the_text_names_needs_a_caution(named_texts: dict[str, str]) -> None:
    (mistake,) = (one for one in told(with_words(named_texts, "Sticky visitors hide under it.")) if "no caution" in one)
    assert mistake.startswith(f"{MULCH}: text: the text says 'Sticky visitors', and no caution is for readers who answer “Aphids”")
    assert "write one, with `when: {visitors: aphids}`" in mistake


def test_a_caution_for_that_answer_is_enough_and_another_one_is_not(named_texts: dict[str, str]) -> None:
    text = "Aphids hide under it."
    assert told(with_words(named_texts, f"{text}\n\n{CAUTION % 'visitors: [mice, aphids]'}")) == []
    assert len(told(with_words(named_texts, f"{text}\n\n{CAUTION % 'visitors: mice'}"))) == 1
    assert len(told(with_words(named_texts, f"{text}\n\n{CAUTION % 'visitors: aphids, space: bed'}"))) == 1, (
        "it is not for all who have them"
    )


def test_words_inside_of_a_block_and_parts_of_words_name_nothing(named_texts: dict[str, str]) -> None:
    assert told(with_words(named_texts, f"Beaphids is a village.\n\n{CAUTION % 'visitors: mice'}".replace("lettuce", "aphids"))) == []


def test_without_such_words_nothing_is_asked(toy: Guide) -> None:
    assert unwarned(toy) == []


def test_the_real_guide_has_a_caution_for_each_illness_that_a_text_names() -> None:
    texts = read_files(settings.CONTENT_DIR)
    guide = load(texts)
    assert unwarned(guide) == []
    named = [choice for question in guide.questions if question.id == "conditions" for choice in question.choices if not choice.alone]
    assert [choice.id for choice in named if not choice.named] == []
    path = "en/treatments/epirubicin.md"
    without = re.sub(r"/// caution \| Liver disease\n(?:.*\n)*?///\n", "", texts[path])
    assert without != texts[path]
    assert [one for one in told({**texts, path: without}) if "Liver disease" in one and one.startswith(path)]
