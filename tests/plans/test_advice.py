"""Advice beside fields: what is odd is told, nothing is refused."""

from __future__ import annotations

import datetime

import pytest

from guide.content.documents import Guide, PlanCheck, PlanField
from guide.plans.advice import advice
from guide.plans.values import Value

TODAY = datetime.date(2026, 3, 15)


def field_of(toy: Guide, name: str) -> PlanField:
    group, key = name.split(".")
    return toy.group({"garden": "my-garden", "ground": "my-ground"}[group]).field(key)


def alone(key: str) -> tuple[str, Value]:
    raise AssertionError(f"nothing stands beside it, but {key} was asked for")


@pytest.mark.parametrize(
    ("field", "text"),
    [
        ("garden.name", ""),
        ("garden.name", "x" * 20),
        ("garden.begun", "2024"),
        ("garden.begun", "2024-02"),
        ("garden.begun", "2024-2-9"),
        ("garden.begun", "2024-02-29"),
        ("garden.begun", "March 2024"),
        ("garden.begun", "Mar 15, 2024"),
        ("garden.begun", "spring 2024"),
        ("garden.begun", "about 2026"),
        ("garden.begun", "about April 2026"),
        ("garden.begun", "before 2015"),
        ("garden.begun", "٢٠٢٤"),
        ("garden.begun", "3/4/2024"),  # asked, not advised
        ("garden.begun", "2026-03-15"),
        ("garden.begun", "2026"),
        ("garden.next_sowing", "2031-04"),
        ("garden.beds", "6"),
        ("garden.liters", "30"),
        ("garden.liters", "1.8"),
        ("garden.liters", "1,8"),
        ("ground.soil", "anything at all"),
        ("ground.more", "x" * 300),
    ],
)
def test_what_looks_right_gets_no_advice(toy: Guide, field: str, text: str) -> None:
    assert advice(field_of(toy, field), text, TODAY, alone) == ""


@pytest.mark.parametrize(
    ("field", "text", "start"),
    [
        ("garden.name", "x" * 21, "This is longer than the paper has room for (21 letters, 20 fit)."),
        ("ground.more", "x" * 301, "This is longer than the paper has room for (301 letters, 300 fit)."),
        ("garden.begun", "spring", "We can’t read this as a date. You can write March 2024, 3/15/2024 or just 2024."),
        ("garden.begun", "last spring", "We can’t read this as a date."),
        ("garden.begun", "2024-13", "We can’t read this as a date."),
        ("garden.begun", "2024-00", "We can’t read this as a date."),
        ("garden.begun", "0000", "We can’t read this as a date."),
        ("garden.begun", "ongoing", "We can’t read this as a date."),
        ("garden.begun", "2023-02-29", "This day isn’t in the calendar."),
        ("garden.begun", "2/30/2024", "This day isn’t in the calendar."),
        ("garden.begun", "29 Feb 2023", "This day isn’t in the calendar."),
        ("garden.begun", "March 15th", "Which year is this?"),
        ("garden.begun", "3/4", "Which year is this?"),
        ("garden.begun", "15.3.2024", "March 15, 2024?"),
        ("garden.begun", "3/15/2024", "March 15, 2024?"),
        ("garden.begun", "3/98", "March 1998?"),
        ("garden.begun", "3/24", "Which year is this?"),
        ("garden.begun", "Summer ’23", "Summer 2023?"),
        ("garden.begun", "marzo 2024", "March 2024?"),
        ("garden.begun", "3/16/2026", "This day is still to come."),
        ("garden.begun", "1024", "Is the year right?"),
        ("garden.begun", "2026-03-16", "This day is still to come."),
        ("garden.begun", "2027", "This day is still to come."),
        ("garden.next_sowing", "1831-04", "Is the year right?"),
        ("garden.beds", "a few", "This is usually a whole number"),
        ("garden.beds", "-1", "This is usually a whole number"),
        ("garden.beds", "1.5", "This is usually a whole number"),
        ("garden.beds", "²", "This is usually a whole number"),
        ("garden.liters", "about 30", "This is usually a number"),
        ("garden.liters", "1.", "This is usually a number"),
    ],
)
def test_what_looks_odd_gets_advice_and_is_saved_all_the_same(toy: Guide, field: str, text: str, start: str) -> None:
    found = advice(field_of(toy, field), text, TODAY, alone)
    assert found.startswith(start)
    assert "saved" in found


def checked(check: PlanCheck, text: str, type: str = "text", **beside: str) -> str:
    field = PlanField("one", "One", type, checks=(check,))  # type: ignore[arg-type]
    return advice(field, text, TODAY, lambda key: (key.capitalize(), beside.get(key, "")))


@pytest.mark.parametrize(
    ("begun", "ended", "odd"),
    [
        ("2024-05", "2024-04", True),
        ("2024", "2023-12-31", True),
        ("2024-05-02", "2024-05-01", True),
        ("2024-05", "2024", False),
        ("2024-05-31", "2024-05", False),
        ("2024", "2024-01-01", False),
        ("2024", "2025", False),
        ("spring", "2020", False),
        ("March 2024", "Feb 2024", True),
        ("spring 2024", "2/14/2024", True),
        ("spring 2024", "March 2024", False),
        ("about 2024", "2023", False),
        ("about 2024", "2022", True),
        ("4/3/2024", "2023", True),
        ("4/3/2024", "March 2024", False),
        ("before 2015", "2010", False),
        ("after 2015", "2010", True),
        ("2024", "before 2023", True),
        ("2024", "12/15/2023", True),
        ("", "2020", False),
    ],
)
def test_an_end_before_its_start_is_told_only_where_it_cannot_be_right(begun: str, ended: str, odd: bool) -> None:
    found = checked(PlanCheck(not_before="begun"), ended, "date_partial", begun=begun)
    assert (f"This is before “Begun” ({begun})." in found) is odd
    assert bool(found) is odd


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("0", "This is usually 1 or more."),
        ("1", ""),
        ("60", ""),
        ("61", "This is usually 60 or less."),
        ("60,5", "This is usually 60 or less."),
        ("many", ""),
    ],
)
def test_a_number_out_of_its_usual_range_is_told(text: str, start: str) -> None:
    found = checked(PlanCheck(least=1, most=60), text)
    assert found.startswith(start) and bool(found) is bool(start)


def test_a_check_may_depend_on_a_field_beside_it() -> None:
    check = PlanCheck(most=100, when=("unit", "buckets"))
    assert checked(check, "500", unit="buckets")
    assert not checked(check, "500", unit="drops")
    assert not checked(check, "500")


def test_a_pattern_has_words_of_its_own() -> None:
    check = PlanCheck(pattern=r"(?i)(?!BED).*|BED\d", says="Beds have one figure.")
    assert checked(check, "bed12") == "Beds have one figure. It is saved as you typed it."
    assert checked(check, "Bed7") == checked(check, "anything") == ""


@pytest.mark.parametrize(("text", "told"), [("ongoing", False), ("to present", False), ("2021 - now", False), ("some day", True)])
def test_an_end_may_say_that_there_is_none_yet(text: str, told: bool) -> None:
    assert bool(advice(PlanField("to", "To", "date_partial", period="end"), text, TODAY, alone)) is told
