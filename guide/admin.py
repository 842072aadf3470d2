"""Where Django looks for the admin. Plans have no page here: nobody but their owners sees them."""

from guide.editing.admin import DocumentAdmin, RevisionAdmin

__all__ = ["DocumentAdmin", "RevisionAdmin"]
