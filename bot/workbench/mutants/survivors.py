"""Mutants nobody noticed: which decide every family alike, and for the others a smallest family that they decide differently.

Proven over every sheet there can be, of one child or of several, with hints in words or without. A narrowed relevance is moreover
compared at the end of the question it no longer asks: no answer to it, and to whatever it opens, may lead elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from bot.workbench.mutants.mutant import Mutant
from bot.workbench.mutants.space import MutantSpace
from bot.workbench.proof import Family
from bot.workbench.proof.answers import Key
from bot.workbench.proof.formula import Literal
from bot.workbench.proof.side import Side


@dataclass(frozen=True, slots=True)
class Difference:
    """A family decided differently; if `unasked`, only once it answers this fact, which the mutant no longer asks, as in `truth`."""

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
    """A family that is still to be asked by the policy, and no longer by the mutant, with an answer that changes its decision."""
    key = two.now.key(mutant.fact or "", 0)
    told = two.usual(two.then)
    wanted = [
        two.chosen[mutant],
        two.present.possible,
        *two.answered_more(two.present, told, key),
        two.present.relevant(key),
        -two.now.relevant(key),
        _apart(two, told),
    ]
    model = two.formula.model(wanted)
    if model is None:
        return None
    family = two.smallest(model, wanted)
    truth = family.beside.answers if family.beside else {}
    return Difference(family, key, truth)


def _apart(two: MutantSpace, told: Side) -> Literal:
    return two.differs(two.now, told)
