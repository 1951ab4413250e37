"""Nobody drops out unseen: what is not answered in time, and who falls silent, becomes somebody's by itself."""

from __future__ import annotations

from datetime import timedelta

from bot.messages import Press, Text
from bot.referrals import Status
from bot.turns.moving import Moving
from bot.workbench.demo import Player
from tests.story.house import ALONE, SEED, House, code_for, texts

VILLAGE = "demo-yangzhong-xinba-village"
STATION = "demo-yangzhong-xinba-station"
CENTRE = "demo-yangzhong-county-centre"
OPERATOR = "demo-yangzhong-operator"


def chain(house: House) -> tuple[Player, Player, Player, Player]:
    """Somebody at every level, from the village to the duty desk."""
    return (
        house.enrols("village_worker", VILLAGE),
        house.enrols("township_station", STATION),
        house.enrols("county_centre", CENTRE),
        house.enrols("operator", OPERATOR),
    )


def owner(house: House, for_whom: str = "child") -> str:
    return next(part.owner.agency for part in house.case().parts if part.for_whom == for_whom)


def test_a_referral_nobody_accepts_by_its_deadline_goes_one_level_up_by_itself(house: House) -> None:
    director, station, _, _ = chain(house)
    mother = house.person("妈妈")
    house.tells_the_seed_story(mother)
    assert "上门看孩子" in texts(director)
    station.mail()
    deadline = next(part.deadline for part in house.case().parts if part.for_whom == "child")

    house.clock.now = deadline - timedelta(seconds=1)
    house.passes()
    assert owner(house) == VILLAGE
    assert texts(director).count("还没人接") == 1, "reminded, once"
    assert house.passes() == 0

    house.passes(seconds=1)
    assert owner(house) == STATION
    assert "上门看孩子" in texts(station)
    assert "已经转给扬中市新坝镇未成年人保护工作站" in texts(director)
    assert [(event.move, event.actor.kind) for event in house.moves("child")][-1] == ("escalate", "clock")


def test_the_family_is_told_of_it_by_a_neutral_notice_and_opens_it(house: House) -> None:
    chain(house)
    mother = house.person("妈妈")
    house.tells_the_seed_story(mother)
    house.clock.now = max(part.deadline for part in house.case().parts)
    house.passes()
    assert texts(mother) == "您有一条新消息。"
    opened = mother.says(Press(mother.button("打开").payload))
    assert any("改由扬中市新坝镇未成年人保护工作站" in reply.text for reply in opened.replies)


def test_who_had_it_before_can_no_longer_take_it_and_is_told_who_has_it(house: House) -> None:
    director, station, _, _ = chain(house)
    house.tells_the_seed_story(house.person("妈妈"))
    director.mail()
    accept = Press(director.button("accept").payload)
    house.clock.now = max(part.deadline for part in house.case().parts)
    house.passes()
    [reply] = director.says(accept).replies
    assert "已经不在您这里了" in reply.text
    station.mail()
    [reply] = station.says(Press(station.button("accept").payload)).replies
    assert "已记下" in reply.text


def test_climbing_ends_at_the_duty_desk_and_never_in_nothing(house: House) -> None:
    chain(house)
    house.tells_the_seed_story(house.person("妈妈"))
    owners = [owner(house)]
    for _ in range(6):
        house.clock.now = max(part.deadline for part in house.case().parts)
        house.passes()
        owners.append(owner(house))
        assert all(part.deadline > house.clock.now for part in house.case().parts)
    assert owners == [VILLAGE, STATION, CENTRE, OPERATOR, OPERATOR, OPERATOR, OPERATOR]


def test_what_was_accepted_in_time_stays_where_it_is(house: House) -> None:
    director, *_ = chain(house)
    house.tells_the_seed_story(house.person("妈妈"))
    director.mail()
    director.says(Press(director.button("accept").payload))
    house.passes(days=1)
    assert owner(house) == VILLAGE
    assert [part.status for part in house.case().parts if part.for_whom == "child"] == [Status.ACCEPTED]


def test_an_emergency_whose_call_nobody_records_goes_to_the_next_in_five_minutes(house: House) -> None:
    *_, operator = chain(house)
    house.person("妈妈").says(Text(ALONE))
    assert "请马上打 110" in texts(operator)
    [part] = house.case().parts
    assert part.deadline - house.clock.now == timedelta(minutes=5)
    house.passes(minutes=5)
    [part] = house.case().parts
    assert part.deadline > house.clock.now
    assert "请马上打 110" in texts(operator)


def test_somebody_who_told_something_and_falls_silent_for_ten_minutes_becomes_an_operators_task(house: House) -> None:
    operator = house.enrols("operator", OPERATOR)
    house.person("妈妈").says(Text(SEED))
    house.passes(minutes=9, seconds=59)
    assert house.tasks() == ()
    house.passes(seconds=1)
    assert [task.kind for task in house.tasks()] == ["silent"]
    assert "有人说到一半没声音了" in texts(operator)


def test_writing_again_begins_the_ten_minutes_anew(house: House) -> None:
    mother = house.person("妈妈")
    mother.says(Text(SEED))
    house.passes(minutes=9)
    mother.says(Press(mother.button("都没有").payload))
    house.passes(minutes=9)
    assert house.tasks() == ()
    house.passes(minutes=1)
    assert [task.kind for task in house.tasks()] == ["silent"]


def test_the_same_silence_is_a_task_only_once(house: House) -> None:
    house.person("妈妈").says(Text(SEED))
    for _ in range(3):
        house.passes(minutes=10)
    assert [task.kind for task in house.tasks()] == ["silent"]


def test_a_bare_greeting_followed_by_silence_is_nobodys_task(house: House) -> None:
    house.person("有人").says(Text("你好"))
    house.passes(days=1)
    assert house.tasks() == ()


def test_a_finished_interview_followed_by_silence_is_nobodys_task(house: House) -> None:
    chain(house)
    house.tells_the_seed_story(house.person("妈妈"))
    house.passes(minutes=30)
    assert house.tasks() == ()


def test_the_silent_are_ordered_by_the_risk_known_so_far(house: House) -> None:
    house.person("妈妈").says(Text(SEED))
    house.person("邻居").says(Text(ALONE))
    house.passes(minutes=10)
    silent = [task.risk.name.lower() for task in house.tasks() if task.kind == "silent"]
    assert silent == ["emergency", "none"]


def test_after_two_days_of_outage_everything_moves_one_step_once_and_the_clock_starts_anew(house: House) -> None:
    director, station, *_ = chain(house)
    house.tells_the_seed_story(house.person("妈妈"))
    house.person("邻居").says(Text(SEED))
    director.mail()

    assert house.passes(days=2) == 3, "two parts and one silence"
    assert owner(house) == STATION, "one level, not all of them: nobody there has had a chance yet"
    assert [event.move for event in house.moves("child")].count("escalate") == 1
    assert all(part.deadline > house.clock.now for part in house.case().parts)
    assert [task.kind for task in house.tasks()] == ["silent"]
    assert all(task.due > house.clock.now for task in house.tasks()), "a human gets the whole half hour"
    assert texts(station).count("请您：上门看孩子") == 1
    assert house.passes() == 0


def test_a_supervisor_enrols_like_anybody_and_stands_above_the_duty_desk(house: House) -> None:
    operator = house.enrols("operator", OPERATOR)
    supervisor = house.person("负责人")
    code = code_for(house.turns.services.store, "supervisor", OPERATOR, house.clock())
    [welcome] = supervisor.says(Press(f'/start{{"code":"{code}"}}')).replies
    assert "值班负责人" in welcome.text
    house.person("妈妈").says(Text(ALONE))
    assert "请马上打 110" in texts(operator)
    house.passes(minutes=5)
    assert "请马上打 110" in texts(supervisor)
    assert "已记下" in supervisor.says(Press(supervisor.button("accept").payload)).replies[0].text


def test_once_the_family_writes_again_nobody_waits_for_them_any_longer(house: House) -> None:
    director, *_ = chain(house)
    mother = house.person("妈妈")
    house.tells_the_seed_story(mother)
    director.mail()
    director.says(Press(director.button("accept").payload))
    [part] = [part for part in house.case().parts if part.for_whom == "child"]
    with house.turns.services.store.work() as work:
        person = work.staff.get(part.owner.staff or "")
        assert person is not None
        waiting = Moving(house.turns.services, work, "", house.clock()).await_family(part.id, person).part
    house.clock.now += timedelta(hours=2)
    mother.says(Text("外婆后天能带孩子来"))
    [part] = [part for part in house.case().parts if part.for_whom == "child"]
    assert part.deadline == waiting.deadline - timedelta(days=3) + timedelta(hours=2)
    assert [(event.move, event.actor.kind) for event in house.moves("child")][-1] == ("resume", "family")
