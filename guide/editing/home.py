"""What waits on the editors' desk, for one person: first what they can act on themselves.

The number of queries is the same however long the history is. What takes long to find out (reading grades, mistakes
in open texts) is found out once and kept in the cache that all processes share.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TypeVar

from django.contrib.auth.models import User
from django.core.cache import caches
from django.db.models import Prefetch
from django.db.models.functions import Substr
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format

from guide.content.documents import SOURCES, documents
from guide.content.grade import HARDEST, grade, names_pattern
from guide.content.mistakes import Mistake
from guide.content.text import title_at_top
from guide.content.whole import examine
from guide.editing.conflicts import Conflict
from guide.editing.drafts import guide_at, without_written
from guide.editing.models import Document, Edition, Revision
from guide.editing.releases import Release
from guide.editing.together import Comment

SOURCE_HOLDS_FOR = datetime.timedelta(days=365)  # then somebody should look it up again
SOON = datetime.timedelta(days=30)  # before a review is due
NEAR_THE_LIMIT = 0.5  # school grades below the hardest that may be published
MISTAKES = "Mistakes in texts on their way"
SHOWN = 8  # entries of a list; the rest is one click away
HEAD = 400  # letters of a text in which its title stands
_NAMES = ("username", "first_name", "last_name")
_A_DAY = 24 * 60 * 60  # seconds
State = Revision.State
T = TypeVar("T")


@dataclass(frozen=True)
class Entry:
    """One thing that waits, and where to go for it. `url` is empty where this person cannot do anything there."""

    title: str
    url: str
    says: str = ""
    path: str = ""
    pressing: bool = False


@dataclass(frozen=True)
class Section:
    """A list on the desk. `act`: whether this person can do what its entries wait for."""

    key: str
    title: str
    entries: tuple[Entry, ...]
    act: bool
    more: int = 0


@dataclass(frozen=True)
class Desk:
    """The lists of one person: what they can act on, what others can, and the names of those that are empty.

    `check`: open texts have not been checked as they are now; that takes a few seconds.
    """

    act: tuple[Section, ...]
    look: tuple[Section, ...]
    nothing: tuple[str, ...]
    check: bool


@dataclass(frozen=True)
class Fact:
    """What the desk wants to know of a published document."""

    path: str
    title: str
    review_due: datetime.date
    grade: float


@dataclass(frozen=True)
class Facts:
    """What the desk wants to know of an edition: its documents, and when each source was looked up."""

    documents: tuple[Fact, ...] = ()
    sources: tuple[tuple[str, datetime.date], ...] = ()


def desk_of(user: User, whole: str = "") -> Desk:
    """Everything that waits. `whole`: the key of a list to be shown in full."""
    edition = Edition.objects.first()
    facts = facts_of(edition) if edition else Facts()
    today = timezone.localdate()
    opened = list(open_texts())
    mine = set(Revision.writers.through.objects.filter(user=user, revision__state__in=Revision.OPEN).values_list("revision_id", flat=True))
    mistakes = known_mistakes(edition, opened) if edition else []
    scheduled = _scheduled()
    on_their_way = {text.pk for release in scheduled if release.state == Release.State.PLANNED for text in release.texts.all()}
    edits, reviews, publishes = (user.has_perm(f"guide.{verb}_document") for verb in ("change", "review", "publish"))
    to = _Ways(edits=edits)

    def section(key: str, title: str, items: Sequence[T], show: Callable[[T], Entry], act: bool) -> Section:
        shown = items if key == whole else items[:SHOWN]
        return Section(key, title, tuple(map(show, shown)), act, len(items) - len(shown))

    asked_first = sorted((text for text in opened if text.pk in mine), key=lambda text: text.state != State.CHANGES_ASKED)
    to_review = [text for text in opened if text.state == State.IN_REVIEW and text.pk not in mine]
    approved = [text for text in opened if text.state == State.APPROVED and text.pk not in on_their_way]
    conflicts = list(Conflict.objects.waiting().defer("base", "file", "edit"))
    due = sorted((fact for fact in facts.documents if fact.review_due <= today + SOON), key=lambda fact: fact.review_due)
    old = sorted((day, title) for title, day in facts.sources if day + SOURCE_HOLDS_FOR < today)
    hard = sorted((fact for fact in facts.documents if fact.grade >= HARDEST - NEAR_THE_LIMIT), key=lambda fact: -fact.grade)
    titles = {text.document.path: _title(text) for text in opened} if mistakes else {}
    sections = (
        section("mine", "My texts", asked_first, to.mine, edits),
        section("comments", "Comments for me", _comments(user, mine), _comment, edits),
        section("review", "Waiting for review", to_review, _to_review, reviews),
        section("approved", "Approved, waiting to be published", approved, _approved, publishes),
        section("scheduled", "Editions set for later", scheduled, _release, publishes),
        section("conflicts", "Changed both in the files and here", conflicts, _conflict, edits),
        section("mistakes", MISTAKES, mistakes or (), lambda mistake: to.mistake(mistake, titles), edits),
        section("due", "Review due", due, lambda fact: to.due(fact, today), edits),
        section("sources", "Sources to look up again", old, to.source, edits),
        section("hard", "Hard to read", hard, to.hard, edits),
    )
    found = [section for section in sections if section.entries]
    return Desk(
        act=tuple(section for section in found if section.act),
        look=tuple(section for section in found if not section.act),
        nothing=tuple(
            section.title for section in sections if not section.entries and not (section.key == "mistakes" and mistakes is None)
        ),
        check=mistakes is None,
    )


def open_texts() -> Iterable[Revision]:
    """Texts on their way, oldest first; without the texts themselves but for their first letters."""
    return (
        Revision.objects.filter(state__in=Revision.OPEN)
        .select_related("document", "author")
        .only("state", "saved", "version", "note", "for_readers", "document__path", *(f"author__{name}" for name in _NAMES))
        .annotate(head=Substr("text", 1, HEAD))
        .order_by("saved")
    )


def title_in(head: str, path: str) -> str:
    """The title that a text gives itself; its path where it has none."""
    return title_at_top(head[:HEAD]) or path


def _title(text: Revision) -> str:
    return title_in(getattr(text, "head", None) or text.text, text.document.path)


# What an edition is like


def facts_of(edition: Edition) -> Facts:
    """Found out once for each edition by one of the processes: a reading grade takes long to count."""
    return _facts(edition.pk, edition.number, edition.created)


@lru_cache(maxsize=2)
def _facts(pk: int, number: int, created: datetime.datetime) -> Facts:
    key = f"desk-facts-{pk}-{created.timestamp()}"
    found: Facts | None = caches["shared"].get(key)
    if found is None:
        guide = guide_at(pk, number, created)
        names = names_pattern(guide)
        found = Facts(
            documents=tuple(Fact(one.path, one.title, one.review_due, grade(one.body.text, names).plain) for one in documents(guide)),
            sources=tuple((source.title, source.checked) for source in guide.sources.values()),
        )
        caches["shared"].set(key, found, _A_DAY)
    return found


def known_mistakes(edition: Edition, texts: Sequence[Revision]) -> list[Mistake] | None:
    """What `find_mistakes` found for these texts as they are now; None where it was not asked yet."""
    found: list[Mistake] | None = caches["shared"].get(_key(edition, texts)) if texts else []
    return found


def find_mistakes(edition: Edition) -> list[Mistake]:
    """Every mistake that the guide would have with all open texts in it: links, sources, conditions, reading grade.

    All together, since a draft may lead to a page that is a draft itself. Takes seconds; kept for a day.
    """
    texts = list(Revision.objects.filter(state__in=Revision.OPEN).select_related("document").order_by("saved"))
    on_their_way = {one.document.path: None if one.removed else one.text for one in texts}
    mistakes = without_written(examine(Edition.objects.texts_with(on_their_way, edition.number))[1])
    # What a broken text breaks elsewhere mends itself with that text.
    own = {one.document.path for one in texts}
    mistakes = [mistake for mistake in mistakes if mistake.path in own] or mistakes
    if texts:
        caches["shared"].set(_key(edition, texts), mistakes, _A_DAY)
    return mistakes


def _key(edition: Edition, texts: Iterable[Revision]) -> str:
    state = sorted((text.pk, text.version) for text in texts)
    return f"desk-mistakes-{edition.pk}-{edition.created.timestamp()}-{hashlib.sha256(repr(state).encode()).hexdigest()[:32]}"


# One list each


class _Ways:
    """Where to go for a document: to the editor for those who edit, to its history for others."""

    def __init__(self, *, edits: bool) -> None:
        self.name = "admin:edit" if edits else "admin:history"

    def document(self, pk: int) -> str:
        return reverse(self.name, args=[pk])

    def path(self, path: str) -> str:
        pk = self._known.get(path)
        return self.document(pk) if pk else ""

    @cached_property
    def _known(self) -> Mapping[str, int]:
        return dict(Document.objects.values_list("path", "pk"))

    def mine(self, text: Revision) -> Entry:
        in_review = text.state == State.IN_REVIEW
        url = reverse("admin:review", args=[text.pk]) if in_review else self.document(text.document_id)
        says = f"{text.get_state_display()}; saved {_day(text.saved)}"
        return Entry(_title(text), url, says, text.document.path, pressing=text.state == State.CHANGES_ASKED)

    def mistake(self, mistake: Mistake, titles: Mapping[str, str]) -> Entry:
        says = f"{mistake.field}: {mistake.says}" if mistake.field else mistake.says
        return Entry(titles.get(mistake.path, mistake.path), self.path(mistake.path), says, mistake.path, pressing=True)

    def due(self, fact: Fact, today: datetime.date) -> Entry:
        over = fact.review_due < today
        says = f"{'overdue since' if over else 'due'} {date_format(fact.review_due)}"
        return Entry(fact.title, self.path(fact.path), says, fact.path, pressing=over)

    def source(self, source: tuple[datetime.date, str]) -> Entry:
        day, title = source
        return Entry(title, self.path(SOURCES), f"last looked up {date_format(day)}")

    def hard(self, fact: Fact) -> Entry:
        above = fact.grade > HARDEST
        says = f"grade {fact.grade}; {'above' if above else 'near'} the limit of {HARDEST}"
        return Entry(fact.title, self.path(fact.path), says, fact.path, pressing=above)


def _comments(user: User, mine: set[int]) -> Sequence[Comment]:
    if not mine:
        return ()
    said = Comment.objects.filter(settled=None, revision__in=mine).exclude(author=user)
    titled = said.defer("revision__text").annotate(head=Substr("revision__text", 1, HEAD))
    return list(titled.select_related("revision__document", "author"))


def _comment(comment: Comment) -> Entry:
    path = comment.revision.document.path
    title = title_in(getattr(comment, "head", ""), path)
    return Entry(title, reverse("admin:review", args=[comment.revision_id]), f"{_name(comment.author)}: {comment.text}", path)


def _to_review(text: Revision) -> Entry:
    return Entry(_title(text), reverse("admin:review", args=[text.pk]), f"{_name(text.author)}: {text.note}", text.document.path)


def _approved(text: Revision) -> Entry:
    return Entry(_title(text), reverse("admin:editions"), text.for_readers or text.note, text.document.path)


def _scheduled() -> list[Release]:
    """Those to come, and those that failed, until somebody puts them away."""
    waiting = Release.objects.filter(state__in=(Release.State.PLANNED, Release.State.FAILED)).order_by("due")
    return list(waiting.prefetch_related(Prefetch("texts", Revision.objects.only("pk"))))


def _release(release: Release) -> Entry:
    failed = release.state == Release.State.FAILED
    says = f"It did not go out: {release.problem}" if failed else f"goes out {moment(release.due)}"
    return Entry(release.note, reverse("admin:editions"), says, pressing=failed)


def _conflict(conflict: Conflict) -> Entry:
    url = reverse("admin:conflict", args=[conflict.pk])
    return Entry(conflict.document.path, url, f"waits since {_day(conflict.created)}", pressing=True)


def _name(user: User | None) -> str:
    return (user.get_full_name() or user.get_username()) if user else "import"


def _day(at: datetime.datetime) -> str:
    return date_format(timezone.localtime(at))


def moment(at: datetime.datetime) -> str:
    """A time with its time zone, which people here may not live in."""
    local = timezone.localtime(at)
    return f"{date_format(local, 'DATE_FORMAT')}, {local:%H:%M} {timezone.get_current_timezone_name()}"
