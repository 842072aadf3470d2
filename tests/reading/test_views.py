"""The guide as everyone sees it."""

from __future__ import annotations

import re

import pytest
from django.db import DatabaseError
from django.test import Client

from guide.content.checks import ADDRESSES
from guide.editing.models import Edition
from guide.reading import views
from tests.django_fixtures import published
from tests.visits import html, title


def page(client: Client, path: str) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return html(response)


@pytest.mark.usefixtures("garden")
@pytest.mark.parametrize(
    ("path", "heading"),
    [
        ("/", "Growing things, in plain words"),
        ("/guide/", "All pages of the guide"),
        ("/guide/soil/", "Good soil"),
        ("/guide/water/", "Water"),
        ("/guide/treatments/", "All treatments"),
        ("/guide/treatments/compost/", "Compost"),
        ("/guide/words/", "Garden words"),
        ("/guide/sources/", "Sources"),
        ("/guide/changes/", "What changed since 2018"),
    ],
)
def test_every_page_has_its_heading_its_edition_and_the_sentences_of_the_site(client: Client, path: str, heading: str) -> None:
    response = client.get(path)
    text = html(response)
    assert re.findall(r"<h1[^>]*>(.*?)</h1>", text) == [heading]
    assert response.headers["X-Guide-Edition"] == "1"
    assert "Edition 1." in text
    assert "No gardener has read this yet." in text
    assert "If the greenhouse is on fire, leave it and call for help." in text
    assert title(response).endswith("The Small Garden") or title(response).startswith("The Small Garden")
    assert len(re.findall(r'<meta name="description" content="[^"]+">', text)) == 1


@pytest.mark.usefixtures("garden")
@pytest.mark.parametrize("path", sorted(ADDRESSES))
def test_every_address_that_a_text_may_write_out_leads_somewhere(client: Client, path: str) -> None:
    assert client.get(path).status_code in (200, 301, 302)


@pytest.mark.usefixtures("garden")
@pytest.mark.parametrize("path", ["/guide/moon/", "/guide/treatments/moon/", "/moon/", "/guide/soil/more/"])
def test_what_is_not_there_is_not_found(client: Client, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "We cannot find this page" in html(response)


@pytest.mark.usefixtures("garden")
def test_every_inner_link_of_every_page_leads_to_a_page_and_a_place_on_it(client: Client) -> None:
    seen: dict[str, str] = {}
    waiting = {"/"}
    links: set[tuple[str, str, str]] = set()
    while waiting:
        path = waiting.pop()
        seen[path] = page(client, path)
        for target in re.findall(r'href="(.*?)"', seen[path]):
            where, _, anchor = target.partition("#")
            if where.startswith("/static/") or "://" in where:
                continue
            links.add((path, where or path, anchor))
            if where and where not in seen:
                waiting.add(where)
    assert {"/guide/treatments/mulch/", "/for-me/1/", "/plan/"} <= set(seen)
    dead = [link for link in links if link[2] and f'id="{link[2]}"' not in seen[link[1]]]
    assert dead == []


@pytest.mark.usefixtures("garden")
def test_a_page_shows_its_blocks_with_treatments_and_sources(client: Client) -> None:
    text = page(client, "/guide/soil/")
    block = re.search(r'<section class="block option usual".*?</section>', text, re.DOTALL)
    assert block
    assert "Often discussed first" in block[0]
    assert '<h3 id="compost-in-spring">Compost in spring</h3>' in block[0]
    assert '<a href="/guide/treatments/compost/">Compost</a>' in block[0]
    numbers = re.findall(r'<a href="#source-compost-leaflet">\[(\d)\]</a>', text)
    assert len(set(numbers)) == 1
    listed = re.findall(r'<li id="source-([\w-]+)">', text)
    assert listed[int(numbers[0]) - 1] == "compost-leaflet"
    assert "Looked up 1 March 2026." in text


@pytest.mark.usefixtures("garden")
def test_links_to_other_sites_say_so(client: Client) -> None:
    outside = [link for link in re.findall(r"<a [^>]*>.*?</a>", page(client, "/guide/soil/")) if "://" in link]
    assert outside
    assert all("(another website)" in link and "noreferrer" in link for link in outside)


@pytest.mark.usefixtures("garden")
def test_words_are_marked_where_they_first_occur(client: Client) -> None:
    text = page(client, "/guide/visitors/")
    assert text.count('<a class="term" href="/guide/words/#aphid">') == 1


@pytest.mark.usefixtures("garden")
def test_pages_lead_to_the_one_before_and_after_in_the_order_of_the_menu(client: Client) -> None:
    neighbours = {
        slug: re.findall(r'rel="(prev|next)" href="/guide/([\w-]+)/"', page(client, f"/guide/{slug}/"))
        for slug in ("soil", "water", "visitors")
    }
    assert neighbours == {"soil": [("next", "water")], "water": [("prev", "soil"), ("next", "visitors")], "visitors": [("prev", "water")]}


@pytest.mark.usefixtures("garden")
def test_a_page_says_whether_it_was_reviewed(client: Client) -> None:
    assert "Reviewed by Rosa Field, gardener, on 5 March 2026." in page(client, "/guide/water/")
    state = re.search(r'<p class="state">.*?</p>', page(client, "/guide/soil/"), re.DOTALL)
    assert state and "No gardener has read this yet." in state[0] and "Reviewed by" not in state[0]


@pytest.mark.django_db
def test_a_page_that_should_have_been_checked_again_says_so(client: Client, toy_texts: dict[str, str]) -> None:
    for path, day in (("en/pages/10-soil.md", "2020-01-31"), ("en/pages/20-water.md", "2999-01-31")):
        toy_texts[path] = re.sub(r"review_due: .*", f"review_due: {day}", toy_texts[path].replace("checked: 2026", "checked: 2019"))
    published(toy_texts)
    assert "This page should have been checked again by 31 January 2020." in page(client, "/guide/soil/")
    assert "should have been checked again" not in page(client, "/guide/water/")


@pytest.mark.usefixtures("garden")
def test_a_treatment_tells_its_names_its_state_and_when_people_discuss_it(client: Client) -> None:
    text = page(client, "/guide/treatments/compost/")
    assert "<dt>Names it is sold under</dt><dd>Black Gold, Worm Joy</dd>" in text
    assert "<dt>Names no longer sold</dt><dd>Old Heap</dd>" in text
    assert "<dt>Also called</dt><dd>garden compost</dd>" in text
    assert "<dt>In the 2018 guide</dt><dd>Yes</dd>" in text
    under = text.split('<h2 id="what-it-is">')[1].split("<h2 ")[0]
    assert re.findall(r"<summary>(.*?)</summary>", under) == ["Good soil (2)", "Water (1)"]
    uses = "".join(re.findall(r'<ul class="uses">.*?</ul>', under, re.DOTALL))
    assert re.findall(r'href="(.*?)"', uses) == [
        "/guide/soil/#compost-in-spring",
        "/guide/soil/#compost-in-the-pot",
        "/guide/water/#a-ditch-for-standing-water",
    ]
    assert "pproved" not in text


@pytest.mark.django_db
def test_a_treatment_that_is_not_approved_says_so_first(client: Client, toy_texts: dict[str, str]) -> None:
    path = "en/treatments/netting.md"
    published({**toy_texts, "en/treatments/fence.md": toy_texts[path].replace("status: current", "status: not-approved")})
    published({"en/treatments/hedge.md": toy_texts[path].replace("status: current", "status: withdrawn")})
    assert "Not approved for this garden" in page(client, "/guide/treatments/fence/")
    assert "No longer sold" in page(client, "/guide/treatments/hedge/")


@pytest.mark.usefixtures("garden")
def test_every_name_of_a_treatment_is_listed_from_a_to_z(client: Client) -> None:
    names = page(client, "/guide/treatments/").split('<h2 id="names">')[1].split("</main>")[0]
    assert re.findall(r'<a href="/guide/treatments/\w+/">(.*?)</a>', names) == [
        "Black Gold",
        "Compost",
        "garden compost",
        "Mulch",
        "Netting",
        "Old Heap",
        "Worm Joy",
    ]
    assert re.findall(r"<h3>(.)</h3>", names) == list("BCGMNOW")


@pytest.mark.django_db
def test_changes_stand_newest_first(client: Client, toy_texts: dict[str, str]) -> None:
    toy_texts["en/pages/20-water.md"] += (
        "\n/// changed | Barrels\n    id: barrels\n    since: 2024-05\n    sources: [rain-study]\nMore.\n///\n"
        "\n/// changed | Buckets\n    id: buckets\n    since: 2024-11\n    sources: [rain-study]\nFewer.\n///\n"
    )
    published(toy_texts)
    text = page(client, "/guide/changes/")
    assert re.findall(r"<h[23]>(.*?)</h[23]>", text) == ["2024", "Buckets", "Barrels", "2018", "Digging twice a year"]


@pytest.mark.django_db
def test_a_guide_without_a_glossary_has_no_page_of_words(client: Client, toy_texts: dict[str, str]) -> None:
    del toy_texts["en/glossary.md"]
    for path in ("en/pages/30-visitors.md", "en/treatments/mulch.md"):
        toy_texts[path] = re.sub(r"\[([\w ]+)\]\(term:\w+\)", r"\1", toy_texts[path])
    published(toy_texts)
    assert client.get("/guide/words/").status_code == 404


@pytest.mark.usefixtures("garden")
def test_a_new_edition_is_seen_at_once(client: Client, toy_texts: dict[str, str]) -> None:
    page(client, "/guide/soil/")
    path = "en/pages/10-soil.md"
    Edition.objects.publish({path: toy_texts[path].replace("Good soil", "Fine soil")}, by=None, note="n", origin=Edition.Origin.ADMIN)
    assert "<h1>Fine soil</h1>" in page(client, "/guide/soil/")
    assert client.get("/guide/soil/").headers["X-Guide-Edition"] == "2"


@pytest.mark.usefixtures("garden")
def test_robots_are_kept_from_the_editors_desk_only(client: Client) -> None:
    response = client.get("/robots.txt")
    assert response.headers["Content-Type"].startswith("text/plain")
    assert html(response).splitlines() == ["User-agent: *", "Disallow: /admin/"]


# Health


@pytest.mark.usefixtures("garden")
def test_a_healthy_site_says_so(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, response.content) == (200, b"ok\n")


@pytest.mark.django_db
def test_a_site_without_content_is_not_healthy_and_says_why(client: Client) -> None:
    response = client.get("/healthz")
    assert (response.status_code, html(response)) == (503, "No content yet: run `manage.py import_content`.\n")


@pytest.mark.django_db
def test_a_site_without_content_asks_for_patience_and_shows_no_crash(client: Client) -> None:
    client.raise_request_exception = False
    response = client.get("/")
    assert response.status_code in (500, 503)
    assert "Something went wrong" in html(response)


@pytest.mark.usefixtures("garden")
def test_a_site_without_its_database_is_not_healthy_and_tells_no_secrets(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise DatabaseError("password=secret")

    monkeypatch.setattr(views, "current", broken)
    response = client.get("/healthz")
    assert (response.status_code, html(response)) == (503, "DatabaseError\n")
