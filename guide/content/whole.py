"""A whole guide from its texts. `load` is the whole check: a guide with a mistake does not load, so it cannot be published."""

from __future__ import annotations

import dataclasses
import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeVar

from guide.content import checks, codes, parse
from guide.content.conditions import Condition, ConditionError, Fact
from guide.content.conditions import parse as parse_condition
from guide.content.documents import (
    AUDIENCES,
    CODES,
    PROMISED,
    SAFETY,
    SOURCES,
    Body,
    Guide,
    Page,
    PlanGroup,
    PlanNames,
    Question,
    Site,
    Source,
)
from guide.content.glossary import mark_terms
from guide.content.markdown import render
from guide.content.mistakes import ContentError, Mistake, Place, in_order, mistake
from guide.content.phones import with_calls
from guide.content.text import Text, read

T = TypeVar("T")

_FILES = r"site\.yaml|glossary\.md|plan/(?:choices|names|other_names|paper)\.yaml|(?:pages|treatments|questions|plan)/[a-z0-9-]+\.md"


def load(texts: Mapping[str, str], language: str = "en", today: datetime.date | None = None) -> Guide:
    """Read the texts of a guide: path below `content/` -> text. `today`: the day that no fact was checked after; by default, this one.

    Raises ContentError with every mistake found: in a text, between texts, in reading grade, in reachability, in safety.
    """
    guide, mistakes = examine(texts, language, today)
    if mistakes:
        raise ContentError(mistakes)
    return guide


def examine(texts: Mapping[str, str], language: str = "en", today: datetime.date | None = None) -> tuple[Guide, list[Mistake]]:
    """The guide as far as it can be read, and every mistake that `load` would raise: for somebody who is still writing it."""
    loader = _Loader(texts, language)
    guide = loader.guide()
    found = [*loader.mistakes, *checks.told(guide, today or datetime.date.today())]
    return guide, in_order(loader.true_of(found))


def assembled(texts: Mapping[str, str], language: str = "en") -> Guide:
    """The guide as far as it can be read, unchecked: what was published was checked then, and stays readable when a check becomes stricter."""
    return _Loader(texts, language).guide()


@dataclass(frozen=True, eq=False)
class _Vocabulary:
    """What a document may name: facts, audiences, pages and treatments (`page:slug`, with its address)."""

    facts: Mapping[str, Fact]
    audiences: Mapping[str, Condition]
    addresses: Mapping[str, str]

    def when(self, value: object) -> Condition:
        """Raises ConditionError."""
        return parse_condition(value, self.facts, self.audiences)

    def url_of(self, target: str) -> str | None:
        """The address of `page:slug`, `treatment:id` or `term:slug`; None where there is none."""
        scheme, _, name = target.partition(":")
        return f"/guide/words/#{name}" if scheme == "term" else self.addresses.get(target)


@lru_cache(maxsize=4)
def _vocabulary(
    facts: tuple[tuple[str, Fact], ...],
    audiences: tuple[tuple[str, Condition], ...],
    addresses: tuple[tuple[str, str], ...],
) -> _Vocabulary:
    """One object for equal vocabularies, so that what is rendered with it can be kept by it.

    The desk goes to and fro between some: what is published, with a new page, with all drafts, and those without the page.
    """
    return _Vocabulary(dict(facts), dict(audiences), dict(addresses))


@lru_cache(maxsize=800)
def _rendered(text: Text, vocabulary: _Vocabulary) -> tuple[Body, tuple[Mistake, ...]]:
    """Kept: an edit changes one document of many, and rendering the others is nearly all of the time that a guide takes."""
    try:
        body, mistakes = render(text, vocabulary.when, vocabulary.url_of)
    except RecursionError:
        return Body(), (mistake(text.path, "too-deep", Place(line=text.body_line)),)
    return body, tuple(mistakes)


@dataclass(frozen=True)
class _Itself:
    """A body as a key: `_rendered` gives the same one for the same text, and comparing all of it would take as long as marking it."""

    body: Body

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Itself) and other.body is self.body

    def __hash__(self) -> int:
        return id(self.body)


@lru_cache(maxsize=1000)
def _finished(body: _Itself, words: _Itself | None, phones: tuple[str, ...]) -> Body:
    """A body as it is read: the words of the glossary lead to it, and phone numbers call."""
    return with_calls(mark_terms(body.body, words.body) if words else body.body, phones)


@lru_cache(maxsize=4)
def _sources_in(text: Text) -> tuple[dict[str, Source], tuple[Mistake, ...]]:
    """Kept for the same reason: it is the longest file."""
    mistakes: list[Mistake] = []
    return parse.sources(text, mistakes), tuple(mistakes)


@lru_cache(maxsize=2)
def _other_names_in(text: Text) -> tuple[dict[str, frozenset[str]], tuple[Mistake, ...]]:
    """Kept for the same reason, and so that every guide has the same sets: they are by far its largest part."""
    mistakes: list[Mistake] = []
    return parse.plan_other_names(text, mistakes), tuple(mistakes)


class _Loader:
    def __init__(self, texts: Mapping[str, str], language: str) -> None:
        self.root = f"{language}/"
        self.texts = {path: read(path, text) for path, text in texts.items()}
        self.mistakes = [one for text in self.texts.values() for one in text.mistakes]

    def true_of(self, found: Iterable[Mistake]) -> list[Mistake]:
        """Without what only follows from another mistake.

        Of a text that was not read at all, only why is true. A condition that cannot be read is everybody's: that it also breaks rules
        is no mistake of its own.
        """
        too_long = {one.path for one in self.mistakes if one.code == "text-too-long"}
        own = set(self.mistakes)
        told = {(one.path, one.place) for one in own}
        return [
            one
            for one in found
            if (one.path not in too_long or one.code == "text-too-long") and (one in own or (one.path, one.place) not in told)
        ]

    def guide(self) -> Guide:
        self._check_paths()
        facts, audiences = self._vocabulary()
        page_paths, treatment_paths = self._under("pages/"), self._under("treatments/")
        addresses = {
            **self._addresses("page:", "/guide/", page_paths),
            **self._addresses("treatment:", "/guide/treatments/", treatment_paths),
        }
        vocabulary = _vocabulary(tuple(facts.items()), tuple(audiences.items()), tuple(addresses.items()))

        def body(text: Text) -> Body:
            rendered, mistakes = _rendered(text, vocabulary)
            self.mistakes += mistakes
            return rendered

        glossary_path = self.root + "glossary.md"
        glossary = parse.glossary(self.texts[glossary_path], body, self.mistakes) if glossary_path in self.texts else None
        pages = tuple(parse.page(self.texts[path], body, self.mistakes) for path in page_paths)
        treatments = tuple(parse.treatment(self.texts[path], body, self.mistakes) for path in treatment_paths)
        lists = self._names(self._read("plan/names.yaml", parse.plan_names))
        questions = tuple(self._questions(facts, audiences, lists, body))
        site = self._read("site.yaml", parse.site)
        words = _Itself(glossary.body) if glossary else None
        pages = tuple(dataclasses.replace(page, body=_finished(_Itself(page.body), words, site.phones)) for page in pages)
        treatments = tuple(dataclasses.replace(item, body=_finished(_Itself(item.body), words, site.phones)) for item in treatments)
        questions = tuple(dataclasses.replace(one, body=_finished(_Itself(one.body), None, site.phones)) for one in questions)
        if glossary:
            glossary = dataclasses.replace(glossary, body=_finished(_Itself(glossary.body), None, site.phones))
        plan, by_slug = self._plan(lists), {treatment.slug: treatment for treatment in treatments}
        return Guide(
            site=site,
            pages=_by_part(pages, site),
            treatments=by_slug,
            questions=questions,
            plan=plan,
            paper=self._read("plan/paper.yaml", parse.paper),
            glossary=glossary,
            sources=self._sources(),
            audiences=audiences,
            safety=parse.safety(self._text(SAFETY), facts, audiences, self.mistakes),
            promised=parse.promised(self._text(PROMISED), self.mistakes),
            spoken=parse.spoken(self._text(AUDIENCES), self.mistakes),
            codes=codes.read(self.texts[CODES], plan, by_slug, self.mistakes) if CODES in self.texts else None,
        )

    def _addresses(self, scheme: str, folder: str, paths: list[str]) -> dict[str, str]:
        """Where links lead: to documents, and from the slugs that they had before to where they are now."""
        there = {f"{scheme}{parse.slug_of(path)}": f"{folder}{parse.slug_of(path)}/" for path in paths}
        moved = {f"{scheme}{old}": f"{folder}{parse.slug_of(path)}/" for path in paths for old in parse.was(self.texts[path])}
        return {**moved, **there}

    def _text(self, path: str) -> Text:
        """A text; an empty one where there is none."""
        return self.texts.get(path) or read(path, "")

    def _sources(self) -> dict[str, Source]:
        found, mistakes = _sources_in(self._text(SOURCES))
        self.mistakes += mistakes
        return found

    def _check_paths(self) -> None:
        known = re.compile(rf"{AUDIENCES}|{CODES}|{PROMISED}|{SAFETY}|{SOURCES}|[a-z]{{2}}/(?:{_FILES})")
        for path in self.texts:
            if not known.fullmatch(path):
                self.mistakes.append(mistake(path, "nobody-reads-it", Place(part="file name")))

    def _under(self, folder: str) -> list[str]:
        paths = [path for path in self.texts if path.startswith(self.root + folder) and path.endswith(".md")]
        slugs = [parse.slug_of(path) for path in paths]
        for path, slug in zip(paths, slugs, strict=True):
            if slugs.count(slug) > 1:
                self.mistakes.append(mistake(path, "two-files", Place(part="file name"), slug=repr(slug)))
        return sorted(paths, key=parse.order_of)

    def _read(self, name: str, reader: Callable[[Text, list[Mistake]], T]) -> T:
        return reader(self._text(self.root + name), self.mistakes)

    def _vocabulary(self) -> tuple[dict[str, Fact], dict[str, Condition]]:
        """Facts in the order of their questions: an `only_when` may name the facts before it."""
        facts: dict[str, Fact] = {}
        for path in self._under("questions/"):
            fact = parse.fact(self.texts[path])
            try:
                fact = dataclasses.replace(fact, only_when=parse.only_when(self.texts[path], facts, {}))
            except ConditionError as error:
                self.mistakes.append(mistake(path, "only-when", Place("only_when"), problem=str(error)))
            facts[fact.id] = fact
        return facts, parse.audiences(self._text(AUDIENCES), facts, self.mistakes)

    def _questions(
        self, facts: Mapping[str, Fact], audiences: Mapping[str, Condition], lists: Mapping[str, PlanNames], body: parse.Render
    ) -> Iterator[Question]:
        """Each may name the facts before it."""
        before: dict[str, Fact] = {}
        for path in self._under("questions/"):
            fact = facts[parse.slug_of(path)]
            yield parse.question(self.texts[path], fact, body, self.mistakes, parse.Beside(dict(before), audiences, lists))
            before[fact.id] = fact

    def _plan(self, lists: dict[str, PlanNames]) -> tuple[PlanGroup, ...]:
        choices = self._read("plan/choices.yaml", parse.plan_choices)
        return tuple(parse.plan_group(self.texts[path], choices, self.mistakes, lists) for path in self._under("plan/"))

    def _names(self, lists: dict[str, PlanNames]) -> dict[str, PlanNames]:
        """The lists of names, each with the other names that stand beside it."""
        path = self.root + "plan/other_names.yaml"
        others, mistakes = _other_names_in(self._text(path))
        self.mistakes += mistakes
        self.mistakes += [mistake(path, "unknown-list", Place(id), name=repr(id), file="names.yaml") for id in others if id not in lists]
        return {id: dataclasses.replace(one, others=others.get(id, frozenset())) for id, one in lists.items()}


def _by_part(pages: Iterable[Page], site: Site) -> tuple[Page, ...]:
    """The order of the menu: part by part, in each part by the numbers of the pages."""
    parts = list(site.parts)
    return tuple(sorted(pages, key=lambda page: (parts.index(page.part) if page.part in parts else len(parts), page.order)))
