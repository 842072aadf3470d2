"""What an editor may break: nothing is lost, the mistake is told in plain words with its place, and it reaches no reader."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from functools import cache
from html import unescape
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.test import Client
from django.utils import timezone

from guide import library
from guide.content.files import write_files
from guide.editing import models
from guide.editing.models import Document, Edition, Revision
from guide.editing.releases import Release, publish_due
from tests.visits import Posted, answer, form, html

SOIL, WATER, COMPOST = "en/pages/10-soil.md", "en/pages/20-water.md", "en/treatments/compost.md"
ASK_SOIL, ASK_PUDDLES = "en/questions/20-soil.md", "en/questions/30-puddles.md"
MULCH, VISITORS, GLOSSARY, SOURCES = "en/treatments/mulch.md", "en/pages/30-visitors.md", "en/glossary.md", "sources.yaml"
POT = "when: {space: balcony}\n    role"
END = "Now we leave the worms alone.\n///\n"
HARD = "Considerable agricultural deterioration necessitates comprehensive, interdisciplinary rehabilitation strategies immediately. " * 12
State = Revision.State


@dataclass(frozen=True)
class Broken:
    """`old` becomes `new` in a document. `says`: the words that tell it; `at`: how the line begins that they point to.

    Without `at`, they name a field, or (`elsewhere`) another file.
    """

    id: str
    path: str
    old: str
    new: str
    says: str
    at: str = ""
    field: str = ""
    elsewhere: str = ""


BROKEN = [
    Broken("cites a source that is not there", SOIL, "[@compost-leaflet]", "[@compost-leflet]",
           "there is no source 'compost-leflet' in sources.yaml; add it there or mend the id", "Soil is sand,"),
    Broken("option from an unknown source", SOIL, "sources: [compost-leaflet]", "sources: [compost-leflet]",
           "there is no source 'compost-leflet' in sources.yaml; add it there or mend the id", "    sources: [compost-leflet]"),
    Broken("option without a source", SOIL, "    sources: [compost-leaflet]\n", "",
           "it needs sources: say where it comes from, as in `    sources: [one, two]`",
           "/// option | Compost in spring"),
    Broken("link to a page that is not there", SOIL, "page:water#rain", "page:watter#rain",
           "there is no page 'watter'; mend or remove the link", "See [water]"),
    Broken("link to a heading that is not there", SOIL, "page:water#rain", "page:water#snow",
           "page:water#snow: en/pages/20-water.md has no heading or block #snow", "See [water]"),
    Broken("link to a treatment that is not there", SOIL, "treatment:compost", "treatment:composte",
           "there is no treatment 'composte'; mend or remove the link", "Soil is sand,"),
    Broken("link to a word that is not explained", VISITORS, "term:aphid", "term:afid",
           "there is no term 'afid' in the glossary", "An [aphid colony]"),
    Broken("link that runs a script", SOIL, "page:water#rain", "javascript:alert(1)",
           "'javascript:alert(1)' is not a link we know; write page:slug, treatment:id, term:slug or https://...", "See [water]"),
    Broken("link that carries a page", SOIL, "page:water#rain", "data:text/html,x",
           "'data:text/html,x' is not a link we know", "See [water]"),
    Broken("script", SOIL, END, END + "\n<script>alert(1)</script>\n",
           "'<script>' is HTML, which does nothing here, and readers would see it: remove it", "<script>"),
    Broken("picture that runs a script", SOIL, END, END + "\n<img src=x onerror=alert(1)>\n",
           "'<img src=x onerror=alert(1)>' is HTML, which does nothing here, and readers would see it: remove it", "<img"),
    Broken("picture", SOIL, END, END + "\n![A worm](https://worms.example/1.png)\n",
           "images cannot be shown; say it in words", "![A worm]"),
    Broken("condition that nobody can meet", SOIL, POT, "when: {space: balcony, soil: clay}\n    role",
           "option | Compost in the pot: when: nobody can be in this situation: two parts of it exclude each other",
           "    when: {space: balcony, soil"),
    Broken("unknown answer in a condition", SOIL, POT, "when: {space: roof}\n    role",
           "option | Compost in the pot: when: space has no value 'roof'; it has: balcony, bed, meadow", "    when: {space: roof}"),
    Broken("unknown question in a condition", SOIL, POT, "when: {place: balcony}\n    role",
           "there is no fact 'place'; there are: space, soil, puddles, visitors, rain", "    when: {place"),
    Broken("unknown audience", SOIL, "{is: open-ground}", "{is: closed-ground}",
           "there is no audience 'closed-ground'; there are: open-ground, heavy-ground", "    when: {is: closed"),
    Broken("condition that is no condition", SOIL, POT, "when: balcony\n    role",
           "option | Compost in the pot: when: write it as facts with values: {fact: value}", "    when: balcony"),
    Broken("no without quotes", SOIL, 'rain: "no"', "rain: false", "rain: give a value or a list of values; there are: yes, no (quote yes and no)",
           "    when: {soil: sand, rain"),
    Broken("question that nobody needs any more", WATER, "{puddles: stay}", '{rain: "yes"}',
           "no condition needs this fact, so it is never asked: use it in the condition of a block (its `when`), or remove the question",
           elsewhere=ASK_PUDDLES),
    Broken("question that nobody reaches", ASK_PUDDLES, "only_when: {soil: clay}", "only_when: {soil: clay, space: balcony}",
           "only_when: nobody can be in this situation, so the question is never asked", "only_when:", field="only_when"),
    Broken("answer that conditions need is gone", ASK_SOIL, "  clay: {label: Clay, said: clay soil, if: the soil is clay}\n", "",
           "heavy-ground: soil has no value 'clay'; it has: sand, loam", elsewhere="audiences.yaml"),
    Broken("text above the limit", SOIL, END, f"{END}\n{HARD}\n",
           "the limit is 8.0: shorter sentences, shorter words", field="reading grade"),
    Broken("colon in a title", SOIL, "title: Good soil", "title: Good: soil", "a colon stands where none can: put a text that holds one in quotes",
           "title: Good: soil"),
    Broken("quote that is not closed", SOIL, "title: Good soil", "title: 'Good soil", "a quote is opened here and not closed", "title: 'Good"),
    Broken("fields that do not end", SOIL, "2026-09-01\n---\n", "2026-09-01\n",
           "start the file with ---, the fields, and --- on a line of its own", "---"),
    Broken("bracket in a block that is not closed", SOIL, POT, "when: {space: balcony\n    role",
           "a bracket or brace is opened here and not closed: check [ ] and { }", "    when: {space: balcony"),
    Broken("field that is misspelt", SOIL, "summary: What", "sumary: What", "sumary: unknown field; the fields are", "sumary:", field="sumary"),
    Broken("block that is not closed", SOIL, "two parts of old soil.\n///", "two parts of old soil.",
           "option | Compost in the pot: it is not closed: write /// on a line of its own below its text", "/// option | Compost in the pot"),
    Broken("last block that is not closed", SOIL, END, END.removesuffix("///\n"),
           "changed | Digging twice a year: it is not closed: write /// on a line of its own below its text", "/// changed"),
    Broken("kind of block that is misspelt", SOIL, "/// option | Compost in spring", "/// opption | Compost in spring",
           "opption | Compost in spring: there is no kind of block 'opption'; there are option, support, test", "/// opption"),
    Broken("option for a treatment that is not there", SOIL, "treatments: [compost]", "treatments: [moondust]",
           "option | Compost in spring: treatments: there is no treatment 'moondust'", "    treatments: [moondust]"),
    Broken("treatment without a heading", COMPOST, "## How it is done\n", "",
           "heading: '## Who it is for or How it is done' is missing: write it", field="heading"),
    Broken("treatment of a page that is not there", COMPOST, "family: soil", "family: moon",
           "family: there is no page 'moon'; there are soil, visitors, water", "family: moon", field="family"),
    Broken("next check before the last", SOIL, "review_due: 2026-09-01", "review_due: 2026-02-01",
           "review_due: this day is not after 2026-03-01, when the facts were checked: write a later one", "review_due:", field="review_due"),
    Broken("date in words", SOIL, "checked: 2026-03-01", "checked: in spring", "checked: write a day, as 2026-11-23", "checked:", field="checked"),
    Broken("day that there is not", SOIL, "checked: 2026-03-01", "checked: 2026-02-31", "checked: write a day, as 2026-11-23", "checked:", field="checked"),
    Broken("empty title", SOIL, "title: Good soil", "title:", "title: fill it in", "title:", field="title"),
    Broken("no title", SOIL, "title: Good soil\n", "", "title: fill it in", field="title"),
    Broken("source that others cite is gone", SOURCES, "slug-diary:", "slug-dairy:",
           "there is no source 'slug-diary' in sources.yaml; add it there or mend the id", elsewhere=VISITORS),
    Broken("source without its address", SOURCES, "  url: https://garden.example/notes\n", "",
           "give its address or its DOI, so that a reader can look it up", field="allotment-notes"),
    Broken("source at a script", SOURCES, "https://garden.example/notes", "javascript:alert(1)",
           "url: write the whole address, from https://", field="allotment-notes"),
    Broken("heading that a link needs is gone", WATER, "## Rain\n", "## Showers\n",
           "page:water#rain: en/pages/20-water.md has no heading or block #rain", elsewhere=SOIL),
]  # fmt: skip
every_broken_edit = pytest.mark.parametrize("broken", BROKEN, ids=lambda broken: broken.id)
# What is no matter of how a text is broken but of whether it is: one edit of each document and of each place where it is told, and some more.
_FIRSTS = {(one.path, one.elsewhere, bool(one.at), bool(one.field)): one.id for one in reversed(BROKEN)}.values()
some_broken_edits = pytest.mark.parametrize(
    "broken", [one for number, one in enumerate(BROKEN) if one.id in _FIRSTS or number % 10 == 0], ids=lambda broken: broken.id
)


def address(path: str) -> str:
    return f"/admin/documents/{Document.objects.get(path=path).pk}/edit/"


def opened(client: Client, path: str) -> Posted:
    """The form that the editor shows, with the whole text in one box."""
    return form(client.get(f"{address(path)}?raw"), address(path))


def send(client: Client, path: str, window: Posted, action: str, **typed: str) -> HttpResponseBase:
    why = {"note": "We say it better", "for_readers": "We say it better."}
    return client.post(address(path), {**window, **why, **typed, "action": action})


def words(response: HttpResponseBase) -> str:
    """What a page says."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html(response))).split())


def breaking(broken: Broken) -> str:
    before = Edition.objects.texts(1)[broken.path]
    assert before.count(broken.old), broken.old
    return before.replace(broken.old, broken.new, 1)


def seen_by_readers() -> dict[str, bytes]:
    """Every public page, and what the wizard says to somebody with a bed, byte for byte; read anew from the newest edition.

    The form's own token differs with each visit.
    """
    library._newest = None
    models._read.cache_clear()
    reader = Client()
    guide = library.current()
    public = ["/", *(f"/guide/{name}/" for name in ("treatments", "words", "sources", "changes"))]
    public += [page.url for page in guide.pages] + [treatment.url for treatment in guide.treatments.values()]
    seen = {path: reader.get(path) for path in public}
    answer(reader, {"space": "bed", "soil": "clay", "puddles": "stay", "visitors": ["slugs", "mice"], "rain": "no"})
    own = [
        "/for-me/1/",
        "/for-me/answers/",
        "/for-me/results/",
        "/for-me/guide/",
        "/for-me/guide/soil/",
        "/for-me/guide/treatments/compost/",
    ]
    seen |= {path: reader.get(path) for path in own}
    for path, response in seen.items():
        assert isinstance(response, HttpResponse) and response.status_code == 200, path
    return {path: re.sub(rb'(csrfmiddlewaretoken" value=")\w+', rb"\1", response.content) for path, response in seen.items()}


@cache
def seen_before() -> dict[str, bytes]:
    """The same, of the toy guide as every test finds it."""
    return seen_by_readers()


# What the editor sees


@every_broken_edit
def test_a_broken_edit_is_kept_and_told_and_not_sent(client: Client, erin: User, broken: Broken) -> None:
    client.force_login(erin)
    text = breaking(broken)
    window = opened(client, broken.path) | {"text": [text.replace("\n", "\r\n")]}

    found = client.post(address(broken.path).replace("/edit/", "/check/"), window).json()["mistakes"]
    (told,) = [one for one in found if broken.says in one["says"] and (not broken.elsewhere or broken.elsewhere in one["path"])]
    assert told["here"] is not bool(broken.elsewhere)
    if broken.at:
        assert text.split("\n")[told["line"] - 1].startswith(broken.at)
    if broken.field:
        assert told["says"].startswith((broken.field, f"{broken.field}:"))
    if not broken.elsewhere:
        assert found[0]["here"], "what this document can mend comes first"

    assert send(client, broken.path, window, "save").status_code == 302
    draft = Document.objects.get(path=broken.path).open_text()
    assert draft and (draft.text, draft.state) == (text, State.DRAFT)
    window = opened(client, broken.path)
    assert window["text"] == [text]

    refused = send(client, broken.path, window, "send")
    assert refused.status_code == 422
    said = words(refused)
    assert broken.says.replace("    ", "") in re.sub(r"` +", "`", said) and broken.elsewhere in said
    if broken.at:
        assert re.search(rf"Line {told['line']}: {re.escape(' '.join(told['says'].split()))}", said)
    assert form(refused, address(broken.path))["text"] == [text]
    draft.refresh_from_db()
    assert (draft.text, draft.state) == (text, State.DRAFT)
    assert Edition.objects.newest() == 1 and Edition.objects.texts(1)[broken.path] != text


def test_drafts_that_are_broken_change_nothing_that_readers_see(client: Client, erin: User) -> None:
    client.force_login(erin)
    before = seen_before()
    for broken in {one.path: one for one in BROKEN}.values():
        window = opened(client, broken.path) | {"text": [breaking(broken)]}
        assert send(client, broken.path, window, "save").status_code == 302
        assert send(client, broken.path, opened(client, broken.path), "send").status_code == 422
    assert Revision.objects.filter(state=State.DRAFT).count() > 5
    assert seen_by_readers() == before


@pytest.mark.parametrize("broken", [one for one in BROKEN if one.path == SOIL], ids=lambda broken: broken.id)
def test_a_broken_edit_can_be_previewed_or_is_told_there(client: Client, erin: User, broken: Broken) -> None:
    client.force_login(erin)
    typed = {"path": broken.path, "text": breaking(broken)}
    whole = client.post("/admin/preview/", typed)
    assert whole.status_code == 422 and broken.says.partition("`")[0] in words(whole)
    live = html(client.post("/admin/preview/", {**typed, "live": "1"}))
    assert not re.search(r"<script>|<[^>]*(?:javascript:|data:text|onerror)", live)


# No way leads to readers


@some_broken_edits
def test_a_broken_text_is_published_by_no_way(client: Client, erin: User, rosa: User, paul: User, broken: Broken, tmp_path: Path) -> None:
    """Not even where it was approved: the guide may have changed since."""
    before, text = seen_before(), breaking(broken)
    document = Document.objects.get(path=broken.path)
    approved = document.revisions.create(
        text=text, state=State.APPROVED, author=erin, note="n", reviewer=rosa, started_from=document.published()
    )
    client.force_login(paul)
    for when in ("now", "later"):
        typed = {"texts": [approved.pk], "note": "We say more.", "when": when, "due": "2999-12-31T08:00"}
        refused = client.post("/admin/editions/", typed)
        assert refused.status_code == 422
        assert broken.says.partition(":")[2].partition("`")[0].strip() in words(refused)
        assert (broken.elsewhere or broken.path) in words(refused)
    assert not Release.objects.exists()

    release = Release.objects.create(due=timezone.now() - datetime.timedelta(minutes=1), by=paul, note="We say more.")
    release.texts.set([approved])
    assert publish_due() == [release]
    release.refresh_from_db()
    assert release.state == Release.State.FAILED
    assert (broken.elsewhere or broken.path) in release.problem and broken.says in release.problem
    assert broken.says.partition("`")[0].strip() in words(client.get("/admin/editions/"))

    write_files(tmp_path / "files", {**Edition.objects.texts(1), broken.path: text})
    with pytest.raises(CommandError, match="nothing was imported") as error:
        call_command("import_content", str(tmp_path / "files"), stdout=StringIO())
    assert broken.says in str(error.value)

    approved.refresh_from_db()
    assert (approved.text, approved.state) == (text, State.APPROVED)
    assert Edition.objects.newest() == 1
    assert seen_by_readers() == before


@some_broken_edits
def test_a_broken_text_is_not_approved(client: Client, erin: User, rosa: User, broken: Broken) -> None:
    """Somebody else may have broken it while it was read."""
    document = Document.objects.get(path=broken.path)
    text = document.revisions.create(
        text=breaking(broken), state=State.IN_REVIEW, author=erin, note="n", for_readers="n", started_from=document.published()
    )
    client.force_login(rosa)
    page = f"/admin/texts/{text.pk}/review/"
    assert client.get(page).status_code == 200
    refused = client.post(page, {"step": "approve", "version": text.version, "read": "1", "role": "Gardener"})
    assert refused.status_code == 422
    text.refresh_from_db()
    assert (text.state, text.text) == (State.IN_REVIEW, breaking(broken))


# Documents that others need


@pytest.mark.parametrize(
    ("path", "elsewhere", "says"),
    [
        (WATER, SOIL, "link: there is no page 'water'; mend or remove the link"),
        (WATER, MULCH, "family: there is no page 'water'; there are soil, visitors"),
        (
            COMPOST,
            "promised.yaml",
            "treatments: there is no treatments/compost.md, but saved plans and other programs rely on it: bring it back",
        ),
        (COMPOST, SOIL, "option | Compost in spring: treatments: there is no treatment 'compost'"),
        (GLOSSARY, VISITORS, "link: there is no term 'aphid' in the glossary"),
        (SOURCES, SOIL, "sources: there is no source 'allotment-notes' in sources.yaml; add it there or mend the id"),
        (ASK_PUDDLES, WATER, "option | A ditch for standing water: when: there is no fact 'puddles'"),
        ("audiences.yaml", SOIL, "option | Compost in spring: when: there is no audience 'open-ground'"),
    ],
)
def test_what_others_need_is_not_taken_away(client: Client, erin: User, paul: User, path: str, elsewhere: str, says: str) -> None:
    client.force_login(erin)
    before, document = seen_before(), Document.objects.get(path=path)
    assert client.post(address(path), {"action": "remove", "why": "Not needed"}).status_code == 302
    page = client.get(address(path))
    assert "It cannot be removed like this" in words(page) and f"{elsewhere}: {says}" in words(page)
    refused = send(client, path, form(page, address(path)), "send")
    assert refused.status_code == 422 and f"{elsewhere}: {says}" in words(refused)
    draft = document.open_text()
    assert draft and draft.state == State.DRAFT and draft.removed

    Revision.objects.filter(pk=draft.pk).update(state=State.APPROVED)
    client.force_login(paul)
    refused = client.post("/admin/editions/", {"texts": [draft.pk], "note": "Less.", "when": "now"})
    assert refused.status_code == 422 and elsewhere in words(refused)
    release = Release.objects.create(due=timezone.now(), by=paul, note="Less.")
    release.texts.set([draft])
    assert [one.state for one in publish_due()] == [Release.State.FAILED]
    assert Edition.objects.newest() == 1
    assert seen_by_readers() == before


def test_two_pages_of_one_name_are_refused(client: Client, erin: User, tmp_path: Path) -> None:
    client.force_login(erin)
    before = seen_before()
    new = {"folder": "pages", "title": "Soil", "place": "40", "note": "Another one"}
    refused = client.post("/admin/documents/new/", new)
    assert refused.status_code == 422 and f"There is a document of this name: {SOIL}" in words(refused)
    assert 'value="Another one"' in html(refused)
    write_files(tmp_path / "files", {**Edition.objects.texts(1), "en/pages/40-soil.md": Edition.objects.texts(1)[SOIL]})
    with pytest.raises(CommandError, match=f"{SOIL}: file name: there are two files for 'soil': rename one"):
        call_command("import_content", str(tmp_path / "files"), stdout=StringIO())
    assert seen_by_readers() == before


# The form of the fields


@pytest.mark.parametrize(
    ("field", "typed", "says"),
    [
        ("title", "", "title: fill it in"),
        ("summary", "", "summary: fill it in"),
        ("checked", "", "checked: write a day, as 2026-11-23"),
        ("checked", "last spring", "checked: write a day, as 2026-11-23"),
        ("checked", "2026-02-31", "checked: write a day, as 2026-11-23"),
        ("review_due", "2026-01-01", "review_due: this day is not after 2026-03-01"),
        ("part", "", "part: fill it in"),
        ("part", "sky", "part: there is no part 'sky' in site.yaml; there are ground, guests"),
    ],
)
def test_what_is_wrong_in_a_field_is_kept_and_told_at_the_field(client: Client, erin: User, field: str, typed: str, says: str) -> None:
    client.force_login(erin)
    window = form(client.get(address(SOIL)), address(SOIL)) | {f"field-{field}": [typed]}
    found = client.post(address(SOIL).replace("/edit/", "/check/"), window).json()["mistakes"]
    assert [(one["field"], one["says"].startswith(says)) for one in found] == [(field, True)]
    refused = send(client, SOIL, window, "send")
    assert refused.status_code == 422 and says in words(refused)
    # What the browser's own field for a day could not show comes back as part of the whole text.
    again = form(client.get(address(SOIL)), address(SOIL))
    assert again.get(f"field-{field}") == [typed] or re.search(rf"^{field}: '?{typed}'?$", again["text"][0], re.MULTILINE)
    assert ("body" in again and again["body"] == window["body"]) or again["text"][0].endswith(window["body"][0].replace("\r\n", "\n"))
    assert Document.objects.get(path=SOIL).open_text() is not None and Edition.objects.newest() == 1


def test_a_colon_or_a_quote_in_a_field_is_no_mistake(client: Client, erin: User) -> None:
    client.force_login(erin)
    title = 'Soil: "good", or it\'s [bad] #1'
    window = form(client.get(address(SOIL)), address(SOIL)) | {"field-title": [title]}
    assert client.post(address(SOIL).replace("/edit/", "/check/"), window).json()["mistakes"] == []
    assert send(client, SOIL, window, "send").status_code == 302
    assert form(client.get(address(SOIL)), address(SOIL))["field-title"] == [title]
