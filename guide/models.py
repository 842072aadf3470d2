"""Where Django looks for models."""

from guide.editing.audit import AuditEntry
from guide.editing.conflicts import Conflict
from guide.editing.models import Document, Edition, Revision
from guide.editing.releases import Release
from guide.editing.together import Comment, Presence
from guide.plans.models import EarlierText, Plan
from guide.plans.sharing import ViewCode

__all__ = [
    "AuditEntry",
    "Comment",
    "Conflict",
    "Document",
    "EarlierText",
    "Edition",
    "Plan",
    "Presence",
    "Release",
    "Revision",
    "ViewCode",
]
