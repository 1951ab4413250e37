"""Updates posted by Telegram, for a service with a public address."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from datetime import UTC, datetime

from fastapi import APIRouter, Request, Response
from telegram.error import BadRequest, InvalidToken, TelegramError

from bot.channels.telegram.client import Connection, wrong_token
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.reading import WANTED, open_update
from bot.channels.telegram.waiting import unless
from bot.errors import RightdoorError, SettingsError

log = logging.getLogger(__name__)

PATH = "/webhooks/telegram"
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 – the header's name, not a secret
# Seconds until Telegram is told again when it could not be reached.
PAUSE = 5.0


def webhook_router(intake: Intake, secret: str) -> APIRouter:
    """`POST /webhooks/telegram`: 200 after the commit, 403 without the secret, 503 when Telegram should come again."""
    router = APIRouter()

    @router.post(PATH)
    async def receive(request: Request) -> Response:
        """One update."""
        given = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return Response(status_code=403)
        try:
            await intake.take(open_update(json.loads(await request.body()), datetime.now(UTC)))
        except ValueError:
            return Response(status_code=400)
        except RightdoorError:
            return Response(status_code=503, headers={"Retry-After": "1"})
        return Response(status_code=200)

    return router


async def keep_webhook(connection: Connection, address: str, secret: str, stop: asyncio.Event) -> None:
    """Tells Telegram where to post, as soon as it can be reached, and waits for `stop`.

    `address` is the service's public https address. Raises `SettingsError` for a missing secret, an address Telegram
    refuses or a wrong token.
    """
    if not secret:
        raise SettingsError("telegram.webhook needs telegram.secret, so that nobody else can post updates")
    while not stop.is_set() and not await _set(connection, address.rstrip("/") + PATH, secret):
        await unless(stop, asyncio.sleep(PAUSE))
    await stop.wait()


async def _set(connection: Connection, url: str, secret: str) -> bool:
    """Whether Telegram could be told."""
    try:
        return await connection.bot.set_webhook(url, secret_token=secret, allowed_updates=WANTED)
    except BadRequest as error:
        raise SettingsError(f"Telegram refuses telegram.webhook: {error.message}") from error
    except InvalidToken as error:
        raise wrong_token() from error
    except TelegramError as error:
        log.warning("the webhook could not be set yet: %s", type(error).__name__)
        return False
