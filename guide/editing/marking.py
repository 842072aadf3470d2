"""A text as readers will see it, with what is new in it and what comments are about marked. Pure: HTML in, HTML out.

Only HTML that our own templates and renderer made comes in here; nothing in it is lost or changed but for the marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape, unescape

from guide.editing.diff import changes, place_of, words_of
from guide.editing.passages import Passage

_PART = re.compile(r'<sup class="cite">.*?</sup>|<[^>]*>|[^<]+', re.DOTALL)
_TOKEN = re.compile(r"(\w+(?:[-‑'’./,]\w+)*|[^\w\s])(\s*)|(\s+)")
_BLOCK = re.compile(r'<section [^>]*aria-labelledby="([^"]+)"')
_TAG_NAME = re.compile(r"</?([a-z0-9-]+)")
_ENDS = ("</p>", "</li>", "</h2>", "</h3>", "</h4>", "</td>", "</th>", "</dd>", "</dt>", "</summary>")
# Tags in which a sentence goes on.
_INLINE = frozenset({"a", "em", "strong", "code", "span", "sup", "sub", "abbr", "br"})


@dataclass(frozen=True)
class _Part:
    """A tag as it is (no key), or a word or mark with the space after it."""

    html: str
    key: str = ""
    space: str = ""

    @property
    def tag(self) -> str:
        """The name of the tag, without /."""
        found = _TAG_NAME.match(self.html) if not self.key else None
        return found[1] if found else ""


@dataclass(frozen=True)
class Marked:
    """The marked HTML, and in how many places something is new, or was taken out."""

    html: str
    places: int


def marked(before: str, after: str, passages: Mapping[int, Passage]) -> Marked:
    """`after` with the words marked that `before` has not, and a note where words were taken out.

    `passages`: number of a comment -> the passage it is about; where its words stand, they are marked, with a link to it. In a block
    whose words are others by now, its title is marked.
    """
    old, new = list(_parts(before)), list(_parts(after))
    found = changes(_units(old), _units(new))
    added = {word: change.added.start for change in found for word in change.added}
    was = [part.key for part in old if part.key]
    gaps = {change.added.start - 1: sum(1 for word in change.removed if words_of(was[word])) for change in found if not change.added}
    notes = _quoted(new, passages)
    return Marked("".join(_Writer(added, gaps, notes).write(new)), len(found))


def text_words(html: str) -> list[str]:
    """The words of a page, without those of its tags and without the numbers of its sources."""
    return [word for part in _parts(html) if part.key for word in words_of(part.key)]


def _parts(html: str) -> Iterator[_Part]:
    for part in _PART.findall(html):
        if part.startswith("<"):
            yield _Part(part)
            continue
        for word, after, space in _TOKEN.findall(unescape(part)):
            yield _Part(escape(word, quote=False), word, after) if word else _Part(space)


def _units(parts: list[_Part]) -> list[tuple[str, ...]]:
    units: list[list[str]] = [[]]
    for part in parts:
        if part.key:
            units[-1].append(part.key)
        elif part.html in _ENDS and units[-1]:
            units.append([])
    return [tuple(unit) for unit in units if unit]


def _quoted(parts: Sequence[_Part], passages: Mapping[int, Passage]) -> dict[int, list[tuple[int, int]]]:
    """Place of the first word of each passage -> place of its last word, and the number of the comment."""
    keys = [part.key for part in parts if part.key]
    blocks = _blocks(parts)
    found: dict[int, list[tuple[int, int]]] = {}
    for number, passage in passages.items():
        block, title = blocks.get(passage.block, (range(len(keys)), range(0)))
        places = _places(keys, passage.words, block) or _words_at(keys, title)
        if places:
            found.setdefault(places[0], []).append((places[-1], number))
    return found


def _places(keys: Sequence[str], words: str, within: range) -> Sequence[int]:
    """The places of words that stand one after another; none where they do not."""
    there = _words_at(keys, within)
    stands = place_of(words, [keys[place] for place in there])
    return there[stands.start : stands.stop] if stands else ()


def _words_at(keys: Sequence[str], within: range) -> Sequence[int]:
    return [place for place in within if words_of(keys[place])]


def _blocks(parts: Sequence[_Part]) -> dict[str, tuple[range, range]]:
    """The places of all words of each block, and those of its title."""
    found: dict[str, tuple[range, range]] = {}
    id, start, titled, title, place = "", 0, 0, range(0), 0
    for part in parts:
        if part.key:
            place += 1
        elif opened := _BLOCK.match(part.html):
            id, start, title = opened[1], place, range(0)
        elif id and part.tag == "h3":
            titled, title = (titled, range(titled, place)) if part.html == "</h3>" else (place, title)
        elif id and part.html == "</section>":
            found[id], id = (range(start, place), title), ""
    return found


class _Writer:
    """Writes the parts again, opening and closing marks so that they never cross a tag."""

    def __init__(self, added: Mapping[int, int], gaps: Mapping[int, int], notes: Mapping[int, list[tuple[int, int]]]) -> None:
        self.added = added  # a new word -> the first word of its change
        self.gaps = gaps  # a word (-1: the beginning) -> how many were taken out after it
        self.notes = notes
        self.quotes: dict[int, int] = {}  # comments whose passage goes on: number -> place of its last word
        self.waiting: list[str] = []  # notes that wait for the end of a link: they are links, too
        self.state = (False, False)
        self.said: int | None = None  # the change that a listener has been told of
        self.in_link = False

    def write(self, parts: list[_Part]) -> Iterator[str]:
        place, space = 0, ""
        yield from self._gap(-1)
        for part in parts:
            if not part.key:
                yield from self._close()
                yield space
                yield from self._tag(part)
                space = ""
                continue
            yield from self._word(part, place, space)
            yield from self._after(place)
            place, space = place + 1, part.space
        yield from self._close()
        yield space

    def _tag(self, part: _Part) -> Iterator[str]:
        if part.tag == "a":
            self.in_link = not part.html.startswith("</")
        if part.tag and part.tag not in _INLINE:
            self.said = None
        yield part.html
        if not self.in_link:
            yield from self.waiting
            self.waiting.clear()

    def _word(self, part: _Part, place: int, space: str) -> Iterator[str]:
        for last, number in self.notes.get(place, ()):
            self.quotes[number] = last
        state = (place in self.added, bool(self.quotes))
        if state != self.state:
            yield from self._close()
            yield space
            yield from self._open(state, place)
        else:
            yield space
        yield part.html

    def _after(self, place: int) -> Iterator[str]:
        for number in [number for number, last in self.quotes.items() if last == place]:
            del self.quotes[number]
            yield from self._close()
            yield from self._note(f'<a class="at-comment" href="#comment-{number}">comment</a>')
        yield from self._gap(place)

    def _gap(self, after: int) -> Iterator[str]:
        if words := self.gaps.get(after):
            yield from self._close()
            yield from self._note(f' <span class="gap">{words} word{"" if words == 1 else "s"} taken out</span> ')

    def _note(self, html: str) -> Iterator[str]:
        if self.in_link:
            self.waiting.append(html)
        else:
            yield html

    def _open(self, state: tuple[bool, bool], place: int) -> Iterator[str]:
        new, quoted = self.state = state
        if quoted:
            yield "<mark>"
        if new:
            yield "<ins>"
            if self.said != self.added[place]:
                self.said = self.added[place]
                yield '<span class="visually-hidden">new: </span>'

    def _close(self) -> Iterator[str]:
        new, quoted = self.state
        self.state = (False, False)
        if new:
            yield "</ins>"
        if quoted:
            yield "</mark>"
