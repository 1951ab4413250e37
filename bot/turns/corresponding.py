"""Letters between a family and whoever has their part: passed on, watched until they are read, never with anybody's number."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.referrals import Case, Part
from bot.referrals.letters import UNREAD_AT_MOST, Letter, Side
from bot.replies.disclosure import guarded
from bot.store import Contact, StaffMember, Work
from bot.turns.moving import Moving, Stand
from bot.turns.news import bring, reachable
from bot.turns.sending import Sending
from bot.turns.services import Services
from bot.turns.talk import Talk
from bot.turns.tasks import Tasks


@dataclass(frozen=True, slots=True)
class Corresponding:
    """Carries letters in one turn."""

    services: Services
    work: Work
    turn: str
    at: datetime

    # --- from the family --------------------------------------------------------------------------------------

    def meant(self, contact: Contact, talk: Talk, chosen: str | None = None) -> tuple[Part, ...]:
        """Which part a letter of theirs is about: the one they chose, else each it could be; none where nothing was sent.

        What is open comes first, and of that the child's and the gravest. Where violence is suspected it is that one:
        to offer a choice would tell who has what.
        """
        parts = self._theirs(contact)
        named = chosen or (talk.writing or {}).get("part")
        if one := next((part for part in parts if part.id == named), None):
            return (one,)
        shut = guarded(self.services.sheet(self.work, contact.case))
        return parts[:1] if shut or not any(part.status.open for part in parts) else parts

    def _theirs(self, contact: Contact) -> tuple[Part, ...]:
        parts = [
            self._moving.goes_on(Stand(case, part)).part
            for case in self.work.cases.of_contact(contact.id)
            if case.sent
            for part in case.parts
        ]
        wanted = [part for part in parts if part.status.open] or parts
        return tuple(sorted(wanted, key=lambda part: (part.child is None, -part.risk)))

    def full(self, part: Part) -> bool:
        """Whether so many wait to be read that another would only be one more."""
        return self.work.letters.unread(part.id, Side.FAMILY) >= UNREAD_AT_MOST

    def from_family(self, contact: Contact, part: Part, words: str) -> None:
        """A letter for whoever has a part: they hear of it once; where nobody reads here, the duty desk does."""
        case, part = self._moving.stand(part.id)
        first = self.work.letters.unread(part.id, Side.FAMILY) == 0
        due = self.services.deadlines.acknowledge(part.risk, part.level, self.at).deadline
        self.work.letters.add(self._letter(case, part, contact, Side.FAMILY, words, due))
        if not (part.status.open and self._reads(part)):
            self._ask_the_desk(contact, part)
        elif first:
            self._sending(case).to_owner(part, "utter_staff_letter")

    # --- from staff -------------------------------------------------------------------------------------------

    def may_write(self, case: Case) -> bool:
        """Whether the family may be written to here (`news.reachable`): where violence is suspected, others may be reading."""
        family = self.work.contacts.get(case.contact)
        return family is not None and reachable(self.services.sheet(self.work, case.id), family)

    def to_family(self, case: Case, part: Part, person: StaffMember, words: str) -> bool:
        """A letter to the family, announced by a neutral notice; False, and nothing done, where that is not safe."""
        family = self.work.contacts.get(case.contact)
        if family is None or not self.may_write(case):
            return False
        due = self.at + self.services.policy.deadlines.family_answers[part.risk]
        self.work.letters.add(self._letter(case, part, family, Side.STAFF, words, due, person.id))
        self.work.audit.add(person.id, "write_letter", part.id, case.county, self.at)
        who = self.services.teller(family.language, self.at).who(part)
        item = {"response": "utter_news_letter", "who": who, "words": words}
        bring(self.services, self.work, self.turn, family, item, self.at)
        return True

    def read(self, case: Case, parts: Sequence[Part], person: StaffMember) -> tuple[Letter, ...]:
        """What the family wrote about these parts: what nobody has read yet, else the newest. Who read it is written down."""
        found = [each for part in parts for each in self.work.letters.newest(part.id, Side.FAMILY, UNREAD_AT_MOST)]
        for part in parts:
            self.work.letters.was_read(part.id, Side.FAMILY, self.at)
            self.work.audit.add(person.id, "read_letters", part.id, case.county, self.at)
        return tuple(each for each in found if each.read is None) or tuple(found[-1:])

    # --- by the clock -----------------------------------------------------------------------------------------

    def look(self, letter: Letter) -> None:
        """One that nobody read in time: the duty desk has the family's, and whoever has the part hears of their own."""
        self.work.letters.looked(letter.id)
        case, part = self._moving.stand(letter.part)
        family = self.work.contacts.get(letter.contact)
        if family is None:
            return
        if letter.side is Side.STAFF and self._reads(part):
            self._sending(case).to_owner(part, "utter_staff_letter_unseen")
        elif letter.side is Side.STAFF:
            Tasks(self.services, self.work, self.turn, self.at).raise_for(family, "undelivered", key=part.id)
        else:
            self._ask_the_desk(family, part)

    def lost(self, family: Contact) -> None:
        """The family cannot be written to any more: whoever wrote what they have not read hears it now."""
        for letter in self.work.letters.unseen(family.id):
            self.look(letter)

    def _ask_the_desk(self, family: Contact, part: Part) -> None:
        Tasks(self.services, self.work, self.turn, self.at).raise_for(family, "letter", key=part.id)

    def _reads(self, part: Part) -> bool:
        """Whether somebody with a chat of their own has the part."""
        person = self.work.staff.get(part.owner.staff) if part.owner.staff else None
        chat = self.work.contacts.get(person.contact) if person and person.contact else None
        return chat is not None and not chat.channel.is_postbox and chat.blocked_at is None

    def _letter(
        self, case: Case, part: Part, family: Contact, side: Side, words: str, due: datetime, staff: str | None = None
    ) -> Letter:
        return Letter(secrets.token_hex(8), case.id, part.id, family.id, side, words, self.at, due, staff)

    @property
    def _moving(self) -> Moving:
        return Moving(self.services, self.work, self.turn, self.at)

    def _sending(self, case: Case) -> Sending:
        place = self.services.gazetteer.get(case.place) if case.place else None
        return Sending(self.services, self.work, self.turn, self.at, self.services.sheet(self.work, case.id), place)
