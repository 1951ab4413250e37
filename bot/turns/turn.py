"""`Turns.take`: message → facts → decision → referral → reply, in one transaction."""

from __future__ import annotations

import logging
from threading import Lock

from bot.errors import ConflictError, StoreUnavailableError
from bot.messages import Incoming
from bot.turns.apology import apologise
from bot.turns.family import family_turn
from bot.turns.results import TurnResult
from bot.turns.services import Services
from bot.turns.staff import enrol, enrolment_code, staff_turn

log = logging.getLogger(__name__)

# Two writers met; the later one looks again.
TRIES = 3


class Turns:
    """The one way in. Every channel, the terminal and the clock come through here.

    `services` may be replaced at any time (new rules); a turn that has begun ends with those it began with.
    """

    def __init__(self, services: Services) -> None:
        self.services = services
        self.changing = Lock()  # held by whoever replaces a part of `services`

    def take(self, incoming: Incoming) -> TurnResult:
        """Takes one message whole, or not at all.

        A message seen before changes nothing and gets the replies it got then. Raises `StoreUnavailableError` when the
        database is locked or gone (the channel tries again); any other failure is answered honestly and given to a human.
        """
        services = self.services
        for _ in range(TRIES):
            try:
                return _once(services, incoming)
            except ConflictError:
                continue
            except StoreUnavailableError:
                raise
            except Exception as error:
                log.error("a turn failed: %s", type(error).__name__, exc_info=log.isEnabledFor(logging.DEBUG))
                return apologise(services, incoming)
        raise StoreUnavailableError("too many people changed the same conversation at once; try again")

    def close(self) -> None:
        """Closes the database."""
        self.services.store.close()


def _once(services: Services, incoming: Incoming) -> TurnResult:
    with services.store.work() as work:
        contact = work.contacts.by_address(incoming.channel, incoming.chat)
        if (turn := work.inbox.seen(incoming.channel, incoming.id)) is not None:
            return TurnResult(*work.outbox.of_turn(turn, contact)) if contact else TurnResult()
        contact = contact or work.contacts.new(incoming.channel, incoming.chat, incoming.at, incoming.language)
        if code := enrolment_code(incoming.content):
            return enrol(services, work, contact, incoming, code)
        if staff := work.staff.by_contact(contact.id):
            return staff_turn(services, work, staff, contact, incoming)
        return family_turn(services, work, contact, incoming)
