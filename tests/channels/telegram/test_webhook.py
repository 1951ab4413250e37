"""Telegram posts, we answer 200 after the commit."""

from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Iterator

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from bot.channels.telegram.webhook import PATH, SECRET_HEADER, webhook_router
from bot.errors import SettingsError, StoreUnavailableError
from bot.messages import Text
from bot.workbench.botapi import BotApi, Person
from tests.channels.telegram.conftest import House

SECRET = "s3cret_of-this_test"  # noqa: S105 – of this test


@pytest.fixture
def address(house: House) -> Iterator[str]:
    """The service's web server, with the webhook on it."""
    app = FastAPI()
    app.include_router(webhook_router(house.channel().intake, SECRET))
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, access_log=False))
    thread = threading.Thread(target=server.run, args=([listener],), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join()


async def test_updates_come_by_webhook_and_come_again_until_committed(
    house: House, address: str, api: BotApi, mother: Person
) -> None:
    tries: list[object] = []

    def fails_once(incoming: object) -> None:
        tries.append(incoming)
        if len(tries) == 1:
            raise StoreUnavailableError("locked")

    house.turns.on = fails_once
    channel, stop = house.channel(webhook=address, secret=SECRET), asyncio.Event()
    running = asyncio.create_task(channel.run(stop))
    await house.took(mother.writes("一").update_id)
    stop.set()
    await running
    assert len(tries) == 2
    assert house.turns.contents == [Text("一")]
    assert api.transcript("getUpdates") == ()


def test_only_who_knows_the_secret_is_heard(house: House, address: str) -> None:
    def status(body: str, **headers: str) -> int:
        return httpx.post(address + PATH, headers=headers, content=body, trust_env=False).status_code

    right = {SECRET_HEADER: SECRET}
    assert status('{"update_id": 1}') == 403
    assert status('{"update_id": 1}', **{SECRET_HEADER: "wrong"}) == 403
    assert status("not json", **right) == 400
    assert status("[1]", **right) == 400
    assert status('{"update_id": 1, "message": 5}', **right) == 200
    assert status('{"update_id": 1, "poll": {}}', **right) == 200
    assert house.turns.taken == []


@pytest.mark.parametrize(
    ("webhook", "secret", "problem"),
    [
        ("https://example.org", "", "telegram.webhook needs telegram.secret"),
        ("http://example.org", SECRET, "Telegram refuses telegram.webhook"),
        ("https://example.org", "空 格", "Telegram refuses telegram.webhook"),
    ],
)
async def test_a_webhook_that_cannot_work_is_refused_at_the_start(
    house: House, webhook: str, secret: str, problem: str
) -> None:
    channel = house.channel(webhook=webhook, secret=secret)
    with pytest.raises(SettingsError, match=problem):
        await channel.run(asyncio.Event())
