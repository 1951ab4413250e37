"""Keeping the promise: the plan's parts become the case's, and everybody concerned is written to, in the same transaction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

from bot.decisions import Decision, Risk
from bot.facts import Sheet
from bot.places import Place
from bot.referrals import Case, Event, Part, Status, moves
from bot.referrals.deadlines import NO_INBOX
from bot.referrals.inquiries import Asked
from bot.referrals.letters import Side
from bot.referrals.plan import Plan
from bot.store import Work
from bot.turns.buttons import by_telephone, stamp
from bot.turns.postal import record_of
from bot.turns.services import Services
from bot.turns.writing import Outgoing


@dataclass(frozen=True, slots=True)
class Sending:
    """Writes one case's referrals in one turn."""

    services: Services
    work: Work
    turn: str
    at: datetime
    sheet: Sheet
    place: Place | None

    def keep(self, case: Case, plan: Plan, decision: Decision) -> Case:
        """The case with the plan's parts sent; owners get their card, the others are told."""
        fresh = [moves.send(part, self.at) for part in plan.opened]
        again = [_again(before, self.at, after) for before, after in plan.redirected]
        kept = {part.id: part for part in case.parts} | {part.id: part for part, _ in [*fresh, *again]}
        case = replace(case, parts=tuple(kept.values()), risk=max(case.risk, decision.risk), sent=case.sent or self.at)
        self._record(case, (event for _, event in [*fresh, *again]))
        for part, _ in fresh:
            self.refer(part)
            self._promised(case, part)
        for (before, _), (part, event) in zip(plan.redirected, again, strict=True):
            self.refer_anew(before, part, event)
        for part_id, agencies in plan.told.items():
            self._tell(kept[part_id], agencies)
        return case

    def _promised(self, case: Case, part: Part) -> None:
        """After the time the family was told they are asked whether anybody came; police and ambulance promise none."""
        if part.lead not in NO_INBOX:
            due = max(part.act_by or part.deadline, part.deadline)
            self.work.inquiries.plan(case.id, part.id, Asked.CONTACTED, due)

    def refer(self, part: Part, event: Event | None = None, *, in_place: bool = False) -> None:
        """The referral to its owner; for police and ambulance, where nobody reads us, the operator records who called.

        `event` is the move that brought it to somebody new, who reads why.
        """
        person = self.work.staff.get(part.owner.staff) if part.owner.staff else None
        if person is None:
            return
        response, words = self.card(part, person.language, event)
        urgent = part.risk is Risk.EMERGENCY
        self._outgoing.to_staff(person, response, words, part=part.id, urgent=urgent, in_place=in_place)
        if event and self.work.letters.unread(part.id, Side.FAMILY):
            self.to_owner(part, "utter_staff_letter")

    def card(self, part: Part, language: str | None, event: Event | None = None) -> tuple[str, dict[str, Any]]:
        """A part as its owner reads it: the response of data/domain, and its words. What was told is behind a button."""
        teller = self.services.teller(language, self.at)
        return _response(part), self._known(part, language) | {
            "first_action": teller.first_action(part),
            "by": teller.by(part.deadline),
            "lead": teller.service(part.lead),
            "phone": self.services.directory.serving(part.lead, self.place, self.at).agency.phone,
            "state": teller.words.word("status", part.status),
            "came": self._came(event, language),
        }

    def refer_anew(self, before: Part, part: Part, event: Event) -> None:
        """The referral to its new owner; what has not reached the one before never will.

        Whoever has it still, and has not been reached, reads how it stands now at the place in the row that it had.
        """
        person = self.work.staff.get(before.owner.staff) if before.owner.staff else None
        stays = part.owner.staff == before.owner.staff
        if person and person.contact and not stays:
            self.work.outbox.recall(part.id, self.at, person.contact)
        self.refer(part, event, in_place=stays)

    def _came(self, event: Event | None, language: str | None) -> str:
        """Why a part comes to whoever reads its card, on a line of its own; nothing for one that is new."""
        if event is None:
            return ""
        words = self.services.book.speak(language)
        by = f"{event.move}_{event.actor.kind}"
        why = words.word("came", by if by in words.table["came"] else event.move)
        reason = self.services.reasons.label(event.move, event.reason, words.language) if event.reason else ""
        return why.format(reason=reason) + "\n"

    def remind(self, part: Part) -> None:
        """The owner hears of a deadline that comes near, with what may be done about it."""
        if person := (self.work.staff.get(part.owner.staff) if part.owner.staff else None):
            _, words = self.card(part, person.language)
            urgent = part.risk is Risk.EMERGENCY
            self._outgoing.to_staff(person, _reminder(part), words, part=part.id, urgent=urgent)

    def to_owner(self, part: Part, response: str, words: Mapping[str, Any] | None = None) -> None:
        """Something the owner must know about a part."""
        if person := (self.work.staff.get(part.owner.staff) if part.owner.staff else None):
            known, urgent = self._known(part, person.language), part.risk is Risk.EMERGENCY
            self._outgoing.to_staff(person, response, known | dict(words or {}), urgent=urgent)

    def _tell(self, part: Part, agencies: Iterable[str]) -> None:
        for agency in agencies:
            allowed = (p for p in self.work.staff.serving(agency) if not part.shuns(p.id, p.agency, p.role))
            for person in islice(allowed, 1):
                words = self._known(part, person.language)
                words["who"] = self.services.teller(person.language, self.at).who(part)
                urgent = part.risk is Risk.EMERGENCY
                self._outgoing.to_staff(person, "utter_staff_told", words, part=part.id, urgent=urgent)
        self.work.cases.told(part.id, agencies, self.at)

    def _known(self, part: Part, language: str | None) -> dict[str, Any]:
        words = self.services.book.speak(language)
        county = self.services.gazetteer.county_of(self.place) if self.place else None
        return {
            "record": record_of(part, county),
            "part": part.id,
            "stamp": stamp(part),
            "for_whom": self.services.policy.label("audiences", part.for_whom, words.language),
            "risk": words.word("risk", part.risk.name.lower()),
            "place": self.place.full_name if self.place else "",
            "known": self.services.phrases.known(self.sheet, self.services.policy.vocabulary, words),
        }

    def _record(self, case: Case, events: Iterable[Event]) -> None:
        for event in events:
            self.work.cases.add_event(case.id, event)

    @property
    def _outgoing(self) -> Outgoing:
        return Outgoing(self.services, self.work, self.turn, self.at)


def _again(before: Part, at: datetime, decided: Part) -> moves.Moved:
    """An open part goes elsewhere; one that was over opens again."""
    return moves.redirect(before, at, decided) if before.status.open else moves.reopen_as(before, at, decided)


def _response(part: Part) -> str:
    """The card for where a part stands."""
    if part.status.waiting:
        return "utter_staff_call" if by_telephone(part) else "utter_staff_referral"
    if part.status is Status.FOLLOWING_UP:
        return "utter_staff_card_visits"
    return "utter_staff_card" if part.status.open else "utter_staff_card_ended"


def _reminder(part: Part) -> str:
    if not part.status.waiting:
        return "utter_staff_remind"
    return "utter_staff_remind_call" if by_telephone(part) else "utter_staff_remind_accept"
