"""The space of families, as decision diagrams over the bits of their facts.

A *family* here is a truth: each fact, of the family and of one child, has exactly one of its values. Facts that only one of two
rule bases knows belong to the space with every value, so that the other simply does not look at them; of a fact that both know,
the space has the values that both know, because nobody can say what a rule base without the word would have recorded.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import zip_longest

from oxidd.bcdd import BCDDFunction, BCDDManager

from bot.facts import Vocabulary
from bot.workbench.diff.order import Edges, ordered

NODES = 1 << 24  # at 16 bytes each and a hash table beside them: below 1 GB when full; what is needed is far less
CACHE = 1 << 20


@dataclass(frozen=True, slots=True)
class Values:
    """The values of every fact of the space, and the words that only one side knows."""

    of: Mapping[str, tuple[str, ...]]
    only_old: Mapping[str, tuple[str, ...]]
    only_new: Mapping[str, tuple[str, ...]]


def common_values(old: Vocabulary, new: Vocabulary) -> Values:
    """The facts of both, those of one side with all their values, the shared ones with the values both know."""
    of: dict[str, tuple[str, ...]] = {}
    only_old, only_new = {}, {}
    for name in dict.fromkeys((*old.facts, *new.facts)):
        theirs = [side.facts[name].values if name in side.facts else None for side in (old, new)]
        before, after = theirs
        if before is None or after is None:
            of[name] = before or after or ()
            continue
        of[name] = tuple(value for value in before if value in after)
        if lost := tuple(value for value in before if value not in after):
            only_old[name] = lost
        if gained := tuple(value for value in after if value not in before):
            only_new[name] = gained
    return Values(of, only_old, only_new)


class Space:
    """Sets of families. Each is a diagram; sets that are equal are the same diagram."""

    def __init__(self, values: Mapping[str, Sequence[str]], edges: Edges) -> None:
        self.values = {name: tuple(values[name]) for name in ordered(tuple(values), edges)}
        self.manager = BCDDManager(NODES, CACHE, 1)
        self.nobody = self.manager.false()
        self.everybody = self.manager.true()
        self._first: dict[str, int] = {}
        self.bits = 0
        for name, known in self.values.items():
            self._first[name] = self.bits
            self.bits += _width(known)
        self.manager.add_vars(self.bits)
        self._having = lru_cache(None)(self._one)
        self.families = self.everybody
        for name in reversed(self.values):
            self.families = self.families & self.having(name, self.values[name])

    def having(self, fact: str, values: Iterable[str]) -> BCDDFunction:
        """Those whose fact has one of these values; values outside the space are nobody's."""
        return self.either(self._having(fact, value) for value in values if value in self.values[fact])

    def either(self, sets: Iterable[BCDDFunction]) -> BCDDFunction:
        """The union, built in pairs so that what stands together in the diagrams meets first."""
        row = sorted(sets, key=_top)
        while len(row) > 1:
            row = [one | other for one, other in zip_longest(row[::2], row[1::2], fillvalue=self.nobody)]
        return row[0] if row else self.nobody

    def without(self, excluded: BCDDFunction) -> None:
        """Takes families out of the space that cannot be."""
        self.families = self.families & ~excluded

    def count(self, families: BCDDFunction) -> int:
        """How many families of the space these are, exactly."""
        return (families & self.families).sat_count(self.bits)

    def tidy(self) -> None:
        """Gives back the room of diagrams that nobody holds any more, when much is taken."""
        if self.manager.approx_num_inner_nodes() > NODES // 4:
            self.manager.gc()

    def _one(self, fact: str, value: str) -> BCDDFunction:
        number, first = self.values[fact].index(value), self._first[fact]
        found = self.everybody
        for bit in reversed(range(_width(self.values[fact]))):
            variable = self.manager.var(first + bit)
            found = found & (variable if number >> bit & 1 else ~variable)
        return found


def _top(families: BCDDFunction) -> int:
    level = families.node_level()
    return -1 if level is None else level


def _width(values: Sequence[str]) -> int:
    return (len(values) - 1).bit_length()
