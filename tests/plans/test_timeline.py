"""What was when, as a drawing."""

from __future__ import annotations

import datetime
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.content.documents import Guide, PlanField
from guide.plans.dates import goes_on
from guide.plans.timeline import MOST, Span, drawing, in_words, missing, newest_first, spans
from guide.plans.values import Contents, Row

TODAY = datetime.date(2026, 11, 26)
SVG = "{http://www.w3.org/2000/svg}"
SOWN = Span("Beans", "2020-03", "2021", "ended")
GROWS = Span("Apple tree", "2019", "", "goes-on")
STORM = Span("Storm", "2022-05-07", "", "day")


def drawn(*all_spans: Span) -> ElementTree.Element:
    return ElementTree.fromstring(drawing(all_spans, TODAY))


def bars(*all_spans: Span) -> list[ElementTree.Element]:
    return [line for line in drawn(*all_spans).iter(f"{SVG}line") if line.get("stroke-width") == "5"]


def test_rows_with_dates_come_from_the_plan(toy: Guide) -> None:
    rows: list[Row] = [
        {"visitor": "slugs", "seen": "2020-03"},
        {"visitor": "mice"},
        {"seen": "2021"},
        {"visitor": "aphids", "seen": "long ago"},
    ]
    found = spans(toy, Contents({"ground": {"visitors": rows}}))
    assert found == (
        Span("Slugs", "2020-03", "", "goes-on"),
        Span("2021", "2021", "", "goes-on"),
        Span("Aphids", "long ago", "", "goes-on"),
    )


def test_the_oldest_stands_first_and_every_name_is_there() -> None:
    texts = [text.text for text in drawn(STORM, SOWN, GROWS).iter(f"{SVG}text")]
    assert [text for text in texts if text and not text.isdecimal()] == ["Apple tree", "Beans", "Storm"]
    assert {"2019", "2022", "2026"} <= set(texts)


def test_it_tells_the_same_in_words() -> None:
    unknown = Span("Peas", "", "2018", "ended")
    assert in_words((SOWN, GROWS, STORM, unknown), TODAY) == (
        "Timeline, the oldest first. Peas: beginning not known to 2018; Apple tree: since 2019; Beans: 2020-03 to 2021; Storm: 2022-05-07."
    )
    assert drawn(SOWN, GROWS).findtext(f"{SVG}desc") == in_words((SOWN, GROWS), TODAY)
    assert drawn(SOWN, GROWS).findtext(f"{SVG}title") == "Timeline"


def test_a_bar_is_as_long_as_its_dates() -> None:
    long, short = (float(bar.get("x2", "")) - float(bar.get("x1", "")) for bar in bars(GROWS, SOWN))
    assert long > 3 * short > 0


def test_what_has_no_known_end_is_dashed_and_ends_without_a_stroke() -> None:
    known, unknown = bars(SOWN, Span("Peas", "2021", "", "ended"))
    assert known.get("stroke-dasharray") is None and unknown.get("stroke-dasharray")


def test_too_little_to_draw_is_no_drawing() -> None:
    assert drawing((), TODAY) == drawing((SOWN,), TODAY) == ""
    assert drawing((SOWN, Span("Beans", "0019", "", "goes-on")), TODAY) == ""
    assert drawing((SOWN, Span("Beans", "3019", "", "day")), TODAY) == ""


def test_only_the_newest_are_drawn_where_there_are_many() -> None:
    many = [Span(f"Row {year}", str(year), str(year + 1), "ended") for year in range(1990, 2025)]
    names = [text.text for text in drawn(*many).iter(f"{SVG}text") if text.text and text.text.startswith("Row")]
    assert names == [f"Row {year}" for year in range(2025 - MOST, 2025)]
    assert missing(many, TODAY) == f"Only the newest {MOST} of 35 are drawn."


def test_whatever_is_typed_is_text_in_the_drawing() -> None:
    name = '<script>alert("x")</script>&amp;'
    assert "<script" not in drawing((Span(name, "2020", "", "day"), SOWN), TODAY)
    assert name in [text.text for text in drawn(Span(name, "2020", "", "day"), SOWN).iter(f"{SVG}text")]


def test_it_is_black_and_white() -> None:
    colours = {element.get(name) for element in drawn(SOWN, GROWS, STORM).iter() for name in ("fill", "stroke")}
    assert colours == {None, "#000", "#fff"}


def test_newest_first_goes_by_the_end_where_there_is_one(toy: Guide) -> None:
    field = toy.group("my-ground").field("visitors")
    rows: list[Row] = [{"seen": "2019"}, {"seen": ""}, {"seen": "2021-02"}, {"seen": "2021"}]
    assert newest_first(field, rows) == ([{"seen": "2021"}, {"seen": ""}, {"seen": "2021-02"}, {"seen": "2019"}], frozenset())


def treatments(toy: Guide) -> PlanField:
    """Rows with a beginning and an end."""
    field = toy.group("my-ground").field("visitors")
    return replace(field, fields=tuple(PlanField(key, key.capitalize(), "date_partial", period=key) for key in ("start", "end")))


@pytest.mark.parametrize(
    ("typed", "sorted_by_date", "unread"),
    [
        # The newest, typed last and as people write, is not taken for the oldest.
        (["2011/2012", "2020/2021", "Jan 2026/Aug 2026"], ["Jan 2026/Aug 2026", "2020/2021", "2011/2012"], set()),
        (["2011/2012", "2020/2021", "2025/whenever"], ["2020/2021", "2011/2012", "2025/whenever"], {2}),
        (["2025/whenever", "2011/2012", "2020/2021"], ["2025/whenever", "2020/2021", "2011/2012"], {0}),
        (["2011/2012", "last year/", "/", "2020/2021"], ["2020/2021", "last year/", "/", "2011/2012"], {1}),
        # What goes on is the newest, among others of its kind by its beginning.
        (["2023/2025", "2020/ongoing", "2024/now"], ["2024/now", "2020/ongoing", "2023/2025"], set()),
        (["2019/", "about 2021/", "spring 2020/", "before 2018/"], ["about 2021/", "spring 2020/", "2019/", "before 2018/"], set()),
        (["long ago/2019", "/2020"], ["/2020", "long ago/2019"], set()),
        (["3/4/2019/", "2020/"], ["2020/", "3/4/2019/"], set()),
    ],
)
def test_a_row_whose_date_cannot_be_read_stays_where_it_was_typed(
    toy: Guide, typed: list[str], sorted_by_date: list[str], unread: set[int]
) -> None:
    rows = [dict(zip(("start", "end"), text.rsplit("/", 1), strict=True)) for text in typed]
    found, left = newest_first(treatments(toy), rows)  # type: ignore[arg-type]
    assert [f"{row['start']}/{row['end']}" for row in found] == sorted_by_date
    assert left == unread


def told_of(*all_spans: Span) -> str:
    return missing(all_spans, TODAY)


def test_it_says_what_it_leaves_out() -> None:
    unread, half = Span("Peas", "some day", "", "goes-on"), Span("Leeks", "2019", "whenever", "ended")
    wrong = Span("Kale", "0019", "", "day")
    assert told_of(SOWN, GROWS, STORM, Span("Rose", "before 2015", "", "goes-on")) == ""
    assert told_of(SOWN, unread, STORM) == "Not drawn, because the date could not be read: Peas."
    assert told_of(SOWN, half, wrong, unread, unread) == (
        "Not drawn, because the date could not be read: Peas. Not drawn, because the year may be wrong: Kale. "
        "Drawn without a date that could not be read: Leeks."
    )
    assert in_words((SOWN, GROWS, unread), TODAY).endswith("Not drawn, because the date could not be read: Peas.")
    assert (drawn(SOWN, GROWS, unread).findtext(f"{SVG}desc") or "").endswith("could not be read: Peas.")


def test_dates_are_drawn_as_people_write_them() -> None:
    people, machines = Span("A", "March 1, 2024", "9/13/2024", "ended"), Span("A", "2024-03-01", "2024-09-13", "ended")
    assert drawing((people, GROWS), TODAY).count("<line") == drawing((machines, GROWS), TODAY).count("<line")
    assert [bar.attrib for bar in bars(people, GROWS)] == [bar.attrib for bar in bars(machines, GROWS)]
    assert [bar.attrib for bar in bars(Span("A", "fall 2020", "", "ended"), GROWS)] == [
        bar.attrib for bar in bars(Span("A", "2020-09 to 2020-12", "", "ended"), GROWS)
    ]


@pytest.mark.parametrize("begun", ["about 2019", "before 2019"])
def test_what_is_about_is_dashed(begun: str) -> None:
    sure, about = Span("A", "2019", "2021", "ended"), Span("B", begun, "2021", "ended")
    dashes = {bar.get("stroke-dasharray") for bar in bars(sure, sure)}, {bar.get("stroke-dasharray") for bar in bars(about, about)}
    assert dashes == ({None}, {"7 5"})
    looks = [path.get("fill") for path in drawn(STORM, Span("Frost", begun, "", "day")).iter(f"{SVG}path")]
    assert looks == ["#fff", "#000"]


_PEOPLE = [
    "March 2024",
    "3/15/2024",
    "3/4/2019",
    "spring 2020",
    "about 2019",
    "before 2015",
    "after 2020",
    "2019 to 2021",
    "ongoing",
    "last week",
]
_dates = st.one_of(
    st.sampled_from(_PEOPLE), st.from_regex(r"[0-9]{4}(-[0-9]{1,2}){0,2}", fullmatch=True), st.dates().map(str), st.text(max_size=12)
)
_texts = st.text(max_size=60)
_spans = st.builds(Span, _texts, _dates, _dates, st.sampled_from(["ended", "goes-on", "day"]))


@given(st.lists(_spans, max_size=20), st.dates(datetime.date(2000, 1, 1), datetime.date(2100, 1, 1)))
def test_any_dates_make_a_drawing_or_none(all_spans: list[Span], today: datetime.date) -> None:
    drawn = drawing(all_spans, today)
    if not drawn:
        return
    for element in ElementTree.fromstring(drawn).iter(f"{SVG}line"):
        assert 0 <= float(element.get("x1", "")) <= 1000 and 0 <= float(element.get("x2", "")) <= 1000


@given(st.lists(st.tuples(_dates, _dates), max_size=8))
def test_sorting_is_stable_and_moves_only_what_it_can_read(toy: Guide, typed: list[tuple[str, str]]) -> None:
    rows: list[Row] = [{"start": start, "end": end, "number": str(number)} for number, (start, end) in enumerate(typed)]
    found, unread = newest_first(treatments(toy), rows)
    assert sorted(int(str(row["number"])) for row in found) == list(range(len(rows)))
    all_spans = [_spanned(start, end) for start, end in typed]
    assert unread == {number for number, span in enumerate(all_spans) if span and span.unread and not span.place}
    places = [span and span.place for span in all_spans]
    assert all(found[number] == rows[number] for number, place in enumerate(places) if not place)
    moved = [(place, -number) for row in found if (place := places[number := int(str(row["number"]))])]
    assert moved == sorted(moved, reverse=True), "the newest first; of two that are as new, the one that was typed first"


def _spanned(start: str, end: str) -> Span | None:
    if not (start or end):
        return None
    return Span("", start, "", "goes-on") if goes_on(end) else Span("", start, end, "ended")
