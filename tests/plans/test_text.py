"""Whatever somebody types, in any script: it is saved, shown, printed and taken along as it was typed, and it does nothing."""

from __future__ import annotations

import datetime
import json
import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser
from itertools import cycle
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from guide.content.documents import Guide, PlanField
from guide.content.files import read_files
from guide.plans import models
from guide.plans.values import clean
from tests.django_fixtures import loaded, published
from tests.visits import PLAN_FORM, form, html, look, start_plan

NASTY = (
    "María José Größe ñandú Łódź",
    "Ελληνικά, русский, հայերեն, ქართული",
    "中文，日本語のテキスト、한국어",
    "नमस्ते বাংলা தமிழ் ไทย ខ្មែរ አማርኛ",
    "שלום עולם, (מרפאה) 12.5",
    "مرحبا بالعالم، ١٢٣ (عيادة)",
    "left \u202eright-to-left override\u202c left",
    "👩🏽\u200d⚕️🧕🏿 🇺🇦 ❤️\u200d🔥",
    "e\u0301 and Å and a\u0300\u0301\u0302\u0303\u0304\u0305\u0306 combining",
    "a\x00b\x07c\x1bd\x7fe\x9bf\u2028g\ufeffh",
    "one\r\ntwo\rthree\n\n\nfour\ttab",
    "x" * 10_000,
    "word " * 2_000,
    "<script>alert(1)</script>",
    "\"><img src=x onerror=alert(1)><a href='javascript:alert(1)'>",
    "</textarea></form></select></option><svg onload=alert(1)>",
    "<!-- <style>*{display:none}</style> <base href=//evil.example>",
    "&lt;b&gt; &amp;amp; &#x3c;script&#x3e; &nbsp;",
    "{{ 7|add:7 }} {% csrf_token %} {# #} {% load static %}",
    "# Heading\n- list\n[link](javascript:alert(1)) ![](//evil.example/x.png)\n/// option | x\n///\n*[HER2]: x",
    '#import "/etc/passwd"\n#read("/etc/passwd") $x^2$ @ref <label> *bold* `raw` \\ #panic()',
    "%s %(name)s %d {0} {name} ${x} `id` $(id) ; DROP TABLE guide_plan; --",
    "=HYPERLINK(\"//evil.example\")\t' or '1'='1",
    "None", "null", "0", "-", "[]", "{}", "[object Object]", "\\u0000 \\n \\", "'\"`",
)  # fmt: skip

# Whole letters of any script; a form in UTF-8 can hold no halves of surrogate pairs.
ANY = st.one_of(
    st.sampled_from(NASTY),
    st.text(st.characters(exclude_categories=["Cs"])),
    st.lists(st.sampled_from(NASTY), min_size=2, max_size=3).map("".join),
)
tries = hypothesis_settings(
    max_examples=max(10, hypothesis_settings().max_examples // 3),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)

# Pages that show what was typed, and what of them must stay as it is, whatever was typed.
PAGES = ("group/my-garden/", "group/my-ground/", "group/over-the-fence/", "", "print/", "print/?type=large", "earlier/", "take/", "code/")
ACTIVE = frozenset(
    [
        "a",
        "area",
        "audio",
        "base",
        "button",
        "embed",
        "form",
        "frame",
        "iframe",
        "img",
        "link",
        "math",
        "meta",
        "object",
        "script",
        "style",
        "svg",
        "template",
        "title",
        "video",
    ]
)


class _Elements(HTMLParser):
    """The elements of a page that can do something, every attribute that runs or leads anywhere, and the text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.active: Counter[str] = Counter()
        self.words: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = [name for name, _ in attrs]
        assert not [name for name in names if name.startswith("on") or name == "style"], f"{tag}: {names}"
        leads = [value or "" for name, value in attrs if name in ("href", "src", "action", "formaction", "hx-post", "hx-get")]
        # A picture of the plan's own timeline is data that the page holds; 911 and 988 can be called.
        assert all(place.startswith(("/", "#", "?", "tel:9", "data:image/svg+xml;base64,")) and place[:2] != "//" for place in leads), leads
        if tag in ACTIVE:
            self.active[tag] += 1

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        """What stands there, with spaces as one."""
        return " ".join(" ".join(self.words).split())


def elements(client: Client, path: str) -> _Elements:
    response = client.get(f"/plan/mine/{path}")
    assert response.status_code == 200, path
    return _Elements(html(response))


def typed_into(client: Client, text: str) -> None:
    """Into a line, a number, a date, an area and columns of rows; by the button, and again as the script does."""
    for group, fields in (
        ("my-garden", {"name": text, "begun": text, "liters": text}),
        ("my-ground", {"more": text, "visitors-0-seen": text}),
        ("over-the-fence", {"questions-0-q": text, "questions-0-a": text}),
    ):
        window = {**look(client, group), **{name: [value] for name, value in fields.items()}}
        assert client.post(f"{PLAN_FORM}{group}/", window).status_code == 302
        assert client.post(f"{PLAN_FORM}{group}/", window, headers={"HX-Request": "true"}).status_code == 200


@pytest.mark.usefixtures("garden")
@tries
@given(text=ANY)
def test_any_text_is_saved_shown_printed_and_taken_along_as_it_was_typed_and_does_nothing(client: Client, text: str) -> None:
    if "plan" not in client.cookies:  # one plan for all texts
        start_plan(client)
    typed_into(client, "plain")
    plain = {path: elements(client, path).active for path in PAGES}
    typed_into(client, text)
    kept = clean(text)
    garden, ground, fence = (look(client, group) for group in ("my-garden", "my-ground", "over-the-fence"))
    assert [garden[name] for name in ("name", "begun", "liters")] == [[kept]] * 3
    assert [ground[name] for name in ("more", "visitors-0-seen")] == [[kept]] * 2
    assert [fence[name] for name in ("questions-0-q", "questions-0-a")] == [[kept]] * 2
    if not kept:
        return  # nothing is in the plan, so nothing is on its pages
    found = {path: elements(client, path) for path in PAGES}
    if "Not all of it fits on two sides" in found["print/"].text:
        plain["print/"]["a"] += 2  # the notice leads to two prints that leave nothing out
    assert {path: active_but_advice(one.active) for path, one in found.items()} == {
        path: active_but_advice(active) for path, active in plain.items()
    }
    if len(kept) <= 20:  # longer texts may be cut on paper, and say so
        assert " ".join(kept.split()) in found["print/"].text
    assert " ".join(kept.split()) in " ".join(html(client.get("/plan/mine/plan.txt")).split())
    values = json.loads(html(client.get("/plan/mine/plan.json")))["values"]
    assert values == {
        "garden": {"name": kept, "begun": kept, "liters": kept},
        "ground": {"more": kept, "visitors": [{"seen": kept}]},
        "fence": {"questions": [{"q": kept, "a": kept}]},
    }


def active_but_advice(active: Counter[str]) -> dict[str, int]:
    """Without what advice and the timeline may add: a button for a probable name, a picture."""
    return {tag: count for tag, count in active.items() if tag not in ("button", "img")}


def test_the_elements_that_do_something_are_found() -> None:
    """The test above can fail."""
    assert _Elements("<p>a<script>b</script><svg></svg>").active == {"script": 1, "svg": 1}
    for page in ("<p onclick=x>", "<a href='javascript:x'>", "<img src='//evil.example'>", "<p style='x'>"):
        with pytest.raises(AssertionError):
            _Elements(page)


# The real form


def columns_of(field: PlanField) -> Iterator[tuple[str, PlanField]]:
    """Names of inputs, with the field or column of each; two rows."""
    if field.type != "group":
        yield field.key, field
    for row in range(2 if field.type == "group" else 0):
        for column in field.fields:
            yield f"{field.key}-{row}-{column.key}", column


def test_the_real_form_keeps_any_text_in_each_of_its_fields(client: Client, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "EARLIER_EVERY", datetime.timedelta(0))
    texts = read_files(settings.CONTENT_DIR)
    published(texts)
    guide = loaded(texts)
    start_plan(client)
    nasty, wanted = cycle(text for text in NASTY if len(text) < 1000), dict[str, dict[str, list[str]]]()
    assert len(guide.plan) == 17
    for group in guide.plan:
        typed = {name: next(nasty) for field in group.fields for name, _ in columns_of(field)}
        wanted[group.slug] = {name: [clean(text)] for name, text in typed.items()}
        response = client.post(f"{PLAN_FORM}{group.slug}/", {**look(client, group.slug), **typed})
        assert response.status_code == 302
    for slug, fields in wanted.items():
        page = client.get(f"{PLAN_FORM}{slug}/")
        window = form(page)
        assert {name: window.get(name) for name in fields} == fields, slug
        _Elements(html(page))
    given = values_given(guide, json.loads(html(client.get("/plan/mine/plan.json")))["values"])
    assert given == wanted
    for path in ("", "print/", "print/?type=large&paper=a4", "earlier/"):
        assert elements(client, path).active["script"] <= 3
    assert NASTY[0] in elements(client, "earlier/").text
    client.post("/plan/mine/team/", {"lasts": "day"})
    code = re.search(r'<code id="view-\d+">([0-9A-Z-]+)</code>', html(client.get("/plan/mine/team/")))
    assert code and client.post("/plan/team/open/", {"code": code[1]}).status_code == 302
    assert NASTY[0] in _Elements(html(client.get("/plan/team/plan/"))).text
    for path in ("plan.txt", "fhir.json", "paper.pdf"):
        assert client.get(f"/plan/mine/{path}").status_code == 200, path


def values_given(guide: Guide, values: dict[str, Any]) -> dict[str, dict[str, list[str]]]:
    """The values of a file as the form names them."""
    found: dict[str, dict[str, list[str]]] = {}
    for group in guide.plan:
        fields = found.setdefault(group.slug, {})
        for key, value in values[group.key].items():
            rows = value if value and isinstance(value[0], dict) else None
            pairs = (
                {f"{key}-{number}-{column}": cell for number, row in enumerate(rows) for column, cell in row.items()}
                if rows
                else {key: value}
            )
            fields |= {name: cell if isinstance(cell, list) else [cell] for name, cell in pairs.items()}
    return found
