"""Who notices a mistake: the checks, the owner's safeguards, the cases. Each asked apart from the others.

A mistake is noticed when something is found that is not found in the present rules. Whether a row can be reached and whether a
safeguard speaks of anybody hangs on answers alone, which no mutant forbids, so neither is asked again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bot.decisions import Policy
from bot.decisions.row import Row
from bot.workbench.cases import Case
from bot.workbench.check import check_day, of_one_child
from bot.workbench.check.claim import Property
from bot.workbench.check.finding import Subject
from bot.workbench.check.safeguards import safeguards
from bot.workbench.check.ties import no_ties
from bot.workbench.mutants.mutant import Mutant
from bot.workbench.mutants.pictured import Pictured
from bot.workbench.mutants.space import MutantSpace
from bot.workbench.proof import Family, Space

CHECKS, SAFEGUARDS, CASES, LOAD = "checks", "safeguards", "cases", "load"

# What is wrong already, by kind.
Known = frozenset[tuple[str, Subject]]


def known_findings(space_of: Policy, day: datetime) -> Known:
    """What `check` finds in the present rules."""
    return frozenset((finding.kind, finding.subject) for finding in check_day(space_of, day.date()))


def by_checks(one: MutantSpace, two: MutantSpace, known: Known) -> set[Mutant]:
    """Mutants that break a promise or a careful order, hide a danger, or tie. `one` and `two` are of so many children."""
    return {*_breaking(one, of_one_child(one), known), *_breaking(two, no_ties(two), known)}


def by_safeguards(two: MutantSpace, known: Known) -> set[Mutant]:
    """Mutants that break a safeguard."""
    return _breaking(two, safeguards(two), known)


def _breaking(space: MutantSpace, properties: Iterable[Property], known: Known) -> set[Mutant]:
    every = [space.formula.all_of(one.broken) for one in properties if (one.kind, one.subject) not in known]
    return {mutant for mutant, _ in space.mutants_with(space.now.possible, space.formula.any_of(every))}


class Witnesses:
    """For each row, families that show that it makes a difference; found once, and looked at under every mutant."""

    def __init__(self, policy: Policy, day: datetime) -> None:
        self._policy, self._rows = policy, policy.in_force(day)
        space = Space(policy, day.date())
        shown = {row: space.find(*space.without(row)) for row in self._rows}
        self._of: dict[str, list[Pictured]] = {row.id: [self._picture(f)] for row, f in shown.items() if f is not None}

    def made_idle(self, one: MutantSpace, mutants: Iterable[Mutant]) -> set[Mutant]:
        """Mutants under which some row, effective until then, makes no difference."""
        return {mutant for mutant in mutants if any(self._idle(one, row, mutant) for row in self._with(mutant))}

    def _with(self, mutant: Mutant) -> Iterator[Row]:
        for row in self._rows:
            then = mutant.new if row is mutant.row else row
            if then is not None and row.id in self._of:
                yield then

    def _idle(self, one: MutantSpace, row: Row, mutant: Mutant) -> bool:
        """No family known or to be found shows the row's difference under the mutant."""
        for family in self._of[row.id]:
            if row is not mutant.new and not family.touched(mutant):
                return False
            if not family.idle(row, mutant):
                return False
        found = one.find(one.chosen[mutant], *one.without(row))
        if found is None:
            return True
        self._of[row.id].append(self._picture(found))
        return False

    def _picture(self, family: Family) -> Pictured:
        return Pictured(self._policy, self._rows, family.sheet())


class Examiner:
    """The cases, each family pictured once."""

    def __init__(self, policy: Policy, cases: Sequence[Case], at: datetime) -> None:
        self._policy, self._at = policy, at
        rows = policy.in_force(at)
        self._cases = [(case, Pictured(policy, rows, case.sheet)) for case in cases]

    def notices(self, mutant: Mutant) -> bool:
        """Some case that passes now would fail with the mistake."""
        changed = (replace(case, asks=None).differences(family.under(mutant)) for case, family in self._touched(mutant))
        return any(changed) or self._asked(mutant)

    def _touched(self, mutant: Mutant) -> Iterator[tuple[Case, Pictured]]:
        for case, family in self._cases:
            if family.touched(mutant) and not replace(case, asks=None).differences(family.now):
                yield case, family

    def _asked(self, mutant: Mutant) -> bool:
        asking = [case for case, _ in self._cases if case.asks is not None]
        policy = mutant.policy(self._policy.base) if asking else self._policy
        return any(
            case.differences(policy.decide(case.sheet, self._at))
            for case in asking
            if not case.differences(self._policy.decide(case.sheet, self._at))
        )
