"""The directory on pages: one proposes, another decides, and from then on families are told the new number."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import httpx
import pytest

from bot.app import direct
from bot.directory import Directory, Kept
from bot.turns import Turns
from tests.console.conftest import Desk, token

VILLAGE = "demo-yangzhong-xinba-village"
ROW = {"agency": VILLAGE, "name_zh": "新坝村儿童之家", "name_en": "Xinba children's home", "phone": "0000-111"}
NEW = {
    "service": "school",
    "place": "新坝镇",
    "name_zh": "新坝小学",
    "name_en": "Xinba primary school",
    "phone": "0000-222",
}


def proposes(browser: httpx.Client, **fields: str) -> httpx.Response:
    return browser.post("/console/directory", data={"csrf": token(browser.get("/console/directory"))} | fields)


def decides(browser: httpx.Client, approve: str = "1") -> httpx.Response:
    page = browser.get("/console/directory")
    found = re.search(r'action="/console/directory/([0-9a-f]{16})', page.text)
    change = found[1] if found else "0" * 16
    return browser.post(f"/console/directory/{change}", data={"csrf": token(page), "approve": approve})


def test_a_change_holds_once_another_person_has_approved_it(desk: Desk) -> None:
    admin, supervisor = desk.signs_in("administrator"), desk.signs_in("supervisor")
    assert proposes(admin, **ROW).status_code == 200
    assert desk.world.services.directory.by_id[VILLAGE].phone != ROW["phone"]
    assert decides(admin).status_code == 409, "nobody approves their own"
    assert decides(supervisor).status_code == 200
    agency = desk.world.services.directory.by_id[VILLAGE]
    assert (agency.name["zh"], agency.phone) == (ROW["name_zh"], ROW["phone"])
    assert ROW["name_zh"] in supervisor.get("/console/directory").text
    assert decides(supervisor).status_code == 409, "it is decided once"


def test_it_holds_after_a_start_and_in_every_process(desk: Desk) -> None:
    admin, supervisor = desk.signs_in("administrator"), desk.signs_in("supervisor")
    proposes(admin, **ROW)
    decides(supervisor)
    files = replace(desk.world.services, directory=Turns(desk.world.services).services.directory)
    another = Turns(files)
    assert direct(another) == 1
    assert another.services.directory.by_id[VILLAGE].phone == ROW["phone"]


def test_what_is_refused_changes_nothing(desk: Desk) -> None:
    admin, supervisor = desk.signs_in("administrator"), desk.signs_in("supervisor")
    before = desk.world.services.directory.by_id[VILLAGE]
    proposes(admin, **ROW)
    assert decides(supervisor, "0").status_code == 200
    assert desk.world.services.directory.by_id[VILLAGE] == before


def test_an_agency_more_serves_its_place_and_one_less_is_answered_from_above(desk: Desk) -> None:
    admin, supervisor = desk.signs_in("administrator"), desk.signs_in("supervisor")
    proposes(admin, **NEW)
    decides(supervisor)
    services = desk.world.services
    place = services.gazetteer.get("321182101")
    assert services.directory.serving("school", place, desk.world.now).agency.phone == NEW["phone"]
    proposes(admin, agency=VILLAGE, out="1")
    decides(supervisor)
    services = desk.world.services
    assert VILLAGE not in services.directory.by_id
    assert services.directory.serving("village_worker", place, desk.world.now).fell_back == ("village_worker",)


@pytest.mark.parametrize(
    "fields",
    [
        ROW | {"phone": ""},
        ROW | {"name_en": " "},
        ROW | {"agency": "demo-zhaojue-bier-village"},
        NEW | {"service": "scool"},
        NEW | {"place": "昭觉县"},
        NEW | {"place": "没有这个地方"},
    ],
)
def test_what_could_not_stand_in_a_directory_is_refused_with_a_reason(desk: Desk, fields: dict[str, str]) -> None:
    admin = desk.signs_in("administrator")
    refused = proposes(admin, **fields)
    assert refused.status_code == 409
    assert "没有提交" in refused.text
    with desk.world.services.store.read() as work:
        assert work.amendments.waiting(None) == ()


def test_everybody_reads_it_and_only_administrators_propose(desk: Desk) -> None:
    director = desk.signs_in("director")
    page = director.get("/console/directory").text
    assert "0000-000-0015" in page
    assert "demo-zhaojue" not in page
    assert proposes(director, **ROW).status_code == 404
    assert decides(director).status_code == 404
    assert proposes(desk.signs_in("supervisor"), **ROW).status_code == 404


def test_another_countys_change_is_not_ones_own_to_decide(desk: Desk) -> None:
    admin, stranger = desk.signs_in("administrator"), desk.signs_in("supervisor", county="513431")
    proposes(admin, **ROW)
    with desk.world.services.store.read() as work:
        [change] = work.amendments.waiting(None)
    csrf = token(stranger.get("/console/inbox"))
    answer = stranger.post(f"/console/directory/{change.id}", data={"csrf": csrf, "approve": "1"})
    assert answer.status_code == 409
    assert desk.world.services.directory.by_id[VILLAGE].phone != ROW["phone"]


def test_an_entry_that_wears_out_is_asked_for_and_holds_again_once_it_was_assured(desk: Desk) -> None:
    directory = desk.world.services.directory
    today = desk.world.now.date()
    worn = replace(directory.by_id[VILLAGE], kept=Kept("新坝镇", "电话核实", expires=today - timedelta(days=1)))
    desk.world.services = replace(
        desk.world.services, directory=Directory.of({**directory.by_id, VILLAGE: worn}, directory.rota)
    )
    place = desk.world.services.gazetteer.get("321182101")
    assert desk.world.services.directory.serving("village_worker", place, desk.world.now).fell_back == (
        "village_worker",
    )
    admin, supervisor = desk.signs_in("administrator"), desk.signs_in("supervisor")
    assert "要核实的单位" in admin.get("/console/directory").text
    assert proposes(admin, agency=VILLAGE, assure="1").status_code == 200
    assert decides(supervisor).status_code == 200
    assured = desk.world.services.directory.by_id[VILLAGE]
    assert (assured.kept.assured, assured.kept.owner) == (today, "新坝镇")
    assert desk.world.services.directory.serving("village_worker", place, desk.world.now).agency.id == VILLAGE
    assert "要核实的单位" not in admin.get("/console/directory").text


def test_hours_are_proposed_and_told_and_what_is_no_time_is_refused(desk: Desk) -> None:
    admin, supervisor = desk.signs_in("administrator"), desk.signs_in("supervisor")
    assert proposes(admin, **ROW, hours="whenever").status_code == 409
    proposes(admin, **ROW, hours="workdays 08:30-17:30")
    decides(supervisor)
    assert "workdays 08:30-17:30" in supervisor.get("/console/directory").text
