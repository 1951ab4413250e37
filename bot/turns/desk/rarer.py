"""What is done with a part now and then: wait for the family, open again, decide otherwise than the rules. Behind one more tap."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.decisions import Risk
from bot.decisions.risk import BY_WORD
from bot.errors import MoveNotAllowedError
from bot.referrals import Part
from bot.replies import Reply
from bot.turns.buttons import Tap, payload
from bot.turns.desk.seat import Seat
from bot.turns.moving import Stand

# A button's verb and the move of the drawing that it leads to.
RARER: Mapping[str, str] = {"await": "await_family", "resume": "resume", "overrule": "overrule", "reopen": "reopen"}


@dataclass(frozen=True, slots=True)
class RarerDesk:
    """The moves that do not stand on a card."""

    seat: Seat

    def more(self, stand: Stand, _: Tap) -> Reply:
        """What else this person could do with the part as it stands."""
        seat, part = self.seat, stand.part
        possible = [verb for verb in RARER if self._possible(part, verb)]
        options = [(seat.words.word("more", verb), payload(verb, part)) for verb in possible]
        return seat.choice("utter_staff_more" if options else "utter_staff_more_none", options)

    def awaits(self, stand: Stand, _: Tap) -> Reply:
        """The deadline stands still until the family has answered."""
        return self.seat.about(*self.seat.moving.await_family(stand.part.id, self.seat.person), "utter_staff_waits")

    def resume(self, stand: Stand, _: Tap) -> Reply:
        """The family has answered; what was left of the time runs on."""
        return self.seat.about(*self.seat.moving.resume(stand.part.id, self.seat.person))

    def reopen(self, stand: Stand, tap: Tap) -> Reply:
        """It was not over after all."""
        if not tap.detail:
            return self.seat.why(stand, "reopen", "reopen", "utter_staff_reopen_why")
        _, part = self.seat.moving.reopen(stand.part.id, self.seat.person, tap.detail)
        return self.seat.say("utter_staff_declined", who=self.seat.who(part))

    def overrule(self, stand: Stand, tap: Tap) -> Reply:
        """A graver risk, or another service; then why. The rules' answer is kept beside."""
        seat, part = self.seat, stand.part
        if not tap.detail:
            seat.moving.may(part.id, seat.person, "overrule")
            return seat.choice("utter_staff_overrule_to", self._instead(part))
        if not tap.more:
            return seat.why(stand, "overrule", "overrule", "utter_staff_overrule_why", of=tap.detail)
        risk = BY_WORD.get(tap.detail)
        lead = "" if risk is not None else tap.detail
        case, part = seat.moving.overrule(part.id, seat.person, tap.more, risk=risk, lead=lead)
        if part.owner.staff == seat.person.id:
            return seat.about(case, part)
        return seat.say("utter_staff_declined", who=seat.who(part))

    def _possible(self, part: Part, verb: str) -> bool:
        """Whether a button for it would do something."""
        if (verb == "await") == bool(part.awaiting) and verb in ("await", "resume"):
            return False
        try:
            self.seat.moving.may(part.id, self.seat.person, RARER[verb])
        except MoveNotAllowedError:
            return False
        return True

    def _instead(self, part: Part) -> Iterator[tuple[str, str]]:
        """Every graver risk, then the services that were told as well, and the county centre."""
        teller, words = self.seat.teller, self.seat.words
        for risk in (risk for risk in Risk if risk > part.risk):
            yield (
                words.word("more", "risk").format(risk=words.word("risk", risk.word)),
                payload("overrule", part, risk.word),
            )
        for lead in dict.fromkeys((*part.also, "county_centre")):
            if lead != part.lead and not part.shuns(lead):
                yield words.word("more", "lead").format(lead=teller.service(lead)), payload("overrule", part, lead)
