"""Families that several survivors decide differently at once, so that fewer cases have to be confirmed.

A row whose conditions changed shows where it fires and did not, or the other way round. Survivors are added to a family one after
another for as long as they speak of the same things, and the family can still be and can still be pictured.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from bot.decisions import Policy
from bot.decisions.proof.formula import Literal
from bot.workbench.mutants.mutant import Mutant
from bot.workbench.proof import Family, Space

# A family about more things than that is hard to picture.
MOST_FACTS = 4


def shared_families(policy: Policy, day: date, mutants: Iterable[Mutant]) -> Iterator[Family]:
    """Families of one child, without hints in words, that show as many of these mutants as can be by the rows that fire."""
    space = Space(policy, day)
    silent = [-literal for literal in space.now.mentioned.values()]
    left = {mutant: literal for mutant in mutants if (literal := _shows(space, mutant)) is not None}
    while left:
        wanted = _together(space, left, silent)
        for mutant in wanted:
            del left[mutant]
        family = space.find(*silent, *wanted.values())
        if family is not None:
            yield family


def _together(space: Space, left: dict[Mutant, Literal], silent: list[Literal]) -> dict[Mutant, Literal]:
    """The first of these, and whichever others one family can show as well."""
    wanted: dict[Mutant, Literal] = {}
    about: set[str] = set()
    for mutant, literal in left.items():
        facts = about | _facts(mutant)
        akin = not wanted or (len(facts) <= MOST_FACTS and bool(about & _facts(mutant)))
        if akin and (not wanted or space.formula.model([space.now.possible, *silent, *wanted.values(), literal])):
            wanted[mutant], about = literal, facts
    return wanted


def _shows(space: Space, mutant: Mutant) -> Literal | None:
    """When the changed row fires otherwise than it did; None for a mistake of another kind."""
    if mutant.row is None or mutant.new is None or mutant.new.when == mutant.row.when:
        return None
    return -space.formula.same(space.now.one_holds(mutant.row.when), space.now.one_holds(mutant.new.when))


def _facts(mutant: Mutant) -> set[str]:
    """What the sets of conditions are about that the mistake changed."""
    old, new = (row.when if row else () for row in (mutant.row, mutant.new))
    return {fact for one in (*old, *new) if one not in old or one not in new for fact in one}
