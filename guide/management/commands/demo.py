"""Fills a database for trying out the editors' desk: three people, and a document in each state."""

from __future__ import annotations

import datetime
import secrets
from typing import Any

from django.contrib.auth.models import Group, User
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from django_otp.plugins.otp_totp.models import TOTPDevice

from guide.editing import second_factor, workflow
from guide.editing.models import Document, Edition, Revision

PEOPLE = {"demo-editor": "Editors", "demo-reviewer": "Clinical reviewers", "demo-publisher": "Publishers"}
SENTENCE = "This sentence was added to try out the desk."
FOR_READERS = "We tried out how the guide is edited."
ROLE = "reviewer in a demo"
STEPS = ("published", "planned", "approved", "changes asked", "in review", "draft", "withdrawn")


class Command(BaseCommand):
    """Prints passwords and keys; nobody else has them. Run again, it prints new ones and leaves the documents alone."""

    help = (
        "Fill a database for trying out the editors' desk: three staff accounts, whose passwords and keys for codes are printed, "
        "and a document in each state."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Whether to mix with people who are there already."""
        parser.add_argument("--yes", action="store_true", help="also where there is other staff: readers will see the demo's edition")

    def handle(self, *args: Any, **options: Any) -> None:
        """Make people, then documents."""
        if not options["yes"] and User.objects.filter(is_staff=True).exclude(username__in=PEOPLE).exists():
            raise CommandError("There is other staff here. This makes accounts and an edition that readers see: say --yes if you mean it.")
        if not Edition.objects.exists():
            call_command("import_content", stdout=self.stdout)
        again = User.objects.filter(username__in=PEOPLE).exists()
        chosen = [] if again else _documents(len(STEPS))
        people = [self._person(name, group) for name, group in PEOPLE.items()]
        if again:
            self.stdout.write("The documents of the demo are there already.")
            return
        for step, document in zip(STEPS, chosen, strict=True):
            take(step, document, *people)
            self.stdout.write(f"{step:14} {document}")

    def _person(self, name: str, group: str) -> User:
        person, _ = User.objects.get_or_create(
            username=name, defaults={"first_name": "Demo", "last_name": name.removeprefix("demo-").title()}
        )
        second_factor.reset(person)
        password = secrets.token_urlsafe(12)
        person.is_staff = True
        person.set_password(password)
        person.save()
        person.groups.set([Group.objects.get(name=group)])
        app = TOTPDevice.objects.create(user=person, name="app", confirmed=True)
        self.stdout.write(f"{name:16} {password}   {group}")
        self.stdout.write(f"{'':16} key for the app that makes codes: {second_factor.secret_of(app)}  or as an address: {app.config_url}")
        return User.objects.get(pk=person.pk)  # without permissions remembered from before


def _documents(number: int) -> list[Document]:
    """Documents with text to read and without a text on its way: pages first, then what is given."""
    free = Document.objects.exclude(revisions__state__in=Revision.OPEN).filter(path__endswith=".md")
    now = Edition.objects.texts(Edition.objects.newest())
    found = [one for kind in ("/pages/", "/treatments/") for one in free.filter(path__contains=kind) if one.path in now]
    if len(found) < number:
        raise CommandError(f"The demo needs {number} documents that nobody is working on.")
    return found[:number]


def take(step: str, document: Document, editor: User, reviewer: User, publisher: User) -> None:
    """Bring a document into a state, by the steps that people take."""
    published = document.published()
    text = f"{published.text.rstrip() if published else ''}\n\n{SENTENCE}\n"
    made = workflow.save_draft(document, text, by=editor, version=0, note=f"For the demo: {step}", for_readers=FOR_READERS)
    if step == "draft":
        return
    if step == "withdrawn":
        workflow.withdraw(made, by=editor, why="For the demo")
        return
    workflow.send_to_review(made, by=editor)
    if step in ("changes asked", "in review"):
        workflow.comment(made, by=reviewer, quote=SENTENCE, says="Could this be said in fewer words?")
        if step == "changes asked":
            workflow.ask_changes(made, by=reviewer)
        return
    workflow.approve(made, by=reviewer, role=ROLE)
    if step == "published":
        workflow.publish([made], by=publisher, note=FOR_READERS)
    if step == "planned":
        workflow.plan([made], by=publisher, note=FOR_READERS, due=timezone.now() + datetime.timedelta(days=7))
