"""Documents that both the files and an editor changed, until somebody settles them in the admin.

They are also the memory of what the files said: a document in conflict is not imported, so no edition tells it.
"""

from __future__ import annotations

import hashlib

from django.contrib.auth.models import User
from django.db import models
from django.db.models import Max, OuterRef, Q, Subquery
from django.utils import timezone

from guide.editing import workflow
from guide.editing.audit import record
from guide.editing.imports import has_clashes
from guide.editing.models import Document, Edition, Revision
from guide.editing.workflow import NotAllowedError
from guide.storage import queue_for, writing


class ConflictManager(models.Manager["Conflict"]):
    """Conflicts, and what the files said."""

    def waiting(self) -> models.QuerySet[Conflict]:
        """Those that nobody has settled, with their documents."""
        return self.filter(settled=None).select_related("document").order_by("document__path")

    def last_said(self) -> dict[str, str | None]:
        """What the files said of each document when they were last read: path -> text, None if the file was gone.

        An edition from the files tells it, or a conflict that came after it.
        """
        said = Edition.objects.last_imported()
        imported = (
            Revision.objects.filter(document=OuterRef("document"), edition__origin=Edition.Origin.FILES)
            .values("document")
            .annotate(last=Max("edition__created"))
            .values("last")
        )
        later = self.annotate(imported=Subquery(imported)).filter(Q(imported=None) | Q(created__gt=models.F("imported")))
        said.update(later.order_by("pk").values_list("document__path", "file"))
        return said

    def remember(self, path: str, *, base: str | None, file: str | None, edit: str | None) -> Conflict:
        """Both sides changed a document. A conflict that waits already keeps its base: nobody has brought that together yet."""
        document, _ = Document.objects.get_or_create(path=path)
        conflict = self.filter(document=document, settled=None).first() or Conflict(document=document, base=base)
        conflict.file, conflict.edit = file, edit
        if file == edit:
            conflict.close(Conflict.How.SAME)
        elif conflict.pk and file == conflict.base:
            conflict.close(Conflict.How.GONE)
        conflict.save()
        return conflict


class Conflict(models.Model):
    """What the files said at the last import (`base`), what they say now (`file`), and the editors' text then (`edit`).

    None: the document is not there.
    """

    class How(models.TextChoices):
        FILE = "file", "the files’ text, as a draft"
        EDIT = "edit", "kept the editors’ text"
        MERGED = "merged", "both brought together, as a draft"
        IMPORT = "import", "the files’ text, by an import"
        SAME = "same", "both came to say the same"
        GONE = "gone", "the files went back to what they said before"

    document = models.ForeignKey(Document, models.CASCADE, related_name="conflicts")
    base = models.TextField(null=True)  # noqa: DJ001  # None is not the empty text: the file was not there
    file = models.TextField(null=True)  # noqa: DJ001
    edit = models.TextField(null=True)  # noqa: DJ001
    created = models.DateTimeField(auto_now_add=True)
    settled = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, models.SET_NULL, null=True, related_name="+")
    how = models.CharField(max_length=20, blank=True)

    objects = ConflictManager()

    class Meta:
        ordering = ("-pk",)
        constraints = (
            models.UniqueConstraint(fields=("document",), condition=models.Q(settled__isnull=True), name="one_open_conflict_a_document"),
        )

    def __str__(self) -> str:
        return f"{self.document}: changed in the files and by an editor"

    @property
    def mark(self) -> str:
        """Of what the files say: a page that shows another text of theirs settles nothing."""
        return hashlib.sha256(repr(self.file).encode()).hexdigest()[:16]

    @property
    def how_settled(self) -> str:
        """In words."""
        return str(self.How(self.how).label) if self.how else ""

    def close(self, how: str, by: User | None = None) -> None:
        """It is settled; to be saved. `by` None: an import did it."""
        self.settled, self.settled_by, self.how = timezone.now(), by, how


def keep_edit(conflict: Conflict, *, by: User) -> None:
    """What the editors wrote stays; the files' text is kept in the conflict alone. Raises NotAllowedError."""
    with writing():
        _settle(conflict, Conflict.How.EDIT, by)


def take_file(conflict: Conflict, *, by: User, version: int, base: int) -> Revision:
    """Make the files' text a draft, which goes to review as every other.

    `version`, `base`: of the open and the published text that the page showed. Raises NotAllowedError, and NewerTextError.
    """
    with writing():
        _settle(conflict, Conflict.How.FILE, by)
        note = "As the files say it"
        if conflict.file is None:
            return workflow.propose_removal(conflict.document, by=by, note=note)
        return workflow.save_draft(conflict.document, conflict.file, by=by, version=version, base=base, note=note, keep=True)


def take_merged(conflict: Conflict, text: str, *, by: User, version: int, base: int) -> Revision:
    """Make a text that brings both together a draft. `version`, `base`: as above. Raises NotAllowedError, and NewerTextError."""
    if has_clashes(text):
        raise NotAllowedError(
            "At one place at least both texts still stand between lines of <<<<<<< and >>>>>>>. Choose, and remove these lines."
        )
    with writing():
        _settle(conflict, Conflict.How.MERGED, by)
        note = "Files and edits brought together"
        return workflow.save_draft(conflict.document, text, by=by, version=version, base=base, note=note, keep=True)


def _settle(conflict: Conflict, how: str, by: User) -> None:
    """`conflict`: as somebody saw it. Raises NotAllowedError."""
    if not by.has_perm("guide.change_document"):
        raise NotAllowedError("You may not edit documents.")
    queue_for(Conflict)  # no import meanwhile, which may close it or bring another text
    now = Conflict.objects.select_related("settled_by").get(pk=conflict.pk)
    if now.settled:
        raise NotAllowedError(f"It is settled already: {now.how_settled} ({now.settled_by or 'an import'}).")
    if now.file != conflict.file:
        raise NotAllowedError("The files say something else by now. Look at their new text: this page shows it as it is now.")
    now.close(how, by)
    now.save()
    record(by, "settled a conflict", conflict.document, now.how_settled)
