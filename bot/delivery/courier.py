"""The courier: carries the outbox to the channels. Any number may run; a message is tried until it is out or a human knows.

The promise: none lost, and at most one harmless repeat when a crash falls between a channel's answer and our commit.
"""

from __future__ import annotations

import asyncio
import logging
import random
import secrets
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from bot.errors import DeliveryError, StoreUnavailableError
from bot.messages import Channel
from bot.replies import Reply
from bot.store import Parcel, Store, Work

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
BATCH = 8  # one a chat; Telegram allows about 30 messages a second to different chats
TRIES = 8
FIRST_WAIT, LONGEST_WAIT = 1.0, 300.0  # seconds


class Sender(Protocol):
    """A channel that messages are pushed to."""

    def send(self, chat: str, reply: Reply) -> str:
        """Hands one message over and returns the channel's id of it; raises `DeliveryError`."""


class OnDead(Protocol):
    """What follows when a message will not go out."""

    def __call__(self, work: Work, parcel: Parcel, at: datetime, *, blocked: bool) -> None:
        """`blocked`: the channel says that it never will."""


@dataclass(slots=True)
class Courier:
    """Claims, sends, records. `on_sent` and `on_dead` run in the transaction that records the outcome."""

    store: Store
    senders: Mapping[Channel, Sender]
    clock: Callable[[], datetime]
    on_sent: Callable[[Work, Parcel, datetime], None]
    on_dead: OnDead
    name: str = field(default_factory=lambda: secrets.token_hex(8))

    def run_once(self) -> int:
        """One round: at most one message a chat; returns how many were handed over."""
        with self.store.work() as work:
            parcels = work.outbox.claim(self.name, self.clock(), LEASE, BATCH)
        if not parcels:
            return 0
        with ThreadPoolExecutor(len(parcels)) as hands:
            return sum(hands.map(self._carry, parcels))

    async def run(self, stop: asyncio.Event, wake: asyncio.Event, *, idle: float = 0.5) -> None:
        """Rounds until `stop`; between them it sleeps until `wake` is set or `idle` seconds have passed."""
        while not stop.is_set():
            try:
                carried = await asyncio.to_thread(self.run_once)
            except StoreUnavailableError:
                log.warning("the outbox waits: the database is not available")
                carried = 0
            if not carried:
                wake.clear()
                await _until(wake, idle)

    def _carry(self, parcel: Parcel) -> bool:
        try:
            self.senders[parcel.channel].send(parcel.address, parcel.reply)
        except DeliveryError as error:
            self._failed(parcel, error)
            return False
        with self.store.work() as work:
            work.outbox.done(parcel.seq, self.clock())
            self.on_sent(work, parcel, self.clock())
        return True

    def _failed(self, parcel: Parcel, error: DeliveryError) -> None:
        now = self.clock()
        with self.store.work() as work:
            if error.permanent or parcel.attempts >= TRIES:
                work.outbox.dead(parcel.seq, now, type(error).__name__)
                self.on_dead(work, parcel, now, blocked=error.permanent)
            else:
                wait = timedelta(seconds=error.retry_after or backoff(parcel.attempts))
                work.outbox.retry(parcel.seq, now + wait, type(error).__name__)


def backoff(attempts: int) -> float:
    """Seconds before the next try: doubling, capped, with jitter so that many do not come back at once."""
    wait: float = min(LONGEST_WAIT, FIRST_WAIT * 2 ** (attempts - 1))
    return wait * random.uniform(0.5, 1.0)  # noqa: S311 – jitter, not a secret


async def _until(wake: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(wake.wait(), seconds)
    except TimeoutError:
        return
