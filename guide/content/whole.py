"""A whole guide from its texts, with every check that spans files.

A guide with a mistake does not load, so it cannot be published.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from guide.content import codes, parse
from guide.content.conditions import Condition, ConditionError, Fact, facts_in
from guide.content.conditions import parse as parse_condition
from guide.content.documents import (
    WEIGHED,
    Body,
    Document,
    Guide,
    Page,
    PlanAlso,
    PlanField,
    PlanGroup,
    PlanNames,
    PlanPlace,
    Question,
    Site,
    Source,
    same_letters,
)
from guide.content.errors import ContentError, Mistake
from guide.content.fields import read_yaml, split_front_matter
from guide.content.glossary import mark_terms
from guide.content.limits import beyond, too_long
from guide.content.markdown import render
from guide.content.points import without_source

T = TypeVar("T")

RESERVED = ("treatments", "words", "sources", "changes")  # beside the pages under /guide/

AUDIENCES, CODES, PROMISED, SAFETY, SOURCES = "audiences.yaml", "codes.yaml", "promised.yaml", "safety.yaml", "sources.yaml"
_FILES = r"site\.yaml|glossary\.md|plan/(?:choices|names|other_names|paper)\.yaml|(?:pages|treatments|questions|plan)/[a-z0-9-]+\.md"


def load(texts: Mapping[str, str], language: str = "en") -> Guide:
    """Read the texts of a guide: path below `content/` -> text.

    Raises ContentError with every mistake found.
    """
    guide, mistakes = read(texts, language)
    if mistakes:
        raise ContentError(mistakes)
    return guide


def read(texts: Mapping[str, str], language: str = "en") -> tuple[Guide, list[Mistake]]:
    """The guide as far as it can be read, and every mistake in it: for somebody who is still writing it, never for readers."""
    loader = _Loader(texts, language)
    return loader.guide(), loader.mistakes


@dataclass(frozen=True, eq=False)
class _Vocabulary:
    """What a document may name: facts, audiences, and the slugs of pages and treatments."""

    facts: Mapping[str, Fact]
    audiences: Mapping[str, Condition]
    pages: frozenset[str]
    treatments: frozenset[str]

    def when(self, value: object) -> Condition:
        """Raises ConditionError."""
        return parse_condition(value, self.facts, self.audiences)

    def url_of(self, target: str) -> str | None:
        """The address of `page:slug`, `treatment:id` or `term:slug`; None where there is none."""
        scheme, _, name = target.partition(":")
        if scheme == "page":
            return f"/guide/{name}/" if name in self.pages else None
        if scheme == "treatment":
            return f"/guide/treatments/{name}/" if name in self.treatments else None
        return f"/guide/words/#{name}"


@lru_cache(maxsize=2)
def _vocabulary(
    facts: tuple[tuple[str, Fact], ...],
    audiences: tuple[tuple[str, Condition], ...],
    pages: frozenset[str],
    treatments: frozenset[str],
) -> _Vocabulary:
    """One object for equal vocabularies, so that what is rendered with it can be kept by it."""
    return _Vocabulary(dict(facts), dict(audiences), pages, treatments)


@lru_cache(maxsize=800)
def _rendered(text: str, path: str, vocabulary: _Vocabulary) -> tuple[Body, tuple[Mistake, ...]]:
    """Kept: an edit changes one document of many, and rendering the others is nearly all of the time that a guide takes."""
    try:
        body, mistakes = render(text, path, vocabulary.when, vocabulary.url_of)
    except RecursionError:
        return Body(), (Mistake(path, "line 1", "too much stands inside each other: write it flatter"),)
    return body, tuple(mistakes)


@dataclass(frozen=True)
class _Itself:
    """A body as a key: `_rendered` gives the same one for the same text, and comparing all of it would take as long as marking it."""

    body: Body

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Itself) and other.body is self.body

    def __hash__(self) -> int:
        return id(self.body)


@lru_cache(maxsize=800)
def _marked(body: _Itself, words: _Itself) -> Body:
    return mark_terms(body.body, words.body)


@lru_cache(maxsize=4)
def _sources_in(text: str) -> tuple[dict[str, Source], tuple[Mistake, ...]]:
    """Kept for the same reason: it is the longest file."""
    mistakes: list[Mistake] = []
    return parse.sources(SOURCES, text, mistakes), tuple(mistakes)


@lru_cache(maxsize=2)
def _other_names_in(path: str, text: str) -> tuple[dict[str, frozenset[str]], tuple[Mistake, ...]]:
    """Kept for the same reason, and so that every guide has the same sets: they are by far its largest part."""
    mistakes: list[Mistake] = []
    return parse.plan_other_names(path, text, mistakes), tuple(mistakes)


class _Loader:
    def __init__(self, texts: Mapping[str, str], language: str) -> None:
        self.root = f"{language}/"
        self.mistakes: list[Mistake] = []
        self.too_long = {path: mistake for path, text in texts.items() if (mistake := too_long(path, text))}
        self.texts = {path: "" if path in self.too_long else text for path, text in texts.items()}

    def guide(self) -> Guide:
        guide = self._guide()
        # Of a text that was not read, only why is true.
        self.mistakes = [mistake for mistake in self.mistakes if mistake.path not in self.too_long] + [*self.too_long.values()]
        return guide

    def _guide(self) -> Guide:
        self._check_paths()
        facts, audiences = self._vocabulary()
        page_paths, treatment_paths = self._under("pages/"), self._under("treatments/")
        pages_by_slug = frozenset(map(parse.slug_of, page_paths))
        treatments_by_slug = frozenset(map(parse.slug_of, treatment_paths))
        vocabulary = _vocabulary(tuple(facts.items()), tuple(audiences.items()), pages_by_slug, treatments_by_slug)

        def body(text: str, path: str) -> Body:
            if found := beyond(text):
                line = found[0] + self.texts[path].count("\n") - text.count("\n")
                self.mistakes.append(Mistake(path, f"line {line}", found[1]))
                return Body()
            rendered, mistakes = _rendered(text, path, vocabulary)
            self.mistakes += mistakes
            return rendered

        glossary_path = self.root + "glossary.md"
        glossary = parse.glossary(glossary_path, self.texts[glossary_path], body, self.mistakes) if glossary_path in self.texts else None
        pages = tuple(parse.page(path, self.texts[path], body, self.mistakes) for path in page_paths)
        treatments = tuple(parse.treatment(path, self.texts[path], body, self.mistakes) for path in treatment_paths)
        if glossary:
            words = _Itself(glossary.body)
            pages = tuple(dataclasses.replace(page, body=_marked(_Itself(page.body), words)) for page in pages)
            treatments = tuple(dataclasses.replace(item, body=_marked(_Itself(item.body), words)) for item in treatments)
        questions = tuple(
            parse.question(path, self.texts[path], facts[parse.slug_of(path)], body, self.mistakes) for path in self._under("questions/")
        )
        site = self._read("site.yaml", parse.site)
        plan, by_slug = self._plan(), {treatment.slug: treatment for treatment in treatments}
        guide = Guide(
            site=site,
            pages=_by_part(pages, site),
            treatments=by_slug,
            questions=questions,
            plan=plan,
            paper=self._read("plan/paper.yaml", parse.paper),
            glossary=glossary,
            sources=self._sources(),
            audiences=audiences,
            safety=parse.safety(SAFETY, self.texts.get(SAFETY, ""), facts, audiences, self.mistakes),
            promised=parse.promised(PROMISED, self.texts.get(PROMISED, ""), self.mistakes),
            codes=codes.read(CODES, self.texts[CODES], plan, by_slug, self.mistakes) if CODES in self.texts else None,
        )
        self.mistakes += check(guide)
        return guide

    def _sources(self) -> dict[str, Source]:
        found, mistakes = _sources_in(self.texts.get(SOURCES, ""))
        self.mistakes += mistakes
        return found

    def _check_paths(self) -> None:
        known = re.compile(rf"{AUDIENCES}|{CODES}|{PROMISED}|{SAFETY}|{SOURCES}|[a-z]{{2}}/(?:{_FILES})")
        for path, text in self.texts.items():
            if "\0" in text:
                self.mistakes.append(Mistake(path, "text", "a NUL stands in it, which is no letter: remove it"))
            if not known.fullmatch(path):
                self.mistakes.append(
                    Mistake(path, "file name", "nobody reads this file: mend its name or folder; content/README.md lists them")
                )

    def _under(self, folder: str) -> list[str]:
        paths = [path for path in self.texts if path.startswith(self.root + folder) and path.endswith(".md")]
        slugs = [parse.slug_of(path) for path in paths]
        for path, slug in zip(paths, slugs, strict=True):
            if slugs.count(slug) > 1:
                self.mistakes.append(Mistake(path, "file name", f"there are two files for {slug!r}: rename one"))
        return sorted(paths, key=parse.order_of)

    def _read(self, name: str, reader: Callable[[str, str, list[Mistake]], T]) -> T:
        path = self.root + name
        return reader(path, self.texts.get(path, ""), self.mistakes)

    def _vocabulary(self) -> tuple[dict[str, Fact], dict[str, Condition]]:
        """Facts in the order of their questions: an `only_when` may name the facts before it."""
        facts: dict[str, Fact] = {}
        for path in self._under("questions/"):
            fact = parse.fact(path, self.texts[path])
            try:
                fact = dataclasses.replace(fact, only_when=parse.only_when(path, self.texts[path], facts, {}))
            except ConditionError as error:
                self.mistakes.append(Mistake(path, "only_when", f"{error} (only questions with a lower number count)"))
            facts[fact.id] = fact
        return facts, parse.audiences(AUDIENCES, self.texts.get(AUDIENCES, ""), facts, self.mistakes)

    def _plan(self) -> tuple[PlanGroup, ...]:
        choices = self._read("plan/choices.yaml", parse.plan_choices)
        names = self._names(self._read("plan/names.yaml", parse.plan_names))
        return tuple(parse.plan_group(path, self.texts[path], choices, self.mistakes, names) for path in self._under("plan/"))

    def _names(self, lists: dict[str, PlanNames]) -> dict[str, PlanNames]:
        """The lists of names, each with the other names that stand beside it."""
        path = self.root + "plan/other_names.yaml"
        others, mistakes = _other_names_in(path, self.texts.get(path, ""))
        self.mistakes += mistakes
        self.mistakes += [Mistake(path, id, f"there is no list {id!r} in names.yaml") for id in others if id not in lists]
        return {id: dataclasses.replace(one, others=others.get(id, frozenset())) for id, one in lists.items()}


def _by_part(pages: Iterable[Page], site: Site) -> tuple[Page, ...]:
    """The order of the menu: part by part, in each part by the numbers of the pages."""
    parts = list(site.parts)
    return tuple(sorted(pages, key=lambda page: (parts.index(page.part) if page.part in parts else len(parts), page.order)))


def check(guide: Guide) -> list[Mistake]:
    """Everything that one document says about another, and that must be so."""
    checks = (_sources, _safety, _links, _menu, _summaries, _treatments, _discussed, _headings, _points, _questions, _plan)
    return [mistake for one in checks for mistake in one(guide)]


def documents(guide: Guide) -> tuple[Document, ...]:
    """Pages, treatments and the glossary."""
    return (*guide.pages, *guide.treatments.values(), *((guide.glossary,) if guide.glossary else ()))


def data_in(path: str, text: str, mistakes: list[Mistake]) -> Any:
    """What a file says in YAML, as the guide reads it: the fields of a document, or all of it."""
    if path.endswith(".md"):
        return split_front_matter(path, text, mistakes)[0]
    return read_yaml(path, text, mistakes, may_share=path == CODES)


def _bodies(guide: Guide) -> list[tuple[str, Body]]:
    """Every rendered text with the path of its file."""
    return [(document.path, document.body) for document in documents(guide)] + [
        (question.path, question.body) for question in guide.questions
    ]


def _sources(guide: Guide) -> list[Mistake]:
    found = [
        Mistake(path, "sources", f"there is no source {source!r} in {SOURCES}; add it there or mend the id")
        for path, body in _bodies(guide)
        for source in body.sources
        if source not in guide.sources
    ]
    found += [
        Mistake(document.path, "sources", "cite at least one source: [@id]") for document in documents(guide) if not document.body.sources
    ]
    used = {source for _, body in _bodies(guide) for source in body.sources} | {id for rule in guide.safety for id in rule.sources}
    found += [Mistake(SOURCES, source, "no document uses it: cite it or remove it") for source in guide.sources if source not in used]
    return found


def _safety(guide: Guide) -> list[Mistake]:
    found = []
    for rule in guide.safety:
        ids = [id for id in (*rule.treatments, *rule.partners) if id not in guide.treatments]
        found += [Mistake(SAFETY, f"{rule.id}.treatments", f"there is no treatment {id!r} in treatments/") for id in ids]
        unknown = [source for source in rule.sources if source not in guide.sources]
        found += [Mistake(SAFETY, f"{rule.id}.sources", f"there is no source {source!r} in {SOURCES}") for source in unknown]
    return found


def _links(guide: Guide) -> list[Mistake]:
    terms = guide.glossary.body.anchors if guide.glossary else frozenset()
    there = {f"page:{page.slug}": (page.path, page.body.anchors) for page in guide.pages}
    there |= {f"treatment:{slug}": (treatment.path, treatment.body.anchors) for slug, treatment in guide.treatments.items()}
    found = []
    for path, body in _bodies(guide):
        for link in body.links:
            target, _, anchor = link.partition("#")
            if target.startswith("term:") and target.removeprefix("term:") not in terms:
                found.append(Mistake(path, "link", f"there is no term {target.removeprefix('term:')!r} in the glossary"))
            place, anchors = (path, body.anchors) if not target else there.get(target, ("", frozenset()))
            if place and anchor and anchor not in anchors:
                found.append(Mistake(path, "link", f"{link}: {place} has no heading or block #{anchor}"))
    return found


def _menu(guide: Guide) -> list[Mistake]:
    """Pages have addresses of their own, and a part of the menu."""
    parts = guide.site.parts
    found = [
        Mistake(page.path, "file name", f"{page.slug!r} is an address of the site itself; rename it")
        for page in guide.pages
        if page.slug in RESERVED
    ]
    return found + [
        Mistake(page.path, "part", f"there is no part {page.part!r} in site.yaml; there are {', '.join(parts)}")
        for page in guide.pages
        if page.part and page.part not in parts
    ]


def _summaries(guide: Guide) -> list[Mistake]:
    """A summary says more than the title, which stands right above it."""
    summaries = [(page, page.summary) for page in guide.pages] + ([(guide.glossary, guide.glossary.summary)] if guide.glossary else [])
    return [
        Mistake(document.path, "summary", "it only repeats the title: say in one plain sentence what the page is about")
        for document, summary in summaries
        if summary and _bare(summary) == _bare(document.title)
    ]


def _bare(words: str) -> str:
    """Words without what does not tell them apart: capitals, spaces, the mark at the end."""
    return " ".join(words.casefold().split()).rstrip(" .!?:;…")


def _treatments(guide: Guide) -> list[Mistake]:
    slugs = {page.slug for page in guide.pages}
    found = [
        Mistake(PROMISED, id, f"there is no treatments/{id}.md, but saved plans and other programs rely on it: bring it back")
        for id in guide.promised
        if id not in guide.treatments
    ]
    for document, block in guide.blocks("option", "support", "test"):
        found += [
            Mistake(document.path, f"{block.kind} | {block.title}: treatments", f"there is no treatment {id!r} in treatments/")
            for id in block.treatments
            if id not in guide.treatments
        ]
    found += [
        Mistake(
            document.path,
            f"support | {block.title}: treatments",
            f"{id!r} is not of kind supportive: name what helps, not what it helps against; a treatment belongs in an option",
        )
        for document, block in guide.blocks("support")
        for id in block.treatments
        if id in guide.treatments and guide.treatments[id].kind == "treatment"
    ]
    found += [
        Mistake(page.path, f"caution | {block.title}", "a caution concerns one treatment: move it to the treatment's own file")
        for page in guide.pages
        for block in page.body.blocks
        if block.kind == "caution"
    ]
    for treatment in guide.treatments.values():
        if treatment.family and treatment.family not in slugs:
            found.append(Mistake(treatment.path, "family", f"there is no page {treatment.family!r}; there are {', '.join(sorted(slugs))}"))
    return found


def _discussed(guide: Guide) -> list[Mistake]:
    """A treatment that no block names could never apply to anybody. What is not approved may stand alone."""
    named = {kind: {id for _, block in guide.blocks(kind) for id in block.treatments} for kind in ("option", "support", "test")}
    found = []
    for treatment in guide.treatments.values():
        if not treatment.approved:
            continue
        if treatment.kind == "treatment" and treatment.slug not in named["option"]:
            remedy = "no option names it: name it in one, or mark it as kind: supportive or test, or give its status"
            found.append(Mistake(treatment.path, "kind", remedy))
        elif not any(treatment.slug in ids for ids in named.values()):
            found.append(Mistake(treatment.path, "kind", "no option, support or test block names it: name it in one"))
    return found


def _headings(guide: Guide) -> list[Mistake]:
    """Every treatment has the same headings, in the same order."""
    places = guide.site.treatment_headings
    place_of = {title: place for place, titles in enumerate(places) for title in titles}
    order = "; ".join(" or ".join(titles) for titles in places)
    found = [
        Mistake(f"{guide.site.language}/site.yaml", field, f"name one of the treatment_headings: {order}")
        for field, title in (("situations_under", guide.site.situations_under), ("sourced_under", guide.site.sourced_under))
        if title and title not in place_of
    ]
    for treatment in guide.treatments.values():
        titles = [heading.title for heading in treatment.body.headings]
        unknown = [title for title in titles if title not in place_of]
        found += [Mistake(treatment.path, "heading", f"{title!r} is not one of: {order}") for title in unknown]
        here = [place_of[title] for title in titles if title in place_of]
        missing = [" or ".join(wanted) for place, wanted in enumerate(places) if place not in here]
        found += [Mistake(treatment.path, "heading", f"'## {title}' is missing: write it") for title in missing]
        if here != sorted(set(here)):
            found.append(Mistake(treatment.path, "heading", f"put each once, in this order: {order}"))
    return found


def _points(guide: Guide) -> list[Mistake]:
    """Where readers are promised a source for each point of a list, each has one."""
    return [
        Mistake(treatment.path, section.title, f"no source stands behind the point {point!r}: cite one in it, [@id]")
        for treatment in guide.treatments.values()
        for section in treatment.body.sections
        if section.title and section.title == guide.site.sourced_under
        for point in without_source(section)
    ]


def _questions(guide: Guide) -> list[Mistake]:
    """A question that no condition needs would be asked of nobody: it cannot be reached."""
    conditions = [block.when for _, block in guide.blocks(*WEIGHED)]
    conditions += [question.fact.only_when for question in guide.questions if question.fact.only_when]
    needed = {fact for condition in conditions for fact in facts_in(condition)}
    return [
        Mistake(
            question.path,
            "",
            "no condition needs this fact, so it is never asked: use it in the condition of a block (its `when`), or remove the question",
        )
        for question in guide.questions
        if question.id not in needed
    ]


def _also(group: PlanGroup, field: PlanField, also: PlanAlso, boxes: Container[str]) -> list[Mistake]:
    """What a field says of another block: that block, and the value that a row has to have, must be there."""
    found = []
    if also.print not in boxes:
        found.append(Mistake(group.path, f"{field.key}.also.print", f"there is no block {also.print!r} in paper.yaml"))
    if not any(column.key == also.column and also.value in {choice.id for choice in column.choices} for column in field.fields):
        found.append(Mistake(group.path, f"{field.key}.also.when", "write column=value, both as the columns of this field have them"))
    return found


def _never_cut(group: PlanGroup, field: PlanField) -> list[Mistake]:
    """That something is never cut can be said of what goes to paper, and of a list as a whole."""
    found = []
    if field.never_cut and field.print == "none":
        found.append(
            Mistake(
                group.path,
                f"{field.key}.never_cut",
                "this field does not go to paper: give it a block to `print` in, or take never_cut out",
            )
        )
    for column in field.fields:
        if column.never_cut:
            remedy = f"a list is cut by rows, not by columns: write never_cut at {field.key}"
            found.append(Mistake(group.path, f"{field.key}.{column.key}.never_cut", remedy))
    return found


def _plan(guide: Guide) -> list[Mistake]:
    boxes = {block.id for block in guide.paper} | {"none"}
    found = []
    for group in guide.plan:
        for field in group.fields:
            if field.print not in boxes:
                found.append(Mistake(group.path, f"{field.key}.print", f"there is no block {field.print!r} in paper.yaml"))
            if field.also:
                found += _also(group, field, field.also, boxes)
            found += _never_cut(group, field)
            found += _plan_fields(group.path, field.fields, f"{field.key}.")
        found += _plan_fields(group.path, group.fields)
    found += _plan_checks(guide)
    for question in guide.questions:
        if question.plan:
            found += _plan_place(guide, question, question.plan)
    return found


def _plan_fields(path: str, fields: tuple[PlanField, ...], within: str = "") -> list[Mistake]:
    """Fields that stand beside each other: their keys differ, and `show_if` names one of them with a value of its."""
    by_key = {field.key: field for field in fields}
    found = []
    if len(by_key) < len(fields):
        twice = sorted({field.key for field in fields if [other.key for other in fields].count(field.key) > 1})
        found += [Mistake(path, f"{within}{key}", "two fields have this key; rename one") for key in twice]
    for field in fields:
        if field.show_if:
            other = by_key.get(field.show_if[0])
            if other is None or field.show_if[1] not in {choice.id for choice in other.choices}:
                found.append(
                    Mistake(path, f"{within}{field.key}.show_if", "write field=value, with a field beside it and one of its values")
                )
        for number, check in enumerate(field.checks, start=1):
            other = by_key.get(check.when[0]) if check.when else field
            if other is None or check.when and check.when[1] not in {choice.id for choice in other.choices}:
                remedy = "write field=value, with a field beside it and one of its values"
                found.append(Mistake(path, f"{within}{field.key}.checks.{number}.when", remedy))
    return found


def _plan_checks(guide: Guide) -> list[Mistake]:
    """A check that compares names a field of the plan; a list of names leaves out treatments that there are."""
    found = []
    for group in guide.plan:
        tops = {f"{other.key}.{field.key}" for other in guide.plan for field in other.fields}
        for path, beside in [("", group.fields), *((f"{field.key}.", field.fields) for field in group.fields)]:
            known = tops | {field.key for field in beside}
            for field in beside:
                found += [
                    Mistake(group.path, f"{path}{field.key}.checks.{number}.not_before", "write a field beside it, or group.field")
                    for number, check in enumerate(field.checks, start=1)
                    if check.not_before and check.not_before not in known
                ]
                found += [
                    Mistake(group.path, f"{path}{field.key}.complete", remedy)
                    for remedy in (_names_remedies(guide, field.complete) if field.complete else ())
                ]
    return found


def _names_remedies(guide: Guide, names: PlanNames) -> list[str]:
    """What to mend in a list of names: it speaks of treatments that there are, and a short name means one of them."""
    found = [f"names.yaml leaves out {id!r}, but there is no such treatment" for id in names.without if id not in guide.treatments]
    meant = {text: {slug for other, slug in names.short if other == text} for text, _ in names.short}
    named: dict[str, set[str]] = {}
    for slug, one in guide.treatments.items():
        for name in (one.title, *one.brands, *one.old_brands, *one.also):
            named.setdefault(same_letters(name), set()).add(slug)
    for text, slugs in meant.items():
        found += [
            f"names.yaml says that {text!r} is short for {slug!r}, which it does not offer"
            for slug in slugs
            if not _offers(guide, names, slug)
        ]
        if len(slugs | named.get(text, set())) > 1:
            found.append(
                f"names.yaml says that {text!r} is short for {', '.join(sorted(slugs))}, but it means something else, too: leave it out"
            )
    return found


def _offers(guide: Guide, names: PlanNames, slug: str) -> bool:
    return slug in guide.treatments and guide.treatments[slug].kind in names.kinds and slug not in names.without


def _plan_place(guide: Guide, question: Question, place: PlanPlace) -> list[Mistake]:
    group = next((group for group in guide.plan if group.key == place.group), None)
    try:
        field = group.field(place.field) if group else None
        target = field.column(place.column) if field and place.column else field
    except KeyError:
        target = None
    name = f"{place.group}.{place.field} {place.column}".rstrip()
    if target is None:
        return [Mistake(question.path, "plan", f"the plan has no {name}")]
    if target.type == "group":
        return [Mistake(question.path, "plan.field", f"{name} is a group of rows; name a simple field")]
    found = []
    if place.column and place.not_sure:
        found.append(Mistake(question.path, "plan.not_sure", "rows have no place for not sure; remove it"))
    known = {choice.id for choice in question.choices}
    offered = {choice.id for choice in target.choices}
    found += [Mistake(question.path, f"plan.values.{id}", f"there is no answer {id!r}") for id in place.values if id not in known]
    wanted = [*place.values.values(), *filter(None, [place.not_sure])]
    if offered:
        found += [
            Mistake(question.path, "plan.values", f"{place.group}.{place.field} does not offer {value!r}")
            for value in wanted
            if value not in offered
        ]
    return found
