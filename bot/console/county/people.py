"""People and roles: who works here, one-time links for those who come, and an end for those who go. For administrators.

An administrator sees no family: whoever may let others in may not look at what they see.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from bot.console.facade import Facade
from bot.errors import InputError
from bot.referrals.plan import OPERATOR
from bot.store import StaffMember
from bot.workbench.enrolment import ANYWHERE


@dataclass(frozen=True, slots=True)
class PersonView:
    """Somebody on staff: post and agency in words, whether they have only been invited, and how many parts and calls they hold."""

    id: str
    name: str
    post: str
    agency: str
    on_duty: bool
    invited: bool
    holds: int
    me: bool


@dataclass(frozen=True, slots=True)
class Opening:
    """A post that somebody can be invited to."""

    value: str
    title: str


class People(Facade):
    """Staff, as one administrator sees them."""

    __slots__ = ()

    def everybody(self) -> tuple[PersonView, ...]:
        """Everybody of this county, or of every county for an administrator of all."""
        people = self.work.staff.everybody(self.person.county)
        return tuple(
            sorted((self._view(each) for each in people), key=lambda view: (view.agency, view.post, view.name))
        )

    def openings(self) -> tuple[Opening, ...]:
        """Every post of every agency here."""
        return tuple(sorted(self._openings(), key=lambda opening: opening.title))

    def invite(self, opening: str, name: str) -> str:
        """A one-time code for somebody at a post. Raises `InputError` for a post that is not here."""
        if opening not in {each.value for each in self._openings()}:
            raise InputError("this is no post of this place")
        role, _, agency = opening.partition(" ")
        expires = self.at + timedelta(hours=self.services.settings.enrolment_code_lasts)
        place = self.services.directory.by_id[agency].place
        code = self.work.staff.invite(
            role, agency, place[:6] or self.person.county, name.strip()[:60], expires, self.at
        )
        self.work.audit.add(self.person.id, f"invite_{role}"[:32], agency, self.person.county, self.at)
        return code

    def leaves(self, staff_id: str) -> None:
        """Somebody goes: no session, account, key or chat of theirs opens anything any more.

        Raises `InputError` for oneself, for nobody of this place, and for whoever still has what a family waits for.
        """
        person = next((each for each in self.work.staff.everybody(self.person.county) if each.id == staff_id), None)
        if person is None or person.id == self.person.id:
            raise InputError("gone")
        if self._holds(person):
            raise InputError("holds")
        self.work.tasks.release(person.id, self.at)
        self.work.accounts.close(person.id)
        self.work.api_keys.revoke_all(person.id, self.at)
        self.work.staff.leave(person.id)
        self.work.audit.add(self.person.id, "end_access", person.id, self.person.county, self.at)

    def _view(self, person: StaffMember) -> PersonView:
        teller = self.teller
        agency = self.services.directory.by_id.get(person.agency)
        return PersonView(
            id=person.id,
            name=person.name,
            post=teller.post(person.role),
            agency=str(agency.name[self.language]) if agency else person.agency,
            on_duty=person.on_duty and person.contact is not None,
            invited=person.contact is None,
            holds=self._holds(person),
            me=person.id == self.person.id,
        )

    def _holds(self, person: StaffMember) -> int:
        """Open parts and calls in somebody's hands."""
        return len(self.work.cases.held_by(person.id)) + len(self.work.calls.of(person.id))

    def _openings(self) -> Iterator[Opening]:
        teller = self.teller
        for agency in self.services.directory.agencies:
            if self.person.county and agency.place[:6] != self.person.county:
                continue
            name = str(agency.name[self.language])
            for role in ANYWHERE if agency.service == OPERATOR else (agency.service,):
                yield Opening(f"{role} {agency.id}", f"{name} · {teller.post(role)}")
