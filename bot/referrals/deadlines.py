"""By when somebody must acknowledge, by risk and service, from `rules/deadlines.yml`.

Emergency and high run round the clock; medium and low count office hours, so that nobody is overdue at night.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.calendar import add_working
from bot.decisions import Risk


@dataclass(frozen=True, slots=True)
class Deadlines:
    """`within` says how long a service has for a risk; `record_call` how long the operator has to record who called 110."""

    within: Callable[[Risk, str], timedelta]
    record_call: timedelta

    def acknowledge_by(self, risk: Risk, service: str, at: datetime) -> datetime:
        """When a part of this risk, handed to this service at `at`, must have been accepted."""
        allowed = self.within(risk, service)
        return at + allowed if risk >= Risk.HIGH else add_working(at, allowed)
