"""The guide as it applies to one reader."""

from __future__ import annotations

from guide.content.documents import Block, Guide
from guide.content.weighing import weigh
from guide.wizard.chapters import menu, naming, passages

BED = {"space": frozenset({"bed"})}


def test_nothing_is_left_out_and_only_what_depends_on_the_reader_is_marked(toy: Guide) -> None:
    for page in toy.pages:
        found = passages(page, weigh(toy, BED))
        assert [passage.part for passage in found] == list(page.body.parts)
        assert all(passage.finding is None for passage in found if isinstance(passage.part, str))
    soil = {passage.part.title: passage for passage in passages(toy.page("soil"), weigh(toy, BED)) if isinstance(passage.part, Block)}
    verdicts = {title: passage.finding.verdict if passage.finding else "" for title, passage in soil.items()}
    assert verdicts == {
        "Compost in spring": "applies",
        "Compost in the pot": "does-not-apply",
        "Mulch for sandy beds": "may-apply",
        "Would a raised bed help my clay?": "may-apply",
        "Shake some soil in a jar": "applies",
        "Digging twice a year": "",
    }
    assert [title for title, passage in soil.items() if passage.folded] == ["Compost in the pot"]


def test_the_menu_counts_what_applies_and_what_may(toy: Guide) -> None:
    counted = [
        (title, [(entry.page.slug, entry.applies, entry.maybe) for entry in entries]) for title, entries in menu(toy, weigh(toy, BED))
    ]
    assert counted == [("The ground", [("soil", 1, 1), ("water", 0, 1)]), ("Who comes by", [("visitors", 0, 2)])]


def test_a_treatment_tells_where_it_comes_up_what_fits_best_first(toy: Guide) -> None:
    found = naming(toy.treatments["compost"], weigh(toy, BED))
    assert [(finding.block.title, finding.verdict) for finding in found][:1] == [("Compost in spring", "applies")]
    assert [finding.verdict for finding in found][-1] == "does-not-apply"
    assert all("compost" in finding.block.treatments for finding in found)
