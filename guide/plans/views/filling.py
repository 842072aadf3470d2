"""The form: all parts, and each of them, saved by its buttons and by itself."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe
from django_htmx.http import reswap, retarget

from guide.content.documents import Guide, PlanField, PlanGroup
from guide.content.names import meant, names
from guide.failing import gives_back
from guide.http import page, personal
from guide.library import at_hand, current
from guide.plans import door as doors
from guide.plans.dates import choices
from guide.plans.differences import told
from guide.plans.door import about, with_plan
from guide.plans.forms import Form
from guide.plans.models import NoSuchPlanError, OpenPlan
from guide.plans.summary import filled
from guide.plans.values import (
    Contents,
    Removed,
    Row,
    Value,
    Verb,
    filled_rows,
    fingerprint,
    fingerprints,
    forget_removed,
    from_form,
    merge,
    moved,
    place_of,
    put_back,
    read_form,
    settle,
    with_removed,
    without_old_removed,
)

# Says to our script that the server itself answered: a hotel's log-in page answers 200 too.
SAVED_HEADER = "Plan-Saved"


@with_plan
@require_safe
def overview(request: HttpRequest, plan: OpenPlan) -> HttpResponse:
    """All groups, and what has something in it; those to begin with come first."""
    groups = [(group, filled(group, plan.contents)) for group in current().plan]
    context = {
        **about(plan),
        "groups": groups,
        "first": sorted((pair for pair in groups if pair[0].first), key=lambda pair: pair[0].first),
        "begun": sum(1 for _, count in groups if count),
        "now": plan.saved,
    }
    return page(request, "plans/overview.html", context)


def unsaved(request: HttpRequest, status: int, slug: str) -> HttpResponse:
    """What could not be saved goes back to whoever typed it, in a form that saves it. Our script keeps its window as it is."""
    if getattr(request, "htmx", None):
        return HttpResponse(status=status)
    this = at_hand().guide.group(slug)
    context = {"area": "plan", "group": this, "status": status, **_carried(this, request.POST)}
    return page(request, "plans/unsaved.html", context, status=status)


@personal
@gives_back(unsaved)
@require_http_methods(["GET", "HEAD", "POST"])
def group(request: HttpRequest, slug: str) -> HttpResponse:
    """One group of the form: drawn, saved by its button, and saved by itself while typing."""
    guide = current()
    try:
        this = guide.group(slug)
    except KeyError:
        return redirect("plans:overview")
    plan = doors.open_plan(request)
    if request.method != "POST":
        return redirect("plans:door") if plan is None else _kept_open(request, plan, _drawn(request, guide, this, plan))
    if plan is None:
        plan, problem = doors.by_code(request, request.POST.get("code", ""))
        if plan is None:
            return _locked(request, this, problem)
    sent = Sent.read(guide, this, request.POST)
    try:
        done = _save(this, plan, sent)
    except NoSuchPlanError:
        return _locked(request, this, doors.WRONG_CODE)
    if getattr(request, "htmx", None):
        return _kept_open(request, plan, _part(guide, this, plan, sent, done))
    return _kept_open(request, plan, redirect(_after(request, guide, this, plan, sent, done)))


# What a form asks for


ORDER = "order"  # the name of every button beside a field; its value is a kind and what it is for
Kind = Literal["add", "remove", "up", "down", "undo", "forget", "settle", "name", "date"]
KINDS: tuple[Kind, ...] = get_args(Kind)
DONE: dict[Kind, str] = {
    "add": "A new row is ready.",
    "remove": "Removed. You can undo this.",
    "up": "Moved up.",
    "down": "Moved down.",
    "undo": "Put back.",
    "forget": "Gone for good.",
    "settle": "Done.",
    "name": "Changed.",
    "date": "Changed.",
}


@dataclass(frozen=True)
class Order:
    """What a button beside a field asks for.

    `number`: of a row, as the form numbers it. `mark`: of a kept text or removed row, and what to do with a kept
    text (`verb`). `input` and `text`: the input whose text means a name or a date, and that name or date.
    """

    kind: Kind
    field: PlanField
    number: int
    mark: str
    verb: Verb
    input: str
    text: str

    @classmethod
    def read(cls, group: PlanGroup, post: QueryDict) -> Order | None:
        """The order in a posted form; None where there is none, or it makes no sense."""
        kind, _, value = post.get(ORDER, "").partition(" ")
        if kind not in KINDS:
            return None
        verb = ""
        if kind == "settle":
            verb, _, value = value.partition("-")
        place, _, text = value.partition("=")
        key, _, rest = place.partition("-")
        field = next((field for field in group.fields if field.key == key), None)
        number = re.match(r"[0-9]{1,4}(?=-|$)", rest)
        sensible = verb in get_args(Verb) if kind == "settle" else number or kind not in ("remove", "up", "down")
        if field is None or not sensible:
            return None
        return cls(kind, field, int(number[0]) if number else 0, rest, cast(Verb, verb), place, text)


@dataclass(frozen=True)
class Sent:
    """A posted form as it was read: values with the order on its own rows done, and what the window started from."""

    values: dict[str, Value]
    numbers: dict[str, list[int]]
    base: dict[str, str]
    order: Order | None
    place: int = 0
    """The place of the order's row among the filled rows, before the order."""
    removed: Row | None = None

    @classmethod
    def read(cls, guide: Guide, group: PlanGroup, post: QueryDict) -> Sent:
        """Rows are removed and moved as the window showed them; what another window did is weighed when they merge."""
        order = Order.read(group, post)
        if order and order.kind in ("name", "date"):
            post = _with_meant(guide, order, post)
        shown = frozenset(post)
        values, rows = read_form(group, post.getlist, shown)
        numbers = {key: [number for number, row in numbered if row] for key, numbered in rows.items()}
        place, removed = 0, None
        if order and order.kind in ("remove", "up", "down") and order.number in numbers.get(order.field.key, ()):
            place = numbers[order.field.key].index(order.number)
            present = filled_rows(rows[order.field.key])
            if order.kind == "remove":
                removed = present.pop(place)
            else:
                present = moved(present, place, -1 if order.kind == "up" else 1)
            values[order.field.key] = present[: order.field.max_rows]
        return cls(values, numbers, _base(post), order, place, removed)


def _with_meant(guide: Guide, order: Order, post: QueryDict) -> QueryDict:
    """The form with a name or a date in the place of what may mean it, if the text (which may be newer) still does."""
    column = order.input.rpartition("-")[2]
    field = next((one for one in (order.field, *order.field.fields) if one.key == column), order.field)
    typed = post.get(order.input, "")
    if order.kind == "date":
        text = dict(choices(typed)).get(order.text) if field.type == "date_partial" else None
    else:
        found = meant(typed, names(guide, field.complete)) if field.complete else None
        text = found.text if found and found.name == order.text else None
    if text is None:
        return post
    changed = post.copy()
    changed[order.input] = text
    return changed


def _base(post: QueryDict) -> dict[str, str]:
    try:
        base = json.loads(post.get("base", "{}"))
    except (ValueError, RecursionError):
        return {}
    return {str(key): str(value) for key, value in base.items()} if isinstance(base, dict) else {}


# Saving


@dataclass
class Done:
    """What a save did: the fields that another window changed too, and the place of the row that its order was for."""

    clashes: list[PlanField]
    place: int


def _save(this: PlanGroup, plan: OpenPlan, sent: Sent) -> Done:
    """Bring the posted form into the plan, then do what its order asks of what is stored."""
    now = timezone.now()
    done = Done([], sent.place)

    def change(contents: Contents) -> Contents:
        merged, done.clashes = merge(contents, this, sent.values, sent.base)
        if sent.order and sent.order.kind == "undo":
            done.place = next((one.at for one in contents.removed if one.mark == sent.order.mark), 0)
        return without_old_removed(_ordered(merged, this, sent, now.isoformat()), now)

    plan.save(change)
    return done


def _ordered(contents: Contents, this: PlanGroup, sent: Sent, now: str) -> Contents:
    """What an order does to the contents, once the form is in them."""
    order = sent.order
    if order is None:
        return contents
    match order.kind:
        case "remove" if sent.removed:
            return with_removed(contents, Removed(place_of(this, order.field), sent.place, sent.removed, now))
        case "undo":
            return put_back(contents, this, order.field, order.mark)
        case "forget":
            return forget_removed(contents, order.mark)
        case "settle":
            return settle(contents, this, order.field, order.mark, order.verb)
    return contents


# What comes back


def _focus(this: PlanGroup, plan: OpenPlan, sent: Sent, order: Order, place: int) -> str:
    """The id of what an order leads to: the row or notice that is now where its own was. `place`: of its row, before."""
    value = plan.contents.get(this.key, order.field.key)
    last = len(value) - 1 if isinstance(value, list) else 0
    key = order.field.key
    match order.kind:
        case "add":
            return f"{key}-{min(last + 1, order.field.max_rows - 1)}"
        case "remove" if sent.removed:
            return f"{key}-removed"
        case "undo" if last >= 0:
            return f"{key}-{min(place, last)}"
        case "up":
            return f"{key}-{place - 1}-up" if place > 1 else f"{key}-0-down"
        case "down":
            return f"{key}-{place + 1}-down" if place + 1 < last else f"{key}-{last}-up"
        case "name" | "date":
            return f"{order.input}-id"
    return key


def _after(request: HttpRequest, guide: Guide, this: PlanGroup, plan: OpenPlan, sent: Sent, done: Done) -> str:
    """Where a saved form leads."""
    here = reverse("plans:group", args=[this.slug])
    if order := sent.order:
        adding = f"?add={order.field.key}" if order.kind == "add" else ""
        return f"{here}{adding}#{_focus(this, plan, sent, order, done.place)}"
    if "next" in request.POST:
        place = guide.plan.index(this)
        return reverse("plans:group", args=[guide.plan[place + 1].slug]) if place + 1 < len(guide.plan) else reverse("plans:overview")
    return f"{here}?saved=1"


def _drawn(request: HttpRequest, guide: Guide, this: PlanGroup, plan: OpenPlan) -> HttpResponse:
    """The whole page of a group."""
    place = guide.plan.index(this)
    form = Form(guide, this, plan.contents, timezone.now().date())
    wanted = {field.complete for one in this.fields for field in (one, *one.fields) if field.complete}
    context = {
        **about(plan),
        "group": this,
        "base": json.dumps(fingerprints(this, plan.contents)),
        "saved": "saved" in request.GET,
        "now": plan.saved,
        "entries": form.entries(request.GET.get("add", "")),
        "lists": [(one.id, names(guide, one).offered) for one in wanted],
        "before": guide.plan[place - 1] if place else None,
        "after": guide.plan[place + 1] if place + 1 < len(guide.plan) else None,
    }
    return page(request, "plans/group.html", context)


def _part(guide: Guide, this: PlanGroup, plan: OpenPlan, sent: Sent, done: Done) -> HttpResponse:
    """What a window gets that saved by itself: the line about saving, advice, and the field that its button was for."""
    form = Form(guide, this, plan.contents, timezone.now().date())
    order = sent.order
    redrawn = order.field.key if order else ""
    stored = fingerprints(this, plan.contents)
    # What the window shows: what it sent; only a redrawn field shows what is stored. A newer text of another window
    # that it has not seen must not count as seen, or the next save would put the old text over it.
    shown = {key: stored[key] if key == redrawn else fingerprint(value) for key, value in sent.values.items()}
    context: dict[str, Any] = {
        "group": this,
        "base": json.dumps(shown),
        "now": plan.saved,
        "saved": True,
        "done": DONE[order.kind] if order else "",
        "newer": [field for field in this.fields if shown[field.key] != stored[field.key]],
        "clashed": [form.entry(field) for field in done.clashes if field.key != redrawn],
        "advised": [one for one in form.advised(sent.values, sent.numbers) if one.name.partition("-")[0] != redrawn],
    }
    if order:
        context |= {"entry": form.entry(order.field, adding=order.kind == "add"), "focus": _focus(this, plan, sent, order, done.place)}
    # Without the request: a part needs nothing that every page has, and saving is to be quick.
    response = HttpResponse(render_to_string(f"plans/group.html#{'redrawn' if order else 'autosaved'}", context))
    response[SAVED_HEADER] = "yes"
    return reswap(retarget(response, f"#{order.field.key}"), "outerHTML") if order else response


def _locked(request: HttpRequest, this: PlanGroup, problem: str) -> HttpResponse:
    """The plan is closed, gone, or under another code, but something was typed: it travels along until a code is given."""
    if getattr(request, "htmx", None):
        response: HttpResponse = page(request, "plans/locked.html", {"group": this, "base": request.POST.get("base", "{}")}, part="saved")
        response[SAVED_HEADER] = "no"
        return response
    asked = "code" in request.POST
    context = {"area": "plan", "group": this, "error": problem if asked else "", **_carried(this, request.POST)}
    return page(request, "plans/locked.html", context, status=422)


def _carried(this: PlanGroup, post: QueryDict) -> dict[str, Any]:
    """A posted form, to be sent once more (`carried`) and to be read (`typed`). Only what this part of the plan asks for."""
    labels = {field.key: field.label for field in this.fields}
    fields = [(name, text) for name in post if name.partition("-")[0] in labels for text in post.getlist(name)]
    rest = [(name, text) for name in ("base", ORDER, "next") for text in post.getlist(name)]
    try:
        typed = _typed(this, post)
    except Exception:  # noqa: BLE001  # this may be what could not be saved
        typed = [(labels[name.partition("-")[0]], text) for name, text in fields if text]
    return {"carried": [*fields, *rest], "typed": typed}


def _typed(this: PlanGroup, post: QueryDict) -> list[tuple[str, str]]:
    """What was typed into a form, to be read and copied: label and words of each field."""
    values = from_form(this, post.getlist, frozenset(post))
    return [(field.label, told(field, values[field.key])) for field in this.fields if values[field.key]]


def _kept_open(request: HttpRequest, plan: OpenPlan, response: HttpResponse) -> HttpResponse:
    doors.keep_open(request, response, plan)
    return response
