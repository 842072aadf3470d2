"""Texts to documents: each file by itself. What spans files is checked in `whole`."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from guide.content.blocks import ROLES
from guide.content.conditions import EVERYBODY, Condition, ConditionError, Fact, given
from guide.content.conditions import parse as parse_condition
from guide.content.documents import (
    Body,
    ByName,
    Choice,
    Glossary,
    Leads,
    Page,
    PaperBlock,
    PlanAlso,
    PlanCheck,
    PlanChoice,
    PlanField,
    PlanGroup,
    PlanNames,
    PlanPlace,
    Promised,
    Question,
    Review,
    SafetyRule,
    Site,
    Source,
    Treatment,
    same_letters,
)
from guide.content.fields import Fields, marks_in
from guide.content.mistakes import Mistake, Place, mistake
from guide.content.text import Text

_NUMBERED = re.compile(r"^(?P<order>\d+)-(?P<slug>[a-z0-9]+(?:-[a-z0-9]+)*)\.md$")
_PHONE = re.compile(r"\+?\d[\d-]+\d")
NOT_SURE = "not-sure"

Render = Callable[[Text], Body]
"""A text -> its body, rendered; mistakes go where the caller keeps them."""

_DOCUMENT = {"title", "checked", "review_due", "reviewed"}


def slug_of(path: str) -> str:
    """`en/pages/10-start-here.md` -> `start-here`; `en/treatments/tamoxifen.md` -> `tamoxifen`."""
    name = path.rsplit("/", 1)[-1]
    match = _NUMBERED.match(name)
    return match["slug"] if match else name.removesuffix(".md")


def order_of(path: str) -> tuple[int, str]:
    """What documents are sorted by: the number in the name, then the name."""
    name = path.rsplit("/", 1)[-1]
    match = _NUMBERED.match(name)
    return (int(match["order"]) if match else 0, name)


def check_numbered(path: str, mistakes: list[Mistake]) -> None:
    """Pages, questions and plan groups carry their order in their name."""
    if not _NUMBERED.match(path.rsplit("/", 1)[-1]):
        mistakes.append(mistake(path, "name-it-by-number", Place(part="file name")))


def _document(fields: Fields, body: Body) -> dict[str, Any]:
    checked, review_due = fields.date("checked"), fields.date("review_due")
    if datetime.date.min < review_due <= checked:
        fields.wrong("review_due", "due-before-checked", checked=str(checked))
    return {
        "path": fields.path,
        "slug": slug_of(fields.path),
        "title": fields.words("title"),
        "checked": checked,
        "review_due": review_due,
        "reviewed": _review(fields),
        "body": body,
    }


def _review(fields: Fields) -> Review | None:
    if not fields.data.get("reviewed"):
        return None
    review = Fields(fields.path, fields.data["reviewed"], fields.mistakes, "reviewed")
    review.only(("by", "role", "on"))
    return Review(review.words("by"), review.words("role"), review.date("on"))


def page(text: Text, render: Render, mistakes: list[Mistake]) -> Page:
    """A page of the menu."""
    check_numbered(text.path, mistakes)
    fields = Fields(text.path, text.data, mistakes)
    fields.only(_DOCUMENT | {"summary", "part", "order", "was"})
    return Page(
        **_document(fields, render(text)),
        summary=fields.words("summary"),
        part=fields.text("part"),
        order=fields.number("order", order_of(text.path)[0]),
        was=fields.names("was"),
    )


def glossary(text: Text, render: Render, mistakes: list[Mistake]) -> Glossary:
    """The words explained."""
    fields = Fields(text.path, text.data, mistakes)
    fields.only(_DOCUMENT | {"summary"})
    return Glossary(**_document(fields, render(text)), summary=fields.words("summary"))


def treatment(text: Text, render: Render, mistakes: list[Mistake]) -> Treatment:
    """A medicine, procedure or test."""
    fields = Fields(text.path, text.data, mistakes)
    fields.only(_DOCUMENT | {"family", "brands", "old_brands", "also", "given", "kind", "status", "in_2018", "was"})
    return Treatment(
        **_document(fields, render(text)),
        family=fields.text("family"),
        brands=fields.word_list("brands"),
        old_brands=fields.word_list("old_brands"),
        also=fields.word_list("also"),
        given=fields.words("given"),
        kind=fields.one_of("kind", ("treatment", "supportive", "test"), "treatment"),  # type: ignore[arg-type]
        status=fields.one_of("status", ("current", "older", "not-approved", "withdrawn"), "current"),  # type: ignore[arg-type]
        in_2018=fields.flag("in_2018"),
        was=fields.names("was"),
    )


def was(text: Text) -> tuple[str, ...]:
    """The slugs that a page or treatment had before; what is wrong with them is told where it is read."""
    return Fields(text.path, text.data, []).names("was")


def fact(text: Text) -> Fact:
    """The fact that a question asks for, without its `only_when` (that needs the other facts)."""
    values, kind = text.mapping.get("values"), text.mapping.get("kind")
    return Fact(slug_of(text.path), "many" if kind == "many" else "one", tuple(map(str, values)) if isinstance(values, dict) else ())


def only_when(text: Text, facts: Mapping[str, Fact], audiences: Mapping[str, Condition]) -> Condition | None:
    """When the fact exists. Raises ConditionError."""
    if "only_when" not in text.mapping:
        return None
    return parse_condition(given(text.mapping["only_when"]), facts, audiences)


@dataclass(frozen=True)
class Beside:
    """What a question may name: facts with a lower number, audiences, and lists of names."""

    facts: Mapping[str, Fact]
    audiences: Mapping[str, Condition]
    lists: Mapping[str, PlanNames]


NOTHING_BESIDE = Beside({}, {}, {})
_QUESTION = (
    "kind",
    "title",
    "name",
    "ask",
    "why",
    "values",
    "answers",
    "only_when",
    "plan",
    "now",
    "unless_told",
    "page",
    "offered_when",
    "by_name",
)


def question(text: Text, the_fact: Fact, render: Render, mistakes: list[Mistake], beside: Beside = NOTHING_BESIDE) -> Question:
    """One question of the wizard."""
    check_numbered(text.path, mistakes)
    fields = Fields(text.path, text.data, mistakes)
    fields.only(_QUESTION)
    fields.one_of("kind", ("one", "many"))
    choices = [_choice(fields, "values", id, value, frozenset({id})) for id, value in fields.mapping("values").items()]
    for id, value in fields.mapping("answers").items():
        means = frozenset(Fields(text.path, value, [], f"answers.{id}").names("means")) if isinstance(value, dict) else frozenset()
        if id in the_fact.values:
            fields.wrong(f"answers.{id}", "answer-named-as-value")
        for unknown in sorted(means - set(the_fact.values)):
            fields.wrong(f"answers.{id}.means", "answer-unknown-value", value=unknown, known=", ".join(the_fact.values))
        if not means:
            fields.wrong(f"answers.{id}.means", "answer-means-nothing")
        choices.append(_choice(fields, "answers", id, value, means))
    if len(choices) < 2:
        fields.wrong("values", "too-few-answers")
    _tell_alike(fields, choices)
    if NOT_SURE in {choice.id for choice in choices}:
        fields.wrong("values", "not-sure-by-itself", answer=NOT_SURE)
    return Question(
        path=text.path,
        fact=the_fact,
        title=fields.words("title"),
        name=fields.words("name"),
        ask=fields.words("ask"),
        why=fields.words("why"),
        choices=tuple(choices),
        body=render(text),
        plan=_plan_place(fields, the_fact),
        now=fields.flag("now"),
        unless_told=_unless_told(fields, the_fact),
        page=fields.text("page", needed=False),
        offered=tuple(_offered(fields, choices, beside)),
        by_name=_by_name(fields, choices, beside) if "by_name" in fields.data else None,
    )


def _offered(fields: Fields, choices: list[Choice], beside: Beside) -> Iterator[tuple[Condition, frozenset[str]]]:
    """Conditions without which choices are left out; `*` stands for all but those that exclude the others."""
    together = frozenset(choice.id for choice in choices if not choice.alone)
    known = {"*": together, **{choice.id: frozenset({choice.id}) for choice in choices}}
    for id, when in fields.mapping("offered_when").items():
        if id not in known:
            fields.wrong(f"offered_when.{id}", "no-such-answer", name=repr(id), known=", ".join(known))
            continue
        try:
            yield parse_condition(given(when), beside.facts, beside.audiences), known[id]
        except ConditionError as error:
            fields.wrong(f"offered_when.{id}", error.code, **error.arguments)


def _by_name(fields: Fields, choices: list[Choice], beside: Beside) -> ByName | None:
    """Which choices the name of a treatment stands for: of each choice, the treatments are written down."""
    named = Fields(fields.path, fields.data["by_name"], fields.mistakes, "by_name")
    named.only(("list", "answers"))
    answers = Fields(fields.path, named.mapping("answers"), fields.mistakes, "by_name.answers")
    answers.only(choice.id for choice in choices)
    found: dict[str, tuple[str, ...]] = {}
    for id in answers.data:
        for slug in answers.names(str(id)):
            found[slug] = (*found.get(slug, ()), str(id))
    list_id = named.text("list")
    if list_id not in beside.lists:
        named.wrong("list", "unknown-list", name=repr(list_id), file="names.yaml")
        return None
    return ByName(beside.lists[list_id], found)


def _unless_told(fields: Fields, the_fact: Fact) -> str:
    value = fields.text("unless_told", needed=False)
    return fields.one_of("unless_told", the_fact.values) if value else ""


def _tell_alike(fields: Fields, choices: list[Choice]) -> None:
    """Answers that a reader cannot tell apart: capitals and spaces make no difference."""
    seen: set[str] = set()
    for choice in choices:
        label = " ".join(choice.label.casefold().split())
        if label and label in seen:
            within = "answers" if choice.id in fields.mapping("answers") else "values"
            fields.wrong(f"{within}.{choice.id}.label", "answers-alike", label=choice.label)
        seen.add(label)


def _choice(fields: Fields, within: str, id: str, value: object, means: frozenset[str]) -> Choice:
    inner = Fields(fields.path, value, fields.mistakes, f"{within}.{id}")
    inner.only(("label", "hint", "said", "means", "alone", "named", "if", "heading"))
    return Choice(
        id,
        inner.words("label"),
        inner.words("said"),
        means,
        inner.words("hint", needed=False),
        inner.flag("alone"),
        tuple(filter(None, inner.names("named"))),
        inner.words("if", needed=False),
        inner.words("heading", needed=False),
    )


def _plan_place(fields: Fields, the_fact: Fact) -> PlanPlace | None:
    if not fields.data.get("plan"):
        return None
    place = Fields(fields.path, fields.data["plan"], fields.mistakes, "plan")
    place.only(("field", "rows", "column", "values", "not_sure"))
    rows = the_fact.kind == "many"
    group, dot, field = place.text("rows" if rows else "field").partition(".")
    if not dot:
        place.wrong("rows" if rows else "field", "write-group-field")
    written = {id: str(value) for id, value in place.mapping("values").items()}
    elsewhere = {id: found for id, value in written.items() if not rows and (found := _other_place(value))}
    values = {id: value for id, value in written.items() if id not in elsewhere}
    return PlanPlace(group, field, values, place.text("column") if rows else "", place.text("not_sure", needed=False), elsewhere)


def _other_place(value: str) -> tuple[str, str, str] | None:
    """`group.field=value`: a value of another field."""
    where, equals, other = value.partition("=")
    group, dot, field = where.partition(".")
    return (group, field, other) if equals and dot else None


def sources(text: Text, mistakes: list[Mistake]) -> dict[str, Source]:
    """Every source, by id."""
    whole = Fields(text.path, text.data or {}, mistakes)
    found = {}
    for id, value in whole.data.items():
        fields = Fields(text.path, value, mistakes, str(id))
        fields.only(("title", "publisher", "date", "url", "doi", "note", "checked"))
        url = fields.text("url", needed=False)
        if url and not url.startswith(("https://", "http://")):
            fields.wrong("url", "write-whole-address")
        if not any(fields.data.get(key) for key in ("url", "doi", "note")):
            fields.wrong("url", "source-without-address")
        found[str(id)] = Source(
            str(id),
            fields.text("title"),
            fields.text("publisher"),
            fields.text("date"),
            fields.date("checked"),
            url,
            fields.text("doi", needed=False),
            fields.text("note", needed=False),
        )
    return found


def audiences(text: Text, facts: Mapping[str, Fact], mistakes: list[Mistake]) -> dict[str, Condition]:
    """Named conditions; one may use those above it. One with words has its condition as `when`, beside them."""
    whole = Fields(text.path, text.data or {}, mistakes)
    found: dict[str, Condition] = {}
    for name, entry in whole.data.items():
        when = entry["when"] if _has_words(entry) else entry
        try:
            found[str(name)] = parse_condition(given(when), facts, found)
        except ConditionError as error:
            whole.wrong(str(name), error.code, **error.arguments)
    return found


def _has_words(entry: object) -> bool:
    return isinstance(entry, dict) and "when" in entry


def spoken(text: Text, mistakes: list[Mistake]) -> dict[str, str]:
    """The words of the named conditions that have some."""
    found = {}
    for name, entry in Fields(text.path, text.data or {}, []).data.items():
        if _has_words(entry):
            fields = Fields(text.path, entry, mistakes, str(name))
            fields.only(("when", "if"))
            found[str(name)] = fields.words("if")
    return found


def promised(text: Text, mistakes: list[Mistake]) -> Promised:
    """The ids and addresses that must stay."""
    fields = Fields(text.path, text.data or {}, mistakes)
    fields.only(("treatments", "pages"))
    return Promised(fields.names("treatments"), fields.names("pages"))


def safety(text: Text, facts: Mapping[str, Fact], audiences: Mapping[str, Condition], mistakes: list[Mistake]) -> tuple[SafetyRule, ...]:
    """Every safety rule, in order."""
    whole = Fields(text.path, text.data or {}, mistakes)
    return tuple(_safety_rule(Fields(text.path, value, mistakes, str(id)), str(id), facts, audiences) for id, value in whole.data.items())


_RULE_NEEDS: dict[str, tuple[str, ...]] = {
    "never": ("treatments", "sources"),
    "shown": ("treatments", "sources"),
    "with": ("treatments", "sources", "partners"),
    "warned": ("treatments", "sources"),
    "not-be": (),
}


def _safety_rule(fields: Fields, id: str, facts: Mapping[str, Fact], audiences: Mapping[str, Condition]) -> SafetyRule:
    fields.only(("says", "treatments", "when", "must", "partners", "roles", "sources"))
    when: Condition = EVERYBODY
    try:
        when = parse_condition(given(fields.data["when"]), facts, audiences) if "when" in fields.data else EVERYBODY
    except ConditionError as error:
        fields.wrong("when", error.code, **error.arguments)
    must = fields.one_of("must", tuple(_RULE_NEEDS))
    for needed in _RULE_NEEDS[must]:
        if not fields.names(needed):
            fields.wrong(needed, "name-one")
    roles = fields.names("roles") or ROLES
    if unknown := set(roles) - set(ROLES):
        fields.wrong("roles", "unknown-role", roles=", ".join(sorted(unknown)), known=", ".join(ROLES))
    return SafetyRule(
        id,
        fields.words("says"),
        fields.names("treatments"),
        must,  # type: ignore[arg-type]
        fields.names("sources"),
        when,
        fields.names("partners"),
        tuple(role for role in ROLES if role in roles),
    )


def site(text: Text, mistakes: list[Mistake]) -> Site:
    """The sentences that stand on every page."""
    fields = Fields(text.path, text.data or {}, mistakes)
    fields.only(
        (
            "name",
            "tagline",
            "language",
            "not_reviewed",
            "emergency",
            "disclaimer",
            "parts",
            "asked_together",
            "situations_under",
            "treatment_headings",
            "sourced_under",
            "texts",
            "phones",
            "leads",
        )
    )
    phones = fields.names("phones")
    for odd in (phone for phone in phones if not _PHONE.fullmatch(phone)):
        fields.wrong("phones", "write-phone", phone=repr(odd))
    return Site(
        name=fields.words("name"),
        tagline=fields.words("tagline"),
        language=fields.text("language"),
        not_reviewed=fields.words("not_reviewed"),
        emergency=fields.words("emergency"),
        disclaimer=fields.words("disclaimer"),
        parts=fields.said("parts"),
        asked_together=fields.said("asked_together"),
        situations_under=fields.text("situations_under"),
        sourced_under=fields.text("sourced_under", needed=False),
        treatment_headings=tuple(
            tuple(map(str, item)) if isinstance(item, list) else (str(item),) for item in fields.items("treatment_headings")
        ),
        texts=fields.said("texts"),
        phones=phones,
        leads=_leads(fields),
    )


def _leads(whole: Fields) -> Leads:
    fields = Fields(whole.path, whole.data.get("leads") or {}, whole.mistakes, "leads")
    fields.only(("opening", "places", "elsewhere", "situation"))
    return Leads(
        fields.names("opening"),
        fields.names("places"),
        fields.words("elsewhere", needed=False),
        tuple(tuple(map(str, item)) if isinstance(item, list) else (str(item),) for item in fields.items("situation")),
    )


def paper(text: Text, mistakes: list[Mistake]) -> tuple[PaperBlock, ...]:
    """The boxes of the printed plan, in their order."""
    fields = Fields(text.path, text.data or {}, mistakes)
    fields.only(("blocks",))
    blocks = []
    for number, value in enumerate(fields.items("blocks")):
        block = Fields(text.path, value, mistakes, f"blocks.{number + 1}")
        block.only(("id", "side", "title", "kind", "tables", "newest_first", "timeline"))
        blocks.append(
            PaperBlock(
                id=block.text("id"),
                side=block.number("side", 1),
                title=block.words("title"),
                kind=block.one_of("kind", ("", "head", "urgent"), ""),  # type: ignore[arg-type]
                tables=block.flag("tables"),
                newest_first=block.flag("newest_first"),
                timeline=block.flag("timeline"),
            )
        )
    return tuple(blocks)


def plan_choices(text: Text, mistakes: list[Mistake]) -> dict[str, tuple[PlanChoice, ...]]:
    """Lists of values that plan fields offer, by name."""
    fields = Fields(text.path, text.data or {}, mistakes)
    found = {}
    for name in fields.data:
        choices = Fields(text.path, fields.data[name], mistakes, str(name))
        found[str(name)] = tuple(PlanChoice(str(id), choices.words(id)) for id in choices.data)
    return found


def plan_names(text: Text, mistakes: list[Mistake]) -> dict[str, PlanNames]:
    """Which treatments' names fields of the plan offer, by the name of the list."""
    fields = Fields(text.path, text.data or {}, mistakes)
    found = {}
    for name in fields.data:
        names = Fields(text.path, fields.data[name], mistakes, str(name))
        names.only(("kinds", "without", "short"))
        meaning = Fields(text.path, names.mapping("short"), mistakes, f"{name}.short")
        short = tuple((same_letters(text), str(slug)) for slug in meaning.data for text in meaning.names(slug))
        found[str(name)] = PlanNames(str(name), names.names("kinds"), names.names("without"), short)
    return found


def plan_other_names(text: Text, mistakes: list[Mistake]) -> dict[str, frozenset[str]]:
    """Right names of what is no treatment here, one a line, by the name of the list of names.yaml that they stand beside."""
    fields = Fields(text.path, text.data or {}, mistakes)
    return {str(name): frozenset(fields.text(name).casefold().split()) for name in fields.data}


def plan_group(
    text: Text,
    choices: Mapping[str, tuple[PlanChoice, ...]],
    mistakes: list[Mistake],
    names: Mapping[str, PlanNames] = MappingProxyType({}),
) -> PlanGroup:
    """A page of the plan form. The Markdown below the fields is its introduction, as plain text."""
    check_numbered(text.path, mistakes)
    fields = Fields(text.path, text.data, mistakes)
    fields.only(("key", "title", "fields", "first"))
    columns = _plan_fields(fields, "fields", choices, names)
    intro = text.body.replace("\r\n", "\n").strip()
    if marks := marks_in(intro):
        mistakes.append(mistake(text.path, "marks-in-words", Place(part="text", quote=marks), marks=repr(marks)))
    return PlanGroup(
        text.path,
        fields.text("key"),
        slug_of(text.path),
        fields.words("title"),
        intro,
        columns,
        fields.number("first", 0),
    )


_PLAN_FIELD = (
    "key",
    "label",
    "help",
    "type",
    "max",
    "values",
    "print",
    "priority",
    "fields",
    "max_rows",
    "print_rows",
    "future_ok",
    "show_if",
    "takes",
    "period",
    "row",
    "complete",
    "checks",
    "also",
    "never_cut",
)
_PLAN_TYPES = ("text", "longtext", "date_partial", "choice", "multichoice", "yesno", "integer", "decimal", "phone", "group")


def _plan_fields(
    parent: Fields, key: str, choices: Mapping[str, tuple[PlanChoice, ...]], names: Mapping[str, PlanNames]
) -> tuple[PlanField, ...]:
    found = []
    for number, value in enumerate(parent.items(key)):
        name = value.get("key", number + 1) if isinstance(value, dict) else number + 1
        fields = Fields(parent.path, value, parent.mistakes, ".".join(filter(None, (parent.within, str(name)))))
        fields.only(_PLAN_FIELD)
        type = fields.one_of("type", _PLAN_TYPES, "text")
        listed = fields.text("values", needed=type in ("choice", "multichoice"))
        if type == "yesno":
            listed = "yesno"
        if listed and listed not in choices:
            fields.wrong("values", "unknown-list", name=repr(listed), file="choices.yaml")
        completed = fields.text("complete", needed=False)
        if completed and completed not in names:
            fields.wrong("complete", "unknown-list", name=repr(completed), file="names.yaml")
        shown, _, shown_value = fields.text("show_if", needed=False).partition("=")
        found.append(
            PlanField(
                key=fields.text("key"),
                label=fields.words("label"),
                type=type,  # type: ignore[arg-type]
                help=fields.words("help", needed=False),
                max=fields.number("max", 200),
                choices=choices.get(listed, ()),
                print=fields.text("print", needed=False) or ("none" if not parent.within else "row"),
                priority=fields.number("priority", 2),
                fields=_plan_fields(fields, "fields", choices, names),
                max_rows=fields.number("max_rows", 1),
                print_rows=fields.number("print_rows", 1),
                future_ok=fields.flag("future_ok"),
                show_if=(shown, shown_value) if shown else None,
                takes=fields.one_of("takes", ("", "rest", "questions"), ""),  # type: ignore[arg-type]
                period=fields.one_of("period", ("", "start", "end", "day"), ""),  # type: ignore[arg-type]
                row=fields.words("row", needed=False),
                complete=names.get(completed),
                checks=tuple(_plan_check(fields, number, item) for number, item in enumerate(fields.items("checks"), start=1)),
                also=_plan_also(fields) if "also" in fields.data else None,
                never_cut=fields.flag("never_cut"),
            )
        )
    return tuple(found)


def _plan_also(parent: Fields) -> PlanAlso:
    fields = Fields(parent.path, parent.data["also"], parent.mistakes, f"{parent.within}.also")
    fields.only(("print", "label", "when", "never_cut"))
    column, _, value = fields.text("when").partition("=")
    return PlanAlso(fields.text("print"), fields.words("label"), column, value, fields.flag("never_cut"))


def _plan_check(parent: Fields, number: int, value: object) -> PlanCheck:
    fields = Fields(parent.path, value, parent.mistakes, f"{parent.within}.checks.{number}")
    fields.only(("least", "most", "not_before", "pattern", "says", "when"))
    pattern, (key, _, wanted) = fields.text("pattern", needed=False), fields.text("when", needed=False).partition("=")
    if code := _wrong_with(pattern):
        fields.wrong("pattern", code, ends=_MOST_OPEN_ENDS, eithers=_MOST_EITHERS)
        pattern = ""
    return PlanCheck(
        least=fields.number("least", 0) if "least" in fields.data else None,
        most=fields.number("most", 0) if "most" in fields.data else None,
        not_before=fields.text("not_before", needed=False),
        pattern=pattern,
        says=fields.words("says", needed=bool(pattern)),
        when=(key, wanted) if key else None,
    )


# What makes a pattern look through a text again and again: a repeated group, a reference to one, and much that may be longer or shorter.
_REPEATED = re.compile(r"\)[*+{]|\\[1-9]|\(\?P=")
_OPEN_END = re.compile(r"[*+]|\{\d*,\d*\}")
_EITHER = re.compile(r"(?<!\()\?|\|")
_LONGEST_PATTERN = 200  # letters
_MOST_OPEN_ENDS = 3  # a text of 200 letters has some million ways to be cut into four
_MOST_EITHERS = 6  # each may double the ways


def _wrong_with(pattern: str) -> str:
    """The code of what is wrong with a pattern, which is tried on what readers type: it has to end within a moment. Empty where it is fine."""
    too_slow = _REPEATED.search(pattern) or len(pattern) > _LONGEST_PATTERN
    if too_slow or len(_OPEN_END.findall(pattern)) > _MOST_OPEN_ENDS or len(_EITHER.findall(pattern)) > _MOST_EITHERS:
        return "pattern-too-slow"
    try:
        re.compile(pattern)
    except (re.error, OverflowError, RecursionError):
        return "write-pattern"
    return ""
