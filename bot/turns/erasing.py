"""Forgetting a family: at once where that is theirs to decide, else when a supervisor says so or nothing holds it any more."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from bot.referrals import Case
from bot.store import Contact, StaffMember, Work
from bot.turns.moving import Moving
from bot.turns.news import reachable
from bot.turns.projecting import erasable
from bot.turns.services import Services
from bot.turns.writing import Outgoing


@dataclass(frozen=True, slots=True)
class Erasing:
    """Erases in one turn."""

    services: Services
    work: Work
    turn: str
    at: datetime

    def asked(self, contact: Contact) -> bool:
        """The family wants it: what is theirs to stop stops, and unless a child in need holds it, all of it is erased."""
        if not erasable(self._cases(contact)):
            return False
        self._stop(contact)
        self.work.contacts.erase(contact.id, self.at)
        return True

    def decided(self, contact: Contact, supervisor: StaffMember) -> None:
        """A supervisor lets it go: every part ends, the family is told where that is safe.

        Raises `MoveNotAllowedError` when the supervisor must have nothing to do with a part.
        """
        moving = self._moving
        for part in (part for case in self._cases(contact) for part in case.parts):
            if part.status.open:
                moving.withdraw(part.id, supervisor)
        self.work.audit.add(supervisor.id, "erase", contact.id, None, self.at)
        self._farewell(contact)

    def over(self, contact: Contact) -> None:
        """Nothing should hold it any more: erased; what has been opened again since holds it still."""
        if erasable(self._cases(contact)):
            self._stop(contact)
            self._farewell(contact)
        else:
            self.work.contacts.save(replace(contact, erase_due=None))

    def _farewell(self, contact: Contact) -> None:
        contact = self.work.contacts.get(contact.id) or contact
        if reachable(self.services.sheet(self.work, contact.case), contact):
            goodbye = self.services.say("utter_erased", contact.language)
            Outgoing(self.services, self.work, self.turn, self.at).notice(contact, goodbye)
        self.work.contacts.erase(contact.id, self.at)

    def _stop(self, contact: Contact) -> None:
        """Every open part that is theirs to stop is withdrawn and its owner told."""
        for part in (part for case in self._cases(contact) for part in case.parts):
            if part.status.open and not part.stays:
                self._moving.take_back(part.id)

    def _cases(self, contact: Contact) -> tuple[Case, ...]:
        return self.work.cases.of_contact(contact.id)

    @property
    def _moving(self) -> Moving:
        return Moving(self.services, self.work, self.turn, self.at)
