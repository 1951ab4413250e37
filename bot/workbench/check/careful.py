"""The careful orders: an answer that is worse never makes it look better."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from bot.decisions.proof.formula import Literal
from bot.facts import Fact
from bot.workbench.check.claim import Property
from bot.workbench.proof import Space

SAID = {"risk": "lowers the risk", "time": "gives somebody more time"}


def careful_orders(space: Space) -> Iterator[Property]:
    """No step up a fact's `worse`, from open too, lowers the risk or lengthens a time, all other answers kept."""
    for fact in space.policy.vocabulary.facts.values():
        for low, high in steps(fact):
            for what, literal in space.lowered.items():
                said = f"{fact.name}: moving it from {low or 'open'} to {high} {SAID[what]} of this family"
                subject = (fact.name, low or "", high, what)
                broken = raised(space, fact, low, high, literal)
                yield Property("careful", subject, fact.where, broken, said)


def steps(fact: Fact) -> list[tuple[str | None, str]]:
    """The single steps of every careful order, each once; from open (None) to every value in one."""
    orders = fact.worse
    up: list[tuple[str | None, str]] = [(low, high) for order in orders for low, high in pairwise(order)]
    return list(dict.fromkeys([(None, value) for order in orders for value in order] + up))


def raised(space: Space, fact: Fact, low: str | None, high: str, what: Literal) -> tuple[Literal, ...]:
    """The step makes a family look better. While it is assumed, only a value worse than `otherwise` is a step up."""
    key = space.now.key(fact.name, 0)
    if low is None:
        graver = fact.otherwise is not None and high in above(fact, fact.otherwise)
        what = what if graver else space.formula.all_of((what, -space.now.assumed[key]))
    return (*space.raised(key, low, high), what)


def above(fact: Fact, value: str) -> frozenset[str]:
    """The values that some order puts above this one."""
    return frozenset(v for order in fact.worse if value in order for v in order[order.index(value) + 1 :])
