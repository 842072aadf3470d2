"""What an edit changes for readers."""

from __future__ import annotations

import pytest

from guide.content.documents import Guide
from guide.content.effects import Effect, Side, effects
from guide.content.space import Share
from guide.content.whole import load

SOIL = "en/pages/10-soil.md"
POT = "/// option | Compost in the pot\n    id: compost-in-the-pot\n    when: {space: balcony}\n"


def edited(texts: dict[str, str], old: str, new: str) -> Guide:
    assert old in texts[SOIL]
    return load({**texts, SOIL: texts[SOIL].replace(old, new, 1)})


def test_nothing_changes_with_words_alone(toy: Guide, toy_texts: dict[str, str]) -> None:
    assert effects(toy, edited(toy_texts, "Mix one part", "Stir in one part")) == []


@pytest.mark.parametrize(
    ("when", "gained", "lost"),
    [
        ("{space: [balcony, meadow]}", Side(Share(1, 3), "a meadow"), None),
        ("{space: balcony, rain: 'no'}", None, Side(Share(1, 6), "a balcony; a rain barrel")),
        ("{space: meadow}", Side(Share(1, 3), "a meadow"), Side(Share(1, 3), "a balcony")),
        ("{space: [balcony]}", None, None),
    ],
)
def test_a_changed_condition_tells_who_gains_and_who_loses(
    toy: Guide, toy_texts: dict[str, str], when: str, gained: Side | None, lost: Side | None
) -> None:
    found = effects(toy, edited(toy_texts, POT, POT.replace("{space: balcony}", when)))
    assert found == ([Effect(SOIL, "compost-in-the-pot", "option", "Compost in the pot", gained, lost)] if gained or lost else [])


def test_a_block_with_another_title_or_kind_is_still_the_same_one(toy: Guide, toy_texts: dict[str, str]) -> None:
    assert effects(toy, edited(toy_texts, "option | Compost in the pot", "option | Compost in a bowl")) == []
    ask = "/// ask | Would a raised bed help my clay?\n    id: would-a-raised-bed-help-my-clay\n    when: {is: heavy-ground}\n"
    sign = ask.replace("ask |", "callnow |") + "    speed: now\n    sources: [allotment-notes]\nAsk today.\n"
    assert effects(toy, edited(toy_texts, ask, sign)) == []


def test_a_new_block_is_gained_and_one_that_is_gone_is_lost(toy: Guide, toy_texts: dict[str, str]) -> None:
    named = edited(toy_texts, "id: compost-in-the-pot", "id: compost-in-a-bowl")
    told = {(effect.id, effect.title): (effect.gained, effect.lost) for effect in effects(toy, named)}
    balcony = Side(Share(1, 3), "a balcony")
    title = "Compost in the pot"
    assert told == {("compost-in-a-bowl", title): (balcony, None), ("compost-in-the-pot", title): (None, balcony)}


def test_a_block_of_another_page_with_the_same_id_is_another_block(toy: Guide, toy_texts: dict[str, str]) -> None:
    water = "en/pages/20-water.md"
    again = toy_texts[water] + "\n/// ask | How much in a pot?\n    id: compost-in-the-pot\n    when: {space: balcony}\n///\n"
    (effect,) = effects(toy, load({**toy_texts, water: again}))
    assert (effect.path, effect.id, effect.kind, effect.lost) == (water, "compost-in-the-pot", "ask", None)


def test_situations_of_another_question_cannot_be_compared(toy: Guide, toy_texts: dict[str, str]) -> None:
    path = "en/questions/50-rain.md"
    other = {**toy_texts, path: toy_texts[path].replace("no rain barrel}", "no rain barrel}\n  some: {label: Some, said: some rain}")}
    assert effects(toy, load(other)) == []
