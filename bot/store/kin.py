"""Which cases may be one family: keyed blind indexes of what would agree, removed when a family is erased."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import bindparam, insert, select

from bot.referrals import Case
from bot.referrals.kinship import Mark
from bot.store.cases import OPEN
from bot.store.tables import cases, marks, pairs, parts
from bot.store.transaction import Transaction

_OF_CASE = select(marks.c.mark).where(marks.c.case_id == bindparam("wanted"))
# A mark that so many cases have within the time says nothing; so many likely cases at most are shown to somebody.
COMMON, AT_MOST = 8, 3
_NEWEST = (
    select(marks.c.case_id, marks.c.kind)
    .where(marks.c.mark == bindparam("wanted"), marks.c.at >= bindparam("since"), marks.c.case_id != bindparam("this"))
    .order_by(marks.c.at.desc())
    .limit(COMMON)
)
_IS_OPEN = select(parts.c.id).where(parts.c.case_id == cases.c.id, parts.c.status.in_(OPEN)).exists()
_OPEN_OF_OTHERS = (
    select(cases.c.id)
    .where(cases.c.id.in_(bindparam("these", expanding=True)), cases.c.contact != bindparam("me"))
    .where(cases.c.body.is_not(None), _IS_OPEN)
    .order_by(cases.c.created.desc(), cases.c.id)
    .limit(AT_MOST)
)


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
        indexes = {self._index(mark): mark.kind for mark in found}
        fresh = [index for index in indexes if index not in known]
        if fresh:
            rows = [{"case_id": case.id, "mark": index, "kind": indexes[index], "at": at} for index in fresh]
            self._tx.db.execute(insert(marks), rows)
        return tuple(fresh)

    def alike(self, case: Case, indexes: Iterable[str], since: datetime) -> tuple[Alike, ...]:
        """Open cases of others with one of these marks, the newest first, each once.

        A mark that many have says nothing of a family and is passed over. Cost: an index look-up of `COMMON` rows a mark at most.
        """
        kinds = self._marked(indexes, since, but=case.id)
        return tuple(Alike(other, kinds[other]) for other in self._open(kinds, but=case.contact))

    def holding(self, found: Iterable[Mark], since: datetime) -> tuple[str, ...]:
        """Open cases that have one of these marks, the newest first; a mark that many have is passed over."""
        return self._open(self._marked((self._index(mark) for mark in found), since))

    def pair(self, one: str, other: str, at: datetime) -> bool:
        """Whether a human is to be asked about these two: False when somebody was before."""
        first, second = sorted((one, other))
        asked = select(pairs.c.one).where(pairs.c.one == first, pairs.c.other == second)
        if self._tx.db.execute(asked).first():
            return False
        self._tx.db.execute(insert(pairs).values(one=first, other=second, at=at))
        return True

    def _index(self, mark: Mark) -> str:
        return self._tx.ring.blind(f"kin/{mark.kind}", mark.value)

    def _marked(self, indexes: Iterable[str], since: datetime, *, but: str = "") -> dict[str, str]:
        """Cases with one of these marks, and of which kind it is; a mark that many have is passed over."""
        kinds: dict[str, str] = {}
        for index in indexes:
            rows = self._tx.db.execute(_NEWEST, {"wanted": index, "since": since, "this": but}).all()
            if len(rows) < COMMON:
                kinds |= {row.case_id: row.kind for row in rows}
        return kinds

    def _open(self, these: Collection[str], *, but: str = "") -> tuple[str, ...]:
        """Those of these cases that are open and not this contact's, the newest first."""
        if not these:
            return ()
        return tuple(self._tx.db.execute(_OPEN_OF_OTHERS, {"these": tuple(these), "me": but}).scalars())
