"""Where nothing may be changed: a kind sentence that says how things stand, and nothing to somebody who must not know."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.referrals import Actor, Case, Event, Part, Role
from bot.replies import Reply
from bot.turns.buttons import Tap, moment, stamp
from bot.turns.desk.seat import Seat

# Verbs that change nothing may be pressed on any version.
READING = frozenset({"show", "card", "read", "more"})
# A history is shown by its newest lines.
LINES = 5


@dataclass(frozen=True, slots=True)
class Refusing:
    """Says no to one person."""

    seat: Seat

    def before(self, case: Case, part: Part, by: Actor, tap: Tap) -> Reply | None:
        """What is answered before anything is tried; None where the press may go on."""
        if by.kind == Role.STRANGER:
            return self._stranger(case, part)
        if tap.verb in READING:
            return None
        if tap.too_old(self.seat.at):
            return self._beside(case, part, self.seat.say("utter_staff_old"))
        return self._stale(case, part, tap) if self._changed(part, tap) else None

    def after(self, case: Case, part: Part, by: Actor) -> Reply:
        """What is answered to a move that is not possible from where the part stands, or not this person's."""
        if by.kind == Role.STRANGER:
            return self._stranger(case, part)
        state = self._word(part)
        if not part.status.open:
            return self.seat.say("utter_staff_ended", state=state)
        by_when = self.seat.teller.by(part.deadline)
        said = self.seat.say("utter_staff_already", state=state, who=self.seat.who(part), by=by_when)
        return replace(said, buttons=self.seat.about(case, part).buttons)

    def _stranger(self, case: Case, part: Part) -> Reply:
        """Who has it now, to somebody who had it; nothing to others, and nothing to whoever must not have to do with it."""
        person = self.seat.person
        if part.shuns(person.id, person.agency, person.role) or not self._had_it(case, part):
            return self.seat.say("utter_staff_not_yours")
        return self.seat.say("utter_staff_too_late", state=self._word(part), who=self.seat.teller.who(part))

    def _had_it(self, case: Case, part: Part) -> bool:
        owners = (str(event.detail.get("from", "")) for event in self._history(case, part))
        return any(owner.partition("/")[0] == self.seat.person.agency for owner in owners)

    def _changed(self, part: Part, tap: Tap) -> bool:
        """Whether somebody else has changed the part since this button was shown."""
        if not tap.stamp or tap.stamp == stamp(part):
            return False
        last = self.seat.work.cases.last_actor(part.id)
        return last is None or last.id != self.seat.person.id

    def _stale(self, case: Case, part: Part, tap: Tap) -> Reply:
        """Both versions, and who changed what between them."""
        history = self._history(case, part)
        seen = next((n for n, event in enumerate(history) if moment(event.at) == tap.stamp), -1)
        since = history[seen + 1 :]
        words = self.seat.words
        was = words.word("status", history[max(seen, 0)].after) if history else self._word(part)
        had = next((str(event.detail["from"]) for event in since if "from" in event.detail), str(part.owner))
        said = self.seat.say(
            "utter_staff_stale",
            seen=self._state(was, self._agency(had)),
            state=self._state(self._word(part), self.seat.who(part)),
            changes="\n".join(self._line(event) for event in since[-LINES:]),
        )
        return replace(said, buttons=self.seat.about(case, part).buttons)

    def _beside(self, case: Case, part: Part, said: Reply) -> Reply:
        card = self.seat.about(case, part)
        return replace(card, text=f"{said.text}\n{card.text}")

    def _line(self, event: Event) -> str:
        words, at = self.seat.words, self.seat.at
        line = words.word("move", "line")
        move = words.word("move", event.move)
        return line.format(when=words.when(event.at, at), who=self._actor(event.actor), move=move)

    def _actor(self, actor: Actor) -> str:
        """A colleague by name, somebody elsewhere by the agency, all else by what it is."""
        person = self.seat.work.staff.get(actor.id) if actor.id else None
        if person is None:
            return self.seat.words.word("actor", actor.kind)
        at_home = person.agency == self.seat.person.agency
        return (person.name if at_home else "") or self._agency(person.agency)

    def _agency(self, owner: str) -> str:
        agency = self.seat.services.directory.agency(owner.partition("/")[0])
        return str(agency.name[self.seat.teller.language])

    def _state(self, state: str, who: str) -> str:
        return self.seat.words.word("move", "state").format(state=state, who=who)

    def _word(self, part: Part) -> str:
        return self.seat.words.word("status", part.status.value)

    def _history(self, case: Case, part: Part) -> Sequence[Event]:
        """What happened to the part, apart from what is nobody's doing."""
        timeline = self.seat.work.cases.timeline(case.id)
        return [e for e in timeline if e.part == part.id and e.move not in ("remind", "deliver")]
