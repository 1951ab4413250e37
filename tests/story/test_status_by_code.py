"""Whoever holds the receipt code reads how things stand; who guesses learns nothing and is stopped."""

from __future__ import annotations

from bot.messages import Press, Text
from bot.referrals.receipt import new_receipt
from tests.story.house import House

VILLAGE = "demo-yangzhong-xinba-village"
STATION = "demo-yangzhong-xinba-station"


def asks(house: House, who: str, code: str) -> str:
    return "\n".join(reply.text for reply in house.person(who).says(Text(code)).replies)


def told(house: House) -> str:
    """A family whose child is with the village director; her code."""
    house.enrols("village_worker", VILLAGE)
    house.enrols("township_station", STATION)
    house.tells_the_seed_story(house.person("妈妈"))
    return house.case().receipt


def test_on_another_channel_the_code_finds_the_case_in_plain_words(house: House) -> None:
    code = told(house)
    assert "刚转出去" in asks(house, "外婆", code)


def test_what_was_passed_on_is_said_otherwise_than_what_nobody_took_on_yet(house: House) -> None:
    code = told(house)
    house.clock.now = max(part.deadline for part in house.case().parts)
    house.passes()
    assert "已转给另一处，还没接下" in asks(house, "外婆", code)


def test_somebody_who_slips_once_is_only_asked_to_look_again(house: House) -> None:
    code = told(house)
    assert "没查到" in asks(house, "外婆", new_receipt())
    assert "村儿童主任" in asks(house, "外婆", code)


def test_after_five_wrong_codes_none_is_looked_up_for_an_hour_whatever_else_is_tried(house: House) -> None:
    code = told(house)
    for _ in range(4):
        assert "没查到" in asks(house, "陌生人", new_receipt())
    assert "试的次数太多" in asks(house, "陌生人", new_receipt())
    house.person("陌生人").says(Press("/start_over"))
    assert "试的次数太多" in asks(house, "陌生人", code), "not even the right one"
    house.passes(hours=1)
    assert "村儿童主任" in asks(house, "陌生人", code)


def test_where_violence_is_suspected_the_code_betrays_nothing(house: House) -> None:
    code = told(house)
    house.person("妈妈").says(Press('/answer{"partner_hit":"yes"}'))
    said = asks(house, "陌生人", code)
    assert "有人在办" in said
    assert "扬中" not in said
