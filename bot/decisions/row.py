"""One row of policy: when it holds, and what then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.decisions.decision import Citation
from bot.decisions.risk import Risk
from bot.errors import Where
from bot.facts.conditions import Alternatives


@dataclass(frozen=True, slots=True)
class PartRule:
    """What a row asks of one service for somebody; `act_within` is minutes, None without a limit."""

    for_whom: str
    lead: str
    also: frozenset[str]
    first_action: str
    act_within: int | None


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One situation. It holds when one of the sets of `when` is fulfilled by the family's facts and one child's.

    `before` names rows over which this one leads a part at equal risk. `product_rule` marks a row that is our own careful
    reading rather than a line of the founders' table; `unverified` cites what nobody could check against a text; `placement` is
    the step of the placement ladder that the row speaks of.
    """

    id: str
    title: Mapping[str, str]
    when: Alternatives
    risk: Risk
    parts: tuple[PartRule, ...]
    follow_up: str | None
    never: frozenset[str]
    basis: tuple[Citation, ...]
    unverified: tuple[Citation, ...]
    because: Mapping[str, str]
    before: tuple[str, ...]
    doubt: Mapping[str, str] | None
    product_rule: bool
    valid_from: date
    valid_to: date | None
    where: Where
    placement: str | None = None

    def valid(self, on: date) -> bool:
        """Whether the row is in force on this day, both ends included."""
        return self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)
