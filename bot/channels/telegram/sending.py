"""Delivery's way to Telegram: one reply out, or a `DeliveryError` that says whether trying again can help."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import TimeoutError as TooLongError
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from telegram import Bot, ReplyKeyboardRemove
from telegram.error import RetryAfter, TelegramError

from bot.channels.telegram.client import delivery_error
from bot.channels.telegram.ports import MessageLog, Wording
from bot.channels.telegram.profile import desk_menu
from bot.channels.telegram.writing import Message, messages
from bot.errors import DeliveryError, RightdoorError
from bot.replies import Reply

# Bot API: deleteMessages takes up to 100, and nothing older than 48 hours.
DELETED_AT_ONCE = 100
DELETABLE_FOR = timedelta(hours=48)
# Longer than every timeout of a single call together.
SECONDS_AT_MOST = 60.0
T = TypeVar("T")


class TelegramSender:
    """Sends from worker threads; the calls themselves run on the service's event loop, where the connections live.

    It remembers two things while it lives, and forgetting them with a restart is harmless: how many pieces of a long
    reply are out (so that trying again does not repeat them), and in which chats the location key is up.
    """

    def __init__(self, bot: Bot, loop: asyncio.AbstractEventLoop, log: MessageLog, wording: Wording) -> None:
        self._bot = bot
        self._loop = loop
        self._log = log
        self._wording = wording
        self._pieces_out: dict[tuple[str, Reply], int] = {}
        self._keys_up: set[str] = set()

    def send(self, chat: str, reply: Reply) -> str:
        """Sends the whole reply and gives the number of its last message; one that hides deletes the chat first.

        Raises `DeliveryError`: with `retry_after` (seconds) when Telegram is too busy, `permanent` when the person
        blocked us or the chat is gone.
        """
        if reply.hides:
            self._empty(chat)
        wanted = reply.ask_location and chat not in self._keys_up
        pieces = messages(reply, self._wording.location_key(reply) if wanted else "")
        number = 0
        for piece in pieces[self._pieces_out.get((chat, reply), 0) :]:
            number = self._send(chat, piece, done_asking=not reply.ask_location)
            self._pieces_out[chat, reply] = self._pieces_out.get((chat, reply), 0) + 1
        self._pieces_out.pop((chat, reply), None)
        if reply.ask_location:
            self._keys_up.add(chat)
        if reply.menu:
            self._give_menu(chat)
        return str(number)

    def _give_menu(self, chat: str) -> None:
        """The message is out; a menu that Telegram does not take is no reason to send it again."""
        with suppress(DeliveryError):
            self._on_loop(desk_menu(self._bot, self._wording, int(chat)))

    def _send(self, chat: str, message: Message, *, done_asking: bool) -> int:
        """One message; the first that has room for it takes the location key down again."""
        take_down = done_asking and chat in self._keys_up and message.markup is None
        markup = ReplyKeyboardRemove() if take_down else message.markup
        sent = self._on_loop(self._bot.send_message(int(chat), message.text, reply_markup=markup))
        if take_down:
            self._keys_up.discard(chat)
        with suppress(RightdoorError):  # it is out; that it cannot be noted is no reason to send it again
            self._log.note(chat, sent.message_id, sent.date)
        return sent.message_id

    def _empty(self, chat: str) -> None:
        """Deletes what Telegram lets us delete: both sides' messages of the last 48 hours."""
        numbers = list(self._log.since(chat, datetime.now(UTC) - DELETABLE_FOR))
        for start in range(0, len(numbers), DELETED_AT_ONCE):
            self._on_loop(self._delete(int(chat), numbers[start : start + DELETED_AT_ONCE]))
        self._log.forget(chat)

    async def _delete(self, chat: int, numbers: list[int]) -> None:
        """Only being too fast is worth another try; what cannot be deleted is left."""
        try:
            await self._bot.delete_messages(chat, numbers)
        except RetryAfter:
            raise
        except TelegramError:
            return

    def _on_loop(self, call: Coroutine[Any, Any, T]) -> T:
        if not self._loop.is_running():
            call.close()
            raise DeliveryError("the service is stopping")
        waiting = asyncio.run_coroutine_threadsafe(call, self._loop)
        try:
            return waiting.result(SECONDS_AT_MOST)
        except TelegramError as error:
            raise delivery_error(error) from error
        except TooLongError as error:
            waiting.cancel()
            raise DeliveryError("Telegram does not answer") from error
