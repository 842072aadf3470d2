"""The fields of a document as a form for people who do not write YAML, and the way back to the text.

What was not changed stays byte for byte. Where a text has fields that a form cannot show, it is edited as a whole.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import Any, Literal, get_args, get_type_hints

from django import forms
from django.forms.renderers import BaseRenderer
from django.forms.utils import flatatt
from django.http import QueryDict
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from guide.content import yamltext
from guide.content.documents import Guide, Page, Treatment
from guide.content.markdown import slugify
from guide.content.parse import order_of, slug_of
from guide.content.text import FieldsError, read, value_of
from guide.editing.models import Document
from guide.editing.typed import lines_of

PREFIX = "field"

Choices = list[tuple[str, str]]


@dataclass(frozen=True)
class Field:
    """A field of the front matter. `default`: what a choice means when it is left out."""

    name: str
    label: str
    type: Literal["line", "lines", "names", "number", "date", "choice", "flag"]
    help: str = ""
    default: str = ""


_TITLE = Field("title", "Title", "line", "As it stands at the top of the page.")
_SUMMARY = Field("summary", "Summary", "lines", "One plain sentence that says what the page is about.")
_DATES = (
    Field("checked", "Facts checked on", "date", "The day when the facts were last compared with their sources."),
    Field("review_due", "To be checked again by", "date", "After this day readers are told that it is overdue."),
)
_FIELDS: dict[str, tuple[Field, ...]] = {
    "pages": (
        _TITLE,
        _SUMMARY,
        Field("part", "Part of the menu", "choice"),
        Field(
            "order",
            "Place in that part",
            "number",
            "Pages stand in the order of their numbers. Empty: the number that its file begins with.",
        ),
        *_DATES,
    ),
    "treatments": (
        Field("title", "Name", "line", "The name without a brand."),
        Field("family", "Page it belongs to", "choice"),
        Field("brands", "Brands", "names", "Names it is sold under now, one on each line."),
        Field("old_brands", "Old brands", "names", "Names that are no longer sold, one on each line."),
        Field("also", "Other names", "names", "What people may look for, one on each line."),
        Field("given", "How it is given", "line", "About five words."),
        Field("kind", "Kind", "choice", default="treatment"),
        Field("status", "Status", "choice", default="current"),
        Field("in_2018", "The 2018 guide named it", "flag"),
        *_DATES,
    ),
    "glossary": (_TITLE, _SUMMARY, *_DATES),
    "questions": (
        Field("title", "The question", "line", "As readers are asked."),
        Field("name", "What it asks for, in short", "line", "It ends the sentence “It depends on …”."),
        Field("why", "Why it matters", "lines", "One plain sentence."),
        Field("ask", "How to ask the care team", "lines", "For readers who are not sure: a question to take along."),
    ),
}
_OF_AN_ANSWER: tuple[tuple[str, str, Literal["line", "lines"]], ...] = (
    ("label", "words to choose", "line"),
    ("hint", "what helps to choose", "lines"),
    ("said", "as the results say it", "line"),
)


def folder_of(path: str) -> str:
    """What kind of document a path leads to: pages, treatments, questions, plan, glossary; empty for other files."""
    inside = path.partition("/")[2]
    if inside == "glossary.md":
        return "glossary"
    return inside.partition("/")[0] if inside.endswith(".md") else ""


def _fields_of(path: str, values: Mapping[str, Any]) -> tuple[Field, ...]:
    """The fields that the form for a document has. Those of a question's answers are named `values.id.label`."""
    known = _FIELDS.get(folder_of(path), ())
    if folder_of(path) != "questions":
        return known
    return known + tuple(
        Field(f"{within}.{id}.{name}", f"Answer “{id}”: {words}", type)
        for within in ("values", "answers")
        for id in values.get(within) or ()
        for name, words, type in _OF_AN_ANSWER
    )


class FieldsForm(forms.Form):
    """The front matter. Nothing is refused here: what is wrong is told with the other mistakes, and can be saved as a draft."""

    def __init__(self, path: str, guide: Guide, values: Mapping[str, Any], data: QueryDict | None = None) -> None:
        super().__init__(data, prefix=PREFIX)
        for field in _fields_of(path, values):
            value = value_of(values, field.name)
            self.fields[field.name] = _input(field, guide, value)
            self.initial[field.name] = _shown(field, value)


def fields_form(path: str, text: str, guide: Guide, data: QueryDict | None = None) -> FieldsForm | None:
    """The form for a text; None where this kind of document has none, or where it could not show what the text says."""
    if folder_of(path) not in _FIELDS:
        return None
    try:
        values = fields_in(path, text)
        if not all(_fits(field, value_of(values, field.name)) for field in _fields_of(path, values)):
            return None
    except (FieldsError, KeyError, TypeError, AttributeError):  # the latter: answers that are no mapping of mappings
        return None
    return FieldsForm(path, guide, values, data)


def fields_in(path: str, source: str) -> Mapping[str, Any]:
    """The fields of a text. Raises FieldsError where there are none."""
    text = read(path, source)
    if not isinstance(text.data, dict):
        raise FieldsError(text)
    return text.mapping


def text_of(path: str, posted: QueryDict) -> str:
    """The whole text that a form holds: as it was typed, or put together from fields and body."""
    if "body" not in posted:
        return lines_of(posted.get("text", ""))
    text = f"---\n{lines_of(posted.get('front', ''))}\n---\n{lines_of(posted.get('body', ''))}"
    try:
        return read(path, text).with_fields(dict(_typed(path, fields_in(path, text), posted)))
    except (FieldsError, KeyError, TypeError, AttributeError):
        return text


def _typed(path: str, values: Mapping[str, Any], posted: QueryDict) -> Iterator[tuple[str, Any]]:
    for field in _fields_of(path, values):
        old, name = value_of(values, field.name), f"{PREFIX}-{field.name}"
        if field.type == "flag":
            yield field.name, name in posted or (None if old is None else False)
        elif name in posted:
            yield field.name, _value(field, old, lines_of(str(posted[name])))


def _value(field: Field, old: Any, typed: str) -> Any:
    """What was typed, as YAML holds it; the old value where that says the same; None where the field is empty."""
    if field.type == "names":
        names = list(filter(None, map(str.strip, re.split(r"[\n;]", typed))))
        return old if names == [str(name) for name in old or ()] else names
    if typed.split() == _shown(field, old).split():
        return old
    said = " ".join(typed.split())
    if field.type == "date":
        try:
            return datetime.date.fromisoformat(said)
        except ValueError:
            pass
    if field.type == "number" and re.fullmatch(r"[0-9]{1,9}", said):
        return int(said)
    if field.type == "choice" and old is None and said == field.default:
        return None
    return said or None


def _shown(field: Field, value: Any) -> Any:
    """A value as the form shows it."""
    match field.type:
        case "flag":
            return bool(value)
        case "names":
            return "\n".join(map(str, value or ()))
        case "choice":
            return str(value or field.default)
        case "date":
            return value.isoformat() if isinstance(value, datetime.date) else value or ""
        case _:
            return "" if value is None else str(value)


def _fits(field: Field, value: Any) -> bool:
    """Whether the form can show a value without losing any of it."""
    match field.type:
        case "flag":
            return value is None or isinstance(value, bool)
        case "names":
            return value is None or (
                isinstance(value, list) and not any(isinstance(item, (dict, list)) or "\n" in str(item) for item in value)
            )
        case "date":
            return (
                value is None or isinstance(value, str) or (isinstance(value, datetime.date) and not isinstance(value, datetime.datetime))
            )
        case _:
            return not isinstance(value, (dict, list, bool))


class _Select(forms.Widget):
    """A drop-down written at once: Django checks, copies and renders each option by itself, and there may be as many as pages."""

    def __init__(self, choices: Choices) -> None:
        super().__init__()
        self.choices = choices

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: BaseRenderer | None = None) -> SafeString:
        """The same as Django's, for options without groups."""
        options = "".join(
            f'<option value="{escape(id)}"{" selected" if id == value else ""}>{escape(words)}</option>' for id, words in self.choices
        )
        settings = flatatt(self.build_attrs({**self.attrs, "name": name}, attrs))
        return format_html("<select{}>{}</select>", settings, mark_safe(options))  # noqa: S308  # escaped above


def _input(field: Field, guide: Guide, value: Any) -> forms.Field:
    settings: dict[str, Any] = {"label": field.label, "help_text": field.help, "required": False}
    match field.type:
        case "flag":
            return forms.BooleanField(**settings)
        case "choice":
            return forms.CharField(widget=_Select(choices=_choices(field, guide, value)), **settings)
        case "date" if not isinstance(value, str):  # a browser's calendar would not show what is no day
            return forms.CharField(widget=forms.DateInput(attrs={"type": "date"}), **settings)
        case "number":
            return forms.CharField(widget=forms.TextInput(attrs={"inputmode": "numeric"}), **settings)
        case "line" | "date":
            return forms.CharField(widget=forms.TextInput(attrs={"class": "vTextField"}), **settings)
        case _:
            return forms.CharField(widget=forms.Textarea(attrs={"rows": 2}), **settings)


def _choices(field: Field, guide: Guide, value: Any) -> Choices:
    """What there is to choose from; a value that is none of it stays, and is told as a mistake."""
    match field.name:
        case "part":
            known = list(guide.site.parts.items())
        case "family":
            known = [(page.slug, page.title) for page in guide.pages]
        case name:
            known = list(_words(name))
    shown = _shown(field, value)
    return known if shown in dict(known) else [(shown, f"{shown or 'Choose'}"), *known]


@cache
def _words(name: str) -> tuple[tuple[str, str], ...]:
    """The values that a field of a treatment may have, with what the form calls them."""
    return tuple((word, word.replace("-", " ").capitalize()) for word in get_args(get_type_hints(Treatment)[name]))


# New documents

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_DUE = datetime.timedelta(days=182)


class NewDocumentForm(forms.Form):
    """What makes the path of a new document, and its first text."""

    folder = forms.ChoiceField(
        label="Kind",
        choices=[("pages", "A page of the guide"), ("treatments", "A treatment or test"), ("questions", "A question of the wizard")],
    )
    title = forms.CharField(max_length=120, label="Title", widget=forms.TextInput(attrs={"class": "vTextField"}))
    slug = forms.CharField(
        max_length=60,
        required=False,
        label="Name in its address",
        help_text="Lower-case words with hyphens. Left empty, it is made from the title. It cannot be changed later.",
    )
    place = forms.IntegerField(
        min_value=1, max_value=999, required=False, label="Number for its place",
        help_text="Pages and questions stand in the order of their numbers. Left empty, it comes last.",
    )  # fmt: skip
    note = forms.CharField(
        max_length=300, label="Why", widget=forms.TextInput(attrs={"class": "vTextField"}), help_text="One sentence for the history."
    )

    def __init__(self, guide: Guide, data: QueryDict | None = None) -> None:
        super().__init__(data)
        self.guide = guide

    def clean(self) -> dict[str, Any]:
        """The path, which nobody else may have."""
        cleaned = super().clean() or self.cleaned_data
        if not {"folder", "title"} <= set(cleaned):
            return cleaned
        slug = cleaned.get("slug") or slugify(cleaned["title"])
        folder = f"{self.guide.site.language}/{cleaned['folder']}/"
        taken = list(Document.objects.filter(path__startswith=folder).values_list("path", flat=True))
        if not _SLUG.fullmatch(slug):
            self.add_error("slug", "Write lower-case words with hyphens, such as my-new-page.")
        elif path := self._moved(cleaned["folder"]).get(slug):
            self.add_error("slug", f"This was the name of {path}, and its old address leads there. Choose another one.")
        elif slug in map(slug_of, taken):
            self.add_error("slug", f"There is a document of this name: {next(path for path in taken if slug_of(path) == slug)}")
        else:
            last = max((order_of(path)[0] for path in taken), default=0)
            name = slug if cleaned["folder"] == "treatments" else f"{cleaned.get('place') or last + 1:02}-{slug}"
            cleaned["path"] = f"{folder}{name}.md"
        return cleaned

    def _moved(self, folder: str) -> dict[str, str]:
        """Names that a document of this kind had before, with its path."""
        documents: dict[str, Iterable[Page | Treatment]] = {"pages": self.guide.pages, "treatments": self.guide.treatments.values()}
        return {slug: document.path for document in documents.get(folder, ()) for slug in document.was}

    def skeleton(self) -> str:
        """A first text, with the fields and headings that this kind of document needs.

        What its writer has to say is left empty: the check of the content asks for it, and would not know words that only hold its place.
        """
        today = timezone.localdate()
        dates = {"checked": today, "review_due": today + _DUE}
        title = self.cleaned_data["title"]
        match self.cleaned_data["folder"]:
            case "pages":
                fields = {"title": title, "summary": "", "part": next(iter(self.guide.site.parts), ""), **dates}
                body = ""
            case "treatments":
                first = self.guide.pages[0].slug if self.guide.pages else ""
                fields = {"title": title, "family": first, "brands": [], "given": "", "status": "current", **dates}
                body = "".join(f"\n## {titles[0]}\n" for titles in self.guide.site.treatment_headings)
            case _:
                answers = {id: {"label": "", "said": ""} for id in ("one", "two")}
                fields = {"kind": "one", "title": title, "name": "", "ask": "", "why": "", "values": answers}
                body = ""
        return f"---\n{yamltext.lines(fields)}---\n{body}"
