"""A family in plain Python: what its facts count as, which rows fire, and how that changes when a row does.

Deciding one family under hundreds of mutants costs a look at the one row that is different; sums are done anew only when it fires.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.decisions import Policy
from bot.decisions.circuit import Instance
from bot.decisions.decision import Ask, PartDecision
from bot.decisions.outcome import Outcome
from bot.decisions.risk import Risk
from bot.decisions.row import Row
from bot.facts import Fact, Sheet
from bot.facts.conditions import Alternatives, Conditions, fulfilled
from bot.workbench.mutants.mutant import Mutant

# What each fact counts as; open facts are left out.
Values = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Seen:
    """What a case looks at, of a decision or of an outcome."""

    risk: Risk
    parts: tuple[PartDecision, ...]
    rows: tuple[str, ...]
    nevers: tuple[str, ...]
    follow_up: str | None
    assumed: tuple[tuple[str, int | None], ...]
    ask: Ask | None = None

    @property
    def key(self) -> tuple[object, ...]:
        """What a family or a service would notice."""
        parts = frozenset(
            (p.for_whom, p.child, p.risk, p.lead, p.also, p.first_action, p.act_within) for p in self.parts
        )
        return self.risk, parts, self.nevers, self.follow_up


class Pictured:
    """One sheet under one policy's rows, and under its mutants."""

    def __init__(self, policy: Policy, rows: Sequence[Row], sheet: Sheet) -> None:
        self.policy, self.rows, self.sheet = policy, rows, sheet
        self._values = self._counting({})
        self._fired = self._firing(rows, self._values)
        self.now = self._seen(self._fired)

    def fires(self, row: Row) -> bool:
        """The row, one of the policy's or a mutant's, holds for some child."""
        return any(fulfilled(row.when, values) for values in self._values)

    def touched(self, mutant: Mutant) -> bool:
        """The mistake can show in this family."""
        if mutant.fact is not None:
            return self._counting(_narrowed(mutant)) != self._values
        return any(self.fires(row) for row in (mutant.row, mutant.new) if row is not None)

    def under(self, mutant: Mutant) -> Seen:
        """What is decided with the mistake."""
        if not self.touched(mutant):
            return self.now
        return self._seen(self._changed(mutant), self._counting(_narrowed(mutant)) if mutant.fact else self._values)

    def idle(self, row: Row, mutant: Mutant) -> bool:
        """With the mistake, this family does not show that a row makes a difference."""
        fired = self._changed(mutant)
        others = [one for one in fired if one.row is not row]
        return len(others) == len(fired) or self._seen(others).key == self._seen(fired).key

    def _changed(self, mutant: Mutant) -> Sequence[Instance]:
        if mutant.fact is not None:
            return self._firing(self.rows, self._counting(_narrowed(mutant)))
        others = [one for one in self._fired if one.row is not mutant.row]
        return [*others, *self._firing([mutant.new] if mutant.new else [], self._values)]

    def _seen(self, fired: Sequence[Instance], values: Sequence[Values] | None = None) -> Seen:
        words = self.policy.base.words
        outcome: Outcome = self.policy.combiner.outcome(fired)
        plans = {row.follow_up for row in outcome.rows if row.follow_up}
        closest = max(plans, key=words.closeness, default=None)
        rows = tuple(row.id for row in outcome.rows)
        return Seen(outcome.risk, outcome.parts, rows, outcome.nevers, closest, self._assumed(values or self._values))

    def _assumed(self, values: Sequence[Values]) -> tuple[tuple[str, int | None], ...]:
        """The facts that count although nobody told them."""
        whose = self.policy.vocabulary.whose
        keys = {(name, whose(name, child)): None for child, counts in enumerate(values) for name in counts}
        return tuple(key for key in keys if self.sheet.value(*key) is None)

    def _firing(self, rows: Sequence[Row], values: Sequence[Values]) -> list[Instance]:
        return [Instance(row, child) for row in rows for child, v in enumerate(values) if fulfilled(row.when, v)]

    def _counting(self, narrowed: Mapping[str, Alternatives]) -> list[Values]:
        """What each child's and the family's facts count as, with these relevances instead of the policy's."""
        facts = self.policy.vocabulary.facts.values()
        found: list[Values] = []
        for child in range(max(1, self.sheet.children)):
            values: dict[str, str] = {}
            for fact in facts:
                value = self._value(fact, child, values, narrowed.get(fact.name, fact.relevant_when))
                if value is not None:
                    values[fact.name] = value
            found.append(values)
        return found

    def _value(self, fact: Fact, child: int, values: Values, relevant_when: Alternatives) -> str | None:
        whose = self.policy.vocabulary.whose(fact.name, child)
        told = self.sheet.value(fact.name, whose)
        if told is not None or not fact.relevant_when:
            return told
        mentioned = fact.can_be_mentioned and (fact.name, whose) in self.sheet.mentions
        if mentioned or any(_can_hold(one, values) for one in relevant_when):
            return None
        return fact.otherwise


def _narrowed(mutant: Mutant) -> Mapping[str, Alternatives]:
    return {mutant.fact: mutant.relevance} if mutant.fact is not None else {}


def _can_hold(conditions: Conditions, values: Values) -> bool:
    return all(name not in values or values[name] in wanted for name, wanted in conditions.items())
