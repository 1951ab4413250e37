"""A caseworker's shift, and what is open with them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace

from bot.errors import MoveNotAllowedError
from bot.referrals import Case, Part
from bot.replies import Button, Reply
from bot.turns.desk.hands import colleagues
from bot.turns.desk.seat import Seat
from bot.turns.desk.tasks import TaskDesk

# What a list on a phone can hold; the rest comes when these are dealt with.
AT_ONCE = 20

Held = tuple[tuple[Case, Part], ...]


@dataclass(frozen=True, slots=True)
class Shift:
    """Coming, going, and looking at one's own list."""

    seat: Seat

    def press(self, verb: str, subject: str) -> Reply | None:
        """`/cases`, `/shift` or its two buttons; None for any other verb."""
        match verb, subject:
            case "/cases", _:
                return self._cases()
            case "shift", "on":
                return self._comes()
            case "shift", "off":
                return self._goes()
            case (("/shift" | "shift"), _):
                state = "on" if self.seat.person.on_duty else "off"
                return self.seat.say("utter_staff_shift", state=self.seat.words.word("duty", state))
        return None

    def write(self, words: str) -> Reply | None:
        """The same in words (data/words.yml)."""
        said = " ".join(words.lower().replace("／", "/").split())
        table = self.seat.words.table["desk"]
        for name, press in (("cases", ("/cases", "")), ("shift_on", ("shift", "on")), ("shift_off", ("shift", "off"))):
            if said in table[name]:
                return self.press(*press)
        return None

    def _cases(self) -> Reply:
        held, tasks = self._held(), TaskDesk(self.seat).waiting()
        if not held and not tasks:
            return self.seat.say("utter_staff_cases_none")
        reply = self.seat.say("utter_staff_cases", number=str(len(held) + len(tasks)))
        return replace(reply, buttons=(*tasks, *self._buttons(held))[:AT_ONCE])

    def _comes(self) -> Reply:
        self.seat.work.staff.on_duty(self.seat.person.id, there=True)
        tasks = TaskDesk(self.seat).waiting()
        reply = self.seat.say("utter_staff_shift_on")
        if not tasks:
            return reply
        waits = self.seat.say("utter_staff_tasks_wait", number=str(len(tasks))).text
        return Reply(f"{reply.text}\n{waits}", buttons=tasks[:AT_ONCE])

    def _goes(self) -> Reply:
        """What nobody has taken on yet goes to somebody on duty beside them, else it stays and they are told.

        Tasks they had are anybody's again.
        """
        self.seat.work.tasks.release(self.seat.person.id, self.seat.at)
        self.seat.work.staff.on_duty(self.seat.person.id, there=False)
        waiting = sorted((one for one in self._held() if one[1].status.waiting), key=lambda one: one[0].contact)
        passed, left = Counter[str](), []
        for case, part in waiting:
            if who := self._passed(case, part):
                passed[who] += 1
            else:
                left.append((case, part))
        return self._gone(passed, tuple(left))

    def _passed(self, case: Case, part: Part) -> str:
        """The name of whoever has it now; empty when nobody beside them can."""
        moving = self.seat.moving
        _, part, _ = moving.find(part.id, self.seat.person)
        for hand in colleagues(self.seat, part, case.county):
            try:
                moving.hand_on(part.id, self.seat.person, "on_leave", hand.to)
            except MoveNotAllowedError:
                continue
            return hand.who
        return ""

    def _gone(self, passed: Counter[str], left: Held) -> Reply:
        lines = [self.seat.say("utter_staff_shift_off").text]
        lines += [
            self.seat.say("utter_staff_shift_passed", number=str(n), who=who).text for who, n in sorted(passed.items())
        ]
        if not left:
            return Reply("\n".join(lines))
        stays = self.seat.say("utter_staff_shift_left", number=str(len(left))).text
        return Reply("\n".join([*lines, stays]), buttons=self._buttons(left))

    def _held(self) -> Held:
        return self.seat.work.cases.held_by(self.seat.person.id)

    def _buttons(self, held: Held) -> tuple[Button, ...]:
        return tuple(Button(self._title(case, part), f"card:{part.id}") for case, part in held[:AT_ONCE])

    def _title(self, case: Case, part: Part) -> str:
        words, place = self.seat.words, self.seat.place(case)
        late = part.deadline <= self.seat.at
        return words.word("case", "button").format(
            risk=words.word("risk", part.risk.word),
            place=place.name if place else "—",
            for_whom=self.seat.teller.for_whom(part),
            by=words.word("case", "overdue") if late else self.seat.teller.by(part.deadline),
        )
