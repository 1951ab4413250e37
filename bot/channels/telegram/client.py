"""The connection to the Bot API, and what its refusals mean to us."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlencode, urlsplit

from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from bot.channels.telegram.reading import WANTED
from bot.errors import DeliveryError, SettingsError

# The library is moving from seconds to timedeltas and warns until one says that one knows.
os.environ["PTB_TIMEDELTA"] = "true"
# These log addresses with the token in them, and what people wrote; what failed is said in our own log, by its class.
TALKATIVE = ("httpx", "httpcore", "telegram")
SECONDS_TO_CONNECT = 10.0


@dataclass(frozen=True, slots=True)
class Connection:
    """The way to one Bot API server with one token. `bot` sends; updates come over a line of their own."""

    bot: Bot
    sending: HTTPXRequest
    polling: HTTPXRequest

    @classmethod
    def open(cls, token: str, api: str) -> Connection:
        """Nothing is sent yet; `close` ends it. Raises `SettingsError` for an empty token."""
        for name in TALKATIVE:
            logging.getLogger(name).setLevel(logging.CRITICAL)
        sending, polling = _pool(api), _pool(api)
        try:
            bot = Bot(token, base_url=f"{api.rstrip('/')}/bot", request=sending, get_updates_request=polling)
        except InvalidToken as error:
            raise wrong_token() from error
        return cls(bot, sending, polling)

    async def close(self) -> None:
        """Hangs up."""
        await self.sending.shutdown()
        await self.polling.shutdown()

    async def updates(self, offset: int, wait: float) -> list[Mapping[str, Any]]:
        """The updates from `offset` on, waiting so many seconds for the first. Raises `TelegramError`.

        They come as plain JSON: `Bot.get_updates` gives all of a batch or, when it cannot read one of them, none; one
        update nobody can read would stop everybody's.
        """
        asked = {"offset": offset, "timeout": round(wait), "allowed_updates": json.dumps(WANTED)}
        url = f"{self.bot.base_url}/getUpdates?{urlencode(asked)}"
        found: Any = await self.polling.post(url, read_timeout=wait + SECONDS_TO_CONNECT)
        return list(found)


def wrong_token() -> SettingsError:
    """What an operator reads when Telegram does not know the token."""
    return SettingsError("Telegram does not accept the token; look at telegram.token or RIGHTDOOR_TELEGRAM_TOKEN")


def seconds_to_wait(error: RetryAfter) -> float:
    """How long Telegram wants to be left alone."""
    wait = error.retry_after
    return wait.total_seconds() if isinstance(wait, timedelta) else float(wait)


def delivery_error(error: TelegramError) -> DeliveryError:
    """What a refusal means for a message that should go out; carries no words and no address.

    429 says when to come again; 400 and 403 will not change by trying; all else (5xx, network, token) may.
    """
    if isinstance(error, RetryAfter):
        return DeliveryError("Telegram asks to slow down", retry_after=seconds_to_wait(error))
    if isinstance(error, BadRequest | Forbidden | ChatMigrated):
        return DeliveryError(f"Telegram refuses: {error.message}", permanent=True)
    return DeliveryError(f"Telegram cannot be reached: {type(error).__name__}")


def _pool(api: str) -> HTTPXRequest:
    """Connections to `api`; a proxy from the environment is used unless the server is this machine's own."""
    return HTTPXRequest(
        read_timeout=SECONDS_TO_CONNECT,
        connect_timeout=SECONDS_TO_CONNECT,
        pool_timeout=SECONDS_TO_CONNECT,
        httpx_kwargs={"trust_env": not _is_loopback(api)},
    )


def _is_loopback(api: str) -> bool:
    host = urlsplit(api).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
