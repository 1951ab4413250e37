"""The space of a policy and many of its mutants at once: one formula in which exactly one of them is chosen.

Every mutant is an alternative under a selector literal. Whatever can be asked of one rule base can so be asked of all of them in
one question ("is there a mutant, and a family, for which …"), and what the solver learns about one it knows about the others.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property

from bot.decisions import Policy
from bot.decisions.proof.formula import Literal, Model
from bot.decisions.proof.side import Relevance, Rows, Side, as_written
from bot.decisions.row import Row
from bot.facts.conditions import Conditions
from bot.workbench.mutants.mutant import Mutant
from bot.workbench.proof import Space


class MutantSpace(Space):
    """`now` and `then` are decided by the chosen mutant; `present` is the sheet `now` under the policy as it is."""

    def __init__(self, policy: Policy, mutants: Sequence[Mutant], day: date, children: int = 1) -> None:
        self.mutants = mutants
        self.chosen: dict[Mutant, Literal] = {}
        super().__init__(policy, day, children)
        self.formula.one_at_most(list(self.chosen.values()))
        self.formula.require(*self.chosen.values())

    def _in_force(self) -> Rows:
        """The rows as they are while none of their mutants is chosen, and every mutant's row when it is."""
        self.chosen = {mutant: self.formula.variable() for mutant in self.mutants}
        rows: dict[Row, Literal] = {}
        for row in self.policy.in_force(self.day):
            mine = [mutant for mutant in self.mutants if mutant.row is row]
            rows[row] = -self.formula.any_of([self.chosen[mutant] for mutant in mine])
            rows |= {mutant.new: self.chosen[mutant] for mutant in mine if mutant.new is not None}
        return rows

    def _relevance(self) -> Relevance:
        relevance: dict[str, list[tuple[Conditions, Literal]]] = {}
        for fact in self.policy.vocabulary.facts.values():
            mine = [mutant for mutant in self.mutants if mutant.fact == fact.name]
            usual = -self.formula.any_of([self.chosen[mutant] for mutant in mine])
            relevance[fact.name] = [(one, usual) for one in fact.relevant_when]
            relevance[fact.name] += [(one, self.chosen[mutant]) for mutant in mine for one in mutant.relevance]
        return relevance

    @cached_property
    def present(self) -> Side:
        """The policy as it is, about the same sheet."""
        return self.usual(self.now)

    def usual(self, side: Side) -> Side:
        """The policy as it is, about the sheet of a side."""
        rows = dict.fromkeys(self.policy.in_force(self.day), self.formula.true)
        return self.side(side.answers, rows, as_written(self.policy.vocabulary.facts.values(), self.formula.true))

    def mutants_with(self, *wanted: Literal, among: Iterable[Mutant] | None = None) -> Iterator[tuple[Mutant, Model]]:
        """The mutants for which all of this can hold, each once; when they end, it is proved that no other can."""
        some = set(self.mutants if among is None else among)
        without = [-literal for mutant, literal in self.chosen.items() if mutant not in some]
        while (model := self.formula.model([*wanted, *without])) is not None:
            mutant = next(mutant for mutant, literal in self.chosen.items() if literal in model)
            without.append(-self.chosen[mutant])
            yield mutant, model
