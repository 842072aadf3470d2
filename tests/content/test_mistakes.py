"""Mistakes as data: each code that the program tells has words, whose gaps its arguments fill, and no words are left over."""

from __future__ import annotations

import ast
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from guide.content.blocks import KINDS
from guide.content.conditions import ConditionError
from guide.content.mistakes import BlockName, Cause, ContentError, Mistake, Place, in_order, mistake, words
from guide.content.remedies import REMEDIES

ROOT = Path(settings.BASE_DIR) / "guide"
MODULES = {str(file.relative_to(ROOT)): ast.parse(file.read_text()) for file in sorted(ROOT.rglob("*.py")) if file.name != "remedies.py"}
# What is called with a code, and which of its arguments that is. `_RefusedError` and `ConditionError` become mistakes.
TELLERS = {
    "mistake": 1, ".mistake": 0, ".wrong": 1, "._wrong": 1, "words": 0, "ConditionError": 0, "_RefusedError": 0, "Mistake": 1, "Wrong": 0, "Cause": 2,
}  # fmt: skip
Call = tuple[str, ast.Call, str]


def told() -> Iterator[Call]:
    """Every call that names a code: where, the call, and the code."""
    for name, tree in MODULES.items():
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and (called := called_by(node)) in TELLERS:
                for one in node.args[TELLERS[called] : TELLERS[called] + 1]:
                    if isinstance(one, ast.Constant) and one.value in REMEDIES:
                        yield f"{name}:{node.lineno}", node, str(one.value)


def called_by(node: ast.Call) -> str:
    """The name of what is called; of a method, with a point before it."""
    return f".{node.func.attr}" if isinstance(node.func, ast.Attribute) else node.func.id if isinstance(node.func, ast.Name) else ""


def gaps(code: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(REMEDIES[code]) if name}


CALLS = list(told())


def test_many_calls_are_looked_at() -> None:
    assert len(CALLS) > 120


@pytest.mark.parametrize(("where", "node", "code"), CALLS, ids=[f"{where} {code}" for where, _, code in CALLS])
def test_what_is_told_fills_the_gaps_in_its_words(where: str, node: ast.Call, code: str) -> None:
    if called_by(node) in ("Mistake", "Wrong", "Cause"):  # arguments as pairs of name and value
        pairs = [one for arg in node.args for one in ast.walk(arg) if isinstance(one, ast.Tuple) and len(one.elts) == 2]
        names = {one.elts[0].value for one in pairs if isinstance(one.elts[0], ast.Constant)}
        assert names >= gaps(code) or any(isinstance(arg, ast.Name) for arg in node.args), where
    elif not any(keyword.arg is None for keyword in node.keywords):
        assert {keyword.arg for keyword in node.keywords} >= gaps(code), where


def texts_of(tree: ast.AST) -> Iterator[str]:
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def made_up(tree: ast.AST) -> Iterator[str]:
    """The beginnings of texts that are put together: `write-` of `f"write-{need}"`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
            yield str(node.values[0].value)


def test_every_code_is_told_by_somebody() -> None:
    every = {text for tree in MODULES.values() for text in texts_of(tree)}
    starts = tuple(text for tree in MODULES.values() for text in made_up(tree) if text == "write-")
    assert not {code for code in REMEDIES if code not in every and not (starts and code.startswith(starts))}


def test_every_code_that_is_told_has_words() -> None:
    """What stands where a code belongs is a code or a name for one: no words, and none that are put together as they are told."""
    found = []
    for name, tree in MODULES.items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or called_by(node) not in TELLERS:
                continue
            for one in node.args[TELLERS[called_by(node)] : TELLERS[called_by(node)] + 1]:
                if isinstance(one, ast.Constant) and one.value not in REMEDIES:
                    found.append(f"{name}:{node.lineno}: {one.value!r}")
                if isinstance(one, ast.JoinedStr) and list(made_up(one)) != ["write-"]:
                    found.append(f"{name}:{node.lineno}: put together")
    assert found == []


def test_the_options_that_a_block_needs_have_words() -> None:
    assert {need for kind in KINDS.values() for need in kind.needs if f"write-{need}" not in REMEDIES} == set()


@pytest.mark.parametrize("code", REMEDIES)
def test_words_say_what_to_do_in_one_line(code: str) -> None:
    said = REMEDIES[code].format(**dict.fromkeys(gaps(code), 1))
    assert said and "\n" not in said and said == said.strip()
    assert "{" not in said.replace("{fact: value}", "").replace("{#old-anchor}", "").replace("[ ] and { }", "")


def test_a_code_without_words_and_words_without_their_arguments_are_refused() -> None:
    with pytest.raises(KeyError):
        mistake("a.md", "moon")
    with pytest.raises(KeyError):
        words("too-hard", grade=9)
    with pytest.raises(KeyError):
        ConditionError("moon")


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (Place(), ""),
        (Place("values.low.label", line=3), "values.low.label"),
        (Place(part="link", quote="x", line=3), "link"),
        (Place(line=3), "line 3"),
        (Place(block=BlockName(0, "ask", "Why?")), "ask | Why?"),
        (Place(block=BlockName(0, "ask", ""), line=4), "ask"),
        (Place("when", BlockName(0, "ask", "Why?")), "ask | Why?: when"),
    ],
)
def test_a_place_is_said_as_people_say_it(place: Place, said: str) -> None:
    assert str(place) == said
    assert str(mistake("a.md", "fill-in", place)) == f"a.md: {f'{said}: ' if said else ''}fill it in"


def test_what_is_added_to_a_mistake_makes_no_other_of_it() -> None:
    one, other = Mistake("a.md", "fill-in", more="x"), Mistake("a.md", "fill-in", cause=Cause("b.md", Place(), "fill-in"))
    assert one == other and one.says == "fill it in: x" and other.says == "fill it in"
    assert in_order([other, one]) == [one]


def test_mistakes_stand_by_document_and_then_by_line() -> None:
    found = [mistake("b.md", "fill-in"), mistake("a.md", "fill-in", Place(line=12)), mistake("a.md", "fill-in", Place(line=3))]
    assert ContentError(found).mistakes == (found[2], found[1], found[0])
