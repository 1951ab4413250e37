"""Moves: what may follow what, and what each leaves behind."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.decisions import Risk
from bot.errors import MoveNotAllowedError
from bot.referrals import Actor, Owner, Part, Status, moves

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
VILLAGE, TOWNSHIP = Owner("demo-village", "s1"), Owner("demo-township", "s2")
WORKER = Actor("staff", "s1")


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
    )


def test_accepting_replaces_the_acknowledgement_deadline_by_the_one_to_act() -> None:
    accepted, event = moves.accept(part(), WORKER, NOW)
    assert accepted.status is Status.ACCEPTED
    assert accepted.deadline == NOW + timedelta(days=3)
    assert (event.move, event.before, event.after) == ("accept", Status.SENT, Status.ACCEPTED)


def test_nobody_accepts_twice() -> None:
    accepted, _ = moves.accept(part(), WORKER, NOW)
    with pytest.raises(MoveNotAllowedError):
        moves.accept(accepted, WORKER, NOW)


def test_an_escalated_part_waits_for_its_new_owner() -> None:
    later = NOW + timedelta(hours=8)
    moved, event = moves.escalate(part(Status.DELIVERED), NOW, TOWNSHIP, "township_station", later)
    assert (moved.owner, moved.level, moved.status, moved.deadline) == (
        TOWNSHIP,
        "township_station",
        Status.SENT,
        later,
    )
    assert event.detail == {"from": "demo-village/s1", "to": "demo-township/s2"}


def test_a_part_somebody_holds_is_not_escalated() -> None:
    with pytest.raises(MoveNotAllowedError):
        moves.escalate(part(Status.ACCEPTED), NOW, TOWNSHIP, "township_station", NOW)


def test_one_adult_s_wish_does_not_stop_a_part_at_medium_that_concerns_a_child() -> None:
    with pytest.raises(MoveNotAllowedError):
        moves.withdraw(part(), NOW)
    withdrawn, _ = moves.withdraw(part(child=None), NOW)
    assert withdrawn.status is Status.WITHDRAWN
    assert not withdrawn.status.open


def test_a_closed_part_keeps_its_outcome() -> None:
    closed, event = moves.close(part(Status.IN_CONTACT), WORKER, NOW, "grandmother_cares")
    assert closed.status is Status.CLOSED
    assert event.detail == {"outcome": "grandmother_cares"}


def test_redirecting_keeps_the_part_s_identity_and_gives_it_the_new_lead() -> None:
    graver = part(risk=Risk.EMERGENCY)
    moved, event = moves.redirect(part(Status.ACCEPTED), NOW, graver)
    assert (moved.id, moved.risk, moved.status) == ("p1", Risk.EMERGENCY, Status.SENT)
    assert event.move == "redirect"
