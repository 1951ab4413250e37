"""Moves: each takes a part and returns the part moved and the event that tells of it. Nothing else changes a part.

new → sent → delivered → accepted → in_contact → following_up → closed
          ↘ declined or no answer in time → the next in line, as `sent` again
any open state → another lead, when new facts decide anew (redirect); → withdrawn by the family
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.decisions import Risk
from bot.errors import MoveNotAllowedError
from bot.referrals.case import Actor, Event, Owner, Part, Status

Moved = tuple[Part, Event]

# move → (states it may start from, state it leads to)
_WAITING = frozenset({Status.NEW, Status.SENT, Status.DELIVERED})
_HELD = frozenset({Status.ACCEPTED, Status.IN_CONTACT, Status.FOLLOWING_UP})
_MOVES: Mapping[str, tuple[frozenset[Status], Status]] = {
    "send": (frozenset({Status.NEW}), Status.SENT),
    "deliver": (frozenset({Status.SENT}), Status.DELIVERED),
    "accept": (_WAITING, Status.ACCEPTED),
    "decline": (_WAITING, Status.SENT),
    "escalate": (_WAITING, Status.SENT),
    "contact": (_HELD, Status.IN_CONTACT),
    "close": (_HELD, Status.CLOSED),
    "redirect": (_WAITING | _HELD, Status.SENT),
    "withdraw": (_WAITING | _HELD, Status.WITHDRAWN),
}


def send(part: Part, at: datetime) -> Moved:
    """The referral's message lies in the outbox."""
    return _move(part, "send", Actor("rules"), at)


def deliver(part: Part, at: datetime) -> Moved:
    """The owner's channel took the message."""
    return _move(part, "deliver", Actor("clock"), at)


def accept(part: Part, by: Actor, at: datetime) -> Moved:
    """The owner takes it on; from now on `act_by` is the deadline (without one in law, the acknowledged deadline stays)."""
    moved, event = _move(part, "accept", by, at)
    return replace(moved, deadline=part.act_by or part.deadline), event


def decline(part: Part, by: Actor, at: datetime, reason: str, heir: Owner, level: str, deadline: datetime) -> Moved:
    """The owner cannot; the next in line has it until `deadline`."""
    moved, event = _move(part, "decline", by, at, {"reason": reason, "from": str(part.owner), "to": str(heir)})
    return replace(moved, owner=heir, level=level, deadline=deadline), event


def escalate(part: Part, at: datetime, heir: Owner, level: str, deadline: datetime) -> Moved:
    """Nobody accepted by the deadline; one level up has it until the new one."""
    moved, event = _move(part, "escalate", Actor("clock"), at, {"from": str(part.owner), "to": str(heir)})
    return replace(moved, owner=heir, level=level, deadline=deadline), event


def redirect(part: Part, at: datetime, decided: Part) -> Moved:
    """New facts name another lead or a higher risk: the part goes to `decided`'s owner, as a fresh referral to them."""
    moved, event = _move(part, "redirect", Actor("rules"), at, {"from": str(part.owner), "to": str(decided.owner)})
    return replace(decided, id=part.id, created=part.created, status=moved.status, revision=part.revision), event


def contact(part: Part, by: Actor, at: datetime) -> Moved:
    """The owner has spoken with the family."""
    return _move(part, "contact", by, at)


def close(part: Part, by: Actor, at: datetime, outcome: str) -> Moved:
    """The owner's work is done, with what came of it."""
    return _move(part, "close", by, at, {"outcome": outcome})


def withdraw(part: Part, at: datetime) -> Moved:
    """The family takes it back. Never for a part at medium or above that concerns a child: that stays a human's decision."""
    if part.child is not None and part.risk >= Risk.MEDIUM:
        raise MoveNotAllowedError(
            f"part {part.id} concerns a child at {part.risk.name.lower()} and cannot be withdrawn"
        )
    return _move(part, "withdraw", Actor("family"), at)


def _move(part: Part, move: str, by: Actor, at: datetime, detail: Mapping[str, Any] | None = None) -> Moved:
    """The one place where a status changes."""
    allowed, after = _MOVES[move]
    if part.status not in allowed:
        raise MoveNotAllowedError(f"part {part.id} is {part.status}: {move} is not possible from there")
    event = Event(part.id, move, part.status, after, by, at, detail or {})
    return replace(part, status=after), event
