"""The audit log, and what a channel remembers of itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import insert, or_, select, update

from bot.store.tables import audit, channels
from bot.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Look:
    """One row of the audit log: when, who (a pseudonym), what was done."""

    at: datetime
    actor: str
    action: str
    county: str | None


@dataclass(frozen=True, slots=True)
class Entry(Look):
    """A row with its number and what it was about."""

    seq: int
    subject: str


class Audit:
    """Who read or wrote personal data; pseudonyms only."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def add(self, actor: str, action: str, subject: str, county: str | None, at: datetime) -> None:
        """One row, committed with whatever it tells of."""
        row = {"at": at, "actor": actor, "action": action, "subject": subject, "county": county}
        self._tx.db.execute(insert(audit).values(row))

    def about(self, subject: str) -> tuple[Look, ...]:
        """Everything that was written down about one case, part, contact or person, oldest first."""
        rows = self._tx.db.execute(select(audit).where(audit.c.subject == subject).order_by(audit.c.seq))
        return tuple(Look(row.at, row.actor, row.action, row.county) for row in rows)

    def done_by(self, actor: str) -> frozenset[str]:
        """What somebody has ever done, each action once."""
        query = select(audit.c.action).where(audit.c.actor == actor).distinct()
        return frozenset(self._tx.db.execute(query).scalars())

    def page(self, county: str | None, subject: str, before: int | None, at_most: int) -> tuple[Entry, ...]:
        """The newest rows of a county (None: of all), or of one subject there, before a number."""
        query = select(audit).order_by(audit.c.seq.desc()).limit(at_most)
        if county:
            query = query.where(audit.c.county == county)
        if subject:
            query = query.where(audit.c.subject == subject)
        if before:
            query = query.where(audit.c.seq < before)
        rows = self._tx.db.execute(query)
        return tuple(Entry(row.at, row.actor, row.action, row.county, row.seq, row.subject) for row in rows)


class ChannelState:
    """How far a channel has read, and which process may read it now."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def offset(self, name: str) -> int:
        """The number of the next update to ask for; 0 before the first."""
        return self._tx.db.execute(select(channels.c.offset).where(channels.c.name == name)).scalar() or 0

    def advance(self, name: str, offset: int) -> None:
        """Everything below `offset` has been taken."""
        self._ensure(name)
        self._tx.db.execute(update(channels).where(channels.c.name == name).values(offset=offset))

    def acquire(self, name: str, worker: str, now: datetime, lease: timedelta) -> bool:
        """Whether `worker` is the one reader now, until the lease runs out; a lease of 0 gives the right back."""
        self._ensure(name)
        free = or_(channels.c.lease_by == worker, channels.c.lease_until.is_(None), channels.c.lease_until <= now)
        held = {"lease_by": worker, "lease_until": now + lease}
        return self._tx.db.execute(update(channels).where(channels.c.name == name, free).values(held)).rowcount == 1

    def _ensure(self, name: str) -> None:
        if self._tx.db.execute(select(channels.c.name).where(channels.c.name == name)).first() is None:
            self._tx.db.execute(insert(channels).values(name=name, offset=0))
