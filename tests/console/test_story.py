"""The seed story in two browsers: a mother in the web chat, a village director and somebody on duty at the console."""

from __future__ import annotations

import re

from bot.messages import Channel, Content, Incoming, Press, Text
from bot.replies import Reply
from bot.turns import Turns
from tests.console.conftest import Desk, token
from tests.console.test_messages import page, press, write
from tests.story.house import SEED


class Mother:
    """Somebody at the web chat."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.said, self.shown = desk, 0, 0

    def says(self, content: Content) -> tuple[Reply, ...]:
        self.said += 1
        incoming = Incoming(Channel.WEB, "visitor", str(self.said), self.desk.world.now, content, "zh")
        return Turns(self.desk.world.services).take(incoming).replies

    def taps(self, title: str) -> tuple[Reply, ...]:
        """The newest button of this title."""
        with self.desk.world.services.store.work() as work:
            contact = work.contacts.by_address(Channel.WEB, "visitor")
            assert contact is not None
            seen = [reply for _, reply in work.outbox.after(contact, 0)]
        return self.says(Press(next(b.payload for r in reversed(seen) for b in r.buttons if b.title == title)))

    def new(self) -> str:
        """What was written to her since she last looked."""
        with self.desk.world.services.store.work() as work:
            contact = work.contacts.by_address(Channel.WEB, "visitor")
            assert contact is not None
            found = work.outbox.after(contact, self.shown)
        self.shown = max([self.shown, *(number for number, _ in found)])
        return "\n".join(reply.text for _, reply in found)


def test_from_the_first_word_to_settled_in_two_browsers(desk: Desk) -> None:
    director, operator = desk.signs_in("director"), desk.signs_in("operator")
    mother = Mother(desk)
    mother.says(Text(SEED))
    for title in ("都没有", "没有别的了", "跟爷爷奶奶、外公外婆等亲戚"):
        mother.taps(title)
    mother.says(Text("江苏扬中新坝镇"))
    for title in ("先不留", "我是爸爸或妈妈", "没有别的孩子了", "可以发，没关系"):
        mother.taps(title)
    assert re.search(r"您的编号：(\d{4} ){3}\d{4}", mother.new())

    listed = director.get("/console/inbox?lang=zh").text
    case = re.search(r"/console/case/([0-9a-f]+)", listed)
    assert case is not None
    shown = director.get(f"/console/case/{case[1]}?lang=zh")
    form = re.search(r'action="(/console/part/[0-9a-f]+/move)[^>]*>.*?name="seen" value="(\d+)"', shown.text, re.DOTALL)
    assert form is not None
    director.post(form[1], data={"csrf": token(shown), "move": "accept", "seen": form[2]})
    assert mother.new() == "您有一条新消息。"
    assert "已经接下了" in "".join(reply.text for reply in mother.says(Press("/show")))

    mother.says(Text("留言"))
    mother.taps("孩子：扬中市新坝镇村儿童主任（演示）")
    mother.says(Text("周四来之前先打个电话"))
    assert "周四来之前先打个电话" in press(director, "看留言")
    press(director, "回话")
    write(director, "好，周四上午九点打给您。")
    mother.new()
    assert "周四上午九点" in "".join(reply.text for reply in mother.says(Press("/show")))

    press(director, "联系上了")
    assert "等人接的事" not in operator.get("/console/inbox?lang=zh").text
    assert "已记下" in page(director)
