"""`rightdoor outbox`: what is waiting and why, and what becomes of a message that cannot arrive."""

from __future__ import annotations

import io
import json
from collections.abc import Sequence
from datetime import timedelta

import pytest
from rich.console import Console

from bot.delivery import Courier, Pace
from bot.errors import DeliveryError, InputError
from bot.messages import Channel, Departed, Incoming, Press
from bot.replies import Reply
from bot.store import Priority
from bot.turns.delivered import AfterDelivery
from bot.workbench.outbox import OutboxPage
from tests.story.house import START, House, code_for, texts

LEASE = timedelta(seconds=10)
COURT = "demo-yangzhong-court-social-services"
OPERATOR = "demo-yangzhong-county-centre"


def written(house: House, chat: str, words: Sequence[str], priority: Priority = Priority.USUAL) -> None:
    with house.turns.services.store.work() as work:
        contact = work.contacts.by_address(Channel.TELEGRAM, chat)
        contact = contact or work.contacts.new(Channel.TELEGRAM, chat, house.clock(), "zh")
        for text in words:
            work.outbox.add(contact, "t", Reply(text), kind="reply", due=house.clock(), priority=priority)


def page(house: House) -> list[tuple[int, str, str]]:
    """Number, state and reason of each message."""
    out = io.StringIO()
    OutboxPage(house.turns).show(Console(file=out), as_json=True)
    found = [json.loads(line) for line in out.getvalue().splitlines()]
    return [(line["number"], line["state"], line["why"]) for line in found]


def enrolled_on_telegram(house: House, chat: str, role: str, agency: str) -> None:
    code = code_for(house.turns.services.store, role, agency, house.clock())
    house.turns.take(Incoming(Channel.TELEGRAM, chat, f"{chat}-1", house.clock(), Press(f'/start{{"code":"{code}"}}')))


class Phone:
    """Raises what it was given to raise, one trouble a message, then takes everything."""

    def __init__(self, *troubles: DeliveryError) -> None:
        self.troubles = list(troubles)
        self.arrived: list[str] = []

    def send(self, _: str, reply: Reply) -> str:
        if self.troubles:
            raise self.troubles.pop(0)
        self.arrived.append(reply.text)
        return ""


def carried(house: House, phone: Phone, tries: int = 20) -> None:
    after, services = AfterDelivery(house.turns), house.turns.services
    pace = Pace(chat_rests=0)
    courier = Courier(
        services.store, Channel.TELEGRAM, phone, house.clock, after.sent, after.dead, pace=pace, tries=tries
    )
    courier.run_once()
    courier.close()


def test_the_page_says_of_every_message_why_it_waits(house: House) -> None:
    store = house.turns.services.store
    written(house, "1", ["a", "b"])
    written(house, "2", ["c"])
    with store.work() as work:
        [carried_now, tried] = work.outbox.claim("w", START, LEASE, 2)
        work.outbox.retry(tried.seq, "w", START + timedelta(seconds=40), "DeliveryError")
    written(house, "3", ["d"])
    written(house, "4", ["e"])
    with store.work() as work:
        resting = work.contacts.by_address(Channel.TELEGRAM, "4")
        assert resting is not None
        work.pacing.rest(Channel.TELEGRAM, resting.id, START, timedelta(seconds=5), asked=True)
    house.clock.now += timedelta(seconds=3)
    assert [(state, why) for _, state, why in page(house)] == [
        ("carried", "on its way for 3 s"),
        ("behind", f"behind {carried_now.seq} in its chat"),
        ("paused", "again in 37 s after 1 try: DeliveryError"),
        ("next", "next"),
        ("resting", "its chat rests for 2 s"),
    ]
    house.clock.now += timedelta(minutes=3)
    assert page(house)[0][2].startswith("nobody has come for it in 3 min")


def test_a_dead_letter_is_shown_until_a_human_tries_it_again_or_puts_it_away(house: House) -> None:
    for chat in ("1", "2"):
        written(house, chat, [chat])
    carried(house, Phone(*[DeliveryError("gone", permanent=True)] * 2))
    (first, *_), (second, *_) = page(house)
    assert [state for _, state, _ in page(house)] == ["dead", "dead"]
    OutboxPage(house.turns).retry([first], Console(file=io.StringIO()))
    OutboxPage(house.turns).give_up([second], Console(file=io.StringIO()))
    phone = Phone()
    carried(house, phone)
    assert phone.arrived == ["1"]
    assert page(house) == []
    for number in (first, second, 99):
        with pytest.raises(InputError):
            OutboxPage(house.turns).give_up([number], Console(file=io.StringIO()))


def test_a_message_given_up_by_hand_is_somebodys_task_like_any_other(house: House) -> None:
    operator = house.enrols("operator", OPERATOR)
    written(house, "1", ["a"])
    [(number, _, _)] = page(house)
    OutboxPage(house.turns).give_up([number], Console(file=io.StringIO()))
    assert page(house) == []
    assert [task.kind for task in house.tasks()] == ["undelivered"]
    assert "有消息送不到家属那里" in texts(operator)


def test_a_notice_that_cannot_reach_a_colleague_is_an_operators_task(house: House) -> None:
    operator = house.enrols("operator", OPERATOR)
    enrolled_on_telegram(house, "77", "court_social_services", COURT)
    carried(house, Phone(*[DeliveryError("no answer")] * 2), tries=1)
    assert [task.kind for task in house.tasks()] == ["unreachable"]
    told = texts(operator)
    assert "扬中市人民法院社会服务站" in told
    assert "0000-000-0002" in told


def test_somebody_who_blocked_us_and_was_erased_is_left_alone(house: House) -> None:
    mother = house.turns.services.store
    house.turns.take(Incoming(Channel.TELEGRAM, "1", "1-1", house.clock(), Departed()))
    with mother.work() as work:
        contact = work.contacts.by_address(Channel.TELEGRAM, "1")
        assert contact is not None
        work.outbox.add(contact, "t", Reply("已经删除了。"), kind="reply", due=house.clock())
        work.contacts.erase(contact.id, house.clock())
    carried(house, Phone(DeliveryError("blocked", permanent=True)))
    assert house.tasks() == ()
