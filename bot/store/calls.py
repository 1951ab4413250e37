"""Calls at the hotline desk: who is on the telephone with whom, and what the desk remembers of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from sqlalchemy import Row, bindparam, insert, select, update

from bot.errors import ConflictError
from bot.store.records import Call
from bot.store.tables import calls
from bot.store.transaction import Transaction

_ONE = select(calls).where(calls.c.id == bindparam("wanted"))
_GOING = select(calls).where(calls.c.ended.is_(None)).order_by(calls.c.started)
_OF = _GOING.where(calls.c.operator == bindparam("wanted"))
_NEW = insert(calls)
_SAVE = update(calls).where(calls.c.id == bindparam("wanted"), calls.c.revision == bindparam("read"))


class Calls:
    """The calls of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def new(self, call: Call) -> Call:
        """A call that begins."""
        self._tx.db.execute(_NEW, self._row(call) | {"id": call.id, "contact": call.contact, "started": call.started})
        return call

    def get(self, call_id: str) -> Call | None:
        """The call of this id."""
        row = self._tx.db.execute(_ONE, {"wanted": call_id}).one_or_none()
        return self._read(row) if row else None

    def save(self, call: Call) -> Call:
        """Writes a call back; raises `ConflictError` when somebody else has written it since it was read."""
        saved = replace(call, revision=call.revision + 1)
        values = self._row(saved) | {"wanted": call.id, "read": call.revision}
        if self._tx.db.execute(_SAVE, values).rowcount != 1:
            raise ConflictError(f"call {call.id} was changed meanwhile")
        return saved

    def of(self, operator: str) -> tuple[Call, ...]:
        """What somebody has that has not ended, the oldest first."""
        return tuple(self._read(row) for row in self._tx.db.execute(_OF, {"wanted": operator}))

    def going(self, county: str | None) -> tuple[Call, ...]:
        """Every call of a county's desk that has not ended, the oldest first; of every desk without a county."""
        query = _GOING.where(calls.c.county == county) if county else _GOING
        return tuple(self._read(row) for row in self._tx.db.execute(query))

    def _row(self, call: Call) -> dict[str, Any]:
        body = self._tx.ring.of(call.contact).close(call.memory, f"calls/{call.id}") if call.memory else None
        return {
            "case_id": call.case,
            "operator": call.operator,
            "county": call.county,
            "held": call.held,
            "ended": call.ended,
            "kind": call.kind,
            "body": body,
            "revision": call.revision,
        }

    def _read(self, row: Row[Any]) -> Call:
        memory = self._tx.ring.of(row.contact).open(row.body, f"calls/{row.id}") if row.body else None
        return Call(
            id=row.id,
            contact=row.contact,
            operator=row.operator,
            county=row.county,
            started=row.started,
            case=row.case_id,
            held=row.held,
            ended=row.ended,
            kind=row.kind,
            memory=memory,
            revision=row.revision,
        )
