"""A kind of block is one row of a table: a made-up one is known everywhere at once, and nothing else lists the kinds."""

from __future__ import annotations

import ast
import datetime
import json
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.http.response import HttpResponseBase
from django.test import Client

from guide.content.blocks import ID, KINDS, LISTED, OPTIONS, ROLES, SPEEDS, WORDS, Kind, new_blocks, skeleton
from guide.content.leading import lead
from guide.content.mistakes import ContentError
from guide.content.weighing import differing, weigh
from guide.content.whole import load
from guide.editing.models import Document
from guide.editing.review import Review
from guide.wizard.flow import main_conditions_by_fact
from guide.wizard.handout import Situation, handout
from tests.django_fixtures import published
from tests.visits import answer, html

ROOT = Path(settings.BASE_DIR)
SOIL, GLOSSARY = "en/pages/10-soil.md", "en/glossary.md"
TOOL = Kind(
    "tool",
    "Tool",
    "what it is good for, and who lends it",
    "A tool to borrow",
    needs=("when", "sources"),
    may=("treatments",),
    look="tool",
    warns=True,
    gathered="Tools to borrow",
)
FORK = """
/// tool | A fork with four prongs
    id: a-fork
    when: {space: meadow}
    sources: [allotment-notes]
It turns the soil and spares the worms.
///
"""


@pytest.fixture
def tool_texts(toy_texts: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The toy guide with a block of a kind that its table has one row more for."""
    monkeypatch.setitem(KINDS, TOOL.name, TOOL)
    return {**toy_texts, SOIL: toy_texts[SOIL] + FORK}


def told(texts: dict[str, str], *changes: tuple[str, str]) -> list[str]:
    """The mistakes of the page about soil, once its text is changed."""
    soil = texts[SOIL]
    for old, new in changes:
        assert old in soil
        soil = soil.replace(old, new)
    with pytest.raises(ContentError) as error:
        load({**texts, SOIL: soil})
    return [f"{mistake.field}: {mistake.remedy}" for mistake in error.value.mistakes if mistake.path == SOIL]


# One row


def test_a_block_of_a_new_kind_is_read_by_its_row_alone(tool_texts: dict[str, str]) -> None:
    (fork,) = (block for _, block in load(tool_texts).blocks("tool"))
    assert (fork.title, fork.id, fork.sources) == ("A fork with four prongs", "a-fork", ("allotment-notes",))
    assert (fork.heading, fork.classes) == ("A tool to borrow", "block tool")


def test_a_kind_without_a_row_is_named_with_those_there_are(toy_texts: dict[str, str]) -> None:
    known = ", ".join(KINDS)
    texts = {**toy_texts, SOIL: toy_texts[SOIL] + FORK.replace("fork", "spade")}
    assert f"tool | A spade with four prongs: there is no kind of block 'tool'; there are {known}" in told(texts)


def test_what_a_new_kind_needs_and_may_have_is_checked(tool_texts: dict[str, str]) -> None:
    fork = "tool | A fork with four prongs"
    without_when = told(tool_texts, ("    when: {space: meadow}\n", ""))
    assert without_when == [f"{fork}: it needs when: say for whom it is, as in `    when: {{fact: value}}`"]
    with_since = told(tool_texts, ("    id: a-fork\n", "    id: a-fork\n    since: 2020\n"))
    assert with_since == [f"{fork}: since: tool has no since; remove it"]
    unknown = told(tool_texts, ("    id: a-fork\n", "    id: a-fork\n    treatments: [moss]\n"))
    assert unknown == [f"{fork}: treatments: there is no treatment 'moss' in treatments/"]
    assert told(tool_texts, ("It turns the soil and spares the worms.\n", "")) == [f"{fork}: write its text"]


def test_a_new_kind_is_weighed_asked_for_first_and_listed(tool_texts: dict[str, str]) -> None:
    guide = load(tool_texts)
    meadow, bed = ({"space": frozenset({space})} for space in ("meadow", "bed"))
    (fork,) = (block for _, block in guide.blocks("tool"))
    assert [(finding.block, finding.why) for finding in weigh(guide, meadow).of("tool", "applies")] == [(fork, ("You said: a meadow.",))]
    assert [finding.block for finding in weigh(guide, bed).of("tool", "does-not-apply")] == [fork]
    assert fork.when in main_conditions_by_fact(guide)["space"], "it warns, so its question comes first"
    assert "tool" in LISTED
    new, gone = differing(weigh(guide, bed), weigh(guide, meadow))
    assert fork in [finding.block for finding in new] and fork not in [finding.block for finding in gone]


def test_the_handout_gathers_a_new_kind_under_the_heading_of_its_row(tool_texts: dict[str, str]) -> None:
    guide = load(tool_texts)

    def last_part(space: str) -> dict[str, Any]:
        made = handout(lead(weigh(guide, {"space": frozenset({space})})), {"space": (space,)}, Situation([], []), lambda path: path)
        part: dict[str, Any] = made["parts"][-1]
        return part

    part = last_part("meadow")
    assert (part["id"], part["heading"]) == ("tool", "Tools to borrow")
    assert [(one["title"], one["kind"]) for one in part["lines"]] == [("A fork with four prongs", "A tool to borrow")]
    assert last_part("bed")["id"] != "tool", "where none applies there is no section"


def words(response: HttpResponseBase) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html(response))).split())


@pytest.mark.django_db
def test_readers_see_a_new_kind_with_its_look_and_heading(client: Client, tool_texts: dict[str, str]) -> None:
    published(tool_texts)
    page = html(client.get("/guide/soil/"))
    assert re.search(r'<section class="block tool" aria-labelledby="a-fork">\s*<p class="kind">A tool to borrow\s*</p>', page)
    answer(client, {"space": "meadow"})
    results = client.get("/for-me/results/")
    assert re.search(r'<article class="block tool">\s*<p class="kind">A tool to borrow\s*</p>', html(results))
    assert '<h2 id="tool">Tools to borrow</h2>' in html(results)
    assert "Applies to you. You said: a meadow. A tool to borrow A fork with four prongs" in words(client.get("/for-me/guide/soil/"))
    answer(client, {"space": "bed"})
    assert "Tools to borrow" not in html(client.get("/for-me/results/"))


@pytest.fixture
def desk(client: Client, db: None) -> Client:
    """The desk of an editor."""
    editor = User.objects.create_user("erin", is_staff=True)
    editor.groups.add(Group.objects.get(name="Editors"))
    client.force_login(editor)
    return client


def editor_of(desk: Client, path: str) -> str:
    return html(desk.get(f"/admin/documents/{Document.objects.get(path=path).pk}/edit/"))


def test_editors_have_a_button_a_beginning_and_a_line_of_help_for_a_new_kind(desk: Client, tool_texts: dict[str, str]) -> None:
    published(tool_texts)
    page = editor_of(desk, SOIL)
    assert '<button type="button" data-block="tool">Tool</button>' in page
    assert '<option value="tool">Tool</option>' in page
    assert "<dt>Tool</dt><dd>what it is good for, and who lends it</dd>" in page
    begins = re.search(r'<script id="blocks" type="application/json">(.*?)</script>', page)
    assert begins and json.loads(begins[1])["tool"] == "    sources: []\n\n"


def test_each_document_offers_the_kinds_that_it_may_hold_and_every_word_of_theirs(desk: Client, toy_texts: dict[str, str]) -> None:
    published(toy_texts)
    soil, glossary = editor_of(desk, SOIL), editor_of(desk, GLOSSARY)
    assert re.findall(r'data-block="(\w+)">([^<]+)<', soil) == [(kind.name, kind.label) for kind in KINDS.values() if not kind.glossary]
    assert re.findall(r'data-block="(\w+)">([^<]+)<', glossary) == [("term", "Word explained")]
    asked = re.search(r'<select id="builder-kind">(.*?)</select>', soil, re.DOTALL)
    assert asked and re.findall(r'value="(\w+)"', asked[1]) == [kind.name for kind in KINDS.values() if kind.weighed]
    for labels in WORDS.values():
        assert [word for word, label in labels.items() if f'<option value="{word}">{label}</option>' not in soil] == []
    assert 'id="condition"' in soil and 'id="condition"' not in glossary, "a word explained is for everybody"


@pytest.mark.django_db
def test_a_review_calls_a_new_kind_by_its_label(tool_texts: dict[str, str]) -> None:
    published(tool_texts)
    after = tool_texts[SOIL].replace("when: {space: meadow}", "when: {space: [bed, meadow]}")
    review = Review(SOIL, tool_texts[SOIL], after)
    assert [audience.name for audience in review.audiences] == ["Tool “A fork with four prongs”"]
    (effect,) = review.effects
    assert effect.startswith("Tool “A fork with four prongs”: shown in ")


# The table


def test_a_new_block_begins_with_all_that_its_kind_needs_in_the_order_of_the_options() -> None:
    for kind in KINDS.values():
        begins = skeleton(kind, datetime.date(2031, 5, 1))
        written = re.findall(r"^    (\w+): ", begins, re.MULTILINE)
        assert written == [name for name in OPTIONS if name in kind.needs and name != "when"], kind.name
        assert begins.endswith("\n\n") or begins == ("\n" if kind.told else "")
    assert skeleton(KINDS["option"], datetime.date(2031, 5, 1)) == "    role: usual\n    treatments: []\n    sources: []\n\n"
    assert "    weight: avoid\n" in skeleton(KINDS["caution"], datetime.date(2031, 5, 1))
    assert "    since: 2031\n" in skeleton(KINDS["changed"], datetime.date(2031, 5, 1))


def test_every_row_is_whole() -> None:
    assert {name for kind in KINDS.values() for name in (*kind.needs, *kind.may)} | {ID} == set(OPTIONS)
    for name, kind in KINDS.items():
        assert name == kind.name and kind.label and kind.writes
        assert not set(kind.needs) & set(kind.may)
        assert not kind.offers or "treatments" in (*kind.needs, *kind.may), "what offers something names it"
        assert kind.weighed or not (kind.warns or kind.offers or kind.for_all or kind.gathered), "only what is weighed is told of"
        assert kind.heading or "role" in kind.needs or kind.glossary, "readers see what it is"
    assert {kind.name for glossary in (True, False) for kind in new_blocks(glossary=glossary)} == set(KINDS)


def test_the_words_on_how_content_is_written_have_each_kind_with_what_it_needs_and_may_have() -> None:
    head = "| block | for | needs | may have |\n|---|---|---|---|\n"
    table = (ROOT / "content/README.md").read_text().partition(head)[2].partition("\n\n")[0]
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    written = {name.strip("`"): (re.findall(r"`(\w+)`", needs), re.findall(r"`(\w+)`", may)) for name, _, needs, may in rows}
    assert written == {kind.name: ([*kind.needs], [*kind.may]) for kind in KINDS.values()}


def test_every_look_has_a_style_and_a_frame_without_one_is_plain() -> None:
    css = (ROOT / "static/guide.css").read_text()
    for look in {kind.look for kind in KINDS.values()}:
        assert re.search(rf"^(?:[^{{}}\n]*[\s,])?\.{look}\b[^{{\n]*\{{", css, re.MULTILINE), look
    for role in ROLES:
        assert f".option.{role} .kind {{" in css or f".option.{role} .kind, " in css
    for speed in SPEEDS[::2]:
        assert f".callnow.speed-{speed} {{" in css and f".callnow.speed-{speed} .kind {{" in css, "that in the middle looks like the kind"
    assert re.search(r"^\.block \{ border: 1px solid", css, re.MULTILINE)
    assert re.search(r"^\.readers \.block.*border: 1px solid", (ROOT / "static/editing.css").read_text(), re.MULTILINE)


# Nothing else


def together(tree: ast.AST) -> Iterator[tuple[int, set[str]]]:
    """The texts that stand in one list, tuple, set, mapping, call, comparison or type, with their line."""
    for node in ast.walk(tree):
        match node:
            case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Set(elts=parts) | ast.Call(args=parts):
                pass
            case ast.Dict(keys=keys):
                parts = [key for key in keys if key]
            case ast.BoolOp():
                parts = [part for part in ast.walk(node) if isinstance(part, ast.Constant)]
            case ast.MatchOr(patterns=patterns):
                parts = [pattern.value for pattern in patterns if isinstance(pattern, ast.MatchValue)]
            case _:
                continue
        yield getattr(node, "lineno", 0), {part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)}


def test_no_other_module_lists_the_kinds_the_roles_or_the_weights() -> None:
    found = [
        f"{file.relative_to(ROOT)}:{line}: {sorted(listed & names)}"
        for file in sorted((ROOT / "guide").rglob("*.py"))
        if file.name != "blocks.py"
        for line, listed in together(ast.parse(file.read_text()))
        for names in (set(KINDS), *map(set, WORDS.values()))
        if len(listed & names) > 1
    ]
    assert found == []


def shown_files() -> list[Path]:
    """Templates, scripts, and what makes PDFs; not the stylesheets, which have to name each look."""
    files = [file for folder in ("templates", "static", "guide") for file in (ROOT / folder).rglob("*")]
    return [file for file in files if file.suffix in (".html", ".js", ".typ")]


def test_no_template_and_no_script_lists_the_kinds_the_roles_or_the_weights() -> None:
    assert len(shown_files()) > 50
    found = []
    for file in shown_files():
        text = file.read_text()
        for names in (KINDS, *WORDS.values()):
            pattern = rf"""["'](?:{"|".join(names)})["']|^\s*(?:{"|".join(names)}):"""
            named = {name.strip(" \n\"':") for name in re.findall(pattern, text, re.MULTILINE)}
            if len(named) > 1:
                found.append(f"{file.relative_to(ROOT)}: {sorted(named)}")
    assert found == []


def test_what_readers_see_above_a_block_is_written_in_the_table_alone() -> None:
    labels = [
        *(label for labels in WORDS.values() for label in labels.values()),
        *(kind.heading for kind in KINDS.values() if kind.heading),
    ]
    pattern = re.compile(rf"(?<![\w ])(?:{'|'.join(map(re.escape, labels))})(?![\w ])")
    files = [*shown_files(), *(file for file in (ROOT / "guide").rglob("*.py") if file.name != "blocks.py")]
    assert {str(file.relative_to(ROOT)): found for file in files if (found := pattern.findall(file.read_text()))} == {}
