"""Letters between families and staff: their words are sealed with the family's key, so that they are erased with it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, func, insert, select, update

from bot.referrals.letters import Letter, Side
from bot.store.sealing import Seal
from bot.store.tables import contacts, letters
from bot.store.transaction import Transaction

_THESE = (letters.c.part == bindparam("of_part"), letters.c.side == bindparam("by_side"), letters.c.body.is_not(None))
_UNREAD = (*_THESE, letters.c.read.is_(None))
_WAITING = select(func.count()).select_from(letters).where(*_UNREAD)
_NEWEST = select(letters).where(*_THESE).order_by(letters.c.at.desc(), letters.c.id).limit(bindparam("at_most"))
_READ = update(letters).where(*_UNREAD).values(read=bindparam("now"), due=None)
_UNSEEN = (
    select(letters)
    .where(letters.c.contact == bindparam("of_contact"), letters.c.side == Side.STAFF, letters.c.due.is_not(None))
    .order_by(letters.c.at)
)
_NEXT = (
    select(letters)
    .join(contacts, contacts.c.id == letters.c.contact)
    .where(letters.c.due <= bindparam("now"), letters.c.body.is_not(None))
    .order_by(letters.c.due)
    .limit(1)
    .with_for_update(of=contacts, key_share=True, skip_locked=True)
)


class Letters:
    """The letters of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def add(self, letter: Letter) -> None:
        """One more."""
        body = self._tx.ring.of(letter.contact).close({"words": letter.words}, f"letters/{letter.id}")
        row = {
            "id": letter.id,
            "case_id": letter.case,
            "part": letter.part,
            "contact": letter.contact,
            "side": letter.side.value,
            "staff": letter.staff,
            "at": letter.at,
            "read": letter.read,
            "due": letter.due,
            "body": body,
        }
        self._tx.db.execute(insert(letters), row)

    def unread(self, part: str, side: Side) -> int:
        """How many of this side's letters about a part nobody has read."""
        return int(self._tx.db.execute(_WAITING, {"of_part": part, "by_side": side.value}).scalar_one())

    def newest(self, part: str, side: Side, at_most: int) -> tuple[Letter, ...]:
        """The newest letters of one side about a part, the oldest of them first."""
        wanted = {"of_part": part, "by_side": side.value, "at_most": at_most}
        return tuple(self._letter(row) for row in reversed(self._tx.db.execute(_NEWEST, wanted).all()))

    def was_read(self, part: str, side: Side, at: datetime) -> None:
        """Everything this side wrote about a part has been read."""
        self._tx.db.execute(_READ, {"of_part": part, "by_side": side.value, "now": at})

    def seen_by(self, contact: str, at: datetime) -> None:
        """The family has opened its news: every letter to it has been read."""
        mine = (letters.c.contact == contact, letters.c.side == Side.STAFF, letters.c.read.is_(None))
        self._tx.db.execute(update(letters).where(*mine).values(read=at, due=None))

    def unseen(self, contact: str) -> tuple[Letter, ...]:
        """Letters to a family that it has not opened, and whose writers have not been told so."""
        return tuple(self._letter(row) for row in self._tx.db.execute(_UNSEEN, {"of_contact": contact}))

    def next(self, now: datetime) -> Letter | None:
        """The one the clock must look at; a family in the middle of a turn is passed over."""
        row = self._tx.db.execute(_NEXT, {"now": now}).one_or_none()
        return self._letter(row) if row else None

    def put_off(self, now: datetime, until: datetime) -> None:
        """The one that `next` names is left alone until then, since it could not be dealt with."""
        row = self._tx.db.execute(_NEXT, {"now": now}).one_or_none()
        if row is not None:
            self._tx.db.execute(update(letters).where(letters.c.id == row.id).values(due=until))

    def looked(self, letter_id: str) -> None:
        """Somebody has been told that it was not read."""
        self._tx.db.execute(update(letters).where(letters.c.id == letter_id).values(due=None))

    def _letter(self, row: Row[Any]) -> Letter:
        return _read(row, self._tx.ring.of(row.contact))


def _read(row: Row[Any], seal: Seal) -> Letter:
    words = str(seal.open(row.body, f"letters/{row.id}")["words"])
    return Letter(
        id=row.id,
        case=row.case_id,
        part=row.part,
        contact=row.contact,
        side=Side(row.side),
        words=words,
        at=row.at,
        due=row.due,
        staff=row.staff,
        read=row.read,
    )
