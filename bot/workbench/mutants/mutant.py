"""One small mistake in a rule base, as another rule base in memory."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.decisions import Policy
from bot.decisions.row import Row
from bot.decisions.rulebase import RuleBase
from bot.errors import Where
from bot.facts.conditions import Alternatives


@dataclass(frozen=True, slots=True, eq=False)
class Mutant:
    """`new` stands in the place of `row` (None: the row is gone), or the relevance of `fact` is `relevance`.

    `kind` is one of `KINDS`; `said` what was done, in words; `refused` why loading such a file would fail, if it would.
    """

    kind: str
    said: str
    where: Where
    row: Row | None = None
    new: Row | None = None
    fact: str | None = None
    relevance: Alternatives = ()
    refused: str | None = None

    def policy(self, base: RuleBase) -> Policy:
        """The policy with the mistake. A row that is gone leaves the order of the others as it was."""
        if self.fact is not None:
            changed = replace(base.vocabulary.facts[self.fact], relevant_when=self.relevance)
            facts = {**base.vocabulary.facts, self.fact: changed}
            return Policy(replace(base, vocabulary=replace(base.vocabulary, facts=facts)))
        rows = (self._instead(row) for row in base.rows)
        return Policy(replace(base, rows=tuple(row for row in rows if row is not None)))

    def _instead(self, row: Row) -> Row | None:
        gone = self.row
        if row is gone:
            return self.new
        if gone is None or self.new is not None or gone.id not in row.before:
            return row
        return replace(row, before=tuple(dict.fromkeys(o for o in (*row.before, *gone.before) if o != gone.id)))
