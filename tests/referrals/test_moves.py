"""Moves: what may follow what, by whom, and what each leaves behind."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.decisions import Risk
from bot.errors import MoveNotAllowedError, NotYoursError
from bot.referrals import Actor, Heir, Owner, Part, Role, Ruled, Status, Term, moves
from bot.referrals.lifecycle import MOVES, acting, step

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=8)
VILLAGE, TOWNSHIP = Owner("demo-village", "s1"), Owner("demo-township", "s2")
WORKER, SUPERVISOR = Actor(Role.OWNER, "s1"), Actor(Role.SUPERVISOR, "s9")
TERM = Term(NOW, LATER, LATER - timedelta(hours=1))
UP = Heir(TOWNSHIP, "township_station", TERM)


def part(status: Status = Status.SENT, risk: Risk = Risk.MEDIUM, child: int | None = 0) -> Part:
    return Part(
        id="p1",
        for_whom="child",
        child=child,
        lead="village_worker",
        level="village_worker",
        owner=VILLAGE,
        status=status,
        risk=risk,
        also=(),
        first_action="visit_home",
        rows=("R01",),
        created=NOW,
        act_by=NOW + timedelta(days=3),
        deadline=NOW + timedelta(hours=4),
        since=NOW,
    )


# One call of every move, by somebody who may make it.
CALLS: dict[str, Callable[[Part], moves.Moved]] = {
    "send": lambda p: moves.send(p, NOW),
    "deliver": lambda p: moves.deliver(p, NOW),
    "accept": lambda p: moves.accept(p, WORKER, NOW, VILLAGE, TERM),
    "decline": lambda p: moves.decline(p, WORKER, NOW, "no_capacity", UP),
    "hand_on": lambda p: moves.hand_on(p, WORKER, NOW, "better_placed", UP),
    "contact": lambda p: moves.contact(p, WORKER, NOW, TERM),
    "follow_up": lambda p: moves.follow_up(p, WORKER, NOW, "quarterly", TERM),
    "visit": lambda p: moves.visit(p, WORKER, NOW, "well", TERM, {"visit": "v1"}),
    "note": lambda p: moves.note(p, WORKER, NOW, "外婆身体不好"),
    "close": lambda p: moves.close(p, WORKER, NOW, "done"),
    "merge": lambda p: moves.merge(p, SUPERVISOR, NOW, replace(p, id="theirs")),
    "reopen": lambda p: moves.reopen(p, moves.FAMILY, NOW, "nobody_came", UP),
    "withdraw": lambda p: moves.withdraw(p, NOW, SUPERVISOR),
    "escalate": lambda p: moves.escalate(p, NOW, UP),
    "redirect": lambda p: moves.redirect(p, NOW, part(risk=Risk.EMERGENCY)),
    "overrule": lambda p: moves.overrule(p, WORKER, NOW, "not_asked", Risk.HIGH, p.lead, UP),
    "await_family": lambda p: moves.await_family(p, WORKER, NOW, LATER),
    "resume": lambda p: moves.resume(replace(p, awaiting=LATER), WORKER, NOW),
    "confirm": lambda p: moves.confirm(p, NOW, "contacted"),
    "remind": lambda p: moves.remind(p, NOW),
    "reset": lambda p: moves.reset(replace(p, since=LATER), NOW),
}


def test_every_move_of_the_drawing_has_its_function() -> None:
    assert CALLS.keys() == MOVES.keys()


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("status", Status)
def test_a_move_is_possible_from_the_states_of_the_drawing_and_no_other(move: str, status: Status) -> None:
    if status in MOVES[move].states:
        moved, event = CALLS[move](part(status))
        assert moved.status == (MOVES[move].to or status)
        assert (event.move, event.before, event.after) == (move, status, moved.status)
    else:
        with pytest.raises(MoveNotAllowedError):
            CALLS[move](part(status))


@pytest.mark.parametrize("move", MOVES)
@pytest.mark.parametrize("role", Role)
def test_a_move_is_made_by_those_of_the_drawing_and_nobody_else(move: str, role: Role) -> None:
    standing = part(next(iter(MOVES[move].states)))
    if role in MOVES[move].roles:
        step(standing, move, Actor(role))
    else:
        with pytest.raises(NotYoursError):
            step(standing, move, Actor(role))


def test_a_stranger_makes_no_move_at_all() -> None:
    assert not any(Role.STRANGER in rule.roles for rule in MOVES.values())


def test_every_state_but_the_first_is_reached_and_every_open_one_is_left() -> None:
    assert {rule.to for rule in MOVES.values() if rule.to} == set(Status) - {Status.NEW}
    for status in Status:
        assert any(status in rule.states and rule.to not in (None, status) for rule in MOVES.values())


def test_a_colleague_is_an_owner_a_supervisor_is_one_everywhere_and_anybody_else_a_stranger() -> None:
    assert acting(part(), "s7", "demo-village", "village_worker").kind == Role.OWNER
    assert acting(part(), "s7", "elsewhere", "operator").kind == Role.OPERATOR
    assert acting(part(), "s7", "elsewhere", "supervisor").kind == Role.SUPERVISOR
    assert acting(part(), "s7", "elsewhere", "village_worker").kind == Role.STRANGER


@pytest.mark.parametrize("avoided", ["s1", "demo-village", "village_worker"])
def test_whoever_must_not_have_to_do_with_a_part_is_a_stranger_to_it(avoided: str) -> None:
    shunning = replace(part(), avoid=(avoided,))
    assert acting(shunning, "s1", "demo-village", "village_worker").kind == Role.STRANGER


def test_accepting_gives_the_part_to_whoever_accepted_and_the_time_to_make_contact() -> None:
    colleague = Owner("demo-village", "s7")
    accepted, event = moves.accept(part(), Actor(Role.OWNER, "s7"), NOW, colleague, TERM)
    assert (accepted.status, accepted.owner, accepted.term) == (Status.ACCEPTED, colleague, TERM)
    assert (event.move, event.before, event.after) == ("accept", Status.SENT, Status.ACCEPTED)


def test_an_escalated_part_waits_for_its_new_owner() -> None:
    moved, event = moves.escalate(part(Status.DELIVERED), NOW, UP)
    assert (moved.owner, moved.level, moved.status, moved.term) == (TOWNSHIP, "township_station", Status.SENT, TERM)
    assert event.detail == {"from": "demo-village/s1", "to": "demo-township/s2"}


def test_who_declines_because_they_know_the_people_hears_no_more_of_it() -> None:
    declined, event = moves.decline(part(), WORKER, NOW, "conflict", UP, avoid="s1")
    assert (declined.avoid, event.reason) == (("s1",), "conflict")
    with pytest.raises(NotYoursError):
        moves.note(declined, acting(declined, "s1", "demo-village", "village_worker"), NOW, "one thing more")


def test_one_adult_s_wish_does_not_stop_a_part_at_medium_that_concerns_a_child() -> None:
    with pytest.raises(MoveNotAllowedError):
        moves.withdraw(part(), NOW)
    withdrawn, _ = moves.withdraw(part(child=None), NOW)
    assert withdrawn.status is Status.WITHDRAWN
    assert not withdrawn.status.open


def test_a_supervisor_may_stop_it() -> None:
    assert moves.withdraw(part(), NOW, SUPERVISOR)[0].status is Status.WITHDRAWN


def test_a_closed_part_keeps_its_outcome_and_nobody_is_reminded_of_it() -> None:
    closed, event = moves.close(part(Status.IN_CONTACT), WORKER, NOW, "with_kin", "外婆带着")
    assert (closed.status, closed.remind_at, closed.wake) == (Status.CLOSED, None, None)
    assert (event.reason, event.detail) == ("with_kin", {"words": "外婆带着"})


def test_redirecting_keeps_the_part_s_identity_and_gives_it_the_new_lead() -> None:
    graver = replace(part(risk=Risk.EMERGENCY), id="another")
    moved, event = moves.redirect(part(Status.ACCEPTED), NOW, graver)
    assert (moved.id, moved.risk, moved.status) == ("p1", Risk.EMERGENCY, Status.SENT)
    assert event.move == "redirect"


def test_overruling_keeps_the_rules_own_answer_beside_it_also_the_second_time() -> None:
    once, event = moves.overrule(part(), WORKER, NOW, "worse_than_told", Risk.HIGH, "county_centre", UP)
    assert (once.risk, once.lead, once.status) == (Risk.HIGH, "county_centre", Status.SENT)
    assert event.detail["rows"] == ["R01"]
    twice, _ = moves.overrule(once, SUPERVISOR, NOW, "worse_than_told", Risk.EMERGENCY, "police", UP)
    assert twice.ruled == Ruled("village_worker", Risk.MEDIUM)


def test_nobody_overrules_downward_or_to_what_stands_already() -> None:
    with pytest.raises(MoveNotAllowedError, match="downward"):
        moves.overrule(part(), SUPERVISOR, NOW, "rule_wrong", Risk.LOW, "village_worker", UP)
    with pytest.raises(MoveNotAllowedError, match="already"):
        moves.overrule(part(), SUPERVISOR, NOW, "rule_wrong", Risk.MEDIUM, "village_worker", UP)


def test_what_goes_on_in_another_part_is_stopped_by_nobody_alone_and_shuns_whom_either_shuns() -> None:
    ended, event = moves.merge(replace(part(), avoid=("kin",)), SUPERVISOR, NOW, replace(part(), id="theirs"))
    assert (ended.status, ended.merged, event.detail) == (Status.CLOSED, "theirs", {"into": "theirs"})
    stays = moves.shared(replace(part(risk=Risk.LOW), avoid=("village",)), ended)
    assert stays.avoid == ("kin", "village")
    with pytest.raises(MoveNotAllowedError):
        moves.withdraw(stays, NOW)


def test_what_was_merged_and_opens_again_goes_on_by_itself() -> None:
    ended, _ = moves.merge(part(), SUPERVISOR, NOW, replace(part(), id="theirs"))
    assert moves.reopen(ended, moves.FAMILY, NOW, "not_settled", UP)[0].merged is None
    assert moves.reopen_as(ended, NOW, part(risk=Risk.EMERGENCY))[0].merged is None


def test_while_the_family_is_awaited_the_time_that_was_left_stands_still() -> None:
    held = part(Status.ACCEPTED).within(TERM)
    waiting, _ = moves.await_family(held, WORKER, NOW, NOW + timedelta(days=3))
    assert waiting.deadline == TERM.deadline + timedelta(days=3)
    answered, _ = moves.resume(waiting, moves.FAMILY, NOW + timedelta(days=1))
    assert answered.deadline == TERM.deadline + timedelta(days=1)
    assert answered.deadline - answered.remind_at == timedelta(hours=1)  # type: ignore[operator]


def test_one_deadline_waits_for_the_family_only_once() -> None:
    waiting, _ = moves.await_family(part(Status.ACCEPTED), WORKER, NOW, LATER)
    answered, _ = moves.resume(waiting, WORKER, NOW + timedelta(hours=1))
    with pytest.raises(MoveNotAllowedError):
        moves.await_family(answered, WORKER, NOW + timedelta(hours=2), LATER)
    reached, _ = moves.contact(answered, WORKER, NOW + timedelta(hours=2), TERM)
    assert moves.await_family(reached, WORKER, NOW, LATER)[0].awaiting == LATER


def test_times_of_a_future_that_did_not_come_are_brought_back() -> None:
    year = timedelta(days=365)
    ahead = replace(part().within(Term(NOW + year, LATER + year, None)), created=NOW + year, act_by=LATER + year)
    back, _ = moves.reset(ahead, NOW)
    assert (back.created, back.term, back.act_by) == (NOW, Term(NOW, LATER, None), LATER)
