"""By when the owner of a part must have made the next move, from `rules/deadlines.yml`.

Emergency and high run round the clock; medium, low and none count office hours, so that nobody is overdue at night.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.calendar import add_working
from bot.decisions import Risk
from bot.decisions.rulebase import Limits
from bot.referrals.case import Part, Term

# Nobody there reads our messages: the operator on duty owns the part and records who called.
NO_INBOX = frozenset({"police", "ambulance", "operator"})
AT_THE_TOP = timedelta(days=1)  # where nobody stands above, reminders grow apart up to this


@dataclass(frozen=True, slots=True)
class Deadlines:
    """Turns the limits into terms; all times aware."""

    limits: Limits

    def acknowledge(self, risk: Risk, service: str, at: datetime) -> Term:
        """Until somebody who was handed a part of this risk at `at` must have accepted it, or recorded who called."""
        if risk is Risk.EMERGENCY and service in NO_INBOX:
            return self._term(risk, at, at + self.limits.record_call)
        return self._term(risk, at, _after(risk, at, self.limits.acknowledged_within(risk, service)))

    def again(self, part: Part, at: datetime) -> Term:
        """Nobody stands above: the same person is asked again, each time after twice as long."""
        longer = at + min((part.deadline - part.term.since) * 2, AT_THE_TOP)
        return self._term(part.risk, at, _after(part.risk, longer, timedelta()))

    def contact(self, part: Part, at: datetime) -> Term:
        """Until whoever accepted at `at` must have spoken with the family: `act_by`, or what is left at least."""
        least = _after(part.risk, at, self.limits.contact[part.risk])
        return self._term(part.risk, at, max(part.act_by or least, least))

    def review(self, part: Part, at: datetime) -> Term:
        """Until there must be news of a family that is in contact and whose follow-up is not dated."""
        return self._term(part.risk, at, at + self.limits.review[part.risk])

    def visit(self, part: Part, due: datetime, at: datetime) -> Term:
        """Until a visit dated `due` must have been made; its owner is reminded before the date itself."""
        deadline = max(due, at) + self.limits.follow_up_late[part.risk]
        reminder = due - self.limits.remind[part.risk]
        return Term(at, deadline, max(reminder, at))

    def awaited(self, part: Part, at: datetime) -> datetime:
        """Until when a deadline may stand still for the family; `at` where it may not."""
        return at + self.limits.await_family[part.risk]

    def _term(self, risk: Risk, at: datetime, deadline: datetime) -> Term:
        reminder = deadline - self.limits.remind[risk]
        return Term(at, deadline, reminder if reminder > at else None)


def _after(risk: Risk, at: datetime, allowed: timedelta) -> datetime:
    return at + allowed if risk >= Risk.HIGH else add_working(at, allowed)
