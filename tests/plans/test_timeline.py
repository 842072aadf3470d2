"""What was when, as a drawing."""

from __future__ import annotations

import datetime
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st

from guide.content.documents import Guide
from guide.plans.timeline import MOST, Span, drawing, in_words, newest_first, spans
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
    assert found == (Span("Slugs", "2020-03", "", "goes-on"), Span("2021", "2021", "", "goes-on"))


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
    assert newest_first(field, rows) == [{"seen": "2021"}, {"seen": "2021-02"}, {"seen": "2019"}, {"seen": ""}]


_dates = st.one_of(st.from_regex(r"[0-9]{4}(-[0-9]{1,2}){0,2}", fullmatch=True), st.dates().map(str), st.text(max_size=12))
_texts = st.text(max_size=60)
_spans = st.builds(Span, _texts, _dates, _dates, st.sampled_from(["ended", "goes-on", "day"]))


@given(st.lists(_spans, max_size=20), st.dates(datetime.date(2000, 1, 1), datetime.date(2100, 1, 1)))
def test_any_dates_make_a_drawing_or_none(all_spans: list[Span], today: datetime.date) -> None:
    drawn = drawing(all_spans, today)
    if not drawn:
        return
    for element in ElementTree.fromstring(drawn).iter(f"{SVG}line"):
        assert 0 <= float(element.get("x1", "")) <= 1000 and 0 <= float(element.get("x2", "")) <= 1000
