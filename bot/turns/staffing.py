"""Who is enrolled and on duty, asked of the store within the turn."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from bot.directory import Agency
from bot.store import Work


@dataclass(frozen=True, slots=True)
class StoreStaffing:
    """`bot.referrals.plan.Staffing` over the staff table; one look-up a question."""

    work: Work

    def inbox(self, agency: str, avoid: Collection[str] = ()) -> str | None:
        """The first enrolled person on duty at this agency who may know."""
        serving = self.work.staff.serving(agency)
        return next((person.id for person in serving if not {person.id, person.role} & set(avoid)), None)

    def full(self, agency: Agency) -> bool:
        """Counts the agency's open referrals."""
        return agency.capacity is not None and self.work.cases.open_parts(agency.id) >= agency.capacity

    def operators(self, county: str | None) -> tuple[str, ...]:
        """The operators on duty for this county, else for any."""
        return tuple(person.id for person in self.work.staff.on_duty_operators(county))

    def supervisors(self, county: str | None) -> tuple[str, ...]:
        """Who stands above them."""
        return tuple(person.id for person in self.work.staff.supervisors(county))
