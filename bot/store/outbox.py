"""The outbox: what goes out, written in the turn's own transaction and claimed under a lease by couriers afterwards.

One chat's messages keep their order; urgent ones overtake, in their own chat too. What its receiver comes and reads
(web, REST, terminal) is never claimed. A lease ends by itself; what a courier says of a message it no longer holds is not
heard, except that it went out.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, bindparam, case, func, insert, or_, select, update

from bot.errors import StoreUnavailableError
from bot.messages import Channel
from bot.replies import Reply
from bot.store.pacing import RESTING, times
from bot.store.records import Contact, Parcel, Priority, Tracked, Waiting
from bot.store.tables import DEAD, LAPSED, UNDONE, contacts, outbox, rests
from bot.store.transaction import Transaction

# A lease that ends later than any given now was given by a clock that has been set back since.
_BEYOND = 2
RECALLED = "Recalled"  # the error of a message that was taken back before it went out

_RECALL = (
    update(outbox)
    .where(UNDONE, outbox.c.part == bindparam("about"), outbox.c.lease_by.is_(None))
    .values(dead=bindparam("now"), settled=bindparam("now"), error=RECALLED, body=None)
)
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
_LETTERS = select(outbox, (outbox.c.body.is_not(None) & contacts.c.address.is_not(None)).label("readable")).join(
    contacts, contacts.c.id == outbox.c.contact
)
_STANDING = _LETTERS.where(UNDONE).order_by(outbox.c.priority, outbox.c.seq)
_DEAD = _LETTERS.where(DEAD).order_by(outbox.c.seq)
_ONE = _LETTERS.where(outbox.c.seq == bindparam("wanted"))
_LAPSED = select(func.coalesce(func.sum(outbox.c.lapsed), 0)).where(LAPSED)


def _next() -> Any:  # noqa: ANN401 – SQLAlchemy infers it
    """The due and free messages that are the next of their chat: nothing of it is on its way or stands before them."""
    before = outbox.alias("before")
    undone = and_(before.c.sent.is_(None), before.c.dead.is_(None), before.c.carried_by.is_not(None))
    # Said so that each half finds its own small index; SQLite would else look through all a chat has ever had.
    earlier = and_(
        before.c.priority <= outbox.c.priority,
        or_(before.c.priority < outbox.c.priority, before.c.seq < outbox.c.seq),
    )
    begun = or_(before.c.attempts > 0, ~_paused(before.c))
    waits = select(before.c.seq).where(undone, before.c.contact == outbox.c.contact, earlier, begun)
    under_way = outbox.alias("under_way")
    busy = select(under_way.c.seq).where(
        under_way.c.contact == outbox.c.contact, under_way.c.seq != outbox.c.seq, _held(under_way.c)
    )
    rested = select(rests.c.name).where(rests.c.name == outbox.c.contact, RESTING)
    return (
        select(outbox.c.seq)
        .where(UNDONE, outbox.c.carried_by == bindparam("on"), ~_paused(outbox.c), ~_held(outbox.c))
        .where(~waits.exists(), ~busy.exists(), ~rested.exists())
        .order_by(outbox.c.priority, outbox.c.seq)
        .limit(bindparam("most"))
        .with_for_update(skip_locked=True, of=outbox)
    )


def _paused(c: Any) -> ColumnElement[bool]:  # noqa: ANN401 – a table's columns
    """It is to go later, or is tried again later; one that was tried after now was so before a clock was set back, and goes."""
    return and_(c.tried.is_not(None), c.tried <= bindparam("soon"), c.due > bindparam("now"))


def _held(c: Any) -> ColumnElement[bool]:  # noqa: ANN401 – a table's columns
    """Somebody is carrying it."""
    return and_(c.lease_until.is_not(None), c.lease_until > bindparam("now"), c.lease_until <= bindparam("beyond"))


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
        at: datetime | None = None,
    ) -> int:
        """One message (`kind` is reply, notice or card; `part` the referral it carries); returns its number.

        One that is to go out later than now says `at` when it was written; without it nothing waits for a clock.

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
            "tried": at,
        }
        return int(self._tx.db.execute(_NEW, row).scalar_one())

    def of_turn(self, turn: str, contact: Contact) -> tuple[tuple[Reply, ...], int]:
        """What a turn answered, for a message delivered twice: the replies and the number of the last (0: none)."""
        found = self._read(contact, self._tx.db.execute(_OF_TURN, {"wanted": turn, "to": contact.id}).all())
        return tuple(reply for _, reply in found), found[-1][0] if found else 0

    def latest(self, contact: Contact, at_most: int) -> tuple[tuple[int, Reply], ...]:
        """The newest messages to a contact, the oldest of them first."""
        query = select(outbox.c.seq, outbox.c.body).where(outbox.c.contact == contact.id)
        rows = self._tx.db.execute(query.order_by(outbox.c.seq.desc()).limit(at_most)).all()
        return self._read(contact, rows[::-1])

    def newest(self, contact: str | None = None) -> int:
        """The number of the newest message of all, or to one contact; 0 where there is none."""
        query = select(func.max(outbox.c.seq))
        return (
            self._tx.db.execute(query.where(outbox.c.contact == contact) if contact is not None else query).scalar()
            or 0
        )

    def after(self, contact: Contact, seq: int) -> tuple[tuple[int, Reply], ...]:
        """What was written to this contact after message number `seq`, each with its number."""
        return self._read(contact, self._tx.db.execute(_AFTER, {"to": contact.id, "read": seq}).all())

    def claim(
        self, worker: str, now: datetime, lease: timedelta, limit: int, *, channel: Channel = Channel.TELEGRAM
    ) -> tuple[Parcel, ...]:
        """Takes due messages of a channel under a lease, one a chat, urgent ones first.

        A dead worker's lease simply runs out, and is counted: what it carried may be out already. One that cannot be
        opened any more comes without address and reply, for whoever carries it to give up.
        """
        wanted = times(now) | {"beyond": now + lease * _BEYOND, "most": limit, "on": channel.value}
        numbers = self._tx.db.execute(_NEXT, wanted).scalars().all()
        if not numbers:
            return ()
        taken = {
            "lease_by": worker,
            "lease_until": now + lease,
            "attempts": outbox.c.attempts + 1,
            "tried": now,
            "lapsed": outbox.c.lapsed + case((outbox.c.lease_by.is_not(None), 1), else_=0),
        }
        self._tx.db.execute(update(outbox).where(outbox.c.seq.in_(numbers)).values(taken))
        query = _PARCELS.where(outbox.c.seq.in_(numbers)).order_by(outbox.c.priority, outbox.c.seq)
        return tuple(self._parcel(row) for row in self._tx.db.execute(query).all())

    def renew(self, worker: str, numbers: Collection[int], until: datetime) -> None:
        """Keeps what this worker is still carrying its own."""
        mine = outbox.c.seq.in_(numbers) & (outbox.c.lease_by == worker)
        self._tx.db.execute(update(outbox).where(UNDONE, mine).values(lease_until=until))

    def done(self, seq: int, at: datetime) -> bool:
        """The channel took it, whoever carried it; False when that was known already (a repeat)."""
        return self._end(outbox.c.seq == seq, sent=at)

    def retry(self, seq: int, worker: str, due: datetime, error: str) -> bool:
        """It did not go out; again at `due`. False when `worker` no longer holds it. `error` is a class name, never a text."""
        return self._end((outbox.c.seq == seq) & (outbox.c.lease_by == worker), due=due, error=error)

    def dead(self, seq: int, worker: str | None, at: datetime, error: str) -> bool:
        """It will not go out by itself: a human's task. False when it went out after all or `worker` no longer holds it.

        Without a worker a human gives it up; not while somebody carries it.
        """
        holder = outbox.c.lease_by == worker if worker else outbox.c.lease_by.is_(None)
        return self._end((outbox.c.seq == seq) & holder, dead=at, error=error)

    def revive(self, seq: int, at: datetime) -> bool:
        """A dead letter is carried again, as if it were new; one that waits for another try is tried at once."""
        again = {"dead": None, "settled": None, "attempts": 0, "tried": None, "due": at}
        which = (outbox.c.seq == seq) & outbox.c.sent.is_(None) & outbox.c.lease_by.is_(None)
        return self._tx.db.execute(update(outbox).where(which).values(again)).rowcount == 1

    def settle(self, seq: int, at: datetime) -> bool:
        """A human has dealt with a dead letter: it is no longer shown."""
        return self._tx.db.execute(update(outbox).where(outbox.c.seq == seq, DEAD).values(settled=at)).rowcount == 1

    def recall(self, part: str, at: datetime, contact: str | None = None) -> None:
        """What was written about a part, to `contact` or to anybody, and has not gone out never does, and its words are gone."""
        query = _RECALL.where(outbox.c.contact == contact) if contact else _RECALL
        self._tx.db.execute(query, {"about": part, "now": at})

    def rewrite(self, part: str, contact: Contact, reply: Reply, priority: Priority) -> bool:
        """The card of a part that waits to go out to somebody says this instead, at its place in the row; False when none waits."""
        of_part = (UNDONE, outbox.c.part == part, outbox.c.contact == contact.id, outbox.c.lease_by.is_(None))
        waits = select(outbox.c.seq).where(*of_part, outbox.c.kind == "card").order_by(outbox.c.seq).limit(1)
        seq = self._tx.db.execute(waits).scalar()
        body = self._tx.ring.of(contact.id).close(reply.to_record(), f"outbox/{contact.id}")
        changed = update(outbox).where(*of_part, outbox.c.seq == seq).values(body=body, priority=int(priority))
        return seq is not None and self._tx.db.execute(changed).rowcount == 1

    def waiting(self) -> Waiting:
        """How much is still to be pushed."""
        count, oldest = self._tx.db.execute(_WAITING).one()
        return Waiting(count, oldest)

    def tracked(self) -> tuple[Tracked, ...]:
        """Everything that is still to be pushed, in the order of its going, then every dead letter nobody has dealt with."""
        found = [*self._tx.db.execute(_STANDING).all(), *self._tx.db.execute(_DEAD).all()]
        return tuple(_tracked(row) for row in found)

    def track(self, seq: int) -> Tracked | None:
        """One message, seen from outside."""
        row = self._tx.db.execute(_ONE, {"wanted": seq}).one_or_none()
        return _tracked(row) if row else None

    def lapsed(self) -> int:
        """How often whoever carried a message vanished: as many may have arrived twice."""
        return int(self._tx.db.execute(_LAPSED).scalar_one())

    def _end(self, which: ColumnElement[bool], **values: object) -> bool:
        freed = {"lease_by": None, "lease_until": None} | values
        return self._tx.db.execute(update(outbox).where(which, UNDONE).values(freed)).rowcount == 1

    def _parcel(self, row: Row[Any]) -> Parcel:
        try:
            address, reply = self._open(row)
        except StoreUnavailableError:
            address, reply = "", None
        return Parcel(
            seq=row.seq,
            contact=row.contact,
            channel=Channel(row.carried_by),
            address=address,
            reply=reply,
            kind=row.kind,
            part=row.part,
            attempts=row.attempts,
        )

    def _open(self, row: Row[Any]) -> tuple[str, Reply]:
        """Address and message; raises `StoreUnavailableError` for what was erased or does not open."""
        if row.address is None or row.body is None:
            raise StoreUnavailableError("this message was erased")
        seal = self._tx.ring.of(row.contact)
        address = str(seal.open(row.address, f"contacts/{row.contact}/address")["chat"])
        return address, Reply.from_record(seal.open(row.body, f"outbox/{row.contact}"))

    def _read(self, contact: Contact, rows: Collection[Row[Any, Any]]) -> tuple[tuple[int, Reply], ...]:
        """The replies of rows; what was erased is left out."""
        kept = [row for row in rows if row.body is not None]
        seal = self._tx.ring.of(contact.id) if kept else None
        return tuple((r.seq, Reply.from_record(seal.open(r.body, f"outbox/{contact.id}"))) for r in kept if seal)


def _tracked(row: Row[Any]) -> Tracked:
    return Tracked(
        seq=row.seq,
        contact=row.contact,
        channel=Channel(row.carried_by),
        kind=row.kind,
        part=row.part,
        priority=Priority(row.priority),
        attempts=row.attempts,
        tried=row.tried,
        due=row.due,
        lapsed=row.lapsed,
        lease_by=row.lease_by,
        lease_until=row.lease_until,
        sent=row.sent,
        dead=row.dead,
        error=row.error,
        readable=row.readable,
    )
