"""What differs between two texts, in words. Pure.

Paragraphs are compared first, and words only within those that changed: comparing all words of two long texts
would take seconds, and would find the same "and" in places that have nothing to do with each other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass
from difflib import Match, SequenceMatcher
from itertools import accumulate
from typing import Literal

Kind = Literal["same", "added", "removed", "folded"]
Unit = tuple[str, ...]
"""The words of a paragraph."""

_WORD = r"\w+(?:[-‑'’./,]\w+)*"
_TOKEN = re.compile(rf"(?P<key>{_WORD}|[^\w\s])(?P<after>[^\S\n]*(?:\n(?!\s*\n))?[^\S\n]*)|(?P<space>\s+)")
_IS_WORD = re.compile(r"\w")
_BREAK = "¶"
_PARAGRAPHS = re.compile(r"(?<=\n\n)(?!\n)")
_MOST_STEPS = 5_000_000  # about a second
_KEPT = 25  # words that stay on each side of a change
_WORTH_FOLDING = 20  # words; fewer would take no less space folded


@dataclass(frozen=True)
class Piece:
    """A run of words that both texts have, or only one. `folded`: both have it, and it is far from any change."""

    kind: Kind
    text: str

    @property
    def words(self) -> int:
        """How many words it has."""
        return len(words_of(self.text))


@dataclass(frozen=True)
class Change:
    """Words `removed` of one text stand in the place of words `added` in the other; the rest is the same."""

    removed: range
    added: range


@dataclass(frozen=True)
class _Token:
    """A word or mark, with the space after it. What is compared is the key alone."""

    key: str
    text: str


def difference(before: str, after: str) -> list[Piece]:
    """The text after the change, with the words that went and those that came. Space alone makes no difference, but a new paragraph does."""
    old, new = [_tokens(text) for text in _PARAGRAPHS.split(before)], [_tokens(text) for text in _PARAGRAPHS.split(after)]
    gone, there = [token for unit in old for token in unit], [token for unit in new for token in unit]
    pieces: list[Piece] = []
    place = 0
    for change in changes([_keys(unit) for unit in old], [_keys(unit) for unit in new]):
        same, removed, added = (
            _text(run) for run in (there[place : change.added.start], _at(gone, change.removed), _at(there, change.added))
        )
        apart = change.removed.start and gone[change.removed.start - 1].text[-1:].isspace()
        pieces.append(Piece("same", same))
        pieces += _replaced(f" {removed}" if removed and apart and not same[-1:].isspace() else removed, added)
        place = change.added.stop
    pieces.append(Piece("same", _text(there[place:])))
    return list(_joined(pieces))


def folded(pieces: Sequence[Piece], kept: int = _KEPT) -> list[Piece]:
    """The same, with long stretches folded that have no change near them."""
    found: list[Piece] = []
    for place, piece in enumerate(pieces):
        head = kept if place else 0
        tail = kept if place + 1 < len(pieces) else 0
        ends = [match.end() for match in _TOKEN.finditer(piece.text) if _IS_WORD.search(match["key"] or "")]
        if piece.kind != "same" or len(ends) < head + tail + _WORTH_FOLDING:
            found.append(piece)
            continue
        start = ends[head - 1] if head else 0
        end = ends[-tail - 1] if tail else len(piece.text)
        parts = (("same", piece.text[:start]), ("folded", piece.text[start:end]), ("same", piece.text[end:]))
        found += [Piece(kind, text) for kind, text in parts if text]  # type: ignore[arg-type]  # a literal in a tuple
    return found


def words_of(text: str) -> list[str]:
    """The words alone, without marks between them."""
    return re.findall(_WORD, text)


def joined(words: Sequence[str]) -> str:
    """Words as one text in which some of them are found as fast as letters in a text: between any two, and around all, ends a line."""
    return "\n".join(["", *words, ""])


def place_of(passage: str, words: Sequence[str]) -> range | None:
    """Where the words of a passage first stand one after another; None where they do not."""
    wanted, text = words_of(passage), joined(words)
    place = text.find(joined(wanted)) if wanted else -1
    start = text.count("\n", 0, place)
    return range(start, start + len(wanted)) if place >= 0 else None


def changes(before: Sequence[Unit], after: Sequence[Unit]) -> list[Change]:
    """What differs, as places in all words of all units, in order."""
    starts, new_starts = [0, *accumulate(map(len, before))], [0, *accumulate(map(len, after))]
    found: list[Change] = []
    for kind, i, j, k, m in compared(before, after):
        if kind != "equal":
            gone, there = [word for unit in before[i:j] for word in unit], [word for unit in after[k:m] for word in unit]
            found += [_moved(change, starts[i], new_starts[k]) for change in _in_words(gone, there)]
    return found


def compared(before: Sequence[Hashable], after: Sequence[Hashable]) -> Sequence[tuple[str, int, int, int, int]]:
    """What is equal, and what stands in the place of what, as `SequenceMatcher.get_opcodes` tells it; always within a moment."""
    whole = _Bounded(before, after)
    if whole.steps <= _MOST_STEPS:
        return whole.get_opcodes()
    most = min(len(before), len(after))
    head = next((place for place in range(most) if before[place] != after[place]), most)
    tail = next((place for place in range(most - head) if before[-1 - place] != after[-1 - place]), most - head)
    stop, end = len(before) - tail, len(after) - tail
    found: list[tuple[str, int, int, int, int]] = [("equal", 0, head, 0, head)] if head else []
    middle = _Bounded(before[head:stop], after[head:end]).get_opcodes()
    found += [(kind, i + head, j + head, k + head, m + head) for kind, i, j, k, m in middle]
    return [*found, ("equal", stop, len(before), end, len(after))] if tail else found


class _Bounded(SequenceMatcher[Hashable]):
    """Compares each item with all equal ones on the other side, but when these are very many: then what is left counts as different."""

    def __init__(self, before: Sequence[Hashable], after: Sequence[Hashable]) -> None:
        super().__init__(None, before, after, autojunk=False)
        equal = Counter(after)
        self._until = [0, *accumulate(equal[item] + 1 for item in before)]
        self._left = _MOST_STEPS

    @property
    def steps(self) -> int:
        """How many it takes to find the longest run."""
        return self._until[-1]

    def find_longest_match(self, alo: int = 0, ahi: int | None = None, blo: int = 0, bhi: int | None = None) -> Match:
        """As in its parent, while steps are left."""
        self._left -= self._until[-1 if ahi is None else ahi] - self._until[alo]
        return super().find_longest_match(alo, ahi, blo, bhi) if self._left >= 0 else Match(alo, blo, 0)


def _in_words(before: Sequence[str], after: Sequence[str]) -> Iterator[Change]:
    """Changes, without the few words that two passages with nothing in common happen to share."""
    last: Change | None = None
    for kind, i, j, k, m in compared(before, after):
        if kind == "equal":
            continue
        change = Change(range(i, j), range(k, m))
        if last and _by_chance(before[last.removed.stop : i], last, change):
            change = Change(range(last.removed.start, j), range(last.added.start, m))
        elif last:
            yield last
        last = change
    if last:
        yield last


def _by_chance(between: Sequence[str], one: Change, other: Change) -> bool:
    shared = sum(1 for word in between if _IS_WORD.search(word))
    return _BREAK not in between and all(shared < max(len(change.removed), len(change.added)) for change in (one, other))


def _moved(change: Change, by: int, new_by: int) -> Change:
    removed, added = change.removed, change.added
    return Change(range(removed.start + by, removed.stop + by), range(added.start + new_by, added.stop + new_by))


def _tokens(text: str) -> list[_Token]:
    return [_Token(match["key"] or _key_of(match["space"]), match[0]) for match in _TOKEN.finditer(text)]


def _key_of(space: str) -> str:
    return _BREAK if "\n" in space else ""


def _keys(tokens: Sequence[_Token]) -> Unit:
    return tuple(token.key for token in tokens)


def _at(tokens: Sequence[_Token], places: range) -> Sequence[_Token]:
    return tokens[places.start : places.stop]


def _text(tokens: Sequence[_Token]) -> str:
    return "".join(token.text for token in tokens)


def _replaced(removed: str, added: str) -> list[Piece]:
    """What went stands before what came. Space after it belongs to neither, so that no line is broken twice."""
    if not added:
        return [Piece("removed", removed)]
    words = added.rstrip()
    space = added[len(words) :]
    if not words:  # a new paragraph alone
        return [Piece("removed", removed), Piece("added", added)]
    return [Piece("removed", removed.rstrip()), Piece("added", words), Piece("same", space)]


def _joined(pieces: Sequence[Piece]) -> Iterator[Piece]:
    last: Piece | None = None
    for piece in pieces:
        if not piece.text:
            continue
        if last and last.kind == piece.kind:
            last = Piece(last.kind, last.text + piece.text)
            continue
        if last:
            yield last
        last = piece
    if last:
        yield last
