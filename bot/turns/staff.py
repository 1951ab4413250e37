"""A turn of somebody on staff: enrol, accept, decline, contact, close; take a task, write to a family, finish it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from bot.errors import InputError, MoveNotAllowedError
from bot.messages import Content, Departed, Edited, Incoming, Press, Text
from bot.referrals import Role
from bot.replies import Reply
from bot.store import Contact, StaffMember, Work
from bot.turns.drilling import Drilling
from bot.turns.moving import Moving
from bot.turns.news import bring
from bot.turns.results import TurnResult
from bot.turns.services import Services
from bot.turns.telling import Teller
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
    desk = Desk(services, work, turn, person, contact, incoming)
    match incoming.content:
        case Press(payload=payload):
            reply = desk.press(*payload.split(":", 3)[:3])
        case Text(text=words) | Edited(text=words):
            reply = desk.write(words)
        case _:
            reply = desk.say("utter_staff_help")
    return TurnResult((reply,), Outgoing(services, work, turn, incoming.at).replies(contact, (reply,)))


@dataclass(frozen=True, slots=True)
class Desk:
    """One staff member's turn; every verb answers with one reply."""

    services: Services
    work: Work
    turn: str
    person: StaffMember
    contact: Contact
    incoming: Incoming

    def press(self, verb: str, subject: str = "", detail: str = "") -> Reply:
        """A button: `verb:part` or `verb:task`, some with a detail."""
        if verb in ("accept", "decline", "contact", "visit", "close"):
            return self._part(verb, subject, detail)
        if verb in ("claim", "done"):
            return self._task(verb, subject)
        return self._drilling.press(verb, subject, detail) or self.say("utter_staff_help")

    def say(self, response: str, **words: str) -> Reply:
        """One response in this person's language."""
        return self.services.say(response, self.contact.language, words)

    def write(self, words: str) -> Reply:
        """Passes words on to the family whose task this person holds."""
        task = self.work.tasks.held_by(self.person.id)
        family = self.work.contacts.get(task.contact) if task and task.contact else None
        if task is None or family is None:
            return self._drilling.write(words) or self.say("utter_staff_help")
        item = {"response": "utter_news_from_human", "words": words}
        bring(self.services, self.work, self.turn, family, item, self.incoming.at)
        return self.say("utter_task_passed_on")

    @property
    def _drilling(self) -> Drilling:
        return Drilling(self.services.course, self.work, self.person, self.contact, self.incoming.at)

    # --- referrals -------------------------------------------------------------------------------------------

    def _part(self, verb: str, part_id: str, detail: str) -> Reply:
        try:
            return self._move(verb, part_id, detail)
        except MoveNotAllowedError:
            return self._too_late(part_id)
        except InputError:
            return self.say("utter_staff_help")

    def _move(self, verb: str, part_id: str, detail: str) -> Reply:
        match verb:
            case "accept":
                return self._accept(part_id, detail)
            case "decline":
                return self._decline(part_id, detail)
            case "contact":
                self._moving.contact(part_id, self.person)
                return self.say("utter_staff_contacted", part=part_id)
            case "visit":
                return self._visit(part_id, detail)
            case _:
                return self._close(part_id, detail or "done")

    @property
    def _moving(self) -> Moving:
        return Moving(self.services, self.work, self.turn, self.incoming.at)

    @property
    def _teller(self) -> Teller:
        return self.services.teller(self.contact.language, self.incoming.at)

    def _accept(self, part_id: str, called_by: str) -> Reply:
        case, part = self._moving.accept(part_id, self.person, called_by=called_by)
        family = self.work.contacts.get(case.contact)
        details = " ".join(family.details.values()) if family and family.details else ""
        how = (
            self.say("utter_staff_contact_details", details=details)
            if details
            else self.say("utter_staff_contact_none")
        )
        return self.say("utter_staff_accepted", part=part.id, contact=how.text, by=self._teller.by(part.deadline))

    def _decline(self, part_id: str, reason: str) -> Reply:
        if reason not in self.services.reasons.labels["decline"]:
            self._moving.may(part_id, self.person, "decline")
            return self.say("utter_staff_decline_why", part=part_id)
        _, part = self._moving.decline(part_id, self.person, reason)
        return self.say("utter_staff_declined", who=self._teller.who(part))

    def _visit(self, part_id: str, finding: str) -> Reply:
        if finding not in self.services.reasons.labels["finding"]:
            self._moving.may(part_id, self.person, "visit")
            return self.say("utter_staff_finding", part=part_id)
        _, part = self._moving.visit(part_id, self.person, finding)
        return self.say("utter_staff_following", part=part_id, by=self._teller.by(part.deadline))

    def _close(self, part_id: str, outcome: str) -> Reply:
        """It is over; or, where the rules name visits, they are what comes next."""
        _, part = self._moving.finish(part_id, self.person, outcome)
        if part.status.open:
            return self.say("utter_staff_following", part=part_id, by=self._teller.by(part.deadline))
        return self.say("utter_staff_closed", part=part_id)

    def _too_late(self, part_id: str) -> Reply:
        """Who has it now, a colleague by name; nothing to somebody who must not have to do with it."""
        _, part, by = self._moving.find(part_id, self.person)
        if part.shuns(self.person.id, self.person.agency, self.person.role):
            return self.say("utter_staff_help")
        who = self._teller.who(part)
        holder = self.work.staff.get(part.owner.staff) if part.owner.staff else None
        if holder and by.kind == Role.OWNER and holder.id != self.person.id and holder.name:
            who = f"{who} {holder.name}"
        return self.say("utter_staff_too_late", state=self._teller.words.word("status", part.status.value), who=who)

    # --- tasks -----------------------------------------------------------------------------------------------

    def _task(self, verb: str, task_id: str) -> Reply:
        at = self.incoming.at
        if verb == "claim":
            claimed = self.work.tasks.claim(task_id, self.person.id)
            return self.say("utter_task_claimed", task=task_id) if claimed else self.say("utter_task_taken")
        done = self.work.tasks.done(task_id, self.person.id, at)
        return self.say("utter_task_done") if done else self.say("utter_task_taken")
