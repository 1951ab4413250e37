"""To whom a part can be handed on from here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.referrals import Case, Part
from bot.referrals.deadlines import NO_INBOX
from bot.referrals.plan import OPERATOR
from bot.store import StaffMember
from bot.turns.desk.seat import Seat

# A list on a phone is short: so many colleagues are offered.
COLLEAGUES = 3


@dataclass(frozen=True, slots=True)
class Hand:
    """One who could have it: `to` as a move takes it, `word` as a button carries it, `who` as a person reads it."""

    kind: str
    to: str
    word: str
    who: str


def hands(seat: Seat, case: Case, part: Part) -> tuple[Hand, ...]:
    """Colleagues on duty, one level up, the service that was meant, the duty desk; nobody who must not have it."""
    doors: dict[str, Hand] = {}
    for kind, service in _services(seat, case, part):
        if service != part.level and not part.shuns(service):
            doors.setdefault(service, Hand(kind, service, kind, seat.teller.service(service)))
    return (*colleagues(seat, part, case.county), *doors.values())


def colleagues(seat: Seat, part: Part, county: str | None) -> tuple[Hand, ...]:
    """Whoever is on duty beside this person and may have the part."""
    free = [
        one
        for one in _beside(seat, part, county)
        if one.id not in (seat.person.id, part.owner.staff) and not part.shuns(one.id, one.agency, one.role)
    ]
    nameless = seat.words.word("hand", "colleague")
    return tuple(Hand("colleague", one.id, one.id, one.name or nameless) for one in free[:COLLEAGUES])


def _beside(seat: Seat, part: Part, county: str | None) -> tuple[StaffMember, ...]:
    staff = seat.work.staff
    if part.level == OPERATOR:
        desk = (*staff.on_duty_operators(county), *staff.supervisors(county))
        return tuple(one for one in desk if one.agency == part.owner.agency)
    return staff.serving(part.owner.agency)


def _services(seat: Seat, case: Case, part: Part) -> Iterator[tuple[str, str]]:
    if part.level != OPERATOR:
        above, _ = seat.services.directory.above(part.level, seat.place(case), seat.at)
        yield ("desk" if above == OPERATOR else "up"), above
        yield "desk", OPERATOR
    if part.lead not in NO_INBOX:
        yield "lead", part.lead
