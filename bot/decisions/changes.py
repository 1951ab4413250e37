"""What would change it: the fewest answers that raise or lower the risk.

Exact: every answer to every question is evaluated, and where no single one does it, every pair that can. A pair is looked for
only among the questions on which the rows in the way, or an exclusion in the way, hang (`reach`): any other answer could be
left out of the pair. Values that no rule tells apart are evaluated once. Families that cannot be are left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from bot.decisions.circuit import Circuit, State, bits
from bot.decisions.reach import reach
from bot.decisions.risk import Risk

# Variable → value.
Answers = Mapping[int, str]


@dataclass(frozen=True, slots=True)
class Step:
    """One answer that would be different: what it is now (None: open) and what it would be; all of `to` do the same."""

    fact: str
    child: int | None
    has: str | None
    to: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """`{"fact","child","has","to"}`."""
        return {"fact": self.fact, "child": self.child, "has": self.has, "to": list(self.to)}


@dataclass(frozen=True, slots=True)
class Change:
    """One or two answers, and the risk with them."""

    steps: tuple[Step, ...]
    risk: Risk

    def to_json(self) -> dict[str, Any]:
        """`{"answers":[…],"risk"}`."""
        return {"answers": [step.to_json() for step in self.steps], "risk": self.risk.word}


@dataclass(frozen=True, slots=True)
class Changes:
    """The least changes that raise the risk, and those that lower it; answers already given come before open ones."""

    higher: tuple[Change, ...]
    lower: tuple[Change, ...]


def changes(circuit: Circuit, told: Answers, mentioned: int) -> Changes:
    """What would change the risk of a family that has `told` so much."""
    others = _Others(circuit, dict(told), mentioned)
    return Changes(others.higher(), others.lower())


def graver(circuit: Circuit, told: Answers, mentioned: int) -> tuple[Change, ...]:
    """The `higher` of `changes` alone."""
    return _Others(circuit, dict(told), mentioned).higher()


class _Others:
    """The families that differ from this one in one answer or two."""

    def __init__(self, circuit: Circuit, told: dict[int, str], mentioned: int) -> None:
        self.circuit = circuit
        self.told = told
        self.mentioned = mentioned
        self.known = self._answered(circuit.start, told)
        self.at_least = {
            risk: sum(head for head, one in circuit.instances.items() if one.row.risk >= risk) for risk in Risk
        }
        here = circuit.fired(self._state({}))
        self.contradicted = here & circuit.forbids
        self.risk = self._risk(here)

    def higher(self) -> tuple[Change, ...]:
        """The least that raises the risk."""
        return self.least(lambda risk: risk > self.risk)

    def lower(self) -> tuple[Change, ...]:
        """The least that lowers it."""
        return self.least(lambda risk: risk < self.risk)

    def least(self, wanted: Callable[[Risk], bool]) -> tuple[Change, ...]:
        """Every single answer with a `wanted` risk; every pair when there is none."""
        singles = ({number: value} for number in range(len(self.circuit.variables)) for value in self._values(number))
        found = self._those(singles, wanted)
        return found or self._those(self._pairs(raising=wanted(Risk.EMERGENCY)), wanted)

    def _those(self, tried: Iterator[dict[int, str]], wanted: Callable[[Risk], bool]) -> tuple[Change, ...]:
        found: dict[tuple[tuple[int, str], ...], Risk] = {}
        for answers in tried:
            fired = self.circuit.fired(self._state(answers))
            if not self._impossible(fired) and wanted(risk := self._risk(fired)):
                found[tuple(sorted(answers.items()))] = risk
        order = sorted(found, key=lambda key: ([number not in self.told for number, _ in key], key))
        return tuple(Change(tuple(self._step(*answer) for answer in key), found[key]) for key in order)

    def _pairs(self, *, raising: bool) -> Iterator[dict[int, str]]:
        """Every pair of which neither answer is idle."""
        if not raising:
            grave = self.at_least[self.risk] if self.risk else 0
            yield from self._completed(self.circuit.fired(self._state({})) & grave, lambda fired: fired & grave)
        elif self.risk < Risk.EMERGENCY:
            for head in bits(self.at_least[Risk(self.risk + 1)]):
                yield from self._completed(1 << head, partial(_lacking, 1 << head))

    def _completed(self, clauses: int, still: Callable[[int], int]) -> Iterator[dict[int, str]]:
        """First an answer that bears on `clauses`; then one on what is `still` in the way after it, or makes it impossible."""
        for first in bits(reach(self.circuit, clauses)):
            for value in self._values(first):
                fired = self.circuit.fired(self._state({first: value}))
                for second in bits(reach(self.circuit, still(fired) | self._impossible(fired))):
                    if second != first:
                        yield from ({first: value, second: other} for other in self._values(second))

    def _values(self, number: int) -> Iterator[str]:
        """One value of each class that the rules tell apart, but that of the answer given."""
        variable = self.circuit.variables[number]
        given = self.told.get(number)
        now = variable.fail[given] if given is not None else None
        return (value for value in variable.choices if variable.fail[value] != now)

    def _state(self, answers: Answers) -> State:
        """Where the circuit stands with these answers in place of those given."""
        again = any(number in self.told for number in answers)
        state = (
            self._answered(self.circuit.start, {**self.told, **answers})
            if again
            else self._answered(self.known, answers)
        )
        return self.circuit.assumed(state, self.mentioned)

    def _answered(self, state: State, answers: Answers) -> State:
        for number, value in answers.items():
            state = self.circuit.answered(state, number, value)
        return state

    def _risk(self, fired: int) -> Risk:
        return next(risk for risk in reversed(Risk) if risk is Risk.NONE or fired & self.at_least[risk])

    def _impossible(self, fired: int) -> int:
        """The exclusions such a family would violate and this one does not."""
        return fired & self.circuit.forbids & ~self.contradicted

    def _step(self, number: int, value: str) -> Step:
        variable = self.circuit.variables[number]
        alike = tuple(v for v in variable.fact.values if variable.fail[v] == variable.fail[value])
        return Step(variable.fact.name, variable.child, self.told.get(number), alike)


def _lacking(head: int, fired: int) -> int:
    """The clause while it does not fire."""
    return head & ~fired
