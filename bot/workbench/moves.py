"""`rightdoor referrals move`: whatever somebody on staff may do with a part, recorded in the terminal for them."""

from __future__ import annotations

import json
from collections.abc import Callable

from rich.console import Console

from bot.errors import InputError
from bot.store import StaffMember, Work
from bot.turns import Turns
from bot.turns.moving import Moving
from bot.turns.orders import Order, carry_out
from bot.workbench.inbox import part_json


def make(turns: Turns, move: str, by: str, out: Console, order: Callable[[StaffMember], Order]) -> None:
    """Makes the move and writes the part as it stands, one JSON object.

    Raises `InputError` for an unknown move, person, part or word, and whatever the move itself is refused with.
    """
    services = turns.services
    with services.store.work() as work:
        person, now = _person(work, by), services.clock()
        stand = carry_out(services, work, move, order(person), now)
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
