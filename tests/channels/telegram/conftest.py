"""The channel against the Bot API server: real HTTP, a recorded turn, memory instead of the database."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.telegram import TelegramChannel, Wording
from bot.channels.telegram.intake import Intake
from bot.channels.telegram.polling import Polling
from bot.channels.telegram.stored import RememberedMessages
from bot.messages import Content, Incoming
from bot.settings import TelegramSettings
from bot.workbench.botapi import BotApi, Person

WORDING = Wording(
    send_location={"zh": "发送我的位置", "en": "Send my location"},
    write_privately={
        "zh": "这里大家都看得见，请单独写给我。",
        "en": "Everybody can read this; please write to me alone.",
    },
    description={"zh": "帮您找对人。", "en": "Finds the right people."},
    about={"zh": "儿童保护转介", "en": "Referrals for children"},
    commands={"human": {"zh": "要真人", "en": "A person"}, "x": {"zh": "隐藏", "en": "Hide"}},
    staff_commands={"cases": {"zh": "我的案件", "en": "My cases"}},
)


class Memory:
    """How far was read. It outlives a poller, as the database does."""

    def __init__(self) -> None:
        self.taken_up_to = 0
        self.held_by: tuple[str, datetime] = ("", datetime.min.replace(tzinfo=UTC))

    def acquire(self, worker: str, lease: timedelta) -> bool:
        now = datetime.now(UTC)
        if self.held_by[0] != worker and self.held_by[1] > now:
            return False
        self.held_by = worker, now + lease
        return True

    def offset(self) -> int:
        return self.taken_up_to

    def advance(self, offset: int) -> None:
        self.taken_up_to = offset


@dataclass
class Turns:
    """A turn that keeps what it was given; `on` says what to do about it, before it is kept."""

    on: Callable[[Incoming], object] = lambda _: None
    taken: list[Incoming] = field(default_factory=list)

    def take(self, incoming: Incoming) -> None:
        self.on(incoming)
        self.taken.append(incoming)

    @property
    def contents(self) -> list[Content]:
        return [incoming.content for incoming in self.taken]


@dataclass
class House:
    """One service around the channel: it can be started and stopped as often as a test likes."""

    api: BotApi
    memory: Memory = field(default_factory=Memory)
    messages: RememberedMessages = field(default_factory=RememberedMessages)
    turns: Turns = field(default_factory=Turns)
    opened: list[TelegramChannel] = field(default_factory=list)

    def channel(self, token: str = "", webhook: str = "", secret: str = "") -> TelegramChannel:
        settings = TelegramSettings(token or self.api.token, self.api.url, webhook, secret)
        self.opened.append(TelegramChannel.open(settings, self.turns.take, self.memory, self.messages, WORDING))
        return self.opened[-1]

    def polling(self, channel: TelegramChannel, worker: str = "one", wait: float = 5) -> Polling:
        intake: Intake = channel.intake
        return Polling(channel.connection, intake, self.memory, worker, wait=wait, pauses=(0.02, 0.1))

    @asynccontextmanager
    async def serving(self, worker: str = "one") -> AsyncIterator[TelegramChannel]:
        """The channel, polling as long as the block runs."""
        channel, stop = self.channel(), asyncio.Event()
        running = asyncio.create_task(self.polling(channel, worker).run(stop))
        try:
            yield channel
        finally:
            stop.set()
            await running

    async def took(self, update_id: int) -> None:
        """Waits until the service confirmed an update."""
        assert await asyncio.to_thread(self.api.confirmed, update_id), f"update {update_id} was never confirmed"


@pytest.fixture
def api() -> Iterator[BotApi]:
    """The server."""
    with BotApi() as running:
        yield running


@pytest.fixture
def mother(api: BotApi) -> Person:
    """Somebody who has not written yet."""
    return api.person("李梅")


@pytest.fixture
async def house(api: BotApi) -> AsyncIterator[House]:
    """The service under test."""
    house = House(api)
    yield house
    for channel in house.opened:
        await channel.close()
