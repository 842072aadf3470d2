"""Where Django looks for models."""

from guide.editing.models import Document, Edition, Revision
from guide.plans.models import EarlierText, Plan
from guide.plans.sharing import ViewCode

__all__ = ["Document", "EarlierText", "Edition", "Plan", "Revision", "ViewCode"]
