"""Mutants judged one by one and from scratch: each as a policy of its own, checked anew, compared sheet by sheet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import product

from bot.decisions import Policy
from bot.facts import Answer, Sheet, Source
from bot.workbench.cases import Case
from bot.workbench.check import check_day
from bot.workbench.check.finding import Subject
from bot.workbench.mutants.mutant import Mutant
from bot.workbench.mutants.noticing import CASES, CHECKS, LOAD, SAFEGUARDS
from tests.workbench.witness import said


def findings(policy: Policy, at: datetime) -> set[tuple[str, Subject]]:
    """What `check` finds."""
    return {(finding.kind, finding.subject) for finding in check_day(policy, at.date())}


def noticed(mutant: Mutant, policy: Policy, cases: Sequence[Case], at: datetime) -> set[str]:
    """Who notices."""
    if mutant.refused:
        return {LOAD}
    mutated = mutant.policy(policy.base)
    new = findings(mutated, at) - findings(policy, at)
    by = {SAFEGUARDS if kind in ("safeguard", "vacuous") else CHECKS for kind, _ in new}
    failing = [c for c in cases if not c.differences(policy.decide(c.sheet, at))]
    return by | ({CASES} if any(c.differences(mutated.decide(c.sheet, at)) for c in failing) else set())


def sheets(policy: Policy, at: datetime, children: int) -> Iterator[Sheet]:
    """Every sheet there can be, open facts included; without hints in words."""
    facts = policy.vocabulary.facts.values()
    keys = [(f, c) for f in facts for c in (range(children) if f.about == "child" else (None,))]
    for values in product(*((None, *fact.values) for fact, _ in keys)):
        sheet = Sheet(children=children)
        for (fact, child), value in zip(keys, values, strict=True):
            if value is not None:
                sheet = sheet.with_answer(Answer(fact.name, child, value, Source.TOLD, at))
        yield sheet


def differ(one: Policy, other: Policy, sheet: Sheet, at: datetime) -> bool:
    """A sheet is decided differently."""
    return said(one.decide(sheet, at)) != said(other.decide(sheet, at))


def asks_otherwise(one: Policy, other: Policy, sheet: Sheet, at: datetime) -> bool:
    """Another question comes next."""
    return one.decide(sheet, at).ask != other.decide(sheet, at).ask
