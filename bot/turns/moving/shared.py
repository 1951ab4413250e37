"""What all moves share: load a part, ask who is next, save, and tell whoever must know."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from bot.errors import InputError, MoveNotAllowedError
from bot.facts import Sheet
from bot.places import Place
from bot.referrals import Actor, Case, Event, Heir, Owner, Part, moves
from bot.referrals.deadlines import Deadlines
from bot.referrals.lifecycle import AT_THE_DESK, acting, step
from bot.referrals.plan import OPERATOR, Planner
from bot.referrals.reasons import NOT_SETTLED
from bot.store import StaffMember, Work
from bot.turns.news import bring
from bot.turns.sending import Sending
from bot.turns.services import Services
from bot.turns.staffing import StoreStaffing


class Stand(NamedTuple):
    """A case and the part of it that is meant, as they stand."""

    case: Case
    part: Part


@dataclass(frozen=True, slots=True)
class Shared:
    """One turn in which moves are made."""

    services: Services
    work: Work
    turn: str
    at: datetime

    def find(self, part_id: str, person: StaffMember) -> tuple[Case, Part, Actor]:
        """A part, and what this person is to it. Raises `InputError` when there is none of this id."""
        case, part = self.stand(part_id)
        part = self._shunning(case, part)
        return case, part, acting(part, person.id, person.agency, person.role)

    def stand(self, part_id: str) -> Stand:
        """A part and its case. Raises `InputError` when there is none of this id."""
        case = self.work.cases.of_part(part_id)
        part = case.part(part_id) if case else None
        if case is None or part is None:
            raise InputError(f"no part {part_id!r:.40}")
        return Stand(case, part)

    def goes_on(self, stand: Stand) -> Stand:
        """Where a part goes on, once a human has said that two cases are one family."""
        case, part = stand
        while part.merged and (home := self.work.cases.of_part(part.merged)):
            case, part = home, home.part(part.merged) or part
        return Stand(case, part)

    def _shunning(self, case: Case, part: Part) -> Part:
        """The part with everybody on it who, by what is known today, must have nothing to do with it."""
        return replace(part, avoid=tuple(sorted({*part.avoid, *self.nevers(case)})))

    def nevers(self, case: Case) -> frozenset[str]:
        """Who, by what is known today, must have nothing to do with a case."""
        return frozenset(self.services.policy.decide(self._sheet(case), self.at).nevers)

    def _keep(self, case: Case, part: Part, event: Event) -> Stand:
        case = self.work.cases.save(case.with_part(part))
        self.work.cases.add_event(case.id, event)
        return Stand(case, case.part(part.id) or part)

    def _passed_on(self, case: Case, before: Part, moved: Part, event: Event) -> Stand:
        """Kept, and the new owner has the referral; the family hears when another agency has it."""
        case, moved = self._keep(case, moved, event)
        self._sending(case).refer_anew(before, moved, event)
        if moved.owner.agency != before.owner.agency:
            self._news(case, moved, "utter_news_moved")
        return Stand(case, moved)

    def _reopened(self, case: Case, part: Part, by: Actor, reason: str) -> Stand:
        self.services.reasons.known("reopen", reason)
        step(part, "reopen", by)
        up = reason == "nobody_came" or (reason == NOT_SETTLED and self._was_not_settled(case, part))
        heir = self._next(case, part) if up else self._heir(case, part, part.lead)
        moved, event = moves.reopen(part, by, self.at, reason, heir)
        return self._passed_on(case, part, moved, event)

    def _was_not_settled(self, case: Case, part: Part) -> bool:
        """Whether the family has said so before."""
        return any(e.part == part.id and e.reason == NOT_SETTLED for e in self.work.cases.timeline(case.id))

    def _withdrawn(self, case: Case, part: Part, by: Actor) -> Stand:
        moved, event = moves.withdraw(part, self.at, by)
        self.work.visits.drop(part.id)
        self.work.outbox.recall(part.id, self.at)
        stand = self._keep(case, moved, event)
        self._sending(stand.case).to_owner(stand.part, "utter_staff_withdrawn")
        self._let_go(stand.case)
        return stand

    def _let_go(self, case: Case) -> None:
        """Where the family asked to be erased and nothing holds it any more, it is, once they could have said it is not settled."""
        family = self.work.contacts.get(case.contact)
        if family and family.erase_asked and not any(p.status.open and p.stays for p in case.parts):
            answers = self.services.policy.deadlines.family_answers
            until = self.at + max(answers[part.risk] for part in case.parts)
            self.work.contacts.save(replace(family, erase_due=until))

    def _next(self, case: Case, part: Part, *, without: str | None = None, beside: bool = False) -> Heir:
        avoid = (without,) if without else ()
        return self._planner.next_in_line(part, self._place(case), self.at, avoid=avoid, beside=beside)

    def _heir(self, case: Case, part: Part, to: str, *, without: str | None = None) -> Heir:
        """`to` as a colleague's staff id, an agency or a service."""
        avoid = (without,) if without else ()
        colleague = self.work.staff.get(to)
        known = {**self.services.directory.by_id, **self.services.policy.base.words.labels["services"]}
        if colleague is None:
            if to not in known:
                raise InputError(f"{to!r:.60} is neither a service nor an agency nor a colleague")
            return self._planner.handed(part, to, self._place(case), self.at, avoid)
        if part.shuns(colleague.id, colleague.agency, colleague.role) or colleague.id in avoid:
            raise MoveNotAllowedError(f"part {part.id} must not go to {to}")
        level = OPERATOR if colleague.role in AT_THE_DESK else colleague.role
        term = self._deadlines.acknowledge(part.risk, level, self.at)
        return Heir(Owner(colleague.agency, colleague.id), level, term)

    def _news(self, case: Case, part: Part, response: str) -> None:
        """The family is told, where that is safe."""
        family = self.work.contacts.get(case.contact)
        if family is None:
            return
        teller = self.services.teller(family.language, self.at)
        item = {"response": response, "for_whom": teller.for_whom(part), "who": teller.who(part)}
        if response == "utter_news_accepted":
            item["by"] = teller.by(part.deadline)
        bring(self.services, self.work, self.turn, family, item, self.at)

    def _sending(self, case: Case) -> Sending:
        return Sending(self.services, self.work, self.turn, self.at, self._sheet(case), self._place(case))

    def _sheet(self, case: Case) -> Sheet:
        return self.services.sheet(self.work, case.id)

    def _place(self, case: Case) -> Place | None:
        return self.services.gazetteer.get(case.place) if case.place else None

    @property
    def _planner(self) -> Planner:
        return Planner(self.services.directory, StoreStaffing(self.work), self._deadlines)

    @property
    def _deadlines(self) -> Deadlines:
        return self.services.deadlines
