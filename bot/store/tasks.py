"""Tasks: what the rules cannot do alone and a human has to."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, insert, select, update

from bot.decisions import Risk
from bot.store.records import Task
from bot.store.tables import OPEN_TASKS, tasks
from bot.store.transaction import Transaction

_OPEN = select(tasks).where(OPEN_TASKS)
_WAITING = _OPEN.order_by(tasks.c.risk.desc(), tasks.c.due, tasks.c.id)
_HELD = _OPEN.where(tasks.c.owner == bindparam("wanted")).order_by(tasks.c.created.desc())
_ABOUT = _OPEN.where(tasks.c.contact == bindparam("wanted"), tasks.c.owner.is_not(None)).order_by(
    tasks.c.created.desc()
)
_WAKE = (
    _OPEN.where(tasks.c.wake <= bindparam("now"))
    .order_by(tasks.c.risk.desc(), tasks.c.wake)
    .limit(1)
    .with_for_update(skip_locked=True)
)
_GET = _OPEN.where(tasks.c.id == bindparam("wanted"))
_FREE = _WAITING.where(tasks.c.owner.is_(None))
_SAME = select(tasks.c.id).where(tasks.c.dedupe == bindparam("dedupe"))


class TaskList:
    """The operators' tasks of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def add(self, task: Task, key: str = "") -> bool:
        """A new task; False when the same (kind, contact and key) is open already. The clock looks at it when it is due."""
        dedupe = f"{task.kind}/{task.contact}/{key}"
        if self._tx.db.execute(_SAME, {"dedupe": dedupe}).first():
            return False
        row = {
            "id": task.id,
            "kind": task.kind,
            "contact": task.contact,
            "case_id": task.case,
            "other": task.other,
            "county": task.county,
            "risk": int(task.risk),
            "created": task.created,
            "due": task.due,
            "wake": task.due,
            "dedupe": dedupe,
        }
        self._tx.db.execute(insert(tasks).values(row))
        return True

    def claim(self, task_id: str, by: str, wake: datetime) -> bool:
        """Whether `by` has the task now; False when somebody else has it or it is done. At `wake` they are asked about it."""
        free = (tasks.c.id == task_id) & tasks.c.done.is_(None) & (tasks.c.owner.is_(None) | (tasks.c.owner == by))
        return self._tx.db.execute(update(tasks).where(free).values(owner=by, wake=wake, rung=0)).rowcount == 1

    def release(self, by: str, at: datetime, task_id: str | None = None) -> int:
        """What `by` held is anybody's again, all of it or one task, and the clock looks at it now. How many there were."""
        held = (tasks.c.owner == by) & tasks.c.done.is_(None)
        held = held & (tasks.c.id == task_id) if task_id else held
        return self._tx.db.execute(update(tasks).where(held).values(owner=None, wake=at, rung=0)).rowcount

    def wakes(self, now: datetime) -> Task | None:
        """The gravest task for which somebody is to be asked again."""
        return next(iter(self._read(_WAKE, now=now)), None)

    def rang(self, task: Task, wake: datetime) -> None:
        """It was asked about; the clock looks again at `wake`."""
        self._tx.db.execute(update(tasks).where(tasks.c.id == task.id).values(rung=task.rung + 1, wake=wake))

    def get(self, task_id: str) -> Task | None:
        """An open task."""
        return next(iter(self._read(_GET, wanted=task_id)), None)

    def drop(self, task_id: str, at: datetime) -> None:
        """It is over without anybody's doing: whom it was about is gone."""
        self._tx.db.execute(update(tasks).where(tasks.c.id == task_id).values(done=at, dedupe=None))

    def free(self) -> tuple[Task, ...]:
        """What nobody has taken, the gravest first."""
        return self._read(_FREE)

    def done(self, task_id: str, by: str, at: datetime) -> bool:
        """Whether `by` has finished the task now."""
        mine = (tasks.c.id == task_id) & (tasks.c.owner == by) & tasks.c.done.is_(None)
        return self._tx.db.execute(update(tasks).where(mine).values(done=at, dedupe=None)).rowcount == 1

    def held_by(self, staff_id: str) -> Task | None:
        """The task somebody is on, the newest when there are several."""
        return next(iter(self.all_held_by(staff_id)), None)

    def all_held_by(self, staff_id: str) -> tuple[Task, ...]:
        """Every task somebody is on, the newest first."""
        return self._read(_HELD, wanted=staff_id)

    def about(self, contact: str) -> Task | None:
        """The task about this conversation that somebody is on."""
        return next(iter(self._read(_ABOUT, wanted=contact)), None)

    def waiting(self) -> tuple[Task, ...]:
        """Every open task, the gravest first, then the most overdue."""
        return self._read(_WAITING)

    def _read(self, query: Select[Any], **values: str | datetime) -> tuple[Task, ...]:
        return tuple(_task(row) for row in self._tx.db.execute(query, values))


def _task(row: Row[Any]) -> Task:
    return Task(
        row.id,
        row.kind,
        row.contact,
        row.case_id,
        row.county,
        Risk(row.risk),
        row.created,
        row.due,
        row.owner,
        row.rung,
        row.other,
    )
