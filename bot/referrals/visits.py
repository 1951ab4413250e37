"""Follow-up: the visits and calls of a plan as dated tasks of whoever has the part, each with what was found."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.decisions.words import Contact


@dataclass(frozen=True, slots=True)
class Visit:
    """One dated `visit` or `call` of a part. `finding` is a word of `data/referrals.yml` once it was made (`done`).

    One that is `dropped` will not be made any more: another plan took its place, or the part is over.
    """

    id: str
    part: str
    how: str
    plan: str
    due: datetime
    done: datetime | None = None
    finding: str | None = None
    dropped: bool = False

    @property
    def owed(self) -> bool:
        """Whether somebody still has to make it."""
        return self.done is None and not self.dropped


def dated(part: str, plan: str, contacts: Iterable[Contact], begin: datetime, now: datetime) -> tuple[Visit, ...]:
    """The contacts of a plan as visits, counted from when the case was opened; what lies behind already is left out.

    Where all of it does, the last one is due now: a family is seen once more before it is let go.
    """
    steps = list(contacts)
    ahead = [step for step in steps if begin + step.after > now] or steps[-1:]
    return tuple(Visit(secrets.token_hex(8), part, step.how, plan, max(begin + step.after, now)) for step in ahead)


def next_owed(visits: Iterable[Visit]) -> Visit | None:
    """The visit that is due next."""
    return min((visit for visit in visits if visit.owed), key=lambda visit: (visit.due, visit.id), default=None)
