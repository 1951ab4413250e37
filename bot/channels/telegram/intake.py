"""What happens to one update, however it arrived: the turn, then the small courtesies that Telegram expects."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any
from weakref import WeakValueDictionary

from telegram import Bot, Update
from telegram.error import TelegramError

from bot.channels.telegram.ports import MessageLog
from bot.channels.telegram.reading import Opened, group_of, language_of
from bot.errors import RightdoorError
from bot.messages import Incoming

log = logging.getLogger(__name__)


class Intake:
    """Takes updates one by one within a chat, side by side across chats.

    `take_turn` is synchronous, commits before it returns, and recognises a message it has seen by `Incoming.id`.
    """

    def __init__(
        self,
        bot: Bot,
        take_turn: Callable[[Incoming], object],
        message_log: MessageLog,
        write_privately: Mapping[str, str],
    ) -> None:
        self._bot = bot
        self._take_turn = take_turn
        self._message_log = message_log
        self._write_privately = write_privately
        self._chats: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def take(self, opened: Opened) -> None:
        """Returns once whatever the update means is committed.

        Raises `RightdoorError` if it is not (the database is locked or gone): the update must come again. An update
        nobody can read, or over which a turn breaks in a way no repetition mends, is logged by its number and left.
        """
        if opened.update is None:
            log.error("update %s cannot be read", opened.number)
        elif opened.incoming:
            await self._take(opened.update, opened.incoming)
        elif group := group_of(opened.update):
            await self._leave(group, opened.update)

    async def _take(self, update: Update, incoming: Incoming) -> None:
        lock = self._chats.setdefault(incoming.chat, asyncio.Lock())
        async with lock:
            try:
                await asyncio.to_thread(self._turn, update, incoming)
            except RightdoorError:
                raise
            except Exception as error:  # noqa: BLE001 – one update must not stop everybody's
                log.critical("update %s was not taken: %s", update.update_id, type(error).__name__)
        if update.callback_query:
            await self._politely(self._bot.answer_callback_query(update.callback_query.id))

    def _turn(self, update: Update, incoming: Incoming) -> None:
        if update.message:
            self._message_log.note(incoming.chat, update.message.message_id, update.message.date)
        self._take_turn(incoming)

    async def _leave(self, group: int, update: Update) -> None:
        """A family's story has no place where others read along: we say so once and go."""
        words = self._write_privately[language_of(update.effective_user) or "zh"]
        await self._politely(self._bot.send_message(group, words))
        await self._politely(self._bot.leave_chat(group))

    async def _politely(self, call: Any) -> None:  # noqa: ANN401 – any call of the bot's
        """Good manners that nobody waits for."""
        try:
            await call
        except TelegramError as error:
            log.info("a courtesy failed: %s", type(error).__name__)
