"""The desk lets no harm through: safety rules and treatments that were taken back, at each step on the way to readers."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command
from django.http.response import HttpResponseBase
from django.test import Client
from django.utils import timezone

from guide import library
from guide.content.documents import CODES
from guide.content.files import read_files, write_files
from guide.content.mistakes import ContentError
from guide.content.whole import assembled
from guide.editing import drafts, models, workflow
from guide.editing.models import Document, Edition, Revision
from guide.editing.releases import Release, publish_due
from tests.content.test_codes import GOOD
from tests.django_fixtures import published
from tests.editing.conftest import staff
from tests.visits import html

SOIL, MULCH, SAFETY = "en/pages/10-soil.md", "en/treatments/mulch.md", "safety.yaml"
State = Revision.State


@dataclass(frozen=True)
class Rule:
    """A rule about mulch that the toy guide keeps, and a change to the condition of its one option that breaks it."""

    text: str
    change: str
    example: str


KEPT = 'when: {soil: sand, rain: "no"}'
RULES = {
    "never": Rule("when: {soil: clay}\n  must: never", 'when: {soil: [sand, clay], rain: "no"}', "a garden bed; clay soil"),
    "with": Rule(
        "when: {visitors: slugs, soil: clay}\n  must: with\n  partners: [netting]",
        'when: {soil: [sand, clay], rain: "no"}',
        "a garden bed; clay soil; slugs",
    ),
    "shown": Rule(
        'when: {soil: sand, rain: "no"}\n  must: shown', 'when: {soil: sand, rain: "no", visitors: mice}', "a garden bed; sandy soil"
    ),
}


@pytest.fixture(params=RULES)
def rule(request: pytest.FixtureRequest) -> Rule:
    """One of each kind."""
    return RULES[request.param]


def rules(rule: Rule) -> str:
    return f"guard:\n  says: Slugs love mulch.\n  treatments: [mulch]\n  sources: [slug-diary]\n  {rule.text}\n"


def now(path: str = SOIL) -> str:
    return Edition.objects.texts(Edition.objects.newest())[path]


def broken(rule: Rule) -> str:
    assert now().count(KEPT) == 1
    return now().replace(KEPT, rule.change)


def guard(rule: Rule) -> Edition:
    """The guide changes underneath: from now on it has the rule."""
    return Edition.objects.publish({SAFETY: rules(rule)}, by=None, note="A rule", origin="files")


def draft(path: str, text: str, by: User) -> Revision:
    document = Document.objects.get(path=path)
    return workflow.save_draft(document, text, by=by, version=0, note="Wider", for_readers="It is for more gardens.")


def in_review(text: str, erin: User, path: str = SOIL) -> Revision:
    made = draft(path, text, erin)
    workflow.send_to_review(made, by=erin)
    return made


def approved(text: str, erin: User, rosa: User, path: str = SOIL) -> Revision:
    made = in_review(text, erin, path)
    workflow.approve(made, by=rosa, role="Head gardener")
    return made


def words(response: HttpResponseBase) -> str:
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", html(response))).split())


def refused(told: str, rule: Rule) -> None:
    """With the rule, what it says, its source, and somebody whom it concerns."""
    assert "the safety rule “guard” is broken: Slugs love mulch." in told
    assert f"people who say, for example: {rule.example}" in told and "Source: A diary of slugs." in told


# Each step


def test_the_check_tells_of_a_broken_rule_while_somebody_types(client: Client, erin: User, rule: Rule) -> None:
    guard(rule)
    client.force_login(erin)
    document = Document.objects.get(path=SOIL)
    answer = client.post(f"/admin/documents/{document.pk}/check/", {"path": SOIL, "text": broken(rule)}).json()
    (told,) = answer["mistakes"]
    refused(told["says"], rule)
    if told["here"]:
        assert broken(rule).split("\n")[told["line"] - 1].strip().startswith(("when:", "treatments:"))
    else:
        assert told["path"] == SAFETY and told["url"] == f"/admin/documents/{Document.objects.get(path=SAFETY).pk}/edit/"


def test_a_broken_rule_is_not_sent_and_the_draft_stays(client: Client, erin: User, rule: Rule) -> None:
    guard(rule)
    text = broken(rule)
    client.force_login(erin)
    document = Document.objects.get(path=SOIL)
    base = document.published()
    form = {"text": text, "version": 0, "base": base.pk if base else 0, "note": "Wider", "for_readers": "More.", "action": "send"}
    response = client.post(f"/admin/documents/{document.pk}/edit/", form)
    assert response.status_code == 422
    refused(words(response), rule)
    kept = document.open_text()
    assert kept and (kept.state, kept.text) == (State.DRAFT, text)


def test_a_broken_rule_is_not_approved_where_the_guide_changed_underneath(client: Client, erin: User, rosa: User, rule: Rule) -> None:
    text = in_review(broken(rule), erin)
    guard(rule)
    client.force_login(rosa)
    typed = {"step": "approve", "version": text.version, "role": "Gardener", "read": "yes"}
    response = client.post(f"/admin/texts/{text.pk}/review/", typed)
    assert response.status_code == 422
    refused(words(response), rule)
    text.refresh_from_db()
    assert text.state == State.IN_REVIEW


@pytest.mark.parametrize("when", ["now", "later"])
def test_a_broken_rule_is_neither_published_nor_planned(client: Client, erin: User, rosa: User, paul: User, rule: Rule, when: str) -> None:
    text = approved(broken(rule), erin, rosa)
    guard(rule)
    client.force_login(paul)
    form = {"texts": [text.pk], "note": "Wider", "when": when, "due": f"{timezone.now() + datetime.timedelta(hours=1):%Y-%m-%dT%H:%M}"}
    response = client.post("/admin/editions/", form)
    assert response.status_code == 422
    refused(words(response), rule)
    assert Edition.objects.newest() == 2 and not Release.objects.exists()


def test_what_was_planned_before_the_rule_does_not_go_out_and_readers_keep_their_guide(
    client: Client, erin: User, rosa: User, paul: User, rule: Rule, monkeypatch: pytest.MonkeyPatch
) -> None:
    due = timezone.now() + datetime.timedelta(hours=1)
    release = workflow.plan([approved(broken(rule), erin, rosa)], by=paul, note="Wider", due=due)
    guard(rule)
    monkeypatch.setattr(timezone, "now", lambda: due)
    monkeypatch.setattr(library, "_looked", -1.0)
    assert client.get("/guide/soil/").status_code == 200
    release.refresh_from_db()
    assert release.state == Release.State.FAILED and Edition.objects.newest() == 2
    refused(release.problem, rule)
    client.force_login(paul)
    refused(words(client.get("/admin/editions/")), rule)
    assert publish_due() == []


def test_an_edition_is_not_rolled_back_to_one_that_breaks_a_rule(client: Client, paul: User, rule: Rule) -> None:
    good = now()
    for text in (broken(rule), good):
        Edition.objects.publish({SOIL: text}, by=None, note="n", origin="admin")
    guard(rule)
    client.force_login(paul)
    response = client.post("/admin/editions/3/roll-back/", {"note": "Back"})
    assert response.status_code == 422
    refused(words(response), rule)
    assert Edition.objects.newest() == 4


def test_files_that_break_a_rule_are_not_imported(garden: Edition, tmp_path: Path, toy_texts: dict[str, str], rule: Rule) -> None:
    write_files(tmp_path / "content", {**toy_texts, SOIL: broken(rule), SAFETY: rules(rule)})
    with pytest.raises(CommandError, match="1 mistakes; nothing was imported") as error:
        call_command("import_content", tmp_path / "content")
    assert error.value.returncode == 1
    refused(str(error.value), rule)
    assert Edition.objects.newest() == 1


def test_a_rule_that_the_guide_breaks_does_not_come_in_either(erin: User, rule: Rule) -> None:
    Edition.objects.publish({SOIL: broken(rule)}, by=None, note="n", origin="admin")
    text = workflow.begin(SAFETY, rules(rule), by=erin, note="A rule").open_text()
    assert text
    Revision.objects.filter(pk=text.pk).update(for_readers="A rule.")
    with pytest.raises(ContentError) as error:
        workflow.send_to_review(Revision.objects.get(pk=text.pk), by=erin)
    refused(str(error.value), rule)


# What is on its way, and what is out already


def test_a_text_that_needs_another_is_sent_with_it_and_published_with_it(erin: User, rosa: User, paul: User) -> None:
    rule = RULES["never"]
    guard(rule)
    wider = draft(SOIL, broken(rule), erin)
    with pytest.raises(ContentError, match="is broken"):
        workflow.send_to_review(wider, by=erin)
    narrower = in_review(rules(rule).replace("soil: clay", "soil: loam"), erin, SAFETY)
    workflow.send_to_review(wider, by=erin)
    for text in (wider, narrower):
        workflow.approve(text, by=rosa, role="Head gardener")
    with pytest.raises(ContentError, match="is broken"):
        workflow.publish([wider], by=paul, note="Wider")
    assert workflow.publish([wider, narrower], by=paul, note="Wider").number == 3


def test_codes_on_their_way_go_with_the_plan_that_needs_them(erin: User) -> None:
    """Also where they name a value (&) and use it again (*)."""
    plan = "en/plan/10-my-garden.md"
    Edition.objects.publish({CODES: GOOD}, by=None, note="Codes", origin="files")
    field = "  - {key: compass, label: Where the sun stands, type: text, print: front}\n---\n"
    text = draft(plan, now(plan).replace("\n---\n", f"\n{field}", 1), erin)
    with pytest.raises(ContentError, match="no template uses garden.compass"):
        workflow.send_to_review(text, by=erin)
    draft(CODES, GOOD.replace("answers_only: [", "answers_only: &all [garden.compass, "), erin)
    workflow.send_to_review(text, by=erin)


@pytest.mark.parametrize(
    "half",
    [
        pytest.param(lambda text: text.replace("must: never", "must never"), id="not YAML"),
        pytest.param(lambda text: text.replace("Slugs love mulch.", "Slugs love mulch, and so do snails."), id="other words"),
        pytest.param(lambda text: text.replace("soil: clay", "soil: clay, rain: 'no'"), id="another example"),
    ],
)
def test_a_draft_of_the_rules_that_mends_nothing_hides_nothing(erin: User, half: Any) -> None:
    rule = RULES["never"]
    guard(rule)
    other = staff("eve", "Editors")
    assert half(rules(rule)) != rules(rule)
    draft(SAFETY, half(rules(rule)), other)
    with pytest.raises(ContentError, match="is broken"):
        workflow.send_to_review(draft(SOIL, broken(rule), erin), by=erin)


def test_an_edition_from_before_the_rules_were_checked_is_read_edited_and_mended(
    client: Client, erin: User, rosa: User, paul: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = RULES["never"]
    with monkeypatch.context() as before:
        before.setattr(models, "load", assembled)  # not by the checks: what the tests share is checked by them
        Edition.objects.publish({SOIL: broken(rule), SAFETY: rules(rule)}, by=None, note="n", origin="admin")
    for page in ("/guide/soil/", "/for-me/", "/healthz"):
        assert client.get(page).status_code == 200
    client.force_login(erin)
    assert client.get(f"/admin/documents/{Document.objects.get(path=SOIL).pk}/edit/").status_code == 200
    mended = approved(now().replace(rule.change, KEPT), erin, rosa)
    assert workflow.publish([mended], by=paul, note="Mended").number == 3


# A treatment that is taken back


def taken_back() -> str:
    return now(MULCH).replace("status: older", "status: withdrawn")


def test_who_takes_a_treatment_back_sees_beside_its_status_where_it_is_still_offered(client: Client, erin: User) -> None:
    client.force_login(erin)
    document = Document.objects.get(path=MULCH)
    answer = client.post(f"/admin/documents/{document.pk}/check/", {"path": MULCH, "text": taken_back()}).json()
    (told,) = answer["mistakes"]
    assert (told["says"], told["field"], told["here"]) == ("status: no longer approved, but these still name it:", "status", True)
    assert taken_back().split("\n")[told["line"] - 1] == "status: withdrawn"
    assert [(other["title"], other["says"]) for other in told["others"]] == [
        ("Good soil", "option | Mulch for sandy beds"),
        ("Water", "support | A cover on the ground"),
    ]
    assert told["others"][0]["url"] == f"/admin/documents/{Document.objects.get(path=SOIL).pk}/edit/"


def test_a_reviewer_sees_them_too_and_without_javascript_the_editor_does(client: Client, erin: User, rosa: User) -> None:
    text = draft(MULCH, taken_back(), erin)
    client.force_login(rosa)
    history = f"/admin/documents/{Document.objects.get(path=SOIL).pk}/history/"
    page = html(client.get(f"/admin/texts/{text.pk}/review/"))
    assert f'<a href="{history}">Good soil:</a> option | Mulch for sandy beds' in page
    client.force_login(erin)
    form = {"text": taken_back(), "version": text.version, "base": text.started_from_id, "action": "check"}
    page = html(client.post(f"/admin/documents/{text.document_id}/edit/", form))
    assert f'<a href="{history.replace("history", "edit")}">Good soil:</a> option | Mulch for sandy beds' in page


def test_a_treatment_is_taken_back_together_with_what_offers_it(erin: User, rosa: User, paul: User) -> None:
    back = draft(MULCH, taken_back(), erin)
    with pytest.raises(ContentError, match=r"option \| Mulch for sandy beds: treatments: Mulch is no longer approved"):
        workflow.send_to_review(back, by=erin)
    water = "en/pages/20-water.md"
    pages = [in_review(now().replace("treatments: [mulch]", "treatments: [compost]"), erin)]
    start, rest = now(water).split("/// support | A cover on the ground")
    pages.append(in_review(start + "Cover it.\n" + rest.partition("///\n")[2], erin, water))
    workflow.send_to_review(back, by=erin)
    texts = [*pages, back]
    for text in texts:
        workflow.approve(text, by=rosa, role="Head gardener")
    with pytest.raises(ContentError, match="no longer approved"):
        workflow.publish([back], by=paul, note="Taken back")
    assert workflow.publish(texts, by=paul, note="Taken back").number == 2


def test_an_option_for_what_was_taken_back_is_told_at_its_line(client: Client, erin: User) -> None:
    client.force_login(erin)
    fence = now("en/treatments/netting.md").replace("title: Netting", "title: Fence").replace("status: current", "status: not-approved")
    Edition.objects.publish({"en/treatments/fence.md": fence}, by=None, note="n", origin="admin")
    text = now().replace("role: trial\n    treatments: [compost]", "role: trial\n    treatments: [compost, fence]")
    answer = client.post(f"/admin/documents/{Document.objects.get(path=SOIL).pk}/check/", {"path": SOIL, "text": text}).json()
    (told,) = answer["mistakes"]
    assert told["says"] == "option | Compost in the pot: treatments: Fence is not approved (status: not-approved): do not name it here"
    assert text.split("\n")[told["line"] - 1] == "    treatments: [compost, fence]" and told["others"] == []


# The real guide


@pytest.fixture
def real(db: None) -> Edition:
    """The real guide, published."""
    return published(read_files(settings.CONTENT_DIR))


def test_no_treatment_of_the_real_guide_is_opened_to_people_for_whom_it_must_not_be(real: Edition, client: Client) -> None:
    """A medicine for HER2-low and HER2-ultralow cancer is written for HER2-zero cancer too; another is taken back."""
    erin = staff("erin", "Editors")
    client.force_login(erin)
    path, rule = "en/pages/41-hr-positive-later.md", "t-dxd-never-her2-zero"
    text = re.sub(r"her2: \[?(?:low|ultralow)[^\n\]]*\]?", "her2: [low, ultralow, zero]", now(path))
    assert text != now(path)
    told = client.post(f"/admin/documents/{Document.objects.get(path=path).pk}/check/", {"path": path, "text": text}).json()["mistakes"]
    assert any(one["here"] and one["line"] and f"“{rule}” is broken" in one["says"] for one in told)
    with pytest.raises(ContentError, match=rule):
        workflow.send_to_review(draft(path, text, erin), by=erin)
    with pytest.raises(ContentError, match=rule):
        Edition.objects.publish({path: text}, by=None, note="n", origin="files")
    path = "en/treatments/elacestrant.md"
    text = (
        now(path).replace("checked:", "status: withdrawn\nchecked:", 1)
        if "\nstatus:" not in now(path)
        else re.sub(r"\nstatus: .*", "\nstatus: withdrawn", now(path))
    )
    told = client.post(f"/admin/documents/{Document.objects.get(path=path).pk}/check/", {"path": path, "text": text}).json()["mistakes"]
    (status,) = [one for one in told if one["field"] == "status"]
    guide = drafts.current()
    offered = [(document.title, block.title) for document, block in guide.blocks("option") if "elacestrant" in block.treatments]
    assert [(other["title"], other["says"].removeprefix("option | ")) for other in status["others"]] == offered != []
    with pytest.raises(ContentError, match="is no longer approved"):
        Edition.objects.publish({path: text}, by=None, note="n", origin="admin")
