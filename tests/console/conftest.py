"""The console over a county in a store, served by a real uvicorn, under a clock moved by hand."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from re import search

import httpx
import pyotp
import pytest

from bot.app import direct
from bot.console import console_router
from bot.messages import Incoming
from bot.settings import OidcSettings, project_folder
from bot.store import StaffMember, Store
from bot.turns import TurnResult, Turns
from bot.turns.services import Services
from tests.channels.served import served
from tests.conftest import KEY
from tests.referrals.world import COUNTY, POSTS, World

PASSWORD = "河边的蓝自行车和三碗面"  # noqa: S105 – of fictional people
PATIENCE = 30.0  # seconds: a page that proves the rules takes some on a busy machine
WORDS = project_folder() / "data" / "console.yml"


@dataclass
class Desk:
    """One county and its console."""

    world: World
    address: str
    browsers: list[httpx.Client] = field(default_factory=list)
    secrets: dict[str, str] = field(default_factory=dict)

    def browser(self) -> httpx.Client:
        """Somebody's browser."""
        self.browsers.append(httpx.Client(base_url=self.address, headers={"accept-language": "zh"}, timeout=PATIENCE))
        return self.browsers[-1]

    def code(self, post: str, county: str | None = COUNTY) -> str:
        """A one-time code for somebody at a post: one of the county's (POSTS), or `ROLE AGENCY`."""
        role, agency = POSTS[post] if post in POSTS else post.split()
        with self.world.services.store.work() as work:
            return work.staff.invite(role, agency, county, "小周", self.world.now + timedelta(hours=1), self.world.now)

    def joins(self, post: str, login: str = "", county: str | None = COUNTY) -> tuple[StaffMember, str]:
        """Somebody at a post makes an account; who they are, and their second factor's secret."""
        secret = self.secrets[login or post] = pyotp.random_base32()
        form = {"invited": self.code(post, county), "login": login or post, "secret": secret, "lang": "zh"}
        form |= {"password": PASSWORD, "repeated": PASSWORD, "code": self.totp(secret)}
        with self.browser() as browser:
            assert browser.post("/console/join", data=form).status_code == 303
        with self.world.services.store.work() as work:
            account = work.accounts.by_login(login or post)
            assert account is not None
            person = work.staff.get(account.staff)
            assert person is not None
        self.world.people[post] = person
        return person, secret

    def totp(self, secret: str) -> str:
        """What an authenticator shows now."""
        return pyotp.TOTP(secret).at(self.world.now)

    def signs_in(self, post: str, login: str = "", county: str | None = COUNTY) -> httpx.Client:
        """Somebody at a post, signed in."""
        _, secret = self.joins(post, login, county)
        self.world.now += timedelta(seconds=60)
        browser = self.browser()
        form = {"login": login or post, "password": PASSWORD, "code": self.totp(secret)}
        assert browser.post("/console/sign-in", data=form).headers["location"].startswith("/console/inbox")
        return browser


@pytest.fixture
def desk(loaded: Services, tmp_path: Path) -> Iterator[Desk]:
    with opened(loaded, tmp_path, OidcSettings()) as desk:
        yield desk


@contextmanager
def opened(loaded: Services, folder: Path, oidc: OidcSettings) -> Iterator[Desk]:
    """One county and its console, with an agency's own accounts."""
    store = Store.open(f"sqlite:///{folder / 'rightdoor.db'}", master_key=KEY)
    world = World(loaded)
    settings = replace(loaded.settings, oidc=oidc)
    world.services = replace(loaded, store=store, settings=settings, clock=lambda: world.now)

    def renew() -> None:
        turns = Turns(world.services)
        direct(turns)
        world.services = turns.services

    def take(incoming: Incoming) -> TurnResult:
        return Turns(world.services).take(incoming)

    with served(console_router(lambda: world.services, take, WORDS, renew)) as address:
        desk = Desk(world, address)
        yield desk
        for browser in desk.browsers:
            browser.close()
    store.close()


def token(page: httpx.Response) -> str:
    """The token that this session's forms carry."""
    found = search(r'name="csrf" value="([0-9a-f]+)"', page.text)
    assert found is not None
    return found[1]
