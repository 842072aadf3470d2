"""What somebody of the staff typed, and the desk could not take: it comes back with a button that sends it once more."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

SHORT = 300  # letters; a longer text, or one of several lines, is shown, to be copied


def unsaved(request: HttpRequest, status: int, *, signed_out: bool = False, **address: int) -> HttpResponse:
    """Everything that the form held, with a new token. Comes of what was posted alone: the database may be what fails."""
    posted = [(name, text) for name in request.POST if name != "csrfmiddlewaretoken" for text in request.POST.getlist(name)]
    shown = [name != "front" and (len(text) > SHORT or "\n" in text) for name, text in posted]
    context = {
        "status": status,
        "signed_out": signed_out,
        "shown": [field for field, is_shown in zip(posted, shown, strict=True) if is_shown],
        "hidden": [field for field, is_shown in zip(posted, shown, strict=True) if not is_shown],
    }
    return TemplateResponse(request, "admin/guide/unsaved.html", context, status=status)
