"""Who is enrolled and on duty, asked of the store within the turn."""

from __future__ import annotations

from dataclasses import dataclass

from bot.store import Work


@dataclass(frozen=True, slots=True)
class StoreStaffing:
    """`bot.referrals.plan.Staffing` over the staff table; one look-up a question."""

    work: Work

    def inbox(self, agency: str) -> str | None:
        """The first enrolled person on duty at this agency."""
        return next((person.id for person in self.work.staff.serving(agency)), None)

    def operator(self, county: str | None) -> str | None:
        """An operator on duty for this county, else for any."""
        return next((person.id for person in self.work.staff.on_duty_operators(county)), None)
