"""An agency, who keeps its entry, and the door that was found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.calendar import CHINA
from bot.directory.hours import Hours


@dataclass(frozen=True, slots=True)
class Kept:
    """Who keeps an entry true: its owner, where it is from, when it was assured last, and when that wears out."""

    owner: str = ""
    source: str = ""
    assured: date | None = None
    expires: date | None = None


ANY_TIME, NOT_KEPT = Hours(), Kept()
SOON = timedelta(days=30)  # so long before its end an entry is asked for


@dataclass(frozen=True, slots=True)
class Agency:
    """Somebody who serves a place. `place` is the code of the division served, empty for everywhere; `name` is `{"zh", "en"}`.

    An agency whose people are not on Telegram may be written to by `email` or at a `webhook`, not both. `until` is its last
    day, and `successor` the id of whoever serves after it. `capacity` is how many open referrals it takes (None: any number),
    `accepts` whom it is for, in words; `languages` are codes (zh, ii, ug).
    """

    id: str
    service: str
    place: str
    name: Mapping[str, str]
    phone: str
    fictional: bool
    email: str = ""
    webhook: str = ""
    address: str = ""
    hours: Hours = ANY_TIME
    languages: tuple[str, ...] = ()
    accepts: str = ""
    capacity: int | None = None
    until: date | None = None
    successor: str = ""
    kept: Kept = NOT_KEPT

    def ended(self, at: datetime) -> bool:
        """Whether its last day is over."""
        return self.until is not None and self.until < at.astimezone(CHINA).date()

    def expired(self, at: datetime) -> bool:
        """Whether nobody has assured the entry in time."""
        return self.kept.expires is not None and self.kept.expires < at.astimezone(CHINA).date()


@dataclass(frozen=True, slots=True)
class Passed:
    """An agency that was passed over, and why: `expired`, `ended`, `full`, `closed` or `away` (nobody on duty)."""

    agency: str
    why: str


@dataclass(frozen=True, slots=True)
class Door:
    """Who serves a need at a place. `fell_back` names the services that have nobody there, nearest first."""

    agency: Agency
    fell_back: tuple[str, ...] = ()
    passed: tuple[Passed, ...] = ()
