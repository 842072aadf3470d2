"""The wizard's answers, put where they belong in a new plan. Pure: content says where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from guide.content.documents import Guide, PlanField, PlanGroup, Question
from guide.content.parse import NOT_SURE
from guide.plans.values import Contents, Row, Value


def prefill(guide: Guide, said: Mapping[str, Sequence[str]], to_ask: Sequence[str]) -> Contents:
    """A plan that holds every answer, and the questions that are still open."""
    contents = Contents()
    rest: list[str] = []
    for question in guide.questions:
        ticked = said.get(question.id, ())
        if ticked:
            contents = _place(contents, guide, question, ticked, rest)
    contents = _fill(contents, _taking(guide, "rest"), "; ".join(rest))
    for group, field, column in _taking_rows(guide, "questions"):
        rows: list[Row] = [{column.key: text} for text in to_ask[: field.max_rows]]
        contents = contents.with_value(group.key, field.key, rows)
    return contents


def _place(contents: Contents, guide: Guide, question: Question, ticked: Sequence[str], rest: list[str]) -> Contents:
    place = question.plan
    if NOT_SURE in ticked:
        if place and place.not_sure:
            return contents.with_value(place.group, place.field, place.not_sure)
        return contents
    elsewhere = place.elsewhere if place else {}
    for id in (id for id in ticked if id in elsewhere):
        contents = contents.with_value(*elsewhere[id])
    placed = [id for id in ticked if place and id in place.values]
    rest += [question.choice(id).said for id in ticked if id not in placed and id not in elsewhere]
    if not place or not placed:
        return contents
    if not place.column:
        return contents.with_value(place.group, place.field, place.values[placed[0]])
    rows: list[Row] = [{place.column: value} for value in dict.fromkeys(place.values[id] for id in placed)]
    before = contents.get(place.group, place.field)
    return contents.with_value(place.group, place.field, [*before, *rows] if isinstance(before, list) else rows)


def _fill(contents: Contents, places: list[tuple[PlanGroup, PlanField]], text: Value) -> Contents:
    for group, field in places:
        contents = contents.with_value(group.key, field.key, text)
    return contents


def _taking(guide: Guide, what: str) -> list[tuple[PlanGroup, PlanField]]:
    return [(group, field) for group in guide.plan for field in group.fields if field.takes == what]


def _taking_rows(guide: Guide, what: str) -> list[tuple[PlanGroup, PlanField, PlanField]]:
    return [(group, field, column) for group in guide.plan for field in group.fields for column in field.fields if column.takes == what]
