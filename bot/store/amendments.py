"""Changes of the directory: proposed by one person, decided by another. An agency is nobody's secret: they stand in clear."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, Select, func, insert, select, update

from bot.store.tables import amendments, worn
from bot.store.transaction import Transaction


@dataclass(frozen=True, slots=True)
class Proposed:
    """A change that waits for a decision, or was approved: `row` as in a directory file, None where an agency is taken out."""

    id: str
    agency: str
    row: Mapping[str, str] | None
    by: str
    at: datetime


class Amendments:
    """The changes of one transaction, and which entries that wear out were told of."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def propose(self, agency: str, county: str | None, row: Mapping[str, str] | None, by: str, at: datetime) -> str:
        """A change that does nothing until somebody else approves it; its id."""
        made = secrets.token_hex(8)
        values = {"id": made, "agency": agency, "county": county, "proposed_by": by, "proposed": at}
        self._tx.db.execute(insert(amendments), values | {"body": json.dumps(row, ensure_ascii=False)})
        return made

    def waiting(self, county: str | None) -> tuple[Proposed, ...]:
        """What waits for a decision, of one county or of all, the oldest first."""
        query = select(amendments).where(amendments.c.decided.is_(None)).order_by(amendments.c.proposed)
        return self._read(query.where(amendments.c.county == county) if county else query)

    def approved(self) -> tuple[Proposed, ...]:
        """Every change that holds, in the order in which they were decided."""
        query = select(amendments).where(amendments.c.approved.is_(True))
        return self._read(query.order_by(amendments.c.decided, amendments.c.id))

    def decide(self, amendment: str, by: str, at: datetime, *, approved: bool) -> bool:
        """Whether it was decided now; False for one that was decided before, and for one's own."""
        free = (amendments.c.id == amendment) & amendments.c.decided.is_(None) & (amendments.c.proposed_by != by)
        values = {"decided_by": by, "decided": at, "approved": approved}
        return self._tx.db.execute(update(amendments).where(free).values(values)).rowcount == 1

    def count(self) -> int:
        """How many changes hold: whoever has applied fewer reads them anew."""
        approved = select(func.count()).select_from(amendments).where(amendments.c.approved.is_(True))
        return int(self._tx.db.execute(approved).scalar_one())

    def told(self, agencies: Iterable[str]) -> Mapping[str, date]:
        """Of these agencies, for which end of their entries their keepers were told."""
        wanted = select(worn.c.agency, worn.c.expires).where(worn.c.agency.in_(tuple(agencies)))
        return {row.agency: row.expires for row in self._tx.db.execute(wanted)}

    def tell(self, agency: str, expires: date, at: datetime) -> None:
        """Keeps for which end they were told; a newer end replaces an older."""
        values = {"expires": expires, "told": at}
        if not self._tx.db.execute(update(worn).where(worn.c.agency == agency).values(values)).rowcount:
            self._tx.db.execute(insert(worn), {"agency": agency} | values)

    def _read(self, query: Select[Any]) -> tuple[Proposed, ...]:
        return tuple(_proposed(row) for row in self._tx.db.execute(query))


def _proposed(row: Row[Any]) -> Proposed:
    return Proposed(row.id, row.agency, json.loads(row.body), row.proposed_by, row.proposed)
