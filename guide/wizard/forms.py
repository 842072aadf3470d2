"""The questions of one page as a form."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from django import forms
from django.http import QueryDict

from guide.content.answers import Said, mistake_in
from guide.content.documents import Choice, Question
from guide.content.parse import NOT_SURE
from guide.wizard.flow import Walk
from guide.wizard.named import Found, choices_named

NOT_SURE_LABEL = "I’m not sure"
ASKED, FIND = "question", "find"
"""Names in the form beside those of the answers: the questions that it asked, and the button that looks names up."""
_LONGEST_TYPED = 200


class AnswerField(forms.MultipleChoiceField):
    """The choices of a question, and "I'm not sure"."""

    def __init__(self, question: Question) -> None:
        ids = [*(choice.id for choice in question.choices), NOT_SURE]
        super().__init__(required=False, choices=[(id, id) for id in ids])
        self.question = question

    def validate(self, value: list[str]) -> None:
        """Raises ValidationError with words for the reader."""
        if mistake := mistake_in(self.question, value):
            raise forms.ValidationError(mistake)


class AnswersForm(forms.Form):
    """The questions that a page asks. Radio buttons or tick boxes, as each fact wants."""

    prefix = "answer"

    def __init__(self, questions: Iterable[Question], data: QueryDict | None = None, said: Said | None = None) -> None:
        super().__init__(data, initial={id: list(ticked) for id, ticked in (said or {}).items()})
        self.questions = tuple(questions)
        self.fields |= {question.id: AnswerField(question) for question in self.questions}

    def given(self) -> Said:
        """The answers that are right."""
        self.full_clean()
        return {id: tuple(ticked) for id, ticked in self.cleaned_data.items()}

    def forgive(self, asked: Iterable[str]) -> bool:
        """Overlook what is wrong with questions that are not asked after all; whether nothing is wrong then."""
        wanted = set(asked)
        for id in set(self.errors) - wanted:
            del self.errors[id]
        return not self.errors

    def ticked(self, question: Question) -> set[str]:
        """What is ticked now, right or wrong."""
        return set(self[question.id].value() or ()) if question.id in self.fields else set()


def form_sent(now: Walk, number: int, sent: QueryDict) -> AnswersForm:
    """The form of a page as it came back: with what it asked and what may follow there, and nothing else."""
    asked = set(sent.getlist(ASKED)) or {question.id for question in now.pages[number - 1]}
    possible = (*now.pages[number - 1], *now.may_follow(number))
    return AnswersForm((question for question in possible if question.id in asked), sent)


def look_up(now: Walk, number: int, sent: QueryDict) -> tuple[QueryDict, dict[str, list[Found]]] | None:
    """What names that were typed stand for, and the form with that ticked; None where there is nothing (new) to look up.

    What is not known stays in the field. Sent once more, it no longer holds anybody up.
    """
    looked: dict[str, list[Found]] = {}
    ticked = sent.copy()
    for question in form_sent(now, number, sent).questions:
        name = f"{AnswersForm.prefix}-{question.id}"
        typed = sent.get(f"{name}-typed", "").strip()[:_LONGEST_TYPED]
        if question.by_name and typed and (FIND in sent or typed != sent.get(f"{name}-tried")):
            found = looked[question.id] = choices_named(now.guide, question, typed)
            ids = [choice.id for one in found for choice in one.choices]
            if ids:
                alone = {NOT_SURE, *(choice.id for choice in question.choices if choice.alone)}
                ticked.setlist(name, [*dict.fromkeys([*(id for id in sent.getlist(name) if id not in alone), *ids])])
            ticked[f"{name}-typed"] = ticked[f"{name}-tried"] = ", ".join(one.typed for one in found if not one.choices)
    return (ticked, looked) if looked or FIND in sent else None


@dataclass(frozen=True)
class Offered:
    """A choice on the page. `shown_by`: answers of the page that bring it up, as `name=value`; empty where it hangs on none."""

    choice: Choice
    ticked: bool
    hidden: bool
    shown_by: str


@dataclass(frozen=True)
class Row:
    """A question on the page. `number`: its place there; nothing in its address or in what names its parts tells what it asks."""

    question: Question
    number: int
    now: Walk
    page: int
    form: AnswersForm
    found: tuple[Found, ...] = ()

    @property
    def name(self) -> str:
        """What its answers are sent as."""
        return self.form.add_prefix(self.question.id)

    @property
    def many(self) -> bool:
        """Whether several choices can be true."""
        return self.question.fact.kind == "many"

    @property
    def errors(self) -> list[str]:
        """What is wrong with the answer, in words for the reader."""
        return [str(error) for error in self.form.errors.get(self.question.id, [])]

    @property
    def unsure(self) -> bool:
        """Whether "I'm not sure" is chosen."""
        return NOT_SURE in self.form.ticked(self.question)

    @property
    def hidden(self) -> bool:
        """Whether it waits for another answer of the page."""
        return self.question.id not in self.form.fields

    @property
    def shown_by(self) -> str:
        """By which answers of the page it comes up."""
        return _shown_by(self.form, self.now.brought_by(self.page, self.question))

    @property
    def typed(self) -> str:
        """What was typed and is not known."""
        return str(self.form.data.get(f"{self.name}-typed", ""))

    @cached_property
    def choices(self) -> list[Offered]:
        """What can be chosen. What surely does not concern the reader is left out, unless it is ticked."""
        ticked = self.form.ticked(self.question)
        left_out = self.question.left_out(self.now.when_asked(self.page, self.question))
        offered_by = self.now.offered_by(self.page, self.question)
        found = []
        for choice in self.question.choices:
            shown_by = _shown_by(self.form, offered_by.get(choice.id, {}))
            out = choice.id in left_out and choice.id not in ticked
            if shown_by or not out:
                found.append(Offered(choice, choice.id in ticked, out, shown_by))
        return found


def _shown_by(form: AnswersForm, answers: Mapping[str, list[str]]) -> str:
    return " ".join(f"{form.add_prefix(fact)}={id}" for fact, ids in answers.items() for id in ids)


def rows(now: Walk, page: int, form: AnswersForm, found: Mapping[str, list[Found]]) -> list[Row]:
    """The questions of a page in the order of the guide, with those that wait for an answer there."""
    some = sorted((*now.pages[page - 1], *now.may_follow(page)), key=now.guide.questions.index)
    return [Row(question, number, now, page, form, tuple(found.get(question.id, ()))) for number, question in enumerate(some, start=1)]


def form_shown(now: Walk, number: int) -> AnswersForm:
    """The form of a page as it stands."""
    return AnswersForm(now.pages[number - 1], said=now.said)


def error_list(shown: Iterable[Row]) -> list[tuple[int, str]]:
    """What is wrong on the page: the place of the question, and the words."""
    return [(row.number, error) for row in shown for error in row.errors]
