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


@dataclass(frozen=True, slots=True)
class Actor:
    """Who made a move: `family`, `staff`, `operator`, `clock` or `rules`; `id` is a pseudonym, never a name."""

    kind: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What one service was asked to do for somebody.

    `for_whom` is `couple`, `child`, `caller` or `family`; `child` its index on the sheet. `lead` is the
    service the rules named, `owner` who holds it now, `level` the service whose turn it is after hand-ons
    and escalation. `deadline` is that of acknowledgement until somebody accepts, then `act_by`.
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
    revision: int = 0


@dataclass(frozen=True, slots=True)
class Case:
    """One family's contact with us. It exists from the first fact; it is `sent` once it has parts.

    `county` and `place` are division codes (6 digits; 6, 9 or 12). `receipt` is the 16-digit code the family holds.
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
    revision: int = 0

    def with_part(self, part: Part) -> Case:
        """The case with one of its parts replaced."""
        return replace(self, parts=tuple(part if p.id == part.id else p for p in self.parts))


@dataclass(frozen=True, slots=True)
class Event:
    """One move, for the timeline: `{"part", "move", "from", "to", "actor", "at", "detail"}`. `detail` is kept encrypted."""

    part: str
    move: str
    before: Status
    after: Status
    actor: Actor
    at: datetime
    detail: Mapping[str, Any] = field(default_factory=dict)
