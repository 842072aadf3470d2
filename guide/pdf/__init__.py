"""Tagged PDFs by Typst: a template, data and nothing else. Knows no Django and no feature.

A template is a file `*.typ` inside `guide/`. It begins with

    #import "/pdf/base.typ": data, paper
    #show: paper

and reads what it shows from `data`. Data goes in as JSON and is never parsed as markup, so whatever a
reader typed is printed as it was typed. `data` must hold `title`, `language` (such as "en") and `paper`
("us-letter" or "a4"); `size` is the type in points (10.5 where it is missing). `data.unprintable` is set
here: how many letters no font could show; each stands as `□`.

Needs no network: fonts are in `guide/pdf/fonts`, and templates import nothing but files beside them.

A process sets one document at a time. It takes a fifth of a second of a whole processor, so that a few more at
once would leave neither a thread nor a processor to those who only read.
"""

from __future__ import annotations

import datetime
import json
import logging
import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import typst

logger = logging.getLogger(__name__)

ROOT = Path(__file__).parent.parent
FONTS = Path(__file__).parent / "fonts"
STAND_IN = "□"
PATIENCE = 5.0  # seconds that the one who waits waits

_room = threading.Semaphore(2)  # for whoever sets, and one who waits: of the few threads of a process the others stay free
_typesetter = threading.Lock()
_mine = threading.local()


class BusyError(Exception):
    """The typesetter is at work for others. Try again in a few seconds."""


@contextmanager
def turn() -> Iterator[None]:
    """The typesetter to oneself, for several questions in a row or one document.

    Each call below takes it too, where the thread does not have it yet. Raises BusyError: at once where
    somebody waits already, else after PATIENCE.
    """
    if getattr(_mine, "turn", False):
        yield
        return
    if not _room.acquire(blocking=False):
        raise BusyError
    try:
        if not _typesetter.acquire(timeout=PATIENCE):
            raise BusyError
        _mine.turn = True
        try:
            yield
        finally:
            _mine.turn = False
            _typesetter.release()
    finally:
        _room.release()


def typeset(template: Path, data: Mapping[str, Any], made: datetime.date) -> bytes:
    """The PDF of a template and its data: tagged, and PDF/UA-1 wherever the fonts allow it.

    `made` is the day that the file says it was made on; the same template, data and day give the same bytes.
    Raises typst.TypstError where the template is wrong, never for what stands in the data; and BusyError.
    """
    with turn():
        inputs, timestamp = _inputs(data), _midnight(made)
        try:
            return _compile(template, inputs, timestamp, ["ua-1"])
        except typst.TypstError as error:
            if "PDF/UA-1" not in error.message:
                raise
        # A pair of letters that no font can show together. The message would tell what was typed, so it is not logged.
        logger.warning("A PDF was made without the PDF/UA-1 mark: %s had text that the fonts could not show.", template.name)
        return _compile(template, inputs, timestamp, [])


def ask(template: Path, data: Mapping[str, Any], label: str) -> Any:
    """The value of `#metadata(...) <label>` in the document as it is laid out, such as its number of pages. Raises BusyError."""
    with turn():
        found = typst.query(template, f"<{label}>", field="value", one=True, root=ROOT, font_paths=_fonts(), sys_inputs=_inputs(data))
    return json.loads(found)


def printable(data: Any) -> tuple[Any, int]:
    """The same data with a stand-in for each letter that no font can show, and how many there were."""
    if isinstance(data, str):
        return _unprintable().subn(STAND_IN, data.replace("\t", " "))
    if isinstance(data, Mapping):
        pairs = {key: printable(value) for key, value in data.items()}
        return {key: value for key, (value, _) in pairs.items()}, sum(missing for _, missing in pairs.values())
    if isinstance(data, (list, tuple)):
        items = [printable(value) for value in data]
        return [value for value, _ in items], sum(missing for _, missing in items)
    return data, 0


def _compile(template: Path, inputs: dict[str, str], timestamp: int, standards: list[typst.PDFStandard]) -> bytes:
    return typst.compile(template, root=ROOT, font_paths=_fonts(), sys_inputs=inputs, pdf_standards=standards, timestamp=timestamp)


def _inputs(data: Mapping[str, Any]) -> dict[str, str]:
    shown, missing = printable(data)
    return {"data": json.dumps({**shown, "unprintable": missing})}


def _midnight(day: datetime.date) -> int:
    return int(datetime.datetime.combine(day, datetime.time(), datetime.UTC).timestamp())


@lru_cache(maxsize=1)
def _fonts() -> typst.Fonts:
    """Our fonts alone, read once, so that every machine prints alike."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])


@lru_cache(maxsize=1)
def _unprintable() -> re.Pattern[str]:
    """Whatever is not a line break, an invisible sign between letters, or in one of the fonts."""
    ranges = (FONTS / "coverage.txt").read_text().split()
    covered = "".join("-".join(f"\\U{int(end, 16):08x}" for end in one.split("-")) for one in ranges)
    return re.compile(f"[^\\n\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2064\\ufe00-\\ufe0f{covered}]")
