"""Long polling: updates are taken, committed, and only then confirmed."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from telegram.error import InvalidToken, TelegramError

from bot.channels.telegram.client import Connection, wrong_token
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.ports import PollingStore
from bot.channels.telegram.reading import Opened, open_update
from bot.channels.telegram.waiting import unless
from bot.errors import RightdoorError

log = logging.getLogger(__name__)


class Polling:
    """One poller at a time by lease. `worker` names it: a process started anew under the same name goes on at once.

    `wait` is how long Telegram may hold a request with nothing to tell, `pauses` the shortest and longest pause after
    trouble (network, 409, database), all in seconds.
    """

    def __init__(
        self,
        connection: Connection,
        intake: Intake,
        store: PollingStore,
        worker: str,
        *,
        wait: float = 25.0,
        pauses: tuple[float, float] = (1.0, 30.0),
    ) -> None:
        self._connection = connection
        self._intake = intake
        self._store = store
        self._worker = worker
        self._lease = timedelta(seconds=wait + pauses[1])
        self._wait = wait
        self._shortest, self._longest = pauses
        self._no_webhook = False

    async def run(self, stop: asyncio.Event) -> None:
        """Until `stop`. Raises `SettingsError` for a token Telegram does not know; other trouble is waited out."""
        pause = self._shortest
        while not stop.is_set():
            try:
                fine = await self._round(stop)
            except InvalidToken as error:
                raise wrong_token() from error
            except (TelegramError, RightdoorError) as error:
                log.warning("polling has to wait: %s", type(error).__name__)
                fine = False
            if fine:
                pause = self._shortest
            else:
                await unless(stop, asyncio.sleep(pause))
                pause = min(pause * 2, self._longest)
        with suppress(RightdoorError):  # a database that is gone needs no lease given back
            await asyncio.to_thread(self._store.acquire, self._worker, timedelta(0))

    async def _round(self, stop: asyncio.Event) -> bool:
        """One request and everything it brought; False if somebody else is polling or something was left undone."""
        if not await asyncio.to_thread(self._store.acquire, self._worker, self._lease):
            return False
        if not self._no_webhook:
            # Left over from another way of running; while there is one, polling is refused.
            await self._connection.bot.delete_webhook()
            self._no_webhook = True
        offset = await asyncio.to_thread(self._store.offset)
        batch = await unless(stop, self._connection.updates(offset, self._wait))
        return await self._take([open_update(raw, datetime.now(UTC)) for raw in batch]) if batch else True

    async def _take(self, batch: Sequence[Opened]) -> bool:
        """Takes a batch and confirms as far as everything is committed; the rest will come again."""
        undone = await asyncio.gather(*(self._in_order(updates) for updates in _by_chat(batch).values()))
        left = [number for number in undone if number is not None]
        await asyncio.to_thread(self._store.advance, min(left, default=batch[-1].number + 1))
        return not left

    async def _in_order(self, updates: Sequence[Opened]) -> int | None:
        """The first update of a chat that could not be committed, None when all were."""
        for update in updates:
            try:
                await self._intake.take(update)
            except RightdoorError as error:
                log.warning("update %s must come again: %s", update.number, type(error).__name__)
                return update.number
        return None


def _by_chat(batch: Sequence[Opened]) -> dict[str, list[Opened]]:
    chats: dict[str, list[Opened]] = {}
    for update in batch:
        chats.setdefault(update.chat, []).append(update)
    return chats
