"""What the family is asked about a promise: did anyone contact you in time, and is it settled now that it was closed?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.referrals.case import Part, Status
from bot.referrals.lifecycle import TALKING

MOST = 3  # so often at most one part is asked about in one way
ONCE_IN = timedelta(days=1)  # and no family is written to about it more often than this


class Asked(StrEnum):
    """What is asked."""

    CONTACTED = "contacted"
    SETTLED = "settled"


@dataclass(frozen=True, slots=True)
class Inquiry:
    """One question about one part. `due` is when the clock looks: to ask, or, once `waiting`, to give it to a human.

    `asks` counts how often it was asked, `asked` is when it was last; without `due` nothing is to be done any more.
    """

    part: str
    case: str
    what: Asked
    asks: int = 0
    asked: datetime | None = None
    due: datetime | None = None
    waiting: bool = False

    def matters(self, part: Part) -> bool:
        """Whether there is something to ask: nobody has recorded contact, or it is closed still."""
        if self.what is Asked.SETTLED:
            return part.status is Status.CLOSED
        return part.status.open and part.status not in TALKING
