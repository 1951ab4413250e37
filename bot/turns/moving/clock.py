"""Moves that the clock makes."""

from __future__ import annotations

from bot.referrals import Actor, Case, Part, moves
from bot.turns.moving.shared import Shared, Stand


class ClockMoves(Shared):
    """What happens when a time has come."""

    __slots__ = ()

    def escalate(self, case: Case, part: Part, by: Actor = moves.CLOCK) -> Stand:
        """The next in line has it: the new owner gets the referral, the old one and the family are told."""
        part = self._shunning(case, part)
        moved, event = moves.escalate(part, self.at, self._next(case, part), by)
        case, moved = self._keep(case, moved, event)
        sending = self._sending(case)
        sending.refer_anew(part, moved, event)
        if moved.owner != part.owner:
            if not moved.shuns(part.owner.staff, part.owner.agency, part.level):
                who = self.services.directory.agency(moved.owner.agency).name["zh"]
                sending.to_owner(part, "utter_staff_moved_on", {"who": who})
            self._news(case, moved, "utter_news_moved")
        return Stand(case, moved)

    def remind(self, case: Case, part: Part) -> Stand:
        """The owner hears of a deadline that comes near."""
        moved, event = moves.remind(part, self.at)
        stand = self._keep(case, moved, event)
        self._sending(case).remind(stand.part)
        return stand

    def reset(self, case: Case, part: Part) -> Stand:
        """The clock was ahead and has been set back: the part's times come back with it."""
        moved, event = moves.reset(part, self.at)
        return self._keep(case, moved, event)
