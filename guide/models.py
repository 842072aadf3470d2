"""Where Django looks for models."""

from guide.editing.models import Document, Edition, Revision
from guide.plans.models import Plan

__all__ = ["Document", "Edition", "Plan", "Revision"]
