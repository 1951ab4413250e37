"""Rows nobody can reach, and rows that change nothing."""

from __future__ import annotations

from collections.abc import Iterator

from bot.decisions import Policy
from bot.decisions.circuit import Instance, State
from bot.decisions.row import Row
from bot.decisions.search import Search
from bot.workbench.check.families import plain, searches, ways
from bot.workbench.check.finding import Finding


def unreachable_rows(policy: Policy) -> Iterator[Finding]:
    """Sets of conditions that no family can fulfil."""
    search = searches(policy, 1)
    for head, instance in search.circuit.instances.items():
        if next(ways(search, head), None) is None:
            number = 1 + [h for h, one in search.circuit.instances.items() if one == instance].index(head)
            which = f"its conditions no. {number}" if len(instance.row.when) > 1 else "its conditions"
            yield Finding("unreachable", instance.row.where, f"{instance.row.id}: no family can fulfil {which}")


def idle_rows(policy: Policy) -> Iterator[Finding]:
    """Rows without which every family they hold for would be decided the same, at the moment they begin to hold."""
    search = searches(policy, 1)
    for row in policy.rows:
        heads = [head for head, one in search.circuit.instances.items() if one.row is row]
        reached = [way for head in heads for way in ways(search, head)]
        if reached and not any(_changes(search, state, row) for state, _ in reached):
            example = plain(search, reached[0][1])
            yield Finding(
                "idle", row.where, f"{row.id} changes nothing; other rows already decide such families", example
            )


def _changes(search: Search, state: State, row: Row) -> bool:
    fired = search.circuit.fired(state) & search.circuit.rows
    mine = sum(head for head, one in search.circuit.instances.items() if one == Instance(row, 0))
    having, lacking = search.outcome(fired), search.outcome(fired & ~mine)
    follow_up = search.combiner.follow_up
    return having.key != lacking.key or follow_up(having) != follow_up(lacking)
