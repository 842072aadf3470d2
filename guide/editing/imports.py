"""Files and edits brought together, each document by itself."""

from __future__ import annotations

from collections.abc import Mapping


def merge(
    files: Mapping[str, str], published: Mapping[str, str], last_imported: Mapping[str, str | None]
) -> tuple[dict[str, str | None], list[str]]:
    """What an import changes (None: removed), and the documents that both sides changed.

    A three-way comparison: what the files said at the last import is the common base.
    """
    changes: dict[str, str | None] = {}
    conflicts = []
    for path in sorted({*files, *published}):
        file, text, base = files.get(path), published.get(path), last_imported.get(path)
        if file == base:
            continue
        # Where an edit has come into the files, importing it makes it the common base.
        if text in (base, file):
            changes[path] = file
        else:
            conflicts.append(path)
    return changes, conflicts
