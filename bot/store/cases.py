"""Cases, their parts, and what happened to them."""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from bot.decisions import Risk
from bot.errors import ConflictError
from bot.referrals import Actor, Case, Event, Owner, Part, Status
from bot.store.keys import KeyStore
from bot.store.sealing import MasterKey, Seal
from bot.store.tables import cases, decisions, events, parts, told

WAITING = tuple(status.value for status in Status if status.waiting)
OPEN = tuple(status.value for status in Status if status.open)


class Cases:
    """The cases of one transaction."""

    def __init__(self, connection: Connection, keys: KeyStore, master: MasterKey) -> None:
        self._db = connection
        self._keys = keys
        self._master = master

    def new(self, contact: str, receipt: str, at: datetime) -> Case:
        """A case with a key and a receipt code of its own, from the first fact on."""
        seal = self._keys.new()
        case = Case(secrets.token_hex(8), contact, receipt, at)
        row = {
            "id": case.id,
            "contact": contact,
            "key_id": seal.key_id,
            "receipt_index": self._master.blind("receipt", receipt),
            "receipt": seal.close({"digits": receipt}, f"cases/{case.id}/receipt"),
            "risk": int(case.risk),
            "created": at,
            "revision": 0,
        }
        self._db.execute(insert(cases).values(row))
        return case

    def get(self, case_id: str) -> Case | None:
        """The case of this id."""
        return self._one(cases.c.id == case_id)

    def by_receipt(self, digits: str) -> Case | None:
        """The case whose receipt code somebody holds."""
        return self._one(cases.c.receipt_index == self._master.blind("receipt", digits))

    def of_part(self, part_id: str) -> Case | None:
        """The case that a part belongs to."""
        return self._one(cases.c.id == select(parts.c.case_id).where(parts.c.id == part_id).scalar_subquery())

    def of_contact(self, contact: str) -> tuple[Case, ...]:
        """Every case of one contact, the newest last."""
        query = select(cases.c.id).where(cases.c.contact == contact).order_by(cases.c.created)
        found = (self.get(case_id) for case_id in self._db.execute(query).scalars())
        return tuple(case for case in found if case)

    def save(self, case: Case) -> Case:
        """Writes the case and its parts; raises `ConflictError` when somebody else has since it was read."""
        row = {
            "county": case.county,
            "place": case.place,
            "risk": int(case.risk),
            "sent": case.sent,
            "revision": case.revision + 1,
        }
        same = (cases.c.id == case.id) & (cases.c.revision == case.revision)
        if self._db.execute(update(cases).where(same).values(row)).rowcount != 1:
            raise ConflictError(f"case {case.id} was changed meanwhile")
        saved = tuple(self._save_part(case.id, n, part) for n, part in enumerate(case.parts))
        return replace(case, parts=saved, revision=case.revision + 1)

    def overdue(self, now: datetime) -> tuple[Case, Part] | None:
        """The part nobody accepted by its deadline, the most overdue first; another worker's is passed over."""
        query = (
            select(parts.c.case_id, parts.c.id)
            .where(parts.c.status.in_(WAITING), parts.c.deadline <= now)
            .order_by(parts.c.deadline)
            .limit(1)
        )
        row = self._db.execute(query.with_for_update(skip_locked=True)).one_or_none()
        case = self.get(row.case_id) if row else None
        return (case, next(p for p in case.parts if p.id == row.id)) if row and case else None

    def all_open(self, county: str | None = None) -> tuple[Case, ...]:
        """Every case with an open part."""
        query = select(parts.c.case_id).where(parts.c.status.in_(OPEN)).distinct()
        if county:
            query = query.join(cases, cases.c.id == parts.c.case_id).where(cases.c.county == county)
        found = (self.get(case_id) for case_id in self._db.execute(query).scalars())
        return tuple(case for case in found if case)

    def add_event(self, case_id: str, event: Event) -> None:
        """Appends to the timeline; the detail is sealed with the case's key."""
        row = {
            "case_id": case_id,
            "part": event.part,
            "move": event.move,
            "before": event.before.value,
            "after": event.after.value,
            "actor_kind": event.actor.kind,
            "actor": event.actor.id,
            "at": event.at,
            "detail": self.seal_of(case_id).close(event.detail, f"events/{case_id}") if event.detail else None,
        }
        self._db.execute(insert(events).values(row))

    def timeline(self, case_id: str) -> tuple[Event, ...]:
        """What happened, oldest first."""
        seal = self.seal_of(case_id)
        rows = self._db.execute(select(events).where(events.c.case_id == case_id).order_by(events.c.seq))
        return tuple(_event(row, seal) for row in rows)

    def told(self, part_id: str, agencies: Iterable[str], at: datetime) -> None:
        """Records which agencies were told beside the owner, each once."""
        known = set(self._db.execute(select(told.c.agency).where(told.c.part == part_id)).scalars())
        fresh = [{"part": part_id, "agency": agency, "at": at} for agency in agencies if agency not in known]
        if fresh:
            self._db.execute(insert(told), fresh)

    def decided(self, case_id: str, decision: Mapping[str, Any], at: datetime) -> None:
        """Keeps a decision when it differs from the last one: what was decided, on which rules, when."""
        context = f"decisions/{case_id}"
        seal = self.seal_of(case_id)
        query = select(decisions.c.body).where(decisions.c.case_id == case_id).order_by(decisions.c.seq.desc()).limit(1)
        last = self._db.execute(query).scalar()
        if last is None or seal.open(last, context) != decision:
            row = {"case_id": case_id, "at": at, "rules": decision["rules"], "body": seal.close(decision, context)}
            self._db.execute(insert(decisions).values(row))

    def seal_of(self, case_id: str) -> Seal:
        """The case's key."""
        return self._keys.get(self._db.execute(select(cases.c.key_id).where(cases.c.id == case_id)).scalar_one())

    def erase(self, case_id: str) -> None:
        """Destroys the case's key and its receipt: facts, decisions and details can never be read again."""
        key_id = self._db.execute(select(cases.c.key_id).where(cases.c.id == case_id)).scalar_one()
        self._db.execute(update(cases).where(cases.c.id == case_id).values(receipt_index=None, receipt=None, place=None))
        self._keys.destroy(key_id)

    def _one(self, where: Any) -> Case | None:  # noqa: ANN401 – SQLAlchemy's own expression type
        row = self._db.execute(select(cases).where(where).with_for_update()).one_or_none()
        if row is None:
            return None
        found = self._db.execute(select(parts).where(parts.c.case_id == row.id).order_by(parts.c.position))
        seal = self._keys.get(row.key_id) if row.receipt is not None else None
        return Case(
            id=row.id,
            contact=row.contact,
            receipt=seal.open(row.receipt, f"cases/{row.id}/receipt")["digits"] if seal else "",
            created=row.created,
            county=row.county,
            place=row.place,
            risk=Risk(row.risk),
            sent=row.sent,
            parts=tuple(_part(p) for p in found),
            revision=row.revision,
        )

    def _save_part(self, case_id: str, position: int, part: Part) -> Part:
        row = _part_row(part) | {"case_id": case_id, "position": position, "revision": part.revision + 1}
        if part.revision == 0:
            self._db.execute(insert(parts).values(row | {"id": part.id}))
        else:
            same = (parts.c.id == part.id) & (parts.c.revision == part.revision)
            if self._db.execute(update(parts).where(same).values(row)).rowcount != 1:
                raise ConflictError(f"part {part.id} was changed meanwhile")
        return replace(part, revision=part.revision + 1)


def _part_row(part: Part) -> dict[str, Any]:
    return {
        "for_whom": part.for_whom,
        "child": part.child,
        "lead": part.lead,
        "level": part.level,
        "agency": part.owner.agency,
        "staff": part.owner.staff,
        "status": part.status.value,
        "risk": int(part.risk),
        "also": json.dumps(part.also),
        "first_action": part.first_action,
        "rows": json.dumps(part.rows),
        "created": part.created,
        "act_by": part.act_by,
        "deadline": part.deadline,
    }


def _part(row: Row[Any]) -> Part:
    return Part(
        id=row.id,
        for_whom=row.for_whom,
        child=row.child,
        lead=row.lead,
        level=row.level,
        owner=Owner(row.agency, row.staff),
        status=Status(row.status),
        risk=Risk(row.risk),
        also=tuple(json.loads(row.also)),
        first_action=row.first_action,
        rows=tuple(json.loads(row.rows)),
        created=row.created,
        act_by=row.act_by,
        deadline=row.deadline,
        revision=row.revision,
    )


def _event(row: Row[Any], seal: Seal) -> Event:
    return Event(
        part=row.part,
        move=row.move,
        before=Status(row.before),
        after=Status(row.after),
        actor=Actor(row.actor_kind, row.actor),
        at=row.at,
        detail=seal.open(row.detail, f"events/{row.case_id}") if row.detail else {},
    )
