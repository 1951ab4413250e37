"""The plan: which agency and which person, by when. Pure; the turn says it to the family and then keeps it.

Cost: one directory look-up for each level climbed, a handful a part.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.decisions import Decision, PartDecision, Risk
from bot.directory import Agency, Directory
from bot.errors import MoveNotAllowedError
from bot.places import Place
from bot.referrals.case import Heir, Owner, Part, Status
from bot.referrals.deadlines import NO_INBOX, Deadlines

OPERATOR = "operator"


class Staffing(Protocol):
    """Who is there to receive a referral."""

    def inbox(self, agency: str, avoid: Collection[str] = ()) -> str | None:
        """The staff id of somebody enrolled and on duty at this agency, none of `avoid`."""

    def full(self, agency: Agency) -> bool:
        """Whether an agency with a capacity has as many open referrals as it takes."""

    def operators(self, county: str | None) -> tuple[str, ...]:
        """The staff ids of the operators on duty for this county (any county when None)."""

    def supervisors(self, county: str | None) -> tuple[str, ...]:
        """The staff ids of those who stand above the duty desk."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What sending would do: parts to open, parts to redirect or reopen, and for each part the agencies that are told.

    `parts` are all of the case's parts as they would stand, in the decision's order.
    """

    opened: tuple[Part, ...]
    redirected: tuple[tuple[Part, Part], ...]
    told: Mapping[str, tuple[str, ...]]

    @property
    def parts(self) -> tuple[Part, ...]:
        """Every part that sending would create or change."""
        return self.opened + tuple(new for _, new in self.redirected)


@dataclass(frozen=True, slots=True)
class Planner:
    """What planning needs to know beside the decision: who serves where, who is there, how soon."""

    directory: Directory
    staffing: Staffing
    deadlines: Deadlines

    def plan(
        self, decision: Decision, existing: tuple[Part, ...], place: Place | None, at: datetime, *, moved: bool = False
    ) -> Plan:
        """The decision's parts against those that exist already.

        A part for the same person is redirected when its lead changes or its risk rises, when whoever has it must not, or when
        the place became known (`moved`) before anybody took it on; one that is over opens again only for something graver.
        Nothing is lowered or taken back by the rules on their own: a human's move.
        """
        standing = {(p.for_whom, p.child): p for p in existing}
        opened, redirected, told = [], [], {}
        for decided in decision.parts:
            before = standing.get((decided.for_whom, decided.child))
            if before and not self._anew(before, decided, decision.nevers, moved=moved):
                continue
            avoid = tuple(sorted({*decision.nevers, *(before.avoid if before else ())}))
            part = self._part(decided, avoid, place, at)
            if before is None:
                opened.append(part)
            else:
                part = self._instead(before, part)
                if self._graver(before, decided) or part.owner != before.owner:
                    redirected.append((before, part))
            told[part.id] = self._told(part, place, at)
        return Plan(tuple(opened), tuple(redirected), told)

    def next_in_line(
        self, part: Part, place: Place | None, at: datetime, *, avoid: Collection[str] = (), beside: bool = False
    ) -> Heir:
        """Who has a part when its owner declines or does not answer: one level up, at the top whoever else is there.

        Levels, agencies and people that must not have it are passed over (`avoid` adds to the part's own). `beside` asks
        colleagues at the same agency first. Where nobody else is left, the same person is asked again.
        """
        shunned = {*part.avoid, *avoid}
        if beside and (staff := self._reader(part.level, part.owner.agency, shunned)):
            return self._heir(part.risk, Owner(part.owner.agency, staff), part.level, part.lead, at)
        if part.level == OPERATOR:
            return self._above_the_desk(part, place, at, shunned)
        level, door = self.directory.above(part.level, place, at)
        owner, level = self._staffed(level, door.agency.id, place, at, shunned)
        return self._heir(part.risk, owner, level, part.lead, at)

    def handed(self, part: Part, to: str, place: Place | None, at: datetime, avoid: Collection[str] = ()) -> Heir:
        """A part in the hands of `to`, a service or the id of an agency, or of whoever stands above where nobody reads there.

        Raises `MoveNotAllowedError` when `to` must not have it.
        """
        shunned = {*part.avoid, *avoid}
        agency = self.directory.by_id.get(to)
        if shunned & {to, agency.service if agency else to}:
            raise MoveNotAllowedError(f"part {part.id} must not go to {to}")
        if agency is None:
            owner, level = self.owner(to, place, at, shunned)
        else:
            owner, level = self._staffed(agency.service, agency.id, place, at, shunned)
        return self._heir(part.risk, owner, level, part.lead, at)

    def owner(self, service: str, place: Place | None, at: datetime, avoid: Collection[str] = ()) -> tuple[Owner, str]:
        """Who owns what `service` leads: somebody enrolled there or above, else the operator, else the duty post's telephone."""
        if service in NO_INBOX:
            return self._desk(place, at, avoid)
        door = self.directory.serving(service, place, at, self.staffing.full)
        return self._staffed(door.agency.service, door.agency.id, place, at, avoid)

    def _anew(self, before: Part, decided: PartDecision, nevers: Collection[str], *, moved: bool) -> bool:
        """Whether a part that exists has to be planned again."""
        if self._graver(before, decided):
            return True
        return before.status.open and ((moved and before.status.waiting) or before.level in nevers)

    @staticmethod
    def _graver(before: Part, decided: PartDecision) -> bool:
        """Whether new facts make this part another matter: a higher risk, or another lead at the same risk.

        Where a human chose the lead, the rules' other opinion at the same risk does not count.
        """
        if decided.risk > before.risk:
            return True
        return decided.risk == before.risk and decided.lead != before.lead and not before.ruled and before.status.open

    @staticmethod
    def _instead(before: Part, part: Part) -> Part:
        """The part as it is planned anew, under its old id; never at a lower risk, never later while nobody has taken it on."""
        soonest = min(part.deadline, before.deadline) if before.status.waiting else part.deadline
        return replace(part, id=before.id, risk=max(part.risk, before.risk), deadline=soonest)

    def _part(self, decided: PartDecision, avoid: tuple[str, ...], place: Place | None, at: datetime) -> Part:
        owner, level = self.owner(decided.lead, place, at, avoid)
        heir = self._heir(decided.risk, owner, level, decided.lead, at)
        part = Part(
            id=secrets.token_hex(8),
            for_whom=decided.for_whom,
            child=decided.child,
            lead=decided.lead,
            level=level,
            owner=owner,
            status=Status.NEW,
            risk=decided.risk,
            also=decided.also,
            first_action=decided.first_action,
            rows=decided.rows,
            created=at,
            act_by=None if decided.act_within is None else at + timedelta(minutes=decided.act_within),
            deadline=heir.term.deadline,
            avoid=avoid,
        )
        return part.within(heir.term)

    def _heir(self, risk: Risk, owner: Owner, level: str, lead: str, at: datetime) -> Heir:
        """With the time to acknowledge; whoever has an emergency in the place of police or ambulance records who called."""
        service = lead if level == OPERATOR and lead in NO_INBOX else level
        return Heir(owner, level, self.deadlines.acknowledge(risk, service, at))

    def _staffed(
        self, level: str, agency: str, place: Place | None, at: datetime, avoid: Collection[str]
    ) -> tuple[Owner, str]:
        """Climbs from `level` until somebody reads there who may have it."""
        for step, at_step in self._climb(level, agency, place, at):
            if staff := self._reader(step, at_step, avoid):
                return Owner(at_step, staff), step
        return self._desk(place, at, avoid)

    def _climb(self, level: str, agency: str, place: Place | None, at: datetime) -> Iterator[tuple[str, str]]:
        seen = set()
        while agency not in seen and level not in NO_INBOX:
            yield level, agency
            seen.add(agency)
            level, door = self.directory.above(level, place, at)
            agency = door.agency.id

    def _reader(self, level: str, agency: str, avoid: Collection[str]) -> str | None:
        """Who reads at an agency, when it may know."""
        return None if level in avoid or agency in avoid else self.staffing.inbox(agency, avoid)

    def _desk(self, place: Place | None, at: datetime, avoid: Collection[str]) -> tuple[Owner, str]:
        """An operator on duty, else who stands above, else the duty post's telephone."""
        post = self.directory.serving(OPERATOR, place, at).agency
        return Owner(post.id, next(self._at_the_desk(place, avoid), None)), OPERATOR

    def _above_the_desk(self, part: Part, place: Place | None, at: datetime, avoid: Collection[str]) -> Heir:
        """From an operator to a supervisor, from there to nobody else: the same again, after longer."""
        county = _county(place)
        seniors = [staff for staff in self.staffing.supervisors(county) if staff not in avoid]
        if part.owner.staff not in avoid and part.owner.staff in seniors:
            return Heir(part.owner, OPERATOR, self.deadlines.again(part, at))
        others = [staff for staff in self._at_the_desk(place, avoid) if staff != part.owner.staff]
        post = self.directory.serving(OPERATOR, place, at).agency.id
        if seniors:
            return self._heir(part.risk, Owner(post, seniors[0]), OPERATOR, part.lead, at)
        if others:
            return Heir(Owner(post, others[0]), OPERATOR, self.deadlines.again(part, at))
        owner = Owner(post) if part.owner.staff is None or part.owner.staff in avoid else part.owner
        return Heir(owner, OPERATOR, self.deadlines.again(part, at))

    def _at_the_desk(self, place: Place | None, avoid: Collection[str]) -> Iterator[str]:
        county = _county(place)
        yield from (staff for staff in self.staffing.operators(county) if staff not in avoid)
        yield from (staff for staff in self.staffing.supervisors(county) if staff not in avoid)

    def _told(self, part: Part, place: Place | None, at: datetime) -> tuple[str, ...]:
        """The agencies to tell beside the owner, each once; only those that somebody reads for, and that may know."""
        doors = (self.directory.serving(service, place, at).agency for service in part.also)
        allowed = (door.id for door in doors if not part.shuns(door.id, door.service) and door.id != part.owner.agency)
        return tuple(dict.fromkeys(a for a in allowed if self.staffing.inbox(a, part.avoid)))


def _county(place: Place | None) -> str | None:
    return place.code[:6] if place else None
