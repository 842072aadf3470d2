"""The one reading of a text: its parts with their lines, and changes that leave everything else as it is."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from django.conf import settings
from hypothesis import example, given
from hypothesis import strategies as st

from guide.content.blocks import KINDS
from guide.content.files import read_files
from guide.content.places import line_of
from guide.content.text import BlockText, FieldsError, Prose, Text, read, title_at_top, value_of
from guide.content.whole import examine
from guide.content.yamltext import UNREAD

PATH = "en/pages/10-soil.md"
REAL = read_files(settings.CONTENT_DIR)
DOCUMENTS = sorted(path for path in REAL if path.endswith(".md"))
WITH_BLOCKS = [path for path in DOCUMENTS if "\n/// " in REAL[path]]
PIECES = [
    "---\n", "---", "\n", "\r\n", "\r", "\ufeff", "title: Soil\n", "title: [\n", "    when: {a: b}\n", "\twhen: x\n", "    id: a\n", "    - b\n", "    :\n",
    "/// ask | Why?\n", "/// ask", "///\n", "///", "////\n", "//// term | Loam\n", "> /// ask | In\n", "- /// ask\n", "/// opton | x\n", "/// /// a\n", "/// a b\n",
    "## Rain\n", "words ", "\0", "\x85", "\u2028", "\ud800", "[x]: /guide/\n", "```\n", "    ", "\t", " ",
]  # fmt: skip
TYPED = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)
PATHS = st.sampled_from([PATH, "en/site.yaml", "codes.yaml", "moon.txt"])


# Reading


@given(path=PATHS, front=st.sampled_from(["", "---\n---\n", "---\ntitle: x\n---\n"]), typed=TYPED)
@example(path=PATH, front="---\n---\n", typed="/// ask")
@example(path=PATH, front="---\n---\n", typed="/// ask | Why?\n    id: a")
def test_whatever_is_typed_is_read_and_every_letter_is_still_there(path: str, front: str, typed: str) -> None:
    source = front + typed
    text = read(path, source)
    assert text.source == source
    assert source[text.fields_start :].startswith(text.front)
    assert text.body == "" or source[text.body_start :] == text.body
    last = source.count("\n") + 1
    for one in text.mistakes:
        assert one.remedy and 0 <= one.place.line <= last
    assert text.mistakes == read(path, source + "").mistakes


@given(typed=TYPED)
def test_parts_cover_the_body_each_at_its_line(typed: str) -> None:
    text = read(PATH, f"---\ntitle: x\n---\n{typed}")
    lines = text.source.split("\n")
    at = text.body_line
    for part in text.parts:
        assert part.line >= at, "parts stand one after another"
        covered = lines[at - 1 : part.line - 1]
        assert all(is_fence(line) or not line.strip("\r") for line in covered), "nothing but marks of blocks stands between them"
        if isinstance(part, Prose):
            at = follow(part.markdown.split("\n"), lines, part.line)
        else:
            assert is_fence(lines[part.line - 1])
            assert text.source[part.start : part.end].split("\n") == lines[part.line : part.body_line - 1] + [""] or part.end == len(
                text.source
            )
            assert follow(part.body.split("\n") if part.body else [], lines, part.body_line) <= part.last + 1
            at = part.last + 1
    assert all(is_fence(line) or not line.strip("\r") for line in lines[at - 1 :])


def is_fence(line: str) -> bool:
    return "///" in line


def follow(wanted: list[str], lines: list[str], at: int) -> int:
    """The line after these, which stand there from `at` (from 1) on, with nothing but marks of blocks between them."""
    for one in wanted:
        while lines[at - 1].removesuffix("\r") != one:
            assert is_fence(lines[at - 1]), (one, lines[at - 1])
            at += 1
        at += 1
    return at


@pytest.mark.parametrize(
    "typed",
    [
        "/// ask | Why?\n" * 900,
        ("//// ask | Why?\n" + "/// ask\n") * 450,
        ("/// a" + " " * 4_900 + "b\n") * 20,
        ("> " * 2_400 + "\n") * 20,
        "/// ask | Why?\n" + "    a: b\n" * 9_000 + "///\n",
        "/// ask | Why?\n    a: " + "[" * 4_000 + "\n///\n",
        ("/// ask | Why?\n    id: a\nWords.\n///\n\n") * 900,
        "\r" * 90_000,
        "\0" * 90_000,
        "x\n" * 45_000,
        "[@" * 10 + "]" * 20_000,
    ],
    ids=["open", "unlike", "spaces", "quotes", "options", "brackets", "blocks", "returns", "nuls", "lines", "cites"],
)  # fmt: skip
def test_nasty_texts_are_read_within_a_moment(typed: str) -> None:
    before = time.process_time()
    assert read(PATH, f"---\ntitle: x\n---\n{typed}").source.endswith(typed)
    assert time.process_time() - before < 5


def test_twice_as_many_blocks_take_no_more_than_about_twice_as_long() -> None:
    def takes(blocks: int) -> float:
        one = "/// ask | Why?\n    id: a\nWords.\n\n///\n"
        before = time.process_time()
        for number in range(3):
            read(PATH, f"---\ntitle: {number} {blocks}\n---\n{one * blocks}")
        return time.process_time() - before

    takes(200)
    assert takes(1_600) < 6 * takes(800)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_a_text_from_windows_or_with_a_byte_order_mark_is_read_the_same(mark: str, ends: str) -> None:
    source = "---\ntitle: Soil\nb: |\n  x\n  y\n---\n\nOne.\n\n/// ask | Why?\n    id: why\n    when: {a: b}\nTwo.\n///\nThree.\n"
    text = read(PATH, mark + source.replace("\n", ends))
    assert text.mistakes == ()
    assert text.data == {"title": "Soil", "b": "x\ny\n"}
    (block,) = text.blocks
    assert (block.kind, block.title, block.data) == ("ask", "Why?", {"id": "why", "when": {"a": "b"}})
    assert (text.fields_line, text.body_line, block.line, block.body_line, block.last) == (2, 7, 10, 13, 14)
    assert [part.line for part in text.parts] == [7, 10, 15]
    assert [block.line_of(name) for name in ("id", "when", "role", "")] == [11, 12, 10, 10]
    assert [text.block_at(line) for line in (9, 10, 14, 15)] == [None, block, block, None]


@pytest.mark.parametrize(
    ("typed", "code", "line"),
    [
        ("One.\n\nTwo\0.\n", "nul", 6),
        ("One.\n\n/// ask | W\0y?\n    id: a\n///\n", "nul", 6),
        ("One.\n\nTwo.\r/// ask | Why?\n", "unseen-sign", 6),
        ("One.\n\n/// ask | Why?\n    id: a\nTwo.\n", "block-open", 6),
        ("One.\n\n/// ask | Why?\n    id: a\n    colour: red\nTwo.\n///\n", "block-unknown-option", 8),
        ("One.\n\n/// moon | Why?\n    id: a\nTwo.\n///\n", "block-unknown-kind", 6),
        ("One.\n\n/// ask | Why?\n    id: [\nTwo.\n///\n", "yaml-open-bracket", 7),
        ("One.\n\n/// ask | Why?\n    id: a\n    id: b\nTwo.\n///\n", "yaml-twice", 8),
        ("One.\n\n/// ask | Why?\n    id\nTwo.\n///\n", "block-options-no-fields", 6),
        ("One.\n\n///\n", "block-end-alone", 6),
        ("One.\n\n- /// ask | Why?\n", "block-inside", 6),
        ("One.\n\n/// a b\n", "block-not-understood", 6),
        ("//// ask | Why?\n    id: a\n\n/// ask | Inner\n///\n////\n", "block-inside", 7),
        ("x" * 5_001, "line-too-long", 4),
    ],
)
def test_what_is_wrong_with_a_text_as_a_text_has_its_line(typed: str, code: str, line: int) -> None:
    for ends in ("\n", "\r\n"):
        text = read(PATH, f"---\ntitle: x\n---\n{typed}".replace("\n", ends))
        assert (code, line) in [(one.code, line_of(text, one.place)) for one in text.mistakes]


def test_a_nul_in_a_body_is_told_and_is_no_traceback(toy_texts: dict[str, str]) -> None:
    toy_texts[PATH] = toy_texts[PATH].replace("Soil is sand", "Soil\0 is sand")
    line = toy_texts[PATH].split("\0")[0].count("\n") + 1
    assert list(map(str, examine(toy_texts)[1])) == [f"{PATH}: line {line}: a NUL stands in it, which is no letter: remove it"]


# Fields changed


BLOCK, FLOW = "title: 'One'   # first\n# about\nvalues:\n  low:\n    label: Low\n  high: {label: High, hint: x}\n", "{title: One, values: {low: {label: Low}}}\n"  # fmt: skip


@given(
    front=st.sampled_from([BLOCK, FLOW]),
    ends=st.sampled_from(["\n", "\r\n"]),
    mark=st.sampled_from(["", "\ufeff"]),
    name=st.sampled_from(["title", "values.low.label", "values.low.hint", "new"]),
    value=st.sampled_from(["Two", "a: b", "", "yes", 3, True, ["x", "y"], {"a": 1}, "two\nlines", None]),
    body=TYPED,
)
def test_a_changed_field_reads_as_it_was_set_and_all_else_stays(front: str, ends: str, mark: str, name: str, value: Any, body: str) -> None:
    head, below = mark + f"---\n{front}".replace("\n", ends), f"---{ends}{body}"
    before = read(PATH, head + below)
    after = read(PATH, before.with_fields({name: value}))
    assert after.source.startswith(f"{mark}---{ends}") and after.source.endswith(below)
    assert value_of(after.mapping, name) == value
    kept = [line for line in head.split("\n") if line.strip() and not re.search(r"title|low|label|\{", line)]
    assert [line for line in kept if line not in after.source.split("\n")] == []
    assert {key: one for key, one in after.mapping.items() if key not in ("title", "values", "new")} == {}
    for other in {"title", "values.high", "values.low.label"} - {name}:
        if front == BLOCK or other != "values.high":
            assert value_of(after.mapping, other) == value_of(before.mapping, other)


def test_what_is_equal_stays_as_it_is_written() -> None:
    source = "---\ntitle: 'One'\nb: \"x\"\nc:   3\n---\nText.\n"
    assert read(PATH, source).with_fields({"title": "One", "b": "x", "c": 3, "d": None}) == source


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("no fields", "title"),
        ("---\ntitle: [\n---\n", "title"),
        ("---\n- a\n---\n", "title"),
        ("---\ntitle: x\n---\n", "title.inner"),
        ("---\ntitle: x\n---\n", "values.low"),
        ("---\ntitle: [x]\n---\n", "title.1"),
        ("---\n{title: x, y # why\n}\n---\n", "new"),
    ],
)
def test_fields_that_cannot_be_changed_are_refused(source: str, name: str) -> None:
    with pytest.raises(FieldsError, match="The fields cannot be read"):
        read(PATH, source).with_fields({name: "new"})


def test_a_title_is_read_from_the_first_letters() -> None:
    assert title_at_top("---\ntitle: 'Soil: one'\nsummary: x\n") == "Soil: one"
    assert title_at_top("title: Soil\n") == title_at_top("---\ntitle: [a]\n") == title_at_top("") == ""


# Options changed


SOME = "---\ntitle: x\n---\n## A\n\n/// ask | One\n    id: one # name\n    when: {a: b}\nText.\n///\n\n/// ask | Two\nMore.\n///\nEnd.\n"


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize(
    ("number", "name", "value", "old", "new"),
    [
        (0, "when", {"a": ["b", "c"]}, "{a: b}", "{a: [b, c]}"),
        (0, "when", None, "    when: {a: b}\n", ""),
        (0, "role", "usual", "{a: b}\n", "{a: b}\n    role: usual\n"),
        (0, "role", None, "", ""),
        (1, "when", {"a": "b"}, "| Two\n", "| Two\n    when: {a: b}\n"),
        (1, "when", None, "", ""),
    ],
)  # fmt: skip
def test_an_option_is_changed_and_all_around_it_stays(ends: str, number: int, name: str, value: Any, old: str, new: str) -> None:
    text = read(PATH, SOME.replace("\n", ends))
    assert text.with_option(text.blocks[number], name, value) == SOME.replace(old, new, 1).replace("\n", ends)


def test_an_option_is_changed_in_a_block_that_is_indented_by_tabs() -> None:
    text = read(PATH, "---\ntitle: x\n---\n/// ask | One\n\tid: one\n\twhen: {a: b}\nText.\n///\n")
    changed = read(PATH, text.with_option(text.blocks[0], "when", {"a": "c"}))
    assert changed.source.endswith("\nText.\n///\n") and changed.blocks[0].data == {"id": "one", "when": {"a": "c"}}


def test_an_option_is_put_into_a_block_without_a_line_below() -> None:
    text = read(PATH, "---\ntitle: x\n---\n/// ask | One")
    assert text.with_option(text.blocks[0], "id", "one") == "---\ntitle: x\n---\n/// ask | One\n    id: one\n"


@pytest.mark.parametrize("options", ["    id: [\n", "    when\n", "    - a\n"])
def test_options_that_cannot_be_read_are_not_changed(options: str) -> None:
    text = read(PATH, f"---\ntitle: x\n---\n/// ask | One\n{options}///\n")
    with pytest.raises(FieldsError):
        text.with_option(text.blocks[0], "id", "one")


# Every file there is


def leaves(data: Any, within: str = "") -> list[tuple[str, Any]]:
    """The fields inside mappings that hold no others, with their values."""
    if not isinstance(data, dict) or not data:
        return [(within.rstrip("."), data)] if within else []
    return [one for key, value in data.items() for one in leaves(value, f"{within}{key}.")]


def sample(paths: list[str]) -> list[str]:
    """The shortest file of every folder and with every kind of block, and every twentieth of all.

    To read a whole file again for each thing that is changed in it takes time, and the same rules hold for each file.
    """
    kinds: dict[str, str] = {}
    for path in sorted(paths, key=lambda path: len(REAL[path]), reverse=True):
        for kind in (path.rpartition("/")[0], *re.findall(r"^/// (\w+)", REAL[path], re.MULTILINE)):
            kinds[kind] = path
    return [path for number, path in enumerate(paths) if path in kinds.values() or number % 20 == 0]


def test_every_field_of_our_files_stands_in_the_lines_that_it_is_said_to_have() -> None:
    for path in DOCUMENTS:
        text = read(path, REAL[path])
        assert text.mistakes == () and leaves(text.mapping), path
        lines = text.source.split("\n")
        for name, _ in leaves(text.mapping):
            span = text.fields.span_of(name)
            assert span and name.rpartition(".")[2] in lines[text.fields_line - 1 + span[0]], (path, name)


@pytest.mark.parametrize("path", sample(DOCUMENTS))
def test_every_field_of_our_files_changes_alone_and_back_again(path: str) -> None:
    text = read(path, REAL[path])
    lines = text.source.split("\n")
    for name, value in leaves(text.mapping):
        span = text.fields.span_of(name)
        assert span
        there = read(path, text.with_fields({name: "moon"}))
        back = read(path, there.with_fields({name: value}))
        first, last = text.fields_line - 1 + span[0], text.fields_line - 1 + span[1]
        below = len(lines) - last
        for one in (there, back):
            changed = one.source.split("\n")
            assert changed[:first] == lines[:first] and changed[len(changed) - below :] == lines[last:]
        assert back.data == text.data and back.body == text.body
        if back.source != text.source:  # how a value is written is lost with it: quotes that need not be, lists on lines of their own
            assert written_otherwise(lines[first:last], name.rpartition(".")[2]), name


def written_otherwise(lines: list[str], name: str) -> bool:
    """Whether a value is written in another way than a new one would be: on lines of its own, in quotes, with more spaces in brackets."""
    return len(lines) > 1 or re.search(rf"\b{re.escape(name)}: *['\"\[{{]", lines[0]) is not None


def test_every_block_of_our_files_stands_at_its_lines() -> None:
    for path in WITH_BLOCKS:
        text = read(path, REAL[path])
        lines = text.source.split("\n")
        assert len(text.blocks) == len(re.findall(r"^/// \w", text.source, re.MULTILINE)) > 0, path
        for block in text.blocks:
            assert lines[block.line - 1] == f"/// {block.kind} | {block.title}" and block.kind in KINDS
            assert lines[block.last - 1] == "///" and block.closed
            assert "///" not in "".join(lines[block.line : block.last - 1])
            assert "\n".join(lines[block.body_line - 1 : block.last - 1]) == block.body
            assert "\n".join(lines[block.line : block.body_line - 1]) + "\n" == block.options.text == text.source[block.start : block.end]
            for option in block.data:
                assert lines[block.line_of(option) - 1].startswith(f"    {option}:"), (path, block.title)


def test_the_sample_has_every_kind_of_block_that_our_files_have() -> None:
    def kinds(paths: list[str]) -> set[str]:
        return {block.kind for path in paths for block in read(path, REAL[path]).blocks}

    assert kinds(sample(WITH_BLOCKS)) == kinds(WITH_BLOCKS)
    assert 5 < len(sample(WITH_BLOCKS)) < len(sample(DOCUMENTS))


@pytest.mark.parametrize("path", sample(WITH_BLOCKS))
def test_a_when_is_set_and_taken_out_again_in_every_block_of_our_files(path: str) -> None:
    text = read(path, REAL[path])
    for block in text.blocks:
        told = read(path, text.with_option(block, "when", {"moon": "full"}))
        same = told.blocks[block.name.number]
        assert same.data == {**block.data, "when": {"moon": "full"}} and same.body == block.body
        assert others(told, block) == others(text, block)
        without = read(path, told.with_option(same, "when", None))
        assert without.blocks[block.name.number].data == {name: value for name, value in block.data.items() if name != "when"}
        assert without.source == (text.source if "when" not in block.data else text.with_option(block, "when", None))
        assert len(text.source) - len(without.source) == (len(when_of(text, block)) if "when" in block.data else 0)


def others(text: Text, block: BlockText) -> list[str]:
    """The lines of a text without those of the options of a block."""
    same = text.blocks[block.name.number]
    return text.source[: same.start].split("\n") + text.source[same.end :].split("\n")


def when_of(text: Text, block: BlockText) -> str:
    """The lines of its condition as they are written."""
    span = block.options.span_of("when")
    assert span
    return "".join(block.options.text.splitlines(keepends=True)[span[0] : span[1]])


def test_of_a_text_that_is_not_read_no_field_is_known() -> None:
    text = read(PATH, "x" * 100_001)
    assert (text.data, text.mapping, text.title, text.parts) == (UNREAD, {}, "", ())
    assert [one.code for one in text.mistakes] == ["text-too-long"]


@pytest.mark.parametrize("space", ["\u00a0", "\u2003", "\u200b "])
def test_a_block_is_one_whatever_spaces_its_first_and_last_line_have(space: str) -> None:
    text = read(PATH, f"---\ntitle: Soil\n---\n\n///{space}callnow | Smoke\u00a0rises\nCall.\n///{space}\n")
    (block,) = text.blocks
    assert (block.kind, block.title, block.body, block.closed) == ("callnow", "Smoke\u00a0rises", "Call.", True)


def test_a_title_is_read_from_the_first_letters_of_a_text_from_windows() -> None:
    assert title_at_top("---\r\ntitle: Soil\r\nchecked: 2026-11-01\r\n---\r\n") == "Soil"


@pytest.mark.parametrize("between", ["\n", "\n\n", "  \n"])
def test_an_empty_line_above_the_options_of_a_block_hides_none_of_them(between: str) -> None:
    (block,) = read(PATH, f"---\ntitle: x\n---\n/// ask | Why?\n{between}    id: why\n    when: {{a: b}}\nSo.\n///\n").blocks
    assert (dict(block.data), block.body, block.line_of("id")) == ({"id": "why", "when": {"a": "b"}}, "So.", 5 + between.count("\n"))


def test_two_versions_in_the_fields_are_told_as_such() -> None:
    text = read(PATH, "---\ntitle: a\n<<<<<<< HEAD\nsummary: b\n=======\nsummary: c\n>>>>>>> other\n---\nx\n")
    (told,) = text.unread
    assert (told.code, told.place.line) == ("conflict-marker", 3)
