"""The compiled rule base: every set of conditions is a small counter in one packed integer.

A set of conditions (a *clause*) starts at how many it has; an answer subtracts one from each clause it fulfils, in a single
precomputed subtraction, and marks as dead each clause it contradicts. A clause fires at zero. Rows, relevance and exclusions
are all clauses, so one pass serves them all. Cost: one subtraction an answer, one addition to see what fires.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.decisions.row import Row
from bot.facts import Fact, Vocabulary
from bot.facts.conditions import Conditions
from bot.facts.fact import CHILD

# So many patterns of relevance are remembered.
PATTERNS = 1 << 16


class State(NamedTuple):
    """Where the clauses stand: packed counters, dead clauses, and the variables that are still open (one bit each)."""

    packed: int
    dead: int
    open: int


class Instance(NamedTuple):
    """A row for one child. `head` is its bit; a row with alternatives has a bit each."""

    row: Row
    child: int


@dataclass(frozen=True, slots=True)
class Variable:
    """A fact of the family or of one child.

    `met` and `fail` say for each value what it subtracts and which clauses it kills; `occurs` are the clauses that mention it,
    `gates` those of its relevance (0: always relevant), `alike` for each value the first that the rules do not tell from it.
    """

    fact: Fact
    child: int | None
    met: Mapping[str, int]
    fail: Mapping[str, int]
    occurs: int
    gates: int
    alike: Mapping[str, str]

    @property
    def choices(self) -> tuple[str, ...]:
        """One value of each kind that the rules tell apart."""
        return tuple(dict.fromkeys(self.alike.values()))


@dataclass(frozen=True, slots=True)
class Circuit:
    """A rule base for a number of children. Masks have one bit a clause, the top bit of its counter.

    `gated` are the variables that are not always relevant, `gates` the clauses of all their relevances.
    """

    variables: tuple[Variable, ...]
    index: Mapping[tuple[str, int | None], int]
    gated: int
    gates: int
    start: State
    heads: int
    spare: int
    rows: int
    forbids: int
    instances: Mapping[int, Instance]
    patterns: dict[tuple[int, int, int], State] = field(default_factory=dict, repr=False)

    def answered(self, state: State, variable: int, value: str) -> State:
        """The state after one more answer."""
        known = self.variables[variable]
        return State(
            state.packed - known.met.get(value, 0),
            state.dead | known.fail.get(value, known.occurs),
            state.open & ~(1 << variable),
        )

    def fired(self, state: State) -> int:
        """The clauses all of whose conditions are met."""
        return self.heads & ~(state.packed + self.spare)

    def assumed(self, state: State, mentioned: int) -> State:
        """The state in which every open and certainly irrelevant variable counts as its `otherwise`.

        It depends only on which clauses of relevance are dead and which variables are open, and is worked out once for each such
        pattern.
        """
        pattern = (state.dead & self.gates, state.open & self.gated, mentioned & self.gated)
        change = self.patterns.get(pattern)
        if change is None:
            if len(self.patterns) > PATTERNS:
                self.patterns.clear()
            change = self.patterns[pattern] = self._assume(*pattern)
        return State(state.packed + change.packed, state.dead | change.dead, state.open & (~self.gated | change.open))

    def _assume(self, dead: int, opened: int, mentioned: int) -> State:
        """What assuming takes from the counters, kills and leaves open.

        A gate of an earlier variable may close by it; relevance refers to earlier facts only, so one pass is enough.
        """
        state = State(0, dead, opened)
        for variable in bits(self.gated):
            known = self.variables[variable]
            if state.open >> variable & 1 and not mentioned >> variable & 1 and not known.gates & ~state.dead:
                state = self.answered(state, variable, str(known.fact.otherwise))
        return state


def bits(mask: int) -> Iterator[int]:
    """The places of its bits, lowest first."""
    while mask:
        lowest = mask & -mask
        yield lowest.bit_length() - 1
        mask ^= lowest


@dataclass(frozen=True, slots=True)
class _Clause:
    """Conditions on variables, before they are packed."""

    wanted: Mapping[int, frozenset[str]]


def compile_circuit(vocabulary: Vocabulary, rows: Sequence[Row], children: int) -> Circuit:
    """Compiles the rows for a family with so many children. Linear in rows × children."""
    keys = [(fact.name, child) for fact in vocabulary.facts.values() for child in _subjects(fact, children)]
    index = {key: number for number, key in enumerate(keys)}
    clauses: list[_Clause] = []
    instances = {}
    for row in rows:
        for conditions, child in _each(row.when, children):
            instances[len(clauses)] = Instance(row, child)
            clauses.append(_clause(conditions, child, index))
    forbids = _added(clauses, vocabulary.never_together, children, index)
    gates = {
        index[key]: _added(clauses, fact.relevant_when, 1, index, key[1]) if fact.relevant_when else range(0)
        for key in keys
        for fact in (vocabulary.facts[key[0]],)
    }
    return _packed(vocabulary, keys, index, clauses, instances, forbids, gates)


def _subjects(fact: Fact, children: int) -> Iterable[int | None]:
    return range(children) if fact.about == CHILD else (None,)


def _each(when: Iterable[Conditions], children: int) -> Iterable[tuple[Conditions, int]]:
    return ((conditions, child) for conditions in when for child in range(children))


def _clause(conditions: Conditions, child: int | None, index: Mapping[tuple[str, int | None], int]) -> _Clause:
    return _Clause({index[(n, child)] if (n, child) in index else index[(n, None)]: v for n, v in conditions.items()})


def _added(
    clauses: list[_Clause],
    when: Iterable[Conditions],
    children: int,
    index: Mapping[tuple[str, int | None], int],
    child: int | None = None,
) -> range:
    """Adds clauses and says which numbers they have."""
    first = len(clauses)
    clauses.extend(
        _clause(conditions, one if child is None else child, index) for conditions, one in _each(when, children)
    )
    return range(first, len(clauses))


def _packed(
    vocabulary: Vocabulary,
    keys: Sequence[tuple[str, int | None]],
    index: Mapping[tuple[str, int | None], int],
    clauses: Sequence[_Clause],
    instances: Mapping[int, Instance],
    forbids: range,
    gates: Mapping[int, range],
) -> Circuit:
    """Lays the counters out side by side: each as wide as the largest needs, and one bit to spare."""
    width = max((len(clause.wanted) for clause in clauses), default=1).bit_length() + 1
    head = [1 << (width * number + width - 1) for number in range(len(clauses))]
    unit = [1 << (width * number) for number in range(len(clauses))]
    variables = tuple(
        _variable(vocabulary.facts[name], child, number, clauses, head, unit, _mask(head, gates[number]))
        for number, (name, child) in enumerate(keys)
    )
    return Circuit(
        variables=variables,
        index=index,
        gated=sum(1 << number for number, variable in enumerate(variables) if variable.gates),
        gates=sum({variable.gates for variable in variables}),
        start=State(sum(len(c.wanted) * unit[n] for n, c in enumerate(clauses)), 0, (1 << len(keys)) - 1),
        heads=sum(head),
        spare=sum(h - u for h, u in zip(head, unit, strict=True)),
        rows=_mask(head, instances),
        forbids=_mask(head, forbids),
        instances={head[number]: instance for number, instance in instances.items()},
    )


def _mask(head: Sequence[int], numbers: Iterable[int]) -> int:
    return sum(head[number] for number in numbers)


def _variable(
    fact: Fact,
    child: int | None,
    number: int,
    clauses: Sequence[_Clause],
    head: Sequence[int],
    unit: Sequence[int],
    gates: int,
) -> Variable:
    mine = [(n, clause.wanted[number]) for n, clause in enumerate(clauses) if number in clause.wanted]
    met = {value: sum(unit[n] for n, wanted in mine if value in wanted) for value in fact.values}
    fail = {value: sum(head[n] for n, wanted in mine if value not in wanted) for value in fact.values}
    classes = {fail[value]: value for value in reversed(fact.values)}
    alike = {value: classes[fail[value]] for value in fact.values}
    return Variable(fact, child, met, fail, sum(head[n] for n, _ in mine), gates, alike)
