"""For somebody who lost the phone and the backup codes."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.models import User
from django.core.management.base import BaseCommand, CommandError, CommandParser

from guide.editing import second_factor
from guide.editing.audit import record


class Command(BaseCommand):
    """Be sure who asks: with the new password they set up the phone that counts from then on."""

    help = "Forget the second factor and the password of a member of staff, and sign them out everywhere."

    def add_arguments(self, parser: CommandParser) -> None:
        """Whose."""
        parser.add_argument("username")

    def handle(self, *args: Any, **options: Any) -> None:
        """Reset it, and enter that in the audit log."""
        name = options["username"]
        user = User.objects.filter(username=name).first()
        if user is None:
            raise CommandError(f"There is no account with the name {name!r}.")
        second_factor.reset(user)
        record(None, "reset the second factor", user)
        self.stdout.write(f"Now give {name} a new password: manage.py changepassword {name}. With it they set up codes anew.")
