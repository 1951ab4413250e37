"""Which questions a clause hangs on: those it names, and those on which the relevance of these depends."""

from __future__ import annotations

from bot.decisions.circuit import Circuit


def reach(circuit: Circuit, clauses: int) -> int:
    """The variables that can decide whether one of these clauses fires, as bits; relevance followed to its end.

    Relevance refers to earlier facts only, so one pass from the last variable to the first is enough.
    """
    found = 0
    for number in range(len(circuit.variables) - 1, -1, -1):
        variable = circuit.variables[number]
        if variable.occurs & clauses:
            found |= 1 << number
            clauses |= variable.gates
    return found
