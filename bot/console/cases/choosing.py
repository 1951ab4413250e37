"""Which moves a page offers somebody on a part: what is theirs to make from where it stands, with what each needs."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from bot.console.cases.views import Choice
from bot.console.facade import Facade
from bot.errors import MoveNotAllowedError
from bot.referrals import Actor, Case, Part
from bot.referrals.lifecycle import acting, step
from bot.turns.buttons import CALLED, by_telephone
from bot.turns.desk.hands import hands
from bot.turns.desk.seat import Seat

# The moves a page offers, in the order of a part's life; each with the kind of reason it needs.
OFFERED: Mapping[str, str] = {
    "accept": "",
    "decline": "decline",
    "contact": "",
    "visit": "finding",
    "note": "",
    "hand_on": "hand_on",
    "await_family": "",
    "resume": "",
    "finish": "outcome",
    "overrule": "overrule",
    "reopen": "reopen",
}
AS_DRAWN = {"finish": "close"}
WORDY = frozenset({"note", "hand_on", "visit", "finish"})


@dataclass(frozen=True, slots=True)
class Choosing:
    """One person's choices; `seat` is where they sit when they hand something on."""

    facade: Facade
    seat: Callable[[], Seat]

    def of(self, case: Case, part: Part) -> Iterator[Choice]:
        """The moves that are this person's to make from where the part stands."""
        person = self.facade.person
        by = acting(part, person.id, person.agency, person.role)
        for move, kind in OFFERED.items():
            if self._may(part, move, by):
                yield Choice(move, self._reasons(move, kind, part), self._whom(case, part, move), move in WORDY)

    def _may(self, part: Part, move: str, by: Actor) -> bool:
        waits = bool(part.awaiting and part.awaiting > self.facade.at)
        if (move == "await_family" and part.awaiting) or (move == "resume" and not waits):
            return False
        try:
            step(part, AS_DRAWN.get(move, move), by)
        except MoveNotAllowedError:
            return False
        return True

    def _reasons(self, move: str, kind: str, part: Part) -> Mapping[str, str]:
        if move == "accept" and by_telephone(part):
            return {word: self.facade.teller.words.word("called", word) for word in CALLED}
        labels = self.facade.services.reasons.labels.get(kind, {})
        return {word: label[self.facade.language] for word, label in labels.items()}

    def _whom(self, case: Case, part: Part, move: str) -> Mapping[str, str]:
        if move == "hand_on":
            return {hand.to: hand.who for hand in hands(self.seat(), case, part)}
        if move == "overrule":
            teller = self.facade.teller
            graver = {risk.word: teller.words.word("risk", risk.word) for risk in type(part.risk) if risk > part.risk}
            others = {lead: teller.service(lead) for lead in (*part.also, "county_centre") if lead != part.lead}
            return graver | others
        return {}
