"""A move as somebody writes it down, in a terminal or on a page: one order, one function of `Moving`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TypedDict

from bot.decisions import Risk
from bot.decisions.risk import BY_WORD
from bot.errors import InputError, did_you_mean
from bot.store import StaffMember, Work
from bot.turns.buttons import CALLED, by_telephone
from bot.turns.moving import Moving, Stand
from bot.turns.services import Services


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be recorded: for whom, on which part, and what goes with it.

    `to` is a service, an agency or a staff id to hand on to, a follow-up plan, or what overrules: a risk or a service.
    """

    part: str
    by: StaffMember
    reason: str = ""
    to: str = ""
    words: str = ""
    seen: int | None = None


def carry_out(services: Services, work: Work, move: str, order: Order, at: datetime) -> Stand:
    """Makes the move that an order names. Raises `InputError` for an unknown one, and whatever the move is refused with."""
    if move not in MOVES:
        raise InputError(f"unknown move {move!r:.40}{did_you_mean(move, MOVES)}")
    return MOVES[move](Moving(services, work, work.inbox.clock(at), at), order)


def recorded(services: Services, work: Work, move: str, order: Order, at: datetime) -> Stand:
    """The same, and a row of the audit log that says whose it was."""
    stand = carry_out(services, work, move, order, at)
    work.audit.add(order.by.id, f"move_{move}", order.part, stand.case.county, at)
    return stand


def _accepted(moving: Moving, order: Order) -> Stand:
    """Taken on; in the place of police or an ambulance only with who called, as in a chat."""
    _, part = moving.stand(order.part)
    if by_telephone(part) and order.reason not in CALLED:
        raise InputError(f"say who called with --reason: {', '.join(CALLED)}{did_you_mean(order.reason, CALLED)}")
    return moving.accept(order.part, order.by, called_by=order.reason, seen=order.seen)


MOVES: Mapping[str, Callable[[Moving, Order], Stand]] = {
    "accept": _accepted,
    "decline": lambda m, o: m.decline(o.part, o.by, o.reason, seen=o.seen),
    "hand_on": lambda m, o: m.hand_on(o.part, o.by, o.reason, o.to, words=o.words, seen=o.seen),
    "contact": lambda m, o: m.contact(o.part, o.by, seen=o.seen),
    "follow_up": lambda m, o: m.follow_up(o.part, o.by, plan=o.to, seen=o.seen),
    "visit": lambda m, o: m.visit(o.part, o.by, o.reason, words=o.words, seen=o.seen),
    "note": lambda m, o: m.note(o.part, o.by, o.words, seen=o.seen),
    "await_family": lambda m, o: m.await_family(o.part, o.by, seen=o.seen),
    "resume": lambda m, o: m.resume(o.part, o.by, seen=o.seen),
    "overrule": lambda m, o: m.overrule(o.part, o.by, o.reason, **_instead(o.to), seen=o.seen),
    "finish": lambda m, o: m.finish(o.part, o.by, o.reason, seen=o.seen),
    "close": lambda m, o: m.close(o.part, o.by, o.reason, words=o.words, seen=o.seen),
    "reopen": lambda m, o: m.reopen(o.part, o.by, o.reason, seen=o.seen),
    "withdraw": lambda m, o: m.withdraw(o.part, o.by, seen=o.seen),
}


class Instead(TypedDict, total=False):
    """What a human says instead of the rules."""

    risk: Risk
    lead: str


def _instead(word: str) -> Instead:
    return {"risk": BY_WORD[word]} if word in BY_WORD else {"lead": word}
