"""The whole channel in one piece, for `bot/app.py` and the demo to start and stop."""

from __future__ import annotations

import asyncio
import logging
import socket
from collections.abc import Callable
from dataclasses import dataclass

from telegram.error import TelegramError

from bot.channels.telegram.client import Connection
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.polling import Polling
from bot.channels.telegram.ports import MessageLog, PollingStore, Wording
from bot.channels.telegram.profile import present
from bot.channels.telegram.sending import TelegramSender
from bot.channels.telegram.webhook import keep_webhook
from bot.messages import Incoming
from bot.settings import TelegramSettings

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class TelegramChannel:
    """Everything Telegram: `intake` takes what comes in, `sender` (once there is a loop) carries what goes out."""

    connection: Connection
    intake: Intake
    settings: TelegramSettings
    wording: Wording
    message_log: MessageLog
    polling_store: PollingStore

    @classmethod
    def open(
        cls,
        settings: TelegramSettings,
        take_turn: Callable[[Incoming], object],
        polling_store: PollingStore,
        message_log: MessageLog,
        wording: Wording,
    ) -> TelegramChannel:
        """Nothing is sent yet. Raises `SettingsError` for a token that cannot be one."""
        connection = Connection.open(settings.token, settings.api)
        intake = Intake(connection.bot, take_turn, message_log, wording.write_privately)
        return cls(connection, intake, settings, wording, message_log, polling_store)

    def sender(self, loop: asyncio.AbstractEventLoop) -> TelegramSender:
        """Delivery's way out; its calls run on `loop`, the one that runs `run`."""
        return TelegramSender(self.connection.bot, loop, self.message_log, self.wording)

    async def run(self, stop: asyncio.Event) -> None:
        """Receives until `stop`, by webhook if the settings have one, else by long polling, and introduces the bot.

        Raises `SettingsError` for a wrong token, a missing secret or an address Telegram refuses.
        """
        introducing = asyncio.create_task(self._introduce())
        try:
            await self._receive(stop)
        finally:
            introducing.cancel()

    async def _introduce(self) -> None:
        try:
            await present(self.connection.bot, self.wording)
        except TelegramError as error:
            log.warning("the bot could not introduce itself: %s", type(error).__name__)

    async def _receive(self, stop: asyncio.Event) -> None:
        if self.settings.webhook:
            await keep_webhook(self.connection, self.settings.webhook, self.settings.secret, stop)
        else:
            await Polling(self.connection, self.intake, self.polling_store, socket.gethostname()).run(stop)

    async def close(self) -> None:
        """Hangs up, once nothing is to be sent any more."""
        await self.connection.close()
