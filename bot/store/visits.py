"""Follow-up visits and calls of a part: dates in clear, plan and finding sealed with the case's key."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from bot.referrals.visits import Visit
from bot.store.sealing import Seal
from bot.store.tables import visits
from bot.store.transaction import Transaction

_OF_PART = select(visits).where(visits.c.part == bindparam("wanted")).order_by(visits.c.due, visits.c.id)
_DROP = (
    update(visits)
    .where(visits.c.part == bindparam("wanted"), visits.c.done.is_(None), visits.c.dropped.is_(False))
    .values(dropped=True)
)
_DONE = update(visits).where(visits.c.id == bindparam("wanted"), visits.c.done.is_(None), visits.c.dropped.is_(False))


class Visits:
    """The visits of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def of(self, case_id: str, part_id: str) -> tuple[Visit, ...]:
        """Every visit of a part, by date."""
        seal = self._tx.ring.of(case_id)
        return tuple(_read(row, seal) for row in self._tx.db.execute(_OF_PART, {"wanted": part_id}))

    def add(self, case_id: str, dated: Iterable[Visit]) -> None:
        """Dates visits."""
        seal = self._tx.ring.of(case_id)
        if rows := [_row(case_id, visit, seal) for visit in dated]:
            self._tx.db.execute(insert(visits), rows)

    def done(self, case_id: str, visit: Visit, at: datetime, finding: str) -> bool:
        """A visit was made; False when it was recorded before, or is not owed any more."""
        body = _seal(self._tx.ring.of(case_id), visit.id, visit.plan, finding)
        return self._tx.db.execute(_DONE.values(done=at, body=body), {"wanted": visit.id}).rowcount == 1

    def drop(self, part_id: str) -> None:
        """What is still owed will not be made."""
        self._tx.db.execute(_DROP, {"wanted": part_id})


def _row(case_id: str, visit: Visit, seal: Seal) -> dict[str, Any]:
    return {
        "id": visit.id,
        "case_id": case_id,
        "part": visit.part,
        "how": visit.how,
        "due": visit.due,
        "done": visit.done,
        "dropped": visit.dropped,
        "body": _seal(seal, visit.id, visit.plan, visit.finding),
    }


def _seal(seal: Seal, visit_id: str, plan: str, finding: str | None) -> bytes:
    return seal.close({"plan": plan, "finding": finding}, f"visits/{visit_id}")


def _read(row: Row[Any], seal: Seal) -> Visit:
    body = seal.open(row.body, f"visits/{row.id}")
    return Visit(row.id, row.part, row.how, body["plan"], row.due, row.done, body["finding"], row.dropped)
