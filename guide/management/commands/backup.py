"""Copies the whole database into one file while the site goes on."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

PLANS = "guide_plan"  # a copy without this table is none of ours


class Command(BaseCommand):
    """One way for both databases; what is saved meanwhile is in the copy whole or not at all."""

    help = "Copy the database into FILE, which must not exist yet. The site may go on; nobody can read a plan from the copy."

    def add_arguments(self, parser: CommandParser) -> None:
        """Where to."""
        parser.add_argument("file", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Copy to a draft beside the file, look whether it can be read, and only then give it its name."""
        file: Path = options["file"]
        if not file.parent.is_dir():
            raise CommandError(f"There is no folder {file.parent}.")
        with tempfile.TemporaryDirectory(dir=file.parent, prefix=".backup-") as folder:  # for its owner only
            draft = Path(folder) / file.name
            draft.touch(mode=0o600)
            if connection.vendor == "sqlite":
                _copy_sqlite(draft)
            else:
                run("pg_dump", "--format=custom", f"--file={draft}")
            check(draft)
            with draft.open("rb") as written:
                os.fsync(written.fileno())
            try:
                os.link(draft, file)
            except FileExistsError as error:
                raise CommandError(f"{file} exists already: name another file.") from error
        self.stdout.write(f"{file}: {file.stat().st_size:,} bytes.")


def _copy_sqlite(draft: Path) -> None:
    connection.ensure_connection()
    with closing(sqlite3.connect(draft)) as copy:
        connection.connection.backup(copy)
        # One file, with nothing beside it that could be left behind.
        copy.execute("PRAGMA journal_mode=DELETE")


def check(file: Path) -> None:
    """Whether a file is a sound backup for this kind of database. Raises CommandError."""
    try:
        with file.open("rb") as opened:
            start = opened.read(16)
    except OSError as error:
        raise CommandError(f"{file} cannot be read: {error.strerror}.") from error
    kind = {b"SQLite f": "sqlite", b"PGDMP": "postgresql"}.get(start[:8] if start.startswith(b"SQLite") else start[:5])
    if kind is None:
        raise CommandError(f"{file} is no backup.")
    if kind != connection.vendor:
        raise CommandError(f"{file} is a backup of {kind}, and this database is {connection.vendor}.")
    if not (_sound_sqlite(file) if kind == "sqlite" else PLANS in run("pg_restore", "--list", str(file))):
        raise CommandError(f"{file} is damaged, or has no plans in it.")


def _sound_sqlite(file: Path) -> bool:
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as copy:
            sound = copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            return sound and copy.execute("SELECT 1 FROM sqlite_master WHERE name = ?", [PLANS]).fetchone() is not None
    except sqlite3.DatabaseError:
        return False


def run(tool: str, *options: str, said: str | None = None) -> str:
    """Run one of PostgreSQL's own tools on the database; what it wrote. The password stands on no command line.

    `said`: what it reads. Raises CommandError.
    """
    found = shutil.which(tool)
    if found is None:
        raise CommandError(f"{tool} is not installed; it comes with the client of PostgreSQL (Debian: postgresql-client).")
    done = subprocess.run([found, *options], env={**os.environ, **_access()}, input=said, capture_output=True, text=True)  # noqa: S603  # no shell
    if done.returncode:
        raise CommandError(f"{tool}: {done.stderr.strip()}")
    return done.stdout


def _access() -> Mapping[str, str]:
    names = {"PGHOST": "HOST", "PGPORT": "PORT", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGDATABASE": "NAME"}
    return {name: str(connection.settings_dict[key]) for name, key in names.items() if connection.settings_dict[key]}
