"""A link that answers a referral: nobody can make one up, looking changes nothing, an answer counts once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from bot.channels.agencies import slip_router
from bot.referrals import Status
from bot.settings import project_folder
from bot.store import Store
from bot.turns.buttons import stamp
from bot.turns.postal import answering
from bot.turns.services import Services
from bot.turns.slips import Slips
from tests.channels.served import served
from tests.conftest import KEY
from tests.referrals.world import World, for_child

PUBLIC = "https://help.example.cn"
PERSONAL = ("妈妈", "离婚", "新坝", "小李")


@pytest.fixture
def world(loaded: Services, tmp_path: Path) -> Iterator[World]:
    store = Store.open(f"sqlite:///{tmp_path / 'rightdoor.db'}", master_key=KEY)
    world = World(loaded)
    settings = replace(loaded.settings, public=PUBLIC)
    world.services = replace(loaded, store=store, settings=settings, clock=lambda: world.now)
    yield world.staffed("director", "centre", "operator")
    store.close()


@pytest.fixture
def http(world: World) -> Iterator[httpx.Client]:
    router = slip_router(lambda: Slips(world.services), project_folder() / "data" / "slip.yml")
    with served(router) as address, httpx.Client(base_url=address) as client:
        yield client


def link_of(world: World) -> str:
    """The path of the link for the child's part, as the director's postbox has it."""
    part = for_child(world.family())
    url = answering(world.services, part.id, stamp(part), world.people["director"].id)
    assert url.startswith(f"{PUBLIC}/slip/")
    return url.removeprefix(PUBLIC)


def standing(world: World) -> Status:
    with world.services.store.read() as work:
        [case] = work.cases.all_open()
    return for_child(case).status


def test_looking_changes_nothing_and_shows_only_what_the_message_said(world: World, http: httpx.Client) -> None:
    link = link_of(world)
    page = http.get(link)
    assert page.status_code == 200
    assert "打开这一页没有登记任何事" in page.text
    assert [word for word in PERSONAL if word in page.text] == []
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert http.head(link).status_code == 405
    assert standing(world) is Status.SENT


def test_an_agency_accepts_and_the_link_says_so_from_then_on(world: World, http: httpx.Client) -> None:
    link = link_of(world)
    assert "已登记：你们单位接了" in http.post(link, data={"move": "accept", "lang": "zh"}).text
    assert standing(world) is Status.ACCEPTED
    assert "已登记：你们单位接了" in http.post(link, data={"move": "decline", "reason": "not_mine"}).text
    assert "Recorded: your agency has accepted" in http.get(f"{link}?lang=en").text
    assert standing(world) is Status.ACCEPTED


def test_an_agency_declines_with_a_reason_and_not_without(world: World, http: httpx.Client) -> None:
    link = link_of(world)
    refused = http.post(link, data={"move": "decline", "reason": ""})
    assert (refused.status_code, "请先选接不了的原因" in refused.text) == (400, True)
    assert standing(world) is Status.SENT
    assert "已经不能登记了" in http.post(link, data={"move": "decline", "reason": "no_capacity"}).text
    with world.services.store.read() as work:
        [case] = work.cases.all_open()
    assert for_child(case).owner.agency != "demo-yangzhong-xinba-village"


def test_a_program_answers_in_json(world: World, http: httpx.Client) -> None:
    link = link_of(world)
    record = http.get(link, headers={"accept": "application/json"}).json()
    assert (record["state"], record["risk"]) == ("open", "medium")
    assert "no_capacity" in record["reasons"]
    wrong = http.post(link, json={"move": "decline", "reason": "no_capasity"})
    assert (wrong.status_code, "did you mean 'no_capacity'" in wrong.json()["message"]) == (400, True)
    assert http.post(link, json={"move": "acept"}).status_code == 400
    assert http.post(link, json={"move": "accept"}).json()["state"] == "yours"


def test_nobody_can_make_one_up(world: World, http: httpx.Client) -> None:
    token = link_of(world).rpartition("/")[2]
    for wrong in (token[:-1] + "x", "0" * 16 + token[16:], "x", "a-b-c-d", token.replace("-", ".")):
        assert http.get(f"/slip/{wrong}").status_code == 404
        assert http.post(f"/slip/{wrong}", json={"move": "accept"}).status_code == 404
    assert standing(world) is Status.SENT


def test_one_of_an_older_version_or_two_weeks_old_answers_nothing(world: World, http: httpx.Client) -> None:
    link = link_of(world)
    world.passes(days=2)
    assert "已经不能登记了" in http.post(link, data={"move": "accept"}).text
    assert standing(world).waiting


def test_a_page_of_another_site_cannot_answer_and_guessing_is_slowed_down(world: World, http: httpx.Client) -> None:
    link = link_of(world)
    foreign = http.post(link, data={"move": "accept"}, headers={"sec-fetch-site": "cross-site"})
    assert foreign.status_code == 403
    answers = [http.get("/slip/made-up").status_code for _ in range(40)]
    assert answers[-1] == 429
    world.now += timedelta(seconds=1)
    assert standing(world) is Status.SENT


def test_without_a_public_address_there_is_no_link(loaded: Services) -> None:
    assert answering(loaded, "part", "stamp", "staff") == ""
