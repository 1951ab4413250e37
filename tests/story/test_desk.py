"""A caseworker's desk in a chat: everything in two taps, nothing changed by a button that does not fit, nobody told too much."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.channels.telegram.writing import PAYLOAD_BYTES
from bot.decisions import Risk
from bot.messages import Channel, Incoming, Press, Text
from bot.referrals import Ruled, Status
from bot.replies import Reply
from bot.store import Store
from bot.turns import Turns
from bot.turns.buttons import payload
from bot.turns.services import Services
from bot.workbench.botapi import BotApi
from bot.workbench.soak.replica import PATIENCE
from tests.referrals.world import ALONE, World, for_child
from tests.story.process import Process, tell_the_seed_story

pytestmark = pytest.mark.parametrize("database", ["sqlite"], indirect=True)


class Chats:
    """The county, and everybody's chats."""

    def __init__(self, services: Services) -> None:
        services = replace(services, clock=lambda: self.world.now)
        self.world = World(services)
        self.turns = Turns(services)

    def at(self, post: str, wanted: str) -> str:
        """What the newest button with this title brings back."""
        with self.world.services.store.work() as work:
            contact = work.contacts.get(self.world.people[post].contact or "")
            assert contact is not None
            letters = [reply for _, reply in work.outbox.after(contact, 0)]
        return next(b.payload for reply in reversed(letters) for b in reply.buttons if wanted in b.title)

    def presses(self, post: str, button: str, *, days_old: int = 0) -> Reply:
        """A tap on a button by its payload."""
        return self._says(post, Press(button, self.world.now - timedelta(days=days_old)))

    def taps(self, post: str, *titles: str) -> Reply:
        """Taps on the newest buttons with these titles, one after another."""
        for title in titles:
            reply = self.presses(post, self.at(post, title))
        return reply

    def writes(self, post: str, words: str) -> Reply:
        return self._says(post, Text(words))

    def _says(self, post: str, content: Press | Text) -> Reply:
        with self.world.services.store.work() as work:
            contact = work.contacts.get(self.world.people[post].contact or "")
        assert contact is not None
        number = f"{post}-{next(self.world.numbers)}"
        [reply] = self.turns.take(Incoming(Channel.TELEGRAM, contact.address, number, self.world.now, content)).replies
        return reply

    def looked(self) -> int:
        """How often details were shown."""
        with self.world.services.store.engine.connect() as db:
            found = db.exec_driver_sql("SELECT count(*) FROM audit WHERE action = 'show_details'").scalar()
        return int(found or 0)


@pytest.fixture
def chats(loaded: Services, store: Store) -> Chats:
    return Chats(replace(loaded, store=store))


def test_the_card_tells_no_more_than_is_needed_and_every_look_at_the_rest_is_written_down(chats: Chats) -> None:
    world = chats.world.staffed()
    part = for_child(world.family())
    [card] = world.letters("director")
    assert "上门看孩子" in card
    assert "官司" not in card, "what was told stands behind a button"
    assert chats.looked() == 0
    told = chats.taps("director", "看详情").text
    assert "官司" in told
    assert "接下以后" in told, "whoever has not taken it on needs no telephone number"
    assert chats.looked() == 1
    chats.taps("director", "我接了", "看详情")
    assert chats.looked() == 2
    assert world.part(part).status is Status.ACCEPTED


def test_every_move_takes_two_taps_at_most(chats: Chats) -> None:
    world = chats.world.staffed()
    part = for_child(world.family())
    chats.taps("director", "接不了", "现在忙不过来")
    assert world.part(part).owner.staff == world.people["station"].id
    chats.taps("station", "转给别人", "同事：休假或调岗")
    assert world.part(part).owner.staff == world.people["colleague"].id
    chats.taps("colleague", "我接了", "联系上了")
    assert world.part(part).status is Status.IN_CONTACT
    chats.taps("colleague", "记一笔")
    assert chats.writes("colleague", "奶奶身体不好").text == "已记下。"
    assert "奶奶身体不好" in chats.taps("colleague", "看详情").text
    chats.presses("colleague", payload("card", world.part(part)))
    chats.taps("colleague", "办完了", "弄错了")
    assert world.part(part).status is Status.CLOSED
    reasons = [(event.move, event.reason) for event in world.history(part) if event.reason]
    assert reasons == [("decline", "no_capacity"), ("hand_on", "on_leave"), ("close", "mistaken")]


def test_whoever_it_comes_to_reads_why(chats: Chats) -> None:
    world = chats.world.staffed()
    part = for_child(world.family())
    assert world.letters("director")[-1].count("\n") == 2, "a new referral needs no reason"
    chats.taps("director", "接不了", "现在忙不过来")
    assert "上一家接不了：现在忙不过来。" in world.letters("station")[-1]
    chats.taps("station", "转给别人", "同事：休假或调岗")
    assert "转给您的原因：休假或调岗。" in world.letters("colleague")[-1]
    world.passes(days=5)
    assert "到时间没人接手" in world.letters("centre")[-1]
    with world.moving() as moving:
        moving.nobody_came(part.id)
    assert "家里说还没有人联系。" in world.letters("operator")[-1]


def test_words_are_a_note_only_when_one_was_asked_for(chats: Chats) -> None:
    world = chats.world.staffed()
    part = for_child(world.family())
    chats.taps("director", "我接了", "记一笔")
    world.now += timedelta(hours=1)
    assert "点消息下面的按钮" in chats.writes("director", "晚了一小时").text
    chats.taps("director", "记一笔", "联系上了")
    chats.writes("director", "按了别的按钮以后")
    assert [event for event in world.history(part) if event.move == "note"] == []


def test_a_button_pressed_twice_counts_once(chats: Chats) -> None:
    world = chats.world.staffed()
    part = for_child(world.family())
    accept = chats.at("director", "我接了")
    chats.presses("director", accept)
    before = (world.part(part), world.history(part))
    again = chats.presses("director", accept)
    assert "没有改动" in again.text
    assert "已经接下" in again.text
    assert any(button.title == "联系上了" for button in again.buttons), "what comes next is offered"
    assert (world.part(part), world.history(part)) == before


def test_a_button_two_weeks_old_changes_nothing_and_shows_how_it_stands(chats: Chats) -> None:
    world = chats.world.staffed()
    part = for_child(world.family())
    before = world.part(part)
    reply = chats.presses("director", chats.at("director", "我接了"), days_old=14)
    assert "两个多星期前" in reply.text
    assert world.part(part) == before
    chats.presses("director", next(b.payload for b in reply.buttons if b.title == "我接了"))
    assert world.part(part).status is Status.ACCEPTED


def test_on_an_older_version_both_are_shown_and_who_changed_what(chats: Chats) -> None:
    world = chats.world.staffed()
    part = for_child(world.family())
    decline = chats.at("director", "接不了")
    world.now += timedelta(minutes=1)
    with world.moving() as moving:
        moving.accept(part.id, world.people["supervisor"])
    before = world.part(part)
    reply = chats.presses("director", decline + ":no_capacity")
    assert "您看到的：刚转出去，由扬中市新坝镇村儿童主任" in reply.text
    assert "现在：已经接下" in reply.text
    assert "接下" in reply.text.splitlines()[-1]
    assert world.part(part) == before


def test_a_delivery_or_a_reminder_makes_no_other_version(chats: Chats) -> None:
    world = chats.world.staffed()
    part = for_child(world.family())
    world.carries()
    world.passes(minutes=1)
    with world.moving() as moving:
        case, standing = moving.stand(part.id)
        moving.remind(case, standing)
    chats.presses("director", chats.at("director", "我接了"))
    assert world.part(part).status is Status.ACCEPTED


def test_the_wrong_person_changes_nothing_and_learns_nothing(chats: Chats) -> None:
    world = chats.world.staffed()
    part = for_child(world.family())
    before = world.part(part)
    for verb in ("accept", "decline", "hand", "contact", "visit", "note", "close", "show", "card"):
        reply = chats.presses("elsewhere", payload(verb, before))
        assert "不归您这里" in reply.text, verb
        assert reply.buttons == ()
    assert (world.part(part), chats.looked()) == (before, 0)


def test_every_button_fits_and_carries_ids_and_closed_words_only(chats: Chats) -> None:
    world = chats.world.staffed()
    family = world.family()
    chats.taps("director", "转给别人")
    chats.taps("director", "接不了", "不归我这里管")
    chats.taps("station", "转给别人")
    chats.taps("station", "我接了", "办完了")
    chats.taps("court", "转给别人")
    for post in world.people:
        for carried in world.buttons(post):
            assert len(carried.encode()) <= PAYLOAD_BYTES
            assert carried.isascii()
            assert "demo-" not in carried
            assert family.receipt not in carried


def test_going_off_duty_hands_what_waits_to_a_colleague_and_says_so(chats: Chats) -> None:
    world = chats.world.staffed("station", "colleague", "operator")
    part = for_child(world.family())
    assert world.part(part).owner.staff == world.people["station"].id
    assert "1 件转给了同事" in chats.writes("station", "/shift off").text
    assert world.part(part).owner.staff == world.people["colleague"].id
    assert "没有要办的事" in chats.presses("station", "/cases").text
    other = for_child(world.family())
    assert world.part(other).owner.staff == world.people["colleague"].id, "nothing new comes off duty"
    chats.writes("station", "上班")
    chats.writes("colleague", "下班")
    assert world.part(other).owner.staff == world.people["station"].id
    assert "不在班" in chats.presses("colleague", "/shift").text


def test_with_nobody_else_on_duty_what_waits_stays_and_what_was_taken_on_too(chats: Chats) -> None:
    world = chats.world.staffed("director", "centre")
    first, second = for_child(world.family()), for_child(world.family())
    chats.taps("director", "我接了")
    reply = chats.writes("director", "下班")
    assert "还有 1 件没人接" in reply.text
    assert len(reply.buttons) == 1
    owners = {world.part(part).owner.staff for part in (first, second)}
    assert owners == {world.people["director"].id}


def test_my_cases_are_listed_with_the_overdue_first_and_each_shows_its_card_again(chats: Chats) -> None:
    world = chats.world.staffed("director", "operator")
    later = for_child(world.family())
    world.now += timedelta(minutes=1)
    sooner = for_child(world.family())
    with world.moving() as moving:
        moving.accept(later.id, world.people["director"])
    world.now = world.part(sooner).deadline
    listed = chats.writes("director", "我的案件")
    assert [button.payload for button in listed.buttons] == [f"card:{sooner.id}", f"card:{later.id}"]
    assert "超时" in listed.buttons[0].title
    assert "超时" not in listed.buttons[1].title
    card = chats.presses("director", listed.buttons[1].payload)
    assert "联系上了" in [button.title for button in card.buttons]


def test_what_is_done_now_and_then_stands_behind_one_more_tap(chats: Chats) -> None:
    world = chats.world.staffed("director", "operator")
    part = for_child(world.family())
    chats.taps("director", "我接了")
    chats.presses("director", f"card:{part.id}")
    more = chats.taps("director", "更多")
    assert [button.title for button in more.buttons] == ["等家里先办一件事", "改判"]
    assert "等家里" in chats.taps("director", "等家里先办一件事").text
    assert world.part(part).awaiting is not None
    chats.presses("director", f"card:{part.id}")
    more = chats.taps("director", "更多")
    assert "家里回应了，接着办" in [button.title for button in more.buttons]
    chats.taps("director", "家里回应了，接着办")
    assert world.history(part)[-1].move == "resume"


def test_a_human_decides_otherwise_in_three_taps_and_the_rules_answer_is_kept(chats: Chats) -> None:
    world = chats.world.staffed("director", "operator")
    part = for_child(world.family())
    chats.taps("director", "我接了")
    chats.presses("director", f"card:{part.id}")
    chats.taps("director", "更多", "改判")
    chats.taps("director", "更紧急：紧要", "有规则没问到的情况")
    after = world.part(part)
    assert (after.risk, after.ruled) == (Risk.HIGH, Ruled("village_worker", Risk.MEDIUM))
    assert after.status is Status.ACCEPTED, "whoever keeps their own part has accepted it"


def test_what_was_closed_by_mistake_is_opened_again(chats: Chats) -> None:
    world = chats.world.staffed("director", "operator")
    part = for_child(world.family())
    chats.taps("director", "我接了")
    chats.presses("director", f"close:{part.id}::mistaken")
    chats.presses("director", f"card:{part.id}")
    chats.taps("director", "更多", "重新打开", "误点了办结")
    assert world.part(part).status is Status.SENT


def test_to_somebody_else_more_offers_nothing(chats: Chats) -> None:
    world = chats.world.staffed()
    part = for_child(world.family())
    assert "不归您" in chats.presses("court", f"more:{part.id}").text


@pytest.mark.parametrize(
    ("title", "called"), [("我已经打了", "staff"), ("家里人已经打了", "family"), ("别人", "other")]
)
def test_who_called_110_is_recorded(chats: Chats, title: str, called: str) -> None:
    world = chats.world.staffed("operator")
    part = for_child(world.family(ALONE))
    chats.taps("operator", title)
    assert world.history(part)[-1].detail["called_by"] == called
    assert "打电话的" in chats.taps("operator", "看详情").text


def test_an_emergency_is_not_taken_on_without_saying_who_called_and_its_reminder_asks_too(chats: Chats) -> None:
    world = chats.world.staffed("operator")
    part = for_child(world.family(ALONE))
    asked = chats.presses("operator", f"accept:{part.id}")
    assert "是谁打的" in asked.text
    assert world.part(part).status.waiting
    with world.moving() as moving:
        case, standing = moving.stand(part.id)
        moving.remind(case, standing)
    assert "还没人记下谁打了 110" in world.letters("operator")[-1]
    chats.taps("operator", "家里人已经打了")
    assert world.part(part).status is Status.ACCEPTED


def test_over_telegram_a_press_counts_once_and_an_old_one_is_told_kindly(service: Process, api: BotApi) -> None:
    mother, director = api.person("妈妈"), api.person("村儿童主任")
    service.enrol("village_worker", "demo-yangzhong-xinba-village", director)
    tell_the_seed_story(mother)
    director.gets("请您", PATIENCE)
    director.presses("看详情")
    director.gets("接下以后", PATIENCE)
    director.presses("我接了")
    director.gets("已记下", PATIENCE)
    director.writes("/cases")
    director.gets("您手里有", PATIENCE)
    director.writes("/shift off")
    director.gets("您下班了", PATIENCE)
    assert {part.status for case in service.cases() for part in case.parts if part.child is not None} == {
        Status.ACCEPTED
    }
