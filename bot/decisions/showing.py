"""Showing by example: complete families, built straight towards a goal, that prove at once what a search would prove slowly.

Whatever is still open can be answered so that nothing more fires (*quietly*), or so that one row fires and as little else as
can be. Two such families with different outcomes show that a decision is not settled; two that differ in one answer show that
the answer matters. Almost always the first example is enough; where none is found, the exact search has the last word.
Cost: one pass over the open variables a family.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.decisions.circuit import Circuit, State

# The values that are wanted of some variables.
Plan = Mapping[int, frozenset[str]]
Answers = Mapping[int, str]


class Showing:
    """Builds families over one circuit."""

    def __init__(self, circuit: Circuit) -> None:
        self.circuit = circuit
        self.clauses = _clauses(circuit)
        # The variables of each clause, as bits.
        self.asks = {head: sum(1 << number for number in wants) for head, wants in self.clauses.items()}
        # The values of each variable, those that keep most rows from firing first.
        self.quiet = tuple(
            tuple(sorted(v.choices, key=lambda value, v=v: -(v.fail[value] & circuit.rows).bit_count()))  # type: ignore[misc]
            for v in circuit.variables
        )

    def plans(self, state: State, head: int, mentioned: int) -> Iterator[Plan]:
        """The ways in which one clause could fire: what its open variables, and those that make them relevant, must be."""
        yield from self._planned(state, [head], {}, mentioned)

    def _planned(self, state: State, goals: list[int], plan: Plan, mentioned: int) -> Iterator[Plan]:
        if not goals:
            yield plan
            return
        head, *others = goals
        if state.dead & head:
            return
        merged = dict(plan)
        fresh = []
        for number, wanted in self.clauses[head].items():
            if state.open >> number & 1:
                if number not in merged:
                    fresh.append(number)
                merged[number] = merged.get(number, wanted) & wanted
                if not merged[number]:
                    return
        yield from self._opened(state, fresh, others, merged, mentioned)

    def _opened(self, state: State, fresh: list[int], goals: list[int], plan: Plan, mentioned: int) -> Iterator[Plan]:
        """The plans in which each of the `fresh` variables is relevant, or has a wanted value without being asked."""
        if not fresh:
            yield from self._planned(state, goals, plan, mentioned)
            return
        number, *rest = fresh
        variable = self.circuit.variables[number]
        fired = self.circuit.fired(state)
        if not variable.gates or mentioned >> number & 1 or variable.gates & fired:
            yield from self._opened(state, rest, goals, plan, mentioned)
            return
        for gate in bits(variable.gates & ~state.dead):
            yield from self._opened(state, rest, [*goals, gate], plan, mentioned)
        if variable.fact.otherwise in plan[number]:
            yield from self._opened(state, rest, goals, plan, mentioned)

    def completed(
        self, state: State, plan: Plan, mentioned: int, told: int, like: Answers | None = None
    ) -> tuple[State, Answers] | None:
        """A whole family in which the planned variables have a planned value, and all others are `like` another's, else quiet.

        `told` are contradictions that the family itself told. None when this pass ends in a family that cannot be.
        """
        circuit, answers = self.circuit, {}
        for number in _numbers(state.open):
            variable = circuit.variables[number]
            if not variable.occurs & circuit.heads & ~state.dead:
                continue  # nothing that could still happen depends on it
            if variable.gates and not mentioned >> number & 1 and not variable.gates & circuit.fired(state):
                state = circuit.answered(state, number, str(variable.fact.otherwise))
                continue
            value, state = self._answer(state, number, plan.get(number), (like or {}).get(number), told)
            if not value:
                return None
            answers[number] = value
        return state, answers

    def _answer(
        self, state: State, number: int, wanted: frozenset[str] | None, like: str | None, told: int
    ) -> tuple[str, State]:
        """The first value that suits, with the state after it; no value when all lead to a family that cannot be."""
        values = (like,) if like else self.quiet[number]
        for value in values:
            if wanted is None or value in wanted:
                after = self.circuit.answered(state, number, value)
                if not self.circuit.fired(after) & self.circuit.forbids & ~told:
                    return value, after
        return "", state


def _clauses(circuit: Circuit) -> Mapping[int, Plan]:
    """What each clause wants of which variable, read back from the packed form."""
    clauses: dict[int, dict[int, frozenset[str]]] = {}
    for number, variable in enumerate(circuit.variables):
        for head in bits(variable.occurs):
            clauses.setdefault(head, {})[number] = frozenset(v for v in variable.choices if not variable.fail[v] & head)
    return clauses


def bits(mask: int) -> Iterator[int]:
    """The single bits of a mask, lowest first."""
    while mask:
        yield mask & -mask
        mask &= mask - 1


def _numbers(mask: int) -> Iterator[int]:
    return (bit.bit_length() - 1 for bit in bits(mask))
