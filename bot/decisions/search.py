"""Over every way the open questions could still be answered: is the outcome the same, and can one answer change it?

Both searches are exact. They branch over the questions that live rows still depend on, in the order of the facts, so that the
relevance of each is known when its turn comes; what is irrelevant counts as its `otherwise`; families that cannot be are left
out. Values that the live clauses do not tell apart are tried once. A row is no longer live when it is dead, has fired, or could
add nothing whatever else fires (`absorbed`); a branch ends when no live row is left.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import count, islice
from typing import Any

from bot.decisions.circuit import Circuit, Instance, State
from bot.decisions.outcome import Audience, Combiner, Outcome, audience
from bot.decisions.row import PartRule, Row
from bot.decisions.showing import Plan, Showing, bits

MEMORY = 1 << 16
PATIENCE = 400  # steps of the exact search where no example decides; beyond, the careful answer is given


class UndecidedError(Exception):
    """A search ended before it knew."""


class Search:
    """Searches over one circuit. What was found is remembered, up to a bound."""

    def __init__(self, circuit: Circuit, combiner: Combiner) -> None:
        self.circuit = circuit
        self.combiner = combiner
        self.showing = Showing(circuit)
        self.banned = frozenset(word for instance in circuit.instances.values() for word in instance.row.never)
        self.bars = tuple((head, self._bars(head)) for head in bits(circuit.forbids))
        self.by_gravity = sorted(circuit.instances, key=lambda head: -circuit.instances[head].row.risk)
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
        row = one.row
        nevers = {word for other in firing for word in other.row.never}
        if not row.never <= nevers or all(other.row.risk < row.risk for other in firing):
            return False
        for part in row.parts:
            whom = audience(part, one.child)
            same = [
                (other.row, theirs)
                for other in firing
                for theirs in other.row.parts
                if audience(theirs, other.child) == whom
            ]
            told = nevers.union(*({theirs.lead, *theirs.also} for _, theirs in same))
            times = [theirs.act_within for _, theirs in same if theirs.act_within is not None]
            led = any(self._leads(other, theirs, row, part, whom) for other, theirs in same)
            soon = part.act_within is None or any(time <= part.act_within for time in times)
            if not (led and soon and {part.lead, *part.also} <= told):
                return False
        return True

    def _leads(self, row: Row, part: PartRule, later: Row, theirs: PartRule, whom: Audience) -> bool:
        """Whether one row leads a part whatever `later` says: it comes first, or says the same and nobody stands between them."""
        if part.lead in self.banned:
            return False
        mine, other = self._rank(row), self._rank(later)
        alike = _door(part) == _door(theirs) and row.risk == later.risk
        return mine < other or (alike and not self._between(other, mine, part, whom))

    def _bars(self, contradiction: int) -> dict[int, int]:
        """For each variable of a contradiction the row clauses that want nothing else of it than the contradiction does."""
        clauses = self.showing.clauses
        return {
            number: sum(head for head in self.circuit.instances if clauses[head].get(number, {""}) <= values)
            for number, values in clauses[contradiction].items()
        }

    def _rank(self, row: Row) -> tuple[int, int]:
        return -row.risk, self.combiner.rank[row.id]

    def _between(self, above: tuple[int, int], below: tuple[int, int], part: PartRule, whom: Audience) -> bool:
        """Whether a row that ranks between two would lead their part otherwise."""
        return any(
            audience(theirs, one.child) == whom and _door(theirs) != _door(part)
            for one in self.circuit.instances.values()
            if above < self._rank(one.row) < below
            for theirs in one.row.parts
        )

    def live(self, state: State, key: Relevant) -> int:
        """The row clauses that may still fire and would then add something."""
        fired = self.circuit.fired(state) & self.circuit.rows
        return self.circuit.rows & ~state.dead & ~fired & ~self._barred(state) & ~key.absorbed(self, fired)

    def _barred(self, state: State) -> int:
        """The row clauses that want what one contradiction, all but fulfilled, leaves no room for."""
        barred = 0
        for head, rows in self.bars:
            if not head & state.dead:
                still = [n for n in rows if state.open >> n & 1]
                barred |= rows[still[0]] if len(still) == 1 else 0
        return barred

    def wanted(self, state: State, live: int, mentioned: int) -> int:
        """The open variables that `live` clauses depend on, with those on which their relevance depends, as bits."""
        wanted, fired = 0, self.circuit.fired(state)
        for number in range(len(self.circuit.variables) - 1, -1, -1):
            variable = self.circuit.variables[number]
            if state.open >> number & 1 and variable.occurs & live:
                wanted |= 1 << number
                if not variable.gates & fired and not mentioned >> number & 1:
                    live |= variable.gates & ~state.dead
        return wanted

    def depends(self, state: State, key: Relevant, mentioned: int) -> int:
        """The open variables on which the outcome still depends; 0 when it is decided."""
        live = self.live(state, key)
        return self.wanted(state, live | self._exclusions(state), mentioned) if live else 0

    def doubtful(self, state: State, mentioned: int) -> int:
        """The open variables on which it depends whether such a family can be; 0 when it certainly can."""
        return self.wanted(state, self._exclusions(state), mentioned)

    def _exclusions(self, state: State) -> int:
        return self.circuit.forbids & ~state.dead & ~self.circuit.fired(state)

    # --- is it settled? ----------------------------------------------------------------------------------------

    def outcomes(self, state: State, key: Relevant, mentioned: int) -> Iterator[Any]:
        """What `key` says of every allowed completion of `state`, with repetitions; stop whenever enough is seen."""
        told = self.circuit.fired(state) & self.circuit.forbids
        stack = [state]
        while stack:
            here = stack.pop()
            wanted = self.depends(here, key, mentioned)
            if wanted:
                stack += [after for after, _ in self.branches(here, _first(wanted), mentioned, told)]
            elif self._possible(here, mentioned, told):
                yield key.of(self.outcome(self.circuit.fired(here) & self.circuit.rows))

    def _possible(self, state: State, mentioned: int, told: int) -> bool:
        """Whether some completion of `state` is a family that can be."""
        wanted = self.doubtful(state, mentioned)
        return not wanted or any(
            self._possible(after, mentioned, told) for after, _ in self.branches(state, _first(wanted), mentioned, told)
        )

    def branches(self, state: State, number: int, mentioned: int, told: int) -> Iterator[tuple[State, str]]:
        """The allowed states after each class of answers; `told` are contradictions that the family itself told."""
        for value in self.circuit.variables[number].choices:
            after = self.circuit.assumed(self.circuit.answered(state, number, value), mentioned)
            if not self.circuit.fired(after) & self.circuit.forbids & ~told:
                yield after, value

    def settled(self, state: State, key: Relevant, mentioned: int) -> bool:
        """Whether every allowed completion has the same `key`."""
        if not self.live(state, key):
            return True
        if self._unsettled(state, key, mentioned):
            return False
        found = islice(self.outcomes(state, key, mentioned), PATIENCE)
        first = next(found, None)
        others = [other == first for other in found]
        return all(others) and len(others) < PATIENCE - 1

    def _unsettled(self, state: State, key: Relevant, mentioned: int) -> bool:
        """Whether examples show it: the quietest family, and one in which a live row fires, with different keys."""
        told = self.circuit.fired(state) & self.circuit.forbids
        quiet = self.showing.completed(state, {}, mentioned, told)
        return quiet is not None and any(
            shown and key.of(self._ends(shown[0])) != key.of(self._ends(quiet[0]))
            for head in self._gravest(self.live(state, key))
            for plan in self.showing.plans(state, head, mentioned)
            for shown in (self.showing.completed(state, plan, mentioned, told),)
        )

    def _ends(self, state: State) -> Outcome:
        return self.outcome(self.circuit.fired(state) & self.circuit.rows)

    def _gravest(self, rows: int) -> list[int]:
        """These row clauses, the gravest first."""
        return [head for head in self.by_gravity if rows & head]

    def can_fire(self, state: State, head: int, mentioned: int) -> bool:
        """Whether an allowed way of answering the open variables of one clause lets it fire."""
        told, stack = self.circuit.fired(state) & self.circuit.forbids, [state]
        while stack:
            here = stack.pop()
            if self.circuit.fired(here) & head:
                return True
            wanted = self.wanted(here, head & ~here.dead, mentioned)
            stack += [after for after, _ in self.branches(here, _first(wanted), mentioned, told)] if wanted else []
        return False

    # --- can an answer change it? ------------------------------------------------------------------------------

    def matters(self, state: State, number: int, mentioned: int) -> bool:
        """Whether two answers to one question lead to different outcomes while all others are answered alike."""
        if self._shown(state, number, mentioned):
            return True
        try:
            return self.witness(state, number, mentioned, PATIENCE) is not None
        except UndecidedError:
            return True  # one needless question is better than one left out

    def _shown(self, state: State, number: int, mentioned: int) -> bool:
        """Whether an example shows it: a family in which a live row fires, and the same one with another answer here."""
        told = self.circuit.fired(state) & self.circuit.forbids
        for head in self._gravest(self.live(state, OUTCOME)):
            for plan in self.showing.plans(state, head, mentioned):
                if number in plan and self._differs(state, number, plan, mentioned, told):
                    return True
        return False

    def _differs(self, state: State, number: int, plan: Plan, mentioned: int, told: int) -> bool:
        shown = self.showing.completed(state, plan, mentioned, told)
        if shown is None or number not in shown[1]:
            return False
        for value in self.circuit.variables[number].choices:
            if value != shown[1][number]:
                other = {number: frozenset({value})}
                alike = {n: said for n, said in shown[1].items() if n != number}
                twin = self.showing.completed(state, other, mentioned, told, alike)
                if twin and self._ends(twin[0]).key != self._ends(shown[0]).key:
                    return True
        return False

    def witness(
        self, state: State, number: int, mentioned: int, patience: int | None = None
    ) -> tuple[dict[int, str], str, str] | None:
        """Answers to other questions (by variable) and two to this one that lead to different outcomes, or None.

        Raises `UndecidedError` when `patience` steps were not enough to know.
        """
        told = self.circuit.fired(state) & self.circuit.forbids
        twins = tuple(self.branches(state, number, mentioned, told))
        stack: list[tuple[tuple[tuple[State, str], ...], dict[int, str]]] = [(twins, {})]
        for step in count():
            if not stack:
                return None
            if step == patience:
                raise UndecidedError
            here, others = stack.pop()
            if len(here) < 2 or self._alike(here):  # noqa: PLR2004 – a difference needs two
                continue
            wanted = self._union(here, lambda state: self.depends(state, OUTCOME, mentioned))
            found = None if wanted else self._difference(here)
            if found:
                wanted = self._union(here, lambda state: self.doubtful(state, mentioned))
                if not wanted:
                    return others, *found
            if wanted:
                stack += self._both(here, others, _first(wanted), mentioned, told)
        raise AssertionError  # pragma: no cover – `count` never ends

    def _union(self, twins: Sequence[tuple[State, str]], of: Callable[[State], int]) -> int:
        wanted = 0
        for state, _ in twins:
            wanted |= of(state)
        return wanted

    def _both(
        self, twins: Sequence[tuple[State, str]], others: dict[int, str], number: int, mentioned: int, told: int
    ) -> Iterator[tuple[tuple[tuple[State, str], ...], dict[int, str]]]:
        """The twins after the same answer to another question; a twin for which it is not relevant stays as it is."""
        for value in reversed(self.circuit.variables[number].choices):
            after = []
            for state, own in twins:
                then = state
                if state.open >> number & 1:
                    then = self.circuit.assumed(self.circuit.answered(state, number, value), mentioned)
                if not self.circuit.fired(then) & self.circuit.forbids & ~told:
                    after.append((then, own))
            yield tuple(after), {**others, number: value}

    def _alike(self, twins: Sequence[tuple[State, str]]) -> bool:
        """Whether the twins can no longer come apart: the same outcome now, and whatever is still to come stands alike."""
        return len({self._rest(state) for state, _ in twins}) == 1

    def _rest(self, state: State) -> tuple[Any, ...]:
        """Outcome, clauses still going, gates that are open, open variables.

        All answers but one are the same for all twins, and a clause still going has that one fulfilled, so its counter is the same.
        """
        fired = self.circuit.fired(state)
        rows = fired & self.circuit.rows
        going = self.circuit.heads & ~state.dead & ~fired & ~self.absorbed(rows)
        return self.outcome(rows).key, going, fired & ~rows, state.open

    def _difference(self, twins: Sequence[tuple[State, str]]) -> tuple[str, str] | None:
        """Two answers with different outcomes among these."""
        keys = [(self.outcome(self.circuit.fired(state) & self.circuit.rows).key, value) for state, value in twins]
        return next(((keys[0][1], value) for key, value in keys if key != keys[0][0]), None)


def _door(part: PartRule) -> tuple[str, str]:
    return part.lead, part.first_action


def _first(variables: int) -> int:
    return (variables & -variables).bit_length() - 1


@dataclass(frozen=True, slots=True)
class Relevant:
    """What must not change: the whole outcome, or its risk alone."""

    of: Callable[[Outcome], Any]
    absorbed: Callable[[Search, int], int]


def _of_no_higher_risk(search: Search, fired: int) -> int:
    """The row clauses that cannot raise the risk of these."""
    risk = search.outcome(fired).risk
    return sum(head for head, one in search.circuit.instances.items() if one.row.risk <= risk)


OUTCOME = Relevant(lambda outcome: outcome.key, lambda search, fired: search.absorbed(fired))
RISK = Relevant(lambda outcome: outcome.risk, _of_no_higher_risk)
