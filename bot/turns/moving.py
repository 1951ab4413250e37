"""The one place where a person's or the clock's move on a referral is made: load, check, move, save, tell whoever must know.

Every function takes a part's id and the person, and returns what stands afterwards. Nothing is changed when anything is raised:
`InputError` for an unknown part, reason or agency, `NotYoursError` and `MoveNotAllowedError` as the drawing says, and
`StaleVersionError` when the person had seen an older version.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from bot.decisions import Risk
from bot.decisions.words import Contact
from bot.errors import InputError, MoveNotAllowedError, StaleVersionError, did_you_mean
from bot.facts import Answer, Sheet, Source
from bot.places import Place
from bot.referrals import Actor, Case, Event, Heir, Owner, Part, Role, Status, Term, moves
from bot.referrals.deadlines import Deadlines
from bot.referrals.lifecycle import acting, step
from bot.referrals.plan import OPERATOR, Planner
from bot.referrals.reasons import CONFLICT
from bot.referrals.visits import Visit, dated, next_owed
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
class Moving:
    """Makes moves in one turn. `seen` is the revision a person looked at; without it the newest is taken."""

    services: Services
    work: Work
    turn: str
    at: datetime

    # --- by people on staff -----------------------------------------------------------------------------------

    def accept(self, part_id: str, person: StaffMember, *, called_by: str = "", seen: int | None = None) -> Stand:
        """Takes a part on; the family is told. `called_by` is who made the call where police or an ambulance leads."""
        case, part, by = self._load(part_id, person, seen)
        holder = Owner(part.owner.agency, person.id)
        moved, event = moves.accept(part, by, self.at, holder, self._deadlines.contact(part, self.at))
        if called_by:
            event = replace(event, detail={**event.detail, "called_by": called_by})
        stand = self._keep(case, moved, event)
        self._news(*stand, "utter_news_accepted")
        return stand

    def decline(self, part_id: str, person: StaffMember, reason: str, *, seen: int | None = None) -> Stand:
        """Does not take it on; the next in line has it, and who has a conflict of interest hears no more of it."""
        self.services.reasons.known("decline", reason)
        case, part, by = self._load(part_id, person, seen)
        step(part, "decline", by)
        conflict = reason == CONFLICT
        heir = self._next(case, part, without=person.id, beside=conflict)
        moved, event = moves.decline(part, by, self.at, reason, heir, person.id if conflict else None)
        return self._passed_on(case, part, moved, event)

    def hand_on(
        self, part_id: str, person: StaffMember, reason: str, to: str, *, words: str = "", seen: int | None = None
    ) -> Stand:
        """Gives it to `to`: a service, an agency of the directory, or a colleague's staff id."""
        self.services.reasons.known("hand_on", reason)
        case, part, by = self._load(part_id, person, seen)
        step(part, "hand_on", by)
        heir = self._heir(case, part, to, without=person.id if reason == CONFLICT else None)
        moved, event = moves.hand_on(part, by, self.at, reason, heir, words)
        if reason == CONFLICT:
            moved = replace(moved, avoid=tuple(sorted({*moved.avoid, person.id})))
        return self._passed_on(case, part, moved, event)

    def contact(self, part_id: str, person: StaffMember, *, seen: int | None = None) -> Stand:
        """The family has been spoken with; the follow-up that the rules name is dated."""
        case, part, by = self._load(part_id, person, seen)
        moved, event = moves.contact(part, by, self.at, self._deadlines.review(part, self.at))
        return self._keep(case, moved, event)

    def follow_up(self, part_id: str, person: StaffMember, *, plan: str = "", seen: int | None = None) -> Stand:
        """What was asked first is done, and visits are dated by `plan`, the decision's own unless another is named."""
        case, part, by = self._load(part_id, person, seen)
        plan = self._plan(case, plan)
        visits = dated(part.id, plan, self._plans[plan], case.sent or case.created, self.at)
        term = self._visit_term(part, visits)
        moved, event = moves.follow_up(part, by, self.at, plan, term)
        stand = self._keep(case, moved, event)
        self.work.visits.drop(part.id)
        self.work.visits.add(case.id, visits)
        return stand

    def visit(
        self,
        part_id: str,
        person: StaffMember,
        finding: str,
        *,
        facts: Sequence[Answer] = (),
        words: str = "",
        visit_id: str = "",
        seen: int | None = None,
    ) -> Stand:
        """Records what a visit or call found: the one of this id, else the one due next; new facts decide anew.

        One that nobody planned may be recorded too. The next visit's date is the part's deadline from then on.
        """
        self.services.reasons.known("finding", finding)
        case, part, by = self._load(part_id, person, seen)
        visits = self.work.visits.of(case.id, part.id)
        made = next((v for v in visits if v.id == visit_id), None) if visit_id else next_owed(visits)
        if visit_id and (made is None or not made.owed):
            raise InputError(f"part {part_id} has no visit {visit_id!r} that is still to be made")
        left = tuple(v for v in visits if v != made)
        term = self._visit_term(part, left) if next_owed(left) else self._deadlines.review(part, self.at)
        detail = {"visit": made.id if made else None} | ({"words": words} if words else {})
        moved, event = moves.visit(part, by, self.at, finding, term, detail)
        stand = self._keep(case, moved, event)
        if made and not self.work.visits.done(case.id, made, self.at, finding):
            raise MoveNotAllowedError(f"the visit {made.id} was recorded before")
        return self.learnt(*stand, facts) if facts else stand

    def note(self, part_id: str, person: StaffMember, words: str, *, seen: int | None = None) -> Stand:
        """Writes something down."""
        case, part, by = self._load(part_id, person, seen)
        term = self._deadlines.review(part, self.at) if part.status is Status.IN_CONTACT else None
        moved, event = moves.note(part, by, self.at, words, term)
        return self._keep(case, moved, event)

    def close(
        self, part_id: str, person: StaffMember, outcome: str, *, words: str = "", seen: int | None = None
    ) -> Stand:
        """It is over. While visits are owed, only with an outcome that ends them; otherwise they are followed first."""
        self.services.reasons.known("outcome", outcome)
        case, part, by = self._load(part_id, person, seen)
        owed = next_owed(self.work.visits.of(case.id, part.id))
        if owed and outcome not in self.services.reasons.ending:
            raise MoveNotAllowedError(f"part {part.id} has visits to come; {outcome!r} does not end them")
        moved, event = moves.close(part, by, self.at, outcome, words)
        self.work.visits.drop(part.id)
        return self._keep(case, moved, event)

    def finish(self, part_id: str, person: StaffMember, outcome: str, *, seen: int | None = None) -> Stand:
        """Closes a part; where the rules name a follow-up and this part carries it, the visits come first."""
        case, part, _ = self._load(part_id, person, seen)
        visits = self.work.visits.of(case.id, part.id)
        planned = self.services.policy.decide(self._sheet(case), self.at).follow_up
        ends = self.services.reasons.known("outcome", outcome) in self.services.reasons.ending
        if ends or visits or not (planned and _carries(case, part)):
            return self.close(part_id, person, outcome, seen=seen)
        if part.status is Status.ACCEPTED:
            self.contact(part_id, person)
        return self.follow_up(part_id, person)

    def overrule(
        self,
        part_id: str,
        person: StaffMember,
        reason: str,
        *,
        risk: Risk | None = None,
        lead: str = "",
        seen: int | None = None,
    ) -> Stand:
        """A human's own risk (never lower) or lead, beside the rules' answer. Whoever keeps their own part has accepted it."""
        self.services.reasons.known("overrule", reason)
        case, part, by = self._load(part_id, person, seen)
        step(part, "overrule", by)
        if lead and lead not in self.services.policy.base.words.labels["services"]:
            known = self.services.policy.base.words.labels["services"]
            raise InputError(f"unknown service {lead!r}{did_you_mean(lead, known)}")
        graver = replace(part, risk=risk if risk is not None else part.risk, lead=lead or part.lead)
        heir = self._heir(case, graver, lead) if lead else self._same(graver)
        moved, event = moves.overrule(part, by, self.at, reason, graver.risk, graver.lead, heir)
        if moved.owner == part.owner and person.id == part.owner.staff:
            self._keep(case, moved, event)
            return self.accept(part_id, person)
        return self._passed_on(case, part, moved, event)

    def await_family(self, part_id: str, person: StaffMember, *, seen: int | None = None) -> Stand:
        """The deadline stands still until the family has answered, for as long as its risk allows."""
        case, part, by = self._load(part_id, person, seen)
        until = self._deadlines.awaited(part, self.at)
        moved, event = moves.await_family(part, by, self.at, until)
        return self._keep(case, moved, event)

    def resume(self, part_id: str, person: StaffMember, *, seen: int | None = None) -> Stand:
        """The family is not awaited any more."""
        case, part, by = self._load(part_id, person, seen)
        moved, event = moves.resume(part, by, self.at)
        return self._keep(case, moved, event)

    def reopen(self, part_id: str, person: StaffMember, reason: str, *, seen: int | None = None) -> Stand:
        """It was not over after all; whoever had it has it again."""
        case, part, by = self._load(part_id, person, seen)
        return self._reopened(case, part, by, reason)

    def withdraw(self, part_id: str, person: StaffMember, *, seen: int | None = None) -> Stand:
        """A supervisor ends what the family took back."""
        case, part, by = self._load(part_id, person, seen)
        return self._withdrawn(case, part, by)

    # --- by the family ----------------------------------------------------------------------------------------

    def nobody_came(self, part_id: str) -> Stand:
        """The family says that nobody contacted them: what is open goes up, what was over opens again."""
        case, part = self.stand(part_id)
        if not part.status.open:
            return self._reopened(case, part, moves.FAMILY, "nobody_came")
        return self.escalate(case, part, moves.FAMILY)

    def answered(self, part_id: str) -> Stand | None:
        """The family has done what was waited for; None when nobody waited."""
        case, part = self.stand(part_id)
        if part.awaiting is None or part.awaiting <= self.at or part.status.waiting:
            return None
        moved, event = moves.resume(part, moves.FAMILY, self.at)
        return self._keep(case, moved, event)

    def take_back(self, part_id: str) -> Stand:
        """The family withdraws a part; its owner is told. Raises `MoveNotAllowedError` where a child needs it."""
        case, part = self.stand(part_id)
        return self._withdrawn(case, part, moves.FAMILY)

    # --- by the clock -----------------------------------------------------------------------------------------

    def escalate(self, case: Case, part: Part, by: Actor = moves.CLOCK) -> Stand:
        """The next in line has it: the new owner gets the referral, the old one and the family are told."""
        part = self._shunning(case, part)
        moved, event = moves.escalate(part, self.at, self._next(case, part), by)
        case, moved = self._keep(case, moved, event)
        sending = self._sending(case)
        sending.refer_anew(part, moved)
        if moved.owner != part.owner:
            if not moved.shuns(part.owner.staff, part.owner.agency, part.level):
                who = self.services.directory.agency(moved.owner.agency).name["zh"]
                sending.to_owner(part, "utter_staff_moved_on", {"who": who})
            self._news(case, moved, "utter_news_moved")
        return Stand(case, moved)

    def remind(self, case: Case, part: Part) -> Stand:
        """The owner hears of a deadline that comes near."""
        moved, event = moves.remind(part, self.at)
        stand = self._keep(case, moved, event)
        self._sending(case).remind(stand.part)
        return stand

    def reset(self, case: Case, part: Part) -> Stand:
        """The clock was ahead and has been set back: the part's times come back with it."""
        moved, event = moves.reset(part, self.at)
        return self._keep(case, moved, event)

    # --- by new facts -----------------------------------------------------------------------------------------

    def learnt(self, case: Case, part: Part, facts: Sequence[Answer]) -> Stand:
        """What was found out decides anew, as if the family had told it."""
        for fact in facts:
            known = self.services.policy.vocabulary.facts.get(fact.fact)
            if known is None or fact.value not in known.values:
                raise InputError(f"unknown fact or value: {fact.fact}={fact.value}")
        told = [replace(fact, source=Source.OPERATOR, at=self.at) for fact in facts]
        self.work.sheets.append(case.id, told, (), self.at)
        sheet = self._sheet(case)
        decision = self.services.policy.decide(sheet, self.at)
        plan = self._planner.plan(decision, case.parts, self._place(case), self.at)
        case = self.work.cases.save(self._sending(case).keep(case, plan, decision))
        self.work.cases.decided(case.id, decision.to_json(), self.at)
        return Stand(case, case.part(part.id) or part)

    # --- how --------------------------------------------------------------------------------------------------

    def may(self, part_id: str, person: StaffMember, move: str) -> None:
        """Raises what the move itself would raise, before anybody is asked for a reason."""
        _, part, by = self.find(part_id, person)
        step(part, move, by)

    def find(self, part_id: str, person: StaffMember) -> tuple[Case, Part, Actor]:
        """A part, and what this person is to it. Raises `InputError` when there is none of this id."""
        case, part = self.stand(part_id)
        part = self._shunning(case, part)
        return case, part, acting(part, person.id, person.agency, person.role)

    def _load(self, part_id: str, person: StaffMember, seen: int | None) -> tuple[Case, Part, Actor]:
        case, part, by = self.find(part_id, person)
        if seen is not None and seen != part.revision:
            last = self.work.cases.last_actor(part.id)
            said = f"part {part.id} has been changed since: it is {part.status} with {part.owner} now"
            raise StaleVersionError(said, seen=seen, theirs=part, by=last.id if last else None)
        return case, part, by

    def stand(self, part_id: str) -> Stand:
        """A part and its case. Raises `InputError` when there is none of this id."""
        case = self.work.cases.of_part(part_id)
        part = case.part(part_id) if case else None
        if case is None or part is None:
            raise InputError(f"no part {part_id!r:.40}")
        return Stand(case, part)

    def _shunning(self, case: Case, part: Part) -> Part:
        """The part with everybody on it who, by what is known today, must have nothing to do with it."""
        nevers = self.services.policy.decide(self._sheet(case), self.at).nevers
        return replace(part, avoid=tuple(sorted({*part.avoid, *nevers})))

    def _keep(self, case: Case, part: Part, event: Event) -> Stand:
        case = self.work.cases.save(case.with_part(part))
        self.work.cases.add_event(case.id, event)
        return Stand(case, case.part(part.id) or part)

    def _passed_on(self, case: Case, before: Part, moved: Part, event: Event) -> Stand:
        """Kept, and the new owner has the referral; the family hears when another agency has it."""
        case, moved = self._keep(case, moved, event)
        self._sending(case).refer_anew(before, moved)
        if moved.owner.agency != before.owner.agency:
            self._news(case, moved, "utter_news_moved")
        return Stand(case, moved)

    def _reopened(self, case: Case, part: Part, by: Actor, reason: str) -> Stand:
        self.services.reasons.known("reopen", reason)
        step(part, "reopen", by)
        up = reason == "nobody_came"
        heir = self._next(case, part) if up else self._heir(case, part, part.lead)
        moved, event = moves.reopen(part, by, self.at, reason, heir)
        return self._passed_on(case, part, moved, event)

    def _withdrawn(self, case: Case, part: Part, by: Actor) -> Stand:
        moved, event = moves.withdraw(part, self.at, by)
        self.work.visits.drop(part.id)
        stand = self._keep(case, moved, event)
        self._sending(stand.case).to_owner(stand.part, "utter_staff_withdrawn")
        return stand

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
        level = OPERATOR if colleague.role in (OPERATOR, Role.SUPERVISOR) else colleague.role
        term = self._deadlines.acknowledge(part.risk, level, self.at)
        return Heir(Owner(colleague.agency, colleague.id), level, term)

    def _same(self, part: Part) -> Heir:
        """Whoever has it keeps it, in the time of its new risk, and no later than before while nobody has taken it on."""
        term = self._deadlines.acknowledge(part.risk, part.level, self.at)
        soonest = min(term.deadline, part.deadline) if part.status.waiting else term.deadline
        return Heir(part.owner, part.level, replace(term, deadline=soonest))

    def _plan(self, case: Case, plan: str) -> str:
        plan = plan or self.services.policy.decide(self._sheet(case), self.at).follow_up or ""
        if plan not in self._plans:
            raise InputError(f"no follow-up plan {plan!r}; known are {', '.join(self._plans)}")
        return plan

    def _visit_term(self, part: Part, visits: Sequence[Visit]) -> Term:
        due = next_owed(visits)
        return self._deadlines.visit(part, due.due if due else self.at, self.at)

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

    @property
    def _plans(self) -> Mapping[str, Sequence[Contact]]:
        return self.services.policy.base.words.plans


def _carries(case: Case, part: Part) -> bool:
    """Whether the follow-up of the case is this part's: the gravest that concerns a child, else the gravest."""
    open_parts = sorted((p for p in case.parts if p.status.open), key=lambda p: (p.child is None, -p.risk))
    return bool(open_parts) and open_parts[0].id == part.id
