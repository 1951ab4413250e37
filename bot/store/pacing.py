"""How fast a channel is written to, kept by all who carry it together.

A chat rests after each message, a channel has so many messages a second, and whoever asks to be left alone is.
What holds something back holds from `since` until `until`; well before `since` a clock was set back, and it holds no longer.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, delete, func, insert, select, update

from bot.messages import Channel
from bot.store.tables import rests, strides
from bot.store.transaction import Transaction

# Messages are spread over the second: a burst that is held up on its way would else meet the next one there.
STRIDE, STRIDES_A_SECOND = timedelta(seconds=0.2), 5
# Clocks of two machines, and moments taken before and after a wait, may differ by this much; more, and one was set back.
ASTRAY = timedelta(seconds=5)

RESTING = and_(rests.c.since <= bindparam("soon"), rests.c.until > bindparam("now"))
_OVER = delete(rests).where(rests.c.until <= bindparam("before"))
_CHANNEL_RESTS = select(rests.c.until).where(rests.c.name == bindparam("wanted"), RESTING)
_ANOTHER = select(rests.c.name).where(
    rests.c.channel == bindparam("on"), rests.c.asked, rests.c.name != bindparam("but"), RESTING
)
_RESTING_NOW = select(rests.c.name, rests.c.until).where(RESTING)
_NEXT_UP = select(func.min(rests.c.until)).where(rests.c.channel == bindparam("on"), RESTING)
_STALE = delete(strides).where(
    strides.c.channel == bindparam("on"), (strides.c.at <= bindparam("before")) | (strides.c.at > bindparam("soon"))
)
_BEGUN = select(func.count(), func.min(strides.c.at)).where(strides.c.channel == bindparam("on"))


def times(now: datetime) -> dict[str, datetime]:
    """What `RESTING` wants to know."""
    return {"now": now, "soon": now + ASTRAY}


class Pacing:
    """The pace of one transaction."""

    def __init__(self, transaction: Transaction) -> None:
        self._tx = transaction

    def free(self, channel: Channel, a_second: int, now: datetime) -> int:
        """How many may begin now, of `a_second`. Whoever asks holds the channel until the transaction ends."""
        self._tx.hold(self._tx.ring.blind("pace", channel.value))
        self._tx.db.execute(_OVER, {"before": now})
        self._tx.db.execute(_STALE, {"on": channel.value, "before": now - STRIDE, "soon": now + ASTRAY})
        if self._tx.db.execute(_CHANNEL_RESTS, {"wanted": channel.value} | times(now)).first():
            return 0
        begun, _ = self._tx.db.execute(_BEGUN, {"on": channel.value}).one()
        return max(0, -(-a_second // STRIDES_A_SECOND) - int(begun))

    def begin(self, channel: Channel, messages: int, now: datetime) -> None:
        """So many messages are on their way."""
        if messages:
            self._tx.db.execute(insert(strides), [{"channel": channel.value, "at": now}] * messages)

    def rest(self, channel: Channel, contact: str, now: datetime, span: timedelta, *, asked: bool = False) -> None:
        """A chat is left alone for so long. `asked`: because the channel said so.

        A channel does not say whose limit it was. When it asks on behalf of two chats at once it means itself, and rests as
        a whole; for one chat alone it does not: nobody else's emergency shall wait for it.
        """
        self._set(contact, channel, now, now + span, asked=asked)
        if asked and self._tx.db.execute(_ANOTHER, {"on": channel.value, "but": contact} | times(now)).first():
            self._set(channel.value, channel, now, now + span, asked=True)

    def free_at(self, channel: Channel, now: datetime) -> datetime | None:
        """When something that is held back now may go, None when nothing is."""
        rested = self._tx.db.execute(_NEXT_UP, {"on": channel.value} | times(now)).scalar()
        _, oldest = self._tx.db.execute(_BEGUN, {"on": channel.value}).one()
        return min((at for at in (rested, oldest and oldest + STRIDE) if at and at > now), default=None)

    def resting(self, now: datetime) -> Mapping[str, datetime]:
        """The contacts and channels that are left alone now, each with the end of it."""
        return {row.name: row.until for row in self._tx.db.execute(_RESTING_NOW, times(now))}

    def _set(self, name: str, channel: Channel, since: datetime, until: datetime, *, asked: bool) -> None:
        row = {"channel": channel.value, "since": since, "until": until, "asked": asked}
        if self._tx.db.execute(update(rests).where(rests.c.name == name).values(row)).rowcount == 0:
            self._tx.db.execute(insert(rests).values(row | {"name": name}))
