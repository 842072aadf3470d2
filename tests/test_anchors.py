"""Addresses that people have saved, sent on and printed still lead to the place that they led to.

`anchors.txt` has every address of a page, and of every heading and block on it, as they were at the end of 2026. A page that was renamed says
so with `was`, a heading keeps its anchor with `{#anchor}`, and a block its id, whatever its title.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client

from guide.content.files import read_files
from tests.django_fixtures import loaded, published

ADDRESSES = (Path(__file__).parent / "anchors.txt").read_text().split()
PAGE = re.compile(r"/guide/(?!treatments/|words/|sources/|changes/)([a-z0-9-]+)/")


@pytest.mark.django_db
def test_every_address_still_leads_to_its_place(client: Client) -> None:
    published(read_files(settings.CONTENT_DIR))

    @cache
    def ids(address: str) -> frozenset[str]:
        answer = client.get(address, follow=True)
        return frozenset({"", *re.findall(r'<[^>]* id="([^"]+)"', answer.content.decode())}) if answer.status_code == 200 else frozenset()

    lost = [f"{page}#{anchor}" for page, _, anchor in (address.partition("#") for address in ADDRESSES) if anchor not in ids(page)]
    assert lost == []


def test_no_page_of_the_list_may_be_lost() -> None:
    promised = loaded(read_files(settings.CONTENT_DIR)).promised.pages
    slugs = {found[1] for address in ADDRESSES if (found := PAGE.fullmatch(address))}
    assert len(ADDRESSES) > 2100 and len(slugs) > 30 and slugs <= set(promised)
