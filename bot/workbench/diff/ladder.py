"""One rule base's outputs as ladders: the first rung that holds decides.

`Combiner` adds up the rows that fire for one family; a ladder says the same of all families at once. The rungs of *risk*
are the rows, gravest first; of a part's *lead*, the rows that name the part, each where no never forbids its service; of its
*time*, the same rows, the shortest time first; and so on. Every rung knows its row, so every difference knows who is responsible.
Nothing is joined here: a union of all rows is the one diagram that grows too large, so it is never made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from typing import NamedTuple

from oxidd.bcdd import BCDDFunction

from bot.decisions import Policy, Risk
from bot.decisions.row import PartRule, Row
from bot.decisions.words import OPERATOR
from bot.workbench.diff.interview import Interview
from bot.workbench.diff.output import ABSENT, Output, Value, What


class Rung(NamedTuple):
    """Where a row decides an output, and what it then says. `row` None: no row does."""

    where: BCDDFunction
    value: Value
    row: str | None


Ladder = tuple[Rung, ...]
Entry = tuple[Row, PartRule]


class Ladders:
    """The ladders of one rule base. The last rung of each holds for everybody, so every family is decided."""

    def __init__(self, policy: Policy, interview: Interview, on: date) -> None:
        self.words = policy.base.words
        self.space = interview.space
        self.everybody = self.space.everybody
        rank = policy.combiner.rank
        in_force = [row for row in policy.rows if row.valid(on)]
        self.rows = tuple(sorted(in_force, key=lambda row: (-row.risk, rank[row.id])))
        self.fires: Mapping[str, BCDDFunction] = {row.id: interview.holds(row.when) for row in self.rows}
        self.forbids = lru_cache(None)(self._forbids)
        self.entries = lru_cache(None)(self._entries)
        self.of = lru_cache(None)(self._of)

    def _of(self, output: Output) -> Ladder:
        """The ladder of one output. ALSO: of who is named, whether a never or the lead says otherwise or not."""
        whom, word = output.for_whom or "", output.word or ""
        if output.what is What.RISK:
            return self._ladder(((row, row.risk.word) for row in self.rows), Risk.NONE.word)
        if output.what is What.FOLLOW_UP:
            return self._follow_up()
        if output.what is What.NEVER:
            return self._ladder(((row, True) for row in self.rows if word in row.never), otherwise=False)
        return self._of_part[output.what](self, whom, word)

    def _rungs(self, rungs: Iterable[tuple[Row, Value]]) -> Ladder:
        return tuple(Rung(self.fires[row.id], value, row.id) for row, value in rungs)

    def _ladder(self, rungs: Iterable[tuple[Row, Value]], otherwise: Value) -> Ladder:
        return (*self._rungs(rungs), Rung(self.everybody, otherwise, None))

    def _follow_up(self) -> Ladder:
        """The closest plan first."""
        planned = [(-self.words.closeness(row.follow_up), row) for row in self.rows if row.follow_up]
        closest = sorted(planned, key=lambda entry: entry[0])
        return self._ladder(((row, row.follow_up) for _, row in closest), None)

    def _forbids(self, word: str) -> BCDDFunction:
        """Where some row says never."""
        return self.space.either(self.fires[row.id] for row in self.rows if word in row.never)

    # --- parts -------------------------------------------------------------------------------------------------

    def _entries(self, whom: str) -> tuple[Entry, ...]:
        """The rows that name a part, gravest first, each with what it says of it."""
        return tuple((row, part) for row in self.rows for part in row.parts if part.for_whom == whom)

    def _part(self, whom: str, rungs: Sequence[Rung], default: Value) -> Ladder:
        """These rungs, which hold wherever a row names the part; then the default decision, or no such part."""
        if whom != self.words.default_for:
            return (*rungs, Rung(self.everybody, ABSENT, None))
        elsewhere = [(row, ABSENT) for row in self.rows if row.parts]
        return (*rungs, *self._ladder(elsewhere, default))

    def _led(self, whom: str, value: Callable[[PartRule], Value], fallback: Callable[[PartRule], Value]) -> Ladder:
        """The gravest row whose lead no never forbids; where all are forbidden, the gravest row with its fallback."""
        entries = self.entries(whom)
        free = (Rung(self.fires[row.id] & ~self.forbids(p.lead), value(p), row.id) for row, p in entries)
        return (*free, *self._rungs((row, fallback(part)) for row, part in entries))

    def _lead(self, whom: str, _: str) -> Ladder:
        return self._part(whom, self._led(whom, lambda part: part.lead, lambda _: OPERATOR), OPERATOR)

    def _first_action(self, whom: str, _: str) -> Ladder:
        rungs = self._led(whom, lambda part: part.first_action, lambda part: part.first_action)
        return self._part(whom, rungs, self.words.default_action)

    def _part_risk(self, whom: str, _: str) -> Ladder:
        return self._part(whom, self._rungs((row, row.risk.word) for row, _ in self.entries(whom)), Risk.NONE.word)

    def _act_within(self, whom: str, _: str) -> Ladder:
        """The shortest time first, those without a limit last."""
        timed = [(row, part.act_within) for row, part in self.entries(whom)]
        shortest = sorted(timed, key=lambda entry: float("inf") if entry[1] is None else entry[1])
        return self._part(whom, self._rungs(shortest), None)

    def _named(self, whom: str, service: str) -> Ladder:
        """Whether a row names the service for this part, and no never forbids it."""
        naming = ((row, True) for row, part in self.entries(whom) if service in (part.lead, *part.also))
        return (Rung(self.forbids(service), value=False, row=None), *self._ladder(naming, otherwise=False))

    _of_part: Mapping[What, Callable[[Ladders, str, str], Ladder]] = {
        What.LEAD: _lead,
        What.FIRST_ACTION: _first_action,
        What.PART_RISK: _part_risk,
        What.ACT_WITHIN: _act_within,
        What.ALSO: _named,
    }
