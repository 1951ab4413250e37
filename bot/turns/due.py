"""Deadlines and silences are turns as well: what fell due becomes somebody's, one transaction each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.referrals import Case, Part, moves
from bot.referrals.plan import Planner
from bot.store import Work
from bot.turns.news import bring
from bot.turns.sending import Sending
from bot.turns.services import Services
from bot.turns.staffing import StoreStaffing
from bot.turns.tasks import Tasks

Step = Callable[[Services, Work, datetime], bool]

# One round looks at this many of each kind, so that a round stays short; the next round takes the rest.
A_ROUND = 50


def due(services: Services, now: datetime) -> int:
    """Escalates parts nobody accepted in time and gives silent conversations to an operator; returns how many it moved.

    Safe to run in several processes and after any outage: each item is claimed and moved in its own transaction.
    """
    return sum(_each(services, now, step) for step in (_one_deadline, _one_silence, _one_erasure))


def _each(services: Services, now: datetime, step: Step) -> int:
    """Runs `step` until it finds nothing more, at most a round's worth."""
    for count in range(A_ROUND):
        with services.store.work() as work:
            if not step(services, work, now):
                return count
    return A_ROUND


def _one_deadline(services: Services, work: Work, now: datetime) -> bool:
    """The most overdue waiting part goes one level up."""
    overdue = work.cases.overdue(now)
    if overdue is None:
        return False
    case, part = overdue
    escalate(services, work, case, part, now)
    return True


def escalate(services: Services, work: Work, case: Case, part: Part, now: datetime) -> Part:
    """One level up: the new owner gets the referral, the old one and the family are told."""
    turn = work.inbox.clock(now)
    place = services.gazetteer.get(case.place) if case.place else None
    planner = Planner(services.directory, StoreStaffing(work), services.deadlines)
    heir, level, deadline = planner.next_in_line(part, place, now)
    moved, event = moves.escalate(part, now, heir, level, deadline)
    work.cases.save(case.with_part(moved))
    work.cases.add_event(case.id, event)
    sending = Sending(services, work, turn, now, services.sheet(work, case.id), place)
    sending.refer(moved)
    if heir != part.owner:
        _tell_both(services, work, turn, case, part, moved, sending, now)
    return moved


def _tell_both(
    services: Services, work: Work, turn: str, case: Case, before: Part, after: Part, sending: Sending, now: datetime
) -> None:
    sending.to_owner(before, "utter_staff_moved_on", {"who": services.directory.agency(after.owner.agency).name["zh"]})
    family = work.contacts.get(case.contact)
    if family is not None:
        teller = services.teller(family.language, now)
        item = {"response": "utter_news_moved", "for_whom": teller.for_whom(after), "who": teller.who(after)}
        bring(services, work, turn, family, item, now)


def _one_silence(services: Services, work: Work, now: datetime) -> bool:
    """Somebody who had told something and fell silent becomes an operator's task."""
    contact = work.contacts.quiet(now)
    if contact is None:
        return False
    turn = work.inbox.clock(now)
    Tasks(services, work, turn, now).raise_for(contact, "silent", key=contact.last_heard.isoformat())
    work.contacts.save(replace(contact, quiet_due=None))
    return True


def _one_erasure(_: Services, work: Work, __: datetime) -> bool:
    """Somebody who was erased and has had the goodbye is forgotten for good: the key is destroyed."""
    contact = work.contacts.to_forget()
    if contact is not None:
        for case in work.cases.of_contact(contact):
            work.cases.erase(case.id)
        work.contacts.forget(contact)
    return contact is not None
