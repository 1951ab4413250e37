"""A formula that grows while it is asked: gates over literals, and an incremental SAT solver behind them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from pysat.solvers import Solver

# A literal is a whole number; minus means not (DIMACS).
Literal = int
ENGINE = "cadical195"


class Model:
    """Values under which something holds; `literal in model` says which. What no clause ever mentioned is not in it."""

    def __init__(self, values: Sequence[Literal]) -> None:
        self._values = values

    def __contains__(self, literal: Literal) -> bool:
        place = abs(literal) - 1
        return place < len(self._values) and self._values[place] == literal


class Formula:
    """Variables, gates and questions. The same gate over the same literals is one literal, so sharing costs nothing."""

    def __init__(self) -> None:
        self._solver = Solver(name=ENGINE)
        self._variables = 0
        self._gates: dict[frozenset[Literal], Literal] = {}
        self.true = self.variable()
        self._solver.add_clause([self.true])

    @property
    def false(self) -> Literal:
        """Never holds."""
        return -self.true

    def variable(self) -> Literal:
        """A fresh one."""
        self._variables += 1
        return self._variables

    def require(self, *clause: Literal) -> None:
        """At least one of these holds in everything that is asked from now on."""
        self._solver.add_clause(list(clause))

    def all_of(self, literals: Iterable[Literal]) -> Literal:
        """Holds exactly when all of these do."""
        parts = frozenset(literals) - {self.true}
        if not parts:
            return self.true
        if self.false in parts or any(-part in parts for part in parts):
            return self.false
        if len(parts) == 1:
            return next(iter(parts))
        return self._gates.get(parts) or self._gate(parts)

    def any_of(self, literals: Iterable[Literal]) -> Literal:
        """Holds exactly when one of these does."""
        return -self.all_of(-literal for literal in literals)

    def same(self, one: Literal, other: Literal) -> Literal:
        """Holds exactly when both do or neither does."""
        if one == other:
            return self.true
        return -self.any_of((self.all_of((one, -other)), self.all_of((-one, other))))

    def one_at_most(self, literals: Sequence[Literal]) -> None:
        """No two of these hold together."""
        for number, literal in enumerate(literals):
            for other in literals[number + 1 :]:
                self.require(-literal, -other)

    def possible(self, assumed: Iterable[Literal]) -> bool:
        """Whether everything assumed can hold together."""
        return bool(self._solver.solve(assumptions=list(assumed)))

    def model(self, assumed: Iterable[Literal]) -> Model | None:
        """Values under which everything assumed holds, or None: there are none, and that is a proof."""
        if not self._solver.solve(assumptions=list(assumed)):
            return None
        return Model(self._solver.get_model())

    def _gate(self, parts: frozenset[Literal]) -> Literal:
        gate = self.variable()
        for part in parts:
            self._solver.add_clause([-gate, part])
        self._solver.add_clause([gate, *(-part for part in parts)])
        self._gates[parts] = gate
        return gate
