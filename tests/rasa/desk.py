"""The service with a Rasa server as its engine, and servers that speak Rasa's API for our own project."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

import actions
from bot.dialogue import Assistant, InProcessActions, Project
from bot.dialogue.actions import RunAction
from bot.messages import Channel, Content, Incoming
from bot.rasa.client import RasaClient
from bot.rasa.conversations import Conversations
from bot.rasa.engine import RasaEngine
from bot.rasa.host import Host
from bot.rasa.journal import Journal
from bot.rasa.server import application
from bot.store import Store
from bot.turns import TurnResult, Turns
from bot.turns.services import Services
from tests.conftest import KEY
from tests.dialogue.talking import executor_of
from tests.dialogues.test_dialogues import Clock
from tests.rasa.conftest import Served

PROJECT = Project.load(Path(__file__).parents[2])
# Rasa knows of nothing that pre-empts.
AS_RASA = replace(PROJECT, preemptions=())


@dataclass
class Ear:
    """Stands before an application and writes down what it is told."""

    app: ASGIApp
    heard: list[tuple[str, str]] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = b""

        async def listening() -> Any:
            nonlocal body
            message = await receive()
            if message["type"] == "http.request":
                body += message["body"]
                if not message.get("more_body"):
                    self.heard.append((scope["path"], json.dumps(json.loads(body or "null"), ensure_ascii=False)))
            return message

        await self.app(scope, listening if scope["type"] == "http" else receive, send)


@dataclass
class Rasas:
    """Servers that speak Rasa's API for our own project, each with a memory of its own."""

    stack: ExitStack
    folder: Path
    run_action: RunAction
    ears: list[Ear] = field(default_factory=list)

    def start(self, run_action: RunAction | None = None, token: str = "", project: Project = AS_RASA) -> str:
        """One more server's address."""
        host = Host("ours", "ours", project, Assistant(project, run_action or self.run_action), "here", "…")
        journal = Journal(self.folder / f"rasa-{len(self.ears)}.db")

        def app(ready: Callable[[], None]) -> ASGIApp:
            conversations = Conversations(journal, host.turn)
            self.ears.append(Ear(application(host, conversations, token=token, ready=ready)))
            return self.ears[-1]

        served = Served(app)
        self.stack.callback(served.close)
        return served.url


@pytest.fixture
def rasas(tmp_path: Path) -> Iterator[Rasas]:
    with ExitStack() as stack:
        yield Rasas(stack, tmp_path, InProcessActions(executor_of(*actions.ALL)))


@dataclass
class Desk:
    """The whole service without a server of its own; whoever is its engine may change."""

    turns: Turns
    clock: Clock
    stack: ExitStack
    number: int = 0

    def engine(self, url: str, **settings: Any) -> RasaEngine:
        """From now on a Rasa server leads the conversations."""
        client = RasaClient(url, **settings)
        self.stack.callback(client.close)
        engine = RasaEngine(PROJECT, self.ours, client)
        self.turns.services = replace(self.turns.services, assistant=engine)
        return engine

    @property
    def ours(self) -> Assistant:
        """Our own engine."""
        assistant = self.turns.services.reader.assistant
        assert isinstance(assistant, Assistant)
        return assistant

    def own_engine(self) -> None:
        """From now on our own engine leads them."""
        self.turns.services = replace(self.turns.services, assistant=self.ours)

    def says(self, content: Content, chat: str = "mother") -> TurnResult:
        """What somebody is answered."""
        self.number += 1
        return self.turns.take(Incoming(Channel.WEB, chat, f"m{self.number}", self.clock(), content, "zh"))

    def tasks(self) -> list[str]:
        """What waits for a human."""
        with self.turns.services.store.work() as work:
            return [task.kind for task in work.tasks.waiting()]


@pytest.fixture
def desk(loaded: Services, tmp_path: Path) -> Iterator[Desk]:
    clock = Clock()
    store = Store.open(f"sqlite:///{tmp_path / 'rightdoor.db'}", master_key=KEY)
    with ExitStack() as stack:
        stack.callback(store.close)
        yield Desk(Turns(replace(loaded, store=store, clock=clock)), clock, stack)


def texts(result: TurnResult) -> str:
    return "\n".join(reply.text for reply in result.replies)
