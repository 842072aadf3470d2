"""How long the way is: in the situations of tests/situations.yaml, and for readers who know little."""

from __future__ import annotations

from io import StringIO
from pathlib import Path
from statistics import median

import pytest
import yaml
from django.conf import settings
from django.core.management import call_command

from guide.content.blocks import ASKED_FIRST
from guide.content.documents import Guide
from guide.content.files import read_files
from guide.content.weighing import weigh
from guide.wizard.flow import walk
from guide.wizard.length import Length, length
from tests.django_fixtures import loaded
from tests.test_situations import SITUATIONS


@pytest.fixture(scope="module")
def real() -> Guide:
    return loaded(read_files(settings.CONTENT_DIR))


@pytest.fixture(scope="module")
def lengths(real: Guide) -> list[Length]:
    return [length(real, situation.said) for situation in SITUATIONS]


def test_the_list_of_usual_and_other_options_is_soon_the_final_one(lengths: list[Length]) -> None:
    settled = [one.settled for one in lengths]
    assert sum(pages <= 10 for pages in settled) >= 0.85 * len(settled), sorted(settled)
    assert max(settled) <= 16


def test_the_way_is_short_and_ends(lengths: list[Length]) -> None:
    assert median(one.main for one in lengths) <= 12
    assert max(one.main for one in lengths) <= 20
    assert max(one.whole for one in lengths) <= 20
    assert sum(one.main < one.questions for one in lengths) > len(lengths) / 2, "what stands on one report is asked together"


def test_first_results_come_after_two_pages_for_everybody(real: Guide) -> None:
    opening = set(real.site.leads.opening)
    assert len(opening) == 3
    for situation in SITUATIONS:
        way = walk(real, {fact: ticked for fact, ticked in situation.said.items() if fact in opening})
        if opening <= situation.said.keys():
            assert way.opened and way.opened_at == 2 and len(way.pages) == 3, situation.name


def test_a_list_that_changes_later_is_not_settled(toy: Guide) -> None:
    # Sand and no rain barrel bring an option up; it is the last answer that does it.
    found = length(toy, {"space": ("bed",), "soil": ("sand",), "visitors": ("slugs",), "rain": ("no",)})
    assert (found.settled, found.main, found.whole, found.questions) == (4, 4, 4, 4)
    assert length(toy, {"space": ("balcony",), "visitors": ("mice",)}).settled == 0
    assert "usual" in ASKED_FIRST and weigh(toy, {}).of("option", "applies") == []


def test_the_command_prints_a_table_of_situations(tmp_path: Path) -> None:
    file, out = tmp_path / "some.yaml", StringIO()
    some = [{"name": situation.name, "answers": situation.answers} for situation in SITUATIONS[:2]]
    file.write_text(yaml.safe_dump(some))
    call_command("check_wizard", situations=file, stdout=out)
    lines = out.getvalue().splitlines()
    assert len(lines) == 6
    assert lines[1].endswith(SITUATIONS[0].name) and int(lines[1].split()[0]) <= 10
    assert [line.split()[-1] for line in lines[3:]] == ["median", "80%", "most"]
