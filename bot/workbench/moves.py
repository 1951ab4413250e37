"""`rightdoor referrals move`: whatever somebody on staff may do with a part, recorded in the terminal for them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypedDict

from rich.console import Console

from bot.decisions import Risk
from bot.decisions.risk import BY_WORD
from bot.errors import InputError, did_you_mean
from bot.store import StaffMember, Work
from bot.turns import Turns
from bot.turns.buttons import CALLED, by_telephone
from bot.turns.moving import Moving, Stand
from bot.workbench.inbox import part_json


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


def make(turns: Turns, move: str, by: str, out: Console, order: Callable[[StaffMember], Order]) -> None:
    """Makes the move and writes the part as it stands, one JSON object.

    Raises `InputError` for an unknown move, person, part or word, and whatever the move itself is refused with.
    """
    if move not in MOVES:
        raise InputError(f"unknown move {move!r}{did_you_mean(move, MOVES)}")
    services = turns.services
    with services.store.work() as work:
        person, now = _person(work, by), services.clock()
        stand = MOVES[move](Moving(services, work, work.inbox.clock(now), now), order(person))
        work.audit.add("terminal", f"move_{move}", stand.part.id, stand.case.county, now)
    out.file.write(json.dumps(part_json(stand.case, stand.part), ensure_ascii=False) + "\n")


def merge(turns: Turns, case: str, into: str, by: str, words: str, out: Console) -> None:
    """Records that two cases are one family, and writes the merged case's parts as they stand, one JSON object each.

    Raises `InputError` for an unknown case or person, `NotYoursError` and `MoveNotAllowedError` as `Moving.merge` does.
    """
    services = turns.services
    with services.store.work() as work:
        person, now = _person(work, by), services.clock()
        merged = Moving(services, work, work.inbox.clock(now), now).merge(case, into, person, words)
    for part in merged.parts:
        out.file.write(json.dumps(part_json(merged, part), ensure_ascii=False) + "\n")


def _person(work: Work, by: str) -> StaffMember:
    person = work.staff.get(by)
    if person is None:
        raise InputError(f"no staff member {by!r}; `rightdoor enrol` makes a code for one")
    return person


class Instead(TypedDict, total=False):
    """What a human says instead of the rules."""

    risk: Risk
    lead: str


def _instead(word: str) -> Instead:
    return {"risk": BY_WORD[word]} if word in BY_WORD else {"lead": word}
