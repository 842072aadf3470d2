"""Files and edits come together by a three-way comparison."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guide.editing.imports import CLASH_ENDS, EDITORS_BELOW, FILES_BELOW, bring_together, has_clashes, merge

NOTHING: dict[str, str | None] = {}


def texts(text: str | None) -> dict[str, str]:
    return {} if text is None else {"a.md": text}


@pytest.mark.parametrize(
    ("file", "published", "base", "changes", "conflict"),
    [
        # nothing to do
        ("old", "old", "old", NOTHING, False),
        # both say the same: importing it makes it the common base
        ("same", "same", "old", {"a.md": "same"}, False),
        ("same", "same", None, {"a.md": "same"}, False),
        (None, None, "old", {"a.md": None}, False),
        # only the file changed
        ("new", "old", "old", {"a.md": "new"}, False),
        ("new", None, None, {"a.md": "new"}, False),
        (None, "old", "old", {"a.md": None}, False),
        # only the published text changed
        ("old", "edited", "old", NOTHING, False),
        (None, "edited", None, NOTHING, False),
        ("old", None, "old", NOTHING, False),
        # both changed
        ("new", "edited", "old", NOTHING, True),
        ("new", "edited", None, NOTHING, True),
        (None, "edited", "old", NOTHING, True),
        ("new", None, "old", NOTHING, True),
    ],
    ids=[
        "nobody", "both the same", "both added the same", "both removed", "file changed", "file added", "file removed", "edited", "added here",
        "removed here", "both changed", "both added", "file removed, edited here", "file changed, removed here",
    ],
)  # fmt: skip
def test_one_document_is_imported_kept_or_in_conflict(
    file: str | None, published: str | None, base: str | None, changes: dict[str, str | None], conflict: bool
) -> None:
    assert merge(texts(file), texts(published), {"a.md": base}) == (changes, ["a.md"] if conflict else [])


def test_a_document_that_was_never_imported_has_no_base() -> None:
    assert merge({"a.md": "new"}, {"a.md": "edited"}, {}) == ({}, ["a.md"])
    assert merge({"a.md": "new"}, {}, {}) == ({"a.md": "new"}, [])


def test_documents_are_compared_each_by_itself_and_told_in_order() -> None:
    files = {"d.md": "new", "b.md": "new", "a.md": "same", "c.md": "new"}
    published = {"d.md": "edited", "b.md": "old", "a.md": "same", "c.md": "edited", "e.md": "old"}
    base: dict[str, str | None] = {"a.md": "same", "b.md": "old", "c.md": "old", "d.md": "old", "e.md": "old"}
    assert merge(files, published, base) == ({"b.md": "new", "e.md": None}, ["c.md", "d.md"])


SOME = st.dictionaries(st.sampled_from(["a.md", "b.md", "c.md"]), st.sampled_from(["one", "two", "three"]))


@given(SOME, SOME, SOME)
def test_after_an_import_without_conflicts_a_second_one_changes_nothing(
    files: dict[str, str], published: dict[str, str], last: dict[str, str]
) -> None:
    changes, conflicts = merge(files, published, dict(last))
    after = {path: text for path, text in {**published, **changes}.items() if text is not None}
    again, still = merge(files, after, dict(files))
    assert again == {}
    assert still == []
    assert set(changes).isdisjoint(conflicts)
    assert all(files.get(path) == text for path, text in changes.items())


@given(SOME, SOME)
def test_without_edits_the_import_makes_the_published_texts_those_of_the_files(files: dict[str, str], published: dict[str, str]) -> None:
    changes, conflicts = merge(files, published, dict(published))
    assert conflicts == []
    assert {path: text for path, text in {**published, **changes}.items() if text is not None} == files


# The lines of one document

BASE = "one\ntwo\nthree\nfour\nfive\n"


@pytest.mark.parametrize(
    ("editors", "files", "together"),
    [
        (BASE, BASE, BASE),
        ("one\nTWO\nthree\nfour\nfive\n", BASE, "one\nTWO\nthree\nfour\nfive\n"),
        (BASE, "one\ntwo\nthree\nfour\n", "one\ntwo\nthree\nfour\n"),
        ("ONE\ntwo\nthree\nfour\nfive\n", "one\ntwo\nthree\nfour\nFIVE\n", "ONE\ntwo\nthree\nfour\nFIVE\n"),
        ("zero\n" + BASE, BASE + "six\n", "zero\n" + BASE + "six\n"),
        ("one\nthree\nfour\nfive\n", "one\ntwo\nthree\nfour\nmore\nfive\n", "one\nthree\nfour\nmore\nfive\n"),
        # both did the same
        ("one\ntwo\n3\nfour\nfive\n", "one\ntwo\n3\nfour\nfive\n", "one\ntwo\n3\nfour\nfive\n"),
    ],
)
def test_changes_in_different_lines_come_together(editors: str, files: str, together: str) -> None:
    merged = bring_together(BASE, editors, files)
    assert (merged.text, merged.clashes) == (together, 0)
    assert not has_clashes(merged.text)


def test_changes_in_the_same_lines_stand_both_between_marks() -> None:
    merged = bring_together("one\ntwo\nthree", "one\nmine\nthree", "one\ntheirs\nthree")
    assert merged.text == f"one\n{EDITORS_BELOW}\nmine\n{FILES_BELOW}\ntheirs\n{CLASH_ENDS}\nthree"
    assert merged.clashes == 1 and has_clashes(merged.text)
    assert bring_together("", "mine", "theirs").clashes == 1


LINES = st.lists(st.sampled_from(["a\n", "b\n", "c\n", "\n"]), max_size=8).map("".join)


@given(LINES, LINES)
def test_where_one_side_changed_nothing_the_other_is_taken_as_it_is(base: str, changed: str) -> None:
    assert bring_together(base, changed, base).text == changed
    assert bring_together(base, base, changed).text == changed
    assert bring_together(base, changed, changed).text == changed


@given(LINES, LINES, LINES)
def test_no_line_that_one_side_added_is_lost(base: str, editors: str, files: str) -> None:
    merged = bring_together(base, editors, files).text.splitlines()
    for side in (editors, files):
        for line in set(side.splitlines()) - set(base.splitlines()):
            assert line in merged
