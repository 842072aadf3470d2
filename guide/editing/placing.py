"""Mistakes at their lines in the text that somebody is writing, and what its writer can do about them there. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from guide.content.mistakes import Cause, Mistake, mistake
from guide.content.places import line_of
from guide.content.text import Text, read

MOST_TOLD = 100
"""Mistakes told at once: each is looked for in the text, and nobody reads more."""
_HINTS = {
    "no-source": "Put the cursor after a sentence, and take the button “Source…”",
    "id-twice": "Or take the line of the id out: the block gets one of its own when you save",
    "unknown-source": "The button “Source…” finds those there are, and leads to a form for a new one",
}
_BUTTONS = {
    "role": "How it is offered…",
    "weight": "How much it changes…",
    "treatments": "Treatment of the block…",
    "sources": "Source…",
    "when": "Who is it for?…",
}  # of the editor, by the option that a block needs


@dataclass(frozen=True)
class Placed:
    """A mistake for its writer. `line`: in this text, from 1; None where it stands in another file or nowhere in particular."""

    mistake: Mistake
    line: int | None
    field: str = ""
    here: bool = True
    others: tuple[Mistake, ...] = ()
    """Mistakes in other texts that come from this place."""

    def __str__(self) -> str:
        return self.words if self.here else f"{self.mistake.path}: {self.words}"

    @property
    def words(self) -> str:
        """What is wrong and what to do, without saying in which text."""
        place = self.mistake.place
        needed = dict(self.mistake.arguments)["name"] if self.mistake.code == "block-needs" else ""
        # The line is shown before these words; only that of another text has to be said in them.
        field = str(replace(place, line=0)) if self.here else str(place)
        says = f"{field}: {self.mistake.says}" if field else self.mistake.says
        if button := _BUTTONS.get(str(needed)):
            says += f". Or put the cursor into the block, and take the button “{button}”"
        if hint := _HINTS.get(self.mistake.code):
            says += f". {hint}"
        return says


def all_placed(path: str, source: str, mistakes: Iterable[Mistake]) -> tuple[Placed, ...]:
    """Mistakes with their places: those in this text first, in the order of its lines.

    Where it cannot be read, only that is told: without its fields, much that is said of this and of other texts is untrue.
    """
    text = read(path, source)
    every = sorted(mistakes, key=lambda mistake: mistake.path != path)
    told = [mistake for mistake in every if mistake in text.unread] or every
    found = list(_gathered(text, told[:MOST_TOLD]))
    if len(told) > MOST_TOLD:
        found.append(Placed(mistake(path, "more-mistakes", count=len(told) - MOST_TOLD), None))
    return tuple(sorted(found, key=lambda one: (not one.here, one.line or 0)))


def _gathered(text: Text, mistakes: Iterable[Mistake]) -> Iterator[Placed]:
    """Each mistake, but those in other texts that come from a field of this one together, at that field."""
    caused: dict[Cause, list[Mistake]] = {}
    for one in mistakes:
        if one.cause and one.cause.path == text.path != one.path:
            caused.setdefault(one.cause, []).append(one)
        else:
            yield placed(text, one)
    for cause, others in caused.items():
        yield replace(placed(text, Mistake(text.path, cause.code, cause.place, cause.arguments)), others=tuple(others))


def placed(text: Text, mistake: Mistake) -> Placed:
    """A mistake with its place in a text."""
    if mistake.path != text.path:
        return Placed(mistake, None, here=False)
    place = mistake.place
    return Placed(mistake, line_of(text, place), "" if place.block else place.field)
