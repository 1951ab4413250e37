"""The careful orders: an answer that is worse never makes it look better."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from bot.facts import Fact
from bot.workbench.check.finding import Finding
from bot.workbench.proof import Family, Space

SAID = {"risk": "lowers the risk", "time": "gives somebody more time"}


def careless_orders(space: Space) -> Iterator[Finding]:
    """Steps up a fact's `worse`, from open too, after which risk is lower or a time is longer, all other answers kept."""
    for fact in space.policy.vocabulary.facts.values():
        for low, high in steps(fact):
            for what, literal in space.lowered.items():
                family = raised(space, fact, low, high, literal)
                if family is not None:
                    said = f"{fact.name}: moving it from {low or 'open'} to {high} {SAID[what]} of this family"
                    yield Finding.shown("careful", fact.where, said, family, space.policy)


def steps(fact: Fact) -> list[tuple[str | None, str]]:
    """The single steps of every careful order, each once; from open (None) to every value in one."""
    orders = fact.worse
    up: list[tuple[str | None, str]] = [(low, high) for order in orders for low, high in pairwise(order)]
    return list(dict.fromkeys([(None, value) for order in orders for value in order] + up))


def raised(space: Space, fact: Fact, low: str | None, high: str, what: int) -> Family | None:
    """A family that this step makes look better, or None. While it is assumed, only a value worse than `otherwise` is a step up."""
    key = space.now.key(fact.name, 0)
    if low is None:
        graver = fact.otherwise is not None and high in above(fact, fact.otherwise)
        what = what if graver else space.formula.all_of((what, -space.now.assumed[key]))
    return space.find_raised(key, low, high, what)


def above(fact: Fact, value: str) -> frozenset[str]:
    """The values that some order puts above this one."""
    return frozenset(v for order in fact.worse if value in order for v in order[order.index(value) + 1 :])
