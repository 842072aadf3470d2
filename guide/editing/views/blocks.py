"""What the editor asks of the block at the cursor: where it stands, for whom it is, and the text with something else in its options."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from django.contrib.admin import AdminSite
from django.http import HttpRequest, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from guide.content.blocks import KINDS, WORDS
from guide.content.conditions import ConditionError, given
from guide.content.mistakes import words
from guide.content.text import BlockText, FieldsError, Text, read
from guide.content.yamltext import written
from guide.editing import builder, drafts
from guide.editing.forms import text_of
from guide.editing.models import Document
from guide.editing.typed import number_of, one_line
from guide.editing.views.window import editor_of

_LISTS = ("treatments", "sources")
_SET = (*WORDS, *_LISTS)
"""Options that buttons of the editor set. A list gets one more item."""
_UNREADABLE = "The options of this block cannot be read. Mend them first: the list of mistakes says how."


def urls(desk: AdminSite) -> list[URLPattern]:
    """The addresses that the editor asks, for staff only."""
    return [
        path("documents/<int:pk>/block/", desk.admin_view(require_POST(block)), name="block"),
        path("documents/<int:pk>/condition/", desk.admin_view(require_POST(condition)), name="condition"),
    ]


class _NotPutError(ValueError):
    """Why a block cannot be changed, in plain words."""


@dataclass(frozen=True)
class _Cursor:
    """The cursor in a text, of which the browser shows all or the `body` alone. `line`: from 1; `block`: the one around it."""

    text: Text
    body: bool
    line: int
    block: BlockText | None

    @property
    def above(self) -> int:
        """How many lines stand above those that the browser shows."""
        return self.text.body_line - 1 if self.body else 0

    def shown(self, source: str) -> str:
        """What the browser shows of a text."""
        return read(self.text.path, source).body if self.body else source

    def with_option(self, name: str, value: Any) -> str:
        """The whole text with an option of the block changed; as it is, where the block says so already. Raises _NotPutError."""
        if self.block is None:
            raise _NotPutError("Put the cursor into a block first.")
        if value is not None and self.block.data.get(name) == value:
            return self.text.source
        try:
            return self.text.with_option(self.block, name, value)
        except FieldsError as error:
            raise _NotPutError(_UNREADABLE) from error


def _cursor(request: HttpRequest, pk: int) -> _Cursor:
    """Where the cursor is: at a line (from 0) of what the browser shows."""
    editor_of(request)
    document = get_object_or_404(Document, pk=pk)
    text = read(document.path, text_of(document.path, request.POST))
    body = "body" in request.POST
    line = number_of(request.POST.get("line", "")) + (text.body_line if body else 1)
    return _Cursor(text, body, line, text.block_at(line))


def block(request: HttpRequest, pk: int) -> JsonResponse:
    """The block at a line: `after` is the line (from 0) below it, `options` whether the line is one of its first line and its options.

    With `option` and `value`: the text with it in the block, and the line where it stands there.
    """
    cursor = _cursor(request, pk)
    if "option" in request.POST:
        try:
            return JsonResponse(_with(cursor, request.POST["option"], one_line(request.POST.get("value", ""), 200)))
        except _NotPutError as error:
            return JsonResponse({"wrong": str(error)}, status=400)
    around = cursor.block
    return JsonResponse(
        {
            "block": str(around.name) if around else "",
            "after": around.last - cursor.above if around else 0,
            "options": around is not None and cursor.line < around.body_line,
        }
    )


def _with(cursor: _Cursor, name: str, value: str) -> dict[str, Any]:
    kind = KINDS.get(cursor.block.kind) if cursor.block else None
    if name not in _SET or not value:
        raise _NotPutError("There is nothing to put into the block.")
    if kind and name not in (*kind.needs, *kind.may):
        raise _NotPutError(f"A block of the kind “{kind.label}” has no {name}.")
    put: Any = value
    if name in _LISTS:
        there = cursor.block.data.get(name) if cursor.block else None
        if there is not None and not isinstance(there, list):
            raise _NotPutError(words("option-no-list", name=name))
        put = [*(there or ()), *([] if value in map(str, there or ()) else [value])]
    changed = read(cursor.text.path, cursor.with_option(name, put))
    found = changed.block_at(cursor.line)
    return {"text": cursor.shown(changed.source), "line": (found.line_of(name) if found else cursor.line) - cursor.above - 1}


def condition(request: HttpRequest, pk: int) -> JsonResponse:
    """Read or write the condition of the block at a line.

    With `form`: what it says, and the text with it in the block. Without: what stands there.
    """
    cursor = _cursor(request, pk)
    guide = drafts.guide_with(cursor.text.path, cursor.text.source)
    answer: dict[str, Any] = {"block": str(cursor.block.name) if cursor.block else "", "form": None}
    if "form" in request.POST:
        try:
            # Without a line in it, the form stands for everybody, and the block has no `when`.
            when: Any = builder.when_of(builder.form_of(json.loads(request.POST["form"]))) or None
            if cursor.block:
                answer["text"] = cursor.shown(cursor.with_option("when", when))
        except (ValueError, RecursionError) as error:
            return JsonResponse({"wrong": str(error)}, status=400)
        answer["when"] = written(when or {})
    else:
        when = given(cursor.block.data["when"]) if cursor.block and "when" in cursor.block.data else None
        try:
            answer["form"] = builder.as_data(builder.simplest(builder.read(when)))
        except builder.TooDeepError:
            answer["deep"] = True
    try:
        told = builder.tell(when, guide)
        answer |= {"sentence": told.sentence, "count": told.share.count, "of": told.share.of, "example": told.example}
    except ConditionError as error:
        answer["wrong"] = str(error)
    return JsonResponse(answer)
