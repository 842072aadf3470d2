"""Nobody sees more than their work needs, and of plans nobody sees anything but how many there are."""

from __future__ import annotations

import datetime
import re

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission, User
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from guide.editing.models import Edition
from guide.plans.admin import plans_by_month, view_codes_by_month
from guide.plans.models import KEPT_FOR, EarlierText, Plan
from guide.plans.sharing import ViewCode
from guide.plans.values import Contents
from tests.django_fixtures import sign_in
from tests.editing.conftest import staff
from tests.visits import html

COUNTS = "/admin/guide/plan/"
GROUPS = ("Editors", "Clinical reviewers", "Publishers")
ACCOUNTS = ("/admin/auth/user/", "/admin/auth/user/add/", "/admin/auth/group/", "/admin/auth/group/add/")


@pytest.fixture
def office(garden: Edition) -> Client:
    """A superuser's browser."""
    client = Client()
    sign_in(client, User.objects.create_superuser("boss"))
    return client


@pytest.mark.parametrize("group", GROUPS)
def test_editors_reviewers_and_publishers_see_no_plans_and_no_accounts(client: Client, garden: Edition, group: str) -> None:
    user = staff("ivy", group)
    # Not even where somebody gave them every right there is.
    for rights in (Permission.objects.none(), Permission.objects.all()):
        user.user_permissions.set(rights)
        sign_in(client, user)
        for path in (COUNTS, *ACCOUNTS, f"/admin/auth/user/{user.pk}/change/", f"/admin/auth/user/{user.pk}/password/"):
            assert client.get(path).status_code == 403, path
        assert client.post(f"/admin/auth/user/{user.pk}/change/", {"username": "ivy", "is_superuser": "on"}).status_code == 403
        page = html(client.get("/admin/"))
        assert "/admin/guide/plan/" not in page and "/admin/auth/" not in page
    assert not User.objects.get(pk=user.pk).is_superuser


@pytest.mark.django_db
def test_the_groups_have_what_their_work_needs_and_no_more() -> None:
    given = {
        group.name: {f"{right.content_type.app_label}.{right.codename}" for right in group.permissions.select_related("content_type")}
        for group in Group.objects.all()
    }
    reading = {"guide.view_document", "guide.view_revision", "guide.view_edition"}
    assert given["Editors"] == reading | {"guide.change_document", "guide.add_document"}
    assert given["Clinical reviewers"] == reading | {"guide.review_document"}
    assert given["Publishers"] == reading | {"guide.publish_document", "guide.view_release", "guide.view_auditentry"}


def test_no_page_of_the_desk_is_about_secrets_or_about_one_plan(office: Client) -> None:
    shown = {model.__name__ for model in admin.site._registry}
    assert not shown & {"TOTPDevice", "StaticDevice", "StaticToken", "AccessAttempt", "AccessLog", "ViewCode", "EarlierText", "Session"}
    plan = Plan.objects.start(Contents())
    for path in (f"{COUNTS}{plan.row.pk}/", f"{COUNTS}{plan.row.pk}/change/", f"{COUNTS}{plan.row.pk}/history/", f"{COUNTS}add/"):
        assert office.get(path).status_code == 404, path


def test_superusers_see_how_many_plans_there_are_and_when_they_end(office: Client) -> None:
    assert html(office.get(COUNTS)).count("None.") == 2
    opened = [datetime.date(2026, 1, 31), datetime.date(2026, 1, 30), datetime.date(2026, 5, 2)]
    plans = [Plan.objects.start(Contents()) for _ in opened]
    for plan, day in zip(plans, opened, strict=True):
        Plan.objects.filter(pk=plan.row.pk).update(opened=day)
    given = ViewCode.objects.give(plans[0], datetime.timedelta(days=3))
    months = sorted({(day + KEPT_FOR).replace(day=1) for day in opened})
    assert plans_by_month() == [(months[0], 2), (months[1], 1)]
    assert view_codes_by_month() == [(given.expires.date().replace(day=1), 1)]
    page = html(office.get(COUNTS))
    assert "Plans: 3" in page and "View codes for care teams: 1" in page
    assert re.search(rf"<td>{months[0]:%B %Y}</td><td>2</td>", page)
    for plan in plans:
        assert plan.row.address not in page and plan.code not in page
    assert given.code not in page


def test_counting_reads_no_sealed_bytes(office: Client) -> None:
    plan = Plan.objects.start(Contents())
    EarlierText.objects.create(plan=plan.row, version=1, sealed=plan.row.sealed)
    with CaptureQueriesContext(connection) as caught:
        office.get(COUNTS)
    about_plans = [query["sql"] for query in caught.captured_queries if "guide_plan" in query["sql"] or "viewcode" in query["sql"]]
    assert len(about_plans) == 2
    assert not any(column in query for query in about_plans for column in ("sealed", "address", "wrapped_key"))


def test_an_account_is_switched_off_and_never_deleted(office: Client, erin: User) -> None:
    assert office.get(f"/admin/auth/user/{erin.pk}/delete/").status_code == 403
    office.post("/admin/auth/user/", {"action": "delete_selected", "_selected_action": [erin.pk], "post": "yes"})
    assert User.objects.filter(pk=erin.pk).exists()


def test_the_list_of_accounts_tells_who_has_a_second_factor(office: Client, erin: User, rosa: User) -> None:
    sign_in(Client(), rosa)
    page = html(office.get("/admin/auth/user/"))
    row = {name: page.split(f">{name}</a>")[1].split("</tr>")[0] for name in ("erin", "rosa")}
    assert 'class="field-has_code"><img src="/static/admin/img/icon-no.svg"' in row["erin"]
    assert 'class="field-has_code"><img src="/static/admin/img/icon-yes.svg"' in row["rosa"]
    assert "Clinical reviewers" in row["rosa"]


def test_plans_end_two_years_after_they_were_opened(office: Client) -> None:
    Plan.objects.start(Contents())
    assert plans_by_month() == [((timezone.now().date() + KEPT_FOR).replace(day=1), 1)]
