"""The drawing of a part's life as one table: which move, from which state, by whom, to which state.

new → sent → delivered → accepted → in_contact → following_up → closed
          ↘ declined, or no answer in time → the next in line, as `sent` again
any open state → other hands, as `sent` again (hand_on, escalate, redirect, overrule); → withdrawn
closed, withdrawn → `sent` again (reopen)
any open state → closed, when it goes on in a part of the same family's other case (merge)
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.errors import MoveNotAllowedError, NotYoursError
from bot.referrals.case import Actor, Part, Role, Status

WAITING = frozenset(status for status in Status if status.waiting)
OPEN = frozenset(status for status in Status if status.open)
HELD = OPEN - WAITING
ENDED = frozenset(Status) - OPEN
TALKING = frozenset({Status.IN_CONTACT, Status.FOLLOWING_UP})

AT_THE_DESK = frozenset({Role.OPERATOR, Role.SUPERVISOR})
_STAFF = AT_THE_DESK | {Role.OWNER}
_CHARGE = frozenset({Role.OWNER, Role.SUPERVISOR})


@dataclass(frozen=True, slots=True)
class Rule:
    """From which states, by whom, and what it leads to (None: the part stays where it is)."""

    states: frozenset[Status]
    roles: frozenset[Role]
    to: Status | None


def _by(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


MOVES: Mapping[str, Rule] = {
    "send": Rule(frozenset({Status.NEW}), _by(Role.RULES), Status.SENT),
    "deliver": Rule(frozenset({Status.SENT}), _by(Role.CLOCK), Status.DELIVERED),
    "accept": Rule(WAITING, _CHARGE, Status.ACCEPTED),
    "decline": Rule(WAITING, _by(Role.OWNER), Status.SENT),
    "hand_on": Rule(OPEN, _STAFF, Status.SENT),
    "contact": Rule(frozenset({Status.ACCEPTED, Status.IN_CONTACT}), _STAFF, Status.IN_CONTACT),
    "follow_up": Rule(TALKING, _CHARGE, Status.FOLLOWING_UP),
    "visit": Rule(HELD, _STAFF, None),
    "note": Rule(frozenset(Status), _STAFF, None),
    "close": Rule(HELD, _CHARGE, Status.CLOSED),
    "merge": Rule(OPEN, _STAFF, Status.CLOSED),
    "reopen": Rule(ENDED, _STAFF | {Role.FAMILY, Role.RULES}, Status.SENT),
    "withdraw": Rule(OPEN, _by(Role.FAMILY, Role.SUPERVISOR), Status.WITHDRAWN),
    "escalate": Rule(OPEN, AT_THE_DESK | {Role.CLOCK, Role.FAMILY}, Status.SENT),
    "redirect": Rule(OPEN, _by(Role.RULES), Status.SENT),
    "overrule": Rule(OPEN, _STAFF, Status.SENT),
    "await_family": Rule(HELD, _CHARGE, None),
    "resume": Rule(HELD, _CHARGE | {Role.FAMILY}, None),
    "confirm": Rule(frozenset(Status), _by(Role.FAMILY), None),
    "remind": Rule(OPEN, _by(Role.CLOCK), None),
    "reset": Rule(OPEN, _by(Role.CLOCK), None),
}


def step(part: Part, move: str, by: Actor) -> Status:
    """The state that a move leads to.

    Raises `NotYoursError` when it is not this actor's to make, `MoveNotAllowedError` when it cannot be made from here.
    """
    rule = MOVES[move]
    if by.kind not in rule.roles:
        raise NotYoursError(f"part {part.id}: {move} is not for a {by.kind} to do")
    if part.status not in rule.states:
        raise MoveNotAllowedError(f"part {part.id} is {part.status}: {move} is not possible from there")
    return rule.to or part.status


def acting(part: Part, staff: str, agency: str, role: str) -> Actor:
    """What somebody on staff is to a part: who works where it is, is its owner; a supervisor stays one everywhere.

    Whoever must not have to do with the part is a stranger to it, whatever their post.
    """
    if part.shuns(staff, agency, role):
        return Actor(Role.STRANGER, staff)
    if role == Role.SUPERVISOR:
        return Actor(Role.SUPERVISOR, staff)
    if agency == part.owner.agency or staff == part.owner.staff:
        return Actor(Role.OWNER, staff)
    return Actor(Role.OPERATOR if role == Role.OPERATOR else Role.STRANGER, staff)
