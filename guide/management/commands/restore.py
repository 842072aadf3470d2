"""Puts a backup in the place of the database."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection

from guide.management.commands.backup import PLANS, check, run
from guide.plans.models import Plan

_FUNCTIONS = r"SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = current_schema()::regnamespace AND proname LIKE 'guide\_%'"


class Command(BaseCommand):
    """Refuses to replace plans unless told to; a file that is no sound backup changes nothing."""

    help = "Put the backup FILE in the place of the database. Stop the server first."

    def add_arguments(self, parser: CommandParser) -> None:
        """Which file, and whether plans may go."""
        parser.add_argument("file", type=Path)
        parser.add_argument("--replace-plans", action="store_true", help="although there are plans in the database: they are lost")

    def handle(self, *args: Any, **options: Any) -> None:
        """As one step; then bring the tables to what this version of the site needs."""
        check(options["file"])
        if _holds_plans() and not options["replace_plans"]:
            raise CommandError(
                "There are plans in this database, and restoring would lose what was saved since the backup. "
                "Back it up first, then say --replace-plans."
            )
        if connection.vendor == "sqlite":
            _from_sqlite(options["file"])
        else:
            _from_postgres(options["file"])
        connection.close()
        call_command("migrate", verbosity=0)
        self.stdout.write(f"{Plan.objects.count()} plans.")


def _holds_plans() -> bool:
    return PLANS in connection.introspection.table_names() and Plan.objects.exists()


def _from_sqlite(file: Path) -> None:
    connection.ensure_connection()
    with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as copy:
        copy.backup(connection.connection)


def _from_postgres(file: Path) -> None:
    """Tables that came after the backup go too, or the migrations would meet them; so do the functions of our triggers."""
    tables = [f"TABLE {connection.ops.quote_name(name)}" for name in connection.introspection.table_names()]
    with connection.cursor() as cursor:
        cursor.execute(_FUNCTIONS)
        functions = [f"FUNCTION {signature}" for (signature,) in cursor.fetchall()]
    drops = "".join(f"DROP {one} CASCADE;\n" for one in (*tables, *functions))
    script = run("pg_restore", "--no-owner", "--no-privileges", "--file=-", str(file))
    connection.close()
    run("psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", said=drops + script)
