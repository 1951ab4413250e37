"""Cases, parts and what happened to them: data only; `moves.py` changes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from bot.decisions import Risk


class Status(StrEnum):
    """Where a part stands. `new` has been promised in a commit; `sent` has been handed to the outbox."""

    NEW = "new"
    SENT = "sent"
    DELIVERED = "delivered"
    ACCEPTED = "accepted"
    IN_CONTACT = "in_contact"
    FOLLOWING_UP = "following_up"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"

    @property
    def open(self) -> bool:
        """Whether somebody still owes the family something."""
        return self not in (Status.CLOSED, Status.WITHDRAWN)

    @property
    def waiting(self) -> bool:
        """Whether nobody has accepted yet, so that the acknowledgement deadline runs."""
        return self in (Status.NEW, Status.SENT, Status.DELIVERED)


@dataclass(frozen=True, slots=True)
class Owner:
    """Who answers for a part: an agency of the directory and, where one is enrolled, a person there.

    Written `agency` or `agency/staff` in JSON. Without a person it is the agency's named duty post,
    reached by telephone.
    """

    agency: str
    staff: str | None = None

    def __str__(self) -> str:
        return f"{self.agency}/{self.staff}" if self.staff else self.agency


class Role(StrEnum):
    """What somebody is to a part. A stranger is on staff, but not where the part is, or must not have to do with it.

    Whoever lets people in (administrator) or looks at who looked (auditor) is a stranger to every family.
    """

    OWNER = "owner"
    OPERATOR = "operator"
    SUPERVISOR = "supervisor"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    FAMILY = "family"
    CLOCK = "clock"
    RULES = "rules"
    STRANGER = "stranger"


# Posts without a family: nothing is referred or handed to them, and they see no case.
BESIDE_CASES = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})


@dataclass(frozen=True, slots=True)
class Actor:
    """Who makes a move, as a `Role`; `id` is a pseudonym, never a name."""

    kind: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Term:
    """One stretch of somebody's time: from when, by when, and when they are reminded (None: not, or not any more)."""

    since: datetime
    deadline: datetime
    remind_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Heir:
    """Who has a part next: the owner, the service whose turn it is, and their time."""

    owner: Owner
    level: str
    term: Term


@dataclass(frozen=True, slots=True)
class Ruled:
    """What the rules said where a human overruled them."""

    lead: str
    risk: Risk


@dataclass(frozen=True, slots=True)
class Part:
    """What one service was asked to do for somebody.

    `for_whom` is `couple`, `child`, `caller` or `family`; `child` its index on the sheet. `lead` is the
    service that is meant to have it, `owner` who holds it now, `level` the service whose turn it is after hand-ons
    and escalation. The clock: `deadline` is by when the owner must have made the next move, since `since`; `remind_at` is when they
    are reminded of it. `awaiting` is until when the deadline stands still for the family. `avoid` names the services, agencies and
    staff that must neither have the part nor hear of it. `ruled` is the rules' own answer beside a human's. `merged` is the part of
    the same family's other case in which this one goes on; `shared` says that one of theirs goes on in this one.
    """

    id: str
    for_whom: str
    child: int | None
    lead: str
    level: str
    owner: Owner
    status: Status
    risk: Risk
    also: tuple[str, ...]
    first_action: str
    rows: tuple[str, ...]
    created: datetime
    act_by: datetime | None
    deadline: datetime
    since: datetime | None = None
    remind_at: datetime | None = None
    awaiting: datetime | None = None
    avoid: tuple[str, ...] = ()
    ruled: Ruled | None = None
    merged: str | None = None
    shared: bool = False
    revision: int = 0

    @property
    def term(self) -> Term:
        """The stretch of time its owner is in."""
        return Term(self.since or self.created, self.deadline, self.remind_at)

    @property
    def stays(self) -> bool:
        """Whether it goes on whatever one of the family wishes: it concerns a child, at medium or above, or others asked as well.

        A supervisor decides.
        """
        return self.shared or (self.child is not None and self.risk >= Risk.MEDIUM)

    @property
    def wake(self) -> datetime | None:
        """When the clock must look at the part next; None once it is over."""
        return min(self.deadline, self.remind_at or self.deadline) if self.status.open else None

    def within(self, term: Term) -> Part:
        """The part in a new stretch of time."""
        return replace(self, since=term.since, deadline=term.deadline, remind_at=term.remind_at, awaiting=None)

    def with_heir(self, heir: Heir) -> Part:
        """The part in other hands."""
        return replace(self, owner=heir.owner, level=heir.level).within(heir.term)

    def shuns(self, *names: str | None) -> bool:
        """Whether a service, agency, person or post of these must have nothing to do with the part."""
        return not BESIDE_CASES.union(self.avoid).isdisjoint(names)


@dataclass(frozen=True, slots=True)
class Case:
    """One family's contact with us. It exists from the first fact; it is `sent` once it has parts.

    `county` and `place` are division codes (6 digits; 6, 9 or 12). `receipt` is the 16-digit code the family holds. `merged_into`
    is the same family's other case, once a human has said that it is one.
    """

    id: str
    contact: str
    receipt: str
    created: datetime
    county: str | None = None
    place: str | None = None
    risk: Risk = Risk.NONE
    sent: datetime | None = None
    parts: tuple[Part, ...] = ()
    merged_into: str | None = None
    revision: int = 0

    def with_part(self, part: Part) -> Case:
        """The case with one of its parts replaced; it is as grave as its gravest part ever was."""
        parts = tuple(part if p.id == part.id else p for p in self.parts)
        return replace(self, parts=parts, risk=max(self.risk, part.risk))

    def part(self, part_id: str) -> Part | None:
        """The part of this id."""
        return next((part for part in self.parts if part.id == part_id), None)


@dataclass(frozen=True, slots=True)
class Event:
    """One move, for the timeline: `{"part", "move", "from", "to", "actor", "at", "detail", "reason"}`.

    `reason` is a word of `data/referrals.yml` (why it was declined, what came of it); `detail` is kept encrypted.
    """

    part: str
    move: str
    before: Status
    after: Status
    actor: Actor
    at: datetime
    detail: Mapping[str, Any] = field(default_factory=dict)
    reason: str | None = None
