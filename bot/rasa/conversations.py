"""Durable conversations of any project: a turn happens whole or not at all, one after another, and only once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from bot.dialogue import Outcome
from bot.rasa.journal import Entry, Journal, StaleError, Standing
from bot.errors import ConflictError

Reply = dict[str, Any]
T = TypeVar("T")
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


Handle = Callable[[dict[str, Any] | None, Heard], Outcome]


class Conversations:
    """Every conversation of one project, kept in a journal; turns run in threads, because actions may wait."""

    def __init__(self, journal: Journal, handle: Handle) -> None:
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
        return await self.change(heard.sender, partial(self._turn, heard))

    async def change(self, sender: str, work: Callable[[], T]) -> T:
        """Whatever changes a conversation, after everything that came before it."""
        async with self._turn_of(sender):
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    @asynccontextmanager
    async def _turn_of(self, sender: str) -> AsyncIterator[None]:
        lock, waiting = self._turnstiles.get(sender) or (asyncio.Lock(), 0)
        self._turnstiles[sender] = lock, waiting + 1
        try:
            async with lock:
                yield
        finally:
            lock, waiting = self._turnstiles.pop(sender)
            if waiting > 1:
                self._turnstiles[sender] = lock, waiting - 1

    def _turn(self, heard: Heard) -> list[Reply]:
        def run(standing: Standing) -> Outcome:
            return self._handle(standing.snapshot, heard)

        for _ in range(TRIES):
            if heard.id is not None:
                before = self.journal.replies(heard.sender, heard.id)
                if before is not None:
                    return before
            try:
                return list(self.keep(heard.sender, run, heard.id).replies)
            except StaleError:
                continue
        raise ConflictError(f"{heard.sender!r} is being answered elsewhere; try again")

    def keep(self, sender: str, run: Callable[[Standing], Outcome], message_id: str | None = None) -> Outcome:
        """Runs one change of a conversation and writes it down. Raises `StaleError` when another came first."""
        standing = self.journal.standing(sender)
        outcome = run(standing)
        entry = Entry(sender, standing.version + 1, outcome.snapshot, outcome.events, outcome.replies, message_id)
        self.journal.write(entry)
        return outcome
