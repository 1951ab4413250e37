"""A project that is served, on a socket of its own."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from threading import Event, Thread
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.types import ASGIApp

from bot.rasa.conversations import Conversations
from bot.rasa.host import Choice, Host
from bot.rasa.journal import Journal
from bot.rasa.server import application

LIBRARY = Path(__file__).parent / "project"


class Served:
    """An application behind a real web server, in a thread."""

    def __init__(self, app: Callable[[Callable[[], None]], ASGIApp]) -> None:
        began = Event()
        config = uvicorn.Config(app(began.set), port=0, log_level="error", access_log=False)
        self._server = uvicorn.Server(config)
        self._thread = Thread(target=self._server.run)
        self._thread.start()
        began.wait(10)
        while not self._server.started:
            began.wait(0.01)
        port = self._server.servers[0].sockets[0].getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"

    def close(self) -> None:
        self._server.should_exit = True
        self._thread.join()


@pytest.fixture(autouse=True)
def alone() -> Iterator[None]:
    """A project's modules neither meet those of other tests nor stay."""
    before, path = {n: m for n, m in sys.modules.items() if n.split(".")[0] == "actions"}, list(sys.path)
    for name in before:
        del sys.modules[name]
    yield
    for name in [n for n in sys.modules if n.split(".")[0] == "actions"]:
        del sys.modules[name]
    sys.modules.update(before)
    sys.path[:] = path


@pytest.fixture
def serving(tmp_path: Path) -> Iterator[Callable[..., httpx.Client]]:
    """A client of a project that is served: `serving(folder, token="…")`."""
    with ExitStack() as stack:

        def serve(folder: Path = LIBRARY, token: str = "", **choice: Any) -> httpx.Client:
            host = Host.open(Choice(folder, **choice))
            conversations = Conversations(Journal(tmp_path / "conversations.db"), host.turn)
            served = Served(lambda ready: application(host, conversations, token=token, ready=ready))
            stack.callback(served.close)
            return stack.enter_context(httpx.Client(base_url=served.url, timeout=30))

        yield serve
