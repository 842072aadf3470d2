"""Plans: sealed rows that only their code can find and open."""

from __future__ import annotations

import datetime
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass

from django.db import models
from django.utils import timezone

from guide.plans import sealing
from guide.plans.values import Contents
from guide.storage import writing

logger = logging.getLogger(__name__)

KEPT_FOR = datetime.timedelta(days=730)  # unopened; printed on the plan


class NoSuchPlanError(Exception):
    """Wrong, expired or deleted: the one answer to all three."""


class PlanManager(models.Manager["Plan"]):
    """Plans, by their code."""

    def start(self, contents: Contents) -> OpenPlan:
        """A new plan under a new code."""
        code = sealing.new_code()
        keys, data_key = sealing.keys(code), sealing.new_data_key()
        plan = self.model(
            address=keys.address,
            wrapped_key=sealing.seal(keys.wrapping, data_key, f"key of {keys.address}"),
            sealed=_seal(data_key, contents, keys.address, 1),
            version=1,
            opened=timezone.now().date(),
        )
        with writing():
            plan.save(force_insert=True)
        return OpenPlan(code, plan, data_key, contents)

    def open(self, code: str) -> OpenPlan:
        """The plan of a code (as `sealing.read_code` gives it). Raises NoSuchPlanError."""
        keys = sealing.keys(code)
        today = timezone.now().date()
        plan = self.filter(address=keys.address, opened__gte=today - KEPT_FOR).first()
        if plan is None:
            raise NoSuchPlanError
        try:
            data_key = sealing.unseal(keys.wrapping, bytes(plan.wrapped_key), f"key of {keys.address}")
            contents = plan.unseal(data_key)
        except sealing.CannotOpenError as error:
            # The code is right, the row is damaged: the operator has to know, the reader cannot help it.
            logger.error("The sealed plan in row %s is damaged: restore it from a backup.", plan.pk)
            raise NoSuchPlanError from error
        if plan.opened != today:
            with writing():
                self.filter(pk=plan.pk).update(opened=today)
        return OpenPlan(code, plan, data_key, contents)

    def forget_old(self) -> int:
        """Delete plans that were not opened for so long; how many."""
        with writing():
            deleted, _ = self.filter(opened__lt=timezone.now().date() - KEPT_FOR).delete()
        return deleted


class Plan(models.Model):
    """A sealed plan. Nothing in the row can be read without the code."""

    address = models.CharField(max_length=64, unique=True)
    wrapped_key = models.BinaryField()
    sealed = models.BinaryField()
    version = models.PositiveIntegerField()
    # To the day only: enough to forget old plans, too little to follow anyone.
    opened = models.DateField(db_index=True)

    objects = PlanManager()

    def __str__(self) -> str:
        return "A sealed plan"

    def unseal(self, data_key: bytes) -> Contents:
        """What the row holds. Raises sealing.CannotOpenError."""
        clear = sealing.unseal(data_key, bytes(self.sealed), _place(self.address, self.version))
        return Contents.from_json(json.loads(clear))


@dataclass
class OpenPlan:
    """A plan with the code that opened it."""

    code: str
    row: Plan
    data_key: bytes
    contents: Contents

    @property
    def expires(self) -> datetime.date:
        """The day on which it is forgotten unless it is opened before."""
        return timezone.now().date() + KEPT_FOR

    def save(self, change: Callable[[Contents], Contents]) -> None:
        """Apply a change to the newest contents and store them, as one step.

        The change may be called again: where another window saved in between, it is applied to what
        that window left. Raises NoSuchPlanError where the plan was deleted meanwhile.
        """
        while True:
            contents = change(self.contents)
            if contents == self.contents:
                return
            version = self.row.version + 1
            sealed = _seal(self.data_key, contents, self.row.address, version)
            with writing():
                saved = Plan.objects.filter(pk=self.row.pk, version=version - 1).update(sealed=sealed, version=version)
            if saved:
                self.row.version, self.contents = version, contents
                return
            self._read_again()

    def delete(self) -> None:
        """Delete now, for good."""
        with writing():
            self.row.delete()

    def _read_again(self) -> None:
        row = Plan.objects.filter(pk=self.row.pk).first()
        if row is None:
            raise NoSuchPlanError
        self.row, self.contents = row, row.unseal(self.data_key)


def _place(address: str, version: int) -> str:
    return f"plan {address} version {version}"


def _seal(data_key: bytes, contents: Contents, address: str, version: int) -> bytes:
    clear = json.dumps(contents.to_json(), ensure_ascii=False, separators=(",", ":")).encode()
    return sealing.seal(data_key, clear, _place(address, version))
