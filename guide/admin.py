"""Where Django looks for the admin. Of plans there is a page of counts: nobody but their owners sees a plan."""

from guide.editing.accounts import AccountAdmin, AuditAdmin, RoleAdmin
from guide.editing.admin import DocumentAdmin, RevisionAdmin
from guide.plans.admin import PlanCounts

__all__ = ["AccountAdmin", "AuditAdmin", "DocumentAdmin", "PlanCounts", "RevisionAdmin", "RoleAdmin"]
