"""A turn of somebody on staff: enrol, accept, decline, contact, close; take a task, write to a family, finish it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from bot.messages import Content, Departed, Edited, Incoming, Press, Text
from bot.replies import Reply
from bot.store import Contact, StaffMember, Work
from bot.turns.buttons import Tap
from bot.turns.desk.parts import PartDesk
from bot.turns.desk.seat import Seat
from bot.turns.desk.shift import Shift
from bot.turns.desk.tasks import TaskDesk
from bot.turns.drilling import Drilling
from bot.turns.news import bring
from bot.turns.results import TurnResult
from bot.turns.services import Services
from bot.turns.writing import Outgoing


def enrolment_code(content: Content) -> str | None:
    """The one-time code in `/start CODE`, or None."""
    if not isinstance(content, Press) or not content.payload.startswith("/start{"):
        return None
    try:
        return str(json.loads(content.payload.removeprefix("/start"))["code"]).strip()
    except (ValueError, KeyError, TypeError):
        return None


def enrol(services: Services, work: Work, contact: Contact, incoming: Incoming, code: str) -> TurnResult:
    """Turns a chat into a caseworker's inbox; a code is good once."""
    turn = work.inbox.record(incoming, contact)
    person = work.staff.enrol(code, contact.id, incoming.at)
    if person is None:
        reply = services.say("utter_staff_code_wrong", contact.language)
    else:
        teller = services.teller(contact.language, incoming.at)
        who = services.directory.agency(person.agency).name[teller.language]
        reply = services.say("utter_staff_welcome", contact.language, {"who": who, "role": teller.post(person.role)})
    return TurnResult((reply,), Outgoing(services, work, turn, incoming.at).replies(contact, (reply,)))


def staff_turn(services: Services, work: Work, person: StaffMember, contact: Contact, incoming: Incoming) -> TurnResult:
    """One message of a caseworker or operator: a button's verb, or words for the family whose task they hold.

    Somebody who has blocked the bot gets no referrals until they write again.
    """
    turn = work.inbox.record(incoming, contact)
    departed = isinstance(incoming.content, Departed)
    contact = work.contacts.save(replace(contact, blocked_at=incoming.at if departed else None))
    if departed:
        return TurnResult()
    desk = Desk(Seat(services, work, turn, person, contact, incoming.at))
    match incoming.content:
        case Press() as press:
            reply = desk.press(Tap.of(press))
        case Text(text=words) | Edited(text=words):
            reply = desk.write(words)
        case _:
            reply = desk.help
    return TurnResult((reply,), Outgoing(services, work, turn, incoming.at).replies(contact, (reply,)))


@dataclass(frozen=True, slots=True)
class Desk:
    """One staff member's turn; every verb answers with one reply."""

    seat: Seat

    def press(self, tap: Tap) -> Reply:
        """A button or a command. A note or a letter that was begun is begun no more."""
        if tap.verb not in ("note", "write"):
            self.seat.no_words()
        return (
            TaskDesk(self.seat).press(tap.verb, tap.subject)
            or PartDesk(self.seat).press(tap)
            or Shift(self.seat).press(tap.verb, tap.subject)
            or self._drilling.press(tap.verb, tap.subject, tap.stamp)
            or self.help
        )

    def write(self, words: str) -> Reply:
        """A note that was asked for, a command in words, or words for the family whose task this person holds."""
        return (
            (Shift(self.seat).write(words) if words.lstrip().startswith(("/", "／")) else None)
            or PartDesk(self.seat).write(words)
            or self._pass_on(words)
            or Shift(self.seat).write(words)
            or self._drilling.write(words)
            or self.help
        )

    @property
    def help(self) -> Reply:
        """What can be done here."""
        return self.seat.say("utter_staff_help")

    def _pass_on(self, words: str) -> Reply | None:
        """Passes words on to the family whose task this person holds."""
        seat = self.seat
        task = seat.work.tasks.held_by(seat.person.id)
        family = seat.work.contacts.get(task.contact) if task and task.contact else None
        if task is None or family is None:
            return None
        item = {"response": "utter_news_from_human", "words": words}
        bring(seat.services, seat.work, seat.turn, family, item, seat.at)
        return seat.say("utter_task_passed_on")

    @property
    def _drilling(self) -> Drilling:
        seat = self.seat
        return Drilling(seat.services.course, seat.work, seat.person, seat.contact, seat.at)
