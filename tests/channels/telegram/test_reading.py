"""What people do in Telegram, as the turn sees it."""

from __future__ import annotations

from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.telegram.reading import group_of, open_update
from bot.messages import Attachment, Channel, Content, Departed, Edited, Incoming, Location, Press, Text
from bot.workbench.botapi import BotApi, Person
from bot.workbench.botapi.inventing import invent
from bot.workbench.botapi.updates import KINDS

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


@pytest.fixture
def api() -> BotApi:
    """The server's memory alone; nothing here needs the network."""
    return BotApi(clock=NOW.timestamp)


def heard(api: BotApi) -> list[Incoming | None]:
    """Everything that happened, read."""
    return [open_update(raw, NOW).incoming for raw in api.world.updates.poll(0, 100, 0)]


def content(api: BotApi) -> Content | None:
    """What the last thing that happened says."""
    last = heard(api)[-1]
    return last.content if last else None


def test_words_come_with_chat_number_time_and_language(api: BotApi, mother: Person) -> None:
    sent = mother.writes("我们要离婚了")
    assert heard(api) == [
        Incoming(Channel.TELEGRAM, mother.chat_id, f"update:{sent.update_id}", NOW, Text("我们要离婚了"), "zh")
    ]


@pytest.mark.parametrize(("phone", "language"), [("zh-hans", "zh"), ("zh", "zh"), ("en-GB", "en"), ("ug", "en")])
def test_the_phone_tells_which_of_our_languages(api: BotApi, phone: str, language: str) -> None:
    api.person("李梅", phone).writes("hi")
    (incoming,) = heard(api)
    assert incoming is not None
    assert incoming.language == language


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("/start", Press("/start")),
        ("/start 7K2M-Q9", Press('/start{"code": "7K2M-Q9"}')),
        ("/start@rightdoor_bot 7K2M", Press('/start{"code": "7K2M"}')),
        ("/x", Press("/hide")),
        ("/X ", Press("/hide")),
        ("／x", Press("/hide")),
        ("/start_over@rightdoor_bot", Press("/start_over")),
        ("/bot 打孩子", Text("/bot 打孩子")),
        ("孩子/bot/没人管", Text("孩子/bot/没人管")),
        ('/answer{"violence":"no"}', Text('/answer{"violence":"no"}')),
        ("/", Text("/")),
    ],
)
def test_a_command_is_a_press_and_nothing_is_cut_from_words(
    api: BotApi, mother: Person, typed: str, read: Content
) -> None:
    mother.writes(typed)
    assert content(api) == read


def test_a_location_is_a_pin_and_a_moving_one_is_read_once(api: BotApi, mother: Person) -> None:
    mother.sends_location(32.23, 119.81)
    assert content(api) == Location(32.23, 119.81)
    moved = api.world.updates.poll(0, 1, 0)[0]["message"] | {"edit_date": 1_800_000_000}
    api.delivers("edited_message", moved)
    assert content(api) is None


@pytest.mark.parametrize("thing", ["voice", "sticker", "document", "video_note", "contact", "photo"])
def test_what_cannot_be_read_still_arrives_with_its_caption(api: BotApi, mother: Person, thing: str) -> None:
    mother.sends(thing)
    assert content(api) == Attachment(thing)
    sent = mother.sends(thing, caption="他又打孩子了")
    assert content(api) == Attachment(thing, "他又打孩子了")
    mother.edits(sent, "他又打孩子了，刚才")
    assert content(api) == Edited("他又打孩子了，刚才")


def test_a_kind_of_message_younger_than_the_library_is_not_dropped(api: BotApi, mother: Person) -> None:
    mother.writes("x")
    message = api.world.updates.poll(0, 1, 0)[0]["message"]
    del message["text"]
    update = open_update({"update_id": 1, "message": message | {"hologram": {"depth": 3}}}, NOW)
    assert update.incoming is not None
    assert update.incoming.content == Attachment("hologram")


def test_a_service_message_is_nobodys_words(api: BotApi, mother: Person) -> None:
    mother.writes("x")
    message = api.world.updates.poll(0, 1, 0)[0]["message"]
    del message["text"]
    assert open_update({"update_id": 1, "message": message | {"delete_chat_photo": True}}, NOW).incoming is None


def test_an_edit_is_new_words(api: BotApi, mother: Person) -> None:
    mother.edits(mother.writes("没事"), "有事")
    assert content(api) == Edited("有事")


def press(mother: Person, **more: object) -> dict[str, object]:
    """A callback query of the mother's."""
    return {"id": "1", "from": mother.user, "chat_instance": "1", "data": "/hide"} | more


def test_a_press_tells_when_its_button_was_offered(api: BotApi, mother: Person) -> None:
    message = {"message_id": 5, "chat": mother.chat.about}
    api.delivers("callback_query", press(mother, message=message | {"date": 1_790_000_000, "text": "?"}))
    assert content(api) == Press("/hide", datetime.fromtimestamp(1_790_000_000, UTC))
    api.delivers("callback_query", press(mother, message=message | {"date": 0}))
    assert content(api) == Press("/hide", datetime.fromtimestamp(0, UTC))


def test_a_press_without_its_message_still_finds_its_chat(api: BotApi, mother: Person) -> None:
    api.delivers("callback_query", press(mother))
    (incoming,) = heard(api)
    assert incoming is not None
    assert (incoming.chat, incoming.content) == (mother.chat_id, Press("/hide"))


def test_who_blocks_the_bot_has_departed_and_who_comes_back_says_nothing(api: BotApi, mother: Person) -> None:
    mother.blocks()
    assert content(api) == Departed()
    mother.unblocks()
    assert content(api) is None


def test_nothing_in_a_group_is_read(api: BotApi, mother: Person) -> None:
    group = api.group("邻里群", mother)
    mother.writes_in_group(group, "我家的事")
    api.delivers("callback_query", press(mother, message={"message_id": 5, "chat": group.chat.about, "date": 0}))
    assert heard(api) == [None, None, None]


@given(st.sampled_from(KINDS), st.integers(0, 10**9))
def test_no_update_of_any_kind_trips_the_channel(kind: str, seed: int) -> None:
    chance = Random(seed)  # noqa: S311 – nothing secret is drawn
    opened = open_update({"update_id": 7, kind: invent(kind, chance)}, NOW)
    assert opened.update is not None
    group_of(opened.update)
    if opened.incoming:
        assert kind in {"message", "edited_message", "callback_query", "my_chat_member"}
        assert opened.incoming.id == "update:7"


@pytest.mark.parametrize("raw", [None, [], "x", {}, {"update_id": "7"}])
def test_what_is_no_update_is_refused(raw: object) -> None:
    with pytest.raises(ValueError, match="not an update"):
        open_update(raw, NOW)


def test_an_update_nobody_can_read_keeps_its_number() -> None:
    opened = open_update({"update_id": 7, "message": {"message_id": 1, "chat": 5, "date": "?"}}, NOW)
    assert (opened.number, opened.update, opened.incoming) == (7, None, None)
