"""The sheet at which a mutant with a narrower relevance no longer asks what the policy asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime

from bot.decisions import Ask, Decision, Policy
from bot.decisions.proof.answers import Key
from bot.facts import Answer, Sheet, Source
from bot.workbench.mutants.survivors import Difference

# An interview that has not come to the question by then will not.
LONGEST = 40


def asked_sheet(policy: Policy, mutant: Policy, difference: Difference, at: datetime) -> Sheet | None:
    """A sheet, as small as can be, at which the policy asks something else than the mutant; None when none was come by."""
    walk = _Walk(policy, mutant, difference, at)
    sheet = walk.to_the_parting()
    return None if sheet is None else smaller(sheet, walk.shows)


class _Walk:
    """The interview of a family, answered so that the difference stays."""

    def __init__(self, policy: Policy, mutant: Policy, difference: Difference, at: datetime) -> None:
        self._policy, self._mutant, self._at = policy, mutant, at
        self._key = difference.unasked
        self._truth: Mapping[Key, str] = difference.truth or {}
        self._start = difference.family.sheet()

    def to_the_parting(self) -> Sheet | None:
        """The sheet at which the two interviews part."""
        sheet = self._start
        for _ in range(LONGEST):
            if self.shows(sheet):
                return sheet
            ask = self._policy.decide(sheet, self._at).ask
            if ask is None:
                break
            sheet = self._answered(sheet, ask)
        return None

    def shows(self, sheet: Sheet) -> bool:
        """Here the policy asks something, and the mutant something else or nothing."""
        ask = self._policy.decide(sheet, self._at).ask
        return ask is not None and self._mutant.decide(sheet, self._at).ask != ask

    def _answered(self, sheet: Sheet, ask: Ask) -> Sheet:
        """One more answer: the family's own, else the least grave one that keeps the difference, so that more is still asked."""
        key = (ask.fact, ask.child)
        values = [self._truth[key]] if key in self._truth else self._policy.vocabulary.facts[ask.fact].values
        after = [self._with(sheet, key, value) for value in values]
        return min(after, key=lambda one: (not self._differs(one), self._policy.decide(one, self._at).risk))

    def _differs(self, sheet: Sheet) -> bool:
        """The whole truth is still decided otherwise than the mutant would without the question."""
        whole = sheet
        for key, value in self._truth.items():
            if key not in whole.current:
                whole = self._with(whole, key, value)
        without = self._mutant.decide(sheet, self._at)
        return self._key in without.assumed and _said(self._policy.decide(whole, self._at)) != _said(without)

    def _with(self, sheet: Sheet, key: Key, value: str) -> Sheet:
        return sheet.with_answer(Answer(key[0], key[1], value, Source.TOLD, self._at))


def _said(decision: Decision) -> object:
    return decision.risk, decision.parts, decision.nevers


def smaller(sheet: Sheet, shows: Callable[[Sheet], bool]) -> Sheet:
    """The sheet without any answer that it does not take."""
    for key in reversed(list(sheet.current)):
        answers = [answer for other, answer in sheet.current.items() if other != key]
        fewer = Sheet(mentions=sheet.mentions, children=sheet.children)
        for answer in answers:
            fewer = fewer.with_answer(answer)
        if shows(fewer):
            sheet = fewer
    return sheet
