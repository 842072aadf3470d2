"""Questions that share a page, choices that are left out, and answers by name: what is read, and what is wrong with it."""

from __future__ import annotations

import pytest

from guide.content.mistakes import ContentError
from guide.content.whole import load

SOIL, PUDDLES, VISITORS, RAIN = (f"en/questions/{name}.md" for name in ("20-soil", "30-puddles", "40-visitors", "50-rain"))
SITE = "en/site.yaml"
NAMED = "by_name:\n  list: shed\n  answers: {slugs: [compost], aphids: [compost, mulch]}\n"


def changed(texts: dict[str, str], path: str, added: str) -> dict[str, str]:
    """The texts with some lines above the kind of a question, or at the end of another file."""
    text = texts[path]
    return {**texts, path: text.replace("kind:", f"{added}kind:", 1) if "kind:" in text else f"{text}{added}"}


@pytest.fixture
def texts(toy_texts: dict[str, str]) -> dict[str, str]:
    """The toy guide with two questions on a page, and a list of names."""
    toy_texts["en/plan/names.yaml"] = "shed: {kinds: [treatment]}\n"
    for path in (VISITORS, RAIN):
        toy_texts = changed(toy_texts, path, "page: guests\n")
    return changed(toy_texts, SITE, "asked_together: {guests: Who and what comes}\n")


def told(texts: dict[str, str]) -> list[str]:
    with pytest.raises(ContentError) as caught:
        load(texts)
    return [str(one) for one in caught.value.mistakes]


def test_a_page_of_questions_choices_and_names_are_read(texts: dict[str, str]) -> None:
    guide = load(changed(texts, VISITORS, f'{NAMED}offered_when: {{"*": {{space: [bed, meadow]}}}}\n'))
    visitors = guide.question("visitors")
    assert (visitors.page, guide.question("soil").page) == ("guests", "")
    assert guide.site.asked_together == {"guests": "Who and what comes"}
    assert visitors.left_out({"space": frozenset({"balcony"})}) == {"slugs", "aphids", "mice"}, "all but the one that stands alone"
    assert visitors.left_out({}) == frozenset()
    assert visitors.by_name is not None and visitors.by_name.list.id == "shed"
    assert visitors.by_name.choices == {"compost": ("slugs", "aphids"), "mulch": ("aphids",)}
    assert visitors.sheet == guide.question("rain").sheet != guide.question("soil").sheet


@pytest.mark.parametrize(
    ("path", "added", "expected"),
    [
        (SOIL, "page: ground\n", f"{SOIL}: page: the page 'ground' has no title: give it one under asked_together in site.yaml"),
        (SOIL, "page: guests\n", f"{SOIL}: page: questions of the page 'guests' stand apart: give them numbers that follow one another"),
        (SITE, "  \nmoon: x\n", f"{SITE}: moon: unknown field"),
        (VISITORS, "offered_when: {moles: {space: bed}}\n", f"{VISITORS}: offered_when.moles: there is no answer 'moles'; there are: *, slugs,"),
        (VISITORS, "offered_when: {mice: {moon: full}}\n", f"{VISITORS}: offered_when.mice: there is no fact 'moon'"),
        (VISITORS, 'offered_when: {mice: {rain: "no"}}\n', f"{VISITORS}: offered_when.mice: there is no fact 'rain'; there are: space, soil, puddles"),
        (VISITORS, NAMED.replace("shed", "barn"), f"{VISITORS}: by_name.list: there is no list 'barn' in names.yaml"),
        (VISITORS, NAMED.replace("slugs", "moles"), f"{VISITORS}: by_name.answers.moles: unknown field; the fields are aphids, mice, nobody, slugs"),
        (VISITORS, NAMED.replace("[compost]", "[gravel]"), f"{VISITORS}: by_name.answers: there is no treatment 'gravel' in treatments/"),
        (VISITORS, f"{NAMED}  but: 3\n", f"{VISITORS}: by_name.but: unknown field; the fields are answers, list"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_where_it_stands(texts: dict[str, str], path: str, added: str, expected: str) -> None:
    assert any(one.startswith(expected) for one in told(changed(texts, path, added))), expected


def test_a_title_of_a_page_without_questions_is_told(texts: dict[str, str]) -> None:
    texts[SITE] = texts[SITE].replace("{guests:", "{moon: Nobody there, guests:")
    assert told(texts) == [f"{SITE}: asked_together.moon: no question stands on this page: name it as the page of some, or remove it"]
