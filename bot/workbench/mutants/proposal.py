"""The boundary cases that would notice every real survivor, ready to paste, for the policy officer to confirm.

Each is a smallest family that a survivor decides differently, with what the present rules say of it. As few as can easily be: the
one that notices most comes first, until nothing is left (greedy cover). Each is read back and decided under its mutants.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from bot.decisions import Decision, Policy
from bot.facts import Sheet
from bot.workbench.cases import NONE, Case, audience, of_part
from bot.workbench.mutants.asking import asked_sheet
from bot.workbench.mutants.merging import shared_families
from bot.workbench.mutants.mutant import Mutant
from bot.workbench.mutants.pictured import Pictured
from bot.workbench.mutants.trial import Verdict

# What a case may expect beside rows, risk and leads, in the order in which it is easiest to confirm.
OF_PARTS = ("also", "act_within", "first_action", "risks")
FURTHER = ("never", *OF_PARTS, "follow_up")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A case to confirm: `case` expects no more than it takes to notice `mutants`."""

    case: Case
    decision: Decision
    mutants: tuple[Mutant, ...]


@dataclass(frozen=True, slots=True)
class Proposals:
    """The cases, and the real survivors for which none was found.

    Only a hint in words tells those apart, which a case cannot say, or answers to a question to which the interview never comes.
    """

    cases: tuple[Proposal, ...]
    left: tuple[Verdict, ...]


def propose(policy: Policy, verdicts: Sequence[Verdict], at: datetime) -> Proposals:
    """As few cases as notice every real survivor; `at` is the moment for which cases are decided."""
    real = [one for one in verdicts if one.real]
    candidates = list(_candidates(policy, real, at))
    kills = {one: one.kills([v.mutant for v in real]) for one in candidates}
    chosen: list[Proposal] = []
    left = {one.mutant: one for one in real}
    while kills:
        best = max(kills, key=lambda one: len(left.keys() & kills[one].keys()))
        noticed = {mutant: by for mutant, by in kills.pop(best).items() if mutant in left}
        if not noticed:
            break
        chosen.append(best.proposal(noticed))
        left = {mutant: one for mutant, one in left.items() if mutant not in noticed}
    return Proposals(tuple(chosen), tuple(left.values()))


class _Candidate:
    """One family, what the present rules say about it, and which mutants would say otherwise."""

    def __init__(self, policy: Policy, sheet: Sheet, at: datetime, asked: Mutant | None = None) -> None:
        self._policy, self._sheet, self._at, self._asked = policy, sheet, at, asked
        self.decision = policy.decide(sheet, at)

    @cached_property
    def _family(self) -> Pictured:
        return Pictured(self._policy, self._policy.in_force(self._at), self._sheet)

    def kills(self, mutants: Sequence[Mutant]) -> Mapping[Mutant, tuple[str, ...]]:
        """The mutants that this family would notice, and what a case has to expect for it beside the usual."""
        if self._asked is not None:
            return {m: ("asks",) for m in mutants if m.fact == self._asked.fact and self._asks_otherwise(m)}
        found: dict[Mutant, tuple[str, ...]] = {}
        for mutant in mutants:
            if self._family.touched(mutant):
                seen = self._family.under(mutant)
                by = next((b for b in ((), *((f,) for f in FURTHER)) if self.case(b).differences(seen)), None)
                if by is not None:
                    found[mutant] = by
        return found

    def _asks_otherwise(self, mutant: Mutant) -> bool:
        return mutant.policy(self._policy.base).decide(self._sheet, self._at).ask != self.decision.ask

    def proposal(self, noticed: Mapping[Mutant, tuple[str, ...]]) -> Proposal:
        """The case that notices these."""
        further = tuple(dict.fromkeys(what for by in noticed.values() for what in by))
        return Proposal(self.case(further), self.decision, tuple(noticed))

    def case(self, further: Sequence[str]) -> Case:
        """What the present rules say, as a case."""
        decision = self.decision
        expected = ("leads", *(what for what in OF_PARTS if what in further)) if decision.rows else ()
        parts = {audience(part.for_whom, part.child): of_part(part) for part in decision.parts}
        return Case(
            name="",
            sheet=self._sheet,
            rows=frozenset(decision.rows),
            holds=frozenset(),
            spares=frozenset(),
            opens=frozenset(),
            closes=frozenset(),
            risk=decision.risk.word,
            parts={whom: {what: said[what] for what in expected} for whom, said in parts.items()},
            never=frozenset(decision.nevers) if "never" in further else None,
            follow_up=(decision.follow_up or NONE) if "follow_up" in further else None,
            asks=decision.ask.fact if decision.ask and "asks" in further else None,
            situation=None,
            where=self._policy.rows[0].where,
        )


def _candidates(policy: Policy, real: Sequence[Verdict], at: datetime) -> Iterator[_Candidate]:
    """A candidate for each family that shows several survivors and for each survivor whose family can be written down."""
    seen: set[str] = set()
    for family in shared_families(policy, at.date(), [one.mutant for one in real]):
        yield _Candidate(policy, family.sheet(), at)
    for one in real:
        if one.difference is None:
            continue
        sheet: Sheet | None = one.difference.family.sheet()
        asked = one.mutant if one.difference.unasked is not None else None
        if asked is not None:
            sheet = asked_sheet(policy, asked.policy(policy.base), one.difference, at)
        if sheet is not None and not sheet.mentions and (said := f"{sheet.plain()} {asked and asked.fact}") not in seen:
            seen.add(said)
            yield _Candidate(policy, sheet, at, asked)
