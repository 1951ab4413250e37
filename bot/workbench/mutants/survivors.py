"""Mutants nobody noticed: which decide every family alike, and for the others a smallest family that they decide differently.

Proven over every sheet there can be, of one child or of several, with hints in words or without. A narrowed relevance is moreover
compared at the end of the question it no longer asks: no answer to it, and to whatever it opens, may lead elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.decisions.proof.answers import Key
from bot.decisions.proof.formula import Literal
from bot.workbench.mutants.mutant import Mutant
from bot.workbench.mutants.space import MutantSpace
from bot.workbench.proof import Family


@dataclass(frozen=True, slots=True)
class Difference:
    """A family decided differently; if `unasked`, only once it answers this fact, as in `truth`, which is no longer asked."""

    family: Family
    unasked: Key | None = None
    truth: Mapping[Key, str] | None = None


def differences(two: MutantSpace, mutants: Iterable[Mutant]) -> dict[Mutant, Difference]:
    """For each mutant that is not equivalent, a family that shows it; those left out are proved to decide everybody alike."""
    found: dict[Mutant, Difference] = {}
    left = set(mutants)
    wanted = [two.present.possible, two.differs(two.now, two.present)]
    for easier in _easiest_first(two):
        for mutant, family in _smallest(two, [*wanted, *easier], left):
            found[mutant] = Difference(family)
        left -= found.keys()
    for mutant in sorted((m for m in left if m.fact is not None), key=lambda m: m.said):
        unasked = _unasked(two, mutant)
        if unasked is not None:
            found[mutant] = unasked
    return found


def _easiest_first(two: MutantSpace) -> Iterator[list[Literal]]:
    """A case can be written of a family without hints in words; of one child is easier to picture."""
    silent = [-literal for literal in two.now.mentioned.values()]
    alone = two.now.answers.alone()
    yield [*silent, *alone]
    yield silent
    yield alone
    yield []


def _smallest(two: MutantSpace, wanted: list[Literal], among: Iterable[Mutant]) -> Iterator[tuple[Mutant, Family]]:
    for mutant, model in two.mutants_with(*wanted, among=among):
        yield mutant, two.smallest(model, [two.chosen[mutant], *wanted])


def _unasked(two: MutantSpace, mutant: Mutant) -> Difference | None:
    """A family that the policy still has to ask, and the mutant no longer, with an answer that changes its decision.

    What is only possibly relevant is not asked yet; once its turn comes it is certainly relevant, so only such families matter.
    """
    key = two.now.key(mutant.fact or "", 0)
    told = two.usual(two.then)
    wanted = [
        two.chosen[mutant],
        two.present.possible,
        *two.answered_more(two.present, told, key),
        two.present.one_holds(two.now.fact(key).relevant_when, (0,)),
        -two.now.relevant(key),
        two.differs(two.now, told),
    ]
    for easier in _easiest_first(two):
        model = two.formula.model([*wanted, *easier])
        if model is not None:
            family = two.smallest(model, [*wanted, *easier])
            return Difference(family, key, family.beside.answers if family.beside else {})
    return None
