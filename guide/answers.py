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
    value = _cookie.read(request)
    return read_said(value, questions) if isinstance(value, dict) else {}


def hold(request: HttpRequest, response: HttpResponse, said: Mapping[str, Sequence[str]]) -> None:
    """Keep the answers."""
    _cookie.write(request, response, {fact: list(choices) for fact, choices in said.items()})


def forget(response: HttpResponse) -> None:
    """Clear all answers."""
    _cookie.clear(response)
