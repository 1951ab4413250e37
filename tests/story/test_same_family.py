"""Two people write about one family: a human is asked, merging is theirs, and neither side learns what the other told."""

from __future__ import annotations

from bot.messages import Channel, Press, Text
from bot.referrals import Case, Status
from bot.store.kin import AT_MOST, COMMON
from bot.workbench.demo import Player
from tests.story.house import House, texts

OPERATOR = "demo-yangzhong-operator"
VILLAGE = "demo-yangzhong-xinba-village"
ASKED = "这两件可能是同一家"


def two_write(house: House) -> tuple[Player, Player]:
    """A mother, and later somebody else, with the same story from the same township."""
    mother, father = house.person("妈妈"), house.person("爸爸")
    house.tells_the_seed_story(mother)
    house.passes(minutes=5)
    house.tells_the_seed_story(father)
    return mother, father


def case_of(house: House, player: Player) -> Case:
    with house.turns.services.store.work() as work:
        contact = work.contacts.by_address(Channel.TERMINAL, player.chat)
        assert contact is not None
        return work.cases.of_contact(contact.id)[0]


def child_of(case: Case) -> tuple[Status, str | None]:
    [part] = [part for part in case.parts if part.child is not None]
    return part.status, part.merged


def test_a_human_is_asked_once_and_neither_side_is_told(house: House) -> None:
    operator = house.enrols("operator", OPERATOR)
    mother, father = two_write(house)
    asked = texts(operator)
    assert asked.count(ASKED) == 1
    assert "两个人都不想带" in asked
    mother.mail()
    assert "同一家" not in texts(father)
    father.says(Text("孩子现在跟爷爷奶奶"))
    assert ASKED not in texts(operator)


def test_another_age_or_another_township_is_another_family(house: House) -> None:
    operator = house.enrols("operator", OPERATOR)
    mother, other = house.person("妈妈"), house.person("别人")
    house.tells_the_seed_story(mother)
    other.says(Text("我25岁，和老公要离婚，女儿十二岁，我们俩都不想要她"))
    for title in ("都没有", "没有别的了", "跟爷爷奶奶、外公外婆等亲戚"):
        other.says(Press(other.button(title).payload))
    other.says(Text("江苏扬中新坝镇"))
    assert ASKED not in texts(operator)


def test_once_merged_what_both_ask_for_is_done_once_and_both_codes_tell_how_it_stands(house: House) -> None:
    director = house.enrols("village_worker", VILLAGE)
    operator = house.enrols("operator", OPERATOR)
    mother, father = two_write(house)
    director.mail()
    operator.mail()
    [reply] = operator.says(Press(operator.button("是同一家").payload)).replies
    assert "已并成一家" in reply.text
    status, into = child_of(case_of(house, father))
    assert status is Status.CLOSED
    [stays] = [part for part in case_of(house, mother).parts if part.child is not None]
    assert (into, stays.status.open) == (stays.id, True)
    assert "并到" in texts(director)
    receipt = case_of(house, father).receipt
    lines = [reply.text for reply in father.says(Text(receipt)).replies]
    assert any("新坝镇" in line for line in lines)
    assert not any("办完了" in line for line in lines)


def test_nobody_of_a_merged_family_stops_it_alone(house: House) -> None:
    operator = house.enrols("operator", OPERATOR)
    mother, _ = two_write(house)
    operator.mail()
    operator.says(Press(operator.button("是同一家").payload))
    mother.says(Text("撤回"))
    mother.says(Press("/withdraw_sure"))
    assert all(part.status.open for part in case_of(house, mother).parts)


def test_whoever_works_on_it_sees_what_both_told_and_each_look_is_written_down(house: House) -> None:
    director = house.enrols("village_worker", VILLAGE)
    operator = house.enrols("operator", OPERATOR)
    _, father = two_write(house)
    director.mail()
    card = director.last[0]
    father.says(Text("孩子有残疾"))
    operator.mail()
    operator.says(Press(operator.button("是同一家").payload))
    show = next(b.payload for b in card.buttons if b.payload.startswith("show"))
    assert "同一家另一位说" in director.says(Press(show)).replies[0].text


def test_what_the_other_side_tells_later_reaches_a_human(house: House) -> None:
    operator = house.enrols("operator", OPERATOR)
    _, father = two_write(house)
    operator.mail()
    operator.says(Press(operator.button("是同一家").payload))
    father.says(Text("我妈以前打过孩子"))
    assert "另一位又说了新情况" in texts(operator)


def test_two_families_are_not_asked_about_again(house: House) -> None:
    operator = house.enrols("operator", OPERATOR)
    _, father = two_write(house)
    operator.mail()
    assert "不会再问" in operator.says(Press(operator.button("不是同一家").payload)).replies[0].text
    father.says(Press('/answer{"siblings":"one"}'))
    assert ASKED not in texts(operator)
    assert case_of(house, father).merged_into is None


def test_where_one_side_speaks_of_violence_no_code_tells_anything(house: House) -> None:
    operator = house.enrols("operator", OPERATOR)
    mother, father = two_write(house)
    operator.mail()
    operator.says(Press(operator.button("是同一家").payload))
    mother.says(Press('/answer{"partner_hit":"past"}'))
    [reply] = father.says(Text(case_of(house, father).receipt)).replies
    assert reply.text.startswith("这件事有人在办")


def test_whoever_one_side_says_must_not_know_loses_it(house: House) -> None:
    director = house.enrols("village_worker", VILLAGE)
    operator = house.enrols("operator", OPERATOR)
    mother, father = two_write(house)
    father.says(Press('/answer{"not_my_village":"yes"}'))
    operator.mail()
    same = next(b.payload for reply in operator.last for b in reply.buttons if b.title == "是同一家")
    operator.says(Press(same))
    [stays] = [part for part in case_of(house, mother).parts if part.child is not None]
    assert stays.owner.agency != VILLAGE
    assert director.chat == VILLAGE


def test_what_many_share_says_nothing_and_floods_nobody(house: House) -> None:
    operator = house.enrols("operator", OPERATOR)
    for number in range(COMMON + 3):
        house.tells_the_seed_story(house.person(f"妈妈{number}"))
    before = texts(operator).count(ASKED)
    assert before <= COMMON * AT_MOST
    house.tells_the_seed_story(house.person("又一位妈妈"))
    assert ASKED not in texts(operator)


def test_an_erased_family_is_compared_with_nobody(house: House) -> None:
    operator = house.enrols("operator", OPERATOR)
    mother, father = house.person("妈妈"), house.person("爸爸")
    house.tells_the_seed_story(mother)
    case = case_of(house, mother)
    with house.turns.services.store.work() as work:
        work.cases.erase(case.id)
    house.tells_the_seed_story(father)
    assert ASKED not in texts(operator)
