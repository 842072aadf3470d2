"""Plans: sealed rows that only their code can find and open."""

from __future__ import annotations

import datetime
import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import DatabaseError, models
from django.utils import timezone

from guide.editing.models import Edition
from guide.plans import sealing
from guide.plans.values import Contents
from guide.storage import erasing, writing

logger = logging.getLogger(__name__)

KEPT_FOR = datetime.timedelta(days=730)  # unopened; printed on the plan
# Of the texts that saves replace, one in so many minutes is kept to go back to, and so many in all.
EARLIER_EVERY = datetime.timedelta(minutes=10)
MOST_EARLIER = 50


class NoSuchPlanError(Exception):
    """Wrong, expired or deleted: the one answer to all three."""


@dataclass(frozen=True)
class State:
    """What a plan's bytes hold: the contents, when they were saved, and when last an earlier text was kept.

    The times are sealed too: nobody else can tell when a person wrote. Plans of the first edition held none (None).
    """

    contents: Contents
    saved: datetime.datetime | None
    kept: datetime.datetime | None

    def seal(self, data_key: bytes, place: str) -> bytes:
        """As bytes for a row."""
        data = {**self.contents.to_json(), "saved_at": _written(self.saved), "kept_at": _written(self.kept)}
        return sealing.seal(data_key, json.dumps(data, ensure_ascii=False, separators=(",", ":")).encode(), place)

    @classmethod
    def unseal(cls, data_key: bytes, sealed: bytes, place: str) -> State:
        """From the bytes of a row. Raises sealing.CannotOpenError."""
        data: dict[str, Any] = json.loads(sealing.unseal(data_key, sealed, place))
        saved, kept = (_read(data.pop(name, None)) for name in ("saved_at", "kept_at"))
        return cls(Contents.from_json(data), saved, kept)


class PlanManager(models.Manager["Plan"]):
    """Plans, by their code."""

    def start(self, contents: Contents) -> OpenPlan:
        """A new plan under a new code."""
        code, data_key, now = sealing.new_code(), sealing.new_data_key(), timezone.now()
        address = sealing.keys(code).address
        state = State(contents, now, now)
        plan = self.model(
            address=address,
            wrapped_key=_wrapped(code, data_key),
            sealed=state.seal(data_key, _place(address, 1)),
            version=1,
            # A clock that starts in the past must not make a plan that has expired as soon as the clock is right.
            opened=max(now.date(), Edition.objects.day()),
        )
        with writing():
            plan.save(force_insert=True)
        return OpenPlan(code, plan, data_key, state)

    def open(self, code: str) -> OpenPlan:
        """The plan of a code (as `sealing.read_code` gives it). Raises NoSuchPlanError."""
        keys = sealing.keys(code)
        plan = self.unexpired().filter(address=keys.address).first()
        if plan is None:
            raise NoSuchPlanError
        try:
            data_key = sealing.unseal(keys.wrapping, bytes(plan.wrapped_key), f"key of {keys.address}")
            state = plan.unseal(data_key)
        except sealing.CannotOpenError as error:
            # The code is right, the row is damaged: the operator has to know, the reader cannot help it.
            logger.error("The sealed plan in row %s is damaged: restore it from a backup.", plan.pk)
            raise NoSuchPlanError from error
        self._note_day(plan)
        return OpenPlan(code, plan, data_key, state)

    def unexpired(self) -> models.QuerySet[Plan]:
        """Those that were opened in the last two years."""
        return self.filter(opened__gte=timezone.now().date() - KEPT_FOR)

    def _note_day(self, plan: Plan) -> None:
        """That it was opened today: from then on it is kept. Of a day that cannot be written the operator hears; the plan opens all the same.

        The day only moves forward: a clock that is wrong for an hour must not make a plan older than it is.
        """
        today = timezone.now().date()
        if plan.opened >= today:
            return
        try:
            with writing():
                self.filter(pk=plan.pk, opened__lt=today).update(opened=today)
        except (DatabaseError, OSError) as error:  # the latter: the lock, or the disk, of SQLite
            # Its name alone: what a database says may hold what was written.
            logger.error("The day on which a plan was opened could not be written: %s.", type(error).__name__)
        else:
            plan.opened = today

    def old(self, today: datetime.date) -> models.QuerySet[Plan]:
        """Those that were not opened for so long."""
        return self.filter(opened__lt=today - KEPT_FOR)

    def forget_old(self, today: datetime.date) -> int:
        """Delete these; how many."""
        with erasing():
            old = self.old(today)
            count = old.count()
            old.delete()
        return count


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

    def unseal(self, data_key: bytes) -> State:
        """What the row holds. Raises sealing.CannotOpenError."""
        return State.unseal(data_key, bytes(self.sealed), _place(self.address, self.version))


class EarlierText(models.Model):
    """A text that a save replaced: the plan's sealed bytes as they were, to go back to."""

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="earlier")
    version = models.PositiveIntegerField()
    sealed = models.BinaryField()

    class Meta:
        ordering = ("-version",)
        constraints = (models.UniqueConstraint(fields=("plan", "version"), name="one_earlier_text_a_version"),)

    def __str__(self) -> str:
        return "A sealed earlier text"


@dataclass
class OpenPlan:
    """A plan with the code that opened it."""

    code: str
    row: Plan
    data_key: bytes
    state: State

    @property
    def contents(self) -> Contents:
        """What stands in it."""
        return self.state.contents

    @property
    def saved(self) -> datetime.datetime | None:
        """When it was last changed; None where that is not known."""
        return self.state.saved

    @property
    def expires(self) -> datetime.date:
        """The day on which it is forgotten unless it is opened before."""
        return self.row.opened + KEPT_FOR

    def save(self, change: Callable[[Contents], Contents], *, keep: bool = False) -> None:
        """Apply a change to the newest contents and store them, as one step.

        The change may be called again: where another window saved in between, it is applied to what
        that window left. `keep`: keep the replaced text in any case. Raises NoSuchPlanError where the
        plan was deleted, or got another code, meanwhile.
        """
        while True:
            contents = change(self.contents)
            if contents == self.contents:
                return
            if self._replace(contents, keep=keep):
                return
            self._read_again()

    def earlier(self) -> list[tuple[int, State]]:
        """The texts that can be restored, by version, newest first."""
        place = self.row.address
        return [
            (text.version, State.unseal(self.data_key, bytes(text.sealed), _place(place, text.version))) for text in self.row.earlier.all()
        ]

    def restore(self, version: int) -> None:
        """Make an earlier text the plan's text; the present one is kept. Raises NoSuchPlanError if there is no such text."""
        text = self.row.earlier.filter(version=version).first()
        if text is None:
            raise NoSuchPlanError
        state = State.unseal(self.data_key, bytes(text.sealed), _place(self.row.address, version))
        self.save(lambda _: state.contents, keep=True)

    def change_code(self, code: str) -> None:
        """Move the plan under a new code and a new data key. The old code, and every view code, open nothing from now on.

        `code`: from `sealing.new_code`; its owner has to have it before this is called. Whoever has the old code
        and an old copy of the table can read that copy, and nothing newer. Raises NoSuchPlanError where the plan is gone.
        """
        while not self._moved(code):
            self._read_again()

    def delete(self) -> None:
        """Delete now, for good: earlier texts and view codes too."""
        with erasing():
            self.row.delete()

    def _replace(self, contents: Contents, *, keep: bool) -> bool:
        """Store the next version; false where somebody else was quicker."""
        now, version = timezone.now(), self.row.version + 1
        keep = keep or self.state.kept is None or now - self.state.kept >= EARLIER_EVERY
        state = State(contents, now, now if keep else self.state.kept)
        sealed = state.seal(self.data_key, _place(self.row.address, version))
        with writing():
            saved = Plan.objects.filter(pk=self.row.pk, version=version - 1).update(sealed=sealed, version=version)
            if saved and keep:
                self._keep_earlier()
        if saved:
            self.row.version, self.row.sealed, self.state = version, sealed, state
        return bool(saved)

    def _keep_earlier(self) -> None:
        EarlierText.objects.create(plan=self.row, version=self.row.version, sealed=self.row.sealed)
        too_old = self.row.earlier.values_list("version", flat=True)[MOST_EARLIER:].first()
        if too_old:
            self.row.earlier.filter(version__lte=too_old).delete()

    def _moved(self, code: str) -> bool:
        """Seal everything anew; false where somebody else saved in between."""
        data_key = sealing.new_data_key()
        old, address, version = self.row.version, sealing.keys(code).address, self.row.version + 1
        sealed, wrapped_key = self.state.seal(data_key, _place(address, version)), _wrapped(code, data_key)
        with erasing():
            moved = Plan.objects.filter(pk=self.row.pk, version=old).update(
                address=address, wrapped_key=wrapped_key, sealed=sealed, version=version
            )
            if not moved:
                return False
            for number, state in self.earlier():
                self.row.earlier.filter(version=number).update(sealed=state.seal(data_key, _place(address, number)))
            self.row.view_codes.all().delete()
        self.code, self.data_key = code, data_key
        self.row.address, self.row.wrapped_key, self.row.sealed, self.row.version = address, wrapped_key, sealed, version
        return True

    def _read_again(self) -> None:
        row = Plan.objects.filter(pk=self.row.pk).first()
        if row is None:
            raise NoSuchPlanError
        try:
            self.row, self.state = row, row.unseal(self.data_key)
        except sealing.CannotOpenError as error:
            # It has another code by now, and with it another key.
            raise NoSuchPlanError from error


def _wrapped(code: str, data_key: bytes) -> bytes:
    keys = sealing.keys(code)
    return sealing.seal(keys.wrapping, data_key, f"key of {keys.address}")


def _place(address: str, version: int) -> str:
    return f"plan {address} version {version}"


def _written(time: datetime.datetime | None) -> str | None:
    return time.isoformat() if time else None


def _read(time: str | None) -> datetime.datetime | None:
    return datetime.datetime.fromisoformat(time) if time else None
