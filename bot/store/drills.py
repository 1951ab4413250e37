"""What somebody on staff has practised, sealed with their own key: a score is about a person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from bot.store.tables import drills
from bot.store.transaction import Transaction

_ONE = select(drills.c.body).where(drills.c.staff == bindparam("wanted"))
_SAVE = update(drills).where(drills.c.staff == bindparam("wanted"))
_NEW = insert(drills)


class DrillBooks:
    """The books of one transaction; whoever writes one holds the trainee's conversation, so nobody writes beside them."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def of(self, staff_id: str) -> dict[str, Any] | None:
        """The book as it was kept, None before the first drill."""
        body = self._tx.db.execute(_ONE, {"wanted": staff_id}).scalar()
        return self._tx.ring.of(staff_id).open(body, f"drills/{staff_id}") if body else None

    def keep(self, staff_id: str, book: Mapping[str, Any], at: datetime) -> None:
        """Puts a book in place of the earlier one."""
        row = {"body": self._tx.ring.of(staff_id).close(book, f"drills/{staff_id}"), "changed": at}
        if self._tx.db.execute(_SAVE, row | {"wanted": staff_id}).rowcount == 0:
            self._tx.db.execute(_NEW, row | {"staff": staff_id})
