"""A task is somebody's until it is done: asked about again, given back, looked for at the start of a shift."""

from __future__ import annotations

from bot.messages import Channel, Press, Text
from bot.referrals import Case, Status
from bot.workbench.demo import Player
from tests.story.house import House, texts

OPERATOR = "demo-yangzhong-operator"
VILLAGE = "demo-yangzhong-xinba-village"
COURT = "demo-yangzhong-court-social-services"
AGAIN = "这件事还没有人接"


def asks_for_a_person(house: House) -> Player:
    mother = house.person("妈妈")
    mother.says(Text("你好"))
    mother.says(Text("找真人"))
    mother.mail()
    return mother


def test_what_nobody_takes_is_asked_about_again_after_ever_longer_and_then_above_too(house: House) -> None:
    operator, supervisor = house.enrols("operator", OPERATOR), house.enrols("supervisor", OPERATOR, "负责人")
    asks_for_a_person(house)
    assert "有人要真人" in texts(operator)
    assert texts(supervisor) == ""
    house.passes(minutes=29)
    assert texts(operator) == ""
    house.passes(minutes=1)
    assert texts(operator).startswith(AGAIN)
    house.passes(minutes=31)
    assert AGAIN in texts(supervisor), "the second time whoever stands above is told as well"
    operator.mail()
    house.passes(minutes=31)
    assert texts(operator) == "", "the third time is an hour and more later"


def test_with_nobody_on_duty_it_waits_for_whoever_comes(house: House) -> None:
    mother = asks_for_a_person(house)
    house.passes(hours=3)
    operator = house.enrols("operator", OPERATOR)
    house.passes(minutes=31)
    assert "有人要真人" in texts(operator)
    operator.says(Press(operator.button("我来").payload))
    operator.says(Text("我是值班的，您说。"))
    assert texts(mother) == "您有一条新消息。"


def test_whoever_comes_on_duty_sees_what_waits_and_takes_it(house: House) -> None:
    operator = house.enrols("operator", OPERATOR)
    operator.says(Press("shift:off"))
    asks_for_a_person(house)
    [reply] = operator.says(Press("shift:on")).replies
    assert "有 1 件事等人接" in reply.text
    assert "要真人" in reply.buttons[0].title
    [card] = operator.says(Press(reply.buttons[0].payload)).replies
    assert "有人要真人" in card.text
    operator.says(Press(card.buttons[0].payload))
    [listed] = operator.says(Press("/cases")).replies
    [held] = operator.says(Press(listed.buttons[0].payload)).replies
    assert "还没记办完" in held.text


def test_what_was_given_back_or_left_at_the_end_of_a_shift_is_anybody_s_again(house: House) -> None:
    first, second = house.enrols("operator", OPERATOR), house.enrols("operator", COURT)
    asks_for_a_person(house)
    texts(second)
    first.mail()
    first.says(Press(first.button("我来").payload))
    first.says(Press(first.button("交回去").payload))
    house.passes(seconds=1)
    assert AGAIN in texts(second)
    first.mail()
    first.says(Press(first.button("我来").payload))
    first.says(Press("shift:off"))
    house.passes(seconds=1)
    assert AGAIN in texts(second)


def test_whoever_has_it_and_does_not_finish_is_asked_and_then_it_is_anybody_s(house: House) -> None:
    first, second = house.enrols("operator", OPERATOR), house.enrols("operator", COURT)
    asks_for_a_person(house)
    first.mail()
    first.says(Press(first.button("我来").payload))
    texts(second)
    texts(first)
    house.passes(hours=24)
    assert "还没记办完" in texts(first)
    assert texts(second) == ""
    house.passes(hours=24)
    assert AGAIN in texts(second)


def test_a_caseworker_s_list_holds_no_tasks(house: House) -> None:
    director = house.enrols("village_worker", VILLAGE)
    asks_for_a_person(house)
    [reply] = director.says(Press("/cases")).replies
    assert reply.buttons == ()


def wants_to_be_erased(house: House) -> tuple[Player, Player, Player]:
    """A mother whose child's part is with the village director, who asked to be erased; a supervisor is there."""
    director, supervisor = house.enrols("village_worker", VILLAGE), house.enrols("supervisor", OPERATOR, "负责人")
    mother = house.person("妈妈")
    house.tells_the_seed_story(mother)
    director.mail()
    director.says(Press(director.button("accept").payload))
    mother.says(Press("/show"))
    mother.says(Press("/erase"))
    assert "已经请负责人来决定" in mother.says(Press("/erase_sure")).replies[-1].text
    mother.mail()
    supervisor.mail()
    return mother, director, supervisor


def test_a_supervisor_lets_a_family_go_and_everything_of_it_ends(house: House) -> None:
    mother, _, supervisor = wants_to_be_erased(house)
    with house.turns.services.store.work() as work:
        contact = work.contacts.by_address(Channel.TERMINAL, mother.chat)
    [reply] = supervisor.says(Press(supervisor.button("现在删除").payload)).replies
    assert "已经停下并删除" in reply.text
    with house.turns.services.store.work() as work:
        assert "已经删除了" in work.outbox.after(contact, mother.seen)[-1][1].text
    house.passes(seconds=1)
    with house.turns.services.store.work() as work:
        assert work.cases.all_open() == ()
        assert work.contacts.by_address(Channel.TERMINAL, mother.chat) is None
    assert [task.kind for task in house.tasks()] == []


def test_kept_it_is_erased_by_itself_some_time_after_the_last_part_has_ended(house: House) -> None:
    mother, director, supervisor = wants_to_be_erased(house)
    supervisor.says(Press(supervisor.button("办完再删").payload))
    assert texts(mother) == "您有一条新消息。"
    assert "办完了会自动删除" in mother.says(Press(mother.button("打开").payload)).replies[0].text
    director.says(Press(director.button("办完了").payload))
    director.says(Press(director.button("弄错了，没有这回事").payload))
    [part] = [part for part in case_of(house, mother).parts if part.for_whom == "child"]
    assert part.status is Status.CLOSED
    house.passes(days=1)
    assert case_of(house, mother) is not None, "there is time to say that it is not settled"
    for _ in range(4):
        house.passes(days=30)
    with house.turns.services.store.work() as work:
        assert work.contacts.by_address(Channel.TERMINAL, mother.chat) is None


def test_only_a_supervisor_decides(house: House) -> None:
    mother, director, supervisor = wants_to_be_erased(house)
    decide = supervisor.button("现在删除").payload
    operator = house.enrols("operator", OPERATOR)
    assert "要负责人来定" in operator.says(Press(decide)).replies[0].text
    assert "要负责人来定" in director.says(Press(decide)).replies[0].text
    assert case_of(house, mother) is not None


def case_of(house: House, mother: Player) -> Case:
    with house.turns.services.store.work() as work:
        contact = work.contacts.by_address(Channel.TERMINAL, mother.chat)
        assert contact is not None
        return work.cases.of_contact(contact.id)[0]
