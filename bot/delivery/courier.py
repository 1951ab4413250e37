"""The courier: carries one channel's part of the outbox. Any number may run, in any number of processes.

The promise: each message is tried until it is out or a human knows; none is lost, and there is at most one harmless repeat
when a crash falls between a channel's answer and our commit.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import suppress
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
# Messages on their way at once, each in another chat: enough for a channel's pace, and no more may come again after a kill.
HANDS = 4


class Courier:
    """Claims what is due under a lease, renews the lease while it is being carried, and keeps the channel's pace.

    Each channel has couriers of its own, so that a slow mail server holds nobody up on Telegram. `on_sent` and `on_dead` run
    in the transaction that records the outcome.
    """

    def __init__(  # noqa: PLR0913 – what it works with, and three knobs
        self,
        store: Store,
        channel: Channel,
        sender: Sender,
        clock: Callable[[], datetime],
        on_sent: OnSent,
        on_dead: OnDead,
        *,
        pace: Pace | None = None,
        lease: timedelta = LEASE,
        tries: int = TRIES,
        hands: Executor | None = None,
    ) -> None:
        """Nothing runs yet. `tries` is after how many a message is given up, `hands` what carries at most `HANDS` at once."""
        self.name = secrets.token_hex(8)
        self._channel = channel
        self._pace = pace or Pace()
        self._carrier = Carrier(self.name, store, sender, clock, on_sent, on_dead, self._pace, tries)
        self._lease = lease
        self._renew_at: datetime | None = None
        self._free_at: datetime | None = None
        self._hands = hands or ThreadPoolExecutor(HANDS, thread_name_prefix=f"courier-{channel.value}")
        self._carrying: dict[Future[bool], Parcel] = {}
        self._woken = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    def run_once(self) -> int:
        """Carries everything that may go now, chat by chat in order; returns how many messages were handed over."""
        handed_over = 0
        while self.start() or self._carrying:
            done, _ = wait(self._carrying, timeout=self._lease.total_seconds() / 3, return_when=FIRST_COMPLETED)
            handed_over += sum(self._handed_over(future) for future in done)
        return handed_over

    async def run(self, stop: asyncio.Event, *, idle: float = 0.5) -> None:
        """Carries until `stop`; sleeps until it is woken, a message is through, or for `idle` seconds."""
        self._loop = asyncio.get_running_loop()
        try:
            while not stop.is_set():
                self._woken.clear()
                if not await asyncio.to_thread(self._round):
                    await _until(self._woken, min(idle, self._free_in() or idle))
        finally:
            await asyncio.to_thread(self.close)

    def start(self) -> int:
        """Claims what there are hands and pace for; each that ends wakes the courier. Returns how many it started."""
        with self._carrier.store.work() as work:
            now = self._carrier.clock()
            self._renew(work, now)
            parcels = self._claim(work, now)
        for parcel in parcels:
            future = self._hands.submit(self._carrier.carry, parcel)
            self._carrying[future] = parcel
            future.add_done_callback(lambda _: self.wake())
        return len(parcels)

    def put_down(self) -> int:
        """Lets go of what has come back; returns how many messages were handed over."""
        return sum(self._handed_over(future) for future in [future for future in self._carrying if future.done()])

    def wake(self) -> None:
        """There is something to carry; from any thread."""
        if self._loop:
            with suppress(RuntimeError):  # the loop has ended: nobody sleeps there any more
                self._loop.call_soon_threadsafe(self._woken.set)

    def close(self) -> None:
        """Ends what is being carried and takes nothing more."""
        self._carrier.closing.set()
        self._hands.shutdown(wait=True)

    def _round(self) -> int:
        """Looks at what has come back and starts what may go; returns how many messages were started."""
        self.put_down()
        try:
            return self.start()
        except (ConflictError, StoreUnavailableError) as error:
            log.warning("the outbox waits: %s", error)
            return 0

    def _claim(self, work: Work, now: datetime) -> tuple[Parcel, ...]:
        hands = HANDS - len(self._carrying)
        if not hands:
            return ()
        limit = min(hands, work.pacing.free(self._channel, self._pace.a_second, now))
        parcels = work.outbox.claim(self.name, now, self._lease, limit, channel=self._channel) if limit else ()
        work.pacing.begin(self._channel, len(parcels), now)
        self._free_at = None if parcels else work.pacing.free_at(self._channel, now)
        return parcels

    def _renew(self, work: Work, now: datetime) -> None:
        """Keeps the leases of what takes long, three times as often as they run out, and at once when the clock has jumped."""
        if self._renew_at and self._renew_at - self._lease < now < self._renew_at:
            return
        if self._carrying:
            work.outbox.renew(self.name, [parcel.seq for parcel in self._carrying.values()], now + self._lease)
        self._renew_at = now + self._lease / 3

    def _free_in(self) -> float | None:
        """Seconds until something that is held back may go, None when nothing is."""
        return max(0.001, (self._free_at - self._carrier.clock()).total_seconds()) if self._free_at else None

    def _handed_over(self, future: Future[bool]) -> bool:
        """Whether a message went out; one whose outcome could not be written down is carried again after its lease."""
        parcel = self._carrying.pop(future)
        error = future.exception()
        if error is not None:
            log.error("the outcome of message %d is not written down: %s", parcel.seq, type(error).__name__)
        return error is None and future.result()


async def _until(wake: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(wake.wait(), seconds)
    except TimeoutError:
        return
