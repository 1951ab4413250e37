"""What the repositories of one transaction share."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection, text

from bot.store.keyring import KeyRing

_HOLD = text("SELECT pg_advisory_xact_lock(:number)")


@dataclass(frozen=True, slots=True)
class Transaction:
    """A connection, the keys, and whether rows are locked (SQLite has one writer: there is nothing to lock)."""

    db: Connection
    ring: KeyRing
    locks: bool

    def hold(self, index: str) -> None:
        """Whoever holds the same blind index waits for this transaction's end, even while there is no row yet."""
        if self.locks:
            self.db.execute(_HOLD, {"number": int(index[:15], 16)})
