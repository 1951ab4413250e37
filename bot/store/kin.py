"""Which cases may be one family: keyed blind indexes of what would agree, removed when a family is erased."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, insert, select

from bot.referrals import Case
from bot.referrals.kinship import Mark
from bot.store.cases import OPEN
from bot.store.tables import cases, marks, pairs, parts
from bot.store.transaction import Transaction

_OF_CASE = select(marks.c.mark).where(marks.c.case_id == bindparam("wanted"))
_IS_OPEN = select(parts.c.id).where(parts.c.case_id == marks.c.case_id, parts.c.status.in_(OPEN)).exists()
# So many at most are shown to somebody: what fits hundreds says nothing.
AT_MOST = 5


class Alike(NamedTuple):
    """Another open case of another contact, and one way in which it is like this one."""

    case: str
    kind: str


class Kin:
    """Likenesses of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def mark(self, case: Case, found: Iterable[Mark], at: datetime) -> tuple[str, ...]:
        """Keeps the marks of a case; returns the blind indexes of those it did not have yet."""
        known = set(self._tx.db.execute(_OF_CASE, {"wanted": case.id}).scalars())
        indexes = {self._tx.ring.blind(f"kin/{mark.kind}", mark.value): mark.kind for mark in found}
        fresh = [index for index in indexes if index not in known]
        if fresh:
            rows = [{"case_id": case.id, "mark": index, "kind": indexes[index], "at": at} for index in fresh]
            self._tx.db.execute(insert(marks), rows)
        return tuple(fresh)

    def alike(self, case: Case, indexes: Iterable[str], since: datetime) -> tuple[Alike, ...]:
        """Open cases of others with one of these marks, the newest first, each once. Cost: an index look-up a mark."""
        query = (
            select(marks.c.case_id, marks.c.kind)
            .join(cases, cases.c.id == marks.c.case_id)
            .where(marks.c.mark.in_(tuple(indexes)), marks.c.at >= since, marks.c.case_id != case.id)
            .where(cases.c.contact != case.contact, cases.c.body.is_not(None), _IS_OPEN)
            .order_by(marks.c.at.desc(), marks.c.case_id, marks.c.kind)
            .limit(AT_MOST)
        )
        found: dict[str, Alike] = {}
        for row in self._tx.db.execute(query):
            found.setdefault(row.case_id, Alike(row.case_id, row.kind))
        return tuple(found.values())

    def pair(self, one: str, other: str, at: datetime) -> bool:
        """Whether a human is to be asked about these two: False when somebody was before."""
        first, second = sorted((one, other))
        asked = select(pairs.c.one).where(pairs.c.one == first, pairs.c.other == second)
        if self._tx.db.execute(asked).first():
            return False
        self._tx.db.execute(insert(pairs).values(one=first, other=second, at=at))
        return True
