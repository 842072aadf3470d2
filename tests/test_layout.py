"""House rules that no single feature can keep by itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.urls import get_resolver

from guide.content.files import read_files
from guide.content.parse import slug_of
from guide.content.text import read
from guide.editing.models import Edition
from guide.reading.memory import _PUBLIC
from tests.visits import addresses, html, start_plan

ROOT = Path(settings.BASE_DIR)

# Words of everyday English, of forms and of Python that our code needs, and that the content happens
# to use as names too. No name of a medicine, a marker or an illness stands here.
PLAIN_WORDS = (
    "a after aim ask before body both conditions current date detail done effect effects end family first found grade had how kind "
    "language left limit line more name needs new next no none not_sure notes now number one other phone place q questions role roles "
    "sample second "
    "side since site start state support team tests what when where who why yes yesno"
)


def words_of_the_content() -> set[str]:
    """Ids of questions, answers and treatments, keys of plan fields, and every name of a treatment."""
    words: set[str] = set()
    for path, text in read_files(settings.CONTENT_DIR).items():
        if not path.endswith(".md"):
            continue
        data = read(path, text).mapping
        if "/questions/" in path:
            words |= {slug_of(path), *map(str, data["values"]), *map(str, data.get("answers") or ())}
        elif "/treatments/" in path:
            names = (data["title"], *(data.get("brands") or ()), *(data.get("old_brands") or ()), *(data.get("also") or ()))
            words |= {slug_of(path), *(str(name).lower() for name in names)}
        elif "/plan/" in path:
            words |= {data["key"], *keys_of(data["fields"])}
    return words


def keys_of(fields: list[dict[str, Any]]) -> Iterator[str]:
    for field in fields:
        yield field["key"]
        yield from keys_of(field.get("fields") or [])


def words_of_the_code(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Every name and every text in a module, with its line."""
    for node in ast.walk(tree):
        line = getattr(node, "lineno", 0)
        match node:
            case ast.Constant(value=str(text)):
                yield line, text
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name) | ast.keyword(arg=str(name)):
                yield line, name
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name) | ast.alias(name=name):
                yield line, name


def test_python_knows_no_medicine() -> None:
    """No question, answer, treatment, brand or field of the plan is named by the code: content alone says what there is."""
    known = words_of_the_content() - set(PLAIN_WORDS.split())
    assert len(known) > 300
    found = []
    for file in sorted((ROOT / "guide").rglob("*.py")):
        for line, word in words_of_the_code(ast.parse(file.read_text())):
            if {word, word.lower(), word.lower().replace("_", "-")} & known:
                found.append(f"{file.relative_to(ROOT)}:{line}: {word}")
    assert found == []


def test_templates_scripts_and_styles_know_no_medicine() -> None:
    names: set[str] = set()
    for path, text in read_files(settings.CONTENT_DIR).items():
        if "/treatments/" in path:
            data = read(path, text).mapping
            names |= {str(name).lower() for name in (data["title"], *(data.get("brands") or ()))}
    pattern = re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(names)))})(?![\w-])", re.IGNORECASE)
    assert len(names) > 50
    assert {str(file.relative_to(ROOT)): found for file in our_files() if (found := pattern.findall(file.read_text()))} == {}


def imported_by(tree: ast.AST) -> set[str]:
    """The packages that a module imports."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_one_module_knows_the_yaml_library_and_one_the_markdown_library() -> None:
    """A text is read in one way, whoever asks; ruamel and pymdownx, which read it in other ways, are used by none."""
    users: dict[str, list[str]] = {}
    for file in sorted([*(ROOT / "guide").rglob("*.py"), *(ROOT / "mbc_site").rglob("*.py")]):
        for package in imported_by(ast.parse(file.read_text())):
            users.setdefault(package, []).append(str(file.relative_to(ROOT)))
    assert users["yaml"] == ["guide/content/yamltext.py"]
    assert users["markdown"] == ["guide/content/markdown.py"]
    assert {"ruamel", "pymdownx"} & set(users) == set()


def our_files() -> list[Path]:
    """Templates, scripts, styles and pictures."""
    files = [file for folder in ("templates", "static") for file in (ROOT / folder).rglob("*") if file.is_file()]
    assert len(files) > 20
    return files


def test_no_template_script_or_style_names_another_host() -> None:
    """No request leaves the site. The one name allowed is that of the SVG language, which is never asked for."""
    pattern = re.compile(r"""(?:https?:|wss?:)//[^\s"')]+|(?<=["'(=])//[\w.-]+\.\w+""")
    found = {
        str(file.relative_to(ROOT)): hosts
        for file in our_files()
        if (hosts := [host for host in pattern.findall(file.read_text()) if host != "http://www.w3.org/2000/svg"])
    }
    assert found == {}


def test_no_template_has_a_script_or_style_of_its_own() -> None:
    """The content security policy would not run it."""
    pattern = re.compile(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=", re.IGNORECASE)
    assert [str(file.relative_to(ROOT)) for file in our_files() if file.suffix == ".html" and pattern.search(file.read_text())] == []


def test_templates_mark_nothing_as_safe_but_what_our_renderer_made() -> None:
    pattern = re.compile(r"\|\s*safe\b|autoescape off")
    assert [str(file.relative_to(ROOT)) for file in our_files() if pattern.search(file.read_text())] == []


@pytest.mark.django_db
def test_migrations_are_complete() -> None:
    call_command("makemigrations", "--check", "--dry-run", verbosity=0)


# Every address


# What to put where an address has a part that varies; a new kind of part has to be entered here.
PARTS = {
    "/for-me/<int:number>/": "/for-me/1/",
    "/for-me/guide/treatments/<slug:slug>/": "/for-me/guide/treatments/compost/",
    "/for-me/guide/<slug:slug>/": "/for-me/guide/soil/",
    "/plan/mine/group/<slug:slug>/": "/plan/mine/group/my-garden/",
    "/plan/mine/earlier/<int:version>/": "/plan/mine/earlier/1/",
    "/plan/mine/team/<int:id>/withdraw/": "/plan/mine/team/1/withdraw/",
    "/plan/<path:typed>": "/plan/mine/somewhere",
    "/guide/<slug:slug>/": "/guide/soil/",
    "/guide/treatments/<slug:slug>/": "/guide/treatments/compost/",
}


def under(*starts: str) -> list[str]:
    return [PARTS.get(path, path) for path in addresses(get_resolver()) if path.startswith(starts)]


PERSONAL = under("/for-me/", "/plan/")
PUBLIC = [path for path in under("/guide/", "/") if path == "/" or path.startswith(_PUBLIC)]


def test_the_walk_finds_every_address() -> None:
    assert (len(PERSONAL), len(set(PUBLIC))) == (37, 8)
    assert not [path for path in [*PERSONAL, *PUBLIC] if "<" in path]


@pytest.mark.usefixtures("garden")
@pytest.mark.parametrize("path", PERSONAL)
@pytest.mark.parametrize("with_plan", [True, False])
def test_personal_pages_are_kept_nowhere_and_tell_no_other_site(client: Client, path: str, with_plan: bool) -> None:
    for method in ("get", "head", "post"):
        if with_plan:
            start_plan(client)
        response = getattr(client, method)(path)
        assert response.status_code in (200, 302, 405, 422), method
        assert response.headers["Cache-Control"] == "no-store, private", method
        assert response.headers["Referrer-Policy"] == "no-referrer", method


@pytest.mark.usefixtures("garden")
@pytest.mark.parametrize("path", sorted(set(PUBLIC)))
def test_public_pages_are_the_same_bytes_for_everyone(path: str) -> None:
    one, two = Client(), Client()
    one.cookies.load({"answers": "x", "plan": "y", "csrftoken": "a" * 32, "sessionid": "z" * 32, "messages": "m"})
    start_plan(one)
    one.post("/for-me/1/", {"question": "space", "answer-space": "bed"})
    mine, theirs = one.get(path, headers={"Accept-Language": "de", "HX-Request": "true"}), two.get(path)
    assert mine.status_code == theirs.status_code == 200
    assert html(mine) == html(theirs)
    assert dict(mine.headers) == dict(theirs.headers)
    assert not mine.cookies and not theirs.cookies
    assert "csrf" not in html(mine)
    assert mine.headers["Cache-Control"].startswith("public, ")
    assert "Cookie" not in mine.headers.get("Vary", "")


@pytest.mark.usefixtures("garden")
@pytest.mark.parametrize("path", ["/", "/for-me/1/", "/plan/", "/admin/login/", "/guide/moon/", "/healthz"])
def test_every_answer_is_guarded(client: Client, path: str) -> None:
    headers = client.get(path).headers
    policy = dict(part.strip().split(" ", 1) for part in headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == "'none'" and policy["frame-ancestors"] == "'none'" and policy["base-uri"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["form-action"] == policy["connect-src"] == "'self'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"


def test_a_page_not_found_sets_no_cookie(garden: Edition, client: Client) -> None:
    assert not client.get("/guide/moon/").cookies


def test_every_list_of_choices_in_the_content_is_used() -> None:
    texts = read_files(settings.CONTENT_DIR)
    lists = yaml.safe_load(texts["en/plan/choices.yaml"])
    fields = "\n".join(text for path, text in texts.items() if path.startswith("en/plan/") and path.endswith(".md"))
    assert [name for name in lists if name != "yesno" and not re.search(rf"\b{name}\b", fields)] == []
