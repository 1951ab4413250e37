"""Moves that people on staff make.

Every function takes a part's id and the person. `seen` is the revision a person looked at; without it the newest is taken.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.decisions import Risk
from bot.decisions.words import Contact
from bot.errors import InputError, MoveNotAllowedError, StaleVersionError, did_you_mean
from bot.facts import Answer
from bot.referrals import Actor, Case, Heir, Owner, Part, Status, Term, moves
from bot.referrals.inquiries import Asked
from bot.referrals.lifecycle import step
from bot.referrals.reasons import CONFLICT
from bot.referrals.visits import Visit, dated, next_owed
from bot.store import StaffMember
from bot.turns.moving.facts import FactMoves
from bot.turns.moving.shared import Stand


class StaffMoves(FactMoves):
    """What caseworkers, operators and supervisors may do with a part."""

    __slots__ = ()

    def accept(self, part_id: str, person: StaffMember, *, called_by: str = "", seen: int | None = None) -> Stand:
        """Takes a part on; the family is told. `called_by` is who made the call where police or an ambulance leads."""
        case, part, by = self._load(part_id, person, seen)
        holder = Owner(part.owner.agency, person.id)
        moved, event = moves.accept(part, by, self.at, holder, self._deadlines.contact(part, self.at))
        if called_by:
            event = replace(event, detail={**event.detail, "called_by": called_by})
        stand = self._keep(case, moved, event)
        self.work.inquiries.plan(case.id, part.id, Asked.CONTACTED, moved.deadline)
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
        self.work.outbox.recall(part.id, self.at)
        self.work.inquiries.plan(case.id, part.id, Asked.SETTLED, self.at)
        stand = self._keep(case, moved, event)
        self._let_go(stand.case)
        return stand

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

    def may(self, part_id: str, person: StaffMember, move: str) -> None:
        """Raises what the move itself would raise, before anybody is asked for a reason."""
        _, part, by = self.find(part_id, person)
        step(part, move, by)

    def _load(self, part_id: str, person: StaffMember, seen: int | None) -> tuple[Case, Part, Actor]:
        case, part, by = self.find(part_id, person)
        if seen is not None and seen != part.revision:
            last = self.work.cases.last_actor(part.id)
            said = f"part {part.id} has been changed since: it is {part.status} with {part.owner} now"
            raise StaleVersionError(said, seen=seen, theirs=part, by=last.id if last else None)
        return case, part, by

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

    @property
    def _plans(self) -> Mapping[str, Sequence[Contact]]:
        return self.services.policy.base.words.plans


def _carries(case: Case, part: Part) -> bool:
    """Whether the follow-up of the case is this part's: the gravest that concerns a child, else the gravest."""
    open_parts = sorted((p for p in case.parts if p.status.open), key=lambda p: (p.child is None, -p.risk))
    return bool(open_parts) and open_parts[0].id == part.id
