"""Calls through the API: begun, told, handed over and ended by a program; counted once, and only in whose hands they are."""

from __future__ import annotations

import httpx
import pytest

from tests.console.conftest import Desk, desk
from tests.console.test_api import Programs, programs

__all__ = ["desk", "programs"]


def rings(program: httpx.Client, name: str = "1") -> str:
    return str(program.post("/calls", json={"id": name, "number": "138 0000 1122"}).json()["call"])


def presses(program: httpx.Client, call: str, number: str, press: str) -> httpx.Response:
    return program.post(f"/calls/{call}/keys", json={"id": number, "press": press})


def test_a_program_takes_a_call_from_the_ring_to_the_receipt(programs: Programs) -> None:
    program = programs.client("operator")
    call = rings(program)
    assert rings(program) == call
    assert program.get(f"/calls/{call}").json()["asked"]["fact"] == "screen_danger"
    for n, press in enumerate(
        (
            '/answer{"danger_screen":"none"}',
            '/answer{"concern_divorce":"yes"}',
            '/answer{"divorce":"pending"}',
            '/answer{"refuses_child":"both"}',
            '/answer{"child_with_now":"relative"}',
            '/where{"text":"江苏扬中新坝镇"}',
            '/end{"kind":"served"}',
        )
    ):
        for _ in range(2):
            assert presses(program, call, f"{n}", press).status_code == 200
    ended = program.get(f"/calls/{call}").json()
    assert ended["ended"]
    assert len(ended["receipt"]) == 16
    assert {each["lead"] for each in ended["referrals"]} == {"village_worker", "court_social_services"}
    assert program.get("/calls").json() == []


def test_notes_are_read_and_wait_to_be_confirmed(programs: Programs) -> None:
    program = programs.client("operator")
    call = rings(program)
    noted = program.post(f"/calls/{call}/keys", json={"id": "n", "words": "孩子五岁"}).json()
    assert [each["title"] for each in noted["unsure"]] == ["5到7岁"]
    assert noted["facts"]["children"] == [{}]
    assert presses(program, call, "c", '/confirm{"n":"0"}').json()["facts"]["children"] == [{"child_age": "5to7"}]


def test_in_other_hands_nothing_is_there(programs: Programs) -> None:
    call = rings(programs.client("operator"))
    for post in ("director", "elsewhere"):
        program = programs.client(post)
        assert program.get(f"/calls/{call}").status_code == 404
        assert presses(program, call, "1", "/skip").status_code == 404
        assert program.post("/calls", json={"id": "1"}).status_code == 404
        assert program.get("/calls").json() == []
    assert programs.client("operator", "read").get(f"/calls/{call}").json()["error"] == "scope"


@pytest.mark.parametrize(
    ("press", "status"), [("/nonsense", 400), ('/end{"kind":"x"}', 400), ('/tap{"said":"yes"}', 400), ("", 200)]
)
def test_a_key_that_is_not_there_is_refused(programs: Programs, press: str, status: int) -> None:
    program = programs.client("operator")
    call = rings(program)
    assert presses(program, call, "1", press).status_code == status


def test_a_call_is_handed_to_a_colleague_on_duty_only(programs: Programs, desk: Desk) -> None:
    desk.world.staffed("supervisor")
    program = programs.client("operator")
    call = rings(program)
    assert program.post(f"/calls/{call}/hands", json={"to": "nobody"}).status_code == 400
    handed = program.post(f"/calls/{call}/hands", json={"to": desk.world.people["supervisor"].id})
    assert handed.status_code == 200
    assert program.get(f"/calls/{call}").status_code == 404
    assert programs.client("supervisor").get(f"/calls/{call}").json()["held"]
