"""Moves that wait out the moment in which they can be undone. In clear but for the words, which the case's key seals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select

from bot.store.tables import held
from bot.store.transaction import Transaction

_MINE = (held.c.part == bindparam("of_part"), held.c.staff == bindparam("of_staff"))
_ONE = select(held).where(*_MINE)
_DROP = delete(held).where(*_MINE)
_FIRST = select(held).order_by(held.c.due).limit(1).with_for_update(skip_locked=True)
_DUE = _FIRST.where(held.c.due <= bindparam("now"))
# One that is to be made later than any can be was held by a clock that has been set back since.
_AHEAD = _FIRST.where(held.c.due > bindparam("beyond"))


@dataclass(frozen=True, slots=True)
class HeldMove:
    """A move of somebody's on a part (of `case`), as they ordered it, and when it is made."""

    part: str
    case: str
    staff: str
    move: str
    reason: str
    to: str
    seen: int
    due: datetime
    words: str = ""


class Held:
    """The moves that wait, in one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def hold(self, order: HeldMove) -> None:
        """It waits from now on, in the place of what this person held of this part before."""
        self.drop(order.part, order.staff)
        body = self._tx.ring.of(order.case).close({"words": order.words}, f"held/{order.part}") if order.words else None
        row = {
            "part": order.part,
            "staff": order.staff,
            "case_id": order.case,
            "move": order.move,
            "reason": order.reason,
            "meant_for": order.to,
            "seen": order.seen,
            "due": order.due,
            "body": body,
        }
        self._tx.db.execute(insert(held), row)

    def of(self, part_id: str, staff_id: str) -> HeldMove | None:
        """What somebody's move on a part is, while it waits."""
        row = self._tx.db.execute(_ONE, {"of_part": part_id, "of_staff": staff_id}).one_or_none()
        return self._read(row) if row else None

    def next(self, now: datetime, longest: timedelta) -> HeldMove | None:
        """The one whose moment is over; none is held for longer than `longest`."""
        row = self._tx.db.execute(_DUE, {"now": now}).one_or_none()
        row = row or self._tx.db.execute(_AHEAD, {"beyond": now + longest}).one_or_none()
        return self._read(row) if row else None

    def drop(self, part_id: str, staff_id: str) -> bool:
        """It waits no longer; False when none did."""
        return self._tx.db.execute(_DROP, {"of_part": part_id, "of_staff": staff_id}).rowcount == 1

    def _read(self, row: Row[Any]) -> HeldMove:
        """A move that waits; it goes with its case when that is erased, so its words can be opened."""
        words = self._tx.ring.of(row.case_id).open(row.body, f"held/{row.part}")["words"] if row.body else ""
        return HeldMove(
            part=row.part,
            case=row.case_id,
            staff=row.staff,
            move=row.move,
            reason=row.reason,
            to=row.meant_for,
            seen=row.seen,
            due=row.due,
            words=words,
        )
