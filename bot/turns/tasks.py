"""Tasks for operators: whatever the rules cannot do alone becomes a human's work, once, and is asked about until it is done."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from bot.decisions import Risk
from bot.directory import Agency
from bot.referrals import Case
from bot.replies.words import Words
from bot.store import Contact, StaffMember, Task, Work
from bot.turns.services import Services
from bot.turns.writing import Outgoing

# What only a supervisor decides.
SENIOR = frozenset({"erase"})
# Whoever has a task is asked about it after so long; the second time it is anybody's again.
HELD = timedelta(days=1)
# What nobody takes is asked about again after twice as long each time, at least so often.
PAUSE_AT_MOST = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Tasks:
    """Raises tasks in one turn and sends each to the operators on duty."""

    services: Services
    work: Work
    turn: str
    at: datetime

    def raise_for(
        self, contact: Contact, kind: str, *, key: str = "", agency: Agency | None = None, other: str | None = None
    ) -> None:
        """One task of this kind for this conversation; the same thing is not raised twice while it is open.

        `key` tells two occasions of the same kind apart. Ordered by the risk known so far, even without consent or place.
        `agency` is whom it is about, where it is not about a family; `other` is another case that it is about as well.
        """
        case = self.work.cases.look(contact.case) if contact.case else None
        risk, county = (case.risk, case.county) if case else (Risk.NONE, None)
        due = self.at + self._within(risk)
        task = Task(secrets.token_hex(8), kind, contact.id, contact.case, county, risk, self.at, due, other=other)
        if self.work.tasks.add(task, key):
            self._announce(task, contact, case, agency)

    def ring(self, task: Task) -> None:
        """Its time has come: whoever has it is asked once, then it is anybody's; what nobody has is told to more people.

        Where nobody could be told, somebody is looked for again soon.
        """
        contact = self.work.contacts.get(task.contact) if task.contact else None
        if contact is None or contact.erased_at or self._other_is_gone(task):
            self.work.tasks.drop(task.id, self.at)
            return
        if task.owner and task.rung == 0:
            self._remind(task, task.owner)
            self.work.tasks.rang(task, self.at + HELD)
            return
        if task.owner:
            self.work.tasks.release(task.owner, self.at, task.id)
            task = replace(task, owner=None, rung=0)
        case = self.work.cases.look(task.case) if task.case else None
        told = self._announce(task, contact, case, self._agency_of(contact), again=True)
        pause = self._within(task.risk) * 2**task.rung if told else self._within(task.risk)
        self.work.tasks.rang(task if told else replace(task, rung=task.rung - 1), self.at + min(pause, PAUSE_AT_MOST))

    def card(
        self, task: Task, contact: Contact, case: Case | None, agency: Agency | None, language: str | None
    ) -> tuple[str, dict[str, Any]]:
        """A task as a person reads it: the response of data/domain, and its words."""
        sheet = self.services.sheet(self.work, case.id if case else None)
        place = self.services.gazetteer.get(case.place) if case and case.place else None
        words = self.services.book.speak(language)
        return f"utter_task_{task.kind}", {
            "task": task.id,
            "channel": words.word("source", contact.channel.value),
            "risk": words.word("risk", (case.risk if case else Risk.NONE).name.lower()),
            "place": place.full_name if place else "",
            "known": self.services.phrases.known(sheet, self.services.policy.vocabulary, words),
            "other": self._known_beside(task, words),
            "by": words.by(task.due, self.at),
            "who": agency.name[words.language] if agency else "",
            "phone": agency.phone if agency else "",
        }

    def shown(self, task: Task, language: str | None) -> tuple[str, dict[str, Any]] | None:
        """The card of a task that is open still; None when whom it was about is gone."""
        contact = self.work.contacts.get(task.contact) if task.contact else None
        if contact is None or contact.erased_at or self._other_is_gone(task):
            return None
        case = self.work.cases.look(task.case) if task.case else None
        return self.card(task, contact, case, self._agency_of(contact), language)

    def for_whom(self, task: Task, case: Case | None) -> tuple[StaffMember, ...]:
        """Who is told: operators on duty; who stands above when nobody is there, nobody took it, or only they may decide.

        Nobody who must have nothing to do with the family.
        """
        operators = self.work.staff.on_duty_operators(task.county)
        above = self.work.staff.supervisors(task.county) if task.kind in SENIOR or task.rung or not operators else ()
        people = above if above and task.kind in SENIOR else (*operators, *above)
        other = self.work.cases.look(task.other) if task.other else None
        return tuple(person for person in people if not (_shunned(person, case) or _shunned(person, other)))

    def _other_is_gone(self, task: Task) -> bool:
        return task.other is not None and self.work.cases.look(task.other) is None

    def _known_beside(self, task: Task, words: Words) -> str:
        """What is known in the other case that a task is about."""
        if task.other is None or self._other_is_gone(task):
            return ""
        sheet = self.services.sheet(self.work, task.other)
        return self.services.phrases.known(sheet, self.services.policy.vocabulary, words)

    def _announce(
        self, task: Task, contact: Contact, case: Case | None, agency: Agency | None, *, again: bool = False
    ) -> int:
        outgoing = Outgoing(self.services, self.work, self.turn, self.at)
        people = self.for_whom(task, case)
        for person in people:
            response, words = self.card(task, contact, case, agency, person.language)
            first = "utter_task_again" if again else ""
            outgoing.to_staff(person, response, words, urgent=task.risk is Risk.EMERGENCY, first=first)
        return len(people)

    def _remind(self, task: Task, owner: str) -> None:
        person = self.work.staff.get(owner)
        shown = self.shown(task, person.language) if person else None
        if person and shown:
            outgoing = Outgoing(self.services, self.work, self.turn, self.at)
            kind = self.services.book.speak(person.language).word("task", task.kind)
            outgoing.to_staff(person, "utter_task_held", shown[1] | {"kind": kind})

    def _agency_of(self, contact: Contact) -> Agency | None:
        """Where the contact is somebody's on staff, whom the task is about."""
        person = self.work.staff.by_contact(contact.id)
        return self.services.directory.by_id.get(person.agency) if person else None

    def _within(self, risk: Risk) -> timedelta:
        """By when a human answers; in an emergency as soon as they must record who called."""
        usual = timedelta(minutes=self.services.settings.human_within)
        return min(usual, self.services.policy.deadlines.record_call) if risk is Risk.EMERGENCY else usual


def _shunned(person: StaffMember, case: Case | None) -> bool:
    parts: Iterator[bool] = (p.shuns(person.id, person.agency, person.role) for p in case.parts) if case else iter(())
    return any(parts)
