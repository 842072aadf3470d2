"""Markdown as people write it who never learned it: made into what they meant, or told. Pure.

The renderer is strict: without an empty line above it a list is running text, and so are the points that a word processor made.
`forgiven` gives the renderer what it needs; `untold` names what must not be guessed, and what readers would see as raw signs.
"""

from guide.content.forgiving.rewriting import forgiven
from guide.content.forgiving.untold import untold

__all__ = ["forgiven", "untold"]
