"""The courier: carries the outbox to the channels. Any number may run.

The promise: each message is tried until it is out or a human knows; none is lost, and there is at most one harmless repeat
when a crash falls between a channel's answer and our commit.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import datetime, timedelta

from bot.delivery.carrier import TRIES, Carrier
from bot.delivery.pace import Pace
from bot.delivery.ports import OnDead, OnSent, Sender
from bot.errors import ConflictError, StoreUnavailableError
from bot.messages import Channel
from bot.store import Parcel, Store, Work

log = logging.getLogger(__name__)

# Renewed while a message is on its way, so short: what a killed worker held waits no longer than this.
LEASE = timedelta(seconds=10)
HANDS = 8  # messages on their way at once, each in another chat


class Courier:
    """Claims what is due under a lease, renews the lease while it is being carried, and keeps the channels' pace.

    `on_sent` and `on_dead` run in the transaction that records the outcome.
    """

    def __init__(
        self,
        store: Store,
        senders: Mapping[Channel, Sender],
        clock: Callable[[], datetime],
        on_sent: OnSent,
        on_dead: OnDead,
        *,
        pace: Pace | None = None,
        lease: timedelta = LEASE,
        tries: int = TRIES,
    ) -> None:
        """Nothing runs yet. `tries` is after how many a message is given up."""
        self.name = secrets.token_hex(8)
        self._carrier = Carrier(store, senders, clock, on_sent, on_dead, tries)
        self._pace = pace or Pace()
        self._lease = lease
        self._renew_at: datetime | None = None
        self._hands = ThreadPoolExecutor(HANDS, thread_name_prefix="courier")
        self._carrying: dict[Future[bool], Parcel] = {}

    def run_once(self) -> int:
        """Carries everything that may go now, chat by chat in order; returns how many messages were handed over."""
        handed_over = 0
        while self._start() or self._carrying:
            done, _ = wait(self._carrying, timeout=self._lease.total_seconds() / 3, return_when=FIRST_COMPLETED)
            handed_over += sum(self._handed_over(future) for future in done)
        return handed_over

    async def run(self, stop: asyncio.Event, wake: asyncio.Event, *, idle: float = 0.5) -> None:
        """Carries until `stop`; sleeps until `wake` is set, a message is through, or for `idle` seconds."""
        loop = asyncio.get_running_loop()
        try:
            while not stop.is_set():
                wake.clear()
                if not await asyncio.to_thread(self._round, lambda: _set(loop, wake)):
                    await _until(wake, min(idle, self._pace.free_in() or idle))
        finally:
            await asyncio.to_thread(self.close)

    def close(self) -> None:
        """Ends what is being carried and takes nothing more."""
        self._carrier.closing.set()
        self._hands.shutdown(wait=True)

    def _round(self, through: Callable[[], None]) -> int:
        """Looks at what has come back and starts what may go; returns how many messages were started."""
        for future in [future for future in self._carrying if future.done()]:
            self._handed_over(future)
        try:
            return self._start(through)
        except (ConflictError, StoreUnavailableError) as error:
            log.warning("the outbox waits: %s", error)
            return 0

    def _start(self, through: Callable[[], None] | None = None) -> int:
        """Claims what there are hands and pace for; `through` is called whenever one has ended."""
        now = self._carrier.clock()
        with self._carrier.store.work() as work:
            self._renew(work, now)
            parcels = self._claim(work, now)
        self._pace.begin(len(parcels))
        for parcel in parcels:
            future = self._hands.submit(self._carry, parcel)
            self._carrying[future] = parcel
            if through:
                future.add_done_callback(lambda _: through())
        return len(parcels)

    def _claim(self, work: Work, now: datetime) -> tuple[Parcel, ...]:
        limit = min(HANDS - len(self._carrying), self._pace.allowance())
        channels, resting = self._carrier.senders.keys(), self._pace.resting()
        return (
            work.outbox.claim(self.name, now, self._lease, limit, channels=channels, resting=resting) if limit else ()
        )

    def _renew(self, work: Work, now: datetime) -> None:
        """Keeps the leases of what takes long, three times as often as they run out."""
        if self._carrying and self._renew_at and now < self._renew_at:
            return
        if self._carrying:
            work.outbox.renew(self.name, [parcel.seq for parcel in self._carrying.values()], now + self._lease)
        self._renew_at = now + self._lease / 3

    def _carry(self, parcel: Parcel) -> bool:
        try:
            return self._carrier.carry(parcel)
        finally:
            self._pace.end(parcel.contact)

    def _handed_over(self, future: Future[bool]) -> bool:
        """Whether a message went out; one whose outcome could not be written down is carried again after its lease."""
        parcel = self._carrying.pop(future)
        error = future.exception()
        if error is not None:
            log.error("the outcome of message %d is not written down: %s", parcel.seq, type(error).__name__)
        return error is None and future.result()


def _set(loop: asyncio.AbstractEventLoop, wake: asyncio.Event) -> None:
    """Wakes the courier from a worker thread."""
    try:
        loop.call_soon_threadsafe(wake.set)
    except RuntimeError:
        return  # the loop has ended: nobody sleeps there any more


async def _until(wake: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(wake.wait(), seconds)
    except TimeoutError:
        return
