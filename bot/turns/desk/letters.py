"""Letters at the desk: what a family wrote stands behind a button, an answer is the next words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.referrals.letters import Letter
from bot.replies import Reply
from bot.replies.disclosure import guarded
from bot.store import Contact
from bot.turns.buttons import Tap
from bot.turns.corresponding import Corresponding
from bot.turns.desk.seat import Seat
from bot.turns.moving import Stand


@dataclass(frozen=True, slots=True)
class LetterDesk:
    """Reads and writes letters about a part."""

    seat: Seat

    def read(self, stand: Stand, _: Tap) -> Reply:
        """What the family wrote; where it has asked to be erased, only to whoever works on it and a supervisor."""
        case, part = stand
        if self.seat.narrowed(case, part):
            return self.seat.about(case, part, "utter_staff_details_narrowed")
        found = self._corresponding.read(case, (part,), self.seat.person)
        if not found:
            return self.seat.say("utter_staff_letters_none")
        shut = guarded(self.seat.services.sheet(self.seat.work, case.id))
        response = "utter_staff_letters_guarded" if shut else "utter_staff_letters"
        return self.seat.about(case, part, response, letters=self._lines(found))

    def write(self, stand: Stand, tap: Tap) -> Reply:
        """Asks for words, where the family may be written to at all; the next that are written go to them."""
        case, part = stand
        self.seat.moving.may(part.id, self.seat.person, "note")
        if not self._corresponding.may_write(case):
            return self.seat.about(case, part, "utter_staff_letter_unsafe")
        if not tap.detail:
            self.seat.asks_for_words("write", part)
            return self.seat.say("utter_staff_letter_write")
        self._corresponding.to_family(case, part, self.seat.person, tap.detail)
        return self.seat.about(case, part, "utter_staff_letter_sent")

    def of_family(self, family: Contact) -> Reply:
        """Every letter of a family that nobody has read, for whoever looks after it from the duty desk."""
        found: list[Letter] = []
        for case in self.seat.work.cases.of_contact(family.id):
            found += self._corresponding.read(case, case.parts, self.seat.person)
        if not found:
            return self.seat.say("utter_staff_letters_none")
        return self.seat.say("utter_task_letters", letters=self._lines(found))

    def _lines(self, found: Sequence[Letter]) -> str:
        words = self.seat.words
        return "\n".join(f"{words.when(letter.at, self.seat.at)} {letter.words}" for letter in found)

    @property
    def _corresponding(self) -> Corresponding:
        return Corresponding(self.seat.services, self.seat.work, self.seat.turn, self.seat.at)
