"""The HTTP API: the pages' façade for programs, under keys that may do no more than they say."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.specs.openapi.checks import ignored_auth

from bot.console import api
from bot.errors import InputError
from bot.referrals import Case, Status
from bot.turns import Turns
from bot.workbench.api_keys import make, revoke
from tests.channels.served import mounted
from tests.console.conftest import Desk
from tests.referrals.world import ALONE, for_child


@dataclass
class Programs:
    """The API of one county."""

    desk: Desk
    address: str

    def key(self, post: str, may: str = "read,details,move,call") -> str:
        """A key for somebody at a post."""
        return make(Turns(self.desk.world.services), self.desk.world.people[post].id, may)

    def client(self, post: str, may: str = "read,details,move,call") -> httpx.Client:
        """A program that acts for somebody."""
        headers = {"authorization": f"Bearer {self.key(post, may)}"}
        self.desk.browsers.append(httpx.Client(base_url=f"{self.address}/api/v1", headers=headers))
        return self.desk.browsers[-1]


@pytest.fixture
def programs(desk: Desk) -> Iterator[Programs]:
    desk.world.staffed("director", "station", "operator", "elsewhere")
    with mounted("/api/v1", api(lambda: desk.world.services)) as address:
        yield Programs(desk, address)


def seen(program: httpx.Client, case: Case) -> tuple[str, int]:
    part = for_child(case).id
    found = program.get(f"/cases/{case.id}").json()
    return part, next(each["seen"] for each in found["parts"] if each["part"] == part)


def test_a_program_lists_shows_and_moves_what_is_within_scope(programs: Programs) -> None:
    case = programs.desk.world.family()
    director = programs.client("director")
    assert [part["part"] for part in director.get("/parts").json()] == [for_child(case).id]
    part, version = seen(director, case)
    moved = director.post(f"/parts/{part}/moves", json={"move": "accept", "seen": version})
    assert (moved.status_code, moved.json()) == (200, {"case": case.id})
    assert programs.desk.world.part(for_child(case)).status is Status.ACCEPTED


def test_two_at_once_one_wins_and_the_other_is_told(programs: Programs) -> None:
    case = programs.desk.world.family()
    director = programs.client("director")
    part, version = seen(director, case)
    assert director.post(f"/parts/{part}/moves", json={"move": "accept", "seen": version}).status_code == 200
    late = director.post(f"/parts/{part}/moves", json={"move": "note", "seen": version, "words": "来过"})
    assert (late.status_code, late.json()["error"]) == (409, "stale")


def test_what_a_family_told_needs_its_own_scope_and_is_written_down(programs: Programs) -> None:
    case = programs.desk.world.family()
    plain = programs.client("director", "read")
    assert plain.get(f"/cases/{case.id}").json()["facts"] is None
    assert plain.post(f"/cases/{case.id}/details").json()["error"] == "scope"
    shown = programs.client("director").post(f"/cases/{case.id}/details").json()
    assert "两个人都不想带" in [fact["title"] for fact in shown["facts"]]
    with programs.desk.world.services.store.engine.connect() as db:
        assert db.exec_driver_sql("SELECT count(*) FROM audit WHERE action = 'show_details'").scalar() == 1


def test_outside_its_scope_nothing_is_there(programs: Programs) -> None:
    case = programs.desk.world.family()
    elsewhere = programs.client("elsewhere")
    assert elsewhere.get("/parts").json() == []
    assert elsewhere.get(f"/cases/{case.id}").status_code == 404
    assert elsewhere.post(f"/cases/{case.id}/details").status_code == 404
    move = {"move": "note", "seen": 1, "words": "x"}
    assert elsewhere.post(f"/parts/{for_child(case).id}/moves", json=move).status_code == 404
    assert programs.client("station").post(f"/parts/{for_child(case).id}/moves", json=move).status_code == 409


def test_no_key_a_wrong_one_and_a_revoked_one_open_nothing(programs: Programs) -> None:
    turns = Turns(programs.desk.world.services)
    client = programs.client("director")
    with turns.services.store.read() as work:
        [key] = work.api_keys.all()
    assert client.get("/parts").status_code == 200
    revoke(turns, key.id)
    assert client.get("/parts").status_code == 401
    with httpx.Client(base_url=f"{programs.address}/api/v1") as nobody:
        assert nobody.get("/parts").status_code == 401
        assert nobody.get("/parts", headers={"authorization": "Bearer rd_guess"}).status_code == 401
    with pytest.raises(InputError, match="did you mean 'read'"):
        programs.key("director", "raed")
    with pytest.raises(InputError, match="no key"):
        revoke(turns, "nothing")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"move": "acept", "seen": 1}, 400),
        ({"move": "accept"}, 422),
        ({"move": "accept", "seen": -1}, 422),
        ({"move": "accept", "seen": 1, "extra": 1}, 422),
        ({"move": "withdraw", "seen": 1}, 400),
    ],
)
def test_bad_input_is_named_and_changes_nothing(programs: Programs, body: dict[str, object], status: int) -> None:
    case = programs.desk.world.family()
    answer = programs.client("director").post(f"/parts/{for_child(case).id}/moves", json=body)
    assert answer.status_code == status
    assert answer.json().keys() == {"error", "message"}
    assert [event.move for event in programs.desk.world.history(for_child(case))] == ["send"]


def test_whatever_is_sent_nothing_breaks_and_every_answer_is_as_described(programs: Programs) -> None:
    world = programs.desk.world
    world.family()
    world.family(ALONE)
    key = programs.key("operator")
    schema = schemathesis.openapi.from_url(f"{programs.address}/api/v1/openapi.json")

    for operation in schema.get_all_operations():
        wanted = operation.ok()

        @settings(max_examples=40, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=wanted.as_strategy())
        def one(case: schemathesis.Case) -> None:
            # The key goes along with every request; that none is answered without it has a test of its own.
            case.call_and_validate(headers={"authorization": f"Bearer {key}"}, excluded_checks=[ignored_auth])

        one()


def test_the_directory_is_read_as_hsds(programs: Programs) -> None:
    program, agencies = programs.client("director", "read"), programs.desk.world.services.directory.agencies
    for kind in ("services", "organizations", "locations", "service_at_locations"):
        first = program.get(f"/hsds/{kind}", params={"per_page": 20}).json()
        assert (first["total_items"], first["size"], first["first_page"]) == (len(agencies), 20, True), kind
        one = first["contents"][0]
        assert program.get(f"/hsds/{kind}/{one['id']}").json()["id"] == one["id"]
        beyond = program.get(f"/hsds/{kind}", params={"page": 999}).json()
        assert (beyond["empty"], beyond["contents"]) == (True, [])
        assert program.get(f"/hsds/{kind}", params={"per_page": 0}).status_code == 422
    full = program.get("/hsds/services", params={"full": True, "per_page": 1}).json()["contents"][0]
    assert full["service_areas"]
    assert full["organization"]["name"] == agencies[0].name["zh"]
    assert "organization" not in program.get("/hsds/services").json()["contents"][0]
    assert program.get("/hsds/services/00000000-0000-0000-0000-000000000000").status_code == 404
    assert programs.client("director", "move").get("/hsds/services").status_code == 403
