"""A caseworker practises in their own inbox: marked, counted once, in two languages; whatever is real comes first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest

from bot.drills import Book
from bot.drills.exercise import STEPS
from bot.messages import Channel, Content, Edited, Incoming, Press, Text
from bot.replies import Reply
from bot.store import Store
from bot.turns import Turns
from bot.turns.services import Services
from bot.workbench.botapi import BotApi
from bot.workbench.botapi.updates import FIRST_ID
from bot.workbench.demo import Player
from tests.conftest import KEY
from tests.story.house import START, Clock, House, texts
from tests.story.process import PATIENCE, Process, tell_the_seed_story

VILLAGE = "demo-yangzhong-xinba-village"
OPERATOR = "demo-yangzhong-operator"
MARK = "【演练 DRILL】"
HELP = "这里收转给您的事"
LEASE = timedelta(seconds=60)


@pytest.fixture
def house(loaded: Services, database: str) -> Iterator[House]:
    """The service without a server, once on each kind of database."""
    clock = Clock()
    turns = Turns(replace(loaded, store=Store.open(database, master_key=KEY), clock=clock))
    yield House(turns, clock)
    turns.close()


def answers(reply: Reply) -> list[str]:
    """The payloads of the buttons that answer."""
    return [b.payload for b in reply.buttons if b.payload.startswith("drill:") and b.payload != "drill:stop"]


def one(player: Player, content: Content) -> Reply:
    [reply] = player.says(content).replies
    return reply


def book(house: House) -> Book:
    """The book of the one member of staff there is."""
    with house.turns.services.store.work() as work:
        contact = work.contacts.by_address(Channel.TERMINAL, VILLAGE)
        person = work.staff.by_contact(contact.id) if contact else None
        return Book.from_json(work.drills.of(person.id) if person else None)


@pytest.mark.parametrize("begins", [Press("/drill"), Text("练习"), Text("Drill"), Text(" 演练 "), Edited("drill")])
def test_a_case_is_told_asked_marked_and_counted(house: House, begins: Content) -> None:
    director = house.enrols("village_worker", VILLAGE)
    reply = one(director, begins)
    assert "虚构" in reply.text
    assert "第一问" in reply.text
    for _ in STEPS:
        assert reply.text.startswith(MARK)
        reply = one(director, Press(answers(reply)[0]))
    assert reply.text.startswith(MARK)
    assert "为什么：" in reply.text
    assert "《" in reply.text
    kept = book(house)
    assert (kept.number, kept.current, sum(score.asked for score in kept.topics.values())) == (1, None, 3)
    another = one(director, Press(director.button("再来一题").payload))
    assert "第一问" in another.text


def test_it_is_asked_in_english_where_english_is_spoken(house: House) -> None:
    director = house.enrols("village_worker", VILLAGE)
    with house.turns.services.store.work() as work:
        contact = work.contacts.by_address(Channel.TERMINAL, VILLAGE)
        assert contact is not None
        work.contacts.save(replace(contact, language="en"))
    reply = one(director, Text("drill"))
    assert reply.text.startswith(f"{MARK} An invented story")
    for _ in STEPS:
        reply = one(director, Press(answers(reply)[0]))
    assert "Why: " in reply.text
    assert director.button("Another case").payload == "/drill"


def test_a_message_delivered_twice_gets_the_same_reply_and_counts_once(house: House) -> None:
    director = house.enrols("village_worker", VILLAGE)
    reply = one(director, Press("/drill"))
    for number in ("again", "again", "again"):
        incoming = Incoming(Channel.TERMINAL, VILLAGE, number, START, Press(answers(reply)[0]))
        [said] = house.turns.take(incoming).replies
        assert "第二问" in said.text
    assert sum(score.asked for score in book(house).topics.values()) == 1


def test_a_button_tapped_twice_counts_once(house: House) -> None:
    director = house.enrols("village_worker", VILLAGE)
    tapped = Press(answers(one(director, Press("/drill")))[2])
    one(director, tapped)
    assert "没有记分" in one(director, tapped).text
    assert sum(score.asked for score in book(house).topics.values()) == 1


@pytest.mark.parametrize(
    "payload",
    [
        "drill",
        "drill:",
        "drill::",
        "drill:1.0",
        "drill:1.0:9",
        "drill:9.9:0",
        "drill:x:y",
        "drill:1.0:①",
        "drill:1.0:0:0:0",
    ],
)
def test_a_garbled_button_is_met_kindly(house: House, payload: str) -> None:
    director = house.enrols("village_worker", VILLAGE)
    assert one(director, Press(payload)).text.startswith(MARK), "before anything was begun"
    one(director, Press("/drill"))
    assert one(director, Press(payload)).text.startswith(MARK)
    assert house.tasks() == ()


def test_words_that_are_no_answer_are_no_part_of_the_drill(house: House) -> None:
    director = house.enrols("village_worker", VILLAGE)
    assert HELP in one(director, Text("停")).text
    one(director, Press("/drill"))
    for words in ("孩子找到了，在外婆家", "99", "practise"):
        assert HELP in one(director, Text(words)).text
    assert "第二问" in one(director, Text("2")).text
    assert "先到这里" in one(director, Text("停")).text
    assert HELP in one(director, Text("2")).text


@pytest.mark.parametrize("stops", [Press("drill:stop"), Press("/stop"), Text("stop"), Text("停止")])
def test_it_can_be_stopped_at_any_time_and_begun_again(house: House, stops: Content) -> None:
    director = house.enrols("village_worker", VILLAGE)
    one(director, Press("/drill"))
    assert "先到这里" in one(director, stops).text
    assert book(house).current is None
    assert "第一问" in one(director, Press("/drill")).text


def test_a_real_referral_comes_first_and_looks_like_no_drill(house: House) -> None:
    director = house.enrols("village_worker", VILLAGE)
    asked = one(director, Press("/drill"))
    house.tells_the_seed_story(house.person("妈妈"))
    *_, card = director.mail()
    assert MARK not in card.text
    for content in (Press("/drill"), Text("练习"), Press(answers(asked)[0])):
        said = one(director, content)
        assert said.text.startswith(MARK)
        assert "先办真事" in said.text
        assert said.buttons == (), "nothing to practise on while somebody waits"
    assert "先到这里" in one(director, Press("drill:stop")).text
    director.last = (card,)
    assert "已记下" in one(director, Press(director.button("我接了").payload)).text
    assert "第一问" in one(director, Press("/drill")).text


def test_whoever_is_on_a_task_writes_to_the_family_and_practises_later(house: House) -> None:
    operator, mother = house.enrols("operator", OPERATOR), house.person("妈妈")
    one(operator, Press("/drill"))
    mother.says(Text("找真人"))
    assert "有人要真人" in texts(operator)
    one(operator, Press(operator.button("我来").payload))
    mother.mail()
    for words in ("练习", "1", "停"):
        assert "已转给对方" in one(operator, Text(words)).text
    assert "先办真事" in one(operator, Press("/drill")).text


def test_a_referral_overtakes_a_drill_on_its_way_to_the_same_phone(house: House) -> None:
    numbers = count()

    def says(content: Content) -> None:
        house.turns.take(Incoming(Channel.TELEGRAM, "778899", f"update:{next(numbers)}", house.clock(), content))

    with house.turns.services.store.work() as work:
        code = work.staff.invite("village_worker", VILLAGE, "321182", "", START + LEASE, START)
    says(Press(f'/start{{"code":"{code}"}}'))
    with house.turns.services.store.work() as work:
        for parcel in work.outbox.claim("w", START, LEASE, 9):
            work.outbox.done(parcel.seq, START)
    says(Press("/drill"))
    house.tells_the_seed_story(house.person("妈妈"))
    with house.turns.services.store.work() as work:
        [first] = work.outbox.claim("w", START, LEASE, 9)
        assert first.kind == "card"
        work.outbox.done(first.seq, START)
    with house.turns.services.store.work() as work:
        [second] = work.outbox.claim("w", START, LEASE, 9)
        assert second.reply.text.startswith(MARK)


def test_a_family_that_writes_drill_is_a_family(house: House) -> None:
    mother = house.person("妈妈")
    for content in (Press("/drill"), Text("练习"), Press("drill:1.0:0"), Press("drill:stop")):
        assert not any(MARK in reply.text for reply in mother.says(content).replies)


def test_on_telegram_a_drill_is_taken_and_a_real_referral_comes_in_between(service: Process, api: BotApi) -> None:
    mother, director = api.person("妈妈"), api.person("村儿童主任")
    service.enrol("village_worker", VILLAGE, director)
    director.writes("/drill")
    shown = director.gets("第一问", PATIENCE)
    assert shown.text.startswith(MARK)
    pressed = director.presses("紧急")
    director.gets("第二问", PATIENCE)
    api.redeliver(pressed.update_id)

    tell_the_seed_story(mother)
    card = director.gets("请您", PATIENCE)
    assert MARK not in card.text
    director.writes("/drill")
    director.gets("先办真事", PATIENCE)
    director.presses("我接了")
    director.gets("已记下", PATIENCE)

    director.writes("练习")
    director.gets("虚构", PATIENCE)
    second = [shown for shown in director.sees() if shown.from_bot and "第二问" in shown.text][-1]
    director.presses(second.titles[0])
    third = director.gets("第三问", PATIENCE)
    last = director.presses(third.titles[0])
    assert "为什么：" in director.gets("这一题", PATIENCE).text
    before = len(api.sent_to(director))
    for update_id in range(FIRST_ID, last.update_id + 1):
        api.redeliver(update_id)
    director.presses("先到这里")
    director.gets("现在没有在练的题", PATIENCE)
    assert len(api.sent_to(director)) == before + 1
