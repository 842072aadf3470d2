"""YAML with places: what it says, where it stands, and a value changed while all around it stays."""

from __future__ import annotations

import datetime
import time
from typing import Any

import pytest
from django.conf import settings
from hypothesis import given
from hypothesis import strategies as st

from guide.content.files import read_files
from guide.content.yamltext import UNREAD, Yaml, read_yaml, written

# Values as our files have them.
WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r\x85\u2028\u2029\ufeff"), max_size=20)
VALUES: st.SearchStrategy[Any] = st.recursive(
    WORDS | st.integers(-(10**6), 10**6) | st.booleans() | st.dates() | st.sampled_from(["yes", "no", "null", "~", "2018", "1:20", "a: b", "# a", "- a", "'", '"', "[", "{", "*a", "&a", "!a", "|", ">", "%", "@", "`", "=", "<<", "true", "", " a ", "a\n b\n"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["a", "b-c", "on", "not", "2018"]), inner, max_size=3),
    max_leaves=6,
)  # fmt: skip
NASTY = ["a", "b", ": ", ":", "\n", "\r\n", "\r", "  ", "- ", "[", "]", "{", "}", ",", "'", '"', "|", ">", "#", "&a ", "*a", "!!str ", "!x", "<<: ", "? ", "%", "@", "`", "~", "\t", "\0", "\x85", "\u2028", "\ufeff", "\ud800", "...", "---", "\\", '"\\0"', '"\\ud800"', "0x_", "0b", "1e999", "1" * 20, "2026-02-30", "9999-99-99 99:99:99", "::", "=", "true"]  # fmt: skip


@given(st.lists(st.sampled_from(NASTY), max_size=30).map("".join))
def test_whatever_is_written_is_read_or_told_and_never_raises(text: str) -> None:
    found = read_yaml(text)
    assert found.text == text
    assert (found.data is UNREAD) == (found.wrong is not None)
    if found.wrong:
        assert found.wrong.line is None or 0 <= found.wrong.line <= text.count("\n")


@pytest.mark.parametrize(
    "text",
    [
        "[" * 10_000,
        "{a: " * 10_000,
        "- " * 10_000,
        "\n".join(" " * depth + "a:" for depth in range(2_000)),
        "a: &a [x]\n" + "".join(f"a{n}: &a{n} [*a, *a]\n" for n in range(50)),
        "a: '" + "x\n" * 20_000,
        "a: 1\n" * 20_000,
    ],
    ids=["brackets", "braces", "hyphens", "steps", "names", "a quote", "twice"],
)
def test_nasty_yaml_is_told_within_a_moment(text: str) -> None:
    before = time.process_time()
    assert read_yaml(text).wrong
    assert time.process_time() - before < 5


@pytest.mark.parametrize(
    ("text", "code", "line"),
    [
        ("a: 1\nb: c: d", "yaml-colon", 1),
        ("a: 1\nb\n", "yaml-no-colon", 1),
        ("a: 1\nb\n\n\nc: 2", "yaml-no-colon", 1),
        ("a: 1\nb: [c\n\n", "yaml-open-bracket", 1),
        ("a: 1\nb: [\n\n", "yaml-open-bracket", 1),
        ("a: [1]\nb: {c: [], d:\n\n", "yaml-open-bracket", 1),
        ("a: 1\nb: 'c\n\n", "yaml-open-quote", 1),
        ("a: 1\n\tb: 2", "yaml-tab", 1),
        ("a: 1\nb: 2\na: 3", "yaml-twice", 2),
        ("a:\n  b: 1\n  b: 3", "yaml-twice", 2),
        ("a: 1\nb: &c 1", "yaml-shared", 1),
        ("a: 1\nb: *c", "yaml-shared", 1),
        ("a: 1\nb: !!str 1", "yaml-tag", 1),
        ("a: 1\n<<: {b: 1}", "yaml-merged", 1),
        ("a: 1\nb: 12345678901234567890", "yaml-long-number", 1),
        ("a: 1\nb: 0x_", "yaml-odd-value", None),
        ("a: 1\nb: \0", "unseen-sign", 1),
        ('a: 1\nb: "\\0"', "unseen-sign", 1),
        ('a: 1\nb: ["\\uD800"]', "unseen-sign", 1),
        ("a: 1\nb: x\u2028c: y", "unseen-sign", 1),
        ("a: 1\nb: x\rc: y", "unseen-sign", 1),
        ("a: 1\nb: \ufeffx", "unseen-sign", 1),
    ],
)
def test_what_is_wrong_has_its_line(text: str, code: str, line: int | None) -> None:
    wrong = read_yaml(text).wrong
    assert wrong and (wrong.code, wrong.line) == (code, line)


def test_only_true_and_false_are_truth_values() -> None:
    assert read_yaml("a: [yes, no, on, off, true, false, True]").data == {"a": ["yes", "no", "on", "off", True, False, "True"]}


def test_a_day_that_the_calendar_does_not_have_stays_a_text() -> None:
    assert read_yaml("a: 2026-02-30\nb: 2026-02-28").data == {"a": "2026-02-30", "b": datetime.date(2026, 2, 28)}


# Places

PLACES = """a: 1
# about b
b:
  c: {d: 2, e: [x, y]}
  "f": |
    text
g:
  - one
  - key: h
    label: i
    fields:
      - {key: k, label: l}
"""


@pytest.mark.parametrize(
    ("name", "place"),
    [
        ("a", (0, 0)), ("b", (2, 0)), ("b.c", (3, 2)), ("b.c.e", (3, 12)), ("b.c.e.2", (3, 19)), ("b.f", (4, 2)), ("g.1", (7, 4)),
        ("g.2", (8, 4)), ("g.h", (8, 4)), ("g.h.label", (9, 4)), ("h.label", (9, 4)), ("h.fields.k.label", (11, 17)),
        ("b.c.moon", (3, 2)), ("b.moon", (2, 0)), ("moon", None),
    ],
)  # fmt: skip
def test_a_field_is_found_by_its_name(name: str, place: tuple[int, int] | None) -> None:
    assert read_yaml(PLACES).place_of(name) == place


@pytest.mark.parametrize(("name", "span"), [("a", (0, 1)), ("b", (2, 6)), ("b.f", (4, 6)), ("b.c", (3, 4)), ("g", (6, 12)), ("moon", None)])
def test_the_lines_of_a_field_are_known(name: str, span: tuple[int, int] | None) -> None:
    assert read_yaml(PLACES).span_of(name) == span


# Changes


def changed(text: str, name: str, value: Any) -> str:
    return read_yaml(text).with_value(name, value).text


@pytest.mark.parametrize(
    ("before", "name", "value", "after"),
    [
        ("a: 1 # one\nb: 2\n", "a", 3, "a: 3 # one\nb: 2\n"),
        ("a: 'x'\nb: 2\n", "b", "y", "a: 'x'\nb: y\n"),
        ("a: x\n", "a", "y: z", "a: 'y: z'\n"),
        ("a: x\n", "a", "yes", "a: 'yes'\n"),
        ("a: x\n", "a", "two\nlines", 'a: "two\\nlines"\n'),
        ("a:\n\nb: 2\n", "a", 1, "a: 1\n\nb: 2\n"),
        ("a: # why\nb: 2\n", "a", 1, "a: 1 # why\nb: 2\n"),
        ("a: # why\n  - x\n  - y\n# below\nb: 2\n", "a", ["z"], "a: [z] # why\n# below\nb: 2\n"),
        ("a: |\n  x\n  y\n\n# below\nb: 2\n", "a", "z", "a: z\n\n# below\nb: 2\n"),
        ("a: >-\n  x\n  y\nb: 2\n", "b", 3, "a: >-\n  x\n  y\nb: 3\n"),
        ("a: x\n  y\nb: 2\n", "a", "z", "a: z\nb: 2\n"),
        ("a:\n  b: 1 # one\n  # two\n  c: 2\n", "a.b", 3, "a:\n  b: 3 # one\n  # two\n  c: 2\n"),
        ("a: {b: 1, c: [x, y]}\n", "a.c", "z", "a: {b: 1, c: z}\n"),
        ("a: {b: 1, c: [x, y]}\n", "a.b", "x, y", "a: {b: 'x, y', c: [x, y]}\n"),
        ("a: {b: 1}\n", "a", {"b": [1, 2]}, "a: {b: [1, 2]}\n"),
        ("- key: a\n  label: b\n- key: c\n  label: d\n", "c.label", "e", "- key: a\n  label: b\n- key: c\n  label: e\n"),
        # taken out
        ("a: 1\n# two\nb: 2 # 2\nc: 3\n", "b", None, "a: 1\n# two\nc: 3\n"),
        ("a: 1\nb:\n  - x\n  - y\nc: 3\n", "b", None, "a: 1\nc: 3\n"),
        ("a: 1\nb: |\n  x\n", "b", None, "a: 1\n"),
        ("a: {b: 1, c: 2, d: 3}\n", "a.b", None, "a: {c: 2, d: 3}\n"),
        ("a: {b: 1, c: 2, d: 3}\n", "a.c", None, "a: {b: 1, d: 3}\n"),
        ("a: {b: 1, c: 2, d: 3}\n", "a.d", None, "a: {b: 1, c: 2}\n"),
        ("a: {b: 1}\n", "a.b", None, "a: {}\n"),
        ("a:\n  b: 1\nc: 2\n", "a.b", None, "a: {}\nc: 2\n"),
        ("a: 1\n", "a", None, ""),
        ("- key: a\n  label: b\n", "a.key", None, "- label: b\n"),
        ("a: 1\n", "moon", None, "a: 1\n"),
        # put in
        ("", "a", 1, "a: 1\n"),
        ("# empty\n", "a", 1, "# empty\na: 1\n"),
        ("a: 1", "b", 2, "a: 1\nb: 2"),
        ("a: 1\n# end\n", "b", 2, "a: 1\nb: 2\n# end\n"),
        ("a:\n  b: 1\nc: 2\n", "a.d", 3, "a:\n  b: 1\n  d: 3\nc: 2\n"),
        ("a: |\n  x\n\n\nb: y\n", "c", 3, "a: |\n  x\n\n\nb: y\nc: 3\n"),
        ("a: {}\n", "a.b", 1, "a: {b: 1}\n"),
        ("a: {b: 1}\n", "a.c", "x, y", "a: {b: 1, c: 'x, y'}\n"),
        ("a: {b: 1,}\n", "a.c", 2, "a: {b: 1, c: 2}\n"),
        ("a: {\n  b: 1\n}\n", "a.c", 2, "a: {\n  b: 1, c: 2\n}\n"),
        ("a: 1\n", "2018", 2, "a: 1\n'2018': 2\n"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_value_is_changed_and_all_around_it_stays(before: str, name: str, value: Any, after: str, ends: str) -> None:
    if ends == "\r\n" and "\n" not in before:
        before = after = ""  # which ends its lines have cannot be known
        value = None
    assert changed(before.replace("\n", ends), name, value) == after.replace("\n", ends)


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("a: 1\n", "a.b", 2),
        ("a: 1\n", "b.c", 2),
        ("- a\n", "b", 2),
        ("just words\n", "b", 2),
        ("a: [\n", "b", 2),
        ("a: {b, c: 1}\n", "a.b", 2),
        ("a: {b: 1 # why\n}\n", "a.c", 2),
        ("a: 1\n", "b", "\0"),
    ],
)
def test_what_has_no_place_or_would_change_something_else_is_refused(text: str, name: str, value: Any) -> None:
    with pytest.raises(ValueError, match="put"):
        read_yaml(text).with_value(name, value)


@given(value=VALUES, flow=st.booleans())
def test_what_is_written_is_read_the_same(value: Any, flow: bool) -> None:
    text = f"{{a: {written(value, flow=True)}, b: 1}}" if flow else f"a: {written(value, flow=False)}\nb: 1\n"
    assert "\n" not in written(value, flow=flow)
    assert read_yaml(text).data == {"a": value, "b": 1}


LAYOUTS = (
    "# top\nx: 'one' # 1\n\n# two\ny:\n  a: [1, 2] # list\n  # inside\n  b: |\n    lit\n    eral\n\n  c: {d: 1, e: 'two'}\nz: 3\n",
    "x: [a, b]\ny: {a: {b: 1}, c: \"d\"} # flow\nz: >\n  folded\n  text\n",
    "x:\n- 1\n- 2\ny:\n    a:\n        b: 1\n    c: x\nz:\n",
)  # fmt: skip


def names_in(data: Any, within: str = "") -> list[str]:
    """The names of all fields inside mappings."""
    if not isinstance(data, dict):
        return []
    return [name for key, value in data.items() for name in (f"{within}{key}", *names_in(value, f"{within}{key}."))]


def outside(found: Yaml, name: str) -> tuple[list[str], list[str]]:
    """The lines above a field, and those below it."""
    span = found.span_of(name)
    assert span
    lines = found.text.splitlines(keepends=True)
    return lines[: span[0]], lines[span[1] :]


@given(data=st.data(), layout=st.sampled_from(LAYOUTS), windows=st.booleans(), value=VALUES)
def test_a_change_leaves_every_other_line_and_every_other_value(data: st.DataObject, layout: str, windows: bool, value: Any) -> None:
    text = read_yaml(layout.replace("\n", "\r\n") if windows else layout)
    name = data.draw(st.sampled_from(names_in(text.data)))
    after = text.with_value(name, value)
    assert outside(after, name) == outside(text, name)
    assert after.wrong is None and after.with_value(name, None).data == text.with_value(name, None).data


@pytest.mark.parametrize("path", sorted(path for path in read_files(settings.CONTENT_DIR) if path.endswith(".yaml")))
def test_every_field_of_our_files_stands_where_it_is_said_to(path: str) -> None:
    text = read_files(settings.CONTENT_DIR)[path]
    found, lines = read_yaml(text, may_share=path == "codes.yaml"), text.split("\n")
    names = names_in(found.data)[:300]
    assert names
    for name in names:
        place = found.place_of(name)
        assert place, name
        key = lines[place[0]][place[1] :]
        assert key.lstrip("'\"").startswith(name.rpartition(".")[2]), (name, key)
