"""View codes: read only, for a while, withdrawn at once, and their openings told to the owner."""

from __future__ import annotations

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from guide.plans import sealing
from guide.plans.models import KEPT_FOR, NoSuchPlanError, OpenPlan, Plan
from guide.plans.sharing import MOST, TooManyError, ViewCode
from guide.plans.values import Contents

DAY = datetime.timedelta(days=1)


@pytest.fixture
def plan(db: None) -> OpenPlan:
    return Plan.objects.start(Contents().with_value("garden", "name", "Wild corner"))


def test_a_view_code_shows_the_plan_as_it_is_now(plan: OpenPlan) -> None:
    given = ViewCode.objects.give(plan, DAY)
    plan.save(lambda contents: contents.with_value("garden", "beds", "6"))
    shared = ViewCode.objects.open(given.code, count=True)
    assert shared.state.contents == plan.contents
    assert shared.expires == given.expires


def test_a_view_code_does_not_open_the_plan_itself_nor_the_other_way_round(plan: OpenPlan) -> None:
    given = ViewCode.objects.give(plan, DAY)
    with pytest.raises(NoSuchPlanError):
        Plan.objects.open(given.code)
    with pytest.raises(NoSuchPlanError):
        ViewCode.objects.open(plan.code, count=True)


def test_the_owner_sees_the_openings_that_count(plan: OpenPlan) -> None:
    given = ViewCode.objects.give(plan, DAY)
    assert ViewCode.objects.given(plan) == [given]
    ViewCode.objects.open(given.code, count=True)
    ViewCode.objects.open(given.code, count=False)
    (seen,) = ViewCode.objects.given(plan)
    assert len(seen.opened) == 1
    assert timezone.now() - datetime.timedelta(minutes=2) < seen.opened[0] <= timezone.now()


def test_when_its_time_is_over_it_opens_nothing(plan: OpenPlan, monkeypatch: pytest.MonkeyPatch) -> None:
    given = ViewCode.objects.give(plan, DAY)
    later = timezone.now() + DAY
    monkeypatch.setattr(timezone, "now", lambda: later)
    with pytest.raises(NoSuchPlanError):
        ViewCode.objects.open(given.code, count=True)
    (seen,) = ViewCode.objects.given(plan)
    assert seen.expired


def test_withdrawn_it_opens_nothing_at_once(plan: OpenPlan) -> None:
    given, other = ViewCode.objects.give(plan, DAY), ViewCode.objects.give(plan, DAY)
    ViewCode.objects.withdraw(plan, given.id)
    with pytest.raises(NoSuchPlanError):
        ViewCode.objects.open(given.code, count=True)
    assert ViewCode.objects.open(other.code, count=True).code == other.code


def test_nobody_withdraws_the_code_of_another_plan(plan: OpenPlan) -> None:
    given = ViewCode.objects.give(plan, DAY)
    ViewCode.objects.withdraw(Plan.objects.start(Contents()), given.id)
    assert ViewCode.objects.open(given.code, count=False)


def test_a_plan_that_expired_is_shown_to_nobody(plan: OpenPlan) -> None:
    given = ViewCode.objects.give(plan, DAY)
    Plan.objects.update(opened=timezone.now().date() - KEPT_FOR - DAY)
    with pytest.raises(NoSuchPlanError):
        ViewCode.objects.open(given.code, count=True)


def test_reading_does_not_keep_a_plan_alive(plan: OpenPlan) -> None:
    given = ViewCode.objects.give(plan, DAY)
    Plan.objects.update(opened=timezone.now().date() - DAY)
    ViewCode.objects.open(given.code, count=True)
    assert Plan.objects.get().opened == timezone.now().date() - DAY


def test_there_are_not_too_many(plan: OpenPlan) -> None:
    for _ in range(MOST):
        ViewCode.objects.give(plan, DAY)
    with pytest.raises(TooManyError):
        ViewCode.objects.give(plan, DAY)


def test_a_row_tells_nothing(plan: OpenPlan) -> None:
    given = ViewCode.objects.give(plan, DAY)
    ViewCode.objects.open(given.code, count=True)
    row = ViewCode.objects.get()
    raw = b"".join((row.address.encode(), bytes(row.wrapped_key), bytes(row.sealed)))
    for secret in (given.code.encode(), sealing.spell(given.code).encode(), plan.data_key, b"opened", b"2026"):
        assert secret not in raw
    assert str(row) == "A sealed view code"


def test_old_ones_are_forgotten(plan: OpenPlan, capsys: pytest.CaptureFixture[str]) -> None:
    old, expired, good = (ViewCode.objects.give(plan, DAY) for _ in range(3))
    for given, days in ((old, 31), (expired, 29)):
        ViewCode.objects.filter(pk=given.id).update(expires=timezone.now() - days * DAY)
    call_command("forget_old_plans")
    assert capsys.readouterr().out == "0 plans deleted.\n"
    assert {given.id for given in ViewCode.objects.given(plan)} == {expired.id, good.id}


@pytest.mark.django_db(transaction=True)
def test_openings_at_the_same_time_are_all_counted() -> None:
    plan = Plan.objects.start(Contents())
    given = ViewCode.objects.give(plan, DAY)

    def look(_: int) -> None:
        try:
            ViewCode.objects.open(given.code, count=True)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(look, range(16)))
    (seen,) = ViewCode.objects.given(plan)
    assert len(seen.opened) == 16
