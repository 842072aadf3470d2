"""Everything that must be so in a guide before it is published, told as mistakes: one call, one list of checks. Pure."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from itertools import groupby

from guide.content.blocks import NAMING, OFFERS, ROLES, WEIGHED
from guide.content.conditions import facts_in
from guide.content.documents import (
    PROMISED,
    SAFETY,
    SOURCES,
    Body,
    Guide,
    Page,
    PlanAlso,
    PlanField,
    PlanGroup,
    PlanNames,
    PlanPlace,
    Question,
    Treatment,
    documents,
    same_letters,
)
from guide.content.grade import too_hard
from guide.content.mistakes import Mistake, Place, mistake
from guide.content.points import without_source
from guide.content.reach import unreachable
from guide.content.safety import not_approved, unsafe
from guide.content.spoken import MOST_VALUES, branches, speech_of
from guide.content.unwarned import unwarned

RESERVED = ("treatments", "words", "sources", "changes")
"""Addresses under /guide/ that are no pages."""
ADDRESSES = frozenset(("/", "/guide/", "/for-me/", "/plan/", *(f"/guide/{name}/" for name in RESERVED)))
"""Addresses of the site that a text may write out, because no page or treatment stands there."""
GAP = re.compile(r"\{([a-z0-9-]+)\}")
"""Where the answer to a question goes into a sentence."""
SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
"""What the last part of an address is like."""
_HOST = re.compile(r"https?://[^/]*")


def told(guide: Guide, today: datetime.date) -> list[Mistake]:
    """Every mistake that the documents of a guide make together, or in what they say to readers."""
    return [one for check in CHECKS for one in check(guide)] + _days_to_come(guide, today)


def _bodies(guide: Guide) -> list[tuple[str, Body]]:
    """Every rendered text with the path of its file."""
    return [(document.path, document.body) for document in documents(guide)] + [
        (question.path, question.body) for question in guide.questions
    ]


def _sources(guide: Guide) -> list[Mistake]:
    found = [
        mistake(path, "unknown-source", Place(part="sources", quote=source), source=repr(source), file=SOURCES)
        for path, body in _bodies(guide)
        for source in body.sources
        if source not in guide.sources
    ]
    found += [mistake(document.path, "no-source", Place(part="sources")) for document in documents(guide) if not document.body.sources]
    used = {source for _, body in _bodies(guide) for source in body.sources} | {id for rule in guide.safety for id in rule.sources}
    found += [mistake(SOURCES, "unused-source", Place(source)) for source in guide.sources if source not in used]
    return found


def _safety(guide: Guide) -> list[Mistake]:
    found = []
    for rule in guide.safety:
        ids = [id for id in (*rule.treatments, *rule.partners) if id not in guide.treatments]
        found += [mistake(SAFETY, "unknown-treatment", Place(f"{rule.id}.treatments"), name=repr(id)) for id in ids]
        unknown = [source for source in rule.sources if source not in guide.sources]
        found += [mistake(SAFETY, "unknown-source", Place(f"{rule.id}.sources"), source=repr(source), file=SOURCES) for source in unknown]
    return found


def _words_of_branches(guide: Guide) -> list[Mistake]:
    """Whatever a usual option may come to hang on can be said: "if ...", "unless ..."."""
    speech, found = speech_of(guide), []
    for document, block in guide.blocks("option"):
        if block.role != ROLES[0]:
            continue
        unsaid = dict.fromkeys(wants for branch in branches(guide, block.when) for wants in speech.unsaid(branch))
        for wants in unsaid:
            values = ", ".join(value for value in wants.fact.values if value in wants.wanted)
            found.append(
                mistake(document.path, "no-words-after-if", Place("when", block.name), fact=wants.fact.id, values=values, most=MOST_VALUES)
            )
    return found


def _leads(guide: Guide) -> list[Mistake]:
    """What the results begin with names facts that there are; so does a test that tells some."""
    path = f"{guide.site.language}/site.yaml"
    named = [("leads.opening", fact) for fact in guide.site.leads.opening] + [("leads.places", fact) for fact in guide.site.leads.places]
    named += [("leads.situation", fact) for piece in guide.site.leads.situation for words in piece for fact in GAP.findall(words)]
    known = ", ".join(guide.facts)
    found = [mistake(path, "unknown-fact", Place(where), name=repr(fact), known=known) for where, fact in named if fact not in guide.facts]
    for document, block in guide.blocks("test"):
        wrong = [fact for fact in block.tells if fact not in guide.facts]
        found += [mistake(document.path, "unknown-fact", Place("tells", block.name), name=repr(fact), known=known) for fact in wrong]
    return found


def _links(guide: Guide) -> list[Mistake]:
    terms = guide.glossary.body.anchors if guide.glossary else frozenset()
    there = {f"page:{page.slug}": (page.path, page.body.anchors) for page in guide.pages}
    there |= {f"treatment:{slug}": (treatment.path, treatment.body.anchors) for slug, treatment in guide.treatments.items()}
    moved = _moved(guide)
    ours = {page.url: f"page:{page.slug}" for page in guide.pages}
    ours |= {treatment.url: f"treatment:{slug}" for slug, treatment in guide.treatments.items()}
    ours = {**{_address(old): new for old, new in moved.items()}, **ours}
    found = []
    for path, body in _bodies(guide):
        for link in body.links:
            target, hash, anchor = link.partition("#")
            if target in moved:
                found.append(mistake(path, "link-moved", Place(part="link", quote=link), old=link, new=f"{moved[target]}{hash}{anchor}"))
            if target.startswith("term:") and target.removeprefix("term:") not in terms:
                term = repr(target.removeprefix("term:"))
                found.append(mistake(path, "unknown-term", Place(part="link", quote=link), term=term))
            place, anchors = (path, body.anchors) if not target else there.get(target, ("", frozenset()))
            if place and anchor and anchor not in anchors:
                found.append(mistake(path, "unknown-anchor", Place(part="link", quote=link), link=link, path=place, anchor=anchor))
            found += _written_out(path, link, target, ours)
    return found


def _moved(guide: Guide) -> dict[str, str]:
    """Links to what has another name by now -> what to write instead."""
    found = {f"page:{old}": f"page:{page.slug}" for page in guide.pages for old in page.was}
    found |= {f"treatment:{old}": f"treatment:{slug}" for slug, treatment in guide.treatments.items() for old in treatment.was}
    there = {f"page:{page.slug}" for page in guide.pages} | {f"treatment:{slug}" for slug in guide.treatments}
    return {old: new for old, new in found.items() if old not in there}


def _address(link: str) -> str:
    scheme, _, slug = link.partition(":")
    return f"/guide/{slug}/" if scheme == "page" else f"/guide/treatments/{slug}/"


def _addresses(guide: Guide) -> list[Mistake]:
    """An address that a document had before is nobody else's, and what people have the address of is there, or has moved."""
    pages, treatments = guide.pages, tuple(guide.treatments.values())
    there = {slug for page in pages for slug in (page.slug, *page.was)}
    gone = [slug for slug in guide.promised.pages if slug not in there]
    return [
        *_wrong_was(pages, dict.fromkeys(RESERVED, "the site itself")),
        *_wrong_was(treatments, {}),
        *(mistake(PROMISED, "address-gone", Place("pages", quote=slug), slug=slug) for slug in gone),
    ]


def _wrong_was(there: Sequence[Page | Treatment], reserved: Mapping[str, str]) -> Iterator[Mistake]:
    taken = {**{document.slug: document.path for document in there}, **reserved}
    for document in there:
        for slug in document.was:
            if not SLUG.fullmatch(slug):
                yield mistake(document.path, "was-not-plain", Place("was"), slug=repr(slug))
            elif slug in taken:
                yield mistake(document.path, "address-taken", Place("was"), slug=repr(slug), path=taken[slug])
            taken.setdefault(slug, document.path)


def _written_out(path: str, link: str, target: str, ours: Mapping[str, str]) -> Iterator[Mistake]:
    """An address of this site that is written out: it has to lead somewhere, and one of a page is written as that page."""
    here = Place(part="link", quote=link)
    if write := ours.get(f"{_HOST.sub('', target).rstrip('/')}/"):
        yield mistake(path, "link-own-page", here, link=link, write=write)
    elif target.startswith("/") and target not in ADDRESSES:
        yield mistake(path, "link-own-address", here, link=link)


def _menu(guide: Guide) -> list[Mistake]:
    """Pages have addresses of their own, and a part of the menu."""
    parts = guide.site.parts
    found = [
        mistake(page.path, "reserved-address", Place(part="file name"), slug=repr(page.slug))
        for page in guide.pages
        if page.slug in RESERVED
    ]
    return found + [
        mistake(page.path, "unknown-part", Place("part"), part=repr(page.part), known=", ".join(parts))
        for page in guide.pages
        if page.part and page.part not in parts
    ]


def _summaries(guide: Guide) -> list[Mistake]:
    """A summary says more than the title, which stands right above it."""
    summaries = [(page, page.summary) for page in guide.pages] + ([(guide.glossary, guide.glossary.summary)] if guide.glossary else [])
    return [
        mistake(document.path, "summary-repeats-title", Place("summary"))
        for document, summary in summaries
        if summary and _bare(summary) == _bare(document.title)
    ]


def _bare(words: str) -> str:
    """Words without what does not tell them apart: capitals, spaces, the mark at the end."""
    return " ".join(words.casefold().split()).rstrip(" .!?:;…")


def _treatments(guide: Guide) -> list[Mistake]:
    slugs = {page.slug for page in guide.pages}
    found = [
        mistake(PROMISED, "promise-broken", Place("treatments", quote=id), id=id)
        for id in guide.promised.treatments
        if id not in guide.treatments
    ]
    for document, block in guide.blocks(*NAMING):
        found += [
            mistake(document.path, "unknown-treatment", Place("treatments", block.name), name=repr(id))
            for id in block.treatments
            if id not in guide.treatments
        ]
    found += [
        mistake(document.path, "not-supportive", Place("treatments", block.name), name=repr(id))
        for document, block in guide.blocks("support")
        for id in block.treatments
        if id in guide.treatments and guide.treatments[id].kind == "treatment"
    ]
    found += [
        mistake(page.path, "caution-on-page", Place(block=block.name))
        for page in guide.pages
        for block in page.body.blocks
        if block.kind == "caution"
    ]
    for treatment in guide.treatments.values():
        if treatment.family and treatment.family not in slugs:
            if page := guide.page_that_was(treatment.family):
                found.append(mistake(treatment.path, "link-moved", Place("family"), old=treatment.family, new=page.slug))
                continue
            found.append(
                mistake(treatment.path, "unknown-family", Place("family"), page=repr(treatment.family), known=", ".join(sorted(slugs)))
            )
    return found


def _discussed(guide: Guide) -> list[Mistake]:
    """A treatment that no block names could never apply to anybody. What is not approved may stand alone."""
    named = {kind: {id for _, block in guide.blocks(kind) for id in block.treatments} for kind in OFFERS}
    *kinds, last = named
    either = f"{', '.join(kinds)} or {last}"
    found = []
    for treatment in guide.treatments.values():
        if not treatment.approved:
            continue
        if treatment.kind == "treatment" and treatment.slug not in named["option"]:
            found.append(mistake(treatment.path, "no-option-names-it", Place("kind")))
        elif not any(treatment.slug in ids for ids in named.values()):
            found.append(mistake(treatment.path, "no-block-names-it", Place("kind"), kinds=either))
    return found


def _headings(guide: Guide) -> list[Mistake]:
    """Every treatment has the same headings, in the same order."""
    places = guide.site.treatment_headings
    place_of = {title: place for place, titles in enumerate(places) for title in titles}
    order = "; ".join(" or ".join(titles) for titles in places)
    found = [
        mistake(f"{guide.site.language}/site.yaml", "not-a-treatment-heading", Place(field), known=order)
        for field, title in (("situations_under", guide.site.situations_under), ("sourced_under", guide.site.sourced_under))
        if title and title not in place_of
    ]
    for treatment in guide.treatments.values():
        titles = [heading.title for heading in treatment.body.headings]
        unknown = [title for title in titles if title not in place_of]
        found += [
            mistake(treatment.path, "heading-unknown", Place(part="heading", quote=title), title=repr(title), known=order)
            for title in unknown
        ]
        here = [place_of[title] for title in titles if title in place_of]
        missing = [" or ".join(wanted) for place, wanted in enumerate(places) if place not in here]
        found += [mistake(treatment.path, "heading-missing", Place(part="heading"), title=title) for title in missing]
        if here != sorted(set(here)):
            found.append(mistake(treatment.path, "heading-order", Place(part="heading"), known=order))
    return found


def _points(guide: Guide) -> list[Mistake]:
    """Where readers are promised a source for each point of a list, each has one."""
    return [
        mistake(treatment.path, "point-without-source", Place(part=section.title, quote=point), point=repr(point))
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
    return [mistake(question.path, "fact-not-needed") for question in guide.questions if question.id not in needed]


def _asked_together(guide: Guide) -> list[Mistake]:
    """Questions of one page stand beside each other, and the page has a title; a title is of a page."""
    path = f"{guide.site.language}/site.yaml"
    runs = [name for name, _ in groupby(guide.questions, key=lambda question: question.page)]
    found = [
        mistake(path, "page-without-questions", Place(f"asked_together.{name}")) for name in guide.site.asked_together if name not in runs
    ]
    for question in guide.questions:
        if question.page and question.page not in guide.site.asked_together:
            found.append(mistake(question.path, "page-without-title", Place("page"), name=repr(question.page)))
        if question.page and runs.count(question.page) > 1:
            found.append(mistake(question.path, "page-apart", Place("page"), name=repr(question.page)))
    return found


def _named_answers(guide: Guide) -> list[Mistake]:
    """A name that stands for an answer is of a treatment that there is."""
    return [
        mistake(question.path, "unknown-treatment", Place("by_name.answers", quote=slug), name=repr(slug))
        for question in guide.questions
        if question.by_name
        for slug in question.by_name.choices
        if slug not in guide.treatments
    ]


def _also(group: PlanGroup, field: PlanField, also: PlanAlso, boxes: Container[str]) -> list[Mistake]:
    """What a field says of another block: that block, and the value that a row has to have, must be there."""
    found = []
    if also.print not in boxes:
        found.append(mistake(group.path, "unknown-paper-block", Place(f"{field.key}.also.print"), name=repr(also.print)))
    if not any(column.key == also.column and also.value in {choice.id for choice in column.choices} for column in field.fields):
        found.append(mistake(group.path, "write-column-value", Place(f"{field.key}.also.when")))
    return found


def _never_cut(group: PlanGroup, field: PlanField) -> list[Mistake]:
    """That something is never cut can be said of what goes to paper, and of a list as a whole."""
    found = []
    if field.never_cut and field.print == "none":
        found.append(mistake(group.path, "never-cut-not-printed", Place(f"{field.key}.never_cut")))
    for column in field.fields:
        if column.never_cut:
            found.append(mistake(group.path, "never-cut-column", Place(f"{field.key}.{column.key}.never_cut"), field=field.key))
    return found


def _plan(guide: Guide) -> list[Mistake]:
    boxes = {block.id for block in guide.paper} | {"none"}
    found = []
    for group in guide.plan:
        for field in group.fields:
            if field.print not in boxes:
                found.append(mistake(group.path, "unknown-paper-block", Place(f"{field.key}.print"), name=repr(field.print)))
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
        found += [mistake(path, "key-twice", Place(f"{within}{key}")) for key in twice]
    for field in fields:
        if field.show_if:
            other = by_key.get(field.show_if[0])
            if other is None or field.show_if[1] not in {choice.id for choice in other.choices}:
                found.append(mistake(path, "write-field-value", Place(f"{within}{field.key}.show_if")))
        for number, check in enumerate(field.checks, start=1):
            other = by_key.get(check.when[0]) if check.when else field
            if other is None or check.when and check.when[1] not in {choice.id for choice in other.choices}:
                found.append(mistake(path, "write-field-value", Place(f"{within}{field.key}.checks.{number}.when")))
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
                    mistake(group.path, "not-before-unknown", Place(f"{path}{field.key}.checks.{number}.not_before"))
                    for number, check in enumerate(field.checks, start=1)
                    if check.not_before and check.not_before not in known
                ]
                found += [
                    mistake(group.path, code, Place(f"{path}{field.key}.complete"), **arguments)
                    for code, arguments in (_wrong_names(guide, field.complete) if field.complete else ())
                ]
    return found


def _wrong_names(guide: Guide, names: PlanNames) -> list[tuple[str, dict[str, str]]]:
    """What to mend in a list of names: it speaks of treatments that there are, and a short name means one of them."""
    found = [("names-leave-out-nothing", {"id": repr(id)}) for id in names.without if id not in guide.treatments]
    meant = {text: {slug for other, slug in names.short if other == text} for text, _ in names.short}
    named: dict[str, set[str]] = {}
    for slug, one in guide.treatments.items():
        for name in (one.title, *one.brands, *one.old_brands, *one.also):
            named.setdefault(same_letters(name), set()).add(slug)
    for text, slugs in meant.items():
        found += [
            ("names-short-for-nothing", {"text": repr(text), "slug": repr(slug)}) for slug in slugs if not _offers(guide, names, slug)
        ]
        if len(slugs | named.get(text, set())) > 1:
            found.append(("names-short-for-more", {"text": repr(text), "slugs": ", ".join(sorted(slugs))}))
    return found


def _offers(guide: Guide, names: PlanNames, slug: str) -> bool:
    return slug in guide.treatments and guide.treatments[slug].kind in names.kinds and slug not in names.without


def _plan_place(guide: Guide, question: Question, place: PlanPlace) -> list[Mistake]:
    target = _plan_field(guide, place.group, place.field, place.column)
    name = f"{place.group}.{place.field} {place.column}".rstrip()
    if target is None:
        return [mistake(question.path, "plan-has-no", Place("plan"), name=name)]
    if target.type == "group":
        return [mistake(question.path, "plan-field-is-rows", Place("plan.field"), name=name)]
    found = []
    if place.column and place.not_sure:
        found.append(mistake(question.path, "rows-not-sure", Place("plan.not_sure")))
    known = {choice.id for choice in question.choices}
    found += [
        mistake(question.path, "unknown-answer", Place(f"plan.values.{id}"), name=repr(id))
        for id in (*place.values, *place.elsewhere)
        if id not in known
    ]
    wanted = [*place.values.values(), *filter(None, [place.not_sure])]
    return found + _not_offered(question, f"{place.group}.{place.field}", target, wanted) + _elsewhere(guide, question, place)


def _elsewhere(guide: Guide, question: Question, place: PlanPlace) -> list[Mistake]:
    """Of the answers that land in another field than the others."""
    found = []
    for id, (group, field, value) in place.elsewhere.items():
        target = _plan_field(guide, group, field)
        if target is None or target.type == "group":
            found.append(mistake(question.path, "plan-has-no", Place(f"plan.values.{id}"), name=f"{group}.{field}"))
        else:
            found += _not_offered(question, f"{group}.{field}", target, [value])
    return found


def _plan_field(guide: Guide, key: str, field: str, column: str = "") -> PlanField | None:
    """A field of the plan, or a column of its rows; None where there is none."""
    group = next((group for group in guide.plan if group.key == key), None)
    try:
        found = group.field(field) if group else None
        return found.column(column) if found and column else found
    except KeyError:
        return None


def _not_offered(question: Question, name: str, target: PlanField, wanted: Iterable[str]) -> list[Mistake]:
    """Values that a field of the plan does not have. A text takes any."""
    offered = {choice.id for choice in target.choices}
    return [
        mistake(question.path, "plan-does-not-offer", Place("plan.values"), field=name, value=repr(value))
        for value in wanted
        if offered and value not in offered
    ]


def _days_to_come(guide: Guide, today: datetime.date) -> list[Mistake]:
    """Nothing was checked or reviewed on a day that is still to come. Somewhere it is tomorrow already, so that day passes."""
    latest = today + datetime.timedelta(days=1)
    found = [mistake(one.path, "day-to-come", Place("checked"), day=str(one.checked)) for one in documents(guide) if one.checked > latest]
    found += [
        mistake(one.path, "day-to-come", Place("reviewed.on"), day=str(one.reviewed.on))
        for one in documents(guide)
        if one.reviewed and one.reviewed.on > latest
    ]
    return found + [
        mistake(SOURCES, "day-to-come", Place(f"{source.id}.checked"), day=str(source.checked))
        for source in guide.sources.values()
        if source.checked > latest
    ]


CHECKS: tuple[Callable[[Guide], list[Mistake]], ...] = (
    _sources,
    _safety,
    _words_of_branches,
    _leads,
    _links,
    _addresses,
    _menu,
    _summaries,
    _treatments,
    _discussed,
    _headings,
    _points,
    unwarned,
    _questions,
    _asked_together,
    _named_answers,
    _plan,
    too_hard,
    unreachable,
    unsafe,
    not_approved,
)
"""What is asked of every guide. The last four read or weigh all of it; what they find is kept, so that an edit asks for little."""
