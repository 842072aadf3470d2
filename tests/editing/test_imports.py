"""Files and edits come together by a three-way comparison."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from guide.editing.imports import merge

NOTHING: dict[str, str | None] = {}


def texts(text: str | None) -> dict[str, str]:
    return {} if text is None else {"a.md": text}


@pytest.mark.parametrize(
    ("file", "published", "base", "changes", "conflict"),
    [
        # nothing to do
        ("old", "old", "old", NOTHING, False),
        (None, None, "old", NOTHING, False),
        # both say the same: importing it makes it the common base
        ("same", "same", "old", {"a.md": "same"}, False),
        ("same", "same", None, {"a.md": "same"}, False),
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
        "nobody", "both removed", "both the same", "both added the same", "file changed", "file added", "file removed", "edited", "added here",
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
@settings(max_examples=200, deadline=None)
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
@settings(max_examples=100, deadline=None)
def test_without_edits_the_import_makes_the_published_texts_those_of_the_files(files: dict[str, str], published: dict[str, str]) -> None:
    changes, conflicts = merge(files, published, dict(published))
    assert conflicts == []
    assert {path: text for path, text in {**published, **changes}.items() if text is not None} == files
