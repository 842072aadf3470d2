"""A plan as a bundle of FHIR resources, as `codes.yaml` says. Pure.

This fills shapes; which resource, code or profile there is, the content alone knows. What is not certain
stays out of the resources: a value that no table has makes none. Every answer that prints goes along as it
was typed (`answers`), so nothing of it is lost; what never prints goes nowhere.
"""

from __future__ import annotations

import datetime
import re
import uuid
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from guide.content.documents import Guide, PlanField
from guide.content.shapes import (
    ANYTHING,
    Between,
    Coded,
    Codes,
    Coding,
    Codings,
    Date,
    Each,
    First,
    Joined,
    Listed,
    Made,
    Mapped,
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
from guide.plans.dates import goes_on, understood
from guide.plans.fhir.answers import Json, answers, narrative
from guide.plans.summary import in_words
from guide.plans.takeaway import row_in_full
from guide.plans.values import Contents, Row, printed

_TO_THE_DAY = 10  # letters
_NUMBER = re.compile(r"\d{1,9}(?:[.,]\d{1,9})?", re.ASCII)


@dataclass(frozen=True)
class Export:
    """What an export starts from. `new_uuid` is asked for every name that has to be new; `options` are those chosen."""

    guide: Guide
    contents: Contents
    now: datetime.datetime
    new_uuid: Callable[[], uuid.UUID] = uuid.uuid4
    options: frozenset[str] = frozenset()


def bundle(export: Export, codes: Codes) -> dict[str, Any]:
    """The bundle, ready to be written as JSON. `export.now` has to carry its time zone.

    Whoever gets it, it holds no more than the paper could: what never prints is taken out before anything is made.
    """
    filler = _Filler(replace(export, contents=printed(export.guide.plan, export.contents)), codes)
    for template in codes.templates:
        filler.make(template)
    whole: dict[str, Any] = filler.fill(codes.bundle, _NOWHERE) or {}
    return {**whole, "entry": [{"fullUrl": made.address, "resource": made.resource} for made in filler.kept()]}


@dataclass(frozen=True)
class _Spot:
    """Where we are: a row, a ticked value or a field's value, with the field it belongs to."""

    key: tuple[str, str, int] | None = None
    field: PlanField | None = None
    value: str | list[str] | Row = ""


_NOWHERE = _Spot()


@dataclass(frozen=True)
class _Made:
    template: Template
    spot: _Spot
    address: str
    resource: dict[str, Any]


@dataclass
class _Filler:
    export: Export
    codes: Codes
    made: list[_Made] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.fields = {(group.key, one.key): one for group in self.export.guide.plan for one in group.fields}

    # Resources

    def make(self, template: Template) -> None:
        """Make the resources of a template: one, or one for each row."""
        for spot in self._spots(template.places, _NOWHERE) if template.places else [_NOWHERE]:
            if not self._wanted(template, spot):
                continue
            resource = self.fill(template.body, spot)
            if resource is not None:
                self.made.append(_Made(template, spot, f"urn:uuid:{self.export.new_uuid()}", resource))

    def _wanted(self, template: Template, spot: _Spot) -> bool:
        if template.unless and self._holds(template.unless, spot):
            return False
        if template.without and any(made.template.id == template.without for made in self.made):
            return False
        return template.if_named or not template.when or self._holds(template.when, spot)

    def kept(self) -> list[_Made]:
        """Without those that are only made where another refers to them, and that none refers to."""
        named = set(_references([made.resource for made in self.made]))
        return [
            made for made in self.made if not made.template.if_named or made.address in named or self._holds(made.template.when, made.spot)
        ]

    # Places

    def _spots(self, places: tuple[Place, ...], around: _Spot) -> Iterator[_Spot]:
        for place in places:
            one, value = self._at(place, around)
            if one is None or not value:
                continue
            if isinstance(value, list):
                group, name = (place.group, place.field) if not place.in_row else ("", place.column)
                for number, item in enumerate(value):
                    yield _Spot((group, name, number), one, item)
            else:
                yield _Spot((place.group, place.field, 0), one, value)

    def _at(self, place: Place, spot: _Spot) -> tuple[PlanField | None, Any]:
        """A place's field and its value; no field where this spot has no such place."""
        if not place.in_row:
            return self.fields[place.group, place.field], self.export.contents.get(place.group, place.field)
        if not place.column:
            return spot.field, spot.value
        column = next((one for one in spot.field.fields if one.key == place.column), None) if spot.field else None
        return column, spot.value.get(place.column, "") if isinstance(spot.value, dict) else ""

    def _words(self, place: Place, spot: _Spot) -> str:
        one, value = self._at(place, spot)
        if one is None or not value:
            return ""
        if isinstance(value, dict):
            return row_in_full(one, value)
        return in_words(one, value)

    def _text_at(self, place: Place, spot: _Spot) -> str:
        value = self._at(place, spot)[1]
        return value if isinstance(value, str) else ""

    def _holds(self, wanted: Wanted, spot: _Spot) -> bool:
        return any(all(self._is(place, values, spot) for place, values in alternative) for alternative in wanted)

    def _is(self, place: Place, wanted: frozenset[str], spot: _Spot) -> bool:
        value = self._at(place, spot)[1]
        if ANYTHING in wanted:
            return bool(value)
        held = value if isinstance(value, list) else [value]
        return any(isinstance(item, str) and item in wanted for item in held)

    # Shapes

    def fill(self, shape: Shape, spot: _Spot) -> Json:
        """What a shape becomes; None where it has no value."""
        return _FILLERS[type(shape)](self, shape, spot)

    def _plain(self, shape: Plain, spot: _Spot) -> Json:
        return None if shape.value == "" else shape.value

    def _mapped(self, shape: Mapped, spot: _Spot) -> Json:
        found: dict[str, Json] = {}
        for entry in shape.entries:
            value = self.fill(entry.shape, spot)
            if value is None:
                if entry.optional:
                    continue
                return None
            # An element that may be a moment or a period is named after what it is.
            found[entry.key.replace("[x]", "Period" if isinstance(value, dict) else "DateTime")] = value
        return found or None

    def _listed(self, shape: Listed, spot: _Spot) -> Json:
        found: list[Json] = []
        for item in shape.items:
            value = self.fill(item, spot)
            if value is not None:
                found += value if isinstance(value, list) else [value]
            elif shape.whole:
                return None
        return found or None

    def _text(self, shape: Text, spot: _Spot) -> Json:
        words = self._words(shape.place, spot)
        one = self._at(shape.place, spot)[0]
        return (f"{one.label}: {words}" if shape.label and one else words) if words else None

    def _coded(self, shape: Coded, spot: _Spot) -> Json:
        value = self._text_at(shape.place, spot)
        if not value:
            return None
        codings = self.codes.named.codings(value) if shape.table is None else shape.table.get(value)
        if codings is None:
            return None
        text = {"text": self._words(shape.place, spot)}
        return {"coding": _codings(codings), **text} if codings else text

    def _codings(self, shape: Codings, spot: _Spot) -> Json:
        return _codings(shape.codings)

    def _date(self, shape: Date, spot: _Spot) -> Json:
        date = _fhir_date(self._text_at(shape.place, spot))
        return {"start": date, "end": date} if date and shape.span and len(date) < _TO_THE_DAY else date

    def _between(self, shape: Between, spot: _Spot) -> Json:
        ended = self._text_at(shape.end, spot)
        start, end = _fhir_date(self._text_at(shape.start, spot)), None if goes_on(ended) else _fhir_date(ended)
        if start and end:
            shorter = min(len(start), len(end))
            if end[:shorter] < start[:shorter]:
                return None
        return {name: date for name, date in (("start", start), ("end", end)) if date} or None

    def _number(self, shape: Number, spot: _Spot) -> Json:
        text = self._text_at(shape.place, spot)
        if not _NUMBER.fullmatch(text):
            return None
        number = Decimal(text.replace(",", "."))
        if shape.times is not None:
            times = self.fill(shape.times, spot)
            if times is None:
                return None
            number *= Decimal(str(times))
        if number == number.to_integral_value():
            return int(number)
        return None if shape.whole else float(number)

    def _ref(self, shape: Ref, spot: _Spot) -> Json:
        of_it = [made for made in self.made if made.template.id == shape.template]
        if spot.key and any(place.group == spot.key[0] and place.field == spot.key[1] for made in of_it for place in made.template.places):
            of_it = [made for made in of_it if made.spot.key == spot.key]
        return _reference(of_it[0]) if of_it else None

    def _refs(self, shape: Refs, spot: _Spot) -> Json:
        found = [_reference(made) for made in self.kept() if not shape.templates or made.template.id in shape.templates]
        return [{shape.key: reference} for reference in found] if shape.key else found or None

    def _each(self, shape: Each, spot: _Spot) -> Json:
        found = [self.fill(shape.shape, inner) for inner in self._spots(shape.places, spot)]
        return [value for value in found if value is not None] or None

    def _pick(self, shape: Pick, spot: _Spot) -> Json:
        value = self._at(shape.place, spot)[1]
        chosen = shape.by_value.get(value, shape.other) if isinstance(value, str) else shape.other
        return self.fill(chosen, spot) if chosen is not None else None

    def _first(self, shape: First, spot: _Spot) -> Json:
        return next((value for one in shape.shapes if (value := self.fill(one, spot)) is not None), None)

    def _joined(self, shape: Joined, spot: _Spot) -> Json:
        texts = [value for one in shape.shapes if (value := self.fill(one, spot)) is not None]
        return shape.between.join(map(str, texts)) or None

    def _opted(self, shape: Opted, spot: _Spot) -> Json:
        return self.fill(shape.shape, spot) if shape.option in self.export.options else None

    def _from_export(self, shape: Made, spot: _Spot) -> Json:
        if shape.what == "answers":
            return answers(self.export.guide, self.export.contents)
        if shape.what == "narrative":
            return narrative(self.export.guide, self.export.contents)
        if shape.what == "uuid":
            return f"urn:uuid:{self.export.new_uuid()}"
        return self.export.now.date().isoformat() if shape.what == "day" else self.export.now.isoformat(timespec="seconds")


_FILLERS: Mapping[type, Callable[[_Filler, Any, _Spot], Json]] = {
    Plain: _Filler._plain,
    Mapped: _Filler._mapped,
    Listed: _Filler._listed,
    Text: _Filler._text,
    Coded: _Filler._coded,
    Codings: _Filler._codings,
    Date: _Filler._date,
    Between: _Filler._between,
    Number: _Filler._number,
    Ref: _Filler._ref,
    Refs: _Filler._refs,
    Each: _Filler._each,
    Pick: _Filler._pick,
    First: _Filler._first,
    Joined: _Filler._joined,
    Opted: _Filler._opted,
    Made: _Filler._from_export,
}


def _fhir_date(text: str) -> str | None:
    """A date to the day, the month or the year that it surely is in; None for what says none."""
    date = understood(text)
    return date.fhir or None if date else None


def _codings(codings: tuple[Coding, ...]) -> list[Json]:
    return [{"system": coding.system, "code": coding.code, **({"display": coding.display} if coding.display else {})} for coding in codings]


def _reference(made: _Made) -> Json:
    return {"reference": made.address, "type": made.resource["resourceType"]}


def _references(value: Json) -> Iterator[str]:
    """Every address that a resource refers to."""
    if isinstance(value, list):
        for item in value:
            yield from _references(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "reference" and isinstance(item, str):
                yield item
            else:
                yield from _references(item)
