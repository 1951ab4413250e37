"""What the façades have in common: one transaction of one person, in one language, and who looked at what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.store import StaffMember, Work
from bot.turns.services import Services
from bot.turns.telling import Teller


@dataclass(frozen=True, slots=True)
class Look:
    """Something personal that was read: to be written down before it is shown."""

    action: str
    subject: str
    county: str | None


@dataclass(frozen=True, slots=True)
class Facade:
    """What pages and programs ask, without knowing of the store. Where it only reads, looks are left in `looks`."""

    services: Services
    work: Work
    person: StaffMember
    language: str
    at: datetime
    looks: list[Look] | None = None

    @property
    def teller(self) -> Teller:
        """Puts things into words."""
        return self.services.teller(self.language, self.at)

    def looked(self, look: Look) -> None:
        """Something personal is about to be shown."""
        if self.looks is None:
            self.work.audit.add(self.person.id, look.action, look.subject, look.county, self.at)
        else:
            self.looks.append(look)
