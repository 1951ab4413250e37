"""Moves as people make them: loaded, checked, saved and told in one transaction, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread

import pytest

from bot.decisions import Risk
from bot.errors import InputError, MoveNotAllowedError, NotYoursError, StaleVersionError
from bot.facts import Answer, Source
from bot.referrals import Case, Part, Role, Ruled, Status
from bot.store import Store
from bot.turns.buttons import stamp
from bot.turns.moving import Moving
from bot.turns.services import Services
from tests.referrals.world import ALONE, START, World, for_child


@pytest.fixture
def world(loaded: Services, store: Store) -> Iterator[World]:
    return World(replace(loaded, store=store)).staffed()


def answer(fact: str, value: str, child: int | None = None) -> Answer:
    return Answer(fact, child, value, Source.OPERATOR, START)


def agency(world: World, post: str) -> str:
    return world.people[post].agency


def accepted(world: World, part: Part) -> Part:
    with world.moving() as moving:
        return moving.accept(part.id, world.people["director"]).part


def test_what_has_not_gone_out_when_a_part_is_over_never_does(world: World) -> None:
    part = for_child(world.family())
    assert any("请您" in letter for letter in world.letters("director"))
    with world.moving() as moving:
        moving.withdraw(part.id, world.people["supervisor"])
    for post in ("director", "station", "centre"):
        assert not any("请您" in letter or "村儿童主任" in letter for letter in world.letters(post)), post


def test_whoever_is_asked_again_before_the_card_went_out_keeps_their_place_in_the_row(
    loaded: Services, store: Store
) -> None:
    world = World(replace(loaded, store=store)).staffed("operator")
    part = for_child(world.family())
    numbers = []
    for _ in range(3):
        with store.work() as work:
            contact = work.contacts.get(world.people["operator"].contact or "")
            assert contact is not None
            cards = [n for n, r in work.outbox.after(contact, 0) if any(part.id in b.payload for b in r.buttons)]
        numbers.append(cards)
        world.passes(seconds=(world.part(part).deadline - world.now).total_seconds())
    assert numbers[0] == numbers[1] == numbers[2]
    assert len(numbers[0]) == 1
    with store.work() as work:
        [newest] = [r for n, r in work.outbox.after(contact, 0) if n in numbers[0]]
    assert any(stamp(world.part(part)) in button.payload for button in newest.buttons), "it says how it stands now"


def test_of_two_who_accept_at_the_same_moment_one_has_it_and_the_other_is_told_who(world: World) -> None:
    part = for_child(world.family())
    with world.moving() as moving:
        part = moving.hand_on(part.id, world.people["operator"], "better_placed", agency(world, "station")).part
    start, refused = Barrier(2), []

    def takes(post: str) -> None:
        start.wait()
        try:
            with world.moving() as moving:
                moving.accept(part.id, world.people[post], seen=part.revision)
        except StaleVersionError as error:
            refused.append(error)

    threads = [Thread(target=takes, args=(post,)) for post in ("station", "colleague")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    [error] = refused
    now = world.part(part)
    assert (now.status, error.by, error.seen) == (Status.ACCEPTED, now.owner.staff, part.revision)
    assert error.theirs == now
    assert [event.move for event in world.history(part)].count("accept") == 1


def test_a_move_on_a_version_that_is_no_longer_the_newest_changes_nothing(world: World) -> None:
    part = for_child(world.family())
    now = accepted(world, part)
    with pytest.raises(StaleVersionError) as stale, world.moving() as moving:
        moving.decline(part.id, world.people["director"], "no_capacity", seen=part.revision)
    assert stale.value.theirs == now
    assert world.part(part) == now


def test_who_does_not_have_a_part_moves_nothing(world: World) -> None:
    part = for_child(world.family())
    for post in ("station", "elsewhere"):
        with pytest.raises(NotYoursError), world.moving() as moving:
            moving.accept(part.id, world.people[post])
    assert world.part(part).status is Status.SENT


def test_unknown_words_are_refused_with_the_nearest_one(world: World) -> None:
    part = for_child(world.family())
    with pytest.raises(InputError, match="did you mean 'no_capacity'"), world.moving() as moving:
        moving.decline(part.id, world.people["director"], "no_capasity")
    with pytest.raises(InputError, match="neither a service nor an agency"), world.moving() as moving:
        moving.hand_on(part.id, world.people["director"], "moved", "demo-closed-long-ago")
    with pytest.raises(InputError, match="no part"), world.moving() as moving:
        moving.accept("nothing", world.people["director"])


def test_whoever_knows_the_people_is_passed_over_for_a_colleague_and_hears_no_more(world: World) -> None:
    part = for_child(world.family())
    with world.moving() as moving:
        moving.hand_on(part.id, world.people["director"], "better_placed", agency(world, "station"))
    with world.moving() as moving:
        declined = moving.decline(part.id, world.people["station"], "conflict").part
    assert declined.owner.staff == world.people["colleague"].id
    letters = len(world.letters("station"))
    with world.moving() as moving:
        moving.decline(part.id, world.people["colleague"], "no_capacity")
    world.passes(days=1)
    with pytest.raises(MoveNotAllowedError), world.moving() as moving:
        moving.hand_on(part.id, world.people["supervisor"], "better_placed", world.people["station"].id)
    assert len(world.letters("station")) == letters


def test_once_the_village_may_be_involved_it_loses_the_part_and_hears_no_more_of_it(world: World) -> None:
    case = world.family()
    part = for_child(case)
    world.carries()
    before = len(world.letters("director"))
    with world.moving() as moving:
        moving.learnt(case, part, [answer("not_my_village", "yes")])
    assert world.part(part).level == "township_station"
    for _ in range(8):
        world.passes(days=3)
    with world.moving() as moving, pytest.raises(MoveNotAllowedError):
        moving.hand_on(part.id, world.people["supervisor"], "better_placed", "village_worker")
    levels = {event.detail["to"].split("/")[0] for event in world.history(part) if "to" in event.detail}
    assert agency(world, "director") not in levels
    assert len(world.letters("director")) == before


def test_the_chain_ends_with_a_supervisor_who_is_asked_again_after_ever_longer(world: World) -> None:
    part = for_child(world.family())
    owners, pauses = [], []
    for _ in range(14):
        world.passes(seconds=(world.part(part).deadline - world.now).total_seconds())
        now = world.part(part)
        owners.append(now.owner.staff)
        pauses.append(now.deadline - world.now)
    chain = [world.people[post].id for post in ("station", "centre", "operator", "supervisor")]
    assert list(dict.fromkeys(owners)) == chain
    assert max(pauses[-3:]) >= timedelta(days=1)


def test_two_days_down_move_each_part_one_step_and_remind_nobody_of_what_is_past(world: World) -> None:
    parts = [for_child(world.family()) for _ in range(3)]
    assert world.passes(days=2) == 3, "the child's part of three families; a court has more time"
    assert world.passes() == 0
    for part in parts:
        assert [event.move for event in world.history(part)] == ["send", "escalate"]
        assert world.part(part).deadline > world.now


def test_a_clock_that_had_run_a_year_ahead_costs_one_step_and_loses_no_deadline(world: World) -> None:
    part = for_child(world.family())
    world.passes(days=365)
    world.passes(days=-365)
    now = world.part(part)
    assert [event.move for event in world.history(part)] == ["send", "escalate", "reset"]
    assert timedelta() < now.deadline - world.now < timedelta(days=4)
    assert world.passes() == 0


def test_an_emergency_nobody_is_enrolled_for_is_not_lost_and_finds_whoever_comes_on_duty(
    loaded: Services, store: Store
) -> None:
    world = World(replace(loaded, store=store))
    part = world.family(ALONE).parts[0]
    assert (part.level, part.owner.staff, part.deadline - world.now) == ("operator", None, timedelta(minutes=5))
    world.staffed("operator")
    world.passes(minutes=5)
    assert world.part(part).owner.staff == world.people["operator"].id
    assert any("110" in letter for letter in world.letters("operator"))


def test_an_accepted_part_without_contact_goes_up_after_a_reminder(world: World) -> None:
    part = accepted(world, for_child(world.family()))
    world.passes(seconds=(part.deadline - world.now).total_seconds() - 1)
    assert "这件事在您手里" in world.letters("director")[-1]
    world.passes(seconds=1)
    now = world.part(part)
    assert (now.status, now.level) == (Status.SENT, "township_station")
    assert [event.move for event in world.history(part)] == ["send", "accept", "remind", "escalate"]


def test_months_of_visits_are_dated_by_the_plan_and_each_finding_brings_the_next(world: World) -> None:
    part = accepted(world, for_child(world.family()))
    with world.moving() as moving:
        moving.contact(part.id, world.people["director"])
        following = moving.finish(part.id, world.people["director"], "done").part
    assert following.status is Status.FOLLOWING_UP
    for month in range(1, 7):
        world.passes(seconds=(START + timedelta(days=30 * month) - world.now).total_seconds())
        with world.moving() as moving:
            stand = moving.visit(part.id, world.people["director"], "well")
            owed = [visit for visit in moving.work.visits.of(stand.case.id, part.id) if visit.owed]
        assert len(owed) == 6 - month
        if owed:
            assert stand.part.deadline == START + timedelta(days=30 * (month + 1) + 3)
    with world.moving() as moving:
        closed = moving.finish(part.id, world.people["director"], "done").part
    assert closed.status is Status.CLOSED
    moves = [event.move for event in world.history(part)]
    assert (moves.count("visit"), moves.count("remind"), moves.count("escalate")) == (6, 6, 0)


def test_a_visit_nobody_makes_goes_up_and_visits_to_come_are_no_reason_to_forget(world: World) -> None:
    part = accepted(world, for_child(world.family()))
    with world.moving() as moving:
        following = moving.finish(part.id, world.people["director"], "done").part
    with world.moving() as moving, pytest.raises(MoveNotAllowedError, match="visits to come"):
        moving.close(part.id, world.people["director"], "done")
    world.passes(seconds=(following.deadline - world.now).total_seconds())
    assert world.part(part).level == "township_station"
    with world.moving() as moving:
        moving.accept(part.id, world.people["station"])
        assert moving.close(part.id, world.people["station"], "moved_away").part.status is Status.CLOSED
    assert world.passes(days=365) == 0 or world.part(part).status is Status.CLOSED


def test_danger_found_on_a_visit_is_an_emergency_in_that_very_turn(world: World) -> None:
    part = accepted(world, for_child(world.family()))
    with world.moving() as moving:
        moving.contact(part.id, world.people["director"])
        found = [answer("child_with_now", "nobody", 0), answer("child_age", "5to7", 0)]
        now = moving.visit(part.id, world.people["director"], "danger", facts=found).part
    assert (now.risk, now.status) == (Risk.EMERGENCY, Status.SENT)
    assert now.deadline - world.now == timedelta(minutes=5)
    assert [event.move for event in world.history(part)][-2:] == ["visit", "redirect"]


def test_a_human_s_lead_is_kept_beside_the_rules_and_stands_until_they_find_it_graver(world: World) -> None:
    case = world.family()
    part = accepted(world, for_child(case))
    with world.moving() as moving:
        now = moving.overrule(part.id, world.people["director"], "worse_than_told", lead="county_centre").part
    assert (now.lead, now.owner.agency) == ("county_centre", agency(world, "centre"))
    assert now.ruled == Ruled("village_worker", Risk.MEDIUM)
    stand = world.case(case)
    with world.moving() as moving:
        moving.learnt(stand, now, [answer("siblings", "no")])
    assert world.part(part).lead == "county_centre"
    stand = world.case(case)
    with world.moving() as moving:
        moving.learnt(stand, now, [answer("child_with_now", "nobody", 0), answer("child_age", "5to7", 0)])
    assert world.part(part).risk is Risk.EMERGENCY


def test_whoever_raises_the_risk_of_their_own_part_keeps_it_in_its_new_time(world: World) -> None:
    part = accepted(world, for_child(world.family()))
    with world.moving() as moving:
        now = moving.overrule(part.id, world.people["director"], "worse_than_told", risk=Risk.HIGH).part
    assert (now.status, now.owner, now.risk) == (Status.ACCEPTED, part.owner, Risk.HIGH)
    assert world.case(world.family()).risk is Risk.MEDIUM


def test_the_family_s_no_goes_up_at_once_and_opens_again_what_was_closed(world: World) -> None:
    part = accepted(world, for_child(world.family()))
    with world.moving() as moving:
        assert moving.nobody_came(part.id).part.level == "township_station"
    with world.moving() as moving:
        moving.accept(part.id, world.people["station"])
        moving.close(part.id, world.people["station"], "mistaken")
    with world.moving() as moving:
        again = moving.nobody_came(part.id).part
    assert (again.status, again.level) == (Status.SENT, "county_centre")
    assert world.history(part)[-1].reason == "nobody_came"
    assert world.history(part)[-1].actor.kind == Role.FAMILY


def test_what_was_closed_stays_closed_when_the_same_is_told_again_and_opens_for_something_graver(world: World) -> None:
    case = world.family()
    part = accepted(world, for_child(case))
    with world.moving() as moving:
        moving.close(part.id, world.people["director"], "with_kin")
    stand = world.case(case)
    with world.moving() as moving:
        case = moving.learnt(stand, part, [answer("siblings", "no")]).case
    assert (len(case.parts), world.part(part).status) == (2, Status.CLOSED)
    stand = world.case(case)
    with world.moving() as moving:
        case = moving.learnt(stand, part, [answer("child_with_now", "nobody", 0), answer("child_age", "5to7", 0)]).case
    assert (world.part(part).status, world.part(part).risk) == (Status.SENT, Risk.EMERGENCY)
    assert world.history(part)[-1].move == "reopen"


def test_a_turn_that_fails_before_its_end_has_moved_nothing_and_told_nobody(world: World) -> None:
    part = for_child(world.family())
    letters = len(world.letters("station"))

    def half_a_turn() -> None:
        with world.moving() as moving:
            moving.decline(part.id, world.people["director"], "no_capacity")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        half_a_turn()
    assert world.part(part) == part
    assert len(world.letters("station")) == letters
    assert len(world.history(part)) == 1


def test_while_the_family_is_awaited_nobody_is_reminded_nor_passed_over(world: World) -> None:
    part = accepted(world, for_child(world.family()))
    with world.moving() as moving:
        waiting = moving.await_family(part.id, world.people["director"]).part
    assert waiting.awaiting == world.now + timedelta(days=3)
    assert world.passes(days=3) == 0 or world.part(part).status is Status.ACCEPTED
    with world.moving() as moving:
        assert moving.answered(part.id) is None, "the time for waiting is over"
    world.passes(seconds=(waiting.deadline - world.now).total_seconds())
    assert world.part(part).level == "township_station"


def test_a_card_that_has_not_gone_out_never_reaches_whoever_lost_the_part(world: World) -> None:
    case = world.family()
    part = for_child(case)
    assert any("上门看孩子" in letter for letter in world.letters("director"))
    with world.moving() as moving:
        moving.learnt(case, part, [answer("not_my_village", "yes")])
    assert not any("上门看孩子" in letter for letter in world.letters("director"))
    assert any(f"accept:{part.id}" in payload for payload in world.buttons("station"))


def test_what_is_out_already_stays_out(world: World) -> None:
    part = for_child(world.family())
    world.carries()
    world.passes(seconds=(part.deadline - world.now).total_seconds())
    assert any("上门看孩子" in letter for letter in world.letters("director"))


def test_what_is_grave_is_not_kept_waiting_by_what_waited_longer(world: World) -> None:
    waiting = for_child(world.family())
    world.now = waiting.deadline
    grave = world.family(ALONE).parts[0]
    world.now = grave.deadline
    with world.services.store.work() as work:
        found = work.cases.awake(world.now)
    assert found is not None
    assert found[1].id == grave.id


def test_a_part_that_cannot_be_moved_stands_in_nobodys_way_and_becomes_a_human_s(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    stuck, other = for_child(world.family()), for_child(world.family())
    escalate = Moving.escalate

    def fails(self: Moving, case: Case, part: Part) -> object:
        return 1 / 0 if part.id == stuck.id else escalate(self, case, part)

    monkeypatch.setattr(Moving, "escalate", fails)
    world.passes(seconds=(other.deadline - world.now).total_seconds())
    assert (world.part(stuck).level, world.part(other).level) == ("village_worker", "township_station")
    with world.services.store.work() as work:
        assert [task.kind for task in work.tasks.waiting()] == ["stuck"]
    monkeypatch.setattr(Moving, "escalate", escalate)
    world.passes(minutes=5)
    assert world.part(stuck).level == "township_station"


def test_a_part_of_an_agency_that_left_the_directory_goes_up_like_any_other(world: World) -> None:
    part = for_child(world.family())
    gone = agency(world, "director")
    world.services = replace(world.services, directory=world.services.directory.without(gone))
    world.passes(seconds=(part.deadline - world.now).total_seconds())
    assert world.part(part).level == "township_station"
    with world.moving() as moving, pytest.raises(InputError, match="neither a service nor an agency"):
        moving.hand_on(part.id, world.people["operator"], "better_placed", gone)
