"""Dates as people write them. Pure."""

from __future__ import annotations

import datetime
import re
import sys
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from guide.plans.dates import MONTHS, Date, choices, goes_on, read, understood

# What people write: the first and the last day, the words, and what FHIR gets.
UNDERSTOOD = [
    ("2024", "2024-01-01", "2024-12-31", "2024", "2024"),
    ("2024-02", "2024-02-01", "2024-02-29", "February 2024", "2024-02"),
    ("2024-12", "2024-12-01", "2024-12-31", "December 2024", "2024-12"),
    ("2024-2-9", "2024-02-09", "2024-02-09", "February 9, 2024", "2024-02-09"),
    ("2024/03/15", "2024-03-15", "2024-03-15", "March 15, 2024", "2024-03-15"),
    ("2024/3/4", "2024-03-04", "2024-03-04", "March 4, 2024", "2024-03-04"),
    ("2024-03-15T10:30:00Z", "2024-03-15", "2024-03-15", "March 15, 2024", "2024-03-15"),
    ("9999-12", "9999-12-01", "9999-12-31", "December 9999", "9999-12"),
    # A month and a year
    ("March 2024", "2024-03-01", "2024-03-31", "March 2024", "2024-03"),
    ("MARCH 2024", "2024-03-01", "2024-03-31", "March 2024", "2024-03"),
    ("March, 2024", "2024-03-01", "2024-03-31", "March 2024", "2024-03"),
    ("March 2024,", "2024-03-01", "2024-03-31", "March 2024", "2024-03"),
    ("March 2024.", "2024-03-01", "2024-03-31", "March 2024", "2024-03"),
    ("(March 2024)", "2024-03-01", "2024-03-31", "March 2024", "2024-03"),
    ("Sept 2023", "2023-09-01", "2023-09-30", "September 2023", "2023-09"),
    ("sept. 2023", "2023-09-01", "2023-09-30", "September 2023", "2023-09"),
    ("2024 March", "2024-03-01", "2024-03-31", "March 2024", "2024-03"),
    ("03/2024", "2024-03-01", "2024-03-31", "March 2024", "2024-03"),
    ("3-2024", "2024-03-01", "2024-03-31", "March 2024", "2024-03"),
    ("3.2024", "2024-03-01", "2024-03-31", "March 2024", "2024-03"),
    ("3 / 2024", "2024-03-01", "2024-03-31", "March 2024", "2024-03"),
    ("2024/03", "2024-03-01", "2024-03-31", "March 2024", "2024-03"),
    ("2024.03", "2024-03-01", "2024-03-31", "March 2024", "2024-03"),
    # A day
    ("Mar 15, 2024", "2024-03-15", "2024-03-15", "March 15, 2024", "2024-03-15"),
    ("March 15 2024", "2024-03-15", "2024-03-15", "March 15, 2024", "2024-03-15"),
    ("15 March 2024", "2024-03-15", "2024-03-15", "March 15, 2024", "2024-03-15"),
    ("15-Mar-2024", "2024-03-15", "2024-03-15", "March 15, 2024", "2024-03-15"),
    ("15Mar2024", "2024-03-15", "2024-03-15", "March 15, 2024", "2024-03-15"),
    ("2024-Mar-15", "2024-03-15", "2024-03-15", "March 15, 2024", "2024-03-15"),
    ("sep. 3rd 2021", "2021-09-03", "2021-09-03", "September 3, 2021", "2021-09-03"),
    ("the 5th of May, 2021", "2021-05-05", "2021-05-05", "May 5, 2021", "2021-05-05"),
    ("Fri, March 15, 2024", "2024-03-15", "2024-03-15", "March 15, 2024", "2024-03-15"),
    ("Dec 4, 2026 at 10:30 am", "2026-12-04", "2026-12-04", "December 4, 2026", "2026-12-04"),
    ("8/8/2024", "2024-08-08", "2024-08-08", "August 8, 2024", "2024-08-08"),
    # Figures, dashes and spaces of any kind
    ("٢٠٢٤", "2024-01-01", "2024-12-31", "2024", "2024"),
    ("२०२४-०३", "2024-03-01", "2024-03-31", "March 2024", "2024-03"),
    ("２０２４年３月１５日", "2024-03-15", "2024-03-15", "March 15, 2024", "2024-03-15"),
    ("2024年3月", "2024-03-01", "2024-03-31", "March 2024", "2024-03"),
    ("2024년 3월 15일", "2024-03-15", "2024-03-15", "March 15, 2024", "2024-03-15"),
    ("March\u00a02024", "2024-03-01", "2024-03-31", "March 2024", "2024-03"),
    ("\u200f2024\u2011\u200e03", "2024-03-01", "2024-03-31", "March 2024", "2024-03"),
    # Parts of a year
    ("spring 2024", "2024-03-01", "2024-06-30", "spring 2024", "2024"),
    ("Spring of 2024", "2024-03-01", "2024-06-30", "spring 2024", "2024"),
    ("2024 summer", "2024-06-01", "2024-09-30", "summer 2024", "2024"),
    ("fall 2022", "2022-09-01", "2022-12-31", "fall 2022", "2022"),
    ("AUTUMN 2022", "2022-09-01", "2022-12-31", "autumn 2022", "2022"),
    ("early spring 2024", "2024-03-01", "2024-06-30", "early spring 2024", "2024"),
    ("winter 2022", "2022-01-01", "2023-03-31", "winter 2022", ""),
    ("winter 2022-2023", "2022-12-01", "2023-03-31", "winter 2022/23", ""),
    ("early 2020", "2020-01-01", "2020-04-30", "early 2020", "2020"),
    ("beginning of 2020", "2020-01-01", "2020-04-30", "early 2020", "2020"),
    ("mid-2021", "2021-04-01", "2021-09-30", "mid-2021", "2021"),
    ("end of 2021", "2021-09-01", "2021-12-31", "late 2021", "2021"),
    ("late June 2022", "2022-06-20", "2022-06-30", "late June 2022", "2022-06"),
    ("Q3 2021", "2021-07-01", "2021-09-30", "Q3 2021", "2021"),
    ("3rd quarter of 2021", "2021-07-01", "2021-09-30", "Q3 2021", "2021"),
    ("first half of 2021", "2021-01-01", "2021-06-30", "first half of 2021", "2021"),
    ("the 1990s", "1990-01-01", "1999-12-31", "1990s", ""),
    ("late 1990s", "1996-01-01", "1999-12-31", "late 1990s", ""),
    # About, before, after
    ("about 2019", "2019-01-01", "2019-12-31", "about 2019", "2019"),
    ("~2019", "2019-01-01", "2019-12-31", "about 2019", "2019"),
    ("ca. 2018", "2018-01-01", "2018-12-31", "about 2018", "2018"),
    ("2019?", "2019-01-01", "2019-12-31", "about 2019", "2019"),
    ("2019 (?)", "2019-01-01", "2019-12-31", "about 2019", "2019"),
    ("March 2024, maybe", "2024-03-01", "2024-03-31", "about March 2024", "2024"),
    ("around March 15, 2024", "2024-03-15", "2024-03-15", "about March 15, 2024", "2024-03"),
    ("about spring 2024", "2024-03-01", "2024-06-30", "about spring 2024", "2024"),
    ("before 2015", "0001-01-01", "2014-12-31", "before 2015", ""),
    ("by March 2015", "0001-01-01", "2015-03-31", "by March 2015", ""),
    ("after 2015", "2015-01-01", "9999-12-31", "after 2015", ""),
    # What stands beside it
    ("since 2019", "2019-01-01", "2019-12-31", "2019", "2019"),
    ("in March 2024", "2024-03-01", "2024-03-31", "March 2024", "2024-03"),
    ("March 2024 (start)", "2024-03-01", "2024-03-31", "March 2024", "2024-03"),
    ("2019 - present", "2019-01-01", "2019-12-31", "2019", "2019"),
    # From one to another
    ("2024-03–2024-06", "2024-03-01", "2024-06-30", "March 2024 to June 2024", "2024"),
    ("2019 to 2021", "2019-01-01", "2021-12-31", "2019 to 2021", ""),
    ("March–June 2024", "2024-03-01", "2024-06-30", "March 2024 to June 2024", "2024"),
    ("Mar/Apr 2024", "2024-03-01", "2024-04-30", "March 2024 to April 2024", "2024"),
    ("March 15 - March 20, 2024", "2024-03-15", "2024-03-20", "March 15, 2024 to March 20, 2024", "2024-03"),
]

# One of several readings is left, or it was guessed: it is read back.
READ_BACK = [
    ("3/15/2024", "March 15, 2024"),
    ("15.3.2024", "March 15, 2024"),
    ("15/03/2024", "March 15, 2024"),
    ("１５/０３/２０２４", "March 15, 2024"),
    ("١٥/٣/٢٠٢٤", "March 15, 2024"),
    ("3-15-24", "March 15, 2024"),
    ("03-15-24", "March 15, 2024"),
    ("3/15/'24", "March 15, 2024"),
    ("15 Mar 24", "March 15, 2024"),
    ("2024-15-03", "March 15, 2024"),
    ("20240315", "March 15, 2024"),
    ("03152024", "March 15, 2024"),
    ("8/8/58", "August 8, 1958"),
    ("8/8/39", "August 8, 2039"),
    ("8/8/40", "August 8, 1940"),
    ("3/98", "March 1998"),
    ("Mar ’24", "March 2024"),
    ("Mar-24", "March 2024"),
    ("’24", "2024"),
    ("Summer '23", "summer 2023"),
    ("fall '22 - spring '23", "fall 2022 to spring 2023"),
    ("2019-20", "2019 to 2020"),
    ("'98 or '99", "1998 to 1999"),
    ("15 de marzo de 2024", "March 15, 2024"),
    ("15 mars 2024", "March 15, 2024"),
    ("3 ene. 2024", "January 3, 2024"),
    ("мая 2024", "May 2024"),
    ("Febuary 2024", "February 2024"),
    ("Janurary 5, 2021", "January 5, 2021"),
]

ASKED = [
    ("3/4/2024", ("March 4, 2024", "April 3, 2024"), "2024"),
    ("03-04-2024", ("March 4, 2024", "April 3, 2024"), "2024"),
    ("4.3.2024", ("April 3, 2024", "March 4, 2024"), "2024"),
    ("5/2/58", ("May 2, 1958", "February 5, 1958"), "1958"),
    ("about 3/4/2024", ("about March 4, 2024", "about April 3, 2024"), "2024"),
    ("03042024", ("March 4, 2024", "April 3, 2024"), "2024"),
    ("24-03-15", ("March 24, 2015", "March 15, 2024"), None),
]

UNREAD = [
    *("", " ", "?", "-", "/", "about", "before", "since", "March", "24", "10", "0", "12345", "0000", "0000-01", "10000"),
    *("last week", "yesterday", "today", "tomorrow", "5 years ago", "age 52", "Friday", "10:30", "2024 at 10", "sun 2024", "next March"),
    *(
        "March 2024 whatever",
        "Xarch 2024",
        "2024 2025",
        "2024-13",
        "2024-00",
        "out 2024",
        "lip 2024",
        "13.13.2024",
        "13/24",
        "1/2/3",
        "2O24",
        "½/3/2024",
    ),
    *(
        "not sure",
        "n/a",
        "none",
        "ongoing",
        "3/15/2024, 3/16/2024",
        "2024, 2025",
        "June 2024 to March 2024",
        "before about 2015",
        "winter 9999",
    ),
    *("2024-03-15-16", "March 15, 2024 March 16, 2024", "--2024", "x" * 10_000, "since " * 5_000, "1-" * 5_000, "(" * 5_000),
]


@pytest.mark.parametrize(("text", "first", "last", "words", "fhir"), UNDERSTOOD)
def test_what_people_write_is_understood_with_the_precision_that_it_has(text: str, first: str, last: str, words: str, fhir: str) -> None:
    reading = read(text)
    assert reading.sure
    assert [(str(date.first), str(date.last), date.words, date.fhir) for date in reading.dates] == [(first, last, words, fhir)]


@pytest.mark.parametrize(("text", "words"), READ_BACK)
def test_a_reading_that_was_chosen_is_not_sure(text: str, words: str) -> None:
    reading = read(text)
    assert ([date.words for date in reading.dates], reading.sure) == ([words], False)
    assert read(words).dates == reading.dates and read(words).sure


@pytest.mark.parametrize(("text", "words", "shared"), ASKED)
def test_of_several_readings_none_is_chosen_and_only_what_they_share_is_understood(
    text: str, words: tuple[str, ...], shared: str | None
) -> None:
    assert tuple(date.words for date in read(text).dates) == words
    date = understood(text)
    assert (date and (date.words, date.fhir, date.precision)) == (shared and (shared, shared, "year"))


@pytest.mark.parametrize("text", UNREAD)
def test_anything_that_is_not_understood_makes_it_no_date(text: str) -> None:
    assert read(text).dates == () and understood(text) is None


@pytest.mark.parametrize("text", ["2023-02-29", "29 Feb 2023", "2/30/2024", "30.2.2024", "2/30/24", "about June 31, 2024", "2024-04-31"])
def test_a_day_that_no_calendar_has_is_told_apart(text: str) -> None:
    assert (read(text).dates, read(text).problem) == ((), "day")


@pytest.mark.parametrize("text", ["March", "Sept.", "March 15th", "March 15", "15 March", "May 24", "3/4", "15/3"])
def test_a_day_of_no_year_gets_none(text: str) -> None:
    assert (read(text).dates, read(text).problem) == ((), "year")


@pytest.mark.parametrize(
    ("text", "words"),
    [("3/24", "March 2024"), ("12/15", "December 2015"), ("03-24", "March 2024"), ("3/24-5/24", "March 2024 to May 2024")],
)
def test_what_may_be_a_month_or_a_day_of_no_year_is_asked_about(text: str, words: str) -> None:
    """A visit on "12/15" was not in December 2015."""
    assert understood(text) is None and read(text).problem == "year"
    assert choices(text) == ((words, words),) and understood(words) is not None


@pytest.mark.parametrize(
    ("text", "found"),
    [("now", True), ("Ongoing", True), ("to present", True), ("2019 - present", True), ("still taking it", True)]
    + [("", False), ("2024", False), ("nowhere", False), ("stopped", False), ("x" * 10_000, False)],
)
def test_what_goes_on_says_so(text: str, found: bool) -> None:
    assert goes_on(text) is found


def test_a_choice_changes_the_date_and_nothing_beside_it() -> None:
    assert choices("3/4/2024 at 10:30 am") == (
        ("March 4, 2024", "March 4, 2024 at 10:30 am"),
        ("April 3, 2024", "April 3, 2024 at 10:30 am"),
    )
    assert choices("3/15/2024") == choices("March 2024") == choices("who knows") == ()


@pytest.mark.parametrize(
    ("one", "other", "before"),
    [("2023", "2024", True), ("2024", "2024-03", False), ("about 2023", "2024", False), ("about 2022", "2024", True)]
    + [("before 2020", "2019", False), ("before 2019", "2019", True), ("2019", "after 2020", True), ("2030", "before 2015", False)]
    + [("0001", "about 0001", False), ("9999", "about 9999", False)],
)
def test_only_what_cannot_be_is_before_another(one: str, other: str, before: bool) -> None:
    mine, theirs = understood(one), understood(other)
    assert mine and theirs and mine.surely_before(theirs) is before


# Properties


_PRINTED = [
    lambda day: (f"{MONTHS[day.month - 1]} {day.day}, {day.year:04}", day, day),
    lambda day: (f"{day.day} {MONTHS[day.month - 1]} {day.year:04}", day, day),
    lambda day: (f"{MONTHS[day.month - 1][:3]} {day.day}, {day.year:04}", day, day),
    lambda day: (day.isoformat(), day, day),
    lambda day: (day.isoformat()[:7], day.replace(day=1), _last(day)),
    lambda day: (f"{MONTHS[day.month - 1]} {day.year:04}", day.replace(day=1), _last(day)),
    lambda day: (f"{day.month}/{day.year:04}", day.replace(day=1), _last(day)),
    lambda day: (f"{day.year:04}", day.replace(month=1, day=1), day.replace(month=12, day=31)),
    lambda day: (f"about {day.year:04}", day.replace(month=1, day=1), day.replace(month=12, day=31)),
]


def _last(day: datetime.date) -> datetime.date:
    return max(day.replace(day=number) for number in range(28, 32) if number <= _length(day))


def _length(day: datetime.date) -> int:
    leap = day.year % 4 == 0 and (day.year % 100 != 0 or day.year % 400 == 0)
    return {2: 29 if leap else 28, 4: 30, 6: 30, 9: 30, 11: 30}.get(day.month, 31)


@given(st.dates(), st.sampled_from(_PRINTED))
def test_what_we_print_we_read_back(day: datetime.date, printed: object) -> None:
    text, first, last = printed(day)  # type: ignore[operator]
    found = read(text)
    assert found.sure and [(date.first, date.last) for date in found.dates] == [(first, last)]


@given(st.dates())
def test_a_date_in_figures_means_its_day_among_at_most_two(day: datetime.date) -> None:
    for text in (f"{day.month}/{day.day}/{day.year:04}", f"{day.day:02}.{day.month:02}.{day.year:04}"):
        found = read(text).dates
        assert Date(day, day, "day", f"{MONTHS[day.month - 1]} {day.day}, {day.year:04}", day.isoformat()) in found
        assert len(found) == (2 if day.day <= 12 and day.day != day.month else 1)


_ZEROS = [
    chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) == "Nd" and unicodedata.decimal(chr(code)) == 0
]
_DASHES = [chr(code) for code in range(sys.maxunicode + 1) if unicodedata.category(chr(code)) == "Pd"] + ["\u2212"]


@given(st.dates(), st.sampled_from(_ZEROS), st.sampled_from(_DASHES))
def test_figures_of_any_script_and_dashes_of_any_kind_are_read(day: datetime.date, zero: str, dash: str) -> None:
    figures = {ord(str(number)): chr(ord(zero) + number) for number in range(10)}
    text = day.isoformat().translate({**figures, ord("-"): dash})
    assert [(date.first, date.last) for date in read(text).dates] == [(day, day)]


_WORDS = "March mar 3 15 2024 24 '24 30 1990s / - . , ? ( ) ~ to from or about early mid late before after spring winter q3 half of the s at 10:30"
_PIECES = st.sampled_from([*_WORDS.split(" "), " ", " ", " "])
_ANYTHING = st.one_of(st.text(max_size=90), st.lists(_PIECES, max_size=12).map("".join), st.lists(_PIECES, max_size=8).map(" ".join))


@given(_ANYTHING)
@example("3/24")
def test_any_text_is_read_without_failing_and_its_words_are_read_as_the_same(text: str) -> None:
    found = read(text)
    assert len(found.dates) < 4 and not (found.dates and found.problem == "day")
    for date in found.dates:
        assert date.first <= date.middle <= date.last
        assert read(date.words).dates == (date,)
        if date.fhir:
            assert re.fullmatch(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?", date.fhir)
            said = understood(date.fhir)
            assert said and said.first <= date.first and date.last <= said.last, "no more than was said"
    for words, changed in choices(text):
        assert [date.words for date in read(changed).dates] == [words]
    assert goes_on(text) in (True, False)


@given(_ANYTHING, st.sampled_from([" whatever", " Bob", " xyz 7"]))
def test_a_word_that_is_not_known_makes_any_date_none(text: str, more: str) -> None:
    assert not read(f"{text}{more}").dates
