"""The carrier: takes one message to its channel and writes down what came of it."""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Event

from bot.delivery.pace import Pace
from bot.delivery.ports import OnDead, OnSent, Sender
from bot.errors import ConflictError, DeliveryError, StoreUnavailableError
from bot.store import Parcel, Store, Work

log = logging.getLogger(__name__)

TRIES = 20  # about two hours
FIRST_WAIT, LONGEST_WAIT = 1.0, 600.0  # seconds
PATIENCE = 1.0  # seconds between two tries to write an outcome down

Step = Callable[[Work, datetime], object]


@dataclass(frozen=True, slots=True)
class Carrier:
    """Carries parcels of one channel, any number at once. A message that is out stays out, whatever the callbacks do wrong."""

    name: str
    store: Store
    sender: Sender
    clock: Callable[[], datetime]
    on_sent: OnSent
    on_dead: OnDead
    pace: Pace
    tries: int = TRIES
    closing: Event = field(default_factory=Event)

    def carry(self, parcel: Parcel) -> bool:
        """Whether the message was handed over; recorded either way.

        Raises `StoreUnavailableError` when we are closed before the outcome could be written down: then the message is
        carried again once its lease has run out.
        """
        failure = self._send(parcel)
        if failure is None:
            self._sent(parcel)
        elif failure.permanent or parcel.attempts >= self.tries:
            self._dead(parcel, failure)
        else:
            self._again(parcel, failure, failure.retry_after or backoff(parcel.attempts))
        return failure is None

    def _send(self, parcel: Parcel) -> DeliveryError | None:
        """What went wrong, or None. A sender's own mistake is tried again, as if the channel had not answered."""
        if parcel.reply is None:
            return DeliveryError("it cannot be opened any more", permanent=True)
        if parcel.attempts > self.tries:
            return DeliveryError("it was begun too often and never ended")
        try:
            self.sender.send(parcel.address, parcel.reply)
        except DeliveryError as error:
            return error
        except Exception as error:  # noqa: BLE001 – one message must not stop the others
            _log("sending failed", error)
            return DeliveryError(type(error).__name__)
        return None

    def _sent(self, parcel: Parcel) -> None:
        """A repeat, already recorded by somebody else, is told of only once."""

        def told(work: Work, now: datetime) -> None:
            self._rest(work, parcel, now)
            if work.outbox.done(parcel.seq, now):
                self.on_sent(work, parcel, now)

        def alone(work: Work, now: datetime) -> None:
            self._rest(work, parcel, now)
            work.outbox.done(parcel.seq, now)

        try:
            self._record(told)
        except StoreUnavailableError:
            raise
        except Exception as error:  # noqa: BLE001 – it is out, whatever is made of it
            _log("a delivery was recorded alone", error)
            self._record(alone)

    def _dead(self, parcel: Parcel, failure: DeliveryError) -> None:
        """A message is given up only together with whoever is told of it; when that fails, both come again."""

        def given_up(work: Work, now: datetime) -> None:
            self._rest(work, parcel, now)
            if work.outbox.dead(parcel.seq, self.name, now, type(failure).__name__):
                self.on_dead(work, parcel, now, blocked=failure.permanent and parcel.reply is not None)

        try:
            self._record(given_up)
        except StoreUnavailableError:
            raise
        except Exception as error:  # noqa: BLE001 – somebody must hear of it
            _log("nobody could be told of a message that does not arrive", error)
            self._again(parcel, failure, LONGEST_WAIT)

    def _again(self, parcel: Parcel, failure: DeliveryError, seconds: float) -> None:
        pause = timedelta(seconds=seconds)

        def later(work: Work, now: datetime) -> None:
            self._rest(work, parcel, now, failure.retry_after)
            work.outbox.retry(parcel.seq, self.name, now + pause, type(failure).__name__)

        self._record(later)

    def _rest(self, work: Work, parcel: Parcel, now: datetime, asked: float | None = None) -> None:
        """The chat is left alone, for as long as the channel asked or our own manners say."""
        span = timedelta(seconds=asked) if asked else self.pace.rest(parcel.address)
        if span:
            work.pacing.rest(parcel.channel, parcel.contact, now, span, asked=asked is not None)

    def _record(self, step: Step) -> None:
        """Writes an outcome down, however long the database takes, until we are closed."""
        while True:
            try:
                with self.store.work(first=True) as work:
                    step(work, self.clock())
            except (ConflictError, StoreUnavailableError) as error:
                if self.closing.wait(PATIENCE):
                    raise StoreUnavailableError("closed before an outcome was written down") from error
            else:
                return


def backoff(attempts: int) -> float:
    """Seconds before the next try: doubling, capped, with jitter so that many do not come back at once."""
    longest = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** min(attempts - 1, 20))
    return float(longest * random.uniform(0.5, 1.0))  # noqa: S311 – jitter, not a secret


def _log(what: str, error: Exception) -> None:
    """The kind of an error only, since its text may hold somebody's words; the rest when debugging."""
    log.error("%s: %s", what, type(error).__name__, exc_info=log.isEnabledFor(logging.DEBUG))
