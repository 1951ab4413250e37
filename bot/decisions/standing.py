"""Where a sheet stands in a circuit: what has been told, what has expired, what was only mentioned."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from bot.decisions.circuit import Circuit, State, bits
from bot.facts import Answer, Sheet, Vocabulary


class Standing(NamedTuple):
    """`now` counts every answer, expired ones too, so that expiry never lowers risk; `sure` has the expired ones open again.

    In both, what is open and certainly irrelevant counts as its `otherwise`. `expired` and `mentioned` are variables, as bits;
    `told` are the answers that have not expired, each as the first value of those the rules do not tell apart.
    """

    now: State
    sure: State
    expired: int
    mentioned: int
    told: tuple[tuple[int, str], ...]
    assumed: tuple[tuple[str, int | None], ...]


def stand(circuit: Circuit, vocabulary: Vocabulary, sheet: Sheet, at: datetime) -> Standing:
    """The standing of a sheet at a moment. Cost: one subtraction an answer and, for a pattern met before, a look-up."""
    now = sure = circuit.start
    expired, told = 0, []
    for answer in sheet.answers:
        number = circuit.index[(answer.fact, answer.child)]
        now = circuit.answered(now, number, answer.value)
        if _expired(answer, vocabulary, at):
            expired |= 1 << number
        else:
            sure = circuit.answered(sure, number, answer.value)
            told.append((number, circuit.variables[number].alike[answer.value]))
    mentioned = sum(1 << circuit.index[key] for key in sheet.mentions if vocabulary.facts[key[0]].can_be_mentioned)
    before, now = now, circuit.assumed(now, mentioned)
    closed = (circuit.variables[number] for number in bits(before.open & ~now.open))
    assumed = tuple((variable.fact.name, variable.child) for variable in closed)
    sure = circuit.assumed(sure, mentioned) if expired else now
    return Standing(now, sure, expired, mentioned, tuple(sorted(told)), assumed)


def _expired(answer: Answer, vocabulary: Vocabulary, at: datetime) -> bool:
    lasts = vocabulary.facts[answer.fact].stays_true
    return lasts is not None and at - answer.at > lasts
