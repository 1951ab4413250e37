"""By when somebody must acknowledge: minutes by risk from `rules/deadlines.yml`.

Emergency and high run round the clock; medium and low count office hours, so that nobody is overdue at night.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.calendar import add_working
from bot.decisions import Risk


@dataclass(frozen=True, slots=True)
class Deadlines:
    """`acknowledge` by risk; `record_call` is how long the operator has to record who called 110."""

    acknowledge: Mapping[Risk, timedelta]
    record_call: timedelta

    def acknowledge_by(self, risk: Risk, at: datetime) -> datetime:
        """When a part of this risk, handed over at `at`, must have been accepted."""
        allowed = self.acknowledge[risk]
        return at + allowed if risk >= Risk.HIGH else add_working(at, allowed)
