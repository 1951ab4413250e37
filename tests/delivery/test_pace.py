"""Telegram's limits with many messages waiting, and emergencies among them: in simulated time, and (nightly) in real time."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from telegram import Bot

from bot.channels.telegram.client import Connection
from bot.channels.telegram.sending import TelegramSender
from bot.channels.telegram.stored import RememberedMessages
from bot.delivery import Courier, Pace
from bot.messages import Channel
from bot.replies import Reply
from bot.store import Priority, Store
from bot.workbench.botapi import BotApi
from bot.workbench.botapi.limits import Limits
from tests.channels.telegram.conftest import WORDING
from tests.conftest import KEY
from tests.delivery.test_outbox_model import Hands

START = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
URGENT = "urgent"


def write(store: Store, chats: list[str], texts: list[str], at: datetime, priority: Priority = Priority.USUAL) -> None:
    with store.work() as work:
        found = [(chat, work.contacts.by_address(Channel.TELEGRAM, chat)) for chat in chats]
        known = [contact or work.contacts.new(Channel.TELEGRAM, chat, at, "zh") for chat, contact in found]
        for text in texts:
            for contact in known:
                work.outbox.add(contact, "t", Reply(text), kind="reply", due=at, priority=priority)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(f"sqlite:///{tmp_path / 'rightdoor.db'}", master_key=KEY)


def nobody(*_: object, **__: object) -> None:
    """Whoever follows up what was delivered."""


class Simulation:
    """A courier in simulated time, before a channel that refuses whatever is too fast."""

    def __init__(self, store: Store) -> None:
        self.at = 0.0
        self.limits = Limits()
        self.arrived: list[tuple[float, str, str]] = []
        self.hands = Hands()
        self.courier = Courier(store, Channel.TELEGRAM, self, self.now, nobody, nobody, pace=Pace(), hands=self.hands)

    def now(self) -> datetime:
        return START + timedelta(seconds=self.at)

    def send(self, chat: str, reply: Reply) -> str:
        self.limits.admit(chat, self.at)
        self.arrived.append((self.at, chat, reply.text))
        return ""

    def runs_for(self, seconds: float) -> None:
        end = self.at + seconds
        while self.at < end:
            self.at += 0.03125  # exact in binary, so that a second is a second
            while self.courier.start():
                for job in self.hands.jobs:
                    job.future.set_result(job.run())
                self.hands.jobs.clear()
                self.courier.put_down()


def test_the_limits_are_kept_the_channel_is_used_and_emergencies_overtake(store: Store) -> None:
    chats = [str(number) for number in range(30)]
    write(store, chats, [str(n) for n in range(10)], START)
    simulation = Simulation(store)
    simulation.runs_for(3)
    write(store, chats[:20], [URGENT], simulation.now(), Priority.URGENT)
    written_at = simulation.at
    simulation.runs_for(13)
    assert simulation.limits.refused == 0
    assert Counter((chat, text) for _, chat, text in simulation.arrived) == Counter(
        [(chat, str(n)) for chat in chats for n in range(10)] + [(chat, URGENT) for chat in chats[:20]]
    )
    assert max(at for at, _, text in simulation.arrived if text == URGENT) - written_at < 2.1
    for chat in chats:
        usual = [int(text) for _, to, text in simulation.arrived if to == chat and text != URGENT]
        assert usual == sorted(usual)
    store.close()


@pytest.mark.nightly
async def test_five_thousand_messages_in_real_time_and_fifty_emergencies_among_them(store: Store) -> None:
    with BotApi(limits=Limits()) as api:
        people = [api.person(str(number)) for number in range(250)]
        for person in people:
            person.starts()
        chats = [person.chat_id for person in people]
        await asyncio.to_thread(write, store, chats, [str(n) for n in range(20)], datetime.now(UTC))
        connection = Connection.open(api.token, api.url)
        bot: Bot = connection.bot
        sender = TelegramSender(bot, asyncio.get_running_loop(), RememberedMessages(), WORDING)
        courier = Courier(store, Channel.TELEGRAM, sender, lambda: datetime.now(UTC), nobody, nobody)
        stop = asyncio.Event()
        running = asyncio.create_task(courier.run(stop))
        await asyncio.sleep(30)
        await asyncio.to_thread(write, store, chats[:50], [URGENT], datetime.now(UTC), Priority.URGENT)
        written_at = time.time()
        await asyncio.to_thread(wait_until_carried, store)
        stop.set()
        courier.wake()
        await running
        await connection.close()
    sent = [call for call in api.transcript("sendMessage") if call.ok]
    urgent = [call.at - written_at for call in sent if call.params["text"] == URGENT]
    assert (len(sent), len(urgent)) == (5050, 50)
    assert api.limits
    assert api.limits.refused <= 50, (
        "a busy machine delays some messages into the next second; they were told so and waited"
    )
    assert statistics.median(urgent) < 2
    assert max(urgent) < 5


def wait_until_carried(store: Store) -> None:
    left = 1
    while left:
        time.sleep(1)
        with store.read() as work:
            left = work.outbox.waiting().messages
