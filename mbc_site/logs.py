"""What the log must not tell: addresses, since somebody may have typed the code of a plan into one."""

from __future__ import annotations

import logging
from typing import Any

NO_PAGE = "(no such page)"


class WithoutAddresses(logging.Filter):
    """Of a request, the log names the page that answered, as its pattern stands in `urls.py`, never what was asked for."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Change what Django notes of a request (`django.utils.log.log_response`); let everything through."""
        if hasattr(record, "request") and isinstance(record.args, tuple):
            record.args = tuple(_told(one, record.request) for one in record.args)
        return True


def _told(said: Any, request: Any) -> Any:
    """An address becomes the page; a reason loses the addresses that it ends with (of the check for foreign forms: referrer, origin)."""
    if not isinstance(said, str):
        return said
    if said.startswith("/"):
        page = getattr(request, "resolver_match", None)
        return f"/{page.route}" if page else NO_PAGE
    return said.partition(" - ")[0]
