"""Readers in many situations: the guide offers each what guidelines and labels say, and nothing of another subtype."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from guide.content.answers import known, mistake_in
from guide.content.documents import Guide
from guide.content.files import read_files
from guide.content.weighing import Applies, Results, weigh
from tests.django_fixtures import loaded

FILE = Path(__file__).with_name("situations.yaml")
ALWAYS = ("clinical-trial", "supportive-care", "palliative-care", "second-opinion")
NAMING = ("option", "support", "test")


@dataclass(frozen=True)
class Situation:
    """What a reader says, and what must come out."""

    name: str
    of: str
    answers: dict[str, str | list[str]]
    applies: tuple[str, ...] = ()
    usual: tuple[str, ...] = ()
    may_apply: tuple[str, ...] = ()
    does_not_apply: tuple[str, ...] = ()
    not_excluded: tuple[str, ...] = ()

    @property
    def said(self) -> dict[str, tuple[str, ...]]:
        """The answers as the questions take them."""
        return {fact: (told,) if isinstance(told, str) else tuple(told) for fact, told in self.answers.items()}

    @property
    def expected(self) -> list[tuple[str, tuple[Applies, ...]]]:
        """Each treatment of which something is demanded, with the verdicts that are right."""
        demands: list[tuple[tuple[str, ...], tuple[Applies, ...]]] = [
            ((*ALWAYS, *self.applies, *self.usual), ("applies",)),
            (self.may_apply, ("may-apply",)),
            (self.does_not_apply, ("does-not-apply",)),
            (self.not_excluded, ("applies", "may-apply")),
        ]
        return [(id, right) for ids, right in demands for id in dict.fromkeys(ids)]


def _situation(read: dict[str, Any]) -> Situation:
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in read.items()}
    return Situation(**values)


SITUATIONS = [_situation(read) for read in yaml.safe_load(FILE.read_text(encoding="utf-8"))]


@pytest.fixture(scope="module")
def real() -> Guide:
    return loaded(read_files(settings.CONTENT_DIR))


@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda situation: situation.name)
def test_a_reader_gets_what_fits(real: Guide, situation: Situation) -> None:
    results = weigh(real, known(situation.said, real.questions))
    came = results.treatments()
    wrong = [
        f"{id}: expected {' or '.join(right)}, came {came[id]}{_told(results, id)}"
        for id, right in situation.expected
        if came[id] not in right
    ]
    usual = {id for finding in results.of("option", "applies") if finding.block.role == "usual" for id in finding.block.treatments}
    wrong += [f"{id}: expected in a usual option{_told(results, id)}" for id in situation.usual if id not in usual]
    assert not wrong, f"{situation.name}\n" + "\n".join(wrong)


def _told(results: Results, id: str) -> str:
    """Every block that names a treatment, with its verdict and reasons."""
    lines = [
        f"\n  {finding.verdict} [{finding.block.role or finding.block.kind}] {finding.document.path}: {finding.block.title}"
        + "".join(f"\n    {reason}" for reason in finding.why)
        for finding in results.findings
        if finding.block.kind in NAMING and id in finding.block.treatments
    ]
    return "".join(lines) or "\n  no block names it"


def test_the_situations_are_written_well(real: Guide) -> None:
    """Known facts, values and treatments only; no treatment with two demands; each name once; each demands something."""
    questions = {question.id: question for question in real.questions}
    lists = [field.name for field in fields(Situation)][3:]
    wrong = [(name, "is there twice") for name, count in Counter(situation.name for situation in SITUATIONS).items() if count > 1]
    for situation in SITUATIONS:
        named = {key: set(getattr(situation, key)) for key in lists}
        all_named = set().union(*named.values())
        if not all_named:
            wrong.append((situation.name, "demands nothing"))
        wrong += [(situation.name, f"no treatment: {id}") for id in sorted(all_named - set(real.treatments))]
        wrong += [(situation.name, f"no question: {fact}") for fact in sorted(set(situation.said) - set(questions))]
        wrong += [
            (situation.name, f"{fact}: {mistake}")
            for fact, ticked in situation.said.items()
            if fact in questions and (mistake := mistake_in(questions[fact], ticked))
        ]
        offered = named["applies"] | named["usual"]
        demanded = Counter(id for ids in (offered, named["may_apply"], named["does_not_apply"], named["not_excluded"]) for id in ids)
        wrong += [(situation.name, f"{id}: more than one demand") for id, count in demanded.items() if count > 1]
    assert wrong == []
