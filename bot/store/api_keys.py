"""Keys of programs that use the HTTP API in somebody's name; only a blind index of each is kept."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, select, update

from bot.store.tables import api_keys
from bot.store.transaction import Transaction

USED_TO_THE = timedelta(hours=1)  # a row a request would be too much


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A program that acts for somebody on staff and may do these things (`read`, `details`, `move`, `call`)."""

    id: str
    staff: str
    may: frozenset[str]
    created: datetime
    used: datetime | None


class ApiKeys:
    """The keys of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def make(self, staff: str, may: Collection[str], at: datetime) -> str:
        """A new key, which is never shown again."""
        key = f"rd_{secrets.token_urlsafe(32)}"
        row = {
            "id": secrets.token_hex(8),
            "key_index": self._tx.ring.blind("api_key", key),
            "staff": staff,
            "may": ",".join(sorted(may)),
            "created": at,
        }
        self._tx.db.execute(insert(api_keys), row)
        return key

    def known(self, key: str, at: datetime) -> ApiKey | None:
        """The key, unless it was revoked."""
        index = self._tx.ring.blind("api_key", key)
        row = self._tx.db.execute(
            select(api_keys).where(api_keys.c.key_index == index, api_keys.c.revoked.is_(None))
        ).one_or_none()
        if row is None:
            return None
        if row.used is None or at - row.used > USED_TO_THE:
            self._tx.db.execute(update(api_keys).where(api_keys.c.id == row.id).values(used=at))
        return ApiKey(row.id, row.staff, frozenset(row.may.split(",")), row.created, row.used)

    def all(self) -> tuple[ApiKey, ...]:
        """Every key that is good, the oldest first."""
        query = select(api_keys).where(api_keys.c.revoked.is_(None)).order_by(api_keys.c.created)
        rows = self._tx.db.execute(query).all()
        return tuple(ApiKey(row.id, row.staff, frozenset(row.may.split(",")), row.created, row.used) for row in rows)

    def revoke_all(self, staff: str, at: datetime) -> None:
        """Nothing acts for somebody any more."""
        which = (api_keys.c.staff == staff) & api_keys.c.revoked.is_(None)
        self._tx.db.execute(update(api_keys).where(which).values(revoked=at))

    def revoke(self, key_id: str, at: datetime) -> bool:
        """Whether there was such a key; it opens nothing any more."""
        which = (api_keys.c.id == key_id) & api_keys.c.revoked.is_(None)
        return self._tx.db.execute(update(api_keys).where(which).values(revoked=at)).rowcount == 1
