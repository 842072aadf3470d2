"""A whole guide from its texts, with every check that spans files.

A guide with a mistake does not load, so it cannot be published.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import TypeVar

from guide.content import parse
from guide.content.conditions import Condition, ConditionError, Fact, facts_in
from guide.content.conditions import parse as parse_condition
from guide.content.documents import Body, Document, Guide, PlanGroup, Question
from guide.content.errors import ContentError, Mistake
from guide.content.glossary import mark_terms
from guide.content.markdown import render

T = TypeVar("T")

AUDIENCES, SOURCES = "audiences.yaml", "sources.yaml"


def load(texts: Mapping[str, str], language: str = "en") -> Guide:
    """Read the texts of a guide: path below `content/` -> text.

    Raises ContentError with every mistake found.
    """
    return _Loader(texts, language).guide()


class _Loader:
    def __init__(self, texts: Mapping[str, str], language: str) -> None:
        self.texts, self.root = texts, f"{language}/"
        self.mistakes: list[Mistake] = []

    def guide(self) -> Guide:
        facts, audiences = self._vocabulary()
        page_paths, treatment_paths = self._under("pages/"), self._under("treatments/")
        pages_by_slug = {parse.slug_of(path) for path in page_paths}
        treatments_by_slug = {parse.slug_of(path) for path in treatment_paths}

        def when(value: object) -> Condition:
            return parse_condition(value, facts, audiences)

        def url_of(target: str) -> str | None:
            scheme, _, name = target.partition(":")
            if scheme == "page":
                return f"/guide/{name}/" if name in pages_by_slug else None
            if scheme == "treatment":
                return f"/guide/treatments/{name}/" if name in treatments_by_slug else None
            return f"/guide/words/#{name}"

        def body(text: str, path: str) -> Body:
            rendered, mistakes = render(text, path, when, url_of)
            self.mistakes += mistakes
            return rendered

        glossary_path = self.root + "glossary.md"
        glossary = parse.glossary(glossary_path, self.texts[glossary_path], body, self.mistakes) if glossary_path in self.texts else None
        pages = tuple(parse.page(path, self.texts[path], body, self.mistakes) for path in page_paths)
        treatments = tuple(parse.treatment(path, self.texts[path], body, self.mistakes) for path in treatment_paths)
        if glossary:
            pages = tuple(dataclasses.replace(page, body=mark_terms(page.body, glossary)) for page in pages)
            treatments = tuple(dataclasses.replace(item, body=mark_terms(item.body, glossary)) for item in treatments)
        questions = tuple(
            parse.question(path, self.texts[path], facts[parse.slug_of(path)], body, self.mistakes) for path in self._under("questions/")
        )
        guide = Guide(
            site=self._read("site.yaml", parse.site),
            pages=pages,
            treatments={treatment.slug: treatment for treatment in treatments},
            questions=questions,
            plan=self._plan(),
            paper=self._read("plan/paper.yaml", parse.paper),
            glossary=glossary,
            sources=parse.sources(SOURCES, self.texts.get(SOURCES, ""), self.mistakes),
            audiences=audiences,
        )
        self.mistakes += check(guide)
        if self.mistakes:
            raise ContentError(self.mistakes)
        return guide

    def _under(self, folder: str) -> list[str]:
        return sorted(path for path in self.texts if path.startswith(self.root + folder) and path.endswith(".md"))

    def _read(self, name: str, reader: Callable[[str, str, list[Mistake]], T]) -> T:
        path = self.root + name
        return reader(path, self.texts.get(path, ""), self.mistakes)

    def _vocabulary(self) -> tuple[dict[str, Fact], dict[str, Condition]]:
        """Facts in the order of their questions: an `only_when` may name the facts before it."""
        facts: dict[str, Fact] = {}
        for path in self._under("questions/"):
            fact = parse.fact(path, self.texts[path])
            if fact.id in facts:
                self.mistakes.append(Mistake(path, "file name", f"there are two questions for {fact.id!r}"))
            try:
                fact = dataclasses.replace(fact, only_when=parse.only_when(path, self.texts[path], facts, {}))
            except ConditionError as error:
                self.mistakes.append(Mistake(path, "only_when", f"{error} (only questions with a lower number count)"))
            facts[fact.id] = fact
        return facts, parse.audiences(AUDIENCES, self.texts.get(AUDIENCES, ""), facts, self.mistakes)

    def _plan(self) -> tuple[PlanGroup, ...]:
        choices = self._read("plan/choices.yaml", parse.plan_choices)
        return tuple(parse.plan_group(path, self.texts[path], choices, self.mistakes) for path in self._under("plan/"))


def check(guide: Guide) -> list[Mistake]:
    """Everything that one document says about another, and that must be so."""
    checks = (_sources, _links, _treatments, _headings, _questions, _plan)
    return [mistake for one in checks for mistake in one(guide)]


def documents(guide: Guide) -> tuple[Document, ...]:
    """Pages, treatments and the glossary."""
    return (*guide.pages, *guide.treatments.values(), *((guide.glossary,) if guide.glossary else ()))


def _sources(guide: Guide) -> list[Mistake]:
    found = []
    for document in documents(guide):
        for source in document.body.sources:
            if source not in guide.sources:
                found.append(Mistake(document.path, "sources", f"there is no source {source!r} in {SOURCES}; add it there or mend the id"))
        if not document.body.sources:
            found.append(Mistake(document.path, "sources", "cite at least one source: [@id]"))
    used = {source for document in documents(guide) for source in document.body.sources}
    found += [Mistake(SOURCES, source, "no document uses it: cite it or remove it") for source in guide.sources if source not in used]
    return found


def _links(guide: Guide) -> list[Mistake]:
    terms = guide.glossary.body.anchors if guide.glossary else frozenset()
    found = []
    for document in documents(guide):
        for link in document.body.links:
            scheme, _, rest = link.partition(":")
            name, _, anchor = rest.partition("#")
            if scheme == "term" and name not in terms:
                found.append(Mistake(document.path, "link", f"there is no term {name!r} in the glossary"))
            target: Document | None = document if link.startswith("#") else None
            if scheme == "page":
                target = next((page for page in guide.pages if page.slug == name), None)
            elif scheme == "treatment":
                target = guide.treatments.get(name)
            anchor = link[1:] if link.startswith("#") else anchor
            if target and anchor and anchor not in target.body.anchors:
                found.append(Mistake(document.path, "link", f"{link}: {target.path} has no heading or block #{anchor}"))
    return found


def _treatments(guide: Guide) -> list[Mistake]:
    slugs = {page.slug for page in guide.pages}
    found = []
    for document, block in guide.blocks("option", "support", "test"):
        found += [
            Mistake(document.path, f"{block.kind} | {block.title}: treatments", f"there is no treatment {id!r} in treatments/")
            for id in block.treatments
            if id not in guide.treatments
        ]
    for treatment in guide.treatments.values():
        if treatment.family not in slugs:
            found.append(Mistake(treatment.path, "family", f"there is no page {treatment.family!r}; there are {', '.join(sorted(slugs))}"))
    return found


def _headings(guide: Guide) -> list[Mistake]:
    allowed = guide.site.treatment_headings
    found = []
    for treatment in guide.treatments.values():
        titles = [heading.title for heading in treatment.body.headings]
        unknown = [title for title in titles if title not in allowed]
        found += [Mistake(treatment.path, "heading", f"{title!r} is not one of: {'; '.join(allowed)}") for title in unknown]
        if not unknown and titles != sorted(titles, key=allowed.index):
            found.append(Mistake(treatment.path, "heading", f"put them in this order: {'; '.join(allowed)}"))
    return found


def _questions(guide: Guide) -> list[Mistake]:
    """A question that no condition needs would be asked of nobody: it cannot be reached."""
    conditions = [block.when for _, block in guide.blocks("option", "support", "test", "ask", "callnow", "changed")]
    conditions += [question.fact.only_when for question in guide.questions if question.fact.only_when]
    needed = {fact for condition in conditions for fact in facts_in(condition)}
    return [
        Mistake(question.path, "", "no condition needs this fact, so it is never asked: use it in a `when` or remove the question")
        for question in guide.questions
        if question.id not in needed
    ]


def _plan(guide: Guide) -> list[Mistake]:
    boxes = {block.id for block in guide.paper} | {"none"}
    found = []
    for group in guide.plan:
        for field in group.fields:
            if field.print not in boxes:
                found.append(Mistake(group.path, f"{field.key}.print", f"there is no block {field.print!r} in paper.yaml"))
    for question in guide.questions:
        if question.plan:
            found += _plan_place(guide, question)
    return found


def _plan_place(guide: Guide, question: Question) -> list[Mistake]:
    place = question.plan
    assert place is not None  # noqa: S101  # the caller asked
    group = next((group for group in guide.plan if group.key == place.group), None)
    try:
        field = group.field(place.field) if group else None
        target = field.column(place.column) if field and place.column else field
    except KeyError:
        target = None
    if target is None:
        return [Mistake(question.path, "plan", f"the plan has no {place.group}.{place.field} {place.column}".rstrip())]
    known = {choice.id for choice in question.choices}
    offered = {choice.id for choice in target.choices}
    found = [Mistake(question.path, f"plan.values.{id}", f"there is no answer {id!r}") for id in place.values if id not in known]
    wanted = [*place.values.values(), *filter(None, [place.not_sure])]
    if offered:
        found += [
            Mistake(question.path, "plan.values", f"{place.group}.{place.field} does not offer {value!r}")
            for value in wanted
            if value not in offered
        ]
    return found
