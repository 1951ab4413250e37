"""Facts in the same order give the same questions and the same decision in a chat and at the desk."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.messages import Channel, Incoming, Press
from bot.store import Store
from bot.turns import Turns
from bot.turns.calls.asking import Option
from bot.turns.services import Services
from tests.calls.switch import Phone
from tests.conftest import KEY
from tests.referrals.world import World

numbers = count()
TURNS = 9  # beyond twelve questions a chat is taken over by a person, which an operator is already


@pytest.fixture(scope="module")
def world(loaded: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    home: Path = tmp_path_factory.mktemp("same")
    store = Store.open(f"sqlite:///{home / 'rightdoor.db'}", master_key=KEY)
    world = World(loaded)
    world.services = replace(loaded, store=store, clock=lambda: world.now)
    yield world.staffed()
    store.close()


class Chat:
    """Somebody who writes."""

    def __init__(self, world: World) -> None:
        self.world, self.chat = world, f"chat-{next(numbers)}"
        self.last = self.say("/start")

    def say(self, payload: str) -> dict[str, object]:
        incoming = Incoming(Channel.REST, self.chat, f"{next(numbers)}", self.world.now, Press(payload), "zh")
        self.last = Turns(self.world.services).take(incoming).to_json()
        return self.last


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(drawn=st.lists(st.integers(0, 30), min_size=TURNS, max_size=TURNS))
def test_a_chat_and_a_call_ask_and_decide_alike(world: World, drawn: list[int]) -> None:
    chat, phone = Chat(world), Phone(world).rings()
    for choice in drawn:
        table = phone.table()
        assert chat.last["asked"] == _plain(table.question.ask if table.question else None)
        if table.question is None or table.question.typed:
            break
        options: tuple[Option, ...] = table.question.options
        payload = options[choice % len(options)].payload
        if "refused" in payload:  # two refusals on danger call a person to a chat
            payload = options[0].payload
        chat.say(payload)
        phone.press("answer", **json.loads(payload.removeprefix("/answer")))
        decided, told = phone.table().view.decision.to_json(), chat.last["decision"]
        assert {**decided, "ask": None} == {**dict(told or {}), "ask": None}  # type: ignore[call-overload]  # an object


def _plain(ask: object) -> object:
    return {"fact": ask.fact, "child": ask.child} if ask else None  # type: ignore[attr-defined]  # an Ask
