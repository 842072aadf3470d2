"""The kinds of block there are: one row each. Whoever adds a kind adds a row here, and its words to content/README.md."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

Role = Literal["usual", "other", "only-if", "trial"]
ROLES: tuple[Role, ...] = get_args(Role)

BlockKind = str
"""The name of a kind of block: a key of KINDS."""


@dataclass(frozen=True)
class Kind:
    """A kind of block.

    `label`: what editors call it. `heading`: what readers see above its title. `needs`, `may`: the options that it has to have,
    and those it may have, beside its id. `weighed`: its `when` is weighed for each reader, so questions are asked for it.
    `told`: it says something by itself, so it needs a text below its title. `look`: the class of its frame in the stylesheets.
    """

    name: str
    label: str
    heading: str
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    weighed: bool = True
    told: bool = True
    look: str = ""


ID = "id"
_ALL = (
    Kind("option", "Option", "", ("role", "treatments", "sources"), ("when",), look="option"),
    Kind("support", "Help", "Help and protection", ("treatments", "sources"), ("when",), look="support"),
    Kind("test", "Test", "A test to ask about", ("sources",), ("when", "treatments"), look="test"),
    Kind("ask", "Question to ask", "A question to ask", (), ("when",), told=False, look="ask"),
    Kind("callnow", "Danger sign", "Danger sign: call now", ("sources",), ("when",), look="callnow"),
    Kind("caution", "Take care", "Take care", ("when", "sources"), (), look="caution"),
    Kind("changed", "Changed", "Changed since 2018", ("since", "sources"), ("when",), weighed=False, look="changed"),
    Kind("term", "Word explained", "", (), ("also", "sources"), weighed=False, look="term"),
)
KINDS: dict[str, Kind] = {kind.name: kind for kind in _ALL}
OPTIONS = (ID, "when", "role", "treatments", "sources", "since", "also")
"""Every option that some kind of block has, in the order in which they are written."""
WEIGHED = tuple(kind.name for kind in _ALL if kind.weighed)
"""What is weighed for a reader, and so what questions are asked for."""
ROLE_LABELS: dict[Role, str] = {
    "usual": "Often discussed first",
    "other": "Another choice",
    "only-if": "Only in some situations",
    "trial": "In research",
}
"""What readers see above an option."""
