"""The decision alone: which rows fire on so many answers. For whoever decides many sheets, and for the benchmark.

Each answer is one number; their sum holds, side by side, how many conditions of every clause are met, how often each clause of
relevance is contradicted, and which facts are answered. What counts as its `otherwise` depends on the last two alone and is worked
out once for each such pattern. Cost: an addition an answer and two look-ups, one or two microseconds.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache

from bot.decisions.circuit import PATTERNS, Circuit, State, Variable, bits
from bot.decisions.outcome import Outcome

# Answers by fact, about the family and its one child.
Answers = Mapping[str, str]


class Quick:
    """Decides families of one child on their circuit; `outcome` says what row clauses add up to (`Search.outcome`)."""

    def __init__(self, circuit: Circuit, outcome: Callable[[int], Outcome]) -> None:
        self._circuit, self._outcome = circuit, outcome
        self._met_bits = circuit.heads.bit_length() + 1
        self._met = (1 << self._met_bits) - 1
        self._field = len(circuit.variables).bit_length()  # bits that count how often one clause is contradicted
        self._gates = [1 << bit for bit in bits(circuit.gates)]
        self._numbers = {
            (variable.fact.name, value): self._number(number, variable, value)
            for number, variable in enumerate(circuit.variables)
            for value in variable.fact.values
        }
        self._of = self._numbers.__getitem__
        self._rows, self._unmet = circuit.rows, circuit.start.packed + circuit.spare
        self._assumed: Callable[[int], int] = lru_cache(PATTERNS)(self._assume)

    def decide(self, answers: Answers) -> Outcome:
        """What is decided; the outcome names the rows that fire. Raises `KeyError` for an answer nobody declared."""
        total = sum(map(self._of, answers.items()))
        return self._outcome(self._rows & ~(self._unmet - (total & self._met) - self._assumed(total >> self._met_bits)))

    def _number(self, number: int, variable: Variable, value: str) -> int:
        contradicted = variable.fail[value]
        counts = sum(1 << self._field * place for place, gate in enumerate(self._gates) if contradicted & gate)
        answered = 1 << self._field * len(self._gates) + number
        return variable.met[value] | (counts | answered) << self._met_bits

    def _assume(self, pattern: int) -> int:
        """What the facts that count as their `otherwise` meet, for one pattern of contradictions and answered facts."""
        field, circuit = (1 << self._field) - 1, self._circuit
        dead = sum(gate for place, gate in enumerate(self._gates) if pattern >> self._field * place & field)
        open_ = circuit.start.open & ~(pattern >> self._field * len(self._gates))
        return circuit.start.packed - circuit.assumed(State(circuit.start.packed, dead, open_), 0).packed
