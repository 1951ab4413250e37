"""Who operates the desk in this transaction, and whose a call is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.errors import NotYoursError
from bot.referrals.lifecycle import AT_THE_DESK
from bot.store import Call, StaffMember, Work
from bot.turns.services import Services


@dataclass(frozen=True, slots=True)
class Operating:
    """One operator, in the language in which they speak with the caller."""

    services: Services
    work: Work
    person: StaffMember
    language: str
    at: datetime

    def mine(self, call_id: str) -> Call:
        """A call in this person's hands; raises `NotYoursError` for any other."""
        call = self.known(call_id)
        if call.operator != self.person.id:
            raise NotYoursError("this call is in other hands")
        return call

    def known(self, call_id: str) -> Call:
        """A call of this person's desk; raises `NotYoursError` for anybody else, and where there is none."""
        self.at_the_desk()
        call = self.work.calls.get(call_id)
        if call is None or not self._ours(call):
            raise NotYoursError("there is no such call at this desk")
        return call

    def at_the_desk(self) -> None:
        """Raises `NotYoursError` for anybody whose post is elsewhere."""
        if self.person.role not in AT_THE_DESK:
            raise NotYoursError("calls are for the duty desk")

    def write_down(self, action: str, subject: str, county: str | None) -> None:
        """A row of the audit log."""
        self.work.audit.add(self.person.id, action, subject, county, self.at)

    def _ours(self, call: Call) -> bool:
        return self.person.county is None or self.person.county == call.county or call.operator == self.person.id
