"""Moves that the family makes."""

from __future__ import annotations

from bot.referrals import moves
from bot.referrals.inquiries import Asked
from bot.referrals.reasons import NOT_SETTLED
from bot.turns.moving.clock import ClockMoves
from bot.turns.moving.shared import Stand


class FamilyMoves(ClockMoves):
    """What a family may do with its own parts; that nobody came escalates as a deadline does."""

    __slots__ = ()

    def nobody_came(self, part_id: str) -> Stand:
        """The family says that nobody contacted them: what is open goes up, what was over opens again."""
        case, part = self.stand(part_id)
        if not part.status.open:
            return self._reopened(case, part, moves.FAMILY, "nobody_came")
        return self.escalate(case, part, moves.FAMILY)

    def confirmed(self, part_id: str, what: Asked) -> Stand:
        """The family says that somebody contacted them, or that it is settled: written down, and an owner who owes it is told."""
        case, part = self.stand(part_id)
        stand = self._keep(case, *moves.confirm(part, self.at, what))
        if part.status.open:
            self._sending(case).to_owner(part, "utter_staff_heard")
        return stand

    def disagreed(self, part_id: str) -> Stand:
        """The family says that it is not settled: whoever had it has it again; the second time it goes one level up."""
        case, part = self.stand(part_id)
        return self._reopened(case, part, moves.FAMILY, NOT_SETTLED)

    def answered(self, part_id: str) -> Stand | None:
        """The family has done what was waited for; None when nobody waited."""
        case, part = self.stand(part_id)
        if part.awaiting is None or part.awaiting <= self.at or part.status.waiting:
            return None
        moved, event = moves.resume(part, moves.FAMILY, self.at)
        return self._keep(case, moved, event)

    def take_back(self, part_id: str) -> Stand:
        """The family withdraws a part; its owner is told. Raises `MoveNotAllowedError` where a child needs it."""
        case, part = self.stand(part_id)
        return self._withdrawn(case, part, moves.FAMILY)
