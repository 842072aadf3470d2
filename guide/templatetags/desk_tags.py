"""What the templates of the editors' desk need and Django does not have."""

from __future__ import annotations

from django import template
from django.contrib.auth.models import User
from django.utils.formats import date_format
from django.utils.timezone import localtime

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
