"""What the templates of the editors' desk need and Django does not have."""

from __future__ import annotations

from collections.abc import Iterable

from django import template
from django.contrib.auth.models import User
from django.utils.formats import date_format
from django.utils.timezone import localdate, localtime

from guide.content.blocks import ASKED_OF_EDITORS, WORDS, Kind, new_blocks, skeleton
from guide.editing.forms import folder_of
from guide.editing.models import Revision

register = template.Library()


@register.filter
def who(person: User | None) -> str:
    """A member of staff by name; texts without an author came with the files."""
    return (person.get_full_name() or person.get_username()) if person else "an import"


@register.filter
def called(text: Revision) -> str:
    """What to call a text of a document: by its edition, or by its state and day."""
    if text.edition:
        return str(text.edition)
    return f"{text.get_state_display()}, {date_format(localtime(text.saved), 'j F Y, H:i')}"


@register.filter
def kinds_of_block(path: str) -> tuple[Kind, ...]:
    """The kinds of block that can be put into a document."""
    return new_blocks(glossary=folder_of(path) == "glossary")


@register.filter
def weighed(kinds: Iterable[Kind]) -> list[Kind]:
    """Those that are for some readers and not for others."""
    return [kind for kind in kinds if kind.weighed]


@register.filter
def skeletons(kinds: Iterable[Kind]) -> dict[str, str]:
    """What a new block of each kind begins with, below its title."""
    return {kind.name: skeleton(kind, localdate()) for kind in kinds}


@register.simple_tag
def words_of_blocks() -> list[tuple[str, str, dict[str, str]]]:
    """The options of a block that say one word of a few: each with what an editor is asked, and its words as readers see them."""
    return [(name, ASKED_OF_EDITORS[name], dict(labels)) for name, labels in WORDS.items()]
