"""Whatever arrives: a kind reply or a clear error, nothing lost, no traceback shown."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.errors import StoreUnavailableError
from bot.messages import Attachment, Content, Departed, Edited, Location, Press, Text
from bot.replies import Reply
from bot.store.tables import inbox
from bot.workbench.demo import Player
from tests.story.house import ALONE, SEED, House, texts

OPERATOR = "demo-yangzhong-operator"
VILLAGE = "demo-yangzhong-xinba-village"
STATION = "demo-yangzhong-xinba-station"
SAFETY = "先保证安全"
FIRST_QUESTION = "先问最要紧的"

PAYLOADS = (
    "",
    "/",
    "{}",
    ":::",
    "garbage",
    "/garbage",
    "/answer",
    "/answer{",
    "/answer{}",
    "/answer[1]",
    '/answer{"nope":"yes"}',
    '/answer{"child_age":"seven"}',
    '/answer{"child_age":5}',
    '/answer{"child_age":null}',
    '/answer{"child_age":{"a":1}}',
    '/answer{"child_age":["5to7"]}',
    '/answer{"danger_screen":["none"]}',
    '/answer{"danger_screen":"everything"}',
    '/answer{"consent":"maybe"}',
    '/answer{"consent":{}}',
    '/answer{"understood":"maybe"}',
    '/answer{"contact":7}',
    '/answer{"":""}',
    '/answer{"place":"321182"}',
    '/answer{"screen_danger":"yes"',
    '/answer{"a":' + "[" * 5000,
    "/place",
    '/place{"code":"999999"}',
    '/place{"code":321182}',
    '/place{"code":null}',
    '/place{"list":"nowhere"}',
    '/place{"list":7}',
    '/place{"enough":[]}',
    '/place{"enough":"99"}',
    '/language{"to":7}',
    '/start{"code":5}',
    '/start{"code":""}',
    '/start{"code":{}}',
    "/interview_form",
    "/action_refer",
    '/inform{"x":1}',
    "accept:nothing",
    "decline::",
    "claim:nothing:and:more",
    "/" + "x" * 5000,
)
WORDS = (
    "",
    " ",
    "\n\n",
    "\x00",
    "。。。",
    "😀" * 50,
    "\ud83d",
    "1",
    "0",
    "9" * 12,
    "{}",
    "${x}",
    "{by}",
    "%s",
    "'; --",
)
GARBAGE: tuple[Content, ...] = (
    *map(Press, PAYLOADS),
    *map(Text, WORDS),
    *map(Location, (90.0, -90.0, float("nan"), float("inf")), (180.0, 500.0, 0.0, float("-inf"))),
    Attachment(""),
    Attachment("something new"),
    Edited(""),
    Departed(),
)


def said(replies: tuple[Reply, ...]) -> str:
    return "\n".join(reply.text for reply in replies)


# --- what people write -------------------------------------------------------------------------------------------


def test_ten_thousand_characters_are_kept_whole_and_handed_to_a_person_while_the_danger_question_is_asked(
    house: House,
) -> None:
    mother = house.person("妈妈")
    reply = said(mother.says(Text("他不管家" * 2500)).replies)
    assert "我都收下了" in reply
    assert FIRST_QUESTION in reply
    assert [task.kind for task in house.tasks()] == ["voice"]
    store = house.turns.services.store
    with store.engine.connect() as db:
        rows = db.execute(select(inbox.c.turn, inbox.c.contact, inbox.c.body).where(inbox.c.body.is_not(None))).all()
    kept = [store.keys.get(row.contact).open(row.body, f"inbox/{row.turn}") for row in rows]
    assert [message["text"] for message in kept] == ["他不管家" * 2500]


def test_a_danger_in_ten_thousand_characters_is_still_heard(house: House) -> None:
    result = house.person("妈妈").says(Text("家里的事说来话长。" * 550 + ALONE + "。" + "家里的事说来话长。" * 550))
    assert SAFETY in result.replies[0].text


def test_ten_thousand_characters_full_of_cues_are_read_in_good_time(house: House) -> None:
    began = time.monotonic()
    house.person("妈妈").says(Text((SEED + "。") * 400))
    assert time.monotonic() - began < 3, "0.3 seconds on an idle machine"


def test_fifty_messages_in_one_second_are_each_answered_and_the_last_danger_counts(house: House) -> None:
    mother = house.person("妈妈")
    mother.says(Text(SEED))
    for number in range(49):
        assert mother.says(Text("？" * (number + 1))).replies, "every message gets an answer"
    assert SAFETY in said(mother.says(Text("孩子爸拿刀要砍孩子")).replies)


def test_a_sticker_gets_a_kind_reply_and_the_interview_goes_on(house: House) -> None:
    mother = house.person("妈妈")
    mother.says(Text(SEED))
    reply = said(mother.says(Attachment("sticker")).replies)
    assert "您也可以打字" in reply
    assert FIRST_QUESTION in reply


def test_a_voice_message_becomes_an_operators_task_with_buttons_meanwhile(house: House) -> None:
    operator = house.enrols("operator", OPERATOR)
    mother = house.person("妈妈")
    result = mother.says(Attachment("voice"))
    assert "已经请值班人员来看" in said(result.replies)
    assert any(button.title == "都没有" for reply in result.replies for button in reply.buttons)
    assert [task.kind for task in house.tasks()] == ["voice"]
    assert "有人发来语音或图片" in texts(operator)


@pytest.mark.parametrize(
    "content",
    [
        Text("嗯"),
        Text("抚养权会判给谁"),
        Text("你是机器人吗"),
        Text("字" * 5000),
        Press("/garbage"),
        Press("/help"),
        Attachment("voice"),
        Location(32.2, 119.8),
    ],
    ids=lambda content: str(content)[:30],
)
def test_the_first_thing_anybody_sends_is_met_with_the_emergency_line_and_the_danger_question(
    house: House, content: Content
) -> None:
    reply = said(house.person("人").says(content).replies)
    assert "110" in reply
    assert FIRST_QUESTION in reply


def test_an_edited_message_is_read_as_new_words(house: House) -> None:
    mother = house.person("妈妈")
    mother.says(Text("女儿五岁"))
    result = mother.says(Edited("女儿五岁，孩子现在一个人在家，没人管"))
    assert SAFETY in result.replies[0].text


def test_a_button_from_last_week_is_not_taken_for_an_answer_and_the_question_is_asked_again(house: House) -> None:
    mother = house.person("妈妈")
    mother.says(Text(SEED))
    old = Press(mother.button("都没有").payload, house.clock.now - timedelta(days=7))
    result = mother.says(old)
    assert "这个按钮是之前的了" in said(result.replies)
    assert result.state["asked"] == {"fact": "screen_danger", "child": None}


def test_a_danger_tapped_on_a_button_from_last_week_counts(house: House) -> None:
    mother = house.person("妈妈")
    mother.says(Text(SEED))
    result = mother.says(Press(mother.button("有人有危险或者受了伤").payload, house.clock.now - timedelta(days=7)))
    assert SAFETY in result.replies[0].text


def test_a_place_nobody_knows_is_asked_for_in_other_words_and_a_list_is_offered(house: House) -> None:
    mother = house.person("妈妈")
    mother.says(Text(ALONE))
    result = mother.says(Text("火星基地三号"))
    assert "没找到" in said(result.replies)
    assert result.state["asked"]["fact"] == "place"
    assert any(button.title == "从列表里选" for reply in result.replies for button in reply.buttons)


def test_a_pin_in_the_ocean_is_a_place_nobody_knows(house: House) -> None:
    mother = house.person("妈妈")
    mother.says(Text(ALONE))
    assert "没找到" in said(mother.says(Location(0.0, -150.0)).replies)


def trouble_with(person: Player, content: Content) -> str | None:
    """What went wrong when somebody sent this, None if it was answered."""
    try:
        reply = said(person.says(content).replies)
    except Exception as error:  # noqa: BLE001 – all that is broken is listed, not only the first
        return repr(error)
    if "出了点问题" in reply:
        return "the turn failed"
    return None if reply.strip() or isinstance(content, Departed) else "no reply"


@pytest.mark.parametrize("begins", [None, SEED, ALONE], ids=["a stranger", "in the interview", "asked for the place"])
def test_garbage_from_a_family_is_answered_kindly_and_breaks_nothing(house: House, begins: str | None) -> None:
    broken = {}
    for number, content in enumerate(GARBAGE):
        person = house.person(f"人{number}")
        if begins:
            person.says(Text(begins))
        broken[repr(content)[:80]] = trouble_with(person, content)
    assert {what: why for what, why in broken.items() if why} == {}


def test_garbage_from_a_caseworker_is_answered_kindly_and_breaks_nothing(house: House) -> None:
    director = house.enrols("village_worker", VILLAGE)
    broken = {repr(content)[:80]: trouble_with(director, content) for content in GARBAGE}
    assert {what: why for what, why in broken.items() if why} == {}


# --- people who go away ------------------------------------------------------------------------------------------


def test_somebody_who_told_something_and_blocks_the_bot_becomes_a_humans_task(house: House) -> None:
    operator = house.enrols("operator", OPERATOR)
    mother = house.person("妈妈")
    mother.says(Text(SEED))
    mother.says(Departed())
    assert [task.kind for task in house.tasks()] == ["undelivered"]
    assert "有消息送不到家属那里" in texts(operator)


def test_somebody_who_comes_back_is_served_again(house: House) -> None:
    mother = house.person("妈妈")
    mother.says(Text(SEED))
    mother.says(Departed())
    assert FIRST_QUESTION in said(mother.says(Text("你好")).replies)


def test_a_caseworker_who_blocks_the_bot_gets_no_referral(house: House) -> None:
    director = house.enrols("village_worker", VILLAGE)
    station = house.enrols("township_station", STATION)
    director.says(Departed())
    house.tells_the_seed_story(house.person("妈妈"))
    assert "请您：上门看孩子" in texts(station)


# --- a database that is gone -------------------------------------------------------------------------------------


def test_a_database_that_is_gone_is_a_clear_error_and_nothing_is_taken(house: House, tmp_path: Path) -> None:
    mother = house.person("妈妈")
    mother.says(Text("你好"))
    (tmp_path / "rightdoor.db").rename(tmp_path / "elsewhere.db")
    with pytest.raises(StoreUnavailableError, match="the database is gone"):
        mother.says(Text(SEED))
    (tmp_path / "elsewhere.db").rename(tmp_path / "rightdoor.db")
    assert "明白了" in said(mother.says(Text(SEED)).replies)
