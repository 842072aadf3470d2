"""Plans in the database: sealed, bound to their place, and no acknowledged save lost."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import NoReturn

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, OperationalError, connection
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from guide.editing.models import Edition
from guide.plans import models, sealing
from guide.plans.models import KEPT_FOR, EarlierText, NoSuchPlanError, OpenPlan, Plan
from guide.plans.sharing import ViewCode
from guide.plans.values import Contents
from tests.visits import look, open_plan, save, start_plan


def named(name: str) -> Contents:
    return Contents().with_value("garden", "name", name)


def name_of(code: str) -> object:
    return Plan.objects.open(code).contents.get("garden", "name")


def write(plan: OpenPlan, field: str, text: str) -> None:
    plan.save(lambda contents: contents.with_value("garden", field, text))


def opened_days_ago(plan: OpenPlan, days: int) -> None:
    Plan.objects.filter(pk=plan.row.pk).update(opened=timezone.now().date() - datetime.timedelta(days))


# Sealing


@pytest.mark.django_db
def test_a_plan_is_opened_by_its_code_alone() -> None:
    plan = Plan.objects.start(named("Wild corner"))
    assert name_of(plan.code) == "Wild corner"
    with pytest.raises(NoSuchPlanError):
        Plan.objects.open(sealing.new_code())


@pytest.mark.django_db
def test_a_row_holds_neither_the_code_nor_a_key_nor_a_word() -> None:
    plan = Plan.objects.start(named("Wild corner"))
    row = Plan.objects.get()
    raw = b"".join((row.address.encode(), bytes(row.wrapped_key), bytes(row.sealed)))
    keys = sealing.keys(plan.code)
    for secret in (plan.code.encode(), sealing.spell(plan.code).encode(), plan.data_key, keys.wrapping, b"Wild", b"corner", b"garden"):
        assert secret not in raw
    assert str(row) == "A sealed plan"


@pytest.mark.django_db
def test_every_plan_has_keys_of_its_own() -> None:
    one, two = Plan.objects.start(named("Same")), Plan.objects.start(named("Same"))
    assert one.code != two.code and one.data_key != two.data_key
    assert bytes(one.row.sealed) != bytes(two.row.sealed)


@pytest.mark.django_db
def test_a_stolen_row_that_was_moved_to_another_address_cannot_be_opened() -> None:
    """Whoever can write to the table starts a plan of their own and puts stolen bytes in its place."""
    stolen, own = Plan.objects.start(named("Wild corner")), Plan.objects.start(named("Mine"))
    Plan.objects.filter(pk=own.row.pk).update(sealed=bytes(stolen.row.sealed))
    with pytest.raises(NoSuchPlanError):
        Plan.objects.open(own.code)
    Plan.objects.filter(pk=own.row.pk).update(wrapped_key=bytes(stolen.row.wrapped_key))
    with pytest.raises(NoSuchPlanError):
        Plan.objects.open(own.code)
    # Bound to the address, not only locked with another key.
    Plan.objects.filter(pk=own.row.pk).update(wrapped_key=bytes(own.row.wrapped_key))
    with pytest.raises(sealing.CannotOpenError):
        Plan.objects.get(pk=own.row.pk).unseal(stolen.data_key)


@pytest.mark.django_db
def test_an_older_text_cannot_be_put_back_under_a_newer_version() -> None:
    plan = Plan.objects.start(named("First"))
    old = bytes(plan.row.sealed)
    plan.save(lambda contents: contents.with_value("garden", "name", "Second"))
    Plan.objects.filter(pk=plan.row.pk).update(sealed=old)
    with pytest.raises(NoSuchPlanError):
        Plan.objects.open(plan.code)


@pytest.mark.django_db
def test_a_row_that_cannot_be_opened_is_no_crash_and_is_told_to_those_who_have_a_backup(
    garden: Edition, client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    code = start_plan(client)
    Plan.objects.update(sealed=b"damaged" * 10)
    stranger = Client(raise_request_exception=False)
    assert open_plan(stranger, code).status_code == 422
    stranger.cookies = client.cookies
    assert [stranger.get(path).status_code for path in ("/plan/", "/plan/mine/")] == [200, 302]
    assert f"The sealed plan in row {Plan.objects.get().pk} is damaged" in caplog.text
    assert code not in caplog.text and code.replace("-", "") not in caplog.text


# Time


@pytest.mark.django_db
def test_opening_a_plan_starts_its_two_years_anew() -> None:
    plan = Plan.objects.start(named("Wild corner"))
    opened_days_ago(plan, KEPT_FOR.days)
    assert Plan.objects.open(plan.code).row.pk == plan.row.pk
    assert Plan.objects.get().opened == timezone.now().date()
    assert plan.expires == timezone.now().date() + datetime.timedelta(730)


@pytest.mark.django_db
def test_a_plan_that_has_expired_does_not_open_even_before_it_is_forgotten() -> None:
    plan = Plan.objects.start(named("Wild corner"))
    opened_days_ago(plan, KEPT_FOR.days + 1)
    with pytest.raises(NoSuchPlanError):
        Plan.objects.open(plan.code)


@pytest.mark.django_db
def test_forgetting_old_plans_deletes_these_and_no_others(capsys: pytest.CaptureFixture[str]) -> None:
    old, older, last, new = (Plan.objects.start(named(name)) for name in "abcd")
    for plan, days in ((old, 731), (older, 2000), (last, 730), (new, 0)):
        opened_days_ago(plan, days)
    call_command("forget_old_plans")
    assert capsys.readouterr().out == "2 plans deleted.\n"
    assert set(Plan.objects.values_list("pk", flat=True)) == {last.row.pk, new.row.pk}
    assert Plan.objects.forget_old(timezone.now().date()) == 0


def plans_opened(*days_ago: int) -> None:
    for days in days_ago:
        opened_days_ago(Plan.objects.start(Contents()), days)


@pytest.fixture
def wrong_clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[int], None]:
    """Sets the clock of the machine so many days wrong."""
    right = timezone.now

    def set_wrong(days: int) -> None:
        monkeypatch.setattr(timezone, "now", lambda: right() + datetime.timedelta(days))

    return set_wrong


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("opened", "clock_is", "why"),
    [
        ((0, 1, 2), 731 + 62, "no plan was opened, and no edition published, since"),
        ((-731, 0, 1, 2, 3), 732, "5 of 6 plans"),  # somebody used the site while its clock was ahead
        ((0, 740), -5, "but a plan was opened, or an edition published, on"),
        ((0, 800, 800, 800), 0, "3 of 5 plans"),
    ],
)
def test_nothing_is_forgotten_where_the_clock_or_the_number_looks_wrong(
    wrong_clock: Callable[[int], None], opened: tuple[int, ...], clock_is: int, why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    plans_opened(*opened)
    given = ViewCode.objects.give(Plan.objects.start(Contents()), datetime.timedelta(days=1))
    wrong_clock(clock_is)
    before = Plan.objects.count()
    due = Plan.objects.old(timezone.now().date()).count()
    with pytest.raises(CommandError, match=why) as refused:
        call_command("forget_old_plans")
    assert f"Nothing was deleted. If all is right: manage.py forget_old_plans --yes-delete {due}" in str(refused.value)
    assert Plan.objects.count() == before and ViewCode.objects.filter(pk=given.id).exists()
    with pytest.raises(CommandError):
        call_command("forget_old_plans", "--yes-delete", str(due - 1))
    assert Plan.objects.count() == before
    call_command("forget_old_plans", "--yes-delete", str(due))
    assert capsys.readouterr().out == f"{due} plans deleted.\n" and Plan.objects.count() == before - due


@pytest.mark.django_db
def test_a_few_of_many_are_forgotten_without_asking(capsys: pytest.CaptureFixture[str]) -> None:
    plans_opened(731, 731, 731, *range(27))
    call_command("forget_old_plans")
    assert capsys.readouterr().out == "3 plans deleted.\n"


@pytest.mark.django_db
def test_a_site_that_nobody_uses_and_nothing_is_old_on_is_left_in_peace(capsys: pytest.CaptureFixture[str]) -> None:
    plans_opened(100, 200)
    call_command("forget_old_plans")
    assert capsys.readouterr().out == "0 plans deleted.\n"


@pytest.mark.django_db
def test_a_clock_that_is_behind_never_makes_a_plan_older(garden: Edition, wrong_clock: Callable[[int], None]) -> None:
    today = timezone.now().date()
    plan = Plan.objects.start(Contents())
    wrong_clock(-4000)
    assert Plan.objects.open(plan.code).expires == today + KEPT_FOR
    started = Plan.objects.start(Contents())
    wrong_clock(0)
    assert set(Plan.objects.values_list("opened", flat=True)) == {today}
    assert Plan.objects.open(started.code).row.pk == started.row.pk


@pytest.mark.django_db
def test_a_clock_that_was_behind_in_another_process_does_not_take_the_day_back() -> None:
    plan = Plan.objects.start(Contents())
    today = timezone.now().date()
    opened_days_ago(plan, 10)
    late = Plan.objects.get()
    opened_days_ago(plan, -1)  # somebody opens it between read and write
    Plan.objects._note_day(late)
    assert Plan.objects.get().opened == today + datetime.timedelta(1)


# Where nothing can be written


@pytest.mark.django_db
@pytest.mark.parametrize("error", [OperationalError("disk full"), DatabaseError("read only"), OSError("no space for the lock")])
def test_a_plan_opens_where_its_day_cannot_be_written(
    garden: Edition, client: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, error: Exception
) -> None:
    code = start_plan(client)
    opened_days_ago(Plan.objects.open(sealing.read_code(code)), 3)

    def failing() -> NoReturn:
        raise error

    monkeypatch.setattr(models, "writing", failing)
    assert open_plan(Client(), code).status_code == 302
    assert [client.get(f"/plan/mine/{path}").status_code for path in ("", "print/", "paper.pdf", "plan.txt")] == [200] * 4
    assert Plan.objects.open(sealing.read_code(code)).expires == timezone.now().date() - datetime.timedelta(3) + KEPT_FOR
    assert f"could not be written: {type(error).__name__}." in caplog.text and str(error) not in caplog.text


@pytest.mark.django_db(transaction=True)
def test_a_plan_opens_in_a_database_that_takes_no_writes() -> None:
    plan = Plan.objects.start(named("Wild corner"))
    opened_days_ago(plan, 3)
    on, off = {
        "sqlite": ("PRAGMA query_only=ON", "PRAGMA query_only=OFF"),
        "postgresql": ("SET default_transaction_read_only TO on", "SET default_transaction_read_only TO off"),
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(on)
        try:
            assert name_of(plan.code) == "Wild corner"
            assert name_of(plan.code) == "Wild corner"
        finally:
            cursor.execute(off)
    assert Plan.objects.get().opened < timezone.now().date()
    assert name_of(plan.code) == "Wild corner"
    assert Plan.objects.get().opened == timezone.now().date()


@pytest.mark.django_db
def test_a_plan_says_when_it_was_opened_to_the_day_only() -> None:
    assert type(Plan.objects.start(Contents()).row.opened) is datetime.date


# Saving


@pytest.mark.django_db
def test_saving_goes_to_the_next_version() -> None:
    plan = Plan.objects.start(named("First"))
    plan.save(lambda contents: contents.with_value("garden", "name", "Second"))
    assert name_of(plan.code) == "Second"
    assert Plan.objects.get().version == 2


@pytest.mark.django_db
def test_saving_nothing_new_writes_nothing() -> None:
    plan = Plan.objects.start(named("First"))
    plan.save(lambda contents: replace(contents))
    assert Plan.objects.get().version == 1


@pytest.mark.django_db
def test_a_save_from_an_older_copy_is_applied_to_the_newest_text() -> None:
    plan = Plan.objects.start(Contents())
    copy = Plan.objects.open(plan.code)
    plan.save(lambda contents: contents.with_value("garden", "name", "Wild corner"))
    copy.save(lambda contents: contents.with_value("garden", "beds", "6"))
    assert dict(Plan.objects.open(plan.code).contents.values["garden"]) == {"name": "Wild corner", "beds": "6"}


@pytest.mark.django_db
def test_saving_a_plan_that_was_deleted_meanwhile_is_told() -> None:
    plan = Plan.objects.start(Contents())
    copy = Plan.objects.open(plan.code)
    plan.delete()
    with pytest.raises(NoSuchPlanError):
        copy.save(lambda contents: contents.with_value("garden", "beds", "6"))
    assert not Plan.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_first_write_makes_the_folder_that_it_needs(settings: Settings, tmp_path: Path) -> None:
    """With SECRET_KEY and DATABASE_URL set, nothing else has made `var/`."""
    settings.VAR_DIR = tmp_path / "not" / "there"
    assert name_of(Plan.objects.start(named("Wild corner")).code) == "Wild corner"


@pytest.mark.django_db(transaction=True)
def test_sixteen_windows_that_save_different_fields_of_one_plan_lose_nothing() -> None:
    code = Plan.objects.start(Contents()).code

    def typing(number: int) -> None:
        try:
            for letters in range(1, 5):
                # What was acknowledged is there, whatever the others do.
                write(Plan.objects.open(code), f"field-{number}", "x" * letters)
                assert Plan.objects.open(code).contents.get("garden", f"field-{number}") == "x" * letters
        finally:
            connection.close()

    in_threads(16, typing)
    plan = Plan.objects.open(code)
    assert plan.contents.values["garden"] == {f"field-{number}": "xxxx" for number in range(16)}
    assert plan.row.version == 1 + 16 * 4


@pytest.mark.django_db(transaction=True)
def test_sixteen_people_who_save_their_own_plans_do_not_disturb_each_other() -> None:
    codes = [Plan.objects.start(Contents()).code for _ in range(16)]

    def typing(number: int) -> None:
        try:
            plan = Plan.objects.open(codes[number])
            for times in range(1, 5):
                write(plan, "name", f"{number} and {times}")
        finally:
            connection.close()

    in_threads(16, typing)
    assert [name_of(code) for code in codes] == [f"{number} and 4" for number in range(16)]


def test_windows_on_the_web_that_save_at_once_lose_nothing(busy_garden: Edition, client: Client) -> None:
    code = start_plan(client)
    fields = ["name", "begun", "next_sowing", "liters", "beds"]

    def typing(number: int) -> None:
        try:
            window = Client()
            assert open_plan(window, code).status_code == 302
            for word in ("one", "two"):
                response = save(window, "my-garden", look(window, "my-garden"), **{fields[number]: f"{word} {number}"})
                assert response.status_code == 302
        finally:
            connection.close()

    in_threads(5, typing)
    window = look(client, "my-garden")
    assert [window[name] for name in fields] == [[f"two {number}"] for number in range(5)]


def in_threads(count: int, work: object) -> None:
    """Run `work(number)` in so many threads at once; whatever goes wrong in one is raised."""
    assert callable(work)
    with ThreadPoolExecutor(count) as pool:
        for done in [pool.submit(work, number) for number in range(count)]:
            done.result(timeout=60)


@pytest.mark.django_db
def test_the_tables_of_plans_have_no_other_columns() -> None:
    """A column more would be something that can be read without the code."""
    columns = {model.__name__: [field.column for field in model._meta.fields] for model in (Plan, EarlierText, ViewCode)}
    assert columns == {
        "Plan": ["id", "address", "wrapped_key", "sealed", "version", "opened"],
        "EarlierText": ["id", "plan_id", "version", "sealed"],
        "ViewCode": ["id", "plan_id", "address", "wrapped_key", "sealed", "expires"],
    }


# Earlier texts


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Callable[[float], None]:
    """Move the clock by minutes."""
    now = [timezone.now()]
    monkeypatch.setattr(timezone, "now", lambda: now[0])

    def move(minutes: float) -> None:
        now[0] += datetime.timedelta(minutes=minutes)

    return move


@pytest.mark.django_db
def test_of_many_saves_one_in_ten_minutes_can_be_gone_back_to(clock: Callable[[float], None]) -> None:
    plan = Plan.objects.start(named("0"))
    for minute in range(1, 35):
        clock(1)
        write(plan, "name", str(minute))
    assert [state.contents.get("garden", "name") for _, state in plan.earlier()] == ["29", "19", "9"]
    assert [version for version, _ in Plan.objects.open(plan.code).earlier()] == [30, 20, 10]


@pytest.mark.django_db
def test_the_text_before_a_break_is_kept(clock: Callable[[float], None]) -> None:
    plan = Plan.objects.start(named("Monday"))
    clock(60 * 24)
    write(plan, "name", "Tuesday")
    assert [state.contents.get("garden", "name") for _, state in plan.earlier()] == ["Monday"]
    assert plan.saved
    assert plan.earlier()[0][1].saved == plan.saved - datetime.timedelta(days=1)


@pytest.mark.django_db
def test_an_earlier_text_is_restored_and_the_present_one_kept(clock: Callable[[float], None]) -> None:
    plan = Plan.objects.start(named("Good"))
    clock(11)
    write(plan, "name", "Spoilt")
    plan.restore(1)
    assert name_of(plan.code) == "Good"
    assert [state.contents.get("garden", "name") for _, state in plan.earlier()] == ["Spoilt", "Good"]
    with pytest.raises(NoSuchPlanError):
        plan.restore(99)


@pytest.mark.django_db
def test_the_oldest_of_too_many_earlier_texts_go(clock: Callable[[float], None], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "MOST_EARLIER", 3)
    plan = Plan.objects.start(named("0"))
    for number in range(1, 7):
        clock(11)
        write(plan, "name", str(number))
    assert [state.contents.get("garden", "name") for _, state in plan.earlier()] == ["5", "4", "3"]


@pytest.mark.django_db
def test_plans_that_held_no_times_yet_still_open() -> None:
    plan = Plan.objects.start(Contents())
    clear = json.dumps(named("Old").to_json()).encode()
    Plan.objects.update(sealed=sealing.seal(plan.data_key, clear, f"plan {plan.row.address} version 1"))
    assert name_of(plan.code) == "Old"
    again = Plan.objects.open(plan.code)
    assert again.saved is None
    write(again, "name", "New")
    assert [state.saved for _, state in Plan.objects.open(plan.code).earlier()] == [None]


# A new code


@pytest.mark.django_db
def test_a_changed_code_opens_everything_and_the_old_one_nothing(clock: Callable[[float], None]) -> None:
    plan = Plan.objects.start(named("First"))
    clock(11)
    write(plan, "name", "Second")
    old_code, old_key = plan.code, plan.data_key
    given = ViewCode.objects.give(plan, datetime.timedelta(days=1))
    plan.change_code(sealing.new_code())
    with pytest.raises(NoSuchPlanError):
        Plan.objects.open(old_code)
    with pytest.raises(NoSuchPlanError):
        ViewCode.objects.open(given.code, count=False)
    again = Plan.objects.open(plan.code)
    assert again.contents == named("Second")
    assert [state.contents for _, state in again.earlier()] == [named("First")]
    with pytest.raises(sealing.CannotOpenError):
        Plan.objects.get().unseal(old_key)
    write(again, "name", "Third")
    assert name_of(plan.code) == "Third"


@pytest.mark.django_db
def test_a_window_that_saves_after_the_code_was_changed_is_told() -> None:
    plan = Plan.objects.start(named("First"))
    window = Plan.objects.open(plan.code)
    plan.change_code(sealing.new_code())
    with pytest.raises(NoSuchPlanError):
        write(window, "name", "Second")
    assert name_of(plan.code) == "First"


@pytest.mark.django_db
def test_a_save_that_comes_first_is_not_lost_by_a_changed_code() -> None:
    plan = Plan.objects.start(named("First"))
    window = Plan.objects.open(plan.code)
    write(window, "name", "Second")
    plan.change_code(sealing.new_code())
    assert name_of(plan.code) == "Second"


@pytest.mark.django_db
def test_deleting_leaves_nothing(clock: Callable[[float], None]) -> None:
    plan = Plan.objects.start(named("First"))
    clock(11)
    write(plan, "name", "Second")
    ViewCode.objects.give(plan, datetime.timedelta(days=1))
    plan.delete()
    assert [model.objects.count() for model in (Plan, EarlierText, ViewCode)] == [0, 0, 0]
