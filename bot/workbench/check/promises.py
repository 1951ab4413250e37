"""`at_least`: a value's least risk, over every sheet that has the value."""

from __future__ import annotations

from collections.abc import Iterator

from bot.decisions.risk import BY_WORD
from bot.workbench.check.finding import Finding
from bot.workbench.proof import Space


def broken_promises(space: Space) -> Iterator[Finding]:
    """The values with a family whose risk stays below what was promised."""
    for fact in space.policy.vocabulary.facts.values():
        key = space.now.key(fact.name, 0)
        for value, word in fact.at_least.items():
            family = space.find(space.now.answered[key][value], -space.now.risk_at_least(BY_WORD[word]))
            if family is not None:
                risk = space.policy.decide(family.sheet(), space.day).risk.word
                said = f"{fact.name}: {value} promises at least {word}, this family has {risk}"
                yield Finding.shown("at_least", fact.where, said, family, space.policy)
