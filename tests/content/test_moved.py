"""Pages and treatments that were renamed: their old names, and what nobody may do with them."""

from __future__ import annotations

import pytest

from guide.content.documents import Guide
from guide.content.mistakes import Mistake
from guide.content.whole import examine, load

SOIL, EARTH, WATER, VISITORS = "en/pages/10-soil.md", "en/pages/10-earth.md", "en/pages/20-water.md", "en/pages/30-visitors.md"
NETTING, NETS, COMPOST = "en/treatments/netting.md", "en/treatments/nets.md", "en/treatments/compost.md"


def renamed(texts: dict[str, str]) -> dict[str, str]:
    """The guide with the page "soil" renamed to "earth", and the treatment "netting" to "nets"."""
    for old, new, was in ((SOIL, EARTH, "soil"), (NETTING, NETS, "netting")):
        texts = {(new if path == old else path): text for path, text in texts.items()}
        texts[new] = texts[new].replace("title:", f"was: [{was}]\ntitle:", 1)
    links = (
        ("page:soil", "page:earth"),
        ("treatment:netting", "treatment:nets"),
        ("[netting]", "[nets]"),
        ("family: soil", "family: earth"),
    )
    for old, new in links:
        texts = {path: text if f"was: {old}" in text else text.replace(old, new) for path, text in texts.items()}
    return texts


def told(texts: dict[str, str]) -> list[tuple[str, str, str]]:
    guide: Guide
    mistakes: list[Mistake]
    guide, mistakes = examine(texts)
    assert guide
    return [(one.path, one.field, one.remedy) for one in mistakes]


def test_a_guide_with_renamed_documents_loads_and_knows_their_old_names(toy_texts: dict[str, str]) -> None:
    guide = load(renamed(toy_texts))
    page, treatment = guide.page_that_was("soil"), guide.treatment_that_was("netting")
    assert page and treatment and (page.url, treatment.url) == ("/guide/earth/", "/guide/treatments/nets/")
    assert guide.page_that_was("earth") is None and guide.page_that_was("netting") is None and guide.treatment_that_was("soil") is None


@pytest.mark.parametrize(
    ("path", "was", "says"),
    [
        (EARTH, "[soil, water]", "'water' is the address of en/pages/20-water.md: take it out"),
        (EARTH, "[soil, earth]", "'earth' is the address of en/pages/10-earth.md: take it out"),
        (EARTH, "[soil, words]", "'words' is the address of the site itself: take it out"),
        (NETS, "[netting, mulch]", "'mulch' is the address of en/treatments/mulch.md: take it out"),
        (EARTH, "[soil, 'Good Soil']", "an address is made of lower-case words with hyphens, as in first-treatment, not 'Good Soil'"),
        (EARTH, "[soil, /guide/dirt/]", "an address is made of lower-case words with hyphens, as in first-treatment, not '/guide/dirt/'"),
        (EARTH, "soil", "write a list: [one, two]"),
    ],
)
def test_an_old_name_that_is_none_or_somebody_else_s_is_told(toy_texts: dict[str, str], path: str, was: str, says: str) -> None:
    texts = renamed(toy_texts)
    old = "[soil]" if path == EARTH else "[netting]"
    texts[path] = texts[path].replace(f"was: {old}", f"was: {was}")
    assert told(texts) == [(path, "was", says)]


def test_two_documents_never_had_the_same_name(toy_texts: dict[str, str]) -> None:
    texts = renamed(toy_texts)
    texts[WATER] = texts[WATER].replace("title:", "was: [soil]\ntitle:", 1)
    assert told(texts) == [(WATER, "was", "'soil' is the address of en/pages/10-earth.md: take it out")]
    # A page and a treatment have addresses of their own.
    texts[WATER] = texts[WATER].replace("[soil]", "[netting, mulch]")
    assert told(texts) == []


@pytest.mark.parametrize(
    ("link", "says"),
    [
        ("page:soil", "page:soil has moved: write page:earth"),
        ("page:soil#compost-in-spring", "page:soil#compost-in-spring has moved: write page:earth#compost-in-spring"),
        ("treatment:netting", "treatment:netting has moved: write treatment:nets"),
        (
            "/guide/soil/",
            "/guide/soil/ is a page of this site: write page:earth, so that it is checked and never marked as another website",
        ),
    ],
)
def test_a_link_to_an_old_name_is_told_with_the_new_one(toy_texts: dict[str, str], link: str, says: str) -> None:
    texts = renamed(toy_texts)
    texts[WATER] = texts[WATER].replace("and then a lot.", f"and then a [lot]({link}).")
    assert told(texts) == [(WATER, "link", says)]


def test_a_treatment_of_a_page_that_has_moved_is_told_the_new_one(toy_texts: dict[str, str]) -> None:
    texts = renamed(toy_texts)
    texts[COMPOST] = texts[COMPOST].replace("family: earth", "family: soil")
    assert told(texts) == [(COMPOST, "family", "soil has moved: write earth")]


def test_a_page_whose_address_people_have_is_there_or_has_moved(toy_texts: dict[str, str]) -> None:
    texts = {**renamed(toy_texts), "promised.yaml": "treatments: [compost, mulch]\npages: [soil, water]\n"}
    assert told(texts) == []
    texts[EARTH] = texts[EARTH].replace("was: [soil]\n", "")
    says = (
        "there is no page soil any more, but people have its address: bring it back, or write `was: [soil]` in the page that took its place"
    )
    assert told(texts) == [("promised.yaml", "pages", says)]


def test_a_promised_treatment_stays_by_its_id_even_where_another_took_its_place(toy_texts: dict[str, str]) -> None:
    texts = {**renamed(toy_texts), "promised.yaml": "treatments: [netting]\n"}
    says = "there is no treatments/netting.md, but saved plans and other programs rely on it: bring it back"
    assert told(texts) == [("promised.yaml", "treatments", says)]
