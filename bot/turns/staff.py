"""A turn of somebody on staff: enrol, accept, decline, contact, close; take a task, write to a family, finish it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime

from bot.errors import MoveNotAllowedError
from bot.messages import Content, Departed, Edited, Incoming, Press, Text
from bot.referrals import Actor, Case, Part, moves
from bot.referrals.plan import OPERATOR, Planner
from bot.replies import Reply
from bot.store import Contact, StaffMember, Work
from bot.turns.drilling import Drilling
from bot.turns.news import bring
from bot.turns.results import TurnResult
from bot.turns.sending import Sending
from bot.turns.services import Services
from bot.turns.staffing import StoreStaffing
from bot.turns.writing import Outgoing

# What a caseworker may give as the reason for not taking something on.
REASONS = frozenset({"not_mine", "no_capacity", "conflict"})


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
        reply = services.say("utter_staff_welcome", contact.language, {"who": who, "role": teller.service(person.role)})
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
        if verb in ("accept", "decline", "contact", "close"):
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
        case = self.work.cases.of_part(part_id)
        part = next((p for p in case.parts if p.id == part_id), None) if case else None
        if case is None or part is None:
            return self.say("utter_staff_help")
        if not self._mine(part):
            return self._too_late(part)
        try:
            match verb:
                case "accept":
                    return self._accept(case, part, detail)
                case "decline":
                    return self._decline(case, part, detail)
                case "contact":
                    return self._moved(
                        case, moves.contact(part, self._actor, self.incoming.at), "utter_staff_contacted"
                    )
                case _:
                    return self._moved(
                        case, moves.close(part, self._actor, self.incoming.at, "done"), "utter_staff_closed"
                    )
        except MoveNotAllowedError:
            return self._too_late(part)

    def _mine(self, part: Part) -> bool:
        """A part belongs to the agency: colleagues there may take it on, nobody else may."""
        return part.owner.agency == self.person.agency or part.owner.staff == self.person.id

    @property
    def _actor(self) -> Actor:
        return Actor("operator" if self.person.role == OPERATOR else "staff", self.person.id)

    def _accept(self, case: Case, part: Part, detail: str) -> Reply:
        moved, event = accept_part(self.services, self.work, self.turn, case, part, self._actor, self.incoming.at)
        if detail:
            self.work.cases.add_event(case.id, replace(event, move="call_recorded", detail={"called_by": detail}))
        family = self.work.contacts.get(case.contact)
        details = " ".join(family.details.values()) if family and family.details else ""
        how = (
            self.say("utter_staff_contact_details", details=details)
            if details
            else self.say("utter_staff_contact_none")
        )
        teller = self.services.teller(self.contact.language, self.incoming.at)
        return self.say("utter_staff_accepted", part=part.id, contact=how.text, by=teller.by(moved.deadline))

    def _decline(self, case: Case, part: Part, reason: str) -> Reply:
        if reason not in REASONS:
            return self.say("utter_staff_decline_why", part=part.id)
        at = self.incoming.at
        place = self.services.gazetteer.get(case.place) if case.place else None
        planner = Planner(self.services.directory, StoreStaffing(self.work), self.services.deadlines)
        heir, level, deadline = planner.next_in_line(part, place, at)
        moved, event = moves.decline(part, self._actor, at, reason, heir, level, deadline)
        self.work.cases.save(case.with_part(moved))
        self.work.cases.add_event(case.id, event)
        Sending(self.services, self.work, self.turn, at, self.services.sheet(self.work, case.id), place).refer(moved)
        return self.say("utter_staff_declined", who=self.services.teller(self.contact.language, at).who(moved))

    def _moved(self, case: Case, moved: moves.Moved, response: str) -> Reply:
        part, event = moved
        self.work.cases.save(case.with_part(part))
        self.work.cases.add_event(case.id, event)
        return self.say(response, part=part.id)

    def _too_late(self, part: Part) -> Reply:
        teller = self.services.teller(self.contact.language, self.incoming.at)
        return self.say(
            "utter_staff_too_late", state=teller.words.word("status", part.status.value), who=teller.who(part)
        )

    # --- tasks -----------------------------------------------------------------------------------------------

    def _task(self, verb: str, task_id: str) -> Reply:
        at = self.incoming.at
        if verb == "claim":
            claimed = self.work.tasks.claim(task_id, self.person.id)
            return self.say("utter_task_claimed", task=task_id) if claimed else self.say("utter_task_taken")
        done = self.work.tasks.done(task_id, self.person.id, at)
        return self.say("utter_task_done") if done else self.say("utter_task_taken")


def accept_part(
    services: Services, work: Work, turn: str, case: Case, part: Part, by: Actor, at: datetime
) -> moves.Moved:
    """Somebody takes a part on and the family is told. Raises `MoveNotAllowedError` when it is no longer waiting."""
    moved, event = moves.accept(part, by, at)
    work.cases.save(case.with_part(moved))
    work.cases.add_event(case.id, event)
    family = work.contacts.get(case.contact)
    if family is not None:
        teller = services.teller(family.language, at)
        item = {
            "response": "utter_news_accepted",
            "for_whom": teller.for_whom(moved),
            "who": teller.who(moved),
            "by": teller.by(moved.deadline),
        }
        bring(services, work, turn, family, item, at)
    return moved, event
