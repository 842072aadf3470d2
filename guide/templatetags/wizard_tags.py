"""What the templates of the results need."""

from __future__ import annotations

from django import template

from guide.content.branching import Entry, Line
from guide.content.documents import Block
from guide.content.spoken import listed
from guide.wizard import telling

register = template.Library()


@register.filter
def in_one_line(block: Block) -> str:
    """What the text of a block begins with."""
    return telling.first_sentence(block.html)


@register.filter
def withheld(entry: Entry) -> str:
    """Why an option is not given to this reader as it is."""
    return telling.withheld(entry)


@register.filter
def small_first(words: str) -> str:
    """A sentence as it stands inside another."""
    return words[:1].lower() + words[1:]


@register.filter
def take_care(entry: Entry) -> str:
    """Why an option is given to this reader with care."""
    return telling.take_care(entry)


@register.filter
def depends(line: Line) -> str:
    """The answers that a line still depends on."""
    return telling.depends(line)


@register.filter
def and_list(words: tuple[str, ...]) -> str:
    """Some words in a sentence."""
    return listed(words, "and") if words else ""


@register.filter
def open_answers(entry: Entry) -> str:
    """The answers that an option still depends on."""
    return telling.open_answers(entry)
