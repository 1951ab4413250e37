"""Deadlines and silences are turns as well: what fell due becomes somebody's, one transaction each."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from bot.errors import ConflictError, StaleVersionError, StoreUnavailableError
from bot.store import Work
from bot.turns.corresponding import Corresponding
from bot.turns.erasing import Erasing
from bot.turns.holding import Holding
from bot.turns.inquiring import Inquiring
from bot.turns.moving import Moving
from bot.turns.services import Services
from bot.turns.tasks import Tasks
from bot.turns.wearing import tell_of_one

log = logging.getLogger(__name__)

Step = Callable[[Services, Work, datetime], bool]
PutOff = Callable[[Services, Work, datetime], None]

# A clock that differs by less is being set, not set back.
SET_BACK = timedelta(minutes=10)

# A part that could not be moved is tried again after so long.
AGAIN = timedelta(minutes=5)

# One round looks at this many of each kind, so that a round stays short; the next round takes the rest.
A_ROUND = 50


def due(services: Services, now: datetime) -> int:
    """Reminds of deadlines, passes on what was not done in time, and gives silent conversations to an operator.

    Returns how much it moved.

    Safe to run in several processes and after any outage: each item is claimed and moved in its own transaction.
    """
    moved = _held(services, now)
    moved += sum(_safely(services, now, step, put_off) for step, put_off in PUT_OFF)
    return moved + sum(
        _each(services, now, step) for step in (_one_silence, _one_task, _one_wish, _one_erasure, tell_of_one)
    )


def _safely(services: Services, now: datetime, step: Step, put_off: PutOff) -> int:
    """A round in which one that cannot be dealt with is left for later, and stands in nobody's way."""
    try:
        return _each(services, now, step)
    except (ConflictError, StoreUnavailableError):
        raise
    except Exception as error:
        log.error("%s failed: %s", step.__name__, type(error).__name__, exc_info=log.isEnabledFor(logging.DEBUG))
        with services.store.work() as work:
            put_off(services, work, now)
        return 1


def _held(services: Services, now: datetime) -> int:
    """Moves that nobody took back are made; one that cannot be made any more is dropped, and whoever ordered it is told."""
    try:
        return _safely(services, now, _one_held, _held_refused)
    except StaleVersionError:
        with services.store.work() as work:
            _held_refused(services, work, now)
        return 1


def _one_held(services: Services, work: Work, now: datetime) -> bool:
    return Holding(services, work, now).next()


def _held_refused(services: Services, work: Work, now: datetime) -> None:
    Holding(services, work, now).refused()


def _part_later(services: Services, work: Work, now: datetime) -> None:
    case = work.cases.put_off(now, now + AGAIN)
    family = work.contacts.get(case.contact) if case else None
    if case and family:
        Tasks(services, work, work.inbox.clock(now), now).raise_for(family, "stuck", key=case.id)


def _inquiry_later(_: Services, work: Work, now: datetime) -> None:
    work.inquiries.put_off(now, now + AGAIN)


def _letter_later(_: Services, work: Work, now: datetime) -> None:
    work.letters.put_off(now, now + AGAIN)


def _each(services: Services, now: datetime, step: Step) -> int:
    """Runs `step` until it finds nothing more, at most a round's worth.

    It passes by the turns that wait: a deadline that has passed is somebody's who waits already.
    """
    for count in range(A_ROUND):
        with services.store.work(first=True) as work:
            if not step(services, work, now):
                return count
    return A_ROUND


def _one_part(services: Services, work: Work, now: datetime) -> bool:
    """The open part that waits longest: what came due in a time that did not come is put right, else its next step is made.

    A step is due once: after an outage of days a part goes one level up, not all of them, and nobody is reminded of what is over.
    """
    moving = Moving(services, work, "", now)
    if ahead := work.cases.ahead(now + SET_BACK):
        moving.reset(*ahead)
        return True
    awake = work.cases.awake(now)
    if awake is None:
        return False
    moving = replace(moving, turn=work.inbox.clock(now))
    if awake[1].deadline <= now:
        moving.escalate(*awake)
    else:
        moving.remind(*awake)
    return True


def _one_inquiry(services: Services, work: Work, now: datetime) -> bool:
    """A family is asked whether the promise was kept; what they do not answer becomes an operator's task."""
    inquiry = work.inquiries.next(now)
    if inquiry is None:
        return False
    Inquiring(services, work, work.inbox.clock(now), now).look(inquiry)
    return True


def _one_silence(services: Services, work: Work, now: datetime) -> bool:
    """Somebody who had told something and fell silent becomes an operator's task."""
    contact = work.contacts.quiet(now)
    if contact is None:
        return False
    turn = work.inbox.clock(now)
    Tasks(services, work, turn, now).raise_for(contact, "silent", key=contact.last_heard.isoformat())
    work.contacts.save(replace(contact, quiet_due=None))
    return True


def _one_letter(services: Services, work: Work, now: datetime) -> bool:
    """A letter that nobody has read in time becomes somebody's."""
    letter = work.letters.next(now)
    if letter is not None:
        Corresponding(services, work, work.inbox.clock(now), now).look(letter)
    return letter is not None


def _one_task(services: Services, work: Work, now: datetime) -> bool:
    """A task nobody has taken, or nobody has finished, is asked about again."""
    task = work.tasks.wakes(now)
    if task is not None:
        Tasks(services, work, work.inbox.clock(now), now).ring(task)
    return task is not None


def _one_wish(services: Services, work: Work, now: datetime) -> bool:
    """Somebody who asked to be erased is, some time after the last part that held it has ended."""
    contact = work.contacts.erase_due(now)
    if contact is not None:
        Erasing(services, work, work.inbox.clock(now), now).over(contact)
    return contact is not None


def _one_erasure(_: Services, work: Work, __: datetime) -> bool:
    """Somebody who was erased and has had the goodbye is forgotten for good: the key is destroyed."""
    contact = work.contacts.to_forget()
    if contact is not None:
        for case in work.cases.of_contact(contact):
            work.cases.erase(case.id)
        work.contacts.forget(contact)
    return contact is not None


# What can fail for one family alone, the gravest first, and what leaves that one for later.
PUT_OFF: tuple[tuple[Step, PutOff], ...] = (
    (_one_part, _part_later),
    (_one_inquiry, _inquiry_later),
    (_one_letter, _letter_later),
)
