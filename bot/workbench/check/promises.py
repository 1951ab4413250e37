"""`at_least`: a value's least risk, over every sheet that has the value."""

from __future__ import annotations

from collections.abc import Iterator

from bot.decisions.risk import BY_WORD
from bot.workbench.check.claim import Property
from bot.workbench.proof import Family, Space


def promises(space: Space) -> Iterator[Property]:
    """No family with the value has a risk below what was promised."""
    for fact in space.policy.vocabulary.facts.values():
        key = space.now.key(fact.name, 0)
        for value, word in fact.at_least.items():
            broken = (space.now.answered[key][value], -space.now.risk_at_least(BY_WORD[word]))
            said = f"{fact.name}: {value} promises at least {word}, this family has"
            yield Property("at_least", (fact.name, value), fact.where, broken, _Said(said, space))


class _Said:
    """The message, with the risk that the family has."""

    def __init__(self, said: str, space: Space) -> None:
        self._said, self._space = said, space

    def __call__(self, family: Family) -> str:
        return f"{self._said} {self._space.policy.decide(family.sheet(), self._space.day).risk.word}"
