"""Facts in the same order give the same questions and the same decision in a chat, at the desk and through the API."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path
from time import sleep

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.console import api
from bot.messages import Channel, Incoming, Press
from bot.store import Store
from bot.turns import Turns
from bot.turns.calls.asking import Option
from bot.turns.services import Services
from bot.workbench.api_keys import make
from tests.calls.switch import Phone
from tests.channels.served import mounted
from tests.conftest import KEY
from tests.referrals.world import World

numbers = count()
OK, SLOW_DOWN = 200, 429
TURNS = 9  # beyond twelve questions a chat is taken over by a person, which an operator is already


@pytest.fixture(scope="module")
def world(loaded: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    home: Path = tmp_path_factory.mktemp("same")
    store = Store.open(f"sqlite:///{home / 'rightdoor.db'}", master_key=KEY)
    world = World(loaded)
    world.services = replace(loaded, store=store, clock=lambda: world.now)
    yield world.staffed()
    store.close()


@pytest.fixture(scope="module")
def http(world: World) -> Iterator[httpx.Client]:
    key = make(Turns(world.services), world.people["operator"].id, "call")
    with (
        mounted("/api/v1", api(lambda: world.services)) as address,
        httpx.Client(base_url=f"{address}/api/v1", headers={"authorization": f"Bearer {key}"}) as client,
    ):
        yield client


class Program:
    """A program that takes calls, patient with the pace of the API."""

    def __init__(self, http: httpx.Client) -> None:
        self.http = http
        self.call = self.send("/calls", id=f"call-{next(numbers)}")

    def send(self, path: str, **body: str) -> dict[str, object]:
        while (answer := self.http.post(path, json=body)).status_code == SLOW_DOWN:
            sleep(0.1)
        assert answer.status_code == OK, answer.text
        self.call = answer.json()
        return self.call

    def press(self, payload: str) -> None:
        self.send(f"/calls/{self.call['call']}/keys", id=f"{next(numbers)}", press=payload)

    @property
    def asked(self) -> object:
        asked = self.call["asked"]
        return {"fact": asked["fact"], "child": asked["child"]} if isinstance(asked, dict) else None


class Chat:
    """Somebody who writes."""

    def __init__(self, world: World) -> None:
        self.world, self.chat = world, f"chat-{next(numbers)}"
        self.last = self.say("/start")

    def say(self, payload: str) -> dict[str, object]:
        incoming = Incoming(Channel.REST, self.chat, f"{next(numbers)}", self.world.now, Press(payload), "zh")
        self.last = Turns(self.world.services).take(incoming).to_json()
        return self.last


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(drawn=st.lists(st.integers(0, 30), min_size=TURNS, max_size=TURNS))
def test_a_chat_a_call_and_a_program_ask_and_decide_alike(world: World, http: httpx.Client, drawn: list[int]) -> None:
    chat, phone, program = Chat(world), Phone(world).rings(), Program(http)
    for choice in drawn:
        table = phone.table()
        assert chat.last["asked"] == _plain(table.question.ask if table.question else None) == program.asked
        if table.question is None or table.question.typed:
            break
        options: tuple[Option, ...] = table.question.options
        payload = options[choice % len(options)].payload
        if "refused" in payload:  # two refusals on danger call a person to a chat
            payload = options[0].payload
        chat.say(payload)
        program.press(payload)
        phone.press("answer", **json.loads(payload.removeprefix("/answer")))
        decided, told = phone.table().view.decision.to_json(), chat.last["decision"]
        assert program.call["decision"] == decided
        assert {**decided, "ask": None} == {**dict(told or {}), "ask": None}  # type: ignore[call-overload]  # an object


def _plain(ask: object) -> object:
    return {"fact": ask.fact, "child": ask.child} if ask else None  # type: ignore[attr-defined]  # an Ask
