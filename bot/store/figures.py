"""What reports count: parts and moves, in clear columns only; nobody's key is opened but for the rows that were overruled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, select

from bot.store.tables import calls, cases, events, parts
from bot.store.transaction import Transaction

_WITHIN = (parts.c.created >= bindparam("since"), parts.c.created < bindparam("until"))
_PARTS = (
    select(parts.c.id, parts.c.lead, cases.c.county, parts.c.status, parts.c.created, parts.c.deadline)
    .join(cases, cases.c.id == parts.c.case_id)
    .where(*_WITHIN)
)
_MOVES = (
    select(events.c.part, events.c.move, events.c.at, events.c.reason)
    .join(parts, parts.c.id == events.c.part)
    .where(*_WITHIN)
    .order_by(events.c.seq)
)
_OVERRULED = (
    select(events.c.case_id, events.c.detail)
    .join(parts, parts.c.id == events.c.part)
    .join(cases, cases.c.id == events.c.case_id)
    .where(*_WITHIN, events.c.move == "overrule", cases.c.body.is_not(None))
)
_CALLS = (
    select(calls.c.kind, func.count().label("number"))
    .where(calls.c.started >= bindparam("since"), calls.c.started < bindparam("until"), calls.c.kind.is_not(None))
    .group_by(calls.c.kind)
)


@dataclass(frozen=True, slots=True)
class PartFigure:
    """One part as a report sees it: no family, no agency, no person."""

    id: str
    lead: str
    county: str | None
    status: str
    created: datetime
    deadline: datetime


@dataclass(frozen=True, slots=True)
class MoveFigure:
    """One move of a part; `reason` is a word of `data/referrals.yml`."""

    part: str
    move: str
    at: datetime
    reason: str | None


class Figures:
    """The figures of one transaction, of parts opened and calls begun from `since` until before `until`."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def parts(self, since: datetime, until: datetime) -> Iterator[PartFigure]:
        """Every part."""
        for row in self._tx.db.execute(_PARTS, {"since": since, "until": until}):
            yield PartFigure(row.id, row.lead, row.county, row.status, row.created, row.deadline)

    def moves(self, since: datetime, until: datetime) -> Iterator[MoveFigure]:
        """Every move of these parts, oldest first."""
        for row in self._tx.db.execute(_MOVES, {"since": since, "until": until}):
            yield MoveFigure(row.part, row.move, row.at, row.reason)

    def overruled(self, since: datetime, until: datetime) -> Iterator[tuple[str, ...]]:
        """For each time that a human overruled the rules, the rows that had decided; what was erased is not counted."""
        for row in self._tx.db.execute(_OVERRULED, {"since": since, "until": until}).all():
            detail: dict[str, Any] = self._tx.ring.of(row.case_id).open(row.detail, f"events/{row.case_id}")
            yield tuple(detail["rows"])

    def calls(self, since: datetime, until: datetime) -> Mapping[str, int]:
        """How many calls that have ended were of which kind."""
        rows = self._tx.db.execute(_CALLS, {"since": since, "until": until})
        return {row.kind: row.number for row in rows}
