"""A running Bot API server, a person, and a bot that speaks plain HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from bot.workbench.botapi import BotApi, Person


@dataclass
class Bot:
    """The least a bot can be: calls over HTTP, nothing checked on this side."""

    api: BotApi
    http: httpx.Client

    def calls(self, method: str, **params: object) -> dict[str, Any]:
        """The answer's JSON, whatever it says."""
        answer: dict[str, Any] = self.http.post(f"{self.api.url}/bot{self.api.token}/{method}", json=params).json()
        return answer

    def refused(self, method: str, **params: object) -> tuple[int, str]:
        """Code and description of a refusal, which has to be one."""
        answer = self.calls(method, **params)
        assert answer.keys() <= {"ok", "error_code", "description", "parameters"}, answer
        assert not answer["ok"]
        return answer["error_code"], answer["description"]

    def updates(self, **params: object) -> list[dict[str, Any]]:
        """The updates got by one getUpdates."""
        found: list[dict[str, Any]] = self.calls("getUpdates", **params)["result"]
        return found


class Clock:
    """Unix seconds that a test can push on."""

    def __init__(self) -> None:
        self.now = 1_796_000_000.0

    def __call__(self) -> float:
        return self.now

    def passes(self, *, hours: float) -> None:
        """Later."""
        self.now += hours * 3600


@pytest.fixture
def clock() -> Clock:
    """The server's clock."""
    return Clock()


@pytest.fixture
def api(clock: Clock) -> Iterator[BotApi]:
    """The server."""
    with BotApi(clock=clock) as running:
        yield running


@pytest.fixture
def bot(api: BotApi) -> Iterator[Bot]:
    """The bot under test."""
    with httpx.Client(timeout=10, trust_env=False) as http:
        yield Bot(api, http)


@pytest.fixture
def mother(api: BotApi) -> Person:
    """Somebody who has written once, so that the bot may answer."""
    person = api.person("李梅")
    person.writes("你好")
    return person
