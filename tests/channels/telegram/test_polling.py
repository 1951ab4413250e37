"""Long polling over real HTTP: nothing is confirmed before it is committed, nothing stops it for good."""

from __future__ import annotations

import asyncio
import threading

import pytest

from bot.errors import SettingsError, StoreUnavailableError
from bot.messages import Incoming, Press, Text
from bot.replies import Button, Reply
from bot.workbench.botapi import BotApi, Person
from tests.channels.telegram.conftest import WORDING, House, Memory


async def test_what_was_taken_is_confirmed_and_not_taken_again(house: House, mother: Person) -> None:
    async with house.serving():
        await house.took(mother.writes("一").update_id)
    async with house.serving():
        await house.took(mother.writes("二").update_id)
    assert house.turns.contents == [Text("一"), Text("二")]


async def test_the_same_update_twice_reaches_the_turn_under_the_same_id(
    house: House, api: BotApi, mother: Person
) -> None:
    async with house.serving():
        first = mother.writes("一")
        await house.took(first.update_id)
        api.redeliver(first.update_id)
        await house.took(mother.writes("二").update_id)
    ids = [incoming.id for incoming in house.turns.taken if incoming.content == Text("一")]
    assert ids == [f"update:{first.update_id}"] * 2


async def test_a_database_that_is_gone_keeps_updates_and_their_order(house: House, api: BotApi, mother: Person) -> None:
    gone = 3

    def fails_thrice(incoming: Incoming) -> None:
        nonlocal gone
        if incoming.content == Text("一") and gone:
            gone -= 1
            raise StoreUnavailableError("locked")

    house.turns.on = fails_thrice
    father = api.person("父亲")
    sent = [mother.writes("一"), father.writes("另一个人"), mother.writes("二")]
    async with house.serving():
        await house.took(sent[-1].update_id)
    hers = [taken.content for taken in house.turns.taken if taken.chat == mother.chat_id]
    assert hers == [Text("一"), Text("二")]
    assert Text("另一个人") in house.turns.contents


async def test_an_offset_that_cannot_be_kept_brings_the_update_again(house: House, mother: Person) -> None:
    class Forgetful(Memory):
        lapses = 2

        def advance(self, offset: int) -> None:
            if self.lapses:
                self.lapses -= 1
                raise StoreUnavailableError("locked")
            super().advance(offset)

    house.memory = Forgetful()
    async with house.serving():
        await house.took(mother.writes("一").update_id)
    assert {incoming.id for incoming in house.turns.taken} == {"update:730000001"}
    assert len(house.turns.taken) == 3


async def test_a_turn_that_breaks_does_not_stop_the_others(house: House, mother: Person) -> None:
    def breaks(incoming: Incoming) -> None:
        if incoming.content == Text("一"):
            raise ZeroDivisionError

    house.turns.on = breaks
    async with house.serving():
        mother.writes("一")
        await house.took(mother.writes("二").update_id)
    assert house.turns.contents == [Text("二")]


async def test_chats_are_served_side_by_side_and_each_in_order(house: House, api: BotApi, mother: Person) -> None:
    father = api.person("父亲")
    both_inside = threading.Barrier(2, timeout=5)

    def wait_for_the_other(incoming: Incoming) -> None:
        if incoming.content == Text("一"):
            both_inside.wait()

    house.turns.on = wait_for_the_other
    for person in (mother, father):
        for word in "一二三":
            last = person.writes(word)
    async with house.serving():
        await house.took(last.update_id)
    for person in (mother, father):
        said = [taken.content for taken in house.turns.taken if taken.chat == person.chat_id]
        assert said == [Text("一"), Text("二"), Text("三")]


async def test_a_network_that_comes_back_brings_everything_along(house: House, api: BotApi, mother: Person) -> None:
    async with house.serving():
        await house.took(mother.writes("一").update_id)
        api.goes_down()
        await asyncio.sleep(0.1)
        mother.writes("二")
        api.comes_up()
        await house.took(mother.writes("三").update_id)
    assert house.turns.contents == [Text("一"), Text("二"), Text("三")]


@pytest.mark.parametrize("status", [409, 429, 500, 502])
async def test_refusals_of_telegram_are_waited_out(house: House, api: BotApi, mother: Person, status: int) -> None:
    api.next_call_fails("getUpdates", status, times=2)
    async with house.serving():
        await house.took(mother.writes("一").update_id)
    assert house.turns.contents == [Text("一")]


@pytest.mark.parametrize("token", ["nonsense", f"7000000001:{'x' * 35}"])
async def test_a_wrong_token_is_a_wrong_setting_and_is_not_shown(house: House, token: str) -> None:
    channel = house.channel(token=token)
    with pytest.raises(SettingsError) as caught:
        await channel.run(asyncio.Event())
    assert str(caught.value) == (
        "Telegram does not accept the token; look at telegram.token or RIGHTDOOR_TELEGRAM_TOKEN"
    )


async def test_two_processes_share_one_poller(house: House, api: BotApi, mother: Person) -> None:
    async with house.serving("one"), house.serving("two"):
        for word in "一二三":
            await house.took(mother.writes(word).update_id)
            await asyncio.sleep(0.05)
    assert house.turns.contents == [Text("一"), Text("二"), Text("三")]
    assert {call.status for call in api.transcript("getUpdates")} == {200}


async def test_the_second_process_goes_on_when_the_first_has_stopped(house: House, mother: Person) -> None:
    async with house.serving("two"):
        async with house.serving("one"):
            pass
        await house.took(mother.writes("一").update_id)
    assert house.turns.contents == [Text("一")]


async def test_a_webhook_of_former_times_is_taken_down(house: House, mother: Person) -> None:
    channel = house.channel()
    await channel.connection.bot.set_webhook("http://127.0.0.1:9/nobody")
    async with house.serving():
        await house.took(mother.writes("一").update_id)


async def test_a_pressed_button_is_taken_and_then_acknowledged(house: House, api: BotApi, mother: Person) -> None:
    async with house.serving() as channel:
        await house.took(mother.writes("你好").update_id)
        sender = channel.sender(asyncio.get_running_loop())
        await asyncio.to_thread(sender.send, mother.chat_id, Reply("问", (Button("好", "/a"),)))
        await house.took(mother.presses("好").update_id)
        api.next_call_fails("answerCallbackQuery", 400)
        await house.took(mother.presses("好", inaccessible=True).update_id)
    presses = [content for content in house.turns.contents if isinstance(content, Press)]
    assert [press.payload for press in presses] == ["/a", "/a"]
    assert [call.ok for call in api.transcript("answerCallbackQuery")] == [True, False]


async def test_in_a_group_we_ask_once_to_write_privately_and_leave(house: House, api: BotApi, mother: Person) -> None:
    group = api.group("邻里群", mother)
    mother.writes_in_group(group, "我家孩子没人要")
    async with house.serving():
        await house.took(mother.writes("私下说").update_id)
    assert [seen.text for seen in group.sees() if seen.from_bot] == [WORDING.write_privately["zh"]]
    assert not group.bot_is_here
    assert house.turns.contents == [Text("私下说")]


async def test_an_update_nobody_can_read_is_passed_over(house: House, api: BotApi, mother: Person) -> None:
    mother.writes("一")
    api.world.updates.poll(0, 1, 0)[0]["message"]["chat"] = "?"
    async with house.serving():
        await house.took(mother.writes("二").update_id)
    assert house.turns.contents == [Text("二")]


async def test_the_whole_channel_introduces_itself_and_stops_when_told(house: House, api: BotApi) -> None:
    channel, stop = house.channel(), asyncio.Event()
    running = asyncio.create_task(channel.run(stop))
    await asyncio.sleep(0.3)
    stop.set()
    await asyncio.wait_for(running, 2)
    assert {command["command"] for command in api.world.profile["commands", ""]} == {"human", "x"}
    assert api.world.profile["description", "en"] == "Finds the right people."
