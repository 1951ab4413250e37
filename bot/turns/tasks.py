"""Tasks for operators: whatever the rules cannot do alone becomes a human's work, once."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.decisions import Risk
from bot.directory import Agency
from bot.referrals import Case
from bot.store import Contact, Work
from bot.turns.services import Services
from bot.turns.writing import Outgoing


@dataclass(frozen=True, slots=True)
class Tasks:
    """Raises tasks in one turn and sends each to the operators on duty."""

    services: Services
    work: Work
    turn: str
    at: datetime

    @property
    def due(self) -> datetime:
        """By when a human answers."""
        return self.at + timedelta(minutes=self.services.settings.human_within)

    def raise_for(self, contact: Contact, kind: str, *, key: str = "", agency: Agency | None = None) -> None:
        """One task of this kind for this conversation; the same thing is not raised twice while it is open.

        `key` tells two occasions of the same kind apart. Ordered by the risk known so far, even without consent or place.
        `agency` is whom it is about, where it is not about a family.
        """
        case = self.work.cases.get(contact.case) if contact.case else None
        risk = case.risk if case else Risk.NONE
        county = case.county if case else None
        task = self.work.tasks.add(kind, contact.id, contact.case, county, risk, self.at, self.due, key)
        if task is not None:
            self._announce(task, kind, contact, case, agency)

    def _announce(self, task: str, kind: str, contact: Contact, case: Case | None, agency: Agency | None) -> None:
        sheet = self.services.sheet(self.work, case.id if case else None)
        place = self.services.gazetteer.get(case.place) if case and case.place else None
        outgoing = Outgoing(self.services, self.work, self.turn, self.at)
        for operator in self.work.staff.on_duty_operators(case.county if case else None):
            words = self.services.book.speak(operator.language)
            outgoing.to_staff(
                operator,
                f"utter_task_{kind}",
                {
                    "task": task,
                    "channel": words.word("source", contact.channel.value),
                    "risk": words.word("risk", (case.risk if case else Risk.NONE).name.lower()),
                    "place": place.full_name if place else "",
                    "known": self.services.phrases.known(sheet, self.services.policy.vocabulary, words),
                    "by": words.by(self.due, self.at),
                    "who": agency.name[words.language] if agency else "",
                    "phone": agency.phone if agency else "",
                },
                urgent=case is not None and case.risk is Risk.EMERGENCY,
            )
