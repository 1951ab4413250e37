"""The one place where a person's or the clock's move on a referral is made: load, check, move, save, tell whoever must know.

`Moving` makes them all; who moves has a module: `staff`, `family`, `clock`, `facts` for what was found out, and `merging` for
two cases of one family. What they have in common is `shared`. Every function returns what stands afterwards. Nothing is changed
when anything is raised: `InputError` for an unknown part, reason or agency, `NotYoursError` and `MoveNotAllowedError` as the
drawing says, and `StaleVersionError` when the person had seen an older version.
"""

from __future__ import annotations

from bot.turns.moving.family import FamilyMoves
from bot.turns.moving.merging import MergeMoves
from bot.turns.moving.shared import Stand
from bot.turns.moving.staff import StaffMoves

__all__ = ["Moving", "Stand"]


class Moving(StaffMoves, FamilyMoves, MergeMoves):
    """Makes moves in one turn."""

    __slots__ = ()
