"""Why a row holds, fails or is open, in conditions a person can read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

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
    """One condition: what the row wants and what the sheet has; `assumed` when nobody was asked."""

    fact: str
    wanted: tuple[str, ...]
    has: str | None
    assumed: bool

    @property
    def status(self) -> Status:
        """Whether the condition is met."""
        if self.has is None:
            return Status.OPEN
        return Status.HOLDS if self.has in self.wanted else Status.FAILS


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


def explain(circuit: Circuit, rows: tuple[Row, ...], sheet: Sheet, standing: Standing) -> tuple[RowExplanation, ...]:
    """Every row for every child, as it stands now."""
    children = range(max(1, sheet.children))
    return tuple(_row(row, child, circuit, sheet, standing) for row in rows for child in children)


def _row(row: Row, child: int, circuit: Circuit, sheet: Sheet, standing: Standing) -> RowExplanation:
    tried = [_alternative(one, child, circuit, sheet, standing) for one in row.when]
    order = list(Status)
    best = min(tried, key=lambda conditions: order.index(_status(conditions)))
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
    return Condition(fact, tuple(sorted(values)), has, assumed)


def _status(conditions: tuple[Condition, ...]) -> Status:
    """A set of conditions fails when one fails, holds when all hold."""
    statuses = {condition.status for condition in conditions}
    if Status.FAILS in statuses:
        return Status.FAILS
    return Status.OPEN if Status.OPEN in statuses else Status.HOLDS


def as_json(explanation: RowExplanation) -> Mapping[str, object]:
    """`{"row","child","status","conditions":[{"fact","wanted","has","assumed"}]}`."""
    return {
        "row": explanation.row.id,
        "child": explanation.child,
        "status": explanation.status.value,
        "conditions": [
            {"fact": c.fact, "wanted": list(c.wanted), "has": c.has, "assumed": c.assumed} for c in explanation.decisive
        ],
    }
