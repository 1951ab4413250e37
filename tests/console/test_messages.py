"""Whoever has no Telegram reads at the console what a chat would say, and answers it there: tasks, letters, notes, shifts."""

from __future__ import annotations

import re

import httpx

from bot.messages import Channel, Incoming, Text
from bot.turns import Turns
from bot.turns.corresponding import Corresponding
from bot.turns.tasks import Tasks
from tests.console.conftest import Desk, token
from tests.referrals.world import for_child


def page(browser: httpx.Client) -> str:
    return browser.get("/console/messages?lang=zh").text


def press(browser: httpx.Client, title: str, where: str = "/console/messages") -> str:
    """The newest button of this title; what stands there afterwards."""
    shown = browser.get(where)
    found = re.search(rf'name="press" value="([^"]+)">{re.escape(title)}', shown.text)
    assert found is not None, f"no button {title}"
    nonce = re.findall(r'name="nonce" value="([0-9a-f]+)"', shown.text)[0]
    browser.post("/console/messages", data={"csrf": token(shown), "nonce": nonce, "press": found[1]})
    return page(browser)


def write(browser: httpx.Client, words: str) -> str:
    shown = browser.get("/console/messages")
    nonce = re.findall(r'name="nonce" value="([0-9a-f]+)"', shown.text)[0]
    browser.post("/console/messages", data={"csrf": token(shown), "nonce": nonce, "words": words})
    return page(browser)


def test_a_referral_arrives_with_its_buttons_and_is_taken_on_there(desk: Desk) -> None:
    director = desk.signs_in("director")
    part = for_child(desk.world.family())
    assert "上门看孩子" in page(director)
    assert "已记下：您接了" in press(director, "我接了")
    assert desk.world.history(part)[-1].move == "accept"


def test_a_note_and_a_letter_are_the_next_words(desk: Desk) -> None:
    director = desk.signs_in("director")
    part = for_child(desk.world.family())
    press(director, "我接了")
    press(director, "记一笔")
    write(director, "外婆说孩子在发烧")
    assert desk.world.history(part)[-1].detail["words"] == "外婆说孩子在发烧"
    press(director, "给家里留言")
    assert "转给家里了" in write(director, "周四上午来看孩子。")


def test_what_a_family_leaves_is_read_there(desk: Desk) -> None:
    director = desk.signs_in("director")
    case = desk.world.family()
    press(director, "我接了")
    services = desk.world.services
    with services.store.work() as work:
        family = work.contacts.get(case.contact)
        assert family is not None
        turn = work.inbox.clock(desk.world.now)
        Corresponding(services, work, turn, desk.world.now).from_family(family, for_child(case), "药吃完了")
    assert "药吃完了" in press(director, "看留言")


def test_a_task_is_taken_from_the_list_and_whoever_asked_is_written_to(desk: Desk) -> None:
    operator = desk.signs_in("operator")
    services, now = desk.world.services, desk.world.now
    asked = Incoming(Channel.WEB, "visitor", "1", now, Text("你好"), "zh")
    Turns(services).take(asked)
    with services.store.work() as work:
        contact = work.contacts.by_address(Channel.WEB, "visitor")
        assert contact is not None
        Tasks(services, work, work.inbox.clock(now), now).raise_for(contact, "human_please")
    inbox = operator.get("/console/inbox")
    assert "等人接的事" in inbox.text
    assert "有人要真人" in page(operator)
    press(operator, "我来")
    assert "已转给对方" in write(operator, "我是值班的，您慢慢说。")
    with services.store.work() as work:
        contact = work.contacts.by_address(Channel.WEB, "visitor")
        assert contact is not None
        assert any("新消息" in reply.text for _, reply in work.outbox.after(contact, 0))


def test_the_same_form_sent_twice_counts_once(desk: Desk) -> None:
    director = desk.signs_in("director")
    part = for_child(desk.world.family())
    shown = director.get("/console/messages")
    found = re.search(r'value="(accept:[^"]+)"', shown.text)
    assert found is not None
    form = {"csrf": token(shown), "nonce": "1", "press": found[1]}
    for _ in range(2):
        director.post("/console/messages", data=form)
    assert [event.move for event in desk.world.history(part)] == ["send", "accept"]
    assert page(director).count("已记下：您接了") == 1


def test_a_script_in_a_message_is_shown_as_words(desk: Desk) -> None:
    director = desk.signs_in("director")
    part = for_child(desk.world.family())
    press(director, "我接了")
    press(director, "记一笔")
    write(director, "<script>alert(1)</script>")
    assert desk.world.history(part)[-1].detail["words"] == "<script>alert(1)</script>"
    assert "<script>alert" not in press(director, "看详情")
