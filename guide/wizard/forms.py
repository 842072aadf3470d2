"""One question as a form."""

from __future__ import annotations

from typing import Any

from django import forms

from guide.content.answers import mistake_in
from guide.content.documents import Question
from guide.content.parse import NOT_SURE

NOT_SURE_LABEL = "I’m not sure"


class AnswerForm(forms.Form):
    """The choices of a question, and "I'm not sure". Radio buttons or tick boxes, as the fact wants."""

    answer = forms.MultipleChoiceField(required=False)

    def __init__(self, question: Question, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.question = question
        field = self.fields["answer"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101  # for the type checker
        field.choices = [*((choice.id, choice.label) for choice in question.choices), (NOT_SURE, NOT_SURE_LABEL)]
        field.error_messages["invalid_choice"] = "Choose one of the answers on this page."

    def clean_answer(self) -> tuple[str, ...]:
        """The ids of the choices. Raises ValidationError with words for the reader."""
        ticked = tuple(self.cleaned_data["answer"])
        if mistake := mistake_in(self.question, ticked):
            raise forms.ValidationError(mistake)
        return ticked

    @property
    def ticked(self) -> set[str]:
        """What is ticked now, right or wrong."""
        return set(self["answer"].value() or ())
