"""Editions: publish now or at a time, history, roll back."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Prefetch, QuerySet, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from guide.content.mistakes import ContentError
from guide.editing import workflow
from guide.editing.home import moment, title_in
from guide.editing.models import Edition, NothingToRollBackError, Revision
from guide.editing.releases import Release, obstacle
from guide.editing.typed import number_of
from guide.editing.views.mistakes import linked
from guide.editing.workflow import NotAllowedError

_A_PAGE = 30  # editions listed at a time
_PUBLISH = "guide.publish_document"


def urls(desk: AdminSite) -> list[URLPattern]:
    """The addresses of these pages, for staff only."""
    return [
        path("editions/", desk.admin_view(editions), name="editions"),
        path("editions/<int:number>/", desk.admin_view(edition), name="edition"),
        path("editions/<int:number>/roll-back/", desk.admin_view(roll_back), name="roll_back"),
        path("editions/later/<int:pk>/cancel/", desk.admin_view(cancel), name="cancel_release"),
    ]


def _page(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    own = {
        **admin.site.each_context(request),
        "may_publish": request.user.has_perm(_PUBLISH),
        "zone": timezone.get_current_timezone_name(),
        **context,
    }
    return TemplateResponse(request, f"admin/guide/{template}.html", own, status=status)


def editions(request: HttpRequest) -> HttpResponse:
    """What can be published, what is set for later, and every edition."""
    _user(request)
    form = PublishForm(request.POST or None)
    mistakes: list[dict[str, str]] = []
    if request.method == "POST":
        user = _user(request, _PUBLISH)
        if form.is_valid():
            try:
                return _published(request, user, form)
            except NotAllowedError as error:
                form.add_error(None, str(error))
            except ContentError as error:
                mistakes = linked(error.mistakes, user)
    before = request.GET.get("before", "")
    numbered = Edition.objects.filter(number__lt=number_of(before)) if number_of(before) else Edition.objects.all()
    listed = list(numbered.select_related("by")[: _A_PAGE + 1])
    context = {
        "title": "Editions",
        "form": form,
        "chosen": set(request.POST.getlist("texts")),
        "approved": [{"text": text, "title": title_in(text.text, text.document.path)} for text in approved()],
        "releases": [
            {"release": release, "when": moment(release.due), "problem": release.problem or obstacle(release, release.texts.all())}
            for release in _waiting()
        ],
        "editions": listed[:_A_PAGE],
        "older": listed[_A_PAGE - 1].number if len(listed) > _A_PAGE else 0,
        "now": moment(timezone.now()),
        "mistakes": mistakes,
    }
    return _page(request, "editions", context, status=422 if request.method == "POST" else 200)


def edition(request: HttpRequest, number: int) -> HttpResponse:
    """What an edition changed."""
    _user(request)
    shown = get_object_or_404(Edition.objects.select_related("by"), number=number)
    context = {
        "title": str(shown),
        "edition": shown,
        "changes": _changes(shown),
        "release": Release.objects.filter(edition=shown).first(),
    }
    return _page(request, "edition", context)


def roll_back(request: HttpRequest, number: int) -> HttpResponse:
    """Ask once more, and for the reason; then put back what the edition changed."""
    user = _user(request, _PUBLISH)
    shown = get_object_or_404(Edition, number=number)
    form = RollBackForm(request.POST or None)
    mistakes: list[dict[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            made = workflow.roll_back(shown, by=user, note=form.cleaned_data["note"])
        except NothingToRollBackError:
            form.add_error(
                None, "Every document of this edition was changed again since. Restore an earlier text from the document’s history."
            )
        except NotAllowedError as error:
            form.add_error(None, str(error))
        except ContentError as error:
            mistakes = linked(error.mistakes, user)
        else:
            messages.success(request, f"{shown} is rolled back: {made} is what readers see now.")
            return HttpResponseRedirect(reverse("admin:edition", args=[made.number]))
    changes = _changes(shown)
    context = {
        "title": f"Roll back {shown}",
        "edition": shown,
        "form": form,
        "goes_back": [change for change in changes if change["newest"]],
        "stays": [change for change in changes if not change["newest"]],
        "mistakes": mistakes,
    }
    return _page(request, "rollback", context, status=422 if request.method == "POST" else 200)


def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Do not publish what is set for later."""
    user = _user(request, _PUBLISH)
    release = get_object_or_404(Release, pk=pk)
    if request.method == "POST":
        try:
            workflow.cancel(release, by=user)
            messages.success(request, f"“{release.note}” does not go out. Its texts are still approved where nobody changed them.")
        except NotAllowedError as error:
            messages.error(request, str(error))
    return HttpResponseRedirect(reverse("admin:editions"))


class _Texts(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Texts by their numbers; what is no number is none."""

    def clean(self, value: Any) -> Any:
        """Without what the database would not take."""
        return super().clean([one for one in value or () if number_of(str(one))])


class PublishForm(forms.Form):
    """Which approved texts go out, why, and when."""

    texts = _Texts(
        Revision.objects.none(),
        error_messages={
            "required": "Choose at least one approved text.",
            "invalid_choice": "One of these texts is not approved any more. Look at the list again.",
        },
    )
    note = forms.CharField(
        label="What changed, in one plain sentence",
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        error_messages={"required": "Write one plain sentence: what changed?"},
    )
    due = forms.DateTimeField(
        label="When",
        required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        error_messages={"invalid": "Write the time as 2026-12-31 08:30."},
    )
    when = forms.ChoiceField(choices=(("now", "now"), ("later", "later")))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["texts"].queryset = approved()  # type: ignore[attr-defined]  # of a model field

    def clean(self) -> dict[str, Any]:
        """A time is needed for later only."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("when") == "later" and not cleaned.get("due") and "due" not in self.errors:
            self.add_error("due", "Choose the day and the time.")
        return cleaned


class RollBackForm(forms.Form):
    """Why an edition is rolled back."""

    note = forms.CharField(
        label="Why",
        max_length=300,
        widget=forms.TextInput(attrs={"class": "vTextField"}),
        error_messages={"required": "Write one plain sentence: why?"},
    )


def approved() -> QuerySet[Revision]:
    """Approved texts that are not set for later. `overtaken`: another text was published since they were begun."""
    published = Revision.objects.filter(document=OuterRef("document"), state=Revision.State.PUBLISHED).order_by("-edition__number")
    return (
        Revision.objects.filter(state=Revision.State.APPROVED)
        .exclude(releases__state=Release.State.PLANNED)
        .annotate(newest=Subquery(published.values("pk")[:1]))
        .select_related("document", "reviewer", "author")
        .order_by("document__path")
    )


def _user(request: HttpRequest, permission: str = "guide.view_edition") -> User:
    """Who asks. Raises PermissionDenied."""
    if not isinstance(request.user, User) or not (request.user.has_perm(permission) or request.user.has_perm(_PUBLISH)):
        raise PermissionDenied
    return request.user


def _published(request: HttpRequest, user: User, form: PublishForm) -> HttpResponse:
    texts, note = list(form.cleaned_data["texts"]), form.cleaned_data["note"]
    if form.cleaned_data["when"] == "later":
        release = workflow.plan(texts, by=user, note=note, due=form.cleaned_data["due"])
        messages.success(request, f"“{note}” goes out {moment(release.due)}.")
        return HttpResponseRedirect(reverse("admin:editions"))
    made = workflow.publish(texts, by=user, note=note)
    messages.success(request, f"{made} is published. Readers see it within a second or two.")
    return HttpResponseRedirect(reverse("admin:edition", args=[made.number]))


def _waiting() -> QuerySet[Release]:
    waiting = Release.objects.filter(state__in=(Release.State.PLANNED, Release.State.FAILED)).order_by("due").select_related("by")
    return waiting.prefetch_related(Prefetch("texts", Revision.objects.select_related("document").defer("text")))


def _changes(edition: Edition) -> list[dict[str, Any]]:
    """Each text of an edition with its title, what stood before it, and whether it is still what readers see."""
    of_document = Revision.objects.filter(document=OuterRef("document"), state=Revision.State.PUBLISHED)
    texts = edition.revisions.select_related("document", "author", "reviewer", "edition").annotate(
        newest=Subquery(of_document.order_by("-edition__number").values("pk")[:1]),
        earlier=Subquery(of_document.filter(edition__number__lt=OuterRef("edition__number")).order_by("-edition__number").values("pk")[:1]),
    )
    return [
        {"text": text, "title": title_in(text.text, text.document.path), "newest": text.newest == text.pk, "earlier": text.earlier}
        for text in texts.order_by("document__path")
    ]
