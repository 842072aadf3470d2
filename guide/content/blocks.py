"""The kinds of block there are: one row each. Whoever adds a kind adds a row here, and its words to content/README.md.

All else is told by the row: what the check asks for, what readers see, the editor's buttons, what is weighed and asked first. A
property is read from the table each time, so a row that comes or goes is known everywhere at once.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

Role = Literal["usual", "other", "only-if", "trial"]
ROLES: tuple[Role, ...] = get_args(Role)
Weight = Literal["avoid", "care"]
WEIGHTS: tuple[Weight, ...] = get_args(Weight)
"""How much a caution changes: what it is about is not given as it is; or is given with care, other tests or another dose."""
Speed = Literal["911", "now", "same-day"]
SPEEDS: tuple[Speed, ...] = get_args(Speed)
"""How fast to call because of a danger sign, the fastest first."""

BlockKind = str
"""The name of a kind of block: a key of KINDS."""


@dataclass(frozen=True)
class Kind:
    """A kind of block.

    `label`: what editors call it. `writes`: what they write in it. `heading`: what readers see above its title. `needs`, `may`: the
    options that it has to have, and those it may have, beside its id. `weighed`: its `when` is weighed for each reader, so questions
    are asked for it. `told`: it says something by itself, so it needs a text below its title. `look`: the class of its frame in the
    stylesheets; without one, or without a style for it, the frame is plain.

    `offers`: people can have what it names, so that has to be approved. `warns`: what it depends on is asked first. `for_all`:
    whatever is true of a reader, one of its kind is shown. `gathered`: the heading of its own section among a reader's results;
    options, help, tests, questions and danger signs have places of their own there. `glossary`: it stands in the glossary, and nowhere else.
    """

    name: str
    label: str
    writes: str
    heading: str
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    weighed: bool = True
    told: bool = True
    look: str = ""
    offers: bool = False
    warns: bool = False
    for_all: bool = False
    gathered: str = ""
    glossary: bool = False


ID = "id"
_ALL = (
    Kind(
        "option",
        "Option",
        "a treatment that people discuss: what it is, how it is given, what to know before choosing",
        "",
        needs=("role", "treatments", "sources"),
        may=("when", "short"),
        look="option",
        offers=True,
        for_all=True,
    ),
    Kind(
        "support",
        "Support",
        "what helps besides the treatment itself, and how",
        "Help and protection",
        needs=("treatments", "sources"),
        may=("when",),
        look="support",
        offers=True,
        for_all=True,
    ),
    Kind(
        "test",
        "Test",
        "what the test shows, and why to ask about it",
        "A test to ask about",
        needs=("sources",),
        may=("when", "treatments", "tells"),
        look="test",
        offers=True,
    ),
    Kind(
        "ask",
        "Question to ask",
        "one question for the care team, as its title",
        "A question to ask",
        may=("when",),
        told=False,
        look="ask",
        for_all=True,
    ),
    Kind(
        "callnow",
        "Danger sign",
        "a danger sign as its title, and what to do at once",
        "Danger sign: call now",
        needs=("speed", "sources"),
        may=("when",),
        look="callnow",
        warns=True,
    ),
    Kind(
        "caution",
        "Caution",
        "what somebody in this situation should know first",
        "Take care",
        needs=("when", "weight", "sources"),
        look="caution",
        warns=True,
    ),
    Kind(
        "changed",
        "Change since 2018",
        "what the 2018 guide said, what is so now, and why",
        "Changed since 2018",
        needs=("since", "sources"),
        may=("when",),
        weighed=False,
        look="changed",
    ),
    Kind(
        "term",
        "Word explained",
        "a word as its title, and what it means",
        "",
        may=("also", "sources"),
        weighed=False,
        look="term",
        glossary=True,
    ),
)
KINDS: dict[BlockKind, Kind] = {kind.name: kind for kind in _ALL}
OPTIONS = (ID, "when", "role", "short", "weight", "speed", "treatments", "tells", "sources", "since", "also")
"""Every option that some kind of block has, in the order in which they are written."""


@dataclass(frozen=True)
class Names:
    """The names of the kinds of which something is so, in the order of the table."""

    which: Callable[[Kind], object]

    def __iter__(self) -> Iterator[BlockKind]:
        return (kind.name for kind in KINDS.values() if self.which(kind))


WEIGHED = Names(lambda kind: kind.weighed)
"""What is weighed for a reader, and so what questions are asked for."""
NAMING = Names(lambda kind: "treatments" in (*kind.needs, *kind.may))
"""What may name treatments."""
OFFERS = Names(lambda kind: kind.offers)
"""What names something that people can have."""
LISTED = Names(lambda kind: kind.offers or kind.gathered)
"""What a reader's results list, so that a change of mind may bring it or take it."""
WARNS = Names(lambda kind: kind.warns)
"""What is asked for first, beside options."""
FOR_ALL = Names(lambda kind: kind.for_all)
"""What every reader is shown one of."""
ROLE_LABELS: dict[Role, str] = {
    "usual": "Often discussed first",
    "other": "Another choice",
    "only-if": "Only in some situations",
    "trial": "In research",
}
"""What readers see above an option."""
WEIGHT_LABELS: dict[Weight, str] = {
    "avoid": "Usually not given",
    "care": "Caution",
}
"""What readers see above a caution."""
SPEED_LABELS: dict[Speed, str] = {
    "911": "Call 911",
    "now": "Call now, day or night",
    "same-day": "Call the same day",
}
"""What readers see above a danger sign."""
WORDS: dict[str, Mapping[Any, str]] = {"role": ROLE_LABELS, "weight": WEIGHT_LABELS, "speed": SPEED_LABELS}
"""The options that say one word of a few, with what readers see for each. No word stands in two of them."""
_LABELS: dict[str, str] = {word: label for labels in WORDS.values() for word, label in labels.items()}
ASKED_OF_EDITORS: dict[str, str] = {
    "role": "How the option is offered",
    "weight": "How much the caution changes",
    "speed": "How fast to call",
}
"""What an editor chooses a word for."""
ASKED_FIRST: tuple[Role, ...] = ("usual", "other")
"""The roles of options whose questions come first; those of the others make it more exact."""


def kind_of(name: BlockKind) -> Kind:
    """What there is to know of a kind. One that is none of ours, in a draft, has its name and nothing else."""
    return KINDS.get(name) or Kind(name, name, "", "")


def heading(kind: BlockKind, word: str | None, since: str) -> str:
    """What readers see above the title of a block. `word`: the one of a few that it says of itself (its role, weight or speed), if any."""
    words = _LABELS[word] if word else kind_of(kind).heading
    return f"{words} ({since})" if since else words


def new_blocks(*, glossary: bool) -> tuple[Kind, ...]:
    """The kinds that an editor can put into a document, in the order of the table."""
    return tuple(kind for kind in KINDS.values() if kind.glossary == glossary)


def skeleton(kind: Kind, today: datetime.date) -> str:
    """The options and the text of a new block, to be filled in. Its `when` is not among them: it comes from the builder."""
    begins = {**{name: next(iter(labels)) for name, labels in WORDS.items()}, "since": str(today.year)}
    options = (f"    {name}: {begins.get(name, '[]')}\n" for name in OPTIONS if name in kind.needs and name != "when")
    return "".join(options) + ("\n" if kind.told else "")
