"""What the rows that fire add up to.

Risk is the highest. A part's lead is that of its gravest row, at equal risk of the row that says `before:`; the other leads are
told. `also` is a union, the shortest time wins, a never beats every union.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.decisions.circuit import Instance
from bot.decisions.decision import PartDecision
from bot.decisions.risk import Risk
from bot.decisions.row import PartRule, Row
from bot.decisions.words import OPERATOR, Words
from bot.errors import RuleFileError
from bot.facts.fact import CHILD

# Whom a part is for, and which child.
Audience = tuple[str, int | None]


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """Risk, parts and nevers of a set of rows that fire, gravest row first. `key` is what must not change once settled."""

    risk: Risk
    parts: tuple[PartDecision, ...]
    nevers: tuple[str, ...]
    rows: tuple[Row, ...]
    key: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Combiner:
    """Adds rows up. `rank` puts rows in the order in which they lead a part at equal risk."""

    words: Words
    rank: Mapping[str, int]

    def outcome(self, instances: Iterable[Instance]) -> Outcome:
        """The outcome of these rows, or the default decision when there are none."""
        firing = sorted(set(instances), key=self._gravity)
        rows = tuple(dict.fromkeys(instance.row for instance in firing))
        nevers = tuple(sorted({word for row in rows for word in row.never}))
        parts = self._parts(firing, nevers) or (self._default(),)
        risk = rows[0].risk if rows else Risk.NONE
        return Outcome(risk, parts, nevers, rows, (risk, frozenset(_substance(part) for part in parts), nevers))

    def follow_up(self, outcome: Outcome) -> str | None:
        """The closest of the follow-up plans of its rows."""
        plans = {row.follow_up for row in outcome.rows if row.follow_up}
        return max(plans, key=self.words.closeness, default=None)

    def _gravity(self, instance: Instance) -> tuple[int, int, int]:
        return (-instance.row.risk, self.rank[instance.row.id], instance.child)

    def _parts(self, firing: Sequence[Instance], nevers: Sequence[str]) -> tuple[PartDecision, ...]:
        named: dict[Audience, list[tuple[Row, PartRule]]] = {}
        for row, child in firing:
            for part in row.parts:
                named.setdefault(audience(part, child), []).append((row, part))
        parts = (_part(whom, entries, nevers) for whom, entries in named.items())
        return tuple(sorted(parts, key=_urgency))

    def _default(self) -> PartDecision:
        return PartDecision(self.words.default_for, None, Risk.NONE, OPERATOR, (), self.words.default_action, None, ())


def audience(part: PartRule, child: int) -> Audience:
    """Whom a part of a row that holds for `child` is for."""
    return part.for_whom, child if part.for_whom == CHILD else None


def ranking(rows: Sequence[Row]) -> Mapping[str, int]:
    """An order that respects every `before:`, otherwise as written. Raises `RuleFileError` when they go round in a circle."""
    above: dict[str, set[str]] = {row.id: set() for row in rows}
    for row in rows:
        for other in row.before:
            above[other].add(row.id)
    order: dict[str, int] = {}
    while len(order) < len(above):
        free = next((row for row in rows if row.id not in order and above[row.id] <= order.keys()), None)
        if free is None:
            stuck = next(row for row in rows if row.id not in order)
            raise RuleFileError(f"the 'before:' of {stuck.id} and others go round in a circle", stuck.where)
        order[free.id] = len(order)
    return order


def precedes(rows: Sequence[Row]) -> Mapping[str, frozenset[str]]:
    """The rows each row stands before, `before:` followed to its end."""
    direct: dict[str, frozenset[str]] = {}
    for row in rows:
        direct[row.id] = direct.get(row.id, frozenset()).union(row.before)
    reached = dict(direct)
    for _ in rows:
        reached = {row: reached[row].union(*(reached[other] for other in reached[row])) for row in reached}
    return reached


def _part(whom: Audience, entries: Sequence[tuple[Row, PartRule]], nevers: Sequence[str]) -> PartDecision:
    """One part from its rows, gravest first."""
    leads = [(row, part) for row, part in entries if part.lead not in nevers]
    lead, action = (leads[0][1].lead, leads[0][1].first_action) if leads else (OPERATOR, entries[0][1].first_action)
    told = {service for _, part in entries for service in (part.lead, *part.also)} - {lead, *nevers}
    times = [part.act_within for _, part in entries if part.act_within is not None]
    return PartDecision(
        for_whom=whom[0],
        child=whom[1],
        risk=entries[0][0].risk,
        lead=lead,
        also=tuple(sorted(told)),
        first_action=action,
        act_within=min(times, default=None),
        rows=tuple(dict.fromkeys(row.id for row, _ in entries)),
    )


def _urgency(part: PartDecision) -> tuple[int, float]:
    return (-part.risk, float("inf") if part.act_within is None else part.act_within)


def _substance(part: PartDecision) -> tuple[Any, ...]:
    return (part.for_whom, part.child, part.risk, part.lead, part.also, part.first_action, part.act_within)
