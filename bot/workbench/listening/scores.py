"""The figures: precision, recall, F1, and how sure a share is (Wilson 1927)."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

Class = TypeVar("Class")


class Share(NamedTuple):
    """`hits` of `of`."""

    hits: int
    of: int

    @property
    def rate(self) -> float:
        """The share itself; 1 of nothing."""
        return self.hits / self.of if self.of else 1.0

    def interval(self, z: float = 1.96) -> tuple[float, float]:
        """Wilson's score interval, of 95 % for z = 1.96."""
        if not self.of:
            return 0.0, 1.0
        middle = (self.rate + z * z / (2 * self.of)) / (1 + z * z / self.of)
        half = z * math.sqrt(self.rate * (1 - self.rate) / self.of + z * z / (4 * self.of**2)) / (1 + z * z / self.of)
        return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True, slots=True)
class Confusion(Generic[Class]):
    """How often what is so (first) was taken for what (second)."""

    counts: Counter[tuple[Class, Class]]

    @classmethod
    def of(cls, pairs: Iterable[tuple[Class, Class]]) -> Confusion[Class]:
        """From pairs of what is so and what it was taken for."""
        return cls(Counter(pairs))

    def precision(self, name: Class) -> Share:
        """Of what was taken for it, what is."""
        return Share(self.counts[name, name], sum(n for (_, said), n in self.counts.items() if said == name))

    def recall(self, name: Class) -> Share:
        """Of what is it, what was taken for it."""
        return Share(self.counts[name, name], sum(n for (true, _), n in self.counts.items() if true == name))

    def macro_f1(self, names: Sequence[Class]) -> float:
        """The mean of the classes' F1."""
        return sum(f1(self.precision(name), self.recall(name)) for name in names) / len(names)


def f1(precision: Share, recall: Share) -> float:
    """The harmonic mean of the two."""
    both = precision.rate + recall.rate
    return 2 * precision.rate * recall.rate / both if both else 0.0


def off_by(judged: Iterable[tuple[float, bool]], bins: int = 10) -> float:
    """Expected calibration error (Naeini et al. 2015): how far likelihoods are from the share that came true."""
    rows = list(judged)
    error = 0.0
    for number in range(bins):
        inside = [(p, ok) for p, ok in rows if number / bins < p <= (number + 1) / bins]
        if inside:
            error += abs(sum(p for p, _ in inside) - sum(ok for _, ok in inside)) / len(rows)
    return error
