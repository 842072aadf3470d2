"""What a guide is made of. All frozen: a guide is read once and never changes."""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from guide.content.blocks import ROLES, BlockKind, Role, Speed, Weight, heading, kind_of
from guide.content.conditions import EVERYBODY, Answers, Condition, Fact, verdict
from guide.content.mistakes import BlockName
from guide.content.shapes import Codes

T = TypeVar("T")

AUDIENCES, CODES, PROMISED, SAFETY, SOURCES = "audiences.yaml", "codes.yaml", "promised.yaml", "safety.yaml", "sources.yaml"
"""The files of content/ that are no documents of a language."""
PLAN_NOT_SURE = "not_sure"  # the one id in lists of the plan's choices that the program knows
_HEADING = re.compile(r"(?=<h2 )")
_HEADING_ID = re.compile(r'<h2 id="([^"]+)"')


def _named(items: Iterable[T], attribute: str, name: str) -> T:
    """The item that goes by this name. Raises KeyError."""
    for item in items:
        if getattr(item, attribute) == name:
            return item
    raise KeyError(name)


@dataclass(frozen=True)
class Source:
    """A publication that a statement rests on.

    `checked`: the day when we last looked it up. `note`: what a reader should know of it, such as that it has
    gone from the web.
    """

    id: str
    title: str
    publisher: str
    date: str
    checked: datetime.date
    url: str = ""
    doi: str = ""
    note: str = ""


@dataclass(frozen=True)
class Block:
    """A statement with whom it concerns (`when`) and where it comes from (`sources`).

    `id`: what it is called by for ever, whatever its title; its anchor. `number`: its place among the blocks of its text, from 0.
    `short`: a shorter title, where several stand in one line. `tells`: the facts whose answers come out of it (a test).
    """

    kind: BlockKind
    title: str
    id: str
    html: str
    when: Condition = EVERYBODY
    role: Role | None = None
    weight: Weight | None = None
    speed: Speed | None = None
    treatments: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    since: str = ""
    also: tuple[str, ...] = ()
    short: str = ""
    tells: tuple[str, ...] = ()
    number: int = field(default=0, compare=False)

    @property
    def name(self) -> BlockName:
        """What people call it, and where it stands."""
        return BlockName(self.number, self.kind, self.title)

    @property
    def brief(self) -> str:
        """Its title where there is little room."""
        return self.short or self.title

    @property
    def heading(self) -> str:
        """What readers see above its title."""
        return heading(self.kind, self.role or self.weight or self.speed, self.since)

    @property
    def classes(self) -> str:
        """The classes of its frame: of its kind, and of its role, weight or speed."""
        return " ".join(filter(None, ("block", kind_of(self.kind).look, self.role, self.weight, self.speed and f"speed-{self.speed}")))


@dataclass(frozen=True)
class Heading:
    """An entry of a page's "On this page" list."""

    title: str
    anchor: str


@dataclass(frozen=True)
class Section:
    """What stands under one heading of the second level; before the first one, the title is empty."""

    title: str
    parts: tuple[str | Block, ...]


@dataclass(frozen=True)
class Review:
    """A clinician's review of a document."""

    by: str
    role: str
    on: datetime.date


@dataclass(frozen=True)
class Body:
    """Rendered Markdown: HTML and blocks in their order, and what they point to.

    `sources` are numbered by their place: the first is [1] in the text.
    """

    parts: tuple[str | Block, ...] = ()
    headings: tuple[Heading, ...] = ()
    sources: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    anchors: frozenset[str] = frozenset()
    text: str = ""

    @property
    def blocks(self) -> Iterator[Block]:
        """The blocks alone, in their order."""
        return (part for part in self.parts if isinstance(part, Block))

    @property
    def sections(self) -> list[Section]:
        """The parts under their headings, in order; HTML is cut before each heading."""
        titles = {heading.anchor: heading.title for heading in self.headings}
        found: list[tuple[str, list[str | Block]]] = [("", [])]
        for part in self.parts:
            for piece in [part] if isinstance(part, Block) else _HEADING.split(part):
                if isinstance(piece, str) and (heading := _HEADING_ID.match(piece)):
                    found.append((titles[heading[1]], []))
                if piece:
                    found[-1][1].append(piece)
        return [Section(title, tuple(parts)) for title, parts in found if parts]


@dataclass(frozen=True)
class Document:
    """What pages, treatments and the glossary have in common."""

    path: str
    slug: str
    title: str
    checked: datetime.date
    review_due: datetime.date
    body: Body
    reviewed: Review | None = None

    def overdue(self, today: datetime.date) -> bool:
        """Whether the facts should have been checked again by now."""
        return today > self.review_due


@dataclass(frozen=True)
class Page(Document):
    """A page of the guide's menu. `part`: the part of the menu that it stands in; `order`: the number of its place there.

    `was`: the slugs that it had before, whose addresses lead here.
    """

    summary: str = ""
    part: str = ""
    order: int = 0
    was: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """Its address on the site."""
        return f"/guide/{self.slug}/"


@dataclass(frozen=True)
class Treatment(Document):
    """A medicine, procedure or test. `family`: the page it belongs to; `given`: how, in about five words.

    `kind`: against the illness, help for symptoms and side effects, or a test. `was`: as of a page.
    """

    family: str = ""
    brands: tuple[str, ...] = ()
    old_brands: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    given: str = ""
    kind: Literal["treatment", "supportive", "test"] = "treatment"
    status: Literal["current", "older", "not-approved", "withdrawn"] = "current"
    in_2018: bool = False
    was: tuple[str, ...] = ()

    @property
    def url(self) -> str:
        """Its address on the site."""
        return f"/guide/treatments/{self.slug}/"

    @property
    def approved(self) -> bool:
        """Whether it may be used outside of research."""
        return self.status in ("current", "older")


@dataclass(frozen=True)
class Glossary(Document):
    """The words explained."""

    summary: str = ""

    @property
    def url(self) -> str:
        """Its address on the site."""
        return "/guide/words/"


@dataclass(frozen=True)
class Choice:
    """An answer that a reader can give to a question.

    `means`: the values that it leaves possible. `said` completes "You said: ...". `alone`: it
    excludes the other answers (none of these). `named`: words by which the text of a treatment names it, where it is an illness.
    `after_if` completes "If ..." and "unless ...". `heading`: of an answer
    that leaves every value possible and is one all the same, what stands above the results that then go several ways.
    """

    id: str
    label: str
    said: str
    means: frozenset[str]
    hint: str = ""
    alone: bool = False
    named: tuple[str, ...] = ()
    after_if: str = ""
    heading: str = ""


@dataclass(frozen=True)
class PlanPlace:
    """Where an answer lands in the treatment plan: a field, or a row for each ticked value.

    `elsewhere`: answers that another field has a value for; the group, the field and the value.
    """

    group: str
    field: str
    values: Mapping[str, str]
    column: str = ""
    not_sure: str = ""
    elsewhere: Mapping[str, tuple[str, str, str]] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True)
class ByName:
    """Answers by name: each name of a treatment stands for these choices. `list`: the names, with what people write for short."""

    list: PlanNames
    choices: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class Question:
    """One fact, asked. `name` completes "It depends on ..."; `ask` is for the care team.

    `now`: it asks what the reader feels now, so that a danger sign that follows from it comes first. `unless_told`: the value that
    holds for nearly everybody whom nobody told otherwise. While the answer is open, another value is a branch of its own, at the end.
    `page`: the name of the page that it shares with the questions beside it; without one it has its own.
    `offered`: choices that are left out where a condition surely does not hold.
    """

    path: str
    fact: Fact
    title: str
    name: str
    ask: str
    why: str
    choices: tuple[Choice, ...]
    body: Body
    plan: PlanPlace | None = None
    now: bool = False
    page: str = ""
    offered: tuple[tuple[Condition, frozenset[str]], ...] = ()
    by_name: ByName | None = None
    unless_told: str = ""

    @property
    def id(self) -> str:
        """The id of its fact."""
        return self.fact.id

    @property
    def sheet(self) -> str:
        """What its page is called by: questions of one page have it in common."""
        return self.page or f"={self.id}"

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """What it depends on whether it is asked, and what it offers."""
        exists = (self.fact.only_when,) if self.fact.only_when else ()
        return (*exists, *(condition for condition, _ in self.offered))

    def left_out(self, answers: Answers) -> frozenset[str]:
        """Choices that surely do not concern somebody with these answers."""
        return frozenset().union(*(ids for condition, ids in self.offered if verdict(condition, answers).holds is False))

    def choice(self, id: str) -> Choice:
        """The choice with this id. Raises KeyError."""
        return _named(self.choices, "id", id)


@dataclass(frozen=True)
class PlanChoice:
    """A value that a field of the plan offers."""

    id: str
    label: str

    @property
    def open(self) -> bool:
        """Whether it says that the reader cannot tell: it becomes a question on paper."""
        return self.id == PLAN_NOT_SURE


@dataclass(frozen=True)
class PlanCheck:
    """What a field's text is usually like. What is not gets advice beside it, never a refusal.

    `least`, `most`: a number's range. `not_before`: a date that comes first, of a field beside it or as `group.field`.
    `pattern`: what the whole text matches; `says`: what to tell where it does not. `when`: only where a field
    beside it has this value.
    """

    least: int | None = None
    most: int | None = None
    not_before: str = ""
    pattern: str = ""
    says: str = ""
    when: tuple[str, str] | None = None


def same_letters(text: str) -> str:
    """The letters and digits of a text, small: T-DM1, TDM1 and "t dm1" are the same."""
    return "".join(filter(str.isalnum, text.casefold()))


@dataclass(frozen=True)
class PlanNames:
    """Names that a field offers while something is typed: those of treatments of these kinds, `without` some.

    `short`: what people write for short (as `same_letters` has it), with the slug of the treatment that it means.
    `others`: right names of what is no treatment here, in small letters: words that are never taken for a misspelt name.
    """

    id: str
    kinds: tuple[str, ...]
    without: tuple[str, ...] = ()
    short: tuple[tuple[str, str], ...] = ()
    others: frozenset[str] = field(default=frozenset(), repr=False)


@dataclass(frozen=True)
class PlanAlso:
    """Of a group of rows: the first row with this value in this column stands in another block of the paper too.

    `never_cut`: as of a field.
    """

    print: str
    label: str
    column: str
    value: str
    never_cut: bool = False


@dataclass(frozen=True)
class PlanField:
    """A field of the plan form; `fields` are the columns of a group of rows.

    `print` is the block on paper; `priority` 1 is always printed, 3 is the first to be left out. `never_cut`: it has to be whole
    on paper, with all of its rows, even where that takes another page.
    `max` counts letters; `max_rows` and `print_rows` count rows. `row` names one of the rows. `period`: what a column of dates says of its row,
    which then stands on the timeline: when it began, when it ended, or the one day that it was on.
    """

    key: str
    label: str
    type: Literal["text", "longtext", "date_partial", "choice", "multichoice", "yesno", "integer", "decimal", "phone", "group"]
    help: str = ""
    max: int = 200
    choices: tuple[PlanChoice, ...] = ()
    print: str = "none"
    priority: int = 2
    fields: tuple[PlanField, ...] = ()
    max_rows: int = 1
    print_rows: int = 1
    future_ok: bool = False
    show_if: tuple[str, str] | None = None
    takes: Literal["", "rest", "questions"] = ""
    period: Literal["", "start", "end", "day"] = ""
    row: str = ""
    complete: PlanNames | None = None
    checks: tuple[PlanCheck, ...] = ()
    also: PlanAlso | None = None
    never_cut: bool = False

    @property
    def print_in_row(self) -> bool:
        """Whether a column of a group of rows goes to paper."""
        return self.print != "none"

    def column(self, key: str) -> PlanField:
        """The column with this key. Raises KeyError."""
        return _named(self.fields, "key", key)


@dataclass(frozen=True)
class PlanGroup:
    """A page of the plan form. `first`: its place among those to begin with; 0: not one of them."""

    path: str
    key: str
    slug: str
    title: str
    intro: str
    fields: tuple[PlanField, ...]
    first: int = 0

    def field(self, key: str) -> PlanField:
        """The field with this key. Raises KeyError."""
        return _named(self.fields, "key", key)


@dataclass(frozen=True)
class PaperBlock:
    """A box on the printed plan.

    `kind`: the head that says whose plan it is, the box to be seen first in an emergency, or any other.
    `tables`: its rows stand in tables, else each in a line. `newest_first`: rows with dates begin with the newest.
    `timeline`: the timeline is drawn here.
    """

    id: str
    side: int
    title: str
    kind: Literal["", "head", "urgent"] = ""
    tables: bool = False
    newest_first: bool = False
    timeline: bool = False


@dataclass(frozen=True)
class SafetyRule:
    """What must be so in every situation `when` about options (of these roles) that name one of the treatments.

    `must`: never (none of them applies), shown (one of them applies), with (each that applies also names
    one of the `partners`), warned (each of the treatments has a caution). Or not-be: nobody is in such a situation, so no rule needs to look at it.
    """

    id: str
    says: str
    treatments: tuple[str, ...]
    must: Literal["never", "shown", "with", "warned", "not-be"]
    sources: tuple[str, ...]
    when: Condition = EVERYBODY
    partners: tuple[str, ...] = ()
    roles: tuple[Role, ...] = ROLES


@dataclass(frozen=True)
class Leads:
    """What the results of a reader begin with.

    `opening`: the facts that decide most; without them no list says much. `places`: facts about where it is and what is felt: what
    hangs on one that was not told stands in one line, in the words of `elsewhere`. `situation`: the pieces of the sentence that says
    a reader's situation; of each piece the first wording stands whose facts, written as {fact}, are all known.
    """

    opening: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    elsewhere: str = ""
    situation: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Site:
    """The sentences that stand on every page.

    `parts`: the parts of the menu, in their order. `asked_together`: the titles of pages that ask several questions, by the
    name of the page. `treatment_headings`: what every treatment has, in
    this order; each place has the titles that may stand there. `situations_under`: the one under which
    the options that name the treatment are gathered. `sourced_under`: the one under which each point of a list has a source.
    `phones`: numbers that can be called from wherever they are read.
    """

    name: str
    tagline: str
    language: str
    not_reviewed: str
    emergency: str
    disclaimer: str
    parts: Mapping[str, str] = field(default_factory=dict)
    asked_together: Mapping[str, str] = field(default_factory=dict)
    situations_under: str = ""
    sourced_under: str = ""
    treatment_headings: tuple[tuple[str, ...], ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    phones: tuple[str, ...] = ()
    leads: Leads = Leads()


@dataclass(frozen=True)
class Promised:
    """What must stay: ids of treatments that saved plans and other programs rely on, and slugs of pages whose addresses people have."""

    treatments: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()


@dataclass(frozen=True)
class Guide:
    """A whole guide, cross-checked. Nothing in it points to something that is not there."""

    site: Site
    pages: tuple[Page, ...]
    treatments: Mapping[str, Treatment]
    questions: tuple[Question, ...]
    plan: tuple[PlanGroup, ...]
    paper: tuple[PaperBlock, ...]
    glossary: Glossary | None
    sources: Mapping[str, Source]
    audiences: Mapping[str, Condition]
    safety: tuple[SafetyRule, ...] = ()
    promised: Promised = Promised()
    codes: Codes | None = None
    """How a plan becomes FHIR resources; none where the content does not say."""
    spoken: Mapping[str, str] = field(default_factory=dict)
    """The words of those audiences that have some: they complete "If ..."."""

    # One object for each edition: what is derived from it is kept by identity.
    __hash__ = object.__hash__

    @property
    def facts(self) -> dict[str, Fact]:
        """Every fact that can be asked, by id."""
        return {question.id: question.fact for question in self.questions}

    @property
    def parts(self) -> list[tuple[str, list[Page]]]:
        """The menu: the title of each part, with its pages."""
        return [(title, [page for page in self.pages if page.part == part]) for part, title in self.site.parts.items()]

    @property
    def impossible(self) -> tuple[Condition, ...]:
        """Situations that nobody is in."""
        return tuple(rule.when for rule in self.safety if rule.must == "not-be")

    def question(self, fact: str) -> Question:
        """The question that asks for a fact. Raises KeyError."""
        return _named(self.questions, "id", fact)

    def page(self, slug: str) -> Page:
        """The page with this slug. Raises KeyError."""
        return _named(self.pages, "slug", slug)

    def page_that_was(self, slug: str) -> Page | None:
        """The page that had this slug before."""
        return next((page for page in self.pages if slug in page.was), None)

    def treatment_that_was(self, slug: str) -> Treatment | None:
        """The treatment that had this slug before."""
        return next((treatment for treatment in self.treatments.values() if slug in treatment.was), None)

    def group(self, slug: str) -> PlanGroup:
        """The plan group with this slug. Raises KeyError."""
        return _named(self.plan, "slug", slug)

    def blocks(self, *kinds: BlockKind) -> Iterator[tuple[Page | Treatment, Block]]:
        """Every block of these kinds with its document, pages first, in their order."""
        documents: tuple[Page | Treatment, ...] = (*self.pages, *self.treatments.values())
        for document in documents:
            for block in document.body.blocks:
                if block.kind in kinds:
                    yield document, block


def documents(guide: Guide) -> tuple[Document, ...]:
    """Pages, treatments and the glossary."""
    return (*guide.pages, *guide.treatments.values(), *((guide.glossary,) if guide.glossary else ()))
