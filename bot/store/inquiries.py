"""What families are asked about promises. In clear: it says when somebody is asked, not what was said."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from bot.referrals.inquiries import MOST, Asked, Inquiry
from bot.store.tables import cases, contacts, inquiries
from bot.store.transaction import Transaction

_ONE = select(inquiries).where(inquiries.c.part == bindparam("one_part"), inquiries.c.what == bindparam("one_what"))
_OF_CASE = select(inquiries).where(inquiries.c.case_id == bindparam("wanted")).order_by(inquiries.c.part)
_NEXT = (
    select(inquiries)
    .join(cases, cases.c.id == inquiries.c.case_id)
    .join(contacts, contacts.c.id == cases.c.contact)
    .where(inquiries.c.due <= bindparam("now"), cases.c.body.is_not(None))
    .order_by(inquiries.c.due, inquiries.c.part)
    .limit(1)
    .with_for_update(of=contacts, key_share=True, skip_locked=True)
)
_SAVE = update(inquiries).where(inquiries.c.part == bindparam("one_part"), inquiries.c.what == bindparam("one_what"))


class Inquiries:
    """The inquiries of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def plan(self, case_id: str, part_id: str, what: Asked, due: datetime) -> None:
        """The family will be asked at `due`, unless they were asked often enough."""
        key = {"one_part": part_id, "one_what": what.value}
        row = self._tx.db.execute(_ONE, key).one_or_none()
        if row is None:
            fresh = {"part": part_id, "what": what.value, "case_id": case_id, "asks": 0, "due": due, "waiting": False}
            self._tx.db.execute(insert(inquiries), fresh)
        elif row.asks < MOST:
            self._tx.db.execute(_SAVE.values(due=due, waiting=False), key)

    def next(self, now: datetime) -> Inquiry | None:
        """The one the clock must look at; a family in the middle of a turn is passed over."""
        row = self._tx.db.execute(_NEXT, {"now": now}).one_or_none()
        return _read(row) if row else None

    def put_off(self, now: datetime, until: datetime) -> None:
        """The one that `next` names is left alone until then, since it could not be dealt with."""
        row = self._tx.db.execute(_NEXT, {"now": now}).one_or_none()
        if row is not None:
            self._tx.db.execute(_SAVE.values(due=until), {"one_part": row.part, "one_what": row.what})

    def of(self, case_id: str) -> tuple[Inquiry, ...]:
        """Every inquiry of a case."""
        return tuple(_read(row) for row in self._tx.db.execute(_OF_CASE, {"wanted": case_id}))

    def save(self, inquiry: Inquiry) -> None:
        """Writes back where one stands."""
        values = {"asks": inquiry.asks, "asked": inquiry.asked, "due": inquiry.due, "waiting": inquiry.waiting}
        key = {"one_part": inquiry.part, "one_what": inquiry.what.value}
        self._tx.db.execute(_SAVE.values(values), key)


def _read(row: Row[Any]) -> Inquiry:
    return Inquiry(row.part, row.case_id, Asked(row.what), row.asks, row.asked, row.due, row.waiting)
