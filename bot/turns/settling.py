"""What a turn leaves of a case, whoever typed: parts sent, the decision kept, those told who wait, likely matches noticed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.referrals import Case
from bot.store import Work
from bot.turns.learning import Standing
from bot.turns.matching import Matching
from bot.turns.moving import Moving
from bot.turns.reading import Understood
from bot.turns.sending import Sending
from bot.turns.services import Services
from bot.turns.viewing import View


@dataclass(frozen=True, slots=True)
class Settling:
    """Writes one turn's contact and case."""

    services: Services
    work: Work
    turn: str
    at: datetime

    def settle(self, standing: Standing, view: View, understood: Understood, *, send: bool) -> Case | None:
        """Saves where they stand; with `send`, and ever after, whoever helps has their part as it is decided now."""
        case = standing.case
        if case and (send or case.sent):
            sending = Sending(self.services, self.work, self.turn, self.at, standing.sheet, standing.place)
            case = sending.keep(case, view.plan, view.decision)
        self.work.contacts.save(standing.contact)
        if case:
            self.work.cases.save(case)
            self.work.cases.decided(case.id, view.decision.to_json(), self.at)
            self._answered(case)
            self._alike(standing, case, understood)
        return case

    def _answered(self, case: Case) -> None:
        """Who waited for the family waits no longer: what was left of their time runs on."""
        moving = Moving(self.services, self.work, self.turn, self.at)
        for part in case.parts:
            if part.awaiting:
                moving.answered(part.id)

    def _alike(self, standing: Standing, case: Case, understood: Understood) -> None:
        """Somebody else may have told of the same family; what a merged family's other side tells reaches a human."""
        learnt = understood.told or understood.place or understood.details
        if case.sent and (learnt or case.sent == self.at):
            matching = Matching(self.services, self.work, self.turn, self.at)
            matching.look(standing.contact, case, standing.sheet, standing.place)
            matching.news(standing.contact, case)
