"""What two texts of a plan say differently, in words. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from guide.content.documents import Guide, PlanField
from guide.plans.summary import in_words, row_in_words
from guide.plans.values import Contents, Value


@dataclass(frozen=True)
class Difference:
    """A field that differs. Either text may be empty."""

    group: str
    label: str
    then: str
    now: str


def differing(guide: Guide, then: Contents, now: Contents) -> list[Difference]:
    """The fields that differ, in the order of the form."""
    found = []
    for group in guide.plan:
        for field in group.fields:
            old, new = (told(field, contents.get(group.key, field.key)) for contents in (then, now))
            if old != new:
                found.append(Difference(group.title, field.label, old, new))
    return found


def told(field: PlanField, value: Value) -> str:
    """A value in words; rows stand below each other."""
    if field.type == "group" and isinstance(value, list):
        return "\n".join(row_in_words(field, row) for row in value if isinstance(row, dict))
    return in_words(field, value)
