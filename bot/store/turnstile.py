"""A queue for threads: first come, first served, which a plain lock does not promise."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Lock

from bot.errors import StoreUnavailableError


class Turnstile:
    """Lets one thread through at a time, in the order in which they came. Not for going through twice."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._busy = False
        self._queue: deque[Event] = deque()

    @contextmanager
    def passing(self, seconds: float, *, first: bool = False) -> Iterator[None]:
        """One at a time, whoever is `first` before all who wait.

        Raises `StoreUnavailableError` after waiting for so many seconds.
        """
        if not self._enter(seconds, first=first):
            raise StoreUnavailableError("the database is not available: other turns hold it for too long")
        try:
            yield
        finally:
            self._leave()

    def _enter(self, seconds: float, *, first: bool) -> bool:
        mine = Event()
        with self._guard:
            if not self._busy:
                self._busy = True
                return True
            if first:
                self._queue.appendleft(mine)
            else:
                self._queue.append(mine)
        return mine.wait(seconds) or self._called_after_all(mine)

    def _called_after_all(self, mine: Event) -> bool:
        """Gives the place in the queue up, unless it was our turn at the very last moment."""
        with self._guard:
            if mine.is_set():
                return True
            self._queue.remove(mine)
            return False

    def _leave(self) -> None:
        with self._guard:
            if self._queue:
                self._queue.popleft().set()
            else:
                self._busy = False
