"""A template and data make a tagged PDF, and data is never more than text."""

from __future__ import annotations

import datetime
import io
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from guide import pdf

DAY = datetime.date(2026, 11, 26)
BODY = """#import "/pdf/base.typ": data, paper, unprintable
#show: paper
#title()
#unprintable
#for line in data.lines [#par(line)]
#context [#metadata(counter(page).final().first()) <pages>]
"""


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A small template. Templates stand inside `guide/`, so the root moves for the time of the tests."""
    root = tmp_path_factory.mktemp("guide")
    (root / "pdf").symlink_to(pdf.ROOT / "pdf")
    file = root / "garden.typ"
    file.write_text(BODY)
    before, pdf.ROOT = pdf.ROOT, root
    yield file
    pdf.ROOT = before


def data(*lines: str) -> dict[str, Any]:
    return {"title": "My garden", "language": "en", "paper": "a4", "lines": lines}


def catalog(made: bytes) -> Any:
    return PdfReader(io.BytesIO(made)).trailer["/Root"]


def text_of(made: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(made)).pages)


def test_it_is_tagged_and_says_its_title_and_language(template: Path) -> None:
    root = catalog(pdf.typeset(template, data("Slugs"), DAY))
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/K"]
    assert root["/Lang"] == "en"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in root["/Metadata"].get_data()


def test_its_title_is_in_its_properties(template: Path) -> None:
    information = PdfReader(io.BytesIO(pdf.typeset(template, data(), DAY))).metadata
    assert information is not None and information.title == "My garden"


def test_the_same_data_and_day_give_the_same_bytes(template: Path) -> None:
    assert pdf.typeset(template, data("Slugs"), DAY) == pdf.typeset(template, data("Slugs"), DAY)
    assert pdf.typeset(template, data("Slugs"), DAY) != pdf.typeset(template, data("Slugs"), DAY + datetime.timedelta(days=1))


@pytest.mark.parametrize("typed", ["#panic()", "*bold* _it_ $x^2$", "<script>alert(1)</script>", "= Heading", "@ref <label> \\ //no"])
def test_markup_is_printed_as_it_was_typed(template: Path, typed: str) -> None:
    assert typed in text_of(pdf.typeset(template, data(typed), DAY))


@pytest.mark.parametrize("typed", ["Žluťoučký", "Ελληνικά", "Кириллица", "庭いじり", "한국어", "ไทย", "नमस्ते", "አማርኛ", "☐"])
def test_many_scripts_are_printed(template: Path, typed: str) -> None:
    made = pdf.typeset(template, data(typed), DAY)
    assert typed in text_of(made).replace("\u200b", "") and b"pdfuaid" in catalog(made)["/Metadata"].get_data()


@pytest.mark.parametrize("typed", ["שלום", "مرحبا", "😀 👩‍👩‍👧 ❤️"])
def test_scripts_from_right_to_left_and_emoji_need_no_stand_in(typed: str) -> None:
    assert pdf.printable(typed) == (typed, 0)


def test_letters_that_no_font_shows_have_a_stand_in_and_are_counted(template: Path) -> None:
    assert pdf.printable({"a": ["x\ue000y", ("\x07",)], "b": 3, "c": "\ud800"}) == ({"a": ["x□y", ["□"]], "b": 3, "c": "□"}, 3)
    shown = text_of(pdf.typeset(template, data("x\ue000y\x07z"), DAY))
    assert "x□y□z" in shown and "2 letters could not be printed" in shown


def test_letters_that_only_together_cannot_be_shown_stop_no_print(template: Path, monkeypatch: pytest.MonkeyPatch, caplog: Any) -> None:
    monkeypatch.setattr(pdf, "printable", lambda data: (data, 0))
    with caplog.at_level(logging.WARNING):
        made = pdf.typeset(template, data("secret \ue000"), DAY)
    assert "/StructTreeRoot" in catalog(made)
    assert "garden.typ" in caplog.text and "secret" not in caplog.text


def test_a_template_that_is_wrong_says_so(template: Path) -> None:
    wrong = template.with_name("wrong.typ")
    wrong.write_text(BODY + "#panic()")
    with pytest.raises(typst.TypstError):
        pdf.typeset(wrong, data(), DAY)


def test_a_document_can_be_asked(template: Path) -> None:
    assert pdf.ask(template, data("Slugs"), "pages") == 1
    assert pdf.ask(template, data(*["Slugs"] * 200), "pages") > 1


@given(st.lists(st.text(max_size=80), max_size=5))
def test_whatever_is_typed_can_be_printed(typed: list[str]) -> None:
    shown, missing = pdf.printable(typed)
    assert sum(text.count("□") for text in shown) == missing + sum(text.count("□") for text in typed)
    assert pdf.printable(shown)[1] == 0
