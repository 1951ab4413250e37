"""The moment in which a move can be undone: it is made ten seconds after it was ordered, unless it is taken back.

Nothing of it exists until then, so that nothing has to be undone: no message, no deadline, no other owner. What cannot wait does
not: an emergency, and a part whose time is nearly over (docs/decisions/0016).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.decisions import Risk
from bot.errors import MoveNotAllowedError
from bot.referrals import Part
from bot.store import Work
from bot.store.held import HeldMove
from bot.turns.orders import Order, recorded
from bot.turns.services import Services
from bot.turns.writing import Outgoing

MOMENT = timedelta(seconds=10)
# What goes to others at once and is hard to call back; taking on and writing down are better done than undone.
UNDOABLE = frozenset({"decline", "hand_on", "finish", "overrule", "reopen"})


def may_wait(move: str, part: Part, to: str, at: datetime) -> bool:
    """Whether a move on a part is one that can wait out its moment."""
    emergency = part.risk is Risk.EMERGENCY or to == Risk.EMERGENCY.word
    in_time = not part.status.open or part.deadline > at + 2 * MOMENT
    return move in UNDOABLE and in_time and not emergency


@dataclass(frozen=True, slots=True)
class Holding:
    """One transaction in which moves are held, taken back or made."""

    services: Services
    work: Work
    at: datetime

    def hold(self, move: str, order: Order, case_id: str) -> None:
        """The order waits. It has been tried out before: what it would be refused with has been said already."""
        self.work.held.hold(
            HeldMove(
                part=order.part,
                case=case_id,
                staff=order.by.id,
                move=move,
                reason=order.reason,
                to=order.to,
                seen=order.seen if order.seen is not None else -1,
                due=self.at + MOMENT,
                words=order.words,
            )
        )

    def next(self) -> bool:
        """Makes the move whose moment is over; False when there is none. Raises whatever the move is refused with."""
        held = self._taken()
        if held is None:
            return False
        person = self.work.staff.get(held.staff)
        if person is None or person.contact is None:
            raise MoveNotAllowedError("whoever ordered this works here no more")
        order = Order(held.part, person, held.reason, held.to, held.words, held.seen)
        recorded(self.services, self.work, held.move, order, self.at)
        return True

    def refused(self) -> None:
        """Somebody was quicker: the move is dropped, and whoever ordered it is told to look again."""
        held = self._taken()
        if held is None:
            return
        person = self.work.staff.get(held.staff)
        case = self.work.cases.of_part(held.part, hold=False)
        part = case.part(held.part) if case else None
        if person and case and part:
            contact = self.work.contacts.get(person.contact or "")
            teller = self.services.teller(contact.language if contact else None, self.at)
            said = {
                "for_whom": teller.for_whom(part),
                "state": teller.words.word("status", part.status),
                "who": teller.who(part),
            }
            outgoing = Outgoing(self.services, self.work, self.work.inbox.clock(self.at), self.at)
            outgoing.to_staff(person, "utter_staff_not_made", said)

    def _taken(self) -> HeldMove | None:
        """The move whose moment is over, which waits no longer."""
        held = self.work.held.next(self.at, 2 * MOMENT)
        if held:
            self.work.held.drop(held.part, held.staff)
        return held
