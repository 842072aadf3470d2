"""The settings of the site with everything logged, every statement of SQL too: to see that nothing of readers gets there."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

from mbc_site.settings import *  # noqa: F403, TID251  # all of them, as the site has them
from mbc_site.settings import LOGGING  # noqa: TID251

_loud: dict[str, Any] = LOGGING
_loud["root"]["level"] = "DEBUG"
_loud["loggers"]["django"] = {"level": "DEBUG"}  # Django's own configuration holds it at INFO


def _log_statements(connection: BaseDatabaseWrapper, **kwargs: object) -> None:
    connection.force_debug_cursor = True


connection_created.connect(_log_statements)
