"""An agency's own accounts: a real provider over HTTP; nobody comes in who was not let in, and a lie opens nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from joserfc.jwk import RSAKey

from bot.turns.services import Services
from tests.console.conftest import Desk, opened
from tests.console.provider import OwnProvider, provided


@dataclass
class House:
    """A county whose people have accounts of their own."""

    desk: Desk
    provider: OwnProvider

    def comes(self, browser: httpx.Client, invited: str = "") -> httpx.Response:
        """Off to the provider and back, as a browser does it."""
        away = browser.get("/console/own", params={"invited": invited, "lang": "zh"})
        assert away.status_code == 303
        there = httpx.get(away.headers["location"])
        back = urlsplit(there.headers["location"])
        return browser.get(f"{back.path}?{back.query}")


@pytest.fixture
def house(loaded: Services, tmp_path: Path) -> Iterator[House]:
    with provided() as provider, opened(loaded, tmp_path, provider.settings) as desk:
        provider.world = desk.world
        yield House(desk, provider)


def test_a_link_joins_an_account_to_a_post_and_later_the_account_is_enough(house: House) -> None:
    page = house.desk.browser().get(f"/console/join?code={house.desk.code('director')}&lang=zh").text
    assert "Example" in page
    first = house.desk.browser()
    assert "登录成功" in house.comes(first, house.desk.code("director")).text
    assert first.get("/console/inbox").status_code == 200
    house.desk.world.now += timedelta(days=2)
    assert first.get("/console/inbox").status_code == 303
    again = house.desk.browser()
    assert "登录成功" in house.comes(again).text
    assert "儿童主任" in again.get("/console/inbox?lang=zh").text


def test_who_was_not_let_in_does_not_come_in(house: House) -> None:
    stranger = house.desk.browser()
    refused = house.comes(stranger)
    assert refused.status_code == 401
    assert "还没有连到岗位" in refused.text
    assert stranger.get("/console/inbox").status_code == 303
    assert house.comes(stranger, "WRONGCODE1").status_code == 401


def test_one_account_has_one_post_and_a_link_counts_once(house: House) -> None:
    code = house.desk.code("director")
    assert house.comes(house.desk.browser(), code).status_code == 200
    assert house.comes(house.desk.browser(), house.desk.code("operator")).status_code == 401
    house.provider.who = "another"
    assert house.comes(house.desk.browser(), code).status_code == 401


def test_a_post_that_needs_a_second_factor_needs_it_there_too(house: House) -> None:
    house.provider.amr = ["pwd"]
    code = house.desk.code("supervisor")
    assert "第二道验证" in house.comes(house.desk.browser(), code).text
    house.provider.amr = ["pwd", "mfa"]
    assert house.comes(house.desk.browser(), code).status_code == 200
    house.provider.amr = ["pwd"]
    assert house.comes(house.desk.browser()).status_code == 401


@pytest.mark.parametrize(
    "lies",
    [
        {"iss": "https://elsewhere.example"},
        {"aud": "another"},
        {"exp": 1},
        {"nonce": "of another"},
        {"sub": None},
        {"aud": ["rightdoor", "another"], "azp": "another"},
        {"amr": "otp"},
    ],
)
def test_a_token_that_does_not_hold_opens_nothing(house: House, lies: dict[str, object]) -> None:
    code = house.desk.code("director")
    house.provider.lies = lies
    browser = house.desk.browser()
    assert house.comes(browser, code).status_code == 502
    assert browser.get("/console/inbox").status_code == 303
    house.provider.lies = {}
    assert house.comes(browser, code).status_code == 200, "the link was not used up"


def test_a_token_of_another_key_opens_nothing(house: House) -> None:
    house.provider.shown = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
    assert house.comes(house.desk.browser(), house.desk.code("director")).status_code == 502
    house.provider.shown = None
    assert house.comes(house.desk.browser(), house.desk.code("director")).status_code == 200, "its keys are read anew"


def test_nobody_comes_back_in_another_s_place(house: House) -> None:
    code = house.desk.code("director")
    mine, other = house.desk.browser(), house.desk.browser()
    away = mine.get("/console/own", params={"invited": code})
    back = urlsplit(httpx.get(away.headers["location"]).headers["location"])
    assert other.get(f"{back.path}?{back.query}").status_code == 400, "it did not leave from this browser"
    mine.cookies.set("rightdoor-own", mine.cookies["rightdoor-own"][:-1] + "x", path="/console/own")
    assert mine.get(f"{back.path}?{back.query}").status_code == 400, "the cookie is not ours"
    for query in ("", "?code=1", "?state=x&code=1", "?error=access_denied"):
        assert other.get(f"/console/own/back{query}").status_code == 400


def test_a_provider_that_is_away_or_refuses_is_said(house: House) -> None:
    house.provider.down = True
    browser = house.desk.browser()
    refused = browser.get("/console/own?lang=zh")
    assert refused.status_code == 502
    assert "没有回应" in refused.text
    house.provider.down = False
    away = browser.get("/console/own")
    state = dict(part.split("=") for part in urlsplit(away.headers["location"]).query.split("&"))["state"]
    assert browser.get(f"/console/own/back?code=made-up&state={state}").status_code == 502


def test_its_name_opens_nothing_with_a_password(house: House) -> None:
    house.comes(house.desk.browser(), house.desk.code("director"))
    with house.desk.world.services.store.engine.connect() as db:
        assert db.exec_driver_sql("SELECT count(*) FROM accounts").scalar() == 1
    for password in ("", " ", "x" * 20):
        form = {"login": "oidc 0", "password": password}
        assert house.desk.browser().post("/console/sign-in", data=form).status_code == 401


def test_without_a_provider_there_is_no_such_door(desk: Desk) -> None:
    assert desk.browser().get("/console/own").status_code == 404
    assert desk.browser().get("/console/own/back?code=1&state=1").status_code == 404
    assert "/console/own" not in desk.browser().get("/console/sign-in").text
