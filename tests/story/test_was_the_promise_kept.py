"""The family says whether somebody came and whether it is settled; *no* moves things, silence becomes a human's."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from bot.messages import Channel, Press, Text
from bot.referrals import Part, Status
from bot.store import Store
from bot.store.tables import inquiries
from bot.turns.due import due
from bot.turns.moving import Moving
from bot.workbench.demo import Player
from tests.story.house import SEED, House, texts

VILLAGE = "demo-yangzhong-xinba-village"
STATION = "demo-yangzhong-xinba-station"
COURT = "demo-yangzhong-court-social-services"
OPERATOR = "demo-yangzhong-operator"
ADDRESS = (Channel.TERMINAL, "妈妈")
NEUTRAL = "您有一条新消息。"


def taken_on(house: House) -> tuple[Player, Player]:
    """A mother whose referrals the village director and the court have both taken on."""
    director, _, court, _ = (
        house.enrols("village_worker", VILLAGE),
        house.enrols("township_station", STATION),
        house.enrols("court_social_services", COURT),
        house.enrols("operator", OPERATOR),
    )
    mother = house.person("妈妈")
    house.tells_the_seed_story(mother)
    for worker in (director, court):
        worker.mail()
        worker.says(Press(worker.button("accept").payload))
    works(house, court, "contact", next(p.id for p in everything(house.turns.services.store) if p.for_whom == "couple"))
    read(mother)
    return mother, director


def works(house: House, worker: Player, move: str, part: str, *words: str) -> None:
    """What somebody on staff does, by the move itself."""
    services = house.turns.services
    with services.store.work() as work:
        contact = work.contacts.by_address(Channel.TERMINAL, worker.chat)
        person = work.staff.by_contact(contact.id) if contact else None
        assert person is not None
        getattr(Moving(services, work, work.inbox.clock(house.clock.now), house.clock.now), move)(part, person, *words)


def child(house: House) -> Part:
    return next(part for part in everything(house.turns.services.store) if part.for_whom == "child")


def everything(store: Store) -> tuple[Part, ...]:
    with store.work() as work:
        contact = work.contacts.by_address(*ADDRESS)
        assert contact is not None
        return tuple(part for case in work.cases.of_contact(contact.id) for part in case.parts)


def read(mother: Player) -> str:
    """What she reads when she opens what the notices announced."""
    opened = mother.says(Press("/show")).replies
    mother.mail()
    return "\n".join(reply.text for reply in opened)


def settle(house: House) -> None:
    """The clock does whatever is due now."""
    while due(house.turns.services, house.clock.now):
        pass


def until(house: House, part: Part) -> None:
    house.clock.now = part.deadline
    settle(house)


def close(house: House, director: Player) -> None:
    part = child(house)
    works(house, director, "contact", part.id)
    works(house, director, "close", part.id, "mistaken")
    assert child(house).status is Status.CLOSED
    settle(house)


def moves(house: House) -> list[tuple[str, str]]:
    store, part = house.turns.services.store, child(house)
    with store.work() as work:
        case = work.cases.of_part(part.id)
        assert case is not None
        return [(event.move, event.actor.kind) for event in work.cases.timeline(case.id) if event.part == part.id]


def test_after_the_promised_time_the_family_is_asked_by_a_notice_that_betrays_nothing(house: House) -> None:
    mother, _ = taken_on(house)
    house.clock.now = child(house).deadline - timedelta(seconds=1)
    settle(house)
    assert "联系您了吗" not in read(mother)
    house.clock.now += timedelta(seconds=1)
    settle(house)
    assert texts(mother) == NEUTRAL
    assert "有人联系您了吗" in read(mother)


def test_whoever_was_contacted_says_so_and_it_is_written_down(house: House) -> None:
    mother, _ = taken_on(house)
    until(house, child(house))
    read(mother)
    [reply] = mother.says(Press(mother.button("有人联系我了").payload)).replies
    assert "记下了" in reply.text
    assert moves(house)[-1] == ("confirm", "family")
    [again] = mother.says(Press("/came")).replies
    assert "没有算数" in again.text, "answered once"


def test_nobody_came_goes_one_level_up(house: House) -> None:
    mother, _ = taken_on(house)
    until(house, child(house))
    before = child(house).owner
    read(mother)
    [reply] = mother.says(Press(mother.button("还没人联系我").payload)).replies
    assert "往上催" in reply.text
    assert moves(house)[-1] == ("escalate", "family")
    assert child(house).owner != before
    mother.says(Press("/nobody_came"))
    assert moves(house).count(("escalate", "family")) == 1, "pressing on climbs no further"


def test_it_can_be_said_in_words_and_before_the_time_they_hear_when_they_will_be_asked(house: House) -> None:
    mother, _ = taken_on(house)
    [reply] = mother.says(Text("没人联系我")).replies
    assert "还没到" in reply.text
    house.clock.now = child(house).deadline
    [reply] = mother.says(Text("没人联系我")).replies
    assert "往上催" in reply.text


def test_who_recorded_contact_is_not_asked_about(house: House) -> None:
    mother, director = taken_on(house)
    deadline = child(house).deadline
    works(house, director, "contact", child(house).id)
    house.clock.now = deadline
    settle(house)
    assert "联系您了吗" not in read(mother)


def test_a_question_nobody_answers_becomes_a_humans_task(house: House) -> None:
    taken_on(house)
    until(house, child(house))
    assert "unheard" not in [task.kind for task in house.tasks()]
    house.clock.now += timedelta(days=2)
    settle(house)
    assert "unheard" in [task.kind for task in house.tasks()]


def test_nobody_is_asked_more_than_once_a_day_nor_more_than_three_times(house: House) -> None:
    mother, _ = taken_on(house)
    until(house, child(house))
    asked = []
    for _ in range(12 * 24):
        if "联系您了吗" in read(mother):
            asked.append(house.clock.now)
            mother.says(Press("/nobody_came"))
        house.clock.now += timedelta(hours=1)
        settle(house)
    assert all(later - earlier >= timedelta(days=1) for earlier, later in pairwise(asked))
    assert len(asked) == 3


def test_where_violence_is_suspected_and_nobody_said_that_writing_is_safe_a_human_looks_instead(house: House) -> None:
    mother, _ = taken_on(house)
    mother.says(Press('/answer{"safe_to_write":"no"}'))
    mother.mail()
    until(house, child(house))
    assert texts(mother) == ""
    assert "unheard" in [task.kind for task in house.tasks()]


def test_once_it_is_closed_the_family_is_asked_and_may_agree(house: House) -> None:
    mother, director = taken_on(house)
    close(house, director)
    assert "办好了吗" in read(mother)
    mother.says(Press(mother.button("办好了").payload))
    assert child(house).status is Status.CLOSED
    assert moves(house)[-1] == ("confirm", "family")


def test_not_settled_goes_to_whoever_had_it_and_the_second_time_one_level_up(house: House) -> None:
    mother, director = taken_on(house)
    close(house, director)
    read(mother)
    [reply] = mother.says(Press(mother.button("还没解决").payload)).replies
    assert "重新打开" in reply.text
    assert (child(house).status, child(house).owner.agency) == (Status.SENT, VILLAGE)

    director.mail()
    works(house, director, "accept", child(house).id)
    house.clock.now += timedelta(days=1)
    close(house, director)
    read(mother)
    mother.says(Press("/disagree"))
    assert child(house).owner.agency == STATION


def test_a_closing_nobody_speaks_about_becomes_a_humans_task(house: House) -> None:
    _, director = taken_on(house)
    close(house, director)
    house.clock.now += timedelta(days=2)
    settle(house)
    assert "unagreed" in [task.kind for task in house.tasks()]


def test_a_question_that_cannot_be_put_is_tried_later_and_stands_in_nobodys_way(house: House) -> None:
    taken_on(house)
    store, part = house.turns.services.store, child(house)
    with store.engine.begin() as database:
        database.execute(inquiries.update().values(what="nonsense", due=house.clock.now))
    house.person("路人").says(Text(SEED))
    house.passes(minutes=10)
    assert "silent" in [task.kind for task in house.tasks()]
    assert child(house).owner == part.owner
