"""Every route, by every role, of every place: what is outside one's scope is not there, and a forged form changes nothing.

The routes are those the applications have: one that is added is in the matrix without anybody's doing, and a new parameter
fails here until somebody says what it could be.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import count

import httpx
import pytest
from fastapi.routing import APIRoute

from bot.console import api, console_router
from bot.referrals import Case
from bot.referrals.lifecycle import AT_THE_DESK
from bot.referrals.plan import OPERATOR
from bot.workbench.enrolment import ANYWHERE
from tests.calls.switch import Phone
from tests.channels.served import mounted
from tests.console.conftest import WORDS, Desk, desk
from tests.console.test_api import Programs, programs
from tests.referrals.world import COUNTY, POSTS, for_child

__all__ = ["desk", "programs"]
ENDLESS = "/live"  # a stream without a word; tests/console/test_live.py listens to it
# Where somebody may sit: the family's own county, its prefecture, another county and prefecture, and nowhere in particular.
NOBODY = "00000000-0000-0000-0000-000000000000"  # no entry of the directory
PLACES = {"here": COUNTY, "above": COUNTY[:4], "other": "513431", "above other": "5134", "everywhere": ""}
# Who has the seed story's parts or is told of one; and the duty desk of their county, which sees every case of it.
WITH_IT = {POSTS[post] for post in ("director", "court", "station", "operator", "supervisor")}
# Who works where, and ids in the log, are what these two are for; where agencies are is no secret.
OWN = {"administrator": ("/people", "/directory"), "auditor": ("/audit", "/directory")}
PUBLIC = ("/sign-in", "/sign-out", "/join", "/own", "/static")
numbers = count()


@dataclass
class Scene:
    """A family's case and a call, and what of them may never be seen outside."""

    desk: Desk
    case: Case
    call: str

    def fill(self, path: str) -> str:
        """A route's address, of this family."""
        ids = {
            "case_id": self.case.id,
            "part_id": for_child(self.case).id,
            "call_id": self.call,
            "staff_id": "0",
            "change_id": "0",
            **dict.fromkeys(("service_id", "organization_id", "location_id", "link_id"), NOBODY),
        }
        return re.sub(r"\{(\w+)\}", lambda found: ids[found[1]], path)

    def nothing_moved(self) -> bool:
        moves = [event.move for event in self.desk.world.history(for_child(self.case))]
        with self.desk.world.services.store.work() as work:
            call = work.calls.get(self.call)
        return moves == ["send"] and call is not None and call.ended is None and call.held is None

    def betrays(self, text: str) -> bool:
        return any(secret in text for secret in (self.case.id, for_child(self.case).id, "新坝镇", self.call))


@pytest.fixture
def scene(programs: Programs) -> Scene:
    desk = programs.desk
    desk.world.staffed("supervisor")
    case = desk.world.family()
    phone = Phone(desk.world, id=f"{next(numbers):032x}").rings()
    phone.answers(screen_danger="unknown")
    return Scene(desk, case, phone.id)


def strangers(scene: Scene, place: str) -> list[str]:
    """Every post of every agency at a place that has nothing to do with the family, as `ROLE AGENCY`."""
    found = []
    for agency in scene.desk.world.services.directory.agencies:
        roles = ANYWHERE if agency.service == OPERATOR else (agency.service,)
        if agency.place[:6] == PLACES[place]:
            found += [f"{role} {agency.id}" for role in roles if (role, agency.id) not in WITH_IT]
    # An operator or a supervisor without a place is there for every county.
    return [post for post in found if place != "everywhere" or role_of(post) not in AT_THE_DESK]


def role_of(post: str) -> str:
    return post.partition(" ")[0]


def routes(where: object) -> list[tuple[str, str]]:
    found = getattr(where, "routes", [])
    return [(m, route.path) for route in found if isinstance(route, APIRoute) for m in sorted(route.methods)]


@pytest.mark.parametrize("place", PLACES)
def test_no_page_and_no_form_reaches_what_is_outside(scene: Scene, place: str) -> None:
    for post in strangers(scene, place):
        no_page_reaches(scene, post, PLACES[place] or None)


def no_page_reaches(scene: Scene, post: str, county: str | None) -> None:
    desk, role = scene.desk, role_of(post)
    browser = desk.signs_in(post, county=county)
    pages = routes(console_router(lambda: desk.world.services, lambda _: None, WORDS))  # type: ignore[arg-type,return-value]  # not called
    assert len(pages) > len(PUBLIC)
    csrf = re.search(r'name="csrf" value="([0-9a-f]+)"', browser.get("/console/inbox").text)
    assert csrf
    for method, path in pages:
        if any(part in path for part in (*PUBLIC, ENDLESS)):
            continue
        form = {"csrf": csrf[1], "nonce": f"{next(numbers)}", "move": "note", "words": "x", "seen": "1", "do": "/hold"}
        answer = browser.request(method, scene.fill(path), **({"data": form} if method == "POST" else {}))
        own = path.removeprefix("/console").startswith(OWN.get(role, ("/directory",)))
        assert answer.status_code < 500, (post, path)
        if "{" in path:
            outside = answer.status_code in (403, 404) or answer.headers.get("location", "").startswith(
                "/console/calls"
            )
            outside |= answer.status_code == 409 and (own or not scene.betrays(answer.text))
            assert outside, (post, path, answer.status_code)
        assert own or not scene.betrays(answer.text), (post, path)
        assert scene.nothing_moved(), (post, path)


@pytest.mark.parametrize("place", PLACES)
def test_no_program_reaches_what_is_outside(scene: Scene, programs: Programs, place: str) -> None:
    for post in strangers(scene, place):
        no_program_reaches(scene, programs, post, PLACES[place] or None)


def no_program_reaches(scene: Scene, programs: Programs, post: str, county: str | None) -> None:
    world = scene.desk.world
    scene.desk.joins(post, county=county)
    program = programs.client(post)
    bodies = {
        "moves": {"move": "note", "seen": 1, "words": "x"},
        "keys": {"id": "1", "press": "/hold"},
        "hands": {"to": "x"},
    }
    for method, path in routes(api(lambda: world.services)):
        body = bodies.get(path.rsplit("/", 1)[1])
        answer = program.request(method, scene.fill(path), **({"json": body or {}} if method == "POST" else {}))
        assert answer.status_code < 500, (post, path)
        if "{" in path:
            assert answer.status_code == 404, (post, path, answer.status_code)
        # The directory tells who there is, and nothing of a case.
        assert path.startswith("/hsds") or not scene.betrays(answer.text), (post, path)
        assert scene.nothing_moved(), (post, path)


def test_without_signing_in_there_is_only_the_door(scene: Scene) -> None:
    nobody = scene.desk.browser()
    for method, path in routes(console_router(lambda: scene.desk.world.services, lambda _: None, WORDS)):  # type: ignore[arg-type,return-value]  # not called
        if any(part in path for part in PUBLIC):
            continue
        answer = nobody.request(method, scene.fill(path), **({"data": {"do": "/hold"}} if method == "POST" else {}))
        assert answer.status_code in (303, 401), path
        assert not scene.betrays(answer.text.replace(scene.fill(path), "")), path
        assert scene.nothing_moved()


def test_every_role_is_in_the_matrix_at_home_and_elsewhere(scene: Scene) -> None:
    every = {agency.service for agency in scene.desk.world.services.directory.agencies} | set(ANYWHERE)
    tried = {place: {role_of(post) for post in strangers(scene, place)} for place in PLACES}
    assert every == set().union(*tried.values())
    assert tried["other"] >= AT_THE_DESK | {
        "village_worker",
        "township_station",
        "county_centre",
        "court_social_services",
    }
    assert tried["here"] >= {"administrator", "auditor", "township_station", "county_centre", "court"}


def test_a_key_without_a_person_opens_nothing(programs: Programs) -> None:
    with httpx.Client(base_url=f"{programs.address}/api/v1") as nobody:
        for method, path in routes(api(lambda: programs.desk.world.services)):
            answer = nobody.request(method, re.sub(r"\{\w+\}", "0", path), **({"json": {}} if method == "POST" else {}))
            assert answer.status_code in (401, 422), path


def test_the_api_is_mounted_where_it_says(programs: Programs) -> None:
    with mounted("/api/v1", api(lambda: programs.desk.world.services)) as address:
        assert "/calls/{call_id}" in httpx.get(f"{address}/api/v1/openapi.json").json()["paths"]
