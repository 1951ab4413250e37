"""Letters: what a family and whoever has their part write to each other through us, without anybody's number."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

# Whoever was asked for words has so long to write them; what comes later is something else.
WITHIN = timedelta(minutes=30)
# So many letters nobody has read yet may wait with one part; after that a human is asked for.
UNREAD_AT_MOST = 10


class Side(StrEnum):
    """Who wrote a letter."""

    FAMILY = "family"
    STAFF = "staff"


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter about a part, to or from the family's `contact`.

    `staff` is who on staff wrote it. `due` is when the clock looks whether it was read; None once it was, or once somebody has
    been told that it was not.
    """

    id: str
    case: str
    part: str
    contact: str
    side: Side
    words: str = field(repr=False)
    at: datetime
    due: datetime | None
    staff: str | None = None
    read: datetime | None = None
