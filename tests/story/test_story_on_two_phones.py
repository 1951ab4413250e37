"""The seed story through Telegram's own protocol, on both databases."""

from __future__ import annotations

import re

from bot.referrals import Status
from bot.workbench.botapi import BotApi
from bot.workbench.botapi.updates import FIRST_ID
from tests.story.process import PATIENCE, SEED, Process, tell_the_seed_story


def test_a_mother_is_led_to_the_right_door_and_told_when_it_opens_and_nothing_told_twice_counts_twice(
    service: Process, api: BotApi
) -> None:
    mother, director, township, court = (api.person(name) for name in ("妈妈", "村儿童主任", "督导员", "法院社工"))
    service.enrol("village_worker", "demo-yangzhong-xinba-village", director)
    service.enrol("township_station", "demo-yangzhong-xinba-station", township)
    service.enrol("court_social_services", "demo-yangzhong-court-social-services", court)

    tell_the_seed_story(mother)

    told = "\n".join(api.sent_to(mother))
    assert told.index("110") < told.index("跟谁在一起"), "danger comes before everything"
    assert "夫妻：由扬中市人民法院社会服务站（演示）来帮" in told
    assert "孩子：由扬中市新坝镇村儿童主任（演示）来帮" in told
    assert "离婚不能免除" in told
    assert re.search(r"\d{4} \d{4} \d{4} \d{4}", told)

    assert "上门看孩子" in director.gets("请您", PATIENCE).text
    township.gets("让您知道", PATIENCE)
    court.gets("请您", PATIENCE)

    accepted = director.presses("我接了")
    director.gets("已记下", PATIENCE)
    notice = mother.gets("您有一条新消息", PATIENCE)
    assert "儿童主任" not in notice.text, "a notice betrays nothing"
    mother.presses("打开")
    mother.gets("已经接下了", PATIENCE)

    [case] = service.cases()
    assert {part.for_whom: part.status for part in case.parts} == {"couple": Status.DELIVERED, "child": Status.ACCEPTED}

    everybody = (mother, director, township, court)
    before = [len(api.sent_to(person)) for person in everybody]
    for update_id in range(FIRST_ID, accepted.update_id + 1):
        api.redeliver(update_id)
    mother.writes("谢谢")
    mother.gets("不客气", PATIENCE)
    assert [len(api.sent_to(person)) for person in everybody] == [before[0] + 1, *before[1:]]
    assert service.cases() == (case,), "not even its revision has changed"

    log = service.log.read_text()
    for private in (SEED, "新坝", case.receipt, mother.chat_id, api.token):
        assert private not in log


def test_told_that_nobody_is_with_the_child_it_is_an_emergency_in_that_very_turn(service: Process, api: BotApi) -> None:
    mother, operator = api.person("妈妈"), api.person("值班员")
    service.enrol("operator", "demo-yangzhong-operator", operator)
    mother.writes(SEED)
    mother.gets("先问最要紧的", PATIENCE)
    mother.writes("孩子现在一个人在家，没人管")
    card = mother.gets("先保证安全", PATIENCE)
    assert "110" in card.text
    assert "120" in card.text
    operator.gets("请马上打 110", PATIENCE)
    operator.presses("我已经打了")
    operator.gets("已记下", PATIENCE)
    [case] = service.cases()
    [child] = [part for part in case.parts if part.for_whom == "child"]
    assert (child.lead, child.risk.word, child.status) == ("police", "emergency", Status.ACCEPTED)
