"""Entries of the directory that wear out: whoever keeps them is told once, a month before nobody is led there any more."""

from __future__ import annotations

from datetime import datetime

from bot.calendar import CHINA
from bot.directory import Agency
from bot.directory.agency import SOON
from bot.store import StaffMember, Work
from bot.turns.services import Services
from bot.turns.writing import Outgoing

AT_ONCE = 100  # entries looked at in one step


def tell_of_one(services: Services, work: Work, now: datetime) -> bool:
    """Tells of the entry that wears out first and was not told of; whether there was one."""
    until = now.astimezone(CHINA).date() + SOON
    near = [agency for agency in services.directory.wearing if agency.kept.expires and agency.kept.expires <= until]
    for start in range(0, len(near), AT_ONCE):
        these = near[start : start + AT_ONCE]
        told = work.amendments.told(agency.id for agency in these)
        fresh = next((agency for agency in these if told.get(agency.id) != agency.kept.expires), None)
        if fresh and fresh.kept.expires:
            work.amendments.tell(fresh.id, fresh.kept.expires, now)
            _tell(services, work, fresh, now)
            return True
    return False


def _tell(services: Services, work: Work, agency: Agency, now: datetime) -> None:
    """Those who work there, and whoever stands above the duty desk of its county."""
    county = agency.place[:6] or None
    people: dict[str, StaffMember] = {}
    for person in (*work.staff.serving(agency.id), *work.staff.supervisors(county)):
        people.setdefault(person.id, person)
    outgoing = Outgoing(services, work, work.inbox.clock(now), now)
    for person in people.values():
        words = {"who": agency.name[person.language or "zh"], "phone": agency.phone, "by": str(agency.kept.expires)}
        outgoing.to_staff(person, "utter_staff_entry", words)
