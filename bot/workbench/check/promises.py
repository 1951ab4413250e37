"""`at_least`: a value's least risk, over every sheet that has the value."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

from bot.decisions import Policy
from bot.decisions.risk import BY_WORD, Risk
from bot.decisions.search import Search
from bot.facts import Fact
from bot.workbench.check.families import Answers, plain, searches
from bot.workbench.check.finding import Finding


def broken_promises(policy: Policy) -> Iterator[Finding]:
    """The values with a family whose risk stays below what was promised."""
    search = searches(policy, 1)
    for number, variable in enumerate(search.circuit.variables):
        for value, word in variable.fact.at_least.items():
            risk, answers = least(search, number, value)
            if risk < BY_WORD[word]:
                yield Finding(
                    "at_least", variable.fact.where, _message(variable.fact, value, word, risk), plain(search, answers)
                )


def least(search: Search, number: int, value: str) -> tuple[Risk, Answers]:
    """The lowest risk of any sheet on which one variable has this value, and such a sheet.

    What is open fires nothing and an answer can only make rows fire, with one exception: a variable that counts as its `otherwise`
    may be answered (or mentioned, where it listens) after all. So the sheets with nothing but this value and such answers have
    the lowest risk of all.
    """
    circuit = search.circuit
    alone = circuit.answered(circuit.start, number, value)
    closed = alone.open & ~circuit.assumed(alone, 0).open
    assumed = [n for n in circuit.gated if closed >> n & 1]
    best: tuple[Risk, Answers] = (Risk.EMERGENCY, {number: value})
    for mentioned in _subsets(search, assumed):
        for values in product(*(("", *circuit.variables[n].choices) for n in assumed)):
            answers = {number: value} | {n: v for n, v in zip(assumed, values, strict=True) if v}
            risk = _risk(search, answers, mentioned)
            if risk < best[0]:
                best = (risk, answers)
    return best


def _subsets(search: Search, numbers: list[int]) -> Iterator[int]:
    """Nothing mentioned, or everything that listens: between them no sheet is lower."""
    yield 0
    yield sum(1 << n for n in numbers if search.circuit.variables[n].fact.can_be_mentioned)


def _message(fact: Fact, value: str, word: str, risk: Risk) -> str:
    return f"{fact.name}: {value} promises at least {word}, this family has {risk.word}"


def _risk(search: Search, answers: Answers, mentioned: int) -> Risk:
    state = search.circuit.start
    for number, value in answers.items():
        state = search.circuit.answered(state, number, value)
    fired = search.circuit.fired(search.circuit.assumed(state, mentioned))
    return search.outcome(fired & search.circuit.rows).risk
