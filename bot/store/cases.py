"""Cases, their parts, and what happened to them.

On PostgreSQL whoever takes a case up to change it holds its family's contact first, so that nobody waits in a circle.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, delete, func, insert, select, update

from bot.decisions import Risk
from bot.errors import ConflictError
from bot.referrals import Actor, Case, Event, Part, Status
from bot.store import parts as part_rows
from bot.store.sealing import Seal
from bot.store.tables import URGENT, calls, cases, contacts, decisions, events, held, marks, parts, told
from bot.store.transaction import Transaction

WAITING = tuple(status.value for status in Status if status.waiting)
OPEN = tuple(status.value for status in Status if status.open)

_ONE = select(cases).where(cases.c.id == bindparam("wanted"), cases.c.body.is_not(None))
_HOLD = (
    select(contacts.c.id)
    .join(cases, cases.c.contact == contacts.c.id)
    .where(cases.c.id == bindparam("wanted"))
    .with_for_update(of=contacts, key_share=True)
)
_BY_RECEIPT = select(cases.c.id).where(cases.c.receipt_index == bindparam("index"))
_OF_PART = select(parts.c.case_id).where(parts.c.id == bindparam("wanted"))
_OF_CONTACT = select(cases.c.id).where(cases.c.contact == bindparam("wanted")).order_by(cases.c.created)
_OF_FAMILY = select(cases.c.id).where(
    (cases.c.merged_into == bindparam("root")) | (cases.c.id == bindparam("root")), cases.c.id != bindparam("this")
)
_NEW = insert(cases)
_SAVE = update(cases).where(cases.c.id == bindparam("wanted"), cases.c.revision == bindparam("read"))
_AWAKE = (
    select(parts.c.case_id, parts.c.id)
    .join(cases, cases.c.id == parts.c.case_id)
    .join(contacts, contacts.c.id == cases.c.contact)
    .where(parts.c.wake <= bindparam("now"), cases.c.body.is_not(None))
    .order_by(parts.c.wake, parts.c.id)
    .limit(1)
    .with_for_update(of=contacts, key_share=True, skip_locked=True)
)
_URGENT = _AWAKE.where(URGENT)
_AHEAD = (
    select(parts.c.case_id, parts.c.id)
    .join(cases, cases.c.id == parts.c.case_id)
    .join(contacts, contacts.c.id == cases.c.contact)
    .where(parts.c.since > bindparam("now"), parts.c.wake.is_not(None), cases.c.body.is_not(None))
    .order_by(parts.c.since, parts.c.id)
    .limit(1)
    .with_for_update(of=contacts, key_share=True, skip_locked=True)
)
_TELEPHONED = select(calls.c.contact).where(calls.c.case_id == bindparam("wanted"), calls.c.body.is_not(None))
_WAITS_FOR = select(parts.c.id).where(parts.c.staff == bindparam("wanted"), parts.c.status.in_(WAITING)).limit(1)
_HELD_BY = (
    select(parts.c.case_id, parts.c.id)
    .where(parts.c.staff == bindparam("wanted"), parts.c.status.in_(OPEN))
    .order_by(parts.c.deadline, parts.c.id)
)
_NEW_EVENT = insert(events)
_TIMELINE = select(events).where(events.c.case_id == bindparam("wanted")).order_by(events.c.seq)
_LAST_ACTOR = (
    select(events.c.actor_kind, events.c.actor)
    .where(events.c.part == bindparam("wanted"), events.c.move.not_in(("remind", "deliver", "confirm")))
    .order_by(events.c.seq.desc())
    .limit(1)
)
_TOLD = select(told.c.agency).where(told.c.part == bindparam("wanted"))
_NEW_DECISION = insert(decisions)
_LAST_DECISION = (
    select(decisions.c.body).where(decisions.c.case_id == bindparam("wanted")).order_by(decisions.c.seq.desc()).limit(1)
)


class Cases:
    """The cases of one transaction. A case whose key was destroyed is no longer found."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction
        self._known: dict[str, Case] = {}

    def new(self, contact: str, receipt: str, at: datetime) -> Case:
        """A case with a key and a receipt code of its own, from the first fact on."""
        case = Case(secrets.token_hex(8), contact, receipt, at)
        seal = self._tx.ring.new(case.id)
        index = {
            "id": case.id,
            "contact": contact,
            "receipt_index": self._tx.ring.blind("receipt", receipt),
            "created": at,
        }
        self._tx.db.execute(_NEW, _row(case, seal) | index)
        return self._remember(case)

    def get(self, case_id: str) -> Case | None:
        """The case of this id."""
        if self._tx.locks:
            self._tx.db.execute(_HOLD, {"wanted": case_id})
        return self._load(case_id)

    def look(self, case_id: str) -> Case | None:
        """The case of this id, to look at: nobody waits for it."""
        return self._load(case_id)

    def by_receipt(self, digits: str) -> Case | None:
        """The case whose receipt code somebody holds, to look at."""
        case_id = self._tx.db.execute(_BY_RECEIPT, {"index": self._tx.ring.blind("receipt", digits)}).scalar()
        return self._load(case_id) if case_id else None

    def of_part(self, part_id: str, *, hold: bool = True) -> Case | None:
        """The case that a part belongs to; without `hold` to look at only."""
        case_id = self._tx.db.execute(_OF_PART, {"wanted": part_id}).scalar()
        return (self.get if hold else self.look)(case_id) if case_id else None

    def of_contact(self, contact: str) -> tuple[Case, ...]:
        """Every case of one contact, the newest last."""
        found = (
            self._load(case_id) for case_id in self._tx.db.execute(_OF_CONTACT, {"wanted": contact}).scalars().all()
        )
        return tuple(case for case in found if case)

    def of_family(self, case: Case) -> tuple[Case, ...]:
        """The other cases of the same family, as far as a human has said so."""
        wanted = {"root": case.merged_into or case.id, "this": case.id}
        found = (self._load(case_id) for case_id in self._tx.db.execute(_OF_FAMILY, wanted).scalars().all())
        return tuple(other for other in found if other)

    def save(self, case: Case) -> Case:
        """Writes what is different from what stands there, the case's own columns and each part apart.

        Raises `ConflictError` when somebody else has changed the same since it was read: nothing is overwritten.
        """
        known = self._known.get(case.id) or self._load(case.id)
        if known is None:
            raise ConflictError(f"case {case.id} was erased meanwhile")
        standing = {part.id: part for part in known.parts}
        kept = (part_rows.write(self._tx, case.id, n, p, standing.get(p.id)) for n, p in enumerate(case.parts))
        saved = replace(case, parts=tuple(kept))
        if _own(saved) == _own(known):
            return self._remember(replace(saved, revision=known.revision))
        return self._remember(self._write(saved))

    def awake(self, now: datetime) -> tuple[Case, Part] | None:
        """The open part the clock must look at: whose reminder or deadline has come, high and emergency before all others.

        Then the one that waits longest. A family in the middle of a turn is passed over: the next round looks again.
        """
        found = self._found(_URGENT, now) or self._found(_AWAKE, now)
        return found if found and found[1].wake and found[1].wake <= now else None

    def put_off(self, now: datetime, until: datetime) -> Case | None:
        """The part that `awake` names is left alone until then, since it could not be moved; its case."""
        urgent = self._tx.db.execute(_URGENT, {"now": now}).one_or_none()
        row = urgent or self._tx.db.execute(_AWAKE, {"now": now}).one_or_none()
        if row is None:
            return None
        self._tx.db.execute(update(parts).where(parts.c.id == row.id).values(wake=until))
        return self._load(row.case_id)

    def ahead(self, now: datetime) -> tuple[Case, Part] | None:
        """An open part whose time began after `now`: the clock was ahead, and has been set back."""
        found = self._found(_AHEAD, now)
        return found if found and found[1].status.open and found[1].term.since > now else None

    def _found(self, query: Select[Any], now: datetime) -> tuple[Case, Part] | None:
        row = self._tx.db.execute(query, {"now": now}).one_or_none()
        case = self._load(row.case_id) if row else None
        part = case.part(row.id) if case and row else None
        return (case, part) if case and part else None

    def held_by(self, staff_id: str) -> tuple[tuple[Case, Part], ...]:
        """Every open part of somebody, the overdue first, then by when it is due."""
        found = self._tx.db.execute(_HELD_BY, {"wanted": staff_id}).all()
        known = ((case, case.part(row.id)) for row in found if (case := self._load(row.case_id)))
        return tuple((case, part) for case, part in known if part)

    def waits_for(self, staff_id: str) -> bool:
        """Whether somebody has a referral that they have not taken on yet."""
        return self._tx.db.execute(_WAITS_FOR, {"wanted": staff_id}).first() is not None

    def all_open(self, county: str | None = None) -> tuple[Case, ...]:
        """Every case with an open part, the oldest first. Cost: two queries, however many there are."""
        wanted = select(parts.c.case_id).where(parts.c.status.in_(OPEN))
        query = (
            select(cases).where(cases.c.id.in_(wanted), cases.c.body.is_not(None)).order_by(cases.c.created, cases.c.id)
        )
        return self._read_all(query.where(cases.c.county == county) if county else query, wanted)

    def open_parts(self, agency: str) -> int:
        """How many open parts an agency has."""
        wanted = select(func.count()).select_from(parts).where(parts.c.agency == agency, parts.c.status.in_(OPEN))
        return int(self._tx.db.execute(wanted).scalar_one())

    def open_at(self, agency: str) -> tuple[Case, ...]:
        """Every case with an open part at an agency, the oldest first."""
        wanted = select(parts.c.case_id).where(parts.c.agency == agency, parts.c.status.in_(OPEN))
        query = select(cases).where(cases.c.id.in_(wanted), cases.c.body.is_not(None))
        return self._read_all(query.order_by(cases.c.created, cases.c.id), wanted)

    def add_event(self, case_id: str, event: Event) -> None:
        """Appends to the timeline; the detail is sealed with the case's key."""
        seal = self._tx.ring.of(case_id)
        row = {
            "case_id": case_id,
            "part": event.part,
            "move": event.move,
            "before": event.before.value,
            "after": event.after.value,
            "actor_kind": event.actor.kind,
            "actor": event.actor.id,
            "at": event.at,
            "reason": event.reason,
            "detail": seal.close(event.detail, f"events/{case_id}") if event.detail else None,
        }
        self._tx.db.execute(_NEW_EVENT, row)

    def last_actor(self, part_id: str) -> Actor | None:
        """Who changed a part last."""
        row = self._tx.db.execute(_LAST_ACTOR, {"wanted": part_id}).one_or_none()
        return Actor(row.actor_kind, row.actor) if row else None

    def timeline(self, case_id: str) -> tuple[Event, ...]:
        """What happened, oldest first."""
        seal = self._tx.ring.of(case_id)
        return tuple(_event(row, seal) for row in self._tx.db.execute(_TIMELINE, {"wanted": case_id}))

    def told(self, part_id: str, agencies: Iterable[str], at: datetime) -> None:
        """Records which agencies were told beside the owner, each once."""
        known = self.told_about(part_id)
        fresh = [{"part": part_id, "agency": agency, "at": at} for agency in agencies if agency not in known]
        if fresh:
            self._tx.db.execute(insert(told), fresh)

    def told_about(self, part_id: str) -> frozenset[str]:
        """The agencies that know of a part beside its owner."""
        return frozenset(self._tx.db.execute(_TOLD, {"wanted": part_id}).scalars())

    def decided(self, case_id: str, decision: Mapping[str, Any], at: datetime) -> None:
        """Keeps a decision when it differs from the last one: what was decided, on which rules, when; not what is asked next."""
        last = self.last_decision(case_id)
        if last is None or _substance(decision) != _substance(last):
            sealed = self._tx.ring.of(case_id).close(decision, f"decisions/{case_id}")
            row = {"case_id": case_id, "at": at, "rules": decision["rules"], "body": sealed}
            self._tx.db.execute(_NEW_DECISION, row)

    def last_decision(self, case_id: str) -> dict[str, Any] | None:
        """What was decided last."""
        body = self._tx.db.execute(_LAST_DECISION, {"wanted": case_id}).scalar()
        return self._tx.ring.of(case_id).open(body, f"decisions/{case_id}") if body else None

    def erase(self, case_id: str) -> None:
        """Destroys the case's key: facts, decisions and details can never be read; county, service and times stay."""
        blank = {"receipt_index": None, "body": None}
        self._tx.db.execute(update(cases).where(cases.c.id == case_id).values(blank))
        self._tx.db.execute(delete(marks).where(marks.c.case_id == case_id))
        self._tx.db.execute(delete(held).where(held.c.case_id == case_id))
        self._forget_calls(case_id)
        self._tx.ring.condemn(case_id)
        self._known.pop(case_id, None)

    def _forget_calls(self, case_id: str) -> None:
        """Whoever telephoned about this case is forgotten with it: the notes of those calls, name and number."""
        called = tuple(self._tx.db.execute(_TELEPHONED, {"wanted": case_id}).scalars())
        for contact in called:
            gone = {"address_index": None, "address": None, "state": None, "details": None, "quiet_due": None}
            self._tx.db.execute(update(contacts).where(contacts.c.id == contact).values(gone))
            self._tx.db.execute(update(calls).where(calls.c.contact == contact).values(body=None))
            self._tx.ring.condemn(contact)

    def _load(self, case_id: str) -> Case | None:
        row = self._tx.db.execute(_ONE, {"wanted": case_id}).one_or_none()
        if row is None:
            return None
        found = self._tx.db.execute(part_rows.OF_CASE, {"wanted": case_id})
        return self._read(row, found)

    def _read_all(self, query: Select[Any], ids: Select[Any]) -> tuple[Case, ...]:
        of_case: dict[str, list[Row[Any]]] = {}
        for part in self._tx.db.execute(select(parts).where(parts.c.case_id.in_(ids)).order_by(parts.c.position)):
            of_case.setdefault(part.case_id, []).append(part)
        return tuple(self._read(row, of_case[row.id]) for row in self._tx.db.execute(query).all())

    def _read(self, row: Row[Any], found: Iterable[Row[Any]]) -> Case:
        seal = self._tx.ring.of(row.id)
        body = seal.open(row.body, f"cases/{row.id}")
        return self._remember(
            Case(
                id=row.id,
                contact=row.contact,
                receipt=body["receipt"],
                created=row.created,
                county=row.county,
                place=body["place"],
                risk=Risk(row.risk),
                sent=row.sent,
                parts=tuple(part_rows.read(part, seal) for part in found),
                merged_into=row.merged_into,
                revision=row.revision,
            )
        )

    def _write(self, case: Case) -> Case:
        saved = replace(case, revision=case.revision + 1)
        values = _row(saved, self._tx.ring.of(case.id)) | {"wanted": case.id, "read": case.revision}
        if self._tx.db.execute(_SAVE, values).rowcount != 1:
            raise ConflictError(f"case {case.id} was changed meanwhile")
        return saved

    def _remember(self, case: Case) -> Case:
        """What this transaction knows to stand there."""
        self._known[case.id] = case
        return case


def _substance(decision: Mapping[str, Any]) -> dict[str, Any]:
    """What it says of the family; `ask` is about the interview."""
    return {key: value for key, value in decision.items() if key != "ask"}


def _own(case: Case) -> Case:
    """The case without its parts and revision: what its own row says."""
    return replace(case, parts=(), revision=0)


def _row(case: Case, seal: Seal) -> dict[str, Any]:
    return {
        "body": seal.close({"receipt": case.receipt, "place": case.place}, f"cases/{case.id}"),
        "county": case.county,
        "risk": int(case.risk),
        "sent": case.sent,
        "merged_into": case.merged_into,
        "revision": case.revision,
    }


def _event(row: Row[Any], seal: Seal) -> Event:
    return Event(
        part=row.part,
        move=row.move,
        before=Status(row.before),
        after=Status(row.after),
        actor=Actor(row.actor_kind, row.actor),
        at=row.at,
        detail=seal.open(row.detail, f"events/{row.case_id}") if row.detail else {},
        reason=row.reason,
    )
