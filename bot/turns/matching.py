"""Noticing that somebody else may have written about the same family; a human is asked, neither side is told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.facts import Sheet
from bot.places import Place
from bot.referrals import Case
from bot.store import Contact, Work
from bot.turns.services import Services
from bot.turns.tasks import Tasks


@dataclass(frozen=True, slots=True)
class Matching:
    """Looks for the same family in one turn."""

    services: Services
    work: Work
    turn: str
    at: datetime

    def look(self, contact: Contact, case: Case, sheet: Sheet, place: Place | None) -> None:
        """Whatever became known of a case that was sent is compared with the open cases of others."""
        kinship = self.services.kinship
        fresh = self.work.kin.mark(case, kinship.marks(sheet, place, contact.details or {}), self.at)
        found = self.work.kin.alike(case, fresh, self.at - kinship.within) if fresh else ()
        tasks = Tasks(self.services, self.work, self.turn, self.at)
        for other in found:
            if self.work.kin.pair(case.id, other.case, self.at):
                tasks.raise_for(contact, "likely_same", key=other.case, other=other.case)

    def news(self, contact: Contact, case: Case) -> None:
        """Somebody whose case goes on in another has told more: whoever works there does not see it by itself."""
        if case.merged_into:
            Tasks(self.services, self.work, self.turn, self.at).raise_for(contact, "kin_news", other=case.merged_into)
