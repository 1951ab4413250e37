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
        self._circuit = circuit
        self._met_bits = circuit.rows.bit_length() + 1  # the rows' counters lie lowest
        self._gates = [1 << bit for bit in bits(circuit.gates)]
        most = max((sum(bool(v.occurs & gate) for v in circuit.variables) for gate in self._gates), default=0)
        self._field = most.bit_length()  # bits that count how often one clause is contradicted
        self._answered_at = self._field * len(self._gates)
        self.decide = self._decider(outcome)

    def _decider(self, outcome: Callable[[int], Outcome]) -> Callable[[Answers], Outcome]:
        """What is decided of some answers; the outcome names the rows that fire. Raises `KeyError` for one nobody declared."""
        circuit, met_bits, assumed = self._circuit, self._met_bits, lru_cache(PATTERNS)(self._assume)
        numbers = {
            (variable.fact.name, value): self._number(number, variable, value)
            for number, variable in enumerate(circuit.variables)
            for value in variable.fact.values
        }
        of, met, rows = numbers.__getitem__, (1 << met_bits) - 1, circuit.rows
        unmet = (circuit.start.packed + circuit.spare) & met

        def decide(answers: Answers) -> Outcome:
            total = sum(map(of, answers.items()))
            return outcome(rows & ~(unmet - (total & met) - assumed(total >> met_bits)))

        return decide

    def _number(self, number: int, variable: Variable, value: str) -> int:
        contradicted = variable.fail[value]
        counts = sum(1 << self._field * place for place, gate in enumerate(self._gates) if contradicted & gate)
        met = variable.met[value] & ((1 << self._met_bits) - 1)
        return met | (counts | 1 << self._answered_at + number) << self._met_bits

    def _assume(self, pattern: int) -> int:
        """What the facts that count as their `otherwise` meet, for one pattern of contradictions and answered facts."""
        field, circuit = (1 << self._field) - 1, self._circuit
        dead = sum(gate for place, gate in enumerate(self._gates) if pattern >> self._field * place & field)
        open_ = circuit.start.open & ~(pattern >> self._answered_at)
        met = circuit.start.packed - circuit.assumed(State(circuit.start.packed, dead, open_), 0).packed
        return met & ((1 << self._met_bits) - 1)
