"""Delivery's way to Telegram, from a worker thread."""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime

import pytest

from bot.channels.telegram import TelegramSender
from bot.channels.telegram.stored import RememberedMessages
from bot.errors import DeliveryError, StoreUnavailableError
from bot.messages import Incoming, Text
from bot.replies import Button, Reply
from bot.workbench.botapi import BotApi, Person
from tests.channels.telegram.conftest import House


async def send(sender: TelegramSender, person: Person, reply: Reply) -> str:
    """As a delivery worker does it: in a thread."""
    return await asyncio.to_thread(sender.send, person.chat_id, reply)


@pytest.fixture
async def sender(house: House, mother: Person) -> TelegramSender:
    """A sender on this test's loop; the mother has written, so she can be answered."""
    mother.writes("你好")
    return house.channel().sender(asyncio.get_running_loop())


async def test_a_reply_arrives_with_its_buttons(sender: TelegramSender, mother: Person) -> None:
    number = await send(sender, mother, Reply("孩子现在有人带吗？", (Button("有", "/a"), Button("没有", "/b"))))
    seen = mother.sees()[-1]
    assert (str(seen.id), seen.text, seen.buttons) == (number, "孩子现在有人带吗？", (("有", "没有"),))


async def test_trouble_says_whether_trying_again_can_help(sender: TelegramSender, api: BotApi, mother: Person) -> None:
    async def error() -> DeliveryError:
        with pytest.raises(DeliveryError) as caught:
            await send(sender, mother, Reply("好"))
        return caught.value

    api.next_call_fails("sendMessage", 429, retry_after=7)
    busy = await error()
    assert (busy.retry_after, busy.permanent) == (7.0, False)
    api.next_call_fails("sendMessage", 502)
    assert not (await error()).permanent
    api.goes_down()
    assert not (await error()).permanent
    api.comes_up()
    mother.blocks()
    assert (await error()).permanent
    with pytest.raises(DeliveryError) as unknown:
        await send(sender, api.person("陌生人"), Reply("好"))
    assert (str(unknown.value), unknown.value.permanent) == ("Telegram refuses: Chat not found", True)


async def test_a_caseworker_s_chat_gets_a_menu_of_its_own_and_nothing_depends_on_it(
    sender: TelegramSender, api: BotApi, mother: Person
) -> None:
    await send(sender, mother, Reply("登记好了", menu="staff"))
    menu = api.world.profile[f"commands of {mother.chat_id}", ""]
    assert [command["command"] for command in menu] == ["cases"]
    api.next_call_fails("setMyCommands", 502)
    await send(sender, mother, Reply("又登记了", menu="staff"))
    assert [message.text for message in mother.sees()][-2:] == ["登记好了", "又登记了"]


async def test_trying_a_long_reply_again_repeats_no_piece(sender: TelegramSender, api: BotApi, mother: Person) -> None:
    reply = Reply("一" * 4096 + "二" * 4096 + "三")
    await send(sender, mother, Reply("好"))
    api.next_call_fails("sendMessage", 502, times=2)
    for _ in range(2):
        with pytest.raises(DeliveryError):
            await send(sender, mother, reply)
    await send(sender, mother, reply)
    await send(sender, mother, reply)
    assert [text[0] for text in api.sent_to(mother)] == ["好", "一", "二", "三", "一", "二", "三"]


async def test_the_location_key_is_put_up_once_and_taken_down_again(sender: TelegramSender, mother: Person) -> None:
    question = Reply("在哪个县？", (Button("从列表里选", "/p"),), ask_location=True)
    await send(sender, mother, question)
    await send(sender, mother, question)
    assert mother.keyboard == (("发送我的位置",),)
    assert [seen.text for seen in mother.sees()][1:] == ["在哪个县？", "发送我的位置", "在哪个县？"]
    await send(sender, mother, Reply("下一题", (Button("好", "/a"),)))
    await send(sender, mother, Reply("谢谢"))
    assert not mother.keyboard


async def test_the_location_key_speaks_the_language_of_the_question(sender: TelegramSender, api: BotApi) -> None:
    reader = api.person("Anna", "en")
    reader.writes("hello")
    await send(sender, reader, Reply("Which county? For example 扬中.", ask_location=True))
    assert reader.keyboard == (("Send my location",),)


async def test_hiding_deletes_what_both_sides_wrote(house: House, api: BotApi, mother: Person) -> None:
    old = mother.writes("很久以前")
    other = api.person("王芳")
    async with house.serving() as channel:
        sender = channel.sender(asyncio.get_running_loop())
        await house.took(mother.writes("他打我").update_id)
        await house.took(other.writes("你好").update_id)
        house.messages.chats[mother.chat_id].popleft()
        await send(sender, mother, Reply("先打110"))
        await house.took(mother.writes("/x").update_id)
        await send(sender, mother, Reply("好的。", hides=True))
    assert [seen.text for seen in mother.sees()] == ["很久以前", "好的。"]
    assert mother.sees()[0].id == old.message_id
    assert [seen.text for seen in other.sees()] == ["你好"]


async def test_a_message_that_is_out_but_cannot_be_noted_is_not_sent_again(
    house: House, api: BotApi, mother: Person
) -> None:
    class Broken(RememberedMessages):
        def note(self, chat: str, message: int, at: datetime) -> None:  # noqa: ARG002 – the port's signature
            raise StoreUnavailableError("locked")

    mother.writes("你好")
    house.messages = Broken()
    await send(house.channel().sender(asyncio.get_running_loop()), mother, Reply("好"))
    assert api.sent_to(mother) == ("好",)


async def test_a_stopped_service_says_so_instead_of_hanging(house: House) -> None:
    loop = asyncio.new_event_loop()
    sender = house.channel().sender(loop)
    with pytest.raises(DeliveryError, match="stopping"):
        await asyncio.to_thread(sender.send, "1", Reply("好"))
    loop.close()


async def test_no_log_carries_words_or_token(
    house: House, api: BotApi, mother: Person, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(incoming: Incoming) -> None:
        if incoming.content == Text("他打我"):
            raise ValueError(incoming.content)

    caplog.set_level(logging.DEBUG)
    house.turns.on = breaks
    api.next_call_fails("getUpdates", 502)
    async with house.serving() as channel:
        await house.took(mother.writes("他打我").update_id)
        sender = channel.sender(asyncio.get_running_loop())
        await send(sender, mother, Reply("先打110"))
        api.next_call_fails("sendMessage", 502)
        with pytest.raises(DeliveryError):
            await send(sender, mother, Reply("先打110"))
    # The Bot API server runs in this process too; what it logs is on Telegram's side.
    ours = [record for record in caplog.records if not record.name.startswith("uvicorn")]
    said = " ".join(f"{record.getMessage()} {record.exc_text or ''}" for record in ours)
    assert "polling has to wait: NetworkError" in said
    assert "was not taken: ValueError" in said
    for secret in ("他打我", "先打110", api.token, api.token.partition(":")[2]):
        assert secret not in said
