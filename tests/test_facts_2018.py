"""The page of 2018 that the guide grew from: each of its facts still has a place, or a block that says what replaced it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.test import Client

from guide.content.files import read_files
from tests.django_fixtures import loaded, published
from tests.passages import passages

FACTS: dict[str, list[dict[str, Any]]] = yaml.safe_load((Path(__file__).parent / "facts_2018.yaml").read_text())
ALL = [fact for facts in FACTS.values() for fact in facts]


def lacks(words: list[str], passage: str) -> list[str]:
    """Words that a passage does not hold; `one|other` means either."""
    return [word for word in words if not re.search(word, passage, re.IGNORECASE)]


def test_every_fact_of_2018_has_one_place_and_words_to_know_it_by() -> None:
    assert len(ALL) > 280
    assert [fact for fact in ALL if len({"at", "changed"} & set(fact)) != 1 or not fact["words"]] == []
    names = [fact["fact"] for fact in ALL]
    assert len(set(names)) == len(names)


@pytest.mark.django_db
def test_every_fact_of_2018_stands_where_the_list_says(client: Client) -> None:
    published(read_files(settings.CONTENT_DIR))

    @cache
    def read(address: str) -> Mapping[str, str]:
        response = client.get(address)
        return passages(response.content.decode()) if response.status_code == 200 else {}

    lost = []
    for fact in ALL:
        address, _, anchor = (fact.get("at") or fact["changed"]).partition("#")
        passage = read(address).get(anchor)
        if passage is None:
            lost.append(f"{fact['fact']}: there is no {address}#{anchor}")
        elif missing := lacks(fact["words"], passage):
            lost.append(f"{fact['fact']}: {address}#{anchor} does not speak of {', '.join(missing)}")
    assert lost == []


def test_what_replaces_a_fact_is_a_block_with_its_date_and_sources() -> None:
    guide = loaded(read_files(settings.CONTENT_DIR))
    changed = {f"{document.url}#{block.id}": block for document, block in guide.blocks("changed")}
    replaced = [fact["changed"] for fact in ALL if "changed" in fact]
    assert len(replaced) > 5
    assert [address for address in replaced if address not in changed] == []
    assert all(changed[address].since and changed[address].sources for address in replaced)


def test_a_passage_ends_where_the_next_heading_of_its_level_begins() -> None:
    html = (
        '<nav id="menu">No</nav><main><h1>Page</h1><dl id="names"><dt>In short</dt></dl><h2 id="a">A</h2><p>one<br>two</p>'
        '<section><h3 id="b">B</h3><p>three</p></section><h2 id="c">C</h2><p>four</p></main>'
    )
    assert passages(html) == {"names": "In short", "a": "A one two B three", "b": "B three", "c": "C four"}
