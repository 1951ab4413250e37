"""What a caseworker's button carries: `verb:part:stamp:detail:more`, ids and closed words only, within Telegram's 64 bytes.

The stamp says when the version that was looked at began; a reminder or a delivery does not make another version.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.messages import Press
from bot.referrals import Part
from bot.referrals.deadlines import NO_INBOX
from bot.referrals.plan import OPERATOR

# Nobody remembers what an older message was about; its buttons only show how things stand.
BUTTONS_LAST = timedelta(days=14)

# Who made the call where police or an ambulance is meant.
CALLED = ("staff", "family", "other")

_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Tap:
    """One press, taken apart; what is missing is empty."""

    verb: str
    subject: str = ""
    stamp: str = ""
    detail: str = ""
    more: str = ""
    offered: datetime | None = None

    @classmethod
    def of(cls, press: Press) -> Tap:
        """What a press brings back."""
        verb, subject, seen, detail, more = [*press.payload.split(":", 5), "", "", "", ""][:5]
        return cls(verb, subject, seen, detail, more, press.offered)

    def too_old(self, now: datetime) -> bool:
        """Whether the button has been standing there for two weeks."""
        return self.offered is not None and now - self.offered >= BUTTONS_LAST


def stamp(part: Part) -> str:
    """When this version of a part began, in few letters."""
    return moment(part.term.since)


def moment(at: datetime) -> str:
    """A time in milliseconds, base 36: eight letters until the year 2059."""
    left, letters = int(at.timestamp() * 1000), ""
    while left:
        left, digit = divmod(left, 36)
        letters = _DIGITS[digit] + letters
    return letters


def payload(verb: str, part: Part, *details: str) -> str:
    """What a button about a part as it stands brings back."""
    return ":".join((verb, part.id, stamp(part), *details))


def by_telephone(part: Part) -> bool:
    """Whether police or an ambulance is meant, where nobody reads us: somebody must call, and record who did."""
    return part.lead in NO_INBOX and part.lead != OPERATOR
