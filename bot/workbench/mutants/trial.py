"""Every mutant tried: who notices it, and if nobody does, whether it makes a difference at all."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from itertools import islice
from pathlib import Path

from bot.decisions import Policy
from bot.workbench.cases import Case, cases
from bot.workbench.mutants.kinds import all_mutants
from bot.workbench.mutants.mutant import Mutant
from bot.workbench.mutants.noticing import (
    CASES,
    CHECKS,
    LOAD,
    SAFEGUARDS,
    Examiner,
    Known,
    Witnesses,
    by_checks,
    by_safeguards,
    known_findings,
)
from bot.workbench.mutants.space import MutantSpace
from bot.workbench.mutants.survivors import Difference, differences

# So many mutants share one formula; larger ones are built more seldom, smaller ones are answered sooner.
BATCH = 150


@dataclass(frozen=True, slots=True)
class Verdict:
    """`noticed` by load, checks, safeguards, cases. `difference` only of a survivor: None proves that it changes nothing."""

    mutant: Mutant
    noticed: frozenset[str]
    difference: Difference | None = None

    @property
    def survives(self) -> bool:
        """Nobody notices it."""
        return not self.noticed

    @property
    def real(self) -> bool:
        """Nobody notices it, and some family is decided differently."""
        return self.survives and self.difference is not None


def try_rules(rules: Path, policy: Policy) -> list[Verdict]:
    """The verdict on every mutant of a rules folder, on the day the newest row comes into force."""
    at = moment(policy)
    return list(verdicts(policy, tuple(cases(rules, policy, at)), at))


def moment(policy: Policy) -> datetime:
    """The day on which cases are decided."""
    return datetime.combine(max(row.valid_from for row in policy.rows), time(12), UTC)


def verdicts(policy: Policy, written: Sequence[Case], at: datetime, batch: int = BATCH) -> Iterator[Verdict]:
    """The verdict on every mutant; `written` are the cases."""
    trial = _Trial(policy, written, at)
    mutants = all_mutants(policy, at.date())
    yield from (Verdict(mutant, frozenset({LOAD})) for mutant in mutants if mutant.refused)
    accepted = iter([mutant for mutant in mutants if not mutant.refused])
    while some := list(islice(accepted, batch)):
        yield from trial.of(some)


class _Trial:
    def __init__(self, policy: Policy, written: Sequence[Case], at: datetime) -> None:
        self._policy, self._at = policy, at
        self._known: Known = known_findings(policy, at)
        self._witnesses = Witnesses(policy, at)
        self._examiner = Examiner(policy, written, at)

    def of(self, mutants: Sequence[Mutant]) -> list[Verdict]:
        """The verdicts on one batch."""
        day = self._at.date()
        one, two = (MutantSpace(self._policy, mutants, day, children) for children in (1, 2))
        noticed = {
            CHECKS: by_checks(one, two, self._known) | self._witnesses.made_idle(one, mutants),
            SAFEGUARDS: by_safeguards(two, self._known),
            CASES: {mutant for mutant in mutants if self._examiner.notices(mutant)},
        }
        left = [mutant for mutant in mutants if not any(mutant in some for some in noticed.values())]
        shown = differences(two, left)
        return [Verdict(m, frozenset(by for by, some in noticed.items() if m in some), shown.get(m)) for m in mutants]
