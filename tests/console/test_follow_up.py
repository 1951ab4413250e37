"""Follow-up on pages: the plan on the case, the calendar of whoever has it, and the sheet that is handed over on paper."""

from __future__ import annotations

from tests.console.conftest import Desk
from tests.console.test_working import audited, send
from tests.referrals.world import for_child


def test_a_plan_stands_on_the_case_and_in_the_calendar_of_whoever_has_it(desk: Desk) -> None:
    director = desk.signs_in("director")
    case = desk.world.family()
    part = for_child(case)
    assert "现在没有要做的回访" in director.get("/console/calendar").text
    for move in ("accept", "contact"):
        assert send(director, desk, part, move).status_code == 303
    with desk.world.moving() as moving:
        moving.follow_up(part.id, desk.world.people["director"])
    calendar = director.get("/console/calendar").text
    assert calendar.count(f"/console/case/{case.id}") >= 6
    assert "上门" in director.get(f"/console/case/{case.id}").text
    assert "现在没有要做的回访" in desk.signs_in("station").get("/console/calendar").text


def test_the_sheet_leaves_out_what_was_told_until_somebody_asks_and_that_is_written_down(desk: Desk) -> None:
    director = desk.signs_in("director")
    case = desk.world.family()
    sheet = director.get(f"/console/case/{case.id}/sheet").text
    assert "没有印在这里" in sheet
    assert "两个人都不想带" not in sheet
    assert audited(desk, "show_details") == 0
    assert "两个人都不想带" in director.get(f"/console/case/{case.id}/sheet?shown=1").text
    assert audited(desk, "show_details") == 1
    assert desk.signs_in("elsewhere", county="513431").get(f"/console/case/{case.id}/sheet?shown=1").status_code == 404
