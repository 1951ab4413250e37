"""Why a row holds, fails or is open, and what stands in its way, in conditions a person can read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.decisions.changes import Changes
from bot.decisions.circuit import Circuit
from bot.decisions.row import Row
from bot.decisions.standing import Standing
from bot.facts import Sheet
from bot.facts.conditions import Conditions


class Status(StrEnum):
    """Three values: nobody is told no while a question is open."""

    HOLDS = "holds"
    OPEN = "open"
    FAILS = "fails"


@dataclass(frozen=True, slots=True)
class Condition:
    """One condition: what the row wants and what the sheet has; `assumed` when nobody was asked. `child` None: the family's."""

    fact: str
    child: int | None
    wanted: tuple[str, ...]
    has: str | None
    assumed: bool

    @property
    def status(self) -> Status:
        """Whether the condition is met."""
        if self.has is None:
            return Status.OPEN
        return Status.HOLDS if self.has in self.wanted else Status.FAILS

    def to_json(self) -> dict[str, Any]:
        """`{"fact","child","wanted","has","assumed","status"}`."""
        return {
            "fact": self.fact,
            "child": self.child,
            "wanted": list(self.wanted),
            "has": self.has,
            "assumed": self.assumed,
            "status": self.status.value,
        }


@dataclass(frozen=True, slots=True)
class RowExplanation:
    """One row for one child: its status, and the conditions that made it so (of the alternative that came furthest)."""

    row: Row
    child: int
    status: Status
    conditions: tuple[Condition, ...]

    @property
    def decisive(self) -> tuple[Condition, ...]:
        """The conditions that made the row hold, fail or stay open."""
        return tuple(condition for condition in self.conditions if condition.status is self.status)

    @property
    def in_the_way(self) -> tuple[Condition, ...]:
        """The conditions that would have to be otherwise for the row to hold: the contradicted ones and the open ones."""
        return tuple(condition for condition in self.conditions if condition.status is not Status.HOLDS)

    def to_json(self) -> dict[str, Any]:
        """`{"row","child","status","conditions":[…],"because"}`; `because` only of a row that holds, else null."""
        return {
            "row": self.row.id,
            "child": self.child,
            "status": self.status.value,
            "conditions": [condition.to_json() for condition in self.conditions],
            "because": dict(self.row.because) if self.status is Status.HOLDS else None,
        }


def explain(circuit: Circuit, rows: tuple[Row, ...], sheet: Sheet, standing: Standing) -> tuple[RowExplanation, ...]:
    """Every row for every child, as it stands now."""
    children = range(max(1, sheet.children))
    return tuple(_row(row, child, circuit, sheet, standing) for row in rows for child in children)


def _row(row: Row, child: int, circuit: Circuit, sheet: Sheet, standing: Standing) -> RowExplanation:
    tried = [_alternative(one, child, circuit, sheet, standing) for one in row.when]
    best = min(tried, key=_distance)
    return RowExplanation(row, child, _status(best), best)


def _alternative(
    wanted: Conditions, child: int, circuit: Circuit, sheet: Sheet, standing: Standing
) -> tuple[Condition, ...]:
    return tuple(_condition(fact, values, child, circuit, sheet, standing) for fact, values in wanted.items())


def _condition(
    fact: str, values: frozenset[str], child: int, circuit: Circuit, sheet: Sheet, standing: Standing
) -> Condition:
    key: tuple[str, int | None] = (fact, child) if (fact, child) in circuit.index else (fact, None)
    assumed = key in standing.assumed
    has = circuit.variables[circuit.index[key]].fact.otherwise if assumed else sheet.value(*key)
    return Condition(fact, key[1], tuple(sorted(values)), has, assumed)


def _distance(conditions: tuple[Condition, ...]) -> tuple[int, int]:
    """How far from holding: the status first, then how many conditions are in the way."""
    missing = sum(condition.status is not Status.HOLDS for condition in conditions)
    return list(Status).index(_status(conditions)), missing


def _status(conditions: tuple[Condition, ...]) -> Status:
    """A set of conditions fails when one fails, holds when all hold."""
    statuses = {condition.status for condition in conditions}
    if Status.FAILS in statuses:
        return Status.FAILS
    return Status.OPEN if Status.OPEN in statuses else Status.HOLDS


def explanation_json(rows: Iterable[RowExplanation], changes: Changes) -> dict[str, Any]:
    """The `explain` object of `rightdoor decide --explain`: every row for every child, and what would change the risk."""
    order = list(Status)
    return {
        "rows": [row.to_json() for row in sorted(rows, key=lambda row: order.index(row.status))],
        "raise": [change.to_json() for change in changes.higher],
        "lower": [change.to_json() for change in changes.lower],
    }
