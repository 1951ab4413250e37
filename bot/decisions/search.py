"""What could still matter on one circuit: at first sight by masks, which err on the side of asking, then exactly by the oracle.

A row is live when it is neither dead nor firing and could add something whatever else fires (else it is *absorbed*). Where no row
is live nothing can change; a question on which no live row depends cannot matter. All else is the oracle's to say.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache

from bot.decisions.circuit import Circuit, Instance, State
from bot.decisions.oracle import Oracle
from bot.decisions.outcome import Combiner, Outcome, audience
from bot.decisions.standing import Standing

MEMORY = 1 << 16


class Search:
    """Looks ahead on one circuit. What was found is remembered, up to a bound."""

    def __init__(self, circuit: Circuit, combiner: Combiner, oracle: Oracle) -> None:
        self.circuit = circuit
        self.combiner = combiner
        self.oracle = oracle
        self.banned = frozenset(word for instance in circuit.instances.values() for word in instance.row.never)
        self.outcome: Callable[[int], Outcome] = lru_cache(MEMORY)(self._outcome)
        self.absorbed: Callable[[int], int] = lru_cache(MEMORY)(self._absorbed)

    # --- what fires, and what could still matter ---------------------------------------------------------------

    def _outcome(self, fired: int) -> Outcome:
        """What these row clauses add up to."""
        return self.combiner.outcome(self._instances(fired))

    def _instances(self, clauses: int) -> list[Instance]:
        return [instance for head, instance in self.circuit.instances.items() if clauses & head]

    def _absorbed(self, fired: int) -> int:
        """The row clauses that add nothing to these, whatever else fires beside them."""
        firing = self._instances(fired)
        return sum(
            head for head, one in self.circuit.instances.items() if one in firing or self._adds_nothing(one, firing)
        )

    def _adds_nothing(self, one: Instance, firing: Sequence[Instance]) -> bool:
        row, rank = one.row, self.combiner.rank
        nevers = {word for other in firing for word in other.row.never}
        if not row.never <= nevers or all(other.row.risk < row.risk for other in firing):
            return False
        for part in row.parts:
            same = [
                (other.row, theirs)
                for other in firing
                for theirs in other.row.parts
                if audience(theirs, other.child) == audience(part, one.child)
            ]
            told = nevers.union(*({theirs.lead, *theirs.also} for _, theirs in same))
            times = [theirs.act_within for _, theirs in same if theirs.act_within is not None]
            led = any((-r.risk, rank[r.id]) < (-row.risk, rank[row.id]) and p.lead not in self.banned for r, p in same)
            soon = part.act_within is None or any(time <= part.act_within for time in times)
            if not (led and soon and {part.lead, *part.also} <= told):
                return False
        return True

    def live(self, state: State) -> int:
        """The row clauses that may still fire and would then add something."""
        fired = self.circuit.fired(state) & self.circuit.rows
        return self.circuit.rows & ~state.dead & ~fired & ~self.absorbed(fired)

    def wanted(self, standing: Standing, rows: int | None = None) -> int:
        """The open variables these rows (all live ones) depend on, with those on which their relevance depends, as bits."""
        state, wanted = standing.sure, 0
        live, fired = self.live(state) if rows is None else rows, self.circuit.fired(state)
        for number in range(len(self.circuit.variables) - 1, -1, -1):
            variable = self.circuit.variables[number]
            if state.open >> number & 1 and variable.occurs & live:
                wanted |= 1 << number
                if not variable.gates & fired and not standing.mentioned >> number & 1:
                    live |= variable.gates & ~state.dead
        return wanted

    def kept(self, now: State, sure: State, expired: int) -> int:
        """The row clauses that still fire, and add something, only because an expired answer counts until it is asked anew."""
        if not expired:
            return 0
        rows, held, theirs = self.circuit.rows, self.circuit.fired(sure), 0
        for number, variable in enumerate(self.circuit.variables):
            theirs |= variable.occurs if expired >> number & 1 else 0
        return theirs & rows & self.circuit.fired(now) & ~held & ~self.absorbed(held & rows)

    # --- exactly -----------------------------------------------------------------------------------------------

    def settled(self, standing: Standing) -> bool:
        """Whether every allowed completion has the same risk, parts and nevers."""
        return not self.live(standing.sure) or self.oracle.settled(standing)

    def risk_settled(self, standing: Standing) -> bool:
        """Whether every allowed completion has the same risk."""
        risk = self.outcome(self.circuit.fired(standing.sure) & self.circuit.rows).risk
        live = self._instances(self.live(standing.sure))
        return all(one.row.risk <= risk for one in live) or self.oracle.risk_settled(standing)

    def matters(self, standing: Standing, number: int) -> bool:
        """Whether two answers to one question lead to different outcomes while all others are answered alike."""
        return bool(self.wanted(standing) >> number & 1) and self.oracle.matters(standing, number)
