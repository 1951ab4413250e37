"""Every reachable state of an interview, and what its question can still change; on top of the reference, not of the product.

A state is which facts are answered and which sets of conditions they contradict. Two states with one `key` have the same
future: the same rows can still hold, on the same open facts, and add to the same outcome. So each key is looked at once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

from tests.decisions.reference import RISKS, Conditions, Key, Known, Outcome, Reference, Row, minutes

# So many states remember what their future depends on.
RECENT = 1 << 16


class Clause(NamedTuple):
    """One set of conditions for one child: of a row, of an exclusion, or of a fact's relevance."""

    row: Row | None
    child: int
    wanted: Mapping[Key, frozenset[str]]


class State(NamedTuple):
    """Answered facts and contradicted clauses, as bits: of a fact its place among the keys, of a clause its number."""

    answered: int
    dead: int


@dataclass(frozen=True, eq=False)
class Standing:
    """What a set of firing rows means for whatever may still fire beside it; there is one object for each.

    Its outcome, and for each part the row that leads it: what is the same here adds up alike with any further rows, as long as no
    lead is among the nevers (`Walk` makes sure of that).
    """

    outcome: Outcome
    leaders: frozenset[tuple[str, int | None, str]]


class Walk:
    """The rules of a reference for a number of children."""

    def __init__(self, reference: Reference, children: int) -> None:
        self.reference, self.children = reference, children
        self.keys = tuple(reference.keys(children))
        self.bit = {key: 1 << place for place, key in enumerate(self.keys)}
        rows = [(row, one) for row in reference.rows for one in row.when]
        self.clauses = [self._clause(row, one, child) for row, one in rows for child in range(children)]
        self.rows = range(len(self.clauses))
        excluded = [self._clause(None, one, child) for one in reference.exclusions for child in range(children)]
        self.exclusions = range(len(self.clauses), len(self.clauses) + len(excluded))
        self.clauses += excluded
        self.gates: dict[Key, range] = {}
        for key in self.keys:
            first = len(self.clauses)
            self.clauses += [self._clause(None, one, key[1] or 0) for one in reference.relevant[key[0]]]
            if len(self.clauses) > first:
                self.gates[key] = range(first, len(self.clauses))
        self.facts = [sum(self.bit[key] for key in clause.wanted) for clause in self.clauses]
        self.shut = {key: sum(1 << number for number in gates) for key, gates in self.gates.items()}
        self.kills = {
            (key, value): sum(
                1 << number
                for number, clause in enumerate(self.clauses)
                if key in clause.wanted and value not in clause.wanted[key]
            )
            for key in self.keys
            for value in reference.values[key[0]]
        }
        self.opening = sum(
            self.bit[key] for key in self.keys if reference.facts[key[0]].get("ask_with") in reference.opening
        )
        self.choices = {key: self._choices(key) for key in self.keys}
        self.quiet = {key: max(self.choices[key], key=lambda v, k=key: len(self._rows_of(k, v))) for key in self.keys}
        leads = {part["lead"] for row in reference.rows for part in row.parts}
        assert not leads & {word for row in reference.rows for word in row.never}, "see Standing"
        self._standings: dict[int, Standing] = {}
        self._known: dict[tuple[Outcome, frozenset[tuple[str, int | None, str]]], Standing] = {}
        self._idle: dict[Standing, frozenset[int]] = {}
        self._prospects: dict[Any, tuple[Outcome, ...]] = {}
        self.key = lru_cache(RECENT)(self._key)
        self.standing = lru_cache(RECENT)(self._standing)

    def _clause(self, row: Row | None, one: Conditions, child: int) -> Clause:
        return Clause(row, child, {self.reference.whose(fact, child): wanted for fact, wanted in one.items()})

    def _rows_of(self, key: Key, value: str) -> list[int]:
        return [number for number in self.rows if self.kills[key, value] >> number & 1]

    def _choices(self, key: Key) -> tuple[str, ...]:
        """One value of each class that no set of conditions anywhere tells apart."""
        classes: dict[int, str] = {}
        for value in self.reference.values[key[0]]:
            classes.setdefault(self.kills[key, value], value)
        return tuple(classes.values())

    # --- states ----------------------------------------------------------------------------------------------------

    def start(self, known: Known, mentioned: Key | None = None) -> State:
        """The state of a family as told; what was mentioned is not assumed."""
        answered = dead = 0
        for key, value in known.items():
            answered, dead = answered | self.bit[key], dead | self.kills[key, value]
        return self.assumed(State(answered, dead), mentioned)

    def answered(self, state: State, key: Key, value: str) -> State:
        """The state after one more answer."""
        return self.assumed(State(state.answered | self.bit[key], state.dead | self.kills[key, value]))

    def assumed(self, state: State, mentioned: Key | None = None) -> State:
        """Open and certainly irrelevant facts count as their `otherwise`; relevance refers to earlier facts only."""
        answered, dead = state
        for key, gates in self.shut.items():
            if not answered & self.bit[key] and key != mentioned and not gates & ~dead:
                answered, dead = answered | self.bit[key], dead | self.kills[key, self.reference.otherwise[key[0]]]
        return State(answered, dead)

    def relevant(self, state: State, key: Key) -> bool | None:
        """Whether an open fact is relevant; None while that is open."""
        if key not in self.gates:
            return True
        if not self.shut[key] & ~state.dead:
            return False
        return True if any(self.fires(number, state) for number in self.gates[key]) else None

    def fires(self, number: int, state: State) -> bool:
        """Whether all that a clause wants was answered so."""
        return not (self.facts[number] & ~state.answered or state.dead >> number & 1)

    def waits(self, number: int, state: State) -> bool:
        """Whether a clause may still fire and does not yet."""
        return bool(self.facts[number] & ~state.answered) and not state.dead >> number & 1

    def _standing(self, state: State) -> Standing:
        """What the firing rows add up to."""
        facts, opened, dead = self.facts, ~state.answered, state.dead
        fired = [number for number in self.rows if not (facts[number] & opened or dead >> number & 1)]
        bits = sum(1 << number for number in fired)
        found = self._standings.get(bits)
        if found is None:
            found = self._standings[bits] = self._stand(fired)
        return found

    def _stand(self, fired: list[int]) -> Standing:
        firing = {(self.clauses[number].row, self.clauses[number].child) for number in fired}
        rows = [(row, child) for row, child in firing if row]
        leaders: dict[tuple[str, int | None], Row] = {}
        for row, child in rows:
            for part in row.parts:
                whom = part["for"], child if part["for"] == "child" else None
                if whom not in leaders or self._above(row, leaders[whom]):
                    leaders[whom] = row
        outcome = self.reference.outcome(rows)
        leading = frozenset((*whom, row.id) for whom, row in leaders.items())
        return self._known.setdefault((outcome, leading), Standing(outcome, leading))

    def _above(self, row: Row, other: Row) -> bool:
        if row.risk != other.risk:
            return row.risk > other.risk
        return other.id in self.reference.above[row.id] or (
            row.id not in self.reference.above[other.id] and self._place(row) < self._place(other)
        )

    def _place(self, row: Row) -> int:
        return [one.id for one in self.reference.rows].index(row.id)

    def idle(self, standing: Standing) -> frozenset[int]:
        """The clauses of rows that add nothing to a standing, whatever else may still fire."""
        found = self._idle.get(standing)
        if found is None:
            found = self._idle[standing] = frozenset(n for n in self.rows if self._adds_nothing(n, standing))
        return found

    def _adds_nothing(self, number: int, standing: Standing) -> bool:
        row, child = self.clauses[number].row, self.clauses[number].child
        assert row is not None
        outcome, rows = standing.outcome, {one.id: one for one in self.reference.rows}
        leaders = {(whom, whose): rows[name] for whom, whose, name in standing.leaders}
        if row.risk > RISKS.index(outcome.risk) or not row.never <= outcome.nevers:
            return False
        for part in row.parts:
            whom = part["for"], child if part["for"] == "child" else None
            here = next((p for p in outcome.parts if p[:2] == whom and whom in leaders), None)
            if here is None or not self._leads(leaders[whom], row):
                return False
            told = {here[3], *here[4], *outcome.nevers}
            soon, limit = here[6], minutes(part.get("act_within"))
            if not {part["lead"], *part.get("also", ())} <= told or (
                limit is not None and (soon is None or soon > limit)
            ):
                return False
        return True

    def _leads(self, leader: Row, row: Row) -> bool:
        return leader.id == row.id or leader.risk > row.risk or row.id in self.reference.above[leader.id]

    def live(self, state: State) -> list[int]:
        """The clauses of rows that may still fire and would then add something."""
        idle = self.idle(self.standing(state))
        facts, opened, dead = self.facts, ~state.answered, state.dead
        return [n for n in self.rows if facts[n] & opened and not dead >> n & 1 and n not in idle]

    def going(self, state: State) -> tuple[list[int], list[Key]]:
        """The clauses that can still make a difference, and the open facts they speak of, in order."""
        live = self.live(state)
        live += [number for number in self.exclusions if self.waits(number, state)]
        wanted = 0
        for number in live:
            wanted |= self.facts[number] & ~state.answered
        for key in reversed(self.gates):
            if wanted & self.bit[key] and self.relevant(state, key) is None:
                for number in self.gates[key]:
                    if not state.dead >> number & 1:
                        live.append(number)
                        wanted |= self.facts[number] & ~state.answered
        return live, [key for key in self.keys if wanted & self.bit[key]]

    def _key(self, state: State) -> Any:
        """What the future of a state depends on."""
        live, wanted = self.going(state)
        relevant = tuple(key for key in wanted if self.relevant(state, key))
        left = tuple((number, self.facts[number] & ~state.answered) for number in live)
        return self.standing(state), left, relevant, self.broken(state), self.opening & ~state.answered

    # --- completions -----------------------------------------------------------------------------------------------

    def broken(self, state: State) -> frozenset[int]:
        """The exclusions that a state breaks."""
        return frozenset(number for number in self.exclusions if self.fires(number, state))

    def prospects(self, state: State, told: frozenset[int]) -> tuple[Outcome, ...]:
        """The outcomes of all allowed completions, or two of them when there are several. Exact."""
        if self.broken(state) - told:
            return ()
        memo = (self.key(state), told)
        if memo not in self._prospects:
            _, wanted = self.going(state)
            found: tuple[Outcome, ...] = (self.standing(state).outcome,)
            if wanted:
                found = ()
                for value in self.choices[wanted[0]]:
                    found = tuple(dict.fromkeys(found + self.prospects(self.answered(state, wanted[0], value), told)))
                    if len(found) > 1:
                        break
            self._prospects[memo] = found[:2]
        return self._prospects[memo]

    def completed(self, state: State, by: Mapping[Key, str], told: frozenset[int]) -> Outcome | None:
        """The outcome when every open relevant fact is answered as `by` says, otherwise quietly; None if not allowed."""
        for key in self.keys:
            if not state.answered & self.bit[key]:
                state = self.answered(state, key, by.get(key, self.quiet[key]))
        return None if self.broken(state) - told else self.standing(state).outcome

    def witness(self, state: State, asked: Key) -> tuple[Mapping[Key, str], str, str] | None:
        """Answers to other questions and two to this one that lead to different outcomes; None when there are none."""
        told = self.broken(state)
        twins = [(value, self.answered(state, asked, value)) for value in self.choices[asked]]
        for by in self._completions(state, asked):
            first: tuple[str, Outcome] | None = None
            for value, after in twins:
                outcome = self.completed(after, by, told)
                if outcome is not None and first is not None and outcome != first[1]:
                    return by, first[0], value
                if outcome is not None:
                    first = first or (value, outcome)
        return None

    def _completions(self, state: State, asked: Key) -> Iterator[Mapping[Key, str]]:
        """Ways to answer the rest: first such as let one row fire that the question decides, then simply all of them."""
        for number in self.live(state):
            by = self._towards(number, state)
            if asked in by:
                yield by
        yield from self._all(state, asked, {})

    def _towards(self, number: int, state: State) -> dict[Key, str]:
        """Answers that fulfil one clause and make what it speaks of relevant."""
        by: dict[Key, str] = {}
        todo = [number]
        while todo:
            for key, wanted in self.clauses[todo.pop()].wanted.items():
                if state.answered & self.bit[key] or key in by:
                    continue
                by[key] = next(value for value in self.reference.values[key[0]] if value in wanted)
                if self.relevant(state, key) is None:
                    todo.append(next(number for number in self.gates[key] if not state.dead >> number & 1))
        return by

    def _all(self, state: State, asked: Key, by: dict[Key, str]) -> Iterator[Mapping[Key, str]]:
        """Every way to answer what is open and can matter, beside the question itself."""
        wanted = [key for key in self.going(state)[1] if key != asked and key not in by]
        if not wanted:
            yield by
            return
        for value in self.choices[wanted[0]]:
            yield from self._all(self.answered(state, wanted[0], value), asked, {**by, wanted[0]: value})
