"""Ties: rows of equal risk with different leads or first actions for the same people, and nothing says which comes first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from bot.decisions import Policy
from bot.decisions.circuit import Instance
from bot.decisions.outcome import audience, precedes
from bot.decisions.row import PartRule, Row
from bot.decisions.search import Search
from bot.workbench.check.families import plain, searches, ways
from bot.workbench.check.finding import Finding


def ties(policy: Policy) -> Iterator[Finding]:
    """Every pair of rows that ties for some family of two children, each pair once."""
    search, above = searches(policy, 2), precedes(policy.rows)
    seen: set[frozenset[str]] = set()
    for (head, one), (other_head, other) in combinations(search.circuit.instances.items(), 2):
        pair = frozenset({one.row.id, other.row.id})
        if pair not in seen and (part := _rivals(one, other, above)):
            family = _family(search, head | other_head, one.row, other.row, part)
            if family is not None:
                seen.add(pair)
                yield Finding("tie", other.row.where, _message(one.row, other.row, part), family)


def _rivals(one: Instance, other: Instance, above: Mapping[str, frozenset[str]]) -> PartRule | None:
    """The part over which two rows would tie, or None."""
    settled = other.row.id in above[one.row.id] or one.row.id in above[other.row.id]
    if one.row is other.row or one.row.risk != other.row.risk or settled:
        return None
    for mine in one.row.parts:
        for theirs in other.row.parts:
            same = audience(mine, one.child) == audience(theirs, other.child)
            if same and (mine.lead, mine.first_action) != (theirs.lead, theirs.first_action):
                return mine
    return None


def _family(search: Search, heads: int, one: Row, other: Row, part: PartRule) -> Mapping[str, object] | None:
    """A family for which both rows hold and lead the part together: no row of theirs or above has said otherwise."""
    for state, answers in ways(search, heads):
        outcome = search.outcome(search.circuit.fired(state) & search.circuit.rows)
        if any(
            p.for_whom == part.for_whom and p.risk == one.risk and p.rows[0] in (one.id, other.id)
            for p in outcome.parts
        ):
            return plain(search, answers)
    return None


def _message(one: Row, other: Row, part: PartRule) -> str:
    return (
        f"{one.id} and {other.id} both decide the part for {part.for_whom} at risk {one.risk.word}; "
        f"write 'before: [{other.id}]' in {one.id}, or the other way round"
    )
