"""`codes.yaml`: code tables and templates of resources, read into shapes and checked against the plan.

content/README.md describes the language. Every mistake is told with its field and its remedy, so that a
file that loads can be filled from any plan.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from guide.content.documents import PlanField, PlanGroup, Treatment
from guide.content.fields import Fields
from guide.content.mistakes import Argument, Mistake
from guide.content.shapes import (
    ANYTHING,
    Between,
    Coded,
    Codes,
    Coding,
    Codings,
    Date,
    Each,
    Entry,
    First,
    Joined,
    Listed,
    Made,
    Mapped,
    Named,
    Number,
    Opted,
    Pick,
    Place,
    Plain,
    Ref,
    Refs,
    Shape,
    Template,
    Text,
    Wanted,
)
from guide.content.text import Text as Document
from guide.content.yamltext import UNREAD

_SECTIONS = ("verified_in", "systems", "options", "tables", "names", "answers_only", "bundle", "resources")
_EVERYTHING = ("day", "moment", "uuid", "answers", "narrative")
BY_NAME = "name"  # beside the tables, in `by`
Table = Mapping[str, tuple[Coding, ...]]


def read(text: Document, plan: Iterable[PlanGroup], treatments: Mapping[str, Treatment], mistakes: list[Mistake]) -> Codes:
    """Read the file. Harmless shapes stand where a mistake was found."""
    if text.data is UNREAD:  # whatever else could be said of it would follow from that
        return Codes(Mapped(()), (), Named(), {})
    fields = Fields(text.path, text.data or {}, mistakes)
    fields.only(_SECTIONS)
    reader = _Codings(fields)
    tables = {name: _table(fields, reader, name, rows) for name, rows in fields.mapping("tables").items()}
    named = _named(fields, reader, treatments)
    options = fields.said("options")
    shapes = _Shapes(fields, {(group.key, field.key): field for group in plan for field in group.fields}, tables, options)
    templates = tuple(shapes.template(id, value) for id, value in fields.mapping("resources").items())
    bundle = shapes.mapped(fields.data.get("bundle"), "bundle", ())
    shapes.check_all_used(fields.names("answers_only"))
    return Codes(bundle, templates, named, options)


class _Codings:
    """Reads codes with their system and where they were verified."""

    def __init__(self, fields: Fields) -> None:
        self.fields = fields
        self.systems = {name: str(address) for name, address in fields.mapping("systems").items()}
        self.verified_in = fields.mapping("verified_in")

    def coding(self, at: str, value: object) -> Coding:
        inner = Fields(self.fields.path, value, self.fields.mistakes, at)
        inner.only(("system", "code", "display", "verified", "names"))
        system = inner.text("system")
        if system and system not in self.systems:
            inner.wrong("system", "unknown-system", name=repr(system), known=", ".join(self.systems))
        verified = inner.names("verified")
        if not verified:
            inner.wrong("verified", "code-not-verified")
        for source in verified:
            if source.partition(":")[0] not in self.verified_in:
                inner.wrong("verified", "verified-where", source=repr(source), known=", ".join(self.verified_in))
        return Coding(self.systems.get(system, ""), inner.text("code"), inner.text("display", needed=False), verified)


def _table(fields: Fields, reader: _Codings, name: str, rows: object) -> Table:
    at = f"tables.{name}"
    inner = Fields(fields.path, rows, fields.mistakes, at)
    return {str(value): tuple(reader.coding(f"{at}.{value}", item) for item in inner.items(value)) for value in inner.data}


def _named(fields: Fields, reader: _Codings, treatments: Mapping[str, Treatment]) -> Named:
    inner = Fields(fields.path, fields.data.get("names") or {}, fields.mistakes, "names")
    inner.only(("words", "system", "codes"))
    codes: dict[str, Coding] = {}
    sure: dict[str, set[str]] = {}
    all_names: set[str] = set()
    for treatment in treatments.values():
        all_names |= {name.casefold() for name in (treatment.title, *treatment.brands, *treatment.old_brands, *treatment.also)}
        for name in (treatment.title, *treatment.brands, *treatment.old_brands):
            sure.setdefault(name.casefold(), set()).add(treatment.slug)
    for id, value in inner.mapping("codes").items():
        one = Fields(fields.path, value, fields.mistakes, f"names.codes.{id}")
        codes[id] = reader.coding(one.within, {"system": inner.text("system"), **one.data})
        if id not in treatments and not one.names("names"):
            one.wrong("names", "code-without-treatment", name=repr(id))
        for name in one.names("names"):
            sure.setdefault(name.casefold(), set()).add(id)
    # A name that several treatments go by, in any list of names, says nothing certain; nor does a name of a class.
    shared = [name for name in all_names if sum(name in _names(treatment) for treatment in treatments.values()) > 1]
    names = {name: frozenset(sure.get(name, ())) for name in all_names | set(sure)}
    names |= dict.fromkeys(shared, frozenset())
    longest_first = sorted(names, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)") if names else re.compile(r"(?!)")
    return Named(codes, names, frozenset(word.casefold() for word in inner.names("words")), pattern)


def _names(treatment: Treatment) -> set[str]:
    return {name.casefold() for name in (treatment.title, *treatment.brands, *treatment.old_brands, *treatment.also)}


class _Shapes:
    """Reads templates. `inside`: the fields whose rows or values a shape is repeated for."""

    def __init__(self, fields: Fields, plan: Mapping[tuple[str, str], PlanField], tables: Mapping[str, Table], options: Mapping[str, str]):
        self.fields, self.plan, self.tables, self.options = fields, plan, tables, options
        self.templates: list[str] = []
        self.used_fields: set[tuple[str, str]] = set()
        self.used_values: set[tuple[str, str]] = set()
        self.used_options: set[str] = set()

    def template(self, id: str, value: object) -> Template:
        """A template. It may refer to those above it only, so that none waits for itself."""
        at = f"resources.{id}"
        fields = Fields(self.fields.path, value, self.fields.mistakes, at)
        fields.only(("for", "when", "unless", "without", "if_named", "make"))
        places, inside = self._places(fields.data.get("for"), f"{at}.for", ()) if "for" in fields.data else ((), ())
        without = fields.text("without", needed=False)
        if without:
            self._known_template(without, f"{at}.without")
        template = Template(
            id,
            self.mapped(fields.data.get("make"), f"{at}.make", inside),
            places,
            self._wanted(fields.data.get("when"), f"{at}.when", inside),
            self._wanted(fields.data.get("unless"), f"{at}.unless", inside),
            without,
            fields.flag("if_named"),
        )
        if "resourceType" not in {entry.key for entry in template.body.entries}:
            fields.wrong("make", "no-resource-type")
        self.templates.append(id)
        return template

    def check_all_used(self, answers_only: tuple[str, ...]) -> None:
        """No field of the plan that prints is forgotten, and nothing stands in the file that nobody uses."""
        listed = set()
        for name in answers_only:
            group, _, field = name.partition(".")
            listed.add((group, field))
            if (group, field) not in self.plan:
                self.fields.wrong("answers_only", "plan-has-no", name=str(name))
            elif (group, field) in self.used_fields:
                self.fields.wrong("answers_only", "template-uses-it", name=str(name))
        to_use = {place for place, field in self.plan.items() if field.print != "none"}
        for group, field in sorted(to_use - listed - self.used_fields):
            self.fields.wrong("resources", "no-template-uses", field=f"{group}.{field}")
        in_tables = {(name, value) for name, table in self.tables.items() for value in table}
        for name, value in sorted(in_tables - self.used_values):
            self.fields.wrong(f"tables.{name}.{value}", "code-not-used")
        for option in sorted(set(self.options) - self.used_options):
            self.fields.wrong(f"options.{option}", "option-not-used")

    def mapped(self, value: object, at: str, inside: tuple[PlanField, ...]) -> Mapped:
        """A mapping; a key that ends with ? is optional."""
        if not isinstance(value, dict) or any(str(key).startswith("$") for key in value):
            self._wrong(at, "write-mapping")
            return Mapped(())
        return Mapped(
            tuple(
                Entry(str(key).removesuffix("?"), self.shape(item, f"{at}.{key}", inside), str(key).endswith("?"))
                for key, item in value.items()
            )
        )

    def shape(self, value: object, at: str, inside: tuple[PlanField, ...]) -> Shape:
        """Whatever may stand in a template."""
        if isinstance(value, list):
            return Listed(tuple(self.shape(item, f"{at}.{number + 1}", inside) for number, item in enumerate(value)))
        if isinstance(value, (str, int, float)):
            return Plain(value)
        if not isinstance(value, dict):
            self._wrong(at, "write-plain-value")
            return Plain("")
        called = [str(key) for key in value if str(key).startswith("$")]
        if not called:
            return self.mapped(value, at, inside)
        name = called[0]
        if name not in _FUNCTIONS:
            self._wrong(at, "unknown-function", name=name, known=", ".join(_FUNCTIONS))
            return Plain("")
        method, beside = _FUNCTIONS[name]
        for key in value:
            if key != name and key not in beside:
                self._wrong(at, "does-not-go-with", key=str(key), name=name, known=", ".join(beside) or "nothing")
        return method(self, {str(key): item for key, item in value.items()}, name, at, inside)

    # Each function of the language: (the mapping, its name, where it stands, the rows around it) -> shape

    def _text(self, value: dict[str, Any], name: str, at: str, inside: tuple[PlanField, ...]) -> Shape:
        place, fields = self._place(value[name], at, inside)
        if name == "$text" and not place.in_row and any(field.type == "group" for field in fields):
            self._wrong(at, "rows-have-no-text")
        return Text(place, label=name == "$said")

    def _coded(self, value: dict[str, Any], name: str, at: str, inside: tuple[PlanField, ...]) -> Shape:
        place, fields = self._place(value[name], at, inside)
        by = str(value.get("by", ""))
        if by == BY_NAME:
            return Coded(place, None)
        if by not in self.tables:
            self._wrong(at, "unknown-table", name=repr(by), known=", ".join((*self.tables, BY_NAME)))
            return Plain("")
        offered = {choice.id for field in fields for choice in field.choices}
        if not offered & set(self.tables[by]):
            self._wrong(at, "table-without-values", field=str(value[name]), table=by)
        self.used_values |= {(by, id) for id in offered}
        return Coded(place, self.tables[by])

    def _codings(self, value: dict[str, Any], name: str, at: str, inside: tuple[PlanField, ...]) -> Shape:
        table, _, id = str(value[name]).partition(".")
        codings = self.tables.get(table, {}).get(id, ())
        if not codings:
            self._wrong(at, "unknown-code", name=str(value[name]))
        self.used_values.add((table, id))
        return Codings(codings)

    def _date(self, value: dict[str, Any], name: str, at: str, inside: tuple[PlanField, ...]) -> Shape:
        return Date(self._dated(value[name], at, inside), span=name == "$span")

    def _period(self, value: dict[str, Any], name: str, at: str, inside: tuple[PlanField, ...]) -> Shape:
        ends = value[name]
        if not isinstance(ends, list) or len(ends) != 2:
            self._wrong(at, "write-two-places")
            return Plain("")
        return Between(self._dated(ends[0], at, inside), self._dated(ends[1], at, inside))

    def _dated(self, value: object, at: str, inside: tuple[PlanField, ...]) -> Place:
        place, fields = self._place(value, at, inside)
        if any(field.type != "date_partial" for field in fields):
            self._wrong(at, "not-a-date", name=str(value))
        return place

    def _number(self, value: dict[str, Any], name: str, at: str, inside: tuple[PlanField, ...]) -> Shape:
        times = self.shape(value["times"], f"{at}.times", inside) if "times" in value else None
        return Number(self._place(value[name], at, inside)[0], times, whole=name == "$whole")

    def _ref(self, value: dict[str, Any], name: str, at: str, inside: tuple[PlanField, ...]) -> Shape:
        self._known_template(str(value[name]), at)
        return Ref(str(value[name]))

    def _refs(self, value: dict[str, Any], name: str, at: str, inside: tuple[PlanField, ...]) -> Shape:
        wanted = value[name]
        templates = () if wanted == ANYTHING else tuple(map(str, wanted if isinstance(wanted, list) else [wanted]))
        for template in templates:
            self._known_template(template, at)
        return Refs(templates, str(value.get("as", "")))

    def _each(self, value: dict[str, Any], name: str, at: str, inside: tuple[PlanField, ...]) -> Shape:
        places, fields = self._places(value[name], at, inside)
        return Each(places, self.shape(value.get("of"), f"{at}.of", fields))

    def _pick(self, value: dict[str, Any], name: str, at: str, inside: tuple[PlanField, ...]) -> Shape:
        place, fields = self._place(value[name], at, inside)
        cases = value.get("from")
        if not isinstance(cases, dict):
            self._wrong(at, "write-cases")
            cases = {}
        self._check_offered(map(str, cases), fields, at)
        by_value = {str(id): self.shape(item, f"{at}.{id}", inside) for id, item in cases.items()}
        return Pick(place, by_value, self.shape(value["else"], f"{at}.else", inside) if "else" in value else None)

    def _all(self, value: dict[str, Any], name: str, at: str, inside: tuple[PlanField, ...]) -> Shape:
        return Listed(self._several(value[name], at, inside), whole=True)

    def _first(self, value: dict[str, Any], name: str, at: str, inside: tuple[PlanField, ...]) -> Shape:
        return First(self._several(value[name], at, inside))

    def _join(self, value: dict[str, Any], name: str, at: str, inside: tuple[PlanField, ...]) -> Shape:
        return Joined(self._several(value[name], at, inside), str(value.get("with", "; ")))

    def _several(self, value: object, at: str, inside: tuple[PlanField, ...]) -> tuple[Shape, ...]:
        shape = self.shape(value, at, inside)
        if not isinstance(shape, Listed):
            self._wrong(at, "write-list")
            return ()
        return shape.items

    def _opted(self, value: dict[str, Any], name: str, at: str, inside: tuple[PlanField, ...]) -> Shape:
        option = str(value[name])
        if option not in self.options:
            self._wrong(at, "unknown-code-option", name=repr(option), known=", ".join(self.options))
        self.used_options.add(option)
        return Opted(option, self.shape(value.get("then"), f"{at}.then", inside))

    def _made(self, value: dict[str, Any], name: str, at: str, inside: tuple[PlanField, ...]) -> Shape:
        if value[name] not in _EVERYTHING:
            self._wrong(at, "write-one-of", known=", ".join(_EVERYTHING))
        return Made(value[name])

    # Places and conditions

    def _places(self, value: object, at: str, inside: tuple[PlanField, ...]) -> tuple[tuple[Place, ...], tuple[PlanField, ...]]:
        """What something is repeated for: one group of rows or list of ticks, or several simple fields."""
        found = [self._place(item, at, inside) for item in (value if isinstance(value, list) else [value])]
        fields = tuple(field for _, known in found for field in known)
        if len(fields) > 1 and any(field.type in ("group", "multichoice") for field in fields):
            self._wrong(at, "rows-or-fields")
        return tuple(place for place, _ in found), fields

    def _place(self, value: object, at: str, inside: tuple[PlanField, ...]) -> tuple[Place, tuple[PlanField, ...]]:
        """A place with the fields that may stand there. `group.field`; inside rows `.column`, and `.` for the row itself."""
        name = str(value)
        group, _, rest = name.partition(".")
        if group:
            field = self.plan.get((group, rest))
            if field is None:
                self._wrong(at, "plan-has-no-place", name=name)
                return Place(), ()
            self.used_fields.add((group, rest))
            return Place(group, rest), (field,)
        if not inside:
            self._wrong(at, "no-row-here", name=name)
            return Place(), ()
        if not rest:
            return Place(in_row=True), inside
        columns = tuple(column for field in inside for column in field.fields if column.key == rest)
        if not columns:
            known = [column.key for field in inside for column in field.fields]
            self._wrong(at, "rows-have-no", name=repr(rest), known=", ".join(known) or "no columns")
        return Place(column=rest, in_row=True), columns

    def _wanted(self, value: object, at: str, inside: tuple[PlanField, ...]) -> Wanted:
        """A condition: `place: value`, `place: [values]` or `place: "*"`; all must hold. A list of such: any of them."""
        alternatives = value if isinstance(value, list) else [value] if value is not None else []
        found = []
        for alternative in alternatives:
            if not isinstance(alternative, dict):
                self._wrong(at, "write-place-value")
                continue
            parts = []
            for name, values in alternative.items():
                place, fields = self._place(name, at, inside)
                wanted = frozenset(map(str, values if isinstance(values, list) else [values]))
                self._check_offered(wanted - {ANYTHING}, fields, at)
                parts.append((place, wanted))
            found.append(tuple(parts))
        return tuple(found)

    def _check_offered(self, ids: Iterable[str], fields: tuple[PlanField, ...], at: str) -> None:
        offered = {choice.id for field in fields for choice in field.choices}
        for id in ids:
            if fields and id not in offered:
                self._wrong(at, "field-does-not-offer", value=repr(id), known=", ".join(sorted(offered)) or "no choices")

    def _known_template(self, id: str, at: str) -> None:
        if id not in self.templates:
            self._wrong(at, "unknown-resource", name=repr(id), known=", ".join(self.templates))

    def _wrong(self, at: str, code: str, /, **arguments: Argument) -> None:
        self.fields.wrong(at, code, **arguments)


_Function = Callable[[_Shapes, dict[str, Any], str, str, tuple[PlanField, ...]], Shape]
_FUNCTIONS: dict[str, tuple[_Function, tuple[str, ...]]] = {
    "$text": (_Shapes._text, ()),
    "$said": (_Shapes._text, ()),
    "$coded": (_Shapes._coded, ("by",)),
    "$codes": (_Shapes._codings, ()),
    "$date": (_Shapes._date, ()),
    "$span": (_Shapes._date, ()),
    "$period": (_Shapes._period, ()),
    "$number": (_Shapes._number, ("times",)),
    "$whole": (_Shapes._number, ()),
    "$ref": (_Shapes._ref, ()),
    "$refs": (_Shapes._refs, ("as",)),
    "$each": (_Shapes._each, ("of",)),
    "$pick": (_Shapes._pick, ("from", "else")),
    "$all": (_Shapes._all, ()),
    "$first": (_Shapes._first, ()),
    "$join": (_Shapes._join, ("with",)),
    "$option": (_Shapes._opted, ("then",)),
    "$export": (_Shapes._made, ()),
}
