"""Tasks: what the rules cannot do alone and a human has to."""

from __future__ import annotations

import secrets
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
_SAME = select(tasks.c.id).where(tasks.c.dedupe == bindparam("dedupe"))


class TaskList:
    """The operators' tasks of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def add(
        self,
        kind: str,
        contact: str,
        case: str | None,
        county: str | None,
        risk: Risk,
        at: datetime,
        due: datetime,
        key: str = "",
    ) -> str | None:
        """A new task's id, or None when the same (kind, contact and key) is open already."""
        dedupe = f"{kind}/{contact}/{key}"
        if self._tx.db.execute(_SAME, {"dedupe": dedupe}).first():
            return None
        task_id = secrets.token_hex(8)
        row = {
            "id": task_id,
            "kind": kind,
            "contact": contact,
            "case_id": case,
            "county": county,
            "risk": int(risk),
            "created": at,
            "due": due,
            "dedupe": dedupe,
        }
        self._tx.db.execute(insert(tasks).values(row))
        return task_id

    def claim(self, task_id: str, by: str) -> bool:
        """Whether `by` has the task now; False when somebody else has it or it is done."""
        free = (tasks.c.id == task_id) & tasks.c.done.is_(None) & (tasks.c.owner.is_(None) | (tasks.c.owner == by))
        return self._tx.db.execute(update(tasks).where(free).values(owner=by)).rowcount == 1

    def done(self, task_id: str, by: str, at: datetime) -> bool:
        """Whether `by` has finished the task now."""
        mine = (tasks.c.id == task_id) & (tasks.c.owner == by) & tasks.c.done.is_(None)
        return self._tx.db.execute(update(tasks).where(mine).values(done=at, dedupe=None)).rowcount == 1

    def held_by(self, staff_id: str) -> Task | None:
        """The task somebody is on, the newest when there are several."""
        return next(iter(self._read(_HELD, wanted=staff_id)), None)

    def about(self, contact: str) -> Task | None:
        """The task about this conversation that somebody is on."""
        return next(iter(self._read(_ABOUT, wanted=contact)), None)

    def waiting(self) -> tuple[Task, ...]:
        """Every open task, the gravest first, then the most overdue."""
        return self._read(_WAITING)

    def _read(self, query: Select[Any], **values: str) -> tuple[Task, ...]:
        return tuple(_task(row) for row in self._tx.db.execute(query, values))


def _task(row: Row[Any]) -> Task:
    return Task(row.id, row.kind, row.contact, row.case_id, row.county, Risk(row.risk), row.created, row.due, row.owner)
