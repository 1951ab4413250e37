"""The outbox: what goes out, written in the turn's own transaction and claimed under a lease by couriers afterwards.

One chat's messages keep their order; urgent ones overtake, in their own chat too. What its receiver comes and reads
(web, REST, terminal) is never claimed.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, func, insert, or_, select, update

from bot.messages import Channel
from bot.replies import Reply
from bot.store.records import Contact, Parcel, Priority, Waiting
from bot.store.tables import UNDONE, contacts, outbox
from bot.store.transaction import Transaction

_NEW = insert(outbox).returning(outbox.c.seq)
_OF_TURN = (
    select(outbox.c.seq, outbox.c.body)
    .where(outbox.c.turn == bindparam("wanted"), outbox.c.contact == bindparam("to"), outbox.c.kind == "reply")
    .order_by(outbox.c.seq)
)
_AFTER = (
    select(outbox.c.seq, outbox.c.body)
    .where(outbox.c.contact == bindparam("to"), outbox.c.seq > bindparam("read"))
    .order_by(outbox.c.seq)
)
_PARCELS = select(outbox, contacts.c.address).join(contacts, contacts.c.id == outbox.c.contact)
_WAITING = select(func.count(), func.min(outbox.c.due).label("oldest")).where(UNDONE)


def _next() -> Any:  # noqa: ANN401 – SQLAlchemy infers it
    """Due and free messages that are the next of their chat: nothing that has begun stands before them there."""
    before = outbox.alias("before")
    undone = and_(before.c.sent.is_(None), before.c.dead.is_(None), before.c.carried_by.is_not(None))
    begun = or_(before.c.attempts > 0, before.c.due <= bindparam("now"))
    earlier = or_(
        before.c.priority < outbox.c.priority,
        and_(before.c.priority == outbox.c.priority, before.c.seq < outbox.c.seq),
    )
    waits = select(before.c.seq).where(undone, before.c.contact == outbox.c.contact, begun, earlier).exists()
    free = or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= bindparam("now"))
    ours = outbox.c.carried_by.in_(bindparam("channels", expanding=True))
    awake = outbox.c.contact.not_in(bindparam("resting", expanding=True))
    return (
        select(outbox.c.seq)
        .where(UNDONE, outbox.c.due <= bindparam("now"), free, ours, awake, ~waits)
        .order_by(outbox.c.priority, outbox.c.seq)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True, of=outbox)
    )


_NEXT = _next()


class Outbox:
    """The outgoing messages of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

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
        """One message (`kind` is reply, notice or card; `part` the referral it carries); returns its number.

        The numbers of one receiver grow in the order of commits, so that whoever reads on from a number misses nothing.
        """
        pushed = contact.channel.pushes
        if not pushed:
            self._tx.hold(self._tx.ring.blind("outbox", contact.id))
        row = {
            "contact": contact.id,
            "carried_by": contact.channel.value if pushed else None,
            "turn": turn,
            "kind": kind,
            "part": part,
            "body": self._tx.ring.of(contact.id).close(reply.to_record(), f"outbox/{contact.id}"),
            "priority": int(priority),
            "due": due,
            "attempts": 0,
        }
        return int(self._tx.db.execute(_NEW, row).scalar_one())

    def of_turn(self, turn: str, contact: Contact) -> tuple[tuple[Reply, ...], int]:
        """What a turn answered, for a message delivered twice: the replies and the number of the last (0: none)."""
        found = self._read(contact, self._tx.db.execute(_OF_TURN, {"wanted": turn, "to": contact.id}).all())
        return tuple(reply for _, reply in found), found[-1][0] if found else 0

    def after(self, contact: Contact, seq: int) -> tuple[tuple[int, Reply], ...]:
        """What was written to this contact after message number `seq`, each with its number."""
        return self._read(contact, self._tx.db.execute(_AFTER, {"to": contact.id, "read": seq}).all())

    def claim(
        self,
        worker: str,
        now: datetime,
        lease: timedelta,
        limit: int,
        *,
        channels: Collection[Channel] = tuple(Channel),
        resting: Collection[str] = (),
    ) -> tuple[Parcel, ...]:
        """Takes due messages under a lease, one a chat, urgent ones first; a dead worker's lease simply runs out.

        Only what `channels` carry, and nothing for the contacts in `resting`, who were just written to.
        """
        wanted = {"now": now, "most": limit, "channels": [c.value for c in channels], "resting": list(resting)}
        numbers = self._tx.db.execute(_NEXT, wanted).scalars().all()
        if not numbers:
            return ()
        taken = {"lease_by": worker, "lease_until": now + lease, "attempts": outbox.c.attempts + 1}
        self._tx.db.execute(update(outbox).where(outbox.c.seq.in_(numbers)).values(taken))
        query = _PARCELS.where(outbox.c.seq.in_(numbers)).order_by(outbox.c.priority, outbox.c.seq)
        return tuple(self._parcel(row) for row in self._tx.db.execute(query).all())

    def renew(self, worker: str, numbers: Collection[int], until: datetime) -> None:
        """Keeps what this worker is still carrying its own."""
        mine = outbox.c.seq.in_(numbers) & (outbox.c.lease_by == worker)
        self._tx.db.execute(update(outbox).where(UNDONE, mine).values(lease_until=until))

    def done(self, seq: int, at: datetime) -> bool:
        """The channel took it; False when that was known already (a repeat)."""
        return self._end(outbox.c.seq == seq, sent=at)

    def retry(self, seq: int, due: datetime, error: str) -> bool:
        """It did not go out; again at `due`. `error` is a class name, never a text."""
        return self._end(outbox.c.seq == seq, due=due, error=error)

    def dead(self, seq: int, at: datetime, error: str) -> bool:
        """It will not go out by itself: a human's task. False when it has gone out after all."""
        return self._end(outbox.c.seq == seq, dead=at, error=error)

    def waiting(self) -> Waiting:
        """How much is still to be pushed."""
        count, oldest = self._tx.db.execute(_WAITING).one()
        return Waiting(count, oldest)

    def _end(self, which: ColumnElement[bool], **values: object) -> bool:
        freed = {"lease_by": None, "lease_until": None} | values
        return self._tx.db.execute(update(outbox).where(which, UNDONE).values(freed)).rowcount == 1

    def _parcel(self, row: Row[Any]) -> Parcel:
        seal = self._tx.ring.of(row.contact)
        return Parcel(
            seq=row.seq,
            contact=row.contact,
            channel=Channel(row.carried_by),
            address=seal.open(row.address, f"contacts/{row.contact}/address")["chat"],
            reply=Reply.from_record(seal.open(row.body, f"outbox/{row.contact}")),
            kind=row.kind,
            part=row.part,
            attempts=row.attempts,
        )

    def _read(self, contact: Contact, rows: Collection[Row[Any, Any]]) -> tuple[tuple[int, Reply], ...]:
        """The replies of rows; what was erased is left out."""
        kept = [row for row in rows if row.body is not None]
        seal = self._tx.ring.of(contact.id) if kept else None
        return tuple((r.seq, Reply.from_record(seal.open(r.body, f"outbox/{contact.id}"))) for r in kept if seal)
