"""What somebody on staff may see: what is with their agency or was told to it, and for the duty desk what is in its county.

Whoever must have nothing to do with one part of a case sees nothing of the case.
"""

from __future__ import annotations

from bot.referrals import Case, Part, Role
from bot.referrals.case import BESIDE_CASES
from bot.referrals.lifecycle import AT_THE_DESK
from bot.store import StaffMember, Work
from bot.turns.moving import Moving

# Who decides alone about erasing, merging and overruling, lets people in or reads the log signs in with a second factor.
SECOND_FACTOR = BESIDE_CASES | {Role.SUPERVISOR}


def sees(work: Work, moving: Moving, case: Case, person: StaffMember) -> bool:
    """Whether a case is within somebody's scope. Cost: its facts are read once."""
    shunned = moving.nevers(case).union(*(part.avoid for part in case.parts))
    if not case.parts or person.role in BESIDE_CASES or shunned & {person.id, person.agency, person.role}:
        return False
    if person.role in AT_THE_DESK:
        return person.county is None or case.county in (None, person.county)
    return any(_with(part, person) or person.agency in work.cases.told_about(part.id) for part in case.parts)


def _with(part: Part, person: StaffMember) -> bool:
    return person.agency == part.owner.agency or person.id == part.owner.staff
