"""The family takes back what is theirs to take back; a child in need is not."""

from __future__ import annotations

from bot.messages import Press, Text
from bot.referrals import Status
from bot.workbench.demo import Player
from tests.story.house import House, texts

VILLAGE = "demo-yangzhong-xinba-village"
COURT = "demo-yangzhong-court-social-services"


def mother_of(house: House) -> tuple[Player, Player, Player]:
    director, court = house.enrols("village_worker", VILLAGE), house.enrols("court_social_services", COURT)
    mother = house.person("妈妈")
    house.tells_the_seed_story(mother)
    director.mail()
    court.mail()
    return mother, director, court


def standing(house: House) -> dict[str, Status]:
    return {part.for_whom: part.status for part in house.case().parts}


def test_she_is_asked_once_more_and_nothing_stops_before(house: House) -> None:
    mother, *_ = mother_of(house)
    assert "要撤回您请我们办的事吗" in mother.says(Text("我要撤回")).replies[-1].text
    assert Status.WITHDRAWN not in standing(house).values()


def test_what_is_hers_stops_and_the_childs_part_goes_on_and_she_is_told_so(house: House) -> None:
    mother, director, court = mother_of(house)
    mother.says(Text("我要撤回"))
    [reply] = mother.says(Press(mother.button("确定撤回").payload)).replies
    assert "不能只凭一个人的意思停下" in reply.text
    assert standing(house)["couple"] is Status.WITHDRAWN
    assert standing(house)["child"] is not Status.WITHDRAWN
    assert "家里撤回了" in texts(court)
    assert texts(director) == ""


def test_where_violence_is_suspected_whoever_holds_the_phone_stops_nothing(house: House) -> None:
    mother, *_ = mother_of(house)
    mother.says(Press('/answer{"partner_hit":"yes"}'))
    mother.says(Press("/withdraw_sure"))
    assert Status.WITHDRAWN not in standing(house).values()
    assert "human_please" in [task.kind for task in house.tasks()]


def test_who_has_nothing_open_is_told_so(house: House) -> None:
    stranger = house.person("路人")
    stranger.says(Text("你好"))
    assert "没有可以撤回的事" in stranger.says(Press("/withdraw_sure")).replies[-1].text
