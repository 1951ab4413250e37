"""Durable conversations of any project: a turn happens whole or not at all, one after another, and only once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from bot.dialogue import Outcome
from bot.errors import ConflictError
from bot.rasa.journal import Entry, Journal, StaleError

Reply = dict[str, Any]
T = TypeVar("T")
# What a change makes of a conversation, given its snapshot (None: nothing was said yet).
Change = Callable[[dict[str, Any] | None], Outcome]
# How often a turn is taken anew when another process was faster.
TRIES = 5
# How many turns may wait for actions at once.
THREADS = 64


@dataclass(frozen=True, slots=True)
class Heard:
    """One message. With an `id`, hearing it again changes nothing and is answered as it was."""

    sender: str
    text: str
    channel: str = "rest"
    metadata: Mapping[str, Any] | None = None
    id: str | None = None


class Conversations:
    """Every conversation of one project, kept in a journal; turns run in threads, because actions may wait."""

    def __init__(self, journal: Journal, handle: Callable[[dict[str, Any] | None, Heard], Outcome]) -> None:
        self.journal = journal
        self._handle = handle
        self._turnstiles: dict[str, tuple[asyncio.Lock, int]] = {}
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="turn")

    def close(self) -> None:
        """Waits for the turns that are under way, then lets go of the journal."""
        self._threads.shutdown()
        self.journal.close()

    async def take(self, heard: Heard) -> list[Reply]:
        """One turn, on disk when this returns: what to say.

        Raises `StoreUnavailableError` or `ConflictError`; then the turn did not happen and may be tried again.
        """
        return await self._after_others(heard.sender, lambda: self._taken(heard))

    async def change(self, sender: str, change: Change) -> Outcome:
        """A change of a conversation that is no message. Raises as `take` does."""
        return await self._after_others(sender, lambda: self._kept(sender, change))

    async def _after_others(self, sender: str, work: Callable[[], T]) -> T:
        """Works when everything that came before it for this sender is done."""
        async with self._turnstile(sender):
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    @asynccontextmanager
    async def _turnstile(self, sender: str) -> AsyncIterator[None]:
        lock, waiting = self._turnstiles.get(sender) or (asyncio.Lock(), 0)
        self._turnstiles[sender] = lock, waiting + 1
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._turnstiles.pop(sender)
            if waiting > 1:
                self._turnstiles[sender] = lock, waiting - 1

    def _taken(self, heard: Heard) -> list[Reply]:
        before = self.journal.replies(heard.sender, heard.id) if heard.id is not None else None
        if before is not None:
            return before
        try:
            return list(self._kept(heard.sender, lambda snapshot: self._handle(snapshot, heard), heard.id).replies)
        except ConflictError:
            again = self.journal.replies(heard.sender, heard.id) if heard.id is not None else None
            if again is None:
                raise
            return again  # another process heard the same message

    def _kept(self, sender: str, change: Change, message_id: str | None = None) -> Outcome:
        """The change, on disk; made anew when another process was faster."""
        for _ in range(TRIES):
            standing = self.journal.standing(sender)
            outcome = change(standing.snapshot)
            entry = Entry(sender, standing.version + 1, outcome.snapshot, _new(outcome), outcome.replies, message_id)
            try:
                self.journal.write(entry)
            except StaleError:
                continue
            return outcome
        raise ConflictError(f"{sender!r} is being answered elsewhere; try again")


def _new(outcome: Outcome) -> list[dict[str, Any]]:
    """The events that are not in the journal yet: an outcome repeats the listening before the message."""
    events = list(outcome.events)
    return events[1:] if events and events[0].get("name") == "action_listen" else events
