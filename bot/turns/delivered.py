"""What follows from delivery: a card that arrived moves its part on; a message that cannot arrive becomes a human's work."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.referrals import Case, Part, Status, moves
from bot.store import Contact, Parcel, Work
from bot.turns.corresponding import Corresponding
from bot.turns.moving import Moving
from bot.turns.services import Services
from bot.turns.tasks import Tasks
from bot.turns.turn import Turns


@dataclass(frozen=True, slots=True)
class AfterDelivery:
    """The courier's two callbacks; each runs in the transaction that records the outcome."""

    turns: Turns

    @property
    def services(self) -> Services:
        """As they are now."""
        return self.turns.services

    def sent(self, work: Work, parcel: Parcel, at: datetime) -> None:
        """A channel took a message: a referral that was sent has now been delivered."""
        case, part = _subject(work, parcel)
        if case and part and part.status is Status.SENT and self._owns(work, parcel, part):
            moved, event = moves.deliver(part, at)
            work.cases.save(case.with_part(moved))
            work.cases.add_event(case.id, event)

    def dead(self, work: Work, parcel: Parcel, at: datetime, *, blocked: bool) -> None:
        """A message will not arrive. A referral goes to the next in line at once; all else becomes an operator's task."""
        contact = work.contacts.get(parcel.contact)
        if contact and blocked:
            contact = work.contacts.save(replace(contact, blocked_at=at))
            Corresponding(self.services, work, work.inbox.clock(at), at).lost(contact)
        case, part = _subject(work, parcel)
        if case and part and part.status.waiting and self._owns(work, parcel, part):
            Moving(self.services, work, work.inbox.clock(at), at).escalate(case, part)
        elif contact and not contact.erased_at:
            self._tell_somebody(work, contact, at)

    def _tell_somebody(self, work: Work, contact: Contact, at: datetime) -> None:
        tasks = Tasks(self.services, work, work.inbox.clock(at), at)
        person = work.staff.by_contact(contact.id)
        if person is None:
            tasks.raise_for(contact, "undelivered")
        else:
            tasks.raise_for(contact, "unreachable", agency=self.services.directory.agency(person.agency))

    @staticmethod
    def _owns(work: Work, parcel: Parcel, part: Part) -> bool:
        """Whether the message went to the part's owner, not to somebody who was told or had it before."""
        owner = work.staff.get(part.owner.staff) if part.owner.staff else None
        return owner is not None and owner.contact == parcel.contact


def _subject(work: Work, parcel: Parcel) -> tuple[Case | None, Part | None]:
    case = work.cases.of_part(parcel.part) if parcel.part else None
    return case, next((p for p in case.parts if p.id == parcel.part), None) if case else None
