"""The plan: which agency and which person, by when. Pure; the turn says it to the family and then keeps it.

Cost: one directory look-up for each level climbed, a handful a part.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol

from bot.decisions import Decision, PartDecision, Risk
from bot.directory import Directory
from bot.places import Place
from bot.referrals.case import Owner, Part, Status
from bot.referrals.deadlines import Deadlines

# Nobody there reads our messages: the operator on duty owns the part and records who called.
NO_INBOX = frozenset({"police", "ambulance", "operator"})
OPERATOR = "operator"


class Staffing(Protocol):
    """Who is there to receive a referral."""

    def inbox(self, agency: str) -> str | None:
        """The staff id of somebody enrolled and on duty at this agency."""

    def operator(self, county: str | None) -> str | None:
        """The staff id of an operator on duty for this county (any county when None)."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What sending would do: parts to open, open parts to redirect, and for each part the agencies that are told.

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

        A part for the same person is redirected when its lead changes or its risk rises, or when the place became known
        (`moved`) before anybody took it on. Nothing is lowered or taken back by the rules on their own: a human's move.
        """
        open_parts = {(p.for_whom, p.child): p for p in existing if p.status.open}
        opened, redirected, told = [], [], {}
        for decided in decision.parts:
            before = open_parts.get((decided.for_whom, decided.child))
            if before and not _graver(decided, before) and not (moved and before.status.waiting):
                continue
            part = self._part(decided, place, at)
            if before is None:
                opened.append(part)
            else:
                soonest = min(part.deadline, before.deadline) if before.status.waiting else part.deadline
                part = replace(part, id=before.id, deadline=soonest)
                if _graver(decided, before) or part.owner != before.owner:
                    redirected.append((before, part))
            told[part.id] = self._told(part, place, at)
        return Plan(tuple(opened), tuple(redirected), told)

    def next_in_line(self, part: Part, place: Place | None, at: datetime) -> tuple[Owner, str, datetime]:
        """Who has it when the owner declines or does not answer: owner, level, and by when they must acknowledge."""
        level, door = self.directory.above(part.level, place, at)
        owner, level = self._staffed(level, door.agency.id, place, at)
        return owner, level, self.deadlines.acknowledge_by(part.risk, level, at)

    def _part(self, decided: PartDecision, place: Place | None, at: datetime) -> Part:
        owner, level = self.owner(decided.lead, place, at)
        return Part(
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
            deadline=self._acknowledge_by(decided, level, at),
        )

    def _acknowledge_by(self, decided: PartDecision, level: str, at: datetime) -> datetime:
        if decided.risk is Risk.EMERGENCY:
            return at + self.deadlines.record_call
        return self.deadlines.acknowledge_by(decided.risk, level, at)

    def owner(self, service: str, place: Place | None, at: datetime) -> tuple[Owner, str]:
        """Who owns what `service` leads: somebody enrolled there or above, else the operator, else the duty post's telephone."""
        if service in NO_INBOX:
            return self._operator(place, at)
        door = self.directory.serving(service, place, at)
        return self._staffed(door.agency.service, door.agency.id, place, at)

    def _staffed(self, level: str, agency: str, place: Place | None, at: datetime) -> tuple[Owner, str]:
        """Climbs from `level` until somebody is enrolled."""
        seen = set()
        while agency not in seen and level not in NO_INBOX:
            if staff := self.staffing.inbox(agency):
                return Owner(agency, staff), level
            seen.add(agency)
            level, door = self.directory.above(level, place, at)
            agency = door.agency.id
        return self._operator(place, at)

    def _operator(self, place: Place | None, at: datetime) -> tuple[Owner, str]:
        post = self.directory.serving(OPERATOR, place, at).agency
        return Owner(post.id, self.staffing.operator(place.code[:6] if place else None)), OPERATOR

    def _told(self, part: Part, place: Place | None, at: datetime) -> tuple[str, ...]:
        """The agencies to tell beside the owner, each once; only those that somebody reads for."""
        agencies = (self.directory.serving(service, place, at).agency.id for service in part.also)
        return tuple(dict.fromkeys(a for a in agencies if a != part.owner.agency and self.staffing.inbox(a)))


def _graver(decided: PartDecision, before: Part) -> bool:
    """Whether new facts make this part another matter: a higher risk, or another lead at the same risk."""
    return decided.risk > before.risk or (decided.risk == before.risk and decided.lead != before.lead)
