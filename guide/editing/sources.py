"""A new source, for people who do not write YAML: a form that becomes an entry at the end of sources.yaml."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.utils import timezone

from guide.content import yamltext
from guide.content.documents import SOURCES
from guide.content.markdown import slugify
from guide.editing import drafts, workflow
from guide.editing.models import Document
from guide.storage import writing

_WORDS_IN_ID = 5


class NewSourceForm(forms.Form):
    """What sources.yaml wants to know of a source."""

    title = forms.CharField(max_length=300, label="Title", help_text="As it stands above the text.")
    publisher = forms.CharField(max_length=120, label="Who published it", help_text="A journal, an agency, a hospital.")
    date = forms.CharField(max_length=60, label="When it was published", help_text="As exactly as it says: 2026-05-14, May 2026, or 2026.")
    url = forms.URLField(
        max_length=500, required=False, label="Its address", assume_scheme="https", help_text="The whole address, from https://"
    )
    doi = forms.CharField(max_length=120, required=False, label="DOI", help_text="If it has one, such as 10.1158/1078-0432.CCR-20-3652")
    checked = forms.DateField(
        label="When you looked it up", initial=timezone.localdate, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def clean(self) -> dict[str, Any]:
        """A reader has to be able to look it up."""
        cleaned = super().clean() or self.cleaned_data
        if not cleaned.get("url") and not cleaned.get("doi") and "url" not in self.errors:
            self.add_error("url", "Give its address or its DOI, so that a reader can look it up.")
        if (day := cleaned.get("checked")) and day > timezone.localdate():
            self.add_error("checked", "This day is still to come.")
        return cleaned


def add_source(source: dict[str, Any], *, by: User) -> str:
    """Add a source to the draft of sources.yaml, or begin one; its id. Raises workflow.NotAllowedError."""
    with writing():
        document, _ = Document.objects.get_or_create(path=SOURCES)
        Document.objects.select_for_update().get(pk=document.pk)
        open_text, published = document.open_text(), document.published()
        newest = open_text or published
        text = newest.text if newest and not newest.removed else ""
        id = _id(source, set(drafts.with_drafts().sources))
        entry = {key: _plain(source[key]) for key in ("title", "publisher", "date", "url", "doi", "checked") if source.get(key)}
        workflow.save_draft(
            document,
            f"{text.rstrip()}\n{yamltext.lines({id: entry})}".lstrip("\n"),
            by=by,
            version=open_text.version if open_text else 0,
            note=None if open_text else "New sources",
        )
    return id


def _id(source: dict[str, Any], taken: set[str]) -> str:
    """Its publisher and the first words of its title, which nobody else has."""
    words = slugify(f"{source['publisher'].split()[0]} {source['title']}").split("-")[:_WORDS_IN_ID]
    name = "-".join(filter(None, words)) or "source"
    return next(id for id in (name, *(f"{name}-{number}" for number in range(2, len(taken) + 3))) if id not in taken)


def _plain(value: Any) -> Any:
    return value if isinstance(value, datetime.date) else " ".join(str(value).replace("\0", "").split())
