"""View codes: the care team reads a plan, for a while, without its code.

A view code is made like a plan's code, and wraps the same data key; the server shows the plan to its
holder and takes nothing from them. It can be withdrawn at once, since every view of the plan asks for
it anew. The owner sees when it was used; who used it, nobody knows.
"""

from __future__ import annotations

import datetime
import json
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils import timezone

from guide.plans import sealing
from guide.plans.models import KEPT_FOR, NoSuchPlanError, OpenPlan, Plan, State
from guide.storage import erasing, writing

MOST = 10  # view codes of one plan
_MOST_OPENINGS = 200


@dataclass(frozen=True)
class Shared:
    """A plan as a view code shows it. `expires`: the view code; `kept_until`: the plan."""

    code: str
    state: State
    expires: datetime.datetime
    kept_until: datetime.date


@dataclass(frozen=True)
class Given:
    """A view code as its owner sees it: the code, until when it opens, and when it was opened."""

    id: int
    code: str
    expires: datetime.datetime
    opened: tuple[datetime.datetime, ...]

    @property
    def expired(self) -> bool:
        """Whether its time is over."""
        return self.expires <= timezone.now()


class ViewCodeManager(models.Manager["ViewCode"]):
    """View codes, by themselves or by their plan."""

    def give(self, plan: OpenPlan, lasts: datetime.timedelta) -> Given:
        """A new view code for a plan. Raises TooManyError."""
        code = sealing.new_code()
        keys = sealing.keys(code, "view")
        row = self.model(
            plan=plan.row,
            address=keys.address,
            wrapped_key=sealing.seal(keys.wrapping, plan.data_key, f"view key of {keys.address}"),
            sealed=_seal(plan.data_key, keys.address, code, []),
            expires=timezone.now() + lasts,
        )
        with writing():
            if self.filter(plan=plan.row).count() >= MOST:
                raise TooManyError
            row.save(force_insert=True)
        return Given(row.pk, code, row.expires, ())

    def given(self, plan: OpenPlan) -> list[Given]:
        """The view codes of a plan, newest first."""
        found = []
        for row in self.filter(plan=plan.row).order_by("-pk"):
            data = _unseal(plan.data_key, row)
            opened = tuple(datetime.datetime.fromisoformat(text) for text in data["opened"])
            found.append(Given(row.pk, data["code"], row.expires, opened))
        return found

    def withdraw(self, plan: OpenPlan, id: int) -> None:
        """From now on it opens nothing."""
        with erasing():
            self.filter(plan=plan.row, pk=id).delete()

    def open(self, code: str, *, count: bool) -> Shared:
        """What a view code (as `sealing.read_code` gives it) shows. `count` tells the owner. Raises NoSuchPlanError."""
        keys, now = sealing.keys(code, "view"), timezone.now()
        row = self.filter(address=keys.address, expires__gt=now, plan__in=Plan.objects.unexpired()).select_related("plan").first()
        if row is None:
            raise NoSuchPlanError
        try:
            data_key = sealing.unseal(keys.wrapping, bytes(row.wrapped_key), f"view key of {keys.address}")
            state = row.plan.unseal(data_key)
        except sealing.CannotOpenError as error:
            raise NoSuchPlanError from error
        if count:
            self._count(row.pk, data_key, now)
        return Shared(code, state, row.expires, row.plan.opened + KEPT_FOR)

    def old(self) -> models.QuerySet[ViewCode]:
        """Those whose time is over since a month."""
        return self.filter(expires__lt=timezone.now() - datetime.timedelta(days=30))

    def forget_old(self) -> int:
        """Delete these; how many."""
        with erasing():
            deleted, _ = self.old().delete()
        return deleted

    def _count(self, pk: int, data_key: bytes, now: datetime.datetime) -> None:
        with writing():
            row = self.select_for_update().filter(pk=pk).first()
            if row is None:
                raise NoSuchPlanError
            data = _unseal(data_key, row)
            opened = [*data["opened"], now.isoformat(timespec="minutes")][-_MOST_OPENINGS:]
            row.sealed = _seal(data_key, row.address, data["code"], opened)
            row.save(update_fields=["sealed"])


class TooManyError(Exception):
    """This plan has as many view codes as it may have."""


class ViewCode(models.Model):
    """A sealed view code. From the row alone nobody can tell the code, or read the plan."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="view_codes")
    address = models.CharField(max_length=64, unique=True)
    wrapped_key = models.BinaryField()
    sealed = models.BinaryField()
    expires = models.DateTimeField(db_index=True)

    objects = ViewCodeManager()

    def __str__(self) -> str:
        return "A sealed view code"


def _place(address: str) -> str:
    return f"view code {address}"


def _seal(data_key: bytes, address: str, code: str, opened: list[str]) -> bytes:
    return sealing.seal(data_key, json.dumps({"code": code, "opened": opened}).encode(), _place(address))


def _unseal(data_key: bytes, row: ViewCode) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(sealing.unseal(data_key, bytes(row.sealed), _place(row.address)))
    return data
