"""Dates as people write them: what a text says, and no more than it says. Pure; the only reader of dates of a plan.

A text with anything in it that is not understood is no date; no part that is missing is filled in, from today or
from anything else. What was typed is never changed and never remembered: nothing here is cached but names of months.
"""

from __future__ import annotations

import datetime
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from babel.dates import get_month_names
from rapidfuzz.distance import OSA

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
# Of two languages that call different months by one name, neither is here.
_LANGUAGES = ("es", "fr", "pt", "de", "it", "nl", "pl", "ru", "uk", "ar", "fa", "tr", "fil", "so", "sw")
_LONGEST = 80  # letters; more are a story, not a date
_LAST_OF_2000 = 39  # "39" is 2039, "40" is 1940
_PLAIN_YEARS = range(1900, 2100)  # of eight figures in a row
_LOOSE = datetime.timedelta(days=31)  # what "about" may be away from a day or a month; from a year, a year


@dataclass(frozen=True)
class Date:
    """What was understood: some day from `first` to `last` (both counted; about then where it says so).

    `precision`: "part" is a part of a year, or from one date to another; "open" is before or after a date, and its first
    or last day is then the first or last that there is. `words`: in English, and read as the same date. `fhir`: as FHIR
    and ISO 8601 write it, to the day, the month or the year; empty where that would say more than was said.
    """

    first: datetime.date
    last: datetime.date
    precision: Literal["day", "month", "part", "year", "about", "open"]
    words: str
    fhir: str = ""

    @property
    def middle(self) -> datetime.date:
        """The one day to sort by: in the middle, or where it is open, the end that is known."""
        if self.precision == "open":
            return self.last if self.first == datetime.date.min else self.first
        return self.first + (self.last - self.first) / 2

    def surely_before(self, other: Date) -> bool:
        """Whether it cannot be the same day as another date, or a later one."""
        return _moved(self.last, self._loose) < _moved(other.first, -other._loose)

    def surely_after(self, day: datetime.date) -> bool:
        """Whether it cannot be a day, or one before."""
        return _moved(self.first, -self._loose) > day

    @property
    def _loose(self) -> datetime.timedelta:
        return max(_LOOSE, self.last - self.first) if self.precision == "about" else datetime.timedelta()


@dataclass(frozen=True)
class Reading:
    """All that a text may mean: no date, one, or several, of which the first is what people in the US mean.

    `sure`: nobody would read it in another way, so nothing has to be said. `problem`: it says a day that no calendar has,
    or a day of no year; where dates are there too, it may as well say one of those, and only the reader can tell.
    """

    dates: tuple[Date, ...] = ()
    sure: bool = True
    problem: Literal["", "day", "year"] = ""

    @property
    def understood(self) -> Date | None:
        """The date, or the year that all of several are in; none where there is none."""
        if self.problem:
            return None
        years = {day.year for date in self.dates for day in (date.first, date.last)}
        if len(self.dates) < 2 or len(years) != 1:
            return self.dates[0] if len(self.dates) == 1 else None
        return _year(years.pop())


def read(text: str) -> Reading:
    """What a text says. Never fails."""
    if len(text) > _LONGEST:
        return Reading()
    plain = _plain(text)
    found = _one(plain)
    return found if found.dates or found.problem else _from_to(plain) or found


def understood(text: str) -> Date | None:
    """The date that a text says, with the precision that is certain; none where it is not read as a date."""
    return read(text).understood


def goes_on(text: str) -> bool:
    """Whether something in the place of an end says that there is none yet: "now", "ongoing"."""
    return len(text) <= _LONGEST and bool(_GOES_ON.fullmatch(_plain(text)))


def choices(text: str) -> tuple[tuple[str, str], ...]:
    """Where a text has several readings, or one that is a month or a day of no year: each in words, and the text with it in the place of what has several."""
    reading = read(text)
    dates = reading.dates
    figures = _FIGURES.findall(text)
    found = []
    for number, date in enumerate(dates if len(dates) > 1 or reading.problem else ()):
        inner = read(figures[0]).dates if len(figures) == 1 else ()
        changed = text.replace(figures[0], inner[number].words) if len(inner) == len(dates) else ""
        found.append((date.words, changed if read(changed).dates == (date,) else date.words))
    return tuple(found)


# Letters and figures


_SIGNS = {
    **dict.fromkeys("‘’ʼ′`´", "'"),
    **dict.fromkeys("⁄∕⧸؍", "/"),
    **dict.fromkeys("−⁃˗ー\u00ad", "-"),
    **dict.fromkeys("،、", ","),
    **dict.fromkeys("·٫。۔", "."),
    **dict.fromkeys("≈∼", "~"),
}
_EAST_ASIAN = re.compile(r"(?<=\d) ?[年년] ?(?:(\d{1,2}) ?[月월] ?(?:(\d{1,2}) ?[日号일])?)?")
_FIGURES = re.compile(r"\d{1,4}\s*[^\w\s'’]\s*\d{1,2}\s*[^\w\s'’]\s*['’]?\d{1,4}")


def _plain(text: str) -> str:
    """In small letters, figures of any script as 0-9, dashes of any kind as -, one space where there are some."""
    signs = unicodedata.normalize("NFKC", "".join(_SIGNS.get(letter, letter) for letter in text))
    letters = "".join(map(_plain_letter, signs)).casefold()
    return " ".join(_EAST_ASIAN.sub(lambda match: "".join(f"-{part}" for part in match.groups() if part), letters).split())


def _plain_letter(letter: str) -> str:
    if letter.isdecimal():
        return str(unicodedata.decimal(letter))
    kind = unicodedata.category(letter)
    if kind == "Pd":
        return "-"
    return "" if kind == "Cf" else _SIGNS.get(letter, letter)


# One date


_GOES_ON = re.compile(
    r"(?:[\w ./,']*(?:-| to| until| till?) ?)?\(?(?:(?:to|until|till?) )?(?:(?:the )?present|now|date|ongoing|on-?going|current(?:ly)?|continu(?:ing|es|ed)|"
    r"still(?: (?:going|taking|on)(?: (?:it|this))?)?|goes on|going on|not (?:ended|stopped|finished)(?: yet)?)\)?[.!]?"
)
# What changes nothing in the date that it stands beside.
_WEEKDAY = re.compile(r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\b[., ]+")
_BESIDE = re.compile(
    r"(?:since|from|in|on|during|as of|until|till?|up to|through|thru|to|some ?time in|month of|year(?: of)?"
    r"|start(?:ed|ing)?|beg[au]n|ended|ending|stopped|finished|done|the)\b:? *(?=[\w'(])(?!of )"
)
_AFTER = re.compile(
    r"[ ,]*\(?\b(?:start(?:ed)?|beg[au]n|beginning|end(?:ed)?|stop(?:ped)?|finished|done|onwards?|(?:to|until|till?) (?:now|date|(?:the )?present))\b\)?"
    r"| ?- ?(?:(?:the )?present|now|ongoing|current)?"
    r"|(?:[ ,]*(?:\bat\b|@)? ?|t)\d{1,2}(?:(?::\d\d){1,2}(?:\.\d+)?(?: ?[ap]\.?m\b)?| ?[ap]\.?m\b)\.?(?: ?(?:z|utc|[ecmp][sd]?t))?"
    r"|[ ,;:.!]+"
)
_ABOUT_BEFORE = re.compile(
    r"(?:about|around|abt\.?|approx(?:imately|\.)?|appr\.|roughly|circa|ca?\.|ca|probably|maybe|perhaps|possibly|likely|i think|est(?:\.|imated)|~) ?"
)
_ABOUT_AFTER = re.compile(
    r" ?\?+| ?\(\?+\)| or so| ?-?ish|,? \(?(?:about|around|approx(?:imately|\.)?|roughly|circa|ca?\.|probably|maybe|perhaps|possibly|i think|"
    r"(?:i'?m )?not sure|unsure|estimated?|est\.|give or take|more or less)\)?"
)
_WITHIN = re.compile(r"""[(\["“”„«'](.+)[)\]"“”»']""")
_OPEN = re.compile(r"(before|prior to|earlier than|after|later than|by|no later than|<|>) ?(?=.)")
_PART = re.compile(r"(?:the )?(early|beginning|start|mid|middle|late|end)(?: of(?: the)? | in | |-)(?=.)")
_PARTS: Mapping[str, Literal["early", "mid", "late"]] = {
    "early": "early",
    "beginning": "early",
    "start": "early",
    "mid": "mid",
    "middle": "mid",
    "late": "late",
    "end": "late",
}


def _one(text: str) -> Reading:
    """A date, with whatever hedges it; not one from a date to another."""
    for shape in _SHAPES:
        found = shape(text)
        if found is not None:
            return found
    return _without_what_is_beside(text)


def _without_what_is_beside(text: str) -> Reading:
    if match := _WITHIN.fullmatch(text):
        return _one(match[1])
    if match := _WEEKDAY.match(text):
        found = _one(text[match.end() :])
        return found if all(date.precision == "day" for date in found.dates) else Reading()
    if (match := _BESIDE.match(text)) and match.end() < len(text):
        return _one(text[match.end() :])
    end = next((match for match in _AFTER.finditer(text) if match.end() == len(text) and 0 < match.start() < match.end()), None)
    return _one(text[: end.start()]) if end else Reading()


def _about(text: str) -> Reading | None:
    if match := _ABOUT_BEFORE.match(text):
        return _each(_one(text[match.end() :]), _loosely)
    end = next((match for match in _ABOUT_AFTER.finditer(text) if match.end() == len(text) and match.start()), None)
    return _each(_one(text[: end.start()]), _loosely) if end else None


def _loosely(date: Date) -> Date | None:
    if date.precision in ("about", "open"):
        return date
    shorter = date.fhir if date.precision == "part" else date.fhir[:7] if date.precision == "day" else date.fhir[:4]
    return replace(date, precision="about", words=f"about {date.words}", fhir=shorter)


def _before_or_after(text: str) -> Reading | None:
    match = _OPEN.match(text)
    if not match:
        return None

    def opened(date: Date) -> Date | None:
        if date.precision in ("about", "open"):
            return None
        if match[1] in ("after", "later than", ">"):
            return Date(date.first, datetime.date.max, "open", f"after {date.words}")
        if match[1] in ("by", "no later than"):
            return Date(datetime.date.min, date.last, "open", f"by {date.words}")
        if date.first == datetime.date.min:
            return None
        return Date(datetime.date.min, date.first - datetime.timedelta(days=1), "open", f"before {date.words}")

    return _each(_one(text[match.end() :]), opened)


def _part_of(text: str) -> Reading | None:
    match = _PART.match(text)
    if not match:
        return None
    part = _PARTS[match[1]]

    def inside(date: Date) -> Date | None:
        first, last = _inside(part, date)
        return Date(first, last, "part", f"{part}{'-' if part == 'mid' else ' '}{date.words}", date.fhir) if first < last else None

    return _each(_one(text[match.end() :]), inside)


def _inside(part: Literal["early", "mid", "late"], date: Date) -> tuple[datetime.date, datetime.date]:
    """The days that may be meant, generously. Of a day or of what is vague already there is no part."""
    year, month = date.first.year, date.first.month
    if date.precision == "year":
        months = {"early": (1, 4), "mid": (4, 9), "late": (9, 12)}[part]
        return datetime.date(year, months[0], 1), _end_of_month(year, months[1])
    if date.precision == "month":
        days = {"early": (1, 10), "mid": (10, 20), "late": (20, date.last.day)}[part]
        return datetime.date(year, month, days[0]), datetime.date(year, month, days[1])
    if date.words.endswith("0s"):
        years = {"early": (0, 3), "mid": (3, 7), "late": (6, 9)}[part]
        return datetime.date(year + years[0], 1, 1), datetime.date(year + years[1], 12, 31)
    return date.first, date.first


def _each(reading: Reading, change: Callable[[Date], Date | None]) -> Reading:
    changed = tuple(date for old in reading.dates if (date := change(old)))
    return replace(reading, dates=changed) if len(changed) == len(reading.dates) else Reading()


# Figures


_FIGURE = r"('?\d{1,4})"
_NUMBERS = re.compile(rf"{_FIGURE}(?: ?([/.,-]) ?| ){_FIGURE}(?:(?: ?\2 ?| ){_FIGURE})?")
_ROW = re.compile(r"\d{8}")


def _numbers(text: str) -> Reading | None:
    if re.fullmatch(r"\d{4}", text):
        return _sure(_year(int(text)))
    if re.fullmatch(r"'\d\d", text):
        return _guess(_year(_whole_year(text)))
    if _ROW.fullmatch(text):
        return _in_a_row(text)
    match = _NUMBERS.fullmatch(text)
    if not match:
        return None
    one, sign, two, three = match[1], match[2] or " ", match[3], match[4]
    return _two(one, two, sign) if three is None else _three(one, two, three, sign)


def _two(one: str, two: str, sign: str) -> Reading:
    """A year and a month, or a month and a year. A month and a day are of no year."""
    if len(one) == 4 and "'" not in one and _short(two):
        # "2019-20" is no month, but a year and the next.
        return _sure(_month(int(one), int(two))) if int(two) <= 12 else _guess(_next_years(int(one), two))
    if not _short(one):
        return Reading()
    if len(two) == 4 and "'" not in two:
        return _sure(_month(int(two), int(one)))
    if len(two) == 3 and "'" in two:
        return _guess(_month(_whole_year(two), int(one)))
    if not _short(two):
        return Reading()
    if sign != " " and int(one) <= 12 < int(two):
        # "3/24" may be March 2024, or March 24 of no year.
        return replace(_guess(_month(_whole_year(two), int(one))), problem="year" if int(two) <= 31 else "")
    return Reading(problem="year") if min(int(one), int(two)) <= 12 and 1 <= max(int(one), int(two)) <= 31 else Reading()


def _next_years(year: int, figures: str) -> Date | None:
    left, right = _year(year), _year(year + 1)
    return _joined(left, right) if left and right and f"{(year + 1) % 100:02}" == figures else None


def _three(one: str, two: str, three: str, sign: str) -> Reading:
    """A day. Figures of a year that stand first are followed by the month, as ISO 8601 has it."""
    if len(one) == 4 and "'" not in one and _short(two) and _short(three):
        found = _days([(int(one), int(two), int(three))])
        return found if found.dates or found.problem else replace(_days([(int(one), int(three), int(two))]), sure=False)
    if not (_short(one) and _short(two)) or len(three) == 1 or len(three.removeprefix("'")) == 3:
        return Reading()
    year, short = _whole_year(three), len(three) != 4 or "'" in three
    orders = [(year, int(one), int(two)), (year, int(two), int(one))]
    if sign == "-" and short and len(one) == len(two) == len(three) == 2 and int(one) > 12:
        orders.append((_whole_year(one), int(two), int(three)))
    found = _days(orders)
    return replace(found, sure=not short and one.lstrip("0") == two.lstrip("0"))


def _in_a_row(text: str) -> Reading:
    orders = [(text[:4], text[4:6], text[6:]), (text[4:], text[:2], text[2:4]), (text[4:], text[2:4], text[:2])]
    return replace(_days([(int(y), int(m), int(d)) for y, m, d in orders if int(y) in _PLAIN_YEARS]), sure=False)


def _days(orders: list[tuple[int, int, int]]) -> Reading:
    """The days that orders of year, month and day may mean, each once."""
    found = tuple(dict.fromkeys(day for order in orders if (day := _day(*order))))
    missing = any(1 <= month <= 12 and 1 <= day <= 31 for _, month, day in orders)
    return Reading(found, problem="day" if missing and not found else "")


def _short(figures: str) -> bool:
    return len(figures) <= 2 and "'" not in figures


def _whole_year(figures: str) -> int:
    """A year, of which the century may be missing."""
    plain = figures.removeprefix("'")
    if len(plain) > 2:
        return int(plain)
    return int(plain) + (2000 if int(plain) <= _LAST_OF_2000 else 1900)


# Names


_YEAR = r"(?P<year>\d{4}|'?\d\d)"
_BETWEEN = r"[ ,./-]*(?:\b(?:of|de|del|the|in)\b ?)*"
_NAME = r"(?P<month>[^\W\d_]{3,})"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|o|\.)?"
_NAMED = [
    re.compile(pattern)
    for pattern in (
        rf"{_NAME}{_BETWEEN}{_YEAR}",
        rf"{_NAME}{_BETWEEN}{_DAY}(?:[ ,./-]+|(?='))(?:of )?{_YEAR}",
        rf"{_DAY}{_BETWEEN}{_NAME}{_BETWEEN}{_YEAR}",
        rf"(?P<year>\d{{4}}){_BETWEEN}{_NAME}",
        rf"(?P<year>\d{{4}}){_BETWEEN}{_NAME}{_BETWEEN}{_DAY}",
    )
]
_NO_YEAR = [re.compile(rf"{_NAME}\.?"), re.compile(rf"{_NAME}{_BETWEEN}{_DAY}"), re.compile(rf"{_DAY}{_BETWEEN}{_NAME}")]


def _with_a_name(text: str) -> Reading | None:
    """A date with the name of its month."""
    for pattern in _NAMED:
        match = pattern.fullmatch(text)
        named = _month_of(match["month"]) if match else None
        if match and named:
            return _named(text, match, *named)
    days = [match for pattern in _NO_YEAR if (match := pattern.fullmatch(text)) and _month_of(match["month"])]
    return Reading(problem="year") if days else None


def _named(text: str, match: re.Match[str], month: int, known: bool) -> Reading:
    year, day = match["year"], match.groupdict().get("day")
    # "March 24" may be a day of no year; "Mar-24" is how spreadsheets write a month.
    if day is None and len(year) == 2 and int(year) <= 31 and not text.endswith(f"-{year}"):
        return Reading(problem="year")
    whole = _whole_year(year)
    found = _days([(whole, month, int(day))]) if day else _sure(_month(whole, month))
    return replace(found, sure=known and len(year) == 4)


@lru_cache(maxsize=1)
def _names() -> Mapping[str, tuple[int, bool]]:
    """Names of months in small letters, from the Unicode CLDR: which month, and whether it is English."""
    found: dict[str, set[int]] = {}
    for language in _LANGUAGES:
        for number, name in _names_in(language):
            found.setdefault(_plain(name).rstrip("."), set()).add(number)
    names = {name: (min(numbers), False) for name, numbers in found.items() if len(numbers) == 1}
    english = {name[:letters].lower(): (number, True) for number, name in enumerate(MONTHS, 1) for letters in range(3, len(name) + 1)}
    return {**names, **english}


def _names_in(language: str) -> Iterator[tuple[int, str]]:
    for context in ("format", "stand-alone"):
        yield from get_month_names("wide", context, language).items()
        # Short ones of all languages would make dates of English words.
        if language == "es":
            yield from get_month_names("abbreviated", context, language).items()


def _month_of(word: str) -> tuple[int, bool] | None:
    """Which month a word names, and whether for sure: one in another language, or with a letter wrong, is not."""
    names = _names()
    if word in names:
        return names[word]
    near = [number for number, name in enumerate(MONTHS, 1) if len(word) >= 6 and OSA.distance(word, name.lower()) == 1]
    return (near[0], False) if len(near) == 1 else None


# Parts of a year


_SEASONS = {"spring": (3, 6), "summer": (6, 9), "fall": (9, 12), "autumn": (9, 12)}
_SEASON_NAME = r"(?:(?P<part>early|mid|late)[ -])?(?P<season>spring|summer|fall|autumn|winter)"
_SEASON = [
    re.compile(rf"{_SEASON_NAME}(?: of)?[ ,/-]*{_YEAR}(?:(?P<to> ?[/-] ?)(?P<next>\d{{4}}|'?\d\d))?"),
    re.compile(rf"(?P<year>\d{{4}})[ ,/-]*{_SEASON_NAME}(?P<to>(?P<next>))?"),
]
_ORDER = {"first": 1, "1st": 1, "second": 2, "2nd": 2, "third": 3, "3rd": 3, "fourth": 4, "4th": 4}
_QUARTER = [
    re.compile(rf"q(?P<number>[1-4])[ ,/-]*(?:of )?{_YEAR}"),
    re.compile(r"(?P<year>\d{4})[ ,/-]*q(?P<number>[1-4])"),
    re.compile(rf"(?P<word>{'|'.join(_ORDER)}) quarter(?: of)?[ ,]*{_YEAR}"),
]
_HALF = [
    re.compile(rf"h(?P<number>[12])[ ,/-]*(?:of )?{_YEAR}"),
    re.compile(rf"(?P<word>first|1st|second|2nd) half(?: of)?[ ,]*{_YEAR}"),
]
_DECADE = re.compile(r"(\d{3}0|'?\d0)'?s")


def _season(text: str) -> Reading | None:
    match = next((match for pattern in _SEASON if (match := pattern.fullmatch(text))), None)
    if not match:
        return None
    season, year, short = match["season"], _whole_year(match["year"]), len(match["year"]) != 4
    words = f"{match['part']}{'-' if match['part'] == 'mid' else ' '}{season}" if match["part"] else season
    if match["next"]:
        after = _whole_year(match["next"])
        if season != "winter" or after != year + 1:
            return Reading()
        return _guess_if(short, _part(f"{words} {year:04}/{after % 100:02}", (year, 12), (after, 3)))
    if season != "winter":
        first, last = _SEASONS[season]
        return _guess_if(short, _part(f"{words} {year:04}", (year, first), (year, last)))
    # It may be the winter that began in that year, or the one that ended in it.
    return _guess_if(short, _part(f"{words} {year:04}", (year, 1), (year + 1, 3)))


def _quarter_or_half(text: str) -> Reading | None:
    for patterns, months, name in ((_QUARTER, 3, "Q{}"), (_HALF, 6, "{} half of")):
        match = next((match for pattern in patterns if (match := pattern.fullmatch(text))), None)
        if match:
            found = match.groupdict()
            number, year = int(found.get("number") or _ORDER[found["word"]]), _whole_year(match["year"])
            words = name.format(number if months == 3 else ("first", "second")[number - 1])
            until = number * months
            return _guess_if(len(match["year"]) != 4, _part(f"{words} {year:04}", (year, until - months + 1), (year, until)))
    return None


def _decade(text: str) -> Reading | None:
    match = _DECADE.fullmatch(text)
    if not match:
        return None
    year = _whole_year(match[1])
    return _guess_if(len(match[1]) != 4, _part(f"{year:04}s", (year, 1), (year + 9, 12)))


# From one to another


_A_WORD = re.compile(r"[^\W\d_]{3}")
_TO = re.compile(r" ?- ?| (?:to|until|till?|through|thru|or|and) |/")


def _from_to(text: str) -> Reading | None:
    """From one date to another, or one of two that are not far from each other."""
    text = re.sub(r"^(?:from|between) ", "", text)
    for sign in _TO.finditer(text):
        left, right = _one(text[: sign.start()]), _one(text[sign.end() :])
        if len(right.dates) == 1 and not left.dates and _A_WORD.search(text[: sign.start()]):
            left = _one(f"{text[: sign.start()]} {right.dates[0].first.year:04}")
        if len(left.dates) == len(right.dates) == 1 and (found := _joined(left.dates[0], right.dates[0])):
            return Reading((found,), left.sure and right.sure, left.problem or right.problem)
    return None


def _joined(left: Date, right: Date) -> Date | None:
    if "open" in (left.precision, right.precision) or left.first >= right.first or left.last > right.last:
        return None
    shared = next(
        (left.fhir[:letters] for letters in (7, 4) if left.fhir[:letters] == right.fhir[:letters] and len(left.fhir) >= letters), ""
    )
    return Date(left.first, right.last, "part", f"{left.words} to {right.words}", shared)


# Days, months, years


def _day(year: int, month: int, day: int) -> Date | None:
    try:
        it = datetime.date(year, month, day)
    except ValueError:
        return None
    return Date(it, it, "day", f"{MONTHS[month - 1]} {day}, {year:04}", it.isoformat())


def _month(year: int, month: int) -> Date | None:
    if not (datetime.MINYEAR <= year <= datetime.MAXYEAR and 1 <= month <= 12):
        return None
    return Date(
        datetime.date(year, month, 1), _end_of_month(year, month), "month", f"{MONTHS[month - 1]} {year:04}", f"{year:04}-{month:02}"
    )


def _year(year: int) -> Date | None:
    if not datetime.MINYEAR <= year <= datetime.MAXYEAR:
        return None
    return Date(datetime.date(year, 1, 1), datetime.date(year, 12, 31), "year", f"{year:04}", f"{year:04}")


def _part(words: str, first: tuple[int, int], last: tuple[int, int]) -> Date | None:
    """From the first day of a month to the last day of another. FHIR gets the year where it is one."""
    if first[0] < datetime.MINYEAR or last[0] > datetime.MAXYEAR:
        return None
    return Date(datetime.date(*first, 1), _end_of_month(*last), "part", words, f"{first[0]:04}" if first[0] == last[0] else "")


def _end_of_month(year: int, month: int) -> datetime.date:
    if month == 12:
        return datetime.date(year, 12, 31)
    return datetime.date(year, month + 1, 1) - datetime.timedelta(days=1)


def _moved(day: datetime.date, by: datetime.timedelta) -> datetime.date:
    try:
        return day + by
    except OverflowError:
        return datetime.date.max if by > datetime.timedelta() else datetime.date.min


def _sure(date: Date | None) -> Reading:
    return Reading((date,)) if date else Reading()


def _guess(date: Date | None) -> Reading:
    return Reading((date,), sure=False) if date else Reading()


def _guess_if(short: bool, date: Date | None) -> Reading:
    return _guess(date) if short else _sure(date)


_SHAPES: tuple[Callable[[str], Reading | None], ...] = (
    _numbers,
    _with_a_name,
    _season,
    _quarter_or_half,
    _decade,
    _before_or_after,
    _part_of,
    _about,
)
