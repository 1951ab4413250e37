"""Families as counter-examples: every least way of answering that makes some clauses fire."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from bot.decisions import Policy
from bot.decisions.circuit import State
from bot.decisions.search import Search
from bot.facts.fact import CHILD

Answers = Mapping[int, str]


def searches(policy: Policy, children: int) -> Search:
    """The search over the newest rules: those in force on the day the last of them came into force."""
    newest: date = max(row.valid_from for row in policy.rows)
    return policy.searching(newest, children)


def ways(search: Search, heads: int) -> Iterator[tuple[State, Answers]]:
    """The states in which all of these clauses fire and nothing more than they need was answered, with the answers."""
    circuit = search.circuit
    stack: list[tuple[State, Answers]] = [(circuit.assumed(circuit.start, 0), {})]
    while stack:
        state, answers = stack.pop()
        if state.dead & heads:
            continue
        if not heads & ~circuit.fired(state):
            yield state, answers
            continue
        wanted = search.wanted(state, heads & ~circuit.fired(state), 0)
        number = (wanted & -wanted).bit_length() - 1
        stack += [(after, {**answers, number: value}) for after, value in search.branches(state, number, 0, 0)]


def plain(search: Search, answers: Answers) -> dict[str, Any]:
    """The answers as `{"family": …, "children": […]}`."""
    variables = search.circuit.variables
    children = 1 + max((v.child for v in variables if v.child is not None), default=0)
    sheet: dict[str, Any] = {"family": {}, "children": [{} for _ in range(children)]}
    for number, value in answers.items():
        variable = variables[number]
        whose = sheet["children"][variable.child] if variable.fact.about == CHILD else sheet["family"]
        whose[variable.fact.name] = value
    return sheet
