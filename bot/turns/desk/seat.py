"""Who sits at the desk in this turn, and how a part is put before them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.places import Place
from bot.referrals import Case, Part, Role
from bot.referrals.letters import WITHIN
from bot.replies import Button, Reply
from bot.replies.words import Words
from bot.store import Contact, StaffMember, Work
from bot.turns.buttons import payload, stamp
from bot.turns.moving import Moving, Stand
from bot.turns.sending import Sending
from bot.turns.services import Services
from bot.turns.talk import Talk
from bot.turns.telling import Teller


@dataclass(frozen=True, slots=True)
class Seat:
    """One staff member's turn."""

    services: Services
    work: Work
    turn: str
    person: StaffMember
    contact: Contact
    at: datetime

    def say(self, response: str, **words: str) -> Reply:
        """One response in this person's language."""
        return self.services.say(response, self.contact.language, words)

    def about(self, case: Case, part: Part, response: str = "", **words: str) -> Reply:
        """One response about a part, its card when none is named; lines with nothing on them are left out."""
        card, known = self._sending(case).card(part, self.contact.language)
        reply = self.services.say(response or card, self.contact.language, known | words)
        return replace(reply, text="\n".join(line for line in reply.text.splitlines() if line.strip()))

    def choice(self, response: str, options: Iterable[tuple[str, str]]) -> Reply:
        """A question with its answers as buttons: title and payload."""
        return replace(self.say(response), buttons=tuple(Button(title, payload) for title, payload in options))

    def why(
        self, stand: Stand, verb: str, kind: str, question: str, *, only: Iterable[str] | None = None, of: str = ""
    ) -> Reply:
        """The closed words of a kind as buttons, where the move itself could be made; `of` is what was chosen before."""
        self.moving.may(stand.part.id, self.person, verb)
        labels = self.services.reasons.labels[kind]
        wanted = [word for word in labels if only is None or word in only]
        options = [
            (labels[w][self.words.language], payload(verb, stand.part, *((of,) if of else ()), w)) for w in wanted
        ]
        return self.choice(question, options)

    def who(self, part: Part) -> str:
        """Who has a part: the agency, and a colleague there by name."""
        holder = self.work.staff.get(part.owner.staff) if part.owner.staff else None
        named = holder and holder.name and holder.id != self.person.id and holder.agency == self.person.agency
        return f"{self.teller.who(part)} {holder.name}" if holder and named else self.teller.who(part)

    def place(self, case: Case) -> Place | None:
        """Where a family is."""
        return self.services.gazetteer.get(case.place) if case.place else None

    def asks_for_words(self, verb: str, part: Part) -> None:
        """The next words, for a while, are what `verb` needs: a note, or a letter to the family."""
        until = (self.at + WITHIN).isoformat()
        self._remember({"verb": verb, "part": part.id, "stamp": stamp(part), "until": until})

    def no_words(self) -> None:
        """The next words are nothing special."""
        if self.talk.noting:
            self._remember(None)

    def _remember(self, noting: dict[str, str] | None) -> None:
        self.work.contacts.save(replace(self.contact, state=replace(self.talk, noting=noting).to_json()))

    def narrowed(self, case: Case, part: Part) -> bool:
        """Whether the family has asked to be erased, so that only whoever works on it and a supervisor see more."""
        family = self.work.contacts.get(case.contact)
        mine = part.owner.staff == self.person.id or self.person.role == Role.SUPERVISOR
        return bool(family and family.erase_asked) and not mine

    @property
    def talk(self) -> Talk:
        """What this chat remembers."""
        return Talk.from_json(self.contact.state)

    @property
    def moving(self) -> Moving:
        """Makes moves in this turn."""
        return Moving(self.services, self.work, self.turn, self.at)

    @property
    def teller(self) -> Teller:
        """Puts things into words."""
        return self.services.teller(self.contact.language, self.at)

    @property
    def words(self) -> Words:
        """The small words."""
        return self.teller.words

    def _sending(self, case: Case) -> Sending:
        sheet = self.services.sheet(self.work, case.id)
        return Sending(self.services, self.work, self.turn, self.at, sheet, self.place(case))
