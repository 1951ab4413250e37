"""Moves that follow from what was found out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.errors import InputError
from bot.facts import Answer, Source
from bot.referrals import Case, Part
from bot.turns.moving.shared import Shared, Stand


class FactMoves(Shared):
    """What new facts do to a case."""

    __slots__ = ()

    def learnt(self, case: Case, part: Part, facts: Sequence[Answer]) -> Stand:
        """What was found out decides anew, as if the family had told it."""
        for fact in facts:
            known = self.services.policy.vocabulary.facts.get(fact.fact)
            if known is None or fact.value not in known.values:
                raise InputError(f"unknown fact or value: {fact.fact}={fact.value}")
        told = [replace(fact, source=Source.OPERATOR, at=self.at) for fact in facts]
        self.work.sheets.append(case.id, told, (), self.at)
        sheet = self._sheet(case)
        decision = self.services.policy.decide(sheet, self.at)
        plan = self._planner.plan(decision, case.parts, self._place(case), self.at)
        case = self.work.cases.save(self._sending(case).keep(case, plan, decision))
        self.work.cases.decided(case.id, decision.to_json(), self.at)
        return Stand(case, case.part(part.id) or part)
