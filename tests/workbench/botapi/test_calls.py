"""Calls are checked as strictly as Telegram checks them, and refused in its words."""

from __future__ import annotations

import httpx
import pytest

from bot.workbench.botapi import BotApi, Person
from tests.workbench.botapi.conftest import Bot, Clock

NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)


def button(data: str, title: str = "好") -> dict[str, object]:
    """An inline keyboard of one button."""
    return {"inline_keyboard": [[{"text": title, "callback_data": data}]]}


WRONG_MESSAGES: list[tuple[dict[str, object], str]] = [
    ({}, "text is missing"),
    ({"text": 5}, "text must be String"),
    ({"text": "好", "txt": "好"}, "txt is not known"),
    ({"text": "好", "disable_notification": "perhaps"}, "disable_notification must be Boolean"),
    ({"text": "  \n "}, "message text is empty"),
    ({"text": "字" * 4097}, "message is too long"),
    ({"text": "🙏" * 2049}, "message is too long"),
    ({"text": "好</b>", "parse_mode": "HTML"}, "can't parse entities: Unexpected end tag"),
    ({"text": "<b>好", "parse_mode": "HTML"}, "can't parse entities: Can't find end tag"),
    ({"text": "<font>好", "parse_mode": "HTML"}, "can't parse entities: Unsupported start tag"),
    ({"text": "好", "parse_mode": "MarkdownV2"}, "unsupported parse_mode"),
    ({"text": "好", "reply_markup": button("孩" * 22)}, "BUTTON_DATA_INVALID"),
    ({"text": "好", "reply_markup": button("")}, "BUTTON_DATA_INVALID"),
    ({"text": "好", "reply_markup": button("/x", " ")}, "keyboard button text must be non-empty"),
    (
        {"text": "好", "reply_markup": {"inline_keyboard": [[{"text": "好"}]]}},
        "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard",
    ),
    (
        {"text": "好", "reply_markup": {"inline_keyboard": [[{"text": "好", "callbackdata": "/x"}]]}},
        "reply_markup.inline_keyboard[0][0].callbackdata is not known",
    ),
]


def test_wrong_messages_are_refused_in_telegrams_words(bot: Bot, mother: Person) -> None:
    said = [bot.refused("sendMessage", chat_id=mother.chat.id, **params) for params, _ in WRONG_MESSAGES]
    cut = [
        (code, words[: len(expected) + 13]) for (code, words), (_, expected) in zip(said, WRONG_MESSAGES, strict=True)
    ]
    assert cut == [(400, f"Bad Request: {expected}") for _, expected in WRONG_MESSAGES]
    assert [shown.text for shown in mother.sees()] == ["你好"]


@pytest.mark.parametrize("text", ["字" * 4096, "<b>" + "字" * 4096 + "</b>"])
def test_the_limit_is_4096_characters_after_the_markup_is_read(bot: Bot, mother: Person, text: str) -> None:
    assert bot.calls("sendMessage", chat_id=mother.chat.id, text=text, parse_mode="HTML")["ok"]


def test_callback_data_of_64_bytes_is_allowed(bot: Bot, mother: Person) -> None:
    assert bot.calls("sendMessage", chat_id=mother.chat.id, text="好", reply_markup=button("孩" * 21 + "x"))["ok"]


def test_a_call_may_come_as_address_form_multipart_or_json(api: BotApi, mother: Person) -> None:
    address = f"{api.url}/bot{api.token}/sendmessage"
    params = {"chat_id": mother.chat_id, "text": "好", "reply_markup": '{"force_reply": true}'}
    httpx.get(address, params=params)
    httpx.post(address, data=params)
    httpx.post(address, files={name: (None, value.encode()) for name, value in params.items()})
    httpx.post(address, json=params)
    calls = api.transcript("sendMessage")
    assert [(call.ok, call.params) for call in calls] == [
        (True, {"chat_id": mother.chat.id, "text": "好", "reply_markup": {"force_reply": True}})
    ] * 4


def test_a_wrong_token_a_malformed_token_and_an_unknown_method_are_told_apart(api: BotApi, bot: Bot) -> None:
    wrong = httpx.get(f"{api.url}/bot7000000001:{'x' * 35}/getMe")
    assert wrong.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}
    assert wrong.status_code == 401
    assert httpx.get(f"{api.url}/botnonsense/getMe").status_code == 404
    assert bot.refused("sendPigeon") == (404, "Not Found")


def test_a_stranger_cannot_be_written_to_and_whoever_blocked_the_bot_neither(bot: Bot, mother: Person) -> None:
    assert bot.refused("sendMessage", chat_id=5, text="好") == (400, "Bad Request: chat not found")
    mother.blocks()
    said = bot.refused("sendMessage", chat_id=mother.chat.id, text="好")
    assert said == (403, "Forbidden: bot was blocked by the user")
    mother.unblocks()
    assert bot.calls("sendMessage", chat_id=mother.chat.id, text="好")["ok"]


def test_trouble_on_demand_has_no_effect_unless_asked_for(api: BotApi, bot: Bot, mother: Person) -> None:
    api.next_call_fails("sendMessage", 429, retry_after=3)
    api.next_call_fails("sendMessage", 502, taking_effect=True)
    first, second = (bot.calls("sendMessage", chat_id=mother.chat.id, text="好") for _ in range(2))
    assert first == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 3",
        "parameters": {"retry_after": 3},
    }
    assert second["error_code"] == 502
    assert api.sent_to(mother) == ("好",)


def test_an_edit_changes_what_is_seen_and_an_unchanged_one_is_refused(bot: Bot, mother: Person) -> None:
    sent = bot.calls("sendMessage", chat_id=mother.chat.id, text="旧", reply_markup=button("/a"))["result"]
    where = {"chat_id": mother.chat.id, "message_id": sent["message_id"]}
    assert bot.refused("editMessageText", **where, text="旧", reply_markup=button("/a")) == (400, NOT_MODIFIED)
    assert bot.refused("editMessageReplyMarkup", **where, reply_markup=button("/a")) == (400, NOT_MODIFIED)
    assert bot.calls("editMessageReplyMarkup", **where)["ok"]
    assert mother.sees()[-1].titles == ()
    assert bot.calls("editMessageText", **where, text="新")["ok"]
    assert (mother.sees()[-1].text, mother.sees()[-1].edited) == ("新", True)
    assert bot.refused("editMessageText", chat_id=mother.chat.id, message_id=mother.sees()[0].id, text="x") == (
        400,
        "Bad Request: message can't be edited",
    )


def test_messages_of_both_sides_can_be_deleted_for_48_hours(bot: Bot, mother: Person, clock: Clock) -> None:
    young = bot.calls("sendMessage", chat_id=mother.chat.id, text="好")["result"]["message_id"]
    assert bot.calls("deleteMessage", chat_id=mother.chat.id, message_id=young)["ok"]
    clock.passes(hours=48)
    mother.writes("还在吗")
    old, fresh = (shown.id for shown in mother.sees())
    assert bot.refused("deleteMessage", chat_id=mother.chat.id, message_id=old)[1] == (
        "Bad Request: message can't be deleted for everyone"
    )
    assert bot.calls("deleteMessages", chat_id=mother.chat.id, message_ids=[old, fresh, 999])["ok"]
    assert [shown.id for shown in mother.sees()] == [old]


def test_a_button_pressed_long_ago_cannot_be_answered(bot: Bot, mother: Person, clock: Clock) -> None:
    bot.calls("sendMessage", chat_id=mother.chat.id, text="问", reply_markup=button("/a"))
    mother.presses("好")
    query = bot.updates()[-1]["callback_query"]
    assert bot.calls("answerCallbackQuery", callback_query_id=query["id"])["ok"]
    clock.passes(hours=1)
    assert bot.refused("answerCallbackQuery", callback_query_id=query["id"])[0] == 400


def test_the_profile_is_checked_like_everything_else(bot: Bot) -> None:
    assert bot.calls("setMyCommands", commands=[{"command": "x", "description": "收起"}], language_code="zh")["ok"]
    assert bot.refused("setMyCommands", commands=[{"command": "X!", "description": "收起"}])[1] == (
        "Bad Request: BOT_COMMAND_INVALID"
    )
    assert bot.calls("setMyDescription", description="字" * 512)["ok"]
    assert not bot.calls("setMyDescription", description="字" * 513)["ok"]
