"""A person behind the program: a task for the operator, and words in both directions until it is done."""

from __future__ import annotations

from bot.messages import Press, Text
from bot.workbench.demo import Player
from tests.story.house import SEED, House, texts

OPERATOR = "demo-yangzhong-operator"


def talking(house: House) -> tuple[Player, Player]:
    """A mother who asked for a person, and the operator who took it."""
    operator, mother = house.enrols("operator", OPERATOR), house.person("妈妈")
    mother.says(Text(SEED))
    mother.says(Text("找真人"))
    assert "有人要真人" in texts(operator)
    operator.says(Press(operator.button("我来").payload))
    mother.mail()
    operator.mail()
    return mother, operator


def test_the_operators_words_reach_the_family_behind_a_neutral_notice(house: House) -> None:
    mother, operator = talking(house)
    operator.says(Text("您好，我是值班的小王（虚构）。"))
    assert texts(mother) == "您有一条新消息。"
    opened = mother.says(Press(mother.button("打开").payload))
    assert "我是值班的小王" in opened.replies[0].text


def test_the_familys_words_reach_the_operator_who_took_the_task(house: House) -> None:
    mother, operator = talking(house)
    mother.says(Text("您什么时候方便，我想打电话说"))
    assert "我想打电话说" in texts(operator)


def test_a_danger_told_to_the_operator_still_gets_the_emergency_card_at_once(house: House) -> None:
    mother, _ = talking(house)
    result = mother.says(Text("孩子现在一个人在家，没人管"))
    assert "先保证安全" in result.replies[0].text


def test_a_task_is_one_persons_and_ends_when_they_say_so(house: House) -> None:
    operator, colleague = (
        house.enrols("operator", OPERATOR),
        house.enrols("operator", OPERATOR.replace("operator", "court")),
    )
    house.person("妈妈").says(Text("找真人"))
    operator.mail()
    colleague.mail()
    operator.says(Press(operator.button("我来").payload))
    [late] = colleague.says(Press(colleague.button("我来").payload)).replies
    assert "已经有人接手了" in late.text
    operator.says(Press(operator.button("办完了").payload))
    assert house.tasks() == ()
