"""Asking the family whether a promise was kept, hearing the answer, and giving what stays unanswered to a human."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.referrals import Case, Status
from bot.referrals.inquiries import ONCE_IN, Asked, Inquiry
from bot.replies.disclosure import guarded
from bot.store import Contact, Work
from bot.turns.moving import Moving
from bot.turns.news import bring, reachable
from bot.turns.services import Services
from bot.turns.tasks import Tasks

# What the family says, and what it answers.
ANSWERS: Mapping[str, Asked] = {
    "came": Asked.CONTACTED,
    "nobody_came": Asked.CONTACTED,
    "agree": Asked.SETTLED,
    "disagree": Asked.SETTLED,
}
NOES = frozenset({"nobody_came", "disagree"})
_TASKS = {Asked.CONTACTED: "unheard", Asked.SETTLED: "unagreed"}


@dataclass(frozen=True, slots=True)
class Inquiring:
    """Asks and hears in one turn."""

    services: Services
    work: Work
    turn: str
    at: datetime

    # --- by the clock -----------------------------------------------------------------------------------------

    def look(self, inquiry: Inquiry) -> None:
        """One that is due: it is asked, put off to another day, given to a human, or no longer matters."""
        case = self.work.cases.get(inquiry.case)
        part = case.part(inquiry.part) if case else None
        family = self.work.contacts.get(case.contact) if case else None
        if case is None or part is None or family is None or not inquiry.matters(part):
            self._settle(inquiry)
        elif inquiry.waiting or not self._may_ask(case, family):
            self._to_a_human(inquiry, family)
        elif early := self._too_soon(case):
            self.work.inquiries.save(replace(inquiry, due=early))
        else:
            self._ask(case, family, inquiry.what)

    def _may_ask(self, case: Case, family: Contact) -> bool:
        return reachable(self.services.sheet(self.work, case.id), family, asked=True)

    def _too_soon(self, case: Case) -> datetime | None:
        """When the family may be asked again; None: now."""
        last = max((each.asked for each in self.work.inquiries.of(case.id) if each.asked), default=None)
        return last + ONCE_IN if last and last + ONCE_IN > self.at else None

    def _ask(self, case: Case, family: Contact, what: Asked) -> None:
        """One question, whatever number of parts it is about."""
        for each in self.work.inquiries.of(case.id):
            part = case.part(each.part)
            if part and each.what is what and each.due and each.due <= self.at and each.matters(part):
                until = self.at + self.services.policy.deadlines.family_answers[part.risk]
                self.work.inquiries.save(replace(each, asks=each.asks + 1, asked=self.at, due=until, waiting=True))
        bring(self.services, self.work, self.turn, family, {"response": f"utter_news_{what}"}, self.at, asked=True)

    def _to_a_human(self, inquiry: Inquiry, family: Contact) -> None:
        self._settle(inquiry)
        tasks = Tasks(self.services, self.work, self.turn, self.at)
        tasks.raise_for(family, _TASKS[inquiry.what], key=inquiry.case)

    def _settle(self, inquiry: Inquiry) -> None:
        self.work.inquiries.save(replace(inquiry, due=None, waiting=False))

    # --- by the family ----------------------------------------------------------------------------------------

    def open(self, contact: Contact, said: str) -> str | None:
        """Whether what somebody says answers something: `asked`; `early` before the promised time; None: nothing was promised."""
        theirs = [each for each in self._of(contact) if each.what is ANSWERS[said]]
        if any(self._answers(each, said) for each in theirs):
            return "asked"
        shut = contact.case is None or guarded(self.services.sheet(self.work, contact.case))
        return "early" if not shut and any(each.due for each in theirs) else None

    def hear(self, contact: Contact, said: str) -> None:
        """What the family answered is recorded, and *no* goes up or opens again."""
        for each in self._of(contact):
            if self._answers(each, said):
                self._settle(each)
                self._heard(each, said)

    def _heard(self, inquiry: Inquiry, said: str) -> None:
        moving = Moving(self.services, self.work, self.turn, self.at)
        _, part = moving.stand(inquiry.part)
        if part.status is Status.WITHDRAWN:
            return
        if said == "nobody_came":
            moving.nobody_came(part.id)
            self.work.inquiries.plan(inquiry.case, part.id, inquiry.what, self.at + ONCE_IN)
        elif said == "disagree" and not part.status.open:
            moving.disagreed(part.id)
        elif said in ("came", "agree"):
            moving.confirmed(part.id, inquiry.what)

    def _of(self, contact: Contact) -> tuple[Inquiry, ...]:
        cases = self.work.cases.of_contact(contact.id)
        return tuple(each for case in cases for each in self.work.inquiries.of(case.id))

    def _answers(self, inquiry: Inquiry, said: str) -> bool:
        """Asked and not answered; *no* counts before it is asked, once the promised time is over."""
        over = said in NOES and inquiry.due is not None and inquiry.due <= self.at
        return inquiry.what is ANSWERS[said] and (inquiry.waiting or over)
