"""What a turn works out before anybody speaks: the decision, the next question, the plan."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, partial

from bot.decisions import Ask, Decision
from bot.referrals.plan import Plan, Planner, Staffing
from bot.store import Work
from bot.turns.asking import Situation, deciding, is_placed, next_question, takes_over
from bot.turns.learning import Standing
from bot.turns.services import Services
from bot.turns.staffing import StoreStaffing


@dataclass(frozen=True)
class View:
    """Decision, next question (None when nothing is left or a person takes over) and plan.

    Most turns of an interview only ask on: who would serve is looked up when it is first needed, once.
    """

    situation: Situation
    decision: Decision
    ask: Ask | None
    taken_over: bool
    planning: Callable[[], Plan]

    @cached_property
    def plan(self) -> Plan:
        """The same however often it is read: new parts have their ids from it."""
        return self.planning()


def look(services: Services, work: Work, standing: Standing, at: datetime, staffing: Staffing | None = None) -> View:
    """Decision, next question and plan for what is known now; `staffing` says who is there, the store's by default."""
    decision = services.policy.decide(standing.sheet, at)
    now = Situation(
        decision=decision,
        sheet=standing.sheet,
        placed=is_placed(standing.place, standing.talk),
        consent=standing.contact.consent,
        has_details=bool(standing.contact.details),
        talk=standing.talk,
        read=deciding(services.policy, standing.sheet, decision, at),
    )
    ask = next_question(now)
    taken_over = ask is not None and takes_over(now, services.policy.vocabulary, services.settings.questions_at_most)
    planner = Planner(services.directory, staffing or StoreStaffing(work), services.deadlines)
    parts = standing.case.parts if standing.case else ()
    planning = partial(planner.plan, decision, parts, standing.place, at, moved=standing.moved)
    return View(now, decision, None if taken_over else ask, taken_over, planning)
