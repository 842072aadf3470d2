"""What templates need and Django does not have."""

from __future__ import annotations

from django import template
from django.utils.html import conditional_escape, format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify

from guide.content.documents import Block, Document, Guide, Treatment
from guide.content.phones import linked

register = template.Library()


@register.filter
def rendered(html: str) -> SafeString:
    """HTML that our Markdown renderer made: raw HTML is off there, so it is safe as it is."""
    return mark_safe(html)  # noqa: S308


@register.filter
def calls(words: str, phones: tuple[str, ...]) -> SafeString:
    """Plain words in which the phone numbers of the site can be called."""
    return mark_safe(linked(conditional_escape(words), phones))  # noqa: S308  # escaped before


@register.filter
def anchor(text: str) -> str:
    """A text as an id."""
    return slugify(text)


@register.filter
def mine(url: str) -> str:
    """The address of the same page of the guide, as it applies to the reader."""
    return f"/for-me{url}"


@register.filter
def is_block(part: object) -> bool:
    """Whether a part of a body is a block."""
    return isinstance(part, Block)


@register.simple_tag
def cites(block: Block, document: Document) -> SafeString:
    """The numbers of a block's sources on its page, as links to the foot."""
    listed = document.body.sources
    links = format_html_join("", '<a href="#source-{}">[{}]</a>', ((id, listed.index(id) + 1) for id in block.sources))
    return format_html('<sup class="cite">{}</sup>', links) if links else mark_safe("")


@register.simple_tag
def named(guide: Guide, ids: tuple[str, ...]) -> list[Treatment]:
    """The treatments with these ids. A text that is still being written may name one that there is not."""
    return [guide.treatments[id] for id in ids if id in guide.treatments]
