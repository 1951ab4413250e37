"""Ties: rows of equal risk with different leads or first actions for the same people, and nothing says which comes first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from bot.decisions.outcome import Audience, precedes
from bot.decisions.proof.formula import Literal
from bot.decisions.proof.side import Entry
from bot.decisions.row import Row
from bot.workbench.check.claim import Property
from bot.workbench.proof import Space


def no_ties(space: Space) -> Iterator[Property]:
    """No pair of rows ties for any family. The space is of two children, because a part for the whole family has rows of both."""
    above = precedes(list(space.rows))
    for whom in space.now.audiences():
        for one, other in combinations(space.now.chosen(whom), 2):
            if _rivals(one, other, above):
                pair = sorted((one[0].id, other[0].id))
                said = _message(one[0], other[0], whom)
                yield Property("tie", tuple(pair), other[0].where, _both_lead(space, whom, one, other), said)


def _rivals(one: Entry, other: Entry, above: Mapping[str, frozenset[str]]) -> bool:
    """Whether two rows would tie over a part."""
    (row, part, _), (theirs, their_part, _) = one, other
    settled = row.id == theirs.id or theirs.id in above[row.id] or row.id in above[theirs.id]
    return (
        row.risk == theirs.risk
        and not settled
        and (part.lead, part.first_action) != (their_part.lead, their_part.first_action)
    )


def _both_lead(space: Space, whom: Audience, one: Entry, other: Entry) -> tuple[Literal, ...]:
    """The first of them leads, the other holds as well and its lead is not forbidden."""
    fires = next(when for row, _, when in space.now.entries(whom) if row is other[0])
    return (one[2], fires, -space.now.never(other[1].lead))


def _message(one: Row, other: Row, whom: Audience) -> str:
    return (
        f"{one.id} and {other.id} both decide the part for {whom[0]} at risk {one.risk.word}; "
        f"write 'before: [{other.id}]' in {one.id}, or the other way round"
    )
