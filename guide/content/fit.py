"""What keeps a guide that can be read from being published. Pure."""

from __future__ import annotations

from guide.content.documents import Guide
from guide.content.errors import Mistake
from guide.content.grade import too_hard
from guide.content.reach import unreachable
from guide.content.safety import not_approved, unsafe


def unfit(guide: Guide) -> list[Mistake]:
    """Text that is too hard, blocks that concern nobody, broken safety rules, and treatments that may not be offered.

    Asked of everything that is to be published. A guide is loaded without it: an edition from before a check became stricter stays readable.
    """
    return [*too_hard(guide), *unreachable(guide), *unsafe(guide), *not_approved(guide)]
