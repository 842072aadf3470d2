"""The form in which a document is edited."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from guide.content.errors import ContentError
from guide.editing.models import Document, Edition


class DocumentForm(forms.ModelForm):  # type: ignore[type-arg]  # not generic at run time
    """A document's text, checked as part of the whole guide before anything is saved."""

    text = forms.CharField(
        strip=False,
        widget=forms.Textarea(attrs={"rows": 32, "spellcheck": "true", "class": "vLargeTextField document-text"}),
        help_text="Fields between the two lines of ---, then Markdown. content/README.md explains both.",
    )
    note = forms.CharField(
        label="Why",
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        help_text="One sentence for the history: what changes, and why.",
    )
    based_on = forms.IntegerField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Document
        fields = ("path",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            newest = self.instance.draft() or self.instance.published()
            self.initial["text"] = newest.text if newest else ""
            self.initial["based_on"] = newest.pk if newest else None
            self.fields["path"].disabled = True

    def clean_text(self) -> str:
        """Browsers send line ends as CRLF; files have LF."""
        return str(self.cleaned_data["text"]).replace("\r\n", "\n")

    def clean(self) -> dict[str, Any]:
        """Every mistake that the guide would have with this text; and whether somebody else was quicker."""
        cleaned = super().clean() or self.cleaned_data
        if not {"path", "text"} <= set(cleaned):
            return cleaned
        try:
            Edition.objects.with_changes(Edition.objects.newest(), {cleaned["path"]: cleaned["text"]})
        except ContentError as error:
            self.add_error("text", [ValidationError("%(mistake)s", params={"mistake": mistake}) for mistake in error.mistakes])
        self._check_newer(cleaned)
        return cleaned

    def _check_newer(self, cleaned: dict[str, Any]) -> None:
        if self.instance.pk:
            Document.objects.select_for_update().get(pk=self.instance.pk)  # of two editors one waits for the other
        newest = self.instance.revisions.first() if self.instance.pk else None
        if newest and cleaned.get("based_on") != newest.pk:
            who = newest.author or "an import"
            self.add_error(
                None,
                f"{who} saved this document while you were editing (“{newest.note}”). Your text is still below. "
                "Compare it with the newest entry of the history; save again to go on with yours.",
            )
            # Saving again is then a decision: the form now knows of the newer text.
            data = dict(self.data.items())
            data[self.add_prefix("based_on")] = str(newest.pk)
            self.data = data
