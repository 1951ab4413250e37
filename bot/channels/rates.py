"""How fast one visitor may write: a bucket that refills. Nothing is lost by it, the page waits and sends again."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

CROWD = 10_000
"""Buckets kept before the full ones, which say nothing, are dropped."""


@dataclass(slots=True)
class Rate:
    """`burst` messages at once, then `per_second`, for each key. For one event loop: it is not locked."""

    burst: int
    per_second: float
    clock: Callable[[], float] = time.monotonic
    _buckets: dict[str, tuple[float, float]] = field(default_factory=dict)

    def wait(self, key: str) -> float:
        """Takes one message of `key`: 0 when it may pass, else the seconds until the next may."""
        left = self._left(key)
        if left < 1:
            return (1 - left) / self.per_second
        if len(self._buckets) >= CROWD:
            self._buckets = {k: v for k, v in self._buckets.items() if self._left(k) < self.burst}
        self._buckets[key] = (left - 1, self.clock())
        return 0.0

    def _left(self, key: str) -> float:
        left, at = self._buckets.get(key, (float(self.burst), self.clock()))
        return min(self.burst, left + (self.clock() - at) * self.per_second)
