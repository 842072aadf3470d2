"""Makes the phone numbers that the site names links that call, wherever they are read."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Sequence
from functools import lru_cache

from guide.content.documents import Block, Body
from guide.content.running import changed


def with_calls(body: Body, numbers: Sequence[str]) -> Body:
    """A body whose phone numbers call."""
    parts = (
        dataclasses.replace(part, html=linked(part.html, numbers)) if isinstance(part, Block) else linked(part, numbers)
        for part in body.parts
    )
    return dataclasses.replace(body, parts=tuple(parts)) if numbers else body


def linked(rendered: str, numbers: Sequence[str]) -> str:
    """HTML, or words that were escaped, with a link for each of the numbers. What is a link already stays one."""
    pattern = _pattern(tuple(numbers))
    if not numbers or not pattern.search(rendered):
        return rendered
    return changed(rendered, lambda text: pattern.sub(r'<a href="tel:\1">\1</a>', text))


@lru_cache(maxsize=4)
def _pattern(numbers: tuple[str, ...]) -> re.Pattern[str]:
    """A part of a longer number is none of them."""
    return re.compile(rf"(?<![\w.,+-])({'|'.join(map(re.escape, numbers))})(?![\w-]|[.,]\d)")
