"""Writing to the database, one writer at a time."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

from django.conf import settings
from django.db import connection, models, transaction


@contextmanager
def writing() -> Iterator[None]:
    """A transaction that writes.

    SQLite admits one writer and lets the others poll, which makes a few of them wait very long. A
    lock on a file makes them queue instead. PostgreSQL needs none of this.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        with transaction.atomic():
            yield
        return
    settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
    with (settings.VAR_DIR / "write.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with transaction.atomic():
            yield
    _reach_the_disk()


def _reach_the_disk() -> None:
    """Wait until what was committed survives a power cut.

    Outside the lock, so that those who wait for the disk wait together. Were the log emptied into the
    database meanwhile, SQLite would have synced both.
    """
    log = os.open(f"{connection.settings_dict['NAME']}-wal", os.O_RDONLY)
    try:
        os.fdatasync(log)
    finally:
        os.close(log)


@contextmanager
def erasing() -> Iterator[None]:
    """A transaction after which what it deleted stands in no file of the database any more.

    SQLite overwrites it in the database itself (`secure_delete`, in the settings), but the write-ahead log
    holds older pages until it is emptied. Where somebody reads for longer than a second, that waits for
    the next time. PostgreSQL removes deleted rows when it vacuums.
    """
    with writing():
        yield
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            patience = cursor.execute("PRAGMA busy_timeout").fetchone()[0]  # milliseconds
            cursor.execute("PRAGMA busy_timeout=1000")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            cursor.execute(f"PRAGMA busy_timeout={patience}")


def queue_for(model: type[models.Model]) -> None:
    """Inside `writing`: wait until nobody else writes to this table, and keep others waiting until the end.

    SQLite has one writer anyway. On PostgreSQL readers go on undisturbed.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            table = connection.ops.quote_name(model._meta.db_table)
            cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
