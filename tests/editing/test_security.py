"""Every page of the desk at once: nothing that people write becomes markup, nothing is kept, no look changes anything, no form comes from elsewhere."""

from __future__ import annotations

import datetime
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import DatabaseError, connection, transaction
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from guide.editing.audit import AuditEntry, record
from guide.editing.conflicts import Conflict
from guide.editing.models import Document, Edition, Revision
from guide.editing.releases import Release
from guide.editing.together import Comment
from tests.django_fixtures import sign_in
from tests.visits import addresses, html

SOIL = "en/pages/10-soil.md"
EVIL = "\"><img src=x onerror=alert(1)>'<script>alert(2)</script>"
_MARKUP = re.compile(r"<img src=x|<script>alert|href=[\"']?\s*javascript:", re.IGNORECASE)


class _Inline(HTMLParser):
    """What a strict policy would block, or what only works where there is none."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        code = tag == "script" and "src" not in given and given.get("type") != "application/json"
        if code or tag == "style" or any(name == "style" or name.startswith("on") for name in given):
            self.found.append(self.get_starttag_text() or tag)


@pytest.fixture
def evil(garden: Edition) -> User:
    """A superuser's desk on which every field that people write in holds markup."""
    boss = User.objects.create_superuser("boss", first_name=EVIL, last_name=EVIL)
    soil, now = Document.objects.get(path=SOIL), timezone.now()
    before = Edition.objects.texts(1)[SOIL]
    text = before.replace("title: Good soil", f"title: 'Good {EVIL.replace(chr(39), '')}'") + f"\n{EVIL} [here](javascript:alert(3))\n"
    common: dict[str, Any] = {"text": text, "author": boss, "note": EVIL, "for_readers": EVIL}
    asked = soil.revisions.create(**common, state=Revision.State.IN_REVIEW, started_from=soil.published())
    for quote in ("", EVIL, "Feed the soil"):
        Comment.objects.create(revision=asked, author=boss, quote=quote, text=EVIL)
    Comment.objects.create(revision=asked, author=boss, text=EVIL, settled=now, settled_by=boss)
    odd = Document.objects.create(path=f"en/pages/{EVIL.replace('/', '')}.md")
    odd.revisions.create(**common, state=Revision.State.DRAFT)
    water = Document.objects.get(path="en/pages/20-water.md")
    good = water.revisions.create(
        **common, state=Revision.State.APPROVED, reviewer=boss, reviewer_role=EVIL, reviewed=now, started_from=water.published()
    )
    edition = Edition.objects.create(number=2, by=boss, note=EVIL, origin=Edition.Origin.ADMIN)
    later = now + datetime.timedelta(days=1)
    Release.objects.create(due=later, by=boss, note=EVIL).texts.set([good])
    Release.objects.create(due=now, by=boss, note=EVIL, problem=EVIL, state=Release.State.FAILED).texts.set([good])
    Release.objects.create(due=now, by=boss, note=EVIL, state=Release.State.PUBLISHED, edition=edition)
    Conflict.objects.create(document=water, base=before, file=text, edit=f"{before}\n{EVIL}\n")
    record(boss, EVIL[:50], EVIL, EVIL)
    return boss


def every_page(client: Client) -> dict[str, HttpResponseBase]:
    """By address: what links lead to from the first page, and every address that there is, with numbers put in."""
    filled = [re.sub(r"<[^>]*>", "1", path) for path in addresses(get_resolver()) if path.startswith("/admin/") and "(?P" not in path]
    waiting = ["/admin/", *filled]
    for name, rows in (("texts/{}/review", Revision), ("documents/{}/edit", Document), ("documents/{}/history", Document)):
        waiting += [f"/admin/{name.format(row.pk)}/" for row in rows._default_manager.all()]
    waiting += [f"/admin/conflicts/{row.pk}/" for row in Conflict.objects.all()]
    seen: dict[str, HttpResponseBase] = {}
    while waiting:
        path = waiting.pop()
        if path in seen or "logout" in path:
            continue
        seen[path] = answer = client.get(path)
        if answer.status_code == 200 and "html" in answer.headers["Content-Type"]:
            found = re.findall(r'href="(/admin/[^"#?]*)', html(answer))
            waiting += [link for link in found if not re.search(r"/\d+/", link)]
    return seen


def test_what_people_write_is_shown_as_words_on_every_page(client: Client, evil: User) -> None:
    sign_in(client, evil)
    shown = 0
    for path, answer in every_page(client).items():
        if "html" in answer.headers.get("Content-Type", ""):
            page = html(answer)
            assert not _MARKUP.search(page), (path, _MARKUP.search(page))
            shown += page.count("alert(1)")
    assert shown > 50


def test_every_answer_is_guarded_and_kept_nowhere(client: Client, evil: User) -> None:
    sign_in(client, evil)
    pages = every_page(client)
    assert len(pages) > 60 and sum(answer.status_code == 200 for answer in pages.values()) > 30
    for path, answer in pages.items():
        assert "no-store" in answer.headers["Cache-Control"], path
        policy = answer.headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy and "unsafe" not in policy and "default-src 'none'" in policy, path
        assert answer.headers["X-Frame-Options"] == "DENY" and answer.headers["X-Content-Type-Options"] == "nosniff", path
        if "html" in answer.headers.get("Content-Type", ""):
            assert _Inline(html(answer)).found == [], path


def everything() -> dict[str, list[dict[str, Any]]]:
    """All that the desk keeps; who has a document open just now is no change of it."""
    models = [model for label in ("guide", "auth") for model in apps.get_app_config(label).get_models(include_auto_created=True)]
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in models if model.__name__ != "Presence"}


def test_looking_changes_nothing(client: Client, evil: User) -> None:
    sign_in(client, evil)
    before = everything()
    every_page(client)
    assert everything() == before


def test_a_form_from_elsewhere_changes_nothing(evil: User) -> None:
    client = Client(enforce_csrf_checks=True)
    sign_in(client, evil)
    before = everything()
    for path in [re.sub(r"<[^>]*>", "1", path) for path in addresses(get_resolver()) if path.startswith("/admin/") and "(?P" not in path]:
        for headers in ({}, {"Origin": "https://evil.example"}, {"Origin": "null", "Sec-Fetch-Site": "cross-site"}):
            assert client.post(path, {"step": "approve"}, headers=headers).status_code == 403, path
    assert everything() == before and client.get("/admin/").status_code == 200


def test_lists_do_not_tell_letter_by_letter_what_they_do_not_show(client: Client, erin: User, paul: User) -> None:
    record(erin, "began a draft", SOIL)
    for user, path in ((erin, "/admin/guide/revision/?author"), (paul, "/admin/guide/auditentry/?by")):
        sign_in(client, user)
        for field in ("password__startswith=a", "email__startswith=a", "totpdevice__key__startswith=a"):
            assert client.get(f"{path}__{field}").status_code == 400, (path, field)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE guide_auditentry SET detail = ''",
        "UPDATE guide_auditentry SET at = at",
        "DELETE FROM guide_auditentry",
        "INSERT INTO guide_auditentry (id, at, name, action, about, detail) SELECT id, at, '', '', '', '' FROM guide_auditentry"
        " WHERE true ON CONFLICT (id) DO UPDATE SET name = ''",
    ],
)
def test_the_database_keeps_the_log_as_it_is(erin: User, statement: str) -> None:
    record(erin, "began a draft", SOIL)
    before = list(AuditEntry.objects.values())
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert list(AuditEntry.objects.values()) == before


def test_the_log_is_not_changed_in_bulk(erin: User) -> None:
    record(erin, "began a draft", SOIL)
    (entry,) = AuditEntry.objects.all()
    entry.name = "nobody"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEntry.objects.bulk_update([entry], ["name"])
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        AuditEntry.objects.bulk_create([entry], update_conflicts=True, unique_fields=["id"], update_fields=["name"])
    assert AuditEntry.objects.get().name == "Erin Green (erin)"
