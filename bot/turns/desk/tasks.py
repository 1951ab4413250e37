"""Tasks at the desk: take one, give it back, finish it, look at what waits, and decide whether a family is erased."""

from __future__ import annotations

from dataclasses import dataclass

from bot.errors import MoveNotAllowedError, NotYoursError
from bot.referrals import Role
from bot.referrals.lifecycle import AT_THE_DESK
from bot.replies import Button, Reply
from bot.store import Contact, Task
from bot.turns.desk.letters import LetterDesk
from bot.turns.desk.seat import Seat
from bot.turns.erasing import Erasing
from bot.turns.news import bring
from bot.turns.tasks import HELD, Tasks


@dataclass(frozen=True, slots=True)
class TaskDesk:
    """What operators and supervisors do with tasks."""

    seat: Seat

    def press(self, verb: str, task_id: str) -> Reply | None:
        """One button; None for any other verb."""
        work, person, at = self.seat.work, self.seat.person, self.seat.at
        match verb:
            case "claim":
                claimed = work.tasks.claim(task_id, person.id, at + HELD)
                return self.seat.say("utter_task_claimed", task=task_id) if claimed else self._taken
            case "done":
                done = work.tasks.done(task_id, person.id, at)
                return self.seat.say("utter_task_done") if done else self._taken
            case "back":
                given = work.tasks.release(person.id, at, task_id)
                return self.seat.say("utter_task_back") if given else self._taken
            case "task" | "erase" | "keep" | "letters" | "same" | "differ":
                task = work.tasks.get(task_id)
                return self._about(verb, task) if task else self._taken
        return None

    def waiting(self) -> tuple[Button, ...]:
        """What nobody has taken and this person could, the gravest first, then what they have; each shows its card."""
        if self.seat.person.role not in AT_THE_DESK:
            return ()
        free = [task for task in self.seat.work.tasks.free() if self._may(task)]
        held = self.seat.work.tasks.all_held_by(self.seat.person.id)
        return tuple(Button(self._title(task), f"task:{task.id}") for task in (*free, *held))

    def _may(self, task: Task) -> bool:
        case = self.seat.work.cases.get(task.case) if task.case else None
        told = Tasks(self.seat.services, self.seat.work, self.seat.turn, self.seat.at).for_whom(task, case)
        return self.seat.person.id in {person.id for person in told} or self._senior(task)

    def _senior(self, task: Task) -> bool:
        above = self.seat.work.staff.supervisors(task.county)
        return self.seat.person.id in {person.id for person in above}

    def _about(self, verb: str, task: Task) -> Reply:
        family = self.seat.work.contacts.get(task.contact) if task.contact else None
        if verb == "letters" and family and self._may(task):
            return LetterDesk(self.seat).of_family(family)
        if verb in ("same", "differ") and task.kind == "likely_same":
            return self._compared(task, same=verb == "same")
        if verb == "task" or family is None or task.kind != "erase":
            return self._card(task)
        if self.seat.person.role != Role.SUPERVISOR or not self._senior(task):
            return self.seat.say("utter_staff_supervisor_only")
        return self._erased(task, family) if verb == "erase" else self._kept(task, family)

    def _card(self, task: Task) -> Reply:
        if task.owner not in (None, self.seat.person.id):
            return self._taken
        tasks = Tasks(self.seat.services, self.seat.work, self.seat.turn, self.seat.at)
        shown = tasks.shown(task, self.seat.contact.language)
        if shown is None:
            return self._taken
        response, words = shown
        if task.owner:
            kind = self.seat.words.word("task", task.kind)
            response, words = "utter_task_held", words | {"kind": kind}
        return self.seat.services.say(response, self.seat.contact.language, words)

    def _erased(self, task: Task, family: Contact) -> Reply:
        seat = self.seat
        try:
            Erasing(seat.services, seat.work, seat.turn, seat.at).decided(family, seat.person)
        except MoveNotAllowedError:
            return seat.say("utter_staff_supervisor_only")
        seat.work.tasks.drop(task.id, seat.at)
        return seat.say("utter_staff_erased")

    def _kept(self, task: Task, family: Contact) -> Reply:
        seat = self.seat
        seat.work.tasks.drop(task.id, seat.at)
        seat.work.audit.add(seat.person.id, "keep", family.id, task.county, seat.at)
        bring(seat.services, seat.work, seat.turn, family, {"response": "utter_news_erase_kept"}, seat.at)
        return seat.say("utter_staff_erase_kept")

    def _compared(self, task: Task, *, same: bool) -> Reply:
        """Whether two cases are one family: the later one goes on in the earlier."""
        seat = self.seat
        if not self._may(task):
            return self._taken
        cases = [case for each in (task.case, task.other) if each and (case := seat.work.cases.look(each))]
        if same and len(cases) > 1:
            into, case = sorted(cases, key=lambda each: each.created)
            try:
                seat.moving.merge(case.id, into.id, seat.person)
            except NotYoursError:
                return seat.say("utter_staff_not_yours")
            except MoveNotAllowedError:
                return self._taken
        seat.work.tasks.drop(task.id, seat.at)
        seat.work.audit.add(seat.person.id, "same_family" if same else "other_family", task.id, task.county, seat.at)
        return seat.say("utter_staff_merged_done" if same else "utter_staff_other_family")

    def _title(self, task: Task) -> str:
        words = self.seat.words
        return words.word("case", "task").format(
            risk=words.word("risk", task.risk.word),
            kind=words.word("task", task.kind),
            by=words.word("case", "overdue") if task.due <= self.seat.at else self.seat.teller.by(task.due),
        )

    @property
    def _taken(self) -> Reply:
        return self.seat.say("utter_task_taken")
