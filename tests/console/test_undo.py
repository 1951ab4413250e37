"""The moment in which a move can be undone: nothing of it exists until it is over, and an emergency never waits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.referrals import Part
from tests.console.conftest import Desk, token
from tests.console.test_working import audited, send
from tests.referrals.world import ALONE, for_child

PASSED_ON = {"reason": "better_placed", "to": "township_station"}


def moves(desk: Desk, part: Part) -> list[str]:
    return [event.move for event in desk.world.history(part)]


def undo(desk: Desk, browser: object, part: Part) -> int:
    return send(browser, desk, part, "undo").status_code  # type: ignore[arg-type]  # a browser of the desk's


def test_a_move_that_goes_to_others_is_made_after_its_moment_once(desk: Desk) -> None:
    desk.world.staffed("station")
    director = desk.signs_in("director")
    case = desk.world.family()
    part = for_child(case)
    letters = len(desk.world.letters("station"))
    assert send(director, desk, part, "hand_on", **PASSED_ON).status_code == 303
    page = director.get(f"/console/case/{case.id}?lang=zh").text
    assert "撤回" in page
    assert moves(desk, part) == ["send"]
    assert len(desk.world.letters("station")) == letters
    desk.world.passes(seconds=9)
    assert moves(desk, part) == ["send"]
    desk.world.passes(seconds=2)
    assert moves(desk, part) == ["send", "hand_on"]
    assert len(desk.world.letters("station")) > letters
    assert audited(desk, "move_hand_on") == 1
    desk.world.passes(seconds=60)
    assert moves(desk, part).count("hand_on") == 1


def test_what_is_undone_never_happened(desk: Desk) -> None:
    director = desk.signs_in("director")
    part = for_child(desk.world.family())
    send(director, desk, part, "hand_on", **PASSED_ON)
    assert undo(desk, director, part) == 303
    desk.world.passes(seconds=60)
    assert moves(desk, part) == ["send"]
    assert audited(desk, "move_hand_on") == 0
    assert undo(desk, director, part) == 409, "there is nothing left to undo"


def test_an_emergency_and_what_is_nearly_late_never_wait(desk: Desk) -> None:
    desk.world.staffed("supervisor")
    director, operator = desk.signs_in("director"), desk.signs_in("operator")
    grave, part = for_child(desk.world.family(ALONE)), for_child(desk.world.family())
    to = {"reason": "no_capacity", "to": desk.world.people["supervisor"].id}
    assert send(operator, desk, grave, "hand_on", **to).status_code == 303
    assert moves(desk, grave) == ["send", "hand_on"]
    assert send(operator, desk, part, "overrule", reason="not_asked", to="emergency").status_code == 303
    assert moves(desk, part) == ["send", "overrule"]
    late = for_child(desk.world.family())
    desk.world.now = late.deadline - timedelta(seconds=15)
    director = desk.signs_in("director", login="again")
    send(director, desk, late, "decline", reason="no_capacity")
    assert "decline" in moves(desk, late) or desk.world.part(late).owner != late.owner


@pytest.mark.parametrize("more", [{"to": "nowhere", "reason": "moved"}, {"to": "county_centre", "reason": "no such"}])
def test_what_would_be_refused_is_refused_at_once(desk: Desk, more: dict[str, str]) -> None:
    director = desk.signs_in("director")
    part = for_child(desk.world.family())
    assert send(director, desk, part, "hand_on", **more).status_code == 409
    assert undo(desk, director, part) == 409
    desk.world.passes(seconds=60)
    assert moves(desk, part) == ["send"]


def test_who_was_quicker_stands_and_the_other_is_told(desk: Desk) -> None:
    director, operator = desk.signs_in("director"), desk.signs_in("operator")
    part = for_child(desk.world.family())
    send(director, desk, part, "hand_on", **PASSED_ON)
    assert send(operator, desk, part, "overrule", reason="not_asked", to="emergency").status_code == 303
    desk.world.passes(seconds=11)
    assert "hand_on" not in moves(desk, part)
    assert "没有办成" in director.get("/console/messages?lang=zh").text


def test_a_clock_that_is_set_back_forgets_no_move(desk: Desk) -> None:
    director = desk.signs_in("director")
    desk.world.now += timedelta(minutes=5)
    part = for_child(desk.world.family())
    send(director, desk, part, "decline", reason="no_capacity")
    desk.world.now -= timedelta(minutes=5)
    desk.world.passes(seconds=1)
    assert moves(desk, part)[-1] == "decline"


def test_an_order_about_a_family_that_was_erased_stops_nobody_else_s(desk: Desk) -> None:
    director = desk.signs_in("director")
    gone, stays = desk.world.family(), desk.world.family()
    for case in (gone, stays):
        send(director, desk, for_child(case), "hand_on", **PASSED_ON, words="外婆说下周可以")
    with desk.world.services.store.work() as work:
        work.cases.erase(gone.id)
    desk.world.passes(seconds=11)
    assert moves(desk, for_child(stays)) == ["send", "hand_on"]
    with desk.world.services.store.engine.connect() as db:
        assert db.exec_driver_sql("SELECT count(*) FROM held").scalar() == 0


def test_an_order_of_somebody_who_has_gone_is_dropped(desk: Desk) -> None:
    director = desk.signs_in("director")
    part = for_child(desk.world.family())
    send(director, desk, part, "hand_on", **PASSED_ON)
    with desk.world.services.store.work() as work:
        work.staff.leave(desk.world.people["director"].id)
    desk.world.passes(seconds=11)
    assert "hand_on" not in moves(desk, part)
    with desk.world.services.store.engine.connect() as db:
        assert db.exec_driver_sql("SELECT count(*) FROM held").scalar() == 0


def test_nobody_undoes_what_another_has_ordered(desk: Desk) -> None:
    director, operator = desk.signs_in("director"), desk.signs_in("operator")
    part = for_child(desk.world.family())
    send(director, desk, part, "hand_on", **PASSED_ON)
    assert undo(desk, operator, part) == 409
    elsewhere = desk.signs_in("elsewhere", county="513431")
    csrf = token(elsewhere.get("/console/inbox"))
    assert elsewhere.post(f"/console/part/{part.id}/move", data={"csrf": csrf, "move": "undo"}).status_code == 404
    desk.world.passes(seconds=11)
    assert moves(desk, part) == ["send", "hand_on"]
