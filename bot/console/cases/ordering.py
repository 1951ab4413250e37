"""Moves that somebody orders on a page or by a program: made, or held for the moment in which they can be undone."""

from __future__ import annotations

from dataclasses import dataclass

from bot.console.cases.choosing import OFFERED
from bot.console.cases.office import Office
from bot.errors import InputError, MoveNotAllowedError, did_you_mean
from bot.referrals import Case
from bot.turns.holding import Holding, may_wait
from bot.turns.orders import Order, recorded


@dataclass(frozen=True, slots=True)
class Ordering:
    """The orders of whoever sits at this office."""

    office: Office

    def make(self, move: str, order: Order) -> str:
        """Makes a move on the version that was looked at; the case's id.

        Raises `InputError` for what is not within this person's scope or is no move, and whatever the move is refused with.
        """
        case, office = self._case(order), self.office
        if move not in OFFERED:
            raise InputError(f"unknown move {move!r:.40}{did_you_mean(move, OFFERED)}")
        recorded(office.services, office.work, move, order, office.at)
        return case.id

    def may_wait(self, move: str, order: Order) -> bool:
        """Whether this move is one that can be undone for a moment."""
        part = self._case(order).part(order.part)
        return part is not None and may_wait(move, part, order.to, self.office.at)

    def hold(self, move: str, order: Order) -> str:
        """Lets a move that was tried out wait; the case's id."""
        case, office = self._case(order), self.office
        Holding(office.services, office.work, office.at).hold(move, order, case.id)
        return case.id

    def undo(self, order: Order) -> str:
        """Takes back this person's move on a part; its case's id. Raises `MoveNotAllowedError` when its moment is over."""
        case, office = self._case(order), self.office
        if not office.work.held.drop(order.part, office.person.id):
            raise MoveNotAllowedError("there is nothing left to undo")
        return case.id

    def _case(self, order: Order) -> Case:
        case = self.office.of_part(order.part)
        if case is None:
            raise InputError("there is nothing like this within your scope")
        return case
