"""Where two ladders say different things, and which edited rows are responsible."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from oxidd.bcdd import BCDDFunction

from bot.decisions.row import Row
from bot.workbench.diff.ladder import Ladder, Ladders, Rung
from bot.workbench.diff.output import ABSENT, Output, Value, What
from bot.workbench.diff.space import Space


class Change(NamedTuple):
    """An output that changes, and the edited rows that decide it, before then after; none where only their order is new."""

    output: Output
    old: Value
    new: Value
    rows: tuple[str, ...]


class Difference(NamedTuple):
    """A change, and exactly the families it happens to."""

    change: Change
    families: BCDDFunction


# By value and edited row, the families so decided; a row that nobody edited is None.
Decided = Mapping[tuple[Value, str | None], BCDDFunction]


class Differ:
    """Compares the ladders of two rule bases."""

    def __init__(self, old: Ladders, new: Ladders) -> None:
        self.sides = (old, new)
        self.space: Space = old.space
        self.edited = edited(old, new)
        self.leads = lru_cache(None)(self._between)

    def differences(self, output: Output) -> tuple[Difference, ...]:
        """Every change of one output; together they are all the families that differ in it, none twice."""
        found = self._told(output) if output.what is What.ALSO else self._between(output)
        self.space.tidy()
        return found

    def _between(self, output: Output) -> tuple[Difference, ...]:
        """The changes between two ladders, whatever they say. Rungs at the top that both have decide alike."""
        old, new = (side.of(output) for side in self.sides)
        touched = _touched(old, new, self.space) & self.space.families
        if touched == self.space.nobody:
            return ()
        same = _common(old, new)
        rest = touched & ~self.space.either(rung.where & touched for rung in old[:same])
        return tuple(self._changes(output, *(self._decided(ladder[same:], rest) for ladder in (old, new))))

    def _told(self, output: Output) -> tuple[Difference, ...]:
        """Whoever is named is told, unless it leads itself; asked only where the part is there before and after."""
        lead = Output(What.LEAD, output.for_whom)
        led = (one for one in self.leads(lead) if self._leads_or_follows(one.change, str(output.word)))
        among = self.space.either(one.families for one in (*led, *self._between(output)))
        ladders = [
            (*self._leading(side.of(lead), str(output.word), among), *side.of(output))
            for side in (self.sides if among != self.space.nobody else ())
        ]
        return tuple(self._changes(output, *(self._decided(ladder, among) for ladder in ladders))) if ladders else ()

    def _leads_or_follows(self, change: Change, service: str) -> bool:
        """Whether the service begins or ceases to lead a part that stays."""
        return service in (change.old, change.new) and ABSENT not in (change.old, change.new)

    def _leading(self, lead: Ladder, service: str, among: BCDDFunction) -> Iterator[Rung]:
        """Rungs for where there is no part, and where the service leads it."""
        for (value, row), families in self._decided(lead, among).items():
            if value == ABSENT:
                yield Rung(families, ABSENT, row)
            elif value == service:
                yield Rung(families, value=False, row=row)

    def _changes(self, output: Output, before: Decided, after: Decided) -> Iterator[Difference]:
        for (was, old_row), here in before.items():
            for (now, new_row), there in after.items():
                if was != now and self._says(output, was, now) and (both := here & there) != self.space.nobody:
                    rows = tuple(dict.fromkeys(row for row in (old_row, new_row) if row))
                    yield Difference(Change(output, was, now, rows), both)

    def _says(self, output: Output, was: Value, now: Value) -> bool:
        """A part that comes or goes is a change of its lead; nothing else is said of it."""
        return output.what is What.LEAD or ABSENT not in (was, now)

    def _decided(self, ladder: Ladder, among: BCDDFunction) -> Decided:
        """Who is decided how, among some families. Neighbouring rungs that say the same are one rung."""
        found: dict[tuple[Value, str | None], BCDDFunction] = {}
        for key, rungs in groupby(ladder, lambda rung: (rung.value, rung.row if rung.row in self.edited else None)):
            if among == self.space.nobody:
                break
            where = among & self.space.either(rung.where for rung in rungs)
            if where != self.space.nobody:
                found[key] = found.get(key, self.space.nobody) | where
                among = among & ~where
        return found


def edited(old: Ladders, new: Ladders) -> frozenset[str]:
    """The rows in force in one rule base only, or that hold for other families, or say something else."""
    sides = [{row.id: row for row in side.rows} for side in (old, new)]
    both = sides[0].keys() & sides[1].keys()
    changed = {
        name for name in both if old.fires[name] != new.fires[name] or effect(sides[0][name]) != effect(sides[1][name])
    }
    return frozenset(changed | (sides[0].keys() ^ sides[1].keys()))


def effect(row: Row) -> tuple[object, ...]:
    """What a row says when it holds."""
    return row.risk, row.parts, row.follow_up, row.never, frozenset(row.before)


def _common(old: Ladder, new: Ladder) -> int:
    """How many rungs at the top are the same."""
    pairs = enumerate(zip(old, new, strict=False))
    return next((n for n, (a, b) in pairs if (a.where, a.value) != (b.where, b.value)), min(len(old), len(new)))


def _touched(old: Ladder, new: Ladder, space: Space) -> BCDDFunction:
    """The families on a rung that only one ladder has, or that stands elsewhere in the other; all others are decided alike.

    This is what keeps a comparison small: the diagrams that follow hold only families for whom some edited row fires.
    """
    before, after = ([(rung.where, rung.value) for rung in ladder] for ladder in (old, new))
    if before == after:
        return space.nobody
    moves = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    rungs = [rung for tag, a, b, c, d in moves if tag != "equal" for rung in (*old[a:b], *new[c:d])]
    return space.either(rung.where for rung in rungs)
