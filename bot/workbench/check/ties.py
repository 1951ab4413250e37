"""Ties: rows of equal risk with different leads or first actions for the same people, and nothing says which comes first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from bot.decisions.outcome import Audience, precedes
from bot.decisions.row import PartRule, Row
from bot.workbench.check.finding import Finding
from bot.workbench.proof import Space
from bot.workbench.proof.formula import Literal

Entry = tuple[Row, PartRule, Literal]


def ties(space: Space) -> Iterator[Finding]:
    """Every pair of rows that ties for some family, each pair once.

    The space is of two children, because a part for the whole family has rows of both.
    """
    above = precedes(space.rows)
    seen: set[frozenset[str]] = set()
    for whom in space.now.audiences():
        for one, other in combinations(space.now.chosen(whom), 2):
            pair = frozenset({one[0].id, other[0].id})
            if pair in seen or not _rivals(one, other, above):
                continue
            family = space.find(*_both_lead(space, whom, one, other))
            if family is not None:
                seen.add(pair)
                said = _message(one[0], other[0], whom)
                yield Finding.shown("tie", other[0].where, said, family, space.policy)


def _rivals(one: Entry, other: Entry, above: Mapping[str, frozenset[str]]) -> bool:
    """Whether two rows would tie over a part."""
    (row, part, _), (theirs, their_part, _) = one, other
    settled = theirs.id in above[row.id] or row.id in above[theirs.id]
    return (
        row.risk == theirs.risk
        and not settled
        and (part.lead, part.first_action) != (their_part.lead, their_part.first_action)
    )


def _both_lead(space: Space, whom: Audience, one: Entry, other: Entry) -> list[Literal]:
    """The first of them leads, the other holds as well and its lead is not forbidden."""
    fires = {row.id: when for row, _, when in space.now.entries(whom)}
    return [one[2], fires[other[0].id], -space.now.never(other[1].lead)]


def _message(one: Row, other: Row, whom: Audience) -> str:
    return (
        f"{one.id} and {other.id} both decide the part for {whom[0]} at risk {one.risk.word}; "
        f"write 'before: [{other.id}]' in {one.id}, or the other way round"
    )
