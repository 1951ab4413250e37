"""Sealing the audit log: rows of a county in batches, each batch hashed together with the one before, under the master key.

Whoever can write to the database but has no key can then change, add or remove a row only so that `verify` says where. What was
written in the last minutes is not sealed yet; the removal of the newest batches with all their rows shows only beside a newer head
that somebody has kept.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from sqlalchemy import Row, func, insert, select, update

from bot.store.tables import audit, seals
from bot.store.transaction import Transaction

# On PostgreSQL a row can appear after others with higher numbers; nothing takes so long.
SETTLED = timedelta(minutes=2)
ONE_BATCH = 1000  # rows at most
NOWHERE = ""  # rows that belong to no county


@dataclass(frozen=True, slots=True)
class Broken:
    """A batch that is not what was sealed: `rows` stand there, `sealed` were."""

    county: str
    number: int
    rows: int
    sealed: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found: batches and rows looked at, the newest seal of each county, rows not sealed yet, and what is broken."""

    batches: int
    rows: int
    heads: dict[str, str]
    unsealed: int
    broken: tuple[Broken, ...]


class Seals:
    """The seals of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def seal(self, now: datetime) -> int:
        """Seals what is settled and not sealed yet, a batch a county; how many rows."""
        open_rows = select(audit).where(audit.c.batch.is_(None), audit.c.at <= now - SETTLED).order_by(audit.c.seq)
        found = self._tx.db.execute(open_rows.limit(ONE_BATCH)).all()
        for county, rows in groupby(sorted(found, key=_where), key=_where):
            self._close(county, tuple(rows), now)
        return len(found)

    def verify(self) -> Verdict:
        """Looks at every batch. Cost: every row is read once."""
        broken: list[Broken] = []
        heads: dict[str, str] = {}
        batches = count = 0
        expected: dict[str, int] = {}
        for batch in self._tx.db.execute(select(seals).order_by(seals.c.county, seals.c.number)):
            county = batch.county
            rows = self._of(county, batch.number)
            right = self._sealed(heads.get(county, ""), rows)
            in_order = batch.number == expected.get(county, 0) + 1
            if right != batch.seal or len(rows) != batch.rows or not in_order:
                broken.append(Broken(county, batch.number, len(rows), batch.rows))
            heads[county], expected[county] = batch.seal, batch.number
            batches, count = batches + 1, count + len(rows)
        strays = self._strays(expected)
        left = self._tx.db.execute(select(func.count()).where(audit.c.batch.is_(None))).scalar_one()
        return Verdict(batches, count, heads, int(left), (*broken, *strays))

    def _close(self, county: str, rows: tuple[Row[Any], ...], now: datetime) -> None:
        of_county = select(seals).where(seals.c.county == county)
        last = self._tx.db.execute(of_county.order_by(seals.c.number.desc()).limit(1)).one_or_none()
        number = last.number + 1 if last else 1
        seal = self._sealed(last.seal if last else "", rows)
        row = {"county": county, "number": number, "rows": len(rows), "seal": seal, "at": now}
        self._tx.db.execute(insert(seals), row)
        self._tx.db.execute(update(audit).where(audit.c.seq.in_([each.seq for each in rows])).values(batch=number))

    def _strays(self, known: dict[str, int]) -> Iterator[Broken]:
        """Rows that name a batch which does not exist."""
        query = select(audit.c.county, audit.c.batch, func.count().label("rows")).where(audit.c.batch.is_not(None))
        for row in self._tx.db.execute(query.group_by(audit.c.county, audit.c.batch)):
            if row.batch > known.get(row.county or NOWHERE, 0):
                yield Broken(row.county or NOWHERE, row.batch, row.rows, 0)

    def _of(self, county: str, number: int) -> tuple[Row[Any], ...]:
        here = audit.c.county == county if county else audit.c.county.is_(None)
        query = select(audit).where(here, audit.c.batch == number).order_by(audit.c.seq)
        return tuple(self._tx.db.execute(query).all())

    def _sealed(self, before: str, rows: Iterable[Row[Any]]) -> str:
        told = [[r.seq, r.at.isoformat(), r.actor, r.action, r.subject, r.county] for r in rows]
        return self._tx.ring.blind("audit", before + json.dumps(told, separators=(",", ":")))


def _where(row: Row[Any]) -> str:
    return row.county or NOWHERE
