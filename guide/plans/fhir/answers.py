"""Every answer as it was typed, and the plan as text: what makes sure that an export loses nothing of what it is given."""

from __future__ import annotations

import html
import re
from typing import Any, TypeAlias

from guide.content.documents import Guide, PlanField
from guide.plans.dates import understood
from guide.plans.takeaway import lines_of, sections
from guide.plans.values import Contents, place_of

Json: TypeAlias = Any
"""What JSON can hold; None: no value."""

_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def answers(guide: Guide, contents: Contents) -> Json:
    """Every answer as an item of a QuestionnaireResponse, by group; rows as items with items. None where there is none.

    Texts that two windows left to settle come last, named as such.
    """
    found = []
    for group in guide.plan:
        items = [item for one in group.fields for item in _items(place_of(group, one), one, contents.get(group.key, one.key))]
        if items:
            found.append({"linkId": group.key, "text": group.title, "item": items})
    for group in guide.plan:
        for one in group.fields:
            for value in contents.kept.get(place_of(group, one), []):
                text = {"valueString": "\n".join(lines_of(one, value))}
                found.append({"linkId": f"kept.{place_of(group, one)}", "text": f"Also typed, not settled: {one.label}", "answer": [text]})
    return found or None


def _items(name: str, one: PlanField, value: Json) -> list[Json]:
    if not value:
        return []
    about = {"linkId": name, "text": one.label}
    values = value if isinstance(value, list) else [value]
    if one.type != "group":
        given = [_answer(one, item) for item in values if isinstance(item, str)]
        return [{**about, "answer": given}] if given else []
    rows = []
    for row in values:
        if not isinstance(row, dict):
            continue
        cells = [item for column in one.fields for item in _items(f"{name}.{column.key}", column, row.get(column.key, ""))]
        if cells:
            rows.append({**about, "item": cells})
    return rows


def _answer(one: PlanField, value: str) -> Json:
    label = next((choice.label for choice in one.choices if choice.id == value), "")
    if label:
        return {"valueCoding": {"code": value, "display": label}}
    if one.type == "date_partial" and (date := understood(value)) and date.fhir == value:
        return {"valueDate": value}
    return {"valueString": value}


def narrative(guide: Guide, contents: Contents) -> str:
    """The whole plan as XHTML, for programs that show a resource to people."""
    parts = []
    for title, fields in sections(guide, contents):
        parts.append(f"<h2>{_xml(title)}</h2>")
        parts += [f"<p>{_xml(label)}: {_xml(line)}</p>" for label, lines in fields for line in lines]
    return f'<div xmlns="http://www.w3.org/1999/xhtml">{"".join(parts) or "<p>Nothing is filled in yet.</p>"}</div>'


def _xml(text: str) -> str:
    return html.escape(_NOT_XML.sub("", text)).replace("\n", "<br/>")
