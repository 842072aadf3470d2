"""The editor opens at once: what takes long to find out comes after it, and is asked for by a button without JavaScript."""

from __future__ import annotations

import pytest
from django import forms
from django.contrib.auth.models import User
from django.test import Client
from django.test.html import parse_html
from django.urls import reverse

from guide.content import checks
from guide.editing import checking, drafts, workflow
from guide.editing.forms import FieldsForm
from guide.editing.models import Document, Edition
from tests.visits import html

SOIL, WATER, MULCH = "en/pages/10-soil.md", "en/pages/20-water.md", "en/treatments/mulch.md"


@pytest.fixture
def desk(client: Client, erin: User) -> Client:
    client.force_login(erin)
    return client


def editor_of(path: str) -> str:
    return reverse("admin:edit", args=[Document.objects.get(path=path).pk])


def typed(text: str) -> dict[str, str]:
    published = Document.objects.get(path=SOIL).published()
    return {"text": text, "version": "0", "base": str(published.pk if published else 0), "action": "check"}


@pytest.mark.parametrize("path", [SOIL, MULCH, "en/questions/10-space.md", "sources.yaml"])
def test_a_page_that_is_only_opened_does_not_weigh_the_guide(desk: Client, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.get(editor_of(path))
    for module, name in ((drafts, "examine"), (drafts, "read_with"), (checks, "told"), (checking, "grade")):
        monkeypatch.setattr(module, name, None)
    assert desk.get(editor_of(path)).status_code == 200


def test_without_javascript_a_button_checks_what_was_typed(desk: Client, toy_texts: dict[str, str]) -> None:
    assert '<button name="action" value="check"' in html(desk.get(editor_of(SOIL)))
    long = "It is very important that everybody who would like to improve the composition of soil considers its particular characteristics."
    text = f"{toy_texts[SOIL]}\nSee [this](page:moon).\n\n{long}\n"
    page = html(desk.post(editor_of(SOIL), typed(text)))
    assert "moon" in page.partition('id="mistakes"')[2].partition("</div>")[0]
    assert "Reading grade " in page and "Hard or long sentences" in page and "It is very important" in page.partition('id="hard"')[2]
    assert "page:moon" in page and Document.objects.get(path=SOIL).open_text() is None
    page = html(desk.post(editor_of(SOIL), typed(toy_texts[SOIL])))
    assert "No mistake found." in page and "Hard or long sentences" not in page


def test_a_form_that_comes_back_tells_its_mistakes(desk: Client, toy_texts: dict[str, str]) -> None:
    sent = {**typed(f"{toy_texts[SOIL]}\nSee [this](page:moon).\n"), "action": "send", "note": "A link", "for_readers": "A link."}
    response = desk.post(editor_of(SOIL), sent)
    assert response.status_code == 422 and "moon" in html(response).partition('id="mistakes"')[2].partition("</div>")[0]


def test_a_removal_tells_what_it_breaks_and_nothing_of_itself(desk: Client, erin: User) -> None:
    workflow.propose_removal(Document.objects.get(path=WATER), by=erin, note="Not needed")
    told = html(desk.get(editor_of(WATER))).partition("It cannot be removed like this")[2].partition("</div>")[0]
    assert "page" in told and "front matter" not in told
    _, mistakes = drafts.read_with(WATER, None)
    assert told.count("<li>") == len(mistakes) > 0


def test_the_guide_is_read_once_for_each_edition(garden: Edition, toy_texts: dict[str, str], erin: User) -> None:
    before = drafts.current()
    assert drafts.current() is before
    Edition.objects.publish({SOIL: toy_texts[SOIL].replace("title: Good soil", "title: Better soil")}, by=erin, note="n", origin="admin")
    assert drafts.current().page("soil").title == "Better soil" != before.page("soil").title


@pytest.mark.parametrize("value", ["soil", "water", "moon", '"><b>&'])
def test_a_drop_down_says_what_djangos_own_would(garden: Edition, value: str) -> None:
    field = FieldsForm(MULCH, drafts.current(), {"family": value})["family"]
    own = forms.Select(choices=field.field.widget.choices).render(
        "field-family", value, {"id": "id_field-family", **field.build_widget_attrs({})}
    )
    assert parse_html(str(field)) == parse_html(own) and "<b>" not in str(field)
