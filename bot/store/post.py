"""What came in and what goes out: the inbox that recognises a redelivery, the outbox that survives a crash."""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, and_, insert, or_, select, update

from bot.errors import StoreUnavailableError
from bot.messages import Channel, Incoming
from bot.replies import Reply
from bot.store.contacts import Contacts
from bot.store.keys import KeyStore
from bot.store.records import Contact, Parcel, Priority
from bot.store.tables import contacts, inbox, outbox


class Inbox:
    """The messages taken in one transaction."""

    def __init__(self, connection: Connection, people: Contacts) -> None:
        self._db = connection
        self._people = people

    def seen(self, channel: Channel, message: str) -> str | None:
        """The turn that took this message, if it was taken before."""
        query = select(inbox.c.turn).where(inbox.c.channel == channel.value, inbox.c.message == message)
        return self._db.execute(query).scalar()

    def record(self, incoming: Incoming, contact: Contact) -> str:
        """Takes a message: its words are sealed with the contact's key. Returns the turn's id."""
        turn = secrets.token_hex(8)
        body = {"kind": type(incoming.content).__name__} | json.loads(json.dumps(asdict(incoming.content), default=str))
        row = {
            "turn": turn,
            "channel": incoming.channel.value,
            "message": incoming.id,
            "contact": contact.id,
            "at": incoming.at,
            "body": self._people.seal_of(contact.id).close(body, f"inbox/{turn}"),
        }
        self._db.execute(insert(inbox).values(row))
        return turn

    def clock(self, at: datetime) -> str:
        """A turn of the clock's."""
        turn = secrets.token_hex(8)
        self._db.execute(insert(inbox).values({"turn": turn, "channel": "clock", "message": turn, "at": at}))
        return turn


class Outbox:
    """Outgoing messages: rows written in the turn's own transaction, claimed under a lease by couriers afterwards.

    One chat's messages keep their order; urgent ones overtake, in their own chat too. What is read by its receiver
    (web, REST, terminal) is never claimed.
    """

    def __init__(self, connection: Connection, people: Contacts, keys: KeyStore) -> None:
        self._db = connection
        self._people = people
        self._keys = keys

    def add(
        self,
        contact: Contact,
        turn: str,
        reply: Reply,
        *,
        kind: str,
        due: datetime,
        priority: Priority = Priority.USUAL,
        part: str | None = None,
    ) -> int:
        """One message; returns its number."""
        row = {
            "contact": contact.id,
            "turn": turn,
            "kind": kind,
            "part": part,
            "body": self._people.seal_of(contact.id).close(reply.to_record(), f"outbox/{contact.id}"),
            "pushed": contact.channel.pushes,
            "priority": int(priority),
            "due": due,
            "attempts": 0,
        }
        return int(self._db.execute(insert(outbox).values(row).returning(outbox.c.seq)).scalar_one())

    def of_turn(self, turn: str, contact: Contact) -> tuple[tuple[Reply, ...], int]:
        """What a turn answered, for a message delivered twice: the replies and the number of the last."""
        mine = and_(outbox.c.turn == turn, outbox.c.contact == contact.id, outbox.c.kind == "reply")
        found = self._read(mine, contact)
        return tuple(reply for _, reply in found), found[-1][0] if found else 0

    def after(self, contact: Contact, seq: int) -> Sequence[tuple[int, Reply]]:
        """What was written to this contact after message number `seq`."""
        return self._read(and_(outbox.c.contact == contact.id, outbox.c.seq > seq), contact)

    def claim(self, worker: str, now: datetime, lease: timedelta, limit: int) -> tuple[Parcel, ...]:
        """Takes due messages under a lease, at most one a chat; a dead worker's lease simply runs out."""
        query = self._next(now).limit(limit)
        if self._db.dialect.name == "postgresql":
            query = query.with_for_update(skip_locked=True)
        numbers = list(self._db.execute(query).scalars())
        if not numbers:
            return ()
        taken = {"lease_by": worker, "lease_until": now + lease, "attempts": outbox.c.attempts + 1}
        self._db.execute(update(outbox).where(outbox.c.seq.in_(numbers)).values(taken))
        return tuple(self._parcel(seq) for seq in numbers)

    def _next(self, now: datetime) -> Any:  # noqa: ANN401 – SQLAlchemy's own statement type
        """Due and free messages that are the next of their chat: nothing undone stands before them there."""
        before = outbox.alias("before")
        undone = and_(before.c.sent.is_(None), before.c.dead.is_(None), before.c.pushed, before.c.contact == outbox.c.contact)
        earlier = or_(
            before.c.priority < outbox.c.priority,
            and_(before.c.priority == outbox.c.priority, before.c.seq < outbox.c.seq),
        )
        waits = select(before.c.seq).where(undone, earlier).exists()
        free = or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= now)
        due = and_(outbox.c.pushed, outbox.c.sent.is_(None), outbox.c.dead.is_(None), outbox.c.due <= now)
        return select(outbox.c.seq).where(due, free, ~waits).order_by(outbox.c.priority, outbox.c.seq)

    def done(self, seq: int, at: datetime) -> None:
        """The channel took it."""
        self._set(seq, sent=at, lease_by=None, lease_until=None)

    def retry(self, seq: int, due: datetime, error: str) -> None:
        """It did not go out; again at `due`. `error` is a class name, never a text."""
        self._set(seq, due=due, lease_by=None, lease_until=None, error=error)

    def dead(self, seq: int, at: datetime, error: str) -> None:
        """It will not go out by itself: a human's task."""
        self._set(seq, dead=at, lease_by=None, lease_until=None, error=error)

    def waiting(self) -> int:
        """How many messages are still to be pushed."""
        undone = and_(outbox.c.pushed, outbox.c.sent.is_(None), outbox.c.dead.is_(None))
        return len(self._db.execute(select(outbox.c.seq).where(undone)).all())

    def _set(self, seq: int, **values: object) -> None:
        self._db.execute(update(outbox).where(outbox.c.seq == seq).values(values))

    def _parcel(self, seq: int) -> Parcel:
        row = self._db.execute(
            select(outbox, contacts.c.channel, contacts.c.address, contacts.c.key_id)
            .join(contacts, contacts.c.id == outbox.c.contact)
            .where(outbox.c.seq == seq)
        ).one()
        seal = self._keys.get(row.key_id)
        return Parcel(
            seq=row.seq,
            contact=row.contact,
            channel=Channel(row.channel),
            address=seal.open(row.address, f"contacts/{row.contact}/address")["chat"],
            reply=Reply.from_record(seal.open(row.body, f"outbox/{row.contact}")),
            kind=row.kind,
            part=row.part,
            attempts=row.attempts,
        )

    def _read(self, where: Any, contact: Contact) -> list[tuple[int, Reply]]:  # noqa: ANN401 – SQLAlchemy's expression type
        try:
            seal = self._people.seal_of(contact.id)
        except StoreUnavailableError:
            return []  # erased: there is nothing left to read
        rows: Sequence[Row[Any]] = self._db.execute(
            select(outbox.c.seq, outbox.c.body).where(where, outbox.c.body.is_not(None)).order_by(outbox.c.seq)
        ).all()
        return [(row.seq, Reply.from_record(seal.open(row.body, f"outbox/{contact.id}"))) for row in rows]
