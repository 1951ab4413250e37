"""Over every way the open questions could still be answered: is the outcome the same, and can one answer change it?

Both are asked of a SAT solver, on two sheets that share what has been told: exact, whatever the rules, and a fraction of a
millisecond as a rule. What is irrelevant is not asked and counts as its `otherwise`; families that cannot be are left out, unless
this one told exactly that.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from threading import RLock

from bot.decisions.circuit import Circuit
from bot.decisions.outcome import Combiner
from bot.decisions.proof.answers import Answers, Key
from bot.decisions.proof.difference import outcome_differs, risk_differs
from bot.decisions.proof.formula import Formula, Literal
from bot.decisions.proof.side import Side, as_written
from bot.decisions.row import Row
from bot.decisions.standing import Standing
from bot.facts import Vocabulary

# Several questions are asked of one standing, one after another.
RECENT = 16


class Oracle:
    """Answers for one circuit. The formula is built when first asked, 0.2 seconds for a hundred rows; threads may share it."""

    def __init__(
        self, vocabulary: Vocabulary, combiner: Combiner, rows: Sequence[Row], circuit: Circuit, children: int
    ) -> None:
        self._vocabulary, self._combiner, self._rows = vocabulary, combiner, rows
        self._circuit, self._children = circuit, children
        self._keys: list[Key] = [(variable.fact.name, variable.child) for variable in circuit.variables]
        self._lock = RLock()
        self._completion = lru_cache(RECENT)(self._completions)

    def settled(self, standing: Standing) -> bool:
        """Whether every allowed completion has the same risk, parts and nevers."""
        with self._lock:
            return not self._possible(standing, self._outcome)

    def risk_settled(self, standing: Standing) -> bool:
        """Whether every allowed completion has the same risk."""
        with self._lock:
            return not self._possible(standing, self._risk)

    def matters(self, standing: Standing, number: int) -> bool:
        """Whether two answers to one question lead to different outcomes while all others are answered alike."""
        asked = self._keys[number]
        with self._lock:
            alike = [literal for key, literal in self._alike.items() if key != asked]
            return self._possible(standing, self._outcome, *alike, *(side.told[asked] for side in self._sides))

    def can_fire(self, standing: Standing, head: int) -> bool:
        """Whether an allowed completion lets one row clause fire."""
        row, child = self._circuit.instances[head]
        with self._lock:
            return self._possible(standing, self._sides[0].fires(row, child))

    def _possible(self, standing: Standing, *wanted: Literal) -> bool:
        """Whether two allowed completions exist with all of this."""
        return self._formula.possible([*self._completion(standing), *wanted])

    def _completions(self, standing: Standing) -> list[Literal]:
        told = dict(standing.told)
        return [literal for side in self._sides for literal in self._completed(side, standing, told)]

    def _completed(self, side: Side, standing: Standing, told: dict[int, str]) -> Iterable[Literal]:
        """The sheet so far, whatever is relevant beyond it answered, and nothing else."""
        yield from side.answers.there
        yield self._complete[side]
        for number, key in enumerate(self._keys):
            mentioned = side.mentioned[key]
            yield mentioned if standing.mentioned >> number & 1 else -mentioned
            yield side.answered[key][told[number]] if number in told else self._asked_only[side][key]
        fired = self._circuit.fired(standing.sure) & self._circuit.forbids
        yield from self._but_told(side, told) if fired else (side.possible,)

    def _but_told(self, side: Side, told: dict[int, str]) -> Iterable[Literal]:
        """Contradictions the family told itself are let pass."""
        known = {self._keys[number]: value for number, value in told.items()}
        for conditions in self._vocabulary.never_together:
            for child in range(self._children):
                said = all(known.get(side.key(name, child)) in values for name, values in conditions.items())
                if not said:
                    yield -side.holds(conditions, child)

    # --- the formula -------------------------------------------------------------------------------------------

    @cached_property
    def _formula(self) -> Formula:
        return Formula()

    @cached_property
    def _sides(self) -> tuple[Side, Side]:
        return self._side(), self._side()

    def _side(self) -> Side:
        formula = self._formula
        rows = dict.fromkeys(self._rows, formula.true)
        relevance = as_written(self._vocabulary.facts.values(), formula.true)
        answers = Answers(formula, self._vocabulary, self._children)
        return Side(answers, self._combiner.words, rows, self._combiner.rank, relevance)

    @cached_property
    def _complete(self) -> dict[Side, Literal]:
        return {side: side.complete() for side in self._sides}

    @cached_property
    def _asked_only(self) -> dict[Side, dict[Key, Literal]]:
        """For each fact: it is answered only if it can be asked."""
        return {
            side: {key: self._formula.any_of((-side.told[key], side.relevant(key))) for key in side.keys}
            for side in self._sides
        }

    @cached_property
    def _alike(self) -> dict[Key, Literal]:
        """For each fact: where both sheets answer it, they answer alike."""
        one, two = self._sides
        return {
            key: self._formula.all_of(
                self._formula.any_of((-said, two.answered[key][value], -two.told[key]))
                for value, said in one.answered[key].items()
            )
            for key in one.keys
        }

    @cached_property
    def _outcome(self) -> Literal:
        return outcome_differs(*self._sides)

    @cached_property
    def _risk(self) -> Literal:
        return risk_differs(*self._sides)
