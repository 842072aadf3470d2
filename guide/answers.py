"""A reader's answers: in one sealed cookie, nowhere else. Nobody but this module touches it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.http import HttpRequest, HttpResponse

from guide.content.answers import Said, read_said
from guide.content.documents import Question
from guide.cookies import SealedCookie

_cookie = SealedCookie("answers", path="/", samesite="Lax")


def held(request: HttpRequest, questions: Sequence[Question]) -> Said:
    """What the reader answered: fact -> ids of choices. What no longer fits the questions is left out."""
    value = _value(request).get("said")
    return read_said(value, questions) if isinstance(value, dict) else {}


def held_before(request: HttpRequest, questions: Sequence[Question]) -> Said:
    """What the reader had answered before the last change of mind; empty if there was none."""
    value = _value(request).get("before")
    return read_said(value, questions) if isinstance(value, dict) else {}


def held_waiting(request: HttpRequest, questions: Sequence[Question]) -> Said:
    """Answers to later questions, that wait until one before them is answered: they count for nothing yet."""
    value = _value(request).get("waiting")
    return read_said(value, questions) if isinstance(value, dict) else {}


def hold(
    request: HttpRequest,
    response: HttpResponse,
    said: Mapping[str, Sequence[str]],
    before: Mapping[str, Sequence[str]],
    waiting: Mapping[str, Sequence[str]],
) -> None:
    """Keep the answers, those before the last change of mind, and those that wait."""
    _cookie.write(request, response, {"said": _plain(said), "before": _plain(before), "waiting": _plain(waiting)})


def _value(request: HttpRequest) -> dict[str, object]:
    value = _cookie.read(request)
    return value if isinstance(value, dict) else {}


def _plain(said: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    return {fact: list(choices) for fact, choices in said.items()}


def forget(response: HttpResponse) -> None:
    """Clear all answers."""
    _cookie.clear(response)
