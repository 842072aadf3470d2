"""The guide as everyone sees it."""

from __future__ import annotations

from itertools import groupby

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone

from guide.content.blocks import OFFERS
from guide.content.documents import Block, Document, Guide, Page, Treatment, documents
from guide.editing.models import Revision
from guide.http import page, public
from guide.library import NothingPublishedError, current, published

_TOLD = 100  # changes of this guide that are listed


@public
def home(request: HttpRequest) -> HttpResponse:
    """The front page: the three things that the site does."""
    guide = current()
    return page(request, "reading/home.html", {"guide": guide, "first": guide.pages[0] if guide.pages else None})


@public
def contents(request: HttpRequest) -> HttpResponse:
    """All pages of the guide."""
    return page(request, "reading/contents.html", {"area": "guide", "guide": current()})


@public
def section(request: HttpRequest, slug: str) -> HttpResponse:
    """A page of the menu."""
    guide = current()
    try:
        document = guide.page(slug)
    except KeyError as error:
        if moved := guide.page_that_was(slug):
            return redirect(moved.url, permanent=True)
        raise Http404 from error
    return show(request, guide, document)


@public
def treatments(request: HttpRequest) -> HttpResponse:
    """Every medicine, procedure and test, by family and by name."""
    guide = current()
    families = [(family, [item for item in guide.treatments.values() if item.family == family.slug]) for family in guide.pages]
    context = {"area": "guide", "guide": guide, "families": [entry for entry in families if entry[1]], "names": _names(guide)}
    return page(request, "reading/treatments.html", context)


@public
def treatment(request: HttpRequest, slug: str) -> HttpResponse:
    """A medicine, procedure or test, with the situations in which people discuss it."""
    guide = current()
    if slug not in guide.treatments:
        if moved := guide.treatment_that_was(slug):
            return redirect(moved.url, permanent=True)
        raise Http404
    return show(request, guide, guide.treatments[slug])


@public
def words(request: HttpRequest) -> HttpResponse:
    """The glossary."""
    guide = current()
    if guide.glossary is None:
        raise Http404
    return show(request, guide, guide.glossary)


def show(request: HttpRequest, guide: Guide, document: Document) -> HttpResponse:
    """A document of a guide, published or not."""
    context = {
        "area": "guide",
        "guide": guide,
        "document": document,
        "sources": [guide.sources[id] for id in document.body.sources],
        "overdue": document.overdue(timezone.now().date()),
    }
    match document:
        case Page(slug=slug):
            place = guide.pages.index(document)
            context["family"] = [treatment for treatment in guide.treatments.values() if treatment.family == slug]
            context["before"] = guide.pages[place - 1] if place else None
            context["after"] = guide.pages[place + 1] if place + 1 < len(guide.pages) else None
            return page(request, "reading/section.html", context)
        case Treatment(slug=slug):
            context["family"] = guide.page(document.family)
            context["uses"] = [(place, block) for place, block in guide.blocks(*OFFERS) if slug in block.treatments]
            return page(request, "reading/treatment.html", context)
        case _:
            return page(request, "reading/words.html", context)


@public
def sources(request: HttpRequest) -> HttpResponse:
    """Every source."""
    guide = current()
    return page(
        request,
        "reading/sources.html",
        {"area": "guide", "guide": guide, "sources": sorted(guide.sources.values(), key=lambda source: source.title.lower())},
    )


@public
def changes(request: HttpRequest) -> HttpResponse:
    """What editors told readers of each edition, and what changed since the 2018 guide; newest first."""
    now = published()
    found: list[tuple[Page | Treatment, Block]] = sorted(now.guide.blocks("changed"), key=lambda entry: entry[1].since, reverse=True)
    years = [(year, list(entries)) for year, entries in groupby(found, key=lambda entry: entry[1].since[:4])]
    addresses = {document.path: document for document in documents(now.guide)}
    told = [(text, addresses.get(text.document.path)) for text in _told(now.edition)]
    return page(request, "reading/changes.html", {"area": "guide", "guide": now.guide, "years": years, "told": told})


def _told(edition: int) -> QuerySet[Revision]:
    """Texts with a sentence for readers, up to an edition. What was put back as it was before, or has gone, is told no more."""
    texts = Revision.objects.filter(state=Revision.State.PUBLISHED, edition__number__lte=edition)
    later = texts.filter(document=OuterRef("document"), edition__number__gt=OuterRef("edition__number"))
    undone = later.filter(Q(removed=True) | Q(text=OuterRef("started_from__text")))
    told = texts.exclude(for_readers="").filter(~Exists(undone)).order_by("-edition__number", "document__path")
    return told.select_related("edition", "document").defer("text")[:_TOLD]


def robots(request: HttpRequest) -> HttpResponse:
    """What search engines may read: a stranger's wizard and plan show nothing of anybody, and may be found."""
    return HttpResponse(f"User-agent: *\nDisallow: {reverse('admin:index')}\n", content_type="text/plain")


def healthz(request: HttpRequest) -> HttpResponse:
    """200 when database and guide are fine; 503 and the reason when not."""
    try:
        current()
    except NothingPublishedError as error:
        return HttpResponse(f"{error}\n", status=503, content_type="text/plain")
    except Exception as error:  # noqa: BLE001  # whatever is wrong, the monitor should hear of it
        return HttpResponse(f"{type(error).__name__}\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")


def _names(guide: Guide) -> list[tuple[str, list[tuple[str, Treatment]]]]:
    """Every name that a treatment goes by, in alphabetical order, by letter."""
    names = {
        (name, treatment.slug): treatment
        for treatment in guide.treatments.values()
        for name in (treatment.title, *treatment.brands, *treatment.old_brands, *treatment.also)
    }
    ordered = sorted(((name, treatment) for (name, _), treatment in names.items()), key=lambda entry: entry[0].lower())
    return [(letter, list(entries)) for letter, entries in groupby(ordered, key=lambda entry: entry[0][0].upper())]
