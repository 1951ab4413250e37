"""Letters both ways: passed on without anybody's number, watched until they are read, danger first, silent where it is not safe."""

from __future__ import annotations

import pytest

from bot.messages import Channel, Departed, Press, Text
from bot.referrals.letters import UNREAD_AT_MOST
from bot.store import Parcel
from bot.turns.corresponding import Corresponding
from bot.turns.delivered import AfterDelivery
from bot.workbench.demo import Player
from tests.story.house import House, texts

OPERATOR = "demo-yangzhong-operator"
VILLAGE = "demo-yangzhong-xinba-village"
COURT = "demo-yangzhong-court-social-services"
LETTER = "孩子这两天发烧，周四来之前先给我打个电话"


def taken_on(house: House, *, guarded: bool = False) -> tuple[Player, Player]:
    """A mother whose child's part the village director has taken on; a duty desk is there."""
    director, mother = house.enrols("village_worker", VILLAGE), house.person("妈妈")
    house.tells_the_seed_story(mother)
    director.mail()
    director.says(Press(director.button("我接了").payload))
    mother.says(Press("/show"))
    if guarded:
        mother.says(Text("他以前打过我"))
        mother.says(Press('/answer{"partner_hit":"past"}'))
    mother.mail()
    director.mail()
    return mother, director


def leaves(mother: Player, words: str = LETTER, to: str = "孩子") -> str:
    """Asks to leave a message for whoever has the child's part, and writes it; what she is told."""
    [asked] = mother.says(Text("留言")).replies
    if len(asked.buttons) > 1:
        mother.says(Press(next(b.payload for b in asked.buttons if b.title.startswith(to))))
    return "\n".join(reply.text for reply in mother.says(Text(words)).replies)


def opened(director: Player) -> str:
    """The letters as the director reads them."""
    return director.says(Press(director.button("看留言").payload)).replies[0].text


def audited(house: House, action: str) -> int:
    with house.turns.services.store.engine.connect() as db:
        found = db.exec_driver_sql("SELECT count(*) FROM audit WHERE action = ?", (action,)).scalar()
    return int(found or 0)


def test_what_the_family_writes_reaches_whoever_has_it_behind_a_button(house: House) -> None:
    mother, director = taken_on(house)
    assert "留言转过去了" in leaves(mother)
    notice = texts(director)
    assert "家里给您留言了" in notice
    assert "发烧" not in notice
    assert audited(house, "read_letters") == 0
    assert LETTER in opened(director)
    assert audited(house, "read_letters") == 1


def test_several_letters_are_announced_once_and_read_together(house: House) -> None:
    mother, director = taken_on(house)
    leaves(mother)
    leaves(mother, "药吃完了")
    assert texts(director).count("家里给您留言了") == 1
    assert LETTER in (read := opened(director))
    assert "药吃完了" in read


def test_the_answer_comes_behind_the_neutral_notice_and_can_be_answered(house: House) -> None:
    mother, director = taken_on(house)
    leaves(mother)
    director.mail()
    opened(director)
    assert "下一条会转给家里" in director.says(Press(director.button("回话").payload)).replies[0].text
    mother.mail()
    assert "转给家里了" in director.says(Text("好，周四上午九点先打给您。")).replies[0].text
    assert texts(mother) == "您有一条新消息。"
    [shown] = mother.says(Press(mother.button("打开").payload)).replies
    assert "周四上午九点" in shown.text
    assert shown.buttons[0].payload == "/message"


def test_danger_in_a_letter_is_answered_first_and_the_letter_still_arrives(house: House) -> None:
    operator = house.enrols("operator", OPERATOR)
    mother, _ = taken_on(house)
    [asked] = mother.says(Text("留言")).replies
    mother.says(Press(next(b.payload for b in asked.buttons if b.title.startswith("孩子"))))
    replies = mother.says(Text("他正拿刀要杀我")).replies
    assert "110" in replies[0].text
    assert any("留言转过去了" in reply.text for reply in replies)
    assert "家里给您留言了" in texts(operator), "the child's part is with the duty desk now"


def test_words_that_steer_are_no_letter(house: House) -> None:
    mother, director = taken_on(house)
    mother.says(Text("留言"))
    assert "值班人员" in mother.says(Text("找真人")).replies[0].text
    assert "留言" not in texts(director)


def test_what_comes_much_later_is_no_letter(house: House) -> None:
    mother, director = taken_on(house)
    [asked] = mother.says(Text("留言")).replies
    mother.says(Press(next(b.payload for b in asked.buttons if b.title.startswith("孩子"))))
    house.passes(minutes=31)
    texts(director)
    mother.says(Text("谢谢"))
    assert "留言" not in texts(director)


def test_before_anything_was_passed_on_nobody_would_get_it_and_that_is_said(house: House) -> None:
    mother = house.person("妈妈")
    mother.says(Text("你好"))
    assert "还没有转出去的事" in mother.says(Text("我要留言")).replies[0].text


def test_what_nobody_reads_in_time_is_the_duty_desk_s(house: House) -> None:
    operator = house.enrols("operator", OPERATOR)
    mother, _ = taken_on(house)
    leaves(mother)
    operator.mail()
    for _ in range(3):
        house.passes(days=1)
    assert "家里留了言，没有人看" in texts(operator)
    assert LETTER in operator.says(Press(operator.button("看留言").payload)).replies[0].text


def test_where_nobody_has_a_chat_it_goes_to_the_duty_desk_at_once(house: House) -> None:
    mother, director = taken_on(house)
    operator = house.enrols("operator", OPERATOR)
    director.says(Departed())
    leaves(mother)
    assert "家里留了言，没有人看" in texts(operator)


def test_an_unread_letter_follows_the_part_to_whoever_has_it_next(house: House) -> None:
    mother, director = taken_on(house)
    leaves(mother)
    colleague = house.enrols("village_worker", VILLAGE, "同事")
    director.mail()
    director.says(Press("/cases"))
    [cases] = director.says(Press("/cases")).replies
    [card] = director.says(Press(cases.buttons[0].payload)).replies
    [hand] = director.says(Press(next(b.payload for b in card.buttons if "转给" in b.title))).replies
    director.says(Press(hand.buttons[0].payload))
    assert "家里给您留言了" in texts(colleague)
    assert LETTER in opened(colleague)


def test_what_the_family_does_not_open_is_told_to_whoever_wrote_it(house: House) -> None:
    _, director = taken_on(house)
    director.says(Press(director.button("给家里留言").payload))
    director.says(Text("周四来看孩子。"))
    for _ in range(8):
        house.passes(days=1)
    assert "家里一直没打开您的留言" in texts(director)


def test_when_the_family_has_blocked_us_whoever_wrote_hears_it_at_once(house: House) -> None:
    mother, director = taken_on(house)
    director.says(Press(director.button("给家里留言").payload))
    director.says(Text("周四来看孩子。"))
    with house.turns.services.store.work() as work:
        contact = work.contacts.by_address(Channel.TERMINAL, mother.chat)
        assert contact is not None
        notice = Parcel(1, contact.id, Channel.TELEGRAM, "", None, "notice", None, 1)
        AfterDelivery(house.turns).dead(work, notice, house.clock(), blocked=True)
    assert "家里一直没打开您的留言" in texts(director)


def test_where_violence_is_suspected_nothing_goes_out_and_the_reader_is_warned(house: House) -> None:
    mother, director = taken_on(house, guarded=True)
    [asked] = mother.says(Text("留言")).replies
    assert asked.buttons == (), "a choice would tell who has what"
    mother.says(Text("我们没事了，不用来"))
    mother.mail()
    assert "不一定是求助的人" in opened_any(director)
    part = next(b.payload.split(":")[1] for b in director.last[-1].buttons)
    assert "没有发出去" in director.says(Press(f"write:{part}")).replies[0].text
    director.says(Text("周四来看您"))
    assert texts(mother) == ""


def test_somebody_else_s_part_cannot_be_written_to(house: House) -> None:
    mother, director = taken_on(house)
    part = house.moves("child")[0].part
    stranger = house.person("别人")
    stranger.says(Text("你好"))
    stranger.says(Press(f'/message{{"to":"{part}"}}'))
    stranger.says(Text("她在哪儿"))
    assert "留言" not in texts(director)
    assert mother.chat != stranger.chat


def test_when_so_many_are_unread_a_human_comes_instead_of_one_more(house: House) -> None:
    mother, director = taken_on(house)
    for number in range(UNREAD_AT_MOST):
        assert "留言转过去了" in leaves(mother, f"第{number}条")
    [asked] = mother.says(Text("留言")).replies
    child = next(b.payload for b in asked.buttons if b.title.startswith("孩子"))
    assert "已经告诉值班人员了" in mother.says(Press(child)).replies[0].text
    assert "第9条" in opened_any(director)


def test_a_letter_that_cannot_be_looked_at_stands_in_nobody_s_way(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    operator = house.enrols("operator", OPERATOR)
    mother, _ = taken_on(house)
    leaves(mother)
    silent = house.person("别人")
    operator.mail()

    def breaks(*_: object) -> None:
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr(Corresponding, "look", breaks)
        house.passes(days=1)
        silent.says(Text("孩子没人管，我要离婚"))
        house.passes(minutes=20)
    assert "说到一半没声音了" in texts(operator), "the rest of the clock's work is done"
    house.passes(minutes=10)
    assert "家里留了言，没有人看" in texts(operator)


def test_what_was_written_is_gone_once_the_family_is_erased(house: House) -> None:
    mother, director = taken_on(house)
    leaves(mother)
    director.mail()
    button = director.button("看留言").payload
    with house.turns.services.store.work() as work:
        contact = work.contacts.by_address(Channel.TERMINAL, mother.chat)
        assert contact is not None
        work.contacts.erase(contact.id, house.clock())
    assert "没有留言" in director.says(Press(button)).replies[0].text


def opened_any(director: Player) -> str:
    director.mail()
    return opened(director)
