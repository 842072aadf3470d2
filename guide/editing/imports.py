"""Files and edits brought together, each document by itself, and the lines of one document. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from guide.editing.diff import compared

# Where both sides wrote in the same lines, both stand in the text between these, for a person to choose.
EDITORS_BELOW = "<<<<<<< the editors wrote"
FILES_BELOW = "======= the files say"
CLASH_ENDS = ">>>>>>> keep one of the two, or both in your own words; then remove these three lines"


def merge(
    files: Mapping[str, str], published: Mapping[str, str], last_imported: Mapping[str, str | None]
) -> tuple[dict[str, str | None], list[str]]:
    """What an import changes (None: removed), and the documents that both sides changed.

    A three-way comparison: what the files said at the last import is the common base. Where both sides came to
    say the same, or both took a document away, importing that makes it the common base.
    """
    changes: dict[str, str | None] = {}
    conflicts = []
    for path in sorted({*files, *published, *last_imported}):
        file, text, base = files.get(path), published.get(path), last_imported.get(path)
        if file == base:
            continue
        if text in (base, file):
            changes[path] = file
        else:
            conflicts.append(path)
    return changes, conflicts


@dataclass(frozen=True)
class Merged:
    """A text with the changes of both sides. `clashes`: places that both changed, with both versions between marks."""

    text: str
    clashes: int


def bring_together(base: str, editors: str, files: str) -> Merged:
    """One text out of two that came from the same one: what only one side changed is taken from that side.

    Lines that neither side changed hold the text together; between two of them, three passages are compared
    (Khanna, Kunal, Pierce: A Formal Investigation of Diff3, 2007).
    """
    parts: list[str] = []
    clashes = 0
    for old, ours, theirs in _passages(base.splitlines(keepends=True), editors.splitlines(keepends=True), files.splitlines(keepends=True)):
        if ours in (old, theirs):
            parts += theirs
        elif theirs == old:
            parts += ours
        else:
            clashes += 1
            parts += [f"{EDITORS_BELOW}\n", *_ended(ours), f"{FILES_BELOW}\n", *_ended(theirs), f"{CLASH_ENDS}\n"]
    return Merged("".join(parts), clashes)


def has_clashes(text: str) -> bool:
    """Whether somebody still has to choose."""
    return any(line.rstrip() in (EDITORS_BELOW, FILES_BELOW, CLASH_ENDS) for line in text.splitlines())


Lines = Sequence[str]


def _passages(base: Lines, ours: Lines, theirs: Lines) -> Iterator[tuple[Lines, Lines, Lines]]:
    """The three texts cut at every run of lines that all three have; the runs themselves are passages too."""
    in_ours, in_theirs = _places(base, ours), _places(base, theirs)
    at = at_ours = at_theirs = 0
    for line in range(len(base)):
        if line not in in_ours or line not in in_theirs:
            continue
        yield base[at:line], ours[at_ours : in_ours[line]], theirs[at_theirs : in_theirs[line]]
        yield base[line : line + 1], base[line : line + 1], base[line : line + 1]
        at, at_ours, at_theirs = line + 1, in_ours[line] + 1, in_theirs[line] + 1
    yield base[at:], ours[at_ours:], theirs[at_theirs:]


def _places(base: Lines, other: Lines) -> dict[int, int]:
    """Where the lines of the base stand in another text: index -> index, both rising."""
    runs = (places for kind, *places in compared(base, other) if kind == "equal")
    return {line: there for start, stop, begin, end in runs for line, there in zip(range(start, stop), range(begin, end), strict=True)}


def _ended(lines: Lines) -> list[str]:
    """The last line of a text may lack its end; a mark must not run into it."""
    return [line if line.endswith("\n") else f"{line}\n" for line in lines]
