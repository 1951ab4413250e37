"""Staff and their tasks."""

from __future__ import annotations

import secrets
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bot.decisions import Risk
from bot.store.keys import KeyStore
from bot.store.records import StaffMember, Task
from bot.store.sealing import MasterKey
from bot.store.tables import contacts, staff, tasks

# Read out on the telephone without mistakes: no 0/O, 1/I/L.
_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"


class Staff:
    """Caseworkers and operators of one transaction."""

    def __init__(self, connection: Connection, keys: KeyStore, master: MasterKey) -> None:
        self._db = connection
        self._keys = keys
        self._master = master

    def invite(self, role: str, agency: str, county: str | None, name: str, expires: datetime, at: datetime) -> str:
        """A one-time code for somebody at `agency`; only its blind index is kept."""
        code = "".join(secrets.choice(_LETTERS) for _ in range(10))
        seal = self._keys.new()
        staff_id = secrets.token_hex(8)
        row = {
            "id": staff_id,
            "role": role,
            "agency": agency,
            "county": county,
            "key_id": seal.key_id,
            "name": seal.close({"name": name}, f"staff/{staff_id}") if name else None,
            "code_index": self._master.blind("code", code),
            "code_expires": expires,
            "on_duty": True,
            "created": at,
        }
        self._db.execute(insert(staff).values(row))
        return code

    def enrol(self, code: str, contact: str, at: datetime) -> StaffMember | None:
        """Ties a chat to the person the code was made for; None when the code is wrong, used or expired."""
        index = self._master.blind("code", code.strip().upper())
        valid = (staff.c.code_index == index) & (staff.c.code_expires > at)
        staff_id = self._db.execute(select(staff.c.id).where(valid)).scalar()
        if staff_id is None:
            return None
        used = {"contact": contact, "code_index": None, "code_expires": None}
        self._db.execute(update(staff).where(staff.c.id == staff_id).values(used))
        return self.get(staff_id)

    def get(self, staff_id: str) -> StaffMember | None:
        """The staff member of this id."""
        return next(self._all(staff.c.id == staff_id), None)

    def by_contact(self, contact: str) -> StaffMember | None:
        """Whose chat this is, if it is a staff member's."""
        return next(self._all(staff.c.contact == contact), None)

    def serving(self, agency: str) -> tuple[StaffMember, ...]:
        """Who is enrolled and on duty at an agency, operators apart, the first enrolled first."""
        return tuple(self._all((staff.c.agency == agency) & self._there & (staff.c.role != "operator")))

    def on_duty_operators(self, county: str | None) -> tuple[StaffMember, ...]:
        """Operators on duty for a county; every operator on duty where it has none of its own, or is unknown."""
        operators = tuple(self._all((staff.c.role == "operator") & self._there))
        return tuple(o for o in operators if county and o.county == county) or operators

    @property
    def _there(self) -> Any:  # noqa: ANN401 – SQLAlchemy's own expression type
        return staff.c.on_duty & staff.c.contact.is_not(None)

    def _all(self, where: Any) -> Any:  # noqa: ANN401 – SQLAlchemy's own expression type
        query = (
            select(staff, contacts.c.language.label("language"))
            .outerjoin(contacts, contacts.c.id == staff.c.contact)
            .where(where)
            .order_by(staff.c.created, staff.c.id)
        )
        return (_member(row) for row in self._db.execute(query))


class TaskList:
    """The operators' tasks of one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._db = connection

    def add(
        self, kind: str, contact: str, case: str | None, county: str | None, risk: Risk, at: datetime, due: datetime, key: str = ""
    ) -> str | None:
        """A new task's id, or None when the same is open already."""
        dedupe = f"{kind}/{contact}/{key}"
        if self._db.execute(select(tasks.c.id).where(tasks.c.dedupe == dedupe)).first():
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
        self._db.execute(insert(tasks).values(row))
        return task_id

    def claim(self, task_id: str, by: str) -> bool:
        """Whether `by` has the task now; False when somebody else has it or it is done."""
        free = (tasks.c.id == task_id) & tasks.c.done.is_(None) & (tasks.c.owner.is_(None) | (tasks.c.owner == by))
        return self._db.execute(update(tasks).where(free).values(owner=by)).rowcount == 1

    def done(self, task_id: str, by: str, at: datetime) -> bool:
        """Whether `by` has finished the task now."""
        mine = (tasks.c.id == task_id) & (tasks.c.owner == by) & tasks.c.done.is_(None)
        return self._db.execute(update(tasks).where(mine).values(done=at, dedupe=None)).rowcount == 1

    def held_by(self, staff_id: str) -> Task | None:
        """The task somebody is on, the newest when there are several."""
        return next(self._open((tasks.c.owner == staff_id)), None)

    def about(self, contact: str) -> Task | None:
        """The task about this conversation that somebody is on."""
        return next(self._open((tasks.c.contact == contact) & tasks.c.owner.is_not(None)), None)

    def waiting(self) -> tuple[Task, ...]:
        """Every open task, the gravest first, then the most overdue."""
        return tuple(sorted(self._open(tasks.c.id.is_not(None)), key=lambda task: (-task.risk, task.due)))

    def _open(self, where: Any) -> Any:  # noqa: ANN401 – SQLAlchemy's own expression type
        query = select(tasks).where(where & tasks.c.done.is_(None)).order_by(tasks.c.created.desc())
        return (_task(row) for row in self._db.execute(query))


def _member(row: Row[Any]) -> StaffMember:
    return StaffMember(row.id, row.role, row.agency, row.county, row.contact, row.language, row.on_duty)


def _task(row: Row[Any]) -> Task:
    return Task(row.id, row.kind, row.contact, row.case_id, row.county, Risk(row.risk), row.created, row.due, row.owner)
